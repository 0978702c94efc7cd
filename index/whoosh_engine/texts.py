"""The texts of articles as they were written: numbers of chunks, which are what stands between two blanks.

Chunks are numbered from the most frequent on; a number is one to four bytes of seven bits, the lowest first, and all
bytes of it but the last have the eighth bit. A line's end is a chunk of its own (`chunks.LINE_END`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.query import WORD_FIELDS
from index.whoosh_engine.arrays import Array, ArrayFile, packed
from index.whoosh_engine.chunks import LINE_END

Numbers = NDArray[np.int64]
_MORE = 0x80
_BYTES = 4
MOST_CACHED = 30_000  # chunks of a segment kept as strings: about 3 MB


def frequent_first(counts: Array) -> Numbers:
    """The places of `counts`, the greatest first."""
    return np.argsort(-counts, kind="stable")


def sizes_of(numbers: Array) -> NDArray[np.uint8]:
    """How many bytes each number takes."""
    sizes = np.ones(len(numbers), np.uint8)
    for more in range(1, _BYTES):
        sizes += numbers >= 1 << 7 * more
    return sizes


def encoded(numbers: Array) -> tuple[NDArray[np.uint8], Numbers]:
    """Numbers as bytes, and where each ends."""
    sizes = sizes_of(numbers)
    ends = np.cumsum(sizes, dtype=np.int64)
    content = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    firsts = ends - sizes
    content[firsts] = numbers & 0x7F
    for more in range(1, _BYTES):
        at = np.flatnonzero(sizes > more)
        if not len(at):
            break
        content[firsts[at] + more - 1] |= _MORE
        content[firsts[at] + more] = (numbers[at] >> 7 * more) & 0x7F
    return content, ends


def decoded(content: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The numbers again."""
    lasts = np.flatnonzero(content < _MORE)
    firsts = np.empty_like(lasts)
    firsts[:1] = 0
    np.add(lasts[:-1], 1, out=firsts[1:])
    numbers = (content[firsts] & 0x7F).astype(np.uint32)
    at = np.flatnonzero(lasts > firsts)
    more = 1
    while len(at):
        numbers[at] |= (content[firsts[at] + more] & np.uint32(0x7F)) << np.uint32(7 * more)
        more += 1
        at = at[lasts[at] - firsts[at] >= more]
    return numbers


def text_sections(numbers: Array, sizes: Array, names: Sequence[bytes]) -> dict[str, Array]:
    """`numbers` of the chunks of all texts in a row, by article, then by field; `sizes`: chunks by article and field;
    `names`: the chunks by number."""
    content, ends = encoded(numbers)
    blob, starts = packed(names)
    before = np.append(0, ends)  # the bytes before each number
    return {
        "texts": content,
        **size_sections(sizes, before[np.append(0, np.cumsum(sizes.sum(axis=1)))]),
        "chunks": blob,
        "chunk_starts": starts.astype(np.uint32),
    }


def size_sections(sizes: Array, starts: Numbers) -> dict[str, Array]:
    return {
        "text_starts": starts.astype(np.uint32 if starts[-1] < 1 << 32 else np.int64),
        "text_sizes": sizes.astype(np.uint16 if sizes.max(initial=0) <= 0xFFFF else np.uint32).reshape(-1),
    }


class Texts:
    """What `text_sections` wrote. Safe for many threads."""

    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self._starts = file.view("text_starts")
        self._sizes = file.view("text_sizes")
        self._base, _ = file.bounds("texts")
        self._chunks = _Chunks(file)

    def of(self, number: int) -> list[str]:
        """The texts of an article, field by field."""
        start, end = self._starts[number], self._starts[number + 1]
        numbers = decoded(np.frombuffer(self._file.bytes, np.uint8, end - start, self._base + start)).tolist()
        if len(self._chunks) > MOST_CACHED:
            self._chunks.clear()
        chunks = list(map(self._chunks.__getitem__, numbers))
        texts, first = [], 0
        for field in range(len(WORD_FIELDS)):
            last = first + self._sizes[number * len(WORD_FIELDS) + field]
            text = " ".join(chunks[first:last])
            texts.append(text.replace(f" {LINE_END} ", "\n") if LINE_END in text else text)
            first = last
        return texts

    def chunks_of(self, numbers: Numbers) -> list[bytes]:
        """How some chunks are written."""
        starts = self._file["chunk_starts"].tolist()
        blob = self._file["chunks"].tobytes()
        return [blob[starts[number] : starts[number + 1]] for number in numbers.tolist()]


class _Chunks(dict[int, str]):
    """Number of a chunk -> how it is written; reads what is missing."""

    def __init__(self, file: ArrayFile) -> None:
        self._bytes, (self._base, _) = file.bytes, file.bounds("chunks")
        self._starts = file.view("chunk_starts")

    def __missing__(self, number: int) -> str:
        start, end = self._starts[number], self._starts[number + 1]
        text = self._bytes[self._base + start : self._base + end].decode("utf-8", "surrogatepass")
        self[number] = text
        return text
