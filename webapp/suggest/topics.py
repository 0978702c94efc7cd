"""Suggests topics for a story: find the words of the seed lexicon → weigh → blend with what was learned → suggest.

Pure: no files but the packaged lexicons, no clock; the same arguments give the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.evidence import Evidence, Mention, Role, Story, Suggestion, Where
from webapp.model import TagKind
from webapp.suggest.learning_topics import TopicModel
from webapp.suggest.places_text import READ, _blocks, _shares
from webapp.suggest.topics_confidence import confidence
from webapp.suggest.topics_lexicon import TopicLexicon, is_seed, topic_lexicon_of
from webapp.suggest.topics_words import language_of, tokens
from webapp.tags import Vocabulary

TOPICS_MAKER = "topics/1"
TITLE_WEIGHT, STANDFIRST_WEIGHT, LEAD_WEIGHT, CAPTION_WEIGHT = 3.0, 1.6, 1.6, 0.3
LEAD_CHARACTERS = 500
READ_CHARACTERS = 8_000  # of the body: what comes later hardly changes the topic, and time stays bounded
SECOND_FROM = 0.6  # of the best top-level topic's score: others from here are suggested too
BELOW_FROM = 0.3  # of its parent's score: a narrower topic from here is suggested in its place
_MOST_MENTIONS, _MOST_SURFACES = 40, 8


@dataclass(slots=True)
class Tally:
    """What speaks for one topic."""

    score: float = 0.0
    in_title: bool = False
    mentions: list[Mention] = field(default_factory=list)
    terms: dict[tuple[str, ...], float] = field(default_factory=dict)


def suggest_topics(story: Story, *, vocabulary: Vocabulary, model: TopicModel | None = None) -> tuple[Suggestion, ...]:
    """The topics that may be put on `story`, best first, each once, with why. Never a retired one.

    Of a topic and those above it the narrowest that is borne out well enough is suggested; a search for those above
    finds it too. `model` is what was learned of the reader's decisions.
    """
    ranking = rank(story, vocabulary=vocabulary, model=model)
    chosen = ranking.chosen()
    return tuple(ranking.suggestion(tag_id) for tag_id in chosen)


def topic_scores(story: Story, *, vocabulary: Vocabulary, model: TopicModel | None = None) -> list[tuple[str, float]]:
    """Every topic with anything to speak for it, best first: what `suggest_topics` chooses from."""
    ranking = rank(story, vocabulary=vocabulary, model=model)
    return sorted(ranking.shares.items(), key=lambda item: (-item[1], item[0]))


@dataclass(slots=True)
class Ranking:
    """`shares`: of all that speaks for top-level topics, how much speaks for each topic, those above included."""

    lexicon: TopicLexicon
    tallies: Mapping[str, Tally]
    shares: Mapping[str, float]
    learned: Mapping[str, float]
    model: TopicModel | None
    story: Story

    def chosen(self) -> list[str]:
        roots = [(share, each) for each, share in self.shares.items() if self.lexicon.parents.get(each) == ""]
        if not roots:
            return self._own()
        roots.sort(key=lambda item: (-item[0], item[1]))
        best = roots[0][0]
        wanted = [each for share, each in roots if share >= SECOND_FROM * best][:4]
        found = [narrow for root in wanted for narrow in self._narrowest(root)]
        offered = [each for each in dict.fromkeys(found) if self.lexicon.is_offered(each)]
        return [*offered, *(each for each in self._own() if each not in offered)]

    def suggestion(self, tag_id: str) -> Suggestion:
        tally = self.tallies.get(tag_id, Tally())
        return Suggestion(
            tag_id=tag_id,
            kind=TagKind.TOPIC,
            role=Role.ABOUT,
            score=round(tally.score, 2),
            confidence=round(self.confidence(tag_id), 3),
            evidence=_evidence(tag_id, tally, self.model),
        )

    def confidence(self, tag_id: str) -> float:
        return confidence(tag_id, self.shares, self.tallies, self.lexicon, self.learned)

    def _narrowest(self, tag_id: str) -> list[str]:
        """The topics below that bear enough of its score, each as narrow as that holds; itself when none does."""
        whole = self.shares[tag_id]
        below = [
            (share, each)
            for each, share in self.shares.items()
            if each != tag_id and self.lexicon.parents.get(each) == tag_id and share >= BELOW_FROM * whole
        ]
        if not below:
            return [tag_id]
        below.sort(key=lambda item: (-item[0], item[1]))
        return [narrow for _, each in below[:2] for narrow in self._narrowest(each)]

    def _own(self) -> list[str]:
        """The reader's own topics: named in the title or twice, or learned from examples."""
        named = [
            each
            for each, tally in self.tallies.items()
            if not is_seed(each) and self.lexicon.is_offered(each) and (tally.in_title or len(tally.mentions) >= 2)
        ]
        taught = [
            each for each, p in self.learned.items() if not is_seed(each) and p >= 0.4 and self.lexicon.is_offered(each)
        ]
        return sorted(dict.fromkeys([*taught, *named]), key=lambda each: (-self.learned.get(each, 0.0), each))


