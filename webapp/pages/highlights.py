"""Highlights on the article's page: mark a passage, write a note to it, take it away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request, url_for
from flask.typing import ResponseReturnValue

from webapp import htmx
from webapp.articles import highlighting, reading
from webapp.counter import services
from webapp.model import Highlight

bp = Blueprint("highlights", __name__)

UNDO_CHARS = 400  # of a passage; notices travel in a cookie, and browsers drop one beyond 4,096 bytes


@bp.post("/articles/<int:article_id>/highlights")
def add(article_id: int) -> ResponseReturnValue:
    form = request.form
    made = highlighting.mark(
        services(),
        g.owner,
        article_id,
        exact=form.get("exact", "").replace("\r\n", "\n"),
        prefix=form.get("prefix", ""),
        suffix=form.get("suffix", ""),
        start=form.get("start", -1, type=int),
        note=form.get("note", ""),
        number=form.get("version", type=int) or None,
    )
    if form.get("again") != "1":
        htmx.notice("Highlighted.", undo=url_for(".remove", article_id=article_id, highlight_id=made.id))
    return _panel(article_id)


@bp.post("/articles/<int:article_id>/highlights/<int:highlight_id>/note")
def set_note(article_id: int, highlight_id: int) -> ResponseReturnValue:
    note = request.form.get("note", "").replace("\r\n", "\n")
    highlighting.set_note(services(), g.owner, article_id, highlight_id, note)
    return _panel(article_id)


@bp.post("/articles/<int:article_id>/highlights/<int:highlight_id>/remove")
def remove(article_id: int, highlight_id: int) -> ResponseReturnValue:
    gone = highlighting.unmark(services(), g.owner, article_id, highlight_id)
    htmx.notice("The highlight is gone.", **_undo(gone))
    return _panel(article_id)


def _undo(gone: Highlight) -> dict[str, Any]:
    if len(gone.exact) + len(gone.note) > UNDO_CHARS:
        return {}
    fields = {
        "exact": gone.exact,
        "prefix": gone.prefix,
        "suffix": gone.suffix,
        "start": str(gone.start),
        "note": gone.note,
        "again": "1",
    }
    return {"undo": url_for(".add", article_id=gone.article_id), "fields": fields}


def _panel(article_id: int) -> ResponseReturnValue:
    number = request.form.get("version", 0, type=int)
    back = htmx.back_to(url_for("article.show", article_id=article_id))
    if not htmx.wants_fragment():
        return htmx.go_to(back)
    opened = reading.open_article(services(), g.owner, article_id, number=number or None)
    marks = highlighting.on_version(services(), article_id, opened.version)
    return htmx.fragment("article/_highlights.html", article=opened.article, version=opened.version, highlights=marks)
