"""The same story elsewhere, and what else in the archive is about it.

The index finds what shares telling words. It is the same story only when it was published within days, about the same
place, and opens with the same things: who, where, how many. That is said seldom rather than wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from webapp.model import Article, TagKind, Version
from webapp.services import Services

CANDIDATES = 12  # likest articles that are looked at
RELATED = 5  # shown at most; taste
APART = timedelta(days=3)  # a story is told within days of what happened; taste
OPENING_CHARS = 1_500  # headline, standfirst and first paragraphs: news is written with what happened first
SAME_FROM = 0.34  # share of the shorter opening's words in the other (pairs of reports in the tests, 2026-11-24)
SAME_WITHOUT_PLACE_FROM = 0.5  # the same, where no place is on both to vouch for it
FEW_WORDS = 12  # shorter openings say too little to be told apart
_WORD = re.compile(r"[^\W\d_]{4,}|\d+(?:[.,]\d+)*")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{2,}")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Articles about the same event, the likest first; and others that are like it."""

    same: tuple[Article, ...] = ()
    related: tuple[Article, ...] = ()


def elsewhere(services: Services, owner: int, article_id: int) -> Elsewhere:
    """What else the archive has of this story; nothing while there is no index, or the article is not in it yet."""
    hits = services.ask(lambda engine: engine.similar(article_id, owner=owner, limit=CANDIDATES)) or ()
    if not hits:
        return Elsewhere()
    ids = [hit.id for hit in hits]
    with services.store.read() as work:
        articles = work.articles.by_ids(owner, [article_id, *ids])
        versions = work.versions.current_of([article_id, *ids])
    this, words = articles.get(article_id), versions.get(article_id)
    if this is None or words is None:
        return Elsewhere()
    same: list[Article] = []
    related: list[Article] = []
    for other_id in ids:
        other, other_words = articles.get(other_id), versions.get(other_id)
        if other is None or other.trashed_at is not None:
            continue
        is_same = other_words is not None and is_same_story(this, words, other, other_words)
        (same if is_same else related).append(other)
    return Elsewhere(tuple(same), tuple(related[:RELATED]))


def is_same_story(one: Article, words: Version, other: Article, other_words: Version) -> bool:
    """Whether two articles tell of the same event, as far as days, places and openings say."""
    if abs(_when(one) - _when(other)) > APART:
        return False
    places, others = _regions(one), _regions(other)
    if places and others and not places & others:
        return False
    enough = SAME_FROM if places & others else SAME_WITHOUT_PLACE_FROM
    return likeness(_opening(words), _opening(other_words)) >= enough


def likeness(one: str, other: str) -> float:
    """The share of the shorter opening's words that the other has too, 0 to 1; 0 when either says too little."""
    few, many = sorted((_words(one), _words(other)), key=len)
    return len(few & many) / len(few) if len(few) >= FEW_WORDS else 0.0


def _when(article: Article) -> timedelta:
    """The day it was published, or else clipped, as days since the year 1."""
    day = article.published_on or article.clipped_at.date()
    return timedelta(days=day.toordinal())


def _regions(article: Article) -> set[str]:
    return {tag.tag_id for tag in article.tags if tag.kind is TagKind.REGION}


def _opening(version: Version) -> str:
    parts: Iterable[str] = (version.title, version.details.get("standfirst") or "", version.body_text[:OPENING_CHARS])
    return "\n".join(parts)[:OPENING_CHARS]


def _words(text: str) -> set[str]:
    folded = text.casefold()
    dense = {run[at : at + 2] for run in _DENSE.findall(folded) for at in range(len(run) - 1)}
    return dense | set(_WORD.findall(_DENSE.sub(" ", folded)))
