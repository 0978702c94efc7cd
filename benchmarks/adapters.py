"""Our makers behind the plain signatures that measuring scripts call: `extract(html, url)` and `sanitise(html)`."""

from __future__ import annotations

import html as markup
from typing import Any

from webapp.errors import ExtractionFailed
from webapp.extract import extract as take_out
from webapp.model import Image


def extract(html: str, url: str) -> dict[str, Any]:
    """The article in `html` as plain values; empty ones where there is none.

    `body_html` begins with the lead figure, which a Draft keeps apart; `body_text` is without captions.
    """
    try:
        draft = take_out(html, url, is_html=True)
    except ExtractionFailed:
        return {"title": "", "authors": [], "date": None, "site": "", "language": "", "body_html": "", "body_text": ""}
    return {
        "title": draft.title,
        "authors": list(draft.authors),
        "date": draft.published_on.isoformat() if draft.published_on else None,
        "published_at": draft.published_at.isoformat() if draft.published_at else None,
        "site": draft.site,
        "language": draft.language,
        "direction": draft.direction,
        "standfirst": draft.standfirst,
        "canonical": draft.canonical,
        "body_html": (_figure(draft.lead) if draft.lead else "") + draft.body_html,
        "body_text": draft.body_text,
        "captions": draft.captions_text,
        "signs": list(draft.signs),
    }


def sanitise(html: str) -> str:
    """`html` as it would be shown, no pictures kept."""
    from webapp.sanitise import sanitise as clean

    return clean(html, images={})


def _figure(image: Image) -> str:
    caption = f"<figcaption>{markup.escape(image.caption)}</figcaption>" if image.caption else ""
    return f'<figure><img src="{markup.escape(image.address)}" alt="{markup.escape(image.alt)}">{caption}</figure>\n'
