"""The doors: whatever arrives becomes one shape, is read in the right charset, or is refused with the reason."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import picture
from webapp.clips import clip_again, clip_from_json, clip_from_page, clip_from_parts, clip_from_text
from webapp.clips.charset import cleaned, decode, known_charset, web_label
from webapp.clips.inlined import lift_pictures
from webapp.clips.sniff import Kind, kind_of
from webapp.errors import BadAddress, BadClip, ClipEmpty, ClipTooLarge, ClipUnreadable
from webapp.model import CameBy, ClipRecord, ClipState, Resource
from webapp.settings import Settings

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LIMITS = Settings(data_dir=Path("unused"))
PNG = picture(32, 20) + b"\0" * 300  # larger than the placeholders that pages put where a picture will come
PNG_64 = base64.b64encode(PNG).decode()
PNG_CID = f"cid:{hashlib.sha256(PNG).hexdigest()}@data"
PAGE = "<!doctype html><html><head><title>Bridge opens</title></head><body><p>The bridge opened.</p></body></html>"

MHTML = f"""From: <Saved by Blink>
Snapshot-Content-Location: https://news.example/bridge?id=7
Subject: =?utf-8?Q?The=20br=C3=BCcke?=
Date: Tue, 24 Nov 2026 09:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----MultipartBoundary--x1----"


------MultipartBoundary--x1----
Content-Type: text/html
Content-ID: <frame-1@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: https://news.example/bridge?id=7

<!DOCTYPE html><html><body><h1>Br=C3=BCcke</h1><p>It opened, and the line is very lo=
ng.</p><img src=3D"https://news.example/img/b.png"><iframe src=3D"cid:frame-2@mhtml.blink"></iframe></body></html>
------MultipartBoundary--x1----
Content-Type: text/css
Content-Transfer-Encoding: quoted-printable
Content-Location: cid:css-1@mhtml.blink

p {{ color: black; }}
------MultipartBoundary--x1----
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://news.example/img/b.png

{PNG_64[:76]}
{PNG_64[76:]}
------MultipartBoundary--x1----
Content-Type: text/html
Content-ID: <frame-2@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: https://frames.example/inner

