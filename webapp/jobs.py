"""The worker: takes jobs from the store and drains the change log into the index, until told to stop.

`serve` runs it as a thread, `dateline worker` as a process: the same loop.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from webapp import housekeeping, indexing, pipeline, rule_runs
from webapp.errors import ArchiveError, JobGaveOut
from webapp.filing import suggesting, suggesting_runs
from webapp.locks import among_others
from webapp.ruling import ON_CLIP, RUN, UNDO
from webapp.services import Services

log = logging.getLogger(__name__)

LEASE_S = 300  # longer than any job may take: extraction has 30 s, a fetch 20 s, an article some dozens of pictures
ATTEMPTS = 3
PAUSE_S = (1, 10, 60)  # between attempts
IDLE_S = 1.0  # how long the worker sleeps without the bell; other processes cannot ring it


def _archive(services: Services, payload: Mapping[str, Any]) -> None:
    pipeline.archive(services, payload["clip"])


def _archive_gave_up(services: Services, payload: Mapping[str, Any], reason: str) -> None:
    pipeline.give_up(services, payload["clip"], reason)


def _suggest_all(services: Services, payload: Mapping[str, Any]) -> None:
    suggesting_runs.work_on(services, payload["owner"])


def _suggest_all_gave_up(services: Services, payload: Mapping[str, Any], reason: str) -> None:
    suggesting_runs.give_up(services, payload["owner"], reason)


KINDS: Mapping[str, Callable[[Services, Mapping[str, Any]], None]] = {
    pipeline.ARCHIVE: _archive,
    suggesting_runs.SUGGEST_ALL: _suggest_all,
    RUN: rule_runs.run_job,
    ON_CLIP: rule_runs.apply_to_clip,
    UNDO: rule_runs.undo_job,
}
GIVE_UP: Mapping[str, Callable[[Services, Mapping[str, Any], str], None]] = {
    pipeline.ARCHIVE: _archive_gave_up,
    suggesting_runs.SUGGEST_ALL: _suggest_all_gave_up,
    RUN: rule_runs.run_gave_up,
    ON_CLIP: rule_runs.clip_gave_up,
    UNDO: rule_runs.undo_gave_up,
}


def run_next(services: Services) -> bool:
    """Take one job and do it; False when none is due. A job that fails is tried again, then given up visibly."""
    with services.store.begin() as work:
        job = work.jobs.take(services.clock(), LEASE_S)
    if job is None:
        return False
    try:
        if job.attempts > ATTEMPTS:
            raise JobGaveOut(job.attempts - 1)
        KINDS[job.kind](services, job.payload)
    except Exception as error:
        _failed(services, job, error)
    else:
        with services.store.begin() as work:
            work.jobs.finish(job.id)
    return True


def run_all(services: Services) -> int:
    """Do every job that is due and bring the index up to date; the number of jobs done."""
    done = 0
    while run_next(services):
        done += 1
        if done % 20 == 0:
            indexing.drain(services)
    indexing.drain(services)
    return done


class Worker(threading.Thread):
    """The loop as a thread. It outlives every error: each is logged, and the next round goes on."""

    def __init__(self, services: Services) -> None:
        super().__init__(name="dateline-worker", daemon=True)
        self.services = services
        self._stopping = threading.Event()

    def run(self) -> None:
        with among_others(self.services.settings.data_dir / "workers.lock", when_alone=self._take_over):
            self._work()

    def _take_over(self) -> None:
        """No other worker lives, so whatever is leased was in the hands of one that was killed."""
        try:
            with self.services.store.begin() as work:
                released = work.jobs.release()
        except ArchiveError as error:
            log.warning("what a killed worker held waits until its lease ends: %s", error)
        else:
            if released:
                log.warning("%s jobs were in the hands of a worker that was killed; they are done now", released)

    def _work(self) -> None:
        suggesting.prepare(self.services)
        tidy_at = self.services.clock()
        while not self._stopping.is_set():
            self.services.bell.clear()
            try:
                indexing.mend(self.services)
                run_all(self.services)
                if self.services.clock() >= tidy_at:
                    tidy_at = self.services.clock() + housekeeping.EVERY
                    housekeeping.tidy(self.services)
            except Exception:
                log.exception("the worker met an error and goes on")
                self._stopping.wait(IDLE_S)
            self.services.bell.wait(IDLE_S)

    def stop(self, timeout_s: float = 30.0) -> None:
        """Let the job at hand end, then stop."""
        self._stopping.set()
        self.services.bell.set()
        self.join(timeout_s)


def _failed(services: Services, job: Any, error: Exception) -> None:
    log.warning("job %s (%s) failed: %s", job.id, job.kind, error, exc_info=not isinstance(error, ArchiveError))
    reason = str(error) if isinstance(error, ArchiveError) else f"an unexpected error ({type(error).__name__}: {error})"
    last = job.attempts >= ATTEMPTS
    retry_at = None if last else services.clock() + timedelta(seconds=PAUSE_S[min(job.attempts, len(PAUSE_S)) - 1])
    with services.store.begin() as work:
        work.jobs.fail(job.id, reason, retry_at)
    if last:
        GIVE_UP[job.kind](services, job.payload, reason)
