"""Answers to the suggestions on an article's page, and taking back what was decided there."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp import htmx
from webapp.counter import services
from webapp.errors import BadTag, NotFound
from webapp.evidence import Answer
from webapp.filing import answering
from webapp.filing.answering import ANSWERS, Answered
from webapp.pages import article
from webapp.tags import Tag

bp = Blueprint("suggestions", __name__)

_SAID = {Answer.ACCEPTED: "Filed under {}.", Answer.REJECTED: "Not {}.", Answer.NEVER: "Never again {} from “{}”."}
NUMBERS_MAX = 50  # decisions that one undoing takes back; as many tags as an article ever has
NAMED = 3  # tags that a notice names before it counts


@bp.post("/articles/<int:article_id>/suggestions/<tag_id>")
def answer(article_id: int, tag_id: str) -> ResponseReturnValue:
    given, surface = answer_of(request.form.get("answer", "")), request.form.get("surface", "").strip()
    try:
        answered = answering.answer(services(), g.owner, article_id, tag_id, given, surface=surface)
    except BadTag as error:
        htmx.notice(str(error), kind="problem")
        return article.filed_answer(article_id)
    said = _SAID[given].format(answered.tags[0].name, surface or "that word")
    tell(article_id, answered, said)
    return article.filed_answer(article_id)


@bp.post("/articles/<int:article_id>/suggestions")
def accept(article_id: int) -> ResponseReturnValue:
    """Accept those that are named in the fields `tag`."""
    given = [(tag_id, Answer.ACCEPTED) for tag_id in dict.fromkeys(request.form.getlist("tag"))]
    answered = answering.answer_all(services(), g.owner, article_id, given)
    tell(article_id, answered, f"Filed under {names_of(answered.tags)}.")
    return article.filed_answer(article_id)


@bp.post("/articles/<int:article_id>/undo")
def undo(article_id: int) -> ResponseReturnValue:
    """Take back the decisions with the numbers in `decisions`."""
    answering.undo(services(), g.owner, article_id, numbers(request.form.get("decisions", "")))
    htmx.notice("As it was before.")
    return redirect(htmx.back_to(url_for("article.show", article_id=article_id)), code=303)


def tell(article_id: int, answered: Answered, said: str) -> None:
    """Say what was done, with its undoing; nothing when nothing changed."""
    if answered.decision_ids:
        told = ",".join(map(str, answered.decision_ids))
        htmx.notice(said, undo=url_for("suggestions.undo", article_id=article_id), fields={"decisions": told})


def names_of(tags: Sequence[Tag]) -> str:
    """ "Syria, Turkey and Russia", or "Syria, Turkey and 4 more"."""
    names = [tag.name for tag in tags]
    if len(names) > NAMED:
        names = [*names[: NAMED - 1], f"{len(names) - NAMED + 1} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def answer_of(text: str) -> Answer:
    if text not in set(ANSWERS):
        raise NotFound("A suggestion is accepted, rejected, or never wanted from a word.")
    return Answer(text)


def numbers(text: str, *, at_most: int = NUMBERS_MAX) -> tuple[int, ...]:
    """ "12,13" as numbers. Raises NotFound for anything else."""
    told = [each for each in text.split(",") if each]
    if not told or len(told) > at_most or not all(each.isascii() and each.isdigit() for each in told):
        raise NotFound("There is nothing to take back.")
    return tuple(int(each) for each in told)
