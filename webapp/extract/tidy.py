"""From chosen leaves to plain, well-formed article mark-up: only reading elements, no layout, no empty shells. Pure.

The result is *not* safe: scripts are gone by construction, but only `sanitise` vouches for it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from webapp.extract.blocks import MARK
from webapp.extract.tree import (
    BLOCKS,
    PLAYER,
    UNREADABLE,
    Element,
    copy_of,
    drop,
    elements,
    named,
    new_element,
    replace,
    squeeze,
    text_of,
    unwrap,
)

_KEPT = named(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn dl dt em figcaption "
    "figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small strong sub summary "
    "sup table tbody td tfoot th thead time tr u ul var wbr"
)
_ATTRIBUTES = {
    "a": ("href", "title"), "img": ("src", "alt", "width", "height", "title"), "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"), "ol": ("start", "reversed", "type"), "li": ("value",), "time": ("datetime",),
    "details": ("open",), "blockquote": ("cite",), "q": ("cite",), "col": ("span",), "colgroup": ("span",),
    "abbr": ("title",), "ins": ("datetime",), "del": ("datetime",),
}  # fmt: skip
_EVERYWHERE = ("lang", "dir")
_CODE_LANGUAGE = re.compile(r"\b(?:language|lang|highlight-source|brush)[-:\s]+([\w+#-]{1,30})")
_MAY_BE_EMPTY = named("img br hr td th col wbr colgroup")


def assemble(root: Element, chosen: set[int]) -> Element:
    """A `div` with the leaves numbered in `chosen`, inside the containers they stood in. `root` is not changed."""
    kept: set[Element] = set()
    above: set[Element] = set()
    for element in root.iter():
        number = element.get(MARK) if isinstance(element.tag, str) else None
        if number is not None and int(number) in chosen:
            kept.add(element)
            above.update(element.iterancestors())
    made = new_element("div")
    body = root.find("body")
    _build(body if body is not None else root, made, kept, above)
    return made


def tidy(article: Element) -> Element:
    """`article` with reading elements and their few attributes only. Changes and returns it."""
    _replace_players(article)
    _replace_math(article)
    for element in elements(article):
        if element.tag in UNREADABLE and element.getparent() is not None:
            drop(element)
    targets = {
        (link.get("href") or "")[1:] for link in elements(article, "a") if (link.get("href") or "").startswith("#")
    }
    _rename(article)
    for element in elements(article):
        if element is article:
            continue
        if element.tag not in _KEPT:
            _keep_anchor(element, targets)
            unwrap(element)
        else:
            _trim_attributes(element, targets)
    _drop_empty(article)
    _mend_lists(article)
    return article


def _build(source: Element, target: Element, kept: set[Element], above: set[Element]) -> None:
    for child in source:
        if child in kept:
            target.append(copy_of(child))
        elif child in above:
            shell = new_element(
                child.tag,
                **{k: v for k, v in child.attrib.items() if re.fullmatch(r"[A-Za-z][\w:-]*", k) and ":" not in k},
            )
            target.append(shell)
            _build(child, shell, kept, above)


def _replace_players(article: Element) -> None:
    """A frame or player becomes a paragraph with a link to what it plays."""
    for player in elements(article, "iframe", "video", "audio", "amp-youtube", "amp-video", "amp-iframe"):
        address = player.get("src") or next((s.get("src") for s in elements(player, "source") if s.get("src")), "")
        if player.tag == "amp-youtube" and player.get("data-videoid"):
            address = f"https://www.youtube.com/watch?v={player.get('data-videoid')}"
        host = urlsplit(address).hostname if address.startswith("http") else None
        if not host:
            drop(player)
            continue
        link = new_element(
            "a",
            squeeze(player.get("title") or "") or f"Embedded from {host.removeprefix('www.')}",
            href=_watchable(address),
        )
        inside_text = any(above.tag in ("p", "li", "td", "figure") for above in player.iterancestors())
        holder = new_element("span" if inside_text else "p")
        holder.set(PLAYER, "1")
        holder.append(link)
        replace(player, holder)


def _watchable(address: str) -> str:
    """A player's frame address as the page one would open."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    found = re.match(r"/embed/([\w-]{6,})", parts.path)
    if host in ("youtube.com", "youtube-nocookie.com") and found and found[1] != "videoseries":
        return f"https://www.youtube.com/watch?v={found[1]}"
    found = re.match(r"/video/(\d+)", parts.path)
    return f"https://vimeo.com/{found[1]}" if host == "player.vimeo.com" and found else address


