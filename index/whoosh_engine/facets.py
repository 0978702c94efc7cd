"""How many of the articles found have each value of a facet. Exact, over the whole result."""

from __future__ import annotations

import numpy as np

from index.document import Facet
from index.scoring import EPOCH
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.schema import STARRED
from index.whoosh_engine.snapshot import Snapshot


def facet(snapshot: Snapshot, name: str, found: Numbers) -> Facet:
    """`name` is one of `engine.FACETS`; `found` are the numbers of the articles found."""
    match name:
        case "year" | "month":
            return tuple(sorted(_by_date(snapshot, name, found), key=lambda pair: (-pair[1], pair[0])))
        case "starred":
            starred = int(np.count_nonzero(snapshot.column("flags")[found] & STARRED))
            return (("yes", starred),) if starred else ()
        case _:
            return snapshot.facts(name).count(found)


def _by_date(snapshot: Snapshot, name: str, found: Numbers) -> list[tuple[str, int]]:
    days = snapshot.column("published").take(found)
    days, counts = _counted(days[days > 0])
    unit = "datetime64[Y]" if name == "year" else "datetime64[M]"
    periods, sums = _counted((days - EPOCH).astype("datetime64[D]").astype(unit).astype(np.int64), counts)
    return list(zip(np.datetime_as_string(periods.astype(unit)).tolist(), sums.tolist(), strict=True))


def _counted(numbers: Numbers, each: Numbers | None = None) -> tuple[Numbers, Numbers]:
    """The different numbers and how often each is there, or the sum of `each`."""
    if not len(numbers):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    first = int(numbers.min())
    counts = np.bincount(numbers - first, each).astype(np.int64)
    there = np.flatnonzero(counts)
    return there + first, counts[there]
