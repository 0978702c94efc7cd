"""What the reader is told of a clip: what was kept and what was missed, what looks odd, what it is the same as."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from webapp.addresses import canonical_address
from webapp.articles.reading import Opened, open_article
from webapp.articles.retelling import elsewhere
from webapp.clipping import state_of
from webapp.model import Article, ClipRecord, ClipState, KeptImage, Version
from webapp.services import Services

POLL_S = 0.15  # a clip takes about a quarter of a second; taste
LONGEST_WAIT_S = 20.0  # shorter than the shortest time-out of a browser's fetch between them and us (taste)
WAITING_AT_ONCE = 6  # of the server's 16 threads; who comes later is answered at once and asks again

SIGNS = {
    "little-text": "There is little text: this may be a teaser, a video page or a gallery.",
    "paywall": "The page seems to stop at a paywall: what follows it was not on the page.",
    "consent-wall": "The page asks for consent to cookies; the article may have been hidden behind that.",
    "truncated": "The page ended in the middle, as if it had not loaded to its end.",
    "deep": "The page’s mark-up is nested very deeply and was flattened.",
    "rows-cut": "A very long table was cut.",
    "choice-lost": "The blocks you chose are not on this page: the article was taken out of it as usual.",
    "charset-guessed": "The page does not tell its character set; it was guessed.",
}

_waiting = threading.BoundedSemaphore(WAITING_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Sign:
    """A remark about the page, in words; `code` is one of `SIGNS`, `raised_by` what on the page says so, or ""."""

    code: str
    explanation: str
    raised_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Itemised:
    """All of a clip's receipt. `opened` shows the version that this clip made; None while it is worked on, or failed.

    `same_words_as` is the version before it in the archive with the very same words.
    """

    record: ClipRecord
    opened: Opened | None
    signs: tuple[Sign, ...] = ()
    kept: tuple[KeptImage, ...] = ()
    missed: tuple[KeptImage, ...] = ()
    same_words_as: Version | None = None
    same_story: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptBefore:
    """Whether an address is in the archive: its article, None when there is none (or it is in the trash)."""

    article: Article | None
    is_in_trash: bool = False


def receipt_of(services: Services, owner: int, clip_id: str, *, wait_s: float = 0.0) -> Itemised:
    """The receipt of a clip, once it is kept or has failed, or as it stands after `wait_s`. Raises NotFound."""
    record = _settled(services, owner, clip_id, min(wait_s, LONGEST_WAIT_S))
    if record.state is not ClipState.KEPT or record.article_id is None or record.version_number is None:
        return Itemised(record=record, opened=None)
    opened = open_article(services, owner, record.article_id, number=record.version_number)
    version = opened.version
    images = version.images if version else ()
    return Itemised(
        record=record,
        opened=opened,
        signs=signs_of(version),
        kept=tuple(image for image in images if image.asset is not None),
        missed=tuple(image for image in images if image.asset is None),
        same_words_as=_same_words(services, opened),
        same_story=elsewhere(services, owner, record.article_id).same,
    )


def signs_of(version: Version | None) -> tuple[Sign, ...]:
    """What looked odd when the version was made, in words."""
    codes = [] if version is None else version.details.get("signs") or []
    reasons = {} if version is None else version.details.get("sign_reasons") or {}
    return tuple(Sign(code, SIGNS.get(code, code), reasons.get(code, "")) for code in codes)


def kept_before(services: Services, owner: int, address: str) -> KeptBefore:
    """Whether the page at `address` was clipped before. Raises BadAddress."""
    canonical = canonical_address(address)
    with services.store.read() as work:
        article = work.articles.seen_at(owner, canonical)
    if article is None or article.trashed_at is None:
        return KeptBefore(article)
    return KeptBefore(None, is_in_trash=True)


def _settled(services: Services, owner: int, clip_id: str, wait_s: float) -> ClipRecord:
    """The clip's record when it is done, or after `wait_s`; at once when too many wait already."""
    record = state_of(services, owner, clip_id)
    if record.state is not ClipState.RECEIVED or wait_s <= 0 or not _waiting.acquire(blocking=False):
        return record
    try:
        deadline = time.monotonic() + wait_s
        while record.state is ClipState.RECEIVED and (left_s := deadline - time.monotonic()) > 0:
            time.sleep(min(POLL_S, left_s))
            record = state_of(services, owner, clip_id)
    finally:
        _waiting.release()
    return record


def _same_words(services: Services, opened: Opened) -> Version | None:
    """The version before the opened one, if not a word is different."""
    version = opened.version
    before = None if version is None else next((each for each in opened.versions if each.number < version.number), None)
    if version is None or before is None:
        return None
    with services.store.read() as work:
        older = work.versions.get(before.id)
    return older if _words_of(older) == _words_of(version) else None


def _words_of(version: Version) -> tuple[Any, ...]:
    return version.title, version.details.get("standfirst", ""), version.body_text
