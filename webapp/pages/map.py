"""The map by itself, and under it countries × topics: how often each topic comes up where, for any query."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from webapp import searching
from webapp.atlas import crossing
from webapp.counter import services
from webapp.htmx import fragment, page_or_fragment
from webapp.searching import Found

bp = Blueprint("map", __name__)


@bp.get("/map")
def index() -> Response:
    found = _asked()
    rows = request.args.get("rows", "")
    table = crossing.cross(services(), g.owner, found.query, rows=rows if rows in crossing.ROWS else crossing.ROWS[0])
    return page_or_fragment("map/index.html", "map/_table.html", found=found, table=table)


@bp.get("/map/tables")
def tables() -> Response:
    """Map and timeline in words: the library asks for them when somebody opens them."""
    return fragment("map/_tables.html", found=_asked())


def _asked() -> Found:
    sort = request.args.get("sort", "best")
    return searching.find(services(), g.owner, request.args.get("q", ""), sort=sort, per_page=1)
