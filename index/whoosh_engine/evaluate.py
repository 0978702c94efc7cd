"""A query over a snapshot: which articles answer, and with what score. Arrays all along, exhaustive, exact.

An answer is a row of numbers of articles, ascending, and their scores. What must also hold (`within`, a mask of all
articles) is handed down, so that of an And the rarest part comes first and the others only look where it was found.
Whoosh's own collectors skip blocks by quality and are wrong for a NOT b; nothing of them is used here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.bonuses import Pair, pairs_of
from index.query import And, Everything, Fuzzy, Node, Not, Or, Phrase, Prefix, Term
from index.scoring import SCORE_DIGITS, idf, pair_bonus, saturated
from index.wanted import Wanted, wanted_of
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.filters import is_filter, mask_of
from index.whoosh_engine.occurrences import Found, Occurrences, changes
from index.whoosh_engine.places import Places
from index.whoosh_engine.snapshot import Answer, Mask, Snapshot
from index.whoosh_engine.values import lowest

WORDS = (Term, Phrase, Prefix, Fuzzy)
SLACK = 2 * 10.0**-SCORE_DIGITS  # scores nearer than that may be a tie once rounded
SPARSE = 8  # times as many: looking each up is faster than marking them
DENSE = 12  # from one posting in so many articles on, adding up in an array of all articles is faster than sorting

Scores = NDArray[np.float64]


class Within(NamedTuple):
    """Where to look: `mask` of all articles, None: everywhere. Narrow: worth being asked before scoring."""

    mask: Mask | None
    is_narrow: bool = False

    def and_in(self, mask: Mask) -> Within:
        return Within(mask if self.mask is None else self.mask & mask, is_narrow=True)

    def keep(self, articles: Numbers) -> Numbers:
        kept: Numbers = articles if self.mask is None else articles[self.mask[articles]]
        return kept


class Evaluation:
    """One owner's answers from one snapshot. For one thread and one question."""

    def __init__(self, snapshot: Snapshot, owner: int) -> None:
        self.snapshot = snapshot
        self.holdings = snapshot.holdings(owner)
        self._everywhere = Within(None if self.holdings.is_everything else self.holdings.mask)
        self._occurrences: dict[Node, Occurrences] = {}
        self._asked: set[Node] = set()

    @property
    def average_lengths(self) -> Mapping[str, float]:
        return self.holdings.average_lengths

    @property
    def latest_day(self) -> int:
        return self.holdings.latest_day

    def wanted(self, node: Node) -> Wanted:
        return wanted_of(node, self.holdings.stemmers)

    def idf_of(self, node: Node) -> float:
        having = self.holdings.counted.get(node, lambda: self._count(self._occurrences_of(node).articles))
        return idf(self.holdings.articles, having)

    def answer(self, node: Node) -> Answer:
        """The owner's articles that answer, unscored."""
        return self._answer(node, self._everywhere, scored=False)

    def scored(self, node: Node) -> Answer:
        """The owner's articles that answer, and what their words score; without what neighbours among the parts of
        `node` itself add."""
        if isinstance(node, And):
            return self._all(node.parts, self._everywhere, scored=True, paired=False)
        return self._answer(node, self._everywhere, scored=True)

    def scored_among(self, articles: Numbers, node: Node) -> Answer:
        """Of some articles those that answer, and what they score."""
        return self._answer(node, Within(self._marked(articles), is_narrow=True), scored=True)

    def answers(self, node: Node) -> bool:
        return len(self.answer(node).articles) > 0

    def answer_to(self, wanted: Wanted) -> Answer:
        """Scored, for what is no node of a query."""
        return self._weigh(self._read(wanted))

    def found(self, wanted: Wanted) -> int:
        """How many of the owner's articles have it."""
        return self._count(self._read(wanted).articles)

    def worth(self, pairs: Sequence[Pair]) -> list[tuple[Term, float]]:
        """What neighbours are together, and what an article gets in which they stand so."""
        return [(together, pair_bonus(self.idf_of(first), self.idf_of(second))) for first, second, together in pairs]

    def with_pairs(
        self, pairs: Sequence[tuple[Term, float]], articles: Numbers, scores: Scores, fresh: Scores | None, limit: int
    ) -> Scores:
        """`scores` (times `fresh`) and what neighbours add; only articles that could come among the first `limit` are
        looked into."""
        looked = articles
        if limit < len(articles):
            most = sum(bonus for _, bonus in pairs)
            least = -lowest(-scores, limit) - SLACK if limit > 0 else np.inf
            looked = articles[scores + (most if fresh is None else most * fresh) >= least]
        scores = scores.copy()
        for together, bonus in pairs:
            at = articles.searchsorted(self._standing(together, looked))
            scores[at] += bonus if fresh is None else bonus * fresh[at]
        return scores

    def _standing(self, together: Term, looked: Numbers) -> Numbers:
        """Those of the articles looked into in which two neighbours stand together."""
        whole = self._remembered(together)
        if whole is not None:
            return looked.take(_places_in(whole.articles, looked)[0])
        standing = Occurrences(self.snapshot.size, self.holdings.places_of(together)).standing_in(self._marked(looked))
        return standing if len(standing) < 2 else np.unique(standing)

    def _answer(self, node: Node, within: Within, *, scored: bool) -> Answer:
        match node:
            case And(parts):
                return self._all(parts, within, scored=scored)
            case Or(parts):
                return self._any([self._answer(part, within, scored=scored) for part in parts])
            case Not(part):
                return self._none(part, within)
            case Term() | Phrase() | Prefix() | Fuzzy():
                return self._of_words(node, within, scored=scored)
            case _:
                return _unscored(np.flatnonzero(self._mask(node, within)))

    def _mask(self, node: Node, within: Within) -> Mask:
        if isinstance(node, Everything):
            return np.ones(self.snapshot.size, np.bool_) if within.mask is None else within.mask
        mask = mask_of(self.snapshot, node)
        return mask if within.mask is None else mask & within.mask

    def _all(self, parts: Sequence[Node], within: Within, *, scored: bool, paired: bool = True) -> Answer:
        """`paired`: with what neighbours add."""
        for part in filter(is_filter, parts):
            within = within.and_in(mask_of(self.snapshot, part))
        rest = [part for part in parts if not is_filter(part)]
        if len(rest) > 1:
            rest.sort(key=self._size)
        if not rest:
            return _unscored(np.flatnonzero(within.mask) if within.mask is not None else np.arange(self.snapshot.size))
        answer = self._answer(rest[0], within, scored=scored)
        for part in rest[1:]:
            if not len(answer.articles):
                return answer
            answer = self._both(answer, part, scored=scored)
        if scored and paired and len(answer.articles) and (pairs := pairs_of(parts)):
            scores = self.with_pairs(self.worth(pairs), *answer, None, len(answer.articles))
            answer = Answer(answer.articles, scores)
        return answer

    def _both(self, answer: Answer, part: Node, *, scored: bool) -> Answer:
        """What is in `answer` and answers `part` too."""
        articles, scores = answer
        whole = self._remembered(part) if isinstance(part, WORDS) else None
        if whole is not None and len(articles) * SPARSE < len(whole.articles):
            there, at = _places_in(whole.articles, articles)
            return Answer(articles.take(there), scores.take(there) + whole.scores.take(at))
        other = self._answer(part, Within(self._marked(articles), is_narrow=True), scored=scored)
        if len(other.articles) < len(articles):
            scores = scores.take(articles.searchsorted(other.articles))
        return Answer(other.articles, scores + other.scores)

    def _any(self, answers: Sequence[Answer]) -> Answer:
        articles = np.concatenate([answer.articles for answer in answers])
        scores = np.concatenate([answer.scores for answer in answers])
        if len(articles) * DENSE <= self.snapshot.size:
            return Answer(*_added_up(articles, scores))
        mask = self._marked(articles)
        together = mask.nonzero()[0]
        sums: Scores = np.bincount(articles, scores, self.snapshot.size).astype(np.float64, copy=False)
        return Answer(together, sums.take(together))

    def _none(self, part: Node, within: Within) -> Answer:
        if is_filter(part):
            without = ~mask_of(self.snapshot, part)
        else:
            without = ~self._marked(self._answer(part, within, scored=False).articles)
        return _unscored(np.flatnonzero(without if within.mask is None else without & within.mask))

    def _size(self, node: Node) -> int:
        """At most so many articles answer: what to begin with."""
        match node:
            case And(parts):
                return min(map(self._size, parts))
            case Or(parts):
                return sum(map(self._size, parts))
            case Term() | Phrase() | Prefix() | Fuzzy():
                return self.holdings.places_of(node).size
            case _:
                return self.snapshot.size

    def _occurrences_of(self, node: Node) -> Occurrences:
        if node not in self._occurrences:
            self._occurrences[node] = Occurrences(self.snapshot.size, self.holdings.places_of(node))
        return self._occurrences[node]

    def _read(self, wanted: Wanted) -> Occurrences:
        return Occurrences(self.snapshot.size, Places(self.snapshot.bases, self.snapshot.segments, wanted))

    def _of_words(self, node: Node, within: Within, *, scored: bool) -> Answer:
        whole = self._remembered(node)
        if whole is None and scored and not within.is_narrow:
            whole = self._remember(node)
        if whole is not None:
            if within.is_narrow and within.mask is not None:
                at = within.mask.take(whole.articles).nonzero()[0]
                whole = Answer(whole.articles.take(at), whole.scores.take(at))
            return whole if scored else _unscored(whole.articles)
        occurrences = self._occurrences_of(node)
        if not scored:
            mask = self._marked(occurrences.articles)
            return _unscored((mask if within.mask is None else mask & within.mask).nonzero()[0])
        found = self._frequencies(occurrences.found(within.mask), within)
        return Answer(found.articles, self.idf_of(node) * _saturated(found.scores))

    def _remembered(self, node: Node) -> Answer | None:
        """The whole answer to a word, phrase, prefix or fuzzy word, if it was asked for before: pages, facets and the
        next letters typed ask for the same words again."""
        whole = self.holdings.whole.find(node)
        if whole is None and node not in self._asked:
            if self.holdings.asked.find(node):
                return self._remember(node)
            self._asked.add(node)
            self.holdings.asked.put(node, True)
        return whole

    def _remember(self, node: Node) -> Answer:
        whole = self._weigh(self._occurrences_of(node))
        self.holdings.counted.put(node, len(whole.articles))
        self.holdings.whole.put(node, whole)
        return whole

    def _weigh(self, occurrences: Occurrences) -> Answer:
        articles, frequencies = self._frequencies(occurrences.found(), self._everywhere)
        scores = idf(self.holdings.articles, len(articles)) * _saturated(frequencies)
        for array in (articles, scores):
            array.flags.writeable = False
        return Answer(articles, scores)

    def _count(self, articles: Numbers) -> int:
        together = self._everywhere.keep(articles)
        if len(together) * DENSE <= self.snapshot.size:
            return len(np.unique(together))
        return int(np.count_nonzero(self._marked(together)))

    def _frequencies(self, found: Found, within: Within) -> Answer:
        """The weighted frequencies, see `scoring.field_share`."""
        shares = self.holdings.norms.take(found.cells)
        shares *= found.counts
        if found.ascend or len(shares) * DENSE <= self.snapshot.size:
            together, sums = _added_up(found.articles, shares, found.ascend)
            if within.mask is None or within.is_narrow:
                return Answer(together, sums)
            inside = within.mask[together]
            return Answer(together[inside], sums[inside])
        frequencies: Scores = np.bincount(found.articles, shares, self.snapshot.size).astype(np.float64, copy=False)
        mask = frequencies > 0
        together = (mask if within.mask is None else mask & within.mask).nonzero()[0]
        return Answer(together, frequencies.take(together))

    def _marked(self, articles: Numbers) -> Mask:
        mask = np.zeros(self.snapshot.size, np.bool_)
        mask[articles] = True
        return mask


_NONE = np.empty(0, np.int64)
NOTHING = Answer(_NONE, np.empty(0))


def _unscored(articles: Numbers) -> Answer:
    return Answer(articles, np.zeros(len(articles)))


def _added_up(articles: Numbers, values: Scores, ascend: bool = False) -> tuple[Numbers, Scores]:
    """Each article once, ascending, with the sum of its values; `ascend`: they do already."""
    if len(articles) < 2:
        return articles, values
    if not ascend:
        order = articles.argsort(kind="stable")
        articles, values = articles.take(order), values.take(order)
    firsts = changes(articles)
    if len(firsts) == len(articles):
        return articles, values
    return articles.take(firsts), np.add.reduceat(values, firsts)


def _places_in(many: Numbers, few: Numbers) -> tuple[Numbers, Numbers]:
    """What is in both of two ascending rows: where in `few`, where in `many`."""
    if not len(many):
        return _NONE, _NONE
    at = many.searchsorted(few)
    np.minimum(at, len(many) - 1, out=at)
    there = np.equal(many.take(at), few).nonzero()[0]
    return there, at.take(there)


def _saturated(frequencies: Scores) -> Scores:
    return saturated(frequencies)  # type: ignore[arg-type, return-value]
