"""Suggests regions for a story: read → find names → resolve → weigh → suggest. Pure: no files, no clock.

What the story is ABOUT comes first, the primary region in front; then where it was written from (DATELINE), what the
outlet is mostly about (OUTLET), and what is merely MENTIONED.
"""

from __future__ import annotations

from collections.abc import Mapping

from webapp.evidence import Evidence, Memory, Mention, Role, Story, Suggestion, Where
from webapp.model import TagKind
from webapp.places import Gazetteer
from webapp.suggest.places_confidence import confidence
from webapp.suggest.places_facts import abbreviations
from webapp.suggest.places_lexicon import Lexicon, lexicon_of
from webapp.suggest.places_match import find_spans, own_names
from webapp.suggest.places_resolve import Reference, resolve
from webapp.suggest.places_text import READ, Reading, read
from webapp.suggest.places_weigh import PLACE_SORTS, Tally, weigh
from webapp.tags import Vocabulary

PLACES_MAKER = "places/1"
ABOUT_FROM = 0.5  # confidence from which a country that is not the primary one is ABOUT
_PRIOR = 15.0  # mentions that a source's habit is worth; best of 3, 8, 15, 25 on 85 local papers (2026-11-23)
_MOST_MENTIONS, _MOST_SURFACES = 40, 8
_MOST_MENTIONED = 12
_SMALL_SORTS_FROM = 2  # mentions of an area or place outside the title


def suggest_regions(
    story: Story, *, gazetteer: Gazetteer, vocabulary: Vocabulary, memory: Memory | None = None
) -> tuple[Suggestion, ...]:
    """The regions that may be put on `story`, each once, with why.

    Tag ids are those of `vocabulary`, or "r-gn-…" for first-level areas and places of the gazetteer that it lacks; a
    retired tag or a country that is not there is left out. The same arguments give the same answer.
    """
    memory = memory or Memory()
    lexicon = lexicon_of(vocabulary, story.language.lower()[:2])
    reading = read(story)
    references = _references(story, reading, lexicon, gazetteer, memory)
    tallies = weigh(references, reading, lexicon)
    return _suggestions(tallies, lexicon, memory, story)


def tallies_of(story: Story, *, gazetteer: Gazetteer, vocabulary: Vocabulary, memory: Memory) -> dict[str, Tally]:
    """What `suggest_regions` goes by, for fitting and for benchmarks."""
    lexicon = lexicon_of(vocabulary, story.language.lower()[:2])
    reading = read(story)
    return weigh(_references(story, reading, lexicon, gazetteer, memory), reading, lexicon)


def _references(
    story: Story, reading: Reading, lexicon: Lexicon, gazetteer: Gazetteer, memory: Memory
) -> list[Reference]:
    texts = {where: story.part(where)[: READ[where]] for where in Where}
    spans = find_spans(reading, texts, lexicon, gazetteer, own_names(memory.meanings, memory.names))
    return resolve(
        spans, reading, lexicon, prior=_prior(memory, lexicon), states=_states(reading, gazetteer)
    )  # fmt: skip


def _prior(memory: Memory, lexicon: Lexicon) -> dict[str, float]:
    prior: dict[str, float] = {}
    for tag_id, times in memory.outlet_regions.items():
        for country in lexicon.countries_of(tag_id):
            prior[country] = prior.get(country, 0.0) + _PRIOR * times / (memory.outlet_articles + 1)
    return prior


def _states(reading: Reading, gazetteer: Gazetteer) -> dict[tuple[str, str], int]:
    known = abbreviations()
    raws = {raw for word in reading.words if word.is_capital for raw in (word.raw, f"{word.raw}.")}
    wanted = {known[raw] for raw in raws if raw in known}
    found = gazetteer.named([key for _, key in wanted]) if wanted else {}
    return {
        (country, key): place.number
        for country, key in wanted
        for place in found.get(key, ())
        if place.sort == "area" and place.country == country
    }


def ranked_countries(tallies: Mapping[str, Tally]) -> list[Tally]:
    countries = [tally for tally in tallies.values() if tally.country]
    return sorted(countries, key=lambda tally: (-tally.score, tally.tag_id))


def _suggestions(
    tallies: Mapping[str, Tally], lexicon: Lexicon, memory: Memory, story: Story
) -> tuple[Suggestion, ...]:
    ranked = ranked_countries(tallies)
    about: list[Suggestion] = []
    others: dict[Role, list[Suggestion]] = {Role.DATELINE: [], Role.OUTLET: [], Role.MENTIONED: []}
    about_ids: set[str] = set()
    for tally in ranked:
        if not lexicon.is_offered(tally.tag_id):
            continue
        sure = confidence(tally, ranked)
        role = _role(tally, ranked, sure)
        made = _suggestion(tally, role, sure, memory, story)
        if role is Role.ABOUT:
            about.append(made)
            about_ids.add(tally.tag_id)
        else:
            others[role].append(made)
    return (
        *about,
        *_smaller(tallies, lexicon, memory, story),
        *others[Role.DATELINE],
        *others[Role.OUTLET],
        *others[Role.MENTIONED],
    )


def _role(tally: Tally, ranked: list[Tally], sure: float) -> Role:
    if tally is ranked[0] or sure >= ABOUT_FROM:
        return Role.ABOUT
    return Role.DATELINE if tally.dateline == tally.count else Role.MENTIONED


def _smaller(tallies: Mapping[str, Tally], lexicon: Lexicon, memory: Memory, story: Story) -> list[Suggestion]:
    """Areas, places and groups that the title names or the text names twice."""
    found = [
        tally
        for tally in tallies.values()
        if not tally.country
        and lexicon.is_offered(tally.tag_id)
        and (tally.in_title or tally.count >= _SMALL_SORTS_FROM)
    ]
    found.sort(key=lambda tally: (-tally.score, tally.tag_id))
    return [_suggestion(tally, Role.ABOUT, 0.5, memory, story) for tally in found[:8]]


def _suggestion(tally: Tally, role: Role, sure: float, memory: Memory, story: Story) -> Suggestion:
    return Suggestion(
        tag_id=tally.tag_id,
        kind=TagKind.REGION,
        role=role,
        score=round(tally.score, 2),
        confidence=round(sure, 3),
        evidence=_evidence(tally, memory, story),
    )


def _evidence(tally: Tally, memory: Memory, story: Story) -> Evidence:
    mentions = [
        Mention(each.span.where, each.span.start, each.span.end, each.span.quote, each.sort)
        for each in tally.references
    ]
    times: dict[tuple[str, str], int] = {}
    for mention in mentions:
        times[mention.quote, mention.sort] = times.get((mention.quote, mention.sort), 0) + 1
    surfaces = sorted(times.items(), key=lambda item: -item[1])[:_MOST_SURFACES]
    return Evidence(
        maker=PLACES_MAKER,
        total=len(mentions),
        mentions=tuple(mentions[:_MOST_MENTIONS]),
        surfaces=tuple((quote, sort, count) for (quote, sort), count in surfaces),
        prior=_prior_sentence(tally.tag_id, memory, story.outlet),
    )


def _prior_sentence(tag_id: str, memory: Memory, outlet: str) -> str:
    times = memory.outlet_regions.get(tag_id, 0)
    if not times or not memory.outlet_articles:
        return ""
    return f"{times} of your {memory.outlet_articles} articles from {outlet or 'this outlet'}"
