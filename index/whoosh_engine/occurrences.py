"""Where in a snapshot something wanted occurs: postings of all segments, phrases by the arithmetic of places."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.wanted import Way
from index.whoosh_engine.arrays import Array, ranges
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.places import Places, Run

FIELD_BITS = 3
PLACE_BITS = 32

Scores = NDArray[np.float64]
_NOWHERE = np.empty(0, np.int64)


class Found(NamedTuple):
    """Articles of a snapshot, some more than once; the field (times the size of the snapshot) added to each; and how
    often each time."""

    articles: Numbers
    cells: Numbers
    counts: Scores


class Occurrences:
    """What was looked up, read; for one search."""

    def __init__(self, size: int, places: Places) -> None:
        """`size`: how many articles the snapshot has."""
        self._size = size
        self._places = places

    @cached_property
    def articles(self) -> Numbers:
        """Where it is; some more than once."""
        words = self._places.words
        docs = [run.segment.docs[run.first : run.last] for run in words]
        bases = np.repeat(np.array([run.base for run in words], np.int64), [run.last - run.first for run in words])
        found = [np.concatenate(docs) + bases] if words else []
        found += [row.articles for row in self._rows]
        return found[0] if len(found) == 1 else np.concatenate([_NOWHERE, *found])

    def found(self, inside: Numbers | None = None) -> Found:
        """All that is in `articles`, or what is at these places there."""
        parts = [self._of_words()] if self._places.words else []
        parts += [(row.cells - row.articles, row.counts) for row in self._rows]
        offsets, counts = parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts, strict=True))
        articles = self.articles
        if inside is not None:
            articles, offsets, counts = articles[inside], offsets[inside], counts[inside]
        return Found(articles, articles + offsets, counts.astype(np.float64))

    def _of_words(self) -> tuple[Numbers, Array]:
        """Of each posting what its field adds to the article's number, and how often."""
        runs = self._places.words
        counts = np.concatenate([run.segment.counts(run.first, run.last) for run in runs])
        if any(run.weight != 1.0 for run in runs):
            counts = counts * np.repeat([run.weight for run in runs], [run.last - run.first for run in runs])
        fields, sizes = np.concatenate([run.fields for run in runs]), np.concatenate([run.sizes for run in runs])
        return np.repeat(fields * np.int64(self._size), sizes), counts

    @cached_property
    def _rows(self) -> list[Found]:
        return [self._of_row(way, slots) for way, slots in self._places.rows]

    def _of_row(self, way: Way, slots: list[list[Run]]) -> Found:
        """Where a phrase stands: only articles that have all of its slots are looked into."""
        having = reduce(np.logical_and, (self._having(runs) for runs in slots))
        keys = [np.unique(np.concatenate([_keys_of(run, having) for run in runs])) for runs in slots]
        begins = _exact(way, keys) if way.slop is None else _sloppy(way, keys)
        texts, counts = np.unique(begins >> PLACE_BITS, return_counts=True)
        articles, fields = texts >> FIELD_BITS, texts & ((1 << FIELD_BITS) - 1)
        return Found(articles, articles + fields * self._size, counts.astype(np.float64))

    def _having(self, runs: Iterable[Run]) -> NDArray[np.bool_]:
        having = np.zeros(self._size, np.bool_)
        for run in runs:
            having[run.segment.docs[run.first : run.last] + np.int64(run.base)] = True
        return having


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
