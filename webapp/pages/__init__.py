"""The pages: one area a file, each with its blueprint `bp`; and the filters that all templates share."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined

from webapp.pages import account, archived, article, clip, help, library, settings, words
from webapp.version import VERSION

AREAS = (library, account, help, article, clip, settings, archived)


def install(app: Flask) -> None:
    """Register every area and the filters `counted`, `day`, `ago`, `short_size`."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.tests["holding_chosen"] = library.holds_chosen
    app.jinja_env.globals.update(
        version=VERSION,
        ask_url=library.ask_url,
        narrowed=library.narrowed,
        opening=library.opening,
        page_numbers=library.page_numbers,
    )
    for area in AREAS:
        app.register_blueprint(area.bp)
