"""One at a time, across threads and processes: a lock on a file, given up by the system when its holder dies."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_threads: dict[Path, threading.Lock] = {}
_guard = threading.Lock()


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock file `path` for the block; waits for whoever holds it. Not reentrant.

    Source: flock(2); a lock of one process is shared by its threads there, so they take a lock of their own first.
    """
    with _guard:
        mine = _threads.setdefault(path, threading.Lock())
    with mine, path.open("ab") as file:
        _lock(file.fileno())
        try:
            yield
        finally:
            _unlock(file.fileno())


if sys.platform == "win32":
    import msvcrt
    import time

    def _lock(handle: int) -> None:
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
                return
            except OSError:  # LK_LOCK gives up after ten seconds
                time.sleep(0.1)

    def _unlock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
