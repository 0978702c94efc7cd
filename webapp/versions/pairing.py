"""Which paragraphs of two versions belong together: the same, changed, moved; the rest came or went."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from webapp.versions.align import Budget, align, longest_rising
from webapp.versions.words import has_no_blanks

_ALIKE = 0.5  # share of words in common from which one paragraph became the other, in its place (taste)
_MOVED_ALIKE = 0.7  # the same, elsewhere (taste)
_MOVED_CHARS = 24  # a shorter line that comes up elsewhere is a label, not a paragraph that moved (taste)
_CHARS, _WORDS = 3_000, 400  # of a paragraph are looked at, to find what is like it
_SHINGLE, _SKETCH = 3, 12  # words; and how many shingles stand for a paragraph: one changed word spoils three
_CROWD = 50  # paragraphs that share a shingle from which it tells nothing
_GAP_CELLS = 2_500  # paragraphs × paragraphs between two that stayed, which are all compared


@dataclass(frozen=True, slots=True)
class Bag:
    """A paragraph's words. `sketch` are the smallest of its shingles' check sums: what is alike shares some.

    Source: Broder, On the resemblance and containment of documents, 1997.
    """

    words: Counter[str]
    size: int
    sketch: tuple[int, ...]


@dataclass(slots=True)
class Pairs:
    """Places of old paragraphs → places of new ones. A paragraph is in one of them at most."""

    same: dict[int, int] = field(default_factory=dict)
    changed: dict[int, int] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)  # the same or changed, and out of order


def pair(old: Sequence[str], new: Sequence[str], budget: Budget) -> Pairs:
    """Match the paragraphs of two versions; of those that keep their order as many as possible."""
    pairs = Pairs()
    pairs.same.update(align(old, new, budget))
    free, new_free = _free(len(old), pairs.same), _free(len(new), pairs.same.values())
    _pair_moved(old, new, free, new_free, pairs)
    bags, new_bags = {at: _bag(old[at]) for at in free}, {at: _bag(new[at]) for at in new_free}
    for gap, new_gap in _gaps(free, new_free, pairs.same):
        _pair_alike(gap, new_gap, bags, new_bags, pairs.changed, budget)
    taken = set(pairs.changed.values())
    free = [at for at in free if at not in pairs.changed and len(old[at]) >= _MOVED_CHARS]
    new_free = [at for at in new_free if at not in taken and len(new[at]) >= _MOVED_CHARS]
    found: dict[int, int] = {}
    _look_up_alike(free, new_free, bags, new_bags, found, _MOVED_ALIKE)
    _sort_out(found, pairs)
    return pairs


def _free(size: int, taken: Iterable[int]) -> list[int]:
    known = set(taken)
    return [at for at in range(size) if at not in known]


def _pair_moved(old: Sequence[str], new: Sequence[str], free: list[int], new_free: list[int], pairs: Pairs) -> None:
    """Paragraphs that are word for word the same and stand elsewhere; they leave `free` and `new_free`."""
    places: dict[str, list[int]] = {}
    for at in reversed(new_free):
        places.setdefault(new[at], []).append(at)
    for at in free:
        waiting = places.get(old[at])
        if waiting and len(old[at]) >= _MOVED_CHARS:
            pairs.moved[at] = waiting.pop()
    free[:] = [at for at in free if at not in pairs.moved]
    taken = set(pairs.moved.values())
    new_free[:] = [at for at in new_free if at not in taken]


def _gaps(free: Sequence[int], new_free: Sequence[int], same: dict[int, int]) -> Iterable[tuple[list[int], list[int]]]:
    """The free paragraphs of both sides that stand between the same two that stayed."""
    ends = sorted(same.items())
    gaps: dict[int, tuple[list[int], list[int]]] = {}
    at = 0
    for place in free:
        while at < len(ends) and ends[at][0] < place:
            at += 1
        gaps.setdefault(at, ([], []))[0].append(place)
    at = 0
    for place in new_free:
        while at < len(ends) and ends[at][1] < place:
            at += 1
        if at in gaps:
            gaps[at][1].append(place)
    return [gap for gap in gaps.values() if gap[1]]


def _pair_alike(
    gap: Sequence[int],
    new_gap: Sequence[int],
    bags: dict[int, Bag],
    new_bags: dict[int, Bag],
    changed: dict[int, int],
    budget: Budget,
) -> None:
    """In a small gap the order-keeping pairs that are most alike in sum; in a large one, those found by rare words."""
    cells = len(gap) * len(new_gap)
    if cells > _GAP_CELLS or not budget.takes(cells * 40):
        found: dict[int, int] = {}
        _look_up_alike(gap, new_gap, bags, new_bags, found, _ALIKE)
        order = sorted(found)
        changed.update((order[at], found[order[at]]) for at in longest_rising([found[place] for place in order]))
        return
    likeness = [[_likeness(bags[one], new_bags[other]) for other in new_gap] for one in gap]
    best = [[0.0] * (len(new_gap) + 1) for _ in range(len(gap) + 1)]
    for row in range(len(gap) - 1, -1, -1):
        for column in range(len(new_gap) - 1, -1, -1):
            like = likeness[row][column]
            together = best[row + 1][column + 1] + like if like >= _ALIKE else 0.0
            best[row][column] = max(together, best[row + 1][column], best[row][column + 1])
    row = column = 0
    while row < len(gap) and column < len(new_gap):
        like = likeness[row][column]
        if like >= _ALIKE and best[row][column] == best[row + 1][column + 1] + like:
            changed[gap[row]] = new_gap[column]
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1


def _look_up_alike(
    free: Sequence[int],
    new_free: Sequence[int],
    bags: dict[int, Bag],
    new_bags: dict[int, Bag],
    found: dict[int, int],
    enough: float,
) -> None:
    """For each new paragraph the old one most like it, among those whose sketches have something in common."""
    holders: dict[int, list[int]] = {}
    for at in free:
        for mark in bags[at].sketch:
            holders.setdefault(mark, []).append(at)
    for new_at in new_free:
        marks = (holders.get(mark, ()) for mark in new_bags[new_at].sketch)
        near = {at for known in marks if len(known) <= _CROWD for at in known}
        likes = [(_likeness(bags[at], new_bags[new_at]), -at) for at in near if at not in found]
        like, at = max(likes, default=(0.0, 0))
        if like >= enough:
            found[-at] = new_at


def _sort_out(found: dict[int, int], pairs: Pairs) -> None:
    """Of the pairs found across gaps, those that keep the order of the others are changes; the rest moved."""
    fixed = pairs.same | pairs.changed
    every = sorted((fixed | found).items())
    in_order = {every[at][0] for at in longest_rising([new_at for _, new_at in every])}
    for at, new_at in found.items():
        (pairs.changed if at in in_order else pairs.moved)[at] = new_at


def _bag(text: str) -> Bag:
    """Words as blanks part them; pairs of letters where a script has no blanks."""
    start = text[:_CHARS].casefold()
    words = start.split()[:_WORDS]
    if has_no_blanks(start):
        words = [start[at : at + 2] for at in range(max(1, len(start) - 1))]
    shingles = (" ".join(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))
    marks = {zlib.crc32(shingle.encode("utf-8", "replace")) for shingle in shingles}
    return Bag(Counter(words), len(words), tuple(sorted(marks)[:_SKETCH]))


def _likeness(one: Bag, other: Bag) -> float:
    """The share of words in common, 0 to 1. Source: Dice's coefficient over multisets."""
    few, many = (one.words, other.words) if len(one.words) <= len(other.words) else (other.words, one.words)
    common = sum(min(count, many[word]) for word, count in few.items() if word in many)
    return 2 * common / max(1, one.size + other.size)
