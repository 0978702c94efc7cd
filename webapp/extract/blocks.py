"""Blocks of a page: loose text becomes paragraphs, and the tree is seen as a row of leaves, in reading order.

A *leaf* is the smallest block a reader sees as one: a paragraph, heading, list item, cell, a figure, a table of data,
a piece of code, an embedded player.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from webapp.extract.tree import BLOCKS, HEADINGS, UNREADABLE, Element, elements, named, new_element, squeeze, text_of

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


def is_text_figure(figure: Element) -> bool:
    """A <figure> or alike that holds no picture: code, a table or a quotation with a caption."""
    return not elements(figure, "img", "video", "audio", "iframe") and bool(
        elements(figure, "pre", "table", "blockquote")
    )


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
    runs: list[Element] = []
    run = new_element("p", container.text or "")
    container.text = None

    def close() -> None:
        nonlocal run
        if squeeze("".join(run.itertext())) or elements(run, "img"):
            runs.append(run)
        run = new_element("p")

    for position, child in enumerate(children):
        tail, child.tail = child.tail or "", None
        is_block = child in containers or child.tag in BLOCKS or child.tag in UNREADABLE
        if child.tag == "br" and _next_is_break(children, position, tail):
            close()
        elif is_block:
            close()
            runs.append(child)
        elif child.tag != "br" or len(run) or (run.text or "").strip():
            run.append(child)
        if tail:
            _append_text(run, tail)
    close()
    for child in list(container):
        container.remove(child)
    container.extend(runs)


def _next_is_break(children: list[Element], position: int, tail: str) -> bool:
    before = children[position - 1] if position else None
    after = children[position + 1] if position + 1 < len(children) else None
    if after is not None and after.tag == "br" and not tail.strip():
        return True
    return before is not None and before.tag == "br" and not (before.tail or "").strip()


def _append_text(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
