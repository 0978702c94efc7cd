"""The folder of an index: made, recognised, written so that a power cut loses nothing, and checked.

Whoosh keeps its table of contents as a pickle, so nothing is read from a folder without our own version file; and
Whoosh never syncs, so here every file of a commit reaches the disk before the table of contents that names it.
A table of contents ends with its checksum; one that does not add up is never unpickled. Segments hold their own sums
(see `arrays`).
"""

# mypy: disallow-untyped-calls=False
# Whoosh is typed in parts only.
from __future__ import annotations

import json
import os
import re
import struct
import zlib
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC

from index.engine import EngineUnavailable
from index.whoosh_engine.schema import VERSION, make_schema

VERSION_FILE = "dateline-index.json"
INDEX_NAME = "MAIN"
_LOCK_NAMES = ("MAIN_WRITELOCK", "MAIN_FOUNDING")
_TOC_NAME = re.compile(rf"_{INDEX_NAME}_(\d+)\.toc")
_SUM = struct.Struct("<I8s")  # the end of a table of contents: the CRC-32 of what is before, SUMMED
SUMMED = b"Dateline"
_SEGMENT_FILE = re.compile(rf"{INDEX_NAME}_[0-9a-z]+\..+")


class DurableStorage(FileStorage):
    """A FileStorage whose commits are durable: see the module."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.path = folder
        self._fresh: set[str] = set()

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **kwargs: Any) -> Any:
        self._fresh.add(name)
        return super().create_file(name, excl=excl, mode=mode, **kwargs)

    def fresh_path(self, name: str) -> Path:
        """Where to write a file that the next commit makes durable."""
        self._fresh.add(name)
        return self.path / name

    def temp_storage(self, name: str | None = None) -> Any:
        """Nothing of ours goes through Whoosh's temporary files."""
        return RamStorage()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        if _TOC_NAME.fullmatch(newname):
            self._settle(oldname)
        super().rename_file(oldname, newname, safe=safe)
        sync_folder(self.path)

    def _settle(self, toc: str) -> None:
        """The table of contents gets its sum; everything written since the last commit reaches the disk."""
        with (self.path / toc).open("r+b") as file:
            file.write(_SUM.pack(zlib.crc32(file.read()), SUMMED))  # Whoosh reads no further than its own
        for name in sorted(self._fresh):
            if (self.path / name).exists():
                _sync(self.path / name)
        self._fresh.clear()


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make names durable; systems that cannot open a folder (Windows) need not."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_storage(folder: Path) -> DurableStorage:
    """The storage in `folder`, founded when there is nothing in it yet. Raises EngineUnavailable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        storage = DurableStorage(folder)
        founding = storage.lock(f"{INDEX_NAME}_FOUNDING")
        founding.acquire(blocking=True)
        try:
            _found_or_recognise(storage)
        finally:
            founding.release()
    except OSError as error:
        raise EngineUnavailable(folder, error.strerror or str(error)) from error
    return storage


def _found_or_recognise(storage: DurableStorage) -> None:
    names = [entry.name for entry in storage.path.iterdir() if entry.name not in _LOCK_NAMES]
    if not names:
        fresh = storage.path / f"{VERSION_FILE}.fresh"
        fresh.write_text(json.dumps(VERSION), encoding="utf-8")
        _sync(fresh)
        fresh.replace(storage.path / VERSION_FILE)
    elif set(names) != {f"{VERSION_FILE}.fresh"}:
        _recognise(storage.path)
    if latest_toc(storage.path) is None:
        if any(_SEGMENT_FILE.fullmatch(name) for name in names):
            raise EngineUnavailable(storage.path, "its table of contents is gone")
        TOC.create(storage, make_schema(), INDEX_NAME)


def _recognise(folder: Path) -> None:
    """Raises EngineUnavailable unless the version file says that this code wrote the folder."""
    try:
        version = json.loads((folder / VERSION_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise EngineUnavailable(folder, "the folder holds something else") from error
    except ValueError as error:
        raise EngineUnavailable(folder, "its version file is damaged") from error
    if version != VERSION:
        raise EngineUnavailable(folder, "it was made by another version")


def latest_toc(folder: Path) -> Path | None:
    """The newest table of contents; None when there is none."""
    tocs = [(int(found.group(1)), name) for name in _names(folder) if (found := _TOC_NAME.fullmatch(name))]
    return folder / max(tocs)[1] if tocs else None


def _names(folder: Path) -> list[str]:
    return os.listdir(folder)  # noqa: PTH208  many times faster than Path.iterdir, and asked by every search


def check_sum(path: Path) -> None:
    """Raises ValueError when a table of contents is not what was written."""
    content = path.read_bytes()
    if content[-_SUM.size :] != _SUM.pack(zlib.crc32(content[: -_SUM.size]), SUMMED):
        raise ValueError(f"{path.name} is not what was written")
