"""Which items of two sequences belong together, in order: patience matching, and an exact one where that is cheap.

difflib is cubic at worst (two texts of 5 MB would take hours); here a budget of steps bounds it, and what is beyond
the budget counts as different.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence

_EXACT_CELLS = 250_000  # of one exact comparison: 40 ms (measured 2026-11-24)


class Budget:
    """Steps that may still be taken; one is about a tenth of a microsecond to a microsecond."""

    def __init__(self, steps: int = 4_000_000, *, letters: int = 2_000_000) -> None:
        self.left, self.letters = steps, letters

    def takes(self, steps: int) -> bool:
        """Whether so many steps may be taken; they are taken off then."""
        if steps > self.left:
            return False
        self.left -= steps
        return True

    def cuts(self, letters: int) -> bool:
        """Whether a text of so many letters may be cut into words; they are taken off then."""
        if letters > self.letters:
            return False
        self.letters -= letters
        return True


def align(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> list[tuple[int, int]]:
    """Pairs (place in old, place in new) of equal items, both rising."""
    pairs: list[tuple[int, int]] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        low, high, new_low, new_high = _without_ends(old, new, waiting.pop(), pairs)
        size, new_size = high - low, new_high - new_low
        if not size or not new_size or not budget.takes(size + new_size):
            continue
        anchors = _anchors(old, new, low, high, new_low, new_high)
        if anchors:
            waiting.extend(_between(anchors, low, high, new_low, new_high))
            pairs.extend(anchors)
        elif size * new_size <= _EXACT_CELLS and budget.takes(size * new_size):
            pairs.extend(_longest_common(old, new, low, high, new_low, new_high))
        else:
            pairs.extend(_greedy(old, new, low, high, new_low, new_high))
    return sorted(pairs)


def longest_rising(values: Sequence[int]) -> list[int]:
    """The places of a longest strictly rising run of `values`, by patience sorting: n log n."""
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        pile = bisect_left(tops, value)
        before.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(value)
            piles.append(place)
        else:
            tops[pile], piles[pile] = value, place
    rising = []
    place = piles[-1] if piles else -1
    while place >= 0:
        rising.append(place)
        place = before[place]
    return rising[::-1]


def _without_ends(
    old: Sequence[Hashable], new: Sequence[Hashable], span: tuple[int, int, int, int], pairs: list[tuple[int, int]]
) -> tuple[int, int, int, int]:
    """The span without what is equal at its two ends, which is paired."""
    low, high, new_low, new_high = span
    while low < high and new_low < new_high and old[low] == new[new_low]:
        pairs.append((low, new_low))
        low, new_low = low + 1, new_low + 1
    while low < high and new_low < new_high and old[high - 1] == new[new_high - 1]:
        high, new_high = high - 1, new_high - 1
        pairs.append((high, new_high))
    return low, high, new_low, new_high


def _anchors(
    old: Sequence[Hashable], new: Sequence[Hashable], low: int, high: int, new_low: int, new_high: int
) -> list[tuple[int, int]]:
    """Items that come up once on each side, as many as can be paired without crossing."""
    here, there = _once(old, low, high), _once(new, new_low, new_high)
    common = [(place, there[item]) for item, place in here.items() if item in there]
    return [common[at] for at in longest_rising([place for _, place in common])]


def _once(items: Sequence[Hashable], low: int, high: int) -> dict[Hashable, int]:
    """Where those items are that come up once, in order."""
    places: dict[Hashable, int] = {}
    for place in range(low, high):
        item = items[place]
        places[item] = -1 if item in places else place
    return {item: place for item, place in places.items() if place >= 0}


def _between(
    anchors: list[tuple[int, int]], low: int, high: int, new_low: int, new_high: int
) -> list[tuple[int, int, int, int]]:
    spans = []
    for place, new_place in [*anchors, (high, new_high)]:
        if low < place and new_low < new_place:
            spans.append((low, place, new_low, new_place))
        low, new_low = place + 1, new_place + 1
    return spans


def _longest_common(
    old: Sequence[Hashable], new: Sequence[Hashable], low: int, high: int, new_low: int, new_high: int
) -> list[tuple[int, int]]:
    """A longest common subsequence, exactly. Source: Wagner and Fischer, 1974."""
    width = new_high - new_low
    rows = [[0] * (width + 1)]
    for place in range(high - 1, low - 1, -1):
        below, row, item = rows[-1], [0] * (width + 1), old[place]
        for at in range(width - 1, -1, -1):
            if item == new[new_low + at]:
                row[at] = below[at + 1] + 1
            else:
                row[at] = below[at] if below[at] >= row[at + 1] else row[at + 1]
        rows.append(row)
    rows.reverse()
    pairs, place, at = [], 0, 0
    while place < high - low and at < width:
        if old[low + place] == new[new_low + at]:
            pairs.append((low + place, new_low + at))
            place, at = place + 1, at + 1
        elif rows[place + 1][at] >= rows[place][at + 1]:
            place += 1
        else:
            at += 1
    return pairs


def _greedy(
    old: Sequence[Hashable], new: Sequence[Hashable], low: int, high: int, new_low: int, new_high: int
) -> list[tuple[int, int]]:
    """Not the longest, but in linear time: the chances are first thinned to one a new item, then made to rise."""
    places: dict[Hashable, list[int]] = {}
    for place in range(low, high):
        places.setdefault(old[place], []).append(place)
    share = (high - low) / max(1, new_high - new_low)
    chances = []
    for new_place in range(new_low, new_high):
        known = places.get(new[new_place])
        if known:
            meant = low + (new_place - new_low) * share  # the one nearest to where it would be by proportion
            at = min(bisect_right(known, meant), len(known) - 1)
            chances.append((known[at], new_place))
    return [chances[at] for at in longest_rising([place for place, _ in chances])]
