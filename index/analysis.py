"""Text becomes tokens: which words stand where, folded and stemmed. The only file that knows the stemmers.

One analyser for all languages; the choice is made per word, by its script, so a query needs no language and an
article may mix them. A token carries its folded word and, where it differs, its stem written "~stem"; positions
count words (characters, in scripts written without blanks); `text[token.start:token.end]` is what was read.

- Latin words are stemmed by the article's language (Snowball), English when unknown; Cyrillic as Russian, Arabic,
  Greek, Devanagari as Hindi, Tamil, Armenian by script. Hebrew is not stemmed: `wanted` expands its prefixes.
- Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese: every character and every pair of neighbours.
- A hyphenated word gives its parts and, at the place of the first, the parts joined, as a stem only
  (e-mail: e, mail, ~email): found by its forms, but no word that was written.
- Possessive 's is dropped; French and Italian articles are cut off (l'homme: l, homme); other apostrophes vanish.
- Acronyms lose their dots (U.S.: us); thousands lose their commas (1,000: 1000); C++ and C# keep their signs.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from index.folding import APOSTROPHES, GERSHAYIM, fold, folds_by_letter

ANALYSER = f"words/2 snowball/{Stemmer.version()} unicode/{unicodedata.unidata_version}"
"""Part of an index's format. Raise the first number whenever the tokens of any text change."""
STEM = "~"  # begins no word

_BY_LANGUAGE = {
    "ca": "catalan", "da": "danish", "de": "german", "en": "english", "es": "spanish", "et": "estonian",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hu": "hungarian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_BY_SCRIPT = (
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x052F, "russian"),
    (0x0530, 0x058F, "armenian"),
    (0x0600, 0x077F, "arabic"),
    (0x0900, 0x097F, "hindi"),
    (0x0B80, 0x0BFF, "tamil"),
)
_LATIN_ENDS = 0x024F
_LATIN_ADDITIONAL = range(0x1E00, 0x1F00)

_ELISIONS = frozenset(
    "c d j l m n s t qu jusqu lorsqu puisqu quoiqu un dell nell all sull dall quell bell sant".split()  # noqa: SIM905
)
_VOWELS = frozenset("aeiouyh")

_JOINERS = "\u00ad\u200c\u200d\u200e\u200f\u2060\ufeff"
_B = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecf\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u1100-\u11ff\u1780-\u17d3"
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\uff66-\uff9f\uffa0-\uffdc\U00020000-\U0003ffff"
)


def _marks() -> str:
    """A regular expression's class of combining marks, which `\\w` leaves out (points of Hebrew, vowels of Hindi)."""
    marks = [code for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in ("Mn", "Mc")]
    ranges: list[list[int]] = []
    for code in marks:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_M = _marks() + _JOINERS
_W = rf"[^\W_{_B}]+(?:[{_M}]+[^\W_{_B}]*)*"
_L = rf"[^\W\d_{_B}]"
_TOKEN = re.compile(
    rf"""
      (?<!\w)(?P<acronym>(?:{_L}\.)+{_L}(?!\w)\.?)
    | (?P<number>\d+(?:[.,]\d+)+)(?!\w)
    | (?<!\w)(?P<sign>[A-Za-z](?:\+\+|\#))(?!\w)
    | (?P<word>{_W}(?:(?:[{APOSTROPHES}׳]|(?<=[א-ת])[{GERSHAYIM}](?=[א-ת])){_W})*)
    | (?P<run>[{_B}][{_B}{_M}]*)
    """,
    re.VERBOSE,
)
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
MOST_LETTERS = 100  # what is longer is no word (base64, addresses); it is told apart by its beginning
_HYPHENS = frozenset("-‐‑־")
_MOST_JOINED = 3  # parts of a word that is also kept joined: e-mail, co-operate, mother-in-law


class Token(NamedTuple):
    """`terms`: the folded word, and "~stem" where the stem differs; `start`, `end`: offsets into the text.

    Only for parts joined, "~stem" stands alone.
    """

    terms: tuple[str, ...]
    position: int
    start: int
    end: int


class Word(NamedTuple):
    """A folded word before stemming. `length` in positions: 1, or the characters of a run; `is_run`: see above."""

    text: str
    position: int
    length: int
    start: int
    end: int
    is_run: bool


