"""The shelf: clips and pictures as files named by what is in them (SHA-256), each kept once.

A file is whole or not there: it is written under a temporary name, fsynced, renamed, and its folder fsynced. When
`keep` returns, a power cut loses nothing.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
import zlib
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from webapp.errors import DiskFull, NotFound, StoreUnavailable

_NAME = re.compile(r"[0-9a-f]{64}")
_PACKED = ".z"  # a file whose content is compressed (zlib, RFC 1950) carries this ending
_TEMPORARY = ".part-"
_LEVEL = 6  # zlib's own default: pages shrink to about a fifth, 20 MB/s; 9 gains 1 %
_STALE_S = 3_600.0  # a temporary file that old belongs to a process that was killed; taste
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Shelf:
    """Content-addressed files under `folder`, in 256 subfolders. Used by many threads and processes at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes, *, compress: bool = False) -> str:
        """Put `content` on the shelf, durably; its name, the SHA-256 of the content as given, comes back.

        What is there already is not written again, only made young, so that `sweep` leaves it to whoever is about
        to refer to it. Raises DiskFull, StoreUnavailable.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        plain = self._plain_path(sha256)
        packed = plain.with_suffix(_PACKED)
        try:
            if _make_young(plain) or (compress and _make_young(packed)):
                return sha256
            if compress:
                self._write(packed, zlib.compress(content, _LEVEL))
            else:
                self._write(plain, content)
                packed.unlink(missing_ok=True)  # one file each; the plain one can also be sent as it is
        except OSError as error:
            raise _as_ours(error) from error
        return sha256

    def has(self, sha256: str) -> bool:
        return self._find(sha256) is not None

    def read(self, sha256: str) -> bytes:
        """The content. Raises NotFound, or StoreUnavailable when the file is damaged or cannot be read."""
        path = self.path(sha256)
        try:
            content = path.read_bytes()
            return zlib.decompress(content) if path.suffix == _PACKED else content
        except zlib.error as error:
            raise StoreUnavailable(
                f"the file {path.name} is damaged; `dateline check` lists every such file"
            ) from error
        except OSError as error:
            raise _as_ours(error) from error

    def path(self, sha256: str) -> Path:
        """The file itself, to be sent as it is; only pictures are: a compressed file ends in `.z`. Raises NotFound."""
        found = self._find(sha256)
        if found is None:
            raise NotFound(f"There is no file {sha256[:12]}… on the shelf.")
        return found

    def open(self, sha256: str) -> BinaryIO:
        """The file, opened for reading as it lies on the disk. Raises NotFound, StoreUnavailable."""
        try:
            return self.path(sha256).open("rb")
        except OSError as error:
            raise _as_ours(error) from error

    def names(self) -> Iterator[str]:
        """The name of every file on the shelf, in order."""
        return (path.stem for path in self._files())

    def sweep(self, referenced: Collection[str], *, older_than: datetime) -> int:
        """Remove the files that nothing refers to and that were written before `older_than`; how many there were.

        The age matters: a clip's files lie here for a moment before the database refers to them. Temporary files
        that a killed process left are removed too, and not counted.
        """
        limit = older_than.timestamp()
        wanted = referenced if isinstance(referenced, (set, frozenset, dict)) else set(referenced)
        removed = 0
        for path in self._files():
            if path.stem not in wanted and _written_at(path) < limit:
                path.unlink(missing_ok=True)
                removed += 1
        for path in self.folder.glob(f"??/{_TEMPORARY}*"):
            if _written_at(path) < limit - _STALE_S:
                path.unlink(missing_ok=True)
        return removed

    def check(self) -> list[str]:
        """Hold every file's content against its name; one line for each that does not fit. Empty when all is well."""
        problems = []
        for path in self._files():
            try:
                actual = hashlib.sha256(self.read(path.stem)).hexdigest()
            except (StoreUnavailable, NotFound) as error:
                problems.append(f"{path.parent.name}/{path.name}: {error}")
                continue
            if actual != path.stem:
                problems.append(f"{path.parent.name}/{path.name}: its content is not what its name says")
        return problems

    def _files(self) -> Iterator[Path]:
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.stem))

    def _plain_path(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise NotFound(f"{sha256[:80]!r} is not the name of a file on the shelf.")
        return self.folder / sha256[:2] / sha256

    def _find(self, sha256: str) -> Path | None:
        plain = self._plain_path(sha256)
        return next((path for path in (plain, plain.with_suffix(_PACKED)) if path.is_file()), None)

    def _write(self, path: Path, content: bytes) -> None:
        """Write under a temporary name, then rename. Raises OSError, and leaves nothing behind then."""
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync_folder(self.folder)
        number, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _make_young(path: Path) -> bool:
    """Whether the file is there; its time of change is now."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last; without this, a power cut may forget the new name."""
    number = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _written_at(path: Path) -> float:
    """When the file was last written; a file that another process removed meanwhile counts as new."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _as_ours(error: OSError) -> StoreUnavailable:
    if error.errno in _NO_ROOM:
        return DiskFull("The disk is full: nothing was kept. Free some room, then send it again.")
    return StoreUnavailable(f"the shelf cannot be used: {error.strerror or error}")
