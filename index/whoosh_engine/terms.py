"""The table of a segment's terms: sorted, found by halving, by beginning, and by nearness. Made here and read here."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.analysis import STEM
from index.whoosh_engine.arrays import Array, ArrayFile, ranges
from index.whoosh_engine.names import Names

Numbers = NDArray[np.int64]

_STEM = STEM.encode()
_NO_BYTES = np.empty(0, np.uint8)
_LETTER_BITS = 32  # of a term's signature: which letters it has, by their code modulo this


def letters_of(term: str) -> NDArray[np.uint32]:
    return np.frombuffer(term.encode("utf-32-le", "surrogatepass"), np.uint32)


def signatures_of(letters: NDArray[np.uint32], starts: Array) -> NDArray[np.uint32]:
    """One bit a letter. Words that differ by one slip differ by two bits at most."""
    bits = np.uint32(1) << (letters % np.uint32(_LETTER_BITS))
    return np.bitwise_or.reduceat(bits, starts[:-1]) if len(starts) > 1 else np.empty(0, np.uint32)


def term_sections(names: Names) -> dict[str, Array]:
    """`names`: the terms in order, none empty. The same word in two languages is two."""
    blobs, letters, signatures = [_NO_BYTES], [_NO_BYTES], [np.empty(0, np.uint32)]
    for blob, starts in names.pieces():
        letters_before = np.zeros(len(blob) + 1, np.int64)
        np.cumsum((blob & 0xC0) != 0x80, out=letters_before[1:])  # all bytes but the second, third … of a letter
        ends = letters_before[starts]
        blobs.append(blob)
        letters.append(np.diff(ends).astype(np.uint8))
        signatures.append(signatures_of(letters_of(blob.tobytes().decode("utf-8", "surrogatepass")), ends))
    return {
        "terms": np.concatenate(blobs),
        "term_starts": np.append(0, np.cumsum(names.sizes(), dtype=np.int64)).astype(np.uint32),
        "term_letters": np.concatenate(letters),
        "term_signatures": np.concatenate(signatures),
    }


def entry_sections(keys: NDArray[np.uint64], entry_of: Numbers) -> dict[str, Array]:
    """`keys`: the stem of each entry, ascending; `entry_of`: the entry of each term."""
    firsts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    return {
        "term_entries": entry_of.astype(np.uint32),
        "group_keys": keys[firsts],
        "group_entries": np.append(firsts, len(keys)).astype(np.uint32),
    }


class Terms:
    """Numbers of terms, 0 and up in the order of their bytes. Where their postings lie is another order: that of
    entries, in which all forms of a stem stand side by side."""

    def __init__(self, file: ArrayFile) -> None:
        self._bytes = file.bytes
        self._base = file.bounds("terms")[0]
        self._starts = file.view("term_starts")
        self._file = file
        self._letters = file["term_letters"]
        self._signatures = file["term_signatures"]
        self._entries = file.view("term_entries")
        self._group_keys = file.view("group_keys")
        self._group_entries = file.view("group_entries")
        self.count = len(self._starts) - 1
        self._words_end = self.before(_STEM)
        self._words_again = self.before(bytes([_STEM[0] + 1]))

    def __getitem__(self, number: int) -> bytes:
        return self._bytes[self._base + self._starts[number] : self._base + self._starts[number + 1]]

    def find(self, term: bytes) -> list[int]:
        """The numbers of `term`: none when it is not there, several when articles stem it differently."""
        number = self.before(term)
        found = []
        while number < self.count and self[number] == term:
            found.append(number)
            number += 1
        return found

    def entry(self, number: int) -> int:
        """Which entry a term is."""
        return self._entries[number]

    def group(self, key: int) -> tuple[int, int]:
        """The entries of a stem: the first, and the one after the last."""
        at = bisect_left(self._group_keys, key)
        if at == len(self._group_keys) or self._group_keys[at] != key:
            return 0, 0
        return self._group_entries[at], self._group_entries[at + 1]

    def keys(self) -> NDArray[np.uint64]:
        """The stem of each term."""
        bounds = self._file["group_entries"]
        groups = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        keys: NDArray[np.uint64] = self._file["group_keys"][groups[self._file["term_entries"]]]
        return keys

    def before(self, term: bytes) -> int:
        """How many terms come before `term`."""
        low, high = 0, self.count
        content, base, starts = self._bytes, self._base, self._starts
        while low < high:
            middle = (low + high) // 2
            if content[base + starts[middle] : base + starts[middle + 1]] < term:
                low = middle + 1
            else:
                high = middle
        return low

    def beginning(self, start: bytes) -> tuple[int, int]:
        """The first word (no stem) that begins so, and the one after the last."""
        if start.startswith(_STEM):
            return 0, 0
        return self.before(start), self.before(_after(start))

    def between(self, first: int, last: int) -> list[bytes]:
        """The terms `first` up to `last`, which is not among them."""
        starts = self._file["term_starts"][first : last + 1].tolist()
        blob = self._bytes[self._base + starts[0] : self._base + starts[-1]]
        return [blob[start - starts[0] : end - starts[0]] for start, end in pairwise(starts)]

    def perhaps_near(self, word: NDArray[np.uint32], most: int) -> Numbers:
        """The numbers of words (no stems) that may be at most `most` slips of the pen away: all that are, and some."""
        shortest = max(len(word) - most, 0)
        fits = self._letters - np.uint8(shortest) <= len(word) + most - shortest  # what is shorter is then above 200
        wanted = signatures_of(word, np.array([0, len(word)]))
        fits &= np.bitwise_count(self._signatures ^ wanted) <= 2 * most
        fits[self._words_end : self._words_again] = False
        return np.flatnonzero(fits)

    def letters(self, numbers: Numbers) -> tuple[NDArray[np.uint32], Numbers]:
        """The letters of some terms in a row, and how many each has."""
        firsts, ends = (self._file["term_starts"][numbers + at].astype(np.int64) for at in (0, 1))
        blob = self._file["terms"][ranges(firsts, ends - firsts)]
        return letters_of(blob.tobytes().decode("utf-8", "surrogatepass")), self._letters[numbers].astype(np.int64)

    def text(self, number: int) -> str:
        return self[number].decode("utf-8", "surrogatepass")


def _after(start: bytes) -> bytes:
    """The first string after all that begin with `start`: its last byte is never 0xff in UTF-8."""
    return start[:-1] + bytes([start[-1] + 1])
