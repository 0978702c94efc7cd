"""The review: what waits to be filed, one article at a time, by one key each; and suggesting for the whole archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import htmx, reviewing
from webapp.counter import services
from webapp.errors import ArchiveError, BadTag, NotFound
from webapp.evidence import Answer, Where
from webapp.filing import answering, suggesting_runs, tagging
from webapp.model import TagKind
from webapp.pages.evidence_words import marked, paragraphs
from webapp.pages.suggestions import names_of, numbers
from webapp.reviewing import Desk, desk

bp = Blueprint("review", __name__)

OPENING_CHARS = 700  # of the body: four or five paragraphs of a news report; taste, a screen holds them
QUERY_CHARS = 500  # travels in notices, which are cookies; as much as a saved search may have
ARTICLES_MAX = 2**53  # beyond what any archive has; a number of an address is cut there


@bp.get("/review")
def index() -> ResponseReturnValue:
    """The article `at`, else the first behind the article `after`, of what answers the query `q`."""
    return _desk(desk(services(), g.owner, query=_query(), at=_number("at"), after=_number("after")))


@bp.post("/review/<int:article_id>")
def file(article_id: int) -> ResponseReturnValue:
    """Accept `accept`, refuse what was `pre`selected and is not accepted, and go on with the next article."""
    accepted = list(dict.fromkeys(request.form.getlist("accept")))
    refused = [tag_id for tag_id in dict.fromkeys(request.form.getlist("pre")) if tag_id not in accepted]
    answered = reviewing.file(services(), g.owner, article_id, accepted=accepted, refused=refused)
    names = names_of(answered.tags[: len(accepted)])
    decisions = ",".join(map(str, answered.decision_ids))
    htmx.notice(
        f"Filed under {names}." if names else "Looked at, and nothing filed.",
        undo=url_for(".put_back", article_id=article_id, q=_query() or None),
        fields={"decisions": decisions},
    )
    if htmx.wants_fragment():
        return _desk(desk(services(), g.owner, query=_query(), after=article_id))
    return redirect(_address(after=article_id), code=303)


@bp.post("/review/<int:article_id>/back")
def put_back(article_id: int) -> ResponseReturnValue:
    """Take back the decisions with the numbers in `decisions`; the article is at hand again."""
    told = request.form.get("decisions", "")
    reviewing.put_back(services(), g.owner, article_id, numbers(told) if told else ())
    return redirect(_address(at=article_id), code=303)


@bp.post("/review/<int:article_id>/tags")
def add_tag(article_id: int) -> ResponseReturnValue:
    """Put a tag on the article at hand, which stays there, with what was chosen so far."""
    kind, name = request.form.get("kind", ""), request.form.get("name", "").strip()
    if kind not in set(TagKind):
        raise NotFound("A tag is a region or a topic.")
    wrong = ""
    try:
        tag = tagging.meant(services(), TagKind(kind), name)
    except BadTag as error:
        wrong = str(error) if name else f"Type the name of a {kind}."
    else:
        filed = tagging.file_under(services(), g.owner, article_id, tag)
        decision_ids = () if filed.decision_id is None else (filed.decision_id,)
        _tell_undoable(article_id, decision_ids, f"Filed under {tag.name}.")
    if not wrong and not htmx.wants_fragment():
        return redirect(_address(at=article_id), code=303)
    here = desk(services(), g.owner, query=_query(), at=article_id)
    return _desk(here, chosen=request.form.getlist("accept"), wrong=(kind, name, wrong), status=422 if wrong else 200)


@bp.post("/review/<int:article_id>/never")
def never(article_id: int) -> ResponseReturnValue:
    """Never suggest the tag `tag` from the word `surface` again; the article stays at hand, with what was chosen."""
    tag_id, surface = request.form.get("tag", ""), request.form.get("surface", "").strip()
    try:
        answered = answering.answer(services(), g.owner, article_id, tag_id, Answer.NEVER, surface=surface)
    except BadTag as error:
        htmx.notice(str(error), kind="problem")
    else:
        said = f"Never again {names_of(answered.tags)} from “{surface or 'that word'}”."
        _tell_undoable(article_id, answered.decision_ids, said)
    if not htmx.wants_fragment():
        return redirect(_address(at=article_id), code=303)
    here = desk(services(), g.owner, query=_query(), at=article_id)
    return _desk(here, chosen=request.form.getlist("accept"))


@bp.post("/review/suggest")
def suggest_all() -> ResponseReturnValue:
    """Ask for suggestions for every article, or go on where that stopped."""
    run = suggesting_runs.begin(services(), g.owner)
    if run.total == 0:
        htmx.notice("There are no articles yet.")
    return redirect(_address(), code=303)


@bp.get("/review/progress")
def progress() -> ResponseReturnValue:
    """How far suggesting for all came; asked for again and again while it goes on."""
    run = suggesting_runs.progress(services(), g.owner)
    return htmx.page_or_fragment("review/progress.html", "review/_progress.html", run=run)


def count_waiting() -> int:
    """For the navigation; 0 also where nobody can tell, as on the page that says the database is away."""
    if g.get("account") is None:
        return 0
    try:
        return reviewing.count_waiting(services(), g.owner)
    except ArchiveError:
        return 0


def _tell_undoable(article_id: int, decision_ids: Sequence[int], said: str) -> None:
    """Say what was decided while the article stays at hand, with its undoing; nothing when nothing changed."""
    if decision_ids:
        fields = {"decisions": ",".join(map(str, decision_ids)), "back": _address(at=article_id)}
        htmx.notice(said, undo=url_for("suggestions.undo", article_id=article_id), fields=fields)


def _desk(
    here: Desk, *, chosen: list[str] | None = None, wrong: tuple[str, str, str] = ("", "", ""), status: int = 200
) -> ResponseReturnValue:
    values: dict[str, Any] = {"desk": here, "wrong": wrong, "run": suggesting_runs.progress(services(), g.owner)}
    opened = here.opened
    if opened is not None:
        offers, version = opened.suggestions, opened.version
        values["chosen"] = [each.tag.id for each in offers.preselected] if chosen is None else chosen
        values["title"] = marked(opened.article.title, Where.TITLE, offers.open)
        values["standfirst"] = marked(opened.article.standfirst, Where.STANDFIRST, offers.open)
        body = version.body_text if version else ""
        values["paragraphs"] = paragraphs(body, offers, limit_chars=OPENING_CHARS)
    if htmx.wants_fragment():
        return htmx.fragment("review/_desk.html", status=status, **values)
    return render_template("review/index.html", **values), status


def _address(*, at: int | None = None, after: int | None = None) -> str:
    return url_for("review.index", q=_query() or None, at=at, after=after)


def _query() -> str:
    return request.args.get("q", "").strip()[:QUERY_CHARS]


def _number(name: str) -> int | None:
    told = request.args.get(name, type=int)
    return None if told is None else max(0, min(told, ARTICLES_MAX))
