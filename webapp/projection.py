"""Where a place stands on the world map: the Natural Earth projection, in the units of `static/world.svg`. Pure.

Source: Natural Earth projection (T. Patterson), polynomial form by Šavrič, Jenny, Patterson and Petrovič (2011),
https://doi.org/10.1559/15230406384435. Neither equal-area nor conformal: a compromise made for maps of the world at
this size, with Europe and the tropics large enough to click.
"""

from __future__ import annotations

import math

SCALE = 1_800.0  # units a radian: the map is then about ten thousand units wide, so that paths need no decimals
CENTRE_DEGREES = 11.6  # the map is cut in the Bering Strait, where no country is cut in two
TOP_DEGREES, BOTTOM_DEGREES = 83.7, -57.0  # Greenland's north; below Cape Horn. Antarctica is a mark at the edge


def project(longitude: float, latitude: float) -> tuple[int, int]:
    """The point of the map (x to the right, y down) of degrees east and north; what is beyond the map goes to its edge.

    Longitudes may be of any turn (190 is -170).
    """
    x, y = _unit(_from_the_cut(longitude), min(TOP_DEGREES, max(BOTTOM_DEGREES, latitude)))
    return round(WIDTH / 2 + x * SCALE), round(_TOP - y * SCALE)


def _from_the_cut(longitude: float) -> float:
    """Degrees east of the map's middle, from -180 up to and without 180."""
    return (longitude - CENTRE_DEGREES + 180) % 360 - 180


def _unit(longitude: float, latitude: float) -> tuple[float, float]:
    """The projection for a sphere of radius 1; degrees in, y upwards."""
    turn, phi = math.radians(longitude), math.radians(latitude)
    p2 = phi * phi
    p4 = p2 * p2
    x = turn * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)))
    y = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)))
    return x, y


_TOP = _unit(0, TOP_DEGREES)[1] * SCALE
WIDTH = math.ceil(2 * _unit(180, 0)[0] * SCALE)
HEIGHT = math.ceil(_TOP - _unit(0, BOTTOM_DEGREES)[1] * SCALE)
