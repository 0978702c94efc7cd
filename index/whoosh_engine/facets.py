"""How many of the articles found have each value of a facet. Exact, over the whole result."""

from __future__ import annotations

from collections import Counter

from index.document import Facet
from index.whoosh_engine.snapshot import Mask, Snapshot


def facet(snapshot: Snapshot, name: str, found: Mask) -> Facet:
    """`name` is one of `engine.FACETS`: each is a kind of fact (see `schema.facts_of`)."""
    counts: Counter[str] = Counter()
    for value, docs in snapshot.facts(name):
        counts[value] += int(found[docs].sum())
    return tuple(sorted(((v, n) for v, n in counts.items() if n), key=lambda pair: (-pair[1], pair[0])))
