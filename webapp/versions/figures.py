"""Figures that changed: the numbers in what was replaced, in digits of any script or in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from webapp.versions.values import Figure
from webapp.versions.words import Stretch, Tokens

_AROUND = 5  # tokens shown before and after a figure; taste
_SIGNS = "%٪‰€$£¥₪₽₹₺"

_IN_WORDS = {  # the numbers that newspapers write out
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand "
    "thousands million millions billion billions trillion dozen dozens half twice",
    "de": "null zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig hundert "
    "tausend hunderte tausende million millionen milliarde milliarden dutzend",
    "fr": "zéro deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze vingt trente quarante "
    "cinquante soixante cent cents mille million millions milliard milliards douzaine",
    "es": "cero dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta "
    "cuarenta cincuenta cien cientos mil miles millón millones docena",
    "ru": "два две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать двадцать тридцать сорок "
    "пятьдесят сто двести тысяча тысячи тысяч миллион миллиона миллионов миллиард миллиардов",
}
_WORDS = frozenset(word for words in _IN_WORDS.values() for word in words.split())
_JOINED = re.compile(r"[-’']")
_HAN = re.compile(r"[一二三四五六七八九十百千万億亿兆两〇]")


def figures_of(stretches: Iterable[Stretch], old: Tokens, new: Tokens) -> Iterator[Figure]:
    """The figures that differ in each replaced stretch, paired in order where there are as many on both sides."""
    for stretch in stretches:
        if stretch.is_same:
            continue
        before, after = _figures_in(old, *stretch.old), _figures_in(new, *stretch.new)
        if not before or not after:
            continue
        if len(before) == len(after):
            paired = list(zip(before, after, strict=True))
        else:
            paired = [(_joined(before), _joined(after))]
        for (was, was_key, _), (now, now_key, place) in paired:
            if was_key != now_key:
                yield Figure(was, now, _around(new, place))


def is_figure(key: str) -> bool:
    """Whether a word is a number: with a digit of any script, or one that is written out."""
    if any(letter.isdigit() for letter in key) or _HAN.fullmatch(key):
        return True
    return all(part in _WORDS for part in _JOINED.split(key.casefold())) if key else False


def _figures_in(tokens: Tokens, first: int, last: int) -> list[tuple[str, str, int]]:
    """(as written, as compared, token) of each figure; neighbouring parts ("2.4 million", "12 %") are one."""
    numbers = [place for place in range(first, last) if is_figure(tokens.keys[place])]
    groups: list[list[int]] = []
    for place in numbers:
        if groups and place == groups[-1][-1] + 1:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [_figure(tokens, group) for group in groups]


def _figure(tokens: Tokens, group: Sequence[int]) -> tuple[str, str, int]:
    first, last = group[0], group[-1] + 1
    if last < len(tokens.keys) and tokens.keys[last] in _SIGNS:
        last += 1
    if first and tokens.keys[first - 1] in _SIGNS:
        first -= 1
    written = tokens.passage(first, last).strip()
    return written, _plain(written), first


def _plain(text: str) -> str:
    """With ASCII digits, without blanks and grouping, so that "1,200", "1 200" and "١٢٠٠" are one."""
    digits = "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in text.casefold())
    return re.sub(r"(?<=\d)[,'’\u066c\u00a0\u202f ](?=\d{3}(?!\d))|\s+", "", digits)


def _joined(figures: Sequence[tuple[str, str, int]]) -> tuple[str, str, int]:
    return ", ".join(one[0] for one in figures), " ".join(one[1] for one in figures), figures[0][2]


def _around(tokens: Tokens, place: int) -> str:
    first, last = max(0, place - _AROUND), min(len(tokens.keys), place + _AROUND + 1)
    before = "… " if first else ""
    start = tokens.starts[first]
    end = tokens.starts[last] if last < len(tokens.starts) else len(tokens.text)
    return before + tokens.text[start:end].strip() + (" …" if last < len(tokens.keys) else "")
