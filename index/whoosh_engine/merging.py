"""Several segments become one, without what was deleted. Reads and writes a stretch of terms at a time.

However large the segments, only a stretch (`MOST_AT_ONCE` postings), the terms and the numbers of the articles are in
memory at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from index.whoosh_engine.terms import table_of

MOST_AT_ONCE = 1_000_000  # postings: about 60 MB
MOST_LISTS_AT_ONCE = 60_000  # so that a list's number fits into two bytes
KEPT_AT_ONCE = 500  # documents copied at once
_ROWS = ("owners", "revisions", "clipped", "published", "flags")


@dataclass(frozen=True)
class Source:
    """A segment on its way into another. `keys`: the number of each of its lists among those of all sources."""

    segment: Segment
    live: NDArray[np.bool_]
    renumbered: Numbers
    keys: Numbers


@dataclass(frozen=True)
class Stretch:
    """Postings of some lists, in order: for each its list, article, count; and all places in a row."""

    keys: Numbers
    articles: Numbers
    counts: Numbers
    places: Array


def merge(parts: Sequence[tuple[Segment, NDArray[np.bool_]]], file: ArrayWriter) -> int:
    """Write what lives in `parts` (a segment, which of its articles live). The number of articles."""
    lives = [live for _, live in parts]
    segments = [segment for segment, _ in parts]
    _merge_rows(segments, lives, file)
    _merge_facts(segments, lives, file)
    titles = [segment.title_key(n) for segment, live in parts for n in np.flatnonzero(live).tolist()]
    for name, section in title_sections(titles).items():
        file.add(name, section)
    _merge_kept(segments, lives, file)
    _merge_words(segments, lives, file)
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


def _merge_words(segments: Sequence[Segment], lives: Sequence[Array], file: ArrayWriter) -> None:
    names, sources = _sources(segments, lives)
    postings, places = (sum(counts) for counts in zip(*map(_living, sources), strict=True))
    wide = any(source.segment.places.dtype != np.uint16 for source in sources)
    file.reserve("docs", np.uint16, postings)
    file.reserve("counts", np.uint8, postings)
    file.reserve("places", np.uint32 if wide else np.uint16, places)
    lists, big, big_counts = [np.empty((3, 0), np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    posted = placed = 0
    for stretch in _stretches(sources):
        file.append("docs", stretch.articles)
        file.append("counts", short_counts(stretch.counts))
        file.append("places", stretch.places)
        firsts = np.flatnonzero(np.diff(stretch.keys, prepend=-1))
        places_before = np.cumsum(stretch.counts) - stretch.counts
        lists.append(np.stack([stretch.keys[firsts], firsts + posted, places_before[firsts] + placed]))
        big.append(np.flatnonzero(stretch.counts >= MOST_SHORT_COUNT) + posted)
        big_counts.append(stretch.counts[big[-1] - posted])
        posted, placed = posted + len(stretch.articles), placed + len(stretch.places)
    _add_terms(names, np.concatenate(lists, axis=1), (posted, placed), file)
    file.add("big_postings", np.concatenate(big))
    file.add("big_counts", np.concatenate(big_counts))


def _sources(segments: Sequence[Segment], lives: Sequence[Array]) -> tuple[list[bytes], list[Source]]:
    """The terms of all segments, sorted, and the segments with the numbers of their lists among all."""
    names = [segment.terms.all() for segment in segments]
    together = sorted(set().union(*names))
    rank = {name: at for at, name in enumerate(together)}
    sources, base = [], 0
    for segment, live, its_names in zip(segments, lives, names, strict=True):
        ranks = np.fromiter(map(rank.__getitem__, its_names), np.int64, len(its_names))
        bounds: Numbers = segment.file["term_lists"].astype(np.int64)
        keys = np.repeat(ranks, np.diff(bounds)) * FIELDS + segment.list_fields
        sources.append(Source(segment, live, base + np.cumsum(live) - 1, keys))
        base += int(live.sum())
    return together, sources


def _add_terms(names: Sequence[bytes], lists: Numbers, ends: tuple[int, int], file: ArrayWriter) -> None:
    """Only of terms that still stand somewhere. `lists`: of each its key, first posting, first place."""
    keys, postings, places = lists
    ranks, terms = np.unique(keys // FIELDS, return_inverse=True)
    keys = terms.reshape(-1) * FIELDS + keys % FIELDS
    sections = table_of([names[rank] for rank in ranks.tolist()])
    sections |= list_sections(keys, postings, ends[0], places, ends[1], len(ranks))
    for name, section in sections.items():
        file.add(name, section)


def _living(source: Source) -> tuple[int, int]:
    """How many postings and places live."""
    docs, counts = source.segment.docs, source.segment.counts(0, None)
    if source.live.all():
        return len(docs), len(source.segment.places)
    kept = source.live[docs]
    return int(kept.sum()), int(counts[kept].sum(dtype=np.int64))


def _stretches(sources: Sequence[Source]) -> Iterator[Stretch]:
    every = np.unique(np.concatenate([source.keys for source in sources]))
    sizes = np.zeros(len(every), np.int64)
    for source in sources:
        sizes[np.searchsorted(every, source.keys)] += np.diff(source.segment.list_postings)
    sums = np.cumsum(sizes)
    first = 0
    while first < len(every):
        before = sums[first - 1] if first else 0
        last = int(np.searchsorted(sums, before + MOST_AT_ONCE, side="right"))
        last = min(max(last, first + 1), first + MOST_LISTS_AT_ONCE, len(every))
        yield _stretch(sources, every[first:last])
        first = last


def _stretch(sources: Sequence[Source], lists: Numbers) -> Stretch:
    """The live postings of `lists`, which follow one another, out of all sources."""
    parts = [_part(source, lists) for source in sources]
    keys, articles, counts = (np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS)
    places = np.concatenate([part.places for part in parts])
    order = np.argsort(keys.astype(np.uint16), kind="stable")  # sources and their articles stay in order
    firsts = np.cumsum(counts) - counts
    counts_in_order = counts[order]
    return Stretch(lists[keys[order]], articles[order], counts_in_order, places[ranges(firsts[order], counts_in_order)])


_COLUMNS = ("keys", "articles", "counts")


def _part(source: Source, lists: Numbers) -> Stretch:
    segment = source.segment
    low, high = np.searchsorted(source.keys, (lists[0], lists[-1] + 1)).tolist()
    bounds = segment.list_postings[low : high + 1]
    first, last = int(bounds[0]), int(bounds[-1])
    keys = np.repeat(np.searchsorted(lists, source.keys[low:high]), np.diff(bounds))
    docs, counts = segment.docs[first:last], segment.counts(first, last).astype(np.int64)
    place_bounds = segment.list_places
    places = segment.places[int(place_bounds[low]) : int(place_bounds[high])]
    kept = source.live[docs]
    if kept.all():
        return Stretch(keys, source.renumbered[docs], counts, places)
    return Stretch(keys[kept], source.renumbered[docs[kept]], counts[kept], places[np.repeat(kept, counts)])
