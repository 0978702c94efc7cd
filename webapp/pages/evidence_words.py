"""Evidence as the templates show it: quotes for the script that finds them in the text, paragraphs with marked words.

Pure: values in, values out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from webapp.evidence import Role, Where
from webapp.filing.offering import Offer, Offers, Quote

SORTS = {
    "people": "its people",
    "capital": "its capital",
    "institution": "of its state",
    "place": "a place in it",
    "area": "an area of it",
    "county": "an area of it",
}
ROLES = {Role.DATELINE: "dateline", Role.OUTLET: "outlet", Role.MENTIONED: "", Role.ABOUT: "perhaps"}


@dataclass(frozen=True, slots=True)
class Run:
    """A run of characters that all speak for the same tags (ids; none for plain text)."""

    text: str
    tags: tuple[str, ...]


def quotes_json(quotes: Iterable[Quote]) -> str:
    """What suggest.js reads: [where, text before, words, text after, share of the way down], compact."""
    told = [[each.where, each.before, each.words, each.after, each.share] for each in quotes]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def sort_words(sort: str) -> str:
    """What a word is to the place: "its capital"; "" for its name, and for the words of topics."""
    return SORTS.get(sort, "")


def role_words(role: Role) -> str:
    return ROLES[role]


def marked(text: str, where: Where, offers: Sequence[Offer]) -> tuple[Run, ...]:
    """`text`, which is the part `where` of the story, cut into runs by the mentions of these offers.

    A headline that was corrected by hand has other words at these places: those are not marked.
    """
    return _runs(text, 0, _spans(text, where, offers))


def paragraphs(text: str, offers: Offers, *, limit_chars: int) -> tuple[tuple[Run, ...], ...]:
    """The first paragraphs of a body, whole ones, about `limit_chars`; then, of the rest, the first that speaks for an
    offer which is not spoken for before."""
    spans = _spans(text, Where.BODY, offers.open)
    shown: list[tuple[Run, ...]] = []
    spoken: set[str] = set()
    length = at = 0
    for line in text.split("\n"):
        runs = _runs(line, at, spans)
        at += len(line) + 1
        news = {tag for run in runs for tag in run.tags} - spoken
        if not line.strip() or (length > limit_chars and not news):
            continue
        shown.append(runs)
        spoken |= news
        length += len(line)
    return tuple(shown)


def _spans(text: str, where: Where, offers: Iterable[Offer]) -> list[tuple[int, int, str]]:
    return [
        (quote.start, quote.end, offer.tag.id)
        for offer in offers
        for quote in offer.quotes
        if quote.where is where and text[quote.start : quote.end] == quote.words
    ]


def _runs(line: str, at: int, spans: Sequence[tuple[int, int, str]]) -> tuple[Run, ...]:
    """`line` begins at character `at` of what the spans count in."""
    inside = [(max(start - at, 0), min(end - at, len(line)), tag) for start, end, tag in spans]
    inside = [span for span in inside if span[0] < span[1]]
    cuts = sorted({0, len(line), *(cut for start, end, _ in inside for cut in (start, end))})
    runs = []
    for start, end in pairwise(cuts):
        tags = dict.fromkeys(tag for begin, stop, tag in inside if begin <= start and end <= stop)
        runs.append(Run(line[start:end], tuple(tags)))
    return tuple(runs)


FILTERS: dict[str, Callable[..., Any]] = {
    "quotes_json": quotes_json,
    "sort_words": sort_words,
    "role_words": role_words,
}
