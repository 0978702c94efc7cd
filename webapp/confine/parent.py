"""Runs the makers in a process of its own, so that a hostile page costs a bounded time and a bounded memory.

The child is kept between calls and started anew when it had to be stopped. It is made with a plain `subprocess` and
pickles over its standard streams, since `multiprocessing` would import the caller's main module again, which is a
server, a test runner or a console script. The child holds no secret (a bare environment) and never outlives us: it
ends when the pipe does.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar

from webapp import errors
from webapp.confine.child import ALARM, CALL, DONE, NO_MEMORY, RAISED, STARTED
from webapp.errors import ArchiveError, ExtractionFailed, TookTooLong

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)

MAKERS = ("webapp.extract.article", "webapp.sanitise", "webapp.pictures")  # imported ahead of the first call
_BOOT = "import sys; sys.path[:] = sys.argv[3:]; from webapp.confine.child import serve; serve(*sys.argv[1:3])"
_BOOT_LIMIT_S = 120.0  # to start Python and import the makers, on a machine that is busy with other things
_KEPT_ENVIRONMENT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
)
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)  # each costs address space
_PLAIN = {"str", "set", "frozenset", "bytearray", "complex"}
_LENGTH = struct.Struct("!Q")


class Confined:
    """A process for the makers, asked by one thread at a time; for the others, time starts when it is their turn.

    `timeout_s` is for each call, `memory_bytes` for the process's address space (POSIX; elsewhere it is not limited).
    The process is started, and `makers` imported in it, in the background at once.
    """

    def __init__(
        self, *, timeout_s: float, memory_bytes: int, makers: tuple[str, ...] = MAKERS, prewarm: bool = True
    ) -> None:
        self.timeout_s, self.memory_bytes, self.makers = timeout_s, memory_bytes, makers
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False
        if prewarm:
            threading.Thread(target=self._prewarm, name="confined-prewarm", daemon=True).start()

    @classmethod
    @contextlib.contextmanager
    def opened(cls, **options: Any) -> Iterator[Confined]:
        """One for the length of a block; the options are those of the constructor."""
        confined = cls(**options)
        try:
            yield confined
        finally:
            confined.close()

    def run(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`fn(*args, **kwargs)` in the confined process. `fn` is found by its module and name; all values are pickled.

        Errors raised on purpose (ArchiveError) come through as they are, with their facts. Raises TookTooLong when
        time or memory ran out or the process died, and ExtractionFailed when `fn` broke in a way nobody foresaw.
        """
        call = pickle.dumps(
            (CALL, fn.__module__, fn.__qualname__, args, kwargs, self.timeout_s), pickle.HIGHEST_PROTOCOL
        )
        with self._lock:
            answer, *rest = self._ask(call, fn.__name__)
            if answer != DONE:
                self._raise(fn.__name__, answer, rest)
            result: R = rest[0]
            return result

    def close(self) -> None:
        """Stop the process; a call that is under way ends as TookTooLong. Closing twice is closing once."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()
        with self._lock:
            self._stop()

    def _prewarm(self) -> None:
        with self._lock, contextlib.suppress(OSError, TookTooLong):  # the first call meets the same, and says so
            if not self._closed:
                self._running()

    def _ask(self, call: bytes, what: str) -> tuple[Any, ...]:
        """Send a call and wait for its answer. Raises TookTooLong, after which a new process is on its way."""
        if self._closed:
            raise TookTooLong(what, "the archive is being closed")
        child = self._running()
        limit = _Limit(child, _BOOT_LIMIT_S)
        try:
            _send(child.stdin, call)
            answer = _receive(child.stdout)
            if answer[0] == STARTED:
                limit.stop()
                limit = _Limit(child, self.timeout_s)
                answer = _receive(child.stdout)
        except (OSError, EOFError) as error:
            self._stop()
            raise TookTooLong(what, self._reason(limit, child)) from error
        except pickle.UnpicklingError as error:
            raise ExtractionFailed(f"{what} gave back what it may not: {error}") from error
        finally:
            limit.stop()
        if limit.was_reached:  # at the very moment of the answer: the process is gone all the same
            self._stop()
        return answer

    def _reason(self, limit: _Limit, child: subprocess.Popen[bytes]) -> str:
        if self._closed:
            return "the archive is being closed"
        if limit.was_reached or child.returncode == -ALARM:
            return f"it took more than {limit.seconds:g} s"
        return f"its process died ({_how(child.returncode)})"

    def _raise(self, what: str, answer: str, rest: list[Any]) -> None:
        if answer == RAISED:
            raise _rebuilt(*rest)
        if answer == NO_MEMORY:
            self._stop()  # its heap is in pieces
            raise TookTooLong(what, f"it needed more than {self.memory_bytes / 1e6:.0f} MB of memory")
        kind, message, trace = rest
        log.error("%s broke in the confined process:\n%s", what, trace)
        raise ExtractionFailed(f"{what} broke: {kind}: {message}"[:500])

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, started if there is none or it has died between two calls."""
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._stop()
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        self._child = subprocess.Popen(  # noqa: S603 - Python itself, with a text of our own
            [sys.executable, "-I", "-c", _BOOT, str(self.memory_bytes), ",".join(self.makers), *_import_path()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment | _ONE_THREAD,
            start_new_session=True,  # so that Ctrl+C reaches us alone, and a call under way can end
        )
        return self._child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        child.wait()


class _Limit:
    """Kills a process after `seconds`, which ends every read from it, unless stopped before."""

    def __init__(self, child: subprocess.Popen[bytes], seconds: float) -> None:
        self.seconds, self.was_reached = seconds, False
        self._child = child
        self._lock, self._stopped = threading.Lock(), False
        self._timer = threading.Timer(seconds, self._reach)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
        self._timer.cancel()

    def _reach(self) -> None:
        with self._lock:
            if not self._stopped:
                self.was_reached = True
                self._child.kill()


class _Answers(pickle.Unpickler):
    """Reads answers of a process that has parsed hostile pages: only values of ours may be made, never calls."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "builtins" and name in _PLAIN:
            return super().find_class(module, name)
        if module.partition(".")[0] in ("webapp", "datetime"):
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} may not come out of the confined process")


def _send(stream: IO[bytes] | None, content: bytes) -> None:
    if stream is None:
        raise EOFError
    view = memoryview(_LENGTH.pack(len(content)) + content)
    while view:
        view = view[stream.write(view) :]  # an unbuffered pipe takes what fits


def _receive(stream: IO[bytes] | None) -> tuple[Any, ...]:
    if stream is None:
        raise EOFError
    (length,) = _LENGTH.unpack(_read_exactly(stream, _LENGTH.size))
    answer: tuple[Any, ...] = _Answers(io.BytesIO(_read_exactly(stream, length))).load()
    return answer


def _read_exactly(stream: IO[bytes], length: int) -> bytes:
    pieces = []
    while length:
        piece = stream.read(min(length, 1 << 20))
        if not piece:
            raise EOFError
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def _rebuilt(name: str, args: tuple[Any, ...], facts: dict[str, Any]) -> ArchiveError:
    """An error of ours as it was raised over there; its own __init__, whose arguments differ, is not called again."""
    kind = getattr(errors, name, ArchiveError)
    error: ArchiveError = kind.__new__(kind)
    error.args = args
    error.__dict__.update(facts)
    return error


def _import_path() -> list[str]:
    """Where the child finds what we find; first the folder this very package is in."""
    here = str(Path(__file__).resolve().parents[2])
    return [here, *(str(Path(entry).resolve()) for entry in sys.path if entry and entry != here)]


def _how(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit status {code}"
