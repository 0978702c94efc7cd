"""The index at one commit: an immutable view that a search keeps to its end, and the keeper of the newest one.

Whoosh's own refresh brings deleted documents back and its `open_dir` races with a committing writer; here the table
of contents is read anew for each commit, segments are shared by id, deletions are fresh, and a race means: again.
"""

# mypy: disallow-untyped-calls=False
# Whoosh is typed in parts only.
from __future__ import annotations

import os
import pickle
import struct
import threading
import time
import zlib
from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import whoosh.index
from numpy.typing import NDArray
from whoosh.index import TOC

from index.analysis import stemmers_of
from index.engine import EngineUnavailable
from index.query import WORD_FIELDS, Node, Term
from index.scoring import DAY_US, EPOCH, FIELD_WEIGHTS, FRESH, FRESH_HALF_LIFE_DAYS, LENGTH_NORM
from index.wanted import wanted_of
from index.whoosh_engine.arrays import Array
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.facts import FactTable
from index.whoosh_engine.places import Places
from index.whoosh_engine.recent import Recent
from index.whoosh_engine.schema import make_schema
from index.whoosh_engine.segment import Segment
from index.whoosh_engine.storage import INDEX_NAME, DurableStorage, check_sum, latest_toc

DAMAGE = (
    AssertionError, AttributeError, EOFError, ImportError, LookupError, MemoryError, OverflowError, TypeError,
    ValueError, pickle.UnpicklingError, struct.error, whoosh.index.IndexError, zlib.error,
)  # fmt: skip
"""What Whoosh and we raise over damaged files."""
TRIES = 20  # a commit between our reading of the table and of the files; each try reads the newest table
PAUSE_S = 0.01
SETTLED_NS = 100_000_000  # a folder not changed for so long shows the next change in its time: a clock's tick, 10 ms
COARSE_NS = 2_000_000_000  # where times are whole seconds (FAT: every other)
MASKS_REMEMBERED = 16_000_000  # bytes; 160 filters at 100,000 articles
PLACES_REMEMBERED = 300  # words and phrases looked up; a common one is some 10 kB
ANSWERS_REMEMBERED = 12_000_000  # bytes of single words' answers; a common one is 500 kB at 100,000 articles
COUNTS_REMEMBERED = 20_000  # numbers of articles found, by what was wanted

Mask = NDArray[np.bool_]
Scores = NDArray[np.float64]


class Plan(NamedTuple):
    """What may be added to the scores of a query: pairs of words that stand together, and the articles, deleted ones
    too, whose title it is."""

    pairs: Sequence[tuple[Term, float]]
    titled: Sequence[int]
    title: float


class Answer(NamedTuple):
    """Articles, ascending, and their scores. Unscored, the scores are 0."""

    articles: Numbers
    scores: Scores

    @property
    def bytes(self) -> int:
        return self.articles.nbytes + self.scores.nbytes


