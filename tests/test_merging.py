"""Segments put together are the segment that would have been built at once, however little is in memory at a time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from index import Document
from index.whoosh_engine.arrays import ArrayWriter
from index.whoosh_engine.building import Batch
from index.whoosh_engine.lexicon import Lexicon
from index.whoosh_engine.merging import POSTINGS_AT_ONCE, merge
from index.whoosh_engine.segment import Segment

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORDS = [f"{beginning}{n}" for n in range(30) for beginning in ("talk", "ceasefire", "éa", "中", "run-")]


def random_document(chance: random.Random, id: int) -> Document:
    def words(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randrange(most)))

    return Document(
        id=id, owner=chance.randrange(3), revision=id, title=words(4), lead=words(6),
        body=words(60) + " often" * id * 3,
        captions="", note=words(3), authors=("Jane Doe", "Doe")[: id % 3], outlet=f"{id % 5}.example", address="",
        language="en", regions=("r-sy",)[: id % 2], region_lineage=("r-sy", "r-145")[: 2 * (id % 2)], topics=(),
        topic_lineage=(), reading="unread", starred=id % 4 == 0, has=(), published=None,
        clipped=NOON + timedelta(minutes=id), words=0,
    )  # fmt: skip


def built(documents: Sequence[Document], path: Path) -> Segment:
    batch = Batch(Lexicon())
    for document in documents:
        batch.add(document)
    file = ArrayWriter(path)
    for name, section in batch.arrays().items():
        file.add(name, section)
    file.close()
    return Segment(path)


def merged(parts: list[tuple[Segment, np.ndarray]], path: Path, at_once: int) -> Segment:
    file = ArrayWriter(path)
    merge(parts, file, at_once=at_once)
    file.close()
    return Segment(path)


@pytest.mark.parametrize("at_once", [POSTINGS_AT_ONCE, 5, 1])
def test_what_is_put_together_is_what_would_have_been_built_at_once(tmp_path: Path, at_once: int) -> None:
    chance = random.Random(7)
    documents = [random_document(chance, id) for id in range(1, 101)]
    gone = {id for id in range(1, 101) if chance.random() < 0.3} | set(range(40, 56))
    parts = []
    for first in range(0, 100, 25):
        some = documents[first : first + 25]
        live = np.array([document.id not in gone for document in some])
        parts.append((built(some, tmp_path / f"part{first}.arrays"), live))
    right = built([document for document in documents if document.id not in gone], tmp_path / "right.arrays")
    found = merged(parts, tmp_path / "merged.arrays", at_once)
    numbered_as_they_come = ("fact_", "texts", "text_starts", "chunk")
    sections = [name for name in right.file.names() if not name.startswith(numbered_as_they_come)]
    assert set(found.file.names()) == set(right.file.names())
    for name in sections:
        assert found.file[name].dtype == right.file[name].dtype, name
        assert found.file[name].tolist() == right.file[name].tolist(), name
    assert [found.texts.of(number) for number in range(found.count)] == [
        [document.title, document.lead, document.body, document.captions, document.note]
        for document in documents
        if document.id not in gone
    ]
    for kind in ("region", "outlet", "author", "has"):
        assert list(map(found.facts(kind).of, range(found.count))) == list(
            map(right.facts(kind).of, range(right.count))
        )
    assert list(found.file.damage()) == []


def test_articles_without_a_word_are_put_together(tmp_path: Path) -> None:
    chance = random.Random(7)
    one = random_document(chance, 1)
    bare = replace(one, title="", lead="", body="", note="", authors=())
    parts = [(built([bare], tmp_path / f"{n}.arrays"), np.array([True])) for n in range(2)]
    assert merged(parts, tmp_path / "merged.arrays", POSTINGS_AT_ONCE).count == 2
