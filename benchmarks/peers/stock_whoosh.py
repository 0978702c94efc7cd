"""Whoosh as its documentation shows it: its own schema, parser, collectors, facets and highlighter.

Its `Searcher.refresh` brings deleted documents back (2.7.5 and later), so a new searcher is opened after each commit.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whoosh import fields, query, sorting
from whoosh import index as whoosh_index
from whoosh.analysis import StemmingAnalyzer
from whoosh.qparser import FuzzyTermPlugin, MultifieldParser

from benchmarks.peers import BEST, Answer, Question, tags_of, text_of

if TYPE_CHECKING:
    from index import Document

_BULK_MB = 256


def _schema() -> Any:
    stemming = StemmingAnalyzer()
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        title=fields.TEXT(stored=True, analyzer=stemming),
        text=fields.TEXT(stored=True, analyzer=stemming),
        tags=fields.KEYWORD(commas=True),
        published=fields.DATETIME(stored=True, sortable=True),
    )


class StockWhoosh:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index: Any = None
        self.searcher: Any = None
        self.parser: Any = None

    def build(self, documents: Iterator[Document]) -> None:
        self.folder.mkdir(parents=True)
        writer = whoosh_index.create_in(str(self.folder), _schema()).writer(limitmb=_BULK_MB)
        for document in documents:
            writer.add_document(**_row(document))
        writer.commit()

    def open(self) -> None:
        self.index = whoosh_index.open_dir(str(self.folder))
        self.searcher = self.index.searcher()
        self.parser = MultifieldParser(["title", "text"], self.index.schema, fieldboosts={"title": 2.0})
        self.parser.add_plugin(FuzzyTermPlugin())

    def search(self, question: Question) -> Answer | None:
        options: dict[str, Any] = {}
        if (wanted := _filter(question)) is not None:
            options["filter"] = wanted
        if question.newest:
            options |= {"sortedby": "published", "reverse": True}
        if question.facets:
            tags = sorting.FieldFacet("tags", allow_overlap=True)
            options |= {"groupedby": {"tags": tags}, "maptype": sorting.Count}
        found = self.searcher.search(self.parser.parse(_typed(question)), limit=BEST, **options)
        best = list(islice(found, BEST))  # with facets it gives all, whatever the limit
        return Answer(
            len(found),
            [int(hit["id"]) for hit in best],
            dict(found.groups("tags")) if question.facets else None,
            [hit.highlights("text") for hit in best] if question.highlights else None,
        )

    def add(self, document: Document) -> None:
        writer = self.index.writer()
        writer.update_document(**_row(document))
        writer.commit()
        self.searcher = self.index.searcher()

    def close(self) -> None:
        self.searcher.close()


def _row(document: Document) -> dict[str, Any]:
    published = {"published": datetime.combine(document.published, time())} if document.published else {}
    tags = ",".join(tags_of(document))
    return {"id": str(document.id), "title": document.title, "text": text_of(document), "tags": tags, **published}


def _typed(question: Question) -> str:
    words = " ".join(question.words)
    return {
        "and": words,
        "or": " OR ".join(question.words),
        "phrase": f'"{words}"',
        "prefix": f"{words}*",
        "fuzzy": f"{words}~",
    }[question.join]


def _filter(question: Question) -> Any:
    wanted = []
    if question.region:
        wanted.append(query.Term("tags", question.region))
    if question.days:
        first, end = (datetime.combine(day, time()) for day in question.days)
        wanted.append(query.DateRange("published", first, end, endexcl=True))
    return query.And(wanted) if wanted else None
