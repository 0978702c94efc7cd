"""The queue of jobs: written in the transaction that needs them, taken by one worker at a time under a lease."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from webapp.store.tables import jobs


@dataclass(frozen=True, slots=True)
class Job:
    """A job in a worker's hands. `attempts` counts the times it was taken, this one included."""

    id: int
    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 1


class Jobs:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enqueue(self, kind: str, payload: Mapping[str, Any], run_after: datetime) -> int:
        """Ask for a job, not before `run_after`; its id. `payload` is plain JSON."""
        job_id: int = self._connection.execute(
            insert(jobs)
            .values(kind=kind, payload=dict(payload), run_after=run_after, attempts=0, leased_until=None, reason="")
            .returning(jobs.c.id)
        ).scalar_one()
        return job_id

    def take(self, now: datetime, lease_s: float) -> Job | None:
        """The job that is due the longest, for `lease_s` seconds; None when none is due.

        A job whose worker did not come back within its lease is taken again. Workers on PostgreSQL pass over each
        other's rows; on SQLite the write lock keeps them apart.
        """
        due = (
            select(jobs.c.id)
            .where(jobs.c.run_after <= now, or_(jobs.c.leased_until.is_(None), jobs.c.leased_until <= now))
            .order_by(jobs.c.run_after, jobs.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = self._connection.execute(
            update(jobs)
            .where(jobs.c.id == due.scalar_subquery())
            .values(attempts=jobs.c.attempts + 1, leased_until=now + timedelta(seconds=lease_s))
            .returning(jobs.c.id, jobs.c.kind, jobs.c.payload, jobs.c.attempts)
        ).one_or_none()
        return None if row is None else Job(row.id, row.kind, row.payload, row.attempts)

    def release(self) -> int:
        """Take every job out of its worker's hands, since all of them are dead; how many there were."""
        return self._connection.execute(
            update(jobs).where(jobs.c.leased_until.is_not(None)).values(leased_until=None)
        ).rowcount

    def finish(self, job_id: int) -> None:
        self._connection.execute(delete(jobs).where(jobs.c.id == job_id))

    def fail(self, job_id: int, reason: str, retry_at: datetime | None) -> None:
        """Give the job back, to be tried at `retry_at`; None gives it up, and its row stays with the reason."""
        self._connection.execute(
            update(jobs).where(jobs.c.id == job_id).values(reason=reason, run_after=retry_at, leased_until=None)
        )

    def waits(self, kind: str, payload: Mapping[str, Any]) -> bool:
        """Whether a job like this is to be done still, the ones in a worker's hands left out."""
        waiting = select(jobs.c.payload).where(
            jobs.c.kind == kind, jobs.c.run_after.is_not(None), jobs.c.leased_until.is_(None)
        )
        return any(each == payload for each in self._connection.scalars(waiting))

    def waiting(self) -> int:
        """How many jobs are not done: due, in work or to be tried later. Given up ones do not count."""
        return self._connection.scalar(select(func.count()).where(jobs.c.run_after.is_not(None))) or 0
