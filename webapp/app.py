"""The web application, put together from services and counters."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import api, counter, error_pages, guard, htmx, pages
from webapp.services import Services

_HERE = Path(__file__).resolve().parent
_FORM_PARTS = 2_000  # pictures of one clip and its fields; werkzeug's default is 1,000


def create_app(services: Services) -> Flask:
    """The WSGI application over opened `services`; the caller closes them."""
    app = Flask("webapp", template_folder=str(_beside("templates")), static_folder=str(_beside("static")))
    counter.install(app, services)
    app.config.update(
        MAX_CONTENT_LENGTH=services.settings.clip_limit_bytes + 1_000_000,  # the form's other fields
        MAX_FORM_MEMORY_SIZE=services.settings.clip_limit_bytes + 1_000_000,
        MAX_FORM_PARTS=_FORM_PARTS,
        SEND_FILE_MAX_AGE_DEFAULT=3_600,
        TEMPLATES_AUTO_RELOAD=False,
    )
    _believe_proxies(app, services.settings.trusted_proxy_count)
    guard.install(app, services)
    htmx.install(app)
    pages.install(app)
    error_pages.install(app)
    app.register_blueprint(api.bp)
    return app


def _believe_proxies(app: Flask, count: int) -> None:
    """Know visitors by what so many proxies of ours say of them. Each adds the address it hears from to the end of
    X-Forwarded-For, so what a visitor writes there himself is never reached."""
    if count > 0:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=0, x_host=0)  # type: ignore[method-assign]


def _beside(name: str) -> Path:
    """`templates/` and `static/` stand beside the package in a checkout and inside it in a wheel."""
    for base in (_HERE, _HERE.parent):
        if (base / name).is_dir():
            return base / name
    raise RuntimeError(f"{name}/ is missing: the installation is broken; install Dateline again")
