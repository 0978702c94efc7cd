"""The stretch of an article that answers a query, with the answering words marked. Pure; shared by all engines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from index.analysis import Token, tokens
from index.document import Piece
from index.wanted import Slot, Wanted, Way, occurrences

SNIPPET_CHARACTERS = 240  # taste: three lines of a result list
LEAD_IN = 60  # characters before the first mark; taste
ELLIPSIS = "…"
_SENTENCE_END = re.compile(r"[.!?…。！？׃؟][\"'”’»)]*\s+|\n+")
_BLANKS = re.compile(r"\s+")


class Mark(NamedTuple):
    """A stretch of a text that answers the wanted thing number `which`."""

    start: int
    end: int
    which: int


def marks_of(text: str, field: str, language: str, wanted: Sequence[Wanted]) -> list[Mark]:
    """Where `text` answers, by place."""
    asked = [(which, one) for which, one in enumerate(wanted) if one.field in (None, field)]
    if not asked or not text:
        return []
    found = list(tokens(text, language))
    marks = {mark for which, one in asked for way in one.ways for mark in _marks_of_way(way, found, which)}
    return sorted(marks)


def _marks_of_way(way: Way, found: list[Token], which: int) -> Iterable[Mark]:
    if len(way.slots) == 1:
        return [Mark(token.start, token.end, which) for token in _accepted(way.slots[0], found)]
    return marks_of_rows(way, [_accepted(slot, found) for slot in way.slots], which)


def marks_of_rows(way: Way, rows: list[list[Token]], which: int) -> Iterable[Mark]:
    """The marks of a phrase, given the tokens that each of its slots accepts."""
    starts = occurrences(way, [{token.position for token in row} for row in rows])
    if way.slop is None:
        wanted_places = [{start + slot.offset for start in starts} for slot in way.slots]
    else:
        inside = {start + step for start in starts for step in range(way.width + way.slop)}
        wanted_places = [inside] * len(rows)
    return [
        Mark(token.start, token.end, which)
        for row, places in zip(rows, wanted_places, strict=True)
        for token in row
        if token.position in places
    ]


def _accepted(slot: Slot, found: list[Token]) -> list[Token]:
    known: dict[tuple[str, ...], bool] = {}
    for token in found:
        if token.terms not in known:
            known[token.terms] = slot.accepts(token.terms)
    return [token for token in found if known[token.terms]]


Marks = Callable[[str, str], list[Mark]]
"""Text, field -> where it answers, by place: `marks_of`, or as it."""


def marked_title(title: str, language: str, wanted: Sequence[Wanted]) -> tuple[Piece, ...]:
    return title_of(title, lambda text, field: marks_of(text, field, language, wanted))


def marked_snippet(
    texts: Iterable[tuple[str, str]], language: str, wanted: Sequence[Wanted], *, otherwise: str = ""
) -> tuple[Piece, ...]:
    """The best stretch of the first of `texts` (field, text) that answers; else the beginning of `otherwise`."""
    return snippet_of(texts, lambda text, field: marks_of(text, field, language, wanted), otherwise=otherwise)


def title_of(title: str, marks: Marks) -> tuple[Piece, ...]:
    return pieces_of(title, 0, len(title), marks(title, "title"))


def snippet_of(texts: Iterable[tuple[str, str]], marks: Marks, *, otherwise: str = "") -> tuple[Piece, ...]:
    """As `marked_snippet`."""
    for field, text in texts:
        if found := marks(text, field):
            return stretch(text, *best_window(found), found)
    return stretch(otherwise, 0, 0, [])


def best_window(marks: list[Mark]) -> tuple[int, int]:
    """From where to where the marks lie closest: most different things wanted, then most marks, then earliest."""
    best, best_worth, last = (marks[0].start, marks[0].end), (0, 0), 0
    counts: dict[int, int] = {}
    for first, mark in enumerate(marks):
        while last < len(marks) and marks[last].end - mark.start <= SNIPPET_CHARACTERS - LEAD_IN:
            counts[marks[last].which] = counts.get(marks[last].which, 0) + 1
            last += 1
        worth = (len(counts), sum(counts.values()))
        if last > first and worth > best_worth:
            best, best_worth = (mark.start, marks[last - 1].end), worth
        if last == len(marks):
            break  # what follows is less of the same
        if last == first:
            last += 1
        else:
            counts[mark.which] -= 1
            if not counts[mark.which]:
                del counts[mark.which]
    return best


def stretch(text: str, start: int, end: int, marks: list[Mark]) -> tuple[Piece, ...]:
    """SNIPPET_CHARACTERS around start..end, from the beginning of a sentence or word to the end of a word."""
    low = max(0, start - LEAD_IN)
    if low:
        sentence = [found.end() for found in _SENTENCE_END.finditer(text, low, start)]
        blank = _BLANKS.search(text, low, start)
        low = sentence[0] if sentence else blank.end() if blank else low
    high = max(min(len(text), low + SNIPPET_CHARACTERS), min(end, low + 2 * SNIPPET_CHARACTERS))
    if high < len(text):
        blank_at = max(text.rfind(" ", max(end, low + LEAD_IN), high), text.rfind("\n", max(end, low + LEAD_IN), high))
        high = blank_at if blank_at > 0 else high
    pieces = pieces_of(text, low, high, marks)
    if low:
        pieces = _with_ellipsis(pieces, at_end=False)
    return _with_ellipsis(pieces, at_end=True) if high < len(text.rstrip()) else pieces


def pieces_of(text: str, low: int, high: int, marks: list[Mark]) -> tuple[Piece, ...]:
    """text[low:high], without empty pieces and with blanks and line ends as one blank."""
    pieces: list[Piece] = []
    at = low
    for start, end in _united(marks, low, high):
        if at < start:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], marked=True))
        at = end
    if at < high:
        pieces.append(Piece(text[at:high]))
    shown = text[low:high]
    if shown.isprintable() and "  " not in shown:  # no blank but the usual one
        return tuple(pieces)
    return tuple(Piece(_BLANKS.sub(" ", piece.text), piece.marked) for piece in pieces)


def _united(marks: list[Mark], low: int, high: int) -> list[tuple[int, int]]:
    """What is marked between, as stretches that do not touch."""
    united: list[tuple[int, int]] = []
    for start, end, _ in marks:
        if end <= low or start >= high:
            continue
        start, end = max(start, low), min(end, high)
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def _with_ellipsis(pieces: tuple[Piece, ...], *, at_end: bool) -> tuple[Piece, ...]:
    """Before or after them, in one piece with what is not marked."""
    if at_end:
        if pieces and not pieces[-1].marked:
            return *pieces[:-1], Piece(pieces[-1].text + ELLIPSIS)
        return *pieces, Piece(ELLIPSIS)
    if pieces and not pieces[0].marked:
        return Piece(ELLIPSIS + pieces[0].text), *pieces[1:]
    return Piece(ELLIPSIS), *pieces
