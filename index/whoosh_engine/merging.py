"""Several segments become one, without what was deleted. Reads and writes a stretch of terms at a time.

However large the segments, only a stretch of terms, of postings and of texts, a few numbers of each entry and article,
and either the different sets of facts or the different chunks of texts are in memory at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.query import WORD_FIELDS
from index.whoosh_engine.arrays import Array, ArrayWriter, ranges
from index.whoosh_engine.building import Numbers, inverse, start_sections, title_sections
from index.whoosh_engine.facts import FactsGathered
from index.whoosh_engine.schema import FACTS, MANY
from index.whoosh_engine.segment import Segment
from index.whoosh_engine.terms import TermsGathered, entry_sections
from index.whoosh_engine.texts import chunk_letters, decoded, encoded, frequent_first, size_sections

MOST_ENTRIES_AT_ONCE = 60_000  # so that an entry's number fits into two bytes
STRETCHES_KEPT = 8  # after so many, what was read of the segments is let go
CHUNKS_AT_ONCE = 100_000  # about 10 MB
TEXTS_AT_ONCE = 2_000  # articles whose texts are renumbered at once: about 20 MB
_ROWS = ("owners", "revisions", "clipped", "published", "flags")


@dataclass(frozen=True)
class AtOnce:
    """How much is in memory at once."""

    terms: int = 100_000  # of all segments together: about 20 MB
    postings: int = 150_000  # about 20 MB


USUAL = AtOnce()


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
    """The entries of all sources in one order: `of`: for each source, which of them its own are, ascending; `keys`: the
    stem of each; `of_terms`: the entry of each term of the new table; `terms`: that table."""

    of: list[Numbers]
    keys: NDArray[np.uint64]
    of_terms: Numbers
    terms: TermsGathered


@dataclass(frozen=True)
class Stretch:
    """Postings of some entries, in order: for each its entry (counted from the first of these), article and byte, how
    often; and all places in a row."""

    entries: Numbers
    articles: Numbers
    hows: NDArray[np.uint8]
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
    _merge_texts(segments, lives, file)
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


def _merge_texts(segments: Sequence[Segment], lives: Sequence[Array], file: ArrayWriter) -> None:
    fields = len(WORD_FIELDS)
    parts = list(zip(segments, lives, strict=True))
    maps = _merge_chunks(parts, file)
    sizes = np.concatenate([segment.file["text_sizes"].reshape(-1, fields)[live] for segment, live in parts])
    file.begin("texts", np.uint8)
    bytes_of = [np.zeros(1, np.int64)]
    for (segment, live), mapped in zip(parts, maps, strict=True):
        chunks_of = segment.file["text_sizes"].reshape(-1, fields).sum(axis=1, dtype=np.int64)
        for content, some in _contents(segment, live):
            coded, ends = encoded(mapped[decoded(content)])
            file.append("texts", coded)
            bytes_of.append(np.diff(np.append(0, ends)[np.append(0, np.cumsum(chunks_of[some]))]))
        segment.file.let_go()
    file.end("texts")
    for section, values in size_sections(sizes, np.cumsum(np.concatenate(bytes_of))).items():
        file.add(section, values)


def _merge_chunks(parts: Sequence[tuple[Segment, NDArray[np.bool_]]], file: ArrayWriter) -> list[NDArray[np.uint32]]:
    """The chunks of all texts that live, once each; for each segment, the new numbers of its own."""
    counts = [_chunk_counts(segment, live) for segment, live in parts]
    there = [np.flatnonzero(its) for its in counts]
    firsts, which = _different(
        [segment.texts.chunk_keys()[its] for (segment, _), its in zip(parts, there, strict=True)]
    )
    found = np.concatenate([its[at] for its, at in zip(counts, there, strict=True)])
    order = frequent_first(np.bincount(which, found, len(firsts)))
    numbers = inverse(order).astype(np.uint32)[which]
    maps = []
    low = 0
    for its, at in zip(counts, there, strict=True):
        mapped = np.zeros(len(its), np.uint32)
        mapped[at] = numbers[low : low + len(at)]
        maps.append(mapped)
        low += len(at)
    del which, found, numbers
    _write_chunks(parts, there, firsts[order], file)
    return maps


def _different(keys: Sequence[NDArray[np.uint64]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Of each different key where it stands first, and for each key which of these it is. `np.unique` takes twice the
    memory."""
    together = np.concatenate(keys)
    order = np.argsort(together, kind="stable").astype(np.int32)
    together = together[order]
    new = np.append(True, together[1:] != together[:-1])[: len(together)]
    del together
    which = np.empty(len(order), np.int32)
    which[order] = np.cumsum(new, dtype=np.int32) - 1
    return order[new], which