<p>Inner</p>
------MultipartBoundary--x1------
""".replace("\n", "\r\n").encode()


def from_page(content, **more):
    if isinstance(content, str):
        content = content.encode()
    return clip_from_page(content, **{"came_by": CameBy.FILE, "now": NOW, "limits": LIMITS, **more})


def again(clip):
    record = ClipRecord(
        id=1, owner=1, clip_id=clip.clip_id, address=clip.address, title=clip.title, came_by=clip.came_by,
        state=ClipState.RECEIVED, reason="", raw_sha256="", raw_type=clip.raw_type, raw_bytes=len(clip.raw),
        article_id=None, version_number=None, clipped_at=clip.clipped_at, finished_at=None, device=clip.device,
    )  # fmt: skip
    parts = [(part.address, part.media_type, part.content) for part in clip.resources if not part.inside]
    details = {
        "title": clip.title, "selection_html": clip.selection_html, "note": clip.note, "tags": clip.tags,
        "device": clip.device, "is_html": clip.is_html,
    }  # fmt: skip
    return clip_again(record, clip.raw, parts, details, limits=replace(LIMITS, clip_limit_bytes=1))


# --- what it is


def test_a_page_arrives_as_it_came_and_as_text():
    clip = from_page(PAGE, address="https://news.example/b", title=" The  bridge ", tags=["region:syria"], note="n")
    assert clip.raw == PAGE.encode()
    assert clip.page == PAGE
    assert clip.is_html
    assert clip.raw_type == "text/html; charset=utf-8"
    assert (clip.title, clip.tags, clip.note, clip.clipped_at) == ("The bridge", ("region:syria",), "n", NOW)
    assert len(clip.clip_id) == 32


@pytest.mark.parametrize(
    ("content", "media_type", "filename", "expected"),
    [
        (PAGE, "", "", Kind.HTML),
        (PAGE, "text/plain", "x.txt", Kind.HTML),
        ("\ufeff" + PAGE, "", "", Kind.HTML),
        ("<!-- a --><!-- b -->\n<?xml version='1.0'?><html><p>x", "", "", Kind.HTML),
        ("<!---->" * 9_000 + "<p>x", "", "", Kind.HTML),
        ("<p>only a part</p>", "", "", Kind.HTML),
        ("<p>only a part</p>", "text/plain", "", Kind.TEXT),
        ("in HTML, <p> begins a paragraph", "", "notes.txt", Kind.TEXT),
        ("plain words\nand more", "", "", Kind.TEXT),
        ("plain words", "text/html", "", Kind.HTML),
        ("plain words", "", "x.HTM", Kind.HTML),
        ("MZ is a country code; BMW a car; ID3 a tag", "", "", Kind.TEXT),
        ("Note: this is\nno mail", "", "", Kind.TEXT),
        (MHTML.decode(), "", "", Kind.MHTML),
        (MHTML.decode(), "text/html", "page.html", Kind.MHTML),
        (PAGE, "multipart/related", "page.mhtml", Kind.HTML),
        (PAGE.encode("utf-16"), "", "", Kind.HTML),
        (PAGE.encode("utf-16-le"), "", "", Kind.HTML),
    ],
)
def test_the_content_says_what_it_is(content, media_type, filename, expected):
    raw = content if isinstance(content, bytes) else content.encode()
    assert kind_of(raw, media_type=media_type, filename=filename) == expected


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF document"),
        (PNG, "a PNG picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture"),
        (b"GIF89a\x01\x00\x01\x00\x80\x00\x00", "a GIF picture"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "a WebP picture"),
        (b"\x00\x00\x00\x20ftypavif\x00\x00", "an AVIF picture"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00", "a video"),
        (b"PK\x03\x04\x14\x00" + b"\x00" * 20 + b"stuff.txt", "a ZIP archive"),
        (b"PK\x03\x04\x14\x00" + b"\x00" * 20 + b"mimetypeapplication/epub+zip", "an EPUB book"),
        (b"PK\x03\x04\x14\x00" + b"\x00" * 20 + b"word/document.xml", "a Word document"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "a gzip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
        (b"{\\rtf1\\ansi", "an RTF document"),
        (b"bplist00\xd1\x01", "a Safari web archive"),
        (b"\x7fELF\x02\x01\x01", "a program"),
        (b"<?xml version='1.0'?><!-- x --><svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG picture"),
        (bytes(range(256)) * 8, "binary data"),
    ],
)
def test_what_is_no_page_is_refused_by_its_name(content, name):
    with pytest.raises(ClipUnreadable, match=name):
        from_page(content, media_type="text/html", filename="x.html")


@pytest.mark.parametrize(
    "content", [b"", b"  \n\t ", b"\xef\xbb\xbf", b"\x00\x00", b"<html><body></body></html>", b"<br><br>"]
)
def test_a_clip_of_nothing_is_refused(content):
    with pytest.raises(ClipEmpty):
        from_page(content, media_type="text/html")


def test_a_page_of_pictures_alone_is_something():
    assert from_page("<html><body><img src='https://a.example/x.png'></body></html>").is_html


@pytest.mark.parametrize("cut", [60, 80, 95])
def test_a_page_that_breaks_off_is_taken_as_far_as_it_goes(cut):
    assert from_page(PAGE[:cut]).page == PAGE[:cut]


# --- charsets

HEBREW, RUSSIAN, JAPANESE = (
    "ממשלת ישראל אישרה את התקציב לשנת הבאה",
    "Правительство одобрило бюджет",
    "政府は予算案を承認した。カタカナ",
)
CHINESE, FRENCH = "政府批准了明年的预算，议会将于下周投票表决。", "Le comité a approuvé l’été dernier — déjà"


@pytest.mark.parametrize(
    ("text", "charset", "told", "declared"),
    [
        (HEBREW, "utf-8", "", ""),
        (HEBREW, "utf-8", "iso-8859-1", "windows-1255"),
        (HEBREW, "cp1255", "", "windows-1255"),
        (HEBREW, "cp1255", "windows-1255", ""),
        (HEBREW, "utf-16", "", ""),
        (HEBREW, "utf-16-le", "utf-16", ""),
        (HEBREW, "utf-8-sig", "windows-1252", ""),
        (RUSSIAN, "koi8-r", "", "koi8-r"),
        (RUSSIAN, "cp1251", "windows-1251", "utf-8"),
        (RUSSIAN, "utf-16-be", "", ""),
        (JAPANESE, "shift_jis", "", "Shift_JIS"),
        (JAPANESE, "euc-jp", "euc-jp", ""),
        (JAPANESE, "iso2022_jp", "iso-2022-jp", ""),
        (CHINESE, "gb18030", "", "gb2312"),
        (CHINESE.translate({0x4E86: None}), "gbk", "gbk", ""),
        (FRENCH, "cp1252", "", "iso-8859-1"),
        (FRENCH, "cp1252", "latin1", ""),
        (FRENCH, "utf-8", "us-ascii", "us-ascii"),
        (FRENCH, "utf-8", "no-such-charset", "x-also-none"),
    ],
)
def test_each_charset_is_read_as_its_page_means_it(text, charset, told, declared):
    meta = f'<meta charset="{declared}">' if declared else ""
    page = f"<!doctype html><html><head>{meta}<title>t</title></head><body><p>{text}</p></body></html>"
    clip = from_page(page.encode(charset), media_type=f"text/html; charset={told}" if told else "text/html")
    assert clip.page == page
    assert again(clip) == clip


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ((HEBREW + ". ") * 12, "cp1255"),
        ((RUSSIAN + " и парламент проголосует на следующей неделе. ") * 6, "cp1251"),
        ((CHINESE + "。") * 12, "gb18030"),
        ("政府批准了明年的預算，議會將於下週投票表決，這是今年最重要的決定。" * 6, "big5"),
        ((JAPANESE + "。") * 6, "shift_jis"),
        ((JAPANESE + "。") * 6, "euc-jp"),
        ("정부는 내년 예산안을 승인했다. 국회는 다음 주에 표결할 예정이다. " * 4, "euc-kr"),
        ("وافقت الحكومة على الميزانية للعام المقبل وسيصوت البرلمان عليها الأسبوع المقبل. " * 4, "cp1256"),
        ("Η κυβέρνηση ενέκρινε τον προϋπολογισμό για το επόμενο έτος. " * 4, "cp1253"),
        ((RUSSIAN + " и парламент проголосует на следующей неделе. ") * 6, "koi8-r"),
        ("Rząd przyjął budżet na przyszły rok, a posłowie będą głosować w środę. " * 4, "cp1250"),
        ("Hükümet gelecek yılın bütçesini onayladı, görüşmeler çarşamba günü başlıyor. " * 4, "cp1254"),
        ("Die Regierung hat den Haushalt für nächstes Jahr beschlossen – größer als früher. " * 4, "cp1252"),
        ((FRENCH + " été, à côté du garçon où naît l'œuvre. ") * 6, "cp1252"),
    ],
)
def test_an_undeclared_charset_is_guessed_from_the_letters(text, charset):
    page = f"<html><body><p>{text}</p></body></html>"
    assert decode(page.encode(charset)).text == page


def test_utf8_declared_but_windows_1252_sent_is_read_as_sent():
    page = f'<meta charset="utf-8"><p>{FRENCH * 4}</p>'
    assert decode(page.encode("cp1252"), told="utf-8").text == page


@pytest.mark.parametrize("told", ["", "utf-8", "iso-8859-1"])
@pytest.mark.parametrize("bad", [b"\xe9", b"\xff", b"\x93", b"\xe2\x82"])
def test_a_bad_byte_never_changes_how_the_rest_is_read(told, bad):
    content = "<p>Le comité</p>".encode() + bad + "<p>l’été — déjà</p>".encode()
    text = decode(content, told=told).text
    assert text.startswith("<p>Le comité</p>\ufffd")
    assert text.endswith("<p>l’été — déjà</p>")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_utf8_is_always_read_as_utf8(text):
    page = "<p>" + text
    assert decode(page.encode()).text == cleaned(page)


@given(
    st.binary(max_size=300), st.sampled_from(["", "utf-8", "windows-1255", "gbk", "utf-16", "utf-7", "hex", "rot13"])
)
def test_any_bytes_become_text_that_no_parser_stumbles_over(content, told):
    text, charset = decode(content, told=told)
    assert cleaned(text) == text
    assert known_charset(web_label(charset)) == charset
    text.encode("utf-8")


def test_text_is_cleaned_of_what_stops_parsers():
    assert cleaned("a\x00b\x01c\x0cd\ud800e\ufffff\x85g\th\r\ni\x7f\x90") == "abc defg\th\r\ni".replace("f", "f\n")


# --- MHTML


def test_an_mhtml_file_is_a_page_with_its_parts():
    clip = from_page(MHTML)
    assert clip.address == "https://news.example/bridge?id=7"
    assert clip.raw_type == "multipart/related"
    assert "<h1>Brücke</h1><p>It opened, and the line is very long.</p>" in clip.page
    parts = {part.address: part for part in clip.resources}
    assert parts["https://news.example/img/b.png"].content == PNG
    assert parts["cid:frame-2@mhtml.blink"].content == b"<p>Inner</p>"
    assert parts["https://frames.example/inner"].content == b"<p>Inner</p>"
    assert parts["cid:css-1@mhtml.blink"].media_type == "text/css"
    assert all(part.inside for part in clip.resources)


@pytest.mark.parametrize("share", [0.45, 0.6, 0.75, 0.97])
def test_an_mhtml_file_that_breaks_off_is_read_as_far_as_it_goes(share):
    clip = from_page(MHTML[: int(len(MHTML) * share)])
    assert "Brücke" in clip.page
    assert again(clip) == clip


@pytest.mark.parametrize(
    "head",
    [b'Content-Type: multipart/related; boundary="b%d"\r\n\r\n--b%d\r\n', b"Content-Type: message/rfc822\r\n\r\n"],
)
def test_an_mhtml_file_within_itself_a_thousand_times_is_unreadable(head):
    heads = b"".join(head % ((level,) * head.count(b"%d")) for level in range(3_000))
    with pytest.raises(ClipUnreadable):
        from_page(b"MIME-Version: 1.0\r\n" + heads + b"Content-Type: text/html\r\n\r\n<p>words</p>")


@pytest.mark.parametrize("unit", [b"--b\n\nx\n", b"a:\n"], ids=["parts", "headers"])
def test_an_mhtml_file_of_millions_of_pieces_is_refused_before_it_is_read(unit):
    started = time.process_time()
    with pytest.raises(ClipUnreadable, match="parts"):
        from_page(b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n' + unit * 4_500_000)
    assert time.process_time() - started < 2


def test_an_endless_mhtml_header_costs_no_more_than_its_length():
    header = b"Content-Location: " + b"=?utf-8?q?a?=" * 300_000
    started = time.process_time()
    clip = from_page(MHTML.lstrip().replace(b"MIME-Version: 1.0", b"MIME-Version: 1.0\r\n" + header, 1))
    assert time.process_time() - started < 5
    assert clip.is_html


def test_an_mhtml_file_without_a_page_is_unreadable():
    with pytest.raises(ClipUnreadable, match="no page"):
        from_page(MHTML[:300])


def test_the_part_named_by_start_is_the_page():
    content = MHTML.replace(b'\ttype="text/html";', b'\ttype="text/html"; start="<frame-2@mhtml.blink>";')
    assert from_page(content).page.strip() == "<p>Inner</p>"


def test_parts_with_relative_locations_and_charsets_are_understood():
    content = (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html; charset=windows-1255\n"  # noqa: E501 - a row of a table
        b"Content-Location: https://a.example/x/y.html\n\n<p>"
        + HEBREW.encode("cp1255")
        + b"</p>\n--b\nContent-Type: image/png\n"
        b"Content-Transfer-Encoding: base64\nContent-ID: <i1>\nContent-Location: ../i.png\n\n"
        + PNG_64.encode()
        + b"\n--b--\n"
    )
    clip = from_page(content)
    assert clip.page.strip() == f"<p>{HEBREW}</p>"
    assert [part.address for part in clip.resources] == ["https://a.example/i.png", "cid:i1"]


# --- pictures within the page


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'<img src="data:image/png;base64,{PNG_64}">', f'<img src="{PNG_CID}">'),
        (f"<img alt='x' src='data:image/png;base64,{PNG_64}'/>", f"<img alt='x' src='{PNG_CID}'/>"),
        (f"<img src=data:image/png;base64,{PNG_64} alt=x>", f"<img src={PNG_CID} alt=x>"),
        (f'<img SRC = " data:image/png;base64,{PNG_64}">', f'<img SRC = " {PNG_CID}">'),
        (f'<img src="data:;base64,{PNG_64}">', f'<img src="{PNG_CID}">'),
        (f'<img src="data:image/png;base64,{PNG_64[:30]}\n  {PNG_64[30:]}">', f'<img src="{PNG_CID}">'),
        (f'<img data-src="data:image/png;base64,{PNG_64}">', f'<img data-src="{PNG_CID}">'),
        (f'<video poster="data:image/png;base64,{PNG_64}">', f'<video poster="{PNG_CID}">'),
        (
            f'<img srcset="data:image/png;base64,{PNG_64} 1x, https://a.example/b.png 2x">',
            f'<img srcset="{PNG_CID} 1x, https://a.example/b.png 2x">',
        ),
        (
            f'<source srcset="https://a.example/b.png 2x, data:image/png;base64,{PNG_64} 1x">',
            f'<source srcset="https://a.example/b.png 2x, {PNG_CID} 1x">',
        ),
        (
            f'<img srcset="data:image/png;base64,{PNG_64}, data:image/png;base64,{PNG_64} 2x">',
            f'<img srcset="{PNG_CID}, {PNG_CID} 2x">',
        ),
        (f'<image href="data:image/png;base64,{PNG_64}"/>', f'<image href="{PNG_CID}"/>'),
    ],
)
def test_pictures_are_lifted_out_of_the_page(before, after):
    page, resources = lift_pictures(f"<p>a</p>{before}<p>b</p>")
    assert page == f"<p>a</p>{after}<p>b</p>"
    assert [(part.address, part.content, part.inside) for part in resources] == [(PNG_CID, PNG, True)]


@pytest.mark.parametrize(
    "page",
    [
        f'<div style="background: url(data:image/png;base64,{PNG_64})">x</div>',
        f"<style>p {{ background: url('data:image/png;base64,{PNG_64}') }}</style>",
        '<iframe src="data:text/html,<p>x"></iframe>',
        '<script src="data:text/javascript,1"></script>',
        '<a href="data:text/html,x">x</a>',
        '<img src="data:image/png;base64,">',
        '<img src="data:image/png">',
        '<img src="data:image/png;base64,iVBORw0KGgo',
        "<p>src=data: is how it is written; data:image/png;base64,xyz too</p>",
        '<img src="https://a.example/data:image/png;base64,AAAA">',
    ],
)
def test_everything_else_that_begins_with_data_stays(page):
    assert lift_pictures(page) == (page, ())


def test_pictures_written_in_percents_and_entities_are_lifted_too():
    words = "quay " * 60
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'><desc>{words}</desc></svg>"
    written = f"&lt;svg xmlns='http://www.w3.org/2000/svg'><desc>{words}</desc>%3C/svg%3E"
    page, (part,) = lift_pictures(f'<img src="data:image/svg+xml;utf8,{written}">')
    assert part.content.decode() == svg
    assert part.media_type == "image/svg+xml"
    assert page == f'<img src="{part.address}">'


def test_fifty_megabytes_of_pictures_are_lifted_in_seconds():
    picture = base64.b64encode(bytes(3_000_000)).decode()
    page = "<p>words</p>" + "".join(f'<img src="data:image/png;base64,{picture[:-8]}{n:04d}AAA=">' for n in range(12))
    started = time.process_time()
    lifted, resources = lift_pictures(page)
    assert time.process_time() - started < 5
    assert len(resources) == 12
    assert len(lifted) < 2_000


@pytest.mark.parametrize(
    "unit",
    [
        "data:",
        '"data:',
        "src=data:",
        "/src=data:",
        ' src="data:',
        ' src="data:image/png;base64,',
        "<!--",
        "<",
        "<meta ",
        "<img ",
        "&lt;",
        "\u00e9",
    ],
)
def test_hostile_repetition_costs_no_more_than_its_length(unit):
    started = time.process_time()
    from_page("<p>words</p>" + unit * (3_000_000 // len(unit)))
    assert time.process_time() - started < 5


# --- addresses


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (
            "<!--\n Page saved with SingleFile \n url: https://a.example/x?a=1&amp;b=2 \n saved date: Tue -->",
            "https://a.example/x?a=1&b=2",
        ),
        ("<!-- saved from url=(0022)https://a.example/page -->", "https://a.example/page"),
        ('<link rel="canonical" href="https://a.example/c">', "https://a.example/c"),
        ("<link href=https://a.example/c rel=canonical>", "https://a.example/c"),
        ("<meta property='og:url' content='https://a.example/o'>", "https://a.example/o"),
        ("<base href='https://a.example/b/'>", "https://a.example/b/"),
        (
            "<meta property='og:url' content='https://a.example/o'><link rel=canonical href='/relative'>",
            "https://a.example/o",
        ),
        ("<link rel=canonical href='javascript:x'>", ""),
        ("<!-- saved from url=(0014)about:internet -->", ""),
    ],
)
def test_a_page_tells_where_it_is_from(page, expected):
    assert from_page(f"<!doctype html><html>{page}<p>words</p>").address == expected
    assert (
        from_page(f"<!doctype html><html>{page}<p>words</p>", address="https://b.example/").address
        == "https://b.example/"
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (" https://a.example/x ", "https://a.example/x"),
        ("about:reader?url=https%3A%2F%2Fa.example%2Fx%3Fb%3D1", "https://a.example/x?b=1"),
        ("view-source:https://a.example/x", "https://a.example/x"),
        ("file:///home/me/page.html", ""),
        ("chrome://newtab", ""),
        ("", ""),
    ],
)
def test_what_a_browser_shows_as_address_leads_to_the_page(address, expected):
    assert from_page(PAGE, address=address).address == expected


@pytest.mark.parametrize(
    "address", ["not an address", "javascript:alert(1)", "ftp://a.example/", "https://me:pw@a.example/"]
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(BadAddress):
        from_page(PAGE, address=address)


# --- limits and words


def test_too_much_is_refused_with_its_size():
    small = replace(LIMITS, clip_limit_bytes=100, text_limit_bytes=10, resource_limit_bytes=3, resource_limit_count=2)
    with pytest.raises(ClipTooLarge) as caught:
        from_page("<p>" + "x" * 100, limits=small)
    assert (caught.value.size_bytes, caught.value.limit_bytes) == (103, 100)
    with pytest.raises(ClipTooLarge):
        clip_from_text("x" * 11, came_by=CameBy.FORM, now=NOW, limits=small)
    with pytest.raises(ClipTooLarge):
        clip_from_json({"html": "<p>" + "x" * 100}, came_by=CameBy.API, now=NOW, limits=small)
    with pytest.raises(ClipTooLarge, match=r"a\.example/big"):
        from_page("<p>x", limits=small, resources=[Resource("https://a.example/big", "image/png", b"four")])
    with pytest.raises(BadClip, match="3 parts"):
        from_page("<p>x", limits=small, resources=[Resource("https://a.example/", "image/png", b"")] * 3)


def from_json(**body):
    return clip_from_json(body, came_by=CameBy.API, now=NOW, limits=LIMITS, device="laptop")


@pytest.mark.parametrize(
    "body",
    [
        {"title": 7}, {"note": ["x"]}, {"tags": 5}, {"tags": [1]}, {"tags": {"a": 1}}, {"clip_id": "short"}, {"clip_id": "x" * 65},  # noqa: E501 - a row of a table
        {"clip_id": "has blank"}, {"clip_id": "ünïcödé!"}, {"clipped_at": "yesterday"}, {"clipped_at": 5}, {"selection": {}},  # noqa: E501 - a row of a table
        {"url": 9}, {"html": ["<p>"]}, {"text": 3}, {"note": "n" * 20_001}, {"tags": [str(n) for n in range(51)]}, {"tags": ["x" * 201]},  # noqa: E501 - a row of a table
    ],
)  # fmt: skip
def test_what_a_client_says_wrongly_is_refused(body):
    with pytest.raises(BadClip):
        from_json(**{"html": PAGE, **body})


def test_json_brings_a_page_a_selection_or_text():
    clip = from_json(url="https://a.example/", html=PAGE, tags=["a", " a ", "b"], clip_id="client-made_1", other=1)
    assert (clip.page, clip.tags, clip.clip_id, clip.device) == (PAGE, ("a", "b"), "client-made_1", "laptop")
    assert from_json(selection="<p>part</p>").page == "<p>part</p>"
    assert from_json(text="only words").is_html is False
    with pytest.raises(ClipEmpty):
        from_json(url="https://a.example/")


def test_lone_surrogates_from_json_do_no_harm():
    clip = from_json(html="<p>broken \ud83d emoji</p>", title="a\ud800b", note="\udfff")
    assert (clip.page, clip.title, clip.note) == ("<p>broken  emoji</p>", "ab", "")


def test_a_long_title_is_cut():
    assert len(from_json(html=PAGE, title="x" * 900).title) == 500


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2026-11-20T08:00:00Z", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T10:00:00+02:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T08:00:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2030-01-01T00:00:00Z", NOW),
        ((NOW + timedelta(minutes=2)).isoformat(), NOW),
        ("", NOW),
    ],
)
def test_a_clip_that_waited_keeps_its_moment(told, expected):
    assert from_json(html=PAGE, clipped_at=told).clipped_at == expected


def test_pasted_text_is_text_unless_it_is_a_page():
    def pasted(text):
        return clip_from_text(text, came_by=CameBy.FORM, now=NOW, limits=LIMITS)

    assert pasted("Words <b>as typed</b>").is_html is False
    assert pasted("Words").address == ""
    assert pasted(PAGE).is_html


# --- and back again

INLINED = f'<!doctype html><html><body><p>w</p><img src="data:image/png;base64,{PNG_64}"></body></html>'
GIF = b"GIF89a\x01\x00\x01\x00"


def every_door():
    common = {"came_by": CameBy.API, "now": NOW, "limits": LIMITS}
    sent = [
        Resource("https://a.example/i.png", "image/png", PNG),
        Resource("https://a.example/j.gif", "image/gif", GIF),
    ]
    gif = f'<img src="data:image/gif;base64,{base64.b64encode(GIF).decode()}">'
    meta = {"title": "t", "note": "n", "tags": ["a"], "selection": f"<p>{gif}</p>", "clip_id": "12345678"}
    yield from_page(PAGE)
    yield from_page(INLINED, address="https://a.example/", resources=sent, selection=f"<b>{gif}</b>")
    yield from_page(MHTML)
    yield from_page(HEBREW.encode("cp1255") * 20, filename="x.txt")
    yield from_page(f"<p>{RUSSIAN * 9}".encode("koi8-r"), media_type="text/html; charset=koi8-r")
    yield from_page(INLINED.encode("utf-16"))
    yield from_page(b"<p>bad \xff byte \xc3\xa9\xc3\xa9</p>")
    yield from_page(f"<p>{CHINESE * 9}".encode("gbk", "ignore"))
    yield clip_from_text("Some words\nand \x00more.", address="https://a.example/", note="mine", **common)
    yield clip_from_json({"url": "https://a.example/", "html": INLINED, **meta}, device="laptop", **common)
    yield clip_from_json({"selection": INLINED}, **common)
    yield clip_from_parts(
        INLINED.encode(),
        page_type="text/html; charset=utf-8",
        address="https://a.example/",
        resources=sent,
        meta=meta,
        **common,
    )
    yield clip_from_parts(MHTML, page_type="multipart/related", address="", resources=(), meta=meta, **common)


@pytest.mark.parametrize("clip", list(every_door()), ids=lambda clip: clip.raw_type)
def test_a_clip_brought_back_is_the_clip_that_came(clip):
    assert again(clip) == clip


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["text/html", "text/plain", "", "multipart/related"]))
def test_whatever_is_accepted_comes_back_the_same(content, media_type):
    try:
        clip = from_page(b"<p>words</p>" + content if media_type == "text/html" else content, media_type=media_type)
    except BadClip:
        return
    assert again(clip) == clip


def test_a_picture_sent_along_is_kept_apart_and_one_within_is_not():
    clip = from_page(INLINED, resources=[Resource("https://a.example/i.png", "image/png", PNG)])
    assert [(part.address, part.inside) for part in clip.resources] == [
        (PNG_CID, True),
        ("https://a.example/i.png", False),
    ]
