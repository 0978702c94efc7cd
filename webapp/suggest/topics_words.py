"""The words of a story as the matcher of topics reads them, and the stems by which their forms are one.

Stems are only ever compared with stems made here: they need not be words, they must be the same for the forms of one
word and differ for different words. Where an ending would make two words one ("hearing", "hear"), the lexicon asks for
the exact form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from webapp.tags import fold

LANGUAGES = ("en", "de", "fr", "es", "ru", "ar", "he", "tr")

_MARK = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
_WORD = re.compile(
    rf"(?:[^\W\d_]\.){{2,}}|[^\W_](?:[^\W_]|[{_MARK}])*(?:[&](?=[^\W_])[^\W_]+)?"
    rf"(?:['’ʼ׳״](?=[^\W_])(?:[^\W_]|[{_MARK}])+)?(?:(?<=[\u05d0-\u05ea])\"[\u05d0-\u05ea]+)?"
)
_POSSESSIVE = re.compile(r"['’ʼ]s$|['’ʼ]$", re.IGNORECASE)
_ELISION = re.compile(r"^(?:[ldnmsjtc]|qu)['’](?=\w\w)", re.IGNORECASE)
_SEED = re.compile(r"t-\d+$")
_JOINS = frozenset({" ", "-", "‐", "‑", "–", "\u00a0", "’", "'", "/", "&", " & "})


@dataclass(slots=True)
class Token:
    """A word: where it stands in its part, and how much it counts there."""

    start: int
    end: int
    raw: str
    weight: float


def tokens(text: str, start: int, end: int, weight: float) -> Iterator[Token]:
    """The words of `text[start:end]`; possessive 's and French articles left out."""
    for match in _WORD.finditer(text, start, end):
        first, last = match.span()
        raw = match.group()
        if len(raw) > 2 and ("'" in raw or "’" in raw or "ʼ" in raw):
            if elided := _ELISION.match(raw):
                first += elided.end()
                raw = raw[elided.end() :]
            shorter = _POSSESSIVE.sub("", raw)
            last -= len(raw) - len(shorter)
            raw = shorter
        yield Token(first, last, raw, weight)


def is_joined(text: str, one: Token, two: Token) -> bool:
    """Whether two neighbouring words may be parts of one phrase: nothing but a blank or a hyphen between them."""
    return one.end == two.start or text[one.end : two.start] in _JOINS


@lru_cache(maxsize=30_000)
def forms(word: str, language: str) -> tuple[str, ...]:
    """The keys under which a word of a text may be found, its own first: "=" and the word folded, then its stems."""
    key = fold(word).replace("-", "").replace("'", "")
    if not key:
        return ()
    return (f"={key}", *_stems(key, language))


def stem(word: str, language: str) -> str:
    """The one key of a word of the lexicon: its shortest reading without prefixes."""
    return forms(word, language)[1] if forms(word, language) else ""


def is_seed(tag_id: str) -> bool:
    """Whether a topic is one of IPTC's; the others are the reader's own."""
    return _SEED.match(tag_id) is not None


def language_of(text: str, told: str) -> str:
    """The language to read `text` in: what was told, where its script agrees; else by its script and small words."""
    sample = text[:4_000]
    for language, letters in _SCRIPTS:
        if len(letters.findall(sample)) > 0.2 * max(1, len(sample)):
            return language
    told = told.lower()[:2]
    if told and told not in ("ru", "ar", "he"):
        return told
    words = re.findall(r"[^\W\d_]+", sample.lower())[:400]
    counts = {language: sum(word in small for word in words) for language, small in SMALL_WORDS.items()}
    best = max(counts, key=lambda each: (counts[each], each == "en"))
    return best if counts[best] else "en"


def _stems(key: str, language: str) -> tuple[str, ...]:
    first = key[0]
    if "\u05d0" <= first <= "\u05ea":
        return _semitic(key, _HEBREW_PREFIX, _HEBREW_ENDING)
    if "\u0620" <= first <= "\u06ff":
        return _semitic(key.replace("ٱ", "ا").replace("أ", "ا").replace("إ", "ا"), _ARABIC_PREFIX, _ARABIC_ENDING)
    if "\u0400" <= first <= "\u04ff":
        return (_CYRILLIC_ENDING.sub("", key),)
    ending = _LATIN_ENDINGS.get(language)
    if ending is None:
        return (english_stem(key),)
    return (ending.sub("", key),)


