"""Suggests topics for a story: find the words of the seed lexicon → weigh → blend with what was learned → suggest.

Pure: no files but the packaged lexicons, no clock; the same arguments give the same answer.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from webapp.evidence import SHOWN_FROM, Evidence, Mention, Role, Story, Suggestion, Where
from webapp.model import TagKind
from webapp.suggest.learning_topics import TopicModel
from webapp.suggest.topics_blocks import blocks
from webapp.suggest.topics_confidence import of_narrower, of_root
from webapp.suggest.topics_lexicon import Found, TopicLexicon, topic_lexicon_of
from webapp.suggest.topics_words import is_seed, language_of, tokens
from webapp.tags import Vocabulary, fold

TOPICS_MAKER = "topics/1"
TITLE_WEIGHT, STANDFIRST_WEIGHT, LEAD_WEIGHT, CAPTION_WEIGHT = 3.0, 1.6, 1.6, 0.3
LEAD_CHARACTERS = 500
# Characters read of each part: what comes later hardly changes the topic, and time stays bounded.
READ = {Where.TITLE: 600, Where.STANDFIRST: 2_000, Where.BODY: 8_000, Where.CAPTIONS: 2_000}
SECOND_FROM = 0.4  # of the best top-level topic's share: others from here are suggested too, as sure as they are
MOST_ROOTS, MOST_BELOW = 4, 2
BELOW_FROM, BELOW_SURE = 0.3, 0.5  # of its parent's share, and confidence given the parent, to stand in its place
OWN_FROM = 0.4  # confidence; as for anything that is shown
NAMED_OWN = 0.5  # confidence in one of the reader's own topics that the text calls by its name; taste
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
    """`shares`: of all that speaks for top-level topics, how much speaks for each topic, those above included.
    `learned`: topic → (probability, how far to believe it); see TopicModel.blend."""

    lexicon: TopicLexicon
    tallies: Mapping[str, Tally]
    shares: Mapping[str, float]
    learned: Mapping[str, tuple[float, float]]
    model: TopicModel | None
    story: Story

    def chosen(self) -> list[str]:
        """The topics to suggest: the best at the top and those near it, each as narrow as is borne out; then own."""
        roots = [(self.shares[each], each) for each in self.lexicon.tops if each in self.shares]
        roots.sort(key=lambda item: (-item[0], item[1]))
        wanted = [each for share, each in roots if share >= SECOND_FROM * roots[0][0]][:MOST_ROOTS]
        found = [narrow for root in wanted for narrow in self._narrowest(root)]
        offered = [each for each in dict.fromkeys((*found, *self._own())) if self.lexicon.is_offered(each)]
        return sorted(offered, key=lambda each: (-self._score(each), each))

    def suggestion(self, tag_id: str) -> Suggestion:
        tally = self.tallies.get(tag_id, Tally())
        return Suggestion(
            tag_id=tag_id,
            kind=TagKind.TOPIC,
            role=Role.ABOUT,
            score=round(self._score(tag_id), 2),
            confidence=round(self.confidence(tag_id), 3),
            evidence=_evidence(tag_id, tally, self.model, self.story),
        )

    def confidence(self, tag_id: str) -> float:
        """Calibrated; see topics_confidence. One of the reader's own topics goes by examples and its name."""
        learned, belief = self.learned.get(tag_id, (0.0, 0.0))
        if not is_seed(tag_id):
            return max(learned * belief, NAMED_OWN if self._is_named(tag_id) else 0.0)
        above = self.lexicon.parents.get(tag_id, "")
        from_words = self._root(tag_id) if not above else self.confidence(above) * self._narrower(tag_id, above)
        return (1 - belief) * from_words + belief * learned

    def _root(self, tag_id: str) -> float:
        tally, share = self.tallies.get(tag_id, Tally()), self.shares.get(tag_id, 0.0)
        best = max((self.shares.get(each, 0.0) for each in self.lexicon.tops), default=0.0)
        return of_root(
            share=share,
            of_best=share / best if best else 0.0,
            score=tally.score,
            in_title=tally.in_title,
            terms=len(tally.terms),
        )

    def _narrower(self, tag_id: str, above: str) -> float:
        tally, whole = self.tallies.get(tag_id, Tally()), self.shares.get(above, 0.0)
        part = self.shares.get(tag_id, 0.0) / whole if whole else 0.0
        return of_narrower(of_parent=part, score=tally.score, in_title=tally.in_title, terms=len(tally.terms))

    def _narrowest(self, tag_id: str) -> list[str]:
        """The topics below that are borne out, each as narrow as that holds; itself when none is."""
        below = [
            (self.shares[each], each)
            for each in self.shares
            if self.lexicon.parents.get(each) == tag_id
            and is_seed(each)
            and self.shares[each] >= BELOW_FROM * self.shares[tag_id]
            and self._narrower(each, tag_id) >= BELOW_SURE
            and (self.confidence(each) >= SHOWN_FROM or self.confidence(tag_id) < SHOWN_FROM)
        ]
        below.sort(key=lambda item: (-item[0], item[1]))
        return [narrow for _, each in below[:MOST_BELOW] for narrow in self._narrowest(each)] or [tag_id]

    def _own(self) -> list[str]:
        """The reader's own topics: called by name in the title or twice, or learned from examples."""
        known = dict.fromkeys((*self.learned, *self.tallies))
        return [each for each in known if not is_seed(each) and self.confidence(each) >= OWN_FROM]

    def _is_named(self, tag_id: str) -> bool:
        tally = self.tallies.get(tag_id)
        return tally is not None and (tally.in_title or len(tally.places) >= 2)

    def _score(self, tag_id: str) -> float:
        return 100 * (self.shares.get(tag_id, 0.0) if is_seed(tag_id) else self.confidence(tag_id))


def rank(story: Story, *, vocabulary: Vocabulary, model: TopicModel | None = None) -> Ranking:
    language = language_of(f"{story.title}\n{story.standfirst}\n{story.body[:3_000]}", story.language)
    lexicon = topic_lexicon_of(vocabulary, language)
    tallies = tally(story, lexicon, model.silenced if model is not None else {})
    whole = sum(tallies[each].score for each in lexicon.tops if each in tallies)
    shares = {tag_id: each.score / whole for tag_id, each in tallies.items()} if whole else {}
    learned: Mapping[str, tuple[float, float]] = {}
    if model is not None:
        shares, learned = model.blend(story, shares, lexicon.parents, lexicon.tops)
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
    written: dict[str, str] = {}
    for mention in mentions:
        written.setdefault(mention.quote.casefold(), mention.quote)
    counts = Counter(written[mention.quote.casefold()] for mention in mentions)
    surfaces = counts.most_common(_MOST_SURFACES)
    return Evidence(
        maker=TOPICS_MAKER,
        total=len(mentions),
        mentions=tuple(mentions[:_MOST_MENTIONS]),
        surfaces=tuple((quote, "word", count) for quote, count in surfaces),
        prior=model.sentence(tag_id) if model is not None else "",
    )
