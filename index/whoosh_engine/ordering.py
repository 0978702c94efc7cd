"""The first articles of an answer in the order of `engine.Engine`; only those are ever sorted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.scoring import SCORE_DIGITS, UNDATED_LAST
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.evaluate import SLACK
from index.whoosh_engine.segment import Segment
from index.whoosh_engine.snapshot import Answer, Snapshot
from index.whoosh_engine.values import lowest

FEWEST = 60  # articles that are sorted one by one
FEW = 400  # articles that are sorted at once rather than chosen from

Key = Callable[[Numbers], NDArray[Any]]
"""Articles -> what they are ordered by; the lowest comes first."""


def first_of(snapshot: Snapshot, answer: Answer, sort: str, limit: int) -> Numbers:
    """The places within `answer` of its first `limit` articles, in order."""
    articles = answer.articles
    if not len(articles) or limit <= 0:
        return np.empty(0, np.int64)
    if sort == "title":
        return _by_title(snapshot, articles, limit)
    at = _best(answer.scores, limit) if sort == "best" else np.arange(len(articles))
    if len(at) <= FEWEST:
        return _sorted(snapshot, at, articles.take(at), answer.scores.take(at), sort)[:limit]
    keys = [_of(key, articles) for key in _keys(snapshot, sort)]
    if sort == "best":
        keys.insert(0, lambda at: -np.round(answer.scores[at], SCORE_DIGITS))
    return _first(at, keys, limit)


def _sorted(snapshot: Snapshot, at: Numbers, articles: Numbers, scores: NDArray[np.float64], sort: str) -> Numbers:
    """A few places in order: one by one, quicker than as arrays."""
    if len(at) == 1:
        return at
    if sort == "best":
        rounded = [round(score, SCORE_DIGITS) for score in scores.tolist()]
        if len(set(rounded)) == len(rounded):  # nothing but the scores decides
            return at.take(sorted(range(len(rounded)), key=rounded.__getitem__, reverse=True))
    published, clipped, ids = (
        snapshot.column(name).take(articles).tolist() for name in ("published", "clipped", "ids")
    )
    match sort:
        case "best":
            keys: list[float] = scores.tolist()
        case "oldest":
            keys = [-(day or UNDATED_LAST) for day in published]
        case "clipped":
            keys = clipped
        case _:
            keys = [0] * len(ids)
    rows = zip(keys, published, clipped, ids, range(len(ids)), strict=True)
    order = sorted((round(key, SCORE_DIGITS), day, moment, id, place) for key, day, moment, id, place in rows)
    return at.take([row[4] for row in reversed(order)])


def _best(scores: NDArray[np.float64], limit: int) -> Numbers:
    """Places of the best scores; a few more, for those that tie when rounded."""
    if len(scores) <= 2 * limit:
        return np.arange(len(scores))
    return np.flatnonzero(scores >= -lowest(-scores, limit) - SLACK)


def _keys(snapshot: Snapshot, sort: str) -> list[Key]:
    published, clipped, ids = (snapshot.column(name) for name in ("published", "clipped", "ids"))
    tie: list[Key] = [lambda at: -published[at].astype(np.int64), lambda at: -clipped[at], lambda at: -ids[at]]
    match sort:
        case "oldest":
            return [lambda at: np.where(published[at] > 0, published[at], UNDATED_LAST), *tie]
        case "clipped":
            return [tie[1], tie[0], tie[2]]
        case _:
            return tie


def _of(key: Key, articles: Numbers) -> Key:
    return lambda at: key(articles[at])


def _first(at: Numbers, keys: Sequence[Key], limit: int) -> Numbers:
    """The first `limit` of `at`, in order: key by key, what is surely before and what ties with the last."""
    sure: list[Numbers] = []
    missing = limit
    for key in keys:
        if len(at) <= max(FEW, missing):
            break
        values = key(at)
        last = lowest(values, missing)
        before = values < last
        sure.append(at[before])
        missing -= len(sure[-1])
        at = at[values == last]
    chosen = np.concatenate([*sure, at])
    order = np.lexsort([key(chosen) for key in reversed(keys)])
    return chosen[order][:limit]


def _rank_in(segment: Segment, base: int) -> Key:
    return lambda articles: segment.title_ranks[articles - base].astype(np.int64)


def _by_title(snapshot: Snapshot, articles: Numbers, limit: int) -> Numbers:
    """Ranks compare within a segment; the first of each are compared by their titles."""
    tie = [_of(key, articles) for key in _keys(snapshot, "best")]
    bounds = np.searchsorted(articles, [*snapshot.bases, snapshot.size])
    titles: dict[int, bytes] = {}
    for segment, base, low, high in zip(snapshot.segments, snapshot.bases, bounds[:-1], bounds[1:], strict=True):
        first = _first(np.arange(low, high), [_of(_rank_in(segment, base), articles), *tie], limit)
        titles.update((at, segment.title_key(int(articles[at]) - base)) for at in first.tolist())
    chosen = np.fromiter(titles, np.int64, len(titles))
    rank = {title: number for number, title in enumerate(sorted(set(titles.values())))}
    ranks_of = np.array([rank[title] for title in titles.values()], np.int64)
    order = np.lexsort([*(key(chosen) for key in reversed(tie)), ranks_of])
    return chosen[order][:limit]
