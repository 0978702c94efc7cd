"""Hits with their titles and snippets, marked; the same as `snippets` gives, read from as little as may be.

Where an article may answer is known from the index: the places of what is wanted lead to chunks of its texts, which are
looked into; of a text only the stretch that is shown is put together, and all else of it is filled up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.document import Hit
from index.marking import Marker
from index.query import WORD_FIELDS
from index.snippets import LEAD_IN, SNIPPET_CHARACTERS, Mark, best_window, snippet_of, stretch, title_of
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.occurrences import FIELD_BITS, PLACE_BITS, keys_of
from index.whoosh_engine.places import Places
from index.whoosh_engine.segment import Segment
from index.whoosh_engine.snapshot import Snapshot
from index.whoosh_engine.texts import MANY, Codes, Texts

TITLE, LEAD, BODY = (WORD_FIELDS.index(name) for name in ("title", "lead", "body"))
SHOWN = tuple(WORD_FIELDS.index(name) for name in ("body", "lead", "note", "captions"))
"""The first that answers is shown."""
_FILLER = "x"  # neither a blank nor the end of a sentence
_ARTICLE_BITS = FIELD_BITS + PLACE_BITS


def hits_of(
    snapshot: Snapshot, articles: Numbers, scores: NDArray[np.float64], asked: Sequence[Places], marker: Marker
) -> tuple[Hit, ...]:
    """`asked`: what is marked, in the order of the marker's."""
    numbers = articles.tolist()
    keys = _keys(snapshot, articles, asked)
    edges = keys.searchsorted(np.stack([articles, articles + 1]) << _ARTICLE_BITS).T.tolist()
    places = [snapshot.place(number) for number in numbers]
    rows: dict[int, list[Codes]] = {}
    for number, base, segment in _by_segment(numbers, places):
        rows.update(zip(number, segment.texts.numbers_of([each - base for each in number]), strict=True))
    return tuple(
        _hit(_Article(segment, number - base, rows[number]), keys[low:high], score, marker)
        for number, (base, segment), (low, high), score in zip(numbers, places, edges, scores.tolist(), strict=True)
    )


def _by_segment(
    numbers: Sequence[int], places: Sequence[tuple[int, Segment]]
) -> Iterator[tuple[list[int], int, Segment]]:
    by_base: dict[int, list[int]] = {}
    segments = dict(places)
    for number, (base, _) in zip(numbers, places, strict=True):
        by_base.setdefault(base, []).append(number)
    return ((its, base, segments[base]) for base, its in by_base.items())


def _keys(snapshot: Snapshot, articles: Numbers, asked: Sequence[Places]) -> Numbers:
    """Where what is wanted may stand in some articles: article, field and place in one number; ascending."""
    if not asked:
        return np.empty(0, np.int64)
    mask = np.zeros(snapshot.size, np.bool_)
    mask[articles] = True
    runs = [(places.field, run) for places in asked for run in places.runs()]
    keys = [np.empty(0, np.int64), *(keys_of(run, field, mask) for field, run in runs)]
    return np.unique(np.concatenate(keys))


class _Article:
    def __init__(self, segment: Segment, number: int, rows: Sequence[Codes]) -> None:
        self.id = int(segment.ids[number])
        self.language = segment.value("language", number)
        self.texts: Texts = segment.texts
        self.rows = rows


def _hit(article: _Article, keys: Numbers, score: float, marker: Marker) -> Hit:
    fields = (keys >> PLACE_BITS & ((1 << FIELD_BITS) - 1)).tolist()
    title = article.texts.joined(article.rows[TITLE])
    marks = marker.of(article.language) if TITLE in fields else _no_marks
    texts = ((WORD_FIELDS[field], article, field) for field in SHOWN if field in fields)
    shown_title = title_of(title, marks)
    for name, _, field in texts:
        first = fields.index(field)
        places = keys[first : first + fields.count(field)] & ((1 << PLACE_BITS) - 1)
        line = _Line(article.texts, article.rows[field])
        if line.is_odd:
            text = article.texts.joined(article.rows[field])
            if marker.of(article.language)(text, name):
                return Hit(article.id, score, shown_title, snippet_of([(name, text)], marker.of(article.language)))
        elif found := marker.of_chunks(line.chunks_at(places), name, article.language):
            start, end = best_window(found)
            return Hit(article.id, score, shown_title, stretch(line.around(start), start, end, found))
    otherwise = article.rows[LEAD] if len(article.rows[LEAD]) else article.rows[BODY]
    line = _Line(article.texts, otherwise)
    text = article.texts.joined(otherwise) if line.is_odd else line.around(0)
    return Hit(article.id, score, shown_title, stretch(text, 0, 0, []))


def _no_marks(_text: str, _field: str) -> list[Mark]:
    return []


class _Line:
    """One text of an article, not put together."""

    def __init__(self, texts: Texts, numbers: Codes) -> None:
        self._texts, self._numbers = texts, numbers
        letters = texts.letters.take(numbers)
        self._positions = texts.positions.take(numbers)
        last = texts.chunk(int(numbers[-1])) if len(numbers) else ""
        self.is_odd = not last.strip() or bool((np.maximum(letters, self._positions) == MANY).any())
        """Whether it can only be read whole: it ends in blanks, or has a chunk longer than the index tells."""
        steps = letters.astype(np.int64)
        steps += 1
        for line_end in texts.line_ends:
            steps[numbers == line_end] = 0  # it and the blanks around it are one letter
        self._ends = steps.cumsum()
        self._starts = self._ends - steps

    def chunks_at(self, places: Numbers) -> Iterator[tuple[int, int, str]]:
        """The chunks in which some positions lie: where each begins, how many positions are before it, and it."""
        before = self._positions.cumsum(dtype=np.int64)
        before -= self._positions
        at = before.searchsorted(places, side="right")
        at -= 1
        for which in dict.fromkeys(at.tolist()):
            number = int(self._numbers[which])
            yield int(self._starts[which]), int(before[which]), self._texts.chunk(number)

    def around(self, start: int) -> str:
        """The text, right in what `snippets.stretch` may show from `start` on, filled up elsewhere."""
        low, high = self._starts.searchsorted((start - LEAD_IN, start + 2 * SNIPPET_CHARACTERS), side="right").tolist()
        low, high = max(low - 2, 0), min(high + 1, len(self._numbers))
        line_ends = self._texts.line_ends  # none of them may stand at an edge, without the chunk beside it
        while low and int(self._numbers[low]) in line_ends:
            low -= 1
        while high < len(self._numbers) and int(self._numbers[high - 1]) in line_ends:
            high += 1
        shown = self._texts.joined(self._numbers[low:high])
        first, length = int(self._starts[low]), int(self._ends[-1]) - 1
        return _FILLER * first + shown + _FILLER * (length - first - len(shown))
