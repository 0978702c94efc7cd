"""How well the articles that were meant come first, over our own judged queries, held to a floor that only rises.

python tests/test_relevance.py                      print nDCG@10 by class, and the queries that lose most
python tests/test_relevance.py --update             raise the floor to today's figures
python tests/test_relevance.py --update --allow-regression      … even where they are lower
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from index import Document, Engine, Node, Phrase, open_engine, parse, to_text  # noqa: E402
from index.analysis import read_words  # noqa: E402
from index.memory_engine import MemoryEngine  # noqa: E402
from webapp.addresses import outlet_of  # noqa: E402
from webapp.demo.page import Source, read_sources  # noqa: E402
from webapp.filing.tagged import to_ids  # noqa: E402
from webapp.seed import seed_tags  # noqa: E402
from webapp.tags import Vocabulary  # noqa: E402

CASES = ROOT / "tests" / "cases" / "queries"
FLOOR = CASES / "floor.json"
ROUNDING = 0.0005
DEPTH = 10
WORST_SHOWN = 15
JUDGED_FIELDS = ("ask", "why", "grades", "meant", "first", "only", "recency")
CLIPPED = datetime(2026, 11, 24, 12, tzinfo=UTC)  # all at once: when an article was clipped must not decide


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What is asked, and how much each article answers it: 3, 2 or 1; other articles do not."""

    kind: str
    ask: str
    why: str
    grades: Mapping[str, int]
    meant: str
    first: str
    only: bool
    recency: bool


@dataclass(frozen=True)
class Answer:
    """What an engine said: the query as asked (or corrected; None when it was at a loss), names and scores in order."""

    judged: Judged
    node: Node | None
    found: Sequence[tuple[str, float]]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.found]

    @property
    def ndcg(self) -> float:
        return ndcg(self.judged.grades, self.names)

    @property
    def precision(self) -> float:
        """The share of what is found, to the end, that should be."""
        return sum(name in self.judged.grades for name in self.names) / max(1, len(self.names))

    def told(self) -> str:
        one = self.judged
        shown = " ".join(f"{name}={one.grades.get(name, 0)}" for name in self.names[:DEPTH])
        return f"{self.ndcg:.3f} {one.kind:9} {one.ask}\n        {one.why}\n        {len(self.names)}: {shown}\n"


def figures(answers: Sequence[Answer]) -> dict[str, float]:
    """nDCG@10, the mean of all and of each class; and the mean precision of queries that want nothing else."""
    by_kind: dict[str, list[float]] = {}
    for answer in answers:
        by_kind.setdefault(answer.judged.kind, []).append(answer.ndcg)
    return {
        "mean": round(fmean(answer.ndcg for answer in answers), 4),
        "precision": round(fmean(answer.precision for answer in answers if answer.judged.only), 4),
        **{kind: round(fmean(by_kind[kind]), 4) for kind in sorted(by_kind)},
    }


def lost(answers: Sequence[Answer]) -> list[Answer]:
    """Those in which something stands too low, the worst first."""
    return sorted((answer for answer in answers if answer.ndcg < 1 - ROUNDING), key=lambda answer: answer.ndcg)


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(seed_tags())


@cache
def articles() -> Mapping[str, Document]:
    """Every article by the name that judgements use, samples included; the Fiji sample as it was clipped last."""
    samples = [source for source in read_sources() if source.name != "fiji-village-uphill"]
    given = tomllib.loads((CASES / "articles.toml").read_text(encoding="utf-8"))["article"]
    heads = [_of_sample(source) for source in samples] + [_of_article(head) for head in given]
    return {name: _document(id, head) for id, (name, head) in enumerate(heads, start=1)}


@cache
def judged() -> Sequence[Judged]:
    given = tomllib.loads((CASES / "judgements.toml").read_text(encoding="utf-8"))["query"]
    usual = {"meant": "", "first": "", "only": False, "recency": False}
    return [Judged(kind=one["class"], **{key: one.get(key, usual.get(key)) for key in JUDGED_FIELDS}) for one in given]


