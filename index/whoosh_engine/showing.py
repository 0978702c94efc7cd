"""Hits with their titles and snippets, marked; the same as `snippets` gives, read from as little as may be.

Where an article may answer is known from the index: the places of what is wanted lead to chunks of its texts, which are
looked into; of a text only the stretch that is shown is put together, and all else of it is filled up. Places and
letters are counted for all hits of a segment at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.document import Hit, Piece
from index.marking import Marker
from index.query import WORD_FIELDS
from index.snippets import LEAD_IN, SNIPPET_CHARACTERS, Mark, best_window, pieces_of, snippet_of, stretch
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.occurrences import FIELD_BITS, PLACE_BITS, keys_of
from index.whoosh_engine.places import Places
from index.whoosh_engine.segment import Segment
from index.whoosh_engine.snapshot import Snapshot
from index.whoosh_engine.texts import MANY

TITLE, LEAD, BODY = (WORD_FIELDS.index(name) for name in ("title", "lead", "body"))
SHOWN = tuple(WORD_FIELDS.index(name) for name in ("body", "lead", "note", "captions"))
"""The first that answers is shown."""
_FIELDS = len(WORD_FIELDS)
_FILLER = "x"  # neither a blank nor the end of a sentence
_ARTICLE_BITS = FIELD_BITS + PLACE_BITS

Shown = tuple[int, tuple[Piece, ...], tuple[Piece, ...]]
"""An article's id, title and snippet."""
_Chunk = tuple[int, int, str]
"""Where it begins in its text, how many positions are before it, and it."""


def hits_of(
    snapshot: Snapshot, articles: Numbers, scores: NDArray[np.float64], asked: Sequence[Places], marker: Marker
) -> tuple[Hit, ...]:
    """`asked`: what is marked, in the order of the marker's."""
    mask = np.zeros(snapshot.size, np.bool_)
    mask[articles] = True
    numbers = articles.tolist()
    by_base: dict[int, list[int]] = {}
    segments: dict[int, Segment] = {}
    for number in sorted(numbers):
        base, segment = snapshot.place(number)
        segments[base] = segment
        by_base.setdefault(base, []).append(number)
    shown: dict[int, Shown] = {}
    for base, its in by_base.items():
        keys = _keys(base, mask, asked)
        shown.update(zip(its, _Segment(segments[base], base, its, keys, marker).shown(), strict=True))
    return tuple(
        Hit(id, score, title, snippet)
        for (id, title, snippet), score in zip(map(shown.__getitem__, numbers), scores.tolist(), strict=True)
    )


def _keys(base: int, mask: NDArray[np.bool_], asked: Sequence[Places]) -> Numbers:
    """Where what is wanted may stand in the articles of one segment: article, field and place in one number; ascending,
    some more than once."""
    runs = [(places.field, run) for places in asked for run in places.runs() if run.base == base]
    found = [keys_of(run, field, mask) for field, run in runs]
    if len(found) == 1 and len(runs[0][1].entries) == 1:
        return found[0]
    keys = np.concatenate([np.empty(0, np.int64), *found])
    keys.sort(kind="stable")  # entries ascend already, and are merged
    return keys


