"""The query language as a tree: the nodes, and what is done with them. Values only; `parsing` and `wording` go
between tree and text, docs/query-language.md tells readers.

Grammar (OR binds tighter than blanks and AND, as in the search boxes that readers know: a filter holds for all):

    query    = [ all ]
    all      = either { [ "AND" ] either }
    either   = part { "OR" part }
    part     = [ "NOT" | "-" ] ( "(" all ")" | field ":" value | field ":" "(" all ")" | value )
    value    = word | word "*" | word "~" [ "1" | "2" ] | '"' words '"' [ "~" number ] | "*"
    field    = title lead body captions note | region topic site by lang is has | date before after clipped

Trees are in *normal form* (what `parse`, `map_query`, `with_filter`, `all_of`, `any_of` and `negate` give): And and
Or hold two or more different parts, never one of their own kind; Not never holds a Not; And never holds Everything.
For these `parse(to_text(node)).node == node`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

WORD_FIELDS = ("title", "lead", "body", "captions", "note")
TAG_KINDS = ("region", "topic")
READING = ("unread", "reading", "done")
GENRES = ("interview", "opinion", "obituary", "live-blog", "analysis")
STATES = (*READING, "starred", "tagged", "untagged", "failed", *GENRES)
PARTS = ("image", "note", "highlight")


class Node:
    """Any part of a query."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Everything(Node):
    """Every article: what an empty query asks for."""


@dataclass(frozen=True, slots=True)
class Term(Node):
    """A word in any of its forms, as typed; `field` limits it to one of WORD_FIELDS."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase(Node):
    """Words in quotes: exactly so and in this order; with `slop`, in any form and order, that many others between."""

    text: str
    slop: int = 0
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Prefix(Node):
    """Words that begin so."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Fuzzy(Node):
    """Words at most `edits` slips of the pen away; 0: as many as the word's length allows (`fuzziness`)."""

    text: str
    edits: int = 0
    field: str | None = None


@dataclass(frozen=True, slots=True)
class And(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    part: Node


@dataclass(frozen=True, slots=True)
class Tagged(Node):
    """Has the tag or, unless `exact`, one below it. `name` is what was typed; for engines, the tag's id."""

    kind: str
    name: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Untagged(Node):
    """Has no tag of this kind: `region:none`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Site(Node):
    """From this outlet: the host itself, a host below it, or one label of it (haaretz.com, haaretz)."""

    host: str


@dataclass(frozen=True, slots=True)
class By(Node):
    """An author's name holds these words, side by side."""

    name: str


@dataclass(frozen=True, slots=True)
class Lang(Node):
    """In this language (BCP 47, lower case), or in a regional kind of it."""

    code: str


@dataclass(frozen=True, slots=True)
class Is(Node):
    """One of STATES."""

    state: str


@dataclass(frozen=True, slots=True)
class Has(Node):
    """One of PARTS."""

    part: str


@dataclass(frozen=True, slots=True)
class Dates(Node):
    """Published or clipped (`field`) on `first` or later, and before `end`; at least one of the two is given.

    Clipping times are compared by their UTC day.
    """

    field: str
    first: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be understood, and what to write instead. `start` and `end` are offsets into the text typed."""

    message: str
    advice: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """What was understood (`node`, in normal form) and what was not."""

    node: Node
    problems: tuple[Problem, ...] = ()


Group = TypeVar("Group", And, Or)


def all_of(parts: Iterable[Node]) -> Node:
    """Every one of `parts`; Everything when there are none."""
    kept = [part for part in _flat(parts, And) if not isinstance(part, Everything)]
    if not kept:
        return Everything()
    return kept[0] if len(kept) == 1 else And(tuple(kept))


def any_of(parts: Iterable[Node]) -> Node:
    """At least one of `parts`; nothing at all (Not Everything) when there are none."""
    kept = _flat(parts, Or)
    if not kept:
        return Not(Everything())
    return kept[0] if len(kept) == 1 else Or(tuple(kept))


def negate(part: Node) -> Node:
    return part.part if isinstance(part, Not) else Not(part)


def _flat(parts: Iterable[Node], group: type[And] | type[Or]) -> list[Node]:
    flat: dict[Node, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, group) else (part,)))
    return list(flat)


def map_query(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every node replaced by `change(node)`, leaves first, in normal form."""
    match node:
        case And(parts):
            node = all_of([map_query(part, change) for part in parts])
        case Or(parts):
            node = any_of([map_query(part, change) for part in parts])
        case Not(part):
            node = negate(map_query(part, change))
        case _:
            pass
    return change(node)


def terms_of(node: Node) -> tuple[Node, ...]:
    """Every Term, Phrase, Prefix and Fuzzy that is asked for (not under a Not), each once, in order: what to mark."""
    match node:
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(term for part in parts for term in terms_of(part)))
        case Term() | Phrase() | Prefix() | Fuzzy():
            return (node,)
        case _:
            return ()


def top_level(node: Node) -> tuple[Node, ...]:
    """The parts that all must hold."""
    match node:
        case And(parts):
            return parts
        case Everything():
            return ()
        case _:
            return (node,)


def with_filter(node: Node, wanted: Node) -> Node:
    """`node` narrowed by `wanted`, which takes the place of a filter it contradicts (a site, language, date, state)."""
    rival = _rivalry(wanted)
    kept = [part for part in top_level(node) if rival is None or _rivalry(part) != rival]
    return all_of([*kept, wanted])


def without_filter(node: Node, unwanted: Node) -> Node:
    """`node` without the top-level part `unwanted`; unchanged when it has none."""
    return all_of(part for part in top_level(node) if part != unwanted)


def _rivalry(node: Node) -> object:
    """Filters of the same rivalry exclude each other; None: goes with any."""
    match node:
        case Dates(field):
            return (Dates, field)
        case Site() | Lang():
            return type(node)
        case Is(state) if state in READING:
            return (Is, READING)
        case _:
            return None
