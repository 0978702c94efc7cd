"""Where the reader confirms a device that asks to be connected: who asks, what it may do, yes or no."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.access import connecting
from webapp.counter import services
from webapp.errors import NotAllowed, NotFound, TooManyTries
from webapp.pages.settings import SCOPE_WORDS

bp = Blueprint("connect", __name__)


@bp.get("/connect")
def index() -> ResponseReturnValue:
    """Asks for a code; with one, shows the device that waits for it. Looking decides nothing."""
    code = request.args.get("code", "")
    return _device(code) if code.strip() else _ask()


@bp.post("/connect")
def decide() -> ResponseReturnValue:
    code, form = request.form.get("code", ""), request.form
    try:
        if form.get("answer") == "allow":
            name = form.get("name", "")
            connecting.allow(services(), g.owner, code, name=name, scopes=form.getlist("scope"))
            return redirect(url_for(".done", answer="allowed"), code=303)
        connecting.refuse(services(), g.owner, code)
        return redirect(url_for(".done", answer="refused"), code=303)
    except NotAllowed as error:
        return _device(code, wrong=error.text, name=form.get("name", ""), status=422)
    except (NotFound, TooManyTries) as error:
        return _ask(code, wrong=error.text, status=error.status)


@bp.get("/connect/done")
def done() -> ResponseReturnValue:
    return render_template("connect/done.html", allowed=request.args.get("answer") == "allowed")


def _device(code: str, *, wrong: str = "", name: str = "", status: int = 200) -> ResponseReturnValue:
    try:
        asked = connecting.request_of(services(), g.owner, code)
    except (NotFound, TooManyTries) as error:
        return _ask(code, wrong=error.text, status=error.status)
    page = render_template(
        "connect/device.html",
        asked=asked,
        code=connecting.shown(code),
        name=name or asked.client_name,
        scope_words=SCOPE_WORDS,
        account=g.account,
        wrong=wrong,
    )
    return page, status


def _ask(code: str = "", *, wrong: str = "", status: int = 200) -> ResponseReturnValue:
    return render_template("connect/index.html", code=connecting.shown(code), wrong=wrong), status
