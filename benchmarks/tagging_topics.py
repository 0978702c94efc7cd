"""How well topics are suggested and learned, on labelled sets that are not in this repository.

    python -m benchmarks.tagging_topics --sets DIR [--learn] [--calibration]

DIR holds `<name>.jsonl.gz` of {"title", "text", "lang", "topics": [numbers of top-level Media Topics, primary first],
"topics_l2": [numbers of level 2]}. In a set without topics_l2 every story has one of a few labels: the best of those is
taken. `--learn`: the same after so many decisions, each accepting a story's label, mean of three orders.
`--calibration`: how many of the suggestions that were so sure are right, in sets with topics_l2.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.calibration import Bin, bins_of, print_bins
from webapp.evidence import Answer, Decision, Story
from webapp.model import TagKind
from webapp.seed import seed_tags
from webapp.suggest import TopicModel, learn, suggest_topics
from webapp.suggest.topics import topic_scores
from webapp.tags import Vocabulary

SECOND_FROM = 0.6  # of the best topic's share: what counts as said, in sets with several labels a story
DECISIONS = (0, 5, 10, 20, 40, 80, 160)
AT = datetime(2026, 1, 1, tzinfo=UTC)

Case = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True, help="folder with <name>.jsonl.gz")
    parser.add_argument("--learn", action="store_true", help="also how it gets better by decisions")
    parser.add_argument("--calibration", action="store_true", help="also how true the told confidence is")
    chosen = parser.parse_args(arguments)
    for name, cases in _sets(chosen.sets):
        if "topics_l2" in cases[0]:
            several_labels(name, cases)
            if chosen.calibration:
                print_bins(name, calibration(cases))
        else:
            one_label(name, cases)
            if chosen.learn:
                curve(name, cases)
    return 0


def calibrations(folder: Path) -> Iterator[tuple[str, list[Bin]]]:
    """How well confidence holds, for each set in `folder` whose labels go down to level 2."""
    yield from ((name, calibration(cases)) for name, cases in _sets(folder) if "topics_l2" in cases[0])


def _sets(folder: Path) -> Iterator[tuple[str, list[Case]]]:
    """Those of two labels or more."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            cases = [case for case in map(json.loads, lines) if case.get("topics")]
        if len({each for case in cases for each in case["topics"]}) >= 2:
            yield path.name.removesuffix(".jsonl.gz"), cases


def one_label(name: str, cases: list[Case]) -> None:
    labels = {each for case in cases for each in case["topics"]}
    started = time.process_time()
    right = sum(best_of(ranked(story_of(case)), labels) == case["topics"][0] for case in cases)
    cpu_ms = 1000 * (time.process_time() - started) / len(cases)
    print(f"{name:20} accuracy {right / len(cases):.3f}   {len(cases)} stories, {cpu_ms:.1f} CPU ms each")


def several_labels(name: str, cases: list[Case]) -> None:
    counts: Counter[str] = Counter()
    for case in cases:
        scores = ranked(story_of(case))
        tops = [(number, share) for number, share in scores if is_top(number)]
        said = {number for number, share in tops if share >= SECOND_FROM * tops[0][1]}
        wanted = set(case["topics"])
        counts.update(said=len(said), wanted=len(wanted), both=len(said & wanted))
        counts["top"] += bool(tops) and tops[0][0] in wanted
        second = [number for number, _ in scores if is_second(number)][:3]
        counts["second"] += bool(set(second) & set(case["topics_l2"]))
    precision, recall = counts["both"] / counts["said"], counts["both"] / counts["wanted"]
    f1 = 2 * precision * recall / (precision + recall)
    print(
        f"{name:20} F1 {f1:.3f} (precision {precision:.3f}, recall {recall:.3f})   {len(cases)} stories\n"
        f"{'':20} first is right {counts['top'] / len(cases):.3f}, level 2 in three {counts['second'] / len(cases):.3f}"
    )


def curve(name: str, cases: list[Case]) -> None:
    labels = {each for case in cases for each in case["topics"]}
    hits: dict[int, list[float]] = defaultdict(list)
    for order in range(3):
        shuffled = random.Random(order).sample(cases, len(cases))
        half = min(300, len(cases) // 2)
        asked, decided = shuffled[:half], shuffled[half:]
        stories = [story_of(case) for case in decided]
        for number in (each for each in DECISIONS if each <= len(decided)):
            log = [_accepted(at, decided[at]["topics"][0]) for at in range(number)]
            model = learn(log, stories.__getitem__, vocabulary=_vocabulary()).topics
            right = sum(best_of(ranked(story_of(case), model), labels) == case["topics"][0] for case in asked)
            hits[number].append(right / len(asked))
    told = "  ".join(f"{number}: {sum(each) / len(each):.3f}" for number, each in hits.items())
    print(f"{'':20} after decisions: {told}")


def calibration(cases: list[Case]) -> list[Bin]:
    """Of what is suggested at levels 1 and 2; what is narrower is judged by the topic of level 2 above it."""
    return bins_of(_offered(cases))


def _offered(cases: list[Case]) -> Iterator[tuple[float, bool]]:
    for case in cases:
        right = {*case["topics"], *case["topics_l2"]}
        for each in suggest_topics(story_of(case), vocabulary=_vocabulary()):
            number = next(a for a in _vocabulary().lineage(each.tag_id) if is_second(a[2:]) or is_top(a[2:]))[2:]
            yield each.confidence, number in right


def ranked(story: Story, model: TopicModel | None = None) -> list[tuple[str, float]]:
    scores = topic_scores(story, vocabulary=_vocabulary(), model=model)
    return [(tag_id.removeprefix("t-"), share) for tag_id, share in scores]


def best_of(scores: list[tuple[str, float]], labels: set[str]) -> str:
    return next((number for number, _ in scores if number in labels), "")


def story_of(case: Case) -> Story:
    return Story(title=case["title"], body=case["text"], language=case["lang"])


def is_top(number: str) -> bool:
    return number.endswith("000000")


def is_second(number: str) -> bool:
    return len(_vocabulary().lineage(f"t-{number}")) == 2


def _accepted(number: int, topic: str) -> Decision:
    return Decision(
        id=number + 1,
        article_id=number,
        tag_id=f"t-{topic}",
        kind=TagKind.TOPIC,
        answer=Answer.ACCEPTED,
        outlet="paper.example",
        at=AT,
    )


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary(seed_tags())


if __name__ == "__main__":
    raise SystemExit(main())
