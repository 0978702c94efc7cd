"""The 120 questions of the search benchmark: twelve classes of ten, drawn from a corpus by document frequency.

Drawn from the first SAMPLE articles, so that the same questions are put to a thousand articles and to a million.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import date

from benchmarks.corpus import Corpus
from benchmarks.peers import Question
from benchmarks.words import FUNCTION_WORDS

EACH = 10
SAMPLE = 2_000

# Document frequencies as shares of the English articles; as search logs have them: names, subjects, everyday words.
_COMMON, _MEDIUM = (0.20, 0.75), (0.02, 0.08)
_FIRST, _END = date(2019, 1, 1), date(2022, 1, 1)
_WIDE_REGIONS, _NARROW_REGIONS = ("r-150", "r-142", "r-002"), ("r-middle-east", "r-154")
_PREFIX_LETTERS, _LONG = 4, 7
_STEMMED = "deisy"  # FTS5 stems a prefix too: one that ends so would find something else there
_WORD = re.compile(r"[a-z]{3,}")


def questions(corpus: Corpus, articles: int) -> list[Question]:
    """All 120, one of each class after the other; the same for the same corpus."""
    common, medium, rare = _words(corpus, min(articles, SAMPLE))
    long_words = [word for word in medium if len(word) >= _LONG and word[2] != word[3]]
    prefixes = sorted({word[:_PREFIX_LETTERS] for word in long_words if word[_PREFIX_LETTERS - 1] not in _STEMMED})
    chance = random.Random(corpus.seed)
    for pool in (common, medium, rare, prefixes, long_words):
        chance.shuffle(pool)
    regions = _WIDE_REGIONS + _NARROW_REGIONS
    asked: list[Question] = []
    for n in range(EACH):
        odd = n % 2
        mixed = (common[10 + n], medium[n]) if odd else (medium[n], medium[40 + n])
        region = regions[n % len(regions)]
        asked += [
            Question(kind="rare term", join="and", words=(rare[n],)),
            Question(kind="common term", join="and", words=(common[n],)),
            Question(kind="a AND b", join="and", words=mixed),
            Question(kind="a OR b OR c", join="or", words=(common[20 + n], medium[10 + n], medium[60 + n])),
            Question(kind="phrase", join="phrase", words=_phrase(corpus, n)),
            Question(kind="prefix", join="prefix", words=(prefixes[n],)),
            Question(kind="fuzzy", join="fuzzy", words=(_misspelt(long_words[n]),)),
            Question(kind="term + region", join="and", words=(medium[20 + n],), region=region),
            Question(
                kind="common + region + dates", join="and", words=(common[n],), region=region, days=(_FIRST, _END)
            ),
            Question(
                kind="facets region + topic", join="and", words=((common if odd else medium)[30 + n],), facets=True
            ),
            Question(kind="newest first", join="and", words=(common[5 + n],), newest=True),
            Question(
                kind="10 highlights",
                join="and",
                words=(common[n], medium[n]) if odd else (medium[30 + n],),
                highlights=True,
            ),
        ]
    return asked


def _words(corpus: Corpus, sample: int) -> tuple[list[str], list[str], list[str]]:
    """Common, medium and rare words of the sample's English articles, each by the alphabet."""
    counts: Counter[str] = Counter()
    english = 0
    for document in corpus.articles(sample):
        if document.language == "en":
            english += 1
            counts.update(set(_WORD.findall(f"{document.title} {document.lead} {document.body}".lower())))

    def between(low: float, high: float) -> list[str]:
        found = {word for word, count in counts.items() if low <= count / english < high}
        return sorted(found - set(FUNCTION_WORDS))

    rare = sorted(word for word, count in counts.items() if count == 1 and len(word) > _PREFIX_LETTERS)
    return between(*_COMMON), between(*_MEDIUM), rare


def _phrase(corpus: Corpus, n: int) -> tuple[str, ...]:
    """A fixed pair of words or, every third time, a person's name."""
    return tuple((corpus.people[n] if n % 3 == 2 else corpus.pairs[n]).lower().split())


def _misspelt(word: str) -> str:
    """Its third and fourth letters changed places."""
    return word[:2] + word[3] + word[2] + word[4:]
