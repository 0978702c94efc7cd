"""How a Document lies in a Whoosh index: one field of words, one of facts, and three columns.

Words: every term of every text, its places as one row of numbers, field and position in one (`PLACE_BITS`), so that a
term is looked up once for all fields. Facts: what articles are filtered and counted by, "kind:value". Columns: `row`
(fixed numbers), `title_key` (for sorting) and `kept` (the whole document, compressed, for snippets and likeness).
"""

# mypy: disallow-untyped-calls=False
# Whoosh is typed in parts only.
from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Generator, Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import numpy as np
from whoosh import columns, formats
from whoosh import fields as whoosh_fields

from index.analysis import ANALYSER, Token, length_of, tokens
from index.document import Document
from index.query import WORD_FIELDS
from index.scoring import day_number, microseconds, title_key

FORMAT = "1"
"""Raise it when anything in this file changes what is written: indexes of another format are made anew."""
VERSION = {"holds": "a search index of Dateline", "format": FORMAT, "analyser": ANALYSER}

PLACE_BITS = 29  # positions; above them 3 bits of field
AUTHORS = len(WORD_FIELDS)  # the field after the word fields; only `by:` looks at it
AUTHOR_GAP = 1_000  # positions between two authors, so that a name is never found across them
MOST_LABELS = 127  # of a host name (RFC 1035: 255 octets)
LONGEST = 1 << PLACE_BITS

NO_ANALYZER: Any = None  # our fields take what is analysed already

ROW = np.dtype(
    [
        ("id", "<i8"),
        ("owner", "<i8"),
        ("revision", "<i8"),
        ("clipped", "<i8"),
        ("published", "<i4"),
        *((field, "<u4") for field in WORD_FIELDS),
    ]
)
"""`clipped` in microseconds since 1970 UTC, `published` a day number (0: unknown), fields: lengths in positions."""


class WordsFormat(formats.Format):
    """A posting's value is an array of native uint32: places, ascending."""


class Words(whoosh_fields.FieldType):
    """Takes (term, places) pairs that are ready; analyses nothing."""

    def __init__(self) -> None:
        super().__init__(WordsFormat(), NO_ANALYZER)

    def index(self, value: Any, **kwargs: Any) -> Generator[tuple[bytes, int, float, bytes]]:
        for term, places in value:
            yield term.encode("utf-8", "surrogatepass"), len(places), float(len(places)), places.tobytes()


class Facts(whoosh_fields.FieldType):
    """Takes the facts of a document."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), NO_ANALYZER)

    def index(self, value: Any, **kwargs: Any) -> Generator[tuple[bytes, int, float, bytes]]:
        for fact in value:
            yield fact.encode("utf-8", "surrogatepass"), 1, 1.0, b""


def make_schema() -> Any:
    return whoosh_fields.Schema(
        words=Words(),
        facts=Facts(),
        row=whoosh_fields.COLUMN(columns.FixedBytesColumn(ROW.itemsize)),
        title_key=whoosh_fields.COLUMN(columns.VarBytesColumn()),
        kept=whoosh_fields.COLUMN(columns.VarBytesColumn()),
    )


def written(document: Document) -> dict[str, Any]:
    """The values of the schema's fields for `document`."""
    texts = [list(tokens(getattr(document, field), document.language)) for field in WORD_FIELDS]
    row = (
        document.id,
        document.owner,
        document.revision,
        microseconds(document.clipped),
        day_number(document.published),
        *map(length_of, texts),
    )
    return {
        "words": _places([*texts, list(_author_tokens(document.authors))]).items(),
        "facts": sorted(set(facts_of(document))),
        "row": np.array([row], ROW).tobytes(),
        "title_key": title_key(document.title).encode("utf-8", "surrogatepass"),
        "kept": zlib.compress(json.dumps(asdict(document), default=str).encode("ascii"), 1),
    }


def _places(texts: list[list[Token]]) -> dict[str, array[int]]:
    places: dict[str, array[int]] = {}
    for number, found in enumerate(texts):
        base = number << PLACE_BITS
        for token in found:
            for term in token.terms:
                if term not in places:
                    places[term] = array("I")
                places[term].append(base + min(token.position, LONGEST - 1))
    return places


def _author_tokens(authors: Iterable[str]) -> Iterator[Token]:
    base = 0
    for author in authors:
        last = 0
        for token in tokens(author, "und"):
            last = token.position
            yield token._replace(position=base + last)
        base += last + AUTHOR_GAP


def read_kept(kept: bytes) -> Document:
    """The document that `written` kept."""
    values: dict[str, Any] = json.loads(zlib.decompress(kept))
    values["published"] = date.fromisoformat(values["published"]) if values["published"] else None
    values["clipped"] = datetime.fromisoformat(values["clipped"])
    lists: dict[str, Any] = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Document(**{**values, **lists})


def facts_of(document: Document) -> Iterator[str]:
    """Everything a document is filtered or counted by, as "kind:value". `=` marks tags of its own, not inherited."""
    for kind, own, lineage in (
        ("region", document.regions, document.region_lineage),
        ("topic", document.topics, document.topic_lineage),
    ):
        yield from (f"{kind}:{tag}" for tag in lineage)
        yield from (f"{kind}=:{tag}" for tag in own)
        yield f"{kind}s:{'some' if own else 'none'}"
    yield from (f"site:{key}" for key in _site_keys(document.outlet.lower()))
    yield from (f"lang:{key}" for key in _language_keys(document.language.lower()))
    yield from (f"has:{part}" for part in document.has)
    yield from (f"author:{author}" for author in document.authors)
    yield f"language:{document.language}"
    yield f"reading:{document.reading}"
    if document.outlet:
        yield f"outlet:{document.outlet}"
    if document.published:
        yield f"year:{document.published.year:04}"
        yield f"month:{document.published.year:04}-{document.published.month:02}"
    if document.starred:
        yield "starred:yes"
    if document.failed:
        yield "failed:yes"


def _site_keys(host: str) -> set[str]:
    labels = host.split(".")[-MOST_LABELS:] if host else []
    return {*labels, *(".".join(labels[at:]) for at in range(len(labels)))}


def _language_keys(language: str) -> list[str]:
    subtags = language.split("-")
    return ["-".join(subtags[: at + 1]) for at in range(len(subtags))]
