"""Texts become numbers fast: what stands between two blanks is analysed once and remembered.

No token of `analysis.tokens` reaches over a blank, so the tokens of a text are those of its chunks in a row; most
chunks of an article have been seen before. Chunks are remembered by stemmer, and forgotten all at once.
"""

from __future__ import annotations

from array import array
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import chunk_tokens, plain_word, terms_of

MANY = 8  # from every eighth term on, it pays to keep all terms sorted
MOST_REMEMBERED = 400_000  # chunks, and terms of them: some 70 MB


class Tables(NamedTuple):
    """By chunk: how many positions it has, and which of the entries are its own. By entry: a term, and its position
    within the chunk."""

    positions: NDArray[np.int32]
    starts: NDArray[np.int32]
    terms: NDArray[np.int32]
    offsets: NDArray[np.int32]


class Lexicon:
    """For one thread at a time."""

    def __init__(self) -> None:
        self._chunks: dict[str, _Chunks] = {}
        self.forget()

    def forget(self) -> None:
        """Everything; numbers begin anew."""
        for chunks in self._chunks.values():
            chunks.clear()  # they and this know each other: without this they wait for the collector of garbage
        self.terms: list[bytes] = []
        self._order: list[int] = []
        self._numbers: dict[str, int] = {}
        self._words: dict[str, dict[str, int]] = {}  # by stemmer: chunks that differ in case and signs only, once
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
        return Tables(*(np.array(row, np.int32) for row in (self._positions, self._starts, self._terms, self._offsets)))

    def sorted_terms(self, there: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The numbers of the terms that are `there`, in the order of their bytes."""
        used = np.flatnonzero(there)
        if len(used) * MANY < len(there):
            return np.array(sorted(used.tolist(), key=self.terms.__getitem__), np.int64)
        self._order.extend(range(len(self._order), len(self.terms)))
        self._order.sort(key=self.terms.__getitem__)  # sorted already but for the new ones: few comparisons
        order = np.array(self._order, np.int64)
        found: NDArray[np.int64] = order[there[order]]
        return found

    def is_full(self, most: int = MOST_REMEMBERED) -> bool:
        return len(self._terms) + sum(map(len, self._chunks.values())) > most

    def learn(self, chunk: str, stemmer: str) -> int:
        """A number for a chunk that is new."""
        word = plain_word(chunk)
        if word is None:
            positions, found = chunk_tokens(chunk, stemmer)
            return self._add(positions, [(term, token.position) for token in found for term in token.terms])
        words = self._words.setdefault(stemmer, {})
        if word not in words:
            words[word] = self._add(1, [(term, 0) for term in terms_of(word, stemmer)])
        return words[word]

    def _add(self, positions: int, entries: list[tuple[str, int]]) -> int:
        for term, position in entries:
            self._terms.append(self._number_of(term))
            self._offsets.append(position)
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
