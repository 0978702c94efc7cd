"""Texts become numbers fast: what stands between two blanks is analysed once and remembered.

No token of `analysis.tokens` reaches over a blank, so the tokens of a text are those of its chunks in a row; most
chunks of an article have been seen before. Many texts are cut and looked up at once (`chunks`). Chunks are remembered
by stemmer, and forgotten all at once.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import STEM, chunk_tokens, lone_word, plain_stemmer, terms_of
from index.whoosh_engine.chunks import LINE_END, Known, cut
from index.whoosh_engine.schema import AUTHOR

MOST_REMEMBERED = 500_000  # chunks, and terms of them: some 100 MB
OF_AUTHORS = "@"  # in the place of a stemmer


class Tables(NamedTuple):
    """By chunk: how it is read. By reading: how many positions it has, and which of the entries are its own. By entry:
    a term, and its position within the chunk."""

    readings: NDArray[np.int32]
    positions: NDArray[np.int32]
    starts: NDArray[np.int32]
    terms: NDArray[np.int32]
    offsets: NDArray[np.int32]


class Lexicon:
    """For one thread at a time."""

    def __init__(self) -> None:
        self._stem_of: dict[str, Callable[[str], str]] = {}
        self.forget()

    def forget(self) -> None:
        """Everything; numbers begin anew."""
        self.terms: list[bytes] = []
        self.group_keys = array("Q")  # of each term: see `key_of`
        self.written: list[bytes] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._chunks: dict[str, dict[bytes, int]] = {}  # by stemmer
        self._words: dict[str, dict[str, int]] = {}  # by stemmer: chunks that differ in case and signs only, once
        self._known: dict[str, Known] = {}
        self._authors: dict[str, tuple[NDArray[np.int32], int]] = {}
        self._chunk_readings = array("I")
        self._positions = array("I")
        self._starts = array("I", [0])
        self._terms = array("I")
        self._offsets = array("I")

    def read(self, texts: Sequence[str], stemmer: str) -> NDArray[np.int32]:
        """The numbers of the chunks of all `texts` in a row. A text has one more than blanks, once `lined`."""
        chunks = self._chunks.setdefault(stemmer, {})
        known = self._known.get(stemmer) or self._known.setdefault(stemmer, Known())

        def number_of(chunk: bytes) -> int:
            number = chunks.get(chunk)
            if number is None:
                number = chunks[chunk] = self._learn(chunk, stemmer)
            return number

        return cut(" ".join(texts).encode("utf-8", "surrogatepass"), known, number_of)

    def read_author(self, name: str) -> tuple[NDArray[np.int32], int]:
        """The chunks of an author's name, and how many positions it has."""
        if name not in self._authors:
            numbers = self.read([name], OF_AUTHORS)
            positions = sum(self._positions[self._chunk_readings[number]] for number in numbers.tolist())
            self._authors[name] = numbers, positions
        return self._authors[name]

    def tables(self) -> Tables:
        rows = (self._chunk_readings, self._positions, self._starts, self._terms, self._offsets)
        return Tables(*(np.array(row, np.int32) for row in rows))

    def is_full(self, most: int = MOST_REMEMBERED) -> bool:
        return len(self._terms) + len(self._chunk_readings) > most

    def _learn(self, chunk: bytes, stemmer: str) -> int:
        """A number for a chunk that is new."""
        self._chunk_readings.append(self._reading(chunk.decode("utf-8", "surrogatepass"), stemmer))
        self.written.append(chunk)
        return len(self.written) - 1

    def _reading(self, chunk: str, stemmer: str) -> int:
        if stemmer == OF_AUTHORS:
            positions, found = chunk_tokens(chunk, "english")
            names = [(AUTHOR + token.terms[0], token.position) for token in found if token.terms[0][0] != STEM]
            return self._add(positions, [(name, name.removeprefix(STEM), position) for name, position in names])
        word = lone_word(chunk)
        if word is None:
            positions, found = chunk_tokens(chunk, stemmer)
            return self._add(positions, [(*_term(token.terms), token.position) for token in found])
        words = self._words.get(stemmer)
        if words is None:
            words = self._words[stemmer] = {}
            self._stem_of[stemmer] = plain_stemmer(stemmer)
        reading = words.get(word)
        if reading is None:
            term = (word, self._stem_of[stemmer](word)) if word.isascii() else _term(terms_of(word, stemmer))
            reading = words[word] = self._add(1, [(*term, 0)])
        return reading

    def _add(self, positions: int, entries: list[tuple[str, str, int]]) -> int:
        for name, group, position in entries:
            self._terms.append(self._number_of(name, group))
            self._offsets.append(position)
        self._starts.append(len(self._terms))
        self._positions.append(positions)
        return len(self._positions) - 1

    def _number_of(self, name: str, group: str) -> int:
        number = self._numbers.get((name, group))
        if number is None:
            number = self._numbers[name, group] = len(self.terms)
            self.terms.append(name.encode("utf-8", "surrogatepass"))
            self.group_keys.append(key_of(group))
        return number


def lined(text: str) -> str:
    """`text` with its line ends as chunks of their own."""
    return text.replace("\n", f" {LINE_END} ") if "\n" in text else text


def _term(terms: tuple[str, ...]) -> tuple[str, str]:
    """A token's name and the stem that it stands with: a word, or parts joined, which are "~" and their stem."""
    return terms[0], terms[-1].removeprefix(STEM)


def key_of(group: str) -> int:
    """A number for a stem, by which the words of a segment are ordered. That two stems share one is out of the
    question: 64 bits, and some millions of stems."""
    return int.from_bytes(blake2b(group.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
