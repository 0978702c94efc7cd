"""Several segments become one, without what was deleted. Reads and writes a stretch of terms at a time.

However large the segments, only a stretch of terms and of postings, a few numbers of each list and article, and the
different sets of facts are in memory at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.whoosh_engine.arrays import Array, ArrayWriter, ranges
from index.whoosh_engine.building import (
    MOST_SHORT_COUNT,
    Numbers,
    list_sections,
    short_counts,
    title_sections,
)
from index.whoosh_engine.facts import FactsGathered
from index.whoosh_engine.schema import FACTS, FIELDS
from index.whoosh_engine.segment import Segment
from index.whoosh_engine.terms import TermsGathered

MOST_LISTS_AT_ONCE = 60_000  # so that a list's number fits into two bytes
KEPT_AT_ONCE = 500  # documents copied at once
_ROWS = ("owners", "revisions", "clipped", "published", "flags")


@dataclass(frozen=True)
class AtOnce:
    """How much is in memory at once."""

    terms: int = 100_000  # of all segments together: about 20 MB
    postings: int = 1_000_000  # about 60 MB


USUAL = AtOnce()


@dataclass(frozen=True)
class Source:
    """A segment on its way into another."""

    segment: Segment
    live: NDArray[np.bool_]
    renumbered: Numbers


class Terms(NamedTuple):
    """Some terms of all sources, sorted; of each source its first list among theirs, and the keys of its lists: the
    number of the term among these, times FIELDS, and the field."""

    names: list[bytes]
    firsts: list[int]
    keys: list[Numbers]


@dataclass(frozen=True)
class Stretch:
    """Postings of some lists, in order: for each its list, article, count; and all places in a row."""

    keys: Numbers
    articles: Numbers
    counts: Numbers
    places: Array


def merge(parts: Sequence[tuple[Segment, NDArray[np.bool_]]], file: ArrayWriter, *, at_once: AtOnce = USUAL) -> int:
    """Write what lives in `parts` (a segment, which of its articles live). The number of articles."""
    lives = [live for _, live in parts]
    segments = [segment for segment, _ in parts]
    _merge_rows(segments, lives, file)
    _merge_facts(segments, lives, file)
    titles = [segment.title_key(n) for segment, live in parts for n in np.flatnonzero(live).tolist()]
    for name, section in title_sections(titles).items():
        file.add(name, section)
    _merge_kept(segments, lives, file)
    _merge_words(segments, lives, file, at_once)
    return sum(int(live.sum()) for live in lives)


def _merge_rows(segments: Sequence[Segment], lives: Sequence[Array], file: ArrayWriter) -> None:
    def joined(name: str) -> Array:
        return np.concatenate([seg.file[name][live] for seg, live in zip(segments, lives, strict=True)])

    ids = joined("ids")
    file.add("ids", ids)
    file.add("by_id", np.argsort(ids, kind="stable").astype(np.uint16))
    for name in _ROWS:
        file.add(name, joined(name))
    lengths = [segment.lengths[:, live] for segment, live in zip(segments, lives, strict=True)]
    file.add("lengths", np.concatenate(lengths, axis=1).reshape(-1))


def _merge_facts(segments: Sequence[Segment], lives: Sequence[Array], file: ArrayWriter) -> None:
    gathered = FactsGathered()
    for segment, live in zip(segments, lives, strict=True):
        for kind in FACTS:
            gathered.add_many(kind, segment.facts(kind), live)
    for name, section in gathered.sections().items():
        file.add(name, section)


def _merge_kept(segments: Sequence[Segment], lives: Sequence[Array], file: ArrayWriter) -> None:
    sizes = [np.diff(seg.file["kept_starts"])[live] for seg, live in zip(segments, lives, strict=True)]
    starts = np.concatenate([np.zeros(1, np.int64), *sizes]).cumsum()
    file.add("kept_starts", starts)
    file.reserve("kept", np.uint8, int(starts[-1]))
    for segment, live in zip(segments, lives, strict=True):
        numbers = np.flatnonzero(live).tolist()
        for first in range(0, len(numbers), KEPT_AT_ONCE):
            content = b"".join(map(segment.kept, numbers[first : first + KEPT_AT_ONCE]))
            file.append("kept", np.frombuffer(content, np.uint8))


def _merge_words(segments: Sequence[Segment], lives: Sequence[Array], file: ArrayWriter, at_once: AtOnce) -> None:
    sources = list(_sources(segments, lives))
    postings, places = (sum(counts) for counts in zip(*map(_living, sources), strict=True))
    wide = any(segment.places.dtype != np.uint16 for segment in segments)
    file.reserve("docs", np.uint16, postings)
    file.reserve("counts", np.uint8, postings)
    file.reserve("places", np.uint32 if wide else np.uint16, places)
    lists, big = _Lists(), [np.empty((2, 0), np.int64)]
    for terms in _terms(segments, at_once.terms):
        stretches = [np.empty((3, 0), np.int64)]
        for stretch in _stretches(sources, terms, at_once.postings):
            file.append("docs", stretch.articles)
            file.append("counts", short_counts(stretch.counts))
            file.append("places", stretch.places)
            at = np.flatnonzero(stretch.counts >= MOST_SHORT_COUNT)
            big.append(np.stack([at + lists.posted, stretch.counts[at]]))
            stretches.append(lists.of(stretch))
        lists.add(terms.names, np.concatenate(stretches, axis=1))
    for name, section in lists.sections().items():
        file.add(name, section)
    big_postings, big_counts = np.concatenate(big, axis=1)
    file.add("big_postings", big_postings)
    file.add("big_counts", big_counts)


class _Lists:
    """The lists of postings as they are written, and the terms that have any."""

    def __init__(self) -> None:
        self.posted = self._placed = 0
        self._terms = TermsGathered()
        self._lists: list[Numbers] = []

    def of(self, stretch: Stretch) -> Numbers:
        """Of each list: its key, where its postings begin, where its places begin."""
        firsts = np.flatnonzero(np.diff(stretch.keys, prepend=-1))
        places_before = np.cumsum(stretch.counts) - stretch.counts
        found: Numbers = np.stack([stretch.keys[firsts], firsts + self.posted, places_before[firsts] + self._placed])
        self.posted, self._placed = self.posted + len(stretch.articles), self._placed + len(stretch.places)
        return found

    def add(self, names: Sequence[bytes], lists: Numbers) -> None:
        """`lists` as from `of`; terms that stand nowhere any more are left out."""
        used, terms = np.unique(lists[0] // FIELDS, return_inverse=True)
        lists[0] = (terms.reshape(-1) + self._terms.count) * FIELDS + lists[0] % FIELDS
        self._lists.append(lists)
        self._terms.add([names[number] for number in used.tolist()])

    def sections(self) -> dict[str, Array]:
        keys, postings, places = np.concatenate(self._lists, axis=1)
        sections = list_sections(keys, postings, self.posted, places, self._placed, self._terms.count)
        return {**self._terms.sections(), **sections}


def _sources(segments: Sequence[Segment], lives: Sequence[Array]) -> Iterator[Source]:
    base = 0
    for segment, live in zip(segments, lives, strict=True):
        yield Source(segment, live, base + np.cumsum(live) - 1)
        base += int(live.sum())


def _terms(segments: Sequence[Segment], at_once: int) -> Iterator[Terms]:
    """All terms of all segments in order, some at a time: what lies between every so many of the segment with most."""
    most = max((segment.terms for segment in segments), key=lambda terms: terms.count)
    each = max(1, at_once // len(segments))
    edges = [most[number] for number in range(each, most.count, each)]
    bounds = [[0, *map(segment.terms.before, edges), segment.terms.count] for segment in segments]
    for at in range(len(edges) + 1):
        names = [seg.terms.between(its[at], its[at + 1]) for seg, its in zip(segments, bounds, strict=True)]
        together = sorted(set().union(*names))
        rank = {name: number for number, name in enumerate(together)}
        firsts, keys = [], []
        for segment, its, its_names in zip(segments, bounds, names, strict=True):
            lists: Numbers = segment.file["term_lists"][its[at] : its[at + 1] + 1].astype(np.int64)
            ranks = np.fromiter(map(rank.__getitem__, its_names), np.int64, len(its_names))
            firsts.append(int(lists[0]))
            fields = segment.list_fields[lists[0] : lists[-1]]
            keys.append(np.repeat(ranks, np.diff(lists)) * FIELDS + fields)
        yield Terms(together, firsts, keys)


def _living(source: Source) -> tuple[int, int]:
    """How many postings and places live."""
    docs, counts = source.segment.docs, source.segment.counts(0, None)
    if source.live.all():
        return len(docs), len(source.segment.places)
    kept = source.live[docs]
    return int(kept.sum()), int(counts[kept].sum(dtype=np.int64))


def _stretches(sources: Sequence[Source], terms: Terms, at_once: int) -> Iterator[Stretch]:
    every = np.unique(np.concatenate(terms.keys))
    sizes = np.zeros(len(every), np.int64)
    for source, low, keys in zip(sources, terms.firsts, terms.keys, strict=True):
        sizes[np.searchsorted(every, keys)] += np.diff(source.segment.list_postings[low : low + len(keys) + 1])
    sums = np.cumsum(sizes)
    first = 0
    while first < len(every):
        before = sums[first - 1] if first else 0
        last = int(np.searchsorted(sums, before + at_once, side="right"))
        last = min(max(last, first + 1), first + MOST_LISTS_AT_ONCE, len(every))
        yield _stretch(sources, terms, every[first:last])
        first = last


def _stretch(sources: Sequence[Source], terms: Terms, lists: Numbers) -> Stretch:
    """The live postings of `lists`, which follow one another, out of all sources."""
    parts = [_part(*part, lists) for part in zip(sources, terms.firsts, terms.keys, strict=True)]
    keys, articles, counts = (np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS)
    places = np.concatenate([part.places for part in parts])
    order = np.argsort(keys.astype(np.uint16), kind="stable")  # sources and their articles stay in order
    firsts = np.cumsum(counts) - counts
    counts_in_order = counts[order]
    return Stretch(lists[keys[order]], articles[order], counts_in_order, places[ranges(firsts[order], counts_in_order)])


_COLUMNS = ("keys", "articles", "counts")


def _part(source: Source, first_list: int, its_keys: Numbers, lists: Numbers) -> Stretch:
    segment = source.segment
    low, high = np.searchsorted(its_keys, (lists[0], lists[-1] + 1)).tolist()
    bounds: Numbers = segment.list_postings[first_list + low : first_list + high + 1].astype(np.int64)
    first, last = int(bounds[0]), int(bounds[-1])
    keys = np.repeat(np.searchsorted(lists, its_keys[low:high]), np.diff(bounds))
    docs, counts = segment.docs[first:last], segment.counts(first, last).astype(np.int64)
    place_bounds = segment.list_places
    places = segment.places[int(place_bounds[first_list + low]) : int(place_bounds[first_list + high])]
    kept = source.live[docs]
    if kept.all():
        return Stretch(keys, source.renumbered[docs], counts, places)
    return Stretch(keys[kept], source.renumbered[docs[kept]], counts[kept], places[np.repeat(kept, counts)])
