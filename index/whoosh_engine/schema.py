"""What an index of ours holds and in which version: the names that Whoosh, the builder and the readers share.

Words: every word of every text, with its places, beside the other forms of its stem. Texts: the same as it was written,
for snippets and likeness. Facts: what articles are filtered and counted by. Rows: numbers of each article.
"""

# mypy: disallow-untyped-calls=False
# Whoosh is typed in parts only.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whoosh import fields as whoosh_fields
from whoosh import formats

from index.analysis import ANALYSER, STEM
from index.document import Document
from index.query import WORD_FIELDS

FORMAT = "3"
"""Raise it when what is written changes (see docs/index-format.md): indexes of another format are made anew."""
VERSION = {"holds": "a search index of Dateline", "format": FORMAT, "analyser": ANALYSER}

FIELDS = len(WORD_FIELDS)
AUTHOR = STEM + "@"  # begins the words of authors, which only `by:` looks at; no word begins so
AUTHOR_GAP = 1_000  # positions between two authors, so that a name is never found across them
MOST_ARTICLES = 1 << 16  # in a segment: numbers of articles are two bytes

COUNT_BITS = 5  # of a posting's byte: how often; the rest is the field
MANY = (1 << COUNT_BITS) - 1  # so often or more: see `big_postings`

FACTS = ("region", "region=", "topic", "topic=", "outlet", "language", "reading", "author", "has")
"""Kinds of facts; `=` marks tags of an article's own, not inherited."""
STARRED, FAILED = 1, 2  # bits of a row's flags

BIG = ("docs", "hows", "places", "texts")
"""Sections as large as all articles together: summed only by `check`."""

NO_ANALYZER: Any = None  # Whoosh analyses nothing here


def make_schema() -> Any:
    return whoosh_fields.Schema(
        words=whoosh_fields.FieldType(formats.Positions(), NO_ANALYZER),
        facts=whoosh_fields.FieldType(formats.Existence(), NO_ANALYZER),
        texts=whoosh_fields.STORED(),
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
