"""Saved searches: the list with what is new in each, and saving, opening, renaming, removing one."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from index import SORTS
from webapp import alerts
from webapp.counter import services
from webapp.htmx import back_to, notice, page_or_fragment, redirect_or_fragment
from webapp.pages.library import SORT_NAMES, ask_url

bp = Blueprint("searches", __name__)


@bp.get("/searches")
def index() -> Response:
    standings = alerts.standings(services(), g.owner)
    return page_or_fragment("searches/index.html", "searches/_list.html", standings=standings, sorts=SORT_NAMES)


@bp.post("/searches")
def save() -> BaseResponse:
    """Save a query from the library, or put one back that was removed (`looked_at`, `position` as they were)."""
    form = request.form
    search, is_new = alerts.save(
        services(),
        g.owner,
        form.get("query", ""),
        name=form.get("name", ""),
        sort=form.get("sort", ""),
        looked_at=_moment(form.get("looked_at", "")),
        position=form.get("position", type=int),
    )
    here, back = (url_for(".index"), "Your searches"), back_to(url_for(".index"))
    if not is_new:
        notice(f"This search is saved already, as “{search.name}”.", link=here)
    elif "looked_at" in form:
        notice(f"“{search.name}” is back.")
    else:
        undo = url_for(".remove", search_id=search.id)
        notice(f"Saved as “{search.name}”.", undo=undo, fields={"back": back, "quietly": "yes"}, link=here)
    return redirect_or_fragment(back, "library/_save.html", query=search.query, sort=search.sort, saved=search)


@bp.get("/searches/<int:search_id>")
def show(search_id: int) -> BaseResponse:
    """To its articles, in its order or by `sort`. From now on nothing that is there is new in it.

    A GET, so that it can be linked and opened in another tab; a browser that only fetches ahead, and a link on another
    site, do not count as looking.
    """
    deed = alerts.look if _is_looked_at() else alerts.saved
    search = deed(services(), g.owner, search_id)
    sort = request.args.get("sort", "")
    return redirect(ask_url(search.query, sort if sort in SORTS else search.sort), code=303)


@bp.post("/searches/<int:search_id>/rename")
def rename(search_id: int) -> BaseResponse:
    before = alerts.saved(services(), g.owner, search_id).name
    name = alerts.rename(services(), g.owner, search_id, request.form.get("name", "")).name
    if name != before:
        undo = url_for(".rename", search_id=search_id)
        notice(f"“{before}” is called “{name}” now.", undo=undo, fields={"name": before})
    return _list()


@bp.post("/searches/<int:search_id>/remove")
def remove(search_id: int) -> BaseResponse:
    gone = alerts.remove(services(), g.owner, search_id)
    if request.form.get("quietly") == "yes":
        notice(f"“{gone.name}” is not saved any more.")
        return redirect(back_to(url_for(".index")), code=303)
    again = {
        "query": gone.query,
        "name": gone.name,
        "sort": gone.sort,
        "looked_at": gone.looked_at.isoformat(),
        "position": str(gone.position),
        "back": url_for(".index"),
    }
    notice(f"“{gone.name}” is removed. Its articles stay.", undo=url_for(".save"), fields=again)
    return _list()


def _list() -> BaseResponse:
    """The list after a write."""
    standings = alerts.standings(services(), g.owner)
    return redirect_or_fragment(url_for(".index"), "searches/_list.html", standings=standings, sorts=SORT_NAMES)


def _is_looked_at() -> bool:
    """Source: Fetch Metadata; Sec-Purpose in the WHATWG's Fetch, "prefetch" and "prefetch;prerender"."""
    told = request.headers
    ours = told.get("Sec-Fetch-Site", "none") in ("same-origin", "none")
    return request.method == "GET" and ours and "prefetch" not in told.get("Sec-Purpose", told.get("Purpose", ""))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
