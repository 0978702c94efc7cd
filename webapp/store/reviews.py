"""Which articles wait to be looked at, how far suggesting for all of them is, and what readers chose about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from webapp.errors import NotFound
from webapp.evidence import PRESELECTS_FROM
from webapp.store.suggestion_tables import reviews, suggesting_runs, suggestion_choices
from webapp.store.tables import articles

FAILURES_NAMED = 100  # of a run; taste: nobody reads on, and their number is said


@dataclass(frozen=True, slots=True)
class Choices:
    """From which confidence a suggestion is selected beforehand, and filed without being asked (None: never)."""

    preselects_from: float = PRESELECTS_FROM
    files_from: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The last time suggestions were asked for all articles: `done` of `total`, down to `last_article_id`."""

    started_at: datetime
    finished_at: datetime | None
    last_article_id: int
    total: int
    done: int
    failed: int
    failures: tuple[tuple[int, str], ...]


class Reviews:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, owner: int, *, at_most: int) -> int:
        """How many articles wait, counted up to `at_most`; those in the trash do not."""
        some = self._waiting(owner, reviews.c.article_id).limit(at_most).subquery()
        return self._connection.scalar(select(func.count()).select_from(some)) or 0

    def queue(self, owner: int) -> list[tuple[int, datetime]]:
        """The articles that wait and when they were clipped, the last first."""
        newest_first = self._waiting(owner, articles.c.id, articles.c.clipped_at).order_by(
            articles.c.clipped_at.desc(), articles.c.id.desc()
        )
        return [(row.id, row.clipped_at) for row in self._connection.execute(newest_first)]

    def set_waits(self, owner: int, article_id: int, waits: bool) -> None:
        """Looked at, or to be looked at again. Raises NotFound."""
        there = self._connection.scalar(
            select(articles.c.id).where(articles.c.id == article_id, articles.c.owner == owner)
        )
        if there is None:
            raise NotFound("There is no such article.")
        changed = self._connection.execute(
            update(reviews).where(reviews.c.article_id == article_id).values(waits=waits)
        )
        if not changed.rowcount:
            self._connection.execute(insert(reviews).values(article_id=article_id, owner=owner, maker="", waits=waits))

    def choices(self, owner: int) -> Choices:
        row = self._connection.execute(
            select(suggestion_choices).where(suggestion_choices.c.owner == owner)
        ).one_or_none()
        return Choices() if row is None else Choices(row.preselects_from, row.files_from)

    def choose(self, owner: int, choices: Choices) -> None:
        self._connection.execute(delete(suggestion_choices).where(suggestion_choices.c.owner == owner))
        self._connection.execute(
            insert(suggestion_choices).values(
                owner=owner, preselects_from=choices.preselects_from, files_from=choices.files_from
            )
        )

    def run(self, owner: int) -> Run | None:
        row = self._connection.execute(select(suggesting_runs).where(suggesting_runs.c.owner == owner)).one_or_none()
        if row is None:
            return None
        values = {name: value for name, value in row._mapping.items() if name != "owner"}
        return Run(**{**values, "failures": tuple((number, reason) for number, reason in row.failures)})

    def begin_run(self, owner: int, now: datetime) -> Run:
        """Begin with the newest article."""
        last, total = self._connection.execute(
            select(func.max(articles.c.id), func.count()).where(*_readable(owner))
        ).one()
        self._connection.execute(delete(suggesting_runs).where(suggesting_runs.c.owner == owner))
        self._connection.execute(
            insert(suggesting_runs).values(
                owner=owner,
                started_at=now,
                finished_at=None if total else now,
                last_article_id=(last or 0) + 1,
                total=total,
                done=0,
                failed=0,
                failures=[],
            )
        )
        run = self.run(owner)
        assert run is not None  # just written
        return run

    def batch_of_run(self, owner: int, run: Run, limit: int) -> list[int]:
        """The articles that come next, newest first; empty when the run is through."""
        below = select(articles.c.id).where(*_readable(owner), articles.c.id < run.last_article_id)
        return list(self._connection.scalars(below.order_by(articles.c.id.desc()).limit(limit)))

    def advance_run(
        self, owner: int, run: Run, batch: Sequence[int], failures: Sequence[tuple[int, str]], now: datetime
    ) -> None:
        """Note that `batch` is done (empty: all is). Whoever did the same batch at the same time notes it once."""
        named = [[number, reason] for number, reason in [*run.failures, *failures]][:FAILURES_NAMED]
        self._connection.execute(
            update(suggesting_runs)
            .where(
                suggesting_runs.c.owner == owner,
                suggesting_runs.c.started_at == run.started_at,
                suggesting_runs.c.last_article_id == run.last_article_id,
            )
            .values(
                last_article_id=batch[-1] if batch else 0,
                done=run.done + len(batch),
                failed=run.failed + len(failures),
                failures=named,
                finished_at=None if batch else now,
            )
        )

    def _waiting(self, owner: int, *columns: Any) -> Select[Any]:
        return (
            select(*columns)
            .join_from(reviews, articles, articles.c.id == reviews.c.article_id)
            .where(reviews.c.owner == owner, reviews.c.waits, articles.c.trashed_at.is_(None))
        )


def _readable(owner: int) -> tuple[Any, ...]:
    return articles.c.owner == owner, articles.c.trashed_at.is_(None), articles.c.version_id.is_not(None)
