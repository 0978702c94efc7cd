"""What every counter reaches for: the services of the archive that this application serves."""

from __future__ import annotations

from flask import Flask, current_app, request

from webapp.services import Services

_NAME = "dateline"  # among the application's extensions


def install(app: Flask, opened: Services) -> None:
    app.extensions[_NAME] = opened


def services() -> Services:
    """The opened archive of the application that answers the request at hand."""
    opened: Services = current_app.extensions[_NAME]
    return opened


def origin() -> str:
    """Where people reach this archive, without a slash at the end: as the setting says, else as this request came."""
    return services().settings.public_url.rstrip("/") or request.host_url.rstrip("/")
