"""Invented words in plausible shapes, for `benchmarks.corpus`. Pure."""

from __future__ import annotations

import numpy as np

LANGUAGES = {"en": 0.89, "he": 0.03, "ru": 0.03, "ar": 0.02, "de": 0.02, "zh": 0.01}
"""Language and its share of the articles; taste: an archive of one reader of English who knows others."""

_FUNCTION_WORDS = """
    the of and to in a is that for it on as with was be by this from are at or an have not you he his but they has
    had we were all their which will one can her there been if more when no out up so said what about into than its
    who them some time would my only other new these two may then do first any like now such our over even most made
    after also did many off before must well back through years where much your way down should because long each
    just those people him she how too us here
"""
FUNCTION_WORDS = _FUNCTION_WORDS.split()
"""The most frequent English words, which no invented one replaces: phrases and the language guess need them."""

ENGLISH_STEMS, FOREIGN_WORDS = 22_000, 9_000
_ENDINGS = ("s", "ed", "ing", "er", "ion", "ness")
"""What English stemmers take off. Not -ly, which Porter's first leaves on and his second takes off: engines should find
the same, or they cannot be compared (of 120 questions 3 totals differ, with -ly 34)."""

_SHORT = 4_000  # frequent words are short (Zipf's other law); so many stems have at most two syllables
_ENDING_SHARE = 0.35  # of its stem's frequency, each; taste

_ONSETS = ("", "b", "br", "d", "dr", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w", "z")
_NUCLEI = ("a", "e", "i", "o", "u", "ea", "ou")
_CODAS = ("", "", "n", "r", "l", "t", "m", "nd", "st")
_SYLLABLES = [onset + nucleus + coda for onset in _ONSETS for nucleus in _NUCLEI for coda in _CODAS]

_ALPHABETS = {
    "he": ("אבגדהוזחטיכלמנסעפצקרשת", ""),
    "ar": ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", ""),
    "ru": ("бвгджзклмнпрстфхцчш", "аеиоуыяю"),
    "de": ("bdfghklmnprstwz", "aeiouäöü"),
}
_HAN = (0x4E00, 3_000)  # first character, how many


def invented(number: int) -> str:
    """The invented word of this number: distinct numbers below 3 thousand million give distinct words (nearly)."""
    spread = number * 2_654_435_761 % 2**32  # Knuth's multiplicative hash: neighbours get unlike words
    word = ""
    while spread or len(word) < 3:
        spread, syllable = divmod(spread, len(_SYLLABLES))
        word += _SYLLABLES[syllable]
    return word


def english_words(chance: np.random.Generator) -> list[str]:
    """Function words first, then invented ones with their inflected forms, by falling frequency."""
    weights = {word: 1.0 / (rank + 1) for rank, word in enumerate(FUNCTION_WORDS)}
    lengths = chance.integers(1, 4, ENGLISH_STEMS)
    syllables = chance.integers(0, len(_SYLLABLES), (ENGLISH_STEMS, 3))
    endings = chance.random((ENGLISH_STEMS, len(_ENDINGS))) < 0.3  # a noun has no -ing, a verb no -ly
    for rank in range(ENGLISH_STEMS):
        syllable_count = min(lengths[rank], 2) if rank < _SHORT else lengths[rank]
        stem = "".join(_SYLLABLES[place] for place in syllables[rank, :syllable_count])
        if len(stem) < 3:
            continue
        weight = 1.0 / (len(FUNCTION_WORDS) + rank)
        weights.setdefault(stem, weight)
        for ending, has in zip(_ENDINGS, endings[rank], strict=True):
            if has:
                weights.setdefault(stem + ending, weight * _ENDING_SHARE)
    return sorted(weights, key=lambda word: -weights[word])


def foreign_words(language: str, chance: np.random.Generator) -> list[str]:
    """Words in another script, the most frequent first, those short."""
    if language == "zh":
        pairs = _HAN[0] + chance.integers(0, _HAN[1], (FOREIGN_WORDS, 2))
        return [chr(first) + (chr(second) if rank % 3 else "") for rank, (first, second) in enumerate(pairs)]
    consonants, vowels = (list(letters) for letters in _ALPHABETS[language])
    words = []
    for rank in range(FOREIGN_WORDS):
        letters = chance.choice(consonants, 2 + min(rank, 3) + int(chance.integers(0, 3)))
        if vowels:
            between = chance.choice(vowels, len(letters))
            letters = [letter for pair in zip(letters, between, strict=True) for letter in pair][: len(letters) + 1]
        words.append("".join(letters))
    return list(dict.fromkeys(words))
