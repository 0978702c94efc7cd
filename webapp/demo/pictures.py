"""The canvas on which the samples' pictures are drawn. The same strokes give the same picture.

Coordinates are those of the finished picture, 1200 × 800, from the top left; it is drawn twice as large and
reduced, which smooths every edge. Colours are "#rrggbb", or "#rrggbbaa" to let what is below shine through.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from PIL import Image, ImageColor, ImageDraw, ImageOps

WIDTH, HEIGHT = 1200, 800
_FINER = 2
_QUALITY = 84  # JPEG; taste: no rings around edges at the reading view's size, 30 to 120 kB

Point = tuple[float, float]


class Canvas:
    """Somewhere to draw. `chance` gives the same numbers every time for one `seed`."""

    def __init__(self, seed: int, ground: str = "#ffffff") -> None:
        self.chance = random.Random(seed)  # noqa: S311 - decoration, not secrets
        self._image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), ground)

    def sky(self, top: str, bottom: str, *, above: float = HEIGHT, below: float = 0) -> None:
        """A band that runs from one colour to the other, from `below` down to `above`."""
        size = (WIDTH * _FINER, round((above - below) * _FINER))
        ramp = Image.linear_gradient("L").resize(size)
        self._image.paste(ImageOps.colorize(ramp, top, bottom), (0, round(below * _FINER)))

    def shape(self, points: Iterable[Point], colour: str) -> None:
        self._pen.polygon([(x * _FINER, y * _FINER) for x, y in points], fill=colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        self._pen.rectangle([left * _FINER, top * _FINER, right * _FINER, bottom * _FINER], fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str, *, flat: float = 1.0) -> None:
        tall = radius * flat
        box = [(x - radius) * _FINER, (y - tall) * _FINER, (x + radius) * _FINER, (y + tall) * _FINER]
        self._pen.ellipse(box, fill=colour)

    def stroke(self, points: Iterable[Point], colour: str, width: float) -> None:
        finer = [(x * _FINER, y * _FINER) for x, y in points]
        self._pen.line(finer, fill=colour, width=max(1, round(width * _FINER)), joint="curve")

    def glow(self, x: float, y: float, radius: float, colour: str, *, rings: int = 14) -> None:
        """A light that fades outwards."""
        red, green, blue = ImageColor.getrgb(colour)[:3]
        for ring in range(rings, 0, -1):
            self.disc(x, y, radius * ring / rings, f"#{red:02x}{green:02x}{blue:02x}{round(150 / rings):02x}")

    def ridge(self, base: float, height: float, colour: str, *, waves: float = 3, rough: float = 0.0) -> list[Point]:
        """Land up to a skyline of hills around `base`, filled down to the bottom; its skyline, left to right."""
        line = list(self._skyline(base, height, waves, rough))
        self.shape([*line, (WIDTH, HEIGHT), (0, HEIGHT)], colour)
        return line

    def scatter(
        self, count: int, area: tuple[float, float, float, float], draw: Callable[[float, float], None]
    ) -> None:
        """Call `draw` at so many places in the area (left, top, right, bottom), farther ones first."""
        left, top, right, bottom = area
        places = [(self.chance.uniform(left, right), self.chance.uniform(top, bottom)) for _ in range(count)]
        for x, y in sorted(places, key=lambda place: place[1]):
            draw(x, y)

    def jpeg(self) -> bytes:
        finished = self._image.reduce(_FINER)
        out = io.BytesIO()
        finished.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
        return out.getvalue()

    @cached_property
    def _pen(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self._image, "RGBA")

    def _skyline(self, base: float, height: float, waves: float, rough: float) -> Iterator[Point]:
        parts = [(waves * 1.9**n, self.chance.uniform(0, math.tau), 1 / 1.8**n) for n in range(5)]
        for x in range(0, WIDTH + 1, 6):
            turn = x / WIDTH * math.tau
            rise = sum(math.sin(turn * speed / 2 + start) * size for speed, start, size in parts) / 2
            yield x, base - height * rise + self.chance.uniform(-rough, rough)
