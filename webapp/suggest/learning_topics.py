"""What decisions about topics teach: one logistic model a topic over a story's words and what the lexicon says of it.

Trained from the first decision to the last in a fixed order, so that the same log gives the same model. Blended with
the lexicon by how much was decided: p = (1 - w) · prior + w · learned, w = n / (n + 30) over all articles, and
n / (n + 10) over those of a topic (measured 2026-11-23 on three sets: never more than a point below the prior).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from webapp.evidence import Mention, Story, Where
from webapp.suggest.topics_words import SMALL_WORDS, is_seed
from webapp.tags import fold

BUCKETS = 2**18  # of hashed words and pairs; at 400 a story, two share one in a thousand times
OVERALL, OF_TAG = 30.0, 10.0
OF_ROOT = 4.0  # the same of a top-level topic; best of 1, 4 on four sets (2026-11-24)
FEWEST_EXAMPLES = 3  # of a topic that the reader made, before it is suggested
SURE_EXAMPLES = 10  # below, it is offered and never taken at once
TENTATIVE = 0.79
MOST_ROWS = 40_000  # of words and pairs in a model, those in most stories: 6 MB at 80 topics
_EPOCHS, _RATE = 6, 0.5
_READ = 3_000  # characters of the body
_WORD = re.compile(r"[^\W\d_][^\W_]+")
_STOP = frozenset(word for words in SMALL_WORDS.values() for word in words)


@dataclass(frozen=True, slots=True)
class Example:
    """A story with what was decided about it: topic → 1 or 0, and how far to believe it."""

    features: Features
    answers: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Features:
    """Hashed words and pairs of a story, and what the lexicon says, with their weights; of length 1."""

    ids: np.ndarray
    values: np.ndarray


@dataclass(frozen=True, slots=True)
class TopicModel:
    """What was learned about topics; empty for a new reader. `silenced`: topic → folded words that never speak for it
    again. `counts`: topic → articles that the reader gave it."""

    tags: tuple[str, ...] = ()
    rows: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint32), repr=False)
    weights: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float32), repr=False)
    bias: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32), repr=False)
    counts: Mapping[str, int] = field(default_factory=dict)
    articles: int = 0
    silenced: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        return int(self.rows.nbytes + self.weights.nbytes + self.bias.nbytes)

    def probabilities(self, features: Features) -> dict[str, float]:
        """For each topic that was decided about: how likely the reader puts it on such a story."""
        if not self.tags or not len(self.rows):
            return {}
        at = np.searchsorted(self.rows, features.ids)
        at[at == len(self.rows)] = 0
        known = self.rows[at] == features.ids
        z = features.values[known] @ self.weights[at[known]].astype(np.float32) + self.bias
        return dict(zip(self.tags, _logistic(z).tolist(), strict=True))

    def blend(
        self, story: Story, shares: Mapping[str, float], parents: Mapping[str, str], tops: Iterable[str]
    ) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
        """(shares as the reader would have them, topic → how likely they give it and how far to believe that)."""
        if not self.tags:
            return dict(shares), {}
        learned = self.probabilities(features_of(story, shares))
        w = self.articles / (self.articles + OVERALL)
        mixed = self._mixed_roots(shares, learned, tuple(tops), w)
        for each in _downwards(parents, shares, learned):
            above = parents[each]
            before = shares.get(each, 0.0) / shares[above] if shares.get(above) else 0.0
            after = learned[each] / max(learned.get(above, 0.0), learned[each]) if each in learned else before
            own = w * self.counts.get(each, 0) / (self.counts.get(each, 0) + OF_TAG)
            mixed[each] = mixed.get(above, 0.0) * min(1.0, (1 - own) * before + own * after)
        return mixed, self._believed(learned, parents, w)

    def _mixed_roots(
        self, shares: Mapping[str, float], learned: Mapping[str, float], roots: tuple[str, ...], w: float
    ) -> dict[str, float]:
        """The shares of top-level topics; those that were never given keep what the words say."""
        mixed = {each: shares[each] for each in roots if each in shares}
        odds = {each: learned[each] / (1.0 - learned[each] + 1e-6) for each in roots if each in learned}
        whole = sum(odds.values())
        mass = max(0.5, sum(shares.get(each, 0.0) for each in odds))
        for each, odd in odds.items():
            count = self.counts.get(each, 0)
            own = w * count / (count + OF_ROOT)
            mixed[each] = (1 - own) * shares.get(each, 0.0) + own * mass * odd / whole
        return mixed

    def reasons(self, story: Story, tag_id: str, limit: int) -> list[Mention]:
        """The words of `story` that speak most for a learned topic, in the order of the text."""
        if tag_id not in self.tags:
            return []
        column = self.tags.index(tag_id)
        found: list[tuple[float, Mention]] = []
        for where in (Where.TITLE, Where.STANDFIRST, Where.BODY):
            text = story.part(where)[:_READ]
            for match in _WORD.finditer(text):
                bucket = _bucket(fold(match.group()))
                at = int(np.searchsorted(self.rows, bucket))
                if at < len(self.rows) and self.rows[at] == bucket and self.weights[at, column] > 0:
                    mention = Mention(where, match.start(), match.end(), match.group(), "word")
                    found.append((float(self.weights[at, column]), mention))
        strongest = sorted(found, key=lambda item: -item[0])[:limit]
        return [mention for _, mention in found if any(mention is each for _, each in strongest)]

    def sentence(self, tag_id: str) -> str:
        count = self.counts.get(tag_id, 0)
        if not count or tag_id not in self.tags:
            return ""
        return f"like {count} article{'' if count == 1 else 's'} that you gave it"

    def _believed(
        self, learned: Mapping[str, float], parents: Mapping[str, str], w: float
    ) -> dict[str, tuple[float, float]]:
        found: dict[str, tuple[float, float]] = {}
        for tag_id, p in learned.items():
            count = self.counts.get(tag_id, 0)
            if is_seed(tag_id):
                found[tag_id] = (p, w * count / (count + (OF_TAG if parents.get(tag_id) else OF_ROOT)))
            elif count >= FEWEST_EXAMPLES:
                found[tag_id] = (p if count >= SURE_EXAMPLES else min(TENTATIVE, p), 1.0)
        return found


def train(
    examples: Sequence[Example], tags: Iterable[str], counts: Mapping[str, int], silenced: Mapping[str, frozenset[str]]
) -> TopicModel:
    """A model of `tags` from `examples` in their order."""
    names = tuple(tags)
    if not examples or not names:
        return TopicModel(silenced=silenced)
    rows, times = np.unique(np.concatenate([each.features.ids for each in examples]), return_counts=True)
    if len(rows) > MOST_ROWS:
        rows = np.sort(rows[np.argsort(-times, kind="stable")[:MOST_ROWS]])
    weights = np.zeros((len(rows), len(names)), np.float32)
    bias = np.full(len(names), -1.0, np.float32)
    known = [np.isin(each.features.ids, rows, assume_unique=True) for each in examples]
    places = [np.searchsorted(rows, each.features.ids[some]) for each, some in zip(examples, known, strict=True)]
    wanted = np.array([[each.answers.get(tag, (0.0, 0.0))[0] for tag in names] for each in examples], np.float32)
    belief = np.array([[each.answers.get(tag, (0.0, 0.0))[1] for tag in names] for each in examples], np.float32)
    for _ in range(_EPOCHS):
        for number, example in enumerate(examples):
            at, values = places[number], example.features.values[known[number]]
            z = values @ weights[at] + bias
            push = _RATE * (wanted[number] - _logistic(z)) * belief[number]
            weights[at] += np.outer(values, push)
            bias += 0.1 * push
    return TopicModel(
        tags=names,
        rows=rows,
        weights=weights.astype(np.float16),
        bias=bias,
        counts=dict(counts),
        articles=len(examples),
        silenced=silenced,
    )


def _logistic(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -30, 30))), np.float32)


def features_of(story: Story, shares: Mapping[str, float]) -> Features:
    counts: dict[int, float] = {}
    for text, times in ((story.title, 3.0), (story.standfirst, 1.5), (story.body[:_READ], 1.0)):
        words = [word for word in _words(text) if word not in _STOP]
        for word in words:
            bucket = _bucket(word)
            counts[bucket] = counts.get(bucket, 0.0) + times
        for one, two in pairwise(words):
            bucket = _bucket(f"{one} {two}")
            counts[bucket] = counts.get(bucket, 0.0) + times
    ids = np.fromiter(counts.keys(), np.uint32, len(counts))
    values = np.sqrt(np.fromiter(counts.values(), np.float32, len(counts)))
    length = float(np.sqrt(np.sum(values * values)))
    values = values / length if length else values
    told = [(_bucket(f"\0{tag_id}"), 2.0 * share) for tag_id, share in shares.items() if share > 0.02]
    ids = np.concatenate([ids, np.array([each for each, _ in told], np.uint32)])
    values = np.concatenate([values, np.array([share for _, share in told], np.float32)])
    ids, first = np.unique(ids, return_index=True)
    return Features(ids, values[first].astype(np.float32))


def _words(text: str) -> list[str]:
    return [fold(match) for match in _WORD.findall(text)]


def _bucket(text: str) -> int:
    return zlib.crc32(text.encode()) % BUCKETS


def _downwards(parents: Mapping[str, str], *known: Mapping[str, float]) -> list[str]:
    """The topics below the top that anything is known of, those above first."""
    some = {each for mapping in known for each in mapping if parents.get(each)}

    def depth(each: str) -> int:
        steps = 0
        while parents.get(each) and steps < 10:
            each, steps = parents[each], steps + 1
        return steps

    return sorted(some, key=lambda each: (depth(each), each))
