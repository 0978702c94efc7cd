"""Putting an article's facts right by hand: headline, byline, date … What the reader says holds from then on.

A correction is kept apart from what was taken out of the page and laid over it, so it outlives making the article
again and clipping it again, and can be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from webapp.addresses import canonical_address
from webapp.errors import BadCorrection
from webapp.model import Article, Correction
from webapp.services import Services

FIELDS = ("title", "standfirst", "authors", "published_on", "site", "outlet", "language", "address")
LIMITS = {"title": 500, "standfirst": 2_000, "authors": 500, "site": 200, "outlet": 253, "language": 35}
AUTHORS_MOST = 50
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")  # BCP 47, the parts that news pages use
_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"))
_OUTLET = re.compile(r"[^\s/@]{1,253}")


@dataclass(frozen=True, slots=True)
class Held:
    """An article's facts as text, one a field, and which of them the reader corrected."""

    article: Article
    values: Mapping[str, str]
    corrections: Mapping[str, Correction]


def facts_of(services: Services, owner: int, article_id: int) -> Held:
    """Raises NotFound."""
    with services.store.read() as work:
        article = work.articles.get(owner, article_id)
        corrections = work.corrections.of_article(article_id)
    return Held(article, _as_text(article), corrections)


def corrections_of(services: Services, article_id: int) -> dict[str, Correction]:
    """What the reader put right on an article that is theirs, by field."""
    with services.store.read() as work:
        return work.corrections.of_article(article_id)


def correct(services: Services, owner: int, article_id: int, values: Mapping[str, str]) -> tuple[str, ...]:
    """Put the fields right whose text differs from what holds now; which ones they were.

    All of them or none. Raises NotFound, BadCorrection (which field, and what it should be), Conflict (the address).
    """
    held = facts_of(services, owner, article_id)
    changed = {
        field: _checked(field, text)
        for field, text in values.items()
        if field in FIELDS and _plain(text) != held.values[field]
    }
    if not changed:
        return ()
    now = services.clock()
    with services.store.begin() as work:
        for field, value in changed.items():
            if field == "address":
                work.corrections.move(owner, article_id, str(value), now)
                continue
            work.corrections.put(article_id, field, value, now)
            if field == "language":
                main = str(value).partition("-")[0]
                work.corrections.put(article_id, "direction", "rtl" if main in _RIGHT_TO_LEFT else "ltr", now)
    services.bell.set()
    return tuple(changed)


def take_back(services: Services, owner: int, article_id: int, field: str) -> str:
    """Let what was taken out of the page hold again; the text that held until then.

    Raises NotFound, BadCorrection for a field that cannot be corrected, Conflict (the address).
    """
    if field not in FIELDS:
        raise BadCorrection(field, f"there is no “{field[:40]}” to correct")
    held = facts_of(services, owner, article_id)
    now = services.clock()
    with services.store.begin() as work:
        if field == "address":
            work.corrections.move_back(owner, article_id, now)
        else:
            work.corrections.take_back(article_id, field, now)
            if field == "language":
                work.corrections.take_back(article_id, "direction", now)
    services.bell.set()
    return held.values[field]


def _as_text(article: Article) -> dict[str, str]:
    return {
        "title": article.title,
        "standfirst": article.standfirst,
        "authors": ", ".join(article.authors),
        "published_on": article.published_on.isoformat() if article.published_on else "",
        "site": article.site,
        "outlet": article.outlet,
        "language": article.language,
        "address": article.address,
    }


def _checked(field: str, text: str) -> str | list[str]:
    """The value to keep. Raises BadCorrection."""
    text = _plain(text)
    limit = LIMITS.get(field, 2_000)
    if len(text) > limit:
        raise BadCorrection(field, f"the {field} has {len(text):,} characters; {limit:,} are kept")
    match field:
        case "title" if not text:
            raise BadCorrection(field, "an article needs a headline")
        case "authors":
            names = [name.strip() for name in re.split(r"[,;،、\n]", text) if name.strip()]
            return names[:AUTHORS_MOST]
        case "published_on" if text:
            return _day(text)
        case "language" if text and not _LANGUAGE.fullmatch(text):
            raise BadCorrection(field, "write the code of the language, such as en, he or pt-BR")
        case "outlet" if text and not _OUTLET.fullmatch(text):
            raise BadCorrection(field, "write the outlet’s domain, such as haaretz.com")
        case "address" if text:
            return canonical_address(text)
    return text


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadCorrection("published_on", "write the day as year-month-day, such as 2020-12-27") from None


def _plain(text: str) -> str:
    return " ".join(text.split())
