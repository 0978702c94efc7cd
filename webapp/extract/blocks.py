"""Blocks of a page: loose text becomes paragraphs, and the tree is seen as a row of leaves, in reading order.

A *leaf* is the smallest block a reader sees as one: a paragraph, heading, list item, cell, a figure, a table of data,
a piece of code, an embedded player.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from webapp.extract.tree import BLOCKS, HEADINGS, UNREADABLE, Element, elements, named, new_element, text_of

MARK = "data-leaf"  # the number of a leaf, which survives the extractors' own work on their copies

_INLINE_HOLDERS = named("span font b strong em i u center small big a ins label")
_NOT_FLOW = named("table thead tbody tfoot tr ul ol dl menu dir select optgroup html colgroup picture figure")
_PLAYERS = frozenset(("iframe", "video", "audio"))
_LONG_CELL = 1_200  # characters; a cell that long holds prose, so the table only lays out the page (taste)


class Kind(StrEnum):
    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"
    FIGURE = "figure"
    TABLE = "table"
    CODE = "code"
    PLAYER = "player"


def settle_blocks(root: Element) -> None:
    """Wrap text that stands loose among blocks, or between double line breaks, into paragraphs of its own."""
    body = root.find("body")
    if body is None:
        body = root
    broken = _open_double_breaks(body)
    containers = containers_of(body)
    for container in [element for element in elements(body) if element in containers or element in broken]:
        if container.tag in _NOT_FLOW or container.tag in UNREADABLE or container.tag == "pre":
            continue
        _wrap_loose(container, containers)


def containers_of(root: Element) -> set[Element]:
    """Every element of `root` that holds a block."""
    found: set[Element] = set()
    for element in root.iter():
        if element.tag in BLOCKS and element is not root:
            for above in element.iterancestors():
                if above in found:
                    break
                found.add(above)
                if above is root:
                    break
    return found


def leaves_of(root: Element) -> list[Element]:
    """The leaves below `root` in reading order, each marked with its number."""
    containers = containers_of(root)
    found = list(_walk(root, containers))
    for number, leaf in enumerate(found):
        leaf.set(MARK, str(number))
    return found


def kind_of(leaf: Element) -> Kind:
    if leaf.tag in ("figure", "img"):
        return Kind.FIGURE
    if leaf.tag == "table":
        return Kind.TABLE
    if leaf.tag == "pre":
        return Kind.CODE
    if leaf.tag in _PLAYERS:
        return Kind.PLAYER
    if not text_of(leaf):
        if elements(leaf, "img"):
            return Kind.FIGURE
        return Kind.PLAYER if elements(leaf, *_PLAYERS) else Kind.TEXT
    if leaf.tag in HEADINGS:
        return Kind.HEADING
    return Kind.ITEM if leaf.tag in ("li", "dd", "dt", "td", "th") else Kind.TEXT


def is_data_table(table: Element) -> bool:
    """Whether a table shows facts in rows and columns, or only lays out the page."""
    if (table.get("role") or "").lower() in ("presentation", "none") or table.find(".//table") is not None:
        return False
    rows = elements(table, "tr")
    widest = max((sum(1 for cell in row if cell.tag in ("td", "th")) for row in rows), default=0)
    if len(rows) < 2 or widest < 2:
        return table.find(".//th") is not None and len(rows) > 1
    cells = elements(table, "td", "th")
    sizes = [len(text_of(cell)) for cell in cells]
    return max(sizes, default=0) <= _LONG_CELL and sum(sizes) / max(1, len(sizes)) <= 200


def _walk(element: Element, containers: set[Element]) -> Iterator[Element]:
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or (tag in UNREADABLE):
            continue
        if tag == "figure" and elements(child, "img", "video", "audio", "iframe", "pre", "blockquote", "table"):
            if _holds_prose(child):
                yield from _walk(child, containers)
            else:
                yield child
        elif tag == "pre" or tag in _PLAYERS or (tag == "table" and is_data_table(child)):
            yield child
        elif child in containers:
            yield from _walk(child, containers)
        elif (tag in BLOCKS and tag not in ("hr", "br")) or tag == "img":
            yield child


def _holds_prose(figure: Element) -> bool:
    """A <figure> misused as a box of paragraphs."""
    paragraphs = [
        p
        for p in elements(figure, "p")
        if len(text_of(p)) > 120 and p.getparent().tag not in ("figcaption", "blockquote")
    ]
    return len(paragraphs) >= 3


def _open_double_breaks(body: Element) -> set[Element]:
    """The elements that hold two line breaks in a row; inline ones become blocks so that they can be split."""
    found = set()
    for line_break in elements(body, "br"):
        following = line_break.getnext()
        if following is None or following.tag != "br" or (line_break.tail or "").strip():
            continue
        holder = line_break.getparent()
        if any(above.tag == "pre" for above in line_break.iterancestors()):
            continue
        while holder.tag in _INLINE_HOLDERS:
            holder.tag = "div"
            found.add(holder)
            holder = holder.getparent()
        if holder.tag == "p":
            holder.tag = "div"
        found.add(holder)
    return found


def _wrap_loose(container: Element, containers: set[Element]) -> None:
    """Rebuild `container` with each run of inline content in a `p`."""
    children = list(container)
    blocks: list[Element] = []
    run = _Run(container.text or "")
    container.text = None
    for position, child in enumerate(children):
        tail, child.tail = child.tail or "", None
        is_block = child in containers or child.tag in BLOCKS or child.tag in UNREADABLE
        if is_block or (child.tag == "br" and _is_double_break(children, position, tail)):
            blocks.extend(run.closed())
            run = _Run("")
            if is_block:
                blocks.append(child)
        elif child.tag != "br" or not run.is_blank:
            run.append(child)
        run.say(tail)
    blocks.extend(run.closed())
    for child in list(container):
        container.remove(child)
    container.extend(blocks)


class _Run:
    """Inline content being gathered into a `p`. Remembers its last child: asking lxml for it costs a walk each time."""

    def __init__(self, text: str) -> None:
        self._paragraph = new_element("p", text)
        self._last: Element = None
        self.is_blank = not text.strip()

    def append(self, child: Element) -> None:
        self._paragraph.append(child)
        self._last, self.is_blank = child, False

    def say(self, text: str) -> None:
        if not text:
            return
        self.is_blank = self.is_blank and not text.strip()
        if self._last is None:
            self._paragraph.text = (self._paragraph.text or "") + text
        else:
            self._last.tail = (self._last.tail or "") + text

    def closed(self) -> list[Element]:
        """The paragraph, if there is something to read or to see in it."""
        made = self._paragraph
        return [made] if not self.is_blank and (text_of(made) or elements(made, "img")) else []


def _is_double_break(children: list[Element], position: int, tail: str) -> bool:
    """Whether the break at `position` is one of two in a row. Tails up to it are already taken off the children."""
    after = children[position + 1] if position + 1 < len(children) else None
    if after is not None and after.tag == "br" and not tail.strip():
        return True
    before = children[position - 1] if position else None
    return before is not None and before.tag == "br" and not (before.tail or "").strip()
