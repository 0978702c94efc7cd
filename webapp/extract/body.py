"""Which leaves of a page are the article: readability's reading view, voted on by trafilatura.

The extractors only vote; the words, their order and their mark-up are the page's own, so figures, ordered lists,
code and captions survive. Pure: no network, no clock.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from webapp.extract.blocks import Kind, kind_of, leaves_of, settle_blocks
from webapp.extract.figures import settle_figures
from webapp.extract.judge import judged_text
from webapp.extract.noise import in_noisy_box, linked_share
from webapp.extract.reader import leaves_in_reading_view
from webapp.extract.text import words_of
from webapp.extract.tree import Element, copy_of, drop, elements, text_of

_POST = re.compile(r"tweet|instagram-media|mastodon|bluesky|tiktok|fb-post|reddit")
_SHINGLE = 4  # words; the measure of the article-extraction benchmark
_AGREED = 0.5  # share of a leaf's shingles in the judge's text
_SURELY_AGREED = 0.8
_COVERED = 0.8  # below: the reading view missed the article (chosen on 91 pages, 2026-11-23)
_MAIN = 0.4  # a box with this share of the article's words is the article's, whatever it is called (taste)
_LINKED = 0.4  # share of letters in links from which a block is a list of links (taste)
_NOTE_MARK = 5  # characters of a link to a footnote: "[12]", "†"
_NOTE_WORDS = 250  # a longer target of a link is a chapter, not a note (taste)
_PROSE_WORDS = 12  # fewer words in a leaf make a label likelier than a paragraph (taste)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf with its votes. `agreed` is the share of its words in the judge's text (0 to 1)."""

    number: int
    element: Element
    kind: Kind
    words: tuple[str, ...]
    agreed: float
    in_view: bool
    noisy: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The page as a row of leaves, and the numbers of those that are the article's text."""

    root: Element
    leaves: tuple[Leaf, ...]
    chosen: frozenset[int]
    how: str


def find_body(root: Element) -> Found:
    """Vote on every leaf of the page. `root` is not changed."""
    work = _prepared(root)
    found = leaves_of(work.find("body"))
    judged = judged_text(work)
    leaves = _with_votes(found, judged, leaves_in_reading_view(work))
    chosen, how = _first_choice(leaves, tuple(words_of(judged)))
    leaves = _with_noise(leaves, chosen)
    if how == "judge":
        chosen = {number for number in chosen if not leaves[number].noisy} or chosen
    chosen = _completed(leaves, chosen)
    return Found(work, leaves, frozenset(chosen), how)


def whole_body(root: Element) -> Found:
    """Every leaf of a selection: the reader chose it."""
    work = _prepared(root)
    found = leaves_of(work.find("body"))
    leaves = _with_votes(found, "", set(range(len(found))))
    return Found(work, leaves, frozenset(leaf.number for leaf in leaves), "selection")


def _prepared(root: Element) -> Element:
    """A copy of the page without scripts, with figures and paragraphs where it only has boxes and loose text."""
    work = copy_of(root)
    for silent in elements(work, "script", "style", "noscript"):
        drop(silent)
    settle_figures(work)
    settle_blocks(work)
    return work


def _with_votes(found: list[Element], judged: str, view: set[int]) -> tuple[Leaf, ...]:
    known = _gram_set(words_of(judged))
    leaves = []
    for number, element in enumerate(found):
        words = tuple(words_of(text_of(element)))
        leaves.append(Leaf(number, element, kind_of(element), words, _share(words, known), number in view))
    return tuple(leaves)


def _first_choice(leaves: Sequence[Leaf], words: tuple[str, ...]) -> tuple[set[int], str]:
    """The leaves both voted for; where the votes are too different, those of one voter. And who decided."""
    view = [leaf for leaf in leaves if leaf.in_view and leaf.words and leaf.kind is not Kind.FIGURE]
    seen = {leaf.number for leaf in view}
    if not words:
        return seen, "reading view"
    if _share(words, _gram_set([word for leaf in view for word in leaf.words])) < _COVERED:
        return _said_by(leaves, words) or seen, "judge"
    voted = {leaf.number for leaf in view if leaf.agreed >= _AGREED or leaf.kind in (Kind.CODE, Kind.TABLE)}
    if _word_count(leaves, voted) < 0.25 * _word_count(leaves, seen):
        return seen, "reading view"
    return voted, "vote"


def _said_by(leaves: Sequence[Leaf], words: tuple[str, ...]) -> set[int]:
    """The leaves whose words are the judge's, each said once: copies elsewhere on the page are not taken."""
    left = Counter(_grams(words))
    chosen = set()
    for leaf in leaves:
        grams = _grams(leaf.words)
        if len(leaf.words) < _SHINGLE or leaf.kind is Kind.FIGURE:
            continue
        if sum(1 for gram in grams if left[gram] > 0) >= 0.6 * len(grams):
            left.subtract(grams)
            chosen.add(leaf.number)
    return chosen


