"""The tag trees as files: a table (CSV) and SKOS (Turtle), written whole and read a row at a time. Pure.

A bad row is a Problem, never an exception, and reading goes on; what cannot be read at all is one Problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webapp.model import TagKind
from webapp.tags import Tag
from webapp.vocabulary_files.rows import Problem, TagRow
from webapp.vocabulary_files.skos import read_skos, write_skos
from webapp.vocabulary_files.table import read_table, write_table


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write the trees. `read` is told the kind of rows that do not tell their own."""

    name: str
    ending: str
    media_type: str
    write: Callable[[Iterable[Tag]], str]
    read: Callable[[str, TagKind], list[TagRow | Problem]]


FORMATS = {
    "csv": Format("Table (CSV)", "csv", "text/csv; charset=utf-8", write_table, read_table),
    "skos": Format("SKOS (Turtle)", "ttl", "text/turtle; charset=utf-8", write_skos, read_skos),
}


def format_of(name: str, content: str) -> Format:
    """What a file is, by its ending, else by how it begins."""
    ending = name.rpartition(".")[2].lower()
    for each in FORMATS.values():
        if ending == each.ending:
            return each
    start = content.lstrip("\ufeff \t\r\n")[:200]
    return FORMATS["skos" if start.startswith(("@prefix", "PREFIX", "@base", "<", "#")) else "csv"]


__all__ = ["FORMATS", "Format", "Problem", "TagRow", "format_of"]
