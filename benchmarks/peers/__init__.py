"""The search engines that are measured, one file each, all behind `Peer`. A file is imported only when it is asked for.

Every peer gets the same: title and text (lead, body, captions and note together), region and topic ids with their
ancestors, the day published. Dateline's engine keeps its fields apart and indexes outlet, authors, language and state
besides. Each is used as well as its own documentation and some trying teach; what was tried stands in its file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:  # so that no engine is charged with the memory of what another imports
    from index import Document

BEST = 10  # how many hits are asked for, always

CLASSES = (
    "rare term",
    "common term",
    "a AND b",
    "a OR b OR c",
    "phrase",
    "prefix",
    "fuzzy",
    "term + region",
    "common + region + dates",
    "facets region + topic",
    "newest first",
    "10 highlights",
)
"""Kinds of questions, in the order of the tables."""

_ENGINES = {
    "dateline": "dateline:Dateline",
    "fts5": "fts5:Fts5",
    "fts5-prefix": "fts5:Fts5WithPrefixes",
    "like": "like:Like",
    "tantivy": "tantivy_py:Tantivy",
    "whoosh": "stock_whoosh:StockWhoosh",
}
NAMES = tuple(_ENGINES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of every engine, before each puts it its own way. The answer: total, the best ten, and extras.

    `join` is how `words` belong together: "and", "or", "phrase", "prefix" (one beginning) or "fuzzy" (one word, one
    slip away). `days`: published on the first or later, before the second. `newest`: by day published, else by
    relevance. `facets`: counts of all region and topic ids with their ancestors. `highlights`: a snippet a hit.
    """

    kind: str
    join: str
    words: tuple[str, ...]
    region: str = ""
    days: tuple[date, date] | None = None
    facets: bool = False
    newest: bool = False
    highlights: bool = False


class Answer(NamedTuple):
    """`total` counts all that was found, `ids` are the best ten (or newest), the rest is there when asked for."""

    total: int
    ids: list[int]
    facets: dict[str, int] | None = None
    snippets: list[str] | None = None


class Peer(Protocol):
    """One engine with its index in a folder. `add` may be called from one other thread while searches go on."""

    def __init__(self, folder: Path) -> None: ...

    def build(self, documents: Iterator[Document]) -> None:
        """Make the index; when this returns everything is on disk and merged as the engine likes it."""

    def open(self) -> None:
        """Open what `build` made, for searching and adding."""

    def search(self, question: Question) -> Answer | None:
        """None when the engine cannot answer a question of this kind."""

    def add(self, document: Document) -> None:
        """One article more; when this returns, `search` finds it."""

    def close(self) -> None: ...


def load(name: str, folder: Path) -> Peer:
    """Raises ImportError when the engine's library is not installed, KeyError for an unknown name."""
    module, _, class_name = _ENGINES[name].partition(":")
    peer: Peer = getattr(import_module(f"benchmarks.peers.{module}"), class_name)(folder)
    return peer


def text_of(document: Document) -> str:
    """What engines with one field of text get."""
    return "\n".join(filter(None, (document.lead, document.body, document.captions, document.note)))


def tags_of(document: Document) -> tuple[str, ...]:
    return document.region_lineage + document.topic_lineage
