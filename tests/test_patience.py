"""Who is wrong too often has to wait: longer each time, never for ever, and not because of a stranger."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from tests.builders import Clock
from tests.extension_archive import Archive
from webapp.access import accounts, connecting, patience
from webapp.access.patience import Allowance
from webapp.app import create_app
from webapp.errors import NotSignedIn, TooManyTries
from webapp.services import Services

PASSWORD = "long enough now"


@pytest.fixture
def reader(services: Services, owner: int) -> int:
    accounts.set_password(services, owner, PASSWORD)
    return owner


def try_to_sign_in(services: Services, password: str = "a wrong password", *, came_from: str = "10.0.0.1") -> None:
    accounts.sign_in_with_password(services, "reader", password, came_from=came_from)


def be_wrong(services: Services, times: int, **extra: str) -> None:
    for _ in range(times):
        with pytest.raises(NotSignedIn):
            try_to_sign_in(services, **extra)


def test_five_wrong_passwords_cost_nothing_and_the_sixth_a_wait_even_if_it_is_right(services, reader, clock: Clock):
    be_wrong(services, 5)
    with pytest.raises(TooManyTries) as wait:
        try_to_sign_in(services, PASSWORD)
    assert wait.value.wait_s == 2
    clock.move(seconds=3)
    try_to_sign_in(services, PASSWORD)


def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(services, reader, clock: Clock):
    be_wrong(services, 5)
    waits = []
    for _ in range(12):
        with pytest.raises(TooManyTries) as wait:
            try_to_sign_in(services)
        waits.append(wait.value.wait_s)
        clock.move(seconds=wait.value.wait_s + 1)
        be_wrong(services, 1)
    assert waits[:5] == [2, 4, 8, 16, 32]
    assert max(waits) == 900


def test_a_success_forgets_the_failures(services, reader, clock: Clock):
    be_wrong(services, 4)
    try_to_sign_in(services, PASSWORD)
    be_wrong(services, 5)


def test_a_stranger_elsewhere_cannot_lock_the_reader_out_for_long(services, reader, clock: Clock):
    for number in range(40):
        try:
            try_to_sign_in(services, came_from=f"10.0.1.{number}")
        except (NotSignedIn, TooManyTries):
            clock.move(seconds=1)
    with pytest.raises(TooManyTries) as wait:
        try_to_sign_in(services, PASSWORD, came_from="192.168.0.2")
    assert wait.value.wait_s <= 60
    clock.move(seconds=61)
    try_to_sign_in(services, PASSWORD, came_from="192.168.0.2")


def test_failures_are_forgotten_after_a_day(services, reader, clock: Clock):
    be_wrong(services, 5)
    clock.move(hours=25)
    be_wrong(services, 1)
    with services.store.read() as work:
        assert work.tries.of(patience.PASSWORD_FROM_HERE.kind, patience._hashed(("reader", "10.0.0.1"))).count == 1


def test_allowances_are_kept_apart(services, owner):
    one, other = Allowance("one", 1, 60, "Too often."), Allowance("other", 1, 60, "Too often.")
    patience.failed(services, one, "who")
    with pytest.raises(TooManyTries, match="Wait 2 seconds"):
        patience.hold(services, one, "who")
    patience.hold(services, other, "who")
    patience.hold(services, one, "somebody else")


def test_the_page_says_how_long_to_wait_and_names_another_way(services, reader, stranger):
    for _ in range(5):
        assert stranger.post("/sign-in", data={"name": "reader", "password": "wrong"}).status_code == 422
    answer = stranger.post("/sign-in", data={"name": "reader", "password": PASSWORD})
    assert answer.status_code == 429
    assert "Wait 2 seconds" in answer.text
    assert "A sign-in link works at any time" in answer.text


# ---- behind a proxy


def sign_in(browser: FlaskClient, password: str, *, forwarded_for: str) -> int:
    form = {"name": "reader", "password": password}
    return browser.post("/sign-in", data=form, headers={"X-Forwarded-For": forwarded_for}).status_code


def test_behind_a_trusted_proxy_only_the_address_that_was_wrong_waits(services, reader):
    services.settings = replace(services.settings, trusted_proxy_count=1)
    browser = create_app(services).test_client()
    for number in range(5):  # what the visitor writes into the header himself stands before what the proxy adds
        assert sign_in(browser, "a wrong password", forwarded_for=f"9.9.9.{number}, 10.0.0.1") == 422
    assert sign_in(browser, PASSWORD, forwarded_for="10.0.0.1") == 429
    assert sign_in(browser, PASSWORD, forwarded_for="10.0.0.2") == 303


def test_without_a_trusted_proxy_nobody_is_believed(services, reader, stranger):
    for number in range(5):
        assert sign_in(stranger, "a wrong password", forwarded_for=f"10.0.0.{number}") == 422
    assert sign_in(stranger, PASSWORD, forwarded_for="10.0.0.9") == 429


@pytest.mark.parametrize(("count", "second"), [("0", 400), ("1", 200)])
def test_the_server_passes_on_what_a_trusted_proxy_says_and_nothing_else(tmp_path, confined, count, second):
    def ask(came_from: str) -> int:
        asked = urllib.request.Request(f"{archive.address}/api/v1/device/code", b"client_name=A browser")
        asked.add_header("X-Forwarded-For", came_from)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    archive = Archive(tmp_path / "archive", confined)
    try:
        archive.start(trusted_proxy_count=count)
        assert {ask("10.0.0.1") for _ in range(connecting.WAITING_LIMIT_FROM_ONE_ADDRESS)} == {200}
        assert ask("10.0.0.1") == 400
        assert ask("10.0.0.2") == second
    finally:
        archive.close()
