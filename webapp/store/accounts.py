"""Accounts, one-time sign-in links and devices. Only hashes of secrets are ever stored."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from webapp.errors import NotFound
from webapp.model import Account, Device
from webapp.store.database import insert_new
from webapp.store.tables import accounts, devices, sign_in_links


class Accounts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first(self) -> Account | None:
        """The oldest account: on a machine of one's own, the only one."""
        return self._one(select(accounts).order_by(accounts.c.id).limit(1))

    def add(self, name: str, now: datetime) -> Account:
        """A new account. Raises Conflict when the name is taken (when the transaction's statement runs)."""
        account_id = self._connection.execute(
            insert(accounts).values(name=name, password_hash="", created_at=now).returning(accounts.c.id)
        ).scalar_one()
        return Account(id=account_id, name=name, created_at=now)

    def ensure_first(self, name: str, now: datetime) -> Account:
        """The oldest account, made now if there is none; two first starts at once make one."""
        account = self.first()
        if account is None:
            self._connection.execute(
                insert_new(self._connection, accounts).values(name=name, password_hash="", created_at=now)
            )
            account = self.first()
        assert account is not None  # it was there, or has just been inserted
        return account

    def get(self, account_id: int) -> Account | None:
        return self._one(select(accounts).where(accounts.c.id == account_id))

    def by_name(self, name: str) -> Account | None:
        return self._one(select(accounts).where(accounts.c.name == name))

    def password_hash(self, account_id: int) -> str:
        """As it was set; "" when the account has no password or does not exist."""
        return self._connection.scalar(select(accounts.c.password_hash).where(accounts.c.id == account_id)) or ""

    def set_password_hash(self, account_id: int, password_hash: str) -> None:
        self._connection.execute(
            update(accounts).where(accounts.c.id == account_id).values(password_hash=password_hash)
        )

    def signed_in(self, account_id: int, now: datetime) -> None:
        self._connection.execute(update(accounts).where(accounts.c.id == account_id).values(signed_in_at=now))

    def set_fetches_pictures(self, account_id: int, fetches_pictures: bool) -> None:
        self._connection.execute(
            update(accounts).where(accounts.c.id == account_id).values(fetches_pictures=fetches_pictures)
        )

    def was_ever_signed_in(self) -> bool:
        return (
            self._connection.scalar(select(accounts.c.id).where(accounts.c.signed_in_at.is_not(None)).limit(1))
            is not None
        )

    def _one(self, question: Any) -> Account | None:
        row = self._connection.execute(question).one_or_none()
        if row is None:
            return None
        return Account(
            id=row.id,
            name=row.name,
            created_at=row.created_at,
            has_password=bool(row.password_hash),
            fetches_pictures=row.fetches_pictures,
        )


class SignInLinks:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token_hash: str, account_id: int, expires_at: datetime) -> None:
        self._connection.execute(
            insert(sign_in_links).values(token_hash=token_hash, account_id=account_id, expires_at=expires_at)
        )

    def use(self, token_hash: str, now: datetime) -> int | None:
        """Use the link up; its account, or None when it is unknown, used or expired. Works once, whoever races."""
        account_id: int | None = self._connection.execute(
            update(sign_in_links)
            .where(
                sign_in_links.c.token_hash == token_hash,
                sign_in_links.c.used_at.is_(None),
                sign_in_links.c.expires_at > now,
            )
            .values(used_at=now)
            .returning(sign_in_links.c.account_id)
        ).scalar_one_or_none()
        return account_id

    def forget(self, before: datetime) -> None:
        """Drop links that expired before then."""
        self._connection.execute(delete(sign_in_links).where(sign_in_links.c.expires_at < before))


class Devices:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, owner: int, name: str, token_hash: str, scopes: Sequence[str], now: datetime) -> Device:
        device_id = self._connection.execute(
            insert(devices)
            .values(owner=owner, name=name, token_hash=token_hash, scopes=[*scopes], created_at=now)
            .returning(devices.c.id)
        ).scalar_one()
        return Device(id=device_id, owner=owner, name=name, scopes=tuple(scopes), created_at=now, last_used_at=None)

    def by_token_hash(self, token_hash: str) -> Device | None:
        """The device that holds the token, revoked or not."""
        row = self._connection.execute(select(devices).where(devices.c.token_hash == token_hash)).one_or_none()
        return None if row is None else _device_of(row)

    def touch(self, device_id: int, now: datetime) -> None:
        self._connection.execute(update(devices).where(devices.c.id == device_id).values(last_used_at=now))

    def list(self, owner: int) -> builtins.list[Device]:
        """All devices, the newest first, revoked ones too."""
        rows = self._connection.execute(select(devices).where(devices.c.owner == owner).order_by(devices.c.id.desc()))
        return [_device_of(row) for row in rows]

    def revoke(self, owner: int, device_id: int, now: datetime) -> None:
        """Its token works no more. Once revoked stays revoked at the first time. Raises NotFound."""
        device = self._connection.execute(
            select(devices.c.revoked_at).where(devices.c.id == device_id, devices.c.owner == owner)
        ).one_or_none()
        if device is None:
            raise NotFound("There is no such device.")
        self._connection.execute(
            update(devices).where(devices.c.id == device_id, devices.c.revoked_at.is_(None)).values(revoked_at=now)
        )


def _device_of(row: Row[Any]) -> Device:
    return Device(
        id=row.id,
        owner=row.owner,
        name=row.name,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
