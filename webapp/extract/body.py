"""Which leaves of a page are the article: readability's reading view, voted on by trafilatura, cut from the page itself.

The extractors only vote; the words, their order and their mark-up are the page's own, so figures, ordered lists,
code and captions survive. Pure: no network, no clock.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from webapp.extract.blocks import Kind, kind_of, leaves_of, settle_blocks
from webapp.extract.judge import judged_text
from webapp.extract.noise import in_noisy_box
from webapp.extract.reader import leaves_in_reading_view
from webapp.extract.tree import Element, copy_of, text_of

_WORD = re.compile(r"\w+")
_SHINGLE = 4  # words; the measure of the article-extraction benchmark
_AGREED = 0.5  # share of a leaf's shingles in the judge's text
_COVERED = 0.8  # below: the reading view missed the article (chosen on 91 pages, 2026-11-23)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf with its votes. `agreed` is the share of its words in the judge's text (0 to 1)."""

    number: int
    element: Element
    kind: Kind
    words: tuple[str, ...]
    agreed: float
    in_view: bool
    noisy: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The page as a row of leaves, and the numbers of those that are the article's text."""

    root: Element
    leaves: tuple[Leaf, ...]
    chosen: frozenset[int]
    how: str


def find_body(root: Element) -> Found:
    """Vote on every leaf of the page. `root` is not changed."""
    work = copy_of(root)
    settle_blocks(work)
    body = work.find("body")
    elements_found = leaves_of(body)
    judged = judged_text(work)
    view = leaves_in_reading_view(work)
    leaves = _with_votes(elements_found, judged, view)
    chosen, how = _choose(leaves, judged)
    return Found(work, leaves, frozenset(chosen), how)


def whole_body(root: Element) -> Found:
    """Every leaf of a selection: the reader chose it."""
    work = copy_of(root)
    settle_blocks(work)
    found = leaves_of(work.find("body"))
    leaves = _with_votes(found, "", set(range(len(found))))
    return Found(work, leaves, frozenset(leaf.number for leaf in leaves), "selection")


def _with_votes(found: list[Element], judged: str, view: set[int]) -> tuple[Leaf, ...]:
    known = _gram_set(_WORD.findall(judged))
    leaves = []
    for number, element in enumerate(found):
        words = tuple(_WORD.findall(text_of(element)))
        leaves.append(
            Leaf(
                number=number,
                element=element,
                kind=kind_of(element),
                words=words,
                agreed=_share(words, known),
                in_view=number in view,
                noisy=in_noisy_box(element),
            )
        )
    return tuple(leaves)


def _choose(leaves: tuple[Leaf, ...], judged: str) -> tuple[set[int], str]:
    view = [leaf for leaf in leaves if leaf.in_view and leaf.words]
    words = tuple(_WORD.findall(judged))
    if not words:
        return {leaf.number for leaf in view}, "reading view"
    seen = _gram_set([word for leaf in view for word in leaf.words])
    if _share(words, seen) < _COVERED:
        return _by_judge_alone(leaves, words), "judge"
    voted = {leaf.number for leaf in view if leaf.agreed >= _AGREED or leaf.kind in (Kind.CODE, Kind.TABLE)}
    kept_words = sum(len(leaf.words) for leaf in view if leaf.number in voted)
    if kept_words < 0.25 * sum(len(leaf.words) for leaf in view):
        return {leaf.number for leaf in view}, "reading view"
    return _with_agreed_between(leaves, voted), "vote"


def _by_judge_alone(leaves: tuple[Leaf, ...], words: tuple[str, ...]) -> set[int]:
    """The leaves whose words are the judge's, each said once: copies elsewhere on the page are not taken."""
    left = Counter(_grams(words))
    chosen = set()
    for leaf in leaves:
        grams = _grams(leaf.words)
        if not grams or len(leaf.words) < _SHINGLE:
            continue
        if sum(1 for gram in grams if left[gram] > 0) >= 0.6 * len(grams):
            left.subtract(grams)
            chosen.add(leaf.number)
    return _with_agreed_between(leaves, chosen)


def _with_agreed_between(leaves: tuple[Leaf, ...], chosen: set[int]) -> set[int]:
    """Add what the judge agrees to between the first and the last chosen leaf: headings and items are often lost."""
    if not chosen:
        return chosen
    first, last = min(chosen), max(chosen)
    between = {
        leaf.number
        for leaf in leaves[first : last + 1]
        if leaf.words and leaf.agreed >= 0.8 and not leaf.noisy and leaf.kind is not Kind.FIGURE
    }
    return chosen | between


def _grams(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    if not words:
        return []
    return [words[at : at + _SHINGLE] for at in range(max(1, len(words) - _SHINGLE + 1))]


def _gram_set(words: list[str]) -> set[tuple[str, ...]]:
    """Every run of one to four words."""
    return {tuple(words[at : at + size]) for size in range(1, _SHINGLE + 1) for at in range(len(words) - size + 1)}


def _share(words: tuple[str, ...], known: set[tuple[str, ...]]) -> float:
    grams = _grams(words)
    return sum(gram in known for gram in grams) / len(grams) if grams else 0.0
