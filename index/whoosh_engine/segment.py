"""One immutable segment of the index, opened. Numbers of articles are local to it and include deleted ones."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.document import Document
from index.whoosh_engine.arrays import Array, ArrayFile, DamagedFile, ranges
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.facts import Facts, FactsKept
from index.whoosh_engine.schema import AUTHORS, BIG, read_kept
from index.whoosh_engine.terms import Terms

SUFFIX = ".arrays"


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
        self.lengths = self.file["lengths"].reshape(AUTHORS, self.count)
        self.terms = Terms(self.file)
        self.docs: NDArray[np.uint16] = self.file["docs"]
        self._counts: NDArray[np.uint8] = self.file["counts"]
        self._big: Numbers = self.file["big_postings"]
        self._term_lists = self.file.view("term_lists")
        self.list_fields: NDArray[np.uint8] = self.file["list_fields"]
        self.list_postings: NDArray[np.uint32] = self.file["list_postings"]
        self.list_places: Array = self.file["list_places"]
        self.field_of = self.file.view("list_fields").__getitem__
        self.first_posting = self.file.view("list_postings").__getitem__
        self._kept_starts = self.file.view("kept_starts")
        self._kept_base = self.file.bounds("kept")[0]
        self._title_starts = self.file.view("title_starts")
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

    def lists(self, first: int, last: int) -> tuple[int, int]:
        """The lists of terms `first` up to `last`, which is not among them: from and to."""
        return self._term_lists[first], self._term_lists[last]

    def postings_of(self, first: int, last: int) -> list[int]:
        """How many postings each of the terms `first` up to `last` has."""
        low, high = self.lists(first, last)
        bounds = self.list_postings[low : high + 1]
        firsts = bounds[self.file["term_lists"][first : last + 1].astype(np.int64) - low]
        return [after - before for before, after in pairwise(firsts.tolist())]

    def counts(self, first: int, last: int | None) -> Array:
        """Occurrences of postings `first` up to `last` (None: to the end). Not to be changed."""
        last = len(self._counts) if last is None else last
        counts = self._counts[first:last]
        if len(self._big):
            low, high = np.searchsorted(self._big, (first, last))
            if low < high:
                counts = counts.astype(np.int64)
                counts[self._big[low:high] - first] = self.file["big_counts"][low:high]
        return counts

    @cached_property
    def places(self) -> Array:
        return self.file["places"]

    @cached_property
    def _facts_kept(self) -> FactsKept:
        return FactsKept(self.file)

    def facts(self, kind: str) -> Facts:
        if kind not in self._facts:
            self._facts[kind] = self._facts_kept.of(kind)
        return self._facts[kind]

    def kept(self, number: int) -> bytes:
        start, end = self._kept_starts[number], self._kept_starts[number + 1]
        return self.file.bytes[self._kept_base + start : self._kept_base + end]

    def document(self, number: int) -> Document:
        return read_kept(self.kept(number))

    def title_key(self, number: int) -> bytes:
        start, end = self._title_starts[number], self._title_starts[number + 1]
        base, _ = self.file.bounds("titles")
        return self.file.bytes[base + start : base + end]

    @cached_property
    def _by_title(self) -> NDArray[np.int64]:
        return np.argsort(self.title_ranks, kind="stable")

    def titled(self, key: bytes) -> list[int]:
        """The articles, deleted ones too, whose title is sorted by `key`."""
        ordered = self._by_title
        low, high = (
            side(range(self.count), key, key=lambda at: self.title_key(int(ordered[at])))
            for side in (bisect_left, bisect_right)
        )
        return sorted(ordered[low:high].tolist())

    @cached_property
    def title_ranks(self) -> Array:
        return self.file["title_ranks"]
