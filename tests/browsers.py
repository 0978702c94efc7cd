"""Fixtures for what a real browser must show: Debian's Chromium, and the archive on a port with its worker at work.

A test module takes them with `pytest_plugins = ["browsers"]`. Without a browser those tests are skipped, but where
everything must run.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
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
    """The address of the archive `services`, served, its worker at work."""
    server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    worker = Worker(services)
    worker.start()
    yield f"http://127.0.0.1:{server.server_port}"
    worker.stop()
    server.shutdown()
    server.server_close()


@pytest.fixture
def signed_in(chromium, archive: str, services: Services):
    """A page of a signed-in reader. What the console complained about is in `page.complaints`; a test ends without."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    listen(page)
    sign_in(page, archive, services)
    yield page
    assert page.complaints == []
    context.close()


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
