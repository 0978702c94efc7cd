"""How well regions are suggested, on labelled sets that are not in this repository.

    python -m benchmarks.tagging --sets DIR [--topics DIR] [--fit] [--errors N] [--plot FILE]

DIR holds `<name>.jsonl.gz` of {"title", "text", "lang", "countries": [ISO alpha-2, primary first], "accept": […]}.
Sets called reuters_* and wikinews_* ask what a story is about; in all others every country that is named counts.
`--fit` fits the curve of webapp/suggest/places_confidence.py anew, on reuters_train3000, wikinews_about and our own
traps, and prints its weights. CPU is user and system time of this process.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks import tagging_topics
from benchmarks.calibration import Bin, bins_of, plot, print_bins
from webapp.evidence import Memory, Role, Story
from webapp.gazetteer import FileGazetteer, open_gazetteer
from webapp.seed import seed_tags
from webapp.suggest.places import suggest_regions, tallies_of
from webapp.suggest.places_confidence import FEATURES, confidence, features
from webapp.suggest.places_weigh import ranked_countries
from webapp.tags import Vocabulary

ROOT = Path(__file__).resolve().parent.parent
TRAPS = ROOT / "tests" / "cases" / "suggest" / "traps.tsv"
FITTED_ON = {"reuters_train3000": 1.0, "wikinews_about": 4.0, "traps": 2.0}  # set → what one of its countries weighs
NEWS = FITTED_ON.keys() - {"traps"}  # the traps are no fair sample of what people read
RIDGE = 3.0  # of the fit: the curve has 21 weights, and the smallest set 700 countries

Case = dict[str, Any]


class Score(NamedTuple):
    precision: float
    recall: float
    f1: float
    macro_f1: float  # mean over countries that are right somewhere or wanted somewhere
    top: float  # the first guess is one of the wanted
    primary: float  # the first guess is the first wanted
    documents: int


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True, help="folder with <name>.jsonl.gz")
    parser.add_argument("--topics", type=Path, help="folder with sets of topics: measure those too (tagging_topics.py)")
    parser.add_argument("--fit", action="store_true", help="fit the curve and print its weights")
    parser.add_argument("--errors", type=int, default=0, help="print that many stories with an error, for each set")
    parser.add_argument("--plot", type=Path, help="write how well confidence holds as an SVG, and nothing else")
    chosen = parser.parse_args(arguments)
    if chosen.fit:
        fit(chosen.sets)
        return 0
    if chosen.plot:
        chosen.plot.write_text(plot(_series(chosen.sets, chosen.topics)), encoding="utf-8")
        return 0
    measure_regions(chosen.sets, chosen.errors)
    if chosen.topics:
        tagging_topics.main(["--sets", str(chosen.topics), "--calibration"])
    return 0


def _series(folder: Path, topics: Path | None) -> dict[str, list[Bin]]:
    series = {f"regions, {name}": calibration(cases) for name, cases in _sets(folder) if name in NEWS}
    if topics:
        series |= {f"topics, {name}": bins for name, bins in tagging_topics.calibrations(topics)}
    return series


def measure_regions(folder: Path, errors: int) -> None:
    """Print the table of every set in `folder`, the causes of errors, and how well confidence holds."""
    print(f"{'':20}{'P':>7}{'R':>7}{'F1':>7}{'macro':>7}{'top':>7}{'prim':>7}{'n':>6}{'ms':>7}{'p95':>7}")
    for name, cases in _sets(folder):
        is_about = name.startswith(("reuters", "wikinews", "traps"))
        guesses, times = _run(regions if is_about else mentioned_countries, cases)
        print_row(name, score(cases, guesses), times)
        if is_about:
            print_causes(cases, guesses)
        for case, guess in list(_wrong(cases, guesses))[:errors]:
            print(f"    wanted {case['countries']} got {guess} | {case['title'][:80]}")
    for name, cases in _sets(folder):
        if name in FITTED_ON:
            print_bins(name, calibration(cases))


def regions(text: str, title: str, lang: str) -> list[str]:
    """ISO alpha-2 codes of the countries that the story is suggested to be about, the primary one first."""
    story = Story(title=title, body=text, language=lang)
    made = suggest_regions(story, gazetteer=_gazetteer(), vocabulary=_vocabulary())
    codes = (
        _vocabulary().get(each.tag_id).code for each in made if each.role is Role.ABOUT and each.tag_id in _vocabulary()
    )
    return [code for code in codes if len(code) == 2 and code.isalpha()]


def mentioned_countries(text: str, title: str, lang: str) -> list[str]:
    """ISO alpha-2 codes of every country that the story names or names a place of, best first."""
    story = Story(title=title, body=text, language=lang)
    tallies, _ = tallies_of(story, gazetteer=_gazetteer(), vocabulary=_vocabulary(), memory=Memory())
    return [tally.country for tally in ranked_countries(tallies)]


def score(cases: list[Case], guesses: list[list[str]]) -> Score:
    hits, extra, missed, top, primary, wanted_somewhere = 0, 0, 0, 0, 0, 0
    each: dict[str, Counter[str]] = {}
    for case, guess in zip(cases, guesses, strict=True):
        wanted = set(case["countries"])
        got = set(guess) - (set(case.get("accept", [])) - wanted)
        for kind, codes in (("hit", wanted & got), ("extra", got - wanted), ("missed", wanted - got)):
            for code in codes:
                each.setdefault(code, Counter())[kind] += 1
        hits, extra, missed = hits + len(wanted & got), extra + len(got - wanted), missed + len(wanted - got)
        wanted_somewhere += bool(wanted)
        top += bool(guess and guess[0] in wanted)
        primary += bool(guess and wanted and guess[0] == case["countries"][0])
    precision, recall = hits / max(1, hits + extra), hits / max(1, hits + missed)
    f1s = [2 * c["hit"] / (2 * c["hit"] + c["extra"] + c["missed"]) for c in each.values() if c["hit"] + c["missed"]]
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    asked = max(1, wanted_somewhere)
    return Score(precision, recall, f1, sum(f1s) / max(1, len(f1s)), top / asked, primary / asked, len(cases))


def print_row(name: str, total: Score, times: list[float]) -> None:
    ordered = sorted(times)
    mean, p95 = 1000 * sum(times) / max(1, len(times)), 1000 * ordered[int(0.95 * (len(ordered) - 1))]
    figures = "".join(f"{figure:7.3f}" for figure in total[:6])
    print(f"{name:20}{figures}{total.documents:6d}{mean:7.1f}{p95:7.1f}", flush=True)


def print_causes(cases: list[Case], guesses: list[list[str]]) -> None:
    """Count the errors by what lies behind them."""
    causes: Counter[str] = Counter()
    for case, guess in _wrong(cases, guesses):
        story = Story(title=case["title"], body=case["text"], language=case["lang"])
        tallies, _ = tallies_of(story, gazetteer=_gazetteer(), vocabulary=_vocabulary(), memory=Memory())
        found = {tally.country: tally for tally in ranked_countries(tallies)}
        for code in set(case["countries"]) - set(guess):
            causes["missed: nothing names it" if code not in found else "missed: named, judged a side matter"] += 1
        for code in set(guess) - set(case["countries"]) - set(case.get("accept", [])):
            sorts = set(found[code].sorts)
            outright = sorts & {"name", "people"}
            causes["extra: named outright" if outright else "extra: by the name of a place or institution"] += 1
    print("".join(f"    {times:5d}  {cause}\n" for cause, times in causes.most_common()), end="")


def calibration(cases: list[Case]) -> list[Bin]:
    """Of the countries offered with a confidence, which are wanted."""
    return bins_of((sure, code in case["countries"]) for case in cases for code, sure, _ in _rows(case))


def fit(folder: Path) -> None:
    """Fit the curve by Newton's method and print its weights and the best thresholds."""
    parts = {name: cases for name, cases in _sets(folder) if name in FITTED_ON}
    counts, taken, weights = [], [], []
    for name, cases in parts.items():
        for case in cases:
            for code, _, row in _rows(case):
                if code in case.get("accept", []) and code not in case["countries"]:
                    continue
                counts.append(row)
                taken.append(code in case["countries"])
                weights.append(FITTED_ON[name])
    found = _logistic(np.array(counts), np.array(taken, float), np.array(weights))
    for name, weight in zip(FEATURES, found, strict=True):
        print(f"{name:18}{weight:7.2f}")
    print("WEIGHTS = (" + ", ".join(f"{weight:.2f}" for weight in found) + ")")


