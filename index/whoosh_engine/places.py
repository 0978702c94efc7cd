"""What is wanted, looked up in the tables of terms of all segments: where its postings lie. Reads none of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from index.query import WORD_FIELDS
from index.wanted import SLIP_WEIGHT, Slot, Wanted, Way
from index.whoosh_engine.arrays import Array
from index.whoosh_engine.schema import AUTHORS, FIELDS
from index.whoosh_engine.segment import Segment
from index.whoosh_engine.slips import near_terms


class Run(NamedTuple):
    """Lists of postings that lie together in one segment: from list and to list, from posting and to posting."""

    segment: Segment
    base: int
    low: int
    high: int
    first: int
    last: int
    weight: float

    @property
    def fields(self) -> Array:
        """Of each list."""
        return self.segment.list_fields[self.low : self.high]

    @property
    def sizes(self) -> Array:
        """Of each list."""
        bounds = self.segment.list_postings[self.low : self.high + 1]
        return bounds[1:] - bounds[:-1]


class Places:
    """Where the postings of what is wanted lie: of single words, and of rows of words slot by slot. Immutable."""

    def __init__(
        self, bases: Sequence[int], segments: Sequence[Segment], wanted: Wanted, *, of_authors: bool = False
    ) -> None:
        """`bases`: the number of each segment's first article."""
        self._bases, self._segments = bases, segments
        fields = [True] * AUTHORS if wanted.field is None else [field == wanted.field for field in WORD_FIELDS]
        self._asked = [*(asked and not of_authors for asked in fields), of_authors]
        self.words: list[Run] = []
        self.rows: list[tuple[Way, list[list[Run]]]] = []
        for way in wanted.ways:
            slots = [self._runs(slot) for slot in way.slots]
            if len(slots) == 1:
                self.words += slots[0]
            elif all(slots):
                self.rows.append((way, slots))

    @property
    def size(self) -> int:
        """At most so many articles have it."""
        return _size(self.words) + sum(min(map(_size, slots)) for _, slots in self.rows)

    def _runs(self, slot: Slot) -> list[Run]:
        runs: list[Run] = []
        if slot.near:
            return self._near(slot)
        for base, segment in zip(self._bases, self._segments, strict=True):
            if slot.beginning:
                low, high = segment.terms.beginning(slot.beginning.encode("utf-8", "surrogatepass"))
                runs += self._of_terms(base, segment, low, high, 1.0)
            else:
                for term, weight in _terms(segment, slot):
                    runs += self._of_terms(base, segment, term, term + 1, weight)
        return runs

    def _near(self, slot: Slot) -> list[Run]:
        bases, segments = self._bases, self._segments
        if not segments:
            return []
        found = near_terms([segment.terms for segment in segments], slot.near, slot.edits)
        return [
            run
            for which, term, slips in found
            for run in self._of_terms(bases[which], segments[which], term, term + 1, SLIP_WEIGHT**slips)
        ]

    def _of_terms(self, base: int, segment: Segment, low: int, high: int, weight: float) -> Iterator[Run]:
        """The lists of terms `low` to `high`, as few runs as the fields allow."""
        first, last = segment.lists(low, high)
        for start, end in self._asked_in(segment, first, last):
            yield Run(segment, base, start, end, segment.first_posting(start), segment.first_posting(end), weight)

    def _asked_in(self, segment: Segment, first: int, last: int) -> Iterable[tuple[int, int]]:
        """Stretches of lists that are all of fields that are asked for."""
        if last - first <= FIELDS:  # one term, as nearly always: quicker so than with arrays
            lists = [at for at in range(first, last) if self._asked[segment.field_of(at)]]
            if lists and lists[-1] - lists[0] == len(lists) - 1:
                return [(lists[0], lists[-1] + 1)]
            return [(at, at + 1) for at in lists]
        asked = np.array(self._asked)[segment.list_fields[first:last]]
        edges = (np.flatnonzero(np.diff(asked, prepend=False, append=False)) + first).tolist()
        return zip(edges[::2], edges[1::2], strict=True)


def _size(runs: Iterable[Run]) -> int:
    return sum(run.last - run.first for run in runs)


def _terms(segment: Segment, slot: Slot) -> Iterator[tuple[int, float]]:
    """The terms of a segment that a slot accepts, with their weights."""
    for term, weight in slot.terms.items():
        number = segment.terms.find(term.encode("utf-8", "surrogatepass"))
        if number >= 0:
            yield number, weight
