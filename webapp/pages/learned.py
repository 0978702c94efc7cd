"""What was learned of the reader's answers, in sentences; each can be forgotten, and that be undone."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import htmx, lessons
from webapp.counter import services
from webapp.errors import BadTag
from webapp.pages.suggestions import numbers

bp = Blueprint("learned", __name__)

UNDONE_AT_ONCE = 400  # decisions whose numbers fit into a notice, which is a cookie of 4,096 bytes (RFC 6265 §6.1)
NAME_CHARS = 100  # longer than any offered name: four words
KINDS = (
    ("outlets", "Where you read", "Which region the articles of an outlet are mostly about."),
    ("words", "What words mean", "Words that are not to be taken for a place or a topic."),
    ("topics", "What you file together", "Articles like those that you gave a topic get it suggested too."),
)


@bp.get("/learned")
def index() -> str:
    return render_template("learned/index.html", told=lessons.told(services(), g.owner), kinds=KINDS)


@bp.post("/learned/forget")
def forget() -> ResponseReturnValue:
    lesson, decisions = lessons.forget(services(), g.owner, request.form.get("lesson", ""))
    short = len(decisions) <= UNDONE_AT_ONCE
    undo = url_for(".remember") if short else ""
    fields = {"decisions": ",".join(map(str, decisions))} if short else {}
    htmx.notice(f"Forgotten: {lesson.sentence}.", undo=undo, fields=fields)
    return redirect(url_for(".index"), code=303)


@bp.post("/learned/remember")
def remember() -> ResponseReturnValue:
    """Learn again from the decisions in `decisions`; from all that were forgotten when none is named."""
    told = request.form.get("decisions", "")
    wanted = numbers(told, at_most=UNDONE_AT_ONCE) if told else lessons.forgotten(services(), g.owner)
    lessons.remember(services(), g.owner, wanted)
    htmx.notice("Remembered.")
    return redirect(url_for(".index"), code=303)


@bp.post("/learned/names")
def add_name() -> ResponseReturnValue:
    tag_id, name = request.form.get("tag", ""), request.form.get("name", "")[:NAME_CHARS]
    try:
        deed = lessons.add_name(services(), g.owner, tag_id, name)
    except BadTag as error:
        htmx.notice(str(error), kind="problem")
    else:
        if deed is not None:
            htmx.notice(f"“{name}” is a name of it now.", undo=url_for(".take_name_back", deed_id=deed.id))
    return redirect(url_for(".index"), code=303)


@bp.post("/learned/names/dismiss")
def dismiss_name() -> ResponseReturnValue:
    """Do not offer the name `name` for the tag `tag` any more; with `again`, offer it as before."""
    tag_id, name = request.form.get("tag", ""), request.form.get("name", "").strip()[:NAME_CHARS]
    if request.form.get("again"):
        lessons.offer_name_again(services(), g.owner, tag_id, name)
        htmx.notice("It may be offered again.")
    else:
        lessons.dismiss_name(services(), g.owner, tag_id, name)
        fields = {"tag": tag_id, "name": name, "again": "yes"}
        htmx.notice(f"“{name}” is not offered for it any more.", undo=url_for(".dismiss_name"), fields=fields)
    return redirect(url_for(".index"), code=303)


@bp.post("/learned/names/<int:deed_id>/undo")
def take_name_back(deed_id: int) -> ResponseReturnValue:
    lessons.take_name_back(services(), g.owner, deed_id)
    htmx.notice("As it was before.")
    return redirect(url_for(".index"), code=303)
