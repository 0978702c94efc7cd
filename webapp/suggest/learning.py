"""What a reader's decisions teach, made anew from the log: outlets, words, names, topics, and how often we are right.

Pure and deterministic: the same decisions and stories give the same. The last answer about a tag on an article counts.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from webapp.evidence import Answer, Decision, Memory, Story
from webapp.suggest.learning_examples import answers_of, model_of, topic_lessons
from webapp.suggest.learning_lessons import Lesson
from webapp.suggest.learning_names import NameOffer, Phrases, best_offers, name_offers, phrases_of
from webapp.suggest.learning_places import meanings_of, outlets_of
from webapp.suggest.learning_topics import Features, TopicModel, features_of
from webapp.suggest.topics import topic_scores
from webapp.suggest.topics_lexicon import TopicLexicon, topic_lexicon_of
from webapp.tags import Vocabulary

_MOST_ARTICLES = 3_000  # that are read again; more would take seconds after each decision
_MOST_SEEN = 1_500  # stories whose features are kept: 4 kB each
_TOLD_APART_BY = 8_000  # characters of the body: as many as the suggester reads


@dataclass(frozen=True, slots=True)
class Precision:
    """How often what a maker suggested was taken, of what was answered."""

    maker: str
    accepted: int
    refused: int

    @property
    def share(self) -> float:
        return self.accepted / (self.accepted + self.refused) if self.accepted + self.refused else 0.0


@dataclass(frozen=True, slots=True)
class Learned:
    """All that was learned. Small: some dozens of bytes a decision, and the topic model's megabytes."""

    topics: TopicModel = field(default_factory=TopicModel)
    _outlets: Mapping[str, Counter[str]] = field(default_factory=dict)
    _meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # outlet ("" for all) → word → tag or ""
    _lessons: tuple[Lesson, ...] = ()
    _offers: tuple[NameOffer, ...] = ()
    _precision: tuple[Precision, ...] = ()

    def memory(self, outlet: str, vocabulary: Vocabulary) -> Memory:
        """What the suggester of places is to know for a story from `outlet`; tags that are gone or retired left out."""
        regions: Counter[str] = Counter()
        for tag_id, times in self._outlets.get(outlet, {}).items():
            survivor = vocabulary.survivor(tag_id) if tag_id in vocabulary else None
            if survivor is not None or tag_id not in vocabulary:
                regions[survivor.id if survivor else tag_id] += times
        meanings = {**self._meanings.get("", {}), **(self._meanings.get(outlet, {}) if outlet else {})}
        return Memory(
            outlet_regions=dict(regions),
            outlet_articles=sum(regions.values()),
            meanings=meanings,
        )

    def lessons(self) -> tuple[Lesson, ...]:
        """Everything that was learned, in sentences, those that rest on most decisions first."""
        return self._lessons

    def alias_offers(self, without: Collection[tuple[str, str]] = ()) -> tuple[NameOffer, ...]:
        """Names that the reader's own tagging shows a tag to lack, at most one a tag, best first.

        `without`: (tag id, folded name) that the reader does not want to be offered.
        """
        return best_offers(self._offers, without)

    def precision(self) -> tuple[Precision, ...]:
        """By maker, of what was answered."""
        return self._precision


def learn(decisions: Iterable[Decision], story_of: Callable[[int], Story | None], *, vocabulary: Vocabulary) -> Learned:
    """What `decisions` teach. `story_of` gives an article's words, or None when it is gone; asked once for each
    article, in the order of the log. Of very many articles the words of the last ones are read."""
    log = sorted(decisions, key=lambda each: each.id)
    standing: dict[tuple[int, str], Decision] = {(each.article_id, each.tag_id): each for each in log}
    held = sorted(standing.values(), key=lambda each: each.id)
    outlets, outlet_lessons = outlets_of(held, vocabulary)
    meanings, word_lessons = meanings_of(held, vocabulary)
    answers = answers_of(held, vocabulary)
    wants_names = any(each.answer is Answer.ADDED for each in held)
    read: dict[int, Features] = {}
    phrases: dict[int, Phrases] = {}
    for article_id in list(dict.fromkeys(each.article_id for each in log))[-_MOST_ARTICLES:]:
        if (article_id in answers or wants_names) and (story := story_of(article_id)) is not None:
            if article_id in answers:
                read[article_id] = _features(story, vocabulary)
            if wants_names:
                phrases[article_id] = phrases_of(story)
    return Learned(
        topics=model_of({each: found for each, found in answers.items() if each in read}, read, held),
        _outlets=outlets,
        _meanings=meanings,
        _lessons=(*outlet_lessons, *word_lessons, *topic_lessons(held, vocabulary)),
        _offers=name_offers(held, phrases, vocabulary),
        _precision=_precision(log),
    )


def _features(story: Story, vocabulary: Vocabulary) -> Features:
    """What the model sees of a story; kept, because the log is read again after each decision."""
    parts = (story.title, story.standfirst, story.body[:_TOLD_APART_BY], story.captions[:2_000], story.language)
    key = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    known = _seen(topic_lexicon_of(vocabulary, ""))
    if key not in known:
        if len(known) >= _MOST_SEEN:
            known.pop(next(iter(known)))
        known[key] = features_of(story, dict(topic_scores(story, vocabulary=vocabulary)))
    return known[key]


@lru_cache(maxsize=2)
def _seen(lexicon: TopicLexicon) -> dict[bytes, Features]:
    return {}


def _precision(log: list[Decision]) -> tuple[Precision, ...]:
    accepted: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    last: dict[tuple[int, str], Decision] = {}
    for each in log:
        before = last.get((each.article_id, each.tag_id))
        last[each.article_id, each.tag_id] = each
        if before is not None and before.answer is Answer.ACCEPTED:
            accepted[before.maker] -= 1
        elif before is not None and before.answer in (Answer.REJECTED, Answer.NEVER):
            refused[before.maker] -= 1
        maker = each.maker or (before.maker if before is not None else "")
        if not maker:
            continue
        if each.answer is Answer.ACCEPTED:
            accepted[maker] += 1
        elif each.answer in (Answer.REJECTED, Answer.NEVER):
            refused[maker] += 1
    makers = sorted(maker for maker in accepted | refused if maker and accepted[maker] + refused[maker] > 0)
    return tuple(Precision(maker, accepted[maker], refused[maker]) for maker in makers)
