"""Which words of an article tell most about it, for finding similar ones. Pure; shared by all engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from index.analysis import STEM, tokens
from index.scoring import idf
from index.wanted import Slot, Wanted, Way

CANDIDATES = 60  # most frequent words looked up; each costs one look into the index
MOST_TELLING = 20  # of them asked for
LEAST_LETTERS = 4  # shorter English words tell little, and in a small archive are not widespread enough to show it
WIDESPREAD = 0.2  # share of the articles beyond which a word tells nothing; small archives: see `_tells`
SHARED = 2  # words that a similar article shares at least
TIMES = {"title": 4, "lead": 2, "body": 1}  # an occurrence in the title counts as so many


@dataclass(frozen=True, slots=True)
class Telling:
    """A word in any of its forms."""

    word: str
    wanted: Wanted


def telling_words(
    texts: Iterable[tuple[str, str]], language: str, articles: int, found: Callable[[Wanted], int]
) -> tuple[Telling, ...]:
    """The most telling words of an article's `texts` (field, text), best first.

    `articles`: how many the owner has; `found(wanted)`: how many of them have it.
    """
    counts: Counter[str] = Counter()
    for field, text in texts:
        for token in tokens(text, language):
            if _may_tell(token.terms[0]):
                counts[token.terms[-1].removeprefix(STEM)] += TIMES.get(field, 1)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:CANDIDATES]
    worth: list[tuple[float, Telling]] = []
    for stem, count in ranked:
        wanted = Wanted((Way((Slot(0, {stem: 1.0, STEM + stem: 1.0}),)),))
        having = found(wanted)
        if _tells(having, articles):
            worth.append((count * idf(articles, having), Telling(stem, wanted)))
    worth.sort(key=lambda pair: (-pair[0], pair[1].word))
    return tuple(telling for _, telling in worth[:MOST_TELLING])


def _may_tell(word: str) -> bool:
    if any(map(str.isdigit, word)):
        return False
    return len(word) >= (LEAST_LETTERS if word.isascii() else 2)


def _tells(having: int, articles: int) -> bool:
    return 2 <= having <= max(3, articles * WIDESPREAD)


def enough_shared(shared: int, asked: int) -> bool:
    """Whether an article that has `shared` of the `asked` telling words is similar."""
    return shared >= min(SHARED, asked) > 0
