"""What Whoosh is told: segments are made and read by us. Whoosh brings the lock, the table of contents, deletions.

Records of segments are pickled into the table of contents, so the name of this module is part of the format.
"""

# mypy: disallow-untyped-calls=False, disallow-subclassing-any=False
# Whoosh is typed in parts only.
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.codec import base

from index.whoosh_engine.segment import SUFFIX


class SegmentRecord(base.Segment):
    """A segment in the table of contents: its name, how many articles it has, which of them are deleted."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self.count = 0
        self.deleted: set[int] = set()

    @property
    def file_name(self) -> str:
        return f"{self.segment_id()}{SUFFIX}"

    def codec(self) -> ArraysCodec:
        return ArraysCodec()

    def set_doc_count(self, count: int) -> None:
        self.count = count

    def doc_count_all(self) -> int:
        return self.count

    def deleted_count(self) -> int:
        return len(self.deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(self.deleted)

    def delete_document(self, number: int, delete: bool = True) -> None:
        if delete:
            self.deleted.add(number)
        else:
            self.deleted.discard(number)

    def is_deleted(self, number: int) -> bool:
        return number in self.deleted

    def should_assemble(self) -> bool:
        return False


class ArraysCodec(base.Codec):
    """Segments are files of arrays (`building`, `merging`); they do not pass through Whoosh's pool of postings."""

    length_stats = False

    def new_segment(self, storage: Any, indexname: str) -> SegmentRecord:
        return SegmentRecord(indexname)

    def per_document_writer(self, storage: Any, segment: Any) -> Any:
        return _Unused()

    def field_writer(self, storage: Any, segment: Any) -> Any:
        return _Unused()

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        raise NotImplementedError(_ELSEWHERE)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None) -> Any:
        raise NotImplementedError(_ELSEWHERE)

    def terms_reader(self, storage: Any, segment: Any) -> Any:
        raise NotImplementedError(_ELSEWHERE)

    def per_document_reader(self, storage: Any, segment: Any) -> Any:
        raise NotImplementedError(_ELSEWHERE)


_ELSEWHERE = "segments are read by index.whoosh_engine.segment, written by building and merging"


class _Unused:
    """What a Whoosh writer closes at its end; nothing was written through it."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True
