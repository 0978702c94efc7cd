"""What a story tells before any name is decided: persons, firms, pairs like "Paris, Texas", its countries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from webapp.places import Found
from webapp.suggest.places_context import Surroundings
from webapp.suggest.places_facts import abbreviations, cues, words
from webapp.suggest.places_lexicon import Meaning
from webapp.suggest.places_match import Span
from webapp.suggest.places_text import Reading

# What a mention says about which countries the story deals with, for choosing among places of one name. From the
# study of region tagging (2026-11-23), where each was varied over news of five kinds.
_SAYS = {"name": 1.0, "people": 0.8, "area": 0.6, "institution": 0.4}
SAYS_UNSURE = 0.2
_SAYS_LANGUAGE, _SAYS_BIG_PLACE, _SAYS_FIXED, _SAYS_STATE = 0.4, 0.7, 1.0, 0.5
BIG, _BIG_SHARE, _AREA_SHARE = 300_000, 0.7, 0.5  # people; share of all places of that name
_VOTE_BELOW, _VOTE_LEAST, _VOTE_AHEAD, _VOTE_WEIGHT = 2.5, 0.55, 1.25, 2.0
# A country's name that is as well known for something else: key → the country, and what else speaks for it.
RIVAL_COUNTRIES = {
    "georgia": ("GE", ("RU", "AM", "AZ", "TR", "UA", "BY", "KZ")),
}


class Setting:
    """Counted once for a story; `countries` and `areas` say how much it deals with each.

    `said` and `area_said` are what one name adds to these, so that a name is not heard in its own favour. `fixed`
    are names that a comma explains once and for all. `named` are countries that the text names outright.
    """

    def __init__(
        self,
        spans: list[Span],
        reading: Reading,
        prior: Mapping[str, float],
        states: Mapping[tuple[str, str], int],
    ) -> None:
        self.reading = reading
        self.look = Surroundings(reading)
        self.spans = [span for span in spans if not any(meaning.sort == "none" for meaning in span.meanings)]
        self.fixed: dict[str, Found | Meaning] = {}
        self.countries: defaultdict[str, float] = defaultdict(float, prior)
        self.areas: Counter[int] = Counter()
        self.said: defaultdict[tuple[str, str], float] = defaultdict(float)
        self.area_said: Counter[tuple[str, int]] = Counter()
        self.named: set[str] = set()
        self._states = states
        self.look.count_languages(self.spans)
        self._mark()
        self._count_people(spans)
        self._fix_by_commas()
        self._gather_context()

    def _count_people(self, spans: list[Span]) -> None:
        self.persons = Counter(span.key for span in self.spans if "person" in span.marks)
        self.persons.update(span.key.rpartition("-")[2] for span in spans if _is_known_person(span))
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
        read = self.reading.words
        for span in self.spans:
            if span.after >= len(read) or read[span.after].gap.replace("\n", " ") not in (", ", ","):
                continue
            following = read[span.after]
            short = abbreviations().get(following.raw) or abbreviations().get(f"{following.raw}.")
            if short and following.is_capital and self._fix_in_area(span, short):
                continue
            other = at_word.get(span.after)
            if other is not None:
                self._fix_with(span, other)

    def _fix_in_area(self, span: Span, short: tuple[str, str]) -> bool:
        country, area = short
        inside = [place for place in span.found if place.country == country and place.sort != "area"]
        named = self._states.get((country, area), 0)
        best = [place for place in inside if place.area == named] if named else inside
        if best:
            self._fix(span, best[0])
            return True
        if span.found and not span.meanings:
            self.countries[country] += _SAYS_STATE
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
                inside.sort(key=lambda place: place.sort == "area")  # 'Moscow, Russia' is the city
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
        if span.key in cues("people-too") or span.key in cues("words-too") or span.key in RIVAL_COUNTRIES:
            says = SAYS_UNSURE
        elif self.look.is_language(span):
            says = _SAYS_LANGUAGE
        elif span.meanings[0].is_weak or self.look.is_about_food(span):
            says = SAYS_UNSURE
        if says >= _SAYS["people"] and sort in ("name", "people") and len(countries) == 1:
            self.named |= countries
        for country in countries:
            self.countries[country] += says / len(countries) * min(1.0, 0.2 + span.weight)

    def _count_places(self, span: Span, votes: dict[str, dict[str, float]]) -> None:
        total = sum(place.population for place in span.found) + 1_000.0
        largest = span.found[0] if span.found else None
        if largest is None:
            return
        inside = sum(place.population for place in span.found if place.country == largest.country)
        if largest.population > BIG and inside / total > _BIG_SHARE:
            says = _SAYS_BIG_PLACE * min(1.0, 0.2 + span.weight)
            self.countries[largest.country] += says
            self.said[span.key, largest.country] += says
        if largest.sort == "area" and inside / total > _AREA_SHARE:
            self.areas[largest.number] += 1
            self.area_said[span.key, largest.number] += 1
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


def _is_known_person(span: Span) -> bool:
    """'Michael Jordan': a set phrase that is no place and begins with a first name."""
    return any(each.sort == "none" for each in span.meanings) and span.key.split("-")[0] in words("first_names")
