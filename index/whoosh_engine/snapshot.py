"""The index at one commit: an immutable view that a search keeps to its end, and the keeper of the newest one.

Whoosh's own refresh brings deleted documents back and its `open_dir` races with a committing writer; here the table
of contents is read anew for each commit, segments are shared by id, deletions are fresh, and a race means: again.
"""

# mypy: disallow-untyped-calls=False
# Whoosh is typed in parts only.
from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.index import TOC

from index.analysis import stemmers_of
from index.document import Document
from index.engine import EngineUnavailable
from index.query import WORD_FIELDS
from index.whoosh_engine.schema import ROW, make_schema
from index.whoosh_engine.segment import DAMAGE, Numbers, Postings, Segment
from index.whoosh_engine.storage import INDEX_NAME, DurableStorage, damage_of, latest_toc

TRIES = 20  # a commit between our reading of the table and of the files; each try reads the newest table
PAUSE_S = 0.01

Mask = NDArray[np.bool_]


class Holdings(NamedTuple):
    """What one owner has in a snapshot."""

    mask: Mask
    articles: int
    average_lengths: NDArray[np.float64]
    stemmers: tuple[str, ...]


class Snapshot:
    """All segments of one commit in a row; an article's number counts through all of them, deleted ones too."""

    def __init__(self, segments: list[Segment], deleted: list[Numbers]) -> None:
        self.segments = segments
        counts = [segment.count for segment in segments]
        self.bases = [sum(counts[:at]) for at in range(len(counts))]
        self.size = sum(counts)
        self.live: Mask = np.ones(self.size, np.bool_)
        for base, gone in zip(self.bases, deleted, strict=True):
            self.live[base + gone] = False
        self.rows = np.concatenate([segment.rows for segment in segments]) if segments else np.empty(0, ROW)
        self._holdings: dict[int, Holdings] = {}

    @cached_property
    def lengths(self) -> NDArray[np.float64]:
        """Positions in each word field, one line an article."""
        return np.stack([self.rows[field] for field in WORD_FIELDS], axis=1).astype(np.float64)

    @cached_property
    def number_of(self) -> dict[int, int]:
        """Id -> number, of the articles that live."""
        numbers = np.flatnonzero(self.live)
        return dict(zip(self.rows["id"][numbers].tolist(), numbers.tolist(), strict=True))

    def holdings(self, owner: int) -> Holdings:
        if owner not in self._holdings:
            mask = self.live & (self.rows["owner"] == owner)
            count = int(mask.sum())
            totals = self.lengths[mask].sum(axis=0)
            averages = np.where(totals > 0, totals / max(count, 1), 1.0)
            languages = [value for value, docs in self.facts("language") if mask[docs].any()]
            self._holdings[owner] = Holdings(mask, count, averages, stemmers_of(languages))
        return self._holdings[owner]

    def postings(self, term: str) -> Iterator[tuple[int, Postings]]:
        """Where `term` stands, segment by segment: (number of the segment's first article, postings)."""
        for base, segment in zip(self.bases, self.segments, strict=True):
            found = segment.postings(term)
            if len(found.docs):
                yield base, found

    def facts(self, kind: str) -> Iterator[tuple[str, Numbers]]:
        """(value, articles) of a kind of fact; a value comes once for each segment that has it."""
        for base, segment in zip(self.bases, self.segments, strict=True):
            for value, docs in segment.facts(kind).items():
                yield value, docs + base

    def having(self, kind: str, value: str) -> Mask:
        mask = np.zeros(self.size, np.bool_)
        for base, segment in zip(self.bases, self.segments, strict=True):
            docs = segment.facts(kind).get(value)
            if docs is not None:
                mask[docs + base] = True
        return mask

    @cached_property
    def words(self) -> set[str]:
        """Every folded word that stands anywhere, of all owners, deleted articles too."""
        return {word for segment in self.segments for word in segment.words()}

    def document(self, number: int) -> Document:
        base, segment = self._place(number)
        return segment.document(number - base)

    def title_key(self, number: int) -> bytes:
        base, segment = self._place(number)
        return segment.title_keys()[number - base]

    def _place(self, number: int) -> tuple[int, Segment]:
        at = int(np.searchsorted(self.bases, number, side="right")) - 1
        return self.bases[at], self.segments[at]


class Snapshots:
    """Gives the newest snapshot; opens only what it has not open."""

    def __init__(self, storage: DurableStorage) -> None:
        self.storage = storage
        self._opening = threading.Lock()
        self._newest: tuple[tuple[str, int, int], Snapshot] | None = None
        self._closed = False

    def newest(self) -> Snapshot:
        """Raises EngineUnavailable when the index is closed, gone or damaged."""
        problem = ""
        for _ in range(TRIES):
            if self._closed:
                raise EngineUnavailable(self.storage.path, "it was closed")
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
        path = latest_toc(self.storage.path)
        if path is None:
            raise FileNotFoundError(2, "no table of contents", str(self.storage.path))
        status = path.stat()
        identity = (path.name, status.st_ino, status.st_mtime_ns)
        if self._newest is None or self._newest[0] != identity:
            self._newest = (identity, self._open(path))
        return self._newest[1]

    def _open(self, path: Path) -> Snapshot:
        self._recognise(path.name)
        generation = int(path.stem.rsplit("_", 1)[1])
        toc = TOC.read(self.storage, INDEX_NAME, gen=generation, schema=make_schema())
        known = {segment.name: segment for segment in self._newest[1].segments} if self._newest else {}
        segments = [known.get(found.segment_id()) or self._open_segment(found) for found in toc.segments]
        deleted = [np.array(sorted(found.deleted_docs()), np.int64) for found in toc.segments]
        return Snapshot(segments, deleted)

    def _open_segment(self, found: Any) -> Segment:
        self._recognise(found.segment_id())
        return Segment(self.storage, found)

    def _recognise(self, name: str) -> None:
        """Raises ValueError when the files of a segment or a table of contents are not those that were written."""
        for problem in damage_of(self.storage.path, name, thorough=False):
            raise ValueError(problem)

    def close(self) -> None:
        self._closed = True
        self._newest = None
