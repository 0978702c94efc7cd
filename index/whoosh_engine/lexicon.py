"""Texts become numbers fast: what stands between two blanks is analysed once and remembered.

No token of `analysis.tokens` reaches over a blank, so the tokens of a text are those of its chunks in a row; most
chunks of an article have been seen before. Many texts are cut and looked up at once (`chunks`). Chunks are remembered
by stemmer, and forgotten all at once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import accumulate, count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import STEM, chunk_tokens, lone_words, plain_stems, terms_of
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


class Reading(NamedTuple):
    """How many positions a chunk has, and of each of its words: its name, its stem, and where it stands."""

    positions: int
    entries: list[tuple[str, str, int]]


class Lexicon:
    """For one thread at a time."""

    def __init__(self) -> None:
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
        self._chunk_readings = array("I")
        self._positions = array("I")
        self._starts = array("I", [0])
        self._terms = array("I")
        self._offsets = array("I")

    def read(self, texts: Sequence[str], stemmer: str) -> NDArray[np.int32]:
        """The numbers of the chunks of all `texts` in a row. A text has one more than blanks, once `lined`."""
        chunks = self._chunks.setdefault(stemmer, {})
        known = self._known.get(stemmer) or self._known.setdefault(stemmer, Known())

        def numbers_of(names: list[bytes]) -> list[int]:
            if new := [name for name in dict.fromkeys(names) if name not in chunks]:
                chunks.update(zip(new, count(len(self.written))))
                self.written += new
                self._chunk_readings.extend(self._readings(new, stemmer))
            return [chunks[name] for name in names]

        return cut(" ".join(texts).encode("utf-8", "surrogatepass"), known, numbers_of)

    def tables(self) -> Tables:
        rows = (self._chunk_readings, self._positions, self._starts, self._terms, self._offsets)
        return Tables(*(np.array(row, np.int32) for row in rows))

    def is_full(self, most: int = MOST_REMEMBERED) -> bool:
        return len(self._terms) + len(self._chunk_readings) > most

    def _readings(self, names: list[bytes], stemmer: str) -> Sequence[int]:
        """How new chunks are read. Most are one word, whose signs and capitals do not matter."""
        chunks = b" ".join(names).decode("utf-8", "surrogatepass").split(" ")
        if stemmer == OF_AUTHORS:
            return self._add(list(map(_of_author, chunks)))
        words = self._words.setdefault(stemmer, {})
        alone = lone_words(chunks)
        new = [word for word in dict.fromkeys(alone) if word is not None and word not in words]
        words.update(zip(new, self._add_words(new, stemmer), strict=True))
        several = [chunk for word, chunk in zip(alone, chunks, strict=True) if word is None]
        rest = iter(self._add([_of_several(chunk, stemmer) for chunk in several]))
        return [next(rest) if word is None else words[word] for word in alone]

    def _add_words(self, words: list[str], stemmer: str) -> range:
        plain = [word for word in words if word.isascii()]
        stems = dict(zip(plain, plain_stems(plain, stemmer), strict=True))
        terms = [(word, stems[word]) if word in stems else _term(terms_of(word, stemmer)) for word in words]
        return self._put([1] * len(terms), range(1, len(terms) + 1), terms, [0] * len(terms))

    def _add(self, readings: list[Reading]) -> range:
        entries = [entry for reading in readings for entry in reading.entries]
        return self._put(
            [reading.positions for reading in readings],
            accumulate(len(reading.entries) for reading in readings),
            [(name, group) for name, group, _ in entries],
            [offset for _, _, offset in entries],
        )

    def _put(
        self, positions: list[int], ends: Iterable[int], terms: list[tuple[str, str]], offsets: list[int]
    ) -> range:
        first, before = len(self._positions), len(self._terms)
        self._positions.extend(positions)
        self._starts.extend([before + end for end in ends])
        self._terms.extend(self._numbers_of(terms))
        self._offsets.extend(offsets)
        return range(first, len(self._positions))

    def _numbers_of(self, terms: list[tuple[str, str]]) -> list[int]:
        """By word and stem."""
        numbers = self._numbers
        if new := [term for term in dict.fromkeys(terms) if term not in numbers]:
            numbers.update(zip(new, count(len(self.terms))))
            self.terms += [name.encode("utf-8", "surrogatepass") for name, _ in new]
            self.group_keys.extend([key_of(group) for _, group in new])
        return [numbers[term] for term in terms]


def lined(text: str) -> str:
    """`text` with its line ends as chunks of their own."""
    return text.replace("\n", f" {LINE_END} ") if "\n" in text else text


def _of_several(chunk: str, stemmer: str) -> Reading:
    positions, found = chunk_tokens(chunk, stemmer)
    return Reading(positions, [(*_term(token.terms), token.position) for token in found])


def _of_author(chunk: str) -> Reading:
    positions, found = chunk_tokens(chunk, "english")
    names = [(AUTHOR + token.terms[0], token.position) for token in found if token.terms[0][0] != STEM]
    return Reading(positions, [(name, name.removeprefix(STEM), position) for name, position in names])


def _term(terms: tuple[str, ...]) -> tuple[str, str]:
    """A token's name and the stem that it stands with: a word, or parts joined, which are "~" and their stem."""
    return terms[0], terms[-1].removeprefix(STEM)


def key_of(group: str) -> int:
    """A number for a stem, by which the words of a segment are ordered. That two stems share one is out of the
    question: 64 bits, and some millions of stems."""
    return int.from_bytes(blake2b(group.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
