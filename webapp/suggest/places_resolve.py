"""Decides which place each name means, from the company it keeps; names that mean no place are left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.places import Found
from webapp.suggest.places_choose import Chooser
from webapp.suggest.places_facts import cues
from webapp.suggest.places_lexicon import Lexicon, Meaning
from webapp.suggest.places_match import Span
from webapp.suggest.places_setting import RIVAL_COUNTRIES, SAYS_UNSURE, Setting
from webapp.suggest.places_text import Reading


@dataclass(slots=True)
class Reference:
    """A name that was understood: the tag it speaks for, the countries, and as what."""

    span: Span
    tag_id: str
    countries: tuple[str, ...]
    sort: str
    place: Found | None = None
    factor: float = 1.0  # of its weight as evidence


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
    resolver = _Resolver(Setting(spans, reading, prior, states), lexicon, own_countries)
    return resolver.references()


class _Resolver:
    def __init__(self, setting: Setting, lexicon: Lexicon, own_countries: Mapping[str, str]) -> None:
        self.setting = setting
        self.chooser = Chooser(setting)
        self.lexicon = lexicon
        self.own_countries = own_countries

    def references(self) -> list[Reference]:
        return [reference for span in self.setting.spans if (reference := self._reference(span))]

    def _reference(self, span: Span) -> Reference | None:
        if span.own_tag is not None:
            return self._own(span)
        if "person" in span.marks or self.chooser.is_surname(span):
            return None
        fixed = self.setting.fixed.get(span.key)
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
        place = self.chooser.place(span)
        return self._placed(span, place) if place else None

    def _own(self, span: Span) -> Reference | None:
        if not span.own_tag:
            return None
        sort = span.meanings[0].sort if span.meanings else "area"
        country = self.own_countries.get(span.own_tag)
        countries = (country,) if country else self.lexicon.countries_of(span.own_tag)
        return Reference(span, span.own_tag, countries, sort)

    def _meaning(self, span: Span) -> Meaning | None:
        """Which of the lexicon's meanings; None where the name means something else here."""
        meanings = (
            sorted(
                span.meanings,
                key=lambda each: (-max((self.setting.countries[c] for c in each.countries), default=0.0), each.tag_id),
            )
            if len(span.meanings) > 1
            else list(span.meanings)
        )
        best = meanings[0]
        if best.is_code and not best.countries:
            return best
        if self.setting.countries["US"] < 1 and self.setting.look.is_pronoun(span):
            return None
        if (
            best.is_code
            and "shouted" in span.marks
            and len(span.key) <= 2
            and self.setting.countries[best.countries[0]] < 1
        ):
            return None
        if span.key in RIVAL_COUNTRIES and not self._is_nation(span.key):
            return None
        if span.key in cues("words-too") and self._is_common_word(span, best):
            return None
        if best.sort == "institution" and best.is_weak and self.setting.countries[best.countries[0]] < 0.8:
            return None
        if best.sort == "institution" and "shouted" in span.marks and best.is_code:
            return None
        return best

    def _is_nation(self, key: str) -> bool:
        country, neighbours = RIVAL_COUNTRIES[key]
        nation, state = cues("nation-cues"), cues("state-cues")
        told = sum(0.4 * (word.key in nation) - 0.5 * (word.key in state) for word in self.setting.reading.words)
        for_nation = (
            2.0 * self.setting.people_of[country] + sum(self.setting.countries[each] for each in neighbours) + told
        )
        own = self.setting.countries[country] - SAYS_UNSURE * self.setting.plain[key]
        return for_nation + own > 0.5 * self.setting.countries["US"]

    def _is_common_word(self, span: Span, meaning: Meaning) -> bool:
        if any(self.setting.people_of[country] for country in meaning.countries):
            return False
        if span.key in self.setting.reading.lower_keys:
            return True
        if not span.key.isascii():
            return "locative" not in span.marks and self.setting.look.begins_sentence(span)
        return "shouted" in span.marks and self.setting.countries[meaning.countries[0]] < 1.0

    def _rival(self, span: Span) -> Reference | None:
        """The area or town of that name in the country the story deals with."""
        if span.key not in RIVAL_COUNTRIES or not span.found:
            return None
        best = max(
            span.found,
            key=lambda place: (place.sort == "area", self.setting.countries[place.country], place.population),
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
            if self.setting.look.is_language(span) or self.setting.look.is_about_food(span):
                return None
            if meaning.is_weak or self.setting.look.is_also_language(span):
                factor = 0.4
            if span.key in ("indian", "indians") and not self._is_of_india():
                return None
            if "shouted" in span.marks and span.key in cues("shouted-words"):
                return None
        if (
            meaning.sort == "name"
            and span.key in self.setting.firms
            and not any(self.setting.people_of[each] for each in meaning.countries)
        ):
            return None
        if meaning.sort == "name" and ("company" in span.marks or "institution" in span.marks):
            factor = 0.6
        if meaning.sort == "name" and self._is_small_town_too(span, meaning):
            factor = 0.4
        return Reference(span, tag_id, meaning.countries, meaning.sort, factor=factor)

    def _is_of_india(self) -> bool:
        if self.setting.countries["US"] <= 1 and self.setting.countries["CA"] <= 1:
            return True
        return any(span.key in cues("of-india") for span in self.setting.spans)

    def _is_small_town_too(self, span: Span, meaning: Meaning) -> bool:
        """'Peru' in the local news of Indiana."""
        country = meaning.countries[0] if meaning.countries else ""
        if "US" not in {place.country for place in span.found} or span.weight >= 3:
            return False
        return (
            self.setting.countries["US"] >= 3
            and self.setting.countries[country] <= 1.2
            and not self.setting.people_of[country]
        )

    def _placed(self, span: Span, place: Found) -> Reference:
        factor = 0.5 if "institution" in span.marks else 1.0
        if place.country not in self.setting.named and self.setting.look.is_host(span):
            factor = 0.4
        return Reference(span, place.tag_id, (place.country,), place.sort, place, factor)
