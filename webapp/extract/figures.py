"""Pictures and the words under them: a box that holds one picture and a short text becomes a <figure>. Pure."""

from __future__ import annotations

import re

from webapp.extract.images import is_decoration
from webapp.extract.tree import BLOCKS, HEADINGS, Element, drop, elements, marks_of, new_element, text_of

CAPTION_NAME = re.compile(
    r"(?:^|[\s_-])(?:\w*caption\w*|cutline|legend|image-?description|photo-?text|gallery-?text)(?:[\s_-]|$)"
)
CREDIT_NAME = re.compile(r"(?:^|[\s_-])(?:\w*credits?|photographer|copyright|image-?source)(?:[\s_-]|$)")
_PICTURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:image\w*|img\w*|photo\w*|picture\w*|figure\w*|illustration|media\w*|foto\w*|gallery\w*|bild\w*|slide\w*)(?:[\s_-]|$)"
)
_BOXES = frozenset(("div", "p", "li", "span", "section", "td", "center", "dl", "aside", "a", "amp-figure"))
_SLANTED = frozenset(("em", "i", "small", "sub", "cite"))
_LEVELS = 4  # boxes between a picture and the box it shares with its caption (seen: up to 3)
_CAPTION_WORDS = 90  # longer texts beside a picture are the article itself (taste)
_BARE_WORDS = 30  # the same where nothing but the place says that it is a caption


def settle_figures(root: Element) -> None:
    """Make figures of the pictures in `root` that stand with their caption in a box of their own. Changes `root`."""
    for image in elements(root, "img"):
        if is_decoration(image) or any(above.tag in ("figure", "pre", "table") for above in image.iterancestors()):
            continue
        box = _box_of(image)
        if box is not None:
            _make_figure(box, image)
    for caption in elements(root, "figcaption"):
        _adopt(caption)
    for figure in elements(root, "figure"):
        _name_captions(figure)


def _box_of(image: Element) -> Element | None:
    """The largest box around `image` that holds it, a short text, and nothing else; None if there is none."""
    best = None
    box = image.getparent()
    for _ in range(_LEVELS):
        if box is None or box.tag not in _BOXES or len(elements(box, "img")) > 1:
            break
        words = text_of(box).split()
        if len(words) > _CAPTION_WORDS or elements(box, *HEADINGS, "table", "ul", "ol", "form", "iframe", "figure"):
            break
        if words and _is_caption(box, len(words)):
            best = box
        box = box.getparent()
    return best


def _is_caption(box: Element, words: int) -> bool:
    linked = sum(len(text_of(link)) for link in elements(box, "a") if link is not box)
    if box.tag == "a" or linked > 0.5 * len(text_of(box)):
        return False
    named = any(CAPTION_NAME.search(marks_of(part)) or CREDIT_NAME.search(marks_of(part)) for part in elements(box))
    if named or (_PICTURE_NAME.search(marks_of(box)) and words <= _BARE_WORDS * 2):
        return True
    if words > _BARE_WORDS:
        return False
    pieces = [part for part in box if text_of(part)]
    slanted = bool(pieces) and all(part.tag in _SLANTED for part in pieces) and not (box.text or "").strip()
    has_block = any(part.tag in BLOCKS and text_of(part) for part in box.iterdescendants())
    return (slanted and not any((part.tail or "").strip() for part in box)) or (
        box.tag in ("div", "section", "li") and has_block and sum(1 for part in pieces) == 1
    )


def _make_figure(box: Element, image: Element) -> None:
    """Turn `box` into a figure: everything in it but the picture is its caption."""
    holder = image
    while holder.getparent() is not box:
        holder = holder.getparent()
    caption = new_element("figcaption")
    for part in list(box):
        if part is holder:
            continue
        if part.tag in BLOCKS and part.tag != "figcaption":
            part.tag = "span"
            part.tail = f" {part.tail or ''}"
        caption.append(part)
    if (box.text or "").strip():
        caption.insert(0, new_element("span", f"{box.text} "))
    box.text = None
    if text_of(holder):
        _lift_text(holder, image, caption)
    if (holder.tail or "").strip():
        caption.insert(0, new_element("span", f"{holder.tail} "))
    holder.tail = None
    for part in elements(caption):
        if part.tag in BLOCKS and part is not caption:
            part.tag = "span"
            part.tail = f" {part.tail or ''}"
    box.tag = "figure"
    _say_once(caption)
    box.append(caption)


def _say_once(caption: Element) -> None:
    """A caption written twice, the second time with its credit, loses its shorter copy."""
    said = {part: text_of(part) for part in elements(caption) if part is not caption}
    for part, text in said.items():
        copies = [other for other, words in said.items() if other is not part and text in words]
        apart = [other for other in copies if other not in part.iterancestors() and part not in other.iterancestors()]
        if len(text) >= 12 and apart and part.getparent() is not None:
            drop(part)
            return


def _lift_text(holder: Element, image: Element, caption: Element) -> None:
    """Words beside the picture in its own wrapper go to the caption."""
    said = text_of(holder)
    tail, image.tail = image.tail, None
    for part in list(holder):
        holder.remove(part)
    holder.text = None
    holder.append(image)
    caption.insert(0, new_element("span", f"{said} "))
    image.tail = None if tail else tail


def _adopt(caption: Element) -> None:
    """A <figcaption> that stands beside its figure, in a box around both, goes into it."""
    if any(above.tag == "figure" for above in caption.iterancestors()):
        return
    for box in list(caption.iterancestors())[:2]:
        figures = [figure for figure in elements(box, "figure") if elements(figure, "img")]
        if len(figures) == 1 and not elements(figures[0], "figcaption"):
            drop(caption)
            caption.tail = None
            figures[0].append(caption)
            return


def _name_captions(figure: Element) -> None:
    """A figure without <figcaption> whose parts are called a caption or credit gets one."""
    if elements(figure, "figcaption") or not elements(figure, "img"):
        return
    named = [
        part
        for part in elements(figure)
        if part is not figure
        and text_of(part)
        and not elements(part, "img")
        and (CAPTION_NAME.search(marks_of(part)) or CREDIT_NAME.search(marks_of(part)))
    ]
    outer = [part for part in named if not any(above in named for above in part.iterancestors())]
    if not outer:
        return
    caption = new_element("figcaption")
    for part in outer:
        part.getparent().remove(part)
        part.tag = "span"
        part.tail = " "
        caption.append(part)
    figure.append(caption)
