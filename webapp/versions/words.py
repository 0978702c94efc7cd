"""A text as words that can be compared: runs of what stayed, went and came. Every script; CJK letter by letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from webapp.versions.align import Budget, align

# Scripts written without blanks are compared by the letter: Thai, Lao, Burmese, Khmer, kana, Han.
_NO_BLANKS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Marks that belong to the letter before them: accents, Hebrew and Arabic points, vowel signs of Indic scripts.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    "\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c\u200d"
)
_TOKEN = re.compile(
    r"\d+(?:[.,:'’\u066b\u066c\u00a0\u202f]\d+)*(?![^\W\d])"  # a figure with its separators, or a time
    rf"|[\w{_MARKS}]+(?:['’\u05f3\u05f4\"-][\w{_MARKS}]+)*"  # a word, with what joins its parts: don't, צה"ל
    r"|[^\s]"
)
_LETTER_BY_LETTER = re.compile(rf"[{_NO_BLANKS}][{_MARKS}]*|\d+|[^{_NO_BLANKS}\d]+")
_HAS_NO_BLANKS = re.compile(rf"[{_NO_BLANKS}]")
_FEW_LEFT = 0.25  # share of words that stayed below which a passage is shown as replaced (taste)
_ISLAND_CHARS = 3  # what stayed between two changes and is no longer than that joins them: ", " or "a" (taste)


class RunKind(StrEnum):
    SAME = "same"
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Run:
    """Some words that stayed, went (OLD) or came (NEW). Old runs stand before the new ones that replace them."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text cut up. `keys` are compared; token `n` ends where the blank or the token after it begins."""

    text: str
    keys: tuple[str, ...]
    starts: tuple[int, ...]

    def passage(self, first: int, last: int) -> str:
        """The words from token `first` up to `last` (left out), with the blank that follows them."""
        start = self.starts[first] if first else 0
        return self.text[start : self.starts[last] if last < len(self.starts) else None]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens `old` of one text against tokens `new` of the other, as (first, last) with last left out."""

    is_same: bool
    old: tuple[int, int]
    new: tuple[int, int]


def tokens_of(text: str) -> Tokens:
    found = [(match[0], match.start()) for match in _TOKEN.finditer(text)]
    if _HAS_NO_BLANKS.search(text):
        found = [part for key, start in found for part in _letter_by_letter(key, start)]
    return Tokens(text, tuple(key for key, _ in found), tuple(start for _, start in found))


def has_no_blanks(text: str) -> bool:
    """Whether a script in it is written without blanks between its words."""
    return bool(_HAS_NO_BLANKS.search(text))


def _letter_by_letter(key: str, start: int) -> list[tuple[str, int]]:
    if not _HAS_NO_BLANKS.search(key):
        return [(key, start)]
    return [(part[0], start + part.start()) for part in _LETTER_BY_LETTER.finditer(key)]


def stretches_of(old: Tokens, new: Tokens, budget: Budget) -> list[Stretch]:
    """The two texts as what stayed and what was replaced, in turn. One replaced whole is one stretch."""
    pairs = align(old.keys, new.keys, budget)
    if sum(_weight(old.keys[place]) for place, _ in pairs) < _FEW_LEFT * min(_weigh(old.keys), _weigh(new.keys)):
        pairs = []
    return _without_islands(list(_stretches(pairs, len(old.keys), len(new.keys))), old)


def runs_of(stretches: Sequence[Stretch], old: Tokens, new: Tokens) -> tuple[Run, ...]:
    """What stayed is told as the new text has it; a blank that followed it in the old one goes with the old words."""
    runs, blank = [], ""
    for stretch in stretches:
        if stretch.is_same:
            stayed, was = new.passage(*stretch.new), old.passage(*stretch.old)
            runs.append(Run(RunKind.SAME, stayed))
            blank = "" if stayed[-1:].isspace() else was[len(was.rstrip()) :]
            continue
        if stretch.old[0] < stretch.old[1]:
            runs.append(Run(RunKind.OLD, blank + old.passage(*stretch.old)))
        if stretch.new[0] < stretch.new[1]:
            runs.append(Run(RunKind.NEW, new.passage(*stretch.new)))
    return tuple(runs)


def compared(old: str, new: str, budget: Budget) -> tuple[Run, ...]:
    """Two short texts, word by word."""
    before, after = tokens_of(old), tokens_of(new)
    return runs_of(stretches_of(before, after, budget), before, after)


def _stretches(pairs: Sequence[tuple[int, int]], old_size: int, new_size: int) -> list[Stretch]:
    found: list[Stretch] = []
    old_at = new_at = 0
    for place, new_place in [*pairs, (old_size, new_size)]:
        if old_at < place or new_at < new_place:
            found.append(Stretch(False, (old_at, place), (new_at, new_place)))
        if place < old_size and new_place < new_size:
            last = found[-1] if found else None
            if last is not None and last.is_same:
                found[-1] = Stretch(True, (last.old[0], place + 1), (last.new[0], new_place + 1))
            else:
                found.append(Stretch(True, (place, place + 1), (new_place, new_place + 1)))
        old_at, new_at = place + 1, new_place + 1
    return found


def _without_islands(stretches: list[Stretch], old: Tokens) -> list[Stretch]:
    """Join two changes that only a comma or an article parts: they are read as one. Pure additions stay apart."""
    joined: list[Stretch] = []
    for at, stretch in enumerate(stretches):
        inside = 0 < at < len(stretches) - 1
        if (
            joined
            and not joined[-1].is_same
            and (not stretch.is_same or (inside and _is_island(stretch, stretches[at - 1], stretches[at + 1], old)))
        ):
            last = joined[-1]
            joined[-1] = Stretch(False, (last.old[0], stretch.old[1]), (last.new[0], stretch.new[1]))
        else:
            joined.append(stretch)
    return joined


def _is_island(stretch: Stretch, before: Stretch, after: Stretch, old: Tokens) -> bool:
    both = all(change.old[0] < change.old[1] and change.new[0] < change.new[1] for change in (before, after))
    text = old.passage(*stretch.old).strip()
    return both and len(text) <= _ISLAND_CHARS and not any(letter.isdigit() for letter in text)


def _weigh(keys: Sequence[str]) -> int:
    return sum(map(_weight, keys))


def _weight(key: str) -> int:
    return len(key) if key[0].isalnum() else 0
