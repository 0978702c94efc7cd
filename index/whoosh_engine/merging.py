"""Several segments become one, without what was deleted. Reads and writes a stretch of terms at a time.

However large the segments, only a stretch of postings and of texts, a few numbers of each entry and article, and either
the different sets of facts, the different chunks of texts or the different terms are in memory at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.whoosh_engine.arrays import Array, ArrayWriter, ranges
from index.whoosh_engine.building import Numbers, inverse, start_sections, title_sections
from index.whoosh_engine.chunks import keys_of
from index.whoosh_engine.facts import FactsGathered
from index.whoosh_engine.merging_texts import merge_texts
from index.whoosh_engine.names import Names, different
from index.whoosh_engine.schema import FACTS, MANY
from index.whoosh_engine.segment import Segment
from index.whoosh_engine.terms import entry_sections, term_sections

MOST_ENTRIES_AT_ONCE = 60_000  # so that an entry's number fits into two bytes
POSTINGS_AT_ONCE = 150_000  # about 20 MB
STRETCHES_KEPT = 8  # after so many, what was read of the segments is let go
_ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 divided by the golden ratio (Knuth 6.4)
_ROWS = ("owners", "revisions", "clipped", "published", "flags")


@dataclass
class Source:
    """A segment on its way into another."""

    segment: Segment
    live: NDArray[np.bool_]
    renumbered: Numbers

    @cached_property
    def has_gone(self) -> bool:
        return not self.live.all()


@dataclass(frozen=True)
class Entries:
    """The entries of all sources in one order. `of`: for each source, which of them its own are, ascending; `keys`: the
    stem of each, `sizes`: its postings; `of_terms`: the entry of each of `terms`, the new table, in order.
    """

    of: list[NDArray[np.int32]]
    keys: NDArray[np.uint64]
    sizes: Numbers
    of_terms: Numbers
    terms: Names


@dataclass(frozen=True)
class Stretch:
    """Postings of some entries, in order: for each its entry (counted from the first of these), article and byte, how
    often; and all places in a row."""

    entries: Numbers
    articles: Numbers
    hows: NDArray[np.uint8]
    counts: Numbers
    places: Array


def merge(
    parts: Sequence[tuple[Segment, NDArray[np.bool_]]], file: ArrayWriter, *, at_once: int = POSTINGS_AT_ONCE
) -> int:
    """Write what lives in `parts` (a segment, which of its articles live). The number of articles."""
    lives = [live for _, live in parts]
    segments = [segment for segment, _ in parts]
    _merge_rows(segments, lives, file)
    _merge_facts(segments, lives, file)
    titles = [segment.title_key(n) for segment, live in parts for n in np.flatnonzero(live).tolist()]
    for name, section in title_sections(titles).items():
        file.add(name, section)
    merge_texts(parts, file)
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
            gathered.add_many(kind, segment.read_facts(kind), live)
    for name, section in gathered.sections().items():
        file.add(name, section)


def _merge_words(segments: Sequence[Segment], lives: Sequence[Array], file: ArrayWriter, at_once: int) -> None:
    sources = list(_sources(segments, lives))
    living = list(map(_living, sources))
    entries = _entries(segments, [its for its, _ in living])
    sizes = entries.sizes
    postings, places = int(sizes.sum()), sum(count for _, count in living)
    wide = any(segment.places.dtype != np.uint16 for segment in segments)
    file.reserve("docs", np.uint16, postings)
    file.reserve("hows", np.uint8, postings)
    file.reserve("places", np.uint32 if wide else np.uint16, places)
    posted, placed = 0, 0
    place_starts, big = [np.empty(0, np.int64)], [np.empty((2, 0), np.int64)]
    for number, (first, last) in enumerate(_stretches(sizes, at_once)):
        if number % STRETCHES_KEPT == 0:
            for segment in segments:
                segment.file.let_go()
        stretch = _stretch(sources, entries, first, last)
        file.append("docs", stretch.articles)
        file.append("hows", stretch.hows)
        file.append("places", stretch.places)
        many = np.flatnonzero(stretch.counts >= MANY)
        big.append(np.stack([many + posted, stretch.counts[many]]))
        ends = np.append(0, np.cumsum(stretch.counts))
        place_starts.append(ends[np.searchsorted(stretch.entries, np.arange(last - first))] + placed)
        posted, placed = posted + len(stretch.articles), placed + len(stretch.places)
    starts = start_sections(np.append(0, np.cumsum(sizes)), np.append(np.concatenate(place_starts), placed))
    for name, section in {
        **term_sections(entries.terms),
        **entry_sections(entries.keys, entries.of_terms),
        **starts,
    }.items():
        file.add(name, section)
    big_postings, big_counts = np.concatenate(big, axis=1)
    file.add("big_postings", big_postings)
    file.add("big_counts", big_counts)


def _sources(segments: Sequence[Segment], lives: Sequence[Array]) -> Iterator[Source]:
    base = 0
    for segment, live in zip(segments, lives, strict=True):
        yield Source(segment, live, base + np.cumsum(live) - 1)
        base += int(live.sum())


def _living(source: Source) -> tuple[Array, int]:
    """How many postings of each entry live, and how many places."""
    segment = source.segment
    bounds = segment.entry_postings
    if source.live.all():
        return np.diff(bounds), len(segment.places)
    kept = source.live[segment.docs]
    before = np.append(0, np.cumsum(kept))
    at = np.flatnonzero(kept)
    places = int(segment.counts(at, segment.hows[at]).sum())
    return np.diff(before[bounds]), places


def _entries(segments: Sequence[Segment], sizes: Sequence[Array]) -> Entries:
    """What of each source's entries has postings, in one order. A word and its stem are told apart by their hashes."""
    files = [segment.file for segment in segments]
    edges = np.cumsum([0, *(segment.terms.count for segment in segments)]).tolist()
    firsts, which = different(map(_term_keys, segments), edges[-1])
    sums = np.zeros(len(firsts), np.int64)
    for file, its, (low, high) in zip(files, sizes, pairwise(edges), strict=True):
        sums[which[low:high]] += its[file["term_entries"]]  # a segment has a term once
    used = np.flatnonzero(sums)
    names = Names([(file["terms"], file["term_starts"]) for file in files], firsts[used])
    stems = names.values([segment.terms.keys() for segment in segments])
    rows = names.in_order(stems)
    order = np.argsort(stems[rows], kind="stable")  # by stem, then by word
    entry_of = np.full(len(firsts), -1, np.int32)
    entry_of[used[rows[order]]] = np.arange(len(order))
    of = []
    for file, its, (low, high) in zip(files, sizes, pairwise(edges), strict=True):
        mapped = np.empty(len(its), np.int32)
        mapped[file["term_entries"]] = entry_of[which[low:high]]
        mapped[its == 0] = -1
        of.append(mapped)
    return Entries(of, stems[rows[order]], sums[used[rows[order]]], inverse(order), names.take(rows))


