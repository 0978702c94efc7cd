"""Title, authors, site, canonical address and description of a page, each with where it was found. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from webapp.extract.facts import Facts, people_of, readable, strings_of
from webapp.extract.judge import judged_authors
from webapp.extract.reading import Page, absolute
from webapp.extract.tree import Element, ancestors, elements, marks_of, squeeze, text_of

_SEPARATOR = re.compile(r"\s+[|–—·•»›:/~-]+\s+|\s*[|｜]\s*")
_TITLE_LIMIT = 500
_NAME_LIMIT = 60
_AUTHOR_META = (
    "author", "byl", "article:author", "og:article:author", "dc.creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "citation_author", "article:author_name", "article.author", "creator", "twitter:data1",
)  # fmt: skip
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:byline|by-line|author|authors|p-author|writer|contributor|auteur|autor)(?:[\s_-]|$|name)"
)
_BYLINE_WORDS = re.compile(
    r"^(?:(?:written|posted|reported|story|words|text|published)\s+)?(?:by|von|par|por|di|door|av|af|autore?|auteur|"
    r"автор|текст|מאת|بقلم|نویسنده|作者|文|글)\s*[:：]?\s+",
    re.IGNORECASE,
)  # fmt: skip
_NAME_SPLIT = re.compile(r"\s*(?:,|;|\||/|、|\s&\s|\s(?:and|und|et|y|e|en|og|och|и|و)\s)\s*", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\d{3}|[<>{}=]|\.(?:com|org|net)\b"
    r"|^(?:admin|administrator|editor|staff|unknown|guest|anonymous|author|by|null|undefined|none|webmaster|user|posted"
    r"|redaktion|newsroom|about|share|follow|read more|updated|published)$",
    re.IGNORECASE,
)
_TRAILING_ROLE = re.compile(
    r"\s*(?:,|\||–|-)?\s*\b(?:correspondent|reporter|staff writer|senior editor|editor|contributor"
    r"|for \w+.*|in [A-Z]\w+)\.?$"
)
_TRAILING_STAMP = re.compile(r"\s+(?:published|updated|posted|last updated|on [A-Z]\w+day)\b.*$", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:writer|correspondent|reporter|editor|columnist|contributor|staff|journalist|producer)s?$", re.IGNORECASE
)
_HONORIFIC_TAIL = re.compile(r"(?:jr|sr|m\.?d|ph\.?d|ii|iii|iv|esq)\.?", re.IGNORECASE)


def title_of(page: Page, facts: Facts, clip_title: str) -> tuple[str, str]:
    """The headline and where it was found; ("", "") when the page has none.

    Source: the h1 or h2 that matches og:title or <title>, else the only h1, is what a reader sees as the title on
    0.79 of 845 pages, og:title alone on 0.60 (2026-11-23).
    """
    told = [
        facts.first("og:title", "twitter:title", "dc.title", "citation_title")[0],
        facts.said("headline"),
        _title_tag(page.root),
    ]
    told = [text for text in told if text]
    heads = [(text_of(head), head.tag) for head in elements(page.root, "h1", "h2") if not _out_of_the_way(head)]
    site = site_of(page, facts)[0]
    heads = [(text, tag) for text, tag in heads if 3 <= len(text) <= 300 and text.casefold() != site.casefold()]
    for text, tag in sorted(heads, key=lambda pair: pair[1]):
        if any(_same_headline(text, other) for other in told):
            return text[:_TITLE_LIMIT], tag
    firsts = [text for text, tag in heads if tag == "h1"]
    if len(set(firsts)) == 1 and (not told or len(firsts[0].split()) > 1):
        return firsts[0][:_TITLE_LIMIT], "h1"
    for text, origin in (
        (facts.said("headline"), "json-ld"),
        (without_site(facts.first("og:title")[0], site, page.address), "meta og:title"),
        (facts.first("citation_title", "dc.title", "twitter:title", "title")[0], "meta"),
        (next(iter(readable(facts.items.get("headline", ()))), ""), "microdata"),
        (without_site(_title_tag(page.root), site, page.address), "title"),
        (without_site(squeeze(clip_title), site, page.address), "clip"),
        (facts.said("name"), "json-ld"),
    ):
        if text:
            return text[:_TITLE_LIMIT], origin
    return "", ""


def authors_of(page: Page, facts: Facts, site: str) -> tuple[tuple[str, ...], str]:
    """Who wrote it, in the page's order, and where it was found."""
    sources: tuple[tuple[Callable[[], list[str]], str], ...] = (
        (lambda: _told_people(facts), "json-ld"),
        (lambda: _meta_authors(facts), "meta"),
        (lambda: readable(_innermost(facts.items.get("author", ()))), "microdata"),
        (lambda: _linked_authors(page.root), "rel=author"),
        (lambda: _bylines(page.root), "byline"),
        (lambda: list(judged_authors(page.root)), "trafilatura"),
    )
    for read, origin in sources:
        names = _clean_names(read(), site)
        if names:
            return names, origin
    return (), ""


