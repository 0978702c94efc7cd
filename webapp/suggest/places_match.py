"""Finds names: the longest run of words that the lexicon, the reader's own names or the gazetteer know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from webapp.evidence import Where
from webapp.place_keys import both_ends, first_words, last_words, name_key, word_key
from webapp.places import Found, Gazetteer
from webapp.suggest.places_lexicon import Lexicon, Meaning
from webapp.suggest.places_text import Reading, Word, is_cjk

_SHORT_ABBREVIATION = 3  # "St. Louis", "Ft. Worth"
MOST_WORDS = 5  # of a name: "Democratic Republic of the Congo"
_MOST_UNCASED = 3  # where any word may begin a name
_MOST_SPANS = 4_000  # of a story; nothing that is read as one has more
_GAP = re.compile(r"[ \u00a0\-‐‑־'’]{1,2}|\n|\. ?")
_CJK_LONGEST = 10
# Languages that write the adjectives of countries in lower case: "les forces syriennes".
_LOWER_PEOPLE = {
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "ca",
    "nl",
    "pl",
    "cs",
    "sv",
    "da",
    "no",
    "fi",
    "ro",
    "hu",
    "ru",
    "uk",
    "bg",
}
_SMALLEST_UNCASED = 100_000  # people of a place whose name is looked for where no capital marks it


@dataclass(slots=True)
class Span:
    """A name in the text: words[first:after], and all it may mean."""

    first: int
    after: int
    where: Where
    start: int
    end: int
    quote: str
    key: str
    weight: float
    meanings: tuple[Meaning, ...] = ()
    found: tuple[Found, ...] = ()
    own_tag: str | None = None  # what the reader said it means; "" for "no place"
    marks: set[str] = field(default_factory=set)


def find_spans(
    reading: Reading,
    texts: Mapping[Where, str],
    lexicon: Lexicon,
    gazetteer: Gazetteer,
    own: Mapping[str, str],
) -> list[Span]:
    """Every name, in the order of the text; names do not overlap. `own`: key → tag id or ""."""
    words = reading.words
    offers = [_offers(words, at, lexicon.language, reading) for at in range(len(words))]
    cjk = [at for at, word in enumerate(words) if not word.is_cased and is_cjk(word.raw)]
    keys = {key for offered in offers for _, some in offered for key in some}
    keys |= {key for at in cjk for key in _cjk_pieces(words[at].raw)}
    known = gazetteer.named([key for key in keys if key not in own and len(key) > 1])
    spans: list[Span] = []
    at = 0
    while at < len(words) and len(spans) < _MOST_SPANS:
        if not words[at].is_cased and is_cjk(words[at].raw):
            spans += _cjk_spans(words, at, texts, lexicon, known, own)
            at += 1
            continue
        offered = offers[at]
        span = _longest(words, at, offered, texts, lexicon, known, own, reading) if offered else None
        if span:
            spans.append(span)
            at = span.after
        else:
            at += 1
    return spans


def _offers(words: tuple[Word, ...], at: int, language: str, reading: Reading) -> list[tuple[int, list[str]]]:
    """(how many words, the keys they may make), longest first, of the names that may begin at `at`."""
    word = words[at]
    if not word.key or (word.is_cased and not word.is_capital and not _may_be_lower(word, language, reading)):
        return []
    firsts = first_words(word.raw)
    offers = [(1, list(dict.fromkeys([*firsts, *last_words(word.raw, language), *both_ends(firsts)])))]
    middle = ""
    for after in range(at + 2, min(len(words), at + (MOST_WORDS if word.is_cased else _MOST_UNCASED)) + 1):
        last = words[after - 1]
        if last.block != word.block or not _joins(words[after - 2], last):
            break
        if not word.is_capital or last.is_capital or not last.is_cased or after - at == 2:
            lasts = last_words(last.raw, language)
            offers.append((after - at, [f"{begin}{middle}-{end}" for begin in firsts for end in lasts]))
        middle += f"-{last.key}"
    offers.reverse()
    return offers


def _may_be_lower(word: Word, language: str, reading: Reading) -> bool:
    return language in _LOWER_PEOPLE or not reading.has_capitals or "\u0400" <= word.raw[0] <= "\u04ff"


def _joins(before: Word, word: Word) -> bool:
    gap = word.gap
    if gap == " ":
        return True
    return _GAP.fullmatch(gap) is not None and ("." not in gap or len(before.raw) <= _SHORT_ABBREVIATION)


def _longest(
    words: tuple[Word, ...],
    at: int,
    offered: list[tuple[int, list[str]]],
    texts: Mapping[Where, str],
    lexicon: Lexicon,
    known: Mapping[str, tuple[Found, ...]],
    own: Mapping[str, str],
    reading: Reading,
) -> Span | None:
    word = words[at]
    for count, keys in offered:
        for key in keys:
            last = words[at + count - 1]
            mine = own.get(key)
            meanings = _fitting(lexicon.meanings(key), word, count, lexicon.language, reading)
            found = known.get(key, ()) if _may_be_place(word, last, key) else ()
            if count > 1 and word.is_capital and last.is_cased and not last.is_capital:
                meanings = tuple(meaning for meaning in meanings if meaning.is_phrase)  # "French fries"
            if not word.is_cased:
                found = tuple(place for place in found if _is_well_known(place))
            if mine is None and not meanings and not found:
                continue
            quote = texts[word.where][word.start : last.end]
            return Span(
                at, at + count, word.where, word.start, last.end, quote, key, word.weight, meanings, found, mine
            )  # fmt: skip
    return None


def _fitting(
    meanings: tuple[Meaning, ...], word: Word, count: int, language: str, reading: Reading
) -> tuple[Meaning, ...]:
    """The meanings that agree with how the name is written."""
    if not meanings:
        return ()
    if word.is_cased and not word.is_capital:
        lower = language in _LOWER_PEOPLE or "\u0400" <= word.raw[0] <= "\u04ff"
        is_plain = not reading.has_capitals
        return tuple(
            meaning
            for meaning in meanings
            if meaning.sort == "none" or (is_plain and not meaning.is_code) or (lower and meaning.sort == "people")
        )
    if count == 1 and any(meaning.is_code for meaning in meanings) and not word.is_shouted:
        return tuple(meaning for meaning in meanings if not meaning.is_code)
    return meanings


def _is_well_known(place: Found) -> bool:
    """Whether a place is looked for where no capital marks a name: areas are called 'the South' and 'camp'."""
    return place.sort in ("place", "capital") and place.population >= _SMALLEST_UNCASED


def _may_be_place(word: Word, last: Word, key: str) -> bool:
    return len(key) > 2 and not (word.is_cased and not word.is_capital) and not (last.is_cased and not last.is_capital)


def _cjk_pieces(raw: str) -> list[str]:
    return [raw[at : at + size] for at in range(len(raw)) for size in range(2, min(_CJK_LONGEST, len(raw) - at) + 1)]


def _cjk_spans(
    words: tuple[Word, ...],
    at: int,
    texts: Mapping[Where, str],
    lexicon: Lexicon,
    known: Mapping[str, tuple[Found, ...]],
    own: Mapping[str, str],
) -> Iterator[Span]:
    """Names inside a run of letters without spaces, longest first from the left."""
    word, begin = words[at], 0
    raw = texts[word.where][word.start : word.end]
    while begin < len(raw) - 1:
        for size in range(min(_CJK_LONGEST, len(raw) - begin), 1, -1):
            key = word_key(raw[begin : begin + size])
            meanings = tuple(each for each in lexicon.meanings(key) if not each.is_code)
            found = tuple(
                place
                for place in known.get(key, ())
                if place.population >= 3 * _SMALLEST_UNCASED and _is_well_known(place)
            )
            if key in own or meanings or found:
                start = word.start + begin
                yield Span(
                    at, at + 1, word.where, start, start + size, raw[begin : begin + size], key, word.weight,
                    meanings, found, own.get(key),
                )  # fmt: skip
                begin += size - 1
                break
        begin += 1


def own_names(meanings: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """What the reader said about words, by our keys; a meaning wins over a name."""
    return {name_key(name): tag_id for name, tag_id in [*names.items(), *meanings.items()] if name_key(name)}
