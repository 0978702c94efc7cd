"""Why an article stands where it does: each part of its score. Pure; shared by all engines.

What is said here is what a score *is*: the memory engine scores by it, the others are held to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from index.answering import Read, answers
from index.bonuses import pairs_of, said_of
from index.query import And, Fuzzy, Node, Or, Phrase, Prefix, Term
from index.scoring import day_number, field_share, freshness, pair_bonus, saturated, title_bonus, title_words
from index.wanted import Wanted
from index.wording import to_text


@dataclass(frozen=True, slots=True)
class Share:
    """What a term's occurrences in one field weigh: `count` may be fractional, `length` is in positions."""

    field: str
    count: float
    length: int
    weight: float


@dataclass(frozen=True, slots=True)
class TermPart:
    """A word, phrase, prefix or fuzzy word that was found. `score` is `idf` times the saturated `frequency`."""

    text: str
    shares: tuple[Share, ...]
    frequency: float
    idf: float
    score: float


@dataclass(frozen=True, slots=True)
class PairPart:
    """Two words that were asked for side by side, and stand side by side."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """(terms + pairs) × `freshness` + `title`."""

    terms: tuple[TermPart, ...]
    pairs: tuple[PairPart, ...]
    freshness: float
    title: float

    @property
    def score(self) -> float:
        parts = [part.score for part in self.terms] + [part.score for part in self.pairs]
        return sum(parts) * self.freshness + self.title


class Statistics(Protocol):
    """What is known of all articles of the owner. `latest_day`: day number of the last clip."""

    @property
    def average_lengths(self) -> Mapping[str, float]: ...

    @property
    def latest_day(self) -> int: ...

    def wanted(self, node: Node) -> Wanted: ...

    def idf_of(self, node: Node) -> float: ...


def explain(node: Node, read: Read, known: Statistics, *, prefer_recent: bool) -> Explanation:
    """The score of an article that answers `node`, part by part."""
    terms, pairs = _parts(node, read, known)
    published = day_number(read.document.published)
    said = said_of(node)
    is_title = said is not None and said.words == title_words(read.document.title)
    return Explanation(
        tuple(terms),
        tuple(pairs),
        freshness(published, known.latest_day) if prefer_recent else 1.0,
        title_bonus(sum(map(known.idf_of, said.parts))) if said and is_title else 0.0,
    )


def _parts(node: Node, read: Read, known: Statistics) -> tuple[list[TermPart], list[PairPart]]:
    """Of what is asked for, not of what is denied; parts of an Or only where they answer."""
    match node:
        case And(parts) | Or(parts):
            found = [_parts(part, read, known) for part in parts if answers(part, read, known.wanted)]
            terms = [term for its_terms, _ in found for term in its_terms]
            pairs = [pair for _, its_pairs in found for pair in its_pairs]
            return terms, pairs + (_pairs(parts, read, known) if isinstance(node, And) else [])
        case Term() | Phrase() | Prefix() | Fuzzy():
            return [_term(node, read, known)], []
        case _:
            return [], []


def _term(node: Node, read: Read, known: Statistics) -> TermPart:
    shares = tuple(
        Share(field, count, length, field_share(field, count, length, known.average_lengths[field]))
        for field, (count, length) in read.counts(known.wanted(node)).items()
    )
    frequency = sum(share.weight for share in shares)
    idf = known.idf_of(node)
    return TermPart(to_text(node), shares, frequency, idf, idf * saturated(frequency))


def _pairs(parts: tuple[Node, ...], read: Read, known: Statistics) -> list[PairPart]:
    return [
        PairPart(f"{first.text} {second.text}", pair_bonus(known.idf_of(first), known.idf_of(second)))
        for first, second, together in pairs_of(parts)
        if read.counts(known.wanted(together))
    ]
