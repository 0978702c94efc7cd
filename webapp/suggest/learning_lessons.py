"""A lesson: one thing that a reader's decisions taught, with the decisions it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.evidence import Answer
from webapp.tags import Vocabulary

ON = frozenset({Answer.ACCEPTED, Answer.ADDED})  # the answers after which a tag is on its article


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing that was learned. `kind`: "outlet", "word" or "topic". `decisions`: the ids it rests on; forgetting
    it means not handing them to `learn` any more. `id` stays the same while the lesson does."""

    id: str
    kind: str
    sentence: str
    decisions: tuple[int, ...]
    tag_id: str = ""


def name_of(vocabulary: Vocabulary, tag_id: str) -> str:
    """The name of a tag, or its id where nobody knows it any more."""
    return vocabulary.get(tag_id).name if tag_id in vocabulary else tag_id
