"""The article's page, its tags, note and versions, the pictures, and the clip as it came, behind a real archive."""

from __future__ import annotations

import os
import re
from dataclasses import replace

import pytest

from tests import builders
from webapp import clipping, jobs
from webapp.articles import reading
from webapp.model import CameBy, ClipState, KeptImage, ReadingState, Resource, Step
from webapp.pages import record

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
ADDRESS = "https://quay.example/breakwater"


@pytest.fixture
def article(services, owner):
    return builders.put(services, tags=("region:syria", "topic:armed-conflict"), note="Ask about the levy.").article_id


@pytest.fixture
def failed(services, owner):
    """A clip that was more than this archive wanted to read on that day."""
    usual = services.settings
    services.settings = replace(usual, markup_limit_bytes=100)
    clip = builders.put(services, address="https://app.example/x")
    services.settings = usual
    assert clip.state is ClipState.FAILED
    return clip


def test_the_page_shows_the_article_with_its_dateline(client, article):
    page = client.get(f"/articles/{article}").text
    assert "A harbour rebuilds its breakwater</h1>" in page
    assert "27 Dec 2020" in page
    assert "<bdi>Syria</bdi>" in page
    assert "Ada Quill" in page
    assert "eastern breakwater" in page
    assert "Ask about the levy." in page
    assert re.search(r'class="words" id="words" hx-ignore dir="ltr" lang="en"', page)


def test_the_original_link_tells_the_other_site_nothing(client, article):
    page = client.get(f"/articles/{article}").text
    links = re.findall(rf'<a href="{ADDRESS}"[^>]*>', page)
    assert links
    assert all('rel="noopener noreferrer"' in link for link in links)


def test_an_article_written_from_right_to_left_is_shown_so(client, services, owner):
    words = "افتتحت المدينة مخبزها من جديد بعد شتاءين من الانتظار، وعاد الناس إلى الوقوف في الصف قبل الفجر. " * 4
    html = builders.page("مخبز يفتح أبوابه", words=words, language="ar", direction="rtl")
    html = re.sub(r"<p>The harbour.*?</p>", f"<p>{words}</p>", html)
    clip = builders.put(services, html, address="https://quay.example/ar")
    page = client.get(f"/articles/{clip.article_id}").text
    assert re.search(r'<h1 dir="rtl" lang="ar">', page)
    assert re.search(r'id="words" hx-ignore dir="rtl" lang="ar"', page)


def test_nobody_else_sees_an_article(client, article):
    assert client.get(f"/articles/{article + 99}").status_code == 404


def test_a_stranger_is_asked_to_sign_in(stranger, article):
    answer = stranger.get(f"/articles/{article}")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")


def test_an_older_version_is_shown_with_a_notice(client, services, article):
    builders.put(
        services,
        builders.page(words="A third storm came after the vote and took the crane."),
        came_by=CameBy.BOOKMARKLET,
    )
    newest = client.get(f"/articles/{article}").text
    older = client.get(f"/articles/{article}?version=1").text
    assert "third storm" in newest
    assert "third storm" not in older
    assert "It is not the newest" in older
    assert "It is not the newest" not in newest
    assert "by the bookmarklet" in newest
    assert client.get(f"/articles/{article}?version=7").status_code == 404


def test_star_and_done_are_kept_and_answered_with_the_buttons(client, services, owner, article):
    answer = client.post(f"/articles/{article}/starred", data={"starred": "1"}, headers=HTMX)
    assert 'id="star" data-key="s" aria-pressed="true"' in answer.text
    answer = client.post(f"/articles/{article}/reading", data={"reading": "done"})
    assert answer.status_code == 303
    opened = reading.open_article(services, owner, article).article
    assert opened.starred
    assert opened.reading is ReadingState.DONE