def _logistic(counts: Any, taken: Any, weights: Any) -> Any:
    found = np.zeros(counts.shape[1])
    penalty = RIDGE * np.eye(counts.shape[1])
    penalty[0, 0] = 0.0
    for _ in range(50):
        likely = 1 / (1 + np.exp(-counts @ found))
        slope = counts.T @ (weights * (likely - taken)) + penalty @ found
        bend = (counts * (weights * likely * (1 - likely))[:, None]).T @ counts + penalty + 1e-9 * np.eye(len(found))
        step = np.linalg.solve(bend, slope)
        found -= step
        if np.abs(step).max() < 1e-8:
            break
    return found


def _rows(case: Case) -> Iterator[tuple[str, float, list[float]]]:
    """(country, confidence, its counts) of every country that a story names."""
    story = Story(title=case["title"], body=case["text"], language=case["lang"])
    tallies, manner = tallies_of(story, gazetteer=_gazetteer(), vocabulary=_vocabulary(), memory=Memory())
    ranked = ranked_countries(tallies)
    for tally in ranked:
        yield tally.country, confidence(tally, ranked, manner=manner), features(tally, ranked, manner=manner)


def _run(ask: Callable[[str, str, str], list[str]], cases: list[Case]) -> tuple[list[list[str]], list[float]]:
    guesses, times = [], []
    ask("", "", "en")
    for case in cases:
        begin = time.process_time()
        guesses.append(ask(case["text"], case["title"], case["lang"]))
        times.append(time.process_time() - begin)
    return guesses, times


def _wrong(cases: list[Case], guesses: list[list[str]]) -> Iterator[tuple[Case, list[str]]]:
    for case, guess in zip(cases, guesses, strict=True):
        if set(guess) - set(case.get("accept", [])) != set(case["countries"]) - set(case.get("accept", [])):
            yield case, guess


def _sets(folder: Path) -> Iterator[tuple[str, list[Case]]]:
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            cases = [json.loads(line) for line in lines]
        by_language: dict[str, list[Case]] = {}
        for case in cases:
            by_language.setdefault(case["lang"], []).append(case)
        name = path.name.removesuffix(".jsonl.gz")
        if len(by_language) == 1:
            yield name, cases
        else:
            yield from ((f"{name}:{language}", some) for language, some in by_language.items())
    yield "traps", list(_traps())


def _traps() -> Iterator[Case]:
    for line in TRAPS.read_text(encoding="utf-8").rstrip("\n").split("\n")[1:]:
        _, language, countries, accept, title, text = line.split("\t")
        yield {
            "lang": language, "countries": countries.split(), "accept": accept.split(), "title": title, "text": text,
        }  # fmt: skip


@cache
def _gazetteer() -> FileGazetteer:
    return open_gazetteer(Path(tempfile.gettempdir()) / "dateline-benchmarks")


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary(seed_tags())


if __name__ == "__main__":
    raise SystemExit(main())
