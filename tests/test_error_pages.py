"""Every error becomes a page, a notice or JSON that says what happened, and never a stack trace."""

from __future__ import annotations

import logging

import pytest
from flask import Flask, abort, g
from jinja2 import DictLoader

from webapp import error_pages, htmx
from webapp.errors import ClipTooLarge, DiskFull, NotFound, NotSignedIn, StoreUnavailable

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def app() -> Flask:
    app = Flask("test_error_pages")
    app.secret_key = "for this test only"
    app.jinja_loader = DictLoader(
        {
            "error.html": "<h1>{{ headline }}</h1><p>{{ message }}</p><p>{{ kept }}</p>",
            "shared/_notice.html": "<p class='{{ notice.kind }}'>{{ notice.text }}</p>",
        }
    )

    def fail(name: str) -> str:
        g.account = None
        if name == "bug":
            raise ZeroDivisionError("secret of the house")
        if name == "400":
            abort(400)
        raise {
            "missing": NotFound("there is no article 7"),
            "large": ClipTooLarge(size_bytes=None, limit_bytes=50_000_000),
            "busy": StoreUnavailable("The database is locked."),
            "full": DiskFull("No room on the disk."),
            "out": NotSignedIn("Sign in."),
        }[name]

    app.add_url_rule("/fail/<name>", view_func=fail, methods=["GET", "POST"], endpoint="page")
    app.add_url_rule("/api/v1/fail/<name>", view_func=fail, methods=["GET", "POST"], endpoint="api")
    htmx.install(app)
    error_pages.install(app)
    return app


@pytest.mark.parametrize(
    ("name", "status"),
    [("missing", 404), ("large", 413), ("busy", 503), ("full", 507), ("out", 401), ("bug", 500), ("400", 400)],
)
def test_an_error_keeps_its_status_in_all_three_forms(app, name, status):
    client = app.test_client()
    assert client.get(f"/fail/{name}").status_code == status
    assert client.get(f"/fail/{name}", headers=PARTIAL).status_code == status
    assert client.get(f"/api/v1/fail/{name}").status_code == status


def test_the_api_answers_json_with_kind_and_message(app):
    answer = app.test_client().post("/api/v1/fail/missing")
    assert answer.json == {"error": {"kind": "NotFound", "message": "there is no article 7"}}


def test_an_unknown_address_of_the_api_answers_json_too(app):
    answer = app.test_client().get("/api/v1/nowhere")
    assert answer.status_code == 404
    assert answer.json["error"]["kind"] == "NotFound"


def test_a_page_says_what_happened_and_what_was_kept(app):
    text = app.test_client().post("/fail/missing").text
    assert "There is no article 7." in text
    assert error_pages.KEPT in text


def test_htmx_gets_a_notice_and_no_page(app):
    answer = app.test_client().get("/fail/missing", headers=PARTIAL)
    assert answer.text == "<p class='problem'>There is no article 7.</p>"
    assert answer.headers["HX-Retarget"] == "#notices"


@pytest.mark.parametrize("address", ["/fail/bug", "/api/v1/fail/bug"])
def test_a_mistake_of_ours_is_logged_and_not_shown(app, address, caplog):
    with caplog.at_level(logging.ERROR, logger="webapp.error_pages"):
        text = app.test_client().get(address).text
    assert "secret of the house" not in text
    assert "Traceback" not in text
    [record] = caplog.records
    assert record.exc_info[0] is ZeroDivisionError
    mark = record.args[2]
    assert mark in text


def test_a_busy_database_says_when_to_come_again(app):
    assert app.test_client().get("/fail/busy").headers["Retry-After"] == "5"


def test_a_wrong_method_says_which_are_right(app):
    answer = app.test_client().delete("/fail/missing")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_mark_up_in_an_error_stays_text(app):
    app.add_url_rule("/inject", view_func=lambda: _raise(NotFound("<script>alert(1)</script>")), endpoint="inject")
    assert "<script>" not in app.test_client().get("/inject").text


def test_errors_are_not_kept_by_caches(app):
    assert app.test_client().get("/fail/missing").headers["Cache-Control"] == "no-store"


def _raise(error: Exception) -> str:
    raise error
