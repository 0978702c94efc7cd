"""The store: everything that is not a file or a search index, in SQLite or PostgreSQL. Only importer of SQLAlchemy.

with store.begin() as work:
    work.articles.set_starred(owner, article_id, True, now)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from webapp.store.changes import Change
from webapp.store.database import keep_a_journal, open_database, reading, writing
from webapp.store.jobs import Job
from webapp.store.migrating import migrate
from webapp.store.work import Work

__all__ = ["Change", "Job", "Store", "Work", "open_store"]


class Store:
    """The open database. Used by many threads at once; each `read` and `begin` has a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def read(self) -> Iterator[Work]:
        """One snapshot, for reading only. Raises StoreUnavailable."""
        with reading(self.engine) as connection:
            yield Work(connection)

    @contextmanager
    def begin(self) -> Iterator[Work]:
        """One transaction: on the disk when the block ends, or undone when it raises.

        On SQLite one at a time; do not begin another inside. Raises StoreUnavailable (which the busy timeout
        bounds), DiskFull, Conflict.
        """
        with writing(self.engine) as connection:
            yield Work(connection)

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str, *, busy_timeout_s: float = 10.0) -> Store:
    """Open the database at `url`, made or migrated as needed; several processes may do so at once.

    Raises BadSetting for a `url` that cannot be used, StoreUnavailable when the database is away, held by another
    program or made by a newer Dateline, DiskFull.
    """
    engine = open_database(url, busy_timeout_s=busy_timeout_s)
    try:
        keep_a_journal(engine, busy_timeout_s=busy_timeout_s)
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)