def test_a_tag_is_added_by_any_of_its_names_and_the_dateline_follows(client, services, owner, article):
    answer = client.post(f"/articles/{article}/tags", data={"kind": "region", "name": "Türkei"}, headers=HTMX)
    assert answer.status_code == 200
    assert 'id="filed"' in answer.text
    assert 'hx-target="#dateline"' in answer.text
    assert {on.tag.id for on in reading.open_article(services, owner, article).regions} == {"r-sy", "r-tr"}


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_an_unknown_tag_is_said_at_its_field_with_what_was_typed(client, article, headers):
    answer = client.post(f"/articles/{article}/tags", data={"kind": "region", "name": "Syrai"}, headers=headers)
    assert answer.status_code == 422
    assert "There is no region called “Syrai”. Did you mean Syria" in answer.text
    assert 'value="Syrai"' in answer.text
    assert answer.text.count("<main") == (0 if headers else 1)


def test_a_tag_taken_off_can_be_given_back(client, services, owner, article):
    answer = client.post(f"/articles/{article}/tags/r-sy/remove", headers=HTMX)
    assert "Took Syria off." in answer.text
    undo = re.search(
        r'<form method="post" action="([^"]+)"[^>]*>\s*((?:<input[^>]+>)+)', answer.text.split("hx-partial")[-2]
    )
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', undo[2]))
    assert not reading.open_article(services, owner, article).regions
    assert client.post(undo[1], data=fields).status_code == 303
    assert [on.tag.id for on in reading.open_article(services, owner, article).regions] == ["r-sy"]


def test_names_are_completed_while_typing(client):
    answer = client.get("/tags/complete?kind=region&name=syr", headers=HTMX).text
    assert 'role="listbox"' in answer
    assert 'data-name="Syria"' in answer
    assert "Western Asia" in answer
    many = client.get("/tags/complete?kind=region&regions=Turkey, syr&list=complete-new-region", headers=HTMX).text
    assert 'id="complete-new-region"' in many
    assert 'data-name="Syria"' in many
    assert "hidden" in client.get("/tags/complete?kind=topic&name=", headers=HTMX).text
    assert client.get("/tags/complete?kind=planet&name=x").status_code == 404
    assert "<script" not in client.get("/tags/complete?kind=region&name=s&list=<script>").text


def test_the_note_is_kept_and_its_undo_brings_the_old_one_back(client, services, owner, article):
    assert "kept" in client.post(f"/articles/{article}/note", data={"note": "One\r\ntwo"}, headers=HTMX).text
    assert reading.open_article(services, owner, article).article.note == "One\ntwo"
    client.post(f"/articles/{article}/note", data={"note": ""})
    assert 'name="note" value="One\ntwo"' in client.get("/settings").text


def test_trash_leaves_an_undo_and_the_article_says_where_it_is(client, services, owner, article):
    answer = client.post(f"/articles/{article}/trash", follow_redirects=True)
    assert f'action="/articles/{article}/restore"' in answer.text
    assert "In the trash since" in client.get(f"/articles/{article}").text
    assert client.post(f"/articles/{article}/restore").headers["Location"] == f"/articles/{article}"
    assert reading.open_article(services, owner, article).article.trashed_at is None


def test_a_failed_clip_says_why_what_was_kept_and_can_be_tried_again(client, services, failed):
    page = client.get(f"/articles/{failed.article_id}").text
    assert "No article could be taken out of this page" in page
    assert failed.reason in page
    assert "kept as it came" in page
    assert f'action="/articles/{failed.article_id}/retry"' in page
    assert client.post(f"/articles/{failed.article_id}/retry").status_code == 303
    page = client.get(f"/articles/{failed.article_id}").text
    assert 'id="working"' in page
    assert "No article could be taken out" not in page
    polled = client.get(f"/articles/{failed.article_id}/progress", headers=HTMX)
    assert 'id="working"' in polled.text
    jobs.run_all(services)
    polled = client.get(f"/articles/{failed.article_id}/progress", headers=HTMX)
    assert polled.headers["HX-Redirect"] == f"/articles/{failed.article_id}"
    assert "eastern breakwater" in client.get(f"/articles/{failed.article_id}").text


