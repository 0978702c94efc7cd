"""The values of a comparison: Wording (a version's words) in, Difference out."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from webapp.versions.words import Run


class ParagraphKind(StrEnum):
    """What became of a paragraph. A moved one stands at its new place; LEFT marks the place it moved away from."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of one version: `body` is plain text, its paragraphs parted by line ends. `fields` are other facts
    (name, value as a reader reads it); `pictures` the addresses of its pictures. Hashable."""

    title: str = ""
    body: str = field(default="", repr=False)
    fields: tuple[tuple[str, str], ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """`runs` hold its words, old and new; `moved_up` tells which way a moved one went; `is_notice` that it says that
    the article was corrected; `is_coarse` that it was too large to be compared word by word."""

    kind: ParagraphKind
    runs: tuple[Run, ...]
    old_number: int | None = None  # from 1
    new_number: int | None = None
    moved_up: bool = False
    is_notice: bool = False
    is_coarse: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """Figures that changed: "12" → "17". `context` is what stands around the new one."""

    old: str
    new: str
    context: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A correction notice that came, went or changed (`kind`), and what it says now (or said)."""

    kind: ParagraphKind
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A fact beside the text: the headline ("title"), standfirst, authors, date …, word by word."""

    name: str
    old: str
    new: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that is different. `paragraphs` are in the new version's order, what is gone where it stood."""

    fields: tuple[FieldChange, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    figures: tuple[Figure, ...] = ()
    notices: tuple[Notice, ...] = ()
    pictures_added: int = 0
    pictures_removed: int = 0

    def count(self, kind: ParagraphKind) -> int:
        return sum(paragraph.kind is kind for paragraph in self.paragraphs)

    @property
    def title(self) -> FieldChange | None:
        return next((change for change in self.fields if change.name == "title"), None)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is different at all."""
        same = all(paragraph.kind is ParagraphKind.SAME for paragraph in self.paragraphs)
        return same and not self.fields and not self.pictures_added and not self.pictures_removed
