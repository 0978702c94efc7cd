"""Which differences between two spellings do not count: case, accents, vowel points, kinds of letters and quotes.

Pure. `fold` works on one word at a time, so that a token keeps its place in the text it came from.
Source: Unicode NFKC (UAX #15); the probe pairs of tests/test_analysis.py.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

APOSTROPHES = "'’‘ʼ‛`´＇"
GERSHAYIM = '"״“”„'  # between two Hebrew letters only

_APOSTROPHES = str.maketrans("", "", APOSTROPHES)
_ZEROS = [code for code in range(0x80, 0x10000) if unicodedata.decimal(chr(code), None) == 0]

_LETTERS = str.maketrans(
    {
        # Latin letters that Unicode does not take apart
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t",
        # Cyrillic: ё is optional in print; й is a letter of its own and stays
        "ё": "е",
        # Arabic: alef with hamza, madda or wasla; alef maqsura; ta marbuta; Persian kaf and ya as Arabic ones
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ـ": "",
        # Hebrew: geresh, gershayim, maqaf (a maqaf separates words before it comes here)
        "׳": "", "״": "", '"': "", "“": "", "”": "", "„": "",
        # decimal digits of all scripts
        **{chr(zero + digit): str(digit) for zero in _ZEROS for digit in range(10)},
        # invisible: soft hyphen, joiners, marks of direction
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff", ""),
    }
)  # fmt: skip
_KEEPS_MARKS = ((0x0400, 0x052F), (0x0900, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF))
"""Blocks where a combining mark makes another letter (й, Indic vowels, dakuten): Cyrillic, Brahmic, Khmer, kana."""


class _ByLetter(dict[int, str]):
    """The folded form of letters that fold one by one, whatever stands beside them."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


_by_letter = _ByLetter()
_LETTERS_ALONE = re.compile(
    "[A-Za-z0-9\u00c0-\u024f\u0400-\u0481\u048a-\u052f\u05d0-\u05ea\u0621-\u063a\u0641-\u064a]+"
)
"""Latin, Cyrillic, Hebrew and Arabic letters, without any mark of their own."""


def folds_by_letter(word: str) -> bool:
    return _LETTERS_ALONE.fullmatch(word) is not None


@lru_cache(maxsize=20_000)  # about 3 MB when full
def fold(word: str) -> str:
    """The form of `word` (one token) that is compared. Idempotent; may be empty for a word of marks only."""
    return word.translate(_by_letter) if folds_by_letter(word) else _fold(word)


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower().replace("'", "").replace("`", "").replace('"', "")
    folded = unicodedata.normalize("NFKC", word.translate(_APOSTROPHES)).casefold()  # NFKC makes ´ a blank and a mark
    return unicodedata.normalize("NFC", _without_marks(folded).translate(_LETTERS))


def _without_marks(word: str) -> str:
    kept: list[str] = []
    keeps_marks = False
    for character in unicodedata.normalize("NFD", word):
        if unicodedata.combining(character) == 0 and unicodedata.category(character) != "Mn":
            keeps_marks = any(low <= ord(character) <= high for low, high in _KEEPS_MARKS)
            kept.append(character)
        elif keeps_marks and character not in "\u0301\u0300":  # stress marks of Russian dictionaries
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))
