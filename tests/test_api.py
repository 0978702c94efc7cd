"""`/api/v1` as a client sees it: tokens, clips in every shape, search, tags, and errors that say what to do."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import builders
from webapp import jobs
from webapp.access import accounts
from webapp.services import Services


@pytest.fixture
def token(services: Services, owner: int) -> str:
    return accounts.make_device(services, owner, "a test").token


class Api:
    """A client of the API with its token."""

    def __init__(self, browser: FlaskClient, token: str) -> None:
        self.browser = browser
        self.headers = {"Authorization": f"Bearer {token}"}

    def __call__(self, method: str, path: str, **extra: Any) -> Any:
        return self.browser.open(f"/api/v1{path}", method=method, headers=self.headers, **extra)


@pytest.fixture
def api(stranger: FlaskClient, token: str) -> Api:
    return Api(stranger, token)


def form(**parts: Any) -> dict[str, Any]:
    return {"data": parts, "content_type": "multipart/form-data"}


def file(content: bytes, name: str, media_type: str) -> tuple[io.BytesIO, str, str]:
    return io.BytesIO(content), name, media_type


def test_a_page_as_json_becomes_an_article(api: Api, services: Services) -> None:
    answer = api(
        "POST", "/clips", json={"url": "https://quay.example/a", "html": builders.page(), "tags": ["region:sy"]}
    )
    assert answer.status_code == 202, answer.text
    assert answer.json["state"] == "received"
    jobs.run_all(services)
    record = api("GET", f"/clips/{answer.json['clip_id']}").json
    assert (record["state"], record["version"]) == ("kept", 1)
    article = api("GET", f"/articles/{record['article_id']}").json
    assert article["title"] == "A harbour rebuilds its breakwater"
    assert [tag["slug"] for tag in article["regions"]] == ["syria"]
    assert "breakwater" in article["text"]


def test_a_page_with_its_pictures_comes_as_parts(
    api: Api, services: Services, stranger: FlaskClient, token: str
) -> None:
    html = builders.page(images='<figure><img src="pier.png" alt="A pier"></figure>')
    meta = {"url": "https://quay.example/a", "clip_id": "from-a-test-1"}
    body, content_type = builders.multipart(
        ("page", "text/html; charset=utf-8", "", html.encode()),
        ("resource", "image/png", "https://quay.example/pier.png", builders.picture()),
        ("meta", "application/json", "", json.dumps(meta).encode()),
    )
    headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
    answer = stranger.post("/api/v1/clips", data=body, headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.json is not None
    assert answer.json["clip_id"] == "from-a-test-1"
    jobs.run_all(services)
    record = api("GET", "/clips/from-a-test-1").json
    article = api("GET", f"/articles/{record['article_id']}").json
    with services.store.read() as work:
        version = work.versions.current(article["id"])
    assert version is not None
    assert [image.reason for image in version.images] == [""]
    assert api("GET", "/articles?q=has:image").json["total"] == 1
    again = stranger.post("/api/v1/clips", data=body, headers=headers)
    assert again.json is not None
    assert (again.status_code, again.json["new"]) == (202, False)


def test_it_can_be_searched_tagged_read_and_thrown_away(api: Api, services: Services) -> None:
    article_id = builders.put(services).article_id
    assert api("POST", f"/articles/{article_id}/tags", json={"kind": "region", "name": "Syrien"}).status_code == 201
    assert api("PATCH", f"/articles/{article_id}", json={"reading": "done", "starred": True}).json["reading"] == "done"
    jobs.run_all(services)
    found = api("GET", "/articles?q=region:asia is:done is:starred").json
    assert [article["id"] for article in found["articles"]] == [article_id]
    assert found["facets"]["region"][0]["label"] == "Asia"
    assert "why" not in found["articles"][0]
    why = api("GET", "/articles?q=harbour&explain=1").json["articles"][0]["why"]
    parts = [part["score"] for part in why["terms"] + why["pairs"]]
    assert why["score"] == pytest.approx(sum(parts) * why["freshness"] + why["title"])
    assert why["terms"][0]["text"] == "harbour"
    assert api("GET", "/tags?kind=region&name=syr").json["tags"][0]["id"] == "r-sy"
    assert api("DELETE", f"/articles/{article_id}/tags/r-sy").status_code == 204
    assert api("DELETE", f"/articles/{article_id}").status_code == 204
    jobs.run_all(services)
    assert api("GET", "/articles").json["total"] == 0


@pytest.mark.parametrize(
    ("request_", "status", "says"),
    [
        ({"json": {"url": "https://quay.example/a", "html": ""}}, 422, "nothing in this clip"),
        ({"json": {"url": "https://quay.example/a"}}, 422, "nothing in this clip"),
        ({"json": [1, 2]}, 422, "object"),
        ({"data": b"{", "content_type": "application/json"}, 422, "JSON"),
        ({"data": b"[" * 100_000, "content_type": "application/json"}, 422, "JSON"),
        ({"data": b"hello", "content_type": "text/plain"}, 422, "multipart"),
        ({"json": {"url": "https://quay.example/a", "html": "<p>words</p>", "clip_id": "no"}}, 422, "clip_id"),
        ({"json": {"url": "https://quay.example/a", "html": "<p>words</p>", "tags": [7]}}, 422, "tags"),
        ({"json": {"url": 7, "html": "<p>words</p>"}}, 422, "url"),
        (form(page=file(b"", "page", "text/html")), 422, "nothing in this clip"),
        (form(page=file(b"%PDF-1.7 ...", "page", "text/html")), 422, "PDF"),
        (form(page=file(builders.picture(), "page", "text/html")), 422, "PNG"),
        (form(page=file(b"<p>words and words</p>", "page", "text/html"), meta="nonsense"), 422, "JSON"),
        (
            form(page=file(b"<p>words</p>", "page", "text/html"), resource=file(b"x", "r", "image/png")),
            422,
            "Content-Location",
        ),
    ],
)
def test_a_bad_clip_gets_a_reason(api: Api, request_: dict[str, Any], status: int, says: str) -> None:
    answer = api("POST", "/clips", **request_)
    assert answer.status_code == status, answer.text
    assert says.lower() in answer.json["error"]["message"].lower()
    assert api("GET", "/articles").json["total"] == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer dl_wrong"}, 401),
        ({"Authorization": "Basic dXNlcjpwYXNz"}, 401),
        ({"Authorization": "Bearer " + "x" * 9_000}, 401),
    ],
)
def test_without_a_good_token_nothing_is_told(stranger: FlaskClient, headers: dict[str, str], status: int) -> None:
    answer = stranger.get("/api/v1/articles", headers=headers)
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["error"]["kind"] == "NotSignedIn"


def test_a_session_cookie_is_no_token(client: FlaskClient) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/articles").status_code == 401


def test_a_device_may_do_only_what_it_may(stranger: FlaskClient, services: Services, owner: int) -> None:
    api = Api(stranger, accounts.make_device(services, owner, "only clips", ("clip",)).token)
    assert api("POST", "/clips", json={"url": "https://quay.example/a", "html": builders.page()}).status_code == 202
    assert api("GET", "/articles").status_code == 403


def test_a_revoked_token_is_told_so(api: Api, services: Services, owner: int) -> None:
    accounts.revoke(services, owner, accounts.devices(services, owner)[0].id)
    answer = api("GET", "/articles")
    assert answer.status_code == 401
    assert "revoked" in answer.json["error"]["message"]


@pytest.mark.parametrize("path", ["/articles/99", "/clips/never-seen-1", "/articles/99999999999999999999", "/nothing"])
def test_what_is_not_there_is_404_in_json(api: Api, path: str) -> None:
    answer = api("GET", path)
    assert answer.status_code == 404
    assert answer.json["error"]["message"]


def test_any_origin_may_ask_but_not_with_cookies(stranger: FlaskClient) -> None:
    answer = stranger.options("/api/v1/clips", headers={"Origin": "moz-extension://x"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_somebody_elses_article_is_not_there(api: Api, services: Services) -> None:
    article_id = builders.put(services).article_id
    with services.store.begin() as work:
        other = work.accounts.add("somebody else", services.clock())
    api.headers = {"Authorization": f"Bearer {accounts.make_device(services, other.id, 'theirs').token}"}
    assert api("GET", f"/articles/{article_id}").status_code == 404
    assert api("PATCH", f"/articles/{article_id}", json={"starred": True}).status_code == 404
    assert api("DELETE", f"/articles/{article_id}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"reading": []},
        {"reading": {}},
        {"reading": None},
        {"starred": "false"},
        {"starred": None},
        {"note": None},
        {"note": 7},
        {"note": "n" * 20_001},
        {"starred": True, "note": ["n"]},
        {"title": "Another", "note": "n" * 20_001},
        {"note": "Mine", "title": "t" * 501},
    ],
)
def test_a_change_that_is_not_understood_changes_nothing_and_says_so(
    api: Api, services: Services, body: dict[str, Any]
) -> None:
    article = builders.put(services).article_id
    before = api("GET", f"/articles/{article}").json
    answer = api("PATCH", f"/articles/{article}", json=body)
    assert answer.status_code == 422, answer.text
    assert next(reversed(body)) in answer.json["error"]["message"]
    assert api("GET", f"/articles/{article}").json == before


def test_a_kind_that_is_no_text_is_refused(api: Api, services: Services) -> None:
    article = builders.put(services).article_id
    for kind in ([], {}, 7, None):
        assert api("POST", f"/articles/{article}/tags", json={"kind": kind, "name": "syria"}).status_code == 422


def test_a_page_far_beyond_the_last_is_empty(api: Api, services: Services) -> None:
    builders.put(services)
    answer = api("GET", "/articles?page=99999999999999999999")
    assert (answer.status_code, answer.json["articles"]) == (200, [])


def test_a_token_that_may_only_write_is_told_nothing(stranger: FlaskClient, services: Services, owner: int) -> None:
    article = builders.put(services).article_id
    api = Api(stranger, accounts.make_device(services, owner, "a writer", ("write",)).token)
    answer = api("PATCH", f"/articles/{article}", json={"starred": True})
    assert (answer.status_code, answer.text) == (204, "")
