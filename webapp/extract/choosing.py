"""The blocks of a page, for a reader who chooses by hand what the article is; and the body out of that choice.

A block is known by the digest of its words, so that a choice holds for the page as it is made again, and for a later
clip of it as far as its words are the same. Pure.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from webapp.errors import PageTooLarge
from webapp.extract import ExtractLimits
from webapp.extract.blocks import Kind
from webapp.extract.body import Found, Leaf, find_body, whole_body
from webapp.extract.plain import paragraphs_of, read_plain
from webapp.extract.reading import read_page
from webapp.extract.text import count_words
from webapp.extract.tree import Element, clean_string, marks_of, text_of

_START_CHARS = 160  # of a block are shown; taste
_FITS = 0.5  # share of the chosen blocks that must be on a page for the choice to hold there (taste)
_SECTIONS = frozenset(("article", "main", "aside", "nav", "header", "footer", "section", "form"))


@dataclass(frozen=True, slots=True)
class Block:
    """Something to read on a page. `box` is the number of the box it stands in, `box_name` what its author called it;
    `is_chosen` tells whether it is in the article as it is taken out now.
    """

    digest: str
    text: str
    words: int
    kind: str
    box: int
    box_name: str
    is_chosen: bool


def blocks_of(
    page: str,
    address: str,
    *,
    is_html: bool,
    said: Iterable[str] = (),
    chosen: Sequence[str] = (),
    limits: ExtractLimits | None = None,
) -> tuple[Block, ...]:
    """Every block of words on the page, in reading order. `said` are the lines of the article as it was taken out.

    Raises ExtractionFailed, PageTooLarge.
    """
    limits = limits or ExtractLimits()
    lines = {" ".join(line.split()) for line in said}
    if not is_html:
        return _lines(page, chosen, limits)
    root = read_page(page, address, limits).root
    found = (chosen_body(root, chosen) if chosen else None) or find_body(root)
    readable = [leaf for leaf in found.leaves if leaf.words and leaf.kind not in (Kind.FIGURE, Kind.PLAYER)]
    texts = [text_of(leaf.element) for leaf in readable]
    boxes: dict[Element, int] = {}
    blocks = []
    for leaf, text, digest in zip(readable, texts, digests_of(texts), strict=True):
        box = _box_of(leaf.element)
        number = boxes.setdefault(box, len(boxes) + 1)
        is_chosen = leaf.number in found.chosen and (not lines or text in lines)
        words = count_words(text)
        blocks.append(Block(digest, _start(text), words, leaf.kind.value, number, _name_of(box), is_chosen))
    return tuple(blocks)


def chosen_body(root: Element, chosen: Iterable[str]) -> Found | None:
    """The page's leaves with those chosen whose digests were; None when too few of them are on this page.

    What stands between two chosen leaves, in the same box and of the same make, and was not there when the reader
    chose, is taken too: a paragraph that a newsroom added.
    """
    wanted = set(chosen)
    everything = whole_body(root)
    readable = [leaf for leaf in everything.leaves if leaf.words and leaf.kind not in (Kind.FIGURE, Kind.PLAYER)]
    digests = digests_of([text_of(leaf.element) for leaf in readable])
    found = {leaf.number for leaf, digest in zip(readable, digests, strict=True) if digest in wanted}
    if not found or len(found) < _FITS * len(wanted):
        return None
    if len(found) < len(wanted):
        found |= _grown(readable, found)
    return Found(everything.root, everything.leaves, frozenset(found), "choice")


def chosen_lines(page: str, chosen: Iterable[str]) -> str | None:
    """Of a plain text the paragraphs that were chosen, a line each; None when too few of them are there."""
    wanted = set(chosen)
    lines = _readable_lines(page)
    found = [line for line, digest in zip(lines, digests_of(lines), strict=True) if digest in wanted]
    return "\n\n".join(found) if found and len(found) >= _FITS * len(wanted) else None


def digests_of(texts: Sequence[str]) -> list[str]:
    """What each block is known by: the digest of its words, and which of several with the same words it is."""
    seen: Counter[str] = Counter()
    found = []
    for text in texts:
        digest = hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:16]
        seen[digest] += 1
        found.append(digest if seen[digest] == 1 else f"{digest}.{seen[digest]}")
    return found


def _lines(page: str, chosen: Sequence[str], limits: ExtractLimits) -> tuple[Block, ...]:
    size_bytes = len(page.encode("utf-8", "replace"))
    if size_bytes > limits.markup_bytes:
        raise PageTooLarge(size_bytes=size_bytes, limit_bytes=limits.markup_bytes)
    lines = _readable_lines(page)
    taken = set(chosen)
    kept = set(read_plain(clean_string(page), title="").text.split("\n"))
    return tuple(
        Block(digest, _start(line), count_words(line), "text", 1, "", digest in taken if taken else line in kept)
        for line, digest in zip(lines, digests_of(lines), strict=True)
    )


def _readable_lines(page: str) -> list[str]:
    return [line for line in paragraphs_of(clean_string(page)) if any(letter.isalnum() for letter in line)]


def _grown(readable: Sequence[Leaf], found: set[int]) -> set[int]:
    """Leaves between two found ones that are built as both are."""
    grown = set()
    places = [at for at, leaf in enumerate(readable) if leaf.number in found]
    for one, other in pairwise(places):
        first, last = readable[one].element, readable[other].element
        for leaf in readable[one + 1 : other]:
            same_box = leaf.element.getparent() is first.getparent() is last.getparent()
            if same_box and leaf.element.tag in (first.tag, last.tag):
                grown.add(leaf.number)
    return grown


def _box_of(leaf: Element) -> Element:
    """The nearest section around a leaf, itself included, or else the box that it stands in."""
    above = [leaf, *leaf.iterancestors()]
    return next((box for box in above if box.tag in _SECTIONS), above[min(1, len(above) - 1)])


def _name_of(box: Element) -> str:
    marks = marks_of(box).split()
    return f"{box.tag} {marks[0]}"[:60] if marks else str(box.tag)


def _start(text: str) -> str:
    return text if len(text) <= _START_CHARS else f"{text[:_START_CHARS].rsplit(' ', 1)[0]} …"
