"""How well an article answers words, and in which order articles come. Pure; shared by all engines.

BM25F (Robertson and Zaragoza 2009, section 3.6): occurrences in each field are weighted and normed by the field's
length, added up, and only then saturated. Statistics (articles, article frequency, average lengths) are those of the
owner's own articles, so that one owner's articles never move another's. A phrase, a prefix or a fuzzy word counts as
one term of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime

from index.analysis import read_words

FIELD_WEIGHTS = {"title": 3.0, "lead": 2.0, "body": 1.0, "captions": 0.5, "note": 0.75}  # taste
LENGTH_NORM = {"title": 0.3, "lead": 0.5, "body": 0.75, "captions": 0.5, "note": 0.5}  # b; 0.75 as usual for prose
SATURATION = 1.2  # k1, as usual
SCORE_DIGITS = 6  # scores that agree to so many digits are a tie, however they were summed

UNDATED_LAST = 4_000_000  # a day number after the end of the calendar (3,652,059)


def idf(articles: int, found: int) -> float:
    """How telling a term is that `found` of `articles` have; never below 0."""
    return math.log(1 + (articles - found + 0.5) / (found + 0.5))


def field_share(field: str, count: float, length: int, average_length: float) -> float:
    """One field's part of the weighted frequency; `count` may be fractional (weighted forms)."""
    norm = LENGTH_NORM[field]
    return FIELD_WEIGHTS[field] * count / (1 - norm + norm * length / average_length)


def saturated(frequency: float) -> float:
    """The weighted frequency brought between 0 and k1 + 1."""
    return frequency * (SATURATION + 1) / (SATURATION + frequency)


def term_score(
    counts: Mapping[str, tuple[float, int]], average_lengths: Mapping[str, float], idf_of_term: float
) -> float:
    """One term's score in one article; `counts`: field -> (occurrences, the field's length)."""
    frequency = sum(
        field_share(field, count, length, average_lengths[field]) for field, (count, length) in counts.items()
    )
    return idf_of_term * saturated(frequency)


def title_key(title: str) -> str:
    """What titles are sorted by: folded words; untitled articles come last."""
    return " ".join(word.text for word in read_words(title)) or "\U0010ffff"


def day_number(day: date | None) -> int:
    """Days since the year 1; 0 when unknown, so that unknown days are the earliest."""
    return day.toordinal() if day else 0


def microseconds(moment: datetime) -> int:
    """Since 1970, UTC, exact: what clipping times are ordered by."""
    whole = int(moment.timestamp() // 1)
    return whole * 1_000_000 + moment.microsecond
