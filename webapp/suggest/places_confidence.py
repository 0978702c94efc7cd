"""How likely it is that a reader would take a country that a story names: a logistic curve over a few counts.

Fitted on editors' and readers' choices with `python -m benchmarks.tagging --fit`; the table that shows how well it
holds is in docs/suggesting.md.
"""

from __future__ import annotations

import math

from webapp.suggest.places_weigh import Tally

FEATURES = (
    "constant", "share", "log_score", "log_count", "in_title", "in_lead", "locative", "is_first", "rank", "rivals",
    "only_dateline", "dateline", "only_people", "only_institution", "only_places", "named", "single",
)  # fmt: skip
WEIGHTS = (
    -2.0, 3.0, 0.6, 0.3, 1.0, 0.4, 0.3, 1.2, -0.3, -0.1, -0.4, 0.0, -0.2, -1.0, -0.2, 0.3, -0.3,
)  # fmt: skip


def features(tally: Tally, ranked: list[Tally]) -> list[float]:
    """The counts of one country among all countries of its story, best first."""
    top = ranked[0].score or 1.0
    rank = next(at for at, each in enumerate(ranked) if each is tally)
    sorts = {sort for sort, times in tally.sorts.items() if times}
    rivals = sum(1 for each in ranked if each is not tally and each.score >= 0.3 * top)
    return [
        1.0,
        tally.score / top,
        math.log1p(tally.score),
        math.log1p(tally.count),
        float(bool(tally.in_title)),
        float(bool(tally.in_lead)),
        float(bool(tally.locative)),
        float(rank == 0),
        float(min(rank, 5)),
        float(min(rivals, 5)),
        float(tally.dateline == tally.count),
        float(bool(tally.dateline)),
        float(sorts == {"people"}),
        float(sorts == {"institution"}),
        float(bool(sorts) and not sorts & {"name", "people", "institution"}),
        float("name" in sorts),
        float(tally.count == 1),
    ]


def confidence(tally: Tally, ranked: list[Tally]) -> float:
    value = sum(weight * feature for weight, feature in zip(WEIGHTS, features(tally, ranked), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
