"""Who is asking, and may they: sessions, bearer tokens, cross-site writes, the Host header, security headers.

Pages know people by a signed cookie; `/api/` knows devices by a bearer token and never looks at cookies, so it may
answer CORS `*`: an extension then needs no host permission, and another site's script gains nothing.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import secrets
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

from flask import Flask, Response, abort, g, redirect, request, session
from werkzeug.wrappers import Response as BaseResponse

from webapp.access import accounts
from webapp.counter import services
from webapp.errors import BadSetting, NotAllowed, NotSignedIn
from webapp.services import Services

API = "/api/"
OPEN_ENDPOINTS = {
    "static",
    "account.sign_in",
    "account.sign_in_by_link",
    "account.sign_in_with_password",
    "api.health",
    "opensearch.description",
}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept",
    "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE, OPTIONS",
    "Access-Control-Max-Age": "600",
}
SECRET_BYTES = 32


def install(app: Flask, services: Services) -> None:
    """Put the guard in front of every request of `app`.

    The cookie's name is the archive's own: cookies know no ports, and two archives of one machine (one of them
    `dateline demo`) would sign each other's reader out.
    """
    app.secret_key = secret_key(services.settings.data_dir)
    app.config.update(
        SESSION_COOKIE_NAME=f"dateline-{hashlib.sha256(app.secret_key).hexdigest()[:8]}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=services.settings.public_url.startswith("https:"),
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=services.settings.session_lifetime_s),
        SESSION_REFRESH_EACH_REQUEST=False,  # an answer under way while somebody signs out must not sign them in again
    )
    app.before_request(_check_host)
    app.before_request(_answer_preflight)
    app.before_request(_refuse_cross_site_writes)
    app.before_request(_who_is_asking)
    app.after_request(_add_headers)


def begin_session(account_id: int) -> None:
    """Sign the browser in as `account_id`; what it was signed in as before ends."""
    end_session()
    session["token"] = accounts.begin_session(services(), account_id)
    session.permanent = True


def end_session() -> None:
    """Here and in the store: a copy of the cookie is worth nothing afterwards."""
    if token := session.get("token"):
        accounts.end_session(services(), token)
    session.clear()


def require_scope(*scopes: str) -> None:
    """Let an API request pass if its bearer token allows one of `scopes` (any will do when none is named).

    Sets `g.owner` and `g.device`. Raises NotSignedIn or NotAllowed.
    """
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() not in ("bearer", "token") or not token.strip():
        raise NotSignedIn("Send a device's token: Authorization: Bearer dl_… (Settings → Devices makes one).")
    g.device = accounts.device_of(services(), token.strip(), *scopes)
    g.owner = g.device.owner


def secret_key(data_dir: Path) -> bytes:
    """The key that signs sessions, made on first start and kept readable by the archive's user only.

    Raises BadSetting when it cannot be read or made.
    """
    path = data_dir / "secret.key"
    try:
        return _made_key(path)
    except OSError as error:
        raise BadSetting(f"the key {path} cannot be read or made: {error.strerror}") from error


def _made_key(path: Path) -> bytes:
    if path.exists() and path.stat().st_size < SECRET_BYTES:  # a power cut or a full disk left no key in it
        path.unlink()
    if not path.exists():
        handle, fresh = tempfile.mkstemp(dir=path.parent, prefix="secret.")  # mode 600
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first: its key serves
            os.link(fresh, path)  # whole or not at all
        Path(fresh).unlink()
    return path.read_bytes()


def _check_host() -> None:
    """Refuse a Host that is not ours: another site may have pointed its name at this machine (DNS rebinding)."""
    settings = services().settings
    name = (urlsplit(f"//{request.host}").hostname or "").lower()
    known = {"localhost", settings.host.lower(), (urlsplit(settings.public_url).hostname or "localhost").lower()}
    if name in known or name.endswith(".localhost") or _is_ip(name):
        return
    abort(421, f"This archive does not answer to the name {name}. Set DATELINE_PUBLIC_URL to the address you use.")


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _answer_preflight() -> BaseResponse | None:
    if request.method == "OPTIONS" and request.path.startswith(API):
        return Response(status=204)
    return None


def _refuse_cross_site_writes() -> None:
    """A write with a session must come from our own pages: Sec-Fetch-Site, else Origin, tells where it comes from.

    Source: OWASP CSRF prevention, "Fetch metadata"; browsers send Origin with every POST. Clients that send neither
    are not browsers and hold no cookie that another site could ride on.
    """
    if request.method in SAFE_METHODS or request.path.startswith(API):
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:
        allowed = origin is None or origin.partition("://")[2] == request.host
    if not allowed:
        raise NotAllowed("This request came from another site and was refused. Nothing was changed.")


def _who_is_asking() -> BaseResponse | None:
    if request.path.startswith(API):
        return None
    token = session.get("token")
    account = None if token is None else accounts.signed_in(services(), token)
    g.account = account
    if account is not None:
        g.owner = account.id
        return None
    if request.endpoint in OPEN_ENDPOINTS:
        return None
    if request.method in SAFE_METHODS and not request.headers.get("HX-Request"):
        here = request.full_path.rstrip("?")
        return redirect(f"/sign-in?next={quote(here, safe='')}" if here != "/" else "/sign-in", code=303)
    raise NotSignedIn("You are not signed in any more. Sign in, and send this again.")


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()")
    if request.path.startswith(API):
        for name, value in CORS.items():
            headers[name] = value
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if "Cache-Control" not in headers and request.endpoint != "static":
        headers["Cache-Control"] = "private, no-cache"
    return response
