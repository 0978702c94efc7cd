"""Where in a snapshot something wanted occurs: postings of all segments, phrases by the arithmetic of places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache, reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.wanted import Way
from index.whoosh_engine.arrays import Array, ranges
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.places import Places, Run
from index.whoosh_engine.schema import MANY
from index.whoosh_engine.segment import FIELD_OF

FIELD_BITS = 3
PLACE_BITS = 32
SMALL = 2_500  # postings of a word, up to which it is quicker to read all its places than to choose

Scores = NDArray[np.float64]
Mask = NDArray[np.bool_]
_NOWHERE = np.empty(0, np.int64)
_NEVER = np.empty(0)
_FIELD_OF_HOW = FIELD_OF << PLACE_BITS


class Found(NamedTuple):
    """Articles of a snapshot, some more than once; the field (times the size of the snapshot) added to each; and how
    often each time."""

    articles: Numbers
    cells: Numbers
    counts: Scores
    ascend: bool = False
    """Whether the articles surely do."""


_NOTHING = Found(_NOWHERE, _NOWHERE, _NEVER)


class Occurrences:
    """What was looked up, read; for one search."""

    def __init__(self, size: int, places: Places) -> None:
        """`size`: how many articles the snapshot has."""
        self._size = size
        self._places = places
        self._cells_of = cells_of(size)

    @cached_property
    def articles(self) -> Numbers:
        """Where it is; some more than once."""
        if self._places.field is None:
            found = [np.add(run.segment.docs[run.at], run.base, dtype=np.int64) for run in self._places.words]
        else:
            found = [self._of_run(run, None).articles for run in self._places.words]
        found += [row.articles for row in self._rows]
        return _joined(found, _NOWHERE)

    def found(self, inside: Mask | None = None) -> Found:
        """All that there is, or what is in articles of `inside`."""
        parts = [self._of_run(run, inside) for run in self._places.words]
        parts += [_inside(row, inside) for row in self._rows]
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return _NOTHING
        ascend = all(part.ascend for part in parts) and len({run.which for run in self._places.words}) == len(parts)
        articles, cells, counts = map(np.concatenate, zip(*(part[:3] for part in parts), strict=True))
        return Found(articles, cells, counts, ascend)

    def _of_run(self, run: Run, inside: Mask | None) -> Found:
        docs, hows, at, weights = run.segment.docs[run.at], run.segment.hows[run.at], run.at, run.weights
        kept = _kept(run, self._places.field, docs, hows, inside)
        if kept is not None:
            docs, hows = docs.take(kept), hows.take(kept)
            at = kept + run.at.start if isinstance(run.at, slice) else run.at[kept]
            weights = None if weights is None else weights.take(kept)
        articles = np.add(docs, run.base, dtype=np.int64)
        counts = run.segment.counts(at, hows, many=run.many)
        if weights is not None:
            counts *= weights
        return Found(articles, articles + self._cells_of.take(hows), counts, len(run.entries) == 1)

    @cached_property
    def _rows(self) -> list[Found]:
        return [self.standing(way, slots, None) for way, slots in self._places.rows]

    def standing(self, way: Way, slots: list[list[Run]], inside: Mask | None) -> Found:
        """Where a phrase stands, in articles inside: few, and most of them have all of its slots. None: anywhere; then
        only articles that have all of its slots are looked into."""
        if way.slop is None and self._places.field is None and (pairs := _pairs_of(slots)) is not None:
            begins = _joined([self._neighbours(way, *pair, inside) for pair in pairs], _NOWHERE)
            return self._standing(begins, inside)
        having = reduce(np.logical_and, map(self._having, slots)) if inside is None else inside
        keys = [_keys_of_slot(runs, self._places.field, having) for runs in slots]
        return self._standing(_exact(way, keys) if way.slop is None else _sloppy(way, keys), None)

    def _standing(self, begins: Numbers, inside: Mask | None) -> Found:
        """`begins`: article, field and place in one number, ascending; those in articles inside."""
        texts = begins >> PLACE_BITS
        if inside is not None:
            texts = texts[inside.take(texts >> FIELD_BITS)]
        if not len(texts):
            return _NOTHING
        firsts = changes(texts)
        counts = np.diff(firsts, append=len(texts)).astype(np.float64)
        texts = texts[firsts]
        articles, fields = texts >> FIELD_BITS, texts & ((1 << FIELD_BITS) - 1)
        return Found(articles, articles + fields * self._size, counts)

    def _neighbours(self, way: Way, first: Run, second: Run, inside: Mask | None) -> Numbers:
        """Where two words of one segment stand as `way` says, at least all that do in articles inside: article, field
        and place in one number, ascending."""
        if inside is None and max(first.size, second.size) > SMALL:
            inside = self._having([min(first, second, key=lambda run: run.size)])
        begins = _keys_of_stretch(first, inside)
        middle = len(begins)
        keys = np.concatenate((begins, _keys_of_stretch(second, inside)))
        others = keys[middle:]
        others -= way.slots[1].offset - way.slots[0].offset
        keys <<= 1
        others += 1  # a place of both is then an even number and the one after it, whatever stands there twice
        keys.sort(kind="stable")
        behind = keys[1:]
        meeting = np.equal(behind - keys[:-1], 1)
        meeting &= np.equal(behind & 1, 1)
        found: Numbers = behind[meeting]
        found >>= 1
        found -= way.slots[0].offset
        return found

    def standing_in(self, inside: Mask) -> Numbers:
        """The articles inside where it is; some more than once."""
        found = [self._of_run(run, inside).articles for run in self._places.words]
        found += [self.standing(way, slots, inside).articles for way, slots in self._places.rows]
        return _joined(found, _NOWHERE)

    def _having(self, runs: Iterable[Run]) -> Mask:
        having = np.zeros(self._size, np.bool_)
        for run in runs:
            having[run.base : run.base + run.segment.count][run.segment.docs[run.at]] = True
        return having


@lru_cache(maxsize=8)
def cells_of(size: int) -> Numbers:
    """What the field in a posting's byte adds to the number of its article."""
    return FIELD_OF * size


