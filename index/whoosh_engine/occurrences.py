"""Where in a snapshot something wanted stands: postings of all segments, phrases by the arithmetic of places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.query import WORD_FIELDS
from index.wanted import SLIP_WEIGHT, Slot, Wanted, Way
from index.whoosh_engine.arrays import Array, ranges
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.schema import AUTHORS, FIELDS
from index.whoosh_engine.segment import Segment
from index.whoosh_engine.slips import near_terms
from index.whoosh_engine.snapshot import Snapshot

FIELD_BITS = 3
PLACE_BITS = 32

Scores = NDArray[np.float64]

_NOWHERE = np.empty(0, np.int64)


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


class Found(NamedTuple):
    """Articles of a snapshot, some more than once; the field (times the size of the snapshot) added to each; and how
    often each time."""

    articles: Numbers
    cells: Numbers
    counts: Scores


class Places:
    """What is wanted, found in a snapshot's tables of terms; postings are read when asked for."""

    def __init__(self, snapshot: Snapshot, wanted: Wanted, *, of_authors: bool = False) -> None:
        self._snapshot = snapshot
        fields = [True] * AUTHORS if wanted.field is None else [field == wanted.field for field in WORD_FIELDS]
        self._asked = [*(asked and not of_authors for asked in fields), of_authors]
        self._words: list[Run] = []
        self._rows: list[tuple[Way, list[list[Run]]]] = []
        for way in wanted.ways:
            slots = [self._runs(slot) for slot in way.slots]
            if len(slots) == 1:
                self._words += slots[0]
            else:
                self._rows.append((way, slots))

    @property
    def size(self) -> int:
        """At most so many articles have it."""
        return _size(self._words) + sum(min(map(_size, slots)) for _, slots in self._rows)

    @cached_property
    def articles(self) -> Numbers:
        """Where it is; some more than once."""
        words = self._words
        docs = [run.segment.docs[run.first : run.last] for run in words]
        bases = np.repeat(np.array([run.base for run in words], np.int64), [run.last - run.first for run in words])
        found = [np.concatenate(docs) + bases] if words else []
        found += [row.articles for row in self._rows_found]
        return found[0] if len(found) == 1 else np.concatenate([_NOWHERE, *found])

    def found(self, inside: Numbers | None = None) -> Found:
        """All that is in `articles`, or what is at these places there."""
        parts = [self._of_words()] if self._words else []
        parts += [(row.cells - row.articles, row.counts) for row in self._rows_found]
        offsets, counts = parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts, strict=True))
        articles = self.articles
        if inside is not None:
            articles, offsets, counts = articles[inside], offsets[inside], counts[inside]
        return Found(articles, articles + offsets, counts.astype(np.float64))

    def _runs(self, slot: Slot) -> list[Run]:
        runs: list[Run] = []
        if slot.near:
            return self._near(slot)
        for base, segment in zip(self._snapshot.bases, self._snapshot.segments, strict=True):
            if slot.beginning:
                low, high = segment.terms.beginning(slot.beginning.encode("utf-8", "surrogatepass"))
                runs += self._of_terms(base, segment, low, high, 1.0)
            else:
                for term, weight in _terms(segment, slot):
                    runs += self._of_terms(base, segment, term, term + 1, weight)
        return runs

    def _near(self, slot: Slot) -> list[Run]:
        segments, bases = self._snapshot.segments, self._snapshot.bases
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

    def _of_words(self) -> tuple[Numbers, Array]:
        """Of each posting what its field adds to the article's number, and how often."""
        runs = self._words
        counts = np.concatenate([run.segment.counts(run.first, run.last) for run in runs])
        if any(run.weight != 1.0 for run in runs):
            counts = counts * np.repeat([run.weight for run in runs], [run.last - run.first for run in runs])
        fields, sizes = np.concatenate([run.fields for run in runs]), np.concatenate([run.sizes for run in runs])
        return np.repeat(fields * np.int64(self._snapshot.size), sizes), counts

    @cached_property
    def _rows_found(self) -> list[Found]:
        return [self._of_row(way, slots) for way, slots in self._rows if all(slots)]

    def _of_row(self, way: Way, slots: list[list[Run]]) -> Found:
        """Where a phrase stands: only articles that have all of its slots are looked into."""
        having = reduce(np.logical_and, (self._having(runs) for runs in slots))
        keys = [np.unique(np.concatenate([_keys_of(run, having) for run in runs])) for runs in slots]
        begins = _exact(way, keys) if way.slop is None else _sloppy(way, keys)
        texts, counts = np.unique(begins >> PLACE_BITS, return_counts=True)
        articles, fields = texts >> FIELD_BITS, texts & ((1 << FIELD_BITS) - 1)
        return Found(articles, articles + fields * self._snapshot.size, counts.astype(np.float64))

    def _having(self, runs: Iterable[Run]) -> NDArray[np.bool_]:
        having = np.zeros(self._snapshot.size, np.bool_)
        for run in runs:
            having[run.segment.docs[run.first : run.last] + np.int64(run.base)] = True
        return having


def _size(runs: Iterable[Run]) -> int:
    return sum(run.last - run.first for run in runs)


def _terms(segment: Segment, slot: Slot) -> Iterator[tuple[int, float]]:
    """The terms of a segment that a slot accepts, with their weights."""
    for term, weight in slot.terms.items():
        number = segment.terms.find(term.encode("utf-8", "surrogatepass"))
        if number >= 0:
            yield number, weight


def _keys_of(run: Run, having: NDArray[np.bool_]) -> Numbers:
    """Article, field and place in one number: places that follow one another differ by 1."""
    articles = np.add(run.segment.docs[run.first : run.last], run.base, dtype=np.int64)
    counts = run.segment.counts(run.first, run.last).astype(np.int64)
    inside = np.flatnonzero(having[articles])
    firsts = np.cumsum(counts)[inside] - counts[inside] + int(run.segment.list_places[run.low])
    texts = (articles[inside] << FIELD_BITS) + np.repeat(run.fields, run.sizes)[inside]
    counts = counts[inside]
    keys: Numbers = np.repeat(texts << PLACE_BITS, counts) + run.segment.places[ranges(firsts, counts)]
    return keys


def _exact(way: Way, keys: list[Numbers]) -> Numbers:
    shifted = [found - slot.offset for found, slot in zip(keys, way.slots, strict=True)]
    return reduce(_common, sorted(shifted, key=len))


def _common(left: Numbers, right: Numbers) -> Numbers:
    """What is in both; both ascend, and `left` is the shorter or nearly so."""
    if not len(right):
        return right
    at = np.minimum(np.searchsorted(right, left), len(right) - 1)
    common: Numbers = left[right[at] == left]
    return common


def _sloppy(way: Way, keys: list[Numbers]) -> Numbers:
    """The places that begin a stretch with every slot in it: see `wanted.occurrences`."""
    stretch = way.width + (way.slop or 0)
    begins: Numbers = np.unique(np.concatenate(keys))
    for found in keys:
        if not len(found):
            return found
        following = np.searchsorted(found, begins)
        nearest = found[np.minimum(following, len(found) - 1)]
        begins = begins[(following < len(found)) & (nearest < begins + stretch)]
    return begins
