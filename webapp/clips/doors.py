"""The doors themselves: a page with or without its parts, JSON, pasted text, and a clip brought back from the shelf.

Each checks what came (not too large, not empty, readable), then all build the clip in the same way, so that a clip
brought back is equal to what it was when it arrived.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.clips.charset import cleaned, decode, known_charset, read_as, web_label
from webapp.clips.inlined import lift_pictures
from webapp.clips.mhtml import read_mhtml
from webapp.clips.origin import given_address, origin_of
from webapp.clips.sniff import Kind, has_something, kind_of
from webapp.clips.told import Told, read_told
from webapp.errors import BadClip, ClipEmpty, ClipTooLarge, ClipUnreadable
from webapp.model import CameBy, Clip, ClipRecord, Resource
from webapp.settings import Settings

_READABLE = "Dateline reads web pages (HTML, SingleFile, MHTML) and plain text."
_TORN = "The file says that it is a web archive (MHTML), but there is no page in it; it may have broken off."
_JSON_CHARSET = "utf-8"
_CHARSET = re.compile(r"\bcharset\s*=\s*[\"']?([\w.:+-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Read:
    """A page as it was read: its text, its parts, where it says it is from, and the type it is kept under."""

    page: str
    raw_type: str
    is_html: bool
    address: str = ""
    resources: tuple[Resource, ...] = ()


def clip_from_page(
    content: bytes,
    *,
    media_type: str = "",
    filename: str = "",
    address: str = "",
    came_by: CameBy,
    now: datetime,
    limits: Settings,
    clip_id: str = "",
    title: str = "",
    selection: str = "",
    tags: Sequence[str] = (),
    note: str = "",
    device: str = "",
    resources: Iterable[Resource] = (),
) -> Clip:
    """A clip of a file or a fetched page: HTML, SingleFile, MHTML or plain text, whichever it turns out to be.

    `media_type` may carry a charset. Where no address is given, the page's own word counts. Raises BadClip (too
    large, empty, unreadable), and BadAddress for an address that is none.
    """
    meta = {"clip_id": clip_id, "title": title, "selection": selection, "tags": tuple(tags), "note": note}
    told = read_told(meta, now=now, limits=limits, device=device)
    return _take(content, media_type, filename, given_address(address), tuple(resources), told, came_by, limits)


def clip_from_parts(
    page: bytes,
    *,
    page_type: str,
    address: str,
    resources: Sequence[Resource],
    meta: Mapping[str, Any],
    came_by: CameBy,
    now: datetime,
    limits: Settings,
    device: str = "",
) -> Clip:
    """A clip of a page with the parts that the browser sent along. Raises BadClip, BadAddress."""
    told = read_told(meta, now=now, limits=limits, device=device)
    return _take(page, page_type, "", given_address(address), tuple(resources), told, came_by, limits)


def clip_from_json(
    body: Mapping[str, Any], *, came_by: CameBy, now: datetime, limits: Settings, device: str = ""
) -> Clip:
    """A clip of JSON's `html`, else its `selection`, else its plain `text`; `url` says where from. Raises BadClip."""
    for name in ("url", "html", "text", "selection"):
        if not isinstance(body.get(name) or "", str):
            raise BadClip(f"`{name}` must be text.")
    told = read_told(body, now=now, limits=limits, device=device)
    address = given_address(body.get("url") or "")
    page, media_type = body.get("html") or body.get("selection") or "", "text/html"
    if not page and body.get("text"):
        page, media_type = body["text"], "text/plain"
    content = cleaned(page).encode(_JSON_CHARSET)
    return _take(content, f"{media_type}; charset={_JSON_CHARSET}", "", address, (), told, came_by, limits)


def clip_from_text(
    text: str,
    *,
    address: str = "",
    came_by: CameBy,
    now: datetime,
    limits: Settings,
    clip_id: str = "",
    title: str = "",
    selection: str = "",
    tags: Sequence[str] = (),
    note: str = "",
    device: str = "",
) -> Clip:
    """A clip of pasted text; text that begins as a web page does is read as one. Raises BadClip, BadAddress."""
    content = cleaned(text).encode(_JSON_CHARSET)
    if len(content) > limits.text_limit_bytes:
        raise ClipTooLarge(size_bytes=len(content), limit_bytes=limits.text_limit_bytes, what="the text")
    return clip_from_page(
        content,
        media_type=f"text/plain; charset={_JSON_CHARSET}",
        address=address,
        came_by=came_by,
        now=now,
        limits=limits,
        clip_id=clip_id,
        title=title,
        selection=selection,
        tags=tags,
        note=note,
        device=device,
    )


