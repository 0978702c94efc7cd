"""The texts of several segments become those of one: chunks are numbered anew, the most frequent first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.query import WORD_FIELDS
from index.whoosh_engine.arrays import ArrayFile, ArrayWriter, ranges
from index.whoosh_engine.building import Numbers
from index.whoosh_engine.names import Names, different
from index.whoosh_engine.segment import Segment
from index.whoosh_engine.texts import chunk_letters, decoded, encoded, frequent_first, size_sections

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
    files = [segment.file for segment, _ in parts]
    edges = np.cumsum([0, *(len(each["chunk_starts"]) - 1 for each in files)])
    firsts, which = different((segment.texts.chunk_keys() for segment, _ in parts), int(edges[-1]))
    sums = np.zeros(len(firsts), np.int64)
    for (segment, live), low in zip(parts, edges.tolist(), strict=False):
        for content, _ in _contents(segment, live):
            counts = np.bincount(decoded(content))
            sums += np.bincount(which[low : low + len(counts)], counts, len(sums)).astype(np.int64)
        segment.file.let_go()
    order = frequent_first(sums)[: np.count_nonzero(sums)].astype(np.int32)
    numbers = np.zeros(len(firsts), np.uint32)
    numbers[order] = np.arange(len(order))
    maps = [numbers[which[low:high]] for low, high in pairwise(edges.tolist())]
    del which
    _write_chunks(Names([(each["chunks"], each["chunk_starts"]) for each in files], firsts[order]), files, file)
    return maps


def _write_chunks(names: Names, files: Sequence[ArrayFile], file: ArrayWriter) -> None:
    letters = [np.empty(0, np.uint8)]
    file.begin("chunks", np.uint8)
    for blob, starts in names.pieces():
        file.append("chunks", blob)
        letters.append(chunk_letters(blob, starts))
    file.end("chunks")
    file.add("chunk_starts", np.append(0, np.cumsum(names.sizes(), dtype=np.int64)).astype(np.uint32))
    file.add("chunk_letters", np.concatenate(letters))
    file.add("chunk_positions", names.values([each["chunk_positions"] for each in files]))


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
