"""What articles are filtered and counted by. Articles share few different sets of values of a kind (the regions they
are about, their outlet …): sets are kept once, and each article names its own.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.whoosh_engine.arrays import Array, ArrayFile, packed

Mask = NDArray[np.bool_]


class Facts(NamedTuple):
    """One kind in one segment: the different sets of values, and which of them each article has."""

    sets: list[tuple[str, ...]]
    set_of: Array


def read_facts(file: ArrayFile, kind: str) -> Facts:
    """What `FactsGathered.sections` kept."""
    blob = file[f"{kind}.values"].tobytes()
    bounds = file[f"{kind}.value_starts"].tolist()
    values = [blob[at:end].decode("utf-8", "surrogatepass") for at, end in pairwise(bounds)]
    members, starts = file[f"{kind}.members"].tolist(), file[f"{kind}.set_starts"].tolist()
    sets = [tuple(values[m] for m in members[at:end]) for at, end in pairwise(starts)]
    return Facts(sets, file[f"{kind}.set_of"])


class FactsGathered:
    """One kind on its way into a segment, article by article."""

    def __init__(self) -> None:
        self._sets: dict[tuple[str, ...], int] = {}
        self._set_of = array("I")

    def add(self, values: tuple[str, ...]) -> None:
        """Of the next article; each value once."""
        self._set_of.append(self._sets.setdefault(values, len(self._sets)))

    def add_many(self, sets: Sequence[tuple[str, ...]], set_of: Array) -> None:
        """Of the next articles, out of another segment."""
        used, of = np.unique(set_of, return_inverse=True)
        mapped = [self._sets.setdefault(sets[number], len(self._sets)) for number in used.tolist()]
        self._set_of.extend(np.array(mapped, np.int64)[of].tolist())

    def sections(self, kind: str) -> dict[str, Array]:
        ordinals: dict[str, int] = {}
        members = [ordinals.setdefault(value, len(ordinals)) for values in self._sets for value in values]
        starts = np.cumsum([0, *map(len, self._sets)])
        blob, value_starts = packed(value.encode("utf-8", "surrogatepass") for value in ordinals)
        return {
            f"{kind}.values": blob,
            f"{kind}.value_starts": value_starts,
            f"{kind}.members": np.array(members, np.uint32),
            f"{kind}.set_starts": starts.astype(np.uint32),
            f"{kind}.set_of": np.array(self._set_of, np.uint16 if len(self._sets) <= 1 << 16 else np.uint32),
        }


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
        self._members = np.array(members, np.int64)
        self.sizes = np.fromiter(map(len, sets), np.int64, len(sets))
        self._set_of_member = np.repeat(np.arange(len(sets)), self.sizes)

    def count(self, articles: NDArray[np.int64]) -> list[tuple[str, int]]:
        """How many of `articles` have each value, where any has."""
        by_set = np.bincount(self.set_of[articles], minlength=len(self.sizes))
        counts = np.bincount(self._members, weights=by_set[self._set_of_member], minlength=len(self.values))
        return [(self.values[at], int(counts[at])) for at in np.flatnonzero(counts).tolist()]

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
