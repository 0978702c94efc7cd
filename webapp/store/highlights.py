"""Passages that the reader marked, each known by its words and those around it."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from webapp.errors import NotFound
from webapp.model import Highlight
from webapp.store.changes import Changes
from webapp.store.reader_tables import highlights


class Highlights:
    """Whoever asks for somebody else's highlight is told that there is none. Every write is told to the index."""

    def __init__(self, connection: Connection, changes: Changes) -> None:
        self._connection, self._changes = connection, changes

    def add(self, highlight: Highlight, now: datetime) -> Highlight:
        """Keep it; its `id` is given here. The article is the owner's: the caller has looked."""
        values = {
            "owner": highlight.owner,
            "article_id": highlight.article_id,
            "version_number": highlight.version_number,
            "exact": highlight.exact,
            "prefix": highlight.prefix,
            "suffix": highlight.suffix,
            "start": highlight.start,
            "note": highlight.note,
            "made_at": highlight.made_at,
        }
        made_id = self._connection.execute(insert(highlights).values(**values).returning(highlights.c.id)).scalar_one()
        self._changes.note(highlight.article_id, now)
        return self.get(highlight.owner, made_id)

    def get(self, owner: int, highlight_id: int) -> Highlight:
        """Raises NotFound."""
        found = self._all(highlights.c.owner == owner, highlights.c.id == highlight_id)
        if not found:
            raise NotFound("There is no such highlight.")
        return found[0]

    def list(self, article_id: int) -> builtins.list[Highlight]:
        """Those of an article, the first made first."""
        return self._all(highlights.c.article_id == article_id)

    def set_note(self, owner: int, highlight_id: int, note: str, now: datetime) -> Highlight:
        """Raises NotFound."""
        highlight = self.get(owner, highlight_id)
        self._connection.execute(update(highlights).where(highlights.c.id == highlight_id).values(note=note))
        self._changes.note(highlight.article_id, now)
        return self.get(owner, highlight_id)

    def remove(self, owner: int, highlight_id: int, now: datetime) -> Highlight:
        """What was removed. Raises NotFound."""
        highlight = self.get(owner, highlight_id)
        self._connection.execute(delete(highlights).where(highlights.c.id == highlight_id))
        self._changes.note(highlight.article_id, now)
        return highlight

    def marked(self, article_ids: Sequence[int]) -> set[int]:
        """Those of the articles that have a highlight."""
        return set(
            self._connection.scalars(
                select(highlights.c.article_id).where(highlights.c.article_id.in_(article_ids)).distinct()
            )
        )

    def _all(self, *conditions: Any) -> builtins.list[Highlight]:
        rows = self._connection.execute(select(highlights).where(*conditions).order_by(highlights.c.id))
        return [_highlight_of(row) for row in rows]


def _highlight_of(row: Row[Any]) -> Highlight:
    return Highlight(**row._mapping)
