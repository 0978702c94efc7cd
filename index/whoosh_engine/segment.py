"""One immutable segment of the index, opened: postings, facts and columns. The only file that reads Whoosh's codec.

Numbers of articles are local to the segment and include deleted ones; a `Snapshot` knows which live.
"""

from __future__ import annotations

import pickle
import struct
import threading
import weakref
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import whoosh.index
from numpy.typing import NDArray

from index.analysis import STEM
from index.document import Document
from index.engine import EngineUnavailable
from index.whoosh_engine.schema import AUTHORS, PLACE_BITS, ROW, make_schema, read_kept
from index.whoosh_engine.storage import DurableStorage

Numbers = NDArray[np.int64]
DAMAGE = (
    AssertionError, AttributeError, EOFError, ImportError, LookupError, MemoryError, OverflowError, TypeError,
    ValueError, pickle.UnpicklingError, struct.error, whoosh.index.IndexError, zlib.error,
)  # fmt: skip
"""What Whoosh raises over damaged files."""
CACHED_PLACES = 500_000  # decoded places kept of each segment: 4 MB
_SCHEMA = make_schema()


class Postings(NamedTuple):
    """Where a term stands: `places` of article `docs[i]` are `places[starts[i]:starts[i + 1]]`."""

    docs: Numbers
    starts: Numbers
    places: Numbers

    def counts(self) -> NDArray[np.float64]:
        """Occurrences: one line an article of `docs`, one column a field, authors last."""
        owners = np.repeat(np.arange(len(self.docs)), np.diff(self.starts))
        cells = owners * (AUTHORS + 1) + (self.places >> PLACE_BITS)
        counts = np.bincount(cells, minlength=len(self.docs) * (AUTHORS + 1))
        return counts.reshape(-1, AUTHORS + 1).astype(np.float64)

    def keys(self) -> Numbers:
        """Article and place in one number, ascending: places of one field that follow one another differ by 1."""
        return np.repeat(self.docs << 32, np.diff(self.starts)) + self.places


NOWHERE = Postings(np.empty(0, np.int64), np.zeros(1, np.int64), np.empty(0, np.int64))


class Segment:
    """Safe for many threads: reading the files takes turns, what was read is shared."""

    def __init__(self, storage: DurableStorage, segment: Any) -> None:
        """Opens every file at once, so that a commit that sweeps them takes nothing away from readers."""
        self.name: str = segment.segment_id()
        self.count: int = segment.doc_count_all()
        self._storage = storage
        self._turn = threading.Lock()
        self._postings: OrderedDict[str, Postings] = OrderedDict()
        self._cached_places = 0
        self._facts: dict[str, dict[str, Numbers]] = {}
        self._words: tuple[str, ...] | None = None
        codec = segment.codec()
        self._terms = codec.terms_reader(storage, segment)
        weakref.finalize(self, self._terms.close)
        self._columns = codec.per_document_reader(storage, segment)
        weakref.finalize(self, self._columns.close)
        self.rows = self._read_rows()
        self._kept = self._columns.column_reader("kept", _SCHEMA["kept"].column_type)
        self._titles = self._columns.column_reader("title_key", _SCHEMA["title_key"].column_type)
        self._title_keys: list[bytes] | None = None

    def _read_rows(self) -> NDArray[np.void]:
        column = self._columns.column_reader("row", _SCHEMA["row"].column_type)
        return np.frombuffer(b"".join(bytes(column[number]) for number in range(self.count)), ROW)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One thread at a time: Whoosh's files keep a place. What it raises over damage becomes EngineUnavailable."""
        with self._turn:
            try:
                yield
            except OSError as error:
                raise EngineUnavailable(self._storage.path, error.strerror or str(error)) from error
            except Exception as error:  # a damaged pickle may raise anything
                reason = f"segment {self.name} is damaged ({type(error).__name__})"
                raise EngineUnavailable(self._storage.path, reason) from error

    def document(self, number: int) -> Document:
        with self._reading():
            return read_kept(bytes(self._kept[number]))

    def title_keys(self) -> list[bytes]:
        with self._reading():
            if self._title_keys is None:
                self._title_keys = [bytes(self._titles[number]) for number in range(self.count)]
            return self._title_keys

    def postings(self, term: str) -> Postings:
        """Where `term` stands; NOWHERE when it does not."""
        with self._reading():
            if term in self._postings:
                self._postings.move_to_end(term)
                return self._postings[term]
            postings = self._read_postings(term)
            self._remember(term, postings)
            return postings

    def _read_postings(self, term: str) -> Postings:
        matcher = self._matcher("words", term.encode("utf-8", "surrogatepass"))
        if matcher is None:
            return NOWHERE
        docs: list[int] = []
        values: list[bytes] = []
        while matcher.is_active():
            docs.append(matcher.id())
            values.append(matcher.value())
            matcher.next()
        starts = np.zeros(len(docs) + 1, np.int64)
        np.cumsum([len(value) // 4 for value in values], out=starts[1:])
        places = np.frombuffer(b"".join(values), np.uint32).astype(np.int64)
        return Postings(np.array(docs, np.int64), starts, places)

    def _remember(self, term: str, postings: Postings) -> None:
        self._postings[term] = postings
        self._cached_places += len(postings.places) + 1
        while self._cached_places > CACHED_PLACES:
            _, forgotten = self._postings.popitem(last=False)
            self._cached_places -= len(forgotten.places) + 1

    def facts(self, kind: str) -> dict[str, Numbers]:
        """Every value of a kind of fact -> the articles that have it."""
        with self._reading():
            if kind not in self._facts:
                prefix = f"{kind}:".encode()
                terms = list(self._terms_from("facts", prefix))
                self._facts[kind] = {
                    term[len(prefix) :].decode("utf-8", "surrogatepass"): self._read_docs(term) for term in terms
                }
            return self._facts[kind]

    def _read_docs(self, fact: bytes) -> Numbers:
        matcher = self._matcher("facts", fact)
        docs: list[int] = []
        while matcher is not None and matcher.is_active():
            docs.append(matcher.id())
            matcher.next()
        return np.array(docs, np.int64)

    def words(self) -> tuple[str, ...]:
        """Every folded word (no stems), sorted by its bytes."""
        with self._reading():
            if self._words is None:
                stem = STEM.encode()
                self._words = tuple(
                    term.decode("utf-8", "surrogatepass")
                    for term in self._terms_from("words", b"")
                    if not term.startswith(stem)
                )
            return self._words

    def _matcher(self, field: str, term: bytes) -> Any:
        if (field, term) not in self._terms:
            return None
        return self._terms.matcher(field, term, _SCHEMA[field].format)

    def _terms_from(self, field: str, prefix: bytes) -> Iterator[bytes]:
        for found, term in self._terms.terms_from(field, prefix):
            if found != field or not term.startswith(prefix):
                return
            yield term
