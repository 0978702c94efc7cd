"""The value of a filter, as typed after `field:`, becomes a node. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta

from index.query import PARTS, STATES, TAG_KINDS, By, Dates, Has, Is, Lang, Node, Site, Tagged, Untagged

FILTER_FIELDS = (*TAG_KINDS, "site", "by", "lang", "is", "has", "date", "before", "after", "clipped")

_PERIOD = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE)
_DATE_ADVICE = "write 2020, 2020-12 or 2020-12-27"


class Misunderstood(Exception):
    """The value makes no sense for its field; `advice` says what would."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


def filter_of(field: str, value: str, *, exact: bool, quoted: bool) -> Node:
    """The filter `field:value`; `exact` when an equals sign stood before the value. Raises Misunderstood."""
    if exact and field not in TAG_KINDS:
        raise Misunderstood(f"“=” has no meaning after “{field}:”", f"write {field}:{value}")
    match field:
        case "region" | "topic":
            if value.casefold() == "none" and not quoted and not exact:
                return Untagged(field)
            return Tagged(field, value, exact)
        case "site":
            return Site(_host(value))
        case "by":
            return _author(value)
        case "lang":
            return Lang(_language(value))
        case "is":
            return Is(_one_of(value, STATES, "state"))
        case "has":
            return Has(_one_of(value.removesuffix("s"), PARTS, "part of an article"))
        case _:
            return _dates(field, value)


def _host(value: str) -> str:
    host = re.sub(r"^[a-z]+://", "", value.lower()).partition("/")[0].removeprefix("www.").strip(". ")
    if not host or " " in host:
        raise Misunderstood(f"“{value}” is not the name of a site", "write it as in site:haaretz.com")
    return host


def _author(value: str) -> By:
    if not any(map(str.isalnum, value)):
        raise Misunderstood(f"“{value}” is not a name", 'write it as in by:"Jane Doe"')
    return By(value)


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise Misunderstood(f"“{value}” is not the code of a language", "write two letters, as in lang:he")
    return value.lower()


def _one_of(value: str, known: Iterable[str], noun: str) -> str:
    wanted = value.casefold()
    if wanted not in known:
        raise Misunderstood(f"“{value}” is not a {noun}", f"there are {', '.join(known)}")
    return wanted


def _dates(field: str, value: str) -> Dates:
    column = "clipped" if field == "clipped" else "published"
    if field in ("before", "after"):
        first, _ = _period(value)
        return Dates(column, end=first) if field == "before" else Dates(column, first=first)
    first_text, span, last_text = value.partition("..")
    start = _period(first_text) if first_text or not span else (None, None)
    end = start[1] if not span else _period(last_text)[1] if last_text else None
    if start[0] is None and end is None:
        raise Misunderstood(f"“{value}” is not a date", _DATE_ADVICE)
    if start[0] and end and start[0] >= end:
        raise Misunderstood(f"“{value}” ends before it begins", "write the earlier date first")
    return Dates(column, start[0], end)


def _period(value: str) -> tuple[date, date | None]:
    """The first day of a year, month or day, and the day after it; None for the end of the calendar."""
    found = _PERIOD.fullmatch(value)
    if not found:
        raise Misunderstood(f"“{value}” is not a date", _DATE_ADVICE)
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError as error:
        raise Misunderstood(f"there is no day “{value}”", _DATE_ADVICE) from error
    try:
        if day:
            return first, first + timedelta(days=1)
        days = calendar.monthrange(year, month)[1] if month else 366 if calendar.isleap(year) else 365
        return first, first + timedelta(days=days)
    except OverflowError:
        return first, None
