"""Migrations: they lead to `tables.py`, whoever starts first, and a start that is cut off leaves no half."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from webapp.errors import StoreUnavailable
from webapp.store import migrating, open_store
from webapp.store.database import open_database, writing
from webapp.store.every_table import metadata
from webapp.store.migrating import FOLDER, configuration, migrate

pytest_plugins = ["databases"]

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent


def names_of_tables(store) -> set[str]:
    with store.read() as work:
        return set(inspect(work.connection).get_table_names())


def test_the_migrations_lead_to_the_tables_of_today(database):
    with database.begin() as work:
        context = MigrationContext.configure(work.connection, opts={"compare_type": True, "target_metadata": metadata})
        assert compare_metadata(context, metadata) == []
    assert names_of_tables(database) == {*metadata.tables, "alembic_version"}


def test_the_comparison_would_see_a_table_a_column_a_type_and_an_index_that_differ(database):
    with database.begin() as work:
        for statement in (
            "CREATE TABLE extra (id INTEGER)",
            "ALTER TABLE accounts ADD COLUMN extra INTEGER",
            "DROP INDEX ix_jobs_run_after",
        ):
            work.connection.execute(text(statement))
    with database.begin() as work:
        context = MigrationContext.configure(work.connection, opts={"compare_type": True, "target_metadata": metadata})
        found = {difference[0] for difference in compare_metadata(context, metadata)}
    assert found == {"remove_table", "remove_column", "add_index"}


def test_both_ways_to_the_tables_are_the_same_on_sqlite(tmp_path):
    """Alembic does not compare AUTOINCREMENT, cascades or primary keys; the statements tell all of it."""

    def statements(connection) -> dict[str, str]:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {name: sorted(sql.replace(",", "").split()) for name, sql in rows if not name.startswith("alembic")}

    migrated = open_store(f"sqlite:///{tmp_path}/migrated.sqlite", busy_timeout_s=1)
    made = open_database(f"sqlite:///{tmp_path}/made.sqlite", busy_timeout_s=1)
    with migrated.read() as work:
        by_migration = statements(work.connection)
    with writing(made) as connection:
        metadata.create_all(connection)
        assert statements(connection) == by_migration
    migrated.close()
    made.dispose()


def test_there_is_one_head_and_every_migration_can_be_read():
    config = configuration(None)
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == 1
    assert len(list(scripts.walk_revisions())) == len(list((FOLDER / "versions").glob("*.py")))


def test_opening_again_changes_nothing(database_url):
    store = open_store(database_url, busy_timeout_s=1)
    with store.begin() as work:
        account = work.accounts.add("reader", NOW)
    store.close()
    store = open_store(database_url, busy_timeout_s=1)
    with store.read() as work:
        assert work.accounts.first() == account
    store.close()


def test_first_starts_of_threads_at_once_all_succeed(database_url):
    def start(_number: int) -> set[str]:
        store = open_store(database_url, busy_timeout_s=20)
        try:
            return names_of_tables(store)
        finally:
            store.close()

    with ThreadPoolExecutor(6) as pool:
        assert {frozenset(names) for names in pool.map(start, range(6))} == {
            frozenset({*metadata.tables, "alembic_version"})
        }


_START = """
import sys
from webapp.store import open_store
sys.stdin.readline()
store = open_store(sys.argv[1], busy_timeout_s=20)
with store.begin() as work:
    work.accounts.ensure_first("reader", __import__("datetime").datetime.now(__import__("datetime").UTC))
store.close()
"""


def test_first_starts_of_processes_at_once_all_succeed(database_url):
    starts = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", _START, database_url],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        for _ in range(3)
    ]
    for start in starts:
        start.stdin.write("go\n")
        start.stdin.flush()
    assert [start.communicate(timeout=60)[1] for start in starts] == ["", "", ""]
    assert [start.returncode for start in starts] == [0, 0, 0]


def test_a_migration_that_is_cut_off_leaves_the_database_as_it_was(database_url, monkeypatch):
    upgrade = command.upgrade

    def upgrade_and_die(*args) -> None:
        upgrade(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(migrating.command, "upgrade", upgrade_and_die)
    with pytest.raises(KeyboardInterrupt):
        open_store(database_url, busy_timeout_s=1)
    monkeypatch.undo()
    engine = open_database(database_url, busy_timeout_s=1)
    with writing(engine) as connection:
        assert inspect(connection).get_table_names() == []
    migrate(engine)
    with writing(engine) as connection:
        assert "articles" in inspect(connection).get_table_names()
    engine.dispose()


def test_a_database_of_a_newer_version_is_not_touched(database_url):
    store = open_store(database_url, busy_timeout_s=1)
    with store.begin() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreUnavailable, match="another version of Dateline"):
        open_store(database_url, busy_timeout_s=1)


def test_a_folder_with_a_percent_sign_and_blanks_is_a_folder(tmp_path):
    folder = tmp_path / "50% of it"
    folder.mkdir()
    store = open_store(f"sqlite:///{folder}/dateline.sqlite", busy_timeout_s=1)
    store.close()
    assert (folder / "dateline.sqlite").exists()
