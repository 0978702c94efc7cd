"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

_LARGEST_ID = 2**63 - 1  # a signed 64-bit integer: SQLite's rowid, PostgreSQL's bigint


class Moment(TypeDecorator[datetime]):
    """A point in time: aware in, UTC and aware out. SQLite keeps it as UTC text, which sorts as it should.

    Raises ValueError for a naive datetime: nobody could say which moment it means.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        moment = _in_utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PlainText(TypeDecorator[str]):
    """Text that both databases can hold: NUL and lone surrogates are dropped, an enumeration's value is its text.

    The doors drop them too; here it is the last line, so that one odd character never costs an article.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return _plain(str(value))


class PlainJson(TypeDecorator[Any]):
    """Lists and mappings of text, numbers and the like; its text is cleaned as PlainText's is."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return _plain_within(value)


class RowId(TypeDecorator[int]):
    """A row's number. One beyond 64 bits (from an address somebody typed) becomes NULL, which equals no row."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        return value if value is not None and -_LARGEST_ID <= value <= _LARGEST_ID else None


def _plain(text: str) -> str:
    whole = text.replace("\x00", "")
    return whole if whole.isascii() else whole.encode("utf-8", "ignore").decode("utf-8")


def _plain_within(value: Any) -> Any:
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, Mapping):
        return {_plain(key): _plain_within(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_within(item) for item in value]
    return value


def _in_utc(value: datetime) -> datetime:
    """The first and last hours of the calendar cannot be moved between zones: they are kept as they read."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return value.replace(tzinfo=UTC)
