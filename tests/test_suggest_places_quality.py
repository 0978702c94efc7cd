"""How good suggested regions are over our own cases, held to a floor that only rises.

python tests/test_suggest_places_quality.py                      print the figures and what went wrong
python tests/test_suggest_places_quality.py --update             raise the floor to today's figures
python tests/test_suggest_places_quality.py --update --allow-regression      … even where they are lower

traps.tsv: short stories with a trap of one category each, and exactly the countries that must be suggested; those in
`accept` may be. pages.tsv: a story of stories.txt inside the chrome of chrome.txt; no region of the chrome may be
suggested, and the story's own must come first.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from webapp.evidence import Role, Story  # noqa: E402
from webapp.gazetteer import FileGazetteer, open_gazetteer  # noqa: E402
from webapp.seed import seed_tags  # noqa: E402
from webapp.suggest import suggest_regions  # noqa: E402
from webapp.tags import Vocabulary  # noqa: E402

CASES = ROOT / "tests" / "cases" / "suggest"
FLOOR = CASES / "regions_floor.json"
ROUNDING = 0.0005


@dataclass
class Tally:
    """Hits out of chances for each measure, and the misses in words."""

    hits: Counter[str] = field(default_factory=Counter)
    chances: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def count(self, measure: str, hit: bool, miss: str) -> None:
        self.hits[measure] += hit
        self.chances[measure] += 1
        if not hit:
            self.misses.append(f"{measure:20} {miss}")

    def figures(self) -> dict[str, float]:
        return {name: round(self.hits[name] / self.chances[name], 4) for name in sorted(self.chances)}


@dataclass(frozen=True)
class Trap:
    category: str
    language: str
    countries: frozenset[str]
    accept: frozenset[str]
    title: str
    text: str


@dataclass(frozen=True)
class Page:
    name: str
    primary: str
    also: frozenset[str]
    story: Story


def traps() -> Iterator[Trap]:
    header, *lines = (CASES / "traps.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")
    assert header.split("\t") == ["category", "language", "countries", "accept", "title", "text"]
    for line in lines:
        category, language, countries, accept, title, text = line.split("\t")
        yield Trap(category, language, frozenset(countries.split()), frozenset(accept.split()), title, text)


def pages() -> Iterator[Page]:
    stories = {lines[0].split(" | ")[0]: lines for lines in _paragraphs("stories.txt")}
    chromes = {lines[0]: lines[1:] for lines in _paragraphs("chrome.txt")}
    for line in (CASES / "pages.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")[1:]:
        story, chrome = line.split("\t")
        head, *body = stories[story]
        _, primary, also, title = (cell.strip() for cell in head.split("|"))
        place = chromes[chrome].index("---")
        text = "\n".join([*chromes[chrome][:place], *body, *chromes[chrome][place + 1 :]])
        yield Page(f"{story}/{chrome}", primary, frozenset(also.split()), Story(title=title, body=text, language="en"))


def _paragraphs(name: str) -> Iterator[list[str]]:
    """Groups of lines that an empty line parts; what begins with # is a remark."""
    for group in (CASES / name).read_text(encoding="utf-8").strip().split("\n\n"):
        yield [line for line in group.split("\n") if not line.startswith("#")]


def countries(story: Story, gazetteer: FileGazetteer, vocabulary: Vocabulary) -> list[str]:
    made = suggest_regions(story, gazetteer=gazetteer, vocabulary=vocabulary)
    codes = (vocabulary.get(each.tag_id).code for each in made if each.role is Role.ABOUT and each.tag_id in vocabulary)
    return [code for code in codes if len(code) == 2 and code.isalpha()]


def measure(gazetteer: FileGazetteer) -> Tally:
    tally = Tally()
    vocabulary = Vocabulary(seed_tags())
    for trap in traps():
        got = countries(Story(title=trap.title, body=trap.text, language=trap.language), gazetteer, vocabulary)
        is_exact = set(got) - trap.accept == trap.countries - trap.accept
        miss = f"{trap.title}: {' '.join(got) or 'nothing'} instead of {' '.join(sorted(trap.countries)) or 'nothing'}"
        tally.count("traps", is_exact, miss)
        tally.count(f"traps/{trap.category}", is_exact, miss)
    for page in pages():
        got = countries(page.story, gazetteer, vocabulary)
        stray = [code for code in got if code != page.primary and code not in page.also]
        tally.count("pages/primary", got[:1] == [page.primary], f"{page.name}: {got} instead of {page.primary}")
        tally.count("pages/no chrome", not stray, f"{page.name}: {stray} from the chrome")
    return tally


@pytest.fixture(scope="module")
def tally(tmp_path_factory: pytest.TempPathFactory) -> Tally:
    with open_gazetteer(tmp_path_factory.mktemp("gazetteer")) as gazetteer:
        return measure(gazetteer)


def test_there_are_enough_cases_and_each_stands_for_itself() -> None:
    found = list(traps())
    assert len(found) >= 150
    assert len({trap.text for trap in found}) == len(found)
    assert len({trap.category for trap in found}) >= 20
    assert len(list(pages())) >= 40
    assert len({page.name for page in pages()}) == len(list(pages()))


def test_regions_do_not_fall_below_their_floor(tally: Tally) -> None:
    floor = json.loads(FLOOR.read_text(encoding="utf-8"))
    figures = tally.figures()
    fallen = {name: (figures.get(name, 0.0), least) for name, least in floor.items()}
    fallen = {name: pair for name, pair in fallen.items() if pair[0] < pair[1] - ROUNDING}
    assert not fallen, "\n".join([f"(today, floor): {fallen}", *tally.misses])


def test_no_region_of_a_page_chrome_wins(tally: Tally) -> None:
    assert tally.figures()["pages/primary"] == 1.0
    assert tally.figures()["pages/no chrome"] == 1.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write today's figures as the floor")
    parser.add_argument("--allow-regression", action="store_true", help="let --update lower the floor")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_gazetteer(Path(folder)) as gazetteer:
        tally = measure(gazetteer)
    today = tally.figures()
    floor = json.loads(FLOOR.read_text(encoding="utf-8")) if FLOOR.exists() else {}
    say = sys.stdout.write
    say("".join(f"{miss}\n" for miss in tally.misses))
    say("".join(f"{name:24} {figure:.4f}   floor {floor.get(name, 0.0):.4f}\n" for name, figure in today.items()))
    lower = [name for name, least in floor.items() if today.get(name, 0.0) < least - ROUNDING]
    if chosen.update and lower and not chosen.allow_regression:
        say(f"not written: {', '.join(lower)} would fall (--allow-regression writes all the same)\n")
        return 1
    if chosen.update:
        FLOOR.write_text(json.dumps(today, indent=1) + "\n", encoding="utf-8")
    return 1 if lower and not chosen.allow_regression else 0


if __name__ == "__main__":
    raise SystemExit(main())
