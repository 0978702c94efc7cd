"""A stream of documents becomes segments of bounded size, written as they come; a commit then makes them count."""

from __future__ import annotations

from collections.abc import Callable, Collection

from index.document import Document
from index.whoosh_engine.arrays import ArrayWriter
from index.whoosh_engine.building import Batch
from index.whoosh_engine.codec import SegmentRecord
from index.whoosh_engine.lexicon import Lexicon
from index.whoosh_engine.storage import INDEX_NAME, DurableStorage

MOST_CHARACTERS = 5_000_000  # gathered before a segment is written: sorting their words takes about 70 MB
MOST_DOCUMENTS = 10_000  # gathered likewise


class Adding:
    """For one thread, which holds the index's lock: files of segments that no table of contents names are swept."""

    def __init__(self, storage: DurableStorage, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._storage = storage
        self._records: list[SegmentRecord] = []
        self._batch = Batch(lexicon)
        self._place_of: dict[int, tuple[int, int]] = {}  # id -> which segment of these, which article of it
        self._replaced: list[tuple[int, int]] = []

    @property
    def ids(self) -> Collection[int]:
        return self._place_of.keys()

    def add(self, document: Document) -> None:
        """A later document of the same id wins."""
        if document.id in self._place_of:
            self._replaced.append(self._place_of[document.id])
        self._place_of[document.id] = (len(self._records), len(self._batch.ids))
        self._batch.add(document)
        if self._batch.characters >= MOST_CHARACTERS or len(self._batch.ids) >= MOST_DOCUMENTS:
            self._flush()

    def finish(self) -> list[SegmentRecord]:
        """The segments that were written."""
        if self._batch.ids:
            self._flush()
        for which, number in self._replaced:
            self._records[which].delete_document(number)
        return self._records

    def _flush(self) -> None:
        batch = self._batch
        self._records.append(write_segment(self._storage, lambda file: _write_batch(batch, file)))
        if self._lexicon.is_full():
            self._lexicon.forget()
        self._batch = Batch(self._lexicon)


def _write_batch(batch: Batch, file: ArrayWriter) -> int:
    for name, section in batch.arrays().items():
        file.add(name, section)
    return len(batch.ids)


def write_segment(storage: DurableStorage, write: Callable[[ArrayWriter], int]) -> SegmentRecord:
    """A new segment's record; `write` fills its file and tells how many articles it has. Raises OSError."""
    record = SegmentRecord(INDEX_NAME)
    file = ArrayWriter(storage.fresh_path(record.file_name))
    try:
        record.set_doc_count(write(file))
        file.close()
    finally:
        file.abandon()
    return record
