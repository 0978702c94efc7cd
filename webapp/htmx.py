"""The only file that knows `HX-*` headers: page or fragment, notices with undo, where to go after a write.

Wraps htmx-flask 0.1.0, which knows the headers of htmx 2. htmx 4.0.1 (read in its source) sends `HX-Request`,
`HX-Request-Type: partial|full`, `HX-Boosted`, `HX-Target`/`HX-Source` as `tag#id`, and asks for a page to restore the
history with `HX-History-Restore-Request` and *without* `HX-Request`. It ignores `HX-Trigger-After-*`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, flash, get_flashed_messages, redirect, render_template, request
from htmx_flask import Htmx
from htmx_flask import make_response as make_htmx_response
from werkzeug.wrappers import Response as BaseResponse

VARY = ("HX-Request", "HX-Request-Type", "HX-Boosted")
NOTICE = "notice"  # flash category


@dataclass(frozen=True, slots=True)
class Notice:
    """What was just done, said once. `undo` is an address to POST `fields` to; empty when there is nothing to undo.

    `link` is a local address to look at, called `link_text`; empty when there is none.
    """

    text: str
    undo: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    kind: str = "done"
    key: str = ""
    link: str = ""
    link_text: str = ""


def install(app: Flask) -> None:
    """Teach `app` to tell htmx requests from others."""
    Htmx(app)
    app.after_request(_vary)
    app.jinja_env.globals["waiting_notices"] = waiting_notices


def wants_fragment() -> bool:
    """Whether the answer goes into a part of the page; boosted links, undo and history want the whole page.

    htmx 4 says so itself (`HX-Request-Type`: a boosted link that names a target asks for a part); for one that does
    not say, a boosted link wants the page.
    """
    headers = request.headers
    if headers.get("HX-Request") != "true" or headers.get("HX-History-Restore-Request") == "true":
        return False
    kind = headers.get("HX-Request-Type", "full" if headers.get("HX-Boosted") == "true" else "partial")
    return kind == "partial"


def is_htmx() -> bool:
    """Whether htmx asks at all, for a part or for a whole page."""
    return request.headers.get("HX-Request") == "true"


def target_id() -> str:
    """The id of the element the answer goes into; empty when it has none or nobody said."""
    return request.headers.get("HX-Target", "").partition("#")[2]


def page_or_fragment(page_template: str, fragment_template: str, *, status: int = 200, **values: Any) -> Response:
    """The fragment for a partial htmx request, with any notices; the page, which includes it, for everybody else."""
    if wants_fragment():
        return fragment(fragment_template, status=status, **values)
    return make_htmx_response(render_template(page_template, **values), status)  # type: ignore[no-any-return]


def fragment(template: str, *, status: int = 200, trigger: Mapping[str, Any] | None = None, **values: Any) -> Response:
    """One fragment and the notices that wait; `trigger` names events (and their details) for the page's scripts."""
    return _answer(render_template(template, **values), status, trigger)


def nothing_but_notices(*, status: int = 200, trigger: Mapping[str, Any] | None = None) -> Response:
    """For an action whose row goes away: the element itself says `hx-swap="delete"`."""
    return _answer("", status, trigger)


def redirect_or_fragment(to: str, fragment_template: str, *, status: int = 200, **values: Any) -> BaseResponse:
    """After a write: the fragment that changed, or 303 to the local address `to`."""
    if wants_fragment():
        return fragment(fragment_template, status=status, **values)
    return redirect(to, code=303)


def go_to(to: str) -> BaseResponse:
    """Leave for another page of ours, whoever asks: 303, or `HX-Redirect` for a partial htmx request."""
    if wants_fragment():
        response: Response = make_htmx_response("", 200, redirect=to)
        return response
    return redirect(to, code=303)


def problem_fragment(text: str, *, status: int) -> Response:
    """An error as a notice: it goes to the notices, wherever the request meant its answer to go."""
    said = render_template("shared/_notice.html", notice=Notice(text, kind="problem", key=_key()))
    response: Response = make_htmx_response(said, status, retarget="#notices", reswap="beforeend")
    return response


def notice(
    text: str,
    *,
    undo: str = "",
    fields: Mapping[str, str] | None = None,
    kind: str = "done",
    link: tuple[str, str] = ("", ""),
) -> None:
    """Say `text` with the next answer, whether that is a fragment or the page after a redirect.

    `undo` is a local address; the notice's button POSTs `fields` to it. `kind` is "done" or "problem". `link` is a
    local address and what it is called.
    """
    flash(asdict(Notice(text, undo, dict(fields or {}), kind, _key(), *link)), NOTICE)  # type: ignore[arg-type]


def waiting_notices() -> list[Notice]:
    """The notices not said yet; asking for them says them."""
    told: list[Any] = list(get_flashed_messages(category_filter=[NOTICE]))
    return [Notice(**each) for each in told]


def back_to(default: str) -> str:
    """The local address a form came from (its field `back`, htmx's current address, the referring page of ours)."""
    asked = request.values.get("back", "")
    for address in (request.headers.get("HX-Current-URL", ""), request.headers.get("Referer", "")):
        asked = asked or _path_here(address)
    return local_path(asked, default)


def local_path(text: str, default: str = "/") -> str:
    """`text` if it is a path on this server, else `default`: "//evil.example" and "/\\evil" are not paths.

    Source: WHATWG URL, which drops tabs and newlines and reads a backslash as a slash.
    """
    if not text.startswith("/") or text.startswith("//") or "\\" in text or any(ord(char) < 32 for char in text):
        return default
    parts = urlsplit(text)
    return default if parts.scheme or parts.netloc else text


def _path_here(address: str) -> str:
    """The path and query of an address of ours; "" for every other, and for what is no address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.netloc != request.host:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _answer(html: str, status: int, trigger: Mapping[str, Any] | None) -> Response:
    said = "".join(render_template("shared/notice_partial.html", notice=each) for each in waiting_notices())
    response: Response = make_htmx_response(html + said, status)
    if trigger:
        response.headers["HX-Trigger"] = json.dumps(trigger)
    return response


def _key() -> str:
    return secrets.token_hex(4)


def _vary(response: Response) -> Response:
    if request.endpoint != "static":
        response.vary.update(VARY)
    return response
