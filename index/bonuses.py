"""What a query is worth beyond its words: neighbours that stand together, and a title said in full. Pure.

Both are measured on our judged queries (tests/test_relevance.py, 2026-11-24).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from index.analysis import read_words
from index.query import And, Fuzzy, Node, Or, Phrase, Prefix, Term, top_level

_WORDS = (Term, Phrase, Prefix, Fuzzy, And, Or)


class Pair(NamedTuple):
    """Two plain words that were typed one after the other, and the word of two that they make together."""

    first: Term
    second: Term
    together: Term


class Said(NamedTuple):
    """What may be a title: its folded words, and the parts of the query that hold them."""

    words: tuple[str, ...]
    parts: tuple[Node, ...]


def pairs_of(parts: Sequence[Node]) -> list[Pair]:
    """The neighbours among the parts of an And; filters and what is denied do not come between."""
    asked = [part for part in parts if isinstance(part, _WORDS)]
    return [
        Pair(first, second, Term(f"{first.text} {second.text}"))
        for first, second in pairwise(asked)
        if isinstance(first, Term) and isinstance(second, Term) and first.field is None and second.field is None
    ]


def said_of(node: Node) -> Said | None:
    """The words of a query that is nothing but plain words, exact phrases and filters; None for any other."""
    asked = tuple(part for part in top_level(node) if isinstance(part, _WORDS))
    words: list[str] = []
    for part in asked:
        match part:
            case Term(text, None) | Phrase(text, 0, None):
                words += [word.text for word in read_words(text)]
            case _:
                return None
    return Said(tuple(words), asked) if words else None
