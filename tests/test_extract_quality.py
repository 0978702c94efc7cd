"""How good extraction is over our own cases, held to a floor that only rises.

python tests/test_extract_quality.py                      print the figures and what went wrong
python tests/test_extract_quality.py --update             raise the floor to today's figures
python tests/test_extract_quality.py --update --allow-regression      … even where they are lower
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from webapp.extract import extract  # noqa: E402
from webapp.model import Draft  # noqa: E402

CASES = ROOT / "tests" / "cases" / "extract"
FLOOR = CASES / "floor.json"
ROUNDING = 0.0005

_WORD = re.compile(r"\w+")


@dataclass
class Tally:
    """Hits out of chances for each measure, and the misses in words."""

    hits: Counter[str] = field(default_factory=Counter)
    chances: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def count(self, measure: str, hits: float, chances: float, miss: str) -> None:
        self.hits[measure] += hits  # type: ignore[assignment]
        self.chances[measure] += chances  # type: ignore[assignment]
        if hits < chances:
            self.misses.append(f"{measure:12} {miss}")

    def figures(self) -> dict[str, float]:
        return {
            name: round(self.hits[name] / self.chances[name], 4) for name in sorted(self.chances) if self.chances[name]
        }


def html_cases() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(name, page, expected) of every page in the folder."""
    for file in sorted(CASES.glob("*.html")):
        yield (
            file.stem,
            file.read_text(encoding="utf-8"),
            json.loads(file.with_suffix(".json").read_text(encoding="utf-8")),
        )


def measure() -> Tally:
    tally = Tally()
    for name, page, expected in html_cases():
        judge(tally, name, expected, extract(page, expected["address"], is_html=True))
    return tally


def judge(tally: Tally, name: str, expected: dict[str, Any], draft: Draft) -> None:
    """Count how much of `expected` is in `draft`."""
    precision, recall = overlap(" ".join(expected["text"]), draft.body_text)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    tally.count("body_f1", f1, 1, f"{name}: {f1:.3f} (precision {precision:.3f}, recall {recall:.3f})")
    told = {
        "title": draft.title,
        "standfirst": draft.standfirst,
        "authors": list(draft.authors),
        "date": draft.published_on.isoformat() if draft.published_on else "",
        "site": draft.site,
        "language": draft.language,
        "direction": draft.direction,
    }
    for measure_name, got in told.items():
        if expected[measure_name] is not None:
            wanted = expected[measure_name]
            tally.count(measure_name, wanted == got, 1, f"{name}: {got!r} instead of {wanted!r}")
    judge_structure(tally, name, expected, draft)
    everything = f"{draft.title}\n{draft.standfirst}\n{draft.body_text}\n{draft.captions_text}\n{draft.body_html}"
    for phrase in expected["must"]:
        tally.count("must", phrase in everything, 1, f"{name}: {phrase!r} is missing")
    for phrase in expected["must_not"]:
        tally.count("must_not", phrase not in everything, 1, f"{name}: {phrase!r} leaked")
    for sign in expected["signs"]:
        tally.count("signs", sign in draft.signs, 1, f"{name}: {sign} not in {draft.signs}")


def judge_structure(tally: Tally, name: str, expected: dict[str, Any], draft: Draft) -> None:
    counted = {
        "figures": draft.body_html.count("<img") + (draft.lead is not None),
        "tables": draft.body_html.count("<table"),
        "items": draft.body_html.count("<li"),
        "ordered": draft.body_html.count("<ol"),
        "quotes": draft.body_html.count("<blockquote"),
    }
    for measure_name, got in counted.items():
        wanted = expected[measure_name]
        tally.count(measure_name, min(got, wanted), wanted, f"{name}: {got} of {wanted}")
    spare = counted["figures"] - expected["figures"]
    tally.count("no_spare_figures", spare <= 0, 1, f"{name}: {spare} pictures too many")
    for caption in expected["captions"]:
        once = draft.captions_text.count(caption) == 1 and caption not in draft.body_text
        tally.count("captions", once, 1, f"{name}: {caption[:50]!r} {draft.captions_text.count(caption)} times")
    for code in expected["code"]:
        tally.count("code", all(line in draft.body_text for line in code.split("\n")), 1, f"{name}: {code[:30]!r}")
    for address in expected["image_addresses"]:
        tally.count("addresses", address in [image.address for image in draft.images], 1, f"{name}: {address}")


def overlap(truth: str, guess: str) -> tuple[float, float]:
    """Precision and recall over multisets of four-word shingles; letters count as words in scripts without spaces."""
    wanted, got = shingles(truth), shingles(guess)
    hits = sum((wanted & got).values())
    return hits / max(1, got.total()), hits / max(1, wanted.total())


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(re.sub(r"([\u3040-\u9fff])", r" \1 ", text))
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))


@pytest.fixture(scope="module")
def tally() -> Tally:
    return measure()


def test_there_are_at_least_forty_pages() -> None:
    assert len(list(html_cases())) >= 40


def test_extraction_does_not_fall_below_its_floor(tally: Tally) -> None:
    floor = json.loads(FLOOR.read_text(encoding="utf-8"))
    below = {name: (tally.figures().get(name, 0.0), least) for name, least in floor.items()}
    fallen = {name: pair for name, pair in below.items() if pair[0] < pair[1] - ROUNDING}
    assert not fallen, "\n".join([f"(today, floor): {fallen}", *tally.misses])


def test_the_pictures_and_captions_of_our_pages_survive(tally: Tally) -> None:
    figures = tally.figures()
    assert figures["figures"] >= 0.95
    assert figures["captions"] >= 0.95


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write today's figures as the floor")
    parser.add_argument("--allow-regression", action="store_true", help="let --update lower the floor")
    chosen = parser.parse_args()
    tally = measure()
    today = tally.figures()
    floor = json.loads(FLOOR.read_text(encoding="utf-8")) if FLOOR.exists() else {}
    say = sys.stdout.write
    say("".join(f"{miss}\n" for miss in tally.misses))
    say("".join(f"{name:18} {figure:.4f}   floor {floor.get(name, 0.0):.4f}\n" for name, figure in today.items()))
    lower = [name for name, least in floor.items() if today.get(name, 0.0) < least - ROUNDING]
    if chosen.update and lower and not chosen.allow_regression:
        say(f"not written: {', '.join(lower)} would fall (--allow-regression writes all the same)\n")
        return 1
    if chosen.update:
        FLOOR.write_text(json.dumps(today, indent=1) + "\n", encoding="utf-8")
    return 1 if lower and not chosen.allow_regression else 0


if __name__ == "__main__":
    raise SystemExit(main())
