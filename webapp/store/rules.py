"""Rules, their runs, and what each run changed: so that a run can be told and taken back as a whole."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from webapp.errors import NotFound
from webapp.model import ReadingState, TagKind, TagOrigin
from webapp.ruling import Doing, OnArticle, Rule, Run, Step
from webapp.store.changes import Changes
from webapp.store.rule_steps import do, undo
from webapp.store.rules_tables import rule_changes, rule_runs, rules
from webapp.store.tables import article_tags, articles
from webapp.store.vocabulary_tables import tags_taken_off

_AT_ONCE = 1_000  # ids a statement


class Rules:
    """Whoever asks for somebody else's rule or run is told that there is none."""

    def __init__(self, connection: Connection, changes: Changes) -> None:
        self._connection, self._changes = connection, changes

    def add(self, owner: int, *, name: str, query: str, steps: Sequence[Step], now: datetime) -> Rule:
        rule_id: int = self._connection.execute(
            insert(rules)
            .values(
                owner=owner,
                name=name,
                query=query,
                steps=_plain(steps),
                enabled=True,
                made_at=now,
                changed_at=now,
                removed_at=None,
            )
            .returning(rules.c.id)
        ).scalar_one()
        return self.get(owner, rule_id)

    def get(self, owner: int, rule_id: int) -> Rule:
        """Also one that was removed. Raises NotFound."""
        row = self._connection.execute(select(rules).where(rules.c.owner == owner, rules.c.id == rule_id)).one_or_none()
        if row is None:
            raise NotFound("There is no such rule.")
        return _rule_of(row)

    def list(self, owner: int) -> builtins.list[Rule]:
        """In the order they were made, without those that were removed: the order they are applied in."""
        rows = self._connection.execute(
            select(rules).where(rules.c.owner == owner, rules.c.removed_at.is_(None)).order_by(rules.c.id)
        )
        return [_rule_of(row) for row in rows]

    def change(self, owner: int, rule_id: int, now: datetime, **values: Any) -> Rule:
        """`name`, `query`, `steps`, `enabled`, `removed_at`; what is not named stays. Raises NotFound."""
        if "steps" in values:
            values["steps"] = _plain(values["steps"])
        self.get(owner, rule_id)
        self._connection.execute(update(rules).where(rules.c.id == rule_id).values(**values, changed_at=now))
        return self.get(owner, rule_id)

    def any_enabled(self, owner: int) -> bool:
        question = select(rules.c.id).where(
            rules.c.owner == owner, rules.c.removed_at.is_(None), rules.c.enabled.is_(True)
        )
        return self._connection.scalar(question.limit(1)) is not None

    def begin_run(self, rule: Rule, sort: str, article_ids: Sequence[int], now: datetime) -> int:
        run_id: int = self._connection.execute(
            insert(rule_runs)
            .values(
                owner=rule.owner,
                rule_id=rule.id,
                name=rule.name,
                query=rule.query,
                steps=_plain(rule.steps),
                sort=sort,
                article_ids=[*article_ids],
                done=0,
                changed=0,
                started_at=now,
                finished_at=None,
                undone_at=None,
                reason="",
            )
            .returning(rule_runs.c.id)
        ).scalar_one()
        return run_id

    def run(self, owner: int, run_id: int) -> Run:
        """Raises NotFound."""
        found = self._runs(rule_runs.c.owner == owner, rule_runs.c.id == run_id)
        if not found:
            raise NotFound("There is no such run.")
        return found[0]

    def runs(self, owner: int, limit: int, *, rule_id: int | None = None) -> builtins.list[Run]:
        """The latest first; of one rule, or of all."""
        mine = [rule_runs.c.owner == owner]
        return self._runs(*mine, *([] if rule_id is None else [rule_runs.c.rule_id == rule_id]), limit=limit)

    def rest_of_run(self, owner: int, run_id: int, limit: int) -> builtins.list[int]:
        """The ids of the articles that the run comes to next, at most `limit`; its row is locked."""
        row = self._connection.execute(
            select(rule_runs.c.article_ids, rule_runs.c.done, rule_runs.c.finished_at)
            .where(rule_runs.c.owner == owner, rule_runs.c.id == run_id)
            .with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound("There is no such run.")
        return [] if row.finished_at is not None else row.article_ids[row.done : row.done + limit]

    def went_on(self, run_id: int, *, done: int, changed: int) -> None:
        self._connection.execute(
            update(rule_runs)
            .where(rule_runs.c.id == run_id)
            .values(done=rule_runs.c.done + done, changed=rule_runs.c.changed + changed)
        )

    def end_run(self, run_id: int, now: datetime, *, reason: str = "") -> None:
        self._connection.execute(
            update(rule_runs)
            .where(rule_runs.c.id == run_id, rule_runs.c.finished_at.is_(None))
            .values(finished_at=now, reason=reason)
        )

    def standing(self, owner: int, article_ids: Sequence[int]) -> dict[int, OnArticle]:
        """How these articles stand, as far as rules may change it; those in the trash are left out."""
        found: dict[int, OnArticle] = {}
        for some in _slices(article_ids):
            facts = self._connection.execute(
                select(articles.c.id, articles.c.starred, articles.c.reading)
                .where(articles.c.id.in_(some), articles.c.owner == owner, articles.c.trashed_at.is_(None))
                .with_for_update()
            ).all()
            tags: dict[int, dict[str, TagOrigin]] = {row.id: {} for row in facts}
            off: dict[int, set[str]] = {row.id: set() for row in facts}
            for row in self._connection.execute(select(article_tags).where(article_tags.c.article_id.in_(tags))):
                tags[row.article_id][row.tag_id] = TagOrigin(row.origin)
            for row in self._connection.execute(select(tags_taken_off).where(tags_taken_off.c.article_id.in_(off))):
                off[row.article_id].add(row.tag_id)
            for row in facts:
                found[row.id] = OnArticle(
                    row.id, row.starred, ReadingState(row.reading), tags[row.id], frozenset(off[row.id])
                )
        return found

    def carry_out(
        self, run_id: int, source: str, doings: Sequence[Doing], kinds: Mapping[str, TagKind], now: datetime
    ) -> None:
        """Do what was worked out for articles that `standing` locked, and write down each step."""
        for doing in doings:
            before = do(self._connection, doing, source, kinds, now)
            self._connection.execute(
                insert(rule_changes).values(
                    run_id=run_id, article_id=doing.article_id, what=doing.what, value=doing.value, before=before
                )
            )
        self._changes.note_many([doing.article_id for doing in doings], now)

    def ask_to_undo(self, owner: int, run_id: int, now: datetime) -> None:
        """From now on the run is being taken back; it ends, if it is still going. Raises NotFound."""
        self.run(owner, run_id)
        self.end_run(run_id, now, reason="stopped")
        changes = select(func.count(rule_changes.c.article_id.distinct())).where(rule_changes.c.run_id == run_id)
        left = self._connection.scalar(changes) or 0
        done = func.coalesce(rule_runs.c.undo_done, 0)
        self._connection.execute(
            update(rule_runs)
            .where(rule_runs.c.id == run_id, rule_runs.c.undone_at.is_(None), rule_runs.c.undo_asked_at.is_(None))
            .values(
                undo_asked_at=now,
                undo_total=done + left,
                undo_done=done,
                undo_changed=func.coalesce(rule_runs.c.undo_changed, 0),
                undo_reason=None,
            )
        )

    def undo_some(self, owner: int, run_id: int, limit: int, now: datetime) -> bool:
        """Take back what a run changed on the last `limit` articles, where it still stands so; whether any are left.

        The last of these also ends the taking back. Nothing is done for a run that nobody asked to take back.
        Raises NotFound.
        """
        row = self._connection.execute(
            select(rule_runs.c.undo_asked_at)
            .where(rule_runs.c.owner == owner, rule_runs.c.id == run_id)
            .with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound("There is no such run.")
        if row.undo_asked_at is None:
            return False
        of_run = rule_changes.c.run_id == run_id
        last = select(rule_changes.c.article_id).where(of_run).group_by(rule_changes.c.article_id)
        ids = self._connection.scalars(last.order_by(func.max(rule_changes.c.id).desc()).limit(limit + 1)).all()
        some, are_left = ids[:limit], len(ids) > limit
        theirs = (of_run, rule_changes.c.article_id.in_(some))
        steps = self._connection.execute(select(rule_changes).where(*theirs).order_by(rule_changes.c.id.desc())).all()
        touched = [step.article_id for step in steps if undo(self._connection, step)]
        self._changes.note_many(touched, now)
        self._connection.execute(delete(rule_changes).where(*theirs))
        values: dict[str, Any] = {
            "undo_done": rule_runs.c.undo_done + len(some),
            "undo_changed": rule_runs.c.undo_changed + len(set(touched)),
        }
        if not are_left:
            values |= {"undone_at": now, "undo_asked_at": None}
        self._connection.execute(update(rule_runs).where(rule_runs.c.id == run_id).values(**values))
        return are_left

    def stop_undoing(self, run_id: int, reason: str) -> None:
        """It was given up; what is taken back so far stays so, and asking again goes on from there."""
        self._connection.execute(
            update(rule_runs)
            .where(rule_runs.c.id == run_id, rule_runs.c.undo_asked_at.is_not(None))
            .values(undo_asked_at=None, undo_reason=reason)
        )

    def changed_articles(self, owner: int, run_id: int, limit: int) -> builtins.list[tuple[int, Doing]]:
        """(article, step) of a run, in the order they were made."""
        rows = self._connection.execute(
            select(rule_changes)
            .join(rule_runs, rule_runs.c.id == rule_changes.c.run_id)
            .where(rule_runs.c.owner == owner, rule_changes.c.run_id == run_id)
            .order_by(rule_changes.c.id)
            .limit(limit)
        )
        return [(row.article_id, Doing(row.article_id, row.what, row.value)) for row in rows]

    def _runs(self, *conditions: Any, limit: int = 1) -> builtins.list[Run]:
        columns = [column for column in rule_runs.c if column.name != "article_ids"]
        total = func.json_array_length(rule_runs.c.article_ids)
        question = select(*columns, total.label("total")).where(*conditions).order_by(rule_runs.c.id.desc())
        return [_run_of(row) for row in self._connection.execute(question.limit(limit))]


def _rule_of(row: Row[Any]) -> Rule:
    return Rule(
        id=row.id,
        owner=row.owner,
        name=row.name,
        query=row.query,
        steps=tuple(Step(what, value) for what, value in row.steps),
        enabled=row.enabled,
        made_at=row.made_at,
        is_removed=row.removed_at is not None,
    )


def _run_of(row: Any) -> Run:
    return Run(
        id=row.id,
        owner=row.owner,
        rule_id=row.rule_id,
        name=row.name,
        query=row.query,
        steps=tuple(Step(what, value) for what, value in row.steps),
        sort=row.sort,
        total=row.total,
        done=row.done,
        changed=row.changed,
        started_at=row.started_at,
        finished_at=row.finished_at,
        undone_at=row.undone_at,
        reason=row.reason,
        undo_asked_at=row.undo_asked_at,
        undo_total=row.undo_total or 0,
        undo_done=row.undo_done or 0,
        undo_changed=row.undo_changed or 0,
        undo_reason=row.undo_reason or "",
    )


def _plain(steps: Iterable[Step]) -> builtins.list[builtins.list[str]]:
    return [[step.what, step.value] for step in steps]


def _slices(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
