"""Counts become pictures: a world map shaded by number of articles, and a timeline; and where one region is.

Values in, values out: the counts come from the one call that `searching.find` makes, so map, timeline, facets and
list always tell the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from index import Dates, Facet, Node, Tagged, to_text, top_level, with_filter, without_filter
from webapp.atlas.reaching import Reach, reaches, region_of
from webapp.model import TagKind
from webapp.tags import Tag, Vocabulary
from webapp.world import CLAIMED, Ground, grounds

SHADES = 5  # taste: more shades of one colour cannot be told apart on a map (Brewer: 5 to 7)
PERIODS_MAX = 144  # twelve years of months: bars of six pixels on a laptop, of two and a half on a phone
LABELS = 8  # taste: what fits below the timeline of a phone, four digits each
MONTH, YEAR, DECADE, CENTURY = 1, 12, 120, 1_200  # months a bar stands for
_UNITS = {MONTH: "month", YEAR: "year", DECADE: "decade", CENTURY: "century"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A ground of the map as the results shade it: `shade` 0 (none) to 5, and the query that a click on it asks.

    `is_stop`: the keyboard stops here. It has articles or is chosen, and is the first ground of its region.
    """

    ground: Ground
    region: str
    label: str
    count: int
    shade: int
    chosen: bool
    query: str
    is_stop: bool = False

    @property
    def is_claimed(self) -> bool:
        return self.ground.drawn == CLAIMED


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldMap:
    """Grounds without results first (they lie below), then by count, largest first: the order of the keyboard.

    `steps` are the smallest counts of the shades used. `reach` says by slug what each region with results covers.
    `inside` and `partly` are what the query's regions cover that are not simply one country; `outlined` are their
    names.
    """

    areas: tuple[Area, ...] = ()
    steps: tuple[int, ...] = ()
    reach: Mapping[str, Reach] = field(default_factory=dict)
    inside: tuple[Area, ...] = ()
    partly: tuple[Area, ...] = ()
    outlined: tuple[str, ...] = ()

    @property
    def listed(self) -> tuple[Area, ...]:
        """Each region that has results or is chosen, once, largest first: the map as a list."""
        return tuple(area for area in self.areas if area.is_stop)

    @property
    def legend(self) -> tuple[tuple[int, str], ...]:
        """(shade, the counts it stands for in words), lightest first."""
        spans = [
            f"{step:,}" if after - step == 1 else f"{step:,}–{after - 1:,}" for step, after in pairwise(self.steps)
        ]
        spans += [f"{step:,}+" if len(self.steps) > 1 else f"{step:,}" for step in self.steps[-1:]]
        return tuple(zip(_spread(len(self.steps)), spans, strict=True))


NO_MAP = WorldMap()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A bar of the timeline: a month, year, decade or century, how many articles, and the query that a click asks.

    `first` and `last` are as a query writes them: "2020-06", "2020".
    """

    label: str
    first: str
    last: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Bars from oldest to newest, empty ones included. `rest` is the query without its dates; a span is added to it.

    `span` says which dates the query asks for ("" when any); `labels` are (place of a bar, words, query); `undated` is
    how many articles have no date and stand nowhere here.
    """

    periods: tuple[Period, ...] = ()
    unit: str = "month"
    rest: str = ""
    span: str = ""
    labels: tuple[tuple[int, str, str], ...] = ()
    undated: int = 0

    @property
    def most(self) -> int:
        return max((period.count for period in self.periods), default=0)


NO_TIMELINE = Timeline()


