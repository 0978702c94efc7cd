"""Where one region is: the part of the world map around it, with it marked. Values in, values out.

For a place of the gazetteer give the place too: it gets a dot. A region that is not drawn (a group, a part of a
country) is shown by what is below it, else by the first region above it that is.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.places import Place
from webapp.projection import HEIGHT, WIDTH, project
from webapp.tags import Vocabulary
from webapp.world import Ground, grounds

ASPECT = 2.0  # width to height of the picture; taste
LEAST_WIDTH = 640.0  # units: about 2,300 km at the equator; a small state needs neighbours to be recognised
MARGIN = 1.5  # times the region's own size
PLACE_WIDTH = 1_400.0  # units: about 5,000 km around a place, or less where its country is smaller
DOT_SHARE = 0.008  # of the width: five pixels on a laptop


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of the map. `around` and `here` are the grounds to draw, the marked ones last; `dot` is a place's point.

    `box` is the viewBox in units of the map, `radius` what five pixels are in them. `is_within`: what is marked is
    not the region itself but what it lies in.
    """

    box: str
    radius: int
    around: tuple[Ground, ...]
    here: tuple[Ground, ...]
    dot: tuple[int, int] | None = None
    is_within: bool = False


def where_is(region: str, *, vocabulary: Vocabulary, place: Place | None = None) -> Window | None:
    """The window on `region`; None when neither it nor anything above it stands on the map (and no place is given)."""
    here, is_within = _marked(region, vocabulary)
    if not here and place is not None:
        above = next((each for each in place.parents if each in vocabulary), "")
        here, is_within = _marked(above, vocabulary)
    dot = None if place is None else project(place.longitude, place.latitude)
    if not here and dot is None:
        return None
    left, top, width, height = _box(here, dot)
    return Window(
        box=f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}",
        radius=max(1, round(width * DOT_SHARE)),
        around=tuple(each for each in grounds() if each not in here and _touches(each, left, top, width, height)),
        here=here,
        dot=dot,
        is_within=is_within or dot is not None,
    )


def _marked(region: str, vocabulary: Vocabulary) -> tuple[tuple[Ground, ...], bool]:
    """The grounds of a region, and whether they are only what it lies in."""
    if region not in vocabulary:
        return (), False
    for each in vocabulary.lineage(region):
        below = frozenset(vocabulary.descendants(each))
        found = tuple(ground for ground in grounds() if ground.region(vocabulary) in below)
        if found and (each == region or vocabulary.get(each).parents):  # to be somewhere in the world says nothing
            return found, each != region
    return (), False


def _box(here: tuple[Ground, ...], dot: tuple[int, int] | None) -> tuple[float, float, float, float]:
    """Left, top, width, height: around what is marked, or around the dot, never beyond the map."""
    left, right = min((each.left for each in here), default=0), max((each.right for each in here), default=WIDTH)
    top, bottom = min((each.top for each in here), default=0), max((each.bottom for each in here), default=HEIGHT)
    width = max(LEAST_WIDTH, (right - left) * MARGIN, (bottom - top) * MARGIN * ASPECT)
    x, y = (left + right) / 2, (top + bottom) / 2
    if dot is not None:
        x, y = dot
        width = min(width, PLACE_WIDTH)
    width = min(width, float(WIDTH), HEIGHT * ASPECT)
    height = width / ASPECT
    return min(max(0.0, x - width / 2), WIDTH - width), min(max(0.0, y - height / 2), HEIGHT - height), width, height


def _touches(ground: Ground, left: float, top: float, width: float, height: float) -> bool:
    """Whether any of a ground can be in the window. Far islands are outside its frame: they are left out."""
    across = ground.left < left + width and left < ground.right
    return bool(ground.shape) and across and ground.top < top + height and top < ground.bottom
