"""One decision about one tag on one article, written down and carried out in the caller's transaction; and undone.

A decision moves three things together: the tag on the article, how its suggestion stands, and the log. What was there
before is written beside it, so that undoing goes back to exactly that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from webapp.errors import BadTag, NotFound
from webapp.evidence import Answer, Decision, Evidence, Kept, Role, Standing
from webapp.model import Article, ArticleTag, TagKind, TagOrigin
from webapp.store import Work
from webapp.tags import Tag, fold

_ON = frozenset({Answer.ACCEPTED, Answer.ADDED})
_STANDING = {
    Answer.ACCEPTED: Standing.ACCEPTED,
    Answer.ADDED: Standing.FILED,
    Answer.REJECTED: Standing.REJECTED,
    Answer.REMOVED: Standing.REJECTED,
    Answer.NEVER: Standing.NEVER,
}
_ROLES = (Role.ABOUT, Role.DATELINE, Role.MENTIONED, Role.OUTLET)  # the one that is decided about, when there are more


def decide(
    work: Work,
    owner: int,
    article_id: int,
    tag: Tag,
    answer: Answer,
    *,
    now: datetime,
    surface: str = "",
    origin: TagOrigin = TagOrigin.READER,
) -> int | None:
    """Carry out `answer` and write it down; the decision's number, or None when everything stands so already.

    The tag must be in the vocabulary. Adding what is suggested is accepting it; accepting
    what is only mentioned is adding it. `origin` is what a tag added by hand
    is marked with. `surface` is the word that a NEVER blames: one of the evidence's, the most frequent if none is told.
    Raises NotFound (the article, or a suggestion to refuse), BadTag for a word that is not in the evidence.
    """
    article = work.articles.get(owner, article_id)
    there = next((each for each in article.tags if each.tag_id == tag.id), None)
    kept = _suggested(work, article_id, tag.id)
    if answer is Answer.ADDED and kept is not None and kept.is_offered:
        answer = Answer.ACCEPTED
    if answer is Answer.ACCEPTED and not (kept and kept.is_worth_asking):
        answer = Answer.ADDED
    if answer in (Answer.REJECTED, Answer.NEVER) and kept is None:
        raise NotFound(f"{tag.name} is not suggested for this article.")
    surface = _surface(tag, kept, surface) if answer is Answer.NEVER else ""
    if _stands_already(answer, there, kept):
        return None
    if answer in _ON:
        by = TagOrigin.SUGGESTION if answer is Answer.ACCEPTED and origin is TagOrigin.READER else origin
        work.tags.add_to_article(owner, article_id, tag.id, tag.kind, by, now)
    else:
        work.tags.remove_from_article(owner, article_id, tag.id, now)
    work.suggestions.set_standing(article_id, tag.id, _STANDING[answer])
    decision = _decision(article, tag, answer, kept, surface, now)
    return work.decisions.add(owner, decision, before=_as_it_was(there, kept))


def undo(work: Work, owner: int, article_id: int, decision_ids: Iterable[int], now: datetime) -> list[Decision]:
    """Take back these decisions about an article, the last first; what was taken back. Those undone already are
    passed over. Raises NotFound for a decision that is none of this article's."""
    wanted = set(decision_ids)
    logged = [each for each in work.decisions.of_article(owner, article_id) if each.decision.id in wanted]
    if len(logged) != len(wanted):
        raise NotFound("There is no such decision about this article.")
    standing = [each for each in reversed(logged) if not each.is_undone]
    for each in standing:
        _go_back(work, owner, each.decision, each.before, now)
    work.decisions.undo(owner, [each.decision.id for each in standing], now)
    return [each.decision for each in standing]


def last_decision(work: Work, owner: int, article_id: int, tag_id: str) -> int | None:
    """The number of the decision about this tag that holds; None when there is none."""
    logged = work.decisions.of_article(owner, article_id)
    held = [each.decision.id for each in logged if each.decision.tag_id == tag_id and not each.is_undone]
    return held[-1] if held else None


def _go_back(work: Work, owner: int, decision: Decision, before: Mapping[str, Any], now: datetime) -> None:
    tag = _tag_of(decision, before["tag"]) if before.get("tag") else None
    if tag is None:
        work.tags.remove_from_article(owner, decision.article_id, decision.tag_id, now)
    else:
        work.tags.put_back(owner, decision.article_id, tag, now)
    if before.get("standing"):
        work.suggestions.set_standing(decision.article_id, decision.tag_id, Standing(before["standing"]))


def _suggested(work: Work, article_id: int, tag_id: str) -> Kept | None:
    kept = [each for each in work.suggestions.of_article(article_id) if each.suggestion.tag_id == tag_id]
    return min(kept, key=lambda each: _ROLES.index(each.suggestion.role), default=None)


def _surface(tag: Tag, kept: Kept | None, surface: str) -> str:
    words = [words for words, _, _ in kept.suggestion.evidence.surfaces] if kept else []
    if not words:
        raise BadTag(f"No word of this article stands behind {tag.name}: say “not this” instead.")
    if not surface:
        return words[0]
    named = next((word for word in words if fold(word) == fold(surface)), None)
    if named is None:
        raise BadTag(f"“{surface[:60]}” is not among the words that {tag.name} was suggested from.")
    return named


def _stands_already(answer: Answer, there: ArticleTag | None, kept: Kept | None) -> bool:
    if answer in _ON:
        return there is not None
    if answer is Answer.REMOVED:
        return there is None
    return there is None and kept is not None and kept.standing is _STANDING[answer]


def _decision(article: Article, tag: Tag, answer: Answer, kept: Kept | None, surface: str, now: datetime) -> Decision:
    evidence = kept.suggestion.evidence if kept else Evidence(maker="")
    was_offered = kept is not None and answer is not Answer.ADDED
    return Decision(
        id=0,
        article_id=article.id,
        tag_id=tag.id,
        kind=tag.kind,
        answer=answer,
        outlet=article.outlet,
        at=now,
        surface=surface,
        surfaces=tuple(words for words, _, _ in evidence.surfaces),
        role=kept.suggestion.role if kept else Role.ABOUT,
        maker=evidence.maker if was_offered else "",
        confidence=kept.suggestion.confidence if kept and was_offered else 0.0,
        rank=kept.rank if kept and was_offered else 0,
    )


def _as_it_was(there: ArticleTag | None, kept: Kept | None) -> dict[str, Any]:
    tag = there and {"origin": there.origin, "position": there.position, "added_at": there.added_at.isoformat()}
    return {"tag": tag, "standing": kept.standing if kept else ""}


def _tag_of(decision: Decision, told: Mapping[str, Any]) -> ArticleTag:
    return ArticleTag(
        tag_id=decision.tag_id,
        kind=TagKind(decision.kind),
        origin=TagOrigin(told["origin"]),
        position=told["position"],
        added_at=datetime.fromisoformat(told["added_at"]),
    )
