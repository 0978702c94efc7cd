"""Suggests topics for a story: find the words of the seed lexicon → weigh → blend with what was learned → suggest.

Pure: no files but the packaged lexicons, no clock; the same arguments give the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from webapp.evidence import Evidence, Mention, Role, Story, Suggestion, Where
from webapp.model import TagKind
from webapp.suggest.learning_topics import TopicModel
from webapp.suggest.topics_blocks import blocks
from webapp.suggest.topics_confidence import confidence
from webapp.suggest.topics_lexicon import Found, TopicLexicon, is_seed, topic_lexicon_of
from webapp.suggest.topics_words import language_of, tokens
from webapp.tags import Vocabulary, fold

TOPICS_MAKER = "topics/1"
TITLE_WEIGHT, STANDFIRST_WEIGHT, LEAD_WEIGHT, CAPTION_WEIGHT = 3.0, 1.6, 1.6, 0.3
LEAD_CHARACTERS = 500
# Characters read of each part: what comes later hardly changes the topic, and time stays bounded.
READ = {Where.TITLE: 600, Where.STANDFIRST: 2_000, Where.BODY: 8_000, Where.CAPTIONS: 2_000}
SECOND_FROM = 0.6  # of the best top-level topic's score: others from here are suggested too
BELOW_FROM = 0.3  # of its parent's score: a narrower topic from here is suggested in its place
NEAR_COUNTS = 40.0  # score of the lexicon at which words near it count half; best of 10 to 80 on four sets (2026-11-24)
_MOST_MENTIONS, _MOST_SURFACES = 40, 8


@dataclass(slots=True)
class Tally:
    """What speaks for one topic."""

    score: float = 0.0
    in_title: bool = False
    places: list[tuple[Where, int, int]] = field(default_factory=list)
    near: list[tuple[Where, int, int]] = field(default_factory=list)
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
            evidence=_evidence(tag_id, tally, self.model, self.story),
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
            if not is_seed(each) and self.lexicon.is_offered(each) and (tally.in_title or len(tally.places) >= 2)
        ]
        taught = [
            each for each, p in self.learned.items() if not is_seed(each) and p >= 0.4 and self.lexicon.is_offered(each)
        ]
        return sorted(dict.fromkeys([*taught, *named]), key=lambda each: (-self.learned.get(each, 0.0), each))


def rank(story: Story, *, vocabulary: Vocabulary, model: TopicModel | None = None) -> Ranking:
    language = language_of(f"{story.title}\n{story.standfirst}\n{story.body[:3_000]}", story.language)
    lexicon = topic_lexicon_of(vocabulary, language)
    tallies = tally(story, lexicon, model.silenced if model is not None else {})
    whole = sum(each.score for tag_id, each in tallies.items() if lexicon.parents.get(tag_id) == "")
    shares = {tag_id: each.score / whole for tag_id, each in tallies.items()} if whole else {}
    learned: Mapping[str, float] = {}
    if model is not None:
        shares, learned = model.blend(story, shares, lexicon.parents)
    return Ranking(lexicon, tallies, shares, learned, model, story)


def tally(
    story: Story, lexicon: TopicLexicon, silenced: Mapping[str, frozenset[str]] | None = None
) -> dict[str, Tally]:
    """What the words say, by topic, those above included. Words near the lexicon count where its own are few.

    `silenced`: topic → folded words that the reader wants never to speak for it, nor for what is above or below it.
    """
    tallies: dict[str, Tally] = {}
    found = list(_finds(story, lexicon))
    if silenced:
        found = [heard for each in found if (heard := _heard(each, story, lexicon, silenced)) is not None]
    whole = 0.0
    for where, each, worth in found:
        if not each.is_near:
            _count(tallies, where, each, worth)
            whole += worth * max(weight for _, weight in each.weights)
    share = NEAR_COUNTS / (NEAR_COUNTS + whole)
    for where, each, worth in found:
        if each.is_near:
            _count(tallies, where, each, worth * share)
    return tallies


def _finds(story: Story, lexicon: TopicLexicon) -> Iterator[tuple[Where, Found, float]]:
    """Each term in the order of the text, with what it is worth there: by place, and less each time it comes again."""
    times: dict[tuple[str, ...], int] = {}
    for where in (Where.TITLE, Where.STANDFIRST, Where.BODY, Where.CAPTIONS):
        text = story.part(where)[: READ[where]]
        for block, share in blocks(text):
            words = list(tokens(text, block.start, block.end, share * _place(where, block.start)))
            is_shouted = text[block.start : block.end].isupper()
            for found in lexicon.find(text, words, is_shouted=is_shouted):
                times[found.keys] = times.get(found.keys, 0) + 1
                yield where, found, found.weight / math.sqrt(times[found.keys])


def _heard(
    found: tuple[Where, Found, float], story: Story, lexicon: TopicLexicon, silenced: Mapping[str, frozenset[str]]
) -> tuple[Where, Found, float] | None:
    where, term, worth = found
    word = fold(story.part(where)[term.start : term.end])
    hushed = {lexicon.root(tag_id) for tag_id, words in silenced.items() if word in words}
    if not hushed:
        return found
    weights = tuple((tag_id, weight) for tag_id, weight in term.weights if lexicon.root(tag_id) not in hushed)
    return (where, replace(term, weights=weights), worth) if weights else None


def _count(tallies: dict[str, Tally], where: Where, found: Found, worth: float) -> None:
    for tag_id, weight in found.weights:
        tally = tallies.get(tag_id)
        if tally is None:
            tally = tallies[tag_id] = Tally()
        tally.score += weight * worth
        if found.is_near:
            tally.near.append((where, found.start, found.end))
        else:
            tally.in_title |= where is Where.TITLE
            tally.places.append((where, found.start, found.end))
            tally.terms[found.keys] = tally.terms.get(found.keys, 0.0) + weight * worth


def _place(where: Where, start: int) -> float:
    if where is Where.BODY:
        return LEAD_WEIGHT if start < LEAD_CHARACTERS else 1.0
    return {Where.TITLE: TITLE_WEIGHT, Where.STANDFIRST: STANDFIRST_WEIGHT, Where.CAPTIONS: CAPTION_WEIGHT}[where]


def _evidence(tag_id: str, tally: Tally, model: TopicModel | None, story: Story) -> Evidence:
    """The words of the lexicon, or those near it where it has none in the story."""
    places = tally.places or tally.near
    mentions = [Mention(where, start, end, story.part(where)[start:end], "word") for where, start, end in places]
    if not mentions and model is not None:
        mentions = model.reasons(story, tag_id, _MOST_SURFACES)
    counts: dict[str, int] = {}
    for mention in mentions:
        folded = mention.quote.casefold()
        counts[folded] = counts.get(folded, 0) + 1
    surfaces = sorted(counts.items(), key=lambda item: -item[1])[:_MOST_SURFACES]
    return Evidence(
        maker=TOPICS_MAKER,
        total=len(mentions),
        mentions=tuple(mentions[:_MOST_MENTIONS]),
        surfaces=tuple((quote, "word", count) for quote, count in surfaces),
        prior=model.sentence(tag_id) if model is not None else "",
    )
