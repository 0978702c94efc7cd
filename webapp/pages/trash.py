"""The trash: what lies there and until when, taking things back, and emptying it for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, g, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp import housekeeping
from webapp.articles import reading
from webapp.counter import services
from webapp.htmx import notice, page_or_fragment, redirect_or_fragment
from webapp.model import Article
from webapp.pages.words import counted

bp = Blueprint("trash", __name__)

PER_PAGE = 50  # taste: a screen or five


@dataclass(frozen=True, slots=True)
class Lying:
    """An article in the trash, and the day from which on it is deleted for ever."""

    article: Article
    gone_at: datetime


@bp.get("/trash")
def index() -> Response:
    return page_or_fragment("trash/index.html", "trash/_trash.html", **_values())


@bp.post("/trash/<int:article_id>/restore")
def restore(article_id: int) -> BaseResponse:
    title = reading.open_article(services(), g.owner, article_id).article.title or "The article"
    reading.restore(services(), g.owner, article_id)
    undo = url_for("library.trash", article_id=article_id)
    read = (url_for("article.show", article_id=article_id), "Read it")
    notice(f"“{title[:60]}” is back in the library.", undo=undo, fields={"back": url_for(".index")}, link=read)
    return _after()


@bp.post("/trash/empty")
def empty() -> BaseResponse:
    """For good. `until` is the newest that the page showed: what was thrown away after that stays."""
    until = _moment(request.form.get("until", "")) or services().clock()
    gone = housekeeping.empty_trash(services(), g.owner, until=until)
    notice(f"The trash is empty: {counted(gone, 'article')} deleted for ever." if gone else "There was nothing left.")
    return _after()


def _after() -> BaseResponse:
    return redirect_or_fragment(url_for(".index"), "trash/_trash.html", **_values())


def _values() -> dict[str, Any]:
    total = reading.count_in_trash(services(), g.owner)
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    articles = reading.in_trash(services(), g.owner, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    newest = reading.in_trash(services(), g.owner, limit=1)
    return {
        "lying": [_lying(article) for article in articles],
        "total": total,
        "page": page,
        "pages": pages,
        "days": housekeeping.TRASH_DAYS,
        "until": newest[0].trashed_at if newest else None,
    }


def _lying(article: Article) -> Lying:
    return Lying(article, (article.trashed_at or services().clock()) + timedelta(days=housekeeping.TRASH_DAYS))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
