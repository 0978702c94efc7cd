"""Sample articles to look around with: clips as a browser would send them, their tags, and what was read of them.

Outlets, people and events are invented for Dateline; the places are real. `articles/` holds one source file a clip.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from webapp.demo.page import Source, read_sources
from webapp.demo.scenes import draw
from webapp.model import CameBy, Clip, ReadingState, Resource

_UNITS = {"hour": 1, "hours": 1, "day": 24, "days": 24}


@dataclass(frozen=True, slots=True)
class DemoState:
    """How far a sample has been read, as if somebody had lived with the archive for a month."""

    reading: ReadingState
    starred: bool


def demo_clips(now: datetime) -> list[Clip]:
    """The samples as clips of the last thirty days before `now` (aware, UTC), earliest first. About 2 s of drawing.

    One address comes twice: the later clip is a second version of that article.
    """
    clips = [_clip(source, now) for source in read_sources()]
    return sorted(clips, key=lambda clip: clip.clipped_at)


def demo_tags() -> Mapping[str, tuple[str, ...]]:
    """Clip id → tag ids, the main region first. An article that was clipped twice is named by its first clip."""
    return {_clip_id(source): source.tags for source in _first_clips()}


def demo_states() -> Mapping[str, DemoState]:
    """Clip id → reading state and star; the same clips as `demo_tags`."""
    return {_clip_id(source): _state(source) for source in _first_clips()}


@cache
def _picture(scene: str) -> bytes:
    return draw(scene)


def _clip(source: Source, now: datetime) -> Clip:
    page = source.page()
    return Clip(
        clip_id=_clip_id(source),
        address=source.address,
        raw=page.encode(),
        raw_type="text/html; charset=utf-8",
        page=page,
        is_html=True,
        resources=tuple(Resource(address, "image/jpeg", _picture(scene)) for scene, address in source.pictures.items()),
        came_by=CameBy.DEMO,
        clipped_at=now - _ago(source),
        title=source.head["title"],
        note=source.head.get("note", ""),
    )


def _clip_id(source: Source) -> str:
    return f"demo-{source.name}"


def _ago(source: Source) -> timedelta:
    number, unit, _ = source.head["clipped"].split()
    return timedelta(hours=int(number) * _UNITS[unit])


def _state(source: Source) -> DemoState:
    words = source.head["state"].split()
    return DemoState(ReadingState(words[0]), "starred" in words)


def _first_clips() -> list[Source]:
    """One source an address, the one clipped first."""
    first: dict[str, Source] = {}
    for source in sorted(read_sources(), key=_ago, reverse=True):
        first.setdefault(source.address, source)
    return list(first.values())
