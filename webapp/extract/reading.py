"""Read a page once into a tree that all other steps share: bounded, with absolute addresses and real pictures.

Pure: no network, no clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from webapp.errors import ExtractionFailed, PageTooLarge
from webapp.extract import ExtractLimits
from webapp.extract.images import settle_images
from webapp.extract.tree import BLOCKS, Element, ancestors, drop, elements, named, parse_page, text_of, unwrap

_DATA_ADDRESS = re.compile(r"data:[\w.+/;=-]*,[^\"')\s>]{200,}", re.IGNORECASE)
_DEAD_WEIGHT = re.compile(
    r"<!--(?!\[if).*?-->|<style\b[^>]*>.*?</style\s*>|<script\b(?![^>]*ld\+json)[^>]*>.*?</script\s*>",
    re.IGNORECASE | re.DOTALL,
)
# Beyond the depth limit elements are left out of the mark-up before parsing, because libxml2 gives up at 2,048 levels.
# Tags that close by themselves, or never hold anything, are not counted.
_TAG = re.compile(
    r"<(?:script|style|textarea|title)\b.*?</(?:script|style|textarea|title)\s*>|<(/?)([a-z][\w:-]*)(?=[\s/>])[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_UNCOUNTED = named(
    "area base br col embed hr img input link meta param source track wbr p a li dd dt td th tr thead tbody tfoot "
    "colgroup option optgroup html head body h1 h2 h3 h4 h5 h6 figcaption caption pre button select"
)
_MEANT = frozenset(("blockquote", "ul", "ol", "dl", "table", "figure", "details"))  # nesting that means something
_SPARE = 50  # levels below the limit that are kept free for it, and for what closes by itself
# The path of nine links in ten: nothing to resolve in it. Joining them all was a third of reading a page (2026-11-24).
_ORDINARY_PATH = re.compile(r"/(?![/.])(?:[\w?=&%~+,;!-]|/(?![/.])|\.(?=\w))*")
_ADDRESS_ATTRIBUTES = (("a", "href"), ("iframe", "src"), ("video", "src"), ("audio", "src"), ("source", "src"))
_ATTRIBUTE_LIMIT = 60  # real elements carry fewer than 40 (made-up bound); copies of a hostile one cost quadratic time
_ATTRIBUTE_CHARS = 20_000
_SPARSE_CHARS = 250  # a page with less text outside <template> and <noscript> may carry its article inside them


@dataclass(frozen=True, slots=True)
class Page:
    """A page, read. `root` is shared: a step that changes it takes a copy first. `base` resolves relative addresses."""

    root: Element
    address: str
    base: str
    signs: tuple[str, ...]


def read_page(page: str, address: str, limits: ExtractLimits) -> Page:
    """Parse `page` and settle what later steps rely on.

    Raises PageTooLarge, or ExtractionFailed when it holds nothing at all.
    """
    if not page.strip():
        raise ExtractionFailed("the page is empty: nothing was in the clip")
    page = _within_size(page, limits.markup_bytes)
    signs = []
    flat = _within_depth(page, limits.depth)
    if flat is not page:
        signs.append("deep")
    root = parse_page(flat)
    if _unwrap_deep(root, limits.depth) and "deep" not in signs:
        signs.append("deep")
    if _cut_rows(root, limits.table_rows):
        signs.append("rows-cut")
    _tame_attributes(root)
    _drop_hollow(root)
    base = base_of(root, address)
    _open_hidden_articles(root)
    settle_images(root, base)
    settle_links(root, base, address)
    return Page(root, address, base, tuple(signs))


def base_of(root: Element, address: str) -> str:
    """What relative addresses are relative to: a usable `<base href>`, else the page's address. Removes the bases."""
    base = address if address.startswith(("http://", "https://")) else ""
    for found in reversed(elements(root, "base")):
        resolved = absolute(found.get("href") or "", address)
        base = resolved or base
        drop(found)
    return base


def absolute(reference: str, base: str) -> str:
    """`reference` as an absolute http(s) address, or "" when it is none."""
    if _ORDINARY_PATH.fullmatch(reference) and (origin := _origin_of(base)):
        return origin + reference
    reference = re.sub(r"[\x00-\x20]+", "", reference)
    if not reference:
        return ""
    try:
        joined = urljoin(base, reference) if base else reference
        parts = urlsplit(joined)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and host else ""


@lru_cache(maxsize=64)
def _origin_of(base: str) -> str:
    """Scheme and host of an absolute address; "" when it is none."""
    try:
        parts = urlsplit(base)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if usable else ""


