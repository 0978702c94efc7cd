"""Suggestions for articles: made anew as often as wanted, while what the reader answered stays.

A suggestion is open until it is answered (accepted, rejected, never), or filed: its tag came to the article some
other way. All rows of one tag on one article are in the same state, whatever their role.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select, update

from webapp.evidence import SHOWN_FROM, Evidence, Kept, Mention, Role, Standing, Suggestion, Where
from webapp.model import TagKind
from webapp.store.suggestion_tables import reviews, suggestions
from webapp.store.tables import article_tags, articles

ANSWERED = frozenset({Standing.ACCEPTED, Standing.REJECTED, Standing.NEVER})
_IN_ORDER = (suggestions.c.kind, suggestions.c.role, suggestions.c.rank, suggestions.c.tag_id)


class Suggestions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(
        self,
        owner: int,
        article_id: int,
        found: Sequence[Suggestion],
        *,
        version_id: int | None,
        maker: str,
        refused: Collection[str] = (),
    ) -> None:
        """Put `found` in the place of what was open. Answers stay, also where they are found anew.

        What the reader `refused` on this article (tag ids) is not open again. The article waits for review when
        something is open that was not there the last time, or, the first time, when it has no tags. One at a time.
        """
        self._connection.execute(select(articles.c.id).where(articles.c.id == article_id).with_for_update())
        before = self.of_article(article_id)
        known = {kept.suggestion.tag_id: kept.standing for kept in before}
        filed = set(
            self._connection.scalars(select(article_tags.c.tag_id).where(article_tags.c.article_id == article_id))
        )

        def standing(tag_id: str) -> Standing:
            if known.get(tag_id) in ANSWERED:
                return known[tag_id]
            if tag_id in filed:
                return Standing.FILED
            return Standing.REJECTED if tag_id in refused else Standing.OPEN

        fresh = [Kept(each, standing(each.tag_id), version_id, rank) for rank, each in _ranked(found)]
        again = {kept.suggestion.tag_id for kept in fresh}
        stay = [kept for kept in before if kept.standing in ANSWERED and kept.suggestion.tag_id not in again]
        self._connection.execute(delete(suggestions).where(suggestions.c.article_id == article_id))
        if rows := [_row_of(owner, article_id, kept) for kept in [*stay, *fresh]]:
            self._connection.execute(insert(suggestions), rows)
        shown = {kept.suggestion.tag_id for kept in fresh if kept.is_offered}
        self._wait(owner, article_id, maker, shown=shown, is_new=bool(shown - known.keys()), has_tags=bool(filed))

    def could_not_be_made(self, owner: int, article_id: int) -> None:
        """What is there stays. An article without tags waits all the same: somebody should file it."""
        has_tags = self._connection.scalar(select(exists().where(article_tags.c.article_id == article_id)))
        self._wait(owner, article_id, "", shown=(), is_new=False, has_tags=bool(has_tags))

    def of_article(self, article_id: int) -> list[Kept]:
        """By kind, role and rank, the answered ones too."""
        return self.of_articles([article_id]).get(article_id, [])

    def of_articles(self, article_ids: Sequence[int]) -> dict[int, list[Kept]]:
        rows = self._connection.execute(
            select(suggestions).where(suggestions.c.article_id.in_(article_ids)).order_by(*_IN_ORDER)
        )
        kept: dict[int, list[Kept]] = {}
        for row in rows:
            kept.setdefault(row.article_id, []).append(_kept_of(row))
        return kept

    def set_standing(self, article_id: int, tag_id: str, standing: Standing) -> None:
        """For all rows of the tag; none is no error."""
        self._connection.execute(
            update(suggestions)
            .where(suggestions.c.article_id == article_id, suggestions.c.tag_id == tag_id)
            .values(state=standing)
        )
        settle(self._connection, article_id)

    def _wait(
        self, owner: int, article_id: int, maker: str, *, shown: Collection[str], is_new: bool, has_tags: bool
    ) -> None:
        review = self._connection.execute(
            select(reviews.c.maker, reviews.c.waits).where(reviews.c.article_id == article_id)
        ).one_or_none()
        first_time = review is None or not review.maker
        waits = bool(shown) and is_new if shown else not has_tags and first_time
        if review is None:
            self._connection.execute(
                insert(reviews).values(article_id=article_id, owner=owner, maker=maker, waits=waits)
            )
            return
        still = review.waits and (bool(shown) or not has_tags)
        self._connection.execute(
            update(reviews)
            .where(reviews.c.article_id == article_id)
            .values(maker=maker or review.maker, waits=waits or still)
        )


def note_filed(connection: Connection, article_id: int, tag_id: str) -> None:
    """The tag is on the article now: it is no longer suggested."""
    _move(connection, article_id, tag_id, Standing.OPEN, Standing.FILED)
    settle(connection, article_id)


def note_taken_off(connection: Connection, article_id: int, tag_id: str) -> None:
    """The tag is off the article, and not by an answer: it is suggested as before."""
    _move(connection, article_id, tag_id, Standing.FILED, Standing.OPEN)


def settle(connection: Connection, article_id: int) -> None:
    """An article that has tags and nothing open waits for nobody."""
    is_open = exists().where(suggestions.c.article_id == article_id, *offered())
    has_tags = exists().where(article_tags.c.article_id == article_id)
    connection.execute(
        update(reviews)
        .where(reviews.c.article_id == article_id, reviews.c.waits, has_tags, ~is_open)
        .values(waits=False)
    )


def offered() -> tuple[Any, ...]:
    """What makes a row one that is offered to the reader."""
    return (
        suggestions.c.state == Standing.OPEN,
        suggestions.c.role == Role.ABOUT,
        suggestions.c.confidence >= SHOWN_FROM,
    )


def _move(connection: Connection, article_id: int, tag_id: str, before: Standing, after: Standing) -> None:
    connection.execute(
        update(suggestions)
        .where(suggestions.c.article_id == article_id, suggestions.c.tag_id == tag_id, suggestions.c.state == before)
        .values(state=after)
    )


def _ranked(found: Sequence[Suggestion]) -> list[tuple[int, Suggestion]]:
    """Each with its place among those of its kind and role, as they came; a tag is there once a role."""
    unique = {(each.tag_id, each.role): each for each in reversed(found)}
    counts: dict[tuple[TagKind, Role], int] = {}
    ranked = []
    for each in reversed(unique.values()):
        counts[each.kind, each.role] = counts.get((each.kind, each.role), 0) + 1
        ranked.append((counts[each.kind, each.role], each))
    return ranked


def _row_of(owner: int, article_id: int, kept: Kept) -> dict[str, Any]:
    suggestion = kept.suggestion
    return {
        "article_id": article_id,
        "tag_id": suggestion.tag_id,
        "role": suggestion.role,
        "owner": owner,
        "version_id": kept.version_id,
        "kind": suggestion.kind,
        "rank": kept.rank,
        "score": suggestion.score,
        "confidence": suggestion.confidence,
        "evidence": _evidence_as_json(suggestion.evidence),
        "state": kept.standing,
    }


def _kept_of(row: Row[Any]) -> Kept:
    suggestion = Suggestion(
        tag_id=row.tag_id,
        kind=TagKind(row.kind),
        role=Role(row.role),
        score=row.score,
        confidence=row.confidence,
        evidence=_evidence_of(row.evidence),
    )
    return Kept(suggestion, Standing(row.state), row.version_id, row.rank)


def _evidence_as_json(evidence: Evidence) -> dict[str, Any]:
    return {
        "maker": evidence.maker,
        "total": evidence.total,
        "prior": evidence.prior,
        "surfaces": [[words, sort, count] for words, sort, count in evidence.surfaces],
        "mentions": [[each.where, each.start, each.end, each.quote, each.sort] for each in evidence.mentions],
    }


def _evidence_of(told: Mapping[str, Any]) -> Evidence:
    return Evidence(
        maker=told["maker"],
        total=told["total"],
        prior=told["prior"],
        surfaces=tuple((words, sort, count) for words, sort, count in told["surfaces"]),
        mentions=tuple(Mention(Where(where), *rest) for where, *rest in told["mentions"]),
    )
