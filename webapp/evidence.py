"""What is suggested about an article and why: Story (what is read) → Suggestion with its Evidence → Decision.

Pure data: frozen, no I/O, no clock. Offsets count characters of the text that `Mention.where` names, so that
`story.part(mention.where)[mention.start : mention.end] == mention.quote`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from webapp.model import TagKind

SHOWN_FROM = 0.4  # confidence below which a suggestion is not offered: it would be wrong more often than right
PRESELECTS_FROM = 0.8  # confidence from which one is taken unless the reader says otherwise; theirs to set


class Where(StrEnum):
    """The part of a story that a mention stands in."""

    TITLE = "title"
    STANDFIRST = "standfirst"
    BODY = "body"
    CAPTIONS = "captions"


class Role(StrEnum):
    """What a place is to the story. Only what it is ABOUT is suggested as a tag of its own accord."""

    ABOUT = "about"
    MENTIONED = "mentioned"
    DATELINE = "dateline"
    OUTLET = "outlet"


class Standing(StrEnum):
    """How a suggestion stands on its article. FILED: its tag is there, and not because this was accepted."""

    OPEN = "open"
    FILED = "filed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NEVER = "never"


class Answer(StrEnum):
    """What the reader said: to a suggestion (accepted, rejected, never from this word) or by hand (added, removed)."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NEVER = "never"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The words a suggester reads: plain text as it is stored, paragraphs parted by line ends."""

    title: str
    standfirst: str = ""
    body: str = field(default="", repr=False)
    captions: str = field(default="", repr=False)
    language: str = ""
    outlet: str = ""

    def part(self, where: Where) -> str:
        return {
            Where.TITLE: self.title,
            Where.STANDFIRST: self.standfirst,
            Where.BODY: self.body,
            Where.CAPTIONS: self.captions,
        }[where]


@dataclass(frozen=True, slots=True)
class Mention:
    """One place in the text that speaks for a tag. `sort` says as what: "name", "people", "place", "capital",
    "institution", "area" for regions, "word" for topics."""

    where: Where
    start: int
    end: int
    quote: str
    sort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a tag is suggested. `mentions` in the order of the text, at most some dozens of the `total`; `surfaces`
    are (words, sort, how often), most frequent first; `prior` is what was learned, in a sentence, or "".
    """

    maker: str
    total: int = 0
    mentions: tuple[Mention, ...] = ()
    surfaces: tuple[tuple[str, str, int], ...] = ()
    prior: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A tag that may be put on the article. `score` orders those of one kind and role; `confidence`, 0 to 1, is the
    share of such suggestions that readers take (calibrated; see docs/suggesting.md)."""

    tag_id: str
    kind: TagKind
    role: Role = Role.ABOUT
    score: float
    confidence: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Kept:
    """A suggestion as it is kept with its article: how it stands, which version's words it quotes, and its rank among
    those of its kind and role, from 1."""

    suggestion: Suggestion
    standing: Standing
    version_id: int | None
    rank: int

    @property
    def is_worth_asking(self) -> bool:
        """Whether it is, or was, for the reader to answer: what a story only mentions is not."""
        return self.suggestion.role is Role.ABOUT and self.suggestion.confidence >= SHOWN_FROM

    @property
    def is_offered(self) -> bool:
        """Whether the reader is asked about it now."""
        return self.is_worth_asking and self.standing is Standing.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One line of the append-only log. `surface` is the word of a NEVER; `surfaces` those of the suggestion's
    evidence; `confidence` and `maker` those it was offered with (0 and "" for what was done by hand)."""

    id: int
    article_id: int
    tag_id: str
    kind: TagKind
    answer: Answer
    outlet: str
    at: datetime
    surface: str = ""
    surfaces: tuple[str, ...] = ()
    role: Role = Role.ABOUT
    maker: str = ""
    confidence: float = 0.0
    rank: int = 0  # 1 for the first of its kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the suggester of places knows of this reader and of the story's outlet; empty for a new reader.

    `outlet_regions`: region id → how many of the reader's articles from this outlet carry it as their first region.
    `outlet_articles`: how many of them carry any. `meanings`: folded words → the tag the reader means by them, or ""
    for "no place at all"; those of this outlet win over general ones before they come here.
    `names`: folded names that the reader gave to tags (aliases, tags of their own) → tag id.
    """

    outlet_regions: Mapping[str, int] = field(default_factory=dict)
    outlet_articles: int = 0
    meanings: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
