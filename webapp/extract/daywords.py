"""A day written out in words or figures: "19 November 2020", "Nov. 19, 2020", "19.11.2020", "2020年11月19日". Pure."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = (  # the beginnings of each month's names, January first
    "jan|enero|janvier|ינואר|янв|يناير",
    "feb|fév|fevereiro|פברואר|фев|فبراير",
    "mar|mär|מרץ|март|مارس",
    "apr|avr|abr|אפריל|апр|أبريل|ابريل",
    "may|mai|mayo|maio|maggio|מאי|мая|май|مايو",
    "jun|juin|giugno|יוני|июн|يونيو",
    "jul|juil|luglio|יולי|июл|يوليو",
    "aug|août|aou|ago|אוגוסט|авг|أغسطس|اغسطس",
    "sep|set|ספטמבר|сен|سبتمبر",
    "oct|okt|out|ott|אוקטובר|окт|أكتوبر|اكتوبر",
    "nov|נובמבר|ноя|نوفمبر",
    "dec|dez|déc|dic|דצמבר|дек|ديسمبر",
)
_WORDED = re.compile(
    r"(?<!\d)(\d{1,2})(?:\.|st|nd|rd|th)?\s+(?:de\s+|of\s+|ב)?([^\W\d_]{3,10})\.?,?\s+(?:de\s+)?(\d{4})(?!\d)"
)
_MONTH_FIRST = re.compile(r"(?<![^\W_])([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})(?!\d)")
_EUROPEAN = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")


def day_in(line: str) -> date | None:
    """The first day named in `line`; None when there is none, or when day and month could be swapped (3/4/2020)."""
    for match in _WORDED.finditer(line):
        found = _day(match[3], _month(match[2]), match[1])
        if found:
            return found
    for match in _MONTH_FIRST.finditer(line):
        found = _day(match[3], _month(match[1]), match[2])
        if found:
            return found
    for match in _ISO.finditer(line):
        found = _day(match[1], int(match[2]), match[3])
        if found:
            return found
    for match in _EUROPEAN.finditer(line):
        found = _day(match[3], int(match[2]), match[1])
        if found:
            return found
    return None


def _month(word: str) -> int:
    """1 to 12, or 0 for a word that is no month."""
    lowered = word.casefold()
    for number, beginnings in enumerate(_MONTHS, start=1):
        if any(lowered.startswith(beginning) for beginning in beginnings.split("|")):
            return number
    return 0


def _day(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None
