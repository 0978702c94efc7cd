"""The hand-written facts about names of places, read once from data/places/. Columns are told in data/README.md."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from webapp.place_keys import name_key


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table, by column; `name` without its ending."""
    text = files("webapp").joinpath("data", "places", f"{name}.tsv").read_text(encoding="utf-8")
    header, *lines = text.rstrip("\n").split("\n")
    columns = header.split("\t")
    for line in lines:
        yield dict(zip(columns, line.split("\t"), strict=True))


@cache
def words(name: str) -> frozenset[str]:
    """The keys of a long list, a file of its own: "ambiguous" or "first_names"."""
    text = files("webapp").joinpath("data", "places", f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


@cache
def cues(name: str) -> frozenset[str]:
    """The keys of one of the short lists of context.tsv: words that tell what a name beside them is."""
    lists = {row["list"]: frozenset(row["words"].split()) for row in rows("context")}
    return lists[name]


def split(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


@cache
def abbreviations() -> dict[str, tuple[str, str]]:
    """'Ky.', 'KY', 'NSW' as written → (country, key of the area's name)."""
    return {
        short: (row["country"], name_key(row["area"]))
        for row in rows("abbreviations")
        for short in split(row["abbreviations"])
    }
