"""The same marks as `snippets.marks_of`, faster, for many texts of one search. Pure.

A text is cut at blanks, where no token reaches over (`analysis.chunk_tokens`). Most chunks cannot answer, which their
first two letters tell; whether one of the others does is found out once. Places are counted only for phrases.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

from index.analysis import STEM, Token, chunk_tokens, stemmer_of
from index.snippets import Mark, Marks, marks_of_rows
from index.wanted import Slot, Wanted, Way

LONG_CHUNK = 40  # characters; longer ones are addresses, or sentences written without blanks, and seldom come again
_CHUNK = re.compile(r"\S+")

_remembered_tokens = lru_cache(maxsize=20_000)(chunk_tokens)  # about 15 MB when full


def _read(chunk: str, stemmer: str) -> tuple[int, tuple[Token, ...]]:
    return (_remembered_tokens if len(chunk) <= LONG_CHUNK else chunk_tokens)(chunk, stemmer)


class _Marked(NamedTuple):
    """What of a chunk answers: `single` marks, and tokens for slots of rows as (row, slot, token)."""

    single: tuple[Mark, ...]
    rows: tuple[tuple[int, int, Token], ...]


class Marker:
    """Marks what is wanted; for one search and one thread."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._wanted = wanted
        self._known: dict[tuple[str, str], _Chunks] = {}

    def of(self, language: str) -> Marks:
        """What marks the texts of an article in `language`."""
        stemmer = stemmer_of(language)
        return lambda text, field: self._marks(text, field, stemmer)

    def of_chunks(self, chunks: Iterable[tuple[int, int, str]], field: str, language: str) -> list[Mark]:
        """The same for a text of which only some chunks may answer: where each begins, how many positions are before
        it, and the chunk."""
        known = self._of(field, stemmer_of(language))
        found, position_at = [], {}
        for start, position, chunk in chunks:
            if (marked := known[chunk]) is not None:
                found.append((start, marked))
                position_at[start] = position
        return _all_marks(found, known, lambda: position_at)

    def _marks(self, text: str, field: str, stemmer: str) -> list[Mark]:
        known = self._of(field, stemmer)
        if not known.ways or not text:
            return []
        found = [(start, marked) for start, chunk in known.candidates(text) if (marked := known[chunk]) is not None]
        return _all_marks(found, known, lambda: _positions(text, stemmer))

    def _of(self, field: str, stemmer: str) -> _Chunks:
        key = field, stemmer
        if key not in self._known:
            asked = [(which, one) for which, one in enumerate(self._wanted) if one.field in (None, field)]
            self._known[key] = _Chunks(stemmer, [(which, way) for which, one in asked for way in one.ways])
        return self._known[key]


class _Chunks(dict[str, _Marked | None]):
    """Chunk -> what of it answers, None: nothing; finds out what is missing."""

    def __init__(self, stemmer: str, ways: list[tuple[int, Way]]) -> None:
        self.stemmer = stemmer
        self.ways = ways
        self._single = [(which, way.slots[0]) for which, way in ways if len(way.slots) == 1]
        self.rows = [(which, way) for which, way in ways if len(way.slots) > 1]

    @cached_property
    def _beginning(self) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
        return _beginning([slot for _, way in self.ways for slot in way.slots], self.stemmer)

    def __missing__(self, chunk: str) -> _Marked | None:
        _, tokens = _read(chunk, self.stemmer)
        single = [
            Mark(token.start, token.end, which)
            for which, slot in self._single
            for token in tokens
            if slot.accepts(token.terms)
        ]
        rows = [
            (row, at, token)
            for row, (_, way) in enumerate(self.rows)
            for at, slot in enumerate(way.slots)
            for token in tokens
            if slot.accepts(token.terms)
        ]
        marked = self[chunk] = _Marked(tuple(single), tuple(rows)) if single or rows else None
        return marked

    def candidates(self, text: str) -> Iterator[tuple[int, str]]:
        """Where chunks stand that may answer, and they; none that answers is left out."""
        lowered = text.lower()
        if self._beginning is None or len(lowered) != len(text):
            yield from ((found.start(), found.group()) for found in _CHUNK.finditer(text))
            return
        last = -1
        for found in self._beginning[text.isascii()].finditer(lowered):
            start, end = found.span()
            if start < last:
                continue  # in the same chunk as the one before
            while start and not text[start - 1].isspace():
                start -= 1
            last = end
            yield start, text[start:end]


