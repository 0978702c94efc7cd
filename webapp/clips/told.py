"""What a client tells about a clip beside the page: title, note, tags, when and by which id. Checked once, here."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from webapp.clips.charset import cleaned
from webapp.errors import BadClip, ClipTooLarge
from webapp.settings import Settings

_CLIP_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_TAG_LIMIT_CHARS = 200  # the longest name of the vocabulary has 60
_DEVICE_LIMIT_CHARS = 200  # taste
_CLOCKS_DIFFER = timedelta(minutes=10)  # a client's clock may be ahead by this; beyond, the archive's own counts
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The checked words of a client. `selection_html` is mark-up as it came; everything else is plain text."""

    clip_id: str
    clipped_at: datetime
    title: str = ""
    selection_html: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    device: str = ""


def read_told(meta: Mapping[str, Any], *, now: datetime, limits: Settings, device: str = "") -> Told:
    """Read `clip_id`, `clipped_at`, `title`, `selection`, `note` and `tags` out of `meta`; other names are ignored.

    A title that is too long is cut, as pages have such titles; the reader's own words never are: they are refused.
    Raises BadClip, ClipTooLarge.
    """
    note = _text(meta, "note").strip()
    if len(note) > limits.note_limit_chars:
        raise BadClip(f"The note has {len(note)} characters; {limits.note_limit_chars} are kept. Shorten it.")
    selection = _text(meta, "selection")
    if len(selection) > limits.clip_limit_bytes:
        raise ClipTooLarge(size_bytes=len(selection), limit_bytes=limits.clip_limit_bytes, what="the selection")
    return Told(
        clip_id=_clip_id(_text(meta, "clip_id")),
        clipped_at=_moment(_text(meta, "clipped_at"), now),
        title=_cut(_BLANKS.sub(" ", _text(meta, "title")).strip(), limits.title_limit_chars),
        selection_html=selection if selection.strip() else "",
        note=note,
        tags=_tags(meta.get("tags"), limits.tags_limit_count),
        device=cleaned(device)[:_DEVICE_LIMIT_CHARS],
    )


def _text(meta: Mapping[str, Any], name: str) -> str:
    value = meta.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadClip(f"`{name}` must be text, not {type(value).__name__}.")
    return cleaned(value)


def _clip_id(text: str) -> str:
    if not text:
        return uuid.uuid4().hex
    if not _CLIP_ID.fullmatch(text):
        raise BadClip("`clip_id` must be 8 to 64 letters, digits, _ or -.")
    return text


def _moment(text: str, now: datetime) -> datetime:
    """When it was clipped: by the client's clock, as it may have waited for a connection; never in the future."""
    if not text:
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadClip("`clipped_at` must be a moment like 2026-11-24T09:30:00Z.") from error
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise BadClip("`clipped_at` is too far away.") from error
    return min(moment, now) if moment - now < _CLOCKS_DIFFER else now


def _tags(value: object, limit: int) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, Iterable) or isinstance(value, (bytes, Mapping)):
        raise BadClip("`tags` must be a list of names.")
    names: dict[str, None] = {}
    for name in value:
        if not isinstance(name, str):
            raise BadClip("Every one of `tags` must be text.")
        name = _BLANKS.sub(" ", cleaned(name)).strip()
        if len(name) > _TAG_LIMIT_CHARS:
            raise BadClip(f"The tag {name[:40]!r}… has more than {_TAG_LIMIT_CHARS} characters.")
        if name:
            names[name] = None
    if len(names) > limit:
        raise BadClip(f"A clip may carry {limit} tags, this one has {len(names)}.")
    return tuple(names)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
