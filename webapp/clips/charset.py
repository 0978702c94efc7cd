"""Bytes to text, once, at the door; and text without what breaks parsers.

A single bad byte never changes how the rest of a page is read: what is mostly UTF-8 is UTF-8.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from webapp.clips.guess import guess_charset

_MARKS = (  # byte order marks (Unicode 15, §23.8); the longer ones first
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LABELS = {  # what pages say, and what browsers then read (WHATWG Encoding §4.2), where Python differs
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "l1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso8859-9": "cp1254",
    "latin5": "cp1254",
    "iso-8859-11": "cp874",
    "iso8859-11": "cp874",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "euc-kr": "cp949",
    "euc_kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "korean": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "iso-8859-8-i": "iso8859-8",
    "logical": "iso8859-8",
    "unicode": "utf-16-le",
    "utf-16": "utf-16-le",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "x-mac-cyrillic": "mac-cyrillic",
    "macintosh": "mac-roman",
}
_WEB_LABELS = {  # WHATWG Encoding §4.2; the other way round
    "cp874": "windows-874",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "big5hkscs": "big5",
    "mac-cyrillic": "x-mac-cyrillic",
    "mac-roman": "macintosh",
    **{f"cp{number}": f"windows-{number}" for number in range(1250, 1259)},
}
_NO_PAGES = {"utf-7", "idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
_SEVERAL_BYTES = {"gb18030", "cp949", "cp932", "big5hkscs", "euc_jp", "iso2022_jp"}  # whose letters may look like UTF-8
_META = re.compile(rb"<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"\s{0,9}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{2,40})", re.IGNORECASE)
_META_WINDOW = 8_192  # bytes; browsers look at 1,024 (HTML §13.2.3.2), but saved pages put comments before
_BAD_SHARE = 0.02  # of the letters beyond ASCII: above, the declaration is a lie; taste
_BROKEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_PAGE_BREAKS = str.maketrans({"\x0b": " ", "\x0c": " ", "\x85": "\n"})


class Decoded(NamedTuple):
    """A page as text, and the charset it was read in, as Python calls it."""

    text: str
    charset: str


def decode(content: bytes, *, told: str = "") -> Decoded:
    """`content` as clean text. `told` is the charset the transport named, or "".

    In this order: byte order mark; valid UTF-8; mostly UTF-8; the transport's word; the page's own; a guess.
    """
    wide = marked_or_wide(content)
    if wide:
        return read_as(content, wide)
    declared = [charset for charset in (known_charset(told), _declared_within(content)) if charset]
    several = next((charset for charset in declared if charset in _SEVERAL_BYTES), "")
    if several and (not content.isascii() or b"\x1b" in content) and _strictly(content, several):
        return read_as(content, several)
    if _strictly(content, "utf-8"):
        return read_as(content, "utf-8")
    if _is_mostly_utf8(content):
        return read_as(content, "utf-8")
    for charset in declared:
        if charset != "utf-8" and _few_are_bad(content, charset):
            return read_as(content, charset)
    return read_as(content, guess_charset(content))


def read_as(content: bytes, charset: str) -> Decoded:
    """`content` read in `charset`, which `decode` found before; bad bytes become U+FFFD."""
    for mark, marked in _MARKS:
        if marked == charset and content.startswith(mark):
            content = content[len(mark) :]
    return Decoded(cleaned(content.decode(charset, "replace")), charset)


def cleaned(text: str) -> str:
    """`text` without NUL, C0 and C1 controls, lone surrogates and noncharacters, which stop parsers without a word.

    Tabs and line ends stay; form feeds become blanks, and NEL becomes a line end.
    """
    return _BROKEN.sub("", text.translate(_PAGE_BREAKS) if _has_page_breaks(text) else text)


def known_charset(label: str) -> str:
    """Python's name for what a page or server calls its charset; "" if there is no such charset of text."""
    label = label.strip().strip("\"'").lower()
    label = _LABELS.get(label, label)
    try:
        found = codecs.lookup(label)
    except (LookupError, ValueError):
        return ""
    if not found._is_text_encoding or found.name in _NO_PAGES:
        return ""
    return _LABELS.get(found.name, found.name)


def web_label(charset: str) -> str:
    """What browsers call a charset that Python calls `charset`; `known_charset` of it is `charset` again."""
    return _WEB_LABELS.get(charset, charset)


def marked_or_wide(content: bytes) -> str:
    """The charset that a byte order mark or the pattern of NULs tells; "" if there is neither."""
    return next((charset for mark, charset in _MARKS if content.startswith(mark)), "") or _utf16_without_mark(content)


def _has_page_breaks(text: str) -> bool:
    return "\x0c" in text or "\x0b" in text or "\x85" in text


def _declared_within(content: bytes) -> str:
    """What the page says of itself. UTF-16 cannot be, or the declaration would not have been read (HTML §13.2.3.2)."""
    head = content[:_META_WINDOW]
    match = _XML.match(head) or _META.search(head)
    charset = known_charset(match[1].decode("ascii", "replace")) if match else ""
    return "utf-8" if charset.startswith(("utf-16", "utf-32")) else charset


def _utf16_without_mark(content: bytes) -> str:
    """UTF-16 shows by the NUL beside nearly every letter of the mark-up."""
    head = content[:400]
    if len(head) < 8:
        return ""
    even, odd = head[::2].count(0) / len(head[::2]), head[1::2].count(0) / len(head[1::2])
    if odd > 0.7 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.1 else ""


def _strictly(content: bytes, charset: str) -> bool:
    try:
        content.decode(charset)
    except UnicodeError:
        return False
    return True


def _is_mostly_utf8(content: bytes) -> bool:
    """More letters of several bytes that are right than wrong: other charsets form one by chance in about 20."""
    text = content.decode("utf-8", "replace")
    bad = text.count("\ufffd") - content.count("\ufffd".encode())
    good = len(text) - sum(map(len, re.findall("[\x00-\x7f]+", text))) - bad
    return good > bad


def _few_are_bad(content: bytes, charset: str) -> bool:
    text = content.decode(charset, "replace")
    foreign = len(content) - sum(map(len, re.findall(rb"[\x00-\x7f]+", content)))
    return text.count("\ufffd") <= max(2, foreign * _BAD_SHARE)
