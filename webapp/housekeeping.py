"""What is done once a day without being asked: empty the old trash, sweep files nothing refers to. Checks files."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from webapp.services import Services

log = logging.getLogger(__name__)

TRASH_DAYS = 30  # promised on every notice about the trash
SWEEP_AFTER = timedelta(days=1)  # a file is on the shelf before the row that refers to it: leave young ones alone
EVERY = timedelta(days=1)


def tidy(services: Services) -> None:
    """Delete for ever what lay in the trash for 30 days, with its files."""
    now = services.clock()
    with services.store.begin() as work:
        purged = work.articles.purge(now - timedelta(days=TRASH_DAYS), now=now)
        work.assets.drop_unreferenced()
        work.sign_in_links.forget(now)
        work.device_codes.forget(now)
    with services.store.read() as work:
        needed = set(work.assets.referenced())
    swept = services.shelf.sweep(needed, older_than=now - SWEEP_AFTER)
    if purged or swept:
        log.info("emptied %s articles from the trash, swept %s files", purged, swept)


def empty_trash(services: Services, owner: int, *, until: datetime) -> int:
    """Delete for ever what `owner` put into the trash up to `until`, the newest that was looked at; how many articles.

    What was thrown away later stays. The files go when the archive is tidied the next time, within a day.
    """
    with services.store.begin() as work:
        gone = work.articles.purge(until + timedelta(microseconds=1), now=services.clock(), owner=owner)
    services.bell.set()
    return gone


def check_files(services: Services) -> list[str]:
    """What is wrong with the kept files, in sentences: missing ones, and those whose content is not what it was."""
    with services.store.read() as work:
        missing = [sha256 for sha256 in work.assets.referenced() if not services.shelf.has(sha256)]
    problems = [f"The file {sha256} is missing." for sha256 in missing]
    return problems + services.shelf.check()
