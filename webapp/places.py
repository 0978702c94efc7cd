"""Places as a gazetteer knows them, and what is asked of a gazetteer. Pure values.

`webapp.gazetteer` answers from a file, `webapp.suggest` asks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

# First-level areas of GeoNames that are regions of the vocabulary from the start: their number → that tag.
AREA_TAGS = {
    6269131: "r-england",
    2638360: "r-scotland",
    2634895: "r-wales",
    2641364: "r-northern-ireland",
    3336901: "r-catalonia",
    703883: "r-crimea",
    569665: "r-chechnya",
    285153: "r-west-bank",
    281132: "r-gaza-strip",
    1279685: "r-tibet",
    1529047: "r-xinjiang",
    444187: "r-tigray",
}


def tag_of(number: int) -> str:
    """The tag of a place by its GeoNames number: "r-gn-172134", or the vocabulary's own."""
    return AREA_TAGS.get(number) or f"r-gn-{number}"


@dataclass(frozen=True, slots=True)
class Found:
    """One place that bears a name. `area` is the GeoNames number of its first-level area, 0 for none or for itself.

    `sort`: "capital", "area" (first-level), "county" (second-level), "place". `population` is rounded to 5 %; for
    areas it is that of its towns. `is_alternate`: the name is not the place's main one.
    """

    number: int
    country: str
    area: int
    population: int
    sort: str
    is_alternate: bool = False

    @property
    def tag_id(self) -> str:
        return tag_of(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A first-level area or a place, as it becomes a tag. `parents` are tag ids: its area, if any, then its country.

    Degrees north and east; `sort` as in Found. Its other names are keys without a language: see `places_called`.
    """

    tag_id: str
    name: str
    parents: tuple[str, ...] = ()
    latitude: float = 0.0
    longitude: float = 0.0
    population: int = 0
    sort: str = "place"


class Gazetteer(Protocol):
    """Names of the world's places. Thread-safe; answers are the same for the same question."""

    def named(self, keys: Collection[str]) -> Mapping[str, tuple[Found, ...]]:
        """The places that bear each of the `keys` (place_keys.name_key), most populous first; unknown keys are left
        out."""
        ...

    def sounding(self, sounds: Collection[str], countries: Collection[str]) -> Mapping[str, Found]:
        """The most populous place in those countries (ISO alpha-2) for each of the `sounds` (place_keys.sound_key)."""
        ...

    def place(self, tag_id: str) -> Place | None:
        """The place behind "r-gn-…", or None when there is no such number."""
        ...

    def find_places(self, prefix: str, limit: int) -> tuple[Place, ...]:
        """The places with a name that begins with what was typed, best first: whole names, then by population, but a
        town before the area called after it."""
        ...

    def places_called(self, name: str, limit: int) -> tuple[Place, ...]:
        """The places that bear this very name in any language, in the same order; where none does, those that sound
        like it."""
        ...
