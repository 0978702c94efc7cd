# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Writes static/world.svg and webapp/data/world.tsv: the shapes of the world map, and where each stands.

Run it by hand when the source, the projection or the facts in world/ change; the archive reads only the two files.

    npm pack world-atlas@2.0.2 && python tools/build_map.py world-atlas-2.0.2.tgz

The source is Natural Earth 4.1 at 1:50 million (public domain) as TopoJSON in the npm package world-atlas (ISC). The
same inputs give the same bytes. What is drawn how, and why, stands in docs/decisions/0017-map.md.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from world.topology import Ring, area_of, bounds_of, read_lands  # noqa: E402

from webapp.projection import CENTRE_DEGREES, HEIGHT, WIDTH, project  # noqa: E402

SOURCE = "package/countries-50m.json"
SOURCE_SHA256 = "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97"  # world-atlas-2.0.2.tgz
LEAST_AREA = 18.0  # units² a point must matter: an eighth of a pixel² on a laptop; 37 kB on the wire (2026-11-24)
DOT_AREA = 1_000.0  # units²: smaller grounds (below about 12,500 km²) get a circle that can be hit

MAIN_PART = 0.05  # of the largest part: Alaska is a main part of the United States, Corsica not of France

# Grounds of the source that have no M49 number, or one that is not theirs: the region that they are.
BY_NAME = {
    "Kosovo": "r-xk",
    "N. Cyprus": "r-northern-cyprus",
    "Somaliland": "r-somaliland",
    "Siachen Glacier": "r-siachen",
    "Indian Ocean Ter.": "",  # Christmas Island and the Cocos Islands: split below
    "Ashmore and Cartier Is.": "r-au",
    "Antarctica": "",  # a mark at the map's edge
}
# Drawn with lines across: grounds that the source keeps apart, or that we cut out, and that two sides claim.
CLAIMED = {"r-eh", "r-crimea", "r-northern-cyprus", "r-somaliland", "r-siachen"}
# What a ground belongs to for a reader whose vocabulary does not have it.
WITHIN = {
    "r-northern-cyprus": "r-cy",
    "r-somaliland": "r-so",
    "r-siachen": "r-kashmir",
    "r-crimea": "r-ua",
    "r-gaza-strip": "r-ps",
    "r-west-bank": "r-ps",
}
# Parts of a ground that are regions of their own: (ground of the source, west, south, east, north) -> region.
# Crimea: Natural Earth gives it to Russia; the vocabulary, with the UN General Assembly (68/262), to Ukraine.
PARTS = {
    ("Russia", 32.0, 44.0, 37.0, 46.4): "r-crimea",
    ("France", -55.0, 2.0, -51.0, 6.0): "r-gf",
    ("France", -62.0, 15.85, -60.9, 16.6): "r-gp",
    ("France", -61.5, 14.3, -60.7, 15.0): "r-mq",
    ("France", 45.0, -13.1, 45.4, -12.5): "r-yt",
    ("France", 55.0, -21.5, 56.0, -20.8): "r-re",
    ("Norway", -10.0, 70.0, -7.0, 72.0): "r-sj",
    ("Norway", 10.0, 74.0, 34.0, 81.0): "r-sj",
    ("Netherlands", -69.0, 11.0, -62.0, 18.0): "r-bq",
    ("Indian Ocean Ter.", 105.0, -11.0, 106.0, -10.0): "r-cx",
    ("Indian Ocean Ter.", 96.0, -13.0, 97.5, -11.5): "r-cc",
}
# Parts that are drawn twice, in their country and by themselves, for their own pages.
TWICE = {
    ("Palestine", 34.0, 31.0, 34.7, 31.7): "r-gaza-strip",
    ("Palestine", 34.8, 31.3, 35.7, 32.6): "r-west-bank",
}


@dataclass(slots=True)
class Shape:
    """One region of the map: its polygons, simplified and whole, in the map's units."""

    id: str
    polygons: list[list[Ring]] = field(default_factory=list)

    def frame(self) -> tuple[float, float, float, float]:
        """The bounds of its main parts: Hawaii and the Canaries would make windows of half an ocean."""
        largest = area_of(self.largest())
        frame = bounds_of([ring for polygon in self.polygons if area_of(ring := polygon[0]) >= largest * MAIN_PART])
        return frame if frame[2] - frame[0] < WIDTH / 2 else bounds_of([self.largest()])  # Kiribati

    def largest(self) -> Ring:
        return max((polygon[0] for polygon in self.polygons), key=area_of)


def main(package: Path) -> None:
    content = package.read_bytes()
    if hashlib.sha256(content).hexdigest() != SOURCE_SHA256:
        raise SystemExit(f"{package} is not world-atlas 2.0.2")
    shapes = read_shapes(content)
    (ROOT / "static" / "world.svg").write_text(drawn(shapes), newline="\n")
    rows = [*places(shapes), *marks()]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(["id", "drawn", "within", "x", "y", "left", "top", "right", "bottom", "dot"])
    writer.writerows(sorted(rows))
    (ROOT / "webapp" / "data" / "world.tsv").write_text(out.getvalue(), newline="\n")