def _term_keys(segment: Segment) -> NDArray[np.uint64]:
    keys = segment.terms.keys() * _ODD
    keys ^= keys_of(segment.file["terms"], segment.file["term_starts"].astype(np.int64))
    return keys


def _stretches(sizes: Numbers, at_once: int) -> Iterator[tuple[int, int]]:
    """Entries from and to, that have so many postings together, or one that has more."""
    sums = np.cumsum(sizes)
    first = 0
    while first < len(sums):
        before = sums[first - 1] if first else 0
        last = int(np.searchsorted(sums, before + at_once, side="right"))
        last = min(max(last, first + 1), first + MOST_ENTRIES_AT_ONCE, len(sums))
        yield first, last
        first = last


def _stretch(sources: Sequence[Source], entries: Entries, first: int, last: int) -> Stretch:
    """The live postings of entries `first` up to `last`, out of all sources."""
    parts = [_part(source, of, first, last) for source, of in zip(sources, entries.of, strict=True)]
    its_entries, articles, hows, counts, places = (np.concatenate([part[at] for part in parts]) for at in range(5))
    order = np.argsort(its_entries.astype(np.uint16), kind="stable")  # sources and their articles stay in order
    firsts = np.cumsum(counts) - counts
    in_order = counts[order]
    return Stretch(its_entries[order], articles[order], hows[order], in_order, places[ranges(firsts[order], in_order)])


def _part(source: Source, of: Array, first: int, last: int) -> tuple[Array, ...]:
    segment = source.segment
    used = np.flatnonzero(of >= 0) if source.has_gone else None
    kept_of = of if used is None else of[used]
    low, high = np.searchsorted(kept_of, (first, last)).tolist()
    if used is not None:
        low, high = (int(used[at]) if at < len(used) else len(of) for at in (low, high))
    bounds: Numbers = segment.entry_postings[low : high + 1].astype(np.int64)
    at = slice(int(bounds[0]), int(bounds[-1]))
    entries = np.repeat(of[low:high] - first, np.diff(bounds))
    docs, hows = segment.docs[at], segment.hows[at]
    counts = segment.counts(at, hows).astype(np.int64)
    places = segment.places[int(segment.entry_places[low]) : int(segment.entry_places[high])]
    kept = source.live[docs]
    if kept.all():
        return entries, source.renumbered[docs], hows, counts, places
    return entries[kept], source.renumbered[docs[kept]], hows[kept], counts[kept], places[np.repeat(kept, counts)]
