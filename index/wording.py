"""A query tree becomes text again: `to_text`, and `chips` for parts that a reader may take away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import MAXYEAR, date, timedelta

from index.query import (
    And,
    By,
    Dates,
    Everything,
    Fuzzy,
    Has,
    Is,
    Lang,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Site,
    Tagged,
    Term,
    Untagged,
    top_level,
)

_SPECIAL = re.compile(r"""[\s()"“”„‟«»＂\\*~:]|^[-+=]|^(?:AND|OR|NOT)\Z""")
_QUOTES = re.compile(r"""[\\"“”„‟«»＂]""")
_PLAIN_VALUE = re.compile(r"[^\W_][\w./@&'’-]*")
_KEYWORDS = ("none",)


def to_text(node: Node) -> str:
    """What a reader would type to ask for `node`; `parse` gives the same tree back."""
    return "" if isinstance(node, Everything) else _words(node)


def chips(node: Node) -> tuple[tuple[str, Node], ...]:
    """The parts that can be taken away one by one: (text, part); `without_filter(node, part)` takes it away."""
    return tuple((to_text(part) or "*", part) for part in top_level(node))


def _words(node: Node) -> str:
    match node:
        case And(parts):
            return " ".join([_words(parts[0]), *(_grouped(part, Or) for part in parts[1:])])  # as people would write it
        case Or(parts):
            return " OR ".join(_grouped(part, And) for part in parts)
        case Not(part):
            return "-" + _grouped(part, And, Or)
        case Everything():
            return "*"
        case Term() | Phrase() | Prefix() | Fuzzy():
            return (f"{node.field}:" if node.field else "") + _asked(node)
        case _:
            return _filter(node)


def _grouped(node: Node, *loose: type[Node]) -> str:
    return f"({_words(node)})" if isinstance(node, loose) else _words(node)


def _asked(node: Term | Phrase | Prefix | Fuzzy) -> str:
    match node:
        case Phrase(text, slop):
            return _quoted(text) + (f"~{slop}" if slop else "")
        case Prefix(text):
            return _escaped(text) + "*"
        case Fuzzy(text, edits):
            return _escaped(text) + (f"~{edits}" if edits else "~")
        case Term(text):
            return _escaped(text)


def _filter(node: Node) -> str:
    match node:
        case Tagged(kind, name, exact):
            return f"{kind}:{'=' if exact else ''}{_value(name)}"
        case Untagged(kind):
            return f"{kind}:none"
        case Site(host):
            return f"site:{_value(host)}"
        case By(name):
            return f"by:{_value(name)}"
        case Lang(code):
            return f"lang:{_value(code)}"
        case Is(state):
            return f"is:{state}"
        case Has(part):
            return f"has:{part}"
        case Dates():
            return _dates(node)
        case _:
            raise TypeError(f"not a query: {node!r}")


def _dates(node: Dates) -> str:
    first, end = node.first, node.end
    clipped = node.field == "clipped"
    if end is None:
        return f"clipped:{_short(first)}.." if clipped else f"after:{_short(first)}"
    if first is None:
        return f"clipped:..{_last(end)}" if clipped else f"before:{_short(end)}"
    whole = [text for text, last in _periods(first) if last == end]
    span = whole[0] if whole else f"{first.isoformat()}..{_last(end)}"
    return f"{'clipped' if clipped else 'date'}:{span}"


def _short(day: date | None) -> str:
    """The year or month alone when `day` is its first; a period so written begins on `day`."""
    if day is None:
        raise TypeError("dates need a first day or an end")
    return next(_periods(day))[0]


def _periods(first: date) -> Iterator[tuple[str, date | None]]:
    """The year, the month and the day that begin with `first`, and the day after each; None at the calendar's end."""
    text = first.isoformat()
    if (first.month, first.day) == (1, 1):
        yield text[: len("YYYY")], first.replace(year=first.year + 1) if first.year < MAXYEAR else None
    if first.day == 1:
        yield text[: len("YYYY-MM")], _after(first, 31, day=1)
    yield text, _after(first, 1)


def _after(first: date, days: int, **fields: int) -> date | None:
    try:
        return (first + timedelta(days=days)).replace(**fields)
    except OverflowError:
        return None


def _last(end: date) -> str:
    return (end - timedelta(days=1)).isoformat()


def _escaped(word: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + found.group(), word)


def _quoted(words: str) -> str:
    return '"' + _QUOTES.sub(lambda found: "\\" + found.group(), words) + '"'


def _value(text: str) -> str:
    plain = _PLAIN_VALUE.fullmatch(text) and text.casefold() not in _KEYWORDS and text not in ("AND", "OR", "NOT")
    return text if plain else _quoted(text)
