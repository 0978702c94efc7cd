"""What trafilatura takes for the article's text, and its reading of the metadata. The only importer of trafilatura."""

from __future__ import annotations

import logging

import trafilatura
from trafilatura.metadata import extract_metadata

from webapp.extract.tree import Element, copy_of

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page it cannot read is our caller's to report


def judged_text(root: Element) -> str:
    """The article's text, blocks as lines; "" when nothing was found.

    Source: precision mode is the best single judge of article text on 181 news pages (F1 .964, 2026-11-23).
    """
    found = trafilatura.extract(
        copy_of(root), include_comments=False, include_tables=True, favor_precision=True, with_metadata=False
    )
    return found or ""


def judged_authors(root: Element) -> tuple[str, ...]:
    """The authors trafilatura sees, in order. Right about two times in three (2026-11-23)."""
    document = extract_metadata(copy_of(root), extensive=False)
    names = (document.author or "") if document is not None else ""
    return tuple(name.strip() for name in names.split(";") if name.strip())
