"""How likely it is that a reader would take a country that a story names: a logistic curve over a few counts.

Fitted on editors' and readers' choices with `python -m benchmarks.tagging --fit`; the table that shows how well it
holds is in docs/suggesting.md.
"""

from __future__ import annotations

import math

from webapp.suggest.places_text import Manner
from webapp.suggest.places_weigh import Tally

_TWICE = 1.5  # of such mentions; below it there is hardly one
_HABIT = 1.0  # what an outlet that always deals with the country adds to the curve; taste
FEATURES = (
    "constant", "share", "log_score", "log_count", "in_title", "in_lead", "locative", "is_first", "rank", "rivals",
    "only_dateline", "dateline", "only_people", "only_institution", "only_places", "named", "single",
    "wire", "wire_share", "wire_title", "brief",
)  # fmt: skip
WEIGHTS = (
    -5.54, 2.58, 0.33, 0.77, 2.25, 1.20, -0.15, 1.08, 0.28, -0.01,
    1.40, 3.10, -0.35, -0.09, -0.30, 0.31, -0.11,
    1.89, -2.02, -1.41, 2.88,
)  # fmt: skip


def features(tally: Tally, ranked: list[Tally], *, manner: Manner) -> list[float]:
    """The counts of one country among all countries of its story, best first."""
    top = ranked[0].score or 1.0
    rank = next(at for at, each in enumerate(ranked) if each is tally)
    sorts = {sort for sort, times in tally.sorts.items() if times}
    rivals = sum(1 for each in ranked if each is not tally and each.score >= 0.3 * top)
    return [
        1.0,
        tally.score / top,
        math.log1p(tally.score),
        math.log1p(tally.solid),
        float(bool(tally.in_title)),
        float(bool(tally.in_lead)),
        float(bool(tally.locative)),
        float(rank == 0),
        float(min(rank, 5)),
        float(min(rivals, 5)),
        float(tally.is_dateline_only and manner.is_wire_copy),
        float(bool(tally.dateline) and manner.is_wire_copy),
        float(sorts == {"people"}),
        float(sorts == {"institution"}),
        float(bool(sorts) and not sorts & {"name", "people", "institution"}),
        float("name" in sorts),
        float(tally.solid < _TWICE),
        float(manner.is_wire_copy),
        manner.is_wire_copy * tally.score / top,
        float(manner.is_wire_copy and bool(tally.in_title)),
        float(manner.is_brief),
    ]


def confidence(tally: Tally, ranked: list[Tally], *, manner: Manner) -> float:
    """The share of readers that take it, 0 to 1, of a country among `ranked`, all countries of its story."""
    counts = features(tally, ranked, manner=manner)
    value = sum(weight * count for weight, count in zip(WEIGHTS, counts, strict=True)) + _HABIT * tally.habit
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def smaller_confidence(tally: Tally, top: float) -> float:
    """The same for an area, group or place; `top` is the primary country's score. Not fitted: no set has such tags."""
    share = min(1.0, tally.score / top) if top else 1.0
    return min(0.9, 0.15 + 0.45 * share + 0.2 * bool(tally.in_title) + 0.06 * min(5, tally.count))
