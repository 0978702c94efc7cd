"""Suggests regions for a story: read → find names → resolve → weigh → suggest. Pure: no files, no clock.

What the story is ABOUT comes first, the primary region in front; then where it was written from (DATELINE), what the
outlet is mostly about (OUTLET), and what is merely MENTIONED.
"""

from __future__ import annotations

from collections.abc import Mapping

from webapp.evidence import Memory, Story, Suggestion, Where
from webapp.places import Gazetteer
from webapp.suggest.places_by_ear import heard
from webapp.suggest.places_evidence import PLACES_MAKER as PLACES_MAKER
from webapp.suggest.places_evidence import suggestions
from webapp.suggest.places_facts import abbreviations
from webapp.suggest.places_lexicon import Lexicon, lexicon_of
from webapp.suggest.places_match import find_spans, own_names
from webapp.suggest.places_resolve import Reference, resolve
from webapp.suggest.places_text import READ, Manner, Reading, read
from webapp.suggest.places_weigh import Tally, weigh
from webapp.tags import Vocabulary

_PRIOR = 15.0  # mentions that a source's habit is worth; best of 3, 8, 15, 25 on 85 local papers (2026-11-23)


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
    tallies = weigh(_references(story, reading, lexicon, gazetteer, memory), reading, lexicon, _habit(memory))
    return suggestions(tallies, lexicon, memory, story.outlet, manner=reading.manner)


def tallies_of(
    story: Story, *, gazetteer: Gazetteer, vocabulary: Vocabulary, memory: Memory
) -> tuple[dict[str, Tally], Manner]:
    """What `suggest_regions` goes by, and the manner of the story: for fitting the curve."""
    lexicon = lexicon_of(vocabulary, story.language.lower()[:2])
    reading = read(story)
    references = _references(story, reading, lexicon, gazetteer, memory)
    return weigh(references, reading, lexicon, _habit(memory)), reading.manner


def _references(
    story: Story, reading: Reading, lexicon: Lexicon, gazetteer: Gazetteer, memory: Memory
) -> list[Reference]:
    texts = {where: story.part(where)[: READ[where]] for where in Where}
    own = own_names(memory.meanings, memory.names)
    spans = find_spans(reading, texts, lexicon, gazetteer, own)
    resolved = resolve(
        spans,
        reading,
        lexicon,
        prior=_prior(memory, lexicon),
        states=_states(reading, gazetteer),
        own_countries=_own_countries(own, gazetteer),
    )
    by_ear = heard(reading, texts, resolved, spans, gazetteer)
    return sorted([*resolved, *by_ear], key=lambda each: each.span.first) if by_ear else resolved


def _prior(memory: Memory, lexicon: Lexicon) -> dict[str, float]:
    """How much the outlet speaks for each country when a name may mean several places."""
    prior: dict[str, float] = {}
    for tag_id, times in memory.outlet_regions.items():
        for country in lexicon.countries_of(tag_id):
            prior[country] = prior.get(country, 0.0) + _PRIOR * times / (memory.outlet_articles + 1)
    return prior


def _habit(memory: Memory) -> dict[str, float]:
    """Tag id → the share of the outlet's articles that have it first, as if one more had another."""
    return {tag_id: times / (memory.outlet_articles + 1) for tag_id, times in memory.outlet_regions.items()}


def _own_countries(own: Mapping[str, str], gazetteer: Gazetteer) -> dict[str, str]:
    """The countries of places of the gazetteer that the reader's own words mean."""
    places = (gazetteer.place(tag_id) for tag_id in dict.fromkeys(own.values()) if tag_id.startswith("r-gn-"))
    return {place.tag_id: place.parents[-1].removeprefix("r-").upper() for place in places if place and place.parents}


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