def _replace_math(article: Element) -> None:
    """A formula becomes its own text form: alttext, a TeX annotation, or its symbols in a row."""
    for formula in elements(article, "math"):
        notes = [text_of(note) for note in elements(formula, "annotation")]
        said = squeeze(formula.get("alttext") or "") or next((note for note in notes if note), "") or text_of(formula)
        replace(formula, new_element("code", said))


def _rename(article: Element) -> None:
    for element in elements(article):
        tag = element.tag
        if tag == "h1":
            element.tag = "h2"
        elif (tag == "div" and element is not article and _is_paragraph(element)) or tag in (
            "address",
            "legend",
            "dialog",
        ):
            element.tag = "p"
        elif tag in ("strike", "del"):
            element.tag = "s" if tag == "strike" else "del"
        elif tag == "tt":
            element.tag = "code"
        elif tag in ("dir", "menu"):
            element.tag = "ul"
        elif tag in ("listing", "xmp"):
            element.tag = "pre"


def _is_paragraph(element: Element) -> bool:
    parent = element.getparent()
    inside = any(
        above.tag in ("p", "li", "td", "th", "figcaption", "pre", "dt", "summary") for above in element.iterancestors()
    )
    holds_block = any(child.tag in BLOCKS for child in element.iterdescendants())
    return parent is not None and not inside and not holds_block


def _keep_anchor(element: Element, targets: set[str]) -> None:
    """A layout element that a footnote points to hands its name to the first block inside."""
    name = element.get("id")
    if name and name in targets:
        inner = next((child for child in element if child.tag in _KEPT and not child.get("id")), None)
        if inner is not None:
            inner.set("id", name)


def _trim_attributes(element: Element, targets: set[str]) -> None:
    kept = {}
    for name in (*_ATTRIBUTES.get(element.tag, ()), *_EVERYWHERE):
        value = element.get(name)
        if value is not None and value.strip():
            kept[name] = value.strip()
    anchor = element.get("id") or (element.get("name") if element.tag == "a" else None)
    if anchor and anchor in targets:
        kept["id"] = anchor
    if element.tag in ("code", "pre"):
        language = _code_language(element)
        if language:
            kept["class"] = f"language-{language}"
    if element.get(PLAYER):
        kept[PLAYER] = "1"
    element.attrib.clear()
    if element.tag == "pre" and "class" in kept and element.find("code") is None:
        _wrap_code(element, kept.pop("class"))
    for key, value in kept.items():
        if element.tag != "pre" or key != "class":
            element.set(key, value)
    if element.tag == "a" and not kept:
        unwrap(element)


def _code_language(element: Element) -> str:
    for holder in (element, element.getparent(), next(iter(element), None)):
        if holder is not None and isinstance(holder.tag, str):
            found = _CODE_LANGUAGE.search(holder.get("class") or "")
            if found:
                return found[1].lower()
    return ""


def _wrap_code(block: Element, name: str) -> None:
    code = new_element("code", block.text or "", **{"class": name})
    for child in list(block):
        code.append(child)
    block.text = None
    block.append(code)


def _drop_empty(article: Element) -> None:
    for element in reversed(elements(article)):
        if element is article or element.tag in _MAY_BE_EMPTY or element.get("id"):
            continue
        if len(element) == 0 and not (element.text or "").strip():
            if element.text and element.tag not in BLOCKS:
                element.tail = element.text + (element.tail or "")
            drop(element)
        elif element.tag in ("figure", "p") and not text_of(element) and not elements(element, "img", "hr"):
            drop(element)


def _mend_lists(article: Element) -> None:
    """A list item outside a list stands in one of its own; loose text at the top is a paragraph."""
    for item in elements(article, "li"):
        parent = item.getparent()
        if parent is not None and parent.tag not in ("ul", "ol"):
            before = item.getprevious()
            if before is not None and before.tag == "ul" and before.get("data-mended"):
                before.append(item)
            else:
                wrapped = new_element("ul", **{"data-mended": "1"})
                parent.replace(item, wrapped)
                wrapped.append(item)
    for made in elements(article, "ul"):
        made.attrib.pop("data-mended", None)
