"""A query over a snapshot: which articles answer, and with what score. Exhaustive, one array element an article.

Whoosh's own collectors skip blocks by quality and are wrong for a NOT b; nothing of them is used here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from index.near import near_words
from index.query import (
    WORD_FIELDS,
    And,
    By,
    Dates,
    Everything,
    Fuzzy,
    Has,
    Is,
    Lang,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Site,
    Tagged,
    Term,
    Untagged,
)
from index.scoring import FIELD_WEIGHTS, LENGTH_NORM, day_number, idf, saturated
from index.wanted import Slot, Wanted, Way, occurrences, wanted_of
from index.whoosh_engine.schema import AUTHORS, PLACE_BITS
from index.whoosh_engine.segment import Numbers
from index.whoosh_engine.snapshot import Mask, Snapshot

Scores = NDArray[np.float64]
Counts = NDArray[np.float64]
"""Occurrences: one line an article, one column a field, authors last."""

_WEIGHTS = np.array([FIELD_WEIGHTS[field] for field in WORD_FIELDS])
_NORMS = np.array([LENGTH_NORM[field] for field in WORD_FIELDS])
_DAY_US = 86_400_000_000
_EPOCH = date(1970, 1, 1).toordinal()


class Evaluation:
    """One owner's answers from one snapshot."""

    def __init__(self, snapshot: Snapshot, owner: int) -> None:
        self.snapshot = snapshot
        self.holdings = snapshot.holdings(owner)
        self.mine: Mask = self.holdings.mask

    def wanted(self, node: Node) -> Wanted:
        return wanted_of(node, self.holdings.stemmers)

    def answers(self, node: Node) -> Mask:
        """The owner's articles that answer."""
        return self._evaluated(node, scored=False)[0]

    def scored(self, node: Node) -> tuple[Mask, Scores]:
        """The owner's articles that answer, and every article's score (0 where it does not answer)."""
        return self._evaluated(node, scored=True)

    def scored_wanted(self, wanted: Wanted) -> tuple[Mask, Scores]:
        counts = self._counts(wanted)
        mask = self._found(counts)
        return mask, self._scores(counts, mask)

    def found(self, wanted: Wanted) -> int:
        """How many of the owner's articles have it."""
        return int(self._found(self._counts(wanted)).sum())

    def _evaluated(self, node: Node, *, scored: bool) -> tuple[Mask, Scores]:
        match node:
            case And(parts):
                masks, scores = zip(*(self._evaluated(part, scored=scored) for part in parts), strict=True)
                mask = reduce(np.logical_and, masks)
                return mask, np.where(mask, sum(scores), 0.0)
            case Or(parts):
                masks, scores = zip(*(self._evaluated(part, scored=scored) for part in parts), strict=True)
                return reduce(np.logical_or, masks), np.asarray(sum(scores))
            case Not(part):
                return self.mine & ~self._evaluated(part, scored=False)[0], self._zeros()
            case Term() | Phrase() | Prefix() | Fuzzy():
                counts = self._counts(self.wanted(node))
                mask = self._found(counts)
                return mask, self._scores(counts, mask) if scored else self._zeros()
            case _:
                return self.mine & self._having(node), self._zeros()

    def _zeros(self) -> Scores:
        return np.zeros(self.snapshot.size)

    def _found(self, counts: Counts) -> Mask:
        return self.mine & counts[:, :AUTHORS].any(axis=1)

    def _scores(self, counts: Counts, mask: Mask) -> Scores:
        """BM25F; the same numbers as `scoring.term_score`, for all articles at once."""
        lengths = self.snapshot.lengths[mask] / self.holdings.average_lengths
        shares = _WEIGHTS * counts[mask, :AUTHORS] / (1 - _NORMS + _NORMS * lengths)
        scores = self._zeros()
        scores[mask] = idf(self.holdings.articles, int(mask.sum())) * _saturated(shares.sum(axis=1))
        return scores

    def _counts(self, wanted: Wanted) -> Counts:
        counts = np.zeros((self.snapshot.size, AUTHORS + 1))
        for way in wanted.ways:
            if len(way.slots) == 1:
                self._count_words(way.slots[0], counts)
            else:
                self._count_rows(way, counts)
        if wanted.field is not None:
            counts[:, [field != wanted.field for field in (*WORD_FIELDS, "")]] = 0
        return counts

    def _count_words(self, slot: Slot, counts: Counts) -> None:
        for term in self._terms(slot):
            weight = slot.weight(term)
            for base, postings in self.snapshot.postings(term):
                counts[postings.docs + base] += weight * postings.counts()

    def _count_rows(self, way: Way, counts: Counts) -> None:
        keys = [self._keys(slot) for slot in way.slots]
        if way.slop is None:
            shifted = [found - slot.offset for found, slot in zip(keys, way.slots, strict=True)]
            starts = reduce(_common, sorted(shifted, key=len))
        else:
            starts = _sloppy(way, keys)
        np.add.at(counts, (starts >> 32, (starts & 0xFFFFFFFF) >> PLACE_BITS), 1.0)

    def _keys(self, slot: Slot) -> Numbers:
        """The places of a slot's terms, each once, ascending; see `Postings.keys`."""
        found = [
            postings.keys() + (base << 32)
            for term in self._terms(slot)
            for base, postings in self.snapshot.postings(term)
        ]
        together = np.concatenate(found) if found else np.empty(0, np.int64)
        return together if len(slot.terms) == 1 else np.unique(together)

    def _terms(self, slot: Slot) -> Iterable[str]:
        if slot.beginning:
            return [word for word in self.snapshot.words if word.startswith(slot.beginning)]
        return near_words(slot.near, self.snapshot.words, slot.edits) if slot.near else slot.terms

    def _having(self, node: Node) -> Mask:
        """The articles, of all owners, that a filter lets through."""
        having = self.snapshot.having
        match node:
            case Everything():
                return np.ones(self.snapshot.size, np.bool_)
            case Tagged(kind, name, exact):
                return having(f"{kind}=" if exact else kind, name)
            case Untagged(kind):
                return having(f"{kind}s", "none")
            case Site(host):
                return having("site", host)
            case By(name):
                wanted = self.wanted(Phrase(name))
                return self._counts(wanted)[:, AUTHORS] > 0
            case Lang(code):
                return having("lang", code)
            case Is(state):
                return self._is(state)
            case Has(part):
                return having("has", part)
            case Dates(field, first, end):
                return self._dated(field, first, end)
            case _:
                raise TypeError(f"not a query: {node!r}")

    def _is(self, state: str) -> Mask:
        match state:
            case "starred" | "failed":
                return self.snapshot.having(state, "yes")
            case "tagged" | "untagged":
                bare = self.snapshot.having("regions", "none") & self.snapshot.having("topics", "none")
                return bare if state == "untagged" else ~bare
            case _:
                return self.snapshot.having("reading", state)

    def _dated(self, field: str, first: date | None, end: date | None) -> Mask:
        if field == "clipped":
            days = self.snapshot.rows["clipped"] // _DAY_US + _EPOCH
        else:
            days = self.snapshot.rows["published"].astype(np.int64)
        mask: Mask = days > 0
        if first is not None:
            mask &= days >= day_number(first)
        if end is not None:
            mask &= days < day_number(end)
        return mask


def _saturated(frequencies: Scores) -> Scores:
    return saturated(frequencies)  # type: ignore[arg-type, return-value]


def _common(left: Numbers, right: Numbers) -> Numbers:
    """What is in both; both ascend, and `left` is the shorter or nearly so."""
    if not len(right):
        return right
    at = np.minimum(np.searchsorted(right, left), len(right) - 1)
    common: Numbers = left[right[at] == left]
    return common


def _sloppy(way: Way, keys: list[Numbers]) -> Numbers:
    """The keys where a sloppy phrase begins, text by text (article and field)."""
    texts = reduce(_common, [np.unique(found >> PLACE_BITS) for found in keys])
    begins: list[int] = []
    for text in texts.tolist():
        low = text << PLACE_BITS
        rows = [found[slice(*np.searchsorted(found, (low, low + (1 << PLACE_BITS))))].tolist() for found in keys]
        begins += occurrences(way, rows)
    return np.array(begins, np.int64)
