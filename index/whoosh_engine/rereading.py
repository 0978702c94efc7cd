"""An article as it was put, read back from a segment's columns: for explaining. Its address and its count of words are
not kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from index.document import Document
from index.query import WORD_FIELDS
from index.whoosh_engine.schema import FAILED, STARRED
from index.whoosh_engine.segment import Segment

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def document_of(segment: Segment, number: int) -> Document:
    def column(name: str) -> int:
        return int(segment.file[name][number])

    def facts(kind: str) -> tuple[str, ...]:
        return segment.facts(kind).of(number)

    published, flags = column("published"), column("flags")
    return Document(
        **dict(zip(WORD_FIELDS, segment.texts.of(number), strict=True)),
        id=column("ids"),
        owner=column("owners"),
        revision=column("revisions"),
        authors=facts("author"),
        outlet=segment.value("outlet", number),
        address="",
        language=segment.value("language", number),
        regions=facts("region="),
        region_lineage=facts("region"),
        topics=facts("topic="),
        topic_lineage=facts("topic"),
        reading=segment.value("reading", number),
        starred=bool(flags & STARRED),
        failed=bool(flags & FAILED),
        has=facts("has"),
        published=date.fromordinal(published) if published else None,
        clipped=_EPOCH + timedelta(microseconds=column("clipped")),
        words=0,
    )