def tokens(text: str, language: str) -> Iterator[Token]:
    """Every token of `text` in an article of `language` (BCP 47), by position; tokens may share one."""
    return _tokens(text, read_words(text), stemmer_of(language))


def chunk_tokens(chunk: str, stemmer: str) -> tuple[int, tuple[Token, ...]]:
    """How many positions `chunk` has, and its tokens. No token reaches over a blank (`str.split`), so the tokens of a
    text are those of its chunks, moved on."""
    words = read_words(chunk)
    positions = words[-1].position + words[-1].length if words else 0
    return positions, tuple(_tokens(chunk, words, stemmer))


_AROUND_WORDS = ".,;:!?()[]“”‘’\"'…–—"


def plain_word(chunk: str) -> str | None:
    """The only word of a chunk that is nothing but that, in ASCII, and signs around it; None for any other chunk.

    It is its own folded form, and has no hyphen, apostrophe or dot to be read in another way.
    """
    word = chunk if chunk.isalnum() else chunk.strip(_AROUND_WORDS)
    return word[:MOST_LETTERS].lower() if word.isascii() and word.isalnum() else None


def lone_words(chunks: Sequence[str]) -> list[str | None]:
    """Of each chunk, as `plain_word`; and words of other letters that fold one by one, folded. None for any other."""
    bare = [chunk if chunk.isalnum() else chunk.strip(_AROUND_WORDS) for chunk in chunks]
    return [
        (word[:MOST_LETTERS].lower() if word.isalnum() else None)
        if word.isascii()
        else (fold(word)[:MOST_LETTERS] if folds_by_letter(word) else None)
        for word in bare
    ]


def _tokens(text: str, words: list[Word], stemmer: str) -> Iterator[Token]:
    joined = dict(_joined(text, words))
    for word in words:
        folded, position, _, start, end, is_run = word
        if is_run:
            yield from _of_run(text, word)
            continue
        yield Token(terms_of_word(folded, stemmer), position, start, end)
        if position in joined:
            whole, whole_end = joined[position]
            yield Token((stem_term(whole, stemmer),), position, start, whole_end)


def length_of(found: list[Token]) -> int:
    """How many positions a text has."""
    return found[-1].position + 1 if found else 0


def terms_of(word: str, stemmer: str) -> tuple[str, ...]:
    """A folded word's terms; `stemmer` is for Latin words, others go by script."""
    term = stem_term(word, stemmer)
    return (word,) if term == STEM + word else (word, term)


terms_of_word = lru_cache(maxsize=20_000)(terms_of)  # about 5 MB when full


def stem_term(word: str, stemmer: str) -> str:
    """The term at which the forms of a folded word meet: "~stem", with the stemmer's name unless it is the English one.

    Without the name a query's German stem would meet English words: "forest" would find every "for".
    """
    stem = stem_of(word, stemmer)
    return f"{STEM}{stem}:{stemmer}" if stemmer != "english" and is_latin(word) and word.isalpha() else STEM + stem


def stemmer_of(language: str) -> str:
    """The stemmer for Latin words in an article of `language`; English when there is none of its own."""
    return _BY_LANGUAGE.get(language.partition("-")[0].lower(), "english")


def stemmers_of(languages: Iterable[str]) -> tuple[str, ...]:
    """The stemmers to try on a query over articles in `languages`: English first, each once."""
    return tuple(dict.fromkeys(["english", *sorted(map(stemmer_of, languages))]))


def is_latin(word: str) -> bool:
    return ord(word[0]) <= _LATIN_ENDS or ord(word[0]) in _LATIN_ADDITIONAL


def stem_of(word: str, stemmer: str) -> str:
    """The stem of a folded word; the word itself when it has digits or its script has no stemmer."""
    if not word.isalpha() and any(map(str.isdigit, word)):
        return word
    if is_latin(word):
        return _stem(stemmer, word)
    code = ord(word[0])
    for first, last, script_stemmer in _BY_SCRIPT:
        if first <= code <= last:
            return _stem(script_stemmer, _with_ta_marbuta(word) if script_stemmer == "arabic" else word)
    return word


