"""What is suggested for an article, and the reader's answers, for clients."""

from __future__ import annotations

from typing import Any

from flask import g, jsonify
from flask.typing import ResponseReturnValue

from webapp.api.blueprint import bp
from webapp.api.bodies import json_body, typed
from webapp.api.shapes import tag_as_json
from webapp.counter import services
from webapp.errors import BadClip
from webapp.evidence import Answer
from webapp.filing import answering
from webapp.filing.answering import ANSWERS
from webapp.filing.offering import Offer, Offers
from webapp.guard import require_scope

QUOTES_TOLD = 20  # mentions of a tag that are told with their places; taste


@bp.get("/api/v1/articles/<int:article_id>/suggestions")
def list_suggestions(article_id: int) -> ResponseReturnValue:
    """What is suggested, best first, regions before topics, and what is merely mentioned."""
    require_scope("read", "write")
    return jsonify(offers_as_json(answering.on_article(services(), g.owner, article_id)))


@bp.post("/api/v1/articles/<int:article_id>/suggestions/<tag_id>")
def answer_suggestion(article_id: int, tag_id: str) -> ResponseReturnValue:
    """Accept it, refuse it, or never take it from a word. Answers with what is open then."""
    require_scope("write")
    body = json_body()
    given, surface = body.get("answer"), typed(body, "surface", str) or ""
    if given not in list(ANSWERS):
        raise BadClip("`answer` must be accepted, rejected or never.")
    answering.answer(services(), g.owner, article_id, tag_id, Answer(str(given)), surface=surface)
    return jsonify(offers_as_json(answering.on_article(services(), g.owner, article_id)))


@bp.delete("/api/v1/articles/<int:article_id>/suggestions/<tag_id>")
def undo_answer(article_id: int, tag_id: str) -> ResponseReturnValue:
    """Take the last decision about this tag back. Answers with what is open then."""
    require_scope("write")
    answering.undo_answer(services(), g.owner, article_id, tag_id)
    return jsonify(offers_as_json(answering.on_article(services(), g.owner, article_id)))


def offers_as_json(offers: Offers) -> dict[str, Any]:
    """What is open, best first, and what the article merely mentions."""
    return {
        "regions": [offer_as_json(offer) for offer in offers.regions],
        "topics": [offer_as_json(offer) for offer in offers.topics],
        "also_mentioned": [offer_as_json(offer) for offer in offers.also],
    }


def offer_as_json(offer: Offer) -> dict[str, Any]:
    """One suggestion with its evidence. Offsets count characters of the article's title, standfirst, text or captions,
    as `where` says."""
    return {
        "tag_id": offer.tag.id,
        **tag_as_json(offer.tag),
        "path": offer.path,
        "role": offer.role.value,
        "state": offer.standing.value,
        "confidence": round(offer.confidence, 3),
        "preselected": offer.preselected,
        "summary": offer.summary,
        "evidence": {
            "maker": offer.maker,
            "total": offer.total,
            "surfaces": [[words, sort, count] for words, sort, count in offer.words],
            "prior": offer.prior,
            "mentions": [
                {"where": quote.where.value, "start": quote.start, "end": quote.end, "quote": quote.words}
                for quote in offer.quotes[:QUOTES_TOLD]
            ],
        },
    }
