"""Who may come in, from where, and with which headers an answer leaves."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests import builders
from webapp.access import accounts
from webapp.app import create_app
from webapp.confine import Confined
from webapp.errors import BadSetting
from webapp.services import Services


def test_a_stranger_is_led_to_the_door_and_back(stranger: FlaskClient) -> None:
    answer = stranger.get("/articles/7?version=2")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=%2Farticles%2F7%3Fversion%3D2"


def test_a_strangers_write_changes_nothing_and_says_so(stranger: FlaskClient) -> None:
    assert stranger.post("/clip/text", data={"text": "words"}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "http://[::1"}, True),
        ({"Origin": "http://localhost@evil.example"}, True),
        ({"Origin": "http://localhost"}, False),
        ({}, False),
    ],
)
def test_a_write_must_come_from_our_own_pages(client: FlaskClient, headers: dict[str, str], refused: bool) -> None:
    answer = client.post("/clip/text", data={"text": "A harbour rebuilds.\n\nIt takes a year."}, headers=headers)
    assert (answer.status_code == 403) is refused, answer.status_code


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8765", 200),
        ("127.0.0.1:8765", 200),
        ("[::1]:8765", 200),
        ("dateline.localhost", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
    ],
)
def test_only_our_own_names_are_answered_to(stranger: FlaskClient, host: str, status: int) -> None:
    assert stranger.get("/sign-in", headers={"Host": host}).status_code == status


@pytest.mark.parametrize("path", ["/", "/clip", "/settings/devices", "/help", "/nothing"])
def test_every_page_leaves_under_a_strict_policy(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-cache" in answer.headers["Cache-Control"] or "no-store" in answer.headers["Cache-Control"]


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(stranger: FlaskClient, services: Services) -> None:
    answer = stranger.post(accounts.make_sign_in_link(services))
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_key_is_made_once_and_readable_by_its_owner_alone(services: Services) -> None:
    create_app(services)
    path = services.settings.data_dir / "secret.key"
    key = path.read_bytes()
    create_app(services)
    assert path.read_bytes() == key
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list(services.settings.data_dir.glob("secret.?*[!y]"))


def test_a_key_that_a_power_cut_emptied_is_made_anew(services: Services) -> None:
    key = services.settings.data_dir / "secret.key"
    key.write_bytes(b"")
    browser = create_app(services).test_client()
    assert browser.post(accounts.make_sign_in_link(services)).status_code == 303
    assert len(key.read_bytes()) == 32


def test_only_signing_in_and_out_and_notices_set_the_cookie(client: FlaskClient) -> None:
    """An answer that was under way while somebody signs out would sign them in again."""
    assert "Set-Cookie" not in client.get("/").headers


def test_an_address_of_a_page_that_is_none_stops_nothing(client: FlaskClient, services: Services) -> None:
    article = builders.put(services).article_id
    for headers in ({"Referer": "http://[bad"}, {"HX-Current-URL": "http://[bad"}):
        answer = client.post(f"/articles/{article}/starred", data={"starred": "1"}, headers=headers)
        assert (answer.status_code, answer.location) == (303, f"/articles/{article}")


def test_another_password_ends_every_session_but_the_one_it_was_set_in(client: FlaskClient, services: Services) -> None:
    laptop = create_app(services).test_client()
    laptop.post(accounts.make_sign_in_link(services))
    assert laptop.get("/settings").status_code == 200
    client.post("/settings/password", data={"password": "a harbour wall", "again": "a harbour wall"})
    assert client.get("/settings").status_code == 200
    assert laptop.get("/settings").status_code == 303


def cookie_of(browser: FlaskClient) -> tuple[str, str]:
    (cookie,) = browser._cookies.values()
    return cookie.key, cookie.value


def test_a_copied_cookie_is_worth_nothing_once_its_browser_has_signed_out(
    client: FlaskClient, services: Services
) -> None:
    thief, laptop = (create_app(services).test_client() for _ in range(2))
    thief.set_cookie(*cookie_of(client))
    laptop.post(accounts.make_sign_in_link(services))
    assert thief.get("/settings").status_code == 200
    assert client.post("/sign-out").location == "/sign-in"
    assert thief.get("/settings").status_code == 303
    assert laptop.get("/settings").status_code == 200  # a browser of its own


def test_signing_out_everywhere_ends_every_session_and_no_device(
    client: FlaskClient, services: Services, owner: int
) -> None:
    laptop = create_app(services).test_client()
    laptop.post(accounts.make_sign_in_link(services))
    token = accounts.make_device(services, owner, "A phone").token
    assert "2 browsers are signed in." in " ".join(client.get("/settings").text.split())
    assert laptop.post("/sign-out/everywhere").location == "/sign-in"
    assert (client.get("/settings").status_code, laptop.get("/settings").status_code) == (303, 303)
    assert laptop.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_a_session_ends_by_itself_whatever_the_cookie_says(
    client: FlaskClient, services: Services, clock: builders.Clock
) -> None:
    services.settings = replace(services.settings, session_lifetime_s=3_600)
    clock.move(minutes=59)
    assert client.get("/settings").status_code == 200
    clock.move(minutes=2)
    assert client.get("/settings").status_code == 303


def test_a_key_that_cannot_be_read_is_named(services: Services) -> None:
    key = services.settings.data_dir / "secret.key"
    key.unlink(missing_ok=True)
    key.mkdir()
    with pytest.raises(BadSetting, match=r"secret\.key"):
        create_app(services)


def test_two_archives_of_one_machine_do_not_share_a_cookie(
    stranger: FlaskClient, services: Services, tmp_path: Path, confined: Confined
) -> None:
    other = builders.open_archive(tmp_path / "other", confined=confined)
    try:
        first = stranger.post(accounts.make_sign_in_link(services)).headers["Set-Cookie"]
        second = create_app(other).test_client().post(accounts.make_sign_in_link(other)).headers["Set-Cookie"]
    finally:
        other.close()
    assert first.partition("=")[0] != second.partition("=")[0]