def read_shapes(content: bytes) -> list[Shape]:
    """The regions that the source draws, by id."""
    id_of = {number: tag_id for tag_id, number in _numbers()}
    shapes: dict[str, Shape] = {}
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(content)) as archive:
        archive.extract(SOURCE, folder, filter="data")
        for land in read_lands(Path(folder) / SOURCE, projected, least_area=LEAST_AREA):
            own = BY_NAME.get(land.name, id_of.get(land.number, "?"))
            if own == "?":
                raise SystemExit(f"{land.name} ({land.number}) is no region of the vocabulary")
            for polygon, raw in zip(land.polygons, land.raw, strict=True):
                found = [_part(PARTS, land.name, raw[0]) or own, _part(TWICE, land.name, raw[0])]
                for region in filter(None, found):
                    shapes.setdefault(region, Shape(region)).polygons.append(polygon)
    return [shapes[region] for region in sorted(shapes)]


def projected(line: Ring) -> Ring:
    """A line on the map. The one island that the map's edge cuts (Umnak, in the Aleutians) ends at the edge."""
    points = [project(*point) for point in line]
    if line[0] == line[-1] and max(x for x, _ in points) - min(x for x, _ in points) > WIDTH / 2:
        return [project(max(longitude, CENTRE_DEGREES - 179.99), latitude) for longitude, latitude in line]
    return list(points)


def drawn(shapes: list[Shape]) -> str:
    """The file of shapes: one path a region, its id without "r-", no colours: pages give them."""
    paths = "\n".join(
        f'<path id="{shape.id.removeprefix("r-")}" vector-effect="non-scaling-stroke" d="{_path(shape)}"/>'
        for shape in shapes
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    made = "<!-- Made by tools/build_map.py from Natural Earth (public domain). Do not edit. -->"
    return f"{head}\n{made}\n{paths}\n</svg>\n"


def places(shapes: list[Shape]) -> Iterator[list[str | int]]:
    for shape in shapes:
        x, y = _centre(shape.largest())
        area = sum(area_of(polygon[0]) for polygon in shape.polygons)
        how = "claimed" if shape.id in CLAIMED else "land"
        frame = [round(value) for value in shape.frame()]
        yield [shape.id, how, WITHIN.get(shape.id, ""), x, y, *frame, "yes" if area < DOT_AREA else ""]


def marks() -> Iterator[list[str | int]]:
    """Regions without a shape: a circle where they are."""
    with (ROOT / "tools" / "world" / "marks.tsv").open(newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            x, y = project(float(row["longitude"]), float(row["latitude"]))
            yield [row["id"], "mark", row["within"], x, y, x, y, x, y, "yes"]


def _numbers() -> Iterator[tuple[str, str]]:
    """(id, M49 number) of the vocabulary's countries: the number is among their aliases."""
    with (ROOT / "webapp" / "data" / "regions.tsv").open(newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            for alias in row["aliases"].split("|"):
                if len(row["code"]) == 2 and len(alias) == 3 and alias.isdigit():
                    yield row["id"], alias


def _part(parts: dict[tuple[str, float, float, float, float], str], name: str, ring: Ring) -> str:
    left, low, right, high = bounds_of([ring])
    for (land, west, south, east, north), region in parts.items():
        if land == name and west <= left and right <= east and south <= low and high <= north:
            return region
    return ""


def _path(shape: Shape) -> str:
    """The rings as one path, relative whole units. Islands too small to see are left out, but never the last one."""
    largest = shape.largest()
    rings = [
        ring
        for polygon in shape.polygons
        if polygon[0] is largest or area_of(polygon[0]) >= LEAST_AREA * 1.5
        for ring in polygon
        if ring is largest or area_of(ring) >= LEAST_AREA * 1.5
    ]
    return "".join(map(_ring_path, rings))


def _ring_path(ring: Ring) -> str:
    words, (x, y) = [f"M{ring[0][0]:.0f} {ring[0][1]:.0f}l"], ring[0]
    for next_x, next_y in ring[1:-1]:
        words.append(f"{next_x - x:.0f} {next_y - y:.0f} ")
        x, y = next_x, next_y
    return "".join(words).rstrip().replace(" -", "-") + "z"


def _centre(ring: Ring) -> tuple[int, int]:
    """The centre of gravity of a ring; its middle when it has no area."""
    twice = x_sum = y_sum = 0.0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = ax * by - bx * ay
        twice, x_sum, y_sum = twice + cross, x_sum + (ax + bx) * cross, y_sum + (ay + by) * cross
    if abs(twice) < 1:
        left, top, right, bottom = bounds_of([ring])
        return round((left + right) / 2), round((top + bottom) / 2)
    return round(x_sum / (3 * twice)), round(y_sum / (3 * twice))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
