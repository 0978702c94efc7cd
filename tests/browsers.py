"""Fixtures for what a real browser must show: Debian's Chromium, and the archive on a port with its worker at work.

A test module takes them with `pytest_plugins = ["browsers"]`. Without a browser those tests are skipped, but where
everything must run.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from webapp.access import accounts
from webapp.app import create_app
from webapp.jobs import Worker
from webapp.services import Services

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--disable-quic"]  # fmt: skip
LOUD = ("error", "warning")


@pytest.fixture(scope="module")
def playwright():
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def chromium(playwright):
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def archive(services: Services) -> Iterator[str]:
    """The address of the archive `services`, its worker at work."""
    with served(services) as address:
        yield address


@pytest.fixture
def page(chromium, archive: str, services: Services):
    """A signed-in reader's page in the archive; the console says nothing until the test ends."""
    opened = open_page(chromium, archive, services)
    yield opened
    assert opened.complaints == []
    opened.context.close()


@contextmanager
def served(services: Services, *, works: bool = True) -> Iterator[str]:
    """The archive on a port; its address. `works` tells whether a worker does its jobs meanwhile."""
    server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    worker = Worker(services)
    if works:
        worker.start()
    yield f"http://127.0.0.1:{server.server_port}"
    if works:
        worker.stop()
    server.shutdown()
    server.server_close()


def open_page(chromium, archive: str, services: Services, *, before: str = "", **options):
    """A signed-in page in a browser of its own, 1440 px wide; `before` is run in it before any page's own scripts.

    What the console complains about is noted in `complaints`.
    """
    context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
    page = context.new_page()
    page.set_default_timeout(15_000)
    listen(page)
    if before:
        page.add_init_script(before)
    sign_in(page, archive, services)
    return page


def launch(playwright, *extra: str):
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*QUIET, *extra])


def listen(page) -> None:
    """Note the console's warnings and errors, words against the content security policy among them."""
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in LOUD else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))


def sign_in(page, archive: str, services: Services) -> None:
    page.goto(archive + accounts.make_sign_in_link(services))
    page.click("main button")
    page.wait_for_url(archive + "/")


def expect(page, selector: str, count: int) -> None:
    """Wait until as many elements are there."""
    from playwright.sync_api import expect as wait_for

    wait_for(page.locator(selector)).to_have_count(count)
