"""What articles are filtered and counted by. Articles share few different sets of values of a kind (the regions they
are about, their outlet …): sets are kept once, and each article names its own.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.document import Facet
from index.whoosh_engine.arrays import Array, ArrayFile, packed
from index.whoosh_engine.schema import FACTS

Mask = NDArray[np.bool_]


class Facts(NamedTuple):
    """One kind in one segment: the different sets of values, and which of them each article has."""

    sets: list[tuple[str, ...]]
    set_of: Array


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
        mapped = [self._sets.setdefault(facts.sets[number], len(self._sets)) for number in used.tolist()]
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
    """What `FactsGathered.sections` wrote. Only what a kind has is read: there are many sets of authors."""

    def __init__(self, file: ArrayFile) -> None:
        self._bytes, (self._base, _) = file.bytes, file.bounds("fact_values")
        self._value_starts, self._set_starts = file.view("fact_value_starts"), file.view("fact_set_starts")
        self._members = file.view("fact_members")
        self._set_of = file["fact_set_of"].reshape(len(FACTS), -1)

    def of(self, kind: str) -> Facts:
        used, of = _renumbered(self._set_of[FACTS.index(kind)])
        starts, value = self._set_starts, cache(self._value)
        return Facts([tuple(map(value, self._members[starts[n] : starts[n + 1]])) for n in used.tolist()], of)

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
        sets: dict[tuple[str, ...], int] = {}
        mapped = [np.array([sets.setdefault(one, len(sets)) for one in part.sets], np.int32) for part in parts]
        of = [numbers[part.set_of] for numbers, part in zip(mapped, parts, strict=True)]
        self.set_of: NDArray[np.int32] = np.concatenate(of) if of else np.empty(0, np.int32)
        self.ordinals: dict[str, int] = {}
        members = [self.ordinals.setdefault(value, len(self.ordinals)) for values in sets for value in values]
        self.values = list(self.ordinals)
        self._by_name = np.array(sorted(range(len(self.values)), key=self.values.__getitem__), np.int64)
        self._members = np.array(members, np.int64)
        self.sizes = np.fromiter(map(len, sets), np.int64, len(sets))
        self._set_of_member = np.repeat(np.arange(len(sets)), self.sizes)

    def count(self, articles: NDArray[np.int64]) -> Facet:
        """How many of `articles` have each value, where any has; in the order of a facet."""
        by_set = np.bincount(self.set_of[articles], minlength=len(self.sizes))
        counts = np.bincount(self._members, weights=by_set[self._set_of_member], minlength=len(self.values))
        counts = counts[self._by_name].astype(np.int64)
        order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
        names = map(self.values.__getitem__, self._by_name[order].tolist())
        return tuple(zip(names, counts[order].tolist(), strict=True))

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
