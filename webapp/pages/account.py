"""Coming in and going out: by one-time link, by password. The link's page asks for a click, so that a program that
only looks at the link does not use it up."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp import guard
from webapp.access import accounts
from webapp.counter import services
from webapp.errors import NotSignedIn, TooManyTries
from webapp.htmx import local_path, page_or_fragment

bp = Blueprint("account", __name__)


@bp.get("/sign-in")
def sign_in() -> BaseResponse:
    if g.account is not None:
        return redirect(_next(), code=303)
    return _sign_in_page()


@bp.post("/sign-in")
def sign_in_with_password() -> BaseResponse:
    name = request.form.get("name", "")
    came_from = request.remote_addr or ""
    try:
        account = accounts.sign_in_with_password(
            services(), name, request.form.get("password", ""), came_from=came_from
        )
    except NotSignedIn as error:
        return _sign_in_page(name=name, wrong=error.text, status=422)
    except TooManyTries as error:
        return _sign_in_page(name=name, wrong=f"{error.text} A sign-in link works at any time.", status=error.status)
    guard.begin_session(account.id)
    return redirect(_next(), code=303)


@bp.route("/sign-in/<token>", methods=["GET", "POST"])
def sign_in_by_link(token: str) -> BaseResponse | str:
    if request.method == "GET":
        return render_template("account/link.html", token=token, next=_next())
    try:
        account = accounts.sign_in(services(), token)
    except NotSignedIn as error:
        return _sign_in_page(wrong=error.text, status=422)
    guard.begin_session(account.id)
    return redirect(_next(), code=303)


@bp.post("/sign-out")
def sign_out() -> BaseResponse:
    guard.end_session()
    return redirect(url_for("account.sign_in"), code=303)


@bp.post("/sign-out/everywhere")
def sign_out_everywhere() -> BaseResponse:
    accounts.end_every_session(services(), g.owner)
    guard.end_session()
    return redirect(url_for("account.sign_in"), code=303)


def _sign_in_page(*, name: str = "", wrong: str = "", status: int = 200) -> Response:
    return page_or_fragment(
        "account/sign_in.html", "account/_sign_in.html", status=status, name=name, wrong=wrong, next=_next()
    )


def _next() -> str:
    return local_path(request.values.get("next", "/"))
