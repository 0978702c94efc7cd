"""The other side of the pipe: what runs within the confined process. It imports no more than it is asked for."""

from __future__ import annotations

import importlib
import io
import os
import pickle
import signal
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from enum import Enum
from queue import SimpleQueue
from typing import IO, Any

CALL, STARTED, DONE, RAISED, FAILED, NO_MEMORY = "call", "started", "done", "raised", "failed", "no memory"
GRACE_S = 5.0  # after the caller's own limit: this alarm only counts when the caller is dead
ALARM = int(getattr(signal, "SIGALRM", 14))
_LENGTH = struct.Struct("!Q")


def serve(memory_bytes: str, makers: str) -> None:
    """Answer calls from standard input until it ends. Never returns."""
    questions, answers = _take_streams()
    _limit_memory(int(memory_bytes))
    calls: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read_calls, args=(questions, calls), daemon=True).start()
    _import_ahead(makers.split(","))
    while True:
        _answer(answers, calls.get())


def _take_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the caller. What a library prints goes nowhere, and what one reads is at its end."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)
    return questions, answers


def _limit_memory(limit_bytes: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # macOS has the name, and refuses the call
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))


def _read_calls(questions: IO[bytes], calls: SimpleQueue[bytes]) -> None:
    """Hand calls over; when the caller is gone, however it went, so are we, whatever the main thread is doing."""
    try:
        while header := questions.read(_LENGTH.size):
            calls.put(questions.read(*_LENGTH.unpack(header)))
    except (MemoryError, struct.error):
        os._exit(70)
    os._exit(0)


def _import_ahead(makers: list[str]) -> None:
    """Import the makers, and let those that have a `warm_up` load what they would load at their first call."""
    for name in filter(None, makers):
        try:
            maker = importlib.import_module(name)
        except ImportError:
            continue  # the call that needs it tells
        getattr(maker, "warm_up", lambda: None)()


def _answer(answers: IO[bytes], call: bytes) -> None:
    try:
        _, module, name, args, kwargs, timeout_s = pickle.loads(call)  # noqa: S301 - from our own parent
        del call
        function = _find(module, name)
        _write(answers, (STARTED,))
        _set_alarm(timeout_s + GRACE_S)
        answer: tuple[Any, ...] = (DONE, function(*args, **kwargs))
    except MemoryError:
        answer = (NO_MEMORY,)
    except Exception as error:  # the one place that must not die of somebody's page
        answer = _described(error)
    finally:
        _set_alarm(0)
    try:
        _write(answers, answer)
    except MemoryError:
        _write(answers, (NO_MEMORY,))
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        _write(answers, _described(error))


def _find(module: str, name: str) -> Callable[..., Any]:
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    function: Callable[..., Any] = found
    return function


def _described(error: Exception) -> tuple[Any, ...]:
    """An error of ours as its nearest class in `errors`, with its facts; any other as words."""
    for kind in type(error).__mro__:
        if kind.__module__ == "webapp.errors":
            return RAISED, kind.__name__, error.args, error.__dict__
    return FAILED, type(error).__name__, str(error)[:400], "".join(traceback.format_exception(error))[-8_000:]


def _set_alarm(seconds: float) -> None:
    """Have the system end this process then, even if it never returns to Python. 0 takes it back."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


class _Pickler(pickle.Pickler):
    """Turns the strings of parsers (lxml's know their tree) into plain ones."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, str) and not isinstance(value, Enum) and type(value) is not str:
            return str, (str.__str__(value),)
        return NotImplemented


def _write(answers: IO[bytes], answer: tuple[Any, ...]) -> None:
    buffer = io.BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(answer)
    content = buffer.getvalue()
    try:
        answers.write(_LENGTH.pack(len(content)) + content)
        answers.flush()
    except BrokenPipeError:
        os._exit(0)
