"""Pictures that a page carries within itself as `data:` addresses: lifted out, so that the page becomes small.

A SingleFile page of 50 MB is 1 MB of mark-up. The page is walked with plain searches, once, so that hostile text
costs no more than its length.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from webapp.model import Resource

_SIGN = "data:"
_PLACE = re.compile(  # what stands before a picture's address; `href` is SVG's image
    r"[\s\"'/](?P<name>(?:data-)?(?:[a-z]{1,12}-){0,2}(?:src|srcset|original|poster|image)|imagesrcset|srcset|(?:xlink:)?href)"
    r"\s{0,8}=\s{0,8}(?P<quote>[\"']?)\s{0,8}\Z",
    re.IGNORECASE,
)
_PLACES_LIMIT = 20_000  # a page has a few hundred; beyond, they stay, so that hostile text costs no minutes
_PICTURE_BYTES = 300  # less is a placeholder until a script brings the picture: 43 bytes of GIF, a grey SVG
_LOOK_BACK = 80  # characters before an address in which its attribute must stand
_IN_SET = re.compile(r"data:[^\s]*", re.IGNORECASE)
_HEAD = re.compile(r"data:(?P<type>[\w.+-]{1,60}/[\w.+-]{1,80})?(?P<parameters>(?:;[^;,]{0,80}){0,5}),", re.IGNORECASE)
_UNQUOTED_END = re.compile(r"[\s>]")
_BLANKS = re.compile(rb"\s+")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


class Lifted(NamedTuple):
    """The page with `cid:` in place of its `data:` pictures, and these, each once, in their order."""

    page: str
    resources: tuple[Resource, ...]


def lift_pictures(page: str, *, inside: bool = True) -> Lifted:
    """`page` with every `data:` picture in a src, srcset or poster replaced by `cid:<sha256>@data`.

    `url(data:…)` in styles stays: no article shows it. So does what is no picture, what
    cannot be decoded, and what is too small to be more than a placeholder.
    """
    resources: dict[str, Resource] = {}
    pieces: list[str] = []
    done = 0
    for start, end, is_set in _places(page):
        value = page[start:end]
        if is_set:
            new = _IN_SET.sub(lambda match: _lift_from_set(match[0], resources, inside), value)
        else:
            new = _lift(value, resources, inside)
        if new != value:
            pieces += (page[done:start], new)
            done = end
    if not pieces:
        return Lifted(page, ())
    return Lifted("".join((*pieces, page[done:])), tuple(resources.values()))


def _places(page: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of every attribute value that may hold a picture, and whether it is a srcset."""
    position = 0
    unclosed: set[str] = set()  # quotes that are not found any more: each is looked for in vain once only
    for _ in range(_PLACES_LIMIT):
        found = page.find(_SIGN, position)
        if found < 0:
            return
        position = found + len(_SIGN)
        place = _PLACE.search(page, max(0, found - _LOOK_BACK), found) or _place_of_set(page, found)
        if place is None or place["quote"] in unclosed:
            continue
        start = found if place.end() == found else place.end()
        end = _end_of_value(page, start, place["quote"])
        if end < 0:
            unclosed.add(place["quote"])
        elif end > start:
            yield start, end, place["name"].lower().endswith("set")
            position = max(position, end)


def _place_of_set(page: str, found: int) -> re.Match[str] | None:
    """The attribute of a srcset whose first candidates are ordinary addresses and a later one is `data:`."""
    before = max(0, found - 4_000)
    opening = max(page.rfind('"', before, found), page.rfind("'", before, found))
    if opening < 0:
        return None
    place = _PLACE.search(page, max(0, opening + 1 - _LOOK_BACK), opening + 1)
    return place if place is not None and place["name"].lower().endswith("set") else None


def _end_of_value(page: str, start: int, quote: str) -> int:
    """Where the value ends; -1 if the page breaks off before."""
    if quote:
        return page.find(quote, start)
    match = _UNQUOTED_END.search(page, start)
    return match.start() if match else -1


def _lift_from_set(address: str, resources: dict[str, Resource], inside: bool) -> str:
    """One candidate of a srcset, which may end in the comma that divides it from the next."""
    bare = address.rstrip(",")
    return _lift(bare, resources, inside) + address[len(bare) :]


def _lift(address: str, resources: dict[str, Resource], inside: bool) -> str:
    """`cid:…` for a picture, which is added to `resources`; else the address as it was."""
    head = _HEAD.match(address)
    if head is None or not _may_be_picture(head["type"]):
        return address
    content = _content(address[head.end() :], is_base64="base64" in head["parameters"].lower())
    if len(content) < _PICTURE_BYTES:
        return address
    name = f"cid:{hashlib.sha256(content).hexdigest()}@data"
    resources.setdefault(name, Resource(name, (head["type"] or "").lower(), content, inside))
    return name


def _may_be_picture(media_type: str | None) -> bool:
    return media_type is None or media_type.lower().startswith("image/") or media_type == "application/octet-stream"


def _content(payload: str, *, is_base64: bool) -> bytes:
    """The bytes of a `data:` address's payload (RFC 2397), read as tolerantly as browsers do; b"" if it cannot be."""
    if "&" in payload:
        payload = html.unescape(payload)
    content = unquote_to_bytes(payload) if "%" in payload or not payload.isascii() else payload.encode("ascii")
    if not is_base64:
        return content
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error:
        letters = _NOT_BASE64.sub(b"", _BLANKS.sub(b"", content.replace(b"-", b"+").replace(b"_", b"/")))
    letters = letters[:-1] if len(letters) % 4 == 1 else letters  # a broken last letter carries no byte
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))
