"""Whatever arrives: a clear answer, never a 500, never a hang, and nothing of worth lost."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import builders
from webapp import clipping, jobs
from webapp.access import accounts
from webapp.app import create_app
from webapp.articles import reading
from webapp.confine import Confined
from webapp.model import ClipState
from webapp.services import Services

WORDS = "The harbour council voted on Monday to rebuild the eastern breakwater, which two winter storms broke open. "
PATIENCE_S = 60  # of wall clock, on a busy machine; extraction itself is stopped after 30


@pytest.fixture
def send(stranger: FlaskClient, services: Services, owner: int) -> Any:
    """Send bytes as a page through the API."""
    token = accounts.make_device(services, owner, "a test").token

    def post(content: bytes) -> Any:
        meta = b'{"url": "https://quay.example/bad"}'
        body, content_type = builders.multipart(
            ("page", "text/html", "", content), ("meta", "application/json", "", meta)
        )
        headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
        return stranger.post("/api/v1/clips", data=body, headers=headers)

    return post


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"", 422, "nothing in this clip"),
        (b"  \r\n\t ", 422, "nothing in this clip"),
        (b"\x00" * 5_000, 422, ""),
        (b"<html><body></body></html>", 422, "no words"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 400, 422, "PNG"),
        (b"%PDF-1.7\n" + b"\xff\x00" * 400, 422, "PDF"),
        (b"PK\x03\x04" + b"\x00\xff" * 400, 422, "zip"),
        (os.urandom(20_000), 422, ""),
        (b"<p>" + b"word " * 12_500_000, 413, "50 MB"),
    ],
    ids=["empty", "blank", "only NUL", "no words", "picture", "PDF", "archive", "noise", "62 MB"],
)
def test_what_holds_nothing_of_worth_is_refused_with_its_reason(
    send: Any, services: Services, owner: int, content: bytes, status: int, says: str
) -> None:
    answer = send(content)
    assert answer.status_code == status, answer.text
    assert says.lower() in answer.json["error"]["message"].lower()
    assert len(answer.json["error"]["message"]) > 20
    assert clipping.recent(services, owner) == []


@pytest.mark.parametrize(
    ("content", "expects"),
    [
        (builders.page().encode()[:700], "eastern"),
        (builders.page(words=WORDS).encode().replace(b"council", b"coun\x00cil"), "council"),
        (builders.page("Über die Mole", words="Größe und Übermut. " * 9).encode("cp1252"), "Größe"),
        (builders.page(words="Größe und Übermut. " * 9).encode().replace(b"Monday", b"Mon\xffday"), "Größe"),
        (f"<div>{WORDS * 3}</div>".encode(), "breakwater"),
        (b"<div>" * 20_000 + f"<p>{WORDS * 3}</p>".encode(), "breakwater"),
        (
            b"<table>" + b"<tr><td>1<td>2<td>3" * 30_000 + f"</table><p>{WORDS}<p>{WORDS}".encode(),
            "breakwater",
        ),
        (f"<p hx-get='/x' onclick=alert(1) style='x'>{WORDS * 2}</p><script>alert(1)</script>".encode(), "breakwater"),
        (f"<base href='http://[bad'><article><h1>A</h1><p>{WORDS * 2}".encode(), "breakwater"),
    ],
    ids=[
        "truncated",
        "NUL",
        "cp1252",
        "one bad byte",
        "no title",
        "20,000 deep",
        "90,000 cells",
        "hostile",
        "bad base",
    ],
)
def test_what_holds_something_of_worth_is_kept_and_read_or_visibly_failed(
    send: Any, services: Services, owner: int, content: bytes, expects: str
) -> None:
    started = time.monotonic()
    answer = send(content)
    assert answer.status_code == 202, answer.text
    jobs.run_all(services)
    assert time.monotonic() - started < PATIENCE_S
    record = clipping.state_of(services, owner, answer.json["clip_id"])
    assert reading.original_of_clip(services, owner, record.clip_id).content == content
    opened = reading.open_article(services, owner, record.article_id or 0)
    assert opened.article.title
    if record.state is ClipState.FAILED:
        assert record.reason
    else:
        assert opened.version is not None
        assert expects in opened.version.body_text
        for danger in ("hx-get", "onclick", "<script", "style="):
            assert danger not in opened.version.clean_html


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://quay.example/a",
        "javascript:alert(1)",
        "http://user:secret@quay.example/",
        "http://quay.example:22/",
        "http://127.0.0.1:8765/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://192.168.1.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "quay",
        "",
        "http://" + "a" * 3_000 + ".example/",
    ],
)
def test_an_address_that_must_not_be_fetched_comes_back_to_the_form_with_a_reason(
    client: FlaskClient, services: Services, owner: int, address: str
) -> None:
    answer = client.post("/clip/address", data={"address": address})
    assert answer.status_code in (422, 502), answer.status_code
    assert clipping.recent(services, owner) == []


def test_a_full_disk_says_so_and_acknowledges_nothing(
    send: Any, services: Services, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)  # the system's refusal, not ours
    answer = send(builders.page().encode())
    monkeypatch.undo()
    assert answer.status_code == 507
    assert "full" in answer.json["error"]["message"].lower()
    assert send(builders.page().encode()).status_code == 202
    jobs.run_all(services)
    assert len(clipping.recent(services, owner)) == 1


def test_a_locked_database_says_so_and_the_clip_can_be_sent_again(tmp_path: Any, confined: Confined) -> None:
    services = builders.open_archive(tmp_path / "locked", confined=confined, busy_timeout_s=0.2)
    owner = accounts.ensure_account(services).id
    token = accounts.make_device(services, owner, "a test").token
    browser = create_app(services).test_client()
    clip = {"url": "https://quay.example/a", "html": builders.page(), "clip_id": "sent-when-locked"}
    other = sqlite3.connect(services.settings.data_dir / "dateline.sqlite")
    other.execute("BEGIN IMMEDIATE")
    refused = browser.post("/api/v1/clips", json=clip, headers={"Authorization": f"Bearer {token}"})
    other.rollback()
    other.close()
    assert refused.status_code == 503
    assert refused.json is not None
    assert "another program holds it" in refused.json["error"]["message"]
    assert browser.post("/api/v1/clips", json=clip, headers={"Authorization": f"Bearer {token}"}).status_code == 202
    services.close()


def test_a_page_that_needs_too_long_is_stopped_and_kept(tmp_path: Any) -> None:
    services = builders.open_archive(tmp_path / "slow", extraction_timeout_s=0.01)
    try:
        record = builders.put(services, "<p>" + WORDS * 20_000)
        assert record.state is ClipState.FAILED
        assert "stopped" in record.reason
        opened = reading.open_article(services, record.owner, record.article_id or 0)
        assert opened.article.failure == record.reason
    finally:
        services.close()


def test_a_pixel_bomb_is_missed_and_the_article_is_kept(services: Services, owner: int) -> None:
    bomb = builders.picture(12_000, 9_000)
    html = builders.page(images='<figure><img src="https://quay.example/bomb.png" alt="A wall"></figure>')
    from webapp.model import Resource

    record = builders.put(services, html, resources=(Resource("https://quay.example/bomb.png", "image/png", bomb),))
    opened = reading.open_article(services, owner, record.article_id or 0)
    assert record.state is ClipState.KEPT
    assert opened.version is not None
    assert "pixels" in opened.version.images[0].reason
