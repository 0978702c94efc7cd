"""What kind of piece a story is, where it says so itself: an attribute of its own, no topic."""

from __future__ import annotations

import re

from webapp.evidence import Story


def genre_of(story: Story) -> str:
    """ "interview", "opinion", "obituary", "live-blog", "analysis", or "" for news and for what cannot be told."""
    title = story.title.strip().casefold()
    for genre, pattern in _TITLES:
        if pattern.search(title):
            return genre
    return ""


_TITLES = (
    ("live-blog", re.compile(r"\blive( updates?| blog|:)|\bas it happened\b|\bliveblog\b")),
    ("obituary", re.compile(r"^obituar(y|ies)\b|\bobituary$")),
    ("interview", re.compile(r"^(the |an? |exclusive )?interview\b|\binterview with\b|\bq ?& ?a\b")),
    (
        "opinion",
        re.compile(
            r"^(opinion|editorial|op-ed|comment|letters?|column)\b ?[:|–-]|[|–-] ?(opinion|editorial|op-ed|comment)$"
        ),
    ),
    ("analysis", re.compile(r"^(news )?analysis\b ?[:|–-]|[|–-] ?(news )?analysis$|^explainer\b|[|–-] ?explainer$")),
)
