"""How well confidence holds: of what was offered with a confidence, the share that was wanted. A table and a plot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple

BINS = 10
SIDE, EDGE = 320, 44  # of the plot, in its own units
MARKS = ("#8b2a24", "#4a6fa5", "#5f7d3a", "#8a6d3b")  # one a series, told apart by dashes too
DASHES = ("", "6 3", "2 3", "8 3 2 3")


class Bin(NamedTuple):
    """One tenth of confidence: what was told on average, what share was wanted, and of how many."""

    told: float
    true: float
    number: int


def bins_of(offered: Iterable[tuple[float, bool]]) -> list[Bin]:
    """The tenths that are not empty, from (confidence, whether it was wanted)."""
    parts: dict[int, list[tuple[float, bool]]] = {}
    for sure, wanted in offered:
        parts.setdefault(min(BINS - 1, int(sure * BINS)), []).append((sure, wanted))
    return [
        Bin(sum(sure for sure, _ in part) / len(part), sum(wanted for _, wanted in part) / len(part), len(part))
        for _, part in sorted(parts.items())
    ]


def print_bins(name: str, bins: Iterable[Bin]) -> None:
    print(f"\n{name}: confidence, what was wanted of it, how many")
    for each in bins:
        print(f"    {each.told:.2f}  {each.true:.2f}  {each.number:5d}  {'#' * round(40 * each.true)}")


def plot(series: Mapping[str, list[Bin]]) -> str:
    """An SVG: told from left to right, true upwards, the diagonal where both agree; dots grow with their number."""
    lines = [_line(name, bins, at) for at, (name, bins) in enumerate(series.items())]
    ticks = "".join(
        f'<text x="{_x(tenth / 5):.0f}" y="{SIDE + 16}" text-anchor="middle">{tenth / 5:.1f}</text>'
        f'<text x="{EDGE - 8}" y="{_y(tenth / 5) + 4:.0f}" text-anchor="end">{tenth / 5:.1f}</text>'
        for tenth in range(6)
    )
    height = SIDE + 48 + 18 * len(series)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE + EDGE + 12} {height}" width="{SIDE + EDGE + 12}" '
        f'font-family="sans-serif" font-size="11" fill="#55524c"><rect width="100%" height="100%" fill="#fff"/>'
        f'<rect x="{EDGE}" y="12" width="{SIDE - 12}" height="{SIDE - 12}" fill="none" stroke="#d9d5cc"/>'
        f'<path d="M{_x(0):.1f} {_y(0):.1f}L{_x(1):.1f} {_y(1):.1f}" stroke="#b5b0a5" stroke-dasharray="3 3"/>'
        f"{ticks}"
        f'<text x="{EDGE + SIDE / 2:.0f}" y="{SIDE + 32}" text-anchor="middle">confidence that was told</text>'
        f'<text transform="translate(12 {SIDE / 2:.0f}) rotate(-90)" text-anchor="middle">share that was wanted</text>'
        f"{''.join(lines)}</svg>\n"
    )


def _line(name: str, bins: list[Bin], at: int) -> str:
    colour, dashes = MARKS[at % len(MARKS)], DASHES[at % len(DASHES)]
    points = " ".join(f"{_x(each.told):.1f},{_y(each.true):.1f}" for each in bins)
    dots = "".join(
        f'<circle cx="{_x(each.told):.1f}" cy="{_y(each.true):.1f}" r="{min(7.0, 1.5 + each.number**0.25):.1f}">'
        f"<title>{escape(name)}: told {each.told:.2f}, true {each.true:.2f}, of {each.number}</title></circle>"
        for each in bins
    )
    top = SIDE + 52 + 18 * at
    stroke = f'stroke="{colour}" stroke-width="1.5" stroke-dasharray="{dashes}" fill="none"'
    return (
        f'<polyline points="{points}" {stroke}/><g fill="{colour}" fill-opacity=".75">{dots}</g>'
        f'<path d="M{EDGE} {top}h28" {stroke}/><text x="{EDGE + 36}" y="{top + 4}">{escape(name)}</text>'
    )


def _x(share: float) -> float:
    return EDGE + share * (SIDE - 12)


def _y(share: float) -> float:
    return SIDE - share * (SIDE - 12)
