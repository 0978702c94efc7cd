"""Suggesting for every article of a reader: in batches, newest first, with progress, going on where it stopped.

How far it came is kept in the database, beside the suggestions; whoever works on it (the worker by a job, the command
by itself) takes the next batch from there, so that one that is killed costs a batch.
"""

from __future__ import annotations

from datetime import datetime

from webapp.errors import ArchiveError, StoreUnavailable
from webapp.filing import suggesting
from webapp.locks import only_one
from webapp.services import Services
from webapp.store import Work
from webapp.store.reviews import Run

SUGGEST_ALL = "suggest all"  # the job's kind
BATCH = 20  # articles a job: about a second, so that a clip that comes meanwhile does not wait for long


def begin(services: Services, owner: int) -> Run:
    """Start again with the newest article, or go on with a run that is not finished. The worker is told."""
    now = services.clock()
    with services.store.begin() as work:
        run = work.reviews.run(owner)
        if run is None or run.finished_at is not None:
            run = work.reviews.begin_run(owner, now)
        if run.finished_at is None:
            _ask_for_more(work, owner, now)
    services.bell.set()
    return run


def progress(services: Services, owner: int) -> Run | None:
    """How far the last run came; None when there never was one."""
    with services.store.read() as work:
        return work.reviews.run(owner)


def next_batch(services: Services, owner: int, limit: int = BATCH) -> Run | None:
    """Suggest for the next articles; the run as it is then. None when there is no run to work on."""
    with only_one(services.settings.data_dir / "suggesting.lock"):
        with services.store.read() as work:
            run = work.reviews.run(owner)
            if run is None or run.finished_at is not None:
                return None
            batch = work.reviews.batch_of_run(owner, run, limit)
        failures = [failure for article_id in batch if (failure := _attempt(services, owner, article_id))]
        with services.store.begin() as work:
            work.reviews.advance_run(owner, run, batch, failures, services.clock())
            return work.reviews.run(owner)


def work_on(services: Services, owner: int) -> None:
    """One batch, then a job for the next, behind whatever waits already."""
    run = next_batch(services, owner)
    if run is not None and run.finished_at is None:
        with services.store.begin() as work:
            _ask_for_more(work, owner, services.clock())
        services.bell.set()


def give_up(services: Services, owner: int, reason: str) -> None:
    """A batch that failed again and again ends the run, which says so."""
    with services.store.begin() as work:
        run = work.reviews.run(owner)
        if run is not None and run.finished_at is None:
            work.reviews.advance_run(owner, run, [], [(0, reason)], services.clock())


def _ask_for_more(work: Work, owner: int, now: datetime) -> None:
    """One job at a time: two that run side by side would do the same twice."""
    job = {"owner": owner}
    if not work.jobs.waits(SUGGEST_ALL, job):
        work.jobs.enqueue(SUGGEST_ALL, job, now)


def _attempt(services: Services, owner: int, article_id: int) -> tuple[int, str] | None:
    try:
        suggesting.suggest_for(services, owner, article_id)
    except StoreUnavailable:
        raise  # no fault of the article's: the batch is tried again
    except ArchiveError as error:
        return article_id, str(error)
    except Exception as error:
        suggesting.log.exception("no suggestions could be made for article %s", article_id)
        return article_id, f"an unexpected error ({type(error).__name__}: {error})"
    return None
