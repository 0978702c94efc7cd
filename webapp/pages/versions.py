"""The versions of an article: what changed between two of them, and making one again from its clip."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import htmx
from webapp.articles import comparing, remaking
from webapp.counter import services
from webapp.errors import ArchiveError, NotFound, StoreUnavailable

bp = Blueprint("versions", __name__)

NUMBER_MAX = 1_000_000  # what a database takes for a number; nobody clips a page so often
FIELD_WORDS = {
    "title": "Headline",
    "standfirst": "Standfirst",
    "authors": "Byline",
    "published": "Date",
    "site": "Outlet’s name",
    "language": "Language",
}
KIND_WORDS = {
    "changed": "Changed",
    "added": "Added",
    "removed": "Taken out",
    "moved": "Moved",
    "left": "Moved away",
}


@bp.get("/articles/<int:article_id>/versions/<int:old>..<int:new>")
def compare(article_id: int, old: int, new: int) -> ResponseReturnValue:
    compared = comparing.compare_versions(services(), g.owner, article_id, min(old, NUMBER_MAX), min(new, NUMBER_MAX))
    details = compared.new.details
    return render_template(
        "versions/compare.html",
        compared=compared,
        language=details.get("language") or "",
        direction="rtl" if details.get("direction") == "rtl" else "ltr",
        field_words=FIELD_WORDS,
        kind_words=KIND_WORDS,
    )


@bp.get("/articles/<int:article_id>/versions")
def choose(article_id: int) -> ResponseReturnValue:
    """Where the form that picks two versions leads: to their own address."""
    old, new = request.args.get("from", 0, type=int), request.args.get("to", 0, type=int)
    if old <= 0 or new <= 0 or old == new:
        raise NotFound("Choose two versions that are not the same.")
    return redirect(url_for(".compare", article_id=article_id, old=old, new=new), code=303)


@bp.post("/articles/<int:article_id>/versions/<int:number>/again")
def make_again(article_id: int, number: int) -> ResponseReturnValue:
    """Make a version again from its clip, with today's makers. What it was stays when that fails."""
    try:
        told = remaking.make_again(services(), g.owner, article_id, min(number, NUMBER_MAX))
    except (NotFound, StoreUnavailable):
        raise
    except ArchiveError as error:
        htmx.notice(f"It could not be made again, and stays as it was: {error.text}", kind="problem")
    else:
        htmx.notice(told)
    return htmx.go_to(htmx.back_to(url_for("article.show", article_id=article_id)))
