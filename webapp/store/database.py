"""The connection to SQLite or PostgreSQL: how it is opened, what a transaction is, and what its errors mean.

Reading sees one snapshot and cannot write. Writing on SQLite takes the write lock at once (BEGIN IMMEDIATE), so it
waits in line instead of failing half-way. Commits are on the disk when they return (synchronous=FULL).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, exc, make_url
from sqlalchemy.dialects import postgresql, sqlite

from webapp.errors import ArchiveError, BadSetting, Conflict, DiskFull, StoreUnavailable

POOL_SIZE = 20  # 16 threads of the server, the worker, and reads inside reads
_BEGIN = "dateline_begin"  # execution option: how a transaction begins on SQLite; reading unless told
RETRY_S = 0.02

_READING = ("PRAGMA query_only=ON", "BEGIN")
_WRITING = ("PRAGMA query_only=OFF", "BEGIN IMMEDIATE")

_SQLITE_BUSY, _SQLITE_LOCKED, _SQLITE_READONLY, _SQLITE_IOERR = 5, 6, 8, 10  # https://sqlite.org/rescode.html
_SQLITE_CORRUPT, _SQLITE_FULL, _SQLITE_CANTOPEN, _SQLITE_NOTADB = 11, 13, 14, 26
_PG_DISK_FULL = "53100"  # PostgreSQL, appendix A
_PG_HELD = {"55P03", "40P01", "40001"}  # lock not available, deadlock detected, serialization failure

_SQLITE_MEANINGS = {
    _SQLITE_BUSY: "another program holds it. Try again in a moment.",
    _SQLITE_LOCKED: "another program holds it. Try again in a moment.",
    _SQLITE_READONLY: "it may only be read. Check the owner and the permissions of the file and its folder.",
    _SQLITE_IOERR: "the disk reports an error. Check the disk, then restore a backup if need be.",
    _SQLITE_CORRUPT: "the file is damaged. Restore a backup.",
    _SQLITE_CANTOPEN: "the file cannot be opened. Check that its folder exists and may be written.",
    _SQLITE_NOTADB: "the file is not a SQLite database. Check the address of the database.",
}


def open_database(url: str, *, busy_timeout_s: float) -> Engine:
    """The engine for `url` (sqlite:///file or postgresql://…). Raises BadSetting for an address that cannot be used."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _open_sqlite(url, busy_timeout_s)
        if address.drivername in ("postgresql", "postgres"):
            address = address.set(drivername="postgresql+psycopg")
        if address.get_backend_name() != "postgresql":
            raise BadSetting(f"{address.get_backend_name()} is not supported: use sqlite:///file or postgresql://…")
        return create_engine(
            address,
            pool_size=POOL_SIZE,
            max_overflow=POOL_SIZE,
            pool_timeout=busy_timeout_s,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": max(2, round(busy_timeout_s)),  # libpq: "not recommended to use less than 2"
                "options": f"-c lock_timeout={round(busy_timeout_s * 1000)} -c timezone=UTC",
            },
        )
    except exc.ArgumentError as error:
        raise BadSetting(f"{url!r} is not the address of a database: {error}") from error
    except ModuleNotFoundError as error:
        raise BadSetting(f"PostgreSQL needs {error.name}: install dateline[postgresql]") from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One snapshot, for reading only."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with translated(), engine.connect() as connection, connection.execution_options(**options).begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all of it, on the disk, or nothing."""
    with translated(), engine.connect() as connection, connection.execution_options(**{_BEGIN: _WRITING}).begin():
        yield connection


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's errors into ours. What is not the world's fault but ours passes as it is."""
    try:
        yield
    except exc.IntegrityError as error:
        raise Conflict("Somebody else changed the same thing at the same time. Try again.") from error
    except exc.DBAPIError as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise meaning from error
    except exc.TimeoutError as error:
        raise StoreUnavailable("The database has too much to do. Try again in a moment.") from error


def insert_new(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that passes over a row which is there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def keep_a_journal(engine: Engine, *, busy_timeout_s: float) -> None:
    """Put a SQLite file into WAL mode, where readers and the writer do not wait for each other.

    SQLite does not wait for the lock this needs, so two first starts at once would fail: wait here.
    """
    if engine.dialect.name != "sqlite":
        return
    deadline = time.monotonic() + busy_timeout_s
    while True:
        try:
            with translated(), engine.connect() as connection:
                connection = connection.execution_options(**{_BEGIN: ()})  # not inside a transaction
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            return
        except StoreUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(RETRY_S)


def _open_sqlite(url: str, busy_timeout_s: float) -> Engine:
    if not make_url(url).database or make_url(url).database == ":memory:":
        raise BadSetting("an archive needs a file: sqlite:////the/whole/path/dateline.sqlite")
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_timeout=busy_timeout_s,
        connect_args={"timeout": busy_timeout_s},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """For each new connection. `isolation_level=None`: the driver begins nothing by itself, we do."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    for statement in connection.get_execution_options().get(_BEGIN, _READING):
        connection.exec_driver_sql(statement)


def _meaning(error: exc.DBAPIError) -> ArchiveError | None:
    """What a driver's error means for the reader; None when it is a mistake of the program."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        if code & 0xFF == _SQLITE_FULL:
            return DiskFull("The disk is full: nothing was kept. Make room, then try again.")
        words = _SQLITE_MEANINGS.get(code & 0xFF)
        return None if words is None else StoreUnavailable(f"The archive's database cannot be used: {words}")
    state = getattr(error.orig, "sqlstate", None)
    if state == _PG_DISK_FULL:
        return DiskFull("The database server's disk is full: nothing was kept. Make room, then try again.")
    if state in _PG_HELD:
        return StoreUnavailable(
            "The archive's database cannot be used: another program holds it. Try again in a moment."
        )
    if isinstance(error, exc.OperationalError | exc.InterfaceError) or error.connection_invalidated:
        first_line = str(error.orig).strip().partition("\n")[0]
        return StoreUnavailable(f"The archive's database cannot be reached: {first_line}. Is the server running?")
    return None
