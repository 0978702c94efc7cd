"""How little an exact answer needs to read, from document frequencies: postings and bytes of each question.

A posting is a document id (4 bytes) and a frequency (1). An intersection reads its rarest word's and probes the others'
as often; a union, a prefix and a fuzzy word read all of theirs; a phrase also two positions a posting (2 bytes each);
a filter a byte a posting, dates and the order by day four; facets two bytes a value counted; snippets the texts shown.
Bytes go through memory as fast as this machine adds up numbers: that is the limit, which nobody reaches, since a cache
line is 64 bytes and an answer is also ten hits and their scores.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.corpus import OWNER
from benchmarks.peers import BEST, Question
from benchmarks.peers.dateline import typed
from index import Engine, Node, Phrase, Term, open_engine, parse

_POSTING, _POSITIONS, _FILTERED, _DAY, _VALUE = 5, 4, 1, 4, 2
_MOST_WORDS = 100_000


def limits(folder: Path, questions: tuple[Question, ...], text_bytes_an_article: float) -> dict[str, dict[str, float]]:
    """Class -> medians of its questions: `postings`, `bytes`, and `limit_ms` at this machine's memory speed."""
    engine = open_engine(folder)
    needed: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for question in questions:
        needed[question.kind].append(_needed(engine, question, text_bytes_an_article))
    engine.close()
    speed = _bytes_a_second()
    told = {}
    for kind, pairs in needed.items():
        postings, size = (statistics.median(column) for column in zip(*pairs, strict=True))
        told[kind] = {"postings": postings, "bytes": size, "limit_ms": round(size / speed * 1e3, 6)}
    return told


def _needed(engine: Engine, question: Question, text_bytes: float) -> tuple[int, int]:
    """Postings and bytes of one question."""

    def frequency(node: Node) -> int:
        return engine.search(node, owner=OWNER, per_page=0, snippets=False).total

    postings = _postings(engine, question, frequency)
    size = postings * _POSTING
    if question.join == "phrase":
        size += postings * _POSITIONS
    if question.region:
        size += postings * _FILTERED
    if question.days or question.newest:
        size += postings * _DAY
    if question.facets:
        found = engine.search(
            parse(typed(question)).node, owner=OWNER, per_page=0, facets=("region", "topic"), snippets=False
        )
        size += sum(count for facet in found.facets.values() for _, count in facet) * _VALUE
    if question.highlights:
        size += int(BEST * text_bytes)
    return postings, size


def _postings(engine: Engine, question: Question, frequency: Callable[[Node], int]) -> int:
    match question.join:
        case "or":
            return sum(frequency(Term(word)) for word in question.words)
        case "prefix":
            words = engine.suggest_terms(question.words[0], owner=OWNER, limit=_MOST_WORDS)
            return sum(frequency(Phrase(word)) for word in words)
        case "fuzzy":
            return frequency(parse(typed(question)).node)
        case "phrase":
            return min(frequency(Phrase(word)) for word in question.words) * len(question.words)
        case _:
            return min(frequency(Term(word)) for word in question.words) * len(question.words)


def _bytes_a_second() -> float:
    """How fast numbers are added up that no cache holds; the best of five."""
    numbers = np.ones(32_000_000, dtype=np.uint32)
    seconds = []
    for _ in range(5):
        started = time.process_time()
        numbers.sum(dtype=np.uint32)
        seconds.append(time.process_time() - started)
    return float(numbers.nbytes / min(seconds))
