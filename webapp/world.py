"""The grounds of the world map, read from `data/world.tsv`: which region each is, and where it stands.

Made by `tools/build_map.py`; the shapes themselves are in `static/world.svg`, under the id without "r-". Units are
those of `projection.py`.
"""

from __future__ import annotations

import csv
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LAND, CLAIMED, MARK = "land", "claimed", "mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One shape of the map (`drawn` land or claimed by two sides), or a mark where something without a shape is.

    `within` is the region it belongs to for a vocabulary that does not have `id`. `is_small`: a circle is needed.
    """

    id: str
    drawn: str
    within: str
    x: int
    y: int
    left: int
    top: int
    right: int
    bottom: int
    is_small: bool

    @property
    def shape(self) -> str:
        """The id of its path in world.svg; empty for a mark."""
        return "" if self.drawn == MARK else self.id.removeprefix("r-")

    def region(self, known: Container[str]) -> str:
        """The region that this ground is, for a reader who has the regions `known`; empty when none of them."""
        return next((each for each in (self.id, self.within, *_above(self.within)) if each and each in known), "")


@cache
def grounds() -> tuple[Ground, ...]:
    """Every ground, by id."""
    return tuple(_by_id().values())


def ground(region: str) -> Ground | None:
    """The ground that is exactly `region`; None when it is not drawn (a group, a part of a country)."""
    return _by_id().get(region)


def across(region: str) -> tuple[str, ...]:
    """The countries that a region lies across without having any of them below it; none for all but a few."""
    return _across().get(region, ())


@cache
def _across() -> dict[str, tuple[str, ...]]:
    """Written by hand in `data/across.tsv`."""
    lines = (files("webapp") / "data" / "across.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {region: tuple(countries.split()) for region, countries in (line.split("\t") for line in lines)}


def _above(region: str) -> tuple[str, ...]:
    """What a ground that is itself within another falls to."""
    above = _by_id().get(region)
    return (above.within,) if above else ()


@cache
def _by_id() -> dict[str, Ground]:
    text = (files("webapp") / "data" / "world.tsv").read_text(encoding="utf-8")
    return {row["id"]: _ground(row) for row in csv.DictReader(text.splitlines(), delimiter="\t")}


def _ground(row: dict[str, str]) -> Ground:
    places = {name: int(row[name]) for name in ("x", "y", "left", "top", "right", "bottom")}
    return Ground(id=row["id"], drawn=row["drawn"], within=row["within"], is_small=row["dot"] == "yes", **places)
