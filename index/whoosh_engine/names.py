"""Many short strings of bytes at once, as arrays: put in order, chosen from, and written a piece at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.whoosh_engine.arrays import Array, packed, ranges

Numbers = NDArray[np.int64]

AT_ONCE = 100_000  # names whose bytes are moved at once: about 10 MB
_BEGINNING = 8  # bytes that are compared as one number


@dataclass(frozen=True, slots=True)
class Names:
    """Name n is the bytes of `blob` from `starts[n]` on, `sizes[n]` of them."""

    blob: NDArray[np.uint8]
    starts: Array
    sizes: Array

    @classmethod
    def of(cls, names: Iterable[bytes]) -> Names:
        blob, starts = packed(names)
        return cls(blob, starts[:-1], np.diff(starts))

    @classmethod
    def among(cls, parts: Sequence[tuple[NDArray[np.uint8], Array, Array]]) -> Names:
        """Of each part its bytes, where its names begin (one more: where the last ends), and which of them to take."""
        bases = np.cumsum([0, *(len(blob) for blob, _, _ in parts)], dtype=np.uint32)
        return cls(
            np.concatenate([blob for blob, _, _ in parts]),
            np.concatenate([starts[at] + base for (_, starts, at), base in zip(parts, bases, strict=False)]),
            np.concatenate([np.diff(starts)[at] for _, starts, at in parts]).astype(np.uint32),
        )

    def __len__(self) -> int:
        return len(self.sizes)

    def name(self, number: int) -> bytes:
        start = int(self.starts[number])
        return self.blob[start : start + int(self.sizes[number])].tobytes()

    def take(self, order: Array) -> Names:
        return Names(self.blob, self.starts[order], self.sizes[order])

    def pieces(self) -> Iterator[tuple[NDArray[np.uint8], Numbers]]:
        """All names in a row, some at a time: their bytes, and where each begins (one more: where the last ends)."""
        for low in range(0, len(self), AT_ONCE):
            sizes = self.sizes[low : low + AT_ONCE].astype(np.int64)
            starts = self.starts[low : low + AT_ONCE].astype(np.int64)
            yield self.blob[ranges(starts, sizes)], np.append(0, np.cumsum(sizes))

    def bounds(self) -> Numbers:
        """Where each begins in a row, and where the last ends."""
        return np.append(0, np.cumsum(self.sizes, dtype=np.int64))

    def in_order(self, keys: NDArray[np.uint64]) -> Numbers:
        """Their places in the order of their bytes, then of `keys`. Sixteen bytes are compared as two numbers; what
        begins alike, one by one."""
        first, second = self._number(0), self._number(_BEGINNING)
        order: Numbers = np.lexsort((keys, second, first))
        same = np.equal(first[order[1:]], first[order[:-1]]) & np.equal(second[order[1:]], second[order[:-1]])
        edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
        for start, end in edges.reshape(-1, 2).tolist():
            order[start : end + 1] = sorted(order[start : end + 1].tolist(), key=self.name)
        return order

    def _number(self, first: int) -> NDArray[np.uint64]:
        """The bytes from `first` on as a number, the first the most; zeros behind the end."""
        number = np.zeros(len(self), np.uint64)
        last = np.uint32(max(len(self.blob) - 1, 0))
        for at in range(first, first + _BEGINNING):
            number <<= np.uint64(8)
            there = self.sizes > at
            if there.any():
                number |= np.where(there, self.blob[np.minimum(self.starts + np.uint32(at), last)], 0).astype(np.uint64)
        return number


def different(keys: list[NDArray[np.uint64]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Of each different key where it stands first, and for each key which of these it is; `keys` is emptied on the way.
    Takes half the memory of `np.unique`."""
    together = np.concatenate(keys)
    keys.clear()
    order = np.argsort(together, kind="stable").astype(np.int32)
    together = together[order]
    new = np.append(True, together[1:] != together[:-1])[: len(together)]
    del together
    which = np.empty(len(order), np.int32)
    which[order] = np.cumsum(new, dtype=np.int32) - np.int32(1)
    return order[new], which
