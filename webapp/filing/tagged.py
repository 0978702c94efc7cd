"""Between what a query calls a tag (slug, name, alias, code) and the id that the index knows it by."""

from __future__ import annotations

from index import And, Everything, Node, Not, Or, Problem, Tagged, all_of, any_of, map_query, negate
from webapp.model import TagKind
from webapp.tags import Vocabulary


def to_ids(node: Node, vocabulary: Vocabulary) -> tuple[Node, tuple[Problem, ...]]:
    """The query with every tag's id for its name, and what names no tag: that part of the query is left out."""
    problems: dict[Tagged, Problem] = {}
    known = _known(node, vocabulary, problems)
    return Everything() if known is None else known, tuple(problems.values())


def to_slugs(node: Node, vocabulary: Vocabulary) -> Node:
    """The query with every tag's slug for its id: how it is shown and linked."""

    def named(part: Node) -> Node:
        if isinstance(part, Tagged) and part.name in vocabulary:
            return Tagged(part.kind, vocabulary.get(part.name).slug, part.exact)
        return part

    return map_query(node, named)


def _known(node: Node, vocabulary: Vocabulary, problems: dict[Tagged, Problem]) -> Node | None:
    """`node` with ids, without the tags nobody knows; None when nothing is left of it. Notes them in `problems`."""
    match node:
        case And(parts) | Or(parts):
            kept = [known for part in parts if (known := _known(part, vocabulary, problems)) is not None]
            join = all_of if isinstance(node, And) else any_of
            return join(kept) if kept else None
        case Not(part):
            known = _known(part, vocabulary, problems)
            return None if known is None else negate(known)
        case Tagged(kind, name, exact):
            tag = vocabulary.find(TagKind(kind), name)
            if tag is None:
                problems[node] = _unknown(vocabulary, TagKind(kind), name)
                return None
            return Tagged(kind, tag.id, exact)
        case _:
            return node


def _unknown(vocabulary: Vocabulary, kind: TagKind, name: str) -> Problem:
    near = [tag.name for tag in vocabulary.near(kind, name, 3)]
    advice = f"Did you mean {' or '.join(near)}?" if near else "That part of the query was left out."
    return Problem(f"There is no {kind.value} called “{name[:60]}”.", advice, 0, 0)
