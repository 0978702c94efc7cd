"""One immutable segment of the index, opened. Numbers of articles are local to it and include deleted ones."""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.whoosh_engine.arrays import Array, ArrayFile, DamagedFile, ranges
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.facts import Facts, FactsKept
from index.whoosh_engine.schema import BIG, COUNT_BITS, FIELDS, MANY
from index.whoosh_engine.terms import Terms
from index.whoosh_engine.texts import Texts

SUFFIX = ".arrays"
COUNT_OF = (np.arange(256) & MANY).astype(np.float64)  # of a posting's byte: how often
FIELD_OF = np.arange(256) >> COUNT_BITS  # and in which field


class Segment:
    """Safe for many threads: nothing is changed after opening but caches."""

    def __init__(self, path: Path) -> None:
        """Raises DamagedFile, OSError. The file stays mapped when a commit sweeps its name away."""
        self.name = path.name.removesuffix(SUFFIX)
        self.file = ArrayFile(path)
        for problem in self.file.damage(without=BIG):
            raise DamagedFile(problem)
        self.ids: Numbers = self.file["ids"]
        self.count = len(self.ids)
        self.lengths = self.file["lengths"].reshape(FIELDS, self.count)
        self.terms = Terms(self.file)
        self.docs: NDArray[np.uint16] = self.file["docs"]
        self.hows: NDArray[np.uint8] = self.file["hows"]
        self._big: Numbers = self.file["big_postings"]
        self._big_postings = self.file.view("big_postings")
        self.entry_postings: NDArray[np.uint32] = self.file["entry_postings"]
        self.entry_places: Array = self.file["entry_places"]
        self.first_posting = self.file.view("entry_postings").__getitem__
        self._title_starts = self.file.view("title_starts")
        self._title_hashes = self.file.view("title_hashes")
        self._facts: dict[str, Facts] = {}

    @cached_property
    def _ids_in_order(self) -> Numbers:
        ordered: Numbers = self.ids[self.file["by_id"]]
        return ordered

    def numbers_of(self, ids: Numbers) -> Numbers:
        """The articles with one of `ids`, deleted ones too."""
        lows = np.searchsorted(self._ids_in_order, ids, side="left")
        highs = np.searchsorted(self._ids_in_order, ids, side="right")
        numbers: Numbers = self.file["by_id"][ranges(lows, highs - lows)].astype(np.int64)
        return numbers

    def postings_of(self, first: int, last: int) -> list[int]:
        """How many postings each of the terms `first` up to `last` has."""
        entries = self.file["term_entries"][first:last].astype(np.int64)
        sizes: list[int] = (self.entry_postings[entries + 1] - self.entry_postings[entries]).tolist()
        return sizes

    def has_many(self, first: int, last: int) -> bool:
        """Whether any posting between may occur so often that its byte does not tell it."""
        return bisect_left(self._big_postings, first) < bisect_left(self._big_postings, last)

    def counts(self, at: slice | Numbers, hows: NDArray[np.uint8], *, many: bool = True) -> NDArray[np.float64]:
        """How often each of the postings `at` occurs; `hows` are theirs, `many` as told by `has_many`."""
        counts = COUNT_OF.take(hows)
        if many and len(self._big):
            if isinstance(at, slice):
                low, high = np.searchsorted(self._big, (at.start, at.stop))
                if low < high:
                    counts[self._big[low:high] - at.start] = self.file["big_counts"][low:high]
            elif len(big := np.flatnonzero(counts == MANY)):
                counts[big] = self.file["big_counts"][np.searchsorted(self._big, at[big])]
        return counts

    @cached_property
    def places(self) -> Array:
        return self.file["places"]

    def facts(self, kind: str) -> Facts:
        """Remembered."""
        if kind not in self._facts:
            self._facts[kind] = self.read_facts(kind)
        return self._facts[kind]

    def read_facts(self, kind: str) -> Facts:
        return FactsKept(self.file).of(kind)

    def value(self, kind: str, number: int) -> str:
        """The fact that an article has one of; empty when it has none."""
        values = self.facts(kind).of(number)
        return values[0] if values else ""

    @cached_property
    def texts(self) -> Texts:
        return Texts(self.file)

    def title_key(self, number: int) -> bytes:
        start, end = self._title_starts[number], self._title_starts[number + 1]
        base, _ = self.file.bounds("titles")
        return self.file.bytes[base + start : base + end]

    def titled(self, key: bytes) -> list[int]:
        """The articles, deleted ones too, whose title is sorted by `key`."""
        value = zlib.crc32(key)
        low = bisect_left(self._title_hashes, value)
        if low == self.count or self._title_hashes[low] != value:
            return []
        high = bisect_right(self._title_hashes, value)
        return sorted(n for n in self.file["by_title_hash"][low:high].tolist() if self.title_key(n) == key)

    @cached_property
    def title_ranks(self) -> Array:
        return self.file["title_ranks"]
