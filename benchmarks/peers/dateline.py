"""Our engine, through `index` as the archive uses it: a reader's text is parsed for every question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.peers import BEST, Answer, Question
from index import Document, Engine, open_engine, parse

OWNER = 1


class Dateline:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine: Engine

    def build(self, documents: Iterator[Document]) -> None:
        self.open()
        self.engine.put(documents)  # as the archive makes its index anew: one stream, one commit
        self.close()

    def open(self) -> None:
        self.engine = open_engine(self.folder)

    def search(self, question: Question) -> Answer | None:
        found = self.engine.search(
            parse(typed(question)).node,
            owner=OWNER,
            per_page=BEST,
            sort="newest" if question.newest else "best",
            facets=("region", "topic") if question.facets else (),
            snippets=question.highlights,
        )
        facets = {value: count for facet in found.facets.values() for value, count in facet}
        snippets = ["".join(piece.text for piece in hit.snippet) for hit in found.hits]
        return Answer(found.total, [hit.id for hit in found.hits], facets, snippets)

    def add(self, document: Document) -> None:
        self.engine.put([document])

    def close(self) -> None:
        self.engine.close()


def typed(question: Question) -> str:
    """What a reader would type, tags by their ids."""
    words = " ".join(question.words)
    text = {
        "and": words,
        "or": " OR ".join(question.words),
        "phrase": f'"{words}"',
        "prefix": f"{words}*",
        "fuzzy": f"{words}~1",
    }[question.join]
    if question.region:
        text += f" region:{question.region}"
    if question.days:
        text += " after:{} before:{}".format(*question.days)
    return text
