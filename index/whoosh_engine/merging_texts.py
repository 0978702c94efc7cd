"""The texts of several segments become those of one: chunks are numbered anew, the most frequent first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.query import WORD_FIELDS
from index.whoosh_engine.arrays import ArrayWriter, ranges
from index.whoosh_engine.building import Numbers, inverse
from index.whoosh_engine.names import Names, different
from index.whoosh_engine.segment import Segment
from index.whoosh_engine.texts import chunk_letters, decoded, encoded, frequent_first, size_sections

COUNTS_AT_ONCE = 100_000  # of chunks, added up at once
TEXTS_AT_ONCE = 2_000  # articles whose texts are renumbered at once: about 20 MB


def merge_texts(parts: Sequence[tuple[Segment, NDArray[np.bool_]]], file: ArrayWriter) -> None:
    """Write the texts of what lives in `parts`: a segment, which of its articles live."""
    fields = len(WORD_FIELDS)
    maps = _merge_chunks(parts, file)
    sizes = np.concatenate([segment.file["text_sizes"].reshape(-1, fields)[live] for segment, live in parts])
    file.begin("texts", np.uint8)
    bytes_of = [np.zeros(1, np.int64)]
    for (segment, live), mapped in zip(parts, maps, strict=True):
        chunks_of = segment.file["text_sizes"].reshape(-1, fields).sum(axis=1, dtype=np.int64)
        for content, some in _contents(segment, live):
            coded, ends = encoded(mapped[decoded(content)])
            file.append("texts", coded)
            bytes_of.append(np.diff(np.append(0, ends)[np.append(0, np.cumsum(chunks_of[some]))]))
        segment.file.let_go()
    file.end("texts")
    for section, values in size_sections(sizes, np.cumsum(np.concatenate(bytes_of))).items():
        file.add(section, values)


def _merge_chunks(parts: Sequence[tuple[Segment, NDArray[np.bool_]]], file: ArrayWriter) -> list[NDArray[np.uint32]]:
    """The chunks of all texts that live, once each; for each segment, the new numbers of its own."""
    used, counts, keys = [], [np.empty(0, np.uint32)], []
    for segment, live in parts:
        its = _chunk_counts(segment, live)
        used.append(np.flatnonzero(its).astype(np.int32))
        counts.append(its[used[-1]].astype(np.uint32))
        keys.append(segment.texts.chunk_keys()[used[-1]])
    found = np.concatenate(counts)
    firsts, which = different(keys)
    order = frequent_first(_sums(found, which, len(firsts)))
    numbers = inverse(order).astype(np.uint32)[which]
    del found, which
    maps = []
    low = 0
    for (segment, _), at in zip(parts, used, strict=True):
        mapped = np.zeros(len(segment.texts.letters), np.uint32)
        mapped[at] = numbers[low : low + len(at)]
        maps.append(mapped)
        low += len(at)
    del numbers
    _write_chunks([segment for segment, _ in parts], used, firsts[order], file)
    return maps


def _sums(counts: NDArray[np.uint32], which: NDArray[np.int32], size: int) -> Numbers:
    sums = np.zeros(size, np.int64)
    for low in range(0, len(counts), COUNTS_AT_ONCE):
        np.add.at(sums, which[low : low + COUNTS_AT_ONCE], counts[low : low + COUNTS_AT_ONCE])
    return sums


def _write_chunks(
    segments: Sequence[Segment], used: Sequence[NDArray[np.int32]], chosen: NDArray[np.int32], file: ArrayWriter
) -> None:
    """`used`: the chunks of each segment that are; `chosen`: which of all these in a row, in their new order."""
    files = [segment.file for segment in segments]
    names = Names.among([(each["chunks"], each["chunk_starts"], at) for each, at in zip(files, used, strict=True)])
    names = names.take(chosen)
    positions = np.concatenate([each["chunk_positions"][at] for each, at in zip(files, used, strict=True)])
    letters = [np.empty(0, np.uint8)]
    file.begin("chunks", np.uint8)
    for blob, starts in names.pieces():
        file.append("chunks", blob)
        letters.append(chunk_letters(blob, starts))
    file.end("chunks")
    file.add("chunk_starts", names.bounds().astype(np.uint32))
    file.add("chunk_letters", np.concatenate(letters))
    file.add("chunk_positions", positions[chosen])


def _chunk_counts(segment: Segment, live: NDArray[np.bool_]) -> Numbers:
    counts = np.zeros(len(segment.file["chunk_starts"]) - 1, np.int64)
    for content, _ in _contents(segment, live):
        counts += np.bincount(decoded(content), minlength=len(counts))
    return counts


def _contents(segment: Segment, live: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.uint8], Numbers]]:
    """The texts of live articles as bytes, some at a time, and the numbers of the articles."""
    numbers = np.flatnonzero(live)
    starts = segment.file["text_starts"].astype(np.int64)
    for first in range(0, len(numbers), TEXTS_AT_ONCE):
        some = numbers[first : first + TEXTS_AT_ONCE]
        at = starts[some]
        sizes = starts[some + 1] - at
        if int(some[-1] - some[0]) == len(some) - 1:
            yield segment.file["texts"][at[0] : at[0] + int(sizes.sum())], some
        else:
            yield segment.file["texts"][ranges(at, sizes)], some
