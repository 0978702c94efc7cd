"""What goes into an index and what comes out: Document in; Hit, Piece, Facet and Results out. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

Facet = tuple[tuple[str, int], ...]
"""(value, how many of the articles found have it), most frequent first, then by value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article with everything a query may ask about it: the engine alone answers words, filters, facets and sort.

    `title`, `lead`, `body`, `captions` and `note` are plain text. `regions` and `topics` are tag ids as they sit on
    the article; the `…_lineage` tuples hold those ids and all their ancestors. `language` is a BCP 47 tag, "und" when
    unknown. `outlet` is a host name without "www.". `reading` is unread, reading or done. `has` names what the
    article has (see `query.PARTS`) and its genre (one of `query.GENRES`, or none). `published` is a day, None when
    unknown; `clipped` an aware UTC time. `revision` is only kept and told again (`Engine.revisions`), so that a stale
    document can be noticed.
    """

    id: int
    owner: int
    revision: int
    title: str
    lead: str
    body: str
    captions: str
    note: str
    authors: tuple[str, ...]
    outlet: str
    address: str
    language: str
    regions: tuple[str, ...]
    region_lineage: tuple[str, ...]
    topics: tuple[str, ...]
    topic_lineage: tuple[str, ...]
    reading: str
    starred: bool
    has: tuple[str, ...]
    published: date | None
    clipped: datetime
    words: int
    failed: bool = False


class Piece(NamedTuple):
    """A stretch of plain text (not mark-up), marked when it answers the query."""

    text: str
    marked: bool = False


class Hit(NamedTuple):
    """One article found. `score` compares hits of one search only; it is 0 when no word was asked for.

    Without snippets (`snippets=False`) `title` and `snippet` are empty.
    """

    id: int
    score: float
    title: tuple[Piece, ...] = ()
    snippet: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of hits. `total` and `facets` are exact and count the whole result, not the page."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Facet] = field(default_factory=dict)
    seconds: float = 0.0
