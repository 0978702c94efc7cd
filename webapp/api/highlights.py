"""Highlights of an article, for clients."""

from __future__ import annotations

from typing import Any

from flask import g, jsonify
from flask.typing import ResponseReturnValue

from webapp.api.blueprint import bp
from webapp.api.bodies import json_body, typed
from webapp.articles import highlighting
from webapp.articles.highlighting import Marked
from webapp.counter import services
from webapp.errors import BadClip
from webapp.guard import require_scope


@bp.get("/api/v1/articles/<int:article_id>/highlights")
def list_highlights(article_id: int) -> ResponseReturnValue:
    """In the order of the current version's text; those that are not in it any more last."""
    require_scope("read")
    found = highlighting.of_article(services(), g.owner, article_id)
    return jsonify(highlights=[marked_as_json(each) for each in found])


@bp.post("/api/v1/articles/<int:article_id>/highlights")
def add_highlight(article_id: int) -> ResponseReturnValue:
    """Mark the passage `exact`; `prefix`, `suffix` and `start` tell which of several with the same words."""
    require_scope("write")
    body = json_body()
    start = body.get("start", -1)
    if not isinstance(start, int) or isinstance(start, bool):
        raise BadClip("`start` must be a number.")
    exact, prefix, suffix, note = (typed(body, name, str) or "" for name in ("exact", "prefix", "suffix", "note"))
    made = highlighting.mark(
        services(), g.owner, article_id, exact=exact, prefix=prefix, suffix=suffix, start=start, note=note
    )
    found = highlighting.of_article(services(), g.owner, article_id)
    return jsonify(marked_as_json(next(each for each in found if each.highlight.id == made.id))), 201


@bp.delete("/api/v1/articles/<int:article_id>/highlights/<int:highlight_id>")
def remove_highlight(article_id: int, highlight_id: int) -> ResponseReturnValue:
    require_scope("write")
    highlighting.unmark(services(), g.owner, article_id, highlight_id)
    return "", 204


def marked_as_json(marked: Marked) -> dict[str, Any]:
    """`exact` as it was marked; `fit`, `start` and `end` tell where it is in the current version's text."""
    highlight = marked.highlight
    return {
        "id": highlight.id,
        "exact": highlight.exact,
        "prefix": highlight.prefix,
        "suffix": highlight.suffix,
        "note": highlight.note,
        "made_at": highlight.made_at.isoformat(),
        "version": highlight.version_number,
        "fit": marked.place.fit.value,
        "start": marked.place.start if marked.place.start >= 0 else None,
        "end": marked.place.end if marked.place.end >= 0 else None,
        "words": marked.words,
    }
