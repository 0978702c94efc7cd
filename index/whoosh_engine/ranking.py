"""Which of the articles that answer come first: their words' scores, and beside these day, neighbours and title.

Only articles that could be among those shown have anything worked out but what their words score.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from index.bonuses import pairs_of, said_of
from index.query import And, Node
from index.scoring import FRESH, title_bonus
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.evaluate import SLACK, Evaluation, Scores
from index.whoosh_engine.snapshot import Answer, Plan
from index.whoosh_engine.values import lowest

FEW = 10  # times as many articles as are shown, up to which all are ranked


class Ranked(NamedTuple):
    """All that answer; and of these, with their scores, at least those that come first."""

    articles: Numbers
    best: Answer


def ranked(evaluation: Evaluation, node: Node, limit: int, *, prefer_recent: bool) -> Ranked:
    """The owner's articles that answer; and those that could be among the first `limit`, with their scores as
    `explaining` tells them."""
    every = evaluation.scored(node)
    if not len(every.articles):
        return Ranked(every.articles, every)
    plan = _plan(evaluation, node)
    articles, scores = _could_be_first(every, limit, plan)
    fresh = None
    if prefer_recent:
        fresh = evaluation.holdings.freshness.take(articles)
        scores = scores * fresh
    if plan.pairs:
        scores = evaluation.with_pairs(plan.pairs, articles, scores, fresh, limit)
    if plan.titled:
        scores = _with_title(plan, articles, scores)
    return Ranked(every.articles, Answer(articles, scores))


def scores_of(evaluation: Evaluation, articles: Numbers, node: Node) -> Scores:
    """The scores of some articles that answer, without their days."""
    answer = evaluation.scored_among(articles, node)
    scores = _with_title(_plan(evaluation, node), *answer)
    return scores[answer.articles.searchsorted(articles)]


def _plan(evaluation: Evaluation, node: Node) -> Plan:
    return evaluation.holdings.plans.get(node, lambda: _make_plan(evaluation, node))


def _make_plan(evaluation: Evaluation, node: Node) -> Plan:
    said = said_of(node)
    titled = evaluation.snapshot.titled(" ".join(said.words)) if said else []
    title = title_bonus(sum(map(evaluation.idf_of, said.parts))) if said and titled else 0.0
    return Plan(evaluation.worth(pairs_of(node.parts)) if isinstance(node, And) else [], titled, title)


def _could_be_first(every: Answer, limit: int, plan: Plan) -> Answer:
    """Without those that neither their day nor neighbours nor title could bring among the first `limit`."""
    articles, scores = every
    if not FEW < limit * FEW < len(articles):
        return every
    most = sum(bonus for _, bonus in plan.pairs)
    good = scores >= -lowest(-scores, limit) / (1 + FRESH) - most - SLACK
    good[_places_of(plan.titled, articles)] = True
    at = good.nonzero()[0]
    return Answer(articles.take(at), scores.take(at))


def _with_title(plan: Plan, articles: Numbers, scores: Scores) -> Scores:
    if at := _places_of(plan.titled, articles):
        scores = scores.copy()
        scores[at] += plan.title
    return scores


def _places_of(some: Sequence[int], articles: Numbers) -> list[int]:
    """Where those of `some` that are there stand."""
    if not some:
        return []
    places = articles.searchsorted(some).tolist()
    return [at for at, number in zip(places, some, strict=True) if at < len(articles) and int(articles[at]) == number]
