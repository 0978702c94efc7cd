"""What is wanted, looked up in the tables of terms of all segments: where its postings lie. Reads none of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from index.analysis import STEM
from index.query import WORD_FIELDS
from index.wanted import SLIP_WEIGHT, Slot, Wanted, Way
from index.whoosh_engine.arrays import Array, ranges
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.lexicon import key_of
from index.whoosh_engine.schema import AUTHOR
from index.whoosh_engine.segment import Segment
from index.whoosh_engine.slips import near_terms


class Run(NamedTuple):
    """Postings of some entries of one segment. `which`: of the segments, `base`: the number of its first article.

    `entries` ascend; `at`: their postings, from and to when they follow one another; `weights`: of each posting, None
    when all are 1.
    """

    segment: Segment
    which: int
    base: int
    entries: Numbers
    at: slice | Numbers
    size: int
    weights: Array | None
    many: bool
    """Whether any may occur so often that its byte does not tell it."""


class Places:
    """Where the postings of what is wanted lie: of single words, and of rows of words slot by slot. Immutable."""

    def __init__(
        self, bases: Sequence[int], segments: Sequence[Segment], wanted: Wanted, *, of_authors: bool = False
    ) -> None:
        """`bases`: the number of each segment's first article."""
        self._bases, self._segments = bases, segments
        self._of_authors = of_authors
        self.wanted = wanted
        self.field = None if wanted.field is None else WORD_FIELDS.index(wanted.field)
        self.words: list[Run] = []
        self.rows: list[tuple[Way, list[list[Run]]]] = []
        for way in wanted.ways:
            slots = [self._runs(slot) for slot in way.slots]
            if len(slots) == 1:
                self.words += slots[0]
            elif all(slots):
                self.rows.append((way, slots))
        self.size = _size(self.words) + sum(min(map(_size, slots)) for _, slots in self.rows)
        """At most so many articles have it."""

    def runs(self) -> Iterator[Run]:
        """All postings that it may be read from."""
        yield from self.words
        for _, slots in self.rows:
            for runs in slots:
                yield from runs

    def _runs(self, slot: Slot) -> list[Run]:
        if slot.near:
            return self._near(slot)
        if slot.beginning:
            return [run for which in range(len(self._segments)) for run in self._beginning(which, slot.beginning)]
        names = [(name.encode("utf-8", "surrogatepass"), weight) for name, weight in slot.terms.items()]
        if self._of_authors:
            names = [(AUTHOR.encode() + name, weight) for name, weight in names]
        stems = [
            (name[1:].encode("utf-8", "surrogatepass"), key_of(name[1:]), weight)
            for name, weight in slot.terms.items()
            if name[0] == STEM and not self._of_authors
        ]
        words = [(name, weight) for name, weight in names if self._of_authors or name[:1] != _STEM]
        runs: list[Run] = []
        for which, segment in enumerate(self._segments):
            weights = _weights(segment, words, stems)
            if weights:
                runs += self._of_entries(which, weights)
        return runs

    def _beginning(self, which: int, beginning: str) -> Iterator[Run]:
        segment = self._segments[which]
        low, high = segment.terms.beginning(beginning.encode("utf-8", "surrogatepass"))
        if low < high:
            entries = np.sort(segment.file["term_entries"][low:high].astype(np.int64))
            yield self._of_many(which, entries)

    def _near(self, slot: Slot) -> list[Run]:
        if not self._segments:
            return []
        weights: list[dict[int, float]] = [{} for _ in self._segments]
        for which, term, slips in near_terms([segment.terms for segment in self._segments], slot.near, slot.edits):
            weights[which][self._segments[which].terms.entry(term)] = SLIP_WEIGHT**slips
        return [run for which, its in enumerate(weights) if its for run in self._of_entries(which, its)]

    def _of_entries(self, which: int, weights: Mapping[int, float]) -> list[Run]:
        """One run, or one for each stretch when there are few."""
        entries = sorted(weights)
        breaks = [at for at in range(1, len(entries)) if entries[at] != entries[at - 1] + 1]
        if len(breaks) > _MOST_STRETCHES:
            whole = np.array(entries, np.int64)
            return [self._of_many(which, whole, np.array([weights[entry] for entry in entries]))]
        segment, base = self._segments[which], self._bases[which]
        runs = []
        for start, end in zip([0, *breaks], [*breaks, len(entries)], strict=True):
            stretch = entries[start:end]
            first, last = segment.first_posting(stretch[0]), segment.first_posting(stretch[-1] + 1)
            its = [weights[entry] for entry in stretch]
            each: Array | None = None
            if len(set(its)) > 1 or its[0] != 1.0:
                bounds = [segment.first_posting(entry) for entry in range(stretch[0], stretch[-1] + 2)]
                each = np.repeat(its, np.diff(bounds))
            at = slice(first, last)
            many = segment.has_many(first, last)
            runs.append(Run(segment, which, base, np.array(stretch, np.int64), at, last - first, each, many))
        return runs

    def _of_many(self, which: int, entries: Numbers, weights: Array | None = None) -> Run:
        segment = self._segments[which]
        firsts = segment.entry_postings[entries].astype(np.int64)
        sizes = segment.entry_postings[entries + 1] - firsts
        total = int(sizes.sum())
        whole = len(entries) and int(entries[-1] - entries[0]) == len(entries) - 1
        at = slice(int(firsts[0]), int(firsts[0]) + total) if whole else ranges(firsts, sizes)
        each = None if weights is None else np.repeat(weights, sizes)
        many = segment.has_many(int(firsts.min()), int(firsts.max()) + total)
        return Run(segment, which, self._bases[which], entries, at, total, each, many)


_STEM = STEM.encode()
_MOST_STRETCHES = 3


def _weights(
    segment: Segment, words: Iterable[tuple[bytes, float]], stems: Iterable[tuple[bytes, int, float]]
) -> dict[int, float]:
    """The entries that a slot accepts: its words as they are, and all forms of its stems. A word that is its own stem
    has no form but that."""
    terms = segment.terms
    weights: dict[int, float] = {}
    for name, weight in words:
        for number in terms.find(name):
            entry = terms.entry(number)
            weights[entry] = weights.get(entry, 0.0) + weight
    for name, key, weight in stems:
        first, last = terms.group(key)
        if first < last:
            own = [terms.entry(number) for number in terms.find(name)]
            for entry in range(first, last):
                if entry not in own:
                    weights[entry] = weights.get(entry, 0.0) + weight
    return weights


def _size(runs: Iterable[Run]) -> int:
    return sum(run.size for run in runs)
