"""The clip page with all its doors, the window the bookmarklet opens, and what became of a clip."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clipping, htmx
from webapp.counter import origin, services
from webapp.errors import ArchiveError, BadAddress, BadClip, BadTag, FetchFailed
from webapp.model import CameBy, ClipRecord, ClipState
from webapp.pages import clip_forms, record
from webapp.pages.bookmarklet import bookmarklet
from webapp.pipeline import Receipt

bp = Blueprint("clip", __name__)

RECENT = 12  # taste: what fits beside the doors
PATIENCE_S = 1.5  # most articles are made within it, and the reader never sees the waiting page
POLL_S = 0.05
REFUSED_SHOWN = 6  # notices travel in a cookie, and browsers drop one beyond 4,096 bytes (RFC 6265 §6.1)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a form came back, and at which door; `fields` says it at single fields."""

    door: str = ""
    text: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@bp.get("/clip")
def index() -> ResponseReturnValue:
    return _page(Wrong())


@bp.get("/clip/recent")
def recent() -> ResponseReturnValue:
    """The list of recent clips. It asks for itself again while one of them is being worked on, and then stops."""
    return htmx.page_or_fragment("clip/recent.html", "clip/_recent.html", **_recent())


@bp.post("/clip/address")
def clip_address() -> ResponseReturnValue:
    try:
        filed = clip_forms.filed(services(), request.form)
        address = clip_forms.address(request.form.get("address", ""))
        return _received(clipping.clip_address(services(), g.owner, address, **filed))
    except (BadClip, BadAddress, FetchFailed, BadTag) as error:
        return _again("address", error)


@bp.post("/clip/file")
def clip_file() -> ResponseReturnValue:
    """One file or several; each is a clip of its own, and a bad one does not stop the others."""
    files = [file for file in request.files.getlist("file") if file.filename]
    try:
        if not files:
            raise BadClip("Choose a file first.")
        filed = clip_forms.filed(services(), request.form)
        filed["address"] = clip_forms.address(request.form.get("address", ""), optional=True)
        if len(files) == 1:
            return _received(_keep_file(files[0].filename, files[0].read(), files[0].content_type, filed))
    except (BadClip, BadAddress, BadTag) as error:
        return _again("file", error)
    refused = []
    for file in files:
        try:
            _keep_file(file.filename, file.read(), file.content_type, filed)
        except (BadClip, BadAddress) as error:
            refused.append(f"{(file.filename or '')[:100]}: {error.text[:200]}")
    return _received_many(len(files) - len(refused), refused)


@bp.post("/clip/text")
def clip_text() -> ResponseReturnValue:
    try:
        filed = clip_forms.filed(services(), request.form)
        address = clip_forms.address(request.form.get("address", ""), optional=True)
        text, title = request.form.get("text", "").replace("\r\n", "\n"), request.form.get("title", "").strip()
        if not text.strip():
            raise BadClip("Paste the text first.")
        return _received(clipping.clip_text(services(), g.owner, text, address=address, title=title, **filed))
    except (BadClip, BadAddress, BadTag) as error:
        return _again("text", error)


@bp.get("/clip/new")
def new() -> ResponseReturnValue:
    """The window that the bookmarklet opens. It asks its opener for the page; see static/receiver.js."""
    return render_template("clip/new.html", **_new_values(Wrong()))


@bp.post("/clip/new")
def keep_new() -> ResponseReturnValue:
    try:
        meta = clip_forms.page_meta(services(), request.form)
        page = request.files.get("page")
        content = page.read() if page is not None else b""
        if not content:
            raise BadClip("The page did not arrive. Close this window, and press the bookmarklet again.")
        receipt = clipping.clip_parts(
            services(),
            g.owner,
            content,
            page_type="text/html; charset=utf-8",
            address=meta["url"],
            resources=clip_forms.resources(request.files.getlist("resource"), request.form.getlist("resource_address")),
            meta=meta,
            came_by=CameBy.BOOKMARKLET,
        )
    except (BadClip, BadAddress, BadTag) as error:
        wrong = _wrong("new", error)
        return htmx.page_or_fragment(
            "clip/new.html", "clip/_new_problem.html", status=_status(error), **_new_values(wrong)
        )
    return htmx.go_to(url_for(".show", clip_id=receipt.clip_id, window="small"))


@bp.get("/clip/<clip_id>")
def show(clip_id: str) -> ResponseReturnValue:
    """How far a clip came; to its article at once when it is made within a moment. `window=small` stays and tells."""
    small = request.args.get("window") == "small"
    clip = _once_settled(clip_id, 0 if htmx.wants_fragment() else PATIENCE_S)
    if clip.state is ClipState.KEPT and not small:
        if (clip.version_number or 1) > 1:
            htmx.notice(f"You had this article already. This is version {clip.version_number}; the older ones stay.")
        return htmx.go_to(url_for("article.show", article_id=clip.article_id))
    return htmx.page_or_fragment("clip/show.html", "clip/_state.html", clip=clip, small=small)


def _keep_file(filename: str | None, content: bytes, media_type: str | None, filed: Mapping[str, Any]) -> Receipt:
    return clipping.clip_upload(
        services(), g.owner, filename or "", content, media_type=media_type or "", came_by=CameBy.FILE, **filed
    )


def _received(receipt: Receipt) -> ResponseReturnValue:
    return redirect(url_for(".show", clip_id=receipt.clip_id), code=303)


def _received_many(received: int, refused: list[str]) -> ResponseReturnValue:
    if received:
        htmx.notice(f"{received} {'file is' if received == 1 else 'files are'} safe and being read.")
    for each in refused[:REFUSED_SHOWN]:
        htmx.notice(each, kind="problem")
    if len(refused) > REFUSED_SHOWN:
        htmx.notice(f"{len(refused) - REFUSED_SHOWN} more were refused too.", kind="problem")
    return redirect(url_for(".index", _anchor="recent"), code=303)


def _once_settled(clip_id: str, limit_s: float) -> ClipRecord:
    """The clip's record when it is no longer `received`, or as it stands after `limit_s`. The worker does the work."""
    deadline = time.monotonic() + limit_s
    while True:
        clip = clipping.state_of(services(), g.owner, clip_id)
        if clip.state is not ClipState.RECEIVED or time.monotonic() >= deadline:
            return clip
        time.sleep(POLL_S)


def _again(door: str, error: ArchiveError) -> ResponseReturnValue:
    """The page once more, with what was typed and why it could not be kept."""
    return _page(_wrong(door, error), status=_status(error))


def _wrong(door: str, error: ArchiveError) -> Wrong:
    if isinstance(error, clip_forms.BadTags):
        return Wrong(door, "", error.fields)
    return Wrong(door, error.text[0].upper() + error.text[1:])


def _status(error: ArchiveError) -> int:
    return error.status if error.status == 413 else 422


def _page(wrong: Wrong, *, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "clip/index.html",
        typed=request.values,
        wrong=wrong,
        origin=origin(),
        bookmarklet=bookmarklet(Path(current_app.static_folder or "") / "bookmarklet.js", origin()),
        limit_bytes=services().settings.clip_limit_bytes,
        **_recent(),
    )
    return page, status


def _recent() -> dict[str, Any]:
    clips = clipping.recent(services(), g.owner, RECENT)
    waiting = any(clip.state is ClipState.RECEIVED for clip in clips)
    return {"clips": clips, "waiting": waiting, "came_by": record.came_by_words}


def _new_values(wrong: Wrong) -> dict[str, Any]:
    return {"wrong": wrong, "typed": request.values, "limit_bytes": services().settings.clip_limit_bytes}
