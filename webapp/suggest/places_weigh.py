"""Adds up what was understood: for each tag how often, where and as what it is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from webapp.evidence import Where
from webapp.suggest.places_context import Surroundings
from webapp.suggest.places_lexicon import Lexicon
from webapp.suggest.places_resolve import Reference
from webapp.suggest.places_text import Reading

# How much a mention of each sort says that the story is about the country (fitted on news of two kinds; see
# docs/suggesting.md). A capital stands for its government as often as for the place.
_SORT = {"name": 1.0, "people": 0.7, "capital": 1.0, "area": 0.8, "county": 0.7, "place": 0.7, "institution": 0.5}
_ALTERNATE = 0.6
_LOCATIVE, _BARE_CAPITAL = 1.4, 0.7
_LOCUS, _MOST_LOCUS = 0.1, 4  # a country gains with places inside it: that is where things happen
PLACE_SORTS = {"capital", "area", "county", "place"}


@dataclass(slots=True)
class Tally:
    """What is known about one tag: `score` orders, the rest are reasons. Mentions in the order of the text."""

    tag_id: str
    country: str = ""  # ISO code when the tag is a country
    score: float = 0.0
    references: list[Reference] = field(default_factory=list)
    sorts: Counter[str] = field(default_factory=Counter)
    in_title: int = 0
    in_lead: int = 0
    locative: int = 0
    dateline: int = 0
    inside: int = 0

    @property
    def count(self) -> int:
        return len(self.references)


def weigh(references: Iterable[Reference], reading: Reading, lexicon: Lexicon) -> dict[str, Tally]:
    """Tag id → its tally; countries by the id they have in this vocabulary."""
    look = Surroundings(reading)
    tallies: dict[str, Tally] = {}
    for reference in references:
        weight = _weight(reference, look)
        for country in reference.countries:
            tag_id = lexicon.country_tags.get(country, f"r-{country.lower()}")
            tally = tallies.setdefault(tag_id, Tally(tag_id, country))
            tally.country = country
            _count(tally, reference, weight / len(reference.countries), reading)
        own = reference.tag_id
        if own and own not in tallies:
            tallies[own] = Tally(own)
        if own and not tallies[own].country:
            _count(tallies[own], reference, weight, reading)
    for tally in tallies.values():
        tally.score *= 1 + _LOCUS * min(_MOST_LOCUS, tally.inside)
    return tallies


def _weight(reference: Reference, look: Surroundings) -> float:
    span = reference.span
    weight = _SORT.get(reference.sort, 0.6) * reference.factor * span.weight
    if reference.sort == "place" and reference.place is not None and reference.place.is_alternate:
        weight *= _ALTERNATE / _SORT["place"]
    if reference.sort == "institution":
        return weight
    if "locative" in span.marks or look.is_locative(span) or look.is_geographic(span):
        return weight * _LOCATIVE
    return weight * (_BARE_CAPITAL if reference.sort == "capital" else 1.0)


def _count(tally: Tally, reference: Reference, weight: float, reading: Reading) -> None:
    span = reference.span
    tally.score += weight
    tally.references.append(reference)
    tally.sorts[reference.sort] += 1
    tally.in_title += span.where is Where.TITLE
    tally.in_lead += span.where is not Where.TITLE and span.weight >= 1.9
    tally.locative += "locative" in span.marks
    tally.dateline += reading.words[span.first].is_dateline
    tally.inside += reference.sort in PLACE_SORTS and bool(tally.country)
