"""What changed between two versions of an article: `compare(old, new) -> Difference`. Pure: no network, no clock.

Paragraphs are matched, the changed ones compared word by word; figures and correction notices are pointed out.
"""

from webapp.versions.compare import compare
from webapp.versions.summary import summary_of
from webapp.versions.values import Difference, FieldChange, Figure, Notice, Paragraph, ParagraphKind, Wording
from webapp.versions.words import Run, RunKind

__all__ = [
    "Difference",
    "FieldChange",
    "Figure",
    "Notice",
    "Paragraph",
    "ParagraphKind",
    "Run",
    "RunKind",
    "Wording",
    "compare",
    "summary_of",
]