def site_of(page: Page, facts: Facts) -> tuple[str, str]:
    """The name of the publication, as it calls itself, and where it was found; ("", "") when the page does not say."""
    name, origin = facts.first("og:site_name", "application-name", "citation_journal_title", "dc.publisher")
    if name and not name.startswith("http"):
        return name[:_TITLE_LIMIT], f"meta {origin}"
    for publisher in strings_of(facts.article.get("publisher")):
        if not publisher.startswith("http"):
            return publisher[:_TITLE_LIMIT], "json-ld"
    for node in facts.nodes:
        if strings_of(node.get("@type"))[:1] in (["WebSite"], ["Organization"], ["NewsMediaOrganization"]):
            named = strings_of(node.get("name"))
            if named:
                return named[0][:_TITLE_LIMIT], "json-ld"
    for piece in reversed(_SEPARATOR.split(_title_tag(page.root))[1:]):
        if _names_host(piece, page.address):
            return squeeze(piece), "title"
    return "", ""


def canonical_of(page: Page, facts: Facts) -> str:
    """The page's own canonical address, if it is on the same site and not just its front page.

    Source: 156 of 163 canonical links name the page itself; the rest point to another host (syndication, national
    twins) and would merge different articles (2026-11-23).
    """
    offers = [
        link.get("href") or ""
        for link in elements(page.root, "link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    offers.append(facts.first("og:url")[0])
    for offer in offers:
        found = absolute(offer, page.base)
        if found and _is_same_place(found, page.address):
            return found
    return ""


def description_of(facts: Facts) -> str:
    return facts.first("og:description", "twitter:description", "description", "dc.description")[0] or facts.said(
        "description"
    )


def without_site(title: str, site: str, address: str) -> str:
    """A <title> without the publication's name at its end or beginning."""
    title = squeeze(title)
    pieces = _SEPARATOR.split(title)
    if len(pieces) < 2:
        return title
    for at in (-1, 0):
        piece = pieces[at].strip()
        if piece and (piece.casefold() == site.casefold() or _names_host(piece, address)):
            rest = title[: title.rfind(piece)] if at else title[title.find(piece) + len(piece) :]
            return without_site(re.sub(r"^[\s|–—·•»›:/~｜-]+|[\s|–—·•»›:/~｜-]+$", "", rest), site, address) or title
    return title


def _title_tag(root: Element) -> str:
    found = root.find(".//title")
    return text_of(found) if found is not None else ""


def _same_headline(head: str, told: str) -> bool:
    one, other = _letters(head), _letters(told)
    if not one or not other:
        return False
    if one == other or (len(one) >= 12 and other.startswith(one)) or (len(one) >= 20 and one in other):
        return True
    return (
        SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.85 if abs(len(one) - len(other)) < 40 else False
    )


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())[:300]


def _out_of_the_way(element: Element) -> bool:
    return any(above.tag in ("nav", "footer", "aside") or "related" in marks_of(above) for above in ancestors(element))


def _told_people(facts: Facts) -> list[str]:
    for key in ("author", "creator"):
        people = people_of(facts.article.get(key), facts.nodes)
        if people:
            return people
    return []


def _meta_authors(facts: Facts) -> list[str]:
    for name in _AUTHOR_META:
        if name == "twitter:data1" and "written by" not in facts.first("twitter:label1")[0].lower():
            continue
        names = [content for content in facts.meta.get(name, ()) if content and not content.startswith("http")]
        if names:
            return names
    return []


def _linked_authors(root: Element) -> list[str]:
    return [text_of(link) for link in elements(root, "a") if "author" in (link.get("rel") or "").lower().split()]


def _bylines(root: Element) -> list[str]:
    """Short elements called a byline; the first box that holds any."""
    for element in elements(root, "address", "p", "span", "div", "a", "li", "h3", "h4"):
        text = text_of(element) if _BYLINE.search(marks_of(element)) else ""
        if not text or len(text) > 120 or _out_of_the_way(element):
            continue
        links = [text_of(link) for link in elements(element, "a") if link is not element and text_of(link)]
        return links or [_BYLINE_WORDS.sub("", text)] if links or _BYLINE_WORDS.match(text) or len(text) < 40 else []
    return []


def _innermost(items: tuple[Element, ...]) -> tuple[Element, ...]:
    """Of an author item its name part, when it has one; authors of comments are left out."""
    found = []
    for item in items:
        if any("comment" in marks_of(above) or "comment" in (above.get("itemprop") or "") for above in ancestors(item)):
            continue
        named = [part for part in elements(item) if "name" in (part.get("itemprop") or "").split()]
        found.extend(named or [item])
    return tuple(found)


def _clean_names(offered: list[str], site: str) -> tuple[str, ...]:
    names: list[str] = []
    for offer in offered:
        whole = _BYLINE_WORDS.sub("", squeeze(offer)).strip(" ,;:|-–")
        for name in _split_names(whole):
            if (
                1 < len(name) <= _NAME_LIMIT
                and not _NOT_A_NAME.search(name)
                and name.casefold() != site.casefold()
                and name.casefold() not in (known.casefold() for known in names)
                and len(name.split()) <= 6
            ):
                names.append(name)
    return tuple(names[:20])


def _split_names(whole: str) -> list[str]:
    pieces: list[str] = []
    for piece in _NAME_SPLIT.split(whole):
        name = _BYLINE_WORDS.sub("", piece.strip(" ,;:|-–"))
        if pieces and _HONORIFIC_TAIL.fullmatch(name):
            pieces[-1] += f" {name}"
            continue
        name = _TRAILING_ROLE.sub("", name) if len(name.split()) > 3 else name
        name = _TRAILING_STAMP.sub("", name)
        if pieces and _ROLE.search(name):
            continue
        if name:
            pieces.append(name)
    return pieces


def _names_host(piece: str, address: str) -> bool:
    host = (urlsplit(address).hostname or "") if address.startswith("http") else ""
    labels = [label for label in host.split(".")[:-1] if label not in ("www", "m", "amp", "co", "com", "org")]
    plain = _letters(piece.removesuffix(".com"))
    short = plain.removeprefix("the")
    return bool(plain) and any(
        name in (plain, short) or (len(short) >= 5 and short in name) for name in map(_letters, labels)
    )


def _is_same_place(canonical: str, address: str) -> bool:
    if not address.startswith("http"):
        return True
    one, other = urlsplit(canonical), urlsplit(address)
    if _site_host(one.hostname or "") != _site_host(other.hostname or ""):
        return False
    return one.path not in ("", "/") or bool(one.query) or other.path in ("", "/")


def _site_host(host: str) -> str:
    labels = host.lower().rstrip(".").split(".")
    while len(labels) > 2 and labels[0] in ("www", "m", "amp", "mobile", "edition", "touch"):
        labels = labels[1:]
    return ".".join(labels)
