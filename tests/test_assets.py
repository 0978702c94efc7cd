"""The shelf: content-addressed files that are whole or not there."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import subprocess
import sys
import threading
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from webapp.assets import Shelf
from webapp.errors import DiskFull, NotFound, StoreUnavailable

LATER = timedelta(hours=5)


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "assets")


def test_what_is_kept_comes_back_under_the_hash_of_its_content(shelf):
    name = shelf.keep(b"a picture")
    assert name == hashlib.sha256(b"a picture").hexdigest()
    assert shelf.read(name) == b"a picture"
    assert shelf.has(name)
    assert shelf.path(name) == shelf.folder / name[:2] / name
    with shelf.open(name) as file:
        assert file.read() == b"a picture"


def test_a_compressed_file_is_smaller_and_named_by_what_was_given(shelf):
    content = b"<p>words</p>" * 10_000
    name = shelf.keep(content, compress=True)
    assert name == hashlib.sha256(content).hexdigest()
    assert shelf.path(name).stat().st_size < len(content) / 50
    assert shelf.path(name).suffix == ".z"
    assert shelf.read(name) == content


@pytest.mark.parametrize("size", [0, 1, 100_000])
@pytest.mark.parametrize("compress", [True, False])
def test_the_same_content_is_written_once(shelf, size, compress):
    content = random.Random(size).randbytes(size)
    first = shelf.keep(content, compress=compress)
    before = shelf.path(first).stat().st_ino
    assert shelf.keep(content, compress=compress) == first == shelf.keep(content, compress=True)
    assert shelf.path(first).stat().st_ino == before
    assert list(shelf.names()) == [first]
    assert shelf.read(first) == content


def test_what_must_be_sent_as_it_is_lies_uncompressed(shelf):
    name = shelf.keep(b"a picture", compress=True)
    assert shelf.keep(b"a picture") == name
    assert shelf.path(name).read_bytes() == b"a picture"
    assert list(shelf.names()) == [name]


def test_names_that_are_none_lead_nowhere(shelf):
    for name in ("", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + ".z"):
        with pytest.raises(NotFound):
            shelf.read(name)
    with pytest.raises(NotFound):
        shelf.path("a" * 64)
    assert not shelf.has("a" * 64)


def test_a_full_disk_is_said_and_leaves_nothing_behind(shelf, monkeypatch):
    def no_room(number):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    shelf.folder.joinpath("2c").mkdir(parents=True)
    with pytest.raises(DiskFull):
        shelf.keep(b"x")  # its name begins with 2d
    monkeypatch.undo()
    assert list(shelf.names()) == []
    assert not list(shelf.folder.rglob("*part*"))


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full's kin: a file size limit")
def test_a_real_limit_of_the_system_is_a_full_disk(tmp_path):
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from webapp.assets import Shelf\n"
        "from webapp.errors import DiskFull\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    Shelf(Path(sys.argv[1])).keep(bytes(5000))\n"
        "except DiskFull:\n    sys.exit(7)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, env=os.environ)
    assert ended.returncode == 7
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_shelf_that_cannot_be_written_is_unavailable(tmp_path):
    (tmp_path / "assets").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable):
        Shelf(tmp_path / "assets").keep(b"x")


def test_sweeping_removes_only_what_is_old_and_not_referred_to(shelf):
    kept, loose = shelf.keep(b"kept", compress=True), shelf.keep(b"loose")
    now = datetime.now(UTC)
    assert shelf.sweep({kept}, older_than=now - LATER) == 0
    assert shelf.has(loose)
    assert shelf.sweep([kept], older_than=now + LATER) == 1
    assert list(shelf.names()) == [kept]


def test_what_is_kept_again_is_young_again(shelf):
    name = shelf.keep(b"loose")
    os.utime(shelf.path(name), (0, 0))
    shelf.keep(b"loose")
    assert shelf.sweep(set(), older_than=datetime.now(UTC) - LATER) == 0
    os.utime(shelf.path(name), (0, 0))
    assert shelf.sweep(set(), older_than=datetime.now(UTC) - LATER) == 1


def test_sweeping_removes_what_a_killed_process_left(shelf):
    name = shelf.keep(b"kept")
    left = shelf.folder / name[:2] / ".part-abc"
    left.write_bytes(b"half")
    shelf.sweep({name}, older_than=datetime.now(UTC))
    assert left.exists()
    shelf.sweep({name}, older_than=datetime.now(UTC) + LATER)
    assert not left.exists()
    assert shelf.has(name)


def test_checking_finds_every_damaged_file(shelf):
    sound, changed, torn = shelf.keep(b"sound"), shelf.keep(b"changed"), shelf.keep(b"torn" * 99, compress=True)
    assert shelf.check() == []
    shelf.path(changed).write_bytes(b"other")
    shelf.path(torn).write_bytes(shelf.path(torn).read_bytes()[:-5])
    problems = shelf.check()
    assert len(problems) == 2
    assert any(changed in line for line in problems)
    assert any(torn in line for line in problems)
    assert shelf.read(sound) == b"sound"
    with pytest.raises(StoreUnavailable):
        shelf.read(torn)


def test_a_compressed_file_that_is_another_s_is_found(shelf):
    name = shelf.keep(b"mine" * 9, compress=True)
    shelf.path(name).write_bytes(zlib.compress(b"yours"))
    assert len(shelf.check()) == 1


def test_many_threads_keep_the_same_content_at_once(shelf):
    contents = [bytes([number]) * 50_000 for number in range(8)]
    names: list[str] = []

    def keep_all():
        names.extend(shelf.keep(content, compress=True) for content in contents)

    threads = [threading.Thread(target=keep_all) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 64
    assert sorted(set(names)) == list(shelf.names())
    assert shelf.check() == []
    assert not list(shelf.folder.rglob(".part-*"))


def test_the_files_are_for_their_owner_only(shelf):
    name = shelf.keep(b"private")
    assert shelf.path(name).stat().st_mode & 0o077 == 0
    assert shelf.path(name).parent.stat().st_mode & 0o077 == 0
