"""What came from elsewhere and is shown as it came: pictures, and clips in a sandbox (frames and links left out).

Every answer here carries a Content-Security-Policy of its own, because its content is not ours: no script runs, no
form is sent, nothing is loaded, and the sandbox gives it an origin that owns nothing.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, g, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp import clipping
from webapp.articles import reading
from webapp.articles.reading import Original
from webapp.counter import services
from webapp.errors import NotFound
from webapp.pages import record

bp = Blueprint("archived", __name__)

PICTURE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"  # svg styles itself
ORIGINAL_POLICY = (
    "sandbox; default-src 'none'; img-src data:; media-src data:; font-src data:; style-src 'unsafe-inline' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
YEAR_S = 31_536_000  # RFC 9111: more is not meant by anybody
SHA256 = re.compile(r"[0-9a-f]{64}")
PICTURE = re.compile(r"image/[a-z0-9.+-]+")
PAGE_TYPES = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset=\"?([A-Za-z0-9._:-]+)")
# Chromium 156 connects to the host of a frame's address before it asks the policy whether it may be shown (measured
# 2026-11-24), and no policy speaks of rel=preconnect. Links that carry their own style sheet are of use, and stay.
_STYLE = (
    r"""\s+rel=(?:"stylesheet"|'stylesheet'|stylesheet)(?:\s+(?:type|media)="[^"<>]{0,80}"){0,2}\s+href=["']?data:"""
)
_REACHES_OUT = re.compile(rf"<(?:link(?=[\s/>])(?!{_STYLE})|i?frame(?=[\s/>]))", re.IGNORECASE)


@bp.get("/assets/<sha256>")
def picture(sha256: str) -> ResponseReturnValue:
    """A kept picture. Its name is its content's hash, so it never changes."""
    if not SHA256.fullmatch(sha256):
        raise NotFound("There is no such picture.")
    kept = reading.asset(services(), g.owner, sha256)
    media_type = kept.media_type if PICTURE.fullmatch(kept.media_type) else "application/octet-stream"
    response = send_file(kept.path, mimetype=media_type, conditional=True, etag=sha256, max_age=YEAR_S)
    response.headers["Cache-Control"] = f"private, max-age={YEAR_S}, immutable"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return response


@bp.get("/articles/<int:article_id>/original/<int:version_id>")
def original(article_id: int, version_id: int) -> ResponseReturnValue:
    """The frame around a version's clip: a bar of ours that says what this is, and the clip below in a sandbox."""
    opened = reading.open_article(services(), g.owner, article_id)
    version = next((version for version in opened.versions if version.id == version_id), None)
    if version is None:
        raise NotFound("This article has no such version.")
    return render_template(
        "article/original.html",
        title=version.title,
        address=version.address,
        clipped_at=version.clipped_at,
        came_by=record.came_by_words(version.came_by),
        kind=record.kind_words(version.raw_type),
        size_bytes=version.raw_bytes,
        shown=is_shown(version.raw_type),
        raw=url_for(".raw_original", article_id=article_id, version_id=version_id),
        back=url_for("article.show", article_id=article_id),
        back_words="The article",
    )


@bp.get("/articles/<int:article_id>/original/<int:version_id>/raw")
def raw_original(article_id: int, version_id: int) -> ResponseReturnValue:
    opened = reading.open_article(services(), g.owner, article_id)
    if version_id not in {version.id for version in opened.versions}:
        raise NotFound("This article has no such version.")
    return _in_a_sandbox(reading.original(services(), g.owner, version_id), f"article-{article_id}")


@bp.get("/clips/<clip_id>/original")
def original_of_clip(clip_id: str) -> ResponseReturnValue:
    """The same for a clip that no article could be made of."""
    clip = clipping.state_of(services(), g.owner, clip_id)
    return render_template(
        "article/original.html",
        title=clip.title or clip.address or "A clip without a title",
        address=clip.address,
        clipped_at=clip.clipped_at,
        came_by=record.came_by_words(clip.came_by),
        kind=record.kind_words(clip.raw_type),
        size_bytes=clip.raw_bytes,
        shown=is_shown(clip.raw_type),
        raw=url_for(".raw_original_of_clip", clip_id=clip_id),
        back=url_for("clip.show", clip_id=clip_id),
        back_words="The clip",
    )


@bp.get("/clips/<clip_id>/original/raw")
def raw_original_of_clip(clip_id: str) -> ResponseReturnValue:
    return _in_a_sandbox(reading.original_of_clip(services(), g.owner, clip_id), f"clip-{clip_id}")


def _in_a_sandbox(original: Original, name: str) -> Response:
    """HTML and text are shown; everything else (MHTML) is handed over as a file, under `name`, byte for byte."""
    main = _main_type(original.media_type)
    content, media_type = original.content, _shown_type(original.media_type)
    saved = not is_shown(original.media_type) or "download" in request.args
    if main in PAGE_TYPES and not saved:
        content, media_type = _without_reach(original), "text/html; charset=utf-8"
    response = Response(content, content_type=media_type)
    if saved:
        ending = "html" if main in PAGE_TYPES else "txt" if main.startswith("text/") else "mhtml"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response.headers["Content-Security-Policy"] = ORIGINAL_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _without_reach(original: Original) -> bytes:
    """The page as UTF-8, without links and frames from elsewhere, so that showing it tells nobody that it is read.

    It is decoded first: in some charsets (UTF-16, ISO-2022-JP) a tag is not spelt with the bytes of its letters.
    """
    charset = _CHARSET.search(original.media_type)
    try:
        page = original.content.decode(charset[1] if charset else "utf-8", "replace")
    except LookupError:
        page = original.content.decode("latin-1")
    page = _REACHES_OUT.sub(lambda match: "<meta" if match[0].lower() == "<link" else "<was-frame", page)
    return page.lstrip("\ufeff").encode("utf-8", "replace")


def is_shown(media_type: str) -> bool:
    main = _main_type(media_type)
    return main in PAGE_TYPES or main.startswith("text/")


def _shown_type(media_type: str) -> str:
    """HTML stays HTML, every other text is plain, the rest are bytes; the character set is kept when one is told."""
    main = _main_type(media_type)
    if not is_shown(media_type):
        return "multipart/related" if main == "multipart/related" else "application/octet-stream"
    charset = _CHARSET.search(media_type)
    shown = "text/html" if main in PAGE_TYPES else "text/plain"
    if charset:
        return f"{shown}; charset={charset[1]}"
    return shown if shown == "text/html" else "text/plain; charset=utf-8"


def _main_type(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()
