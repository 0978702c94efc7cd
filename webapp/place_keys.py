"""The key of a name: what makes 'Москве' and 'МОСКВА' one, 'العراق' and 'والعراق' one, "Xi'an" and 'Xi’an' one.

Names in the vocabulary, in the facts and in the gazetteer and the words of a text go through the same functions, so
only what they have in common is compared. Pure. The gazetteer's builder uses them too: changing a rule means building
it again (tests/test_gazetteer.py says so when it was forgotten).
"""

from __future__ import annotations

import re
from functools import lru_cache

from webapp.tags import fold

# Case endings of Russian nouns and adjectives as they are after folding (й is и, ё is е); longest first. Cut from both
# sides of a comparison, so it matters only that one word always gives one stem. Source: Russian grammar.
_CYRILLIC_ENDING = re.compile(
    r"(?<=[а-яіїєґ]{3})(?:иями|иях|иям|иеи|иею|ями|ами|ого|его|ому|ему|ыми|ими|ою|ею|ую|юю|ая|яя|ое|ее|ые|ие|ых|их|ым|им"
    r"|ом|ем|ои|еи|ыи|ии|ия|ию|ью|ам|ям|ах|ях|ов|ев|[уюаяоеыиьэі])$"
)
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_ARABIC = re.compile(r"[\u0620-\u06ff]")
_HEBREW = re.compile(r"[\u05d0-\u05ea]")
_ARABIC_ARTICLE = re.compile(r"^ال(?=..)")

# What is written together with the word after it: and, in, to, from, that, as, the (Hebrew); and, so, in, to, as.
_HEBREW_PREFIX = re.compile(r"^(?:ו?(?:כש[בלמה]?|ש[בלמה]?|מה|בה|לה|ה|ב|ל|מ|כ)|ו)(?=..)")
_ARABIC_PREFIX = re.compile(r"^(?:[وف]?(?:بال|كال|لل|ال|[بلك])|[وف])(?=..)")
_ALIF = str.maketrans({"ٱ": "ا", "ئ": "ي", "ؤ": "و"})

# Turkish: number and case written to the word without an apostrophe, after folding (ı is i). Source: Turkish grammar.
_TURKISH_ENDING = re.compile(
    r"(?<=...)(?:l[ea]r(?:[iu](?:n(?:i|e|a|den|dan|de|da)?)?|e|a|d[ea]n?|l[ea])?|n[iu]n|[iu]n|y[iu]|y[ea]|[dt][ea]n?|y?l[ea]|[iuea])$"
)
_ENDINGS = {
    "tr": _TURKISH_ENDING,
    "de": re.compile(r"(?<=...)(?:e[nrsm]?|s|n|innen|in)$"),
    "fr": re.compile(r"(?<=...)(?:es|s)$"),
    "es": re.compile(r"(?<=...)(?:es|s)$"),
}
# Feminine and plural of Hebrew and Arabic adjectives, after folding (ta marbuta is he).
_UNCASED_ENDINGS = ("ת", "ם", "ים", "ות", "ה", "ه", "ين", "ون", "ان", "ات", "يه", "يين", "يون", "يات")
_SHORTEST_STEM = 3
_MOST_ENDINGS = 3  # that one Turkish word carries: "Suriyelilerin"


@lru_cache(maxsize=20_000)
def word_key(word: str) -> str:
    """The key of one word, without Cyrillic case endings and without the Arabic article."""
    key = fold(word)
    if key.isascii():
        return key
    if _CYRILLIC.search(key):
        return "-".join(_CYRILLIC_ENDING.sub("", part) for part in key.split("-"))
    if _ARABIC.search(key):
        return "-".join(_ARABIC_ARTICLE.sub("", part.translate(_ALIF)) for part in key.split("-"))
    return key


def name_key(name: str) -> str:
    """The key of a name of several words, joined by hyphens."""
    return "-".join(key for part in name.split() if (key := word_key(part)))


def first_words(word: str) -> tuple[str, ...]:
    """The keys that the first word of a name may have: itself, and without what is written together with it."""
    key = word_key(word)
    if key.isascii():
        return (key,)
    prefix = _HEBREW_PREFIX if _HEBREW.search(key) else _ARABIC_PREFIX if _ARABIC.search(key) else None
    shorter = prefix.sub("", key) if prefix else key
    if shorter == key:
        return (key,)
    one_letter = key[1:] if len(key) > _SHORTEST_STEM else shorter
    return tuple(dict.fromkeys((key, word_key(shorter), word_key(one_letter))))


def last_words(word: str, language: str) -> tuple[str, ...]:
    """The keys that the last word of a name may have: itself, and without endings, those of `language` for Latin."""
    key = word_key(word)
    if not key.isascii() and (_HEBREW.search(key) or _ARABIC.search(key)):
        return (key, *_without_endings(key))
    ending = _ENDINGS.get(language)
    if ending is None or not key:
        return (key,)
    found = [key]
    while len(found) <= _MOST_ENDINGS and (shorter := ending.sub("", found[-1])) != found[-1]:
        found.append(shorter)
    if language in ("fr", "es") and key.endswith("es"):
        found.append(key[:-1])
    return tuple(found)


def both_ends(firsts: tuple[str, ...]) -> list[str]:
    """Keys of one word, whose beginnings are `firsts`, without its endings too: 'והסורים'."""
    return [shorter for begin in firsts[1:] for shorter in _without_endings(begin)]


def _without_endings(key: str) -> list[str]:
    if key.isascii():
        return []
    return [key[: -len(end)] for end in _UNCASED_ENDINGS if key.endswith(end) and len(key) - len(end) >= _SHORTEST_STEM]


# How names from Arabic, Persian and Hebrew letters are spelt by ear; pairs are replaced in this order (taste, held by a
# table in the tests). One spelling's key is compared only with keys made the same way, inside one country.
_BY_EAR = (
    ("ph", "f"), ("kh", "h"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("tz", "z"), ("ts", "z"), ("ou", "u"), ("oo", "u"),
    ("ee", "i"), ("aa", "a"), ("ai", "ay"), ("ei", "ay"), ("ey", "ay"), ("q", "k"), ("c", "k"), ("e", "i"), ("o", "u"),
    ("j", "g"), ("w", "v"),
)  # fmt: skip
_ARTICLES = re.compile(r"^(?:al|el|ad|as|ar|at|az|an|ash|esh|es|er|ed|et|ha)-")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=5_000)
def sound_key(name: str) -> str:
    """How `name` sounds, roughly: "Ain Issa" and "‘Ayn ‘Īsá" give the same. "" for what is too short to tell."""
    key = _ARTICLES.sub("", name_key(name))
    if not key.isascii():
        return ""
    for written, heard in _BY_EAR:
        key = key.replace(written, heard)
    key = _TWICE.sub(r"\1", key)
    key = re.sub(r"y\b", "i", key)
    key = re.sub(r"ah?\b", "a", key)
    key = re.sub(r"h\b", "", key)
    return key if len(key) >= 5 else ""