def _semitic(key: str, prefix: re.Pattern[str], ending: re.Pattern[str]) -> tuple[str, ...]:
    found = [ending.sub("", key)]
    shorter = key
    for _ in range(2):
        shorter = prefix.sub("", shorter, count=1)
        found.append(ending.sub("", shorter))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=30_000)
def english_stem(word: str) -> str:
    """`word` without the endings of number, tense and -ing: "strikes", "striking" → "strik".

    Source: rules of English spelling; steps 1a and 1b of Porter (1980) with the final e taken off throughout.
    """
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        if word.endswith("ies") and len(word) > 4:
            word = f"{word[:-3]}y"
        elif word.endswith(("sses", "shes", "ches", "xes", "zes", "oes")):
            word = word[:-2]
        else:
            word = word[:-1]
    for ending in ("ing", "ed"):
        base = word[: -len(ending)]
        if word.endswith(ending) and len(base) >= 3 and re.search("[aeiouy]", base):
            word = base
            if word[-1] == word[-2] and word[-1] not in "lsz" and len(word) > 3:
                word = word[:-1]
            break
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    if word.endswith("y") and len(word) > 3:
        word = f"{word[:-1]}i"
    return word


_SCRIPTS = (
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("ar", re.compile("[\u0620-\u064a]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_SMALL = {
    "en": "the of and to in is that for was on with as by at from his her has have be not are said",
    "de": "der die das und ist nicht mit den von ein eine im auf für dem des sich auch wurde nach",
    "fr": "le la les des et est une un du dans pour que qui sur pas au avec par sont plus",
    "es": "el la los las de y en que un una por con para del se es no su al más",
    "tr": "ve bir bu için ile da de olarak olan çok daha gibi sonra en ise olduğu kadar her ne",
}
SMALL_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}

# Endings of number and case (and of the commonest verb forms), cut where three or four letters remain, after folding.
_CYRILLIC_ENDING = re.compile(
    r"(?<=[а-яіїєґ]{3})(?:иями|иях|иям|ями|ами|ого|его|ому|ему|ыми|ими|ую|юю|ая|яя|ое|ее|ые|ие|ых|их|ыи|ии|еи|ои|ым|им|ом|ем"
    r"|ам|ям|ах|ях|ов|ев|ия|ию|ью|ться|тся|лся|лась|лись|ла|ли|ло|ть|ет|ют|ит|ят|[уюаяоеыиьэ])$"
)
_HEBREW_PREFIX = re.compile(r"^(?:כש|[והבלמשכ])(?=.{3})")
_HEBREW_ENDING = re.compile(r"(?<=.{3})(?:יים|ים|ות|יות|ית|ה|ת|י)$")
_ARABIC_PREFIX = re.compile(r"^(?:وال|بال|كال|فال|لل|ال|[وفبلك])(?=.{3})")
_ARABIC_ENDING = re.compile(r"(?<=.{3})(?:يات|ات|ون|ين|ان|يه|ها|هم|ه|ي|ا)$")
_LATIN_ENDINGS = {
    "de": re.compile(r"(?<=.{4})(?:ungen|innen|ern|en|er|em|es|ete|eten|et|te|ten|e|n|s)$"),
    "fr": re.compile(r"(?<=.{3})(?:aient|ait|aux|eaux|ees|es|ent|er|ez|ee|e|s|x)$"),
    "es": re.compile(
        r"(?<=.{3})(?:aciones|acion|aron|ieron|ando|iendo|ados|adas|ado|ada|es|os|as|ar|er|ir|o|a|e|s)$"
    ),
    "tr": re.compile(
        r"(?<=.{3})(?:l[ae]r(?:i(?:n(?:i|e|a|den|dan|de|da)?)?)?(?:d[ae]n?)?|n[iu]n|[dt][ae]n?|s[iu](?:n[iu]|nd[ae]n?)?"
        r"|y?[iuae]|n[iuae])$"
    ),
}  # fmt: skip