def world_map(counts: Mapping[str, int], *, vocabulary: Vocabulary, shown: Node) -> WorldMap:
    """The map of `counts` (region id to articles) for the query `shown`, which names tags by slug."""
    asked = {part.name for part in top_level(shown) if isinstance(part, Tagged) and part.kind == "region"}
    groups = [tag for slug in sorted(asked) if (tag := vocabulary.find(TagKind.REGION, slug)) is not None]
    reach = reaches([*counts, *(tag.id for tag in groups)], vocabulary)
    groups = [tag for tag in groups if tag.slug in reach and not _is_one_ground(tag, reach[tag.slug])]
    link = _RegionLinks(shown)
    placed = []
    for ground in grounds():
        tag = region_of(ground, vocabulary)
        if tag is None or (tag.retired and not counts.get(tag.id)):
            continue
        chosen = tag.slug in asked
        if ground.shape or counts.get(tag.id) or chosen:
            placed.append((ground, tag, counts.get(tag.id, 0), chosen))
    steps = shade_steps({tag.id: count for _, tag, count, _ in placed}.values())
    areas = [
        Area(
            ground=ground,
            region=tag.id,
            label=tag.name,
            count=count,
            shade=shade_of(count, steps),
            chosen=chosen,
            query=link.without(tag) if chosen else link.with_(tag),
        )
        for ground, tag, count, chosen in placed
    ]
    areas.sort(key=lambda area: (bool(area.count or area.chosen), -area.count, area.label))
    stops = {area.region: area for area in reversed(areas) if area.count or area.chosen}
    areas = [replace(area, is_stop=True) if stops.get(area.region) is area else area for area in areas]
    inside = {ground for tag in groups for ground in reach[tag.slug].inside}
    partly = {ground for tag in groups for ground in reach[tag.slug].partly} - inside
    return WorldMap(
        areas=tuple(areas),
        steps=steps,
        reach=reach,
        inside=tuple(area for area in areas if area.ground.id in inside),
        partly=tuple(area for area in areas if area.ground.id in partly),
        outlined=tuple(tag.name for tag in groups),
    )


def _is_one_ground(tag: Tag, reach: Reach) -> bool:
    """Whether it is drawn by itself and covers no more than that: choosing it outlines it already."""
    return reach.inside == (tag.id,) and not reach.partly


