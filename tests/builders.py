"""Things that tests need, made in one line: settings, an open archive, pages, clips, a clock that stands still."""

from __future__ import annotations

import atexit
import functools
import io
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image as Picture

from webapp import jobs
from webapp.access import accounts
from webapp.confine import Confined
from webapp.gazetteer import FileGazetteer, open_gazetteer
from webapp.model import CameBy, ClipRecord
from webapp.services import Services, open_services
from webapp.settings import Settings, read_settings

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PARAGRAPH = (
    "The harbour council of {place} voted on {day} to rebuild the eastern breakwater, which two winter storms had "
    "broken open, and to pay for it with a levy on cargo that will be reviewed every second year. "
)


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def settings(folder: Path, **chosen: object) -> Settings:
    environ = {f"DATELINE_{name.upper()}": str(value) for name, value in chosen.items()}
    return read_settings(environ, data_dir=folder)


def open_archive(
    folder: Path, *, confined: Confined | None = None, clock: Clock | None = None, **chosen: object
) -> Services:
    """A real archive in `folder`: SQLite, index, shelf. The caller closes it."""
    return open_services(
        settings(folder, **chosen), clock=clock or Clock(), confined=confined, gazetteer=shared_gazetteer()
    )


@functools.cache
def shared_gazetteer() -> FileGazetteer:
    """One unpacked copy for all tests of the run: unpacking takes most of a second."""
    folder = tempfile.TemporaryDirectory(prefix="dateline-gazetteer-")
    opened = open_gazetteer(Path(folder.name))
    atexit.register(folder.cleanup)
    atexit.register(opened.close)
    return opened


def page(
    title: str = "A harbour rebuilds its breakwater",
    *,
    place: str = "Latakia",
    words: str = "",
    published: str = "2020-12-27T10:00:00+00:00",
    language: str = "en",
    direction: str = "ltr",
    images: str = "",
) -> str:
    """A plausible news page of about 150 words; `words` become a paragraph of their own."""
    paragraphs = [PARAGRAPH.format(place=place, day=day) for day in ("Monday", "Tuesday", "Thursday")]
    body = "".join(f"<p>{text}</p>" for text in [*paragraphs, words] if text)
    return f"""<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">
<title>{title} | The Quay</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="The Quay">
<meta name="author" content="Ada Quill"><meta property="article:published_time" content="{published}"></head>
<body><nav><a href="/">Home</a> <a href="/ports">Ports</a></nav>
<main><article><h1>{title}</h1>{images}{body}</article></main>
<footer>All rights reserved by The Quay.</footer></body></html>"""


def picture(width_px: int = 640, height_px: int = 400, *, colour: str = "#8a2b26", kind: str = "PNG") -> bytes:
    """A real picture of one colour."""
    file = io.BytesIO()
    Picture.new("RGB", (width_px, height_px), colour).save(file, kind)
    return file.getvalue()


def multipart(*parts: tuple[str, str, str, bytes]) -> tuple[bytes, str]:
    """(body, content type) of a form whose parts are (name, type, Content-Location or "", content)."""
    body = b""
    for name, media_type, location, content in parts:
        head = f'--cut\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        head += f"Content-Type: {media_type}\r\n"
        head += f"Content-Location: {location}\r\n" if location else ""
        body += head.encode() + b"\r\n" + content + b"\r\n"
    return body + b"--cut--\r\n", "multipart/form-data; boundary=cut"


@contextmanager
def web_server(folder: Path) -> Iterator[str]:
    """A real web server of the files in `folder`, on loopback; its address."""
    handler = partial(_QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def put(services: Services, html: str | None = None, **extra: object) -> ClipRecord:
    """Clip a page through the whole path, index included; the clip's record afterwards."""
    from webapp.clipping import clip_upload, state_of

    owner = accounts.ensure_account(services).id
    extra = {"address": "https://quay.example/breakwater", "came_by": CameBy.FILE, **extra}
    content = (page() if html is None else html).encode()
    receipt = clip_upload(services, owner, "page.html", content, **extra)  # type: ignore[arg-type]
    jobs.run_all(services)
    return state_of(services, owner, receipt.clip_id)
