"""What a request to the API carries, read and checked: JSON and its fields. Raises BadClip, which answers 422."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from flask import request

from webapp.errors import BadClip

T = TypeVar("T")


def json_object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadClip(f"The JSON cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise BadClip("The JSON must be an object.")
    return value


def json_body() -> dict[str, Any]:
    """The JSON object that the request at hand carries."""
    return json_object(request.get_data())


def typed(body: dict[str, Any], name: str, kind: type[T]) -> T | None:
    """The value called `name`, which must be of that `kind`; None when it is not named."""
    if name not in body:
        return None
    value = body[name]
    if not isinstance(value, kind):
        raise BadClip(f"`{name}` must be {'true or false' if kind is bool else 'text'}.")
    return value