def clip_again(
    record: ClipRecord,
    raw: bytes,
    parts: Iterable[tuple[str, str, bytes]],
    details: Mapping[str, Any],
    *,
    limits: Settings,
) -> Clip:
    """The clip of a record, as it was when it came: what was accepted once is not measured against `limits` again.

    `parts` are (address, media type, content) of those kept apart. Raises ClipUnreadable when the raw clip is not
    what its record says.
    """
    del limits  # a limit that was lowered since must not make an old clip unreadable
    told = Told(
        clip_id=record.clip_id,
        clipped_at=record.clipped_at,
        title=details.get("title", ""),
        selection_html=details.get("selection_html", ""),
        note=details.get("note", ""),
        tags=tuple(details.get("tags", ())),
        device=details.get("device", ""),
    )
    apart = tuple(Resource(*part) for part in parts)
    return _build(raw, _read_kept(raw, record.raw_type), record.address, apart, told, record.came_by)


def _take(
    content: bytes,
    media_type: str,
    filename: str,
    address: str,
    resources: tuple[Resource, ...],
    told: Told,
    came_by: CameBy,
    limits: Settings,
) -> Clip:
    """Check and read what came through a door. Raises BadClip."""
    _measure(content, resources, limits)
    if not content.strip(b"\x00\t\n\x0c\r \xef\xbb\xbf\xfe\xff"):
        raise ClipEmpty("There is nothing in this clip.")
    bare_type, told_charset = _split(media_type)
    kind = kind_of(content, media_type=bare_type, filename=filename)
    if not isinstance(kind, Kind):
        raise ClipUnreadable(f"This is {kind}, and no article can be made of it. {_READABLE}")
    read = _read(content, kind, told_charset)
    if not has_something(read.page, is_html=read.is_html) and not told.selection_html:
        raise ClipEmpty("There are no words and no pictures in this page.")
    if not read.is_html and len(content) > limits.text_limit_bytes:
        raise ClipTooLarge(size_bytes=len(content), limit_bytes=limits.text_limit_bytes, what="the text")
    found = address or read.address or (origin_of(read.page) if read.is_html else "")
    return _build(content, read, found, _apart(read, resources, told), told, came_by)


def _measure(content: bytes, resources: tuple[Resource, ...], limits: Settings) -> None:
    if len(content) > limits.clip_limit_bytes:
        raise ClipTooLarge(size_bytes=len(content), limit_bytes=limits.clip_limit_bytes)
    if len(resources) > limits.resource_limit_count:
        raise BadClip(f"The clip has {len(resources)} parts; {limits.resource_limit_count} are accepted.")
    for resource in resources:
        if len(resource.content) > limits.resource_limit_bytes:
            what = f"the part {resource.address[:200]}"
            raise ClipTooLarge(size_bytes=len(resource.content), limit_bytes=limits.resource_limit_bytes, what=what)


def _read(content: bytes, kind: Kind, told_charset: str) -> _Read:
    """Read a page for the first time. Raises ClipUnreadable."""
    if kind is Kind.MHTML:
        return _read_mixed(content)
    text, charset = decode(content, told=told_charset)
    return _Read(text, f"{kind.value}; charset={web_label(charset)}", is_html=kind is Kind.HTML)


def _read_kept(raw: bytes, raw_type: str) -> _Read:
    """Read a page again, in the charset found the first time. Raises ClipUnreadable."""
    bare_type, label = _split(raw_type)
    charset = known_charset(label)
    if bare_type == Kind.MHTML:
        return _read_mixed(raw)
    text = read_as(raw, charset).text if charset else decode(raw).text
    return _Read(text, raw_type, is_html=bare_type == Kind.HTML)


def _read_mixed(content: bytes) -> _Read:
    mixed = read_mhtml(content)
    if mixed is None:
        raise ClipUnreadable(_TORN)
    return _Read(mixed.page, Kind.MHTML.value, True, mixed.address, mixed.resources)


def _apart(read: _Read, resources: tuple[Resource, ...], told: Told) -> tuple[Resource, ...]:
    """The parts to be kept apart: those sent along, and the selection's pictures, which are not in the raw clip."""
    apart = {part.address: Resource(part.address, part.media_type, part.content) for part in resources}
    if told.selection_html:
        inside = {part.address for part in lift_pictures(read.page).resources}
        for part in lift_pictures(told.selection_html, inside=False).resources:
            if part.address not in inside:
                apart.setdefault(part.address, part)
    return tuple(apart.values())


def _build(raw: bytes, read: _Read, address: str, apart: tuple[Resource, ...], told: Told, came_by: CameBy) -> Clip:
    page, lifted = lift_pictures(read.page) if read.is_html else (read.page, ())
    return Clip(
        clip_id=told.clip_id,
        address=address,
        raw=raw,
        raw_type=read.raw_type,
        page=page,
        is_html=read.is_html,
        resources=(*read.resources, *lifted, *apart),
        came_by=came_by,
        clipped_at=told.clipped_at,
        title=told.title,
        selection_html=lift_pictures(told.selection_html).page,
        note=told.note,
        tags=told.tags,
        device=told.device,
    )


def _split(media_type: str) -> tuple[str, str]:
    """The bare type in lower case and the charset out of a Content-Type; "" where there is none."""
    bare, _, parameters = media_type.partition(";")
    match = _CHARSET.search(parameters)
    return bare.strip().lower(), match[1] if match else ""
