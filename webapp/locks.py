"""One at a time, or alone among others, across threads and processes: locks on files, which the system gives up when
their holder dies, however it died."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
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


@contextmanager
def among_others(path: Path, *, when_alone: Callable[[], None]) -> Iterator[None]:
    """Hold a share of the lock file `path` for the block. If nobody else holds one, call `when_alone` first.

    Windows has no such locks here: nobody is ever alone there.
    """
    with path.open("ab") as file:
        if _lock_alone(file.fileno()):
            when_alone()
        _share(file.fileno())
        yield  # closing the file gives it up


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

    def _lock_alone(handle: int) -> bool:
        return False

    def _share(handle: int) -> None:
        pass
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)

    def _lock_alone(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _share(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_SH)