def _with_noise(leaves: Sequence[Leaf], chosen: set[int]) -> tuple[Leaf, ...]:
    """The leaves, those in boxes called navigation, promotion and the like marked as noisy.

    A box that holds much of the article is not noise, whatever its name.
    """
    inside: Counter[Element] = Counter()
    for number in chosen:
        for box in leaves[number].element.iterancestors():
            inside[box] += len(leaves[number].words)
    whole = _word_count(leaves, chosen)
    main = {box for box, words in inside.items() if words >= _MAIN * whole}
    return tuple(replace(leaf, noisy=in_noisy_box(leaf.element, main)) for leaf in leaves)


def _completed(leaves: Sequence[Leaf], chosen: set[int]) -> set[int]:
    """Add what one voter missed among the chosen leaves: headings, items, posts quoted, paragraphs of the same make,
    and the notes that chosen leaves point to.
    """
    if not chosen:
        return chosen
    first, last = min(chosen), max(chosen)
    makes = Counter(_make_of(leaves[number].element) for number in chosen if leaves[number].kind is Kind.TEXT)
    said = " ".join(" ".join(leaves[number].words) for number in sorted(chosen))
    added = _notes_pointed_to(leaves, chosen)
    for leaf in reversed(leaves[first:]):  # a heading belongs with what follows it, so that is settled first
        if leaf.number in chosen or not leaf.words or leaf.kind is Kind.FIGURE:
            continue
        if leaf.number > last:
            belongs = not leaf.noisy and leaf.in_view and _is_of_same_make(leaf, makes)
        else:
            belongs = _belongs_between(leaf, leaves, chosen | added, said) or (
                not leaf.noisy and leaf.in_view and _is_of_same_make(leaf, makes)
            )
        if belongs:
            added.add(leaf.number)
    return chosen | added


def _belongs_between(leaf: Leaf, leaves: Sequence[Leaf], chosen: set[int], said: str) -> bool:
    """Whether a leaf among the chosen ones is theirs too. `said` holds all their words in order."""
    if _is_quoted_post(leaf.element):
        return True
    if leaf.noisy:
        return False
    if leaf.kind is Kind.HEADING and _heads_chosen(leaf, leaves, chosen):
        return True
    if leaf.agreed >= _SURELY_AGREED:
        return leaf.in_view or " ".join(leaf.words) not in said
    return leaf.in_view and leaf.kind is Kind.ITEM and linked_share(leaf.element) < _LINKED


def _is_of_same_make(leaf: Leaf, makes: Counter[tuple[str, ...]]) -> bool:
    prose = leaf.kind is Kind.TEXT and len(leaf.words) >= _PROSE_WORDS and linked_share(leaf.element) < _LINKED
    return prose and makes[_make_of(leaf.element)] >= 3


def _heads_chosen(heading: Leaf, leaves: Sequence[Leaf], chosen: set[int]) -> bool:
    """Whether the next thing to read below a heading is chosen and stands in the same box or one inside it."""
    following = next((leaf for leaf in leaves[heading.number + 1 :] if leaf.words or leaf.kind is Kind.FIGURE), None)
    if following is None or following.number not in chosen or linked_share(heading.element) > 0.5:
        return False
    return heading.element.getparent() in following.element.iterancestors()


def _notes_pointed_to(leaves: Sequence[Leaf], chosen: set[int]) -> set[int]:
    """The leaves of footnotes: short numbers in chosen leaves link to them."""
    names = {
        href[1:]
        for number in chosen
        for link in elements(leaves[number].element, "a")
        if (href := link.get("href") or "").startswith("#") and len(text_of(link)) <= _NOTE_MARK
    }
    if not names:
        return set()
    return {leaf.number for leaf in leaves if leaf.number not in chosen and leaf.words and _is_note(leaf, names)}


def _is_note(leaf: Leaf, names: set[str]) -> bool:
    inner = {part.get("id") or part.get("name") for part in leaf.element.iter() if isinstance(part.tag, str)}
    item = leaf.element.getparent()
    outer = {item.get("id")} if item is not None and item.tag in ("li", "aside", "div", "dd") else set()
    return bool((inner | outer) & names) and len(leaf.words) <= _NOTE_WORDS


def _is_quoted_post(element: Element) -> bool:
    """A post of a social network, set into the article as a quotation."""
    return any(
        above.tag == "blockquote" and _POST.search(above.get("class") or "") for above in element.iterancestors()
    )


def _make_of(element: Element) -> tuple[str, ...]:
    """How a block is built: its tag and class, and those of two boxes around it."""
    boxes = [element, *element.iterancestors()][:3]
    return tuple(f"{box.tag}.{' '.join((box.get('class') or '').split()[:1])}" for box in boxes)


def _word_count(leaves: Sequence[Leaf], numbers: set[int]) -> int:
    return sum(len(leaves[number].words) for number in numbers)


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