def changes(ascending: Numbers) -> Numbers:
    """Where a number stands for the first time."""
    new = np.empty(len(ascending), np.bool_)
    new[:1] = True
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    return new.nonzero()[0]


def _kept(
    run: Run, field: int | None, docs: NDArray[np.uint16], hows: NDArray[np.uint8], inside: Mask | None
) -> Numbers | None:
    """Which postings are of the field that is asked for and of articles inside; None: all."""
    if inside is None:
        return None if field is None else np.equal(FIELD_OF, field).take(hows).nonzero()[0]
    right = inside[run.base : run.base + run.segment.count].take(docs)
    if field is not None:
        right &= np.equal(FIELD_OF, field).take(hows)
    return right.nonzero()[0]


def _inside(row: Found, inside: Mask | None) -> Found:
    if inside is None:
        return row
    kept = inside[row.articles]
    return Found(row.articles[kept], row.cells[kept], row.counts[kept])


def _joined(parts: list[Numbers], nothing: Numbers) -> Numbers:
    return parts[0] if len(parts) == 1 else np.concatenate([nothing, *parts])


def _keys_of_slot(runs: list[Run], field: int | None, having: Mask) -> Numbers:
    keys = _joined([keys_of(run, field, having) for run in runs], _NOWHERE)
    if max(len(run.entries) for run in runs) > 1 or len({run.which for run in runs}) < len(runs):
        keys.sort(kind="stable")  # entries ascend already, and are merged
        keys = keys[changes(keys)]  # a word and parts joined may stand at one place
    return keys


def keys_of(run: Run, field: int | None, having: Mask) -> Numbers:
    """Article, field and place in one number: places that follow one another differ by 1. Entry by entry, ascending."""
    segment = run.segment
    docs, hows = segment.docs[run.at], segment.hows[run.at]
    kept = _kept(run, field, docs, hows, having)
    if kept is None:
        raise AssertionError("places are read of some articles only")
    if run.many or not isinstance(run.at, slice):
        counts: Array = segment.counts(run.at, hows, many=run.many).astype(np.int64)
    else:
        counts = hows & np.uint8(MANY)
    firsts = counts.cumsum(dtype=np.int64)
    firsts -= counts
    if isinstance(run.at, slice):
        firsts = firsts.take(kept)
        firsts += int(segment.entry_places[run.entries[0]])
    else:
        bounds = segment.entry_postings
        sizes = bounds[run.entries + 1].astype(np.int64) - bounds[run.entries]
        begins = np.cumsum(sizes) - sizes
        firsts = (firsts - np.repeat(firsts[begins] - segment.entry_places[run.entries], sizes))[kept]
    texts = np.add(docs.take(kept), run.base, dtype=np.int64)
    texts <<= FIELD_BITS + PLACE_BITS
    texts += _FIELD_OF_HOW.take(hows.take(kept))
    counts = counts.take(kept).astype(np.int64)
    keys = texts.repeat(counts)
    keys += segment.places[ranges(firsts, counts)]
    return keys


def _exact(way: Way, keys: list[Numbers]) -> Numbers:
    shifted = [found - slot.offset for found, slot in zip(keys, way.slots, strict=True)]
    return reduce(_common, sorted(shifted, key=len))


def _common(left: Numbers, right: Numbers) -> Numbers:
    """What is in both; both ascend, and `left` is the shorter or nearly so."""
    if not len(right):
        return right
    at = right.searchsorted(left)
    np.minimum(at, len(right) - 1, out=at)
    common: Numbers = left[right.take(at) == left]
    return common


def _pairs_of(slots: Sequence[Sequence[Run]]) -> list[tuple[Run, Run]] | None:
    """Two words, segment by segment; None for more, and where a word is not one stretch of a segment."""
    if len(slots) != 2:
        return None
    firsts, seconds = ({run.which: run for run in runs} for runs in slots)
    for runs, by_segment in zip(slots, (firsts, seconds), strict=True):
        if len(by_segment) < len(runs) or any(run.many or not isinstance(run.at, slice) for run in runs):
            return None
    return [(firsts[which], seconds[which]) for which in firsts if which in seconds]


def _keys_of_stretch(run: Run, inside: Mask | None) -> Numbers:
    """As `keys_of`, for a run that is one stretch with no count that its byte does not tell: the places of all of it
    when it is small, which takes fewer steps."""
    segment, entries = run.segment, run.entries
    docs, hows, bounds = segment.docs[run.at], segment.hows[run.at], segment.entry_places
    low = int(bounds[entries[0]])
    counts = hows & np.uint8(MANY)
    if inside is None or run.size <= SMALL:
        places = segment.places[low : int(bounds[entries[-1] + 1])]
    else:
        kept = inside[run.base : run.base + segment.count].take(docs).nonzero()[0]
        firsts = counts.cumsum(dtype=np.int64).take(kept)
        docs, hows, counts = docs.take(kept), hows.take(kept), counts.take(kept)
        firsts -= counts
        firsts += low
        places = segment.places.take(ranges(firsts, counts.astype(np.int64)))
    texts = np.add(docs, run.base, dtype=np.int64)
    texts <<= FIELD_BITS + PLACE_BITS
    texts += _FIELD_OF_HOW.take(hows)
    keys = texts.repeat(counts)
    keys += places
    return keys


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
