"""Our makers behind the plain signatures that measuring scripts call: `extract`, `sanitise`, `regions`, `topics`."""

from __future__ import annotations

import html as markup
from functools import cache
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


def topics(text: str, title: str, lang: str) -> list[tuple[str, float]]:
    """IPTC Media Topics of a text, best first, each with its share of what speaks for any topic."""
    from webapp.evidence import Story
    from webapp.suggest.topics import topic_scores

    scores = topic_scores(Story(title=title, body=text, language=lang), vocabulary=_vocabulary())
    return [(tag_id.removeprefix("t-"), score) for tag_id, score in scores]


def regions(text: str, title: str, lang: str) -> list[str]:
    """ISO alpha-2 codes of the countries that a story is suggested to be about, the primary one first."""
    from benchmarks.tagging import regions as suggested

    return suggested(text, title, lang)


def mentioned_countries(text: str, title: str, lang: str) -> list[str]:
    """ISO alpha-2 codes of every country that a story names or names a place of, best first."""
    from benchmarks.tagging import mentioned_countries as mentioned

    return mentioned(text, title, lang)


@cache
def _vocabulary() -> Any:
    from webapp.seed import seed_tags
    from webapp.tags import Vocabulary

    return Vocabulary(seed_tags())
