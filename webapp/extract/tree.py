"""The one door to lxml: parse mark-up, make elements, write them out again, and the small steps between elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, TypeAlias

import lxml.etree
import lxml.html

Element: TypeAlias = Any  # lxml.html.HtmlElement; lxml carries no types


def named(tags: str) -> frozenset[str]:
    """The names in a string, for sets that are easier read without quotation marks."""
    return frozenset(tags.split())


# HTML Living Standard, "rendering" (15.3.3 flow content) and the sectioning, list and table elements.
BLOCKS = named(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr iframe legend li listing main menu "
    "nav ol optgroup option p pre search section summary table tbody td tfoot th thead tr ul video audio"
)
HEADINGS = named("h1 h2 h3 h4 h5 h6")
UNREADABLE = named(
    "script style noscript template head title meta link svg canvas object embed applet input button "
    "select textarea datalist map area base frame frameset noframes param source track progress meter "
    "dialog"
)

PLAYER = "data-player"  # marks the words put in place of an embedded player: they are not the article's

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>", re.IGNORECASE)
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(r"\s+")


def clean_string(text: str) -> str:
    """`text` without NUL, C0 controls and lone surrogates, which stop or break the parsers."""
    return _UNSAFE.sub("", text)


# HTML Living Standard, 4.2: what a head may hold; and what browsers take there.
_OF_HEAD = {"base", "basefont", "bgsound", "link", "meta", "noscript", "script", "style", "template", "title"}


def parse_page(page: str) -> Element:
    """The page as a tree with a body; comments are left out.

    `huge_tree`: otherwise libxml2 drops whatever lies deeper than 254 levels without a word.
    """
    parser = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    text = _XML_DECLARATION.sub("", clean_string(page))
    try:
        root = lxml.html.document_fromstring(f"<!DOCTYPE html>{text}".encode(), parser=parser)
    except lxml.etree.ParserError:  # no element at all
        root = lxml.html.document_fromstring("<html><body></body></html>")
    if root.find("body") is None:
        root.append(new_element("body"))
    _empty_into_body(root)
    return root


def _empty_into_body(root: Element) -> None:
    """Move to the body what libxml2 leaves in the head: it does not know that <article> and the like end it."""
    head, body = root.find("head"), root.find("body")
    children = [] if head is None else list(head)
    first = next((at for at, child in enumerate(children) if child.tag not in _OF_HEAD), len(children))
    for place, child in enumerate(children[first:]):
        body.insert(place, child)
    if first < len(children) and body.text:  # it stood behind what was moved in front of it
        children[-1].tail = (children[-1].tail or "") + body.text
        body.text = None


def inner_html(element: Element) -> str:
    """What is inside `element`, as mark-up."""
    start = _escape(element.text or "")
    return start + "".join(str(lxml.html.tostring(child, encoding="unicode")) for child in element)


def new_element(tag: str, text: str = "", **attributes: str) -> Element:
    made = lxml.html.Element(tag, attributes)
    if text:
        made.text = text
    return made


def copy_of(element: Element) -> Element:
    copied = deepcopy(element)
    copied.tail = None
    return copied


def elements(root: Element, *tags: str) -> list[Element]:
    """Every element below `root` (and itself) in document order, as a list that stays while the tree changes."""
    return [element for element in root.iter(*tags) if isinstance(element.tag, str)]


def ancestors(element: Element) -> Iterator[Element]:
    yield from element.iterancestors()


def drop(element: Element) -> None:
    """Take `element` and its content away; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    add_text_before(element, element.tail or "")
    parent.remove(element)


def unwrap(element: Element) -> None:
    """Take the element away; its content stays where it was."""
    if element.getparent() is not None:
        element.drop_tag()


def replace(old: Element, new: Element) -> None:
    """Put `new` where `old` was; the text behind stays behind."""
    new.tail = old.tail
    old.getparent().replace(old, new)


def add_text_before(element: Element, text: str) -> None:
    if not text:
        return
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def text_of(element: Element) -> str:
    """The element's words on one line; blocks and line breaks part words as they do for a reader."""
    if len(element) == 0:
        return squeeze(element.text or "")
    parts: list[str] = []
    _gather(element, parts)
    return squeeze("".join(parts))


def squeeze(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def marks_of(element: Element) -> str:
    """The class, id and role of an element, lower-case: what its author called it."""
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}".lower()


def _gather(element: Element, parts: list[str]) -> None:
    if element.text:
        parts.append(element.text)
    for child in element:
        tag = child.tag
        if isinstance(tag, str):
            apart = tag in BLOCKS or tag == "br"
            if apart:
                parts.append(" ")
            _gather(child, parts)
            if apart:
                parts.append(" ")
        if child.tail:
            parts.append(child.tail)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
