"""Chooses the place that a name of the gazetteer means in a story, if it means one."""

from __future__ import annotations

import math

from webapp.places import Found
from webapp.suggest.places_facts import words
from webapp.suggest.places_match import Span
from webapp.suggest.places_setting import BIG, Setting

# How well a place fits, in powers of ten of its people. From the study (2026-11-23), and our own traps.
_CONTEXT = 1.3  # times the logarithm of what is said about its country
_NAMED = 0.8  # for being in a country that the text names, over one that it does not
_METROPOLIS, _HUGE = 0.6, 2_000_000  # for a capital of that many people: London stays London when Canada is named
_SAME_AREA = 1.0  # times the same logarithm, for the state that it is in
_SORT = {"capital": 0.8, "area": 0.7, "county": 0.2}
_ALTERNATE = -0.8
# When it is taken at all.
_FREE_FROM, _FREE_SHARE = 100_000, 0.5  # a place this large needs no other sign of its country
_SOME, _MUCH = 1.0, 2.5  # said about its country: needed by any other place; by a small one that stands bare
_SURE = 2.0  # said about its country, where the name may be a word or a person's
_SMALL, _TINY = 50_000, 15_000
_FAMOUS = 1_000_000  # people of a place that stays itself beside a person of that name
_CITY_SHARE = 0.05  # of its area's people, from which a city and not the area of the same name is meant


class Chooser:
    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def place(self, span: Span) -> Found | None:
        setting, marks = self._setting, span.marks
        is_firm = "company" in marks or (span.key in setting.firms and "locative" not in marks)
        choices = [] if is_firm else self._choices(span)
        if not choices:
            return None
        best = max(choices, key=lambda place: self._worth(span.key, place))
        return self._city_or_area(span, best, choices) if self._is_likely(span, best, choices) else None

    def is_surname(self, span: Span) -> bool:
        """Whether the story uses the name for a person elsewhere, so that it is one here."""
        setting = self._setting
        marked = setting.persons[span.key]
        if not marked or "fixed" in span.marks or any(each.sort in ("people", "institution") for each in span.meanings):
            return False
        is_first_name = span.key in words("first_names") and "locative" not in span.marks
        if any(each.sort == "name" for each in span.meanings):
            has_people = any(setting.people_of[country] for country in span.meanings[0].countries)
            return not has_people and (is_first_name or marked >= setting.plain[span.key] * 0.3)
        largest = span.found[0].population if span.found else 0
        is_small = largest < _FAMOUS and "locative" not in span.marks
        return is_first_name or is_small or marked >= setting.plain[span.key] * 0.5

    def _choices(self, span: Span) -> list[Found]:
        """The places that may be meant, fewer where the name may be something else."""
        setting, marks = self._setting, span.marks
        if "ambiguous" in marks:
            return [place for place in span.found if "locative" in marks and self._is_supported(place)]
        if marks & {"maybe", "shouted"} or setting.persons[span.key] or setting.maybes[span.key]:
            return [
                place
                for place in span.found
                if self._is_supported(place)
                or ("locative" in marks and place.population > _FREE_FROM)
                or ("shouted" in marks and place.population > BIG)
            ]
        return list(span.found)

    def _is_supported(self, place: Found) -> bool:
        return self._setting.countries[place.country] >= _SURE and place.population > _SMALL

    def _worth(self, key: str, place: Found) -> tuple[float, int]:
        setting = self._setting
        heard = max(0.0, setting.countries[place.country] - setting.said[key, place.country])
        area = place.area or place.number
        worth = math.log10(max(place.population, 200)) + _CONTEXT * math.log1p(heard)
        worth += _NAMED * (place.country in setting.named)
        worth += _METROPOLIS * (place.sort == "capital" and place.population > _HUGE)
        worth += _SAME_AREA * math.log1p(setting.areas[area] - setting.area_said[key, area])
        worth += _SORT.get(place.sort, 0.0) + _ALTERNATE * place.is_alternate
        return worth, -place.number

    def _is_likely(self, span: Span, best: Found, choices: list[Found]) -> bool:
        total = sum(place.population for place in choices) or 1
        same = sum(place.population for place in choices if place.country == best.country)
        context = self._setting.countries[best.country]
        if best.population >= _FREE_FROM and same / total > _FREE_SHARE and len(span.key) > 3:
            return True
        is_firm = "locative" in span.marks or "-" in span.key
        if context < _SOME or (best.population < _SMALL and not is_firm and context < _MUCH):
            return False
        return best.population >= _TINY or is_firm or self._setting.plain[span.key] > 1

    def _city_or_area(self, span: Span, best: Found, choices: list[Found]) -> Found:
        """Of a city and the area called after it, which is meant: 'Idlib', 'Idlib province', 'New York'."""
        same = [place for place in choices if place.country == best.country and not place.is_alternate]
        area = next((place for place in same if place.sort == "area"), None)
        if area is None:
            return best
        towns = (place for place in same if place.sort in ("place", "capital"))
        city = next((town for town in towns if town.population >= _CITY_SHARE * area.population), None)
        if city is None or best not in (area, city):
            return best
        return area if self._setting.look.is_area_word_after(span) else city
