"""Texts become numbers fast: what stands between two blanks is analysed once and remembered.

No token of `analysis.tokens` reaches over a blank, so the tokens of a text are those of its chunks in a row; most
chunks of an article have been seen before. Chunks are remembered by stemmer, and forgotten all at once.
"""

from __future__ import annotations

from array import array
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import chunk_tokens

MOST_REMEMBERED = 300_000  # terms of chunks: about 40 MB, the vocabulary of some 20,000 articles


class Tables(NamedTuple):
    """By chunk: how many positions it has, and which of the entries are its own. By entry: a term, and its position
    within the chunk."""

    positions: NDArray[np.int64]
    starts: NDArray[np.int64]
    terms: NDArray[np.int64]
    offsets: NDArray[np.int64]


class Lexicon:
    """For one thread at a time."""

    def __init__(self) -> None:
        self.terms: list[bytes] = []
        self._numbers: dict[str, int] = {}
        self._chunks: dict[str, _Chunks] = {}
        self._positions = array("I")
        self._starts = array("I", [0])
        self._terms = array("I")
        self._offsets = array("I")

    def read(self, text: str, stemmer: str) -> list[int]:
        """The numbers of the chunks of `text`, in order."""
        if stemmer not in self._chunks:
            self._chunks[stemmer] = _Chunks(self, stemmer)
        return list(map(self._chunks[stemmer].__getitem__, text.split()))

    def positions(self, chunks: list[int]) -> int:
        """How many positions a text of these chunks has."""
        return sum(map(self._positions.__getitem__, chunks))

    def tables(self) -> Tables:
        starts = np.array(self._starts, np.int64)
        return Tables(
            np.array(self._positions, np.int64),
            starts,
            np.array(self._terms, np.int64),
            np.array(self._offsets, np.int64),
        )

    def is_full(self) -> bool:
        return len(self._terms) > MOST_REMEMBERED

    def learn(self, chunk: str, stemmer: str) -> int:
        """A number for a chunk that is new."""
        positions, found = chunk_tokens(chunk, stemmer)
        for token in found:
            for term in token.terms:
                self._terms.append(self._number_of(term))
                self._offsets.append(token.position)
        self._starts.append(len(self._terms))
        self._positions.append(positions)
        return len(self._positions) - 1

    def _number_of(self, term: str) -> int:
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self.terms)
            self.terms.append(term.encode("utf-8", "surrogatepass"))
        return number


class _Chunks(dict[str, int]):
    """Chunk -> its number; learns what is missing."""

    def __init__(self, lexicon: Lexicon, stemmer: str) -> None:
        self._lexicon, self._stemmer = lexicon, stemmer

    def __missing__(self, chunk: str) -> int:
        number = self[chunk] = self._lexicon.learn(chunk, self._stemmer)
        return number
