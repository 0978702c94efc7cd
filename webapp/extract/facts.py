"""What a page says about itself in machine-readable form: JSON-LD, meta elements, microdata. No guessing here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.extract.tree import Element, elements, squeeze, text_of

# schema.org types an article page may carry, the more telling first.
_ARTICLE_TYPES = (
    "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "backgroundnewsarticle",
    "reviewnewsarticle", "liveblogposting", "blogposting", "scholarlyarticle", "techarticle", "satiricalarticle",
    "advertisercontentarticle", "report", "article", "medicalscholarlyarticle", "socialmediaposting",
    "discussionforumposting", "recipe", "qapage", "question", "howto", "review", "podcastepisode", "videoobject",
    "webpage", "creativework",
)  # fmt: skip
_HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
_DEPTH_LIMIT = 40
_NODE_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class Facts:
    """`meta` maps a lower-case name or property to its contents in order, `items` an itemprop to its elements;
    `article` is the JSON-LD node of the article, {} without one.
    """

    meta: Mapping[str, tuple[str, ...]]
    article: Mapping[str, Any]
    nodes: tuple[Mapping[str, Any], ...]
    items: Mapping[str, tuple[Element, ...]]

    def first(self, *names: str) -> tuple[str, str]:
        """The first non-empty content among the meta `names`, and the name it was found under."""
        for name in names:
            for content in self.meta.get(name, ()):
                if content:
                    return content, name
        return "", ""

    def said(self, *names: str) -> str:
        """The first of the article node's plain values called one of `names`."""
        for name in names:
            for value in strings_of(self.article.get(name)):
                return value
        return ""


def facts_of(root: Element) -> Facts:
    nodes = tuple(_nodes(root))
    return Facts(_meta(root), _article_among(nodes), nodes, _items(root))


def strings_of(value: Any) -> list[str]:
    """The plain strings in a JSON-LD value: itself, a list's, or its `name`, `@value`, `url`."""
    if isinstance(value, str):
        return [squeeze(_untagged(value))] if value.strip() else []
    if isinstance(value, list):
        return [text for part in value[:50] for text in strings_of(part) if not isinstance(part, list)]
    if isinstance(value, dict):
        for key in ("name", "@value", "url", "@id"):
            found = value.get(key)
            if isinstance(found, str) and found.strip():
                return [squeeze(_untagged(found))]
            if isinstance(found, list):
                return [squeeze(part) for part in found if isinstance(part, str)]
    return []


def people_of(value: Any, nodes: tuple[Mapping[str, Any], ...]) -> list[str]:
    """The names in a JSON-LD person or list of persons; one that is only referred to is looked up among `nodes`."""
    names: list[str] = []
    for person in (value if isinstance(value, list) else [value])[:50]:
        if isinstance(person, dict) and not person.get("name"):
            known = [
                node for node in nodes if node.get("@id") and node.get("@id") == person.get("@id") and node.get("name")
            ]
            person = known[0] if known else None
        names.extend(name for name in strings_of(person) if not re.match(r"https?:|#", name))
    return names


def _meta(root: Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in elements(root, "meta"):
        content = squeeze(element.get("content") or "")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            names = (element.get(attribute) or "").lower().split()
            for name in names:
                found.setdefault(name, []).append(content)
    return {name: tuple(contents) for name, contents in found.items()}


def _items(root: Element) -> dict[str, tuple[Element, ...]]:
    """Visible microdata: itemprop name → elements."""
    found: dict[str, list[Element]] = {}
    for element in root.iter():
        names = element.get("itemprop") if isinstance(element.tag, str) and element.tag != "meta" else None
        for name in (names or "").lower().split():
            found.setdefault(name, []).append(element)
    return {name: tuple(some) for name, some in found.items()}


def _nodes(root: Element) -> Iterator[Mapping[str, Any]]:
    """Every JSON-LD object of the page, outer ones first; broken scripts are left out."""
    count = 0
    for script in elements(root, "script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        waiting = [(_loads(script.text or ""), 0)]
        while waiting:
            value, depth = waiting.pop(0)
            if depth > _DEPTH_LIMIT or count > _NODE_LIMIT:
                break
            if isinstance(value, list):
                waiting.extend((part, depth + 1) for part in value)
            elif isinstance(value, dict):
                count += 1
                yield value
                inner = (value.get(key) for key in _HOLDERS)
                waiting.extend((part, depth + 1) for part in inner if isinstance(part, (dict, list)))


def _loads(text: str) -> Any:
    text = re.sub(
        r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$", "", text
    )
    for attempt in (text.strip().rstrip(";"), re.sub(r",\s*([}\]])", r"\1", text).strip().rstrip(";")):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _article_among(nodes: tuple[Mapping[str, Any], ...]) -> Mapping[str, Any]:
    best: Mapping[str, Any] = {}
    best_rank = len(_ARTICLE_TYPES)
    for node in nodes:
        for kind in strings_of(node.get("@type")):
            name = kind.rsplit("/", 1)[-1].lower()
            rank = _ARTICLE_TYPES.index(name) if name in _ARTICLE_TYPES else len(_ARTICLE_TYPES)
            if rank < best_rank:
                best, best_rank = node, rank
    return best


def _untagged(text: str) -> str:
    from html import unescape

    return unescape(re.sub(r"<[^<>]{1,200}>", "", text))


def readable(items: tuple[Element, ...]) -> list[str]:
    """The words of microdata elements, or their `content`."""
    return [text for text in (squeeze(item.get("content") or "") or text_of(item) for item in items) if text]
