"""What the API says of our values: plain dictionaries for JSON, described in docs/api.md."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from webapp.alerts import Standing
from webapp.articles.reading import Opened, TagOn
from webapp.model import Article, ClipRecord, SavedSearch, Version
from webapp.pipeline import Receipt
from webapp.searching import FacetNode, Found, Row
from webapp.tags import Tag


def found_as_json(found: Found) -> dict[str, Any]:
    """One page of a search with its facets, problems and what to try when nothing was found."""
    return {
        "query": found.query,
        "sort": found.sort,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "seconds": round(found.seconds, 4),
        "articles": [row_as_json(row) for row in found.rows],
        "facets": {
            "region": [_facet_as_json(node) for node in found.regions],
            "topic": [_facet_as_json(node) for node in found.topics],
            "outlet": [_facet_as_json(node) for node in found.outlets],
            "year": [_facet_as_json(node) for node in found.years],
            "language": [_facet_as_json(node) for node in found.languages],
            "reading": [_facet_as_json(node) for node in found.readings],
        },
        "problems": [{"message": problem.message, "advice": problem.advice} for problem in found.problems],
        "notice": found.notice,
        "did_you_mean": found.did_you_mean,
    }


def row_as_json(row: Row) -> dict[str, Any]:
    return {
        **article_as_json(row.article),
        "regions": [tag_as_json(tag) for tag in row.regions],
        "topics": [tag_as_json(tag) for tag in row.topics],
        "snippet": [{"text": piece.text, "marked": piece.marked} for piece in row.snippet],
        **({"why": {"score": row.why.score, **asdict(row.why)}} if row.why else {}),
    }


def opened_as_json(opened: Opened) -> dict[str, Any]:
    """One article with its words, clean HTML, tags and versions."""
    version = opened.version
    return {
        **article_as_json(opened.article),
        "html": version.clean_html if version else "",
        "text": version.body_text if version else "",
        "regions": [tag_on_as_json(tag_on) for tag_on in opened.regions],
        "topics": [tag_on_as_json(tag_on) for tag_on in opened.topics],
        "versions": [_version_as_json(each) for each in opened.versions],
    }


def article_as_json(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "address": article.address,
        "title": article.title,
        "standfirst": article.standfirst,
        "authors": list(article.authors),
        "outlet": article.outlet,
        "site": article.site,
        "language": article.language,
        "direction": article.direction,
        "published": article.published_on.isoformat() if article.published_on else None,
        "clipped_at": article.clipped_at.isoformat(),
        "state": article.state.value,
        "failure": article.failure,
        "reading": article.reading.value,
        "starred": article.starred,
        "note": article.note,
        "words": article.word_count,
        "version": article.version_count,
    }


def tag_as_json(tag: Tag) -> dict[str, Any]:
    return {"id": tag.id, "kind": tag.kind.value, "slug": tag.slug, "name": tag.name, "code": tag.code}


def standing_as_json(standing: Standing) -> dict[str, Any]:
    """A saved search with its numbers; null when there is no index that could tell them."""
    return {**search_as_json(standing.search), "total": standing.total, "new": standing.new}


def search_as_json(search: SavedSearch) -> dict[str, Any]:
    return {
        "id": search.id,
        "name": search.name,
        "query": search.query,
        "sort": search.sort,
        "saved_at": search.made_at.isoformat(),
        "looked_at": search.looked_at.isoformat(),
    }


def receipt_as_json(receipt: Receipt, self_url: str) -> dict[str, Any]:
    return {
        "clip_id": receipt.clip_id,
        "state": receipt.state.value,
        "new": receipt.is_new,
        "article_id": receipt.article_id,
        "links": {"self": self_url},
    }


def record_as_json(record: ClipRecord) -> dict[str, Any]:
    return {
        "clip_id": record.clip_id,
        "state": record.state.value,
        "reason": record.reason,
        "address": record.address,
        "title": record.title,
        "article_id": record.article_id,
        "version": record.version_number,
        "clipped_at": record.clipped_at.isoformat(),
        "finished_at": record.finished_at.isoformat() if record.finished_at else None,
    }


def tag_on_as_json(tag_on: TagOn) -> dict[str, Any]:
    return {**tag_as_json(tag_on.tag), "path": tag_on.path, "origin": tag_on.origin.value}


def _version_as_json(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "clip_id": version.clip_id,
        "clipped_at": version.clipped_at.isoformat(),
        "title": version.title,
        "words": version.word_count,
    }


def _facet_as_json(node: FacetNode) -> dict[str, Any]:
    children = {"children": [_facet_as_json(child) for child in node.children]} if node.children else {}
    return {"value": node.value, "label": node.label, "count": node.count, "query": node.query, **children}
