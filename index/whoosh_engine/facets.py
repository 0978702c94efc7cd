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
    days = snapshot.column("published")[found]
    days, counts = _counted(days[days > 0])
    dates = (days - EPOCH).astype("datetime64[D]").astype("datetime64[Y]" if name == "year" else "datetime64[M]")
    sums: dict[str, int] = {}
    for day, count in zip(np.datetime_as_string(dates).tolist(), counts.tolist(), strict=True):
        sums[day] = sums.get(day, 0) + count
    return list(sums.items())


def _counted(days: Numbers) -> tuple[Numbers, Numbers]:
    """The different days and how often each is there."""
    if not len(days):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    first = int(days.min())
    counts = np.bincount(days - first)
    there = np.flatnonzero(counts)
    return there + first, counts[there]
