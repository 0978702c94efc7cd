"""Fixtures for what must hold on both databases: a SQLite file, and a real PostgreSQL server of our own.

A test module takes them with `pytest_plugins = ["databases"]`. The server is started once a run, from the
programs of this machine, in a folder and on a socket of its own; without them those tests are skipped.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from webapp.model import CameBy, Clip, Draft
from webapp.store import Store, open_store

BUSY_TIMEOUT_S = 5.0
_WHERE = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)
_START_S = 60.0


class Server:
    """A PostgreSQL server of the tests' own: trust, no network, no fsync. Never as root, which it refuses."""

    def __init__(self, programs: Path) -> None:
        self._as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self.folder = Path(tempfile.mkdtemp(prefix="dateline-pg-"))
        if self._as_user:
            shutil.chown(self.folder, "postgres", "postgres")
        atexit.register(self.stop)
        cluster = self.folder / "cluster"
        subprocess.run(
            [
                programs / "initdb",
                "-D",
                cluster,
                "-U",
                "reader",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            cwd="/",
            **self._as_user,
        )
        options = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "fsync": "off",
            "max_connections": 300,
        }
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [programs / "postgres", "-D", cluster, *(f"--{name}={value}" for name, value in options.items())],
                stdout=log,
                stderr=log,
                cwd="/",
                **self._as_user,
            )
        self._numbers = itertools.count(1)
        self._wait()

    def url(self, name: str) -> str:
        return f"postgresql://reader@/{name}?host={self.folder}"

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"archive{next(self._numbers)}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def stop(self) -> None:
        process = getattr(self, "_process", None)
        if process is not None:
            process.terminate()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _connect(self):
        import psycopg

        return psycopg.connect(self.url("postgres"), autocommit=True)

    def _wait(self) -> None:
        import psycopg

        deadline = time.monotonic() + _START_S
        while True:
            try:
                self._connect().close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.05)


@functools.cache
def server() -> Server:
    """The run's one server; skips the test when this machine has no PostgreSQL."""
    on_path = [Path(found).parent] if (found := shutil.which("initdb")) else []
    known = [folder for where in _WHERE for folder in Path("/").glob(where.lstrip("/"))]
    programs = [folder for folder in [*on_path, *sorted(known, reverse=True)] if (folder / "postgres").exists()]
    if not programs:
        pytest.skip("PostgreSQL's programs (initdb, postgres) are not on this machine")
    return Server(programs[0])


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, on each of the two."""
    return server().new_database() if request.param == "postgresql" else f"sqlite:///{tmp_path}/dateline.sqlite"


@pytest.fixture
def postgresql_url() -> str:
    """The address of an empty database on PostgreSQL, for what only a server can do."""
    return server().new_database()


@pytest.fixture
def database(database_url: str) -> Iterator[Store]:
    """An open store with nothing in it, on each of the two."""
    store = open_store(database_url, busy_timeout_s=BUSY_TIMEOUT_S)
    yield store
    store.close()


def keep_article(database: Store, owner: int, name: str, draft: Draft, at: datetime) -> int:
    """The id of an article with one version, clipped `at`."""
    clip = Clip(
        clip_id=f"clip-{name}-0001",
        address=f"https://a.example/{name}",
        raw=b"x",
        raw_type="text/html",
        page="x",
        is_html=True,
        came_by=CameBy.API,
        clipped_at=at,
    )
    with database.begin() as work:
        record, _ = work.clips.add(owner, clip, "0" * 64, [])
        article_id, _ = work.articles.save_version(
            record=record,
            clip=clip,
            address=clip.address,
            outlet="a.example",
            draft=draft,
            clean_html=f"<p>{draft.body_text}</p>",
            cleaner="clean/1",
            images=(),
            log=(),
            now=at,
        )
    return article_id
