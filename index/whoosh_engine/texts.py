"""The texts of articles as they were written: numbers of chunks, which are what stands between two blanks.

Chunks are numbered from the most frequent on; a number is one to four bytes of seven bits, the lowest first, and all
bytes of it but the last have the eighth bit. A line's end is a chunk of its own (`chunks.LINE_END`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from index.query import WORD_FIELDS
from index.whoosh_engine.arrays import Array, ArrayFile, packed
from index.whoosh_engine.chunks import LINE_END, keys_of

Numbers = NDArray[np.int64]
Codes = NDArray[np.uint32]
_MORE = 0x80
_BYTES = 4
MANY = 255  # letters or positions of a chunk, or more
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


def decoded(content: NDArray[np.uint8]) -> Codes:
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


def text_sections(numbers: Array, sizes: Array, names: Sequence[bytes], positions: Array) -> dict[str, Array]:
    """`numbers` of the chunks of all texts in a row, by article, then by field; `sizes`: chunks by article and field;
    `names`: the chunks by number, `positions`: how many each has."""
    content, ends = encoded(numbers)
    before = np.append(0, ends)  # the bytes before each number
    return {
        "texts": content,
        **size_sections(sizes, before[np.append(0, np.cumsum(sizes.sum(axis=1)))]),
        **chunk_sections(*packed(names), positions),
    }


def chunk_sections(blob: NDArray[np.uint8], starts: Numbers, positions: Array) -> dict[str, Array]:
    return {
        "chunks": blob,
        "chunk_starts": starts.astype(np.uint32),
        "chunk_letters": chunk_letters(blob, starts),
        "chunk_positions": np.minimum(positions, MANY).astype(np.uint8),
    }


def chunk_letters(blob: NDArray[np.uint8], starts: Numbers) -> NDArray[np.uint8]:
    """How many letters each has, or MANY."""
    letters_before = np.zeros(len(blob) + 1, np.int32)
    np.cumsum((blob & 0xC0) != 0x80, out=letters_before[1:])  # all bytes but the second, third … of a letter
    return np.minimum(np.diff(letters_before[starts]), MANY).astype(np.uint8)


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
        self.letters, self.positions = file["chunk_letters"], file["chunk_positions"]
        self._chunks = _Chunks(file)

    def of(self, number: int) -> list[str]:
        """The texts of an article, field by field."""
        numbers, firsts = self.in_a_row([number])
        return [self.joined(numbers[first:last]) for first, last in pairwise(firsts)]

    def in_a_row(self, articles: Sequence[int]) -> tuple[Codes, list[int]]:
        """The numbers of the chunks of some articles' texts, and where the text of each article and field begins; at
        last, where the last ends."""
        content, base, starts = self._file.bytes, self._base, self._starts
        rows = b"".join([content[base + starts[number] : base + starts[number + 1]] for number in articles])
        fields, sizes = len(WORD_FIELDS), self._sizes
        counts = [size for number in articles for size in sizes[number * fields : (number + 1) * fields]]
        return decoded(np.frombuffer(rows, np.uint8)), list(accumulate(counts, initial=0))

    def joined(self, numbers: Codes) -> str:
        """A text, or a part of it."""
        if len(self._chunks) > MOST_CACHED:
            self._chunks.clear()
        text = " ".join(map(self._chunks.__getitem__, numbers.tolist()))
        return text.replace(f" {LINE_END} ", "\n") if LINE_END in text else text

    def chunk(self, number: int) -> str:
        return self._chunks[number]

    @cached_property
    def line_ends(self) -> list[int]:
        """The numbers of the chunk that is a line's end: one for each language in which it was met first."""
        single = np.flatnonzero(self.letters == 1)
        found: list[int] = single[self._file["chunks"][self._file["chunk_starts"][single]] == ord(LINE_END)].tolist()
        return found

    def chunk_keys(self) -> NDArray[np.uint64]:
        """A number for each chunk: the same for the same chunk in any segment, while this process lives."""
        return keys_of(self._file["chunks"], self._file["chunk_starts"].astype(np.int64))


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