def _write_chunks(
    parts: Sequence[tuple[Segment, NDArray[np.bool_]]],
    there: Sequence[Numbers],
    chosen: NDArray[np.int32],
    file: ArrayWriter,
) -> None:
    """`there`: the chunks of each segment that are used; `chosen`: which of all these in a row, in their new order."""
    files = [segment.file for segment, _ in parts]
    bases = np.cumsum([0, *(len(each["chunks"]) for each in files)])
    starts, sizes, positions = (
        np.concatenate(rows)[chosen]
        for rows in (
            [each["chunk_starts"][at] + np.int64(base) for each, at, base in zip(files, there, bases, strict=False)],
            [np.diff(each["chunk_starts"])[at] for each, at in zip(files, there, strict=True)],
            [each["chunk_positions"][at] for each, at in zip(files, there, strict=True)],
        )
    )
    blob = np.concatenate([each["chunks"] for each in files])
    letters = [np.empty(0, np.uint8)]
    file.begin("chunks", np.uint8)
    for low in range(0, len(chosen), CHUNKS_AT_ONCE):
        some = sizes[low : low + CHUNKS_AT_ONCE].astype(np.int64)
        content = blob[ranges(starts[low : low + CHUNKS_AT_ONCE], some)]
        file.append("chunks", content)
        letters.append(chunk_letters(content, np.append(0, np.cumsum(some))))
    file.end("chunks")
    file.add("chunk_starts", np.append(0, np.cumsum(sizes, dtype=np.int64)).astype(np.uint32))
    file.add("chunk_letters", np.concatenate(letters))
    file.add("chunk_positions", positions)


def _chunk_counts(segment: Segment, live: NDArray[np.bool_]) -> Numbers:
    counts = np.zeros(len(segment.file["chunk_starts"]) - 1, np.int64)
    for content, _ in _contents(segment, live):
        counts += np.bincount(decoded(content), minlength=len(counts))
    return counts


def _contents(segment: Segment, live: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.uint8], Numbers]]:
    """The texts of live articles as bytes, some at a time, and the numbers of the articles."""
    numbers = np.flatnonzero(live)
    starts = segment.file["text_starts"].astype(np.int64)
    for first in range(0, len(numbers), TEXTS_AT_ONCE):
        some = numbers[first : first + TEXTS_AT_ONCE]
        at = starts[some]
        sizes = starts[some + 1] - at
        if int(some[-1] - some[0]) == len(some) - 1:
            yield segment.file["texts"][at[0] : at[0] + int(sizes.sum())], some
        else:
            yield segment.file["texts"][ranges(at, sizes)], some


def _merge_words(segments: Sequence[Segment], lives: Sequence[Array], file: ArrayWriter, at_once: AtOnce) -> None:
    sources = list(_sources(segments, lives))
    living = list(map(_living, sources))
    entries = _entries(segments, [sizes > 0 for sizes, _ in living], at_once.terms)
    sizes = np.zeros(len(entries.keys), np.int64)
    for of, (its, _) in zip(entries.of, living, strict=True):
        np.add.at(sizes, of[its > 0], its[its > 0])
    postings, places = int(sizes.sum()), sum(count for _, count in living)
    wide = any(segment.places.dtype != np.uint16 for segment in segments)
    file.reserve("docs", np.uint16, postings)
    file.reserve("hows", np.uint8, postings)
    file.reserve("places", np.uint32 if wide else np.uint16, places)
    posted, placed = 0, 0
    place_starts, big = [np.empty(0, np.int64)], [np.empty((2, 0), np.int64)]
    for number, (first, last) in enumerate(_stretches(sizes, at_once.postings)):
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
    terms = entries.terms.sections()
    starts = start_sections(np.append(0, np.cumsum(sizes)), np.append(np.concatenate(place_starts), placed))
    for name, section in {**terms, **entry_sections(entries.keys, entries.of_terms), **starts}.items():
        file.add(name, section)
    big_postings, big_counts = np.concatenate(big, axis=1)
    file.add("big_postings", big_postings)
    file.add("big_counts", big_counts)


