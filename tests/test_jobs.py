"""The worker: what it takes over from one that was killed, and what it leaves to one that lives."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import builders
from webapp import clipping, jobs
from webapp.locks import among_others
from webapp.model import ClipState
from webapp.services import Services

PATIENCE_S = 20


@contextmanager
def working(services: Services) -> Iterator[None]:
    worker = jobs.Worker(services)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def a_clip_whose_worker_was_killed(services: Services, owner: int) -> str:
    receipt = clipping.clip_upload(services, owner, "a.html", builders.page().encode())
    with services.store.begin() as work:
        assert work.jobs.take(services.clock(), jobs.LEASE_S) is not None
    return receipt.clip_id


def test_what_a_killed_worker_held_is_done_at_the_next_start(services: Services, owner: int) -> None:
    clip_id = a_clip_whose_worker_was_killed(services, owner)
    with working(services):
        deadline = time.monotonic() + PATIENCE_S
        while clipping.state_of(services, owner, clip_id).state is ClipState.RECEIVED and time.monotonic() < deadline:
            time.sleep(0.05)
    assert clipping.state_of(services, owner, clip_id).state is ClipState.KEPT


def test_what_a_living_worker_holds_is_left_to_it(services: Services, owner: int) -> None:
    clip_id = a_clip_whose_worker_was_killed(services, owner)
    with among_others(services.settings.data_dir / "workers.lock", when_alone=lambda: None), working(services):
        time.sleep(1.5)  # more than a round
    assert clipping.state_of(services, owner, clip_id).state is ClipState.RECEIVED


def test_only_the_first_is_alone_and_the_next_once_all_are_gone(tmp_path: Path) -> None:
    alone: list[str] = []
    path = tmp_path / "some.lock"
    with (
        among_others(path, when_alone=lambda: alone.append("first")),
        among_others(path, when_alone=lambda: alone.append("second")),
    ):
        assert alone == ["first"]
    with among_others(path, when_alone=lambda: alone.append("last")):
        assert alone == ["first", "last"]
