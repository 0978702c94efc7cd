"""Highlights in a real browser: select, press a key, see the mark, find it after a reload, undo; no script errors."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests import builders
from webapp.access import accounts
from webapp.app import create_app
from webapp.articles import highlighting
from webapp.services import Services

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--disable-quic"]  # fmt: skip
SELECT = """([from, to]) => {
  const paragraph = document.querySelector("#words p");
  const range = document.createRange();
  range.setStart(paragraph.firstChild, from);
  range.setEnd(paragraph.firstChild, to);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""
SHOWN = "() => [...(CSS.highlights.get('reader') ?? [])].map((range) => range.toString())"

pytestmark = pytest.mark.browser


@pytest.fixture
def page(services: Services, owner: int) -> Iterator[object]:
    """A signed-in page of Chromium, with the article's address as `page.article`."""
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api")
    article = builders.put(services).article_id
    server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        page = browser.new_page()
        page.goto(base + accounts.make_sign_in_link(services))
        page.click("main button")
        page.wait_for_url(f"{base}/")
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(f"{base}/articles/{article}")
        yield page
        assert page.errors == []
        browser.close()
    server.shutdown()


def test_what_is_selected_is_marked_by_a_key_and_found_after_a_reload(page, services, owner) -> None:
    page.evaluate(SELECT, [4, 30])
    page.wait_for_selector(".highlight-button:visible")
    page.keyboard.press("h")
    page.wait_for_selector("[data-highlight]")
    page.wait_for_function(f"({SHOWN})().length === 1")
    assert page.evaluate(SHOWN) == ["harbour council of Latakia"]
    kept = highlighting.of_article(services, owner, 1)[0].highlight
    assert (kept.exact, kept.prefix, kept.start) == ("harbour council of Latakia", "The ", 4)
    page.reload()
    page.wait_for_function(f"({SHOWN})().length === 1")
    assert page.evaluate(SHOWN) == ["harbour council of Latakia"]


def test_the_button_marks_too_and_the_notice_takes_it_back(page) -> None:
    page.evaluate(SELECT, [31, 46])
    page.click(".highlight-button")
    page.wait_for_selector("[data-highlight]")
    page.click(".notice [data-key=u]")
    page.wait_for_function("() => !document.querySelector('[data-highlight]')")
    page.wait_for_function(f"({SHOWN})().length === 0")


def test_of_the_same_words_the_selected_ones_are_marked(page, services, owner) -> None:
    page.evaluate(SELECT.replace('"#words p"', '"#words p:nth-of-type(2)"'), [4, 19])
    page.wait_for_selector(".highlight-button:visible")
    page.keyboard.press("h")
    page.wait_for_selector("[data-highlight]")
    page.wait_for_function(f"({SHOWN})().length === 1")
    inside = "() => [...CSS.highlights.get('reader')][0].startContainer.parentElement.matches('p:nth-of-type(2)')"
    assert page.evaluate(inside)


def test_a_key_typed_into_a_field_marks_nothing(page, services, owner) -> None:
    page.evaluate(SELECT, [4, 30])
    page.focus("#note-text")
    page.keyboard.press("h")
    page.wait_for_timeout(300)
    assert highlighting.of_article(services, owner, 1) == ()
