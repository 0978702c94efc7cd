"""Where a page says that it is from, when whoever brought it did not say."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from webapp.addresses import canonical_address
from webapp.errors import BadAddress

_SINGLEFILE = re.compile(r"<!--\s{0,20}Page saved with SingleFile\s{1,20}url:\s{0,5}(\S{1,8000})", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!--\s{0,20}saved from url=\(\d{1,6}\)(\S{1,8000})", re.IGNORECASE)  # "mark of the web"
_TAG = re.compile(r"<(?:link|meta|base)\b[^<>]{1,4000}>", re.IGNORECASE)
_HINTS = (  # the tag's own sign, then the attribute that holds the address
    (re.compile(r"\srel\s{0,5}=\s{0,5}[\"']?canonical\b", re.IGNORECASE), "href"),
    (re.compile(r"\s(?:property|name)\s{0,5}=\s{0,5}[\"']?og:url\b", re.IGNORECASE), "content"),
    (re.compile(r"\A<base\b", re.IGNORECASE), "href"),
)
_COMMENT_WINDOW = 20_000  # characters: savers write their comment at the top
_TAG_WINDOW = 3_000_000  # a SingleFile page has its styles before some of its meta tags
_BROWSER_SCHEMES = ("file:", "chrome:", "about:", "moz-extension:", "chrome-extension:", "blob:", "data:", "edge:")


def origin_of(page: str) -> str:
    """The address that the page itself names: SingleFile's comment, a browser's, canonical, og:url, base; or ""."""
    for candidate in _named(page):
        address = html.unescape(candidate).strip()
        try:
            canonical_address(address)
        except BadAddress:
            continue
        return address
    return ""


def given_address(address: str) -> str:
    """The web address behind what a browser shows as a page's address; "" for a page of no web address.

    Firefox's reading view and view-source: are led back to their page. A file on the reader's disk or a browser's own
    page has no web address, and that is no reason to refuse it. Raises BadAddress for what is no address at all.
    """
    address = address.strip().removeprefix("view-source:")
    if address.startswith("about:reader?"):
        address = parse_qs(urlsplit(address).query).get("url", [""])[0]
    if not address or address.lower().startswith(_BROWSER_SCHEMES):
        return ""
    canonical_address(address)
    return address


def _named(page: str) -> Iterator[str]:
    top = page[:_COMMENT_WINDOW]
    for pattern in (_SINGLEFILE, _SAVED_FROM):
        if match := pattern.search(top):
            yield match[1]
    tags = _TAG.findall(page[:_TAG_WINDOW])
    for sign, attribute in _HINTS:
        for tag in tags:
            if sign.search(tag) and (value := _value_of(tag, attribute)):
                yield value


def _value_of(tag: str, attribute: str) -> str:
    match = re.search(rf"\s{attribute}\s{{0,5}}=\s{{0,5}}(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", tag, re.IGNORECASE)
    return next((value for value in match.groups() if value), "") if match else ""