def shade_steps(counts: Iterable[int]) -> tuple[int, ...]:
    """The smallest counts of at most five shades: one for each quarter of the countries that have articles, and one for
    the far end of the last; round numbers.

    So there are differences to see, whether each country has one article or a thousand, and one with ten thousand
    stands out without making all others alike.
    """
    known = sorted(count for count in counts if count)
    if not known:
        return ()
    quarters = [known[len(known) * part // 4] for part in (1, 2, 3)]
    steps = [_round_number(known[0])]
    for bound in map(_round_number, (*quarters, math.isqrt(quarters[-1] * known[-1]))):
        if bound > steps[-1]:
            steps.append(bound)
    return tuple(steps)


def _round_number(most: int) -> int:
    """The largest number not above `most` that has one digit, or is 1, 1.5, 2, 3, 4, 5 or 7 times a power of ten."""
    power: int = 10 ** max(0, len(str(most)) - 2)
    leads = range(most, 0, -1) if power == 1 and most < 10 else (70, 50, 40, 30, 20, 15, 10)
    return next(lead * power for lead in leads if lead * power <= most)


def shade_of(count: int, steps: tuple[int, ...]) -> int:
    """The shade of a count, 1 to 5; 0 for none."""
    reached = sum(count >= step for step in steps)
    return _spread(len(steps))[reached - 1] if reached else 0


def timeline(months: Facet, *, shown: Node) -> Timeline:
    """The timeline of a month facet ("2020-12", count) for the query `shown`."""
    count_of = {_number(month): count for month, count in months if month}
    asked = next((part for part in top_level(shown) if isinstance(part, Dates) and part.field == "published"), None)
    rest = shown if asked is None else without_filter(shown, asked)
    if not count_of and asked is None:
        return Timeline(rest=to_text(rest))
    first, last = _reach(count_of, asked)
    size = next(size for size in (MONTH, YEAR, DECADE, CENTURY) if (last - first) // size < PERIODS_MAX)
    sums: dict[int, int] = {}
    for number, count in count_of.items():
        sums[number - number % size] = sums.get(number - number % size, 0) + count
    starts = range(first - first % size, last + 1, size)
    return Timeline(
        periods=tuple(_period(start, size, sums.get(start, 0), asked, shown) for start in starts),
        unit=_UNITS[size],
        rest=to_text(rest),
        span="" if asked is None else _span_words(asked),
        labels=tuple(_labels(starts, size, shown)),
        undated=sum(count for month, count in months if not month),
    )


class _RegionLinks:
    """The queries of two hundred links, made from one: only the slug differs."""

    _NAME = "zzzz"  # no slug of the vocabulary; only asked for, never answered

    def __init__(self, shown: Node) -> None:
        self._shown = shown
        self._pattern = to_text(with_filter(shown, Tagged("region", self._NAME)))

    def with_(self, tag: Tag) -> str:
        head, found, tail = self._pattern.rpartition(f"region:{self._NAME}")
        if tag.slug.replace("-", "").isalnum() and tag.slug.isascii() and found:
            return f"{head}region:{tag.slug}{tail}"
        return to_text(with_filter(self._shown, Tagged("region", tag.slug)))

    def without(self, tag: Tag) -> str:
        parts = [part for part in top_level(self._shown) if isinstance(part, Tagged)]
        mine = [part for part in parts if part.kind == "region" and part.name == tag.slug]
        left = self._shown
        for part in mine:
            left = without_filter(left, part)
        return to_text(left)


def _spread(steps: int) -> tuple[int, ...]:
    """The shades of `steps` steps: the strongest always among them, the others evenly below."""
    if steps <= 1:
        return ((SHADES + 1) // 2,) * steps
    return tuple(round(1 + place * (SHADES - 1) / (steps - 1)) for place in range(steps))


def _period(start: int, size: int, count: int, asked: Dates | None, shown: Node) -> Period:
    wanted = _dates(start, size)
    chosen = wanted == asked
    return Period(
        label=_words(start, size),
        first=_written(start, size),
        last=_written(start + size - 1, MONTH if size == MONTH else YEAR),
        count=count,
        chosen=chosen,
        query=to_text(without_filter(shown, wanted) if chosen else with_filter(shown, wanted)),
    )


def _dates(start: int, size: int) -> Dates:
    return Dates("published", _day(start), _day(start + size))


def _reach(count_of: Mapping[int, int], asked: Dates | None) -> tuple[int, int]:
    """The first and the last month drawn: those asked for where the query says, else those that have articles."""
    first, last = min(count_of, default=None), max(count_of, default=None)
    if asked is not None and asked.first is not None:
        first = _number(asked.first.isoformat())
    if asked is not None and asked.end is not None:
        last = _number(date.fromordinal(max(1, asked.end.toordinal() - 1)).isoformat())
    first = last if first is None else first
    last = first if last is None else last
    if first is None or last is None:
        raise ValueError("a timeline needs an article or dates")
    return first, max(first, last)


def _labels(starts: range, size: int, shown: Node) -> Iterator[tuple[int, str, str]]:
    """Words below the bars, each a link: months where there are few, else years, every second, fifth, tenth …"""
    if size == MONTH and len(starts) <= 2 * LABELS:
        for place in range(0, len(starts), 1 if len(starts) <= LABELS else 2):
            yield place, _words(starts[place], size), to_text(with_filter(shown, _dates(starts[place], size)))
        return
    unit = max(size, YEAR)
    firsts = [start for start in starts if start % unit == 0]
    stride = next(each for each in _strides() if len(firsts) / each <= LABELS)
    for first in firsts:
        if first // unit % stride == 0:
            query = to_text(with_filter(shown, _dates(first, unit)))
            yield (first - starts[0]) // size, str(first // YEAR), query


def _strides() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def _number(day: str) -> int:
    """Months since the year 0, of "2020-12" or "2020-12-27"."""
    return int(day[:4]) * YEAR + int(day[5:7]) - 1


def _day(number: int) -> date | None:
    """The first day of a month; None beyond the calendar."""
    return date(number // YEAR, number % YEAR + 1, 1) if YEAR <= number < 10_000 * YEAR else None


def _written(number: int, size: int) -> str:
    return f"{number // YEAR:04}" + (f"-{number % YEAR + 1:02}" if size == MONTH else "")


def _words(start: int, size: int) -> str:
    if size == MONTH:
        return date(max(1, start // YEAR), start % YEAR + 1, 1).strftime("%b ") + str(start // YEAR)
    years = size // YEAR
    return str(start // YEAR) if years == 1 else f"{start // YEAR}–{start // YEAR + years - 1}"


def _span_words(asked: Dates) -> str:
    """What the query's dates are called on the button that takes them away."""
    return to_text(asked).partition(":")[2] if asked.first and asked.end else to_text(asked).replace(":", " ")
