"""Numbers and days as a reader writes them: the filters of the templates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from flask import current_app
from markupsafe import Markup

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
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


FILTERS: dict[str, Callable[..., Any]] = {"counted": counted, "day": day, "ago": ago, "short_size": short_size}
