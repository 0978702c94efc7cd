"""Clips as they arrived: one row each, however often it is sent; the bytes are on the shelf under `raw_sha256`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, insert, select, update

from webapp.errors import NotFound
from webapp.model import CameBy, Clip, ClipRecord, ClipState, Step
from webapp.store.database import insert_new
from webapp.store.tables import clip_resources, clips

_RECORD: tuple[Column[Any], ...] = (
    clips.c.id,
    clips.c.owner,
    clips.c.clip_id,
    clips.c.address,
    clips.c.title,
    clips.c.came_by,
    clips.c.state,
    clips.c.reason,
    clips.c.raw_sha256,
    clips.c.raw_type,
    clips.c.raw_bytes,
    clips.c.article_id,
    clips.c.version_number,
    clips.c.clipped_at,
    clips.c.finished_at,
    clips.c.device,
)


class Clips:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, owner: int, clip: Clip, raw_sha256: str, parts: Iterable[tuple[str, str, str, int]]
    ) -> tuple[ClipRecord, bool]:
        """The clip's record, and whether it is new: a clip id that was sent before answers the first one's record.

        `parts` are (address, media type, sha256, bytes) of the resources kept apart.
        """
        row_id = self._connection.execute(
            insert_new(self._connection, clips)
            .values(
                owner=owner,
                clip_id=clip.clip_id,
                address=clip.address,
                title=clip.title,
                came_by=clip.came_by,
                state=ClipState.RECEIVED,
                reason="",
                raw_sha256=raw_sha256,
                raw_type=clip.raw_type,
                raw_bytes=len(clip.raw),
                clipped_at=clip.clipped_at,
                device=clip.device,
                is_html=clip.is_html,
                selection_html=clip.selection_html,
                note=clip.note,
                tags=[*clip.tags],
                log=[],
            )
            .returning(clips.c.id)
        ).scalar_one_or_none()
        if row_id is None:
            return self._one(clips.c.owner == owner, clips.c.clip_id == clip.clip_id), False
        self._add_parts(row_id, parts)
        return self.get(row_id), True

    def get(self, record_id: int) -> ClipRecord:
        """Raises NotFound."""
        return self._one(clips.c.id == record_id)

    def by_clip_id(self, owner: int, clip_id: str) -> ClipRecord | None:
        row = self._connection.execute(
            select(*_RECORD).where(clips.c.owner == owner, clips.c.clip_id == clip_id)
        ).one_or_none()
        return None if row is None else record_of(row)

    def recent(self, owner: int, limit: int) -> list[ClipRecord]:
        """The last that arrived, newest first."""
        rows = self._connection.execute(
            select(*_RECORD).where(clips.c.owner == owner).order_by(clips.c.id.desc()).limit(limit)
        )
        return [record_of(row) for row in rows]

    def latest_of_article(self, article_id: int) -> ClipRecord | None:
        """The last clip that arrived for this article, kept or failed."""
        row = self._connection.execute(
            select(*_RECORD).where(clips.c.article_id == article_id).order_by(clips.c.id.desc()).limit(1)
        ).one_or_none()
        return None if row is None else record_of(row)

    def resources(self, record_id: int) -> list[tuple[str, str, str]]:
        """(address, media type, sha256) of the parts kept apart, in the order they came."""
        rows = self._connection.execute(
            select(clip_resources.c.address, clip_resources.c.media_type, clip_resources.c.sha256)
            .where(clip_resources.c.clip_record_id == record_id)
            .order_by(clip_resources.c.position)
        )
        return [(row.address, row.media_type, row.sha256) for row in rows]

    def details(self, record_id: int) -> Mapping[str, Any]:
        """What the client said beside the page, as it said it: title, selection, note, tags, device.

        Raises NotFound.
        """
        row = self._connection.execute(
            select(
                clips.c.title, clips.c.selection_html, clips.c.note, clips.c.tags, clips.c.device, clips.c.is_html
            ).where(clips.c.id == record_id)
        ).one_or_none()
        if row is None:
            raise NotFound("There is no such clip.")
        return {**row._mapping, "tags": tuple(row.tags)}

    def log(self, record_id: int) -> tuple[Step, ...]:
        """The steps of the last time it was worked on; empty when it was not yet."""
        return steps_of(self._connection.scalar(select(clips.c.log).where(clips.c.id == record_id)) or [])

    def receive_again(self, record_id: int) -> ClipRecord:
        """Back to "received", to be tried again; it stays with its article. Raises NotFound."""
        self._connection.execute(
            update(clips).where(clips.c.id == record_id).values(state=ClipState.RECEIVED, reason="", finished_at=None)
        )
        return self.get(record_id)

    def finish(
        self,
        record_id: int,
        *,
        state: ClipState,
        article_id: int | None,
        version_number: int | None,
        reason: str,
        now: datetime,
        log: Iterable[Step],
        title: str = "",
    ) -> ClipRecord:
        """What came of it; its article's `title`, when there is one, is the clip's from now on. Raises NotFound."""
        named = {"title": title} if title else {}
        self._connection.execute(
            update(clips)
            .where(clips.c.id == record_id)
            .values(
                state=state,
                article_id=article_id,
                version_number=version_number,
                reason=reason,
                finished_at=now,
                log=rows_of(log),
                **named,
            )
        )
        return self.get(record_id)

    def _add_parts(self, record_id: int, parts: Iterable[tuple[str, str, str, int]]) -> None:
        rows = [
            {
                "clip_record_id": record_id,
                "position": position,
                "address": address,
                "media_type": media_type,
                "sha256": sha256,
                "size_bytes": size_bytes,
            }
            for position, (address, media_type, sha256, size_bytes) in enumerate(parts)
        ]
        if rows:
            self._connection.execute(insert(clip_resources), rows)

    def _one(self, *conditions: Any) -> ClipRecord:
        row = self._connection.execute(select(*_RECORD).where(*conditions)).one_or_none()
        if row is None:
            raise NotFound("There is no such clip.")
        return record_of(row)


def record_of(row: Row[Any]) -> ClipRecord:
    columns = {**row._mapping, "came_by": CameBy(row.came_by), "state": ClipState(row.state)}
    return ClipRecord(**columns)


def rows_of(log: Iterable[Step]) -> list[dict[str, Any]]:
    """A log as JSON."""
    return [
        {"name": step.name, "seconds": step.seconds, "outcome": step.outcome, "size_bytes": step.size_bytes}
        for step in log
    ]


def steps_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """A log from JSON."""
    return tuple(Step(**row) for row in rows)
