"""Articles that nobody wrote, as many as asked for, made while they are read: for measuring search.

Article number i depends on (seed, i) only, so a thousand articles are the beginning of a million, and no file is
needed. Words are invented from syllables and follow Zipf's law (English ones below a hundred real function words,
with inflected forms, so that stemmers have work); each article has a few words of its own subject and a few it keeps
coming back to, people, places, fixed pairs of words, codes and numbers. Region and topic tags are those of a new
archive, with their ancestors. Mean: 640 words. What it lacks: syntax, and phrases other than the fixed pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from benchmarks.words import FUNCTION_WORDS, LANGUAGES, english_words, foreign_words, invented
from index import Document
from webapp.model import TagKind
from webapp.seed import seed_tags
from webapp.tags import Vocabulary

SEED = 20_261_124
OWNER = 1
FIRST_DAY, LAST_DAY = date(2013, 1, 1), date(2026, 11, 1)
PEOPLE, PAIRS = 20_000, 30
SUBJECT_WORDS, RECURRING_WORDS = 160, 40

# Shares of an English article's words; taste, so that frequencies in articles come near those of newspapers.
_SUBJECT, _RECURRING, _SELDOM, _NUMBER = 0.10, 0.22, 0.228, 0.236  # each from the one before it
_SELDOM_WORDS = 2_000_000  # more than any corpus uses up: the vocabulary goes on growing, as it does in life

Floats = np.ndarray[Any, np.dtype[np.float64]]


def zipf(count: int, exponent: float, shift: float = 0.0) -> Floats:
    """Cumulative shares of `count` ranks, ending at 1."""
    weights = 1.0 / (np.arange(1, count + 1) + shift) ** exponent
    return np.cumsum(weights / weights.sum())


class Corpus:
    """Articles by number. Building it takes about half a second and 20 MB; an article 0.2 ms."""

    def __init__(self, seed: int = SEED) -> None:
        self.seed = seed
        chance = np.random.default_rng([seed, 0, 1])
        self.words = {"en": np.array(english_words(chance), dtype=object)}
        self.words |= {code: np.array(foreign_words(code, chance), dtype=object) for code in LANGUAGES if code != "en"}
        self._ranks = {code: zipf(len(words), 1.0, 2.7) for code, words in self.words.items()}
        self._language_codes = list(LANGUAGES)
        self._languages = np.cumsum(list(LANGUAGES.values()))
        names = [invented(number).capitalize() for number in range(7_000, 12_000)]
        self.people = [f"{first} {last}" for first, last in zip(*chance.choice(names, (2, PEOPLE)), strict=True)]
        self._people = zipf(PEOPLE, 0.9)
        content = len(FUNCTION_WORDS)
        pairs = chance.integers(content, 3_000, (PAIRS, 2))
        self.pairs = [f"{first} {last}" for first, last in self.words["en"][pairs]]
        self.outlets = [f"{invented(20 + number)}{kind}.example" for number in range(16) for kind in _PAPERS]
        self._outlets = zipf(len(self.outlets), 1.0)
        self._regions, self._topics = self._tags(TagKind.REGION, chance), self._tags(TagKind.TOPIC, chance)
        self._subjects = {topic: chance.integers(300, 20_000, SUBJECT_WORDS) for topic in self._topics}
        self._tag_ranks = {TagKind.REGION: zipf(len(self._regions), 0.8), TagKind.TOPIC: zipf(len(self._topics), 0.7)}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(seed_tags())

    def articles(self, count: int, *, start: int = 0) -> Iterator[Document]:
        return (self.article(number) for number in range(start, start + count))

    def article(self, number: int) -> Document:
        chance = np.random.default_rng([self.seed, 1, number])
        language = self._language_codes[_pick(chance, self._languages)]
        regions = self._some_tags(chance, TagKind.REGION, (0.45, 0.15))
        topics = self._some_tags(chance, TagKind.TOPIC, (0.6, 0.25))
        length = int(np.clip(chance.lognormal(6.31, 0.35), 170, 2_600))
        people = [self.people[_pick(chance, self._people)] for _ in range(1 + chance.integers(0, 5))]
        words = self._text(chance, language, length, regions, topics, people)
        blank = "" if language == "zh" else " "
        at = int(chance.integers(0, length // 2))
        title_words = words[at : at + int(chance.integers(5, 12))]
        lead = _sentences(chance, words[-int(chance.integers(12, 30)) :], blank)
        captions = _sentences(chance, words[at : at + int(chance.integers(0, 30))], blank)
        note = blank.join(words[: int(chance.integers(5, 20))]) if chance.random() < 0.1 else ""
        published, clipped = _days(chance)
        outlet = self.outlets[_pick(chance, self._outlets)]
        return Document(
            id=number + 1,
            owner=OWNER,
            revision=1,
            title=blank.join(title_words).title(),
            lead=" ".join(lead),
            body="\n".join(blank.join(paragraph) for paragraph in _paragraphs(chance, words, blank)),
            captions=" ".join(captions),
            note=note,
            authors=tuple(people[: int(chance.integers(0, 3))]),
            outlet=outlet,
            address=f"https://{outlet}/{clipped:%Y/%m}/{number}",
            language=language,
            regions=regions,
            region_lineage=self._lineage(regions),
            topics=topics,
            topic_lineage=self._lineage(topics),
            reading=("unread", "reading", "done")[_pick(chance, _READING)],
            starred=chance.random() < 0.05,
            has=("image", "note") if note else ("image",),
            published=published,
            clipped=clipped,
            words=length,
        )

    def _text(
        self,
        chance: np.random.Generator,
        language: str,
        length: int,
        regions: tuple[str, ...],
        topics: tuple[str, ...],
        people: list[str],
    ) -> list[str]:
        vocabulary, ranks = self.words[language], self._ranks[language]
        chosen = np.searchsorted(ranks, chance.random(length))
        if language != "en":
            return vocabulary[chosen].tolist()
        kind = chance.random(length)
        subject = np.concatenate([self._subjects[topic] for topic in topics])
        own = chance.integers(len(FUNCTION_WORDS), 12_000, RECURRING_WORDS)
        _replace(chosen, kind < _SUBJECT, subject, chance, 2.0)
        _replace(chosen, (kind >= _SUBJECT) & (kind < _RECURRING), own, chance, 1.5)
        words: list[str] = vocabulary[chosen].tolist()
        for place in np.flatnonzero((kind >= _RECURRING) & (kind < _NUMBER)).tolist():
            words[place] = self._seldom(chance) if kind[place] < _SELDOM else _number(chance)
        names = [self.vocabulary.get(region).name for region in regions]
        pairs = [self.pairs[int(PAIRS * chance.random() ** 1.6)] for _ in range(chance.integers(0, 5))]
        mentions = people + [person.rpartition(" ")[2] for person in people] + names + pairs
        for place, mention in zip(chance.integers(0, length, len(mentions)).tolist(), mentions, strict=True):
            words[place] = mention
        return words

    def _seldom(self, chance: np.random.Generator) -> str:
        return invented(30_000 + int(_SELDOM_WORDS * chance.random() ** 2))

    def _tags(self, kind: TagKind, chance: np.random.Generator) -> list[str]:
        """Tags that articles carry, the most frequent first: not the root of the tree."""
        tags = [tag.id for tag in self.vocabulary.all(kind) if tag.parents and not tag.retired]
        return [tags[place] for place in chance.permutation(len(tags))]

    def _some_tags(self, chance: np.random.Generator, kind: TagKind, more: tuple[float, float]) -> tuple[str, ...]:
        tags = self._regions if kind is TagKind.REGION else self._topics
        count = 1 + sum(chance.random() < share for share in more)
        return tuple(dict.fromkeys(tags[_pick(chance, self._tag_ranks[kind])] for _ in range(count)))

    def _lineage(self, tags: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(above for tag in tags for above in self.vocabulary.lineage(tag)))


_PAPERS = ("post", "times", "herald", "review", "wire")
_READING = np.cumsum([0.5, 0.2, 0.3])


def _pick(chance: np.random.Generator, shares: Floats) -> int:
    return min(int(np.searchsorted(shares, chance.random())), len(shares) - 1)


def _replace(chosen: Any, where: Any, by: Any, chance: np.random.Generator, skew: float) -> None:
    """Put words of `by` where `where` says, the first ones more often."""
    chosen[where] = by[(chance.random(int(where.sum())) ** skew * len(by)).astype(int)]


def _number(chance: np.random.Generator) -> str:
    if chance.random() < 0.8:
        return str(chance.integers(1, 5_000))
    first, second = chance.integers(97, 123, 2)
    return f"{chr(first)}{chr(second)}{chance.integers(100, 99_999)}"


def _sentences(chance: np.random.Generator, words: list[str], blank: str) -> list[str]:
    """The words with capitals and full stops: 6 to 25 words a sentence."""
    sentences, at = [], 0
    ends = np.cumsum(chance.integers(6, 26, len(words) // 6 + 1)).tolist()
    for end in ends:
        part = blank.join(words[at:end])
        if part:
            sentences.append(part[0].upper() + part[1:] + ("." if blank else "。"))
        at = end
    return sentences


def _paragraphs(chance: np.random.Generator, words: list[str], blank: str) -> Iterator[list[str]]:
    sentences, at = _sentences(chance, words, blank), 0
    while at < len(sentences):
        size = int(chance.integers(2, 7))
        yield sentences[at : at + size]
        at += size


def _days(chance: np.random.Generator) -> tuple[date | None, datetime]:
    """The day published (one in fifty has none) and the moment clipped; later years have more."""
    day = FIRST_DAY + timedelta(days=int((LAST_DAY - FIRST_DAY).days * chance.random() ** 0.6))
    clipped = min(day + timedelta(days=int(chance.exponential(30.0))), LAST_DAY)
    moment = datetime(clipped.year, clipped.month, clipped.day, tzinfo=UTC) + timedelta(
        seconds=int(chance.integers(0, 86_400))
    )
    return (None if chance.random() < 0.02 else day), moment