def test_the_record_tells_what_was_missed_and_how_it_went(client, services, owner):
    html = builders.page(
        images='<figure><img src="https://quay.example/a.png" width="640" height="400" alt="A"></figure>'
    )
    clip = builders.put(services, html)
    page = client.get(f"/articles/{clip.article_id}").text
    assert "1 picture could not be kept" in page
    assert "fetching pictures is switched off" in page
    assert "Take the article out" in page
    assert "Where each fact was found" in page


@pytest.fixture
def pictured(services, owner):
    """An article whose picture was kept."""
    html = builders.page(
        images='<figure><img src="https://quay.example/a.png" width="640" height="400" alt="A"></figure>'
    )
    receipt = clipping.clip_parts(
        services,
        owner,
        html.encode(),
        page_type="text/html",
        address=ADDRESS,
        resources=[Resource("https://quay.example/a.png", "image/png", builders.picture())],
        meta={},
    )
    jobs.run_all(services)
    opened = reading.open_article(services, owner, clipping.state_of(services, owner, receipt.clip_id).article_id)
    return opened.version.images[0].asset.sha256


def test_a_picture_is_served_for_ever_inert_and_only_once(client, pictured):
    answer = client.get(f"/assets/{pictured}")
    assert answer.status_code == 200
    assert answer.content_type == "image/png"
    assert answer.data == builders.picture()
    answer.close()
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    again = client.get(f"/assets/{pictured}", headers={"If-None-Match": answer.headers["ETag"]})
    again.close()
    assert again.status_code == 304
    assert client.get("/assets/" + "0" * 64).status_code == 404
    assert client.get("/assets/../secret.key").status_code == 404


def test_a_stranger_sees_no_picture(stranger, pictured):
    assert stranger.get(f"/assets/{pictured}").status_code == 303


def test_the_original_stands_in_a_sandbox_with_a_bar_of_ours(client, services, owner, article):
    version = reading.open_article(services, owner, article).version
    frame = client.get(f"/articles/{article}/original/{version.id}")
    assert re.search(
        rf'<iframe class="sandbox" src="/articles/{article}/original/{version.id}/raw" sandbox ', frame.text
    )
    raw = client.get(f"/articles/{article}/original/{version.id}/raw")
    assert raw.data == builders.page().encode()
    assert raw.content_type.startswith("text/html")
    policy = raw.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-" not in policy
    assert "script-src" not in policy
    assert raw.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/articles/{article}/original/{version.id + 9}/raw").status_code == 404


def test_a_clip_without_an_article_can_be_seen_as_it_came(client, failed):
    assert "No article" not in client.get(f"/clips/{failed.clip_id}/original").text
    assert client.get(f"/clips/{failed.clip_id}/original/raw").data == builders.page().encode()
    assert client.get("/clips/nosuchclip/original").status_code == 404


def test_plain_text_is_never_shown_as_html(client, services, owner):
    receipt = clipping.clip_text(services, owner, "Not <b>mark-up</b>\n\n" + builders.PARAGRAPH)
    jobs.run_all(services)
    raw = client.get(f"/clips/{receipt.clip_id}/original/raw")
    assert raw.content_type.startswith("text/plain")


def test_mhtml_is_handed_over_as_a_file(client, services, owner):
    mhtml = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://quay.example/m\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b1"\r\n\r\n--b1\r\nContent-Type: text/html\r\n'
        f"Content-Location: https://quay.example/m\r\n\r\n{builders.page()}\r\n--b1--\r\n"
    )
    receipt = clipping.clip_upload(services, owner, "saved.mhtml", mhtml.encode())
    jobs.run_all(services)
    raw = client.get(f"/clips/{receipt.clip_id}/original/raw")
    assert raw.headers["Content-Disposition"].startswith("attachment")
    assert "<iframe" not in client.get(f"/clips/{receipt.clip_id}/original").text


