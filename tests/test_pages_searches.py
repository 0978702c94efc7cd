"""Saved searches in the browser, with scripts and without: saving, opening, renaming, removing; and through the API."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests import builders
from webapp import alerts
from webapp.access import accounts

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def kept(services, owner, clock):
    """A saved search for harbours, an article from before it, and one clipped since, on the same day."""
    builders.put(services, builders.page("The harbour of Latakia"), address="https://quay.example/before")
    clock.move(minutes=1)
    search, _ = alerts.save(services, owner, "harbour", name="Harbours", sort="newest")
    clock.move(minutes=1)
    builders.put(services, builders.page("The harbour of Tartus"), address="https://quay.example/since")
    clock.move(minutes=1)
    return search


def names(client) -> list[str]:
    found = re.findall(r'<h2><a href="/searches/\d+"><bdi>([^<]*)</bdi>', client.get("/searches").text)
    return [unescape(name) for name in found]


def fields(text: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to `action`."""
    form = next(each for each in re.findall(r"<form.*?</form>", text, re.S) if f'action="{action}"' in each)
    return {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}


def test_an_empty_list_says_how_to_begin(client):
    text = client.get("/searches").text
    assert "Nothing saved yet" in text
    assert "<ol" not in text


def test_the_list_tells_total_and_new(client, kept):
    text = client.get("/searches").text
    assert names(client) == ["Harbours"]
    assert "<code><bdi>harbour</bdi></code>" in text
    assert "2 articles · newest first" in text
    assert ">1 new</a>" in text


def test_opening_leads_to_the_articles_and_nothing_is_new_afterwards(client, kept):
    answer = client.get(f"/searches/{kept.id}")
    assert (answer.status_code, answer.location) == (303, "/?q=harbour&sort=newest")
    assert " new</a>" not in client.get("/searches").text
    assert "last opened" in client.get("/searches").text


def test_the_number_of_new_ones_opens_it_with_the_newest_clips_first(client, kept):
    link = re.search(r'class="new" href="([^"]+)"', client.get("/searches").text)[1]
    assert client.get(unescape(link)).location == "/?q=harbour&sort=clipped"
    assert client.get(f"/searches/{kept.id}?sort=upside").location == "/?q=harbour&sort=newest"


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"Sec-Fetch-Site": "cross-site"}),
        ("GET", {"Sec-Fetch-Site": "same-site"}),
    ],
)
def test_fetching_ahead_and_links_of_other_sites_are_not_looking(client, kept, method, headers):
    assert client.open(f"/searches/{kept.id}", method=method, headers=headers).status_code == 303
    assert ">1 new</a>" in client.get("/searches").text


def test_the_library_saves_what_was_asked_with_its_order(client, kept):
    text = client.get("/?q=tartus&sort=oldest").text
    sent = fields(text, "/searches")
    assert sent == {"query": "tartus", "sort": "oldest"}
    answer = client.post("/searches", data=sent, headers={"Referer": "http://localhost/?q=tartus&sort=oldest"})
    assert (answer.status_code, answer.location) == (303, "/?q=tartus&sort=oldest")
    page = client.get(answer.location).text
    assert "Saved as “tartus”." in page
    assert "Save this search" not in page
    assert names(client) == ["Harbours", "tartus"]
    assert client.get("/searches/2").location == "/?q=tartus&sort=oldest"


def test_with_htmx_the_button_becomes_a_link_and_a_notice_undoes_it(client, kept):
    answer = client.post("/searches", data={"query": "tartus", "sort": "best"}, headers=PARTIAL)
    assert answer.text.lstrip().startswith('<div class="save" id="save"')
    assert "Saved as “<bdi>tartus</bdi>”" in answer.text
    undo = re.search(r'action="(/searches/\d+/remove)"', answer.text)[1]
    assert client.post(undo, data=fields(answer.text, undo)).status_code == 303
    assert names(client) == ["Harbours"]


def test_saving_again_says_so_and_keeps_the_name(client, kept):
    answer = client.post("/searches", data={"query": "  HARBOUR "}, headers=PARTIAL)
    client.post("/searches", data={"query": " harbour  ", "name": "another"}, headers=PARTIAL)
    again = client.post("/searches", data={"query": " harbour  ", "name": "another"}, headers=PARTIAL)
    assert "This search is saved already, as “Harbours”." in again.text
    assert answer.status_code == 200


def test_the_library_shows_a_saved_query_as_saved_however_it_is_typed(client, services, owner, kept):
    alerts.save(services, owner, "region:syria", name="My Syria")
    for query in ("region:syria", "region:SY", 'region:"Syria"'):
        assert "Saved as “<bdi>My Syria</bdi>”" in client.get("/", query_string={"q": query}).text
    assert "Save this search" in client.get("/?q=region:asia").text
    assert "Save this search" not in client.get("/").text


def test_nothing_to_save_is_said(client, services, owner):
    answer = client.post("/searches", data={"query": "  "})
    assert answer.status_code == 422
    assert "There is nothing to save" in answer.text
    assert alerts.standings(services, owner) == ()