def settle_links(root: Element, base: str, address: str) -> None:
    """Links and frames get absolute addresses; links into the page itself stay `#…`; the others lose their address."""
    here = address.split("#")[0]
    for tag, attribute in _ADDRESS_ATTRIBUTES:
        for element in elements(root, tag):
            reference = (element.get(attribute) or "").strip()
            if not reference:
                continue
            settled = _settled(reference, base, here)
            if settled:
                element.set(attribute, settled)
            else:
                del element.attrib[attribute]


def _settled(reference: str, base: str, here: str) -> str:
    if reference.startswith("#"):
        return reference
    if reference.lower().startswith("mailto:"):
        return reference
    found = absolute(reference, base)
    page, _, fragment = found.partition("#")
    return f"#{fragment}" if fragment and here and page == here else found


def _within_size(page: str, limit_bytes: int) -> str:
    """The page, without its dead weight if it would be too large with it. Raises PageTooLarge."""
    if len(page) * 4 <= limit_bytes or _size_of(page) <= limit_bytes:
        return page
    lighter = _DEAD_WEIGHT.sub("", _DATA_ADDRESS.sub("", page))
    if _size_of(lighter) > limit_bytes:
        raise PageTooLarge(size_bytes=_size_of(lighter), limit_bytes=limit_bytes)
    return lighter


def _size_of(page: str) -> int:
    return len(page.encode("utf-8", "replace"))


def _within_depth(page: str, limit: int) -> str:
    """The same page with layout containers left out below `limit`; the very same object when nothing was that deep."""
    kept: list[bool] = []  # for each open container: was its start tag kept?
    level, cut = 0, False

    def follow(match: re.Match[str]) -> str:
        nonlocal level, cut
        if match[2] is None or match[0].endswith("/>") or match[2].lower() in _UNCOUNTED:
            return match[0]
        if match[1]:
            if not kept:
                return match[0]
            was_kept = kept.pop()
            level -= was_kept
            return match[0] if was_kept else ""
        if level >= (limit if match[2].lower() in _MEANT else limit - _SPARE):
            kept.append(False)
            cut = True
            return ""
        kept.append(True)
        level += 1
        return match[0]

    flat = _TAG.sub(follow, page)
    return flat if cut else page


def _unwrap_deep(root: Element, limit: int) -> bool:
    """Unwrap every element deeper than `limit`. True if there was one."""
    depth = {root: 1}
    deep = []
    for element in root.iter():
        if element is root:
            continue
        depth[element] = depth[element.getparent()] + 1
        if depth[element] > limit and isinstance(element.tag, str):
            deep.append(element)
    for element in deep:
        if element.tag in BLOCKS:
            element.text, element.tail = f" {element.text or ''}", f" {element.tail or ''}"
        unwrap(element)
    return bool(deep)


def _cut_rows(root: Element, limit: int) -> bool:
    """Leave `limit` rows in each table. True if one had more."""
    cut = False
    for table in elements(root, "table"):
        for row in elements(table, "tr")[limit:]:
            row.getparent().remove(row)
            cut = True
    return cut


def _tame_attributes(root: Element) -> None:
    """Script handlers, and attributes beyond any real page's number or size, go."""
    for element in elements(root):
        names = list(element.attrib)
        if not names:
            continue
        for position, name in enumerate(names):
            if (
                position >= _ATTRIBUTE_LIMIT
                or name.lower().startswith("on")
                or (len(element.attrib[name]) > _ATTRIBUTE_CHARS and not element.attrib[name].startswith("data:image"))
            ):
                del element.attrib[name]


def _drop_hollow(root: Element) -> None:
    """Boxes with nothing in them go: pages have thousands for advertisements. Named ones may be targets of links."""
    for element in reversed(elements(root, "div", "span", "section", "ins")):
        hollow = len(element) == 0 and not element.text and element.getparent() is not None
        if hollow and not element.get("id") and not element.get("data-src"):
            drop(element)


def _open_hidden_articles(root: Element) -> None:
    """Where a page keeps its words in <template> or <noscript>, take them out into the open."""
    for template in elements(root, "template"):
        if template.get("shadowrootmode") or template.get("shadowroot"):
            unwrap(template)
    body = root.find("body")
    if body is None or _open_text(body) >= _SPARSE_CHARS:
        return
    for hidden in elements(body, "template", "noscript"):
        if len(text_of(hidden)) >= _SPARSE_CHARS:
            unwrap(hidden)


def _open_text(body: Element) -> int:
    closed = ("script", "style", "template", "noscript", "nav", "footer", "header", "aside")
    return sum(
        len(element.text.strip())
        for element in elements(body)
        if element.text and element.tag not in closed and not any(above.tag in closed for above in ancestors(element))
    )
