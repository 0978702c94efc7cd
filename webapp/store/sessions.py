"""Browsers that are signed in: each until it signs out, or somebody ends it. Only hashes of their tokens are stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from webapp.store.device_tables import sessions


class Sessions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, token_hash: str, account_id: int, now: datetime) -> None:
        self._connection.execute(insert(sessions).values(token_hash=token_hash, account_id=account_id, began_at=now))

    def account_of(self, token_hash: str, since: datetime) -> int | None:
        """Whose session it is; None when it ended, or began before `since`."""
        account_id: int | None = self._connection.scalar(
            select(sessions.c.account_id).where(sessions.c.token_hash == token_hash, sessions.c.began_at >= since)
        )
        return account_id

    def count(self, account_id: int, since: datetime) -> int:
        found = select(func.count()).where(sessions.c.account_id == account_id, sessions.c.began_at >= since)
        return self._connection.scalar(found) or 0

    def end(self, token_hash: str) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    def end_all(self, account_id: int) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.account_id == account_id))

    def forget(self, before: datetime) -> None:
        """Drop those that began before then."""
        self._connection.execute(delete(sessions).where(sessions.c.began_at < before))
