"""Confined: what runs there cannot take more time or memory than it may, and cannot outlive the archive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from webapp import errors
from webapp.confine import Confined
from webapp.errors import (
    ArchiveError,
    BadAddress,
    BadPicture,
    ClipTooLarge,
    ExtractionFailed,
    FetchFailed,
    PageTooLarge,
    TookTooLong,
)
from webapp.model import CameBy, Draft, Image

MEMORY = 700_000_000


@pytest.fixture(scope="module")
def confined():
    opened = Confined(timeout_s=10, memory_bytes=MEMORY, makers=())
    yield opened
    opened.close()


@pytest.fixture
def hasty():
    opened = Confined(timeout_s=0.4, memory_bytes=MEMORY, makers=())
    yield opened
    opened.close()


# What is run over there: found by its name, so it stands at the top of this file.


def echo(value, *, times=1):
    return [value] * times


def child_pid():
    return os.getpid()


def sleep_long():
    time.sleep(60)


def spin_forever():
    while True:
        pass


def hold_the_interpreter():
    return len(str(10**10**8))  # one step of C code that never lets another thread of Python run


def take_memory():
    return len(bytearray(4_000_000_000))


def nest_deeply(depth=0):
    return nest_deeply(depth + 1)


def die():
    os._exit(3)


def crash():
    os.kill(os.getpid(), signal.SIGSEGV)


def raise_value_error():
    raise ValueError("not foreseen")


def raise_ours(which):
    raise OURS[which]


class Special(PageTooLarge):
    pass


OURS = {
    "size": PageTooLarge(size_bytes=7_000_000, limit_bytes=5_000_000),
    "clip": ClipTooLarge(size_bytes=None, limit_bytes=9),
    "picture": BadPicture("it is damaged"),
    "address": BadAddress("x", "why"),
    "fetch": FetchFailed("x", "why"),
    "special": Special(size_bytes=1, limit_bytes=2),
}


def print_and_read():
    print("noise on standard output")  # noqa: T201
    os.write(1, b"more noise")
    os.write(2, b"and on standard error")
    return sys.stdin.read()


def environment():
    return dict(os.environ)


def open_files():
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


class Sneaky:
    def __reduce__(self):
        return os.system, ("echo harm",)


def answer_sneakily():
    return Sneaky()


def smart_string():
    from lxml import html

    return html.fromstring("<p>words</p>").xpath("//p/text()")[0]


def a_draft():
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    return Draft(
        title="t", published_at=moment, published_on=moment.date(), images=(Image("a"),), origins={"title": "h1"}
    )


def an_enum():
    return CameBy.API, {1, 2}, frozenset({3})


def loaded_modules():
    return {name for name in ("flask", "sqlalchemy", "whoosh") if name in sys.modules}


def test_a_call_answers_with_what_the_function_returns(confined):
    assert confined.run(echo, "x", times=3) == ["x", "x", "x"]
    assert confined.run(echo, b"\x00" * 60_000_000) == [b"\x00" * 60_000_000]
    assert confined.run(a_draft) == a_draft()
    assert confined.run(an_enum) == an_enum()


def test_the_process_is_another_one_and_is_kept(confined):
    first = confined.run(child_pid)
    assert first != os.getpid()
    assert confined.run(child_pid) == first


@pytest.mark.parametrize("which", ["size", "clip", "picture", "address", "fetch"])
def test_our_errors_come_through_with_their_facts(confined, which):
    with pytest.raises(type(OURS[which])) as caught:
        confined.run(raise_ours, which)
    assert str(caught.value) == str(OURS[which])
    assert caught.value.__dict__ == OURS[which].__dict__
    assert type(caught.value) is type(OURS[which])


def test_an_error_derived_from_ours_comes_through_as_ours(confined):
    with pytest.raises(PageTooLarge) as caught:
        confined.run(raise_ours, "special")
    assert caught.value.limit_bytes == 2


def test_every_error_of_the_archive_can_cross():
    from webapp.confine.parent import _rebuilt

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ArchiveError)]
    assert len(kinds) > 15
    for kind in kinds:
        assert type(_rebuilt(kind.__name__, ("words",), {})) is kind


def test_an_error_nobody_foresaw_is_a_failed_extraction_that_says_which(confined):
    with pytest.raises(ExtractionFailed, match="raise_value_error broke: ValueError: not foreseen"):
        confined.run(raise_value_error)
    with pytest.raises(ExtractionFailed, match="RecursionError"):
        confined.run(nest_deeply)
    assert confined.run(echo, 1) == [1]


@pytest.mark.parametrize("function", [sleep_long, spin_forever, hold_the_interpreter])
def test_what_takes_too_long_is_stopped(hasty, function):
    before = hasty.run(child_pid)
    started = time.monotonic()
    with pytest.raises(TookTooLong, match=r"more than 0\.4 s"):
        hasty.run(function)
    assert time.monotonic() - started < 3
    assert hasty.run(child_pid) != before
    assert not is_alive(before)


@pytest.mark.skipif(sys.platform != "linux", reason="the address space is limited on Linux only")
def test_what_needs_too_much_memory_is_stopped(confined):
    with pytest.raises(TookTooLong, match="700 MB"):
        confined.run(take_memory)
    assert confined.run(echo, 1) == [1]


@pytest.mark.parametrize(("function", "words"), [(die, "exit status 3"), (crash, "signal 11")])
def test_a_process_that_dies_is_started_anew(confined, function, words):
    with pytest.raises(TookTooLong, match=words):
        confined.run(function)
    assert confined.run(echo, 1) == [1]


def test_a_process_that_dies_between_two_calls_is_not_noticed(confined):
    os.kill(confined.run(child_pid), signal.SIGKILL)
    time.sleep(0.1)
    assert confined.run(echo, 1) == [1]


def test_what_libraries_print_disturbs_nothing(confined):
    assert confined.run(print_and_read) == ""
    assert confined.run(echo, 1) == [1]


def test_secrets_and_open_files_stay_with_the_archive(confined, monkeypatch, tmp_path):
    monkeypatch.setenv("DATELINE_DATABASE_URL", "postgresql://me:secret@db.example/x")
    with (tmp_path / "open").open("w") as file, Confined.opened(timeout_s=10, memory_bytes=MEMORY, makers=()) as fresh:
        os.set_inheritable(file.fileno(), True)
        assert "DATELINE_DATABASE_URL" not in fresh.run(environment)
        assert str(file.fileno()) not in fresh.run(open_files)[6:]
        assert len(fresh.run(open_files)) <= 7


def test_an_answer_that_would_call_something_is_refused(confined):
    with pytest.raises(ExtractionFailed, match="may not"):
        confined.run(answer_sneakily)
    assert confined.run(echo, 1) == [1]


def test_strings_of_parsers_come_back_as_plain_strings(confined):
    answer = confined.run(smart_string)
    assert answer == "words"
    assert type(answer) is str


def test_only_what_is_needed_is_imported():
    with Confined.opened(timeout_s=20, memory_bytes=2_000_000_000) as fresh:
        assert fresh.run(loaded_modules) == set()


def test_many_threads_take_turns(confined):
    answers: list[int] = []

    def ask(number):
        answers.extend(confined.run(echo, number))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == list(range(24))


def test_waiting_for_one_s_turn_is_not_counted():
    slow = Confined(timeout_s=1.0, memory_bytes=MEMORY, makers=())
    threads = [threading.Thread(target=slow.run, args=(time.sleep, 0.4)) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert slow.run(echo, 1) == [1]
    for thread in threads:
        thread.join()
    slow.close()


def test_closing_stops_the_process_and_the_call_under_way():
    opened = Confined(timeout_s=30, memory_bytes=MEMORY, makers=())
    pid = opened.run(child_pid)
    raised: list[str] = []

    def call():
        try:
            opened.run(sleep_long)
        except TookTooLong as error:
            raised.append(error.reason)

    thread = threading.Thread(target=call)
    thread.start()
    time.sleep(0.3)
    opened.close()
    opened.close()
    thread.join(5)
    assert raised == ["the archive is being closed"]
    assert not is_alive(pid)
    with pytest.raises(TookTooLong):
        opened.run(echo, 1)


@pytest.mark.parametrize("busy", ["idle", "time.sleep, 50", "sum, range(10**12)"])
def test_the_process_ends_when_the_archive_is_killed(busy):
    script = (
        "import os, threading, time\n"
        "from webapp.confine import Confined\n"
        "confined = Confined(timeout_s=1, memory_bytes=700_000_000, makers=())\n"
        "print(confined.run(os.getpid), flush=True)\n"
        + ("time.sleep(60)\n" if busy == "idle" else f"confined.timeout_s = 2\nconfined.run({busy})\n")
    )
    root = str(Path(__file__).resolve().parent.parent)
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=root)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 12
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(pid)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not (status.exists() and "\nState:\tZ" in status.read_text())
