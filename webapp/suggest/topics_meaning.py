"""What the name of a topic means, as far as the seed lexicon tells: which of the shipped topics its words speak for.

A name is read as a text would be: "Truces" speaks for *peace process*, "Wildfires in Greece" for *fire* by half, since
nobody knows "Greece" here. Words that are only near the lexicon (by word vectors, to the top level) are too coarse to
tell one topic from another: they count as unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.model import TagKind
from webapp.suggest.topics_lexicon import Found, TopicLexicon, topic_lexicon_of
from webapp.suggest.topics_words import SMALL_WORDS, is_seed, language_of, stem, tokens
from webapp.tags import Vocabulary

_SMALL = frozenset().union(*SMALL_WORDS.values())


@dataclass(frozen=True, slots=True)
class Meaning:
    """`shares`: topic → how much of the name speaks for it, 0 to 1; with the shares of words that nobody knows 1.

    `parts` is the same, but words for a topic that has others below it stand for themselves: "ballet" and "opera" are
    both arts, and not one. `words` are those of the name that speak for a topic, as they are written.
    """

    shares: Mapping[str, float]
    parts: Mapping[str, float]
    words: Mapping[str, tuple[str, ...]]


class Meanings:
    """Reads names with the shipped topics as they stand in the reader's vocabulary; the reader's own left out."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._shipped = Vocabulary(tag for tag in vocabulary.all(TagKind.TOPIC) if is_seed(tag.id))

    def of(self, name: str, language: str = "en") -> Meaning:
        """What `name` says, in a language with a lexicon; one in another script is read by its own."""
        language = language_of(name, language)
        lexicon = topic_lexicon_of(self._shipped, language)
        words = [token for token in tokens(name, 0, len(name), 1.0) if token.raw.casefold() not in _SMALL]
        shares: dict[str, float] = defaultdict(float)
        parts: dict[str, float] = defaultdict(float)
        told: dict[str, list[str]] = defaultdict(list)
        known: set[int] = set()
        for found in lexicon.find(name, words):
            if found.is_near:
                continue
            covered = [word.start for word in words if found.start <= word.start < found.end]
            known.update(covered)
            for topic, share in self._narrow(found, lexicon).items():
                shares[topic] += len(covered) * share
                is_wide = any(self._shipped.children(topic))
                parts[" ".join(found.keys) if is_wide else topic] += len(covered) * share
                told[topic].append(name[found.start : found.end])
        for word in words:
            if word.start not in known:
                parts[stem(word.raw, language)] += 1.0
        length = len(words) or 1
        return Meaning(
            {topic: share / length for topic, share in shares.items()},
            {part: share / length for part, share in parts.items()},
            {topic: tuple(dict.fromkeys(each)) for topic, each in told.items()},
        )

    def _narrow(self, found: Found, lexicon: TopicLexicon) -> dict[str, float]:
        """The shares of the narrowest topics that a term speaks for: those above them say the same once more."""
        weights = dict(found.weights)
        above = {
            over
            for topic, weight in weights.items()
            for over in self._shipped.lineage(topic)[1:]
            if weights.get(over, 0.0) <= weight
        }
        narrow = {
            topic: weight for topic, weight in weights.items() if topic not in above and lexicon.is_offered(topic)
        }
        total = sum(narrow.values())
        return {topic: weight / total for topic, weight in narrow.items()}


def overlap(one: Meaning, other: Meaning) -> float:
    """How much of two names says the same, 0 to 1."""
    return sum(min(share, other.parts.get(part, 0.0)) for part, share in one.parts.items())
