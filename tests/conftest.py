"""Fixtures: an open archive on real shelves, a signed-in client, and no skipping where everything must run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests import builders
from webapp.access import accounts
from webapp.app import create_app
from webapp.confine import Confined
from webapp.services import Services

MUST_RUN = "TESTS_MUST_ALL_RUN"  # set by .ci/run: a missing browser or database is then a failure


@pytest.fixture(scope="session")
def confined() -> Iterator[Confined]:
    """One child process for all tests: starting one takes a second."""
    child = Confined(timeout_s=30.0, memory_bytes=2_000_000_000)
    yield child
    child.close()


@pytest.fixture
def clock() -> builders.Clock:
    return builders.Clock()


@pytest.fixture
def services(tmp_path: Path, confined: Confined, clock: builders.Clock) -> Iterator[Services]:
    opened = builders.open_archive(tmp_path / "archive", confined=confined, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def owner(services: Services) -> int:
    return accounts.ensure_account(services).id


@pytest.fixture
def stranger(services: Services) -> FlaskClient:
    """A browser that nobody signed in."""
    return create_app(services).test_client()


@pytest.fixture
def client(services: Services, stranger: FlaskClient) -> FlaskClient:
    """A signed-in browser."""
    link = accounts.make_sign_in_link(services)
    answer = stranger.post(link)
    assert answer.status_code == 303, answer.text
    return stranger


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if os.environ.get(MUST_RUN) and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and {MUST_RUN} is set: {report.longrepr}"
    return report
