"""Much text at once is cut at blanks, and each chunk looked up: as sums and hashes of arrays, not one by one.

A chunk's hash is that of a polynomial in a number nobody knows, modulo 2^64 (Rabin and Karp 1987), taken from running
sums over the text. Long chunks are not trusted to it. A table remembers a chunk's number by its hash; where two meet
in one place, the later one stays, and the other is asked for again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
NumbersOf = Callable[[list[bytes]], list[int]]

LINE_END = "\x1e"  # stands for a line's end between blanks: the record separator, which no text has
AT_ONCE = 1 << 18  # bytes of text; the powers for so many fit into the caches of a processor
LONG = 64  # bytes; longer chunks are looked up one by one
_FEWEST_BITS, _MOST_BITS = 10, 20  # of a table's size
_BLANK = 0x20
_BASE = secrets.randbits(64) | 1
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 divided by the golden ratio (Knuth 6.4)


class Known:
    """Hash -> number, as far as it is remembered."""

    def __init__(self) -> None:
        self._bits = _FEWEST_BITS
        self._learned = 0
        self._make()

    def _make(self) -> None:
        self._keys = np.zeros(1 << self._bits, np.uint64)
        self._numbers = np.full(1 << self._bits, -1, np.int32)

    def find(self, hashes: Hashes) -> NDArray[np.int32]:
        """-1 where it is not remembered."""
        at = self._places(hashes)
        numbers = self._numbers.take(at)
        numbers[self._keys.take(at) != hashes] = -1
        return numbers

    def learn(self, hashes: Hashes, numbers: NDArray[np.int32]) -> None:
        self._learned += len(hashes)
        if self._learned > 1 << self._bits and self._bits < _MOST_BITS:
            keys, its_numbers = self._keys, self._numbers
            self._bits = min(_MOST_BITS, self._bits + 3)
            self._make()
            self._put(keys[its_numbers >= 0], its_numbers[its_numbers >= 0])
        self._put(hashes, numbers)

    def _put(self, hashes: Hashes, numbers: NDArray[np.int32]) -> None:
        at = self._places(hashes)
        self._keys[at] = hashes
        self._numbers[at] = numbers

    def _places(self, hashes: Hashes) -> NDArray[np.int64]:
        return ((hashes * _SPREAD) >> np.uint64(64 - self._bits)).astype(np.int64)


def cut(text: bytes, known: Known, numbers_of: NumbersOf) -> NDArray[np.int32]:
    """The numbers of all chunks of `text`, in order; `numbers_of` tells those that are not remembered."""
    parts: list[NDArray[np.int32]] = []
    first = 0
    while first <= len(text):
        last = len(text)
        if last - first > AT_ONCE:
            last = text.rfind(b" ", first, first + AT_ONCE)
            if last < 0:
                last = text.find(b" ", first + AT_ONCE)
                last = len(text) if last < 0 else last
        parts.append(_cut(text[first:last], known, numbers_of))
        first = last + 1
    return np.concatenate(parts)


def _cut(text: bytes, known: Known, numbers_of: NumbersOf) -> NDArray[np.int32]:
    letters = np.frombuffer(text, np.uint8)
    blanks = np.flatnonzero(letters == _BLANK)
    firsts, ends = np.append(0, blanks + 1), np.append(blanks, len(letters))
    hashes = _hashes(letters, firsts, ends)
    numbers = known.find(hashes)
    sizes = ends - firsts
    if long := np.flatnonzero(sizes > LONG).tolist():
        numbers[long] = numbers_of([text[firsts[at] : ends[at]] for at in long])
    missing = np.flatnonzero((numbers < 0) & (sizes <= LONG))
    if len(missing):
        new, places, of = np.unique(hashes[missing], return_index=True, return_inverse=True)
        first = missing[places]  # of each, where it comes first
        bounds = zip(firsts[first].tolist(), ends[first].tolist(), strict=True)
        found = np.array(numbers_of([text[start:end] for start, end in bounds]), np.int32)
        known.learn(new, found)
        numbers[missing] = found[of.reshape(-1)]
    return numbers


def keys_of(letters: NDArray[np.uint8], starts: NDArray[np.int64]) -> Hashes:
    """The hashes of chunks that stand in a row without blanks."""
    keys = np.zeros(len(starts) - 1, np.uint64)
    first = 0
    while first < len(keys):
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + AT_ONCE, side="right")) - 1)
        bounds = starts[first : last + 1] - starts[first]
        keys[first:last] = _hashes(letters[starts[first] : starts[last]], bounds[:-1], bounds[1:])
        first = last
    for at in np.flatnonzero(np.diff(starts) > LONG).tolist():
        digest = blake2b(letters[starts[at] : starts[at + 1]].tobytes(), digest_size=8).digest()
        keys[at] = int.from_bytes(digest, "little")
    return keys


_powers = np.ones(1, np.uint64)
_inverses = np.ones(1, np.uint64)


def _hashes(letters: NDArray[np.uint8], firsts: NDArray[np.int64], ends: NDArray[np.int64]) -> Hashes:
    """Of long chunks: any."""
    _reach(len(letters))
    sums = np.empty(len(letters) + 1, np.uint64)
    sums[0] = 0
    np.multiply(letters, _powers[: len(letters)], out=sums[1:])
    np.cumsum(sums, out=sums)
    hashes: Hashes = (sums.take(ends) - sums.take(firsts)) * _inverses.take(firsts)
    hashes ^= (ends - firsts).astype(np.uint64) << np.uint64(56)
    return hashes


def _reach(count: int) -> None:
    """Have the powers of the base and of its inverse up to `count`."""
    global _powers, _inverses
    if len(_powers) <= count:
        size = 1 << (count + 1).bit_length()
        base, inverse = _BASE, pow(_BASE, -1, 1 << 64)
        _powers, _inverses = (_powers_of(number, size) for number in (base, inverse))


def _powers_of(number: int, count: int) -> Hashes:
    row = np.full(count, number, np.uint64)
    row[0] = 1
    return np.multiply.accumulate(row)
