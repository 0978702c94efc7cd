"""What articles are filtered and counted by. Articles share few different sets of values of a kind (the regions they
are about, their outlet …): sets are kept once, and each article names its own.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.document import Facet
from index.whoosh_engine.arrays import Array, ArrayFile, packed, ranges
from index.whoosh_engine.schema import FACTS

Mask = NDArray[np.bool_]
_NONE = np.empty(0, np.int64)


class Facts(NamedTuple):
    """One kind in one segment: the different sets of values in a row, and which of them each article has."""

    values: list[str]
    members: Array
    """Numbers of values: those of set n from `starts[n]` to `starts[n + 1]`."""
    starts: Array
    set_of: Array

    def of(self, article: int) -> tuple[str, ...]:
        return self.set(int(self.set_of[article]))

    def set(self, number: int) -> tuple[str, ...]:
        return tuple(self.values[at] for at in self.members[self.starts[number] : self.starts[number + 1]].tolist())


class FactsGathered:
    """All kinds on their way into a segment. Kinds share one table of sets."""

    def __init__(self) -> None:
        self._sets: dict[tuple[str, ...], int] = {}
        self._set_of = {kind: array("I") for kind in FACTS}

    def add(self, facts: Mapping[str, tuple[str, ...]]) -> None:
        """Of the next article: by kind, its values, each once."""
        for kind, values in facts.items():
            self._set_of[kind].append(self._sets.setdefault(values, len(self._sets)))

    def add_many(self, kind: str, facts: Facts, live: Array) -> None:
        """Of the next articles, out of another segment."""
        used, of = _renumbered(facts.set_of[live])
        mapped = [self._sets.setdefault(facts.set(number), len(self._sets)) for number in used.tolist()]
        self._set_of[kind].extend(np.array(mapped, np.int64)[of].tolist())

    def sections(self) -> dict[str, Array]:
        ordinals: dict[str, int] = {}
        members = [ordinals.setdefault(value, len(ordinals)) for values in self._sets for value in values]
        values, value_starts = packed(value.encode("utf-8", "surrogatepass") for value in ordinals)
        set_of = np.array([self._set_of[kind] for kind in FACTS], np.uint32)
        return {
            "fact_values": values,
            "fact_value_starts": value_starts,
            "fact_members": np.array(members, np.uint32),
            "fact_set_starts": np.cumsum([0, *map(len, self._sets)]).astype(np.uint32),
            "fact_set_of": (set_of if len(self._sets) > 1 << 16 else set_of.astype(np.uint16)).reshape(-1),
        }


class FactsKept:
    """What `FactsGathered.sections` wrote. Only what a kind has is read: there are many different authors."""

    def __init__(self, file: ArrayFile) -> None:
        self._bytes, (self._base, _) = file.bytes, file.bounds("fact_values")
        self._value_starts = file.view("fact_value_starts")
        self._set_starts, self._members = file["fact_set_starts"].astype(np.int64), file["fact_members"]
        self._set_of = file["fact_set_of"].reshape(len(FACTS), -1)

    def of(self, kind: str) -> Facts:
        used, set_of = _renumbered(self._set_of[FACTS.index(kind)])
        firsts = self._set_starts[used]
        sizes = self._set_starts[used + 1] - firsts
        values, members = _renumbered(self._members[ranges(firsts, sizes)])
        return Facts(list(map(self._value, values.tolist())), members, np.append(0, np.cumsum(sizes)), set_of)

    def _value(self, number: int) -> str:
        start, end = self._value_starts[number], self._value_starts[number + 1]
        return self._bytes[self._base + start : self._base + end].decode("utf-8", "surrogatepass")


def _renumbered(numbers: Array) -> tuple[Array, Array]:
    """The different numbers, ascending; and for each number which of them it is."""
    used = np.flatnonzero(np.bincount(numbers))
    places = np.zeros(int(used[-1]) + 1 if len(used) else 0, np.uint32)
    places[used] = np.arange(len(used))
    return used, places[numbers]


class FactTable:
    """One kind over all segments."""

    def __init__(self, parts: Sequence[Facts]) -> None:
        self.ordinals: dict[str, int] = {}
        members, sizes, set_of = [_NONE], [_NONE], [_NONE]
        sets = 0
        for part in parts:
            mapped = [self.ordinals.setdefault(value, len(self.ordinals)) for value in part.values]
            members.append(np.array(mapped, np.int64)[part.members])
            sizes.append(np.diff(part.starts))
            set_of.append(part.set_of + np.int64(sets))
            sets += len(part.starts) - 1
        self.set_of: NDArray[np.int32] = np.concatenate(set_of).astype(np.int32)
        self.values = list(self.ordinals)
        self._by_name = np.array(sorted(range(len(self.values)), key=self.values.__getitem__), np.int64)
        self._members, self.sizes = np.concatenate(members), np.concatenate(sizes)
        self._starts = np.cumsum(self.sizes) - self.sizes
        self._set_of_member = np.repeat(np.arange(sets), self.sizes)

    def count(self, articles: NDArray[np.int64]) -> Facet:
        """How many of `articles` have each value, where any has; in the order of a facet."""
        sets = self.set_of.take(articles)
        if len(articles) < len(self.sizes):
            found = self._members.take(ranges(self._starts.take(sets), self.sizes.take(sets)))
            counts = np.bincount(found, minlength=len(self.values))
        else:
            by_set = np.bincount(sets, minlength=len(self.sizes))
            weighted = np.bincount(self._members, by_set.take(self._set_of_member), len(self.values))
            counts = weighted.astype(np.int64)
        counts = counts.take(self._by_name)
        order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
        names = map(self.values.__getitem__, self._by_name.take(order).tolist())
        return tuple(zip(names, counts.take(order).tolist(), strict=True))

    def having(self, value: str) -> Mask:
        """The articles that have `value`."""
        return self._having([self.ordinals[value]] if value in self.ordinals else [])

    def having_any(self, accepts: Callable[[str], bool]) -> Mask:
        """The articles that have any value that is accepted."""
        return self._having(at for at, value in enumerate(self.values) if accepts(value))

    def having_none(self) -> Mask:
        bare: Mask = (self.sizes == 0)[self.set_of] if len(self.sizes) else np.zeros(len(self.set_of), np.bool_)
        return bare

    def _having(self, ordinals: Iterable[int]) -> Mask:
        wanted = np.zeros(len(self.values) + 1, np.bool_)
        wanted[list(ordinals)] = True
        sets = np.zeros(len(self.sizes) + 1, np.bool_)
        sets[self._set_of_member[wanted[self._members]]] = True
        mask: Mask = sets[self.set_of]
        return mask
