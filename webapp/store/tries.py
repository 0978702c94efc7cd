"""Tries that failed, counted by what was tried and who tried; whoever it is, is known by a hash only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from webapp.store.database import insert_new
from webapp.store.device_tables import tries


@dataclass(frozen=True, slots=True)
class Failures:
    count: int
    last_at: datetime


class Tries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, kind: str, who_hash: str) -> Failures | None:
        """The failures since the last success; None when there was none."""
        row = self._connection.execute(
            select(tries.c.count, tries.c.last_at).where(tries.c.kind == kind, tries.c.who_hash == who_hash)
        ).one_or_none()
        return None if row is None else Failures(row._mapping["count"], row.last_at)

    def failed(self, kind: str, who_hash: str, now: datetime) -> None:
        self._connection.execute(
            insert_new(self._connection, tries).values(kind=kind, who_hash=who_hash, count=0, last_at=now)
        )
        self._connection.execute(
            update(tries)
            .where(tries.c.kind == kind, tries.c.who_hash == who_hash)
            .values(count=tries.c.count + 1, last_at=now)
        )

    def succeeded(self, kind: str, who_hash: str) -> None:
        self._connection.execute(delete(tries).where(tries.c.kind == kind, tries.c.who_hash == who_hash))

    def forget(self, before: datetime) -> None:
        """Drop what failed last before then."""
        self._connection.execute(delete(tries).where(tries.c.last_at < before))