def rank(story: Story, *, vocabulary: Vocabulary, model: TopicModel | None = None) -> Ranking:
    language = language_of(f"{story.title}\n{story.standfirst}\n{story.body[:3_000]}", story.language)
    lexicon = topic_lexicon_of(vocabulary, language)
    tallies = tally(story, lexicon)
    whole = sum(each.score for tag_id, each in tallies.items() if lexicon.parents.get(tag_id) == "")
    shares = {tag_id: each.score / whole for tag_id, each in tallies.items()} if whole else {}
    learned: Mapping[str, float] = {}
    if model is not None:
        shares, learned = model.blend(story, shares, lexicon.parents)
    return Ranking(lexicon, tallies, shares, learned, model, story)


def tally(story: Story, lexicon: TopicLexicon) -> dict[str, Tally]:
    """What the words of the lexicon say, by topic, those above included; in the order of the text."""
    tallies: dict[str, Tally] = {}
    times: dict[tuple[str, ...], int] = {}
    for where in (Where.TITLE, Where.STANDFIRST, Where.BODY, Where.CAPTIONS):
        text = story.part(where)[: min(READ[where], READ_CHARACTERS)]
        if not text:
            continue
        blocks = _blocks(where, text)
        for block, share in zip(blocks, _shares(where, blocks), strict=True):
            words = list(tokens(text, block.start, block.end, share * _place(where, block.start)))
            is_shouted = text[block.start : block.end].isupper()
            for found in lexicon.find(text, words, is_shouted=is_shouted):
                keys = found.term.keys
                times[keys] = times.get(keys, 0) + 1
                worth = found.weight / math.sqrt(times[keys])
                mention = Mention(where, found.start, found.end, text[found.start : found.end], "word")
                for tag_id, weight in found.term.weights:
                    each = tallies.setdefault(tag_id, Tally())
                    each.score += weight * worth
                    each.in_title |= where is Where.TITLE
                    each.mentions.append(mention)
                    each.terms[keys] = each.terms.get(keys, 0.0) + weight * worth
    return tallies


def _place(where: Where, start: int) -> float:
    if where is Where.BODY:
        return LEAD_WEIGHT if start < LEAD_CHARACTERS else 1.0
    return {Where.TITLE: TITLE_WEIGHT, Where.STANDFIRST: STANDFIRST_WEIGHT, Where.CAPTIONS: CAPTION_WEIGHT}[where]


def _evidence(tag_id: str, tally: Tally, model: TopicModel | None) -> Evidence:
    counts: dict[str, int] = {}
    for mention in tally.mentions:
        folded = mention.quote.casefold()
        counts[folded] = counts.get(folded, 0) + 1
    surfaces = sorted(counts.items(), key=lambda item: -item[1])[:_MOST_SURFACES]
    return Evidence(
        maker=TOPICS_MAKER,
        total=len(tally.mentions),
        mentions=tuple(tally.mentions[:_MOST_MENTIONS]),
        surfaces=tuple((quote, "word", count) for quote, count in surfaces),
        prior=model.sentence(tag_id) if model is not None else "",
    )
