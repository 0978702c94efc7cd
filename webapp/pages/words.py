"""Numbers and days as a reader writes them: the filters of the templates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from flask import current_app
from markupsafe import Markup

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
LANGUAGES = {  # ISO 639-1, in English; those with newspapers on the web
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian",
    "bn": "Bengali", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician", "gu": "Gujarati",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer",
    "kn": "Kannada", "ko": "Korean", "ku": "Kurdish", "ky": "Kyrgyz", "la": "Latin", "lo": "Lao", "lt": "Lithuanian",
    "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay",
    "mt": "Maltese", "my": "Burmese", "nb": "Norwegian Bokmål", "ne": "Nepali", "nl": "Dutch",
    "nn": "Norwegian Nynorsk", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "rw": "Kinyarwanda", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian",
    "so": "Somali", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil",
    "te": "Telugu", "th": "Thai", "ti": "Tigrinya", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian",
    "und": "not told", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "xh": "Xhosa", "yi": "Yiddish",
    "yo": "Yoruba", "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip
DAYS_SAID = 7  # taste: after a week the day itself says more than "23 days ago"


def counted(number: int, noun: str, plural: str = "") -> str:
    """`41 articles`, `1 article`, `12,000 articles`; `plural` when it is not noun + s."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def day(when: date | datetime | None) -> Markup:
    """`27 Dec 2020` as a <time>, the exact ISO date (and moment, in UTC) on hover; nothing for None."""
    if when is None:
        return Markup("")
    iso = when.isoformat(timespec="seconds") if isinstance(when, datetime) else when.isoformat()
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(iso, _day_words(when))


def ago(when: datetime | None) -> Markup:
    """`4 minutes ago`, or the day when it is more than a week away, as a <time> with the moment on hover."""
    if when is None:
        return Markup("")
    seconds = (_now() - when).total_seconds()
    iso = when.isoformat(timespec="seconds")
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(iso, _ago_words(when, seconds))


def short_size(size_bytes: int) -> str:
    """`840 bytes`, `12 kB`, `3.4 MB` (powers of ten)."""
    if size_bytes < 1_000:
        return counted(size_bytes, "byte")
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1_000:.0f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def language_name(code: str) -> str:
    """`he` → Hebrew, by the first part of a BCP 47 tag; a code without a name here is shown as it is."""
    return LANGUAGES.get(code.partition("-")[0].lower(), code)


def _day_words(when: date) -> str:
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def _ago_words(when: datetime, seconds: float) -> str:
    if seconds < MINUTE_S:
        return "just now"
    if seconds < HOUR_S:
        return f"{counted(int(seconds // MINUTE_S), 'minute')} ago"
    if seconds < DAY_S:
        return f"{counted(int(seconds // HOUR_S), 'hour')} ago"
    if seconds < DAYS_SAID * DAY_S:
        return f"{counted(int(seconds // DAY_S), 'day')} ago"
    return _day_words(when)


def _now() -> datetime:
    services = current_app.extensions.get("dateline")
    return services.clock() if services is not None else datetime.now(UTC)


FILTERS: dict[str, Callable[..., Any]] = {
    "counted": counted,
    "day": day,
    "ago": ago,
    "short_size": short_size,
    "language_name": language_name,
}
