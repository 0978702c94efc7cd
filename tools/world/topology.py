"""TopoJSON read and made simpler, border by border, so that neighbours still share theirs. Standard library only.

Source: the TopoJSON format specification 1.0; Visvalingam and Whyatt, "Line generalisation by repeated elimination of
points" (1993).
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True, slots=True)
class Land:
    """One ground of Natural Earth: UN M49 number ("" for none), name, and its polygons, each outline first, then
    lakes and enclaves. `raw` is the same before simplification, in degrees."""

    number: str
    name: str
    polygons: list[list[Ring]]
    raw: list[list[Ring]]


def read_lands(path: Path, project: Callable[[Ring], Ring], *, least_area: float) -> Iterator[Land]:
    """The countries of a TopoJSON file, projected, without points that change less than `least_area` (units²).

    `project` takes a line in degrees east and north to the map.
    """
    topology = json.loads(path.read_text())
    degrees = [_line(arc, topology["transform"]) for arc in topology["arcs"]]
    simple = [simplify(project(line), least_area) for line in degrees]
    for each in topology["objects"]["countries"]["geometries"]:
        groups = each["arcs"] if each["type"] == "MultiPolygon" else [each["arcs"]]
        yield Land(
            number=each.get("id", ""),
            name=each["properties"]["name"],
            polygons=[[_ring(ring, simple) for ring in group] for group in groups],
            raw=[[_ring(ring, degrees) for ring in group] for group in groups],
        )


def simplify(line: Ring, least_area: float) -> Ring:
    """`line` without the points whose triangle with their neighbours is smaller than `least_area`, smallest first.

    The two ends stay; a line that closes keeps at least four points, so that an island stays an island.
    """
    count = len(line)
    before, after = list(range(-1, count - 1)), list(range(1, count + 1))
    queue = [(_triangle(line[at - 1], line[at], line[at + 1]), at) for at in range(1, count - 1)]
    area_of = {at: area for area, at in queue}
    heapq.heapify(queue)
    left, fewest = count, 4 if line[0] == line[-1] else 2
    while queue and left > fewest:
        area, at = heapq.heappop(queue)
        if area_of.get(at) != area:
            continue
        if area >= least_area:
            break
        del area_of[at]
        left -= 1
        before[after[at]], after[before[at]] = before[at], after[at]
        for near in (before[at], after[at]):
            if near in area_of:
                fresh = max(area, _triangle(line[before[near]], line[near], line[after[near]]))
                area_of[near] = fresh
                heapq.heappush(queue, (fresh, near))
    kept = {0, count - 1, *area_of}
    return [point for at, point in enumerate(line) if at in kept]


def area_of(ring: Ring) -> float:
    """The area inside a closed ring, whichever way it turns."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def bounds_of(rings: list[Ring]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom (smallest and largest x and y) of all points."""
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _line(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    (x_scale, y_scale), (x_from, y_from) = transform["scale"], transform["translate"]
    x = y = 0
    line = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        line.append((x * x_scale + x_from, y * y_scale + y_from))
    return line


def _ring(numbers: list[int], arcs: list[Ring]) -> Ring:
    """Arcs put end to end; a negative number is an arc backwards (~number)."""
    ring: Ring = []
    for number in numbers:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += line if not ring else line[1:]
    return ring


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2
