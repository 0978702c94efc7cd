"""What is read from a file of tags: rows, and what is wrong with others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.model import TagKind

LINES_MAX = 200_000  # rows read of one file; the seed has 460, GeoNames' first-level areas 4,000


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was not taken as it stands. `line` counts from 1; 0 for the file as a whole."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRow:
    """One tag of a file. `key` is what its other rows call it (an id, an IRI); `parents` and `merged_into` are keys,
    ids, slugs or names. Only the fields in `told` stood in the file; what is not told stays as it is.
    """

    line: int
    kind: TagKind
    name: str = ""
    key: str = ""
    id: str = ""
    slug: str = ""
    code: str = ""
    parents: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    retired: bool = False
    merged_into: str = ""
    former_slugs: tuple[str, ...] = ()
    note: str = ""
    told: frozenset[str] = frozenset()
