"""What an index of ours holds and in which version: the names that Whoosh, the builder and the readers share.

Words: every term of every text, by field, with its places. Facts: what articles are filtered and counted by, a kind
and its values. Rows: numbers of each article. Kept: the whole document, compressed, for snippets and likeness.
"""

# mypy: disallow-untyped-calls=False
# Whoosh is typed in parts only.
from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from whoosh import fields as whoosh_fields
from whoosh import formats

from index.analysis import ANALYSER
from index.document import Document
from index.query import WORD_FIELDS

FORMAT = "2"
"""Raise it when what is written changes (see docs/index-format.md): indexes of another format are made anew."""
VERSION = {"holds": "a search index of Dateline", "format": FORMAT, "analyser": ANALYSER}

AUTHORS = len(WORD_FIELDS)  # the field after the word fields; only `by:` looks at it
FIELDS = AUTHORS + 1
AUTHOR_GAP = 1_000  # positions between two authors, so that a name is never found across them
MOST_ARTICLES = 1 << 16  # in a segment: numbers of articles are two bytes

FACTS = ("region", "region=", "topic", "topic=", "outlet", "language", "reading", "author", "has")
"""Kinds of facts; `=` marks tags of an article's own, not inherited."""
STARRED, FAILED = 1, 2  # bits of a row's flags

BIG = ("docs", "counts", "places", "kept")
"""Sections as large as all articles together: summed only by `check`."""

NO_ANALYZER: Any = None  # Whoosh analyses nothing here


def make_schema() -> Any:
    return whoosh_fields.Schema(
        words=whoosh_fields.FieldType(formats.Positions(), NO_ANALYZER),
        facts=whoosh_fields.FieldType(formats.Existence(), NO_ANALYZER),
        kept=whoosh_fields.STORED(),
    )


def facts_of(document: Document) -> Mapping[str, tuple[str, ...]]:
    """The values of every kind in FACTS that `document` has, each once."""
    found = {
        "region": document.region_lineage,
        "region=": document.regions,
        "topic": document.topic_lineage,
        "topic=": document.topics,
        "outlet": (document.outlet,) if document.outlet else (),
        "language": (document.language,),
        "reading": (document.reading,),
        "author": document.authors,
        "has": document.has,
    }
    return {kind: tuple(dict.fromkeys(values)) for kind, values in found.items()}


_NAMES = [field.name for field in fields(Document)]


def kept_of(document: Document) -> bytes:
    values = [getattr(document, name) for name in _NAMES]
    text = json.dumps(values, default=str, ensure_ascii=False, check_circular=False)
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def read_kept(kept: bytes) -> Document:
    """The document that `kept_of` kept."""
    read = json.loads(zlib.decompress(kept).decode("utf-8", "surrogatepass"))
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in zip(_NAMES, read, strict=True)
    }
    values["published"] = date.fromisoformat(values["published"]) if values["published"] else None
    values["clipped"] = datetime.fromisoformat(values["clipped"])
    return Document(**values)
