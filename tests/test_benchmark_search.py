"""The search benchmark asks every engine the same, and measures what it says it measures."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks import peers, search
from benchmarks.corpus import OWNER, Corpus
from benchmarks.measuring import Order, measure
from benchmarks.peers import CLASSES, Question
from benchmarks.questions import questions
from index import parse
from index.memory_engine import MemoryEngine

ARTICLES = 200
PERCENTILES = {"p50_ms", "p95_ms", "first_ms", "found"}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus()


@pytest.fixture(scope="module")
def asked(corpus: Corpus) -> tuple[Question, ...]:
    return tuple(questions(corpus, ARTICLES))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("engines")
    return {name: folder / name for name in ("dateline", "fts5")}


@pytest.fixture(scope="module")
def figures(folders: dict[str, Path], asked: tuple[Question, ...]) -> dict[str, dict[str, Any]]:
    """The phases of two engines, here rather than in processes of their own: a benchmark's figures are not tested."""
    told: dict[str, dict[str, Any]] = {name: {} for name in folders}
    for name, folder in folders.items():
        for phase in ("build", "query", "open"):
            order = Order(
                engine=name, phase=phase, folder=folder, articles=ARTICLES, questions=asked[: len(CLASSES)], budget_s=0
            )
            told[name] |= measure(order)
    return told


def opened(name: str, folder: Path) -> peers.Peer:
    peer = peers.load(name, folder)
    peer.open()
    return peer


def test_a_smaller_corpus_is_the_beginning_of_a_larger_one(corpus: Corpus) -> None:
    assert list(Corpus().articles(5)) == list(corpus.articles(9))[:5]
    assert list(corpus.articles(2, start=5)) == list(corpus.articles(7))[5:]


def test_articles_have_the_length_and_the_words_of_articles(corpus: Corpus) -> None:
    documents = [document for document in corpus.articles(ARTICLES) if document.language == "en"]
    lengths = [len(f"{document.title} {peers.text_of(document)}".split()) for document in documents]
    assert 560 < sum(lengths) / len(lengths) < 720
    frequencies = Counter(word for document in documents for word in document.body.lower().split())
    ordered = [count for _, count in frequencies.most_common()]
    assert ordered[0] > 5 * ordered[20] > 10 * ordered[200]  # Zipf's law, roughly
    assert sum(count == 1 for count in ordered) > len(ordered) / 3


def test_there_are_ten_questions_of_each_class_the_same_every_time(asked: tuple[Question, ...]) -> None:
    assert Counter(question.kind for question in asked) == dict.fromkeys(CLASSES, 10)
    assert len(set(asked)) == len(asked)
    assert asked == tuple(questions(Corpus(), ARTICLES))


def test_every_class_is_measured_that_the_engine_can_answer(figures: dict[str, dict[str, Any]]) -> None:
    assert set(CLASSES) <= figures["dateline"].keys()
    assert set(CLASSES) - figures["fts5"].keys() == {"fuzzy"}
    for told in figures.values():
        for kind in told.keys() & set(CLASSES):
            assert told[kind].keys() == PERCENTILES
            assert 0 < told[kind]["p50_ms"] <= told[kind]["p95_ms"]
        assert told["build"]["articles_per_cpu_s"] > 0
        assert told["size"]["mb"] > 0.1
        assert told["memory"]["private_mb"] > 1
        assert told["open"]["cpu_ms"] > 0
    json.dumps(figures)


def test_engines_find_the_same_up_to_their_stemmers(
    figures: dict[str, dict[str, Any]], folders: dict[str, Path], asked: tuple[Question, ...]
) -> None:
    dateline, fts5 = (opened(name, folders[name]) for name in ("dateline", "fts5"))
    found: Counter[str] = Counter()
    for question in asked:
        ours, theirs = dateline.search(question), fts5.search(question)
        assert ours is not None
        found[question.kind] += ours.total
        if question.join == "phrase":  # fixed pairs and names: no stemmer makes a difference
            assert theirs is not None
            assert ours.total == theirs.total
    dateline.close()
    fts5.close()
    assert min(found[kind] for kind in CLASSES) >= 10
    assert found["rare term"] < ARTICLES / 4 < ARTICLES < found["common term"]


def test_filters_alone_count_as_the_oracle_does(
    figures: dict[str, dict[str, Any]], folders: dict[str, Path], corpus: Corpus
) -> None:
    memory = MemoryEngine()
    memory.put(corpus.articles(ARTICLES))
    dateline = peers.load("dateline", folders["dateline"])
    dateline.open()
    for text in ("region:r-150", "topic:t-11000000", "after:2019 before:2022", "region:r-142 after:2020", "lang:he"):
        node = parse(text).node
        ours = dateline.engine.search(node, owner=OWNER, facets=("region", "topic"))  # type: ignore[attr-defined]
        right = memory.search(node, owner=OWNER, facets=("region", "topic"))
        assert (ours.total, ours.facets) == (right.total, right.facets)
        assert right.total > 0
    dateline.close()


def test_what_is_added_is_found_while_questions_are_asked(
    figures: dict[str, dict[str, Any]], folders: dict[str, Path], asked: tuple[Question, ...]
) -> None:
    order = Order(
        engine="fts5",
        phase="write",
        folder=folders["fts5"],
        articles=ARTICLES,
        questions=asked[: len(CLASSES)],
        budget_s=0.1,
    )
    told = measure(order)
    assert told["add_one"]["p50_ms"] > 0
    assert told["during_writes"]["added"] >= 1
    assert told["during_writes"]["p50_ms"] <= told["during_writes"]["p95_ms"]


def test_the_table_sets_us_beside_the_others(figures: dict[str, dict[str, Any]]) -> None:
    written = {"add_one": {"p50_ms": 1.0, "wall_p50_ms": 2.0}, "during_writes": {"p95_ms": 3.0, "wall_p95_ms": 4.0}}
    table = search.tables({name: {**told, **written} for name, told in figures.items()}, ARTICLES)
    rows = [line for line in table.splitlines() if line.startswith("| fuzzy")]
    assert len(rows) == 1
    assert rows[0].count("–") == 2  # FTS5 has no fuzzy words, so there is no ratio
    assert "| geometric mean |" in table


def test_the_command_writes_what_it_promises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "OPENINGS", 1)  # each is a process
    file = tmp_path / "figures.json"
    options = ["--docs", "60", "--engines", "fts5", "--json", str(file), "--budget", "0", "--folder", str(tmp_path)]
    assert search.main(options) == 0
    told = json.loads(file.read_text())["fts5"]
    assert told.keys() - set(CLASSES) == {"build", "size", "memory", "open", "add_one", "during_writes"}
    assert told["common term"].keys() == PERCENTILES
    assert "60 articles" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [file]  # the indexes are gone


def test_unknown_engines_are_named() -> None:
    with pytest.raises(SystemExit, match="there is no engine lucene"):
        search.main(["--docs", "10", "--engines", "dateline,lucene"])
