"""The database under stress: held by another, full, away, foreign, and used by many threads at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, text

from webapp.errors import BadSetting, DiskFull, StoreUnavailable
from webapp.store import open_store

pytest_plugins = ["databases"]

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SHORT_S = 0.3
PATIENCE_S = 20.0  # far above what is measured (0.5 s), for a busy machine


@pytest.fixture
def impatient(database_url):
    """A store on each of the two databases that waits only a moment for locks."""
    store = open_store(database_url, busy_timeout_s=SHORT_S)
    yield store
    store.close()


def test_a_database_that_another_holds_is_unavailable_within_the_busy_timeout(impatient):
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with impatient.begin() as work:
            if impatient.engine.dialect.name == "postgresql":
                work.connection.execute(text("LOCK TABLE accounts IN EXCLUSIVE MODE"))
            held.set()
            release.wait(10)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        held.wait(10)
        started = time.monotonic()
        try:
            with pytest.raises(StoreUnavailable, match="another program holds it"), impatient.begin() as work:
                work.accounts.add("reader", NOW)
            took = time.monotonic() - started
        finally:
            release.set()
    assert SHORT_S * 0.9 <= took < SHORT_S + 2
    with impatient.begin() as work:
        assert work.accounts.add("reader", NOW).id


def test_reading_goes_on_while_somebody_writes(impatient):
    with impatient.begin() as writer:
        writer.accounts.add("reader", NOW)
        with impatient.read() as work:
            assert work.accounts.first() is None
    with impatient.read() as work:
        assert work.accounts.first().name == "reader"


def test_nothing_can_be_written_while_reading(database):
    with pytest.raises(Exception, match=r"read-only|only be read"), database.read() as work:
        work.accounts.add("reader", NOW)
    with database.begin() as work:
        assert work.accounts.first() is None
        assert work.accounts.add("reader", NOW).id


def test_a_full_disk_is_said_and_nothing_is_half_kept(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/small.sqlite", busy_timeout_s=1)
    pages = 8  # of 4096 bytes, beyond those in use

    def limit(connection, _record) -> None:
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={used + pages}")

    store.engine.dispose()
    event.listen(store.engine, "connect", limit)

    def fill() -> None:
        with store.begin() as work:
            for number in range(1000):
                work.accounts.add(f"reader {number} " + "x" * 1000, NOW)

    with pytest.raises(DiskFull, match="Make room"):
        fill()
    with store.begin() as work:
        assert work.accounts.first() is None
        assert work.accounts.add("reader", NOW).id
    store.close()


@pytest.mark.postgresql
def test_a_full_disk_of_the_database_server_is_said(postgresql_url):
    store = open_store(postgresql_url, busy_timeout_s=1)
    with pytest.raises(DiskFull, match="Make room"), store.begin() as work:
        work.connection.execute(text("DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"))
    store.close()


@pytest.mark.postgresql
def test_a_server_that_drops_its_connections_is_unavailable_once_and_then_found_again(postgresql_url):
    store, other = (open_store(postgresql_url, busy_timeout_s=1) for _ in range(2))
    drop = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> :me"
    )

    def lose_the_server() -> None:
        with store.begin() as work, other.begin() as theirs:
            work.accounts.first()
            theirs.connection.execute(drop, {"me": theirs.connection.scalar(text("SELECT pg_backend_pid()"))})
            work.accounts.first()

    with pytest.raises(StoreUnavailable):
        lose_the_server()
    with store.begin() as work:
        assert work.accounts.first() is None
    store.close()
    other.close()


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    content = b"A letter, and long enough to be told from a database. " * 20
    path = tmp_path / "letter.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreUnavailable, match="not a SQLite database"):
        open_store(f"sqlite:///{path}", busy_timeout_s=0.1)
    assert path.read_bytes() == content


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(StoreUnavailable, match="folder exists"):
        open_store(f"sqlite:///{tmp_path}/missing/dateline.sqlite", busy_timeout_s=0.1)


@pytest.mark.postgresql
def test_a_server_that_is_away_is_said():
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        open_store("postgresql://reader@127.0.0.1:1/archive", busy_timeout_s=0.1)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "oracle+nothing://x"]
)
def test_an_address_that_is_no_database_is_a_bad_setting(url):
    with pytest.raises(BadSetting):
        open_store(url, busy_timeout_s=0.1)


def test_sixteen_threads_write_and_read_at_once_and_nothing_is_lost(database):
    def write(number: int) -> None:
        for turn in range(5):
            with database.begin() as work:
                work.jobs.enqueue("archive", {"clip": number, "turn": turn}, NOW)
            with database.read() as work:
                assert work.jobs.waiting() > 0

    started = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(16)))
    assert time.monotonic() - started < PATIENCE_S
    with database.read() as work:
        assert work.jobs.waiting() == 80


def test_a_sqlite_archive_is_durable_and_readers_never_wait(tmp_path):
    path = tmp_path / "dateline.sqlite"
    store = open_store(f"sqlite:///{path}", busy_timeout_s=1.5)
    with store.begin() as work:
        ask = {name: work.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in
               ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")}  # fmt: skip
    assert ask == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 1500}
    store.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


_WRITE_UNTIL_KILLED = """
import sys
from datetime import UTC, datetime
from webapp.store import open_store
store = open_store(sys.argv[1], busy_timeout_s=5)
for number in range(100_000):
    with store.begin() as work:
        work.jobs.enqueue("archive", {"clip": number}, datetime.now(UTC))
    print(number, flush=True)
"""


def test_what_was_acknowledged_outlives_a_killed_process(database_url):
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITE_UNTIL_KILLED, database_url], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    acknowledged = [int(writer.stdout.readline()) for _ in range(50)]
    writer.kill()
    acknowledged += [int(line) for line in writer.communicate()[0].split("\n")[:-1]]
    store = open_store(database_url, busy_timeout_s=5)
    with store.read() as work:
        assert work.jobs.waiting() - len(acknowledged) in (0, 1)
    store.close()
