"""A newspaper on the web with everything that makes pages hard to keep, and a place of pictures on another host."""

from __future__ import annotations

import hashlib
import random
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template

import pytest

from tests import builders

NEWS, ELSEWHERE = "news.test", "pictures.test"
MEMBER = "member=yes"
TYPED = "hunter2-typed"
LARGE_BYTES = 30_000_000
SHADOW = """<news-quote><b>Ada Quill</b></news-quote><script>
document.querySelector("news-quote").attachShadow({mode: "open"}).innerHTML =
  "<style>p { color: red }</style><p>The breakwater stands again, said <slot></slot>, and nobody believes it.</p>" +
  "<p><img src='http://$elsewhere/shadow.png' width=640 height=400></p><inner-note></inner-note>";
document.querySelector("news-quote").shadowRoot.querySelector("inner-note").attachShadow({mode: "open"}).innerHTML =
  "<p>Even a note within a note, two roots deep, belongs to the article as it is shown.</p>";
</script>"""
LAZY = """<figure>
<img id="scripted" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
 data-src="/late.png" width="640" height="400"><figcaption>The pier, brought by a script</figcaption></figure>
<p>Between the pictures the council went home, and the gulls took the pier as they do on every other evening.</p>
<figure><img src="/small.png" srcset="/small.png 300w, http://$elsewhere/chosen.png 640w" sizes="640px">
<figcaption>The pier, chosen out of two sizes</figcaption></figure>
<p>After the pictures the harbour was quiet, and the levy was paid by those who had not yet heard of its ending.</p>"""
FORM = f"""<form action="/search"><input name="q" id="secret"><input type="hidden" name="csrf" value="csrf-of-the-page">
<textarea id="letter"></textarea><select><option value="one" selected>chosen-by-hand</option></select></form>
<canvas width="300" height="200"></canvas>
<script>for (const id of ["secret", "letter"]) document.getElementById(id).value = "{TYPED}"</script>"""
FRAME = '<iframe src="/frame" width="600" height="300"></iframe>'
LATE = """<script>const late = document.createElement("p");
late.textContent = "This sentence was written by a script after the page had come, as most pages do it nowadays.";
document.querySelector("article").append(late);</script>"""
RTL_TITLE = "הנמל בונה מחדש את שובר הגלים"
RTL_WORDS = "מועצת הנמל החליטה ביום שני לבנות מחדש את שובר הגלים המזרחי, שנפרץ בשתי סערות חורף. " * 5
STRICT = "default-src 'none'; img-src *; style-src 'none'; script-src 'none'; connect-src 'none'; form-action 'none'"


@contextmanager
def newspaper() -> Iterator[str]:
    """The site's address, as `http://news.test:<port>`; its pictures are at pictures.test on the same port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Newspaper)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{NEWS}:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with newspaper() as address:
        yield address


def picture(path: str) -> bytes:
    """Each address has a picture of its own colour."""
    return builders.picture(640, 400, colour="#" + hashlib.sha256(path.encode()).hexdigest()[:6])


class _Newspaper(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        host = self.headers["Host"]
        if path.endswith(".png"):
            return self._answer("image/png", picture(path))
        if path.endswith(".jpg"):
            return self._answer("image/jpeg", _photo(path))
        if host.startswith(ELSEWHERE):
            return self._answer("text/plain", b"only pictures here", status=404)
        if path == "/report.pdf":
            return self._answer("application/pdf", b"%PDF-1.4\n%%EOF")
        if path == "/members" and MEMBER not in (self.headers["Cookie"] or ""):
            return self._answer("text/html", b"<title>Sign in</title><p>Sign in to read this.</p>")
        port = host.partition(":")[2]
        html = _page(path, f"{ELSEWHERE}:{port}")
        more = {"Content-Security-Policy": STRICT} if path == "/strict" else {}
        if path == "/sign-in":
            more["Set-Cookie"] = MEMBER
        return self._answer("text/html; charset=utf-8", html.encode(), more=more)

    def _answer(
        self, media_type: str, content: bytes, *, status: int = 200, more: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Silent."""


