"""The pages: one area a file, each with its blueprint `bp`; and the words that all templates share."""

from __future__ import annotations

from flask import Flask
from jinja2 import Environment, StrictUndefined

from webapp import compress
from webapp.pages import (
    account,
    archived,
    article,
    clip,
    connect,
    correcting,
    evidence_words,
    help,
    highlights,
    learned,
    library,
    map,
    opensearch,
    places,
    review,
    rules,
    searches,
    settings,
    suggestions,
    topics,
    trash,
    trees,
    versions,
    vocabulary,
    words,
)
from webapp.version import VERSION

AREAS = (
    library,
    review,
    suggestions,
    learned,
    map,
    places,
    topics,
    vocabulary,
    rules,
    searches,
    trash,
    account,
    help,
    article,
    highlights,
    versions,
    correcting,
    clip,
    connect,
    settings,
    archived,
    opensearch,
)


def install(app: Flask) -> None:
    """Register every area, teach the templates their words, and let answers go out compressed."""
    compress.install(app)
    teach(app.jinja_env)
    for area in AREAS:
        app.register_blueprint(area.bp)


def teach(environment: Environment) -> None:
    """The filters, tests and functions that templates may use. A name that nobody gave is an error, not a blank."""
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(words.FILTERS)
    environment.filters.update(evidence_words.FILTERS)
    environment.tests["holding_chosen"] = library.holds_chosen
    environment.globals.update(
        dateline_version=VERSION,
        ask_url=library.ask_url,
        count_waiting=review.count_waiting,
        narrowed=library.narrowed,
        opening=library.opening,
        page_numbers=library.page_numbers,
        tag_url=trees.tag_url,
    )
