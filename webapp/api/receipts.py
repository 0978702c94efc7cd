"""What came of a clip, for whoever sent it; and whether a page is in the archive already."""

from __future__ import annotations

import math
from typing import Any

from flask import g, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from webapp import receipts
from webapp.api.blueprint import bp
from webapp.api.shapes import tag_on_as_json
from webapp.api.suggestions import offers_as_json
from webapp.counter import services
from webapp.errors import BadClip
from webapp.filing.offering import Offers
from webapp.guard import require_scope
from webapp.model import Article, KeptImage
from webapp.receipts import Itemised


@bp.get("/api/v1/clips/<clip_id>/receipt")
def show_receipt(clip_id: str) -> ResponseReturnValue:
    """The receipt of a clip. `wait` seconds at most until there is one; "received" when there is none yet."""
    require_scope("clip")
    wait_s = request.args.get("wait", 0.0, type=float)
    told = receipts.receipt_of(services(), g.owner, clip_id, wait_s=wait_s if math.isfinite(wait_s) else 0.0)
    return jsonify(_itemised_as_json(told))


@bp.get("/api/v1/kept")
def is_kept() -> ResponseReturnValue:
    """Whether the page at `url` is in the archive."""
    require_scope("read", "clip")
    address = request.args.get("url", "")
    if not address:
        raise BadClip("`url` is missing: the address of the page.")
    before = receipts.kept_before(services(), g.owner, address)
    article = before.article
    return jsonify(
        kept=article is not None,
        in_trash=before.is_in_trash,
        article_id=article.id if article else None,
        title=article.title if article else "",
        state=article.state.value if article else None,
        url=_page_of(article) if article else None,
        clipped_at=article.clipped_at.isoformat() if article else None,
        versions=article.version_count if article else 0,
    )


def _itemised_as_json(told: Itemised) -> dict[str, Any]:
    record, opened = told.record, told.opened
    version = opened.version if opened else None
    details = version.details if version else {}
    return {
        "clip_id": record.clip_id,
        "state": record.state.value,
        "reason": record.reason,
        "article_id": record.article_id,
        "url": url_for("article.show", article_id=record.article_id) if record.article_id else None,
        "article": _article_as_json(told) if opened else None,
        "kept": {
            "words": version.word_count if version else 0,
            "images_kept": len(told.kept),
            "images_missed": [_missed_as_json(image) for image in told.missed],
            "authors": bool(details.get("authors")),
            "date": bool(details.get("published_on")),
            "language": details.get("language", ""),
        },
        "signs": [
            {"sign": sign.code, "explanation": sign.explanation, "raised_by": sign.raised_by} for sign in told.signs
        ],
        "version": {
            "number": record.version_number,
            "is_new_version": (record.version_number or 1) > 1,
            "unchanged": told.same_words_as is not None,
        },
        "duplicate_of": _duplicate_as_json(told),
        "same_story": [_told_elsewhere_as_json(article) for article in told.same_story],
        "suggestions": offers_as_json(opened.suggestions if opened else Offers()),
        "tags": [tag_on_as_json(tag_on) for tag_on in (*opened.regions, *opened.topics)] if opened else [],
        "note": opened.article.note if opened else "",
    }


def _article_as_json(told: Itemised) -> dict[str, Any]:
    assert told.opened is not None  # asked only then
    article, version = told.opened.article, told.opened.version
    details = version.details if version else {}
    lead = details.get("lead") or ""
    picture = next((image for image in told.kept if lead and image.address == lead), None)
    return {
        "id": article.id,
        "title": (version.title if version else "") or article.title,
        "standfirst": details.get("standfirst") or "",
        "outlet": article.outlet,
        "site": article.site,
        "published": details.get("published_on"),
        "words": version.word_count if version else article.word_count,
        "language": details.get("language") or article.language,
        "direction": details.get("direction") or article.direction,
        "authors": list(details.get("authors") or ()),
        "lead": url_for("archived.picture", sha256=picture.asset.sha256) if picture and picture.asset else None,
        "url": _page_of(article),
        "address": article.address,
        "starred": article.starred,
        "reading": article.reading.value,
    }


def _missed_as_json(image: KeptImage) -> dict[str, str]:
    return {"address": image.address, "alt": image.alt, "reason": image.reason}


def _duplicate_as_json(told: Itemised) -> dict[str, Any] | None:
    """The version before, when nothing changed since."""
    if told.same_words_as is None or told.opened is None:
        return None
    version = told.same_words_as
    return {
        "article_id": version.article_id,
        "version": version.number,
        "clipped_at": version.clipped_at.isoformat(),
        "url": url_for("article.show", article_id=version.article_id, version=version.number),
    }


def _told_elsewhere_as_json(article: Article) -> dict[str, Any]:
    published = article.published_on.isoformat() if article.published_on else None
    return {
        "id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "published": published,
        "url": _page_of(article),
    }


def _page_of(article: Article) -> str:
    return url_for("article.show", article_id=article.id)