class _Text(HTMLParser):
    """A sample's paragraphs, and the captions of its pictures."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.body, self.captions, self._in_caption = "", "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._in_caption = self._in_caption or tag == "figcaption"

    def handle_endtag(self, tag: str) -> None:
        self._in_caption = self._in_caption and tag != "figcaption"
        self.body += "\n" if tag in ("p", "h2", "li", "td", "th", "pre") else ""

    def handle_data(self, data: str) -> None:
        if self._in_caption:
            self.captions += data
        else:
            self.body += data


def _of_sample(source: Source) -> tuple[str, dict[str, Any]]:
    head, text = source.head, _Text(source.body)
    return f"demo:{source.name}", {
        "title": head["title"],
        "lead": head["standfirst"],
        "body": text.body,
        "captions": text.captions,
        "note": head.get("note", ""),
        "authors": tuple(source.authors),
        "outlet": outlet_of(source.address),
        "language": head["language"],
        "tags": source.tags,
        "published": datetime.fromisoformat(head["published"]).date(),
    }


def _of_article(head: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    usual = {"lead": "", "captions": "", "note": "", "authors": (), "tags": (), "outlet": "gazette.example"}
    return head["id"], {**usual, "language": "en", **head, "body": head["body"].replace("\n", " ")}


def _document(id: int, head: Mapping[str, Any]) -> Document:
    regions = tuple(tag for tag in head["tags"] if tag.startswith("r-"))
    topics = tuple(tag for tag in head["tags"] if tag.startswith("t-"))
    published: date = head["published"]
    return Document(
        id=id,
        owner=1,
        revision=1,
        title=head["title"],
        lead=head["lead"],
        body=head["body"],
        captions=head["captions"],
        note=head["note"],
        authors=tuple(head["authors"]),
        outlet=head["outlet"],
        address=f"https://{head['outlet']}/{id}",
        language=head["language"],
        regions=regions,
        region_lineage=_lineages(regions),
        topics=topics,
        topic_lineage=_lineages(topics),
        reading="unread",
        starred=False,
        has=("note",) if head["note"] else (),
        published=published,
        clipped=CLIPPED,
        words=len(head["body"].split()),
    )


def _lineages(tag_ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(above for tag_id in tag_ids for above in vocabulary().lineage(tag_id)))


def node_of(text: str) -> Node:
    node, problems = to_ids(parse(text).node, vocabulary())
    assert not problems, problems
    return node


def first_of(engine: Engine, node: Node, most: int) -> list[tuple[str, float]]:
    """(name, score) of the first hits."""
    names = {document.id: name for name, document in articles().items()}
    found = engine.search(node, owner=1, per_page=most, snippets=False)
    return [(names[hit.id], hit.score) for hit in found.hits]


def answer(engine: Engine, one: Judged) -> Answer:
    """All that is found; where the query is misspelt, by what did-you-mean offers for it."""
    node: Node | None = node_of(one.ask)
    if one.meant and node is not None:
        node = engine.did_you_mean(node, owner=1)
    return Answer(one, node, first_of(engine, node, len(articles())) if node else [])


def ndcg(grades: Mapping[str, int], got: Sequence[str]) -> float:
    """Gain 2^grade - 1, discount log2(place + 1) (Burges et al. 2005), by the best that could be; first ten."""

    def gain(row: Sequence[int]) -> float:
        return sum(((1 << grade) - 1) / math.log2(place + 1) for place, grade in enumerate(row[:DEPTH], start=1))

    return gain([grades.get(name, 0) for name in got]) / gain(sorted(grades.values(), reverse=True))


def filled(engine: Engine) -> Engine:
    engine.put(articles().values())
    return engine


@pytest.fixture(scope="module")
def memory_answers() -> list[Answer]:
    engine = filled(MemoryEngine())
    return [answer(engine, one) for one in judged()]


@pytest.fixture(scope="module")
def whoosh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = filled(open_engine(tmp_path_factory.mktemp("relevance") / "index"))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def whoosh_answers(whoosh: Engine) -> list[Answer]:
    return [answer(whoosh, one) for one in judged()]


@pytest.fixture(params=["memory_answers", "whoosh_answers"])
def answers(request: pytest.FixtureRequest) -> list[Answer]:
    given: list[Answer] = request.getfixturevalue(request.param)
    return given


# --- the judgements themselves


def test_there_are_enough_queries_of_enough_classes() -> None:
    assert len(articles()) >= 120
    assert len({one.ask for one in judged()}) == len(judged()) >= 60
    assert len({one.kind for one in judged()}) >= 10


def test_every_judgement_names_an_article_and_a_grade() -> None:
    for one in judged():
        assert one.grades, one.ask
        assert one.grades.keys() <= articles().keys(), (one.ask, one.grades.keys() - articles().keys())
        assert set(one.grades.values()) <= {1, 2, 3}
        assert one.why
        assert not one.first or one.grades[one.first] == 3


def test_age_decides_in_some_queries_and_must_not_in_others() -> None:
    recent = [one for one in judged() if one.kind == "recent"]
    assert {one.recency for one in recent} == {True, False}
    for one in judged():
        if one.recency:
            newest = max(one.grades, key=lambda name: articles()[name].published or date.min)
            assert one.grades[newest] == 3, one.ask


def test_a_perfect_order_is_worth_one_and_every_mistake_less() -> None:
    grades = {"a": 3, "b": 2, "c": 1}
    assert ndcg(grades, ["a", "b", "c"]) == 1
    assert ndcg(grades, ["a", "c", "b"]) < 1
    assert ndcg(grades, ["x", "a", "b", "c"]) < ndcg(grades, ["a", "x", "b", "c"]) < 1
    assert ndcg(grades, []) == 0


# --- the engines


def test_relevance_does_not_fall_below_its_floor(answers: list[Answer]) -> None:
    floor = json.loads(FLOOR.read_text(encoding="utf-8"))
    assert not fallen(figures(answers), floor), "\n".join(one.told() for one in lost(answers))


def test_both_engines_give_the_same_order(memory_answers: list[Answer], whoosh_answers: list[Answer]) -> None:
    for right, given in zip(memory_answers, whoosh_answers, strict=True):
        assert given.node == right.node, right.judged.ask
        assert given.names == right.names, right.judged.ask
        assert dict(given.found) == pytest.approx(dict(right.found)), right.judged.ask


def test_a_query_that_is_a_title_finds_its_article_first(answers: list[Answer]) -> None:
    titles = [one for one in answers if one.judged.first]
    assert titles
    assert {one.judged.first for one in titles if one.names[:1] != [one.judged.first]} == set()


def as_it_is(title: str) -> Node:
    return node_of(title)


def as_bare_words(title: str) -> Node:
    """In small letters, without accents and punctuation."""
    return node_of(" ".join(word.text for word in read_words(title)))


def as_a_phrase(title: str) -> Node:
    return Phrase(title)


@pytest.mark.parametrize("typed", [as_it_is, as_bare_words, as_a_phrase])
def test_the_title_of_every_article_finds_it_first(whoosh: Engine, typed: Callable[[str], Node]) -> None:
    wrong = set()
    for name, document in articles().items():
        found = [articles()[found] for found, _ in first_of(whoosh, typed(document.title), 1)]
        if not found or found[0].title != document.title:
            wrong.add(name)
    assert wrong == set()


def test_a_slip_of_the_pen_is_understood(answers: list[Answer]) -> None:
    slips = [one for one in answers if one.judged.meant]
    assert slips
    for one in slips:
        assert one.node is not None, one.judged.ask
        assert to_text(one.node) == to_text(node_of(folded(one.judged.meant)))


def folded(query: str) -> str:
    """As did-you-mean tells words: folded. A phrase stays one."""
    quote = '"' if query.startswith('"') else ""
    return quote + " ".join(word.text for word in read_words(query)) + quote


def test_what_finds_something_is_not_corrected(whoosh: Engine, whoosh_answers: list[Answer]) -> None:
    sound = [one.node for one in whoosh_answers if one.node and one.found]
    assert sound
    assert [to_text(node) for node in sound if whoosh.did_you_mean(node, owner=1) is not None] == []


def fallen(today: Mapping[str, float], floor: Mapping[str, float]) -> list[str]:
    return [name for name, least in floor.items() if today.get(name, 0.0) < least - ROUNDING]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=("memory", "whoosh"), default="memory", help="whom to ask")
    parser.add_argument("--update", action="store_true", help="write today's figures as the floor")
    parser.add_argument("--allow-regression", action="store_true", help="let --update lower the floor")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = filled(MemoryEngine() if chosen.engine == "memory" else open_engine(Path(folder) / "index"))
        given = [answer(engine, one) for one in judged()]
        engine.close()
    today = figures(given)
    floor = json.loads(FLOOR.read_text(encoding="utf-8")) if FLOOR.exists() else {}
    counts = Counter(one.kind for one in judged()) + Counter(precision=sum(one.only for one in judged()))
    say = sys.stdout.write
    say("".join(one.told() for one in lost(given)[:WORST_SHOWN]))
    say(f"{len(articles())} articles, {len(given)} queries, nDCG@{DEPTH} (precision: of all that is found)\n")
    for name, figure in today.items():
        say(f"{name:10} {counts[name] or len(given):4}   {figure:.4f}   floor {floor.get(name, 0.0):.4f}\n")
    lower = fallen(today, floor)
    if chosen.update and lower and not chosen.allow_regression:
        say(f"not written: {', '.join(lower)} would fall (--allow-regression writes all the same)\n")
        return 1
    if chosen.update:
        FLOOR.write_text(json.dumps(today, indent=1) + "\n", encoding="utf-8")
    return 1 if lower and not chosen.allow_regression else 0


if __name__ == "__main__":
    raise SystemExit(main())
