"""What is suggested for an article, as a reader sees it: each tag with its evidence in words, and where it stands.

Pure but for names of places, which the gazetteer tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from webapp.evidence import Evidence, Kept, Mention, Role, Standing, Story, Suggestion, Where
from webapp.filing.tagging import known_tag, path_above
from webapp.model import TagKind
from webapp.services import Services
from webapp.store.reviews import Choices
from webapp.tags import Tag, Vocabulary

AROUND = 24  # characters on each side of a quote: enough to tell one "Syria" of a text from another
_LATER = (Role.DATELINE, Role.MENTIONED, Role.OUTLET)
_PARTS = {Where.TITLE: "headline", Where.STANDFIRST: "introduction", Where.CAPTIONS: "a caption"}
_NAMING = frozenset({"name", "place", "area", "capital", "county"})  # sorts of words that name the place itself


@dataclass(frozen=True, slots=True)
class Quote:
    """A mention as a page can find it again in its own text: the words, and the text around them.

    `share` is how far down the part it stands, 0 to 1; `start` and `end` count characters of the part's plain text.
    """

    where: Where
    start: int
    end: int
    before: str
    words: str
    after: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A suggested tag with its evidence in words. The tag may be a place that is not in the vocabulary yet.

    `summary` says how often and where ("9 mentions, in headline and first paragraph"); `words` are (words, sort, how
    often), the most frequent first, `total` all mentions together; `prior` what was learned, in a sentence, or "".
    """

    tag: Tag
    path: str
    role: Role
    standing: Standing
    confidence: float
    maker: str
    preselected: bool
    total: int
    summary: str
    prior: str
    words: tuple[tuple[str, str, int], ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """All that is suggested for one article: to be answered, merely mentioned, and the evidence of tags it has."""

    regions: tuple[Offer, ...] = ()
    topics: tuple[Offer, ...] = ()
    also: tuple[Offer, ...] = ()
    filed: Mapping[str, Offer] = field(default_factory=dict)

    @property
    def open(self) -> tuple[Offer, ...]:
        return self.regions + self.topics

    @property
    def preselected(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.open if offer.preselected)


def offers(
    services: Services,
    vocabulary: Vocabulary,
    kept: Sequence[Kept],
    story: Story,
    *,
    filed: Iterable[str],
    choices: Choices,
) -> Offers:
    """Put what is kept for an article into a reader's words. `filed` are the ids of the tags that it has."""
    on_article = set(filed)
    made = [(each, offer) for each in kept if (offer := _offer(services, vocabulary, each, story, choices))]
    asked = {offer.tag.id: offer for each, offer in made if each.is_offered and offer.tag.id not in on_article}
    by_role = sorted((offer for _, offer in made), key=_by_role)
    rest: dict[str, Offer] = {}
    evidence: dict[str, Offer] = {}
    for offer in by_role:
        if offer.tag.id in on_article:
            evidence.setdefault(offer.tag.id, offer)
        elif offer.standing is Standing.OPEN and offer.tag.id not in asked:
            rest.setdefault(offer.tag.id, offer)
    return Offers(
        regions=tuple(offer for offer in asked.values() if offer.tag.kind is TagKind.REGION),
        topics=tuple(offer for offer in asked.values() if offer.tag.kind is TagKind.TOPIC),
        also=tuple(rest.values()),
        filed=evidence,
    )


def name_in_text(suggestion: Suggestion) -> str:
    """The name by which the text calls a suggested place; "" when it never does."""
    return next((words for words, sort, _ in suggestion.evidence.surfaces if sort in _NAMING), "")


def summary_of(evidence: Evidence, role: Role, story: Story) -> str:
    """How often a tag is spoken for, and in which of the parts that count: "9 mentions, in headline and lead"."""
    said = f"{evidence.total} mention{'' if evidence.total == 1 else 's'}" if evidence.total else ""
    parts = _parts(evidence.mentions, story)
    where = f", in {_listed(parts)}" if said and parts else ""
    match role:
        case Role.DATELINE:
            return "Where the report was filed from"
        case Role.OUTLET:
            return f"Where {story.outlet or 'the outlet'} is published"
        case _:
            return said + where


def _offer(services: Services, vocabulary: Vocabulary, kept: Kept, story: Story, choices: Choices) -> Offer | None:
    """None for a tag that is retired, or that nobody knows any more."""
    suggestion, evidence = kept.suggestion, kept.suggestion.evidence
    tag = known_tag(services, vocabulary, suggestion.tag_id, called=name_in_text(suggestion))
    if tag is None:
        return None
    return Offer(
        tag=tag,
        path=path_above(services, vocabulary, tag),
        role=suggestion.role,
        standing=kept.standing,
        confidence=suggestion.confidence,
        maker=evidence.maker,
        preselected=kept.is_offered and suggestion.confidence >= choices.preselects_from,
        total=evidence.total,
        summary=summary_of(evidence, suggestion.role, story),
        prior=evidence.prior,
        words=evidence.surfaces,
        quotes=tuple(_quote(mention, story) for mention in evidence.mentions if _still_there(mention, story)),
    )


def _quote(mention: Mention, story: Story) -> Quote:
    text = story.part(mention.where)
    return Quote(
        where=mention.where,
        start=mention.start,
        end=mention.end,
        before=text[max(0, mention.start - AROUND) : mention.start],
        words=mention.quote,
        after=text[mention.end : mention.end + AROUND],
        share=round(mention.start / len(text), 4),
    )


def _still_there(mention: Mention, story: Story) -> bool:
    """Whether the text of this version has the words where they were found: another version may not."""
    return story.part(mention.where)[mention.start : mention.end] == mention.quote != ""


def _parts(mentions: Iterable[Mention], story: Story) -> list[str]:
    mentions = list(mentions)
    found = {mention.where for mention in mentions}
    first_end = len(story.body) - len(story.body.lstrip())
    first_end = story.body.find("\n", first_end) if "\n" in story.body[first_end:] else len(story.body)
    parts = [_PARTS[where] for where in (Where.TITLE, Where.STANDFIRST) if where in found]
    if any(mention.where is Where.BODY and mention.start < first_end for mention in mentions):
        parts.append("first paragraph")
    if not parts and found == {Where.CAPTIONS}:
        parts.append(_PARTS[Where.CAPTIONS])
    return parts


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _by_role(offer: Offer) -> int:
    """What it is about first, then the rest in the order of use."""
    return 0 if offer.role is Role.ABOUT else 1 + _LATER.index(offer.role)
