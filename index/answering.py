"""What one article says to a query, in plain Python: simple, slow, and right. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.analysis import Token, length_of, tokens
from index.document import Document
from index.query import (
    GENRES,
    WORD_FIELDS,
    And,
    By,
    Dates,
    Everything,
    Fuzzy,
    Has,
    Is,
    Lang,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Site,
    Tagged,
    Term,
    Untagged,
)
from index.wanted import Wanted, Way, occurrences, wanted_of


@dataclass(frozen=True)
class Read:
    """A document that has been read: its tokens and its length in positions, by field."""

    document: Document
    tokens: dict[str, list[Token]]
    lengths: dict[str, int]

    @classmethod
    def of(cls, document: Document) -> Read:
        found = {field: list(tokens(getattr(document, field), document.language)) for field in WORD_FIELDS}
        return cls(document, found, {field: length_of(found[field]) for field in WORD_FIELDS})

    def counts(self, wanted: Wanted) -> dict[str, tuple[float, int]]:
        """Field -> (how often it has what is wanted, its length), where it does."""
        fields = WORD_FIELDS if wanted.field is None else (wanted.field,)
        counts = {field: sum(count_of(way, self.tokens[field]) for way in wanted.ways) for field in fields}
        return {field: (count, self.lengths[field]) for field, count in counts.items() if count > 0}


def count_of(way: Way, found: list[Token]) -> float:
    """How often `way` occurs among the tokens of one text."""
    if len(way.slots) == 1:
        return sum(way.slots[0].weight(term) for token in found for term in token.terms)
    places = [{token.position for token in found if slot.accepts(token.terms)} for slot in way.slots]
    return float(len(occurrences(way, places)))


def answers(node: Node, read: Read, wanted: Callable[[Node], Wanted]) -> bool:
    """Whether an article is found by `node`; `wanted` tells what a word of it asks for."""
    match node:
        case And(parts):
            return all(answers(part, read, wanted) for part in parts)
        case Or(parts):
            return any(answers(part, read, wanted) for part in parts)
        case Not(part):
            return not answers(part, read, wanted)
        case Term() | Phrase() | Prefix() | Fuzzy():
            return bool(read.counts(wanted(node)))
        case _:
            return holds(node, read.document)


def holds(node: Node, document: Document) -> bool:
    """Whether a filter holds."""
    match node:
        case Everything():
            return True
        case Tagged("region", name, exact):
            return name in (document.regions if exact else document.region_lineage)
        case Tagged(_, name, exact):
            return name in (document.topics if exact else document.topic_lineage)
        case Untagged(kind):
            return not (document.regions if kind == "region" else document.topics)
        case Site(host):
            outlet = document.outlet.lower()
            return outlet == host or outlet.endswith("." + host) or host in outlet.split(".")
        case By(name):
            return any(_has_name(author, name) for author in document.authors)
        case Lang(code):
            return (document.language.lower() + "-").startswith(code + "-")
        case Is(state):
            return _is(state, document)
        case Has(part):
            return part in document.has
        case Dates("clipped", first, end):
            day = document.clipped.date()
            return (first is None or first <= day) and (end is None or day < end)
        case Dates(_, first, end):
            published = document.published
            return published is not None and (first is None or first <= published) and (end is None or published < end)
        case _:
            raise TypeError(f"not a query: {node!r}")


def _is(state: str, document: Document) -> bool:
    match state:
        case "starred":
            return document.starred
        case "failed":
            return document.failed
        case "tagged":
            return bool(document.regions or document.topics)
        case "untagged":
            return not (document.regions or document.topics)
        case _ if state in GENRES:
            return state in document.has
        case _:
            return document.reading == state


def _has_name(author: str, name: str) -> bool:
    """Whether the words of `name` stand side by side in `author`, just so."""
    found = list(tokens(author, "und"))
    return any(count_of(way, found) > 0 for way in wanted_of(Phrase(name), ()).ways)
