"""The archive as it really runs, in a process of its own that can be killed and started again; and ill ones."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests import builders
from webapp.access import accounts
from webapp.model import Article, ClipRecord, ClipState, Version
from webapp.services import Services

ROOT = Path(__file__).resolve().parent.parent
WAIT_S = 60.0


class Archive:
    """`dateline serve` over `folder`, always at the same port; and the same archive opened here, to look into it."""

    def __init__(self, folder: Path, confined) -> None:
        self.folder = folder
        now = builders.Clock(datetime.now(UTC))
        self.services: Services = builders.open_archive(folder, confined=confined, clock=now)
        self.owner = accounts.ensure_account(self.services).id
        self.device = accounts.make_device(self.services, self.owner, "The browser of a test", accounts.SCOPES)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def token(self) -> str:
        return self.device.token

    def start(self, **settings: str) -> None:
        environment = {**os.environ, "DATELINE_DATA_DIR": str(self.folder), "DATELINE_FETCH_PRIVATE_HOSTS": "yes"}
        environment |= {f"DATELINE_{name.upper()}": value for name, value in settings.items()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "webapp", "serve", "--port", str(self.port), "--no-open"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + WAIT_S
        while not answers(f"{self.address}/health"):
            assert time.monotonic() < deadline, "the archive does not start"
            assert self.process.poll() is None, "the archive ended at once"
            time.sleep(0.1)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def close(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
        self.services.close()

    def articles(self) -> int:
        with self.services.store.read() as work:
            return work.articles.count(self.owner)

    def newest(self) -> tuple[ClipRecord, Article, Version, bytes]:
        """The clip that came last, once the archive has done with it; its article, version, and the page as it came."""
        deadline = time.monotonic() + WAIT_S
        while (clip := self._last()).state is ClipState.RECEIVED:
            assert time.monotonic() < deadline, "the archive is still at work"
            time.sleep(0.1)
        with self.services.store.read() as work:
            article = work.articles.get(self.owner, clip.article_id or 0)
            version = work.versions.current(article.id)
        assert version is not None, clip.reason
        return clip, article, version, self.services.shelf.read(clip.raw_sha256)

    def _last(self) -> ClipRecord:
        with self.services.store.read() as work:
            return work.clips.recent(self.owner, 1)[0]

    def parts(self, clip: ClipRecord) -> dict[str, bytes]:
        """The pictures that came beside the page, by the last part of their address."""
        with self.services.store.read() as work:
            found = work.clips.resources(clip.id)
        return {address.rpartition("/")[2]: self.services.shelf.read(sha256) for address, _, sha256 in found}


@pytest.fixture(scope="module")
def archive(tmp_path_factory, confined) -> Iterator[Archive]:
    opened = Archive(tmp_path_factory.mktemp("archive"), confined)
    opened.start()
    yield opened
    opened.close()


def answers(address: str) -> bool:
    try:
        return bool(urllib.request.urlopen(address, timeout=2).status == 200)
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def ill_server(status: int, content: bytes, *, pause_s: float = 0.0) -> Iterator[str]:
    """Something that answers everything in one way, as a sign-in of a network, a broken proxy or a full disk do."""

    class Ill(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if pause_s and self.command != "OPTIONS":
                ended.wait(pause_s)
            is_preflight = self.command == "OPTIONS"
            self.send_response(204 if is_preflight else status)
            for name in ("Headers", "Methods"):
                self.send_header(f"Access-Control-Allow-{name}", "Authorization, Content-Type, Accept, POST, GET")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", "0" if is_preflight else str(len(content)))
            self.end_headers()
            self.wfile.write(b"" if is_preflight else content)

        def do_POST(self) -> None:
            self.do_GET()

        def do_OPTIONS(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Silent."""

    ended = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Ill)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    ended.set()
    server.shutdown()
    server.server_close()
