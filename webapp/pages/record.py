"""What is known about how a version was made, in a reader's words: where things were found, what was missed, signs.

Pure: values in, values out. The words for codes that the makers leave behind ("json-ld", "paywall") are here only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from webapp.articles.reading import Opened
from webapp.model import CameBy, Correction, KeptImage, Step
from webapp.pages.words import MONTHS
from webapp.receipts import Sign, signs_of

CAME_BY = {
    CameBy.EXTENSION: "by the browser extension",
    CameBy.API: "through the API",
    CameBy.BOOKMARKLET: "by the bookmarklet",
    CameBy.FORM: "as pasted text",
    CameBy.FILE: "from a file",
    CameBy.ADDRESS: "fetched from its address",
    CameBy.COMMAND: "from the command line",
    CameBy.IMPORT: "by an import",
    CameBy.DEMO: "as a sample article",
}
FIELDS = {
    "title": "Headline",
    "standfirst": "Standfirst",
    "authors": "Byline",
    "published_on": "Date",
    "published_at": "Time",
    "modified_at": "Changed",
    "site": "Outlet’s name",
    "outlet": "Outlet’s domain",
    "address": "Address",
    "language": "Language",
    "direction": "Direction",
    "canonical": "Address it calls its own",
    "lead": "Lead picture",
    "body": "Text",
}
SOURCES = {
    "json-ld": "the page’s structured data",
    "microdata": "the page’s structured data",
    "meta": "a meta element",
    "title": "the page’s title",
    "h1": "the page’s headline",
    "link rel=canonical": "the page’s canonical link",
    "declared": "as the page declares it",
    "standfirst": "the paragraph under the headline",
    "description": "the page’s description",
    "byline": "the byline",
    "og:image": "named by the page, found in the article",
    "figure": "the article’s first picture",
    "htmldate": "worked out from dates on the page",
    "text": "the words themselves",
    "script": "the script it is written in",
    "first line": "the first line",
    "plain text": "the text as it came",
    "reading view": "the longest reading on the page",
    "judge": "a second opinion on the page",
    "vote": "two opinions on the page that agreed",
    "selection": "what you selected",
    "choice": "the blocks that you chose",
    "clip": "what came with the clip",
    "url": "the address",
    "address": "the address",
}
STEPS = {
    "fetch": "Fetch",
    "extract": "Take the article out",
    "keep images": "Keep the pictures",
    "sanitise": "Make it safe",
    "tags": "File it",
    "store": "Store",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A field of the article and where its value was found; `code` is the name in the page's source, if it has one."""

    field: str
    source: str
    code: str
    is_corrected: bool = False


@dataclass(frozen=True, slots=True)
class Missed:
    """A picture that could not be kept."""

    address: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class LogLine:
    name: str
    seconds: float
    outcome: str
    size_bytes: int | None
    failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands above the text of the version that is shown; `lead` is the picture's KeptImage, with its asset."""

    title: str
    standfirst: str
    authors: tuple[str, ...]
    language: str
    direction: str
    lead: KeptImage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All of it for one version, ready to be shown. `kept` and `missed` are pictures."""

    came_by: str
    findings: tuple[Finding, ...]
    signs: tuple[str, ...]
    kept: int
    missed: tuple[Missed, ...]
    steps: tuple[LogLine, ...]
    seconds: float


def record_of(opened: Opened, corrections: Mapping[str, Correction] = MappingProxyType({})) -> Record:
    version = opened.version
    details = version.details if version else {}
    images = version.images if version else ()
    steps = tuple(_line(step) for step in (opened.log or (version.log if version else ())))
    return Record(
        came_by=_came_by(opened),
        findings=_findings(details.get("origins") or {}, corrections),
        signs=tuple(_sign_words(sign) for sign in signs_of(version)),
        kept=sum(image.asset is not None for image in images),
        missed=tuple(_missed(image) for image in images if image.asset is None),
        steps=steps,
        seconds=sum(step.seconds for step in steps),
    )


def heading_of(opened: Opened) -> Heading:
    """An older version is headed by its own words; the shown one by the article's columns, which hold what the reader
    corrected."""
    article, version = opened.article, opened.version
    details = version.details if version else {}
    if version is not None and version.id == article.version_id:
        own = {"standfirst": article.standfirst, "authors": article.authors, "language": article.language}
        details = {**details, **own, "direction": article.direction}
    lead = details.get("lead") or ""
    kept = (image for image in (version.images if version else ()) if image.asset is not None)
    return Heading(
        title=(version.title if version and version.id != article.version_id else "") or article.title,
        standfirst=details.get("standfirst", article.standfirst) or "",
        authors=tuple(details.get("authors", article.authors) or ()),
        language=details.get("language", article.language) or "",
        direction="rtl" if (details.get("direction") or article.direction) == "rtl" else "ltr",
        lead=next((image for image in kept if lead and image.address == lead), None),
    )


def came_by_words(came_by: CameBy) -> str:
    """ "from a file", to follow "clipped"."""
    return CAME_BY[came_by]


def kind_words(media_type: str) -> str:
    """What a clip is, for a reader: "a web page (HTML)", "plain text"."""
    main = media_type.partition(";")[0].strip().lower()
    if "html" in main:
        return "a web page (HTML)"
    if main in ("multipart/related", "message/rfc822", "application/x-mimearchive"):
        return "a web archive (MHTML)"
    if main.startswith("text/"):
        return "plain text"
    return main or "unknown"


def _came_by(opened: Opened) -> str:
    if opened.version is not None:
        return CAME_BY[opened.version.came_by]
    return CAME_BY[opened.clip.came_by] if opened.clip is not None else ""


def _findings(origins: Mapping[str, str], corrections: Mapping[str, Correction]) -> tuple[Finding, ...]:
    """Where each fact was found; what the reader corrected is marked so."""
    found = {name: _finding(name, source) for name, source in origins.items() if source}
    for name, correction in corrections.items():
        if name in FIELDS:
            on = f"{correction.at.day} {MONTHS[correction.at.month - 1]} {correction.at.year}"
            found[name] = Finding(FIELDS[name], f"corrected by you on {on}", "", is_corrected=True)
    return tuple(found.values())


def _finding(name: str, source: str) -> Finding:
    words = FIELDS.get(name, name.replace("_", " ").capitalize())
    code = source if any(mark in source for mark in ":=-") or source == "h1" else ""
    told = "a meta element" if source.startswith("meta ") else SOURCES.get(source, source)
    return Finding(words, told, code if code != told else "")


def _sign_words(sign: Sign) -> str:
    return (
        f"{sign.explanation} ({sign.raised_by[:1].upper()}{sign.raised_by[1:]}.)"
        if sign.raised_by
        else sign.explanation
    )


def _missed(image: KeptImage) -> Missed:
    parts = urlsplit(image.address)
    name = parts.path.rpartition("/")[2] or parts.netloc or image.address
    return Missed(image.address, name[:80], image.reason or "nobody said why")


def _line(step: Step) -> LogLine:
    failed = step.outcome.startswith("failed")
    outcome = step.outcome.removeprefix("failed: ")
    return LogLine(STEPS.get(step.name, step.name.capitalize()), step.seconds, outcome, step.size_bytes, failed)
