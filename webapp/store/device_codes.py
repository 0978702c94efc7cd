"""Codes of devices that wait to be connected, each used once (RFC 8628). Only hashes of the codes are stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from webapp.errors import NotFound
from webapp.model import ConnectRequest
from webapp.store.device_tables import device_codes


class DeviceCodes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        device_code_hash: str,
        user_code_hash: str,
        client_name: str,
        scopes: Sequence[str],
        came_from: str,
        now: datetime,
        expires_at: datetime,
        interval_s: int,
    ) -> None:
        """Raises Conflict when a code with that hash waits already (when the transaction's statement runs)."""
        self._connection.execute(
            insert(device_codes).values(
                device_code_hash=device_code_hash,
                user_code_hash=user_code_hash,
                client_name=client_name,
                scopes=[*scopes],
                came_from=came_from,
                made_at=now,
                expires_at=expires_at,
                interval_s=interval_s,
            )
        )

    def waiting_for(self, user_code_hash: str, now: datetime) -> ConnectRequest | None:
        """The request that nobody has decided yet and that has not expired."""
        row = self._connection.execute(
            select(device_codes).where(
                device_codes.c.user_code_hash == user_code_hash,
                device_codes.c.owner.is_(None),
                device_codes.c.expires_at > now,
            )
        ).one_or_none()
        return None if row is None else _request_of(row)

    def decide(
        self,
        user_code_hash: str,
        owner: int,
        *,
        allowed: bool,
        client_name: str,
        scopes: Sequence[str],
        now: datetime,
    ) -> None:
        """Whoever decides first decides. Raises NotFound when the code is unknown, expired or decided already."""
        decided = self._connection.execute(
            update(device_codes)
            .where(
                device_codes.c.user_code_hash == user_code_hash,
                device_codes.c.owner.is_(None),
                device_codes.c.expires_at > now,
            )
            .values(owner=owner, allowed=allowed, client_name=client_name, scopes=[*scopes])
            .returning(device_codes.c.device_code_hash)
        ).one_or_none()
        if decided is None:
            raise NotFound("No device waits with this code any more. Press Connect on the device for a new one.")

    def locked(self, device_code_hash: str) -> ConnectRequest | None:
        """The request that the device asks about, until the transaction ends nobody else's to change."""
        row = self._connection.execute(
            select(device_codes).where(device_codes.c.device_code_hash == device_code_hash).with_for_update()
        ).one_or_none()
        return None if row is None else _request_of(row)

    def polled(self, device_code_hash: str, now: datetime, interval_s: int) -> None:
        self._connection.execute(
            update(device_codes)
            .where(device_codes.c.device_code_hash == device_code_hash)
            .values(polled_at=now, interval_s=interval_s)
        )

    def use(self, device_code_hash: str, now: datetime) -> None:
        self._connection.execute(
            update(device_codes).where(device_codes.c.device_code_hash == device_code_hash).values(used_at=now)
        )

    def count(self, now: datetime, *, came_from: str | None = None) -> int:
        """How many wait to be decided, in all or from one network address."""
        question = select(func.count()).where(device_codes.c.owner.is_(None), device_codes.c.expires_at > now)
        if came_from is not None:
            question = question.where(device_codes.c.came_from == came_from)
        return self._connection.scalar(question) or 0

    def forget(self, before: datetime) -> None:
        """Drop the codes that expired before then."""
        self._connection.execute(delete(device_codes).where(device_codes.c.expires_at < before))


def _request_of(row: Row[Any]) -> ConnectRequest:
    return ConnectRequest(
        client_name=row.client_name,
        scopes=tuple(row.scopes),
        came_from=row.came_from,
        made_at=row.made_at,
        expires_at=row.expires_at,
        interval_s=row.interval_s,
        polled_at=row.polled_at,
        owner=row.owner,
        allowed=row.allowed,
        used_at=row.used_at,
    )
