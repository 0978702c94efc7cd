"""Cut the article out: which of the chosen leaves stay, which pictures join them, and the two texts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.extract.blocks import Kind
from webapp.extract.body import Found, Leaf
from webapp.extract.daywords import day_in
from webapp.extract.facts import Facts
from webapp.extract.images import caption_of, describe, is_decoration, same_picture
from webapp.extract.lead import lead_of, standfirst_of
from webapp.extract.noise import is_closing_line, is_noise_line, is_promo, linked_share
from webapp.extract.text import folded, text_of_blocks
from webapp.extract.tidy import assemble, tidy
from webapp.extract.tree import Element, drop, elements, inner_html, text_of
from webapp.model import Image

_CLOSING = 6  # agency and copyright lines are looked for among the last leaves (taste)


@dataclass(frozen=True, slots=True)
class Cut:
    html: str
    text: str
    captions: str
    images: tuple[Image, ...]
    lead: Image | None
    lead_origin: str
    standfirst: str
    standfirst_origin: str


def cut_out(
    found: Found, facts: Facts, *, title: str, description: str, authors: tuple[str, ...], limit_images: int
) -> Cut:
    """The article's mark-up and texts out of the leaves that `find_body` chose."""
    leaves = found.leaves
    chosen = set(found.chosen)
    if found.how != "choice":  # what a reader chose by hand stays, whatever it looks like
        chosen -= repeated_above(leaves, found.chosen, title, authors)
        chosen -= noise_among(leaves, chosen)
    standfirst, at, standfirst_origin = (
        ("", None, "") if found.how == "selection" else standfirst_of(leaves, chosen, description, title)
    )
    if at is not None:
        chosen.discard(at)
    lead, taken, lead_origin = (
        (None, set[int](), "") if found.how == "selection" else lead_of(leaves, chosen, facts, title)
    )
    pictures = set(found.chosen) if found.how == "selection" else pictures_within(leaves, chosen)
    chosen = (chosen | pictures) - taken
    captions_said = {folded(caption_of(leaf.element)) for leaf in leaves if leaf.kind is Kind.FIGURE} | {
        folded(lead.caption) if lead else ""
    }
    chosen -= {
        leaf.number
        for leaf in leaves
        if leaf.number in chosen
        and leaf.words
        and leaf.kind is Kind.TEXT
        and folded(text_of(leaf.element)) in captions_said
    }
    article = assemble(found.root, chosen)
    _settle_figures(article, lead)
    tidy(article)
    images = _images_in(article)[:limit_images]
    captions = [caption_of(figure) for figure in elements(article, "figure")]
    said = [lead.caption, *captions] if lead else captions
    return Cut(
        html=inner_html(article),
        text=text_of_blocks(article),
        captions="\n".join(caption for caption in dict.fromkeys(said) if caption),
        images=tuple(([lead] if lead else []) + images),
        lead=lead,
        lead_origin=lead_origin,
        standfirst=standfirst,
        standfirst_origin=standfirst_origin,
    )


def repeated_above(leaves: Sequence[Leaf], chosen: frozenset[int], title: str, authors: tuple[str, ...]) -> set[int]:
    """The headline and the names of the authors where they stand above the first paragraph: they are told elsewhere."""
    wanted = folded(title)
    names = {folded(name) for name in authors} | {
        folded("by" + " and ".join(authors)),
        folded("by" + ",".join(authors)),
    }
    repeated = set()
    for leaf in leaves:
        if leaf.number not in chosen or not leaf.words:
            continue
        text = text_of(leaf.element)
        said = folded(text)
        is_title = leaf.element.tag == "h1" or (said == wanted and leaf.kind is not Kind.ITEM)
        is_name = len(said) < 80 and (said in names or said.removeprefix("by") in names)
        if is_title or is_name or _is_dateline(text):
            repeated.add(leaf.number)
        elif leaf.kind is Kind.TEXT and len(leaf.words) >= 15:
            break
    return repeated


def _is_dateline(text: str) -> bool:
    """A short line that tells when the page was published."""
    return len(text.split()) <= 14 and day_in(text) is not None and not text.endswith((".", "!", "?"))


def noise_among(leaves: Sequence[Leaf], chosen: set[int]) -> set[int]:
    """Promotions, pitches and agency lines among the chosen leaves."""
    inside = [leaf for leaf in leaves if leaf.number in chosen and leaf.words]
    linked = [leaf for leaf in inside if leaf.kind in (Kind.TEXT, Kind.HEADING) and linked_share(leaf.element) >= 0.9]
    is_link_list = len(linked) > 0.3 * len(inside)
    noise = set()
    for at, leaf in enumerate(inside):
        text = text_of(leaf.element)
        if leaf.kind in (Kind.TABLE, Kind.CODE, Kind.FIGURE):
            continue
        ending = at >= len(inside) - _CLOSING
        if (
            is_promo(leaf.element)
            or is_noise_line(text)
            or (ending and is_closing_line(text))
            or (
                leaf in linked
                and not is_link_list
                and len(leaf.words) >= 4
                and leaf.kind is Kind.TEXT
                and leaf.element.getparent().tag not in ("li", "blockquote", "dd", "td")
            )
        ):
            noise.add(leaf.number)
    return noise if len(noise) < len(inside) else set()


def pictures_within(leaves: Sequence[Leaf], chosen: set[int]) -> set[int]:
    """Figures and players that stand among the chosen leaves, and those right behind them in the same box."""
    numbers = sorted(number for number in chosen if leaves[number].words)
    if not numbers:
        return {leaf.number for leaf in leaves if leaf.kind is Kind.FIGURE and leaf.in_view and _shows(leaf)}
    first, last = numbers[0], numbers[-1]
    boxes = {leaves[number].element.getparent() for number in numbers}
    within = set()
    for leaf in leaves:
        if leaf.kind not in (Kind.FIGURE, Kind.PLAYER) or leaf.noisy or not _shows(leaf):
            continue
        beside = leaf.element.getparent() in boxes or leaf.in_view
        if first <= leaf.number <= last or (
            beside and first - 3 <= leaf.number <= last + 12 and (leaf.in_view or leaf.number > last)
        ):
            within.add(leaf.number)
    return within


def _shows(leaf: Leaf) -> bool:
    """Whether a figure holds a picture of the story, not only icons."""
    images = elements(leaf.element, "img")
    if not images:
        return leaf.kind is Kind.PLAYER or leaf.element.tag == "figure"
    return any(not is_decoration(image) for image in images)


def _settle_figures(article: Element, lead: Image | None) -> None:
    """A picture with a caption beside it becomes a figure; the lead picture, told apart, is not repeated."""
    for image in elements(article, "img"):
        if lead is not None and same_picture(image.get("src") or "", lead.address):
            holder = next((above for above in image.iterancestors("figure")), None)
            if holder is None or len(elements(holder, "img")) == 1:
                drop(holder if holder is not None else image)
            continue
    for caption in elements(article, "figcaption"):
        text_once = caption_of(caption.getparent()) if caption.getparent() is not None else ""
        siblings = elements(caption.getparent(), "figcaption") if caption.getparent() is not None else []
        if len(siblings) > 1 and text_of(caption) != text_once:
            drop(caption)


def _images_in(article: Element) -> list[Image]:
    found: dict[str, Image] = {}
    for image in elements(article, "img"):
        figure = next(iter(image.iterancestors("figure")), None)
        described = describe(image, caption_of(figure) if figure is not None else "")
        found.setdefault(described.address, described)
    return list(found.values())