class Holdings:
    """What one owner has in a snapshot."""

    def __init__(self, snapshot: Snapshot, owner: int) -> None:
        self.mask: Mask = snapshot.live & (snapshot.column("owners") == owner)
        self.articles = int(np.count_nonzero(self.mask))
        self.is_everything = self.articles == snapshot.size
        self._lengths = snapshot.lengths
        self._published, self._clipped = snapshot.column("published"), snapshot.column("clipped")
        self.stemmers = stemmers_of(value for value, _ in snapshot.facts("language").count(np.flatnonzero(self.mask)))
        self.counted: Recent[Hashable, int] = Recent(COUNTS_REMEMBERED)
        self._bases, self._segments = snapshot.bases, snapshot.segments
        self._places: Recent[Node, Places] = Recent(PLACES_REMEMBERED)
        self.plans: Recent[Node, Plan] = Recent(PLACES_REMEMBERED)
        self.whole: Recent[Node, Answer] = Recent(ANSWERS_REMEMBERED, lambda answer: answer.bytes)
        self.asked: Recent[Node, bool] = Recent(COUNTS_REMEMBERED)

    def places_of(self, node: Node) -> Places:
        """Where the postings of Term, Phrase, Prefix or Fuzzy lie: pages and facets ask for the same again."""
        return self._places.get(node, lambda: Places(self._bases, self._segments, wanted_of(node, self.stemmers)))

    @cached_property
    def average_lengths(self) -> dict[str, float]:
        totals = {
            name: int(self._lengths[field][self.mask].sum(dtype=np.int64)) for field, name in enumerate(WORD_FIELDS)
        }
        return {name: total / max(self.articles, 1) if total else 1.0 for name, total in totals.items()}

    @cached_property
    def latest_day(self) -> int:
        """The day number of the last clip."""
        clipped = self._clipped[self.mask]
        return int(clipped.max()) // DAY_US + EPOCH if len(clipped) else 0

    @cached_property
    def freshness(self) -> Scores:
        """See `scoring.freshness`: of each article."""
        ages = np.maximum(self.latest_day - self._published.astype(np.float64), 0.0)
        fresh: Scores = 1 + FRESH * 2.0 ** (-ages / FRESH_HALF_LIFE_DAYS)
        fresh[self._published == 0] = 1.0
        return fresh

    @cached_property
    def norms(self) -> Scores:
        """What one occurrence is worth, see `scoring.field_share`: in each article's first field, then the next."""
        worth = np.empty(self._lengths.shape)
        for field, name in enumerate(WORD_FIELDS):
            norm = LENGTH_NORM[name]
            np.multiply(self._lengths[field], norm / self.average_lengths[name], out=worth[field])
            worth[field] += 1 - norm
            np.divide(FIELD_WEIGHTS[name], worth[field], out=worth[field])
        return worth.reshape(-1)


