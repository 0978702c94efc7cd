"""Connecting a device: the grant as RFC 8628 tells it, the page that confirms it, and its limits."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.builders import Clock
from webapp.access import accounts, connecting
from webapp.api.devices import GRANT_TYPE
from webapp.app import create_app
from webapp.services import Services


class Device:
    """A device that is being connected: it holds no cookie."""

    def __init__(self, services: Services) -> None:
        self.browser = create_app(services).test_client()
        self.codes: dict[str, Any] = {}

    def ask(self, **body: Any) -> Any:
        answer = self.browser.post("/api/v1/device/code", json={"client_name": "Firefox on the laptop", **body})
        self.codes = answer.json
        return answer

    def poll(self, **body: Any) -> Any:
        sent = {"grant_type": GRANT_TYPE, "device_code": self.codes.get("device_code", ""), **body}
        return self.browser.post("/api/v1/device/token", data=sent)

    def error(self) -> str:
        answer = self.poll()
        assert answer.status_code == 400
        return str(answer.json["error"])


@pytest.fixture
def device(services: Services) -> Device:
    made = Device(services)
    made.ask()
    return made


def confirm(client: FlaskClient, device: Device, answer: str = "allow", **form: Any) -> Any:
    sent = {"code": device.codes["user_code"], "answer": answer, "scope": list(accounts.SCOPES), **form}
    return client.post("/connect", data=sent)


def test_a_device_that_the_reader_allows_gets_a_token_that_works(
    client: FlaskClient, device: Device, owner: int
) -> None:
    assert device.error() == "authorization_pending"
    assert confirm(client, device).headers["Location"].endswith("answer=allowed")
    answer = device.poll()
    assert (answer.status_code, answer.json["token_type"]) == (200, "bearer")
    assert answer.json["scope"] == "clip read write"
    assert answer.json["archive_name"] == "reader at localhost"
    assert answer.headers["Cache-Control"] == "no-store"
    token = {"Authorization": f"Bearer {answer.json['access_token']}"}
    me = device.browser.get("/api/v1/me", headers=token)
    assert me.json["device"]["name"] == "Firefox on the laptop"
    assert me.json["device"]["id"] == answer.json["device_id"]
    assert me.json["scopes"] == ["clip", "read", "write"]
    assert device.browser.get("/api/v1/articles", headers=token).status_code == 200


def test_the_codes_are_short_enough_to_type_and_say_where_to_go(device: Device) -> None:
    codes = device.codes
    assert re.fullmatch(f"[{connecting.ALPHABET}]{{4}}-[{connecting.ALPHABET}]{{4}}", codes["user_code"])
    assert codes["verification_uri"] == "http://localhost/connect"
    assert codes["verification_uri_complete"] == f"http://localhost/connect?code={codes['user_code']}"
    assert (codes["expires_in"], codes["interval"]) == (600, 5)


def test_a_token_is_handed_over_once(client: FlaskClient, device: Device) -> None:
    confirm(client, device)
    assert device.poll().status_code == 200
    assert device.error() == "invalid_grant"


def test_neither_code_nor_token_can_be_read_in_the_database(
    client: FlaskClient, device: Device, services: Services
) -> None:
    confirm(client, device)
    token = device.poll().json["access_token"]
    kept = b"".join(path.read_bytes() for path in services.settings.data_dir.glob("dateline.sqlite*"))
    assert b"Firefox on the laptop" in kept
    for secret in (device.codes["device_code"], device.codes["user_code"], token):
        assert secret.encode() not in kept
        assert secret.replace("-", "").encode() not in kept


def test_a_device_that_the_reader_refuses_is_told_so(client: FlaskClient, device: Device, services: Services) -> None:
    assert confirm(client, device, "refuse").headers["Location"].endswith("answer=refused")
    assert device.error() == "access_denied"
    assert "told no" in client.get("/connect/done?answer=refused").text
    assert accounts.devices(services, 1) == []


def test_a_code_expires(client: FlaskClient, device: Device, clock: Clock) -> None:
    clock.move(seconds=601)
    assert device.error() == "expired_token"
    assert confirm(client, device).status_code == 404
    assert device.error() == "expired_token"


def test_a_code_that_was_allowed_in_time_and_fetched_too_late_has_expired(
    client: FlaskClient, device: Device, clock: Clock
) -> None:
    confirm(client, device)
    clock.move(seconds=601)
    assert device.error() == "expired_token"


def test_a_device_that_asks_too_soon_has_to_wait_longer(device: Device, clock: Clock) -> None:
    assert device.error() == "authorization_pending"
    assert device.error() == "slow_down"
    clock.move(seconds=6)
    assert device.error() == "slow_down"  # the interval is ten seconds now
    clock.move(seconds=16)
    assert device.error() == "authorization_pending"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"device_code": ""}, "invalid_request"),
        ({"device_code": "made up"}, "invalid_grant"),
        ({"device_code": "\udcff\0"}, "invalid_grant"),
        ({"device_code": "x" * 20_000}, "invalid_request"),
    ],
)
def test_a_wrong_poll_is_told_what_is_wrong(device: Device, body: dict[str, str], error: str) -> None:
    sent = {"grant_type": GRANT_TYPE, "device_code": device.codes["device_code"], **body}
    answer = device.browser.post("/api/v1/device/token", json=sent)
    assert (answer.status_code, answer.json["error"]) == (400, error)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"client_name": 7}', b'{"scopes": [1]}', b"[" * 9_000])
def test_a_body_that_cannot_be_read_is_an_invalid_request(device: Device, content: bytes) -> None:
    answer = device.browser.post("/api/v1/device/code", data=content, content_type="application/json")
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("scopes", [["admin"], ["clip", "root"], "clip admin"])
def test_only_scopes_that_exist_can_be_asked_for(device: Device, scopes: object) -> None:
    answer = device.ask(scopes=scopes)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_scope")


def test_a_form_asks_as_the_standard_has_it(device: Device, client: FlaskClient) -> None:
    answer = device.browser.post("/api/v1/device/code", data={"client_id": "a reader's script", "scope": "read clip"})
    device.codes = answer.json
    page = client.get(f"/connect?code={device.codes['user_code']}").text
    assert "a reader&#39;s script" in page
    assert 'value="write"' not in page
    confirm(client, device)
    assert device.poll().json["scope"] == "clip read"


def test_the_page_says_who_asks_and_what_for(client: FlaskClient, device: Device, clock: Clock) -> None:
    clock.move(seconds=70)
    page = client.get("/connect", query_string={"code": device.codes["user_code"].lower().replace("-", " ")}).text
    assert "Firefox on the laptop" in page
    assert "127.0.0.1" in page
    assert "1 minute ago" in page
    assert device.codes["user_code"] in page
    assert page.count('type="checkbox"') == 3
    assert device.error() == "authorization_pending"  # looking decides nothing


def test_the_reader_may_grant_less_and_call_it_something_else(client: FlaskClient, device: Device) -> None:
    confirm(client, device, scope=["clip", "admin"], name="  My\u202e fox ")
    answer = device.poll().json
    assert answer["scope"] == "clip"
    assert answer["device_name"] == "My fox"


def test_nothing_is_allowed_when_nothing_is_ticked(client: FlaskClient, device: Device) -> None:
    answer = confirm(client, device, scope=[])
    assert answer.status_code == 422
    assert "Tick at least one" in answer.text
    assert device.error() == "authorization_pending"


def test_a_wrong_code_is_told_and_can_be_typed_again(client: FlaskClient, device: Device) -> None:
    assert 'name="code"' in client.get("/connect").text
    answer = client.get("/connect?code=BBBB-BBBB")
    assert answer.status_code == 404
    assert 'value="BBBB-BBBB"' in answer.text
    assert 'role="alert"' in answer.text


def test_codes_cannot_be_guessed_at_will(client: FlaskClient, device: Device, clock: Clock) -> None:
    for _ in range(5):
        assert client.get("/connect?code=BBBB-BBBB").status_code == 404
    assert client.get("/connect?code=BBBB-BBBB").status_code == 429
    assert client.get(f"/connect?code={device.codes['user_code']}").status_code == 429
    clock.move(seconds=3)
    assert client.get(f"/connect?code={device.codes['user_code']}").status_code == 200


def test_a_decision_is_made_once(client: FlaskClient, device: Device) -> None:
    confirm(client, device)
    assert confirm(client, device, "refuse").status_code == 404
    assert device.poll().status_code == 200


def test_confirming_needs_a_reader_and_comes_back_after_signing_in(stranger: FlaskClient, device: Device) -> None:
    answer = stranger.get(f"/connect?code={device.codes['user_code']}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/sign-in?next=%2Fconnect%3Fcode%3D{device.codes['user_code']}"
    assert confirm(stranger, device).status_code == 401
    assert device.error() == "authorization_pending"


def test_another_site_cannot_confirm_for_the_reader(client: FlaskClient, device: Device) -> None:
    answer = client.post(
        "/connect",
        data={"code": device.codes["user_code"], "answer": "allow", "scope": "clip"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert device.error() == "authorization_pending"


def test_one_address_cannot_fill_the_archive_with_codes(device: Device, clock: Clock) -> None:
    answers = [device.ask().status_code for _ in range(connecting.WAITING_LIMIT_FROM_ONE_ADDRESS)]
    assert answers == [200] * (connecting.WAITING_LIMIT_FROM_ONE_ADDRESS - 1) + [400]
    assert device.codes["error"] == "slow_down"
    clock.move(seconds=601)
    assert device.ask().status_code == 200


def test_a_revoked_device_is_told_to_make_a_new_token(client: FlaskClient, device: Device, services: Services) -> None:
    confirm(client, device)
    answer = device.poll().json
    client.post(f"/settings/devices/{answer['device_id']}/revoke")
    me = device.browser.get("/api/v1/me", headers={"Authorization": f"Bearer {answer['access_token']}"})
    assert me.status_code == 401
    assert "revoked" in me.json["error"]["message"]


def test_a_device_with_few_scopes_may_still_ask_who_it_is(services: Services, owner: int, stranger: Any) -> None:
    token = accounts.make_device(services, owner, "a clipper", ("clip",)).token
    assert stranger.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json["scopes"] == ["clip"]
    assert stranger.get("/api/v1/me").status_code == 401
