"""The change log: what the search index has yet to hear. The only way into the index begins here.

A note is written in the transaction that changes the article, and taken off by its id once the index has the
article as it was *after* that id was read: a change noted meanwhile has a new id and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from webapp.store.tables import articles, changes

_AT_ONCE = 1_000  # bound values a statement: SQLite takes 32,766, PostgreSQL 65,535


@dataclass(frozen=True, slots=True)
class Change:
    """One note: the index should look at this article again (and forget it, if it is gone)."""

    id: int
    article_id: int


class Changes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, article_id: int, now: datetime) -> None:
        """The article changed in a way that can be searched: its revision grows, and the index will hear of it."""
        self._connection.execute(
            update(articles).where(articles.c.id == article_id).values(revision=articles.c.revision + 1, updated_at=now)
        )
        self._write([article_id], now)

    def note_many(self, article_ids: Sequence[int], now: datetime) -> None:
        """The same for many, in some statements a thousand; each once."""
        ids = sorted(set(article_ids))
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            self._connection.execute(
                update(articles).where(articles.c.id.in_(some)).values(revision=articles.c.revision + 1, updated_at=now)
            )
            self._write(some, now)

    def note_gone(self, article_ids: Sequence[int], now: datetime) -> None:
        """These articles exist no longer (or are about to be deleted in this transaction)."""
        self._write(article_ids, now)

    def note_all(self, now: datetime) -> None:
        """Let the index look at every article again, in the trash too. Revisions stay."""
        ids = self._connection.scalars(select(articles.c.id).order_by(articles.c.id).with_for_update()).all()
        self._connection.execute(delete(changes).where(changes.c.article_id.in_(select(articles.c.id))))
        self._insert(ids, now)

    def waiting(self, limit: int) -> list[Change]:
        """The oldest notes, at most `limit`; one for an article."""
        rows = self._connection.execute(select(changes.c.id, changes.c.article_id).order_by(changes.c.id).limit(limit))
        return [Change(row.id, row.article_id) for row in rows]

    def done(self, noted: Iterable[Change]) -> None:
        """Take off exactly these notes."""
        ids = [change.id for change in noted]
        if ids:
            self._connection.execute(delete(changes).where(changes.c.id.in_(ids)))

    def count(self) -> int:
        return self._connection.scalar(select(func.count()).select_from(changes)) or 0

    def _write(self, article_ids: Sequence[int], now: datetime) -> None:
        """A new note takes the place of an old one. The articles' rows are locked by who changes them."""
        if article_ids:
            self._connection.execute(delete(changes).where(changes.c.article_id.in_(article_ids)))
            self._insert(article_ids, now)

    def _insert(self, article_ids: Sequence[int], now: datetime) -> None:
        if article_ids:
            rows = [{"article_id": article_id, "noted_at": now} for article_id in article_ids]
            self._connection.execute(insert(changes), rows)
