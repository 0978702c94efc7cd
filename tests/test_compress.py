"""Text is compressed for those who accept it, and means the same."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask, Response

from webapp import compress

LONG = "<p>A harbour council voted on Monday.</p>" * 200
GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    (tmp_path / "app.css").write_text("a { color: red }\n" * 300)
    app = Flask("test_compress", static_folder=str(tmp_path), static_url_path="/static")
    app.add_url_rule("/long", view_func=lambda: LONG, endpoint="long")
    app.add_url_rule("/short", view_func=lambda: "short", endpoint="short")
    app.add_url_rule("/picture", view_func=lambda: Response(b"x" * 9000, mimetype="image/png"), endpoint="picture")
    app.add_url_rule("/broken", view_func=lambda: (LONG, 500), endpoint="broken")
    app.add_url_rule("/stream", view_func=lambda: Response(iter([LONG]), mimetype="text/html"), endpoint="stream")
    compress.install(app)
    return app


def test_a_long_page_is_compressed_and_comes_out_the_same(app):
    answer = app.test_client().get("/long", headers=GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(LONG) / 10
    assert gzip.decompress(answer.data).decode() == LONG


@pytest.mark.parametrize("path", ["/short", "/picture", "/broken", "/stream"])
def test_what_gains_nothing_goes_as_it_is(app, path):
    assert "Content-Encoding" not in app.test_client().get(path, headers=GZIP).headers


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity"])
def test_nobody_gets_gzip_who_does_not_ask_for_it(app, accepted):
    answer = app.test_client().get("/long", headers={"Accept-Encoding": accepted})
    assert answer.text == LONG
    assert "Accept-Encoding" in answer.vary


def test_a_static_file_is_compressed_every_time_and_still_answers_304(app):
    client = app.test_client()
    first, second = client.get("/static/app.css", headers=GZIP), client.get("/static/app.css", headers=GZIP)
    assert first.data == second.data
    assert b"color: red" in gzip.decompress(first.data)
    assert first.headers["ETag"].startswith("W/")
    again = client.get("/static/app.css", headers={**GZIP, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    again.close()


def test_a_part_of_a_file_is_not_compressed(app):
    answer = app.test_client().get("/static/app.css", headers={**GZIP, "Range": "bytes=0-3"})
    assert (answer.status_code, answer.data) == (206, b"a { ")
    answer.close()
