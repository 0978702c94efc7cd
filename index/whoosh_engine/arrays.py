"""A file of named arrays: written once, mapped into memory, checked by sums. See docs/index-format.md.

Sections follow one another, each at a multiple of 8 bytes; a directory in JSON and its own sum end the file, so that
a file cut short has none. Nothing in it is a pickle: what is read are numbers and bytes.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

MAGIC = b"Dateline arrays1"
_END = struct.Struct("<QII16s")  # where the directory begins, its length, its sum; MAGIC
_ALIGNED = 8
_MOST_PENDING = 1 << 20  # bytes
_SLICE = 1 << 24  # bytes summed at once by `damage`

Array = NDArray[Any]


class DamagedFile(ValueError):
    """The file is not what was written."""


class ArrayWriter:
    """Writes one file; sections come whole (`add`), or in parts (`append`) of a size told before (`reserve`) or after
    (`begin`, `end`; nothing else comes between)."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)
        self._pending = bytearray()
        self._pending_at = 0
        self._at = 0
        self._directory: dict[str, list[Any]] = {}
        self._filled: dict[str, int] = {}

    def add(self, name: str, values: Array) -> None:
        self.reserve(name, values.dtype, values.size)
        self.append(name, values)

    def reserve(self, name: str, dtype: Any, count: int) -> None:
        size = count * np.dtype(dtype).itemsize
        self._directory[name] = [np.dtype(dtype).str, self._at, count, 0]
        self._filled[name] = 0
        self._at += -(-size // _ALIGNED) * _ALIGNED

    def begin(self, name: str, dtype: Any) -> None:
        self.reserve(name, dtype, 0)

    def end(self, name: str) -> None:
        size = self._filled[name]
        self._directory[name][2] = size // np.dtype(self._directory[name][0]).itemsize
        self._at += -(-size // _ALIGNED) * _ALIGNED

    def append(self, name: str, values: Array) -> None:
        section = self._directory[name]
        content = np.ascontiguousarray(values, np.dtype(section[0])).view(np.uint8).reshape(-1)
        self._write(content, section[1] + self._filled[name])
        self._filled[name] += len(content)
        section[3] = zlib.crc32(content.data, section[3])

    def close(self) -> None:
        """Write the directory; raises ValueError when a reserved section was not filled."""
        for name, (dtype, _, count, _) in self._directory.items():
            if self._filled[name] != count * np.dtype(dtype).itemsize:
                raise ValueError(f"section {name} was not filled")
        directory = json.dumps(self._directory, separators=(",", ":")).encode("ascii")
        end = _END.pack(self._at, len(directory), zlib.crc32(directory), MAGIC)
        self._write(np.frombuffer(directory + end, np.uint8), self._at)
        self._flush()
        self._file.close()

    def abandon(self) -> None:
        self._file.close()

    def _write(self, content: Array, at: int) -> None:
        """What follows what was written just before waits with it: small sections are one write together."""
        gap = at - self._pending_at - len(self._pending)
        if not 0 <= gap < _ALIGNED or len(self._pending) > _MOST_PENDING:
            self._flush()
            self._pending_at, gap = at, 0
        self._pending += bytes(gap)
        self._pending += content.data

    def _flush(self) -> None:
        view, at = memoryview(self._pending), self._pending_at
        while len(view):
            written = os.pwrite(self._file.fileno(), view, at)
            view, at = view[written:], at + written
        self._pending = bytearray()


class ArrayFile:
    """One file of arrays, mapped; arrays are views of it and live as long as they are used."""

    def __init__(self, path: Path) -> None:
        """Raises DamagedFile unless the directory is whole; OSError."""
        self.name = path.name
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < _END.size:
                raise DamagedFile(f"{self.name} is damaged: it was cut short")
            self.bytes = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
        self._directory = self._read_directory(size)

    def _read_directory(self, size: int) -> dict[str, list[Any]]:
        at, length, checksum, magic = _END.unpack(self.bytes[size - _END.size :])
        directory = self.bytes[at : at + length]
        if magic != MAGIC or at + length + _END.size != size or zlib.crc32(directory) != checksum:
            raise DamagedFile(f"{self.name} is damaged: its end is not what was written")
        read: dict[str, list[Any]] = json.loads(directory)
        return read

    def __getitem__(self, name: str) -> Array:
        dtype, at, count, _ = self._directory[name]
        return np.frombuffer(self.bytes, np.dtype(dtype), count, at)

    def let_go(self) -> None:
        """Let the system take back the memory of what was read, where it can be told so."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self.bytes.madvise(mmap.MADV_DONTNEED)

    def names(self) -> list[str]:
        return list(self._directory)

    def view(self, name: str) -> memoryview:
        """The same numbers: looked up one by one, several times faster than in an array."""
        start, end = self.bounds(name)
        return memoryview(self.bytes)[start:end].cast(np.dtype(self._directory[name][0]).char)

    def bounds(self, name: str) -> tuple[int, int]:
        """Where a section begins and ends in `bytes`."""
        dtype, at, count, _ = self._directory[name]
        return at, at + count * np.dtype(dtype).itemsize

    def damage(self, without: Iterable[str] = ()) -> Iterator[str]:
        """What is not as it was written, in sentences; sections in `without` are not read."""
        view = memoryview(self.bytes)
        for name, (_, _, _, checksum) in self._directory.items():
            if name in without:
                continue
            (start, end), found = self.bounds(name), 0
            for first in range(start, end, _SLICE):
                found = zlib.crc32(view[first : min(end, first + _SLICE)], found)
            if found != checksum:
                yield f"{self.name} is damaged: {name} is not what was written"


def packed(items: Iterable[bytes]) -> tuple[Array, Array]:
    """Strings in a row and where each begins (one more: where the last ends)."""
    kept = list(items)
    starts = np.zeros(len(kept) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, kept), np.int64, len(kept)), out=starts[1:])
    return np.frombuffer(b"".join(kept), np.uint8), starts


Whole = TypeVar("Whole", bound=np.integer[Any])


def ranges(starts: NDArray[Whole], counts: NDArray[Whole]) -> NDArray[Whole]:
    """start, start + 1, … `count` numbers from each start, in a row."""
    ends = counts.cumsum(dtype=counts.dtype)
    found: NDArray[Whole] = (starts - ends + counts).repeat(counts)
    found += np.arange(len(found), dtype=found.dtype)
    return found
