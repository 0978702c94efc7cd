"""Adds up what was understood: for each tag how often, where and as what it is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
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
_DATELINE = 0.5  # of its weight a dateline keeps in today's stories: it says where the reporter sits
_LOCATIVE, _BARE_CAPITAL = 1.4, 0.7
_LOCUS, _MOST_LOCUS = 0.1, 4  # a country gains with places inside it: that is where things happen
_HABIT = 0.4  # of its score a region gains when all the outlet's articles have it first; taste
STRAY_BELOW = 0.3  # share of a block from which it counts as story; see places_text
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
    habit: float = 0.0
    solid: float = 0.0  # mentions, those in stray blocks for their share
    best_share: float = 0.0

    @property
    def count(self) -> int:
        return len(self.references)

    @property
    def is_dateline_only(self) -> bool:
        return self.dateline == self.count

    @property
    def is_stray(self) -> bool:
        """Named in what surrounds the story only."""
        return self.best_share < STRAY_BELOW


def weigh(
    references: Iterable[Reference], reading: Reading, lexicon: Lexicon, habit: Mapping[str, float]
) -> dict[str, Tally]:
    """Tag id → its tally; countries by the id they have in this vocabulary. `habit`: tag id → share of the outlet's
    articles that have it first."""
    look = Surroundings(reading)
    tallies: dict[str, Tally] = {}
    for reference in references:
        weight = _weight(reference, look, reading)
        for country in reference.countries:
            tag_id = lexicon.country_tags.get(country, f"r-{country.lower()}")
            tally = tallies.setdefault(tag_id, Tally(tag_id, country))
            tally.country = country
            _count(tally, reference, weight / len(reference.countries), reading)
        own = lexicon.today(reference.tag_id)
        if own and own not in tallies:
            tallies[own] = Tally(own)
        if own and not tallies[own].country:
            _count(tallies[own], reference, weight, reading)
    for tally in tallies.values():
        tally.habit = habit.get(tally.tag_id, 0.0)
        tally.score *= (1 + _LOCUS * min(_MOST_LOCUS, tally.inside)) * (1 + _HABIT * tally.habit)
    return tallies


def ranked_countries(tallies: Mapping[str, Tally]) -> list[Tally]:
    """The countries, best first."""
    countries = [tally for tally in tallies.values() if tally.country]
    return sorted(countries, key=lambda tally: (-tally.score, tally.tag_id))


def _weight(reference: Reference, look: Surroundings, reading: Reading) -> float:
    span = reference.span
    is_dateline, is_wire_copy = reading.words[span.first].is_dateline, reading.manner.is_wire_copy
    weight = _SORT.get(reference.sort, 0.6) * reference.factor * span.weight
    if is_dateline and not is_wire_copy:
        weight *= _DATELINE
    if reference.sort == "place" and reference.place is not None and reference.place.is_alternate:
        weight *= _ALTERNATE / _SORT["place"]
    if reference.sort == "institution":
        return weight
    if "locative" in span.marks or look.is_locative(span) or look.is_geographic(span):
        return weight * _LOCATIVE
    return weight * (_BARE_CAPITAL if reference.sort == "capital" else 1.0)


def _count(tally: Tally, reference: Reference, weight: float, reading: Reading) -> None:
    span = reference.span
    share = reading.words[span.first].share
    tally.score += weight
    tally.references.append(reference)
    tally.solid += share
    tally.best_share = max(tally.best_share, share)
    if share >= STRAY_BELOW:
        tally.sorts[reference.sort] += 1
    tally.in_title += span.where is Where.TITLE
    tally.in_lead += span.where is not Where.TITLE and span.weight >= 1.9
    tally.locative += "locative" in span.marks
    tally.dateline += reading.words[span.first].is_dateline
    tally.inside += reference.sort in PLACE_SORTS and bool(tally.country)
