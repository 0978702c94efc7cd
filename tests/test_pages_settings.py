"""Settings: devices and their tokens, the password, facts about the archive."""

from __future__ import annotations

import re

from webapp.access import accounts


def make(client, **form):
    return client.post("/settings/devices", data={"name": "cron", "scope": ["clip", "read"], **form})


def test_a_new_devices_token_is_shown_once_and_works(client, services):
    answer = make(client)
    token = re.search(r"dl_[\w-]{20,}", answer.text)[0]
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'"Authorization: Bearer {token}"' in answer.text
    assert accounts.device_of(services, token, "clip").name == "cron"
    assert token not in client.get("/settings/devices").text


def test_the_example_uses_what_the_device_may(client):
    assert "/api/v1/clips" in make(client).text
    only_read = make(client, scope=["read"]).text
    assert "/api/v1/articles?q=" in only_read
    assert "/api/v1/clips" not in only_read


def test_a_device_without_a_name_or_scope_is_refused_and_the_form_kept(client):
    answer = make(client, name="  ", scope=["clip"])
    assert answer.status_code == 422
    assert "Give the device a name" in answer.text
    assert re.search(r'value="clip" checked', answer.text)
    assert not re.search(r'value="write" checked', answer.text)
    answer = make(client, scope=[])
    assert answer.status_code == 422
    assert 'value="cron"' in answer.text


def test_a_revoked_device_stays_listed_and_its_token_is_dead(client, services, owner):
    token = re.search(r"dl_[\w-]{20,}", make(client).text)[0]
    (device,) = accounts.devices(services, owner)
    page = client.get("/settings/devices").text
    assert "Final: its token stops working at once" in page
    assert client.post(f"/settings/devices/{device.id}/revoke").status_code == 303
    page = client.get("/settings/devices").text
    assert "Revoked. Its token does not work any more." in page
    assert f"/settings/devices/{device.id}/revoke" not in page
    assert client.get("/api/v1/articles", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert client.post("/settings/devices/99/revoke").status_code == 404


def test_a_password_is_set_when_it_was_typed_twice_and_is_long_enough(client, services, owner):
    short = client.post("/settings/password", data={"password": "short", "again": "short"})
    assert short.status_code == 422
    assert "at least 10 characters" in short.text
    other = client.post("/settings/password", data={"password": "a long password", "again": "a long passwort"})
    assert other.status_code == 422
    assert "not the same" in other.text
    assert not accounts.account(services, owner).has_password
    done = client.post("/settings/password", data={"password": "a long password", "again": "a long password"})
    assert done.status_code == 303
    assert accounts.sign_in_with_password(services, "reader", "a long password").id == owner


def test_the_facts_are_those_of_this_archive(client, services):
    page = client.get("/settings").text
    assert str(services.settings.data_dir) in page
    assert "SQLite" in page
    assert "search index is ready" in page


def test_another_site_cannot_make_a_device(client):
    answer = client.post(
        "/settings/devices", data={"name": "x", "scope": "clip"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_a_reader_chooses_whether_missing_pictures_are_fetched(client, services, owner):
    assert not accounts.fetches_pictures(services, owner)
    assert client.post("/settings/pictures", data={"fetches": "yes"}).status_code == 303
    assert accounts.fetches_pictures(services, owner)
    assert "checked" in client.get("/settings").text.split('name="fetches"')[1].split(">")[0]
    client.post("/settings/pictures")
    assert not accounts.fetches_pictures(services, owner)
