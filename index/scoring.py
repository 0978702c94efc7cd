"""How well an article answers words, and in which order articles come. Pure; shared by all engines.

BM25F (Robertson and Zaragoza 2009, section 3.6): occurrences in each field are weighted and normed by the field's
length, added up, and only then saturated. Statistics (articles, article frequency, average lengths) are those of the
owner's own articles, so that one owner's articles never move another's. A phrase, a prefix or a fuzzy word counts as
one term of its own. Neighbours that stand together, an exact title and a late day add to it: see `explaining`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from index.analysis import plain_word, read_words

# Measured on our judged queries where it says so (tests/test_relevance.py, 2026-11-24); else taste.
FIELD_WEIGHTS = {"title": 5.0, "lead": 2.0, "body": 1.0, "captions": 0.5, "note": 0.75}  # title: measured
LENGTH_NORM = {"title": 0.75, "lead": 0.5, "body": 0.75, "captions": 0.5, "note": 0.5}  # b; title: measured
SATURATION = 1.2  # k1, as usual
PAIR = 0.6  # of what its two words could be worth at most, on average; measured
FRESH = 0.05  # the newest article is worth so much more than an old one; measured: 0.1 loses as much as it gains
FRESH_HALF_LIFE_DAYS = 730  # measured; 365 and 1,460 are no worse
SCORE_DIGITS = 6  # scores that agree to so many digits are a tie, however they were summed

EPOCH = date(1970, 1, 1).toordinal()
DAY_US = 86_400_000_000
UNTITLED = "\U0010ffff"
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


def pair_bonus(first_idf: float, second_idf: float) -> float:
    """What two neighbours add where they stand together, once an article, however often."""
    return PAIR * (first_idf + second_idf) / 2 * (SATURATION + 1)


def title_bonus(idfs: float) -> float:
    """What an article gets whose title is the query, given the sum of the idf of its words: more than any without."""
    return idfs * (SATURATION + 1) * (1 + PAIR) * (1 + FRESH)


def freshness(published: int, latest: int) -> float:
    """What a score is multiplied by, given day numbers of the article and of the owner's last clip; 1 when unknown."""
    return 1 + FRESH * 2.0 ** (-max(0, latest - published) / FRESH_HALF_LIFE_DAYS) if published else 1.0


def term_score(
    counts: Mapping[str, tuple[float, int]], average_lengths: Mapping[str, float], idf_of_term: float
) -> float:
    """One term's score in one article; `counts`: field -> (occurrences, the field's length)."""
    frequency = sum(
        field_share(field, count, length, average_lengths[field]) for field, (count, length) in counts.items()
    )
    return idf_of_term * saturated(frequency)


def title_words(title: str) -> tuple[str, ...]:
    """The folded words of a title."""
    words: list[str] = []
    for chunk in title.split():  # no word reaches over a blank
        word = plain_word(chunk)
        words += (word,) if word is not None else _words_of(chunk)
    return tuple(words)


@lru_cache(maxsize=20_000)  # about 4 MB when full
def _words_of(chunk: str) -> tuple[str, ...]:
    return tuple(word.text for word in read_words(chunk))


def title_key(title: str) -> str:
    """What titles are sorted by: folded words; untitled articles come last."""
    return " ".join(title_words(title)) or UNTITLED


def day_number(day: date | None) -> int:
    """Days since the year 1; 0 when unknown, so that unknown days are the earliest."""
    return day.toordinal() if day else 0


def microseconds(moment: datetime) -> int:
    """Since 1970, UTC, exact: what clipping times are ordered by."""
    whole = int(moment.timestamp() // 1)
    return whole * 1_000_000 + moment.microsecond
