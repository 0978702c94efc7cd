"""What a region covers of the world map: the grounds of a group's members, and those that it has a part of.

Values in, values out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.tags import Tag, Vocabulary
from webapp.world import MARK, Ground, across, grounds


@dataclass(frozen=True, slots=True)
class Reach:
    """The ids of the grounds that lie `inside` a region, itself among them where it is drawn, and of those that it
    has a part of (`partly`): Kurdistan of four countries, Catalonia of Spain."""

    inside: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()


class Reaches:
    """Answers for any region of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._grounds: dict[str, list[Ground]] = defaultdict(list)
        for ground in grounds():
            tag = region_of(ground, vocabulary)
            if tag is not None:
                self._grounds[tag.id].append(ground)

    def of(self, region: str) -> Reach:
        """Nothing for a region that is nowhere on the map, nor anything above it but the world."""
        if region not in self._vocabulary:
            return Reach()
        below = self._vocabulary.descendants(region)
        inside = [ground for each in (region, *below) for ground in self._grounds.get(each, ())]
        parts = across(region)
        if not parts and all(ground.drawn == MARK for ground in inside):
            parts = self._nearest_above(region)
        had = {ground.id for ground in inside}
        partly = [ground.id for each in parts for ground in self._grounds.get(each, ()) if ground.id not in had]
        return Reach(tuple(dict.fromkeys(ground.id for ground in inside)), tuple(dict.fromkeys(partly)))

    def _nearest_above(self, region: str) -> tuple[str, ...]:
        drawn = (
            each
            for each in self._vocabulary.lineage(region)[1:]
            if any(ground.drawn != MARK for ground in self._grounds.get(each, ()))
        )
        return tuple(each for each in [next(drawn, "")] if each)


def reaches(regions: Iterable[str], vocabulary: Vocabulary) -> dict[str, Reach]:
    """What each of these regions covers, by its slug; those that cover nothing left out."""
    all_of_them = Reaches(vocabulary)
    found = {vocabulary.get(each).slug: all_of_them.of(each) for each in regions if each in vocabulary}
    return {slug: reach for slug, reach in found.items() if reach.inside or reach.partly}


def region_of(ground: Ground, vocabulary: Vocabulary) -> Tag | None:
    """The region that a ground is today: what it was merged into, and a retired one as it is."""
    region = ground.region(vocabulary)
    return (vocabulary.survivor(region) or vocabulary.get(region)) if region else None
