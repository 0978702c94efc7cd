"""Pictures: known by their content, decoded before they are kept, and refused before they cost memory."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from webapp.errors import BadPicture
from webapp.pictures import inspect_picture

LIMITS = {"limit_bytes": 5_000_000, "limit_pixels": 1_000_000}


def drawn(kind, size=(40, 30), *, mode="RGB", **options):
    image = Image.frombytes(mode, size, random.Random(1).randbytes(size[0] * size[1] * len(mode)))
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def animated(kind):
    frames = [Image.new("RGB", (20, 10), (number * 40, 0, 0)) for number in range(5)]
    target = io.BytesIO()
    frames[0].save(target, kind, save_all=True, append_images=frames[1:], duration=50)
    return target.getvalue()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("GIF", "image/gif"),
        ("WEBP", "image/webp"),
        ("AVIF", "image/avif"),
        ("BMP", "image/bmp"),
    ],
)
def test_a_picture_is_known_by_its_content(kind, expected):
    assert inspect_picture(drawn(kind), **LIMITS) == (expected, 40, 30)


def test_an_icon_is_known_with_its_largest_size():
    assert inspect_picture(drawn("ICO", (64, 64)), **LIMITS) == ("image/vnd.microsoft.icon", 64, 64)


@pytest.mark.parametrize("mode", ["L", "RGBA", "LA"])
def test_grey_and_transparent_pictures_are_pictures(mode):
    assert inspect_picture(drawn("PNG", mode=mode), **LIMITS).width_px == 40


def test_a_jpeg_for_printers_is_a_picture():
    assert inspect_picture(drawn("JPEG", mode="CMYK"), **LIMITS) == ("image/jpeg", 40, 30)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_a_picture(kind):
    facts = inspect_picture(animated(kind), **LIMITS)
    assert (facts.width_px, facts.height_px) == (20, 10)


def test_a_photograph_on_its_side_has_the_size_it_is_shown_in():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert inspect_picture(drawn("JPEG", exif=exif), **LIMITS) == ("image/jpeg", 30, 40)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_that_breaks_off_is_refused(kind, share):
    content = drawn(kind, (200, 200))
    with pytest.raises(BadPicture):
        inspect_picture(content[: int(len(content) * share)], **LIMITS)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"<!doctype html><html><body>Not found</body></html>", "a web page"),
        (b"<html><body><svg></svg></body></html>", "a web page"),
        (b"II*\x00\x08\x00\x00\x00", "a TIFF"),
        (b"plain words", "something else"),
        (b"\x89PNG\r\n\x1a\n", "damaged|something else"),
        (b"\xff\xd8\xff\xe0", "damaged|something else"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "something else"),
    ],
)
def test_what_is_no_picture_is_refused_by_its_name(content, words):
    with pytest.raises(BadPicture, match=words):
        inspect_picture(content, **LIMITS)


def test_too_many_bytes_are_refused():
    with pytest.raises(BadPicture, match="MB"):
        inspect_picture(bytes(101), limit_bytes=100, limit_pixels=100)


def png_of(width, height):
    """A PNG that claims a size and holds a few bytes that unpack to many."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(bytes(min(height, 1000) * (1 + width * 3)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(2_000, 1_000), (10_001, 10_001), (60_000, 60_000), (2_000_000, 3)])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused_before_it_does(size):
    content = (
        png_of(*size)
        if size[1] < 5_000
        else png_of(size[0], 1).replace(struct.pack(">I", 1), struct.pack(">I", size[1]), 1)
    )
    tracemalloc.start()
    with pytest.raises(BadPicture):
        inspect_picture(content, **LIMITS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_png_with_a_text_that_unpacks_to_much_is_refused():
    bomb = zlib.compress(bytes(200_000_000))
    body = b"k\x00\x00" + bomb
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    content = png_of(10, 10)
    with pytest.raises(BadPicture):
        inspect_picture(content[:33] + chunk + content[33:], **LIMITS)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"></svg>', (40, 30)),
        ('<svg width="40.4px" height="2in"></svg>', (40, 192)),
        ('<svg viewBox="0 0 400 300"/>', (400, 300)),
        ('<svg viewBox="0,0,400,300" width="40"><path/></svg>', (40, 30)),
        ('<svg viewBox="0 0 400 300" height="30"></svg>\n<!-- end -->', (40, 30)),
        ('<svg width="100%" height="100%"></svg>', (None, None)),
        ('<svg viewBox="0 0 0 0"></svg>', (None, None)),
        ('<svg stroke-width="7" data-height="9"></svg>', (None, None)),
        (
            '<?xml version="1.0"?>\n<!-- drawn > here -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">\n'
            '<svg width="1" height="2"></svg>',
            (1, 2),
        ),
        ("\ufeff<svg width='3' height='4'></svg>", (3, 4)),
    ],
)
def test_a_drawing_has_the_size_it_names(text, size):
    assert inspect_picture(text.encode(), **LIMITS) == ("image/svg+xml", *size)


def test_a_drawing_in_utf16_is_one_too():
    assert inspect_picture("<svg width='3' height='4'></svg>".encode("utf-16"), **LIMITS) == ("image/svg+xml", 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        "<svg width='3' height='4'><path d='M0",
        "<svg width='3",
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>',
        '<!DOCTYPE svg [ <!ENTITY x SYSTEM "file:///etc/passwd"> ]><svg>&x;</svg>',
        "<svg><!ENTITY a 'b'></svg>",
        "<svg>" + "<g/>" * 1_300_000 + "</svg>",
    ],
)
def test_a_drawing_that_is_dangerous_or_torn_is_refused(text):
    with pytest.raises(BadPicture):
        inspect_picture(text.encode(), limit_bytes=50_000_000, limit_pixels=1_000_000)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "ICO"]), st.data())
def test_a_damaged_picture_is_a_picture_or_is_refused(kind, data):
    content = bytearray(drawn(kind))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        facts = inspect_picture(bytes(content), **LIMITS)
    except BadPicture:
        return
    assert facts.media_type.startswith("image/")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_are_refused(content):
    try:
        inspect_picture(content, **LIMITS)
    except BadPicture:
        return