def test_a_renamed_search_can_be_called_as_before(client, kept):
    answer = client.post(f"/searches/{kept.id}/rename", data={"name": "Ports & quays"}, headers=PARTIAL)
    assert answer.text.lstrip().startswith('<section class="saved-searches" id="searches"')
    assert names(client) == ["Ports & quays"]
    client.post(
        f"/searches/{kept.id}/rename", data=fields(answer.text.split("hx-partial", 1)[1], f"/searches/{kept.id}/rename")
    )
    assert names(client) == ["Harbours"]


def test_a_removed_search_comes_back_as_it_was_with_what_is_new_in_it(client, services, owner, kept):
    alerts.save(services, owner, "tartus")
    answer = client.post(f"/searches/{kept.id}/remove")
    assert (answer.status_code, answer.location) == (303, "/searches")
    page = client.get("/searches").text
    assert "“Harbours” is removed. Its articles stay." in page
    assert names(client) == ["tartus"]
    assert client.post("/searches", data=fields(page, "/searches")).location == "/searches"
    assert names(client) == ["Harbours", "tartus"]
    text = client.get("/searches").text
    assert ">1 new</a>" in text
    assert "newest first" in text


def test_the_longest_query_and_name_can_still_be_put_back(client, services, owner):
    query = " ".join(f"мир{number}" for number in range(100))[: alerts.QUERY_CHARS]
    search, _ = alerts.save(services, owner, query, name="имя" * 26)
    client.post(f"/searches/{search.id}/remove")
    sent = fields(client.get("/searches").text, "/searches")
    assert sent["query"] == search.query
    client.post("/searches", data=sent)
    assert names(client) == [search.name]


@pytest.mark.parametrize("looked_at", ["", "yesterday", "2026-01-01", "2026-01-01T00:00:00", "9" * 50])
def test_an_odd_time_of_looking_is_now(client, services, owner, clock, looked_at):
    client.post("/searches", data={"query": "a1", "looked_at": looked_at, "position": "x"})
    assert alerts.standings(services, owner)[0].search.looked_at == clock.now


@pytest.mark.parametrize("path", ["/searches/77", "/searches/77/rename", "/searches/77/remove"])
def test_what_is_not_there_is_said(client, path):
    answer = client.get(path) if path.endswith("77") else client.post(path, data={"name": "x"})
    assert answer.status_code == 404


def test_mark_up_in_a_name_or_query_stays_text(client, services, owner):
    alerts.save(services, owner, '"<img src=x>"', name="<script>alert(1)</script>")
    text = client.get("/searches").text + client.get("/", query_string={"q": '"<img src=x>"'}).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_while_the_index_is_made_anew_no_number_is_made_up(client, services, kept):
    engine, services.engine = services.engine, None
    try:
        text = client.get("/searches").text
    finally:
        services.engine = engine
    assert "being made anew" in text
    assert "articles ·" not in text
    assert names(client) == ["Harbours"]


# The same through the API


@pytest.fixture
def api(stranger, services, owner):
    def ask(method: str, path: str, *, scopes=accounts.SCOPES, **extra):
        token = accounts.make_device(services, owner, "a test", scopes).token
        return stranger.open(f"/api/v1{path}", method=method, headers={"Authorization": f"Bearer {token}"}, **extra)

    return ask


def test_the_api_lists_searches_without_looking(api, kept):
    for _ in range(2):
        [search] = api("GET", "/searches").json["searches"]
        assert search["name"] == "Harbours"
        assert (search["query"], search["sort"]) == ("harbour", "newest")
        assert (search["total"], search["new"]) == (2, 1)


def test_the_api_saves_and_removes(api, services, owner):
    body = {"query": "region:SY  ceasefire", "sort": "oldest"}
    made = api("POST", "/searches", json=body)
    assert made.status_code == 201
    assert (made.json["name"], made.json["query"]) == ("Syria · ceasefire", "region:syria ceasefire")
    again = api("POST", "/searches", json=body)
    assert (again.status_code, again.json["id"]) == (200, made.json["id"])
    assert api("DELETE", f"/searches/{made.json['id']}").status_code == 204
    assert api("DELETE", f"/searches/{made.json['id']}").status_code == 404
    assert alerts.standings(services, owner) == ()


@pytest.mark.parametrize("body", [{}, {"query": ""}, {"query": 7}, {"query": ["a"]}, {"query": "a", "name": 1}])
def test_the_api_refuses_what_is_no_query(api, body):
    answer = api("POST", "/searches", json=body)
    assert answer.status_code == 422
    assert answer.json["error"]["message"]


def test_a_device_needs_the_scope(api, kept):
    assert api("GET", "/searches", scopes=("clip",)).status_code == 403
    assert api("POST", "/searches", scopes=("read",), json={"query": "a"}).status_code == 403
    assert api("DELETE", f"/searches/{kept.id}", scopes=("read",)).status_code == 403
