"""The doors as deeds: what a page, the API or the command hands in becomes a Clip and is received."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from webapp.clips import clip_from_json, clip_from_page, clip_from_parts, clip_from_text
from webapp.errors import NotFound
from webapp.jobs import run_next
from webapp.model import CameBy, ClipRecord, ClipState, Resource
from webapp.pipeline import Receipt, receive
from webapp.services import Services

POLL_S = 0.05


def clip_address(
    services: Services, owner: int, address: str, *, came_by: CameBy = CameBy.ADDRESS, **extra: Any
) -> Receipt:
    """Fetch the page at `address` and keep it. Raises BadAddress, FetchFailed, BadClip."""
    fetched = services.fetcher.page(address)
    media_type = f"{fetched.media_type}; charset={fetched.charset}" if fetched.charset else fetched.media_type
    return clip_upload(
        services,
        owner,
        "",
        fetched.content,
        address=fetched.final_address,
        media_type=media_type,
        came_by=came_by,
        **extra,
    )


def clip_upload(
    services: Services,
    owner: int,
    filename: str,
    content: bytes,
    *,
    address: str = "",
    media_type: str = "",
    came_by: CameBy = CameBy.FILE,
    **extra: Any,
) -> Receipt:
    """Keep a file: HTML, SingleFile, MHTML or plain text, whichever it turns out to be. Raises BadClip."""
    clip = clip_from_page(
        content,
        media_type=media_type,
        filename=filename,
        address=address,
        came_by=came_by,
        now=services.clock(),
        limits=services.settings,
        **extra,
    )
    return receive(services, owner, clip)


def clip_text(
    services: Services, owner: int, text: str, *, address: str = "", came_by: CameBy = CameBy.FORM, **extra: Any
) -> Receipt:
    """Keep pasted plain text. Raises BadClip."""
    clip = clip_from_text(
        text, address=address, came_by=came_by, now=services.clock(), limits=services.settings, **extra
    )
    return receive(services, owner, clip)


def clip_mapping(
    services: Services, owner: int, body: Mapping[str, Any], *, came_by: CameBy = CameBy.API, device: str = ""
) -> Receipt:
    """Keep what JSON brought: `url` and `html`, and the rest of the meta fields. Raises BadClip."""
    clip = clip_from_json(body, came_by=came_by, now=services.clock(), limits=services.settings, device=device)
    return receive(services, owner, clip)


def clip_link(services: Services, owner: int, body: Mapping[str, Any], *, device: str = "") -> Receipt:
    """Fetch and keep the page at JSON's `url`; a clip id that came before is not fetched again.

    Raises BadAddress, FetchFailed, BadClip.
    """
    with services.store.read() as work:
        record = work.clips.by_clip_id(owner, str(body.get("clip_id") or ""))
    if record is not None:
        return Receipt(
            clip_id=record.clip_id,
            record_id=record.id,
            state=record.state,
            is_new=False,
            article_id=record.article_id,
        )
    told = {name: body[name] for name in ("clip_id", "title", "note", "tags") if body.get(name)}
    return clip_address(services, owner, str(body.get("url") or ""), device=device, **told)


def clip_parts(
    services: Services,
    owner: int,
    page: bytes,
    *,
    page_type: str,
    address: str,
    resources: Sequence[Resource],
    meta: Mapping[str, Any],
    came_by: CameBy = CameBy.API,
    device: str = "",
) -> Receipt:
    """Keep a page with the parts the browser sent along. Raises BadClip."""
    clip = clip_from_parts(
        page,
        page_type=page_type,
        address=address,
        resources=resources,
        meta=meta,
        came_by=came_by,
        now=services.clock(),
        limits=services.settings,
        device=device,
    )
    return receive(services, owner, clip)


def recent(services: Services, owner: int, limit: int = 20) -> list[ClipRecord]:
    with services.store.read() as work:
        return work.clips.recent(owner, limit)


def state_of(services: Services, owner: int, clip_id: str) -> ClipRecord:
    """How far a clip came. Raises NotFound."""
    with services.store.read() as work:
        record = work.clips.by_clip_id(owner, clip_id)
    if record is None:
        raise NotFound("There is no such clip.")
    return record


def wait_for(services: Services, owner: int, clip_id: str, limit_s: float) -> ClipRecord:
    """The clip's record once its job is done, or as it stands after `limit_s`.

    Does waiting jobs itself, so that a command needs no worker; one that a worker holds is waited for.
    """
    deadline = time.monotonic() + limit_s
    while True:
        record = state_of(services, owner, clip_id)
        if record.state is not ClipState.RECEIVED or time.monotonic() > deadline:
            return record
        if not run_next(services):
            time.sleep(POLL_S)
