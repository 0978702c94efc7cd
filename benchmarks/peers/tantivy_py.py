"""tantivy (Rust) through tantivy-py, as a Python program would use it. One thread writes, so that CPU can be compared.

Prefixes are phrases of one unfinished word: at 3,000 articles 0.016 ms, against 0.041 as a fuzzy term of no slips and
0.47 as a regular expression, with the same totals (all unscored). Tags, day and id are fast fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tantivy
from tantivy import FieldType, Occur, Query

from benchmarks.peers import BEST, Answer, Question, tags_of, text_of

if TYPE_CHECKING:
    from index import Document

_FIELDS, _BOOSTS = ["title", "text"], {"title": 2.0}
_BULK_BYTES, _SINGLE_BYTES = 128_000_000, 15_000_000  # the latter is the least that tantivy takes
_MOST_TAGS = 1_000


def _schema() -> Any:
    fields = tantivy.SchemaBuilder()
    fields.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    for name in _FIELDS:
        fields.add_text_field(name, stored=True, tokenizer_name="en_stem")
    fields.add_integer_field("day", indexed=True, fast=True)
    fields.add_text_field("tags", tokenizer_name="raw", index_option="basic", fast=True)
    return fields.build()


class Tantivy:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index: Any = None
        self.searcher: Any = None
        self.writer: Any = None

    def build(self, documents: Iterator[Document]) -> None:
        self.folder.mkdir(parents=True)
        index = tantivy.Index(_schema(), path=str(self.folder))
        writer = index.writer(heap_size=_BULK_BYTES, num_threads=1)
        for document in documents:
            writer.add_document(_row(document))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self.index = tantivy.Index.open(str(self.folder))
        self.searcher = self.index.searcher()

    def search(self, question: Question) -> Answer | None:
        searcher = self.searcher  # `add` puts a new one in its place
        query = self._filtered(self._words(question), question)
        order = {"order_by_field": "day"} if question.newest else {}
        found = searcher.search(query, limit=BEST, count=True, **order)
        kept = [searcher.doc(address) for _, address in found.hits]
        facets = snippets = None
        if question.facets:
            counted = searcher.aggregate(query, {"tags": {"terms": {"field": "tags", "size": _MOST_TAGS}}})
            facets = {bucket["key"]: bucket["doc_count"] for bucket in counted["tags"]["buckets"]}
        if question.highlights:
            maker = tantivy.SnippetGenerator.create(searcher, query, self.index.schema, "text")
            snippets = [maker.snippet_from_doc(document).to_html() for document in kept]
        return Answer(found.count, [document["id"][0] for document in kept], facets, snippets)

    def add(self, document: Document) -> None:
        if self.writer is None:
            self.writer = self.index.writer(heap_size=_SINGLE_BYTES, num_threads=1)
        self.writer.add_document(_row(document))
        self.writer.commit()
        self.index.reload()
        self.searcher = self.index.searcher()

    def close(self) -> None:
        if self.writer is not None:
            self.writer.wait_merging_threads()

    def _words(self, question: Question) -> Any:
        word, schema = question.words[0], self.index.schema
        if question.join == "prefix":
            return _either(Query.phrase_prefix_query(schema, field, [word]) for field in _FIELDS)
        if question.join == "fuzzy":
            return _either(Query.fuzzy_term_query(schema, field, word, distance=1) for field in _FIELDS)
        words = " ".join(question.words)
        text = {"and": words, "or": " OR ".join(question.words), "phrase": f'"{words}"'}[question.join]
        return self.index.parse_query(text, _FIELDS, field_boosts=_BOOSTS, conjunction_by_default=True)

    def _filtered(self, query: Any, question: Question) -> Any:
        filters = []
        if question.region:
            filters.append(Query.term_query(self.index.schema, "tags", question.region, index_option="basic"))
        if question.days:
            first, end = (day.toordinal() for day in question.days)
            filters.append(
                Query.range_query(self.index.schema, "day", FieldType.Integer, first, end, include_upper=False)
            )
        if not filters:
            return query
        unscored = [(Occur.Must, Query.const_score_query(each, 0.0)) for each in filters]
        return Query.boolean_query([(Occur.Must, query), *unscored])


def _either(queries: Iterable[Any]) -> Any:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _row(document: Document) -> Any:
    row = tantivy.Document()
    row.add_unsigned("id", document.id)
    row.add_text("title", document.title)
    row.add_text("text", text_of(document))
    if document.published:
        row.add_integer("day", document.published.toordinal())
    for tag in dict.fromkeys(tags_of(document)):
        row.add_text("tags", tag)
    return row
