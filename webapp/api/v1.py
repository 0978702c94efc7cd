"""The routes of `/api/v1`. Every error is `{"error": {"kind", "message"}}` with a fitting status (error_pages.py)."""

from __future__ import annotations

from typing import Any

from flask import g, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from webapp import alerts, clipping, searching
from webapp.api.blueprint import bp
from webapp.api.bodies import json_body, json_object, typed
from webapp.api.shapes import (
    found_as_json,
    opened_as_json,
    receipt_as_json,
    record_as_json,
    search_as_json,
    standing_as_json,
    tag_as_json,
)
from webapp.articles import correcting, reading
from webapp.counter import services
from webapp.errors import BadClip
from webapp.filing import tagging
from webapp.guard import require_scope
from webapp.model import CameBy, ReadingState, Resource, TagKind
from webapp.pipeline import Receipt
from webapp.version import VERSION

RESULTS_LIMIT = 100  # articles a page of the API; taste
PAGES_LIMIT = 10_000  # engines count a million hits at most (index/engine.py)


@bp.get("/health")
def health() -> ResponseReturnValue:
    """Whether the archive answers, for a process watcher; open to anyone, so it tells nothing of the content."""
    state = searching.health(services())
    return jsonify(version=VERSION, **state), 200 if state["ok"] else 503


@bp.post("/api/v1/clips")
def receive_clip() -> ResponseReturnValue:
    """A clip as multipart (`page`, `resource` …, `meta`), as JSON (`url`, `html`), or an address. 202 once durable."""
    require_scope("clip")
    device = g.device.name
    if request.mimetype == "application/json":
        receipt = _receive_json(json_body(), device)
    elif request.mimetype == "multipart/form-data":
        receipt = _receive_parts(device)
    else:
        raise BadClip("Send the clip as multipart/form-data with a `page` part, or as JSON with `url` and `html`.")
    here = url_for("api.show_clip", clip_id=receipt.clip_id)
    return jsonify(receipt_as_json(receipt, here)), 202


@bp.get("/api/v1/clips/<clip_id>")
def show_clip(clip_id: str) -> ResponseReturnValue:
    require_scope("clip")
    return jsonify(record_as_json(clipping.state_of(services(), g.owner, clip_id)))


@bp.get("/api/v1/articles")
def list_articles() -> ResponseReturnValue:
    require_scope("read")
    per_page = min(request.args.get("per_page", 25, type=int), RESULTS_LIMIT)
    found = searching.find(
        services(),
        g.owner,
        request.args.get("q", ""),
        page=min(max(1, request.args.get("page", 1, type=int)), PAGES_LIMIT),
        sort=request.args.get("sort", "best"),
        per_page=max(1, per_page),
        explain=request.args.get("explain") == "1",
    )
    return jsonify(found_as_json(found))


@bp.get("/api/v1/articles/<int:article_id>")
def show_article(article_id: int) -> ResponseReturnValue:
    require_scope("read")
    return jsonify(opened_as_json(reading.open_article(services(), g.owner, article_id)))


@bp.patch("/api/v1/articles/<int:article_id>")
def change_article(article_id: int) -> ResponseReturnValue:
    """Change `reading`, `starred`, `note` or `title`; the rest stays. The article comes back to who may read it."""
    require_scope("write")
    body = json_body()
    state = _reading_state(body["reading"]) if "reading" in body else None
    starred, note, title = typed(body, "starred", bool), typed(body, "note", str), typed(body, "title", str)
    # What may be refused comes first: all of the change is made, or nothing of it.
    reading.check_note(services(), note or "")
    if title is not None:
        correcting.correct(services(), g.owner, article_id, {"title": title})
    if note is not None:
        reading.set_note(services(), g.owner, article_id, note)
    if state is not None:
        reading.set_reading(services(), g.owner, article_id, state)
    if starred is not None:
        reading.set_starred(services(), g.owner, article_id, starred)
    if "read" not in g.device.scopes:
        return "", 204
    return jsonify(opened_as_json(reading.open_article(services(), g.owner, article_id)))


