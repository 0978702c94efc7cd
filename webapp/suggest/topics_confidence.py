"""How sure a suggested topic is: a logistic curve over what speaks for it, fitted once on labelled news."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.suggest.topics import Tally
    from webapp.suggest.topics_lexicon import TopicLexicon


def confidence(
    tag_id: str,
    shares: Mapping[str, float],
    tallies: Mapping[str, Tally],
    lexicon: TopicLexicon,
    learned: Mapping[str, float],
) -> float:
    tally = tallies.get(tag_id)
    if tally is None:
        return min(0.79, learned.get(tag_id, 0.0))
    share = shares.get(tag_id, 0.0)
    z = -1.6 + 3.5 * share + 0.4 * math.log1p(tally.score) + 0.4 * tally.in_title + 0.2 * math.log1p(len(tally.terms))
    return max(1 / (1 + math.exp(-z)), min(0.79, learned.get(tag_id, 0.0)))
