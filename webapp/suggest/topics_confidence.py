"""How sure a suggested topic is: what share of such suggestions readers would take.

Two logistic curves, fitted once on 287 labelled news stories and 1,500 short texts (2026-11-24, cross-validated in
docs/suggesting.md): that a story is about a top-level topic, and that it is about a narrower one if so.
"""

from __future__ import annotations

import math


def of_root(*, share: float, of_best: float, score: float, in_title: bool, terms: int) -> float:
    """`share` of all that speaks for top-level topics, `of_best`: that by the best one's; `terms`: how many different
    words and phrases; `score`: their weights added up."""
    z = -6.44 + 3.51 * share + 2.62 * of_best + 1.04 * math.log1p(score) + 0.06 * in_title + 0.40 * math.log1p(terms)
    return _logistic(z)


def of_narrower(*, of_parent: float, score: float, in_title: bool, terms: int) -> float:
    """Given that the topic above is right. `of_parent`: its share by that of the topic above."""
    z = -3.31 + 2.68 * of_parent + 0.93 * math.log1p(score) + 0.10 * in_title - 0.22 * math.log1p(terms)
    return _logistic(z)


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
