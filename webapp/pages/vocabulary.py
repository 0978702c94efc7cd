"""The care of the vocabulary: what asks for it, what was done (and undoing it), the trees as files."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import htmx, remarks, vocabulary_care, vocabulary_transfer
from webapp.counter import services
from webapp.errors import BadTag, NotFound
from webapp.filing import tagging
from webapp.model import TagKind
from webapp.pages.trees import AREA_OF, say_undone
from webapp.vocabulary_care import HISTORY_SHOWN

bp = Blueprint("vocabulary", __name__)

FORMATS = {"csv": "Table (CSV)", "skos": "SKOS (Turtle)"}


@bp.get("/vocabulary")
def index() -> ResponseReturnValue:
    return _page()


@bp.get("/vocabulary/history")
def history() -> ResponseReturnValue:
    before = request.args.get("before", type=int)
    deeds = vocabulary_care.history(services(), before_id=before)
    older = deeds[-1].id if len(deeds) == HISTORY_SHOWN else None
    return render_template("vocabulary/history.html", deeds=deeds, older=older)


@bp.post("/vocabulary/history/<int:deed_id>/undo")
def undo(deed_id: int) -> ResponseReturnValue:
    say_undone(vocabulary_care.undo(services(), g.owner, deed_id))
    return htmx.go_to(_back_where_it_still_is(url_for(".history")))


@bp.post("/vocabulary/ignore")
def ignore() -> ResponseReturnValue:
    key, quietly = request.form.get("key", ""), request.form.get("heed") == "yes"
    remarks.set_ignored(services(), g.owner, key, ignored=not quietly)
    if quietly:
        htmx.notice("It is listed again.")
    else:
        htmx.notice("Not told again.", undo=url_for(".ignore"), fields={"key": key, "heed": "yes"})
    return htmx.go_to(url_for(".index"))


@bp.get("/vocabulary/export/<format_name>")
def export(format_name: str) -> ResponseReturnValue:
    if format_name not in FORMATS:
        raise NotFound("The trees are written as csv or skos.")
    asked = request.args.get("kind", "")
    kinds = [TagKind(asked)] if asked in set(TagKind) else list(TagKind)
    name, content, form = vocabulary_transfer.write(services(), format_name, kinds)
    return Response(
        content, content_type=form.media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@bp.post("/vocabulary/import")
def send() -> ResponseReturnValue:
    sent = request.files.get("file")
    kind = _kind(request.form.get("kind", ""))
    try:
        if sent is None or not sent.filename:
            raise BadTag("Choose a file first.")
        upload = vocabulary_transfer.keep(services(), g.owner, sent.filename, sent.read())
    except BadTag as error:
        return _page(wrong=str(error), status=422)
    return redirect(url_for(".look", upload_id=upload, kind=kind.value), code=303)


@bp.get("/vocabulary/import/<int:upload_id>")
def look(upload_id: int) -> ResponseReturnValue:
    kind = _kind(request.args.get("kind", ""))
    taken = vocabulary_transfer.look(services(), g.owner, upload_id, kind)
    return render_template("vocabulary/import.html", taken=taken, upload_id=upload_id, kind=kind.value)


@bp.post("/vocabulary/import/<int:upload_id>")
def take_in(upload_id: int) -> ResponseReturnValue:
    deed = vocabulary_transfer.take_in_kept(services(), g.owner, upload_id, _kind(request.form.get("kind", "")))
    if deed is None:
        htmx.notice("The file says nothing new.")
    else:
        htmx.notice(f"{deed.summary}.", undo=url_for(".undo", deed_id=deed.id))
    return redirect(url_for(".history"), code=303)


@bp.get("/vocabulary/complete")
def complete() -> ResponseReturnValue:
    """The tags that begin like what is being typed in a field of any name; of several names the last."""
    kind, list_id = _kind(request.args.get("kind", "")), request.args.get("list", "")
    typed = next((value for name, value in request.args.items() if name not in ("kind", "list")), "")
    name = typed.rpartition(",")[2].strip()
    found = tagging.complete_known(services(), kind, name) if name else []
    list_id = list_id if list_id.replace("-", "").replace("_", "").isalnum() and list_id.isascii() else "completions"
    return htmx.fragment("article/_completions.html", kind=kind.value, found=found, list_id=list_id)


def _page(*, wrong: str = "", status: int = 200) -> ResponseReturnValue:
    found = remarks.remarks(services(), g.owner)
    deeds = vocabulary_care.history(services())[:5]
    page = render_template(
        "vocabulary/index.html", found=found, deeds=deeds, formats=FORMATS, wrong=wrong, area_of=AREA_OF
    )
    return page, status


def _back_where_it_still_is(default: str) -> str:
    """The page that the undoing was asked from; not a tag's own page, which may be gone with what is undone."""
    back = htmx.back_to(default)
    return default if back.startswith(("/places/", "/topics/")) else back


def _kind(text: str) -> TagKind:
    return TagKind(text) if text in set(TagKind) else TagKind.REGION