class Snapshot:
    """All segments of one commit in a row; an article's number counts through all of them, deleted ones too."""

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[Numbers]) -> None:
        self.segments = tuple(segments)
        counts = [segment.count for segment in segments]
        self.bases = [sum(counts[:at]) for at in range(len(counts))]
        self.size = sum(counts)
        self.live: Mask = np.ones(self.size, np.bool_)
        for base, gone in zip(self.bases, deleted, strict=True):
            self.live[base + gone] = False
        self._columns: dict[str, Array] = {}
        self._facts: dict[str, FactTable] = {}
        self._holdings: dict[int, Holdings] = {}
        self.masks: Recent[Hashable, Mask] = Recent(MASKS_REMEMBERED // max(self.size, 1) + 1)

    def column(self, name: str) -> Array:
        """A number of each article."""
        if name not in self._columns:
            parts = [segment.file[name] for segment in self.segments]
            self._columns[name] = np.concatenate(parts) if parts else np.empty(0, np.int64)
        return self._columns[name]

    @cached_property
    def lengths(self) -> Array:
        """Positions in each word field: one line a field."""
        parts = [segment.lengths for segment in self.segments]
        joined: Array = np.concatenate(parts, axis=1) if parts else np.empty((len(WORD_FIELDS), 0), np.uint32)
        return joined

    def parts(self) -> Iterator[tuple[Segment, Mask]]:
        """Each segment, and which of its articles live."""
        for base, segment in zip(self.bases, self.segments, strict=True):
            yield segment, self.live[base : base + segment.count]

    def numbers_of(self, ids: Numbers) -> Numbers:
        """The numbers of the articles that live and have one of `ids`."""
        found = [base + segment.numbers_of(ids) for base, segment in zip(self.bases, self.segments, strict=True)]
        numbers = np.concatenate(found) if found else np.empty(0, np.int64)
        living: Numbers = numbers[self.live[numbers]]
        return living

    def titled(self, title: str) -> list[int]:
        """The numbers of articles, deleted ones too, with these folded words as their title; ascending."""
        key = title.encode("utf-8", "surrogatepass")
        pairs = zip(self.bases, self.segments, strict=True)
        return [base + number for base, segment in pairs for number in segment.titled(key)]

    def holdings(self, owner: int) -> Holdings:
        if owner not in self._holdings:
            self._holdings[owner] = Holdings(self, owner)
        return self._holdings[owner]

    def facts(self, kind: str) -> FactTable:
        if kind not in self._facts:
            self._facts[kind] = FactTable([segment.facts(kind) for segment in self.segments])
        return self._facts[kind]

    def texts(self, number: int) -> list[str]:
        """The texts of an article, field by field."""
        base, segment = self.place(number)
        return segment.texts.of(number - base)

    def language(self, number: int) -> str:
        base, segment = self.place(number)
        return segment.value("language", number - base)

    def place(self, number: int) -> tuple[int, Segment]:
        """The segment of an article, and the number of its first."""
        at = bisect_right(self.bases, number) - 1
        return self.bases[at], self.segments[at]


class Snapshots:
    """Gives the newest snapshot; opens only what it has not open."""

    def __init__(self, storage: DurableStorage) -> None:
        self.storage = storage
        self._folder = str(storage.path)
        self._opening = threading.Lock()
        self._newest: tuple[tuple[object, ...], Snapshot] | None = None
        self._settled: tuple[tuple[int, int], Snapshot] | None = None
        self._closed = False

    def newest(self) -> Snapshot:
        """Raises EngineUnavailable when the index is closed, gone or damaged."""
        settled = self._settled
        if settled is not None and not self._closed and settled[0] == _times(self._folder):
            return settled[1]
        problem = ""
        for _ in range(TRIES):
            self.check_open()
            try:
                with self._opening:
                    return self._open_newest()
            except FileNotFoundError as error:
                problem = f"{error.filename or 'a file'} is gone"
            except OSError as error:
                problem = error.strerror or str(error)
            except DAMAGE as error:
                problem = f"it is damaged ({error or type(error).__name__})"
            time.sleep(PAUSE_S)
        raise EngineUnavailable(self.storage.path, problem)

    def _open_newest(self) -> Snapshot:
        times = _times(self.storage.path)
        path = latest_toc(self.storage.path)
        if path is None:
            raise FileNotFoundError(2, "no table of contents", str(self.storage.path))
        status = path.stat()
        identity = (path.name, status.st_ino, status.st_mtime_ns)
        if self._newest is None or self._newest[0] != identity:
            self._newest = (identity, self._open(path))
        self._settled = (times, self._newest[1]) if times is not None and _is_settled(times[1]) else None
        return self._newest[1]

    def _open(self, path: Path) -> Snapshot:
        check_sum(path)
        generation = int(path.stem.rsplit("_", 1)[1])
        toc = TOC.read(self.storage, INDEX_NAME, gen=generation, schema=make_schema())
        known = {segment.name: segment for segment in self._newest[1].segments} if self._newest else {}
        segments = [known.get(found.segment_id()) or self._open_segment(found) for found in toc.segments]
        deleted = [np.fromiter(found.deleted_docs(), np.int64, found.deleted_count()) for found in toc.segments]
        return Snapshot(segments, deleted)

    def _open_segment(self, found: Any) -> Segment:
        return Segment(self.storage.path / found.file_name)

    def check_open(self) -> None:
        if self._closed:
            raise EngineUnavailable(self.storage.path, "it was closed")

    def close(self) -> None:
        self._closed = True
        self._newest = self._settled = None


def _times(folder: str | Path) -> tuple[int, int] | None:
    """Which folder it is and when a name in it changed; None when it is not there."""
    try:
        status = os.stat(folder)  # noqa: PTH116  a third quicker than Path.stat, and asked by every search
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _is_settled(changed_ns: int) -> bool:
    """Whether the next change will surely have another time."""
    is_fine = changed_ns % 1_000_000_000 != 0
    return time.time_ns() - changed_ns > (SETTLED_NS if is_fine else COARSE_NS)
