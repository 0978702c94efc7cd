"""Snippets read from a part of a text are those of the whole text."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index import Document, Engine, open_engine, parse, terms_of
from index.analysis import stemmers_of
from index.snippets import marked_snippet, marked_title
from index.wanted import wanted_of

WORDS = [
    "the", "ceasefire", "ceasefires", "talk", "talks", "Turkish-backed", "U.S.", "us", "minister’s", "run-ning", "runs",
    "e-mail", "中国经济", "הממשלה", "выборы", "café", "C++", "1,000", "", "…", "–", "x" * 300, "word.\n", "end.",
    "“quoted”", "\n", "(aside)", "said:", "\N{NO-BREAK SPACE}", "tab\there", "two\n\nlines", "  ",
]  # fmt: skip
QUERIES = [
    "ceasefire", "talks us", '"the ceasefire"', '"talk the"~4', "run OR runs", "email", "run*", "ceasefyre~", "中国",
    "ממשלה", "body:talk", "title:us note:the", "1000", "absent", "is:unread", "quoted aside", "C++ café", "lines tab",
]  # fmt: skip


def text(chance: random.Random, words: int) -> str:
    common = ["and", "of", "which", "harbour", "council", "votes.", "Then", "again,"]
    return " ".join(chance.choice(WORDS) if chance.random() < 0.15 else chance.choice(common) for _ in range(words))


def document(chance: random.Random, id: int) -> Document:
    return Document(
        id=id, owner=1, revision=1, title=text(chance, 8), lead=text(chance, chance.choice([0, 30])),
        body=text(chance, chance.choice([0, 20, 300, 900])), captions=text(chance, 5), note=text(chance, 5), authors=(),
        outlet="", address="", language=chance.choice(["en", "en", "de", "he", "und"]), regions=(), region_lineage=(),
        topics=(), topic_lineage=(), reading="unread", starred=False, has=(), published=None,
        clipped=datetime(2026, 11, 23, tzinfo=UTC), words=0,
    )  # fmt: skip


LIBRARY = [document(random.Random(id), id) for id in range(1, 81)]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = open_engine(tmp_path_factory.mktemp("showing") / "index")
    made.put(LIBRARY[:30])
    made.put(LIBRARY[30:])
    yield made
    made.close()


@pytest.mark.parametrize("query", QUERIES)
def test_a_snippet_is_that_of_the_whole_text(engine: Engine, query: str) -> None:
    node = parse(query).node
    wanted = [wanted_of(term, stemmers_of({document.language for document in LIBRARY})) for term in terms_of(node)]
    for hit in engine.search(node, owner=1, per_page=100).hits:
        kept = LIBRARY[hit.id - 1]
        texts = [(field, getattr(kept, field)) for field in ("body", "lead", "note", "captions")]
        assert hit.title == marked_title(kept.title, kept.language, wanted)
        assert hit.snippet == marked_snippet(texts, kept.language, wanted, otherwise=kept.lead or kept.body), hit.id


def test_texts_come_back_as_they_were_put(engine: Engine, tmp_path: Path) -> None:
    from index.whoosh_engine import WhooshEngine

    assert isinstance(engine, WhooshEngine)
    snapshot = engine._snapshots.newest()
    for number, id in enumerate(snapshot.column("ids").tolist()):
        kept = LIBRARY[id - 1]
        assert snapshot.texts(number) == [kept.title, kept.lead, kept.body, kept.captions, kept.note]
