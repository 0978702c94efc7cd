"""What arrived: a web page, an MHTML file, plain text, or something that no article can be made of."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath

from webapp.clips.charset import marked_or_wide

_HTML_TYPES = {"text/html", "application/xhtml+xml"}
_MHTML_TYPES = {"multipart/related", "message/rfc822", "application/x-mimearchive", "multipart/mixed"}
_TEXT_ENDINGS = {".txt", ".text", ".md", ".markdown", ".log", ".rst"}
_PAGE_ENDINGS = {".html", ".htm", ".xhtml", ".shtml"}
_HEAD = 65_536  # bytes looked at for mark-up: long comments and licences stand before the first tag of some pages
_MIME_HEADER = re.compile(
    rb"\A\s*(?:[!-9;-~]{1,70}:[^\n]{0,2000}\r?\n(?:[ \t][^\n]{0,2000}\r?\n){0,20}){1,60}", re.IGNORECASE
)
_MIME_SIGN = re.compile(rb"^(?:mime-version:|content-type:\s*multipart/related)", re.IGNORECASE | re.MULTILINE)
_PAGE_START = re.compile(rb"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_SVG_START = re.compile(rb"(?:<!doctype\s+svg|<svg[\s>])", re.IGNORECASE)
_MARKUP = re.compile(
    rb"<(?:!doctype|html|head|body|title|meta|article|main|section|div|p|h[1-6]|span|table|ul|ol|br|a\s|img\s)", re.I
)
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r\x0c\x1b"))
_BINARY_SHARE = 0.05  # of the first bytes being controls; text has none, windows-1252 neither; taste

_SIGNATURES = (  # https://mimesniff.spec.whatwg.org/ §7, and the formats readers try to upload
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"bplist00", "a Safari web archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x00asm", "a program"),
    (b"wOF", "a font"),
    (b"OggS", "an Ogg recording"),
    (b"ID3", "an MP3 recording"),
    (b"fLaC", "a FLAC recording"),
    (b"\x1aE\xdf\xa3", "a video"),
)
_LETTERS_ONLY = {b"BM", b"MZ", b"BZh", b"ID3", b"wOF", b"OggS", b"Rar!", b"GIF8", b"fLaC"}  # text may begin so
_IN_A_ZIP = (
    (b"mimetypeapplication/epub+zip", "an EPUB book"),
    (b"mimetypeapplication/vnd.oasis.opendocument", "an OpenDocument file"),
    (b"word/", "a Word document"),
    (b"xl/", "an Excel workbook"),
    (b"ppt/", "a PowerPoint presentation"),
)


class Kind(StrEnum):
    HTML = "text/html"
    MHTML = "multipart/related"
    TEXT = "text/plain"


def kind_of(content: bytes, *, media_type: str = "", filename: str = "") -> Kind | str:
    """What `content` is: a Kind, or the name of what it is instead ("a PDF document"), to be told to the reader.

    The content decides; what the client says of it (`media_type` without parameters, `filename`) only where mark-up
    could also be text that talks about mark-up.
    """
    named = _named_binary(content)
    if named:
        return named
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    headers = _MIME_HEADER.match(head)
    if headers and _MIME_SIGN.search(headers[0]):
        return Kind.MHTML
    if media_type in _MHTML_TYPES and headers:
        return Kind.MHTML
    charset = marked_or_wide(content[:_HEAD])
    wide = content[:_HEAD].decode(charset, "ignore").lstrip("\ufeff").encode("utf-8", "ignore") if charset else head
    if _is_binary(wide):
        return "binary data"
    if _PAGE_START.match(_without_prologue(wide)):
        return Kind.HTML
    ending = PurePath(filename).suffix.lower()
    if media_type in _HTML_TYPES or ending in _PAGE_ENDINGS:
        return Kind.HTML
    if media_type.startswith("text/") or ending in _TEXT_ENDINGS:
        return Kind.TEXT
    return Kind.HTML if _MARKUP.search(wide) else Kind.TEXT


def has_something(page: str, *, is_html: bool) -> bool:
    """Whether there is a letter to read, or a picture, in `page`."""
    if not is_html:
        return bool(page.strip())
    if "<img" in page.lower():
        return True
    first, *rest = page.split("<")
    return bool(first.strip()) or any(piece.partition(">")[2].strip() for piece in rest)


def _without_prologue(head: bytes) -> bytes:
    """`head` from its first mark-up on that is neither comment nor XML declaration."""
    start = 0
    while True:
        while head[start : start + 1].isspace():
            start += 1
        opening, closing = (b"<!--", b"-->") if head.startswith(b"<!--", start) else (b"<?", b">")
        end = head.find(closing, start + len(opening)) if head.startswith(opening, start) else -1
        if end < 0:
            return head[start:]
        start = end + len(closing)


def _named_binary(content: bytes) -> str:
    head = content[:512]
    if head.startswith(b"PK\x03\x04"):
        start = content[:4_000]
        return next((name for sign, name in _IN_A_ZIP if sign in start), "a ZIP archive")
    if head[:4] == b"RIFF":
        return "a WebP picture" if head[8:12] == b"WEBP" else "a recording"
    if head[4:8] == b"ftyp":
        return "an AVIF picture" if head[8:12] in (b"avif", b"avis", b"mif1") else "a video"
    for sign, name in _SIGNATURES:
        if head.startswith(sign) and (sign not in _LETTERS_ONLY or _is_binary(head)):
            return name
    return "an SVG picture" if _SVG_START.match(_without_prologue(content[:_HEAD])) else ""


def _is_binary(head: bytes) -> bool:
    head = head[:4_096]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > len(head) * _BINARY_SHARE
