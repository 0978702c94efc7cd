"""What stands above the body and every extractor loses: the standfirst, and the lead picture with its caption. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from webapp.extract.blocks import Kind
from webapp.extract.body import Leaf
from webapp.extract.facts import Facts, strings_of
from webapp.extract.images import caption_of, describe, is_decoration, pixels_of, same_picture
from webapp.extract.text import folded
from webapp.extract.tree import Element, elements, marks_of, text_of
from webapp.model import Image

_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:stand-?first|sub-?title|sub-?head(?:line|ing)?|dek|deck|strap-?line|summary|abstract|intro(?:duction|text)?|lede|kicker-?text"
    r"|chapo|excerpt|tagline|description|vorspann|teaser-?text|bajada|entradilla|sommario|alternativeheadline|c-entry-summary)(?:[\s_-]|$|__|\d)"
)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:\w*caption\w*|cutline|legend|image-?description|photo-?text|wp-caption-text)(?:[\s_-]|$|__)"
)
_CREDIT = re.compile(r"(?:^|[\s_-])(?:\w*credit\w*|photographer|source|copyright)(?:[\s_-]|$|__)")
_BROAD_PX = 200  # narrower pictures above the body are portraits and badges (taste)


def standfirst_of(
    leaves: Sequence[Leaf], chosen: set[int], description: str, title: str
) -> tuple[str, int | None, str]:
    """The standfirst, the number of the leaf that says it, and where it was found; ("", None, "") without one.

    It is a block before the body proper: one whose page calls it so, or that repeats the page's description.
    """
    start = _headline_at(leaves, title)
    texts = [leaf for leaf in leaves[start:] if leaf.words and leaf.kind in (Kind.TEXT, Kind.HEADING)]
    prose = [leaf for leaf in texts if leaf.number in chosen and leaf.kind is Kind.TEXT and len(leaf.words) >= 12]
    second = prose[1].number if len(prose) > 1 else None
    described = folded(description)
    for leaf in texts[:25]:
        if second is not None and leaf.number >= second:
            break
        text = text_of(leaf.element)
        if not 25 <= len(text) <= 600 or folded(text) == folded(title):
            continue
        named = _is_named_standfirst(leaf.element)
        repeats = len(described) >= 20 and (
            folded(text) == described or (len(described) >= 60 and folded(text).startswith(described[:-3]))
        )
        first_of_prose = bool(prose) and leaf.number == prose[0].number
        if named and not leaf.noisy:
            return text, leaf.number, "standfirst"
        if repeats and not (first_of_prose and len(prose) > 1 and _are_alike(leaf.element, prose[1].element)):
            return text, leaf.number, "description"
    return "", None, ""


def lead_of(leaves: Sequence[Leaf], chosen: set[int], facts: Facts, title: str) -> tuple[Image | None, set[int], str]:
    """The picture above the body, the numbers of the leaves it takes up, and where it was found."""
    told = _told_pictures(facts)
    prose = [
        leaf.number for leaf in leaves if leaf.number in chosen and leaf.kind is Kind.TEXT and len(leaf.words) >= 8
    ]
    first = prose[0] if prose else len(leaves)
    start = _headline_at(leaves, title) if prose else 0
    above = [leaf for leaf in leaves[:first] if leaf.kind is Kind.FIGURE]
    for leaf in above:
        for picture in elements(leaf.element, "img"):
            if any(same_picture(picture.get("src") or "", address) for address in told):
                return _image(leaf, picture, leaves), _taken(leaf, leaves), "og:image"
    for leaf in above:
        picture = next(iter(elements(leaf.element, "img")), None)
        if (
            picture is not None
            and leaf.number >= start
            and not leaf.noisy
            and _is_broad(picture)
            and _is_figure_like(leaf, first)
        ):
            return _image(leaf, picture, leaves), _taken(leaf, leaves), "figure"
    shown = [
        picture.get("src") or "" for leaf in leaves if leaf.number >= first for picture in elements(leaf.element, "img")
    ]
    for address in told:
        if not any(same_picture(address, other) for other in shown) and not re.search(
            r"logo|default|placeholder|icon|share|social", address.rsplit("/", 1)[-1], re.IGNORECASE
        ):
            return Image(address=address), set(), "meta og:image"
    return None, set(), ""


def caption_near(element: Element) -> str:
    """The caption of a picture that is not in a <figure>: a block beside or below it that its page calls a caption."""
    own = caption_of(element)
    if own:
        return own
    if element.tag == "figure":
        return text_of(element)
    for holder in (element, element.getparent()):
        following = holder.getnext() if holder is not None else None
        if following is not None and isinstance(following.tag, str) and _CAPTION.search(marks_of(following)):
            return text_of(following)
    return ""


def is_caption_box(element: Element) -> bool:
    """Whether a block, or the box around it, is called a caption or a picture's credit."""
    boxes = [element, element.getparent()]
    return any(
        box is not None and box.tag not in ("body", "article") and _CAPTION.search(marks_of(box)) for box in boxes
    ) or bool(_CREDIT.search(marks_of(element)))


def _headline_at(leaves: Sequence[Leaf], title: str) -> int:
    wanted = folded(title)
    for leaf in leaves:
        if leaf.words and wanted and leaf.element.tag in ("h1", "h2", "h3") and folded(text_of(leaf.element)) == wanted:
            return leaf.number
    return 0


def _is_named_standfirst(element: Element) -> bool:
    boxes = [element, element.getparent()]
    for box in boxes:
        if box is None or box.tag in ("body", "article", "main"):
            break
        names = f"{marks_of(box)} {(box.get('itemprop') or '').lower()} {(box.get('data-testid') or '').lower()}"
        if _STANDFIRST.search(names) and len(text_of(box)) <= len(text_of(element)) * 1.5:
            return True
    return False


def _are_alike(one: Element, other: Element) -> bool:
    """Two paragraphs of the same body: of one tag, in one box."""
    return one.getparent() is other.getparent() and one.tag == other.tag


def _told_pictures(facts: Facts) -> list[str]:
    told = [
        facts.first("og:image", "og:image:url", "og:image:secure_url")[0],
        facts.first("twitter:image", "twitter:image:src")[0],
    ]
    image = facts.article.get("image")
    for value in image if isinstance(image, list) else [image]:
        url = value.get("url") if isinstance(value, dict) else None
        told.append(url if isinstance(url, str) else next(iter(strings_of(value)), ""))
    return [
        address
        for address in dict.fromkeys(told)
        if isinstance(address, str) and address.startswith(("http://", "https://"))
    ]


def _image(leaf: Leaf, picture: Element, leaves: Sequence[Leaf]) -> Image:
    caption = caption_near(leaf.element)
    if not caption and leaf.number + 1 < len(leaves) and is_caption_box(leaves[leaf.number + 1].element):
        caption = text_of(leaves[leaf.number + 1].element)
    return describe(picture, caption)


def _taken(leaf: Leaf, leaves: Sequence[Leaf]) -> set[int]:
    taken = {leaf.number}
    for following in leaves[leaf.number + 1 : leaf.number + 4]:
        if not following.words or not is_caption_box(following.element):
            break
        taken.add(following.number)
    return taken


def _is_broad(picture: Element) -> bool:
    width = pixels_of(picture, "width")
    return not is_decoration(picture) and (width is None or width >= _BROAD_PX)


def _is_figure_like(leaf: Leaf, first: int) -> bool:
    return leaf.in_view or leaf.element.tag == "figure" or first - leaf.number <= 12
