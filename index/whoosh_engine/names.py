"""Many short strings of bytes in several files at once, as arrays: told apart, put in order, written in a row.

What is done to all of them is done some at a time, so that their number is bounded by a few bytes of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.whoosh_engine.arrays import Array, packed, ranges

Numbers = NDArray[np.int64]

AT_ONCE = 100_000  # names: about 10 MB
_BEGINNING = 8  # bytes that are compared as one number
_PART_BITS = 4  # of a key, by which keys are parted to be sorted


@dataclass(frozen=True, slots=True)
class Names:
    """`numbers` count through all `parts`; name n of a part is its bytes from `starts[n]` to `starts[n + 1]`."""

    parts: Sequence[tuple[NDArray[np.uint8], Array]]
    numbers: NDArray[np.int32]

    @classmethod
    def of(cls, names: Iterable[bytes]) -> Names:
        blob, starts = packed(names)
        return cls([(blob, starts)], np.arange(len(starts) - 1, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, order: Array) -> Names:
        return Names(self.parts, self.numbers[order])

    def values(self, columns: Sequence[Array]) -> Array:
        """Of each its value, given those of all names of each part."""
        found = np.empty(len(self), columns[0].dtype)
        for at, part, local in self._places():
            found[at] = columns[part][local]
        return found

    def sizes(self) -> NDArray[np.uint32]:
        return self.values([np.diff(starts).astype(np.uint32) for _, starts in self.parts])

    def pieces(self) -> Iterator[tuple[NDArray[np.uint8], Numbers]]:
        """All in a row, some at a time: their bytes, and where each begins (one more: where the last ends)."""
        for low in range(0, len(self), AT_ONCE):
            some = Names(self.parts, self.numbers[low : low + AT_ONCE])
            bounds = np.append(0, np.cumsum(some.sizes(), dtype=np.int64))
            content = np.empty(int(bounds[-1]), np.uint8)
            for at, part, local in some._places():
                blob, starts = self.parts[part]
                sizes = bounds[at + 1] - bounds[at]
                content[ranges(bounds[at], sizes)] = blob[ranges(starts[local].astype(np.int64), sizes)]
            yield content, bounds

    def in_order(self, keys: NDArray[np.uint64]) -> Numbers:
        """Their places in the order of their bytes, then of `keys`. Sixteen bytes are compared as two numbers; what
        begins alike, one by one."""
        first, second = self._beginnings(0), self._beginnings(_BEGINNING)
        order: Numbers = np.lexsort((keys, second, first))
        same = np.equal(first[order[1:]], first[order[:-1]]) & np.equal(second[order[1:]], second[order[:-1]])
        edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
        for start, end in edges.reshape(-1, 2).tolist():
            order[start : end + 1] = sorted(order[start : end + 1].tolist(), key=self._name)
        return order

    def _name(self, place: int) -> bytes:
        ((content, _),) = Names(self.parts, self.numbers[place : place + 1]).pieces()
        return content.tobytes()

    def _beginnings(self, first: int) -> NDArray[np.uint64]:
        """The bytes from `first` on as a number, the first the most; zeros behind the end."""
        found = np.zeros(len(self), np.uint64)
        for at, part, local in self._places():
            blob, starts = self.parts[part]
            if not len(blob):
                continue
            begins, ends = starts[local].astype(np.int64) + first, starts[local + 1].astype(np.int64)
            number = np.zeros(len(at), np.uint64)
            for _ in range(_BEGINNING):
                letters = blob[np.minimum(begins, len(blob) - 1)]
                letters[begins >= ends] = 0
                number <<= np.uint64(8)
                number |= letters
                begins += 1
            found[at] = number
        return found

    def _places(self) -> Iterator[tuple[Numbers, int, NDArray[np.int32]]]:
        """Some at a time: which of these names, of which part they are, and their numbers there."""
        edges = np.cumsum([0, *(len(starts) - 1 for _, starts in self.parts)])
        for low in range(0, len(self), AT_ONCE):
            some = self.numbers[low : low + AT_ONCE]
            parts = np.searchsorted(edges, some, side="right") - 1
            order = np.argsort(parts, kind="stable")
            bounds = np.searchsorted(parts[order], np.arange(len(self.parts) + 1))
            for part in np.flatnonzero(np.diff(bounds)).tolist():
                at = order[bounds[part] : bounds[part + 1]]
                yield at + low, part, some[at] - np.int32(edges[part])


def different(keys: Iterable[NDArray[np.uint64]], count: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Of each different key where it stands first, and for each of the `count` keys which of these it is. Keys are
    hashes. Takes a third of the memory of `np.unique`."""
    together, filled = np.empty(count, np.uint64), 0
    for some in keys:
        together[filled : filled + len(some)] = some
        filled += len(some)
    parts = (together >> np.uint64(64 - _PART_BITS)).astype(np.uint8)
    which, firsts, found = np.empty(count, np.int32), [np.empty(0, np.int32)], 0
    for part in range(1 << _PART_BITS):
        at = np.flatnonzero(parts == part).astype(np.int32)
        its = together[at]
        order = np.argsort(its, kind="stable")
        at, its = at[order], its[order]
        new = np.append(True, its[1:] != its[:-1])[: len(its)]
        which[at] = np.cumsum(new, dtype=np.int32) + np.int32(found - 1)
        firsts.append(at[new])
        found += len(firsts[-1])
    return np.concatenate(firsts), which
