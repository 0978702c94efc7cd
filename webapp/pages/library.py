"""The library: one query, its articles and facets, a preview beside them, and what is done with a result at once."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, g, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from index import SORTS, Tagged, parse, to_text, with_filter
from webapp import alerts, clipping, searching
from webapp.articles import reading
from webapp.articles.reading import Opened
from webapp.counter import services
from webapp.errors import NotFound
from webapp.housekeeping import TRASH_DAYS
from webapp.htmx import back_to, nothing_but_notices, notice, page_or_fragment, redirect_or_fragment, target_id
from webapp.model import ReadingState
from webapp.searching import FacetNode, Found
from webapp.tags import Tag

bp = Blueprint("library", __name__)

SORT_NAMES = {
    "best": "Best match",
    "newest": "Newest first",
    "oldest": "Oldest first",
    "clipped": "Recently clipped",
    "title": "By title",
}
MAP_COOKIE = "dateline-map"  # set by map.js when the reader folds the map away
RECENT_SHOWN = 5  # taste: what came in lately, while nothing is readable yet
_URL_SAFE = "!$'()*,/:;?@"  # in a query string (RFC 3986, 3.4), as werkzeug has it
PAGES_MAX = 10_000  # engines count a million hits at most (index/engine.py); settings allow a hundred on a page
PREVIEW_CHARS = 1_600  # taste: what a laptop shows of an article without scrolling


@bp.get("/")
def index() -> Response:
    found = _asked()
    trashed = reading.count_in_trash(services(), g.owner)
    if not found.total and not found.query.strip() and not found.notice:
        recent = clipping.recent(services(), g.owner, RECENT_SHOWN)
        return page_or_fragment("welcome/index.html", "welcome/_welcome.html", recent=recent, trashed=trashed)
    return page_or_fragment(
        "library/index.html",
        "library/_library.html",
        found=found,
        folded=request.cookies.get(MAP_COOKIE) == "folded",
        sorts=SORT_NAMES,
        saved=alerts.saved_as(services(), g.owner, found.query),
        trashed=trashed,
        opened=_opened(found),
    )


@bp.get("/articles/<int:article_id>/preview")
def preview(article_id: int) -> Response:
    opened = reading.open_article(services(), g.owner, article_id)
    return page_or_fragment("library/preview.html", "library/_preview.html", opened=opened)


@bp.post("/library/<int:article_id>/star")
def star(article_id: int) -> BaseResponse:
    reading.set_starred(services(), g.owner, article_id, request.form.get("starred") == "yes")
    return _state_changed(article_id)


@bp.post("/library/<int:article_id>/reading")
def set_reading(article_id: int) -> BaseResponse:
    before = reading.open_article(services(), g.owner, article_id).article.reading
    asked = request.form.get("reading", "")
    if asked not in list(ReadingState):
        raise NotFound(f"There is no state “{asked[:40]}”: an article is unread, reading or done.")
    reading.set_reading(services(), g.owner, article_id, ReadingState(asked))
    if request.form.get("quietly") != "yes":
        undo = {"reading": before.value, "quietly": "yes", "back": back_to("/")}
        notice(f"Marked as {asked}.", undo=url_for("library.set_reading", article_id=article_id), fields=undo)
    return _state_changed(article_id)


@bp.post("/library/<int:article_id>/trash")
def trash(article_id: int) -> BaseResponse:
    title = reading.open_article(services(), g.owner, article_id).article.title
    reading.trash(services(), g.owner, article_id)
    undo = url_for("library.restore", article_id=article_id)
    said = f"“{_short(title)}” is in the trash, for {TRASH_DAYS} days."
    notice(said, undo=undo, fields={"back": back_to("/")}, link=(url_for("trash.index"), "The trash"))
    if target_id() == f"article-{article_id}":
        return nothing_but_notices(trigger={"dateline:trashed": {"article": article_id}})
    return redirect_or_fragment(back_to("/"), "library/_gone.html", article_id=article_id)


@bp.post("/library/<int:article_id>/restore")
def restore(article_id: int) -> BaseResponse:
    reading.restore(services(), g.owner, article_id)
    notice("Back in the library.")
    return redirect_or_fragment(back_to("/"), "library/_gone.html", article_id=article_id)


def ask_url(query: str, sort: str = "best", page: int = 1) -> str:
    """The address of a query: its words, and sort and page only when they are not the usual ones.

    Written as Flask's url_for writes it, which takes ten times as long: a page with a map has five hundred of them.
    """
    asked = {"q": query, "sort": "" if sort == "best" else sort, "page": "" if page == 1 else str(page)}
    words = urlencode({name: value for name, value in asked.items() if value}, safe=_URL_SAFE)
    return f"/?{words}" if words else "/"


def narrowed(query: str, tag: Tag) -> str:
    """`query`, and only articles with `tag`."""
    return to_text(with_filter(parse(query).node, Tagged(tag.kind.value, tag.slug, False)))


def page_numbers(page: int, pages: int) -> list[int]:
    """The pages worth a link: first, last and two on each side of this one; 0 stands for a gap."""
    near = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    shown: list[int] = []
    for number in near:
        if shown and number - shown[-1] > 1:
            shown.append(0)
        shown.append(number)
    return shown


def opening(text: str, limit: int = PREVIEW_CHARS) -> list[str]:
    """The first paragraphs of a plain `text`, whole ones, about `limit` characters; at least one."""
    paragraphs = [line.strip() for line in text.split("\n") if line.strip()]
    shown: list[str] = []
    length = 0
    for paragraph in paragraphs:
        if shown and length + len(paragraph) > limit:
            break
        shown.append(paragraph)
        length += len(paragraph)
    return shown


def holds_chosen(node: FacetNode) -> bool:
    """Whether the node or one below it is part of the query: its branch is then shown open."""
    return node.chosen or any(holds_chosen(child) for child in node.children)


def _asked() -> Found:
    sort = request.args.get("sort", "best")
    page = request.args.get("page", 1, type=int)
    return searching.find(
        services(),
        g.owner,
        request.args.get("q", ""),
        page=min(max(1, page), PAGES_MAX),
        sort=sort if sort in SORTS else "best",
        explain="explain" in request.args,
    )


def _opened(found: Found) -> Opened | None:
    """The article of the preview: the one the address names (`open`), else the first result."""
    asked = request.args.get("open", type=int)
    first = found.rows[0].article.id if found.rows else None
    for article_id in (asked, first):
        if article_id is not None:
            try:
                return reading.open_article(services(), g.owner, article_id)
            except NotFound:
                continue  # thrown away since the address was made: the first result serves
    return None


def _state_changed(article_id: int) -> BaseResponse:
    """The two buttons where they were pressed; the page's script asks for the other copy (row or preview)."""
    place = "preview" if target_id().startswith("state-preview-") else "row"
    article = reading.open_article(services(), g.owner, article_id).article
    return redirect_or_fragment(back_to("/"), "library/_state.html", article=article, place=place)


def _short(title: str) -> str:
    return title if len(title) <= 60 else title[:57].rstrip() + "…"