class _Segment:
    """Some articles of one segment, their texts as chunks in a row."""

    def __init__(self, segment: Segment, base: int, articles: Sequence[int], keys: Numbers, marker: Marker) -> None:
        """`articles` ascend, as `keys` do."""
        self._segment, self._marker = segment, marker
        self._texts = segment.texts
        self._articles = [number - base for number in articles]
        self._numbers, self._firsts = self._texts.in_a_row(self._articles)
        letters = self._texts.letters.take(self._numbers)
        positions = self._texts.positions.take(self._numbers)
        self._long = np.equal(np.maximum(letters, positions), MANY).nonzero()[0].tolist()
        self._starts = self._count_letters(letters)
        self._chunks = self._chunks_of(np.array(articles), keys, positions) if len(keys) else {}

    def _count_letters(self, letters: NDArray[np.uint8]) -> Numbers:
        """Where in the row each chunk begins, a blank behind each; one more: the end."""
        starts = np.zeros(len(letters) + 1, np.int64)
        steps = starts[1:]
        np.add(letters, 1, out=steps, dtype=np.int64)
        for line_end in self._texts.line_ends:
            steps[np.equal(self._numbers, line_end).nonzero()[0]] = 0  # it and the blanks around it are one letter
        steps.cumsum(out=steps)
        return starts

    def _chunks_of(self, articles: Numbers, keys: Numbers, positions: NDArray[np.uint8]) -> dict[int, list[_Chunk]]:
        """By text, numbered as in the row: the chunks in which what is wanted may stand."""
        texts = articles.searchsorted(keys >> _ARTICLE_BITS)
        texts *= _FIELDS
        texts += (keys >> PLACE_BITS) & ((1 << FIELD_BITS) - 1)
        firsts = np.array(self._firsts).take(texts)
        before = positions.cumsum(dtype=np.int64)
        before -= positions
        places = keys & ((1 << PLACE_BITS) - 1)
        places += before.take(firsts)
        at = before.searchsorted(places, side="right")
        at -= 1
        starts = self._starts.take(at) - self._starts.take(firsts)
        found: dict[int, list[_Chunk]] = {}
        last, chunk = -1, self._texts.chunk
        rows = (texts, at, starts, before.take(at), self._numbers.take(at))
        for text, which, start, position, number in zip(*(row.tolist() for row in rows), strict=True):
            if which != last:  # two places may lie in one chunk
                found.setdefault(text, []).append((start, position, chunk(number)))
                last = which
        return found

    def shown(self) -> Iterator[Shown]:
        for at, article in enumerate(self._articles):
            language = self._segment.value("language", article)
            yield int(self._segment.ids[article]), *self._shown(at * _FIELDS, language)

    def _shown(self, first: int, language: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
        """Title and snippet of the article whose texts begin with number `first`."""
        title = self._whole(first + TITLE)
        marks = self._marks(first, TITLE, language) if first + TITLE in self._chunks else []
        shown_title = pieces_of(title, 0, len(title), marks)
        for field in SHOWN:
            text = first + field
            if text in self._chunks and (found := self._marks(first, field, language)):
                if self._is_odd(text):
                    return shown_title, snippet_of([("", self._whole(text))], lambda _text, _field: found)
                start, end = best_window(found)
                return shown_title, stretch(self._around(text, start, end), start, end, found)
        otherwise = first + LEAD if self._firsts[first + LEAD] < self._firsts[first + LEAD + 1] else first + BODY
        opening = self._whole(otherwise) if self._is_odd(otherwise) else self._around(otherwise, 0, 0)
        return shown_title, stretch(opening, 0, 0, [])

    def _marks(self, first: int, field: int, language: str) -> list[Mark]:
        text = first + field
        if self._is_odd(text):
            return self._marker.of(language)(self._whole(text), WORD_FIELDS[field])
        return self._marker.of_chunks(self._chunks[text], WORD_FIELDS[field], language)

    def _is_odd(self, text: int) -> bool:
        """Whether it can only be read whole: it ends in blanks, or has a chunk longer than the index tells."""
        first, last = self._firsts[text], self._firsts[text + 1]
        if first == last or (self._long and any(first <= at < last for at in self._long)):
            return True
        return not self._texts.chunk(int(self._numbers[last - 1])).strip()

    def _whole(self, text: int) -> str:
        return self._texts.joined(self._numbers[self._firsts[text] : self._firsts[text + 1]])

    def _around(self, text: int, start: int, end: int) -> str:
        """A text that is not odd, right in what `snippets.stretch` may show of start..end, filled up elsewhere."""
        first, last = self._firsts[text], self._firsts[text + 1]
        begin = int(self._starts[first])
        most = max(start + SNIPPET_CHARACTERS, min(end, start + 2 * SNIPPET_CHARACTERS))
        edges = (begin + start - LEAD_IN, begin + most)
        low, high = (self._starts[first:last].searchsorted(edges, side="right") + first).tolist()
        low, high = max(low - 2, first), min(high + 1, last)
        line_ends = self._texts.line_ends  # none of them may stand at an edge, without the chunk beside it
        if line_ends:
            while low > first and int(self._numbers[low]) in line_ends:
                low -= 1
            while high < last and int(self._numbers[high - 1]) in line_ends:
                high += 1
        shown = self._texts.joined(self._numbers[low:high])
        before, length = int(self._starts[low]) - begin, int(self._starts[last]) - begin - 1
        return _FILLER * before + shown + _FILLER * (length - before - len(shown))
