"""Writes to the index: one writer at a time, across threads and processes; what is put at once is one commit.

Small segments are put together after the batch is found and durable, a bounded number of articles at a time, so that
one article more costs little however large the index is. Whoosh's own merging (Fibonacci, unbounded) is not used.
"""

# mypy: disallow-untyped-calls=False
# Whoosh is typed in parts only.
from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

import numpy as np
from whoosh.index import FileIndex, LockError
from whoosh.writing import CLEAR

from index.document import Document
from index.engine import EngineUnavailable
from index.whoosh_engine.adding import Adding, write_segment
from index.whoosh_engine.allocator import give_back_memory
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.codec import ArraysCodec, SegmentRecord
from index.whoosh_engine.lexicon import Lexicon
from index.whoosh_engine.merging import merge
from index.whoosh_engine.schema import MOST_ARTICLES, make_schema
from index.whoosh_engine.snapshot import DAMAGE, Snapshots
from index.whoosh_engine.storage import INDEX_NAME, DurableStorage

TIER = 8  # segments of like size that are put together; more: cheaper writing, slower searching
MOST_MERGED = MOST_ARTICLES  # live articles put together at once
MOST_KEPT = 100_000  # remembered from one put to the next: under 10 MB, enough for nearly all words of an article
MANY_PUT = 200  # articles put at once, from which on as few segments as may be are left of them; taste
WAIT_S = 60.0  # for another process's commit or merge


class Writer:
    def __init__(self, storage: DurableStorage, snapshots: Snapshots) -> None:
        self._storage = storage
        self._snapshots = snapshots
        self._index = FileIndex(storage, make_schema(), INDEX_NAME)
        self._turn = threading.Lock()
        self._lexicon = Lexicon()

    def put(self, documents: Iterable[Document]) -> None:
        """Read one by one: they need not all be in memory."""
        rest = iter(documents)
        first = next(rest, None)
        if first is None:
            return
        with self._turn:
            with self._writing() as writer:
                adding = Adding(self._storage, self._lexicon)
                for document in chain([first], rest):
                    adding.add(document)
                records = adding.finish()
                self._delete(writer, adding.ids)
                put = len(adding.ids)
                writer.commit(mergetype=_adds(records))
            if self._lexicon.is_full(MOST_KEPT):
                self._lexicon.forget()
            self._put_together(put)

    def remove(self, ids: Collection[int]) -> None:
        with self._turn:
            if len(self._snapshots.newest().numbers_of(_array(ids))):
                with self._writing() as writer:
                    self._delete(writer, ids)
                    writer.commit(mergetype=_adds([]))

    def clear(self) -> None:
        with self._turn, self._writing() as writer:
            writer.commit(mergetype=CLEAR)

    def _delete(self, writer: Any, ids: Collection[int]) -> None:
        """Under the lock: the writer counts the same articles as the newest snapshot."""
        for number in self._snapshots.newest().numbers_of(_array(ids)).tolist():
            writer.delete_document(number)

    def _put_together(self, put: int) -> None:
        """As often as there is something to put together, after so many articles were put."""
        while self._to_merge(put):
            if put >= MANY_PUT:
                give_back_memory()
            with self._writing() as writer:
                chosen = self._to_merge(put)  # again: another process may have been quicker
                records = self._merged(chosen)
                writer.commit(mergetype=_replaces(chosen, records))

    def _to_merge(self, put: int) -> set[str]:
        return choose({segment.name: int(live.sum()) for segment, live in self._snapshots.newest().parts()}, put)

    def _merged(self, chosen: Collection[str]) -> list[SegmentRecord]:
        parts = [(segment, live) for segment, live in self._snapshots.newest().parts() if segment.name in chosen]
        if not any(live.any() for _, live in parts):
            return []
        return [write_segment(self._storage, lambda file: merge(parts, file))]

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        """A Whoosh writer that holds the lock. Raises EngineUnavailable; the last commit stays as it was."""
        try:
            writer: Any = self._index.writer(codec=ArraysCodec(), timeout=WAIT_S, delay=0.01, compound=False)
        except LockError as error:
            raise EngineUnavailable(self._storage.path, "another process has been writing for a minute") from error
        except (OSError, *DAMAGE) as error:
            raise EngineUnavailable(self._storage.path, _reason(error)) from error
        try:
            yield writer
        except OSError as error:
            raise EngineUnavailable(self._storage.path, _reason(error)) from error
        finally:
            if not writer.is_closed:
                _cancel(writer)


def _array(ids: Collection[int]) -> Numbers:
    return np.fromiter(ids, np.int64, len(ids))


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or f"it is damaged ({type(error).__name__}: {error})"


def _cancel(writer: Any) -> None:
    """Give the lock back; on a full disk cancelling itself fails, and the lock must still go."""
    try:
        writer.cancel()
    except OSError:
        lock, writer.writelock = writer.writelock, None
        if lock is not None and lock.fd is not None:
            lock.release()


def choose(lives: dict[str, int], put: int = 0) -> set[str]:
    """The segments to put together, given how many articles live in each and how many were just put: TIER of like
    size, or empty ones; after many were put, all small ones, with twice as many articles together at most."""
    empty = {name for name, count in lives.items() if count == 0}
    if put >= MANY_PUT and (small := _small(lives, min(2 * put, MOST_MERGED))):
        return empty | small
    tiers: dict[int, list[str]] = {}
    for name, count in sorted(lives.items(), key=lambda pair: pair[1]):
        if count:
            tiers.setdefault(_tier(count), []).append(name)
    for names in tiers.values():
        if len(names) >= TIER and sum(lives[name] for name in names[:TIER]) <= MOST_MERGED:
            return empty | set(names[:TIER])
    return empty


def _small(lives: dict[str, int], most: int) -> set[str]:
    """As many of the smallest as have `most` articles together; none when that is but one."""
    small: set[str] = set()
    for name, count in sorted(lives.items(), key=lambda pair: pair[1]):
        most -= count
        if most < 0:
            break
        if count:
            small.add(name)
    return small if len(small) > 1 else set()


def _tier(count: int) -> int:
    tier = 0
    while count >= TIER:
        count, tier = count // TIER, tier + 1
    return tier


MergePolicy = Callable[[Any, list[Any]], list[Any]]
"""What Whoosh asks at a commit: of the segments there are, those that there shall be."""


def _adds(records: list[SegmentRecord]) -> MergePolicy:
    return lambda writer, segments: [*segments, *records]


def _replaces(chosen: Collection[str], records: list[SegmentRecord]) -> MergePolicy:
    def policy(writer: Any, segments: list[Any]) -> list[Any]:
        return [*(segment for segment in segments if segment.segment_id() not in chosen), *records]

    return policy
