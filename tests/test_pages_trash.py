"""The trash: what lies there and until when, taking it back, and emptying it for good."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from tests import builders
from webapp import housekeeping, jobs, searching
from webapp.articles import reading
from webapp.pages import trash

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def articles(services) -> list[int]:
    places = ("Latakia", "Tartus", "Mersin")
    return [
        builders.put(
            services, builders.page(f"The port of {place}"), address=f"https://quay.example/{place}"
        ).article_id
        or 0
        for place in places
    ]


def titles(client, path: str = "/trash") -> list[str]:
    return re.findall(r'<h2 dir="ltr" lang="en"><a href="/articles/\d+">The port of (\w+)</a>', client.get(path).text)


def until(client, path: str = "/trash") -> str:
    return unescape(re.search(r'name="until" value="([^"]+)"', client.get(path).text)[1])


def test_an_empty_trash_says_so_and_offers_nothing_to_empty(client):
    text = client.get("/trash").text
    assert "The trash is empty." in text
    assert "/trash/empty" not in text


def test_it_lists_what_was_thrown_away_last_first_with_its_last_day(client, services, owner, clock, articles):
    reading.trash(services, owner, articles[0])
    clock.move(days=3)
    reading.trash(services, owner, articles[1])
    assert titles(client) == ["Tartus", "Latakia"]
    text = client.get("/trash").text
    assert "<b>2 articles</b>" in text
    assert "thrown away <time" in text
    assert re.findall(r"deleted for ever on <time[^>]*>([^<]+)</time>", text) == ["27 Dec 2026", "24 Dec 2026"]


def test_the_day_it_tells_is_the_day_it_goes(client, services, owner, clock, articles):
    reading.trash(services, owner, articles[0])
    clock.move(days=housekeeping.TRASH_DAYS)
    housekeeping.tidy(services)
    assert titles(client) == ["Latakia"]
    clock.move(seconds=1)
    housekeeping.tidy(services)
    assert titles(client) == []


def test_the_library_leads_to_it_only_when_something_lies_there(client, services, owner, articles):
    assert 'href="/trash"' not in client.get("/").text
    client.post(f"/library/{articles[0]}/trash")
    page = client.get("/").text
    assert re.search(r'<p class="facets-foot"><a href="/trash"[^>]*>.*In the trash<span>1</span>', page)
    assert re.search(r'class="notice done".*<a href="/trash">The trash</a>', page, re.S)


def test_an_archive_with_everything_in_the_trash_still_leads_to_it(client, services, owner, articles):
    for article_id in articles:
        reading.trash(services, owner, article_id)
    jobs.run_all(services)
    assert '<a href="/trash">3 articles in the trash</a>' in client.get("/").text


def test_an_article_is_taken_back_and_can_be_found_again(client, services, owner, articles):
    reading.trash(services, owner, articles[0])
    answer = client.post(f"/trash/{articles[0]}/restore")
    assert (answer.status_code, answer.location) == (303, "/trash")
    page = client.get("/trash").text
    assert "“The port of Latakia” is back in the library." in page
    assert f'href="/articles/{articles[0]}">Read it</a>' in page
    assert f'action="/library/{articles[0]}/trash"' in page
    jobs.run_all(services)
    assert searching.find(services, owner, "latakia title:latakia").total == 1


def test_with_htmx_the_list_comes_back_without_it(client, services, owner, articles):
    for article_id in articles[:2]:
        reading.trash(services, owner, article_id)
    answer = client.post(f"/trash/{articles[0]}/restore", headers=PARTIAL)
    assert answer.text.lstrip().startswith('<section class="trash" id="trash"')
    assert "trashed-" in answer.text
    assert f'id="trashed-{articles[0]}"' not in answer.text


def test_emptying_says_that_it_is_final_and_leaves_nothing(client, services, owner, articles):
    for article_id in articles[:2]:
        reading.trash(services, owner, article_id)
    assert "This is final: all 2 articles" in client.get("/trash").text
    answer = client.post("/trash/empty", data={"until": until(client)})
    assert (answer.status_code, answer.location) == (303, "/trash")
    page = client.get("/trash").text
    assert "The trash is empty: 2 articles deleted for ever." in page
    assert "Undo" not in page
    assert titles(client) == []
    assert client.get(f"/articles/{articles[0]}").status_code == 404
    assert client.get(f"/articles/{articles[2]}").status_code == 200
    jobs.run_all(services)
    assert searching.find(services, owner, "").total == 1


def test_what_is_thrown_away_after_the_page_was_shown_stays(client, services, owner, clock, articles):
    reading.trash(services, owner, articles[0])
    shown = until(client)
    clock.move(seconds=1)
    reading.trash(services, owner, articles[1])
    client.post("/trash/empty", data={"until": shown})
    assert titles(client) == ["Tartus"]


@pytest.mark.parametrize("odd", ["", "now", "2026-01-01T00:00:00"])
def test_an_odd_moment_means_all_there_is(client, services, owner, articles, odd):
    reading.trash(services, owner, articles[0])
    client.post("/trash/empty", data={"until": odd})
    assert titles(client) == []


def test_another_s_trash_is_not_touched(services, owner, clock, articles):
    reading.trash(services, owner, articles[0])
    with services.store.begin() as work:
        other = work.accounts.add("somebody else", clock.now).id
    assert housekeeping.empty_trash(services, other, until=clock.now + timedelta(days=1)) == 0
    assert reading.count_in_trash(services, owner) == 1
    assert reading.count_in_trash(services, other) == 0


def test_a_full_trash_has_pages(client, services, owner, clock, articles, monkeypatch):
    monkeypatch.setattr(trash, "PER_PAGE", 2)
    for article_id in articles:
        reading.trash(services, owner, article_id)
        clock.move(minutes=1)
    assert titles(client) == ["Mersin", "Tartus"]
    assert titles(client, "/trash?page=2") == ["Latakia"]
    assert titles(client, "/trash?page=99") == ["Latakia"]
    assert "all 3 articles" in client.get("/trash?page=2").text
    client.post("/trash/empty", data={"until": until(client, "/trash?page=2")})
    assert titles(client) == []
