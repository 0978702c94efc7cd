"""How good the suggested topics are over our own cases, held to a floor that only rises.

python tests/test_suggest_topics_quality.py                      print the figures and what went wrong
python tests/test_suggest_topics_quality.py --update             raise the floor to today's figures
python tests/test_suggest_topics_quality.py --update --allow-regression      … even where they are lower
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from webapp.evidence import SHOWN_FROM, Story  # noqa: E402
from webapp.model import TagKind  # noqa: E402
from webapp.seed import seed_tags  # noqa: E402
from webapp.suggest import suggest_topics  # noqa: E402
from webapp.tags import Vocabulary  # noqa: E402

CASES = ROOT / "tests" / "cases" / "suggest" / "topics.tsv"
FLOOR = ROOT / "tests" / "cases" / "suggest" / "topics_floor.json"
ROUNDING = 0.0005
VOCABULARY = Vocabulary(seed_tags())


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def measure() -> tuple[dict[str, float], list[str]]:
    """For each sort of case the share of wanted topics that were suggested (or a narrower one), of cases
    whose first suggestion is of the right top-level topic, and of unwanted topics that were not shown."""
    hits: Counter[str] = Counter()
    chances: Counter[str] = Counter()
    misses = []
    for case in cases():
        story = Story(title=case["title"], body=case["text"], language=case["language"])
        found = suggest_topics(story, vocabulary=VOCABULARY)
        told = [each.tag_id for each in found]
        shown = [each.tag_id for each in found if each.confidence >= SHOWN_FROM]
        wanted = [known(slug) for slug in case["wanted"].split()]
        above = {each for tag_id in shown for each in VOCABULARY.lineage(tag_id)}
        checks = [("found", each in above) for each in wanted]
        checks += [("root", bool(told) and root(told[0]) in {root(each) for each in wanted})]
        checks += [("unwanted", known(slug) not in above) for slug in case["unwanted"].split()]
        for name, right in checks:
            key = f"{case['sort']} {name}"
            chances[key] += 1
            hits[key] += right
            if not right:
                names = [f"{VOCABULARY.get(each.tag_id).slug} {each.confidence:.2f}" for each in found]
                misses.append(
                    f"{key:16} {case['title']}: {case['wanted']} | {case['unwanted']} | got {', '.join(names)}"
                )
    return {key: round(hits[key] / chances[key], 4) for key in sorted(chances)}, misses


def known(slug: str) -> str:
    tag = VOCABULARY.find(TagKind.TOPIC, slug)
    assert tag is not None, slug
    return tag.id


def root(tag_id: str) -> str:
    return VOCABULARY.lineage(tag_id)[-1]


def test_there_are_at_least_eighty_cases_in_eight_languages() -> None:
    assert len(cases()) >= 80
    assert {case["language"] for case in cases()} == {"en", "de", "fr", "es", "ru", "he", "ar", "tr"}


def test_suggested_topics_do_not_fall_below_their_floor() -> None:
    figures, misses = measure()
    floor = json.loads(FLOOR.read_text(encoding="utf-8"))
    fallen = {key: (figures.get(key, 0.0), least) for key, least in floor.items()
              if figures.get(key, 0.0) < least - ROUNDING}  # fmt: skip
    assert not fallen, "\n".join([f"(today, floor): {fallen}", *misses])


@pytest.mark.parametrize(
    ("measure_name", "least"), [("plain root", 0.95), ("plain found", 0.8), ("trap unwanted", 0.9)]
)
def test_most_of_our_cases_come_out_right(measure_name: str, least: float) -> None:
    assert measure()[0][measure_name] >= least


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write today's figures as the floor")
    parser.add_argument("--allow-regression", action="store_true", help="let --update lower the floor")
    chosen = parser.parse_args()
    today, misses = measure()
    floor = json.loads(FLOOR.read_text(encoding="utf-8")) if FLOOR.exists() else {}
    say = sys.stdout.write
    say("".join(f"{miss}\n" for miss in misses))
    say("".join(f"{key:18} {figure:.4f}   floor {floor.get(key, 0.0):.4f}\n" for key, figure in today.items()))
    lower = [key for key, least in floor.items() if today.get(key, 0.0) < least - ROUNDING]
    if chosen.update and lower and not chosen.allow_regression:
        say(f"not written: {', '.join(lower)} would fall (--allow-regression writes all the same)\n")
        return 1
    if chosen.update:
        FLOOR.write_text(json.dumps(today, indent=1) + "\n", encoding="utf-8")
    return 1 if lower and not chosen.allow_regression else 0


if __name__ == "__main__":
    raise SystemExit(main())
