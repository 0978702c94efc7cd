"""A page with its parts in one file: MHTML (RFC 2557), as Chromium and old mail programs write it. Imports `email`.

A file that breaks off is read as far as it goes.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from typing import NamedTuple
from urllib.parse import urljoin

from webapp.clips.charset import decode
from webapp.errors import ClipUnreadable
from webapp.model import Resource

_PAGE_TYPES = {"text/html", "application/xhtml+xml"}
_ABSOLUTE = re.compile(r"(?:https?|cid|file):", re.IGNORECASE)
_DEPTH = 8  # of multiparts within multiparts; mail has three at most, and nesting costs
_PARTS, _LINES = 20_000, 2_000_000  # a clip of 50 MB has 660,000 lines of base64; a part or header costs 2 kB of memory
_HEADER_CHARS = 30_000  # an address of 8,000 in encoded words; decode_header is quadratic (1.3 MB took 9 s, 2026-11-24)


class Mixed(NamedTuple):
    """What an MHTML file holds: the page, where it is from ("" if not said), and its parts, frames included."""

    page: str
    address: str
    resources: tuple[Resource, ...]


def read_mhtml(content: bytes) -> Mixed | None:
    """The page in `content` with its parts. None if there is no page in it, or it is nested beyond reading.

    Each part has one Resource for its Content-Location, made absolute, and one for its Content-ID (`cid:…`): a page
    may call it by either. Raises ClipUnreadable for more parts than any browser writes.
    """
    if content.count(b"\n--") > _PARTS or content.count(b"\n") + content.count(b"\r") > 2 * _LINES:
        raise ClipUnreadable(
            f"The web archive (MHTML) has more than {_PARTS:,} parts, or {_LINES:,} lines. Clip its page."
        )
    try:
        message = email.message_from_bytes(content.lstrip(), policy=email.policy.compat32)
    except RecursionError:  # some hundred multiparts within one another
        return None
    leaves = list(_leaves(message, 0))
    main = _main(message, leaves)
    if main is None:
        return None
    address = _location(message, "Snapshot-Content-Location") or _location(main) or _location(message)
    address = address if address.lower().startswith(("http://", "https://")) else ""
    page = decode(_content(main), told=str(main.get_content_charset("") or "")).text
    resources = tuple(
        Resource(name, part.get_content_type(), _content(part), inside=True)
        for part in leaves
        if part is not main
        for name in _names(part, address)
    )
    return Mixed(page, address, resources)


def _leaves(message: Message, depth: int) -> Iterator[Message]:
    if not message.is_multipart():
        yield message
    elif depth < _DEPTH:
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _leaves(part, depth + 1)


def _main(message: Message, leaves: list[Message]) -> Message | None:
    """The part that `start` names (RFC 2387 §3.2), else the first page."""
    start = message.get_param("start")
    pages = [part for part in leaves if part.get_content_type() in _PAGE_TYPES]
    named = [part for part in pages if start and _header(part, "Content-ID") == start]
    return next(iter(named or pages), None)


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _names(part: Message, base: str) -> Iterator[str]:
    location = _location(part)
    if location:
        yield location if _ABSOLUTE.match(location) else _joined(base, location)
    identifier = _header(part, "Content-ID").strip("<> ")
    if identifier and f"cid:{identifier}" != location:
        yield f"cid:{identifier}"


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError:
        return location


def _location(part: Message, header: str = "Content-Location") -> str:
    """A Content-Location, unfolded: long ones are broken into lines, and blanks mean nothing (RFC 2557 §4.4.2)."""
    return re.sub(r"\s+", "", _header(part, header))


def _header(part: Message, name: str) -> str:
    value = part.get(name)
    if value is None:
        return ""
    value = str(value)[:_HEADER_CHARS]
    try:
        return str(make_header(decode_header(value))).strip()
    except (LookupError, ValueError):
        return value.strip()
