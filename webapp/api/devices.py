"""Connecting a device (RFC 8628), and what a device is told of itself.

The two routes of the grant answer errors as the standard says, `{"error": "authorization_pending"}`, and take form
bodies as it does; JSON too.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Response, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from webapp.access import accounts, connecting
from webapp.access.connecting import GrantError
from webapp.api.blueprint import bp
from webapp.counter import origin, services
from webapp.guard import require_scope
from webapp.version import VERSION

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
BODY_LIMIT_BYTES = 10_000  # anybody may send one; a name, some scopes and a code are far less


@bp.post("/api/v1/device/code")
def ask_to_connect() -> ResponseReturnValue:
    """Begin: codes for a device that calls itself `client_name`. Open to anybody; the reader decides."""
    try:
        body = _body()
        name = _text(body, "client_name") or _text(body, "client_id")
        codes = connecting.ask(services(), name, _scopes(body), came_from=request.remote_addr or "")
    except GrantError as error:
        return _refused(error)
    confirm = origin() + url_for("connect.index")
    return _unstored(
        device_code=codes.device_code,
        user_code=codes.user_code,
        verification_uri=confirm,
        verification_uri_complete=f"{confirm}?code={codes.user_code}",
        expires_in=codes.lifetime_s,
        interval=codes.interval_s,
    )


@bp.post("/api/v1/device/token")
def hand_over_token() -> ResponseReturnValue:
    """The token, once the reader said yes; until then 400 with what to do."""
    try:
        body = _body()
        if _text(body, "grant_type") != GRANT_TYPE:
            raise GrantError("unsupported_grant_type", f"`grant_type` must be {GRANT_TYPE}.")
        device_code = _text(body, "device_code")
        if not device_code:
            raise GrantError("invalid_request", "`device_code` is missing.")
        made = connecting.token_for(services(), device_code)
    except GrantError as error:
        return _refused(error)
    return _unstored(
        access_token=made.token,
        token_type="bearer",  # noqa: S106 - a kind, not a token
        scope=" ".join(made.device.scopes),
        device_id=made.device.id,
        device_name=made.device.name,
        archive_name=_archive_name(made.device.owner),
    )


@bp.get("/api/v1/me")
def who_am_i() -> ResponseReturnValue:
    """The device that holds the token, whatever it may do: for a client that wants to know whether it still may."""
    require_scope()
    account = accounts.account(services(), g.owner)
    device = g.device
    return jsonify(
        device={"id": device.id, "name": device.name, "made_at": device.created_at.isoformat()},
        scopes=list(device.scopes),
        account={"id": g.owner, "name": account.name if account else ""},
        archive_name=_archive_name(g.owner),
        version=VERSION,
        limits={"clip_bytes": services().settings.clip_limit_bytes},
    )


def _body() -> dict[str, Any]:
    """Raises GrantError(invalid_request)."""
    if (request.content_length or 0) > BODY_LIMIT_BYTES:
        raise GrantError("invalid_request", "That is more than this route reads.")
    if request.mimetype != "application/json":
        return dict(request.form.items())
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError) as error:
        raise GrantError("invalid_request", f"The JSON cannot be read: {error}") from error
    if not isinstance(body, dict):
        raise GrantError("invalid_request", "The JSON must be an object.")
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise GrantError("invalid_request", f"`{name}` must be text.")
    return value


def _scopes(body: dict[str, Any]) -> list[str]:
    """`scope`, parted by blanks as the standard has it, or `scopes`, a list; all of them when none is named."""
    asked = body.get("scopes", body.get("scope")) or list(accounts.SCOPES)
    if isinstance(asked, str):
        return asked.replace(",", " ").split()
    if not isinstance(asked, list) or not all(isinstance(scope, str) for scope in asked):
        raise GrantError("invalid_request", "`scopes` must be a list of texts.")
    return asked


def _archive_name(owner: int) -> str:
    """How a device may call this archive: whose it is, and where."""
    account = accounts.account(services(), owner)
    return f"{account.name if account else 'reader'} at {origin().partition('://')[2]}"


def _refused(error: GrantError) -> ResponseReturnValue:
    answer = _unstored(error=error.code, error_description=error.description)
    answer.status_code = 400
    return answer


def _unstored(**values: Any) -> Response:
    answer = jsonify(values)
    answer.headers["Cache-Control"] = "no-store"  # RFC 6749 §5.1
    return answer
