"""The queue of jobs: leases, attempts, retries, and never one job in two hands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

pytest_plugins = ["databases"]

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
LEASE_S = 60


def enqueue(database, number: int = 1, run_after: datetime = NOW) -> int:
    with database.begin() as work:
        return work.jobs.enqueue("archive", {"clip": number}, run_after)


def take(database, now: datetime = NOW):
    with database.begin() as work:
        return work.jobs.take(now, LEASE_S)


def waiting(database) -> int:
    with database.read() as work:
        return work.jobs.waiting()


def test_a_job_is_taken_once_and_finished(database):
    job_id = enqueue(database, 7)
    job = take(database)
    assert (job.id, job.kind, job.payload, job.attempts) == (job_id, "archive", {"clip": 7}, 1)
    assert take(database) is None
    assert waiting(database) == 1
    with database.begin() as work:
        work.jobs.finish(job.id)
    assert waiting(database) == 0
    assert take(database, NOW + timedelta(days=1)) is None


def test_the_job_that_is_due_the_longest_comes_first_and_none_before_its_time(database):
    enqueue(database, 1, NOW + timedelta(seconds=10))
    enqueue(database, 2, NOW - timedelta(seconds=10))
    enqueue(database, 3, NOW - timedelta(seconds=10))
    assert [take(database).payload["clip"] for _ in range(2)] == [2, 3]
    assert take(database) is None
    assert take(database, NOW + timedelta(seconds=10)).payload == {"clip": 1}


def test_a_job_whose_worker_never_came_back_is_taken_again_after_its_lease(database):
    enqueue(database)
    assert take(database).attempts == 1
    assert take(database, NOW + timedelta(seconds=LEASE_S - 1)) is None
    assert take(database, NOW + timedelta(seconds=LEASE_S)).attempts == 2


def test_a_failed_job_is_tried_again_at_its_time(database):
    enqueue(database)
    with database.begin() as work:
        work.jobs.fail(take_in(work).id, "the page was away", NOW + timedelta(seconds=10))
    assert take(database) is None
    assert waiting(database) == 1
    assert take(database, NOW + timedelta(seconds=10)).attempts == 2


def test_a_job_that_is_given_up_is_not_taken_again(database):
    enqueue(database)
    with database.begin() as work:
        work.jobs.fail(take_in(work).id, "it cannot be done", None)
    assert take(database, NOW + timedelta(days=400)) is None
    assert waiting(database) == 0


def test_a_job_of_a_transaction_that_was_undone_does_not_exist(database):
    try:
        with database.begin() as work:
            work.jobs.enqueue("archive", {}, NOW)
            raise KeyError
    except KeyError:
        assert take(database) is None


def test_eight_workers_at_once_never_take_the_same_job(database):
    ids = [enqueue(database, number) for number in range(40)]

    def work_off(_number: int) -> list[int]:
        taken = []
        while job := take(database):
            taken.append(job.id)
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = [job_id for mine in pool.map(work_off, range(8)) for job_id in mine]
    assert sorted(taken) == ids


def take_in(work):
    return work.jobs.take(NOW, LEASE_S)


def test_jobs_of_dead_workers_are_released_and_given_up_ones_stay_so(database):
    enqueue(database, 1)
    enqueue(database, 2)
    gone = take(database)
    with database.begin() as work:
        work.jobs.fail(gone.id, "it cannot be done", None)
    held = take(database)
    with database.begin() as work:
        assert work.jobs.release() == 1
    assert take(database).id == held.id
    assert take(database) is None
