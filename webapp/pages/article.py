"""An article's page, and what a reader does on it: state, star, tags, note, trash, trying a failed clip again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import htmx
from webapp.articles import comparing, correcting, highlighting, reading, retelling
from webapp.articles.reading import Opened
from webapp.counter import services
from webapp.errors import BadTag, NotFound
from webapp.filing import tagging
from webapp.filing.tagging import Filed
from webapp.housekeeping import TRASH_DAYS
from webapp.model import ClipState, ReadingState, TagKind
from webapp.pages import record

bp = Blueprint("article", __name__)


UNDO_CHARS = 500  # of a note; notices travel in a cookie, and browsers drop one beyond 4,096 bytes (RFC 6265 §6.1)
VERSIONS_MAX = 1_000_000  # what a database takes for a number; nobody clips a page so often


@dataclass(frozen=True, slots=True)
class FiledWrong:
    """What was typed into a tag field and is not in the vocabulary."""

    kind: str
    name: str
    text: str


NOTHING_WRONG = FiledWrong("", "", "")


@bp.get("/articles/<int:article_id>")
def show(article_id: int) -> ResponseReturnValue:
    number = min(request.args.get("version", 0, type=int), VERSIONS_MAX)
    return _page(reading.open_article(services(), g.owner, article_id, number=number))


@bp.get("/articles/<int:article_id>/progress")
def progress(article_id: int) -> ResponseReturnValue:
    """What a page that waits for its clip asks again and again; once the clip is done, the whole page comes anew."""
    opened = reading.open_article(services(), g.owner, article_id)
    if not htmx.wants_fragment() or not _is_working(opened):
        return htmx.go_to(url_for(".show", article_id=article_id))
    return htmx.fragment("article/_working.html", article=opened.article, clip=opened.clip)


@bp.post("/articles/<int:article_id>/reading")
def set_reading(article_id: int) -> ResponseReturnValue:
    asked = request.form.get("reading", "")
    if asked not in set(ReadingState):
        raise NotFound("An article can be unread, reading or done.")
    reading.set_reading(services(), g.owner, article_id, ReadingState(asked))
    return _actions(article_id)


@bp.post("/articles/<int:article_id>/starred")
def set_starred(article_id: int) -> ResponseReturnValue:
    reading.set_starred(services(), g.owner, article_id, request.form.get("starred") == "1")
    return _actions(article_id)


@bp.post("/articles/<int:article_id>/trash")
def trash(article_id: int) -> ResponseReturnValue:
    opened = reading.open_article(services(), g.owner, article_id)
    reading.trash(services(), g.owner, article_id)
    title = opened.article.title or "The article"
    htmx.notice(
        f"“{title[:80]}” is in the trash for {TRASH_DAYS} days.",
        undo=url_for(".restore", article_id=article_id),
        link=(url_for("trash.index"), "The trash"),
    )
    return htmx.go_to("/")


@bp.post("/articles/<int:article_id>/restore")
def restore(article_id: int) -> ResponseReturnValue:
    reading.restore(services(), g.owner, article_id)
    htmx.notice("Back in the archive.")
    return htmx.go_to(htmx.back_to(url_for(".show", article_id=article_id)))


@bp.post("/articles/<int:article_id>/note")
def set_note(article_id: int) -> ResponseReturnValue:
    before = reading.open_article(services(), g.owner, article_id).article.note
    reading.set_note(services(), g.owner, article_id, request.form.get("note", "").replace("\r\n", "\n"))
    if htmx.wants_fragment():
        return htmx.fragment("article/_note_state.html", saved=True)
    undo = url_for(".set_note", article_id=article_id) if len(before) <= UNDO_CHARS else ""
    htmx.notice("The note is kept.", undo=undo, fields={"note": before} if undo else {})
    return redirect(_back(article_id), code=303)


@bp.post("/articles/<int:article_id>/retry")
def retry(article_id: int) -> ResponseReturnValue:
    reading.retry(services(), g.owner, article_id)
    return htmx.go_to(url_for(".show", article_id=article_id))


@bp.post("/articles/<int:article_id>/tags")
def add_tag(article_id: int) -> ResponseReturnValue:
    kind, name = _kind(request.form.get("kind", "")), request.form.get("name", "").strip()
    if not name:
        return _filed(article_id, wrong=FiledWrong(kind.value, "", f"Type the name of a {kind.value}."), status=422)
    try:
        tag = tagging.meant(services(), kind, name)
    except BadTag as error:
        return _filed(article_id, wrong=FiledWrong(kind.value, name, str(error)), status=422)
    _undoable(article_id, tagging.file_under(services(), g.owner, article_id, tag), "Filed under {}.")
    return _filed(article_id)


@bp.post("/articles/<int:article_id>/tags/<tag_id>/remove")
def remove_tag(article_id: int, tag_id: str) -> ResponseReturnValue:
    _undoable(article_id, tagging.remove_tag(services(), g.owner, article_id, tag_id), "Took {} off.")
    return _filed(article_id)


@bp.get("/tags/complete")
def complete() -> ResponseReturnValue:
    """The tags that begin like what is being typed, as a listbox. Fields `regions` and `topics` hold several names."""
    kind, many = _kind(request.args.get("kind", "")), request.args.get("regions") or request.args.get("topics") or ""
    name = (request.args.get("name") or many.rpartition(",")[2]).strip()
    found = tagging.complete(services(), kind, name) if name else []
    return htmx.fragment("article/_completions.html", kind=kind.value, found=found, list_id=_list_id(kind))


def filed_answer(article_id: int) -> ResponseReturnValue:
    """What an answer to a suggestion changed on the page: the tag panel and the dateline; or back to the page."""
    return _filed(article_id)


def _page(opened: Opened, *, wrong: FiledWrong = NOTHING_WRONG, status: int = 200) -> ResponseReturnValue:
    values = _values(opened, wrong)
    return render_template("article/show.html", **values), status


def _values(opened: Opened, wrong: FiledWrong = NOTHING_WRONG) -> dict[str, Any]:
    return {
        "opened": opened,
        "article": opened.article,
        "version": opened.version,
        "heading": record.heading_of(opened),
        "record": record.record_of(opened, correcting.corrections_of(services(), opened.article.id)),
        "came_by": record.came_by_words,
        "clip": opened.clip,
        "older": opened.version is not None and opened.version.id != opened.article.version_id,
        "working": _is_working(opened),
        "wrong": wrong,
        "highlights": highlighting.on_version(services(), opened.article.id, opened.version),
        "elsewhere": retelling.elsewhere(services(), g.owner, opened.article.id),
        "previous": comparing.previous_of(opened.versions),
        "last_change": comparing.last_change(services(), opened.version, opened.versions),
    }


def _is_working(opened: Opened) -> bool:
    return opened.clip is not None and opened.clip.state is ClipState.RECEIVED


def _actions(article_id: int) -> ResponseReturnValue:
    opened = reading.open_article(services(), g.owner, article_id)
    return htmx.redirect_or_fragment(_back(article_id), "article/_actions.html", article=opened.article)


def _filed(article_id: int, *, wrong: FiledWrong = NOTHING_WRONG, status: int = 200) -> ResponseReturnValue:
    """The tag panel with the dateline that follows it, or the page."""
    if status == 200 and not htmx.wants_fragment():
        return redirect(_back(article_id), code=303)
    opened = reading.open_article(services(), g.owner, article_id)
    if htmx.wants_fragment():
        return htmx.fragment("article/filed_answer.html", status=status, opened=opened, wrong=wrong)
    return _page(opened, wrong=wrong, status=status)


def _undoable(article_id: int, filed: Filed, said: str) -> None:
    if filed.decision_id is not None:
        undo = url_for("suggestions.undo", article_id=article_id)
        htmx.notice(said.format(filed.tag.name), undo=undo, fields={"decisions": str(filed.decision_id)})


def _back(article_id: int) -> str:
    return htmx.back_to(url_for("article.show", article_id=article_id))


def _kind(text: str) -> TagKind:
    if text not in set(TagKind):
        raise NotFound("A tag is a region or a topic.")
    return TagKind(text)


def _list_id(kind: TagKind) -> str:
    """The id of the listbox: each page has one field a kind, or names its own."""
    asked = request.args.get("list", "")
    return asked if asked.replace("-", "").isalnum() and asked.isascii() else f"complete-{kind.value}"
