"""Fragment or page, notices and undo, and where a write leads back to."""

from __future__ import annotations

import pytest
from flask import Flask, get_flashed_messages
from jinja2 import DictLoader

from webapp import htmx

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def app() -> Flask:
    app = Flask("test_htmx")
    app.secret_key = "for this test only"
    app.jinja_loader = DictLoader(
        {
            "page.html": "<html>{% include '_part.html' %}</html>",
            "_part.html": "<p id=part>{{ word }}</p>",
            "shared/_notice.html": "[{{ notice.text }}|{{ notice.undo }}|{{ notice.kind }}]",
            "shared/notice_partial.html": "<hx-partial>{% include 'shared/_notice.html' %}</hx-partial>",
        }
    )
    htmx.install(app)

    @app.get("/word")
    def word():
        return htmx.page_or_fragment("page.html", "_part.html", word="hello")

    @app.post("/write")
    def write():
        htmx.notice("Written.", undo="/unwrite", fields={"back": "/word"})
        return htmx.redirect_or_fragment(htmx.back_to("/word"), "_part.html", word="written")

    return app


@pytest.mark.parametrize(
    ("headers", "whole"),
    [
        ({}, True),
        (PARTIAL, False),
        ({"HX-Request": "true"}, False),
        ({"HX-Request": "true", "HX-Request-Type": "full"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true", "HX-Request-Type": "full"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true", "HX-Request-Type": "partial"}, False),
        ({"HX-History-Restore-Request": "true", "HX-Request-Type": "full"}, True),
        ({**PARTIAL, "HX-History-Restore-Request": "true"}, True),
    ],
)
def test_only_a_request_for_a_part_gets_a_part(app, headers, whole):
    text = app.test_client().get("/word", headers=headers).text
    assert ("<html>" in text) is whole
    assert "<p id=part>hello</p>" in text


def test_caches_keep_page_and_fragment_apart(app):
    varies = app.test_client().get("/word").vary
    assert "HX-Request" in varies
    assert "HX-Request-Type" in varies
    assert "HX-Boosted" in varies


def test_a_notice_comes_with_the_fragment_and_only_once(app):
    client = app.test_client()
    assert "[Written.|/unwrite|done]" in client.post("/write", headers=PARTIAL).text
    assert "Written." not in client.get("/word", headers=PARTIAL).text


def test_without_htmx_a_write_answers_303_and_the_notice_waits(app):
    client = app.test_client()
    answer = client.post("/write", data={"back": "/word?q=a"})
    assert (answer.status_code, answer.location) == (303, "/word?q=a")
    assert "[Written.|/unwrite|done]" in client.get("/word", headers=PARTIAL).text


def test_notices_do_not_take_other_flashed_words(app):
    with app.test_request_context():
        htmx.notice("ours")
        assert [each.text for each in htmx.waiting_notices()] == ["ours"]
        assert get_flashed_messages(category_filter=["other"]) == []


def test_an_error_goes_to_the_notices_wherever_the_answer_was_meant_to_go(app):
    with app.test_request_context(headers=PARTIAL):
        answer = htmx.problem_fragment("No.", status=404)
    assert answer.status_code == 404
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#notices", "beforeend")


@pytest.mark.parametrize("asked", ["/", "/articles/7", "/?q=region:syria&page=2", "/a?b=https://c.example/"])
def test_a_path_of_ours_is_a_way_back(asked):
    assert htmx.local_path(asked, "/else") == asked


@pytest.mark.parametrize(
    "asked",
    ["", "//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "/\t/evil.example",
     "/\n/evil.example", "evil", "\\\\evil.example"],
)  # fmt: skip
def test_another_server_is_never_a_way_back(asked):
    assert htmx.local_path(asked, "/else") == "/else"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"HX-Current-URL": "http://localhost/?q=a"}, "/?q=a"),
        ({"Referer": "http://localhost/articles/3"}, "/articles/3"),
        ({"Referer": "https://evil.example/articles/3"}, "/word"),
        ({}, "/word"),
    ],
)
def test_a_write_leads_back_to_the_page_it_came_from(app, headers, expected):
    assert app.test_client().post("/write", headers=headers).location == expected


def test_the_target_is_told_by_its_id(app):
    with app.test_request_context(headers={"HX-Target": "li#article-4"}):
        assert htmx.target_id() == "article-4"
    with app.test_request_context(headers={"HX-Target": "body"}):
        assert htmx.target_id() == ""
