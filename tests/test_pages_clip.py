"""The clip page: every door, what comes back when it fails, and what became of a clip."""

from __future__ import annotations

import io
import os
from dataclasses import replace

import pytest

from tests import builders
from webapp import clipping, jobs
from webapp.articles import reading
from webapp.errors import FetchFailed
from webapp.fetch import Fetched
from webapp.model import CameBy, ClipState

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
TEXT = "The harbour opens again\n\n" + builders.PARAGRAPH.format(place="Latakia", day="Monday") * 3


class FakeWeb:
    """A fetcher over pages given as a mapping."""

    def __init__(self, pages):
        self.pages = pages

    def page(self, address):
        if address not in self.pages:
            raise FetchFailed(address, "the server answered 404")
        return Fetched(self.pages[address].encode(), "text/html", "utf-8", address)


@pytest.fixture
def web(services):
    services.fetcher = FakeWeb({"https://quay.example/a": builders.page()})


def the_clip(services, owner):
    (clip,) = clipping.recent(services, owner)
    return clip


def follow(client, services, answer):
    """The page after a clip was received and its job was done."""
    assert answer.status_code == 303, answer.text
    jobs.run_all(services)
    return client.get(answer.headers["Location"], follow_redirects=True)


def test_the_page_has_every_door_and_the_archives_own_origin(client):
    page = client.get("/clip", base_url="http://localhost:8765").text
    for action in ("/clip/address", "/clip/file", "/clip/text"):
        assert f'action="{action}"' in page
    assert 'href="javascript:(()' in page
    assert "http://localhost:8765" in page
    assert "http://localhost:8765/api/v1/clips" in page
    assert "Nothing yet" in page


def test_an_address_becomes_an_article(client, services, owner, web):
    answer = client.post("/clip/address", data={"address": "quay.example/a", "regions": "Syria", "note": "n"})
    page = follow(client, services, answer)
    assert "A harbour rebuilds its breakwater</h1>" in page.text
    clip = the_clip(services, owner)
    assert clip.came_by is CameBy.ADDRESS
    assert reading.open_article(services, owner, clip.article_id).regions[0].tag.id == "r-sy"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "type or paste the address"),
        ("https://quay.example/gone", "the server answered 404"),
        ("javascript:alert(1)", "javascript"),
    ],
)
def test_an_address_that_cannot_be_kept_comes_back_with_the_reason(client, services, owner, web, typed, said):
    answer = client.post("/clip/address", data={"address": typed, "note": "my thought"})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text
    assert "my thought" in answer.text
    assert clipping.recent(services, owner) == []


def test_a_file_becomes_an_article(client, services, owner):
    form = {"file": (io.BytesIO(builders.page().encode()), "saved.html"), "address": "https://quay.example/f"}
    page = follow(client, services, client.post("/clip/file", data=form))
    assert "A harbour rebuilds its breakwater</h1>" in page.text
    assert "from a file" in page.text


def test_several_files_are_several_clips_and_a_bad_one_is_named(client, services, owner):
    files = [
        (io.BytesIO(builders.page().encode()), "one.html"),
        (io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"\0" * 40), "photo.png"),
        (io.BytesIO(TEXT.encode()), "two.txt"),
    ]
    answer = client.post("/clip/file", data={"file": files}, follow_redirects=True)
    assert "2 files are safe" in answer.text
    assert "photo.png:" in answer.text
    assert len(clipping.recent(services, owner)) == 2


def test_many_bad_files_are_told_of_in_a_cookie_that_browsers_take(client):
    names = [f"{number}-{os.urandom(60).hex()}.pdf" for number in range(80)]
    answer = client.post("/clip/file", data={"file": [(io.BytesIO(b"%PDF-1.7"), name) for name in names]})
    assert len(answer.headers["Set-Cookie"]) < 4_096
    page = client.get("/clip").text
    assert names[0][:100] in page
    assert "74 more were refused too" in page


def test_without_a_file_the_form_says_so(client):
    answer = client.post("/clip/file", data={"topics": "diplomacy"})
    assert answer.status_code == 422
    assert "Choose a file first." in answer.text
    assert 'value="diplomacy"' in answer.text


def test_pasted_text_becomes_an_article(client, services, owner):
    answer = client.post("/clip/text", data={"text": TEXT, "title": "My title", "address": "https://quay.example/t"})
    page = follow(client, services, answer)
    assert "My title</h1>" in page.text
    assert the_clip(services, owner).came_by is CameBy.FORM


def test_empty_text_comes_back(client):
    assert client.post("/clip/text", data={"text": "  "}).status_code == 422


def test_unknown_tags_are_said_at_their_field_and_nothing_is_lost(client, services, owner):
    answer = client.post("/clip/text", data={"text": TEXT, "regions": "Syria, Syrai", "topics": "diplomacy"})
    assert answer.status_code == 422
    assert "There is no region called “Syrai”" in answer.text
    assert 'value="Syria, Syrai"' in answer.text
    assert "The harbour opens again" in answer.text
    assert clipping.recent(services, owner) == []


