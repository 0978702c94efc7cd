"""An address alone, handed in by the API: the archive fetches the page, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from webapp.access import accounts
from webapp.app import create_app
from webapp.model import CameBy
from webapp.services import Services


@pytest.fixture
def services(tmp_path: Path, confined) -> Iterator[Services]:
    opened = builders.open_archive(tmp_path / "archive", confined=confined, fetch_private_hosts="yes")
    yield opened
    opened.close()


@pytest.fixture
def post(services: Services):
    owner = accounts.ensure_account(services).id
    token = accounts.make_device(services, owner, "test", accounts.SCOPES).token
    browser = create_app(services).test_client()
    headers = {"Authorization": f"Bearer {token}"}
    return lambda more=(), **body: browser.post("/api/v1/clips", json=body, headers={**headers, **dict(more)})


def test_an_address_is_fetched_once_for_a_clip_id(post, services, tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "story.html").write_text(builders.page())
    with builders.web_server(folder) as site:
        first = post(url=f"{site}/story.html", fetch=True, clip_id="link-0001", note="From a menu")
    assert first.status_code == 202, first.text
    again = post(url=f"{site}/story.html", fetch=True, clip_id="link-0001")  # the site is gone
    assert (again.status_code, again.json["new"]) == (202, False)
    with services.store.read() as work:
        (record,) = work.clips.recent(1, 5)
        assert record.came_by is CameBy.ADDRESS
        assert work.clips.details(record.id)["note"] == "From a menu"


def test_a_page_that_cannot_be_fetched_is_said_to_be_so_and_nothing_is_kept(post, services):
    answer = post(url="http://127.0.0.1:9/nothing", fetch=True, clip_id="link-0002")
    assert answer.status_code == 502
    assert answer.json["error"]["kind"] == "FetchFailed"
    with services.store.read() as work:
        assert work.clips.recent(1, 5) == []


@pytest.mark.parametrize(
    ("origin", "door"), [("chrome-extension://abc", CameBy.EXTENSION), ("", CameBy.API), ("https://a.b", CameBy.API)]
)
def test_the_record_says_that_the_extension_sent_it(post, services, origin, door):
    post(more={"Origin": origin}.items(), url="https://quay.example/a", html=builders.page())
    with services.store.read() as work:
        assert work.clips.recent(1, 1)[0].came_by is door
