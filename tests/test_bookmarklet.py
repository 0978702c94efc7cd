"""The bookmarklet in a real Chromium: pressed on another site's page, it opens our window, and Save keeps the page."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests import builders
from tests.browsers import launch
from webapp.access import accounts
from webapp.model import CameBy, ClipState
from webapp.pages.bookmarklet import bookmarklet
from webapp.services import Services

pytest_plugins = ["browsers"]

STATIC = Path(__file__).resolve().parent.parent / "static"
PICTURE = '<img src="/harbour.png" width="640" height="400" alt="The harbour">'
ALIVE = """<script>
const late = document.createElement("p");
late.textContent = "This sentence was written by a script after the page had come, as most pages do it nowadays.";
document.querySelector("article").append(late);
const host = document.querySelector("news-quote");
host.attachShadow({mode: "open"}).innerHTML =
  "<p>The breakwater stands again, said <slot></slot>, and nobody in the harbour believes it.</p>";
document.getElementById("secret").value = "hunter2-typed";
</script>"""
HEADERS = {
    "/strict": {
        "Content-Security-Policy": "default-src 'self'; script-src 'none'; connect-src 'none'; form-action 'none'"
    },
    "/trusted": {"Content-Security-Policy": "require-trusted-types-for 'script'; trusted-types 'none'"},
}


def test_the_source_becomes_one_address_with_the_archive_in_it():
    made = bookmarklet(STATIC / "bookmarklet.js", "https://archive.example:8443")
    code = unquote(made.removeprefix("javascript:"))
    assert made.startswith("javascript:(()")
    assert len(made) < 8_000  # Firefox keeps 65,536 characters, some bookmark syncs less
    assert '"https://archive.example:8443"' in code
    assert "archive.invalid" not in code
    assert "//" not in code.replace("https://", "")
    assert not set(made) & set('\n\r\t "<>`{}')


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A newspaper's site on another host, with ways of being difficult."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Newspaper)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://news.test:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium(playwright):
    browser = launch(playwright, "--host-resolver-rules=MAP news.test 127.0.0.1")
    yield browser
    browser.close()


@pytest.fixture
def browser(chromium):
    context = chromium.new_context()
    context.set_default_timeout(10_000)
    context.problems = []
    context.on("page", lambda page: page.on("console", lambda said: _note_problem(context.problems, said)))
    yield context
    with contextlib.suppress(Exception):
        context.close()


@pytest.mark.browser
def test_pressing_it_and_save_keeps_the_page_as_it_is_shown(browser, archive, site, services, owner):
    sign_in(browser, archive, services)
    window = press(browser, archive, f"{site}/plain#a-place")
    window.locator("[data-new=outlet]", has_text="news.test").wait_for()  # waits until the page has come
    window.locator("[data-new=size]", has_text="1 picture").wait_for()
    assert "harbour rebuilds" in window.input_value("#new-title")
    window.fill("#new-regions", "Syria")
    window.fill("#new-note", "Ask about the levy.")
    window.click("#save")
    window.wait_for_selector(".clip-state.kept")
    article, version = the_article(services, owner)
    assert article.address == f"{site}/plain"
    assert article.note == "Ask about the levy."
    assert [tag.tag_id for tag in article.tags] == ["r-sy"]
    assert version.came_by is CameBy.BOOKMARKLET
    assert "written by a script" in version.body_text
    assert "said Ada Quill, and nobody in the harbour" in " ".join(version.body_text.split())
    assert [image.asset is not None for image in version.images] == [True]
    raw = services.shelf.read(version.raw_sha256)
    assert b"hunter2" not in raw
    assert b"csrf-of-the-page" not in raw
    assert b"innerHTML" not in raw
    assert not [problem for problem in browser.problems if "Content Security Policy" in problem]


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/strict", "/trusted"])
def test_a_page_with_a_strict_policy_is_kept_too(browser, archive, site, services, owner, path):
    sign_in(browser, archive, services)
    window = press(browser, archive, site + path)
    window.click("#save")
    window.wait_for_selector(".clip-state.kept")
    article, version = the_article(services, owner)
    assert article.address == site + path
    assert "eastern breakwater" in version.body_text
    assert [image.asset is not None for image in version.images] == [True]


@pytest.mark.browser
def test_only_the_selection_is_kept_when_there_is_one(browser, archive, site, services, owner):
    sign_in(browser, archive, services)
    window = press(
        browser, archive, f"{site}/plain", before="getSelection().selectAllChildren(document.querySelector('#second'))"
    )
    window.locator("[data-new=selected]", has_text="on Tuesday").wait_for()
    window.click("#save")
    window.wait_for_selector(".clip-state.kept")
    _, version = the_article(services, owner)
    assert "on Tuesday" in version.body_text
    assert "on Monday" not in version.body_text


@pytest.mark.browser
def test_nothing_is_sent_before_save_is_pressed(browser, archive, site, services, owner):
    sign_in(browser, archive, services)
    window = press(browser, archive, f"{site}/plain")
    window.wait_for_timeout(500)
    window.close()
    with services.store.read() as work:
        assert work.clips.recent(owner, 5) == []


@pytest.mark.browser
def test_who_is_not_signed_in_signs_in_first_and_the_page_is_still_there(browser, archive, site, services, owner):
    accounts.set_password(services, owner, "a long password")
    page = browser.new_page()
    page.goto(f"{site}/plain")
    with browser.expect_page() as opened:
        page.evaluate(code(archive))
    window = opened.value
    window.wait_for_url("**/sign-in*")
    window.fill("[name=name]", "reader")
    window.fill("[name=password]", "a long password")
    window.press("[name=password]", "Enter")
    window.wait_for_selector("#save:visible")
    window.locator("[data-new=size]", has_text="kB").wait_for()
    assert "harbour rebuilds" in window.input_value("#new-title")


@pytest.mark.browser
def test_where_windows_are_cut_apart_the_page_is_offered_by_its_address(browser, archive, site, services):
    """As Cross-Origin-Opener-Policy does it (on secure sites only, which this one is not): no opener."""
    sign_in(browser, archive, services)
    page = browser.new_page()
    page.goto(f"{site}/plain")
    with browser.expect_page() as opened:
        page.evaluate("address => { open(address, '_blank', 'noopener') }", f"{archive}/clip/new?address={site}/plain")
    window = opened.value
    window.wait_for_selector("text=Press the bookmarklet again")
    assert window.input_value("#by-address [name=address]") == f"{site}/plain"
    assert not window.is_visible("#save")


@pytest.mark.browser
def test_a_page_cannot_speak_for_another_site(browser, archive, site, services):
    sign_in(browser, archive, services)
    page = browser.new_page()
    page.goto(f"{site}/plain")
    with browser.expect_page() as opened:
        page.evaluate(
            """archive => { const w = open(archive + "/clip/new"); addEventListener("message", () => w.postMessage(
            {dateline: "page", url: "https://bank.example/", title: "t", html: "<p>forged</p>"}, archive)) }""",
            archive,
        )
    window = opened.value
    window.wait_for_selector("text=This page was not taken")
    assert not window.is_visible("#save")


@pytest.mark.browser
def test_only_the_opener_is_listened_to(browser, archive, services):
    sign_in(browser, archive, services)
    window = browser.new_page()
    window.goto(f"{archive}/clip/new")
    window.evaluate("""postMessage({dateline: "page", url: location.href, title: "t", html: "<p>forged</p>"}, "*")""")
    window.wait_for_timeout(300)
    assert not window.is_visible("#save")
    assert window.is_visible("text=Press the bookmarklet again")


@pytest.mark.browser
def test_an_unknown_region_is_said_in_the_window_and_nothing_is_lost(browser, archive, site, services, owner):
    sign_in(browser, archive, services)
    window = press(browser, archive, f"{site}/plain")
    window.fill("#new-regions", "Syrai")
    window.click("#save")
    window.wait_for_selector("text=There is no region called")
    window.locator("[data-new=size]", has_text="kB").wait_for()
    assert "harbour rebuilds" in window.input_value("#new-title")
    window.fill("#new-regions", "")
    window.click("#save")
    window.wait_for_selector(".clip-state.kept")
    the_article(services, owner)


def code(archive: str) -> str:
    """What the browser runs when the bookmark is pressed."""
    return unquote(bookmarklet(STATIC / "bookmarklet.js", archive).removeprefix("javascript:"))


def press(browser, archive: str, address: str, *, before: str = ""):
    """Open a page, press the bookmark there, wait until its window has the page."""
    page = browser.new_page()
    page.goto(address)
    if before:
        page.evaluate(before)
    with browser.expect_page() as opened:
        page.evaluate(code(archive))
    window = opened.value
    window.wait_for_selector("#save:visible")
    return window


def sign_in(browser, archive: str, services: Services) -> None:
    page = browser.new_page()
    page.goto(archive + accounts.make_sign_in_link(services))
    page.click("main button")
    page.wait_for_url(archive + "/")
    page.close()


def the_article(services: Services, owner: int):
    """The only article there is, and its version."""
    with services.store.read() as work:
        (clip,) = work.clips.recent(owner, 5)
        assert clip.state is ClipState.KEPT, clip.reason
        return work.articles.get(owner, clip.article_id), work.versions.current(clip.article_id)


def _note_problem(problems: list[str], said) -> None:
    if said.type == "error":
        problems.append(said.text)


class Newspaper(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/harbour.png":
            return self._answer("image/png", builders.picture())
        html = builders.page(images=PICTURE, words="<span id=last></span>").replace(
            "<p>The harbour council of Latakia voted on Tuesday",
            '<p id="second">The harbour council of Latakia voted on Tuesday',
        )
        extras = '<form><input id="secret" name="s"><input type="hidden" value="csrf-of-the-page"></form>'
        html = html.replace("</article>", "<news-quote><b>Ada Quill</b></news-quote></article>").replace(
            "</main>", f"</main>{extras}{ALIVE}"
        )
        return self._answer("text/html; charset=utf-8", html.encode())

    def _answer(self, media_type: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        for name, value in HEADERS.get(self.path, {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Silent."""