def plain_stems(words: Sequence[str], stemmer: str) -> list[str]:
    """The stems of words of ASCII letters and digits, as in `stem_term` but for the sign."""
    stems = Stemmer.Stemmer(stemmer, 0).stemWords(words)
    ending = "" if stemmer == "english" else f":{stemmer}"
    return [f"{stem or word}{ending}" if word.isalpha() else word for word, stem in zip(words, stems, strict=True)]


def _with_ta_marbuta(word: str) -> str:
    """Folding made a final ta marbuta a ha; the stemmer takes either off, but a ta marbuta from shorter words too."""
    return word[:-1] + "ة" if word.endswith("ه") else word


_stemmers: dict[str, Stemmer.Stemmer] = {}
_stemming = threading.Lock()  # a Stemmer keeps its state in itself: one thread at a time


def _stem(stemmer: str, word: str) -> str:
    with _stemming:
        if stemmer not in _stemmers:
            _stemmers[stemmer] = Stemmer.Stemmer(stemmer, 0)
        return str(_stemmers[stemmer].stemWord(word)) or word


def read_words(text: str) -> list[Word]:
    """The folded words of `text` in order; a run of a script without blanks is one word of many positions."""
    words: list[Word] = []
    position = 0
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        kind = found.lastgroup
        raw = found.group()
        if kind == "word" and raw.isalnum() and raw.isascii():  # nearly all words of nearly all articles
            words.append(Word(raw[:MOST_LETTERS].lower(), position, 1, start, end, False))
            position += 1
            continue
        if kind == "run":
            run = fold(raw)
            if run:
                words.append(Word(run, position, len(run), start, end, True))
                position += len(run)
            continue
        for part, part_start, part_end in _parts(kind or "", raw, start, end):
            if part:
                words.append(Word(part[:MOST_LETTERS], position, 1, part_start, part_end, False))
                position += 1
    return words


def _parts(kind: str, raw: str, start: int, end: int) -> Iterable[tuple[str, int, int]]:
    """The folded words that a piece of text stands for, and where each stands."""
    if kind == "acronym":
        return ((fold(raw.replace(".", "")), start, end),)
    if kind == "number":
        return ((fold(raw.replace(",", "" if _THOUSANDS.fullmatch(raw) else ".")), start, end),)
    if kind == "word" and (mark := _APOSTROPHE.search(raw)):
        return _around_apostrophe(raw, mark.start(), start, end)
    return ((fold(raw), start, end),)


def _around_apostrophe(raw: str, mark: int, start: int, end: int) -> Iterable[tuple[str, int, int]]:
    if raw[-2] in APOSTROPHES and raw[-1] in "sS":
        raw = raw[:-2]
    before, after = fold(raw[:mark]), fold(raw[mark + 1 :])
    if before in _ELISIONS and after[:1] in _VOWELS and after:
        return ((before, start, start + mark), (after, start + mark + 1, end))
    return ((fold(raw), start, end),)


def _joined(text: str, words: list[Word]) -> Iterator[tuple[int, tuple[str, int]]]:
    """For each hyphenated word of two or three parts: the position of the first, the parts joined, where it ends."""
    at, final = 0, len(words) - 1
    while at < final:
        last = at
        while last < final and words[last + 1].start - words[last].end == 1 and text[words[last].end] in _HYPHENS:
            last += 1
        if last == at:
            at += 1
            continue
        parts = words[at : last + 1]
        if len(parts) <= _MOST_JOINED and all(part.text.isalpha() and not part.is_run for part in parts):
            yield parts[0].position, ("".join(part.text for part in parts), parts[-1].end)
        at = last + 1


def _of_run(text: str, run: Word) -> Iterator[Token]:
    """Each character and each pair. Where folding changed the run's length, every token spans the whole run."""
    in_step = run.end - run.start == len(run.text)
    for index, character in enumerate(run.text):
        start, end = (run.start + index, run.start + index + 1) if in_step else (run.start, run.end)
        yield Token((character,), run.position + index, start, end)
        if index + 1 < len(run.text):
            pair = run.text[index : index + 2]
            yield Token((pair,), run.position + index, start, end + 1 if in_step else end)
