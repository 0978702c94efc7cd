"""What a rule is, and what it does to one article: `when <query> then add, take off, star, mark`. Pure values.

What the reader did by hand stands: a rule puts no tag back that the reader took off, and takes none off that the
reader put on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from webapp.model import ReadingState, TagOrigin
from webapp.tags import Vocabulary

# Kinds of jobs: over the archive, on an article that was just clipped, and taking a run back.
RUN, ON_CLIP, UNDO = "run-rule", "apply-rules", "undo-rule-run"
ADD, REMOVE, STAR, MARK = "add", "remove", "star", "mark"
BY_HAND = frozenset({TagOrigin.READER, TagOrigin.SUGGESTION, TagOrigin.CLIP})  # CLIP: chosen while clipping


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a rule does: `add` or `remove` a tag (its id), `star`, or `mark` with a reading state."""

    what: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Doing:
    """A step that changes something on one article."""

    article_id: int
    what: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`query` in its usual spelling; `steps` in the order they were given."""

    id: int
    owner: int
    name: str
    query: str
    steps: tuple[Step, ...]
    enabled: bool
    made_at: datetime
    is_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One time that a rule was applied: over the archive (`sort` "archive"), or to an article as it came ("clip").

    `total` articles were found, `done` of them are looked at, `changed` of these are not what they were. It is being
    taken back from `undo_asked_at` on, which is None again when that ended: `undo_done` of `undo_total` articles are
    looked at, `undo_changed` are what they were, and `undo_reason` says why it ended before the last.
    """

    id: int
    owner: int
    rule_id: int
    name: str
    query: str
    steps: tuple[Step, ...]
    sort: str
    total: int
    done: int
    changed: int
    started_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    reason: str = ""
    undo_asked_at: datetime | None = None
    undo_total: int = 0
    undo_done: int = 0
    undo_changed: int = 0
    undo_reason: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether it goes on by itself, forwards or back."""
        return self.finished_at is None or self.undo_asked_at is not None


@dataclass(frozen=True, slots=True)
class OnArticle:
    """How an article stands: its tags with who put them there, and those that the reader took off."""

    id: int
    starred: bool
    reading: ReadingState
    tags: Mapping[str, TagOrigin] = field(hash=False)
    taken_off: frozenset[str] = frozenset()


def doings(steps: Iterable[Step], on: OnArticle, vocabulary: Vocabulary, *, tags_only: bool = False) -> list[Doing]:
    """What the steps would change on this article; nothing for what stands so already.

    A tag that was merged is what it was merged into; one that is retired or gone is left alone. `tags_only` for an
    article that comes again: its star and reading state are the reader's by now.
    """
    refused = {_today(vocabulary, each) for each in on.taken_off}
    has = dict(on.tags)
    found: list[Doing] = []
    for step in steps:
        value = _today(vocabulary, step.value) if step.what in (ADD, REMOVE) else step.value
        if step.what == ADD and value and value not in has and value not in refused:
            has[value] = TagOrigin.RULE
            found.append(Doing(on.id, ADD, value))
        elif step.what == REMOVE and value in has and has[value] not in BY_HAND:
            del has[value]
            found.append(Doing(on.id, REMOVE, value))
        elif tags_only:
            continue
        elif step.what == STAR and not on.starred:
            found.append(Doing(on.id, STAR))
        elif step.what == MARK and value != on.reading.value:
            found.append(Doing(on.id, MARK, value))
    return found


def held_back(steps: Iterable[Step], on: OnArticle, vocabulary: Vocabulary) -> bool:
    """Whether a step does nothing here only because the reader's hand was there before."""
    refused = {_today(vocabulary, each) for each in on.taken_off}
    for step in steps:
        tag_id = _today(vocabulary, step.value)
        if step.what == ADD and tag_id not in on.tags and tag_id in refused and tag_id:
            return True
        if step.what == REMOVE and on.tags.get(tag_id) in BY_HAND:
            return True
    return False


def _today(vocabulary: Vocabulary, tag_id: str) -> str:
    tag = vocabulary.survivor(tag_id)
    return "" if tag is None else tag.id