def test_a_tag_whose_name_has_commas_is_one_tag(client, services, owner):
    follow(
        client,
        services,
        client.post("/clip/text", data={"text": TEXT, "topics": "economy, business and finance, armed conflict"}),
    )
    topics = reading.open_article(services, owner, the_clip(services, owner).article_id).topics
    assert [on.tag.slug for on in topics] == ["economy-business-and-finance", "armed-conflict"]


def test_the_same_address_again_is_said_to_be_a_new_version(client, services, owner, web):
    builders.put(services, address="https://quay.example/a")
    page = follow(client, services, client.post("/clip/address", data={"address": "https://quay.example/a"}))
    assert "You had this article already. This is version 2" in page.text
    assert "kept as version 2 of an article you had" in client.get("/clip").text


def test_a_clip_that_is_not_done_has_a_waiting_page_that_asks_again(client, services, monkeypatch):
    monkeypatch.setattr("webapp.pages.clip.PATIENCE_S", 0)
    where = client.post("/clip/text", data={"text": TEXT}).headers["Location"]
    page = client.get(where)
    assert page.status_code == 200
    assert "Safe in the archive" in page.text
    assert 'hx-trigger="load delay' in page.text
    assert '<meta http-equiv="refresh"' in page.text
    polled = client.get(where, headers=HTMX)
    assert polled.text.lstrip().startswith("<section")
    jobs.run_all(services)
    assert client.get(where, headers=HTMX).headers["HX-Redirect"].startswith("/articles/")


def test_recent_clips_ask_again_only_while_one_is_waiting(client, services):
    clipping.clip_text(services, 1, TEXT)
    assert "load delay" in client.get("/clip/recent", headers=HTMX).text
    jobs.run_all(services)
    listed = client.get("/clip/recent", headers=HTMX).text
    assert "load delay" not in listed
    assert "kept" in listed


def test_a_failed_clip_is_listed_with_its_reason(client, services, owner):
    services.settings = replace(services.settings, markup_limit_bytes=100)
    clip = builders.put(services)
    assert clip.state is ClipState.FAILED
    assert f"Not readable: {clip.reason}" in client.get("/clip/recent").text
    page = client.get(f"/clip/{clip.clip_id}").text
    assert "No article could be taken out" in page
    assert f"/clips/{clip.clip_id}/original" in page


def window_form(**more):
    page = (
        io.BytesIO(builders.page(images='<img src="https://quay.example/p.png" width="640" height="400">').encode()),
        "page.html",
    )
    return {
        "page": page,
        "url": "https://quay.example/w",
        "title": "",
        "selection": "",
        "clip_id": "a1b2c3d4e5f6",
        **more,
    }


def test_the_bookmarklets_window_hands_in_the_page_with_its_pictures(client, services, owner):
    picture = (io.BytesIO(builders.picture()), "picture-0", "image/png")
    form = window_form(resource=picture, resource_address="https://quay.example/p.png", topics="diplomacy")
    answer = client.post("/clip/new", data=form)
    assert answer.headers["Location"] == "/clip/a1b2c3d4e5f6?window=small"
    jobs.run_all(services)
    page = client.get(answer.headers["Location"]).text
    assert "Kept" in page
    assert "Close this window" in page
    version = reading.open_article(services, owner, the_clip(services, owner).article_id).version
    assert version.came_by is CameBy.BOOKMARKLET
    assert [image.asset is not None for image in version.images] == [True]


def test_the_same_window_sent_twice_is_one_clip(client, services, owner):
    client.post("/clip/new", data=window_form())
    client.post("/clip/new", data=window_form())
    assert len(clipping.recent(services, owner)) == 1


def test_what_is_wrong_is_said_in_the_window(client, services, owner):
    answer = client.post("/clip/new", data=window_form(regions="Nowhereland"), headers=HTMX)
    assert answer.status_code == 422
    assert 'id="new-problem"' in answer.text
    assert "There is no region called" in answer.text
    without = client.post("/clip/new", data={"url": "https://quay.example/w"}, headers=HTMX)
    assert "The page did not arrive" in without.text
    odd = client.post("/clip/new", data=window_form(resource_address="https://quay.example/p.png"), headers=HTMX)
    assert "do not fit their addresses" in odd.text
    assert clipping.recent(services, owner) == []


def test_another_site_cannot_hand_in_a_clip(client, services, owner):
    answer = client.post("/clip/new", data=window_form(), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert client.post("/clip/text", data={"text": TEXT}, headers={"Origin": "https://evil.example"}).status_code == 403
    assert clipping.recent(services, owner) == []


def test_the_window_keeps_its_opener(client):
    """postMessage needs it: a Cross-Origin-Opener-Policy would cut the two apart."""
    assert "Cross-Origin-Opener-Policy" not in client.get("/clip/new").headers


def test_the_bookmarklets_window_asks_a_stranger_to_sign_in_first(stranger):
    answer = stranger.get("/clip/new?address=https://quay.example/w")
    assert answer.status_code == 303
    assert (
        answer.headers["Location"].startswith("/sign-in?next=/clip/new")
        or "%2Fclip%2Fnew" in answer.headers["Location"]
    )