@lru_cache(maxsize=64)
def _page(path: str, elsewhere: str) -> str:
    name = path.strip("/") or "front"
    picture = (
        f'<figure><img src="http://{elsewhere}/{name}-lead.png" width="640" height="400" alt="The harbour"></figure>'
    )
    if name == "frame":
        return f"<p>{'A letter to the harbour council, shown in a frame of the same house. ' * 6}</p>"
    if name == "menu":
        items = "".join(f"<li><a href='/{number}'>Section {number} of the paper</a></li>" for number in range(8))
        return f"<title>Only a menu</title><nav><ul>{items}</ul></nav>"
    if name == "ordinary":
        return _ordinary(elsewhere)
    if name == "large":
        return _large(builders.page("A page of thirty megabytes", images=picture))
    if name == "rtl":
        html = builders.page(RTL_TITLE, language="he", images=picture).replace(' dir="ltr"', "")
        html = re.sub("<p>.*</p>", f"<p>{RTL_WORDS}</p><p>{RTL_WORDS}</p>", html)
        return html.replace("<body>", '<body style="direction: rtl">')
    own = f'<img src="/{name}-own.png" width="640" height="400" alt="The pier">'
    html = builders.page(f"A harbour rebuilds its breakwater: {name}", images=picture + own, words="<b>Bold words</b>.")
    extras = {"shadow": SHADOW, "below": LAZY, "plain": FRAME + LATE}.get(name, "")
    extras = Template(extras).safe_substitute(elsewhere=elsewhere)
    if name == "long":
        extras = _links(2_500_000)
    return html.replace("</article>", extras + "</article>").replace("</main>", "</main>" + FORM)


def _ordinary(elsewhere: str) -> str:
    """As half of the pages of 300 KB are: one half scripts, 187 links, 1,300 words, ten photographs from elsewhere."""
    photos = "".join(
        f'<figure><img src="http://{elsewhere}/photo-{number}.jpg" width="640" height="400"></figure>'
        f"<p>{builders.PARAGRAPH.format(place='Latakia', day=f'the {number}th') * 4}</p>"
        for number in range(10)
    )
    menu = "".join(f'<li class="menu__item"><a href="/desk/{number}">Desk {number}</a></li>' for number in range(187))
    boxes = "<div class='grid'><div class='cell'><span class='label'>Also read</span></div></div>" * 800
    html = builders.page("An ordinary page of a newspaper", images=photos)
    html = html.replace("<nav>", f"<nav><ul>{menu}</ul>").replace("</main>", f"</main><aside>{boxes}</aside>")
    return html.replace("</head>", f'<script type="text/state">{"x" * 165_000}</script></head>')


@lru_cache(maxsize=16)
def _photo(path: str) -> bytes:
    """Some 60 KB, as photographs in articles are."""
    import io

    from PIL import Image

    small = Image.frombytes("RGB", (160, 100), random.Random(path).randbytes(160 * 100 * 3))
    file = io.BytesIO()
    small.resize((640, 400)).save(file, "JPEG", quality=82)
    return file.getvalue()


def _large(html: str) -> str:
    """Thirty megabytes as such pages have them: state for scripts, pictures within the page, and very many elements."""
    some = random.Random(30)
    inside = "".join(f'<img width="640" src="data:image/png;base64,{_noise(some)}">' for _ in range(12))
    html = html.replace("</article>", f"{inside}</article>").replace("</main>", f"</main>{_links(1_000_000)}")
    state = "".join(some.choices("abcdefghijklmnopqrstuvwxyz", k=64)) * ((LARGE_BYTES - len(html)) // 64 + 1)
    return html.replace("</head>", f'<script type="text/state">{state}</script></head>')


def _links(size: int) -> str:
    one = "<li class='c'><a href='/tag/harbour'>harbour</a></li>"
    return f"<nav><ul>{one * (size // len(one))}</ul></nav>"


def _noise(some: random.Random) -> str:
    import base64
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.frombytes("RGB", (640, 400), some.randbytes(640 * 400 * 3)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
