"""The values that travel along the path, named by stage: Clip (arrived) → Draft (extracted) → Article (kept).

Pure data: frozen, no I/O, no clock. Times are aware datetimes in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class CameBy(StrEnum):
    """The door a clip came through."""

    EXTENSION = "extension"
    API = "api"
    BOOKMARKLET = "bookmarklet"
    FORM = "form"
    FILE = "file"
    ADDRESS = "address"
    COMMAND = "command"
    IMPORT = "import"
    DEMO = "demo"


class ClipState(StrEnum):
    RECEIVED = "received"
    KEPT = "kept"
    FAILED = "failed"


class ReadingState(StrEnum):
    UNREAD = "unread"
    READING = "reading"
    DONE = "done"


class TagKind(StrEnum):
    REGION = "region"
    TOPIC = "topic"


class TagOrigin(StrEnum):
    """Who put a tag on an article."""

    READER = "reader"
    CLIP = "clip"
    SUGGESTION = "suggestion"
    RULE = "rule"
    IMPORT = "import"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Resource:
    """A part that came with a page: a picture, mostly. `address` is absolute (http, https) or `cid:…`.

    `inside` tells that it came within the raw clip (an MHTML part, a `data:` picture) and is read from there again;
    only the others are kept apart.
    """

    address: str
    media_type: str
    content: bytes = field(repr=False)
    inside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """What arrived, through whichever door, before anything was made of it.

    `raw` is kept for ever as it came. `page` is the same as text: decoded once, at the door, without NUL,
    C0 controls or lone surrogates. `is_html` tells whether `page` is mark-up or plain text.
    """

    clip_id: str
    address: str
    raw: bytes = field(repr=False)
    raw_type: str
    page: str = field(repr=False)
    is_html: bool
    resources: tuple[Resource, ...] = field(default=(), repr=False)
    came_by: CameBy
    clipped_at: datetime
    title: str = ""
    selection_html: str = field(default="", repr=False)
    note: str = ""
    tags: tuple[str, ...] = ()
    device: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """An image the article shows. `address` is absolute or `cid:`; sizes are the page's own claim."""

    address: str
    alt: str = ""
    caption: str = ""
    width_px: int | None = None
    height_px: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was taken out of a page. `body_html` is *not* clean: only `sanitise` makes it so.

    `published_on` is the day; `published_at` the moment, when the page tells one. `origins` maps a field's name
    to where its value was found ("json-ld", "meta article:published_time", "h1", "text" …). `signs` are remarks
    about the page: "little-text", "paywall", "consent-wall", "truncated", "deep", "rows-cut", "charset-guessed",
    "choice-lost"; `sign_reasons` tells what on the page says so.
    `images` are those in `body_html` in order, the lead image first when there is one.
    """

    title: str = ""
    standfirst: str = ""
    authors: tuple[str, ...] = ()
    published_on: date | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    site: str = ""
    language: str = ""
    direction: str = "ltr"
    canonical: str = ""
    lead: Image | None = None
    excerpt: str = ""
    body_html: str = field(default="", repr=False)
    body_text: str = field(default="", repr=False)
    captions_text: str = field(default="", repr=False)
    images: tuple[Image, ...] = ()
    word_count: int = 0
    origins: Mapping[str, str] = field(default_factory=dict)
    signs: tuple[str, ...] = ()
    sign_reasons: Mapping[str, str] = field(default_factory=dict)
    maker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A picture kept as a content-addressed file. `sha256` is its name, in lower-case hex."""

    sha256: str
    media_type: str
    size_bytes: int
    width_px: int | None = None
    height_px: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptImage:
    """An image of one version: where it was on the web, and the asset it became (None: missed, with the reason)."""

    address: str
    asset: Asset | None
    alt: str = ""
    caption: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a clip's log: what was done, how long it took, what came of it."""

    name: str
    seconds: float
    outcome: str
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTag:
    """A confirmed tag on an article, with its provenance. `source` names the rule, where one put it there."""

    tag_id: str
    kind: TagKind
    origin: TagOrigin
    position: int
    added_at: datetime
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as the archive holds it: the current version's words, and what the reader made of it."""

    id: int
    owner: int
    address: str
    title: str
    standfirst: str = ""
    authors: tuple[str, ...] = ()
    site: str = ""
    outlet: str = ""
    language: str = ""
    direction: str = "ltr"
    published_on: date | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    clipped_at: datetime
    updated_at: datetime
    state: ClipState
    failure: str = ""
    reading: ReadingState = ReadingState.UNREAD
    starred: bool = False
    note: str = ""
    excerpt: str = ""
    word_count: int = 0
    lead_sha256: str = ""
    lead_caption: str = ""
    lead_alt: str = ""
    version_id: int | None = None
    version_count: int = 0
    trashed_at: datetime | None = None
    revision: int = 0
    tags: tuple[ArticleTag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One clip of an article, extracted. `clean_html` is sanitised; `raw_sha256` names the clip as it came."""

    id: int
    article_id: int
    number: int
    clip_id: str
    clipped_at: datetime
    came_by: CameBy
    address: str
    raw_sha256: str
    raw_type: str
    raw_bytes: int
    title: str
    clean_html: str = field(default="", repr=False)
    body_text: str = field(default="", repr=False)
    captions_text: str = field(default="", repr=False)
    word_count: int = 0
    maker: str = ""
    cleaner: str = ""
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)
    images: tuple[KeptImage, ...] = ()
    log: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What the reader put right by hand: `value` holds in the place of what was taken out of the page."""

    field: str
    value: Any
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A marked passage. `exact` are its words, `prefix` and `suffix` those around it, in the text of version
    `version_number`, where it begins `start` characters in (-1: not in that text; a caption, say).

    Source: text quote and text position selectors, W3C Web Annotation Data Model §4.2.
    """

    id: int
    owner: int
    article_id: int
    version_number: int
    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int = -1
    note: str = ""
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipRecord:
    """A clip's row: how far it came. `article_id` is set once it is kept or has visibly failed."""

    id: int
    owner: int
    clip_id: str
    address: str
    title: str
    came_by: CameBy
    state: ClipState
    reason: str
    raw_sha256: str
    raw_type: str
    raw_bytes: int
    article_id: int | None
    version_number: int | None
    clipped_at: datetime
    finished_at: datetime | None
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`fetches_pictures` is None until the reader chose: then the archive's setting holds."""

    id: int
    name: str
    created_at: datetime
    has_password: bool = False
    fetches_pictures: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A client that holds a bearer token. The token itself is stored only as a SHA-256."""

    id: int
    owner: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectRequest:
    """A device that asks to be connected: what it calls itself and wants to do. `owner` is who decided, None until
    somebody did; `used_at` when its token was made."""

    client_name: str
    scopes: tuple[str, ...]
    came_from: str
    made_at: datetime
    expires_at: datetime
    interval_s: int
    polled_at: datetime | None = None
    owner: int | None = None
    allowed: bool | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A query kept under a name. What was clipped after `looked_at`, when it was last opened, is new in it."""

    id: int
    owner: int
    name: str
    query: str
    sort: str
    made_at: datetime
    looked_at: datetime
    position: int
