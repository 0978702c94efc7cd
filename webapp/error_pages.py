"""Errors become a page, a notice or JSON, here and nowhere else. What was not meant to happen is logged, never shown.

`/api/` answers `{"error": {"kind": …, "message": …}}`; an htmx request gets a notice, whatever it aimed at; everybody
else a page with the same status that says what happened, what was kept and what to do.
"""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from webapp.counter import services
from webapp.errors import ArchiveError, TooManyTries, in_megabytes
from webapp.htmx import is_htmx, problem_fragment

log = logging.getLogger(__name__)

API = "/api/"
HEADLINES = {
    400: "That could not be understood",
    401: "You are not signed in",
    403: "That is not allowed",
    404: "There is nothing here",
    405: "That cannot be done here",
    409: "Somebody else was first",
    413: "That is too large",
    421: "Wrong door",
    422: "That could not be kept",
    429: "Too many tries",
    502: "The page could not be fetched",
    503: "The archive is busy",
    507: "The disk is full",
}
KEPT = "Nothing in the archive was changed."
RETRY_S = 5  # a locked database is free again in seconds; browsers and the extension may read it


def install(app: Flask) -> None:
    app.register_error_handler(ArchiveError, _archive_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _archive_error(error: ArchiveError) -> BaseResponse:
    if error.status >= 500:
        log.warning("%s %s: %s: %s", request.method, request.path, type(error).__name__, error)
    response = _answer(error.status, type(error).__name__, error.text)
    if isinstance(error, TooManyTries):
        response.headers["Retry-After"] = str(error.wait_s)
    return response


def _http_error(error: HTTPException) -> BaseResponse:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()
    response = _answer(status, error.name.replace(" ", ""), _advice(status, error.description or ""))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):  # Allow, Retry-After …
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> BaseResponse:
    """A mistake of ours: the log holds everything under the same mark that the reader is shown."""
    mark = secrets.token_hex(4)
    log.error("%s %s failed (mark %s)", request.method, request.path, mark, exc_info=error)
    text = (
        "This is a mistake in Dateline, not in what you did. What had been saved before is safe; "
        f"what you just sent may not have been. The log has the details under {mark}."
    )
    return _answer(500, "InternalError", text)


def _advice(status: int, description: str) -> str:
    if status == 404:
        return "The address may be mistyped, or what was here has moved."
    if status == 405:
        return f"This address does not answer to {request.method}."
    if status == 413:
        limit = in_megabytes(services().settings.clip_limit_bytes)
        return f"More was sent than the {limit} this archive accepts. Clip a selection, or raise the limit."
    return description


def _answer(status: int, kind: str, message: str) -> BaseResponse:
    response = _form_of_answer(status, kind, message)
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_S)
    return response


def _form_of_answer(status: int, kind: str, message: str) -> BaseResponse:
    if request.path.startswith(API):
        answer = jsonify(error={"kind": kind, "message": message})
        answer.status_code = status
        return answer
    if is_htmx():
        return problem_fragment(_sentence(message), status=status)
    g.setdefault("account", None)  # the error may have come before anybody asked who is there
    page = render_template(
        "error.html",
        status=status,
        headline=HEADLINES.get(status, "Something went wrong"),
        message=_sentence(message),
        kept="" if status == 500 or request.method in ("GET", "HEAD") else KEPT,
    )
    return Response(page, status, content_type="text/html; charset=utf-8")


def _sentence(text: str) -> str:
    """`text` as a sentence: a capital first, a full stop last."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?…" else ".")
