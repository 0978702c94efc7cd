"""How many slips of the pen lie between two words. Pure."""

from __future__ import annotations

SHORT = 3  # letters; shorter words have too many neighbours to be guessed at
LONG = 6  # letters from which two slips are allowed; Lucene's AUTO is 3 and 6 as well


def fuzziness(word: str) -> int:
    """How many slips `word~` forgives."""
    return 0 if len(word) < SHORT else 1 if len(word) < LONG else 2


def near_enough(a: str, b: str, most: int) -> int:
    """The slips from `a` to `b` if there are at most `most`, else -1.

    A slip is a letter too many, missing, wrong, or swapped with its neighbour (optimal string alignment).
    """
    if a == b:
        return 0
    if abs(len(a) - len(b)) > most:
        return -1
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    if min(len(a), len(b)) == 0:
        return len(a) + len(b) if len(a) + len(b) <= most else -1
    if most == 1:
        return 1 if len(a) == len(b) == 1 or (len(a) == 2 and a == b[::-1]) else -1
    return _aligned(a, b, most)


def _aligned(a: str, b: str, most: int) -> int:
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        above, row = row, [i, *([0] * len(b))]
        for j, other in enumerate(b, start=1):
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                row[j] = min(row[j], before[j - 2] + 1)
        if min(row) > most and min(above) > most:
            return -1
        before = above
    return row[-1] if row[-1] <= most else -1