def _beginning(slots: Iterable[Slot], stemmer: str) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """What finds, in lower-cased text, the rest of each chunk from a word on that may begin one of the terms: in any
    text, and in ASCII.

    None when that cannot be told: for misspelt words, for terms of other scripts, and for stemmers that change more
    than the English one does, which keeps the first two letters of a word but for y and i (dying: die).
    """
    if stemmer != "english":
        return None
    beginnings: set[str] = set()
    for slot in slots:
        if slot.near:
            return None
        beginnings |= {term.removeprefix(STEM)[:2] for term in ([slot.beginning] if slot.beginning else slot.terms)}
    if not beginnings or not all(beginning.isascii() and beginning[:1].isalnum() for beginning in beginnings):
        return None
    firsts = "".join(sorted({beginning[0] for beginning in beginnings}))
    words = "|".join(sorted(map(_second_letters, beginnings)))
    # A class first: the engine of regular expressions then skips to it. Other letters may fold to any of the terms'.
    return (
        re.compile(rf"[{firsts}\x80-\U0010ffff](?<![a-z0-9].)(?:{words}|(?<=[^\x00-\x7f]))\S*"),
        re.compile(rf"[{firsts}](?<![a-z0-9].)(?:{words})\S*"),
    )


def _second_letters(beginning: str) -> str:
    """What may follow the first letter: the second, another letter that may fold to it, or what folding takes away
    before it comes (o'neil, u.s., e-mail)."""
    first, second = beginning[0], beginning[1:]
    if not second:
        return rf"(?<={first})"
    letters = "iy" if second in "iy" else re.escape(second)
    return rf"(?<={first})(?:[{letters}]|[^a-z0-9]|\Z)"


_PositionAt = Callable[[], Mapping[int, int]]
"""Where each chunk begins -> how many positions are before it."""


def _all_marks(found: Sequence[tuple[int, _Marked]], known: _Chunks, position_at: _PositionAt) -> list[Mark]:
    marks = {Mark(at + start, at + end, which) for at, marked in found for start, end, which in marked.single}
    if known.rows:
        marks.update(_marks_of_phrases(found, known, position_at))
    return sorted(marks)


def _marks_of_phrases(found: Sequence[tuple[int, _Marked]], known: _Chunks, positions: _PositionAt) -> Iterator[Mark]:
    rows: list[list[list[Token]]] = [[[] for _ in way.slots] for _, way in known.rows]
    answering = {(row, slot) for _, marked in found for row, slot, _ in marked.rows}
    whole = [
        row for row, (_, way) in enumerate(known.rows) if all((row, at) in answering for at in range(len(way.slots)))
    ]
    if not whole:
        return
    position_at = positions()
    for start, marked in found:
        for row, slot, token in marked.rows:
            position = token.position + position_at[start]
            rows[row][slot].append(Token(token.terms, position, token.start + start, token.end + start))
    for row in whole:
        which, way = known.rows[row]
        yield from marks_of_rows(way, rows[row], which)


def _positions(text: str, stemmer: str) -> dict[int, int]:
    """Where each chunk begins -> how many positions are before it."""
    chunks = text.split()
    counts = (1 if chunk.isascii() and chunk.isalnum() else _positions_of(chunk, stemmer) for chunk in chunks)
    starts = (found.start() for found in _CHUNK.finditer(text))
    return dict(zip(starts, accumulate(counts, initial=0)))  # noqa: B905  one more: where the text ends


@lru_cache(maxsize=20_000)  # about 4 MB when full
def _positions_of(chunk: str, stemmer: str) -> int:
    return chunk_tokens(chunk, stemmer)[0]
