"""Settings: how the archive looks, the password, facts about it; and the devices that hold its tokens."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import guard, htmx, searching
from webapp.access import accounts
from webapp.access.accounts import NewDevice
from webapp.counter import origin, services
from webapp.errors import NotAllowed
from webapp.filing import answering
from webapp.pages.extension import packed
from webapp.version import VERSION

bp = Blueprint("settings", __name__)

SCOPE_WORDS = {
    "clip": "hand in clips, and see how they went",
    "read": "search, and read articles",
    "write": "change articles: tags, notes, star, trash",
}


@bp.get("/settings")
def index() -> ResponseReturnValue:
    return _index()


@bp.post("/settings/password")
def set_password() -> ResponseReturnValue:
    password, again = request.form.get("password", ""), request.form.get("again", "")
    if password != again:
        return _index(wrong="The two are not the same. Type it twice.", status=422)
    try:
        accounts.set_password(services(), g.owner, password)
    except NotAllowed as error:
        return _index(wrong=error.text, status=422)
    guard.begin_session(g.owner)
    htmx.notice(
        f"From now on you can sign in as “{g.account.name}” with this password. Other browsers were signed out."
    )
    return redirect(url_for(".index"), code=303)


@bp.post("/settings/pictures")
def set_pictures() -> ResponseReturnValue:
    fetches = request.form.get("fetches") == "yes"
    accounts.choose_to_fetch_pictures(services(), g.owner, fetches)
    htmx.notice("Missing pictures are fetched from now on." if fetches else "No picture is fetched any more.")
    return redirect(url_for(".index") + "#pictures", code=303)


@bp.post("/settings/suggestions")
def set_suggestions() -> ResponseReturnValue:
    preselects = request.form.get("preselects", type=float)
    files = request.form.get("files", type=float)
    answering.choose(services(), g.owner, preselects_from=preselects, files_from=files)
    htmx.notice("These choices are kept.")
    return redirect(url_for(".index") + "#suggestions", code=303)


@bp.get("/settings/devices")
def devices() -> ResponseReturnValue:
    return _devices()


@bp.get("/settings/devices/dateline-<browser>.zip")
def extension(browser: str) -> ResponseReturnValue:
    """The browser extension of this very version, packed out of its source."""
    folder = Path(current_app.static_folder or "").parent / "extension"
    response = Response(packed(folder, browser), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="dateline-{browser}-{VERSION}.zip"'
    return response


@bp.post("/settings/devices")
def make_device() -> ResponseReturnValue:
    """Answers with the token itself, not with a redirect: it is shown once and must not stay in any address."""
    name, scopes = request.form.get("name", ""), tuple(request.form.getlist("scope"))
    try:
        made = accounts.make_device(services(), g.owner, name, scopes)
    except NotAllowed as error:
        return _devices(name=name, scopes=scopes, wrong=error.text, status=422)
    return _devices(made=made)


@bp.post("/settings/devices/<int:device_id>/revoke")
def revoke(device_id: int) -> ResponseReturnValue:
    accounts.revoke(services(), g.owner, device_id)
    htmx.notice("Revoked. Its token does not work any more.")
    return redirect(url_for(".devices"), code=303)


def _index(*, wrong: str = "", status: int = 200) -> ResponseReturnValue:
    settings = services().settings
    page = render_template(
        "settings/index.html",
        account=g.account,
        wrong=wrong,
        least=accounts.PASSWORD_MIN_CHARS,
        suggesting=answering.choices(services(), g.owner),
        sessions=accounts.count_sessions(services(), g.owner),
        fetches=accounts.fetches_pictures(services(), g.owner),
        facts=[
            ("Articles", f"{searching.find(services(), g.owner, '', per_page=1).total:,}"),
            ("Version", VERSION),
            ("Answers at", origin()),
            ("Your archive is in", str(settings.data_dir)),
            ("Database", "PostgreSQL" if settings.database.startswith("postgresql") else "SQLite"),
            ("Largest clip", f"{settings.clip_limit_bytes / 1e6:.0f} MB"),
        ],
        health=searching.health(services()),
    )
    return page, status


def _devices(
    *,
    made: NewDevice | None = None,
    name: str = "",
    scopes: tuple[str, ...] = accounts.SCOPES,
    wrong: str = "",
    status: int = 200,
) -> Response:
    page = render_template(
        "settings/devices.html",
        devices=sorted(accounts.devices(services(), g.owner), key=lambda each: each.revoked_at is not None),
        made=made,
        name=name,
        scopes=scopes,
        wrong=wrong,
        scope_words=SCOPE_WORDS,
        origin=origin(),
    )
    response = make_response(page, status)
    if made is not None:
        response.headers["Cache-Control"] = "no-store"
    return response