def test_every_page_keeps_the_archives_policy(client, services, owner, article):
    policy = client.get(f"/articles/{article}").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_codes_of_the_makers_become_words():
    assert record.kind_words("multipart/related; boundary=x") == "a web archive (MHTML)"
    assert record.kind_words('text/html; charset="utf-8"') == "a web page (HTML)"
    assert record._line(Step(name="keep images", seconds=0.1, outcome="failed: too big")).failed
    missed = record._missed(KeptImage(address="https://a.example/p/x.jpg?w=3", asset=None, reason=""))
    assert (missed.name, missed.reason) == ("x.jpg", "nobody said why")


@pytest.mark.parametrize("came_by", list(CameBy))
def test_every_door_has_words(came_by):
    assert record.came_by_words(came_by)


def test_a_version_that_no_number_can_name_is_not_there(client, services):
    article = builders.put(services).article_id
    for number in ("99999999999999999999", "-1", "2"):
        assert client.get(f"/articles/{article}?version={number}").status_code == 404


def test_a_note_that_is_too_long_is_refused_and_the_one_before_stays(client, services):
    article = builders.put(services).article_id
    client.post(f"/articles/{article}/note", data={"note": "Mine."})
    answer = client.post(f"/articles/{article}/note", data={"note": "n" * 20_001})
    assert answer.status_code == 422
    assert "20,000" in answer.text
    assert "Mine." in client.get(f"/articles/{article}").text


def test_a_long_note_is_kept_without_an_undo_that_no_cookie_can_hold(client, services):
    article = builders.put(services).article_id
    for text in (os.urandom(8_000).hex(), "short"):
        answer = client.post(f"/articles/{article}/note", data={"note": text})
        assert len(answer.headers["Set-Cookie"]) < 4_096


def shown_original(client, services, owner, content, media_type="text/html"):
    receipt = clipping.clip_upload(services, owner, "a.html", content, media_type=media_type)
    raw = f"/clips/{receipt.clip_id}/original/raw"
    assert client.get(f"{raw}?download").data == content, "saved, it is what came"
    shown = client.get(raw)
    assert shown.content_type == "text/html; charset=utf-8"
    return shown.text


@pytest.mark.parametrize(
    "hint",
    [
        '<link rel="preconnect" href="https://spy.example">',
        "<LINK\nrel=dns-prefetch href=//spy.example>",
        "<link/rel='&#112;reconnect'href=https://spy.example>",
        "<link rel='stylesheet href=data: preconnect' href=https://spy.example>",
        '<link rel="stylesheet" media="x" href="https://spy.example/x.css">',
        "<iframe src=https://spy.example></iframe>",
        "<frameset><FRAME\nsrc=https://spy.example></frameset>",
        "<iframe srcdoc=\"&lt;link rel='preconnect' href='https://spy.example'&gt;\"></iframe>",
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "iso-2022-jp"])
def test_an_original_that_is_shown_greets_no_other_machine(client, services, owner, hint, charset):
    page = f"<!doctype html><title>x</title>{hint}<p>{builders.PARAGRAPH}"
    told = f"text/html; charset={charset}"
    shown = shown_original(client, services, owner, page.encode(charset), told).lower()
    assert "<link" not in shown
    assert not re.search("<i?frame[^s]", shown)


def test_a_tag_in_the_disguise_of_its_charset_is_found(client, services, owner):
    page = b"<!doctype html><meta charset=iso-2022-jp><l\x1b(Bink rel=preconnect href=https://spy.example><p>words"
    assert "<link" not in shown_original(client, services, owner, page, "text/html; charset=iso-2022-jp")


def test_an_original_keeps_the_style_sheets_it_carries(client, services, owner):
    style = '<link rel="stylesheet" type="text/css" href="data:text/css;base64,cHt9">'
    page = f"<!doctype html><title>Größe</title>{style}<style>p{{}}</style><p>words"
    shown = shown_original(client, services, owner, page.encode("cp1252"))
    assert style in shown
    assert "Größe" in shown