def _sources(segments: Sequence[Segment], lives: Sequence[Array]) -> Iterator[Source]:
    base = 0
    for segment, live in zip(segments, lives, strict=True):
        yield Source(segment, live, base + np.cumsum(live) - 1)
        base += int(live.sum())


def _living(source: Source) -> tuple[Numbers, int]:
    """How many postings of each entry live, and how many places."""
    segment = source.segment
    bounds = segment.entry_postings.astype(np.int64)
    if source.live.all():
        return np.diff(bounds), len(segment.places)
    kept = source.live[segment.docs]
    before = np.append(0, np.cumsum(kept))
    at = np.flatnonzero(kept)
    places = int(segment.counts(at, segment.hows[at]).sum())
    return np.diff(before[bounds]), places


def _entries(segments: Sequence[Segment], used: Sequence[Array], at_once: int) -> Entries:
    """What is `used` of each source's entries, in one order."""
    terms = TermsGathered()
    words = [np.empty(segment.terms.count, np.int64) for segment in segments]  # of each term: which word it is
    keys = [segment.terms.keys() for segment in segments]
    new_terms = [np.empty((2, 0), np.uint64)]
    seen = 0
    for names, bounds in _names(segments, at_once):
        rank = {name: number for number, name in enumerate(sorted(set().union(*names)), start=seen)}
        pairs = []
        for segment, its_names, (low, high), of, its_keys, its_used in zip(
            segments, names, bounds, words, keys, used, strict=True
        ):
            of[low:high] = np.fromiter(map(rank.__getitem__, its_names), np.int64, high - low)
            there = its_used[segment.file["term_entries"][low:high]]
            pairs.append(np.stack([of[low:high].astype(np.uint64)[there], its_keys[low:high][there]]))
        together = np.concatenate(pairs, axis=1)
        order = np.lexsort((together[1], together[0]))
        together = together[:, order]
        together = together[:, np.append(True, (np.diff(together) != 0).any(axis=0))[: len(order)]]
        by_number = list(rank)
        terms.add([by_number[number - seen] for number in together[0].tolist()])
        new_terms.append(together)
        seen += len(rank)
    found = np.concatenate(new_terms, axis=1)
    order = np.lexsort((found[0], found[1]))  # by stem, then by word
    of_terms = np.empty(len(order), np.int64)
    of_terms[order] = np.arange(len(order))
    # Both orders are by stem, then by word, and words keep theirs: an entry's place is found among all by halving.
    place_of = _Places(found[:, order])
    of = []
    for segment, its_words, its_keys, its_used in zip(segments, words, keys, used, strict=True):
        its_entries = segment.file["term_entries"]
        mapped = np.full(len(its_used), -1, np.int64)
        there = its_used[its_entries]
        mapped[its_entries[there]] = place_of(its_words[there].astype(np.uint64), its_keys[there])
        of.append(mapped)
    return Entries(of, found[1, order], of_terms, terms)


class _Places:
    """Finds (word, stem) pairs among those sorted by stem, then by word."""

    def __init__(self, pairs: Array) -> None:
        keys, self._words = pairs[1], pairs[0]
        firsts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        self._keys = keys[firsts]
        self._groups = np.repeat(np.arange(len(firsts)), np.diff(np.append(firsts, len(keys))))
        self._shift = np.int64(int(self._words.max(initial=0)) + 1)
        self._both = self._groups * self._shift + self._words.astype(np.int64)

    def __call__(self, words: Array, keys: Array) -> Numbers:
        both = np.searchsorted(self._keys, keys) * self._shift + words.astype(np.int64)
        places: Numbers = np.searchsorted(self._both, both)
        return places


def _names(segments: Sequence[Segment], at_once: int) -> Iterator[tuple[list[list[bytes]], list[tuple[int, int]]]]:
    """All terms of all segments in order, some at a time: what lies between every so many of the segment with most.
    Of each segment the terms, and from and to which."""
    most = max((segment.terms for segment in segments), key=lambda terms: terms.count)
    each = max(1, at_once // len(segments))
    edges = sorted({most[number] for number in range(each, most.count, each)})
    bounds = [[0, *map(segment.terms.before, edges), segment.terms.count] for segment in segments]
    for at in range(len(edges) + 1):
        pairs = [(its[at], its[at + 1]) for its in bounds]
        yield [segment.terms.between(*pair) for segment, pair in zip(segments, pairs, strict=True)], pairs


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


def _part(source: Source, of: Numbers, first: int, last: int) -> tuple[Array, ...]:
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
