"""Places whose names are spelt by ear: "Ayn Issa", "Qameshli". Only inside countries that the story names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from webapp.evidence import Where
from webapp.place_keys import sound_key
from webapp.places import Gazetteer
from webapp.suggest.places_facts import cues, words
from webapp.suggest.places_match import Span
from webapp.suggest.places_resolve import Reference
from webapp.suggest.places_text import Reading, Word

_MOST_WORDS = 3
_ESTABLISHED = 3  # mentions of a country before its places are listened for; taste
_MOST_PIECES = 400  # of a story


def heard(
    reading: Reading, texts: dict[Where, str], references: list[Reference], spans: Iterable[Span], gazetteer: Gazetteer
) -> list[Reference]:
    """References to places that no spelling in the gazetteer matches but one sound does."""
    named = Counter(country for reference in references for country in reference.countries)
    countries = [country for country, times in named.items() if times >= _ESTABLISHED]
    if not countries:
        return []
    taken = {at for span in spans for at in range(span.first, span.after)}
    pieces = list(_pieces(reading.words, taken))[:_MOST_PIECES]
    sounds = {piece: sound_key(_text(reading.words, *piece)) for piece in pieces}
    known = gazetteer.sounding([sound for sound in sounds.values() if sound], countries)
    found: list[Reference] = []
    end = 0
    for first, after in pieces:
        place = known.get(sounds[first, after])
        if place is None or first < end:
            continue
        end = after
        begin, last = reading.words[first], reading.words[after - 1]
        quote = texts[begin.where][begin.start : last.end]
        span = Span(first, after, begin.where, begin.start, last.end, quote, "", begin.weight, marks={"locative"})
        found.append(Reference(span, place.tag_id, (place.country,), place.sort, place))
    return found


def _pieces(all_words: tuple[Word, ...], taken: set[int]) -> Iterable[tuple[int, int]]:
    """(first, after) of runs of capitals that stand where a place is named, longest first at each beginning."""
    common, locatives = words("ambiguous"), cues("locatives")
    for first, word in enumerate(all_words):
        if first in taken or not _is_name(word, common):
            continue
        before = all_words[first - 1] if first and all_words[first - 1].block == word.block else None
        is_locative = before is not None and before.key in locatives and not word.gap.strip()
        after = first + 1
        while (
            after < len(all_words) and after - first < _MOST_WORDS and _goes_on(all_words[after], word, taken, common)
        ):
            after += 1
        for end in range(after, first, -1):
            if is_locative or end - first > 1:
                yield first, end


def _goes_on(word: Word, begin: Word, taken: set[int], common: frozenset[str]) -> bool:
    return word.block == begin.block and word.gap in (" ", "-", "\u00a0") and _is_name(word, common)


def _is_name(word: Word, common: frozenset[str]) -> bool:
    return word.is_capital and not word.is_shouted and word.key.isalpha() and word.key not in common


def _text(all_words: tuple[Word, ...], first: int, after: int) -> str:
    return " ".join(word.raw for word in all_words[first:after])
