"""Saved searches, in the order their reader gave them."""

from __future__ import annotations

import builtins
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from webapp.errors import NotFound
from webapp.model import SavedSearch
from webapp.store.tables import accounts, saved_searches


class SavedSearches:
    """Whoever asks for somebody else's search is told that there is none."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        owner: int,
        *,
        name: str,
        query: str,
        sort: str,
        now: datetime,
        looked_at: datetime | None = None,
        position: int | None = None,
    ) -> tuple[SavedSearch, bool]:
        """The search, and whether it is new: one that is saved already stays as it is, under the name it has.

        It comes last, unless a `position` is given; it counts as looked at `now`, unless told otherwise.
        """
        self._one_at_a_time(owner)
        there = self.by_query(owner, query)
        if there is not None:
            return there, False
        search_id = self._connection.execute(
            insert(saved_searches)
            .values(
                owner=owner,
                name=name,
                query=query,
                sort=sort,
                made_at=now,
                looked_at=looked_at or now,
                position=self._last(owner) + 1 if position is None else position,
            )
            .returning(saved_searches.c.id)
        ).scalar_one()
        return self.get(owner, search_id), True

    def get(self, owner: int, search_id: int) -> SavedSearch:
        """Raises NotFound."""
        found = self._all(saved_searches.c.owner == owner, saved_searches.c.id == search_id)
        if not found:
            raise NotFound("There is no such saved search.")
        return found[0]

    def by_query(self, owner: int, query: str) -> SavedSearch | None:
        found = self._all(saved_searches.c.owner == owner, saved_searches.c.query == query)
        return found[0] if found else None

    def list(self, owner: int) -> builtins.list[SavedSearch]:
        return self._all(saved_searches.c.owner == owner)

    def count(self, owner: int) -> int:
        return self._connection.scalar(select(func.count()).where(saved_searches.c.owner == owner)) or 0

    def rename(self, owner: int, search_id: int, name: str) -> None:
        """Raises NotFound."""
        self._set(owner, search_id, name=name)

    def looked(self, owner: int, search_id: int, now: datetime) -> None:
        """Nothing clipped until `now` is new in it any more. Raises NotFound."""
        self._set(owner, search_id, looked_at=now)

    def remove(self, owner: int, search_id: int) -> SavedSearch:
        """What was removed. Raises NotFound."""
        search = self.get(owner, search_id)
        self._connection.execute(delete(saved_searches).where(saved_searches.c.id == search_id))
        return search

    def _set(self, owner: int, search_id: int, **values: Any) -> None:
        changed = self._connection.execute(
            update(saved_searches)
            .where(saved_searches.c.owner == owner, saved_searches.c.id == search_id)
            .values(**values)
            .returning(saved_searches.c.id)
        ).one_or_none()
        if changed is None:
            raise NotFound("There is no such saved search.")

    def _one_at_a_time(self, owner: int) -> None:
        """Two who save the same at once make one: on PostgreSQL by this lock; SQLite has one writer anyway."""
        self._connection.execute(select(accounts.c.id).where(accounts.c.id == owner).with_for_update())

    def _last(self, owner: int) -> int:
        last = select(func.max(saved_searches.c.position)).where(saved_searches.c.owner == owner)
        return self._connection.scalar(last) or 0

    def _all(self, *conditions: Any) -> builtins.list[SavedSearch]:
        in_order = select(saved_searches).where(*conditions).order_by(saved_searches.c.position, saved_searches.c.id)
        return [_search_of(row) for row in self._connection.execute(in_order)]


def _search_of(row: Row[Any]) -> SavedSearch:
    return SavedSearch(
        id=row.id,
        owner=row.owner,
        name=row.name,
        query=row.query,
        sort=row.sort,
        made_at=row.made_at,
        looked_at=row.looked_at,
        position=row.position,
    )
