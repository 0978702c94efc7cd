"""Where an article is put right by hand: its facts, which blocks of the page are its text, or all of it written.

An article that failed has no version; its page is laid out, or written, under an address without a number.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import htmx
from webapp.articles import correcting, remaking
from webapp.counter import services
from webapp.errors import BadAddress, BadClip, BadCorrection, Conflict, ExtractionFailed, NotFound
from webapp.pages.archived import is_shown
from webapp.pages.versions import NUMBER_MAX

bp = Blueprint("correcting", __name__)

FIELDS = (  # field, its name, what to write
    ("title", "Headline", ""),
    ("standfirst", "Standfirst", "What stands under the headline; leave empty for none."),
    ("authors", "Authors", "Parted by commas."),
    ("published_on", "Published on", ""),
    ("site", "Outlet’s name", "As it calls itself: Haaretz, The Quay."),
    ("outlet", "Outlet’s domain", "Articles are grouped by it: haaretz.com."),
    ("language", "Language", "Its code: en, he, pt-BR."),
    ("address", "Address", "What is clipped at the address before still comes to this article."),
)
_NAMES = {field: name for field, name, _ in FIELDS}


@bp.get("/articles/<int:article_id>/correct")
def index(article_id: int) -> ResponseReturnValue:
    return _form(article_id)


@bp.post("/articles/<int:article_id>/correct")
def save(article_id: int) -> ResponseReturnValue:
    typed = {field: request.form[field] for field, _, _ in FIELDS if field in request.form}
    try:
        changed = correcting.correct(services(), g.owner, article_id, typed)
    except BadCorrection as error:
        return _form(article_id, typed, {error.field: error.text}, status=error.status)
    except (BadAddress, Conflict) as error:
        return _form(article_id, typed, {"address": error.text}, status=error.status)
    if changed:
        htmx.notice(f"Corrected: {', '.join(_NAMES[field].lower() for field in changed)}.")
    return redirect(url_for("article.show", article_id=article_id), code=303)


@bp.post("/articles/<int:article_id>/correct/<field>/take-back")
def take_back(article_id: int, field: str) -> ResponseReturnValue:
    was = correcting.take_back(services(), g.owner, article_id, field)
    htmx.notice(
        f"{_NAMES[field]}: what was found on the page holds again.",
        undo=url_for(".save", article_id=article_id) if len(was) <= 500 else "",  # notices travel in a cookie
        fields={field: was},
    )
    return htmx.go_to(htmx.back_to(url_for(".index", article_id=article_id)))


@bp.get("/articles/<int:article_id>/blocks")
@bp.get("/articles/<int:article_id>/versions/<int:number>/blocks")
def blocks(article_id: int, number: int | None = None) -> ResponseReturnValue:
    return _blocks(article_id, _known(number))


@bp.post("/articles/<int:article_id>/blocks")
@bp.post("/articles/<int:article_id>/versions/<int:number>/blocks")
def choose(article_id: int, number: int | None = None) -> ResponseReturnValue:
    """Take the ticked blocks, or all of one box (the button in its heading), for the article's text."""
    form = request.form
    number = _known(number)
    only = form.get("only", "")
    digests = form.getlist(f"box-{only}") if only else form.getlist("block")
    if form.get("answer") == "take-back":
        digests = []
    elif not digests:
        return _blocks(article_id, number, wrong="Tick at least one block, or the article would be empty.", status=422)
    try:
        remaking.choose_blocks(services(), g.owner, article_id, number, digests)
    except ExtractionFailed as error:
        return _blocks(article_id, number, wrong=f"Nothing was changed: {error.text}.", status=422)
    htmx.notice("The text is what you chose." if digests else "The text is what the extractor finds, as before.")
    return redirect(url_for("article.show", article_id=article_id, version=number), code=303)


@bp.get("/articles/<int:article_id>/write")
@bp.get("/articles/<int:article_id>/versions/<int:number>/write")
def write(article_id: int, number: int | None = None) -> ResponseReturnValue:
    """Write the text by hand, beside the page as it came: where none could be taken out, or it was written before."""
    return _write(article_id, _known(number))


@bp.post("/articles/<int:article_id>/write")
@bp.post("/articles/<int:article_id>/versions/<int:number>/write")
def save_text(article_id: int, number: int | None = None) -> ResponseReturnValue:
    number, text, title = _known(number), request.form.get("text", ""), request.form.get("title", "")
    try:
        remaking.write_text(services(), g.owner, article_id, number, text)
        if title.strip():
            correcting.correct(services(), g.owner, article_id, {"title": title})
    except (BadClip, BadCorrection, ExtractionFailed) as error:
        return _write(article_id, number, typed={"title": title, "text": text}, wrong=error.text, status=422)
    htmx.notice("The text is what you wrote. The page stays as it came.")
    return redirect(url_for("article.show", article_id=article_id, version=number), code=303)


def _known(number: int | None) -> int | None:
    return None if number is None else min(number, NUMBER_MAX)


def _form(
    article_id: int,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> ResponseReturnValue:
    held = correcting.facts_of(services(), g.owner, article_id)
    page = render_template(
        "correcting/facts.html",
        article=held.article,
        fields=FIELDS,
        values={**held.values, **(typed or {})},
        corrections=held.corrections,
        wrong=wrong or {},
    )
    return page, status


def _blocks(article_id: int, number: int | None, *, wrong: str = "", status: int = 200) -> ResponseReturnValue:
    page = remaking.page_of(services(), g.owner, article_id, number)
    may_write = page.version is None or bool(page.written)
    try:
        laid = remaking.lay_out(services(), g.owner, article_id, number)
    except ExtractionFailed:
        if not may_write:
            raise
        laid = None
    if laid is None or (may_write and not laid.boxes):
        htmx.notice("There are no words on the page as it came that could be chosen. You can write the text by hand.")
        return redirect(url_for(".write", article_id=article_id, number=number), code=303)
    return render_template("correcting/blocks.html", laid=laid, wrong=wrong), status


def _write(
    article_id: int,
    number: int | None,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    page = remaking.page_of(services(), g.owner, article_id, number)
    if page.version is not None and not page.written:
        raise NotFound("The text of this version was taken out of its page. Choose its blocks instead.")
    values = typed or {"title": page.headline, "text": page.written}
    answer = render_template(
        "correcting/write.html", page=page, values=values, wrong=wrong, shown=is_shown(page.clip.raw_type)
    )
    return answer, status
