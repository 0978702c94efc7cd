"""The receipt of a clip: what was kept and missed, what looks odd, and whether it is new."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import builders
from webapp import jobs, receipts
from webapp.access import accounts
from webapp.articles import reading
from webapp.model import CameBy
from webapp.services import Services

EMPTY = "<html><body><script>" + "draw();" * 60 + "</script></body></html>"
SYRIA = {"kind": "region", "name": "Syria"}


class Api:
    """A client of the API with its token."""

    def __init__(self, services: Services, browser: FlaskClient, owner: int, *scopes: str) -> None:
        self.services, self.browser = services, browser
        token = accounts.make_device(services, owner, "a test", scopes or accounts.SCOPES).token
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: Any) -> Any:
        return self.browser.get(f"/api/v1{path}", headers=self.headers, query_string=query)

    def send(self, html: str, *resources: tuple[str, bytes], **meta: Any) -> str:
        """The id of a clip that is received, and not yet worked on."""
        import json

        parts = [("page", "text/html; charset=utf-8", "", html.encode())]
        parts += [("resource", "image/png", address, content) for address, content in resources]
        meta = {"url": "https://quay.example/breakwater", **meta}
        body, kind = builders.multipart(*parts, ("meta", "application/json", "", json.dumps(meta).encode()))
        answer = self.browser.post("/api/v1/clips", data=body, content_type=kind, headers=self.headers)
        assert answer.status_code == 202, answer.text
        return str(answer.json["clip_id"])

    def receipt(self, clip_id: str, **query: Any) -> Any:
        answer = self.get(f"/clips/{clip_id}/receipt", **query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def clip(self, html: str, *resources: tuple[str, bytes], **meta: Any) -> Any:
        """The receipt of a clip that is kept."""
        clip_id = self.send(html, *resources, **meta)
        jobs.run_all(self.services)
        return self.receipt(clip_id)


@pytest.fixture
def api(services: Services, stranger: FlaskClient, owner: int) -> Api:
    return Api(services, stranger, owner)


def test_a_receipt_says_what_was_kept(api: Api) -> None:
    picture = '<figure><img src="/harbour.png" alt="The harbour"><figcaption>The harbour.</figcaption></figure>'
    missing = '<figure><img src="/gone.png" alt="A crane"><figcaption>A crane.</figcaption></figure>'
    told = api.clip(
        builders.page(images=picture + missing),
        ("https://quay.example/harbour.png", builders.picture()),
        note="for the dossier",
        tags=["region:syria"],
    )
    assert (told["state"], told["reason"]) == ("kept", "")
    article = told["article"]
    assert article["title"] == "A harbour rebuilds its breakwater"
    assert (article["outlet"], article["published"], article["language"]) == ("quay.example", "2020-12-27", "en")
    assert article["authors"] == ["Ada Quill"]
    assert article["url"] == told["url"] == f"/articles/{article['id']}"
    assert article["lead"].startswith("/assets/")
    kept = told["kept"]
    assert kept["words"] == article["words"] > 100
    assert (kept["images_kept"], kept["authors"], kept["date"], kept["language"]) == (1, True, True, "en")
    assert [image["address"] for image in kept["images_missed"]] == ["https://quay.example/gone.png"]
    assert "fetching pictures is switched off" in kept["images_missed"][0]["reason"]
    assert told["signs"] == []
    assert told["version"] == {"number": 1, "is_new_version": False, "unchanged": False}
    assert told["duplicate_of"] is None
    assert [tag["slug"] for tag in told["tags"]] == ["syria"]
    assert told["note"] == "for the dossier"


def test_a_receipt_of_a_clip_that_is_worked_on_says_received(api: Api) -> None:
    clip_id = api.send(builders.page())
    told = api.receipt(clip_id)
    assert (told["state"], told["article"], told["url"]) == ("received", None, None)
    assert api.get("/clips/nobody-sent-this/receipt").status_code == 404


def test_a_receipt_waits_until_the_clip_is_kept(api: Api) -> None:
    clip_id = api.send(builders.page())
    threading.Timer(0.3, jobs.run_all, [api.services]).start()
    started = time.monotonic()
    told = api.receipt(clip_id, wait=15)
    assert told["state"] == "kept"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("wait", ["0.2", "-1", "nan", "inf", "soon"])
def test_a_wait_is_bounded_whatever_is_asked_for(api: Api, wait: str) -> None:
    clip_id = api.send(builders.page())
    started = time.monotonic()
    assert api.receipt(clip_id, wait=wait)["state"] == "received"
    assert time.monotonic() - started < 2


def test_only_so_many_wait_at_once(api: Api) -> None:
    clip_id = api.send(builders.page())
    held = [receipts._waiting.acquire(blocking=False) for _ in range(receipts.WAITING_AT_ONCE)]
    try:
        assert all(held)
        started = time.monotonic()
        assert api.receipt(clip_id, wait=15)["state"] == "received"
        assert time.monotonic() - started < 2
    finally:
        for _ in held:
            receipts._waiting.release()


def test_a_clip_that_failed_says_why_and_where_it_is(api: Api) -> None:
    told = api.clip(EMPTY)
    assert told["state"] == "failed"
    assert "put there by scripts" in told["reason"]
    assert told["article"] is None
    assert told["url"].startswith("/articles/")


@pytest.mark.parametrize("html", [builders.page("A harbour"), EMPTY], ids=["kept", "failed"])
def test_words_said_of_a_clip_twice_are_kept_once(
    api: Api, html: str, services: Services, owner: int, clock: builders.Clock
) -> None:
    """As an extension says them that did not hear the answer, also of a page that no article was taken out of."""
    number = api.clip(html)["article_id"]
    for _ in range(2):
        clock.move(seconds=1)
        for answer in (
            api.browser.post(f"/api/v1/articles/{number}/tags", json=SYRIA, headers=api.headers),
            api.browser.patch(f"/api/v1/articles/{number}", json={"note": "The levy."}, headers=api.headers),
            api.browser.patch(f"/api/v1/articles/{number}", json={"title": "My own"}, headers=api.headers),
            api.browser.delete(f"/api/v1/articles/{number}/tags/r-ke", headers=api.headers),
        ):
            assert answer.status_code in (200, 201, 204), answer.text
    with services.store.read() as work:
        article = work.articles.get(owner, number)
        decisions = work.decisions.of_article(owner, number)
    assert (article.title, article.note, [tag.tag_id for tag in article.tags]) == ("My own", "The levy.", ["r-sy"])
    assert [each.decision.tag_id for each in decisions] == ["r-sy"]


def test_a_teaser_behind_a_paywall_is_suspected_with_its_sign(api: Api) -> None:
    wall = '<div class="paywall">Subscribe to continue reading this article and every other story of the week.</div>'
    html = builders.page().replace("</article>", f"</article>{wall}")
    html = html.replace("</head>", '<meta property="article:content_tier" content="locked"></head>')
    signs = api.clip(html)["signs"]
    assert [sign["sign"] for sign in signs] == ["paywall"]
    assert "paywall" in signs[0]["explanation"]
    assert signs[0]["raised_by"] == "it calls itself “locked” (article:content_tier)"


def test_the_same_words_again_are_a_new_version_in_which_nothing_changed(api: Api, clock: builders.Clock) -> None:
    first = api.clip(builders.page())
    clock.move(hours=3)
    again = api.clip(builders.page())
    assert again["version"] == {"number": 2, "is_new_version": True, "unchanged": True}
    assert again["duplicate_of"]["version"] == 1
    assert again["duplicate_of"]["clipped_at"] == "2026-11-24T12:00:00+00:00"
    clock.move(hours=3)
    changed = api.clip(builders.page(words="A correction was added on Friday, which says that the levy is reviewed."))
    assert changed["version"] == {"number": 3, "is_new_version": True, "unchanged": False}
    assert changed["duplicate_of"] is None
    assert changed["article"]["id"] == first["article"]["id"]
    assert first["version"]["number"] == 1


def test_a_receipt_tells_of_its_own_clip_even_when_a_later_one_is_shown(api: Api, clock: builders.Clock) -> None:
    clip_id = api.send(builders.page())
    jobs.run_all(api.services)
    clock.move(hours=1)
    api.clip(builders.page("The breakwater is rebuilt at last"))
    assert api.receipt(clip_id)["article"]["title"] == "A harbour rebuilds its breakwater"


def test_whether_a_page_is_kept_is_told_by_its_address(api: Api, services: Services, owner: int) -> None:
    record = builders.put(services, came_by=CameBy.FILE)
    told = api.get("/kept", url="http://www.QUAY.example:80/breakwater?utm_source=feed#top").json
    assert (told["kept"], told["versions"]) == (False, 0)
    told = api.get("/kept", url="https://quay.example/breakwater?utm_source=feed#top").json
    assert (told["kept"], told["article_id"], told["versions"]) == (True, record.article_id, 1)
    assert told["url"] == f"/articles/{record.article_id}"
    assert told["title"] == "A harbour rebuilds its breakwater"
    reading.trash(services, owner, record.article_id or 0)
    told = api.get("/kept", url="https://quay.example/breakwater").json
    assert (told["kept"], told["in_trash"], told["url"]) == (False, True, None)


@pytest.mark.parametrize("address", ["", "chrome://settings", "not an address"])
def test_what_is_no_web_address_is_not_asked_about(api: Api, address: str) -> None:
    assert api.get("/kept", url=address).status_code == 422


@pytest.mark.parametrize(("scope", "status"), [("clip", 200), ("read", 200), ("write", 403)])
def test_who_may_clip_or_read_may_ask_what_is_kept(
    services: Services, stranger: Any, owner: int, scope: str, status: int
) -> None:
    assert Api(services, stranger, owner, scope).get("/kept", url="https://quay.example/a").status_code == status


def test_another_readers_clip_is_none_of_ones_business(api: Api, services: Services, stranger: FlaskClient) -> None:
    clip_id = api.send(builders.page())
    with services.store.begin() as work:
        other = work.accounts.add("another", services.clock()).id
    api_of_other = Api(services, stranger, other)
    assert api_of_other.get(f"/clips/{clip_id}/receipt").status_code == 404
    jobs.run_all(services)
    assert api_of_other.get("/kept", url="https://quay.example/breakwater").json["kept"] is False
