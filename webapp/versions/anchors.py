"""Finding a marked passage again in another text: word for word, or, where the text changed, by what is most like it.

Source: the robust anchoring of text quotes, W3C Web Annotation Data Model §4.2.4; the fuzzy search is our own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from webapp.versions.align import Budget, align
from webapp.versions.words import Tokens, tokens_of

_LIKE = 0.6  # share of the passage's words that must be there (taste)
_FUZZY_CHARS = 1_000_000  # of a longer text only word-for-word finds are looked for: 1 s to cut it up
_CONTEXT_TOKENS = 12  # of the words around a passage take part in the search
_FINDS = 1_000  # places of the same words that are weighed against one another
_BLANKS = re.compile(r"\s+")


class Fit(StrEnum):
    """How a passage was found: word for word, nearly (its words changed), or not at all."""

    EXACT = "exact"
    NEAR = "near"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage by its words, those before and after it, and where it began."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int = -1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage is: `text[start:end]`; both -1 when it was lost."""

    fit: Fit
    start: int = -1
    end: int = -1


LOST = Place(Fit.LOST)


class Text:
    """A text in which passages are looked for. Blanks count alike, whatever they are and however many."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded, self._places = _folded(text)
        self._tokens: Tokens | None = None

    def find(self, anchor: Anchor) -> Place:
        """The passage: of several with the same words the one whose surroundings fit best, then the nearest."""
        wanted = _BLANKS.sub(" ", anchor.exact).strip()
        if not wanted:
            return LOST
        finds: list[int] = []
        at = self._folded.find(wanted)
        while at >= 0 and len(finds) < _FINDS:
            finds.append(at)
            at = self._folded.find(wanted, at + 1)
        if finds:
            best = max(finds, key=lambda at: (self._fits_around(at, len(wanted), anchor), -self._distance(at, anchor)))
            return Place(Fit.EXACT, self._places[best], self._places[best + len(wanted) - 1] + 1)
        return self._nearly(anchor) if len(self.text) <= _FUZZY_CHARS else LOST

    def _fits_around(self, at: int, size: int, anchor: Anchor) -> int:
        """How many characters before and after a find are those of the anchor."""
        before, after = _BLANKS.sub(" ", anchor.prefix), _BLANKS.sub(" ", anchor.suffix)
        here = self._folded[max(0, at - len(before)) : at]
        there = self._folded[at + size : at + size + len(after)]
        return _common(here[::-1].lstrip(), before[::-1].lstrip()) + _common(there.lstrip(), after.lstrip())

    def _distance(self, at: int, anchor: Anchor) -> int:
        return abs(self._places[at] - anchor.start) if anchor.start >= 0 else at

    def _nearly(self, anchor: Anchor) -> Place:
        """The window of the text that shares most words with the passage and its surroundings, cut to the passage."""
        if self._tokens is None:
            self._tokens = tokens_of(self.text)
        before = tokens_of(anchor.prefix).keys[-_CONTEXT_TOKENS:]
        exact = tokens_of(anchor.exact).keys
        after = tokens_of(anchor.suffix).keys[:_CONTEXT_TOKENS]
        needle = [key.casefold() for key in (*before, *exact, *after)]
        keys = [key.casefold() for key in self._tokens.keys]
        first = _best_window(keys, needle)
        if first < 0:
            return LOST
        margin = max(4, len(needle) // 3)
        low, high = max(0, first - margin), min(len(keys), first + len(needle) + margin)
        pairs = dict(align(needle, keys[low:high], Budget(500_000)))
        inside = range(len(before), len(before) + len(exact))
        met = [at for at in inside if at in pairs]
        if _weight(needle[at] for at in met) < _LIKE * _weight(needle[at] for at in inside):
            return LOST
        first, last = low + pairs[met[0]], low + pairs[met[-1]]
        before_it, behind_it = pairs.get(len(before) - 1), pairs.get(len(before) + len(exact))
        if before_it is not None and 0 < first - (low + before_it) <= len(exact):
            first = low + before_it + 1  # what stood at the edge of the passage was replaced: it is still inside
        if behind_it is not None and 0 < low + behind_it - last <= len(exact):
            last = low + behind_it - 1
        start = self._tokens.starts[first]
        return Place(Fit.NEAR, start, self._tokens.starts[last] + len(self._tokens.keys[last]))


def find_again(text: str, anchors: Sequence[Anchor]) -> list[Place]:
    """The place of each passage in `text`."""
    haystack = Text(text)
    return [haystack.find(anchor) for anchor in anchors]


def _best_window(keys: Sequence[str], needle: Sequence[str]) -> int:
    """Where the run of as many words as the needle has begins that shares the most with it; -1 when hardly any does."""
    wanted = Counter(key for key in needle if key[0].isalnum())
    size = len(needle)
    inside: Counter[str] = Counter()
    shared = best = 0
    best_at = -1
    for at, key in enumerate(keys):
        if key in wanted:
            inside[key] += 1
            shared += inside[key] <= wanted[key]
        if at >= size and keys[at - size] in wanted:
            gone = keys[at - size]
            shared -= inside[gone] <= wanted[gone]
            inside[gone] -= 1
        if shared > best:
            best, best_at = shared, max(0, at - size + 1)
    return best_at if best >= _LIKE / 2 * max(1, wanted.total()) else -1


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text with every run of blanks as one, and where each of its characters stands in the text."""
    if not _BLANKS.search(text.replace(" ", "")) and "  " not in text:
        return text, range(len(text))
    places: list[int] = []
    parts: list[str] = []
    at = 0
    for blank in _BLANKS.finditer(text):
        parts += [text[at : blank.start()], " "]
        places.extend(range(at, blank.start() + 1))
        at = blank.end()
    parts.append(text[at:])
    places.extend(range(at, len(text)))
    return "".join(parts), places


def _common(one: str, other: str) -> int:
    size = min(len(one), len(other))
    return next((at for at in range(size) if one[at] != other[at]), size)


def _weight(keys: Iterable[str]) -> int:
    return sum(len(key) for key in keys if key[0].isalnum())