@bp.delete("/api/v1/articles/<int:article_id>")
def trash_article(article_id: int) -> ResponseReturnValue:
    require_scope("write")
    reading.trash(services(), g.owner, article_id)
    return "", 204


@bp.post("/api/v1/articles/<int:article_id>/tags")
def add_tag(article_id: int) -> ResponseReturnValue:
    require_scope("write")
    body = json_body()
    tag = tagging.add_tag(services(), g.owner, article_id, _kind(body.get("kind")), str(body.get("name", "")))
    return jsonify(tag_as_json(tag)), 201


@bp.delete("/api/v1/articles/<int:article_id>/tags/<tag_id>")
def remove_tag(article_id: int, tag_id: str) -> ResponseReturnValue:
    require_scope("write")
    tagging.remove_tag(services(), g.owner, article_id, tag_id)
    return "", 204


@bp.get("/api/v1/tags")
def complete_tags() -> ResponseReturnValue:
    require_scope("clip")
    found = tagging.complete(services(), _kind(request.args.get("kind")), request.args.get("name", ""))
    return jsonify(tags=[{**tag_as_json(item.tag), "path": item.path} for item in found])


@bp.get("/api/v1/searches")
def list_searches() -> ResponseReturnValue:
    """Every saved search with its numbers. Asking for them is not looking: what is new stays new."""
    require_scope("read")
    return jsonify(searches=[standing_as_json(each) for each in alerts.standings(services(), g.owner)])


@bp.post("/api/v1/searches")
def save_search() -> ResponseReturnValue:
    """201 with the search, or 200 when the same query was saved before."""
    require_scope("write")
    body = json_body()
    query, name, sort = (typed(body, field, str) or "" for field in ("query", "name", "sort"))
    search, is_new = alerts.save(services(), g.owner, query, name=name, sort=sort)
    return jsonify(search_as_json(search)), 201 if is_new else 200


@bp.delete("/api/v1/searches/<int:search_id>")
def remove_search(search_id: int) -> ResponseReturnValue:
    require_scope("write")
    alerts.remove(services(), g.owner, search_id)
    return "", 204


def _receive_json(body: dict[str, Any], device: str) -> Receipt:
    if body.get("fetch") is True:
        return clipping.clip_link(services(), g.owner, body, device=device)
    return clipping.clip_mapping(services(), g.owner, body, device=device, came_by=_door())


def _door() -> CameBy:
    """Browsers name the extension that asks; nothing depends on it but the words of the record."""
    is_extension = request.headers.get("Origin", "").startswith(("chrome-extension://", "moz-extension://"))
    return CameBy.EXTENSION if is_extension else CameBy.API


def _receive_parts(device: str) -> Receipt:
    meta = json_object(_field("meta") or b"{}")
    page = request.files.get("page")
    content = page.read() if page is not None else (request.form.get("page") or "").encode()
    return clipping.clip_parts(
        services(),
        g.owner,
        content,
        page_type=(page.content_type if page is not None else "") or "text/html; charset=utf-8",
        address=str(meta.get("url") or _text_field("address") or _location(page)),
        resources=[_resource(part) for part in request.files.getlist("resource")],
        meta=meta,
        device=device,
        came_by=_door(),
    )


def _field(name: str) -> bytes | None:
    """A form field, sent plainly or as a part with a file name."""
    part = request.files.get(name)
    if part is not None:
        content: bytes = part.read()
        return content
    text = request.form.get(name)
    return None if text is None else text.encode()


def _text_field(name: str) -> str:
    return (_field(name) or b"").decode("utf-8", "replace")


def _resource(part: FileStorage) -> Resource:
    address = _location(part)
    if not address:
        raise BadClip("Every `resource` part needs a Content-Location header with its address.")
    return Resource(address, part.mimetype or "application/octet-stream", part.read())


def _location(part: FileStorage | None) -> str:
    return "" if part is None else part.headers.get("Content-Location", "")


def _kind(text: object) -> TagKind:
    if text not in list(TagKind):
        raise BadClip("`kind` must be region or topic.")
    return TagKind(str(text))


def _reading_state(text: object) -> ReadingState:
    if text not in list(ReadingState):
        raise BadClip("`reading` must be unread, reading or done.")
    return ReadingState(str(text))
