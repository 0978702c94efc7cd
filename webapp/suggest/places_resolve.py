"""Decides which place each name means, from the company it keeps; names that mean no place are left out."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.places import Found
from webapp.suggest.places_context import Surroundings
from webapp.suggest.places_facts import abbreviations, cues, words
from webapp.suggest.places_lexicon import Lexicon, Meaning
from webapp.suggest.places_match import Span
from webapp.suggest.places_text import Reading

# What a mention says about which countries the story deals with, for choosing among places of one name. From the
# study of region tagging (2026-11-23), where each was varied over news of five kinds.
_SAYS = {"name": 1.0, "people": 0.8, "area": 0.6, "institution": 0.4}
_SAYS_UNSURE, _SAYS_LANGUAGE, _SAYS_BIG_PLACE, _SAYS_FIXED = 0.2, 0.4, 0.7, 1.0
_BIG, _BIG_SHARE = 300_000, 0.7  # people; share of all places of that name
_VOTE_BELOW, _VOTE_LEAST, _VOTE_AHEAD, _VOTE_WEIGHT = 2.5, 0.55, 1.25, 2.0
_FREE_FROM, _FREE_SHARE = 100_000, 0.5  # a place this large needs no other sign of its country
_SAME_AREA = 1.0  # for being in a state that the text names
_CITY_SHARE = 0.05  # of its area's people, from which a city and not the area of the same name is meant
_SMALL, _TINY = 50_000, 15_000
# A country's name that is as well known for something else: key → the country, and what else speaks for it.
_RIVAL_COUNTRIES = {
    "georgia": ("GE", ("RU", "AM", "AZ", "TR", "UA", "BY", "KZ")),
}


@dataclass(slots=True)
class Reference:
    """A name that was understood: the tag it speaks for, the countries, and as what."""

    span: Span
    tag_id: str
    countries: tuple[str, ...]
    sort: str
    place: Found | None = None
    factor: float = 1.0  # of its weight as evidence
    is_abbreviated: bool = False


def resolve(
    spans: list[Span],
    reading: Reading,
    lexicon: Lexicon,
    *,
    prior: Mapping[str, float],
    states: Mapping[tuple[str, str], int],
    own_countries: Mapping[str, str],
) -> list[Reference]:
    """What the names mean, in the order of the text.

    `prior`: country → how much the outlet speaks for it. `states`: (country, key of an area's name) → its number, for
    the abbreviations in the text. `own_countries`: tag id → country, of places that the reader's own names mean.
    """
    resolver = _Resolver(spans, reading, lexicon, prior, states)
    resolver.own_countries = own_countries
    return resolver.references()


def _is_known_person(span: Span) -> bool:
    """'Michael Jordan': a set phrase that is no place and begins with a first name."""
    return any(each.sort == "none" for each in span.meanings) and span.key.split("-")[0] in words("first_names")


def _surname(span: Span) -> str:
    return span.key.rpartition("-")[2]


class _Resolver:
    def __init__(
        self,
        spans: list[Span],
        reading: Reading,
        lexicon: Lexicon,
        prior: Mapping[str, float],
        states: Mapping[tuple[str, str], int],
    ) -> None:
        self.states = states
        self.own_countries: Mapping[str, str] = {}
        self.reading = reading
        self.lexicon = lexicon
        self.look = Surroundings(reading)
        self.spans = [span for span in spans if not any(meaning.sort == "none" for meaning in span.meanings)]
        self.fixed: dict[str, Found | Meaning] = {}
        self.countries: Counter[str] = Counter(prior)
        self.areas: Counter[int] = Counter()
        self._mark()
        self.persons = Counter(span.key for span in self.spans if "person" in span.marks)
        self.persons.update(_surname(span) for span in spans if _is_known_person(span))
        self.maybes = Counter(span.key for span in self.spans if "maybe" in span.marks)
        self.firms = {span.key for span in self.spans if "company" in span.marks}
        self.plain = Counter(span.key for span in self.spans if not span.marks & {"person", "maybe"})
        self.people_of = Counter(
            country
            for span in self.spans
            for meaning in span.meanings
            if meaning.sort == "people"
            for country in meaning.countries
        )

    def references(self) -> list[Reference]:
        self._fix_by_commas()
        self._gather_context()
        return [reference for span in self.spans if (reference := self._reference(span))]

    def _mark(self) -> None:
        for span in self.spans:
            if span.own_tag is not None:
                continue
            look, marks = self.look, span.marks
            person = look.person(span)
            if person:
                marks.add("person" if person == "certain" else "maybe")
            if not span.meanings and look.is_ambiguous(span):
                marks.add("ambiguous")
            if look.is_locative(span):
                marks.add("locative")
            if look.is_company(span):
                marks.add("company")
            if look.is_institution(span):
                marks.add("institution")
            if self.reading.words[span.first].block in self.reading.shouted_blocks:
                marks.add("shouted")

    def _fix_by_commas(self) -> None:
        at_word = {span.first: span for span in self.spans}
        words = self.reading.words
        for span in self.spans:
            if span.after >= len(words) or words[span.after].gap.replace("\n", " ") not in (", ", ","):
                continue
            following = words[span.after]
            short = abbreviations().get(following.raw) or abbreviations().get(f"{following.raw}.")
            if short and following.is_capital and self._fix_in_area(span, short):
                continue
            other = at_word.get(span.after)
            if other is not None:
                self._fix_with(span, other)

    def _fix_in_area(self, span: Span, short: tuple[str, str]) -> bool:
        country, area = short
        inside = [place for place in span.found if place.country == country and place.sort != "area"]
        named = self.states.get((country, area), 0)
        best = [place for place in inside if place.area == named] if named else inside
        if best:
            self._fix(span, best[0])
            return True
        if span.found and not span.meanings:
            self.countries[country] += 0.5
        return False

    def _fix_with(self, span: Span, other: Span) -> None:
        for area in other.found:
            number = area.number if area.sort == "area" else area.area
            if area.sort in ("area", "county") and number:
                inside = [place for place in span.found if place.area == number and place.sort in ("place", "capital")]
                if inside:
                    self._fix(span, inside[0])
                    self.fixed.setdefault(other.key, area)
                    other.marks.discard("person")
                    return
        state = other.found[0] if other.found and other.found[0].sort == "area" and not other.meanings else None
        if state and span.meanings and span.meanings[0].sort == "name" and not self._is_listed(other):
            self.fixed.setdefault(span.key, Meaning("", (state.country,), "place"))
            return
        for meaning in other.meanings:
            if meaning.sort in ("name", "area"):
                inside = [place for place in span.found if place.country in meaning.countries]
                if inside and not any(each.sort == "name" for each in span.meanings):
                    self._fix(span, inside[0])
                    return

    def _is_listed(self, span: Span) -> bool:
        """Whether 'and' or another name follows: 'in Turkey, Bavaria and Vienna'."""
        after = self.look.after(span)
        return after is not None and after.key in ("and", "or", "und", "et", "y", "e")

    def _fix(self, span: Span, place: Found) -> None:
        span.marks -= {"person", "maybe", "ambiguous"}
        span.marks.add("fixed")
        self.fixed.setdefault(span.key, place)
        self.countries[place.country] += _SAYS_FIXED
        if place.area:
            self.areas[place.area] += 1

    def _gather_context(self) -> None:
        votes: dict[str, dict[str, float]] = defaultdict(dict)
        for span in self.spans:
            if "fixed" in span.marks or span.key in self.fixed or "person" in span.marks or span.own_tag is not None:
                continue
            if span.meanings:
                self._count_meanings(span)
            elif not span.marks & {"ambiguous", "maybe", "company"}:
                self._count_places(span, votes)
        self._vote(votes)

    def _count_meanings(self, span: Span) -> None:
        if span.key == "us" and ("shouted" in span.marks or self.look.is_pronoun(span)):
            return
        countries = {country for meaning in span.meanings for country in meaning.countries}
        sort = span.meanings[0].sort
        says = _SAYS.get(sort, 0.0)
        if span.key in cues("people-too") or span.key in cues("words-too") or span.key in _RIVAL_COUNTRIES:
            says = _SAYS_UNSURE
        elif self.look.is_language(span):
            says = _SAYS_LANGUAGE
        elif span.meanings[0].is_weak or self.look.is_about_food(span):
            says = _SAYS_UNSURE
        for country in countries:
            self.countries[country] += says / len(countries) * min(1.0, 0.2 + span.weight)

    def _count_places(self, span: Span, votes: dict[str, dict[str, float]]) -> None:
        total = sum(place.population for place in span.found) + 1_000.0
        largest = span.found[0] if span.found else None
        if largest is None:
            return
        inside = sum(place.population for place in span.found if place.country == largest.country)
        if largest.population > _BIG and inside / total > _BIG_SHARE:
            self.countries[largest.country] += _SAYS_BIG_PLACE * min(1.0, 0.2 + span.weight)
        if largest.sort == "area" and inside / total > _FREE_SHARE:
            self.areas[largest.number] += 1
        for place in span.found:
            share = (place.population + 500) / total
            votes[place.country][span.key] = max(votes[place.country].get(span.key, 0.0), share)

    def _vote(self, votes: dict[str, dict[str, float]]) -> None:
        """Where little is told, the country that explains most of the names."""
        if not votes or sum(self.countries.values()) >= _VOTE_BELOW:
            return
        ranked = sorted(votes, key=lambda country: (-sum(votes[country].values()), country))
        first = sum(votes[ranked[0]].values())
        second = sum(votes[ranked[1]].values()) if len(ranked) > 1 else 0.0
        if len(votes[ranked[0]]) >= 2 and first >= _VOTE_LEAST and first > _VOTE_AHEAD * second:
            self.countries[ranked[0]] += _VOTE_WEIGHT

    def _reference(self, span: Span) -> Reference | None:
        if span.own_tag is not None:
            return self._own(span)
        if "person" in span.marks or self._is_surname(span):
            return None
        fixed = self.fixed.get(span.key)
        if isinstance(fixed, Found):
            return self._placed(span, fixed)
        if isinstance(fixed, Meaning):
            return Reference(span, fixed.tag_id, fixed.countries, fixed.sort)
        if span.meanings:
            meaning = self._meaning(span)
            if meaning is not None:
                return self._meant(span, meaning)
            if any(each.sort in ("name", "people") for each in span.meanings):
                return self._rival(span)
        return self._place(span)

    def _own(self, span: Span) -> Reference | None:
        if not span.own_tag:
            return None
        sort = span.meanings[0].sort if span.meanings else "area"
        country = self.own_countries.get(span.own_tag)
        countries = (country,) if country else self.lexicon.countries_of(span.own_tag)
        return Reference(span, span.own_tag, countries, sort)

    def _is_surname(self, span: Span) -> bool:
        marked = self.persons[span.key]
        if not marked or "fixed" in span.marks or any(each.sort in ("people", "institution") for each in span.meanings):
            return False
        if any(each.sort == "name" for each in span.meanings):
            countries = span.meanings[0].countries
            if span.key in words("first_names") and "locative" not in span.marks:
                return not any(self.people_of[country] for country in countries)
            return not any(self.people_of[country] for country in countries) and marked >= self.plain[span.key] * 0.3
        if span.key in words("first_names") and "locative" not in span.marks:
            return True
        largest = span.found[0].population if span.found else 0
        return marked >= self.plain[span.key] * 0.5 or (largest < 1_000_000 and "locative" not in span.marks)

    def _meaning(self, span: Span) -> Meaning | None:
        """Which of the lexicon's meanings; None where the name means something else here."""
        meanings = (
            sorted(
                span.meanings,
                key=lambda each: (-max((self.countries[c] for c in each.countries), default=0.0), each.tag_id),
            )
            if len(span.meanings) > 1
            else list(span.meanings)
        )
        best = meanings[0]
        if best.is_code and not best.countries:
            return best
        if self.countries["US"] < 1 and self.look.is_pronoun(span):
            return None
        if best.is_code and "shouted" in span.marks and len(span.key) <= 2 and self.countries[best.countries[0]] < 1:
            return None
        if span.key in _RIVAL_COUNTRIES and not self._is_nation(span.key):
            return None
        if span.key in cues("words-too") and self._is_common_word(span, best):
            return None
        if best.sort == "institution" and best.is_weak and self.countries[best.countries[0]] < 0.8:
            return None
        if best.sort == "institution" and "shouted" in span.marks and best.is_code:
            return None
        return best

    def _is_nation(self, key: str) -> bool:
        country, neighbours = _RIVAL_COUNTRIES[key]
        nation, state = cues("nation-cues"), cues("state-cues")
        told = sum(0.4 * (word.key in nation) - 0.5 * (word.key in state) for word in self.reading.words)
        for_nation = 2.0 * self.people_of[country] + sum(self.countries[each] for each in neighbours) + told
        own = self.countries[country] - _SAYS_UNSURE * self.plain[key]
        return for_nation + own > 0.5 * self.countries["US"]

    def _is_common_word(self, span: Span, meaning: Meaning) -> bool:
        if any(self.people_of[country] for country in meaning.countries):
            return False
        if span.key in self.reading.lower_keys:
            return True
        if not span.key.isascii():
            return "locative" not in span.marks and self.look.begins_sentence(span)
        return "shouted" in span.marks and self.countries[meaning.countries[0]] < 1.0

    def _rival(self, span: Span) -> Reference | None:
        """The area or town of that name in the country the story deals with."""
        if span.key not in _RIVAL_COUNTRIES or not span.found:
            return None
        best = max(
            span.found, key=lambda place: (place.sort == "area", self.countries[place.country], place.population)
        )
        return self._placed(span, best)

    def _meant(self, span: Span, meaning: Meaning) -> Reference | None:
        tag_id, factor = meaning.tag_id, 1.0
        if meaning.sort in ("area", "institution") and not tag_id:
            same = [
                place for place in span.found if place.country in meaning.countries and place.sort in ("area", "place")
            ]
            if same:
                return Reference(span, same[0].tag_id, meaning.countries, "area", same[0])
        if meaning.sort == "people":
            if self.look.is_language(span) or self.look.is_about_food(span):
                return None
            if meaning.is_weak:
                factor = 0.4
            if span.key in ("indian", "indians") and not self._is_of_india():
                return None
            if "shouted" in span.marks and span.key in (
                "polish",
                "pole",
                "poles",
                "turk",
                "finn",
                "dane",
                "swede",
                "scot",
            ):
                return None
        if meaning.sort == "name" and ("company" in span.marks or "institution" in span.marks):
            factor = 0.6
        if meaning.sort == "name" and self._is_small_town_too(span, meaning):
            factor = 0.4
        return Reference(span, tag_id, meaning.countries, meaning.sort, factor=factor)

    def _is_of_india(self) -> bool:
        if self.countries["US"] <= 1 and self.countries["CA"] <= 1:
            return True
        return any(span.key in ("india", "delhi", "new-delhi", "mumbai", "modi", "bombay") for span in self.spans)

    def _is_small_town_too(self, span: Span, meaning: Meaning) -> bool:
        """'Peru' in the local news of Indiana."""
        country = meaning.countries[0] if meaning.countries else ""
        if "US" not in {place.country for place in span.found} or span.weight >= 3:
            return False
        return self.countries["US"] >= 3 and self.countries[country] <= 1.2 and not self.people_of[country]

    def _place(self, span: Span) -> Reference | None:
        if not span.found or "company" in span.marks or (span.key in self.firms and "locative" not in span.marks):
            return None
        choices = list(span.found)
        unsure = span.marks & {"ambiguous", "maybe", "shouted"} or self.persons[span.key] or self.maybes[span.key]
        if "ambiguous" in span.marks:
            choices = [
                place
                for place in choices
                if self.countries[place.country] >= 2 and place.population > _SMALL and "locative" in span.marks
            ]
        elif unsure:
            choices = [
                place
                for place in choices
                if (self.countries[place.country] >= 2 and place.population > _SMALL)
                or ("locative" in span.marks and place.population > 100_000)
                or ("shouted" in span.marks and place.population > _BIG)
            ]
        if not choices:
            return None
        best = max(choices, key=self._worth)
        if not self._is_likely(span, best, choices):
            return None
        return self._placed(span, self._city_or_area(span, best, choices))

    def _city_or_area(self, span: Span, best: Found, choices: list[Found]) -> Found:
        """Of a city and the area called after it, which is meant: 'Idlib', 'Idlib province', 'New York'."""
        same = [place for place in choices if place.country == best.country and not place.is_alternate]
        area = next((place for place in same if place.sort == "area"), None)
        city = next(
            (
                place
                for place in same
                if place.sort in ("place", "capital") and area and place.population >= _CITY_SHARE * area.population
            ),
            None,
        )
        if area is None or city is None or best not in (area, city):
            return best
        return area if self.look.is_area_word_after(span) else city

    def _worth(self, place: Found) -> tuple[float, int]:
        worth = math.log10(max(place.population, 200)) + 1.3 * math.log1p(self.countries[place.country])
        worth += _SAME_AREA * math.log1p(self.areas[place.area or place.number])
        worth += {"capital": 0.8, "area": 0.7, "county": 0.2}.get(place.sort, 0.0)
        return worth - 0.8 * place.is_alternate, -place.number

    def _is_likely(self, span: Span, best: Found, choices: list[Found]) -> bool:
        total = sum(place.population for place in choices) or 1
        same = sum(place.population for place in choices if place.country == best.country)
        context = self.countries[best.country]
        if best.population >= _FREE_FROM and same / total > _FREE_SHARE and len(span.key) > 3:
            return True
        is_locative, is_long = "locative" in span.marks, "-" in span.key
        if context < 1:
            return False
        if best.population < _SMALL and not is_long and not is_locative and context < 2.5:
            return False
        return not (best.population < _TINY and not is_locative and not is_long and self.plain[span.key] < 2)

    def _placed(self, span: Span, place: Found) -> Reference:
        factor = 0.5 if "institution" in span.marks else 1.0
        return Reference(span, place.tag_id, (place.country,), place.sort, place, factor)
