"""Writes to the index: one writer at a time, across threads and processes; a batch is one commit.

Small segments are put together after the batch is found and durable, a bounded number of articles at a time, so that
one article more costs little however large the index is. Whoosh's own merging (Fibonacci, unbounded) is not used.
"""

# mypy: disallow-untyped-calls=False
# Whoosh is typed in parts only.
from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from whoosh.index import FileIndex, LockError
from whoosh.reading import SegmentReader
from whoosh.writing import CLEAR, NO_MERGE

from index.document import Document
from index.engine import EngineUnavailable
from index.whoosh_engine.schema import make_schema, written
from index.whoosh_engine.segment import DAMAGE
from index.whoosh_engine.snapshot import Snapshots
from index.whoosh_engine.storage import INDEX_NAME, DurableStorage

TIER = 8  # segments of like size that are put together; more: cheaper writing, slower searching
MOST_MERGED = (
    600  # live articles put together at once: 64 take 1 s, 512 about 4 s (2026-11-24), after the new one is found
)
WAIT_S = 60.0  # for another process's commit or merge
MEMORY_MB = 128  # postings held before they are sorted to disk; Whoosh's default


class Writer:
    def __init__(self, storage: DurableStorage, snapshots: Snapshots) -> None:
        self._storage = storage
        self._snapshots = snapshots
        self._index = FileIndex(storage, make_schema(), INDEX_NAME)
        self._turn = threading.Lock()

    def put(self, documents: Iterable[Document]) -> None:
        values = {document.id: document for document in documents}
        if values:
            ready = [written(document) for document in values.values()]
            with self._turn:
                self._commit(values.keys(), ready)
                self._put_together()

    def remove(self, ids: Collection[int]) -> None:
        with self._turn:
            if any(id in self._snapshots.newest().number_of for id in ids):
                self._commit(ids, [])

    def clear(self) -> None:
        with self._turn, self._writing() as writer:
            writer.commit(mergetype=CLEAR)

    def _commit(self, replaced: Collection[int], added: Sequence[dict[str, Any]]) -> None:
        with self._writing() as writer:
            number_of = self._snapshots.newest().number_of  # under the lock: the writer counts the same
            for id in replaced:
                if id in number_of:
                    writer.delete_document(number_of[id])
            for values in added:
                writer.add_document(**values)
            writer.commit(mergetype=NO_MERGE)

    def _put_together(self) -> None:
        """As often as there is something to put together."""
        while chosen := self._to_merge():
            with self._writing() as writer:
                writer.commit(mergetype=_merge_of(chosen))

    def _to_merge(self) -> set[str]:
        snapshot = self._snapshots.newest()
        ends = [*snapshot.bases[1:], snapshot.size]
        lives = {
            segment.name: int(snapshot.live[base:end].sum())
            for segment, base, end in zip(snapshot.segments, snapshot.bases, ends, strict=True)
        }
        return choose(lives)

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        """A Whoosh writer that holds the lock. Raises EngineUnavailable; the last commit stays as it was."""
        try:
            writer: Any = self._index.writer(timeout=WAIT_S, delay=0.01, compound=False, limitmb=MEMORY_MB)
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


def choose(lives: dict[str, int]) -> set[str]:
    """The segments to put together, given how many articles live in each: TIER of like size, or empty ones."""
    empty = {name for name, count in lives.items() if count == 0}
    tiers: dict[int, list[str]] = {}
    for name, count in sorted(lives.items(), key=lambda pair: pair[1]):
        if count:
            tiers.setdefault(_tier(count), []).append(name)
    for names in tiers.values():
        if len(names) >= TIER and sum(lives[name] for name in names[:TIER]) <= MOST_MERGED:
            return empty | set(names[:TIER])
    return empty


def _tier(count: int) -> int:
    tier = 0
    while count >= TIER:
        count, tier = count // TIER, tier + 1
    return tier


def _merge_of(chosen: set[str]) -> Any:
    def merge(writer: Any, segments: list[Any]) -> list[Any]:
        """A merge policy of Whoosh: add what is chosen to the writer's segment, give the others back."""
        for segment in segments:
            if segment.segment_id() in chosen and segment.deleted_count() < segment.doc_count_all():
                reader = SegmentReader(writer.storage, writer.schema, segment)
                writer.add_reader(reader)
                reader.close()
        return [segment for segment in segments if segment.segment_id() not in chosen]

    return merge
