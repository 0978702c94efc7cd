"""One phase of one engine's measurement, in the process that it is called in: `python -m benchmarks.measuring`.

`benchmarks.search` starts such a process for each phase, gives it a pickled `Order` and reads JSON back. CPU is user
and system time of all threads (and of children, where an engine may have some).
"""

from __future__ import annotations

import gc
import importlib
import json
import pickle
import resource
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import peers

if TYPE_CHECKING:
    from index import Document

FEWEST, MOST = 3, 30  # times a question is asked
ADDED = 20
_PAUSE_S = 0.02  # between articles added while questions are asked
_SETTLED_S = 0.5  # after the build: what was written within a tenth is looked at anew by each of our searches
_WATCHED_S = 0.02  # between looks at the memory of a build
_MARK = "zzadded{}mark"  # a word that is in no article


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to measure. `budget_s`: roughly how long the questions of one phase may take, when they are slow."""

    engine: str
    phase: str
    folder: Path
    articles: int
    questions: tuple[peers.Question, ...]
    budget_s: float
    imports: tuple[str, ...] = ()


def measure(order: Order) -> dict[str, Any]:
    """The figures of one phase as JSON may hold them."""
    return _PHASES[order.phase](order, peers.load(order.engine, order.folder))


def build(order: Order, peer: peers.Peer) -> dict[str, Any]:
    """Everything from documents to a finished index; making the documents is not counted."""
    from benchmarks.corpus import Corpus

    documents = _Given(Corpus().articles(order.articles))
    with _watched() as peak:
        before_mb, cpu, started = _memory_mb()["peak_mb"], _cpu_s(), time.perf_counter()
        peer.build(documents)
        wall_s = time.perf_counter() - started - documents.wall_s
        cpu_s = _cpu_s() - cpu - documents.cpu_s
    return {
        "build": {
            "articles_per_cpu_s": round(order.articles / cpu_s, 1),
            "cpu_s": round(cpu_s, 2),
            "wall_s": round(wall_s, 2),
            "before_mb": before_mb,
            "peak_mb": _memory_mb()["peak_mb"],
            "peak_private_mb": peak[0],
        },
        "size": {
            "mb": round(sum(file.stat().st_size for file in order.folder.rglob("*") if file.is_file()) / 1e6, 2),
            "files": sum(file.is_file() for file in order.folder.rglob("*")),
            "text_mb": round(documents.text_bytes / 1e6, 2),
        },
    }


def query(order: Order, peer: peers.Peer) -> dict[str, Any]:
    """Each question asked several times in a row: medians a question, then percentiles of a class's ten."""
    time.sleep(_SETTLED_S)
    before = _memory_mb()
    peer.open()
    first_s: dict[str, list[float]] = defaultdict(list)
    median_s: dict[str, list[float]] = defaultdict(list)
    found: dict[str, int] = defaultdict(int)
    children = _children_s()
    for question in order.questions:
        started = time.process_time()
        answer = peer.search(question)
        cpu_s = time.process_time() - started
        if answer is None:
            continue
        _complain_of(question, answer)
        times = int(min(MOST, max(FEWEST, order.budget_s / len(order.questions) / max(cpu_s, 1e-6))))
        first_s[question.kind].append(cpu_s)
        median_s[question.kind].append(statistics.median(_seconds(peer, question) for _ in range(times)))
        found[question.kind] += answer.total
    if _children_s() > children:
        raise SystemExit(f"{order.engine} searches in other processes; their CPU is not counted")
    classes = {
        kind: {
            "p50_ms": _ms(_percentile(seconds, 0.5)),
            "p95_ms": _ms(_percentile(seconds, 0.95)),
            "first_ms": _ms(statistics.median(first_s[kind])),
            "found": found[kind],
        }
        for kind, seconds in median_s.items()
    }
    gc.collect()
    return {**classes, "memory": {**_memory_mb(), "before_open_mb": before["private_mb"]}}


def opening(order: Order, peer: peers.Peer) -> dict[str, Any]:
    """Open and answer one question, when all modules in `order.imports` are there already; tells which are needed."""
    for name in order.imports:
        importlib.import_module(name)
    modules = set(sys.modules)
    cpu, started = _cpu_s(), time.perf_counter()
    peer.open()
    peer.search(order.questions[0])
    figures = {"cpu_ms": _ms(_cpu_s() - cpu), "wall_ms": _ms(time.perf_counter() - started)}
    return {"open": figures, "imports": sorted(set(sys.modules) - modules)}


def write(order: Order, peer: peers.Peer) -> dict[str, Any]:
    """Articles added one at a time, each looked for afterwards; then questions while a thread goes on adding."""
    from benchmarks.corpus import Corpus

    more = _marked(Corpus().articles(100_000, start=order.articles))
    peer.open()
    cpu_s: list[float] = []
    wall_s: list[float] = []
    whole = _cpu_s()
    for number in range(ADDED):
        document = next(more)
        cpu, started = _cpu_s(), time.perf_counter()
        peer.add(document)
        cpu_s.append(_cpu_s() - cpu)
        wall_s.append(time.perf_counter() - started)
        answer = peer.search(peers.Question(kind="added", join="and", words=(_MARK.format(number),)))
        if answer is None or answer.ids != [document.id]:
            raise SystemExit(f"{order.engine} does not find what was just added: {answer}")
    whole_s = _cpu_s() - whole
    during, added = _during_writes(order, peer, more)
    peer.close()
    return {
        "add_one": {
            "p50_ms": _ms(statistics.median(cpu_s)),
            "p95_ms": _ms(_percentile(cpu_s, 0.95)),
            "mean_ms": _ms(whole_s / ADDED),  # with what is done in the background, making and finding the articles
            "wall_p50_ms": _ms(statistics.median(wall_s)),
        },
        "during_writes": {**during, "added": added},
    }


def _during_writes(order: Order, peer: peers.Peer, more: Iterator[Document]) -> tuple[dict[str, Any], int]:
    """CPU of the asking thread and wall time of questions while another thread adds. Wall time includes its turns."""
    done, added = threading.Event(), 0

    def add() -> int:
        number = 0
        while not done.wait(_PAUSE_S):
            peer.add(next(more))
            number += 1
        return number

    cpu_s: list[float] = []
    wall_s: list[float] = []
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(add)
        started = time.perf_counter()
        try:
            for question in cycle(order.questions):
                cpu, wall = time.thread_time(), time.perf_counter()
                if peer.search(question) is not None:
                    cpu_s.append(time.thread_time() - cpu)
                    wall_s.append(time.perf_counter() - wall)
                enough = len(cpu_s) >= MOST * len(order.questions) or time.perf_counter() - started > order.budget_s
                if enough and len(cpu_s) >= len(peers.CLASSES):
                    break
        finally:
            done.set()
        added = writing.result()
    figures = {
        "p50_ms": _ms(statistics.median(cpu_s)),
        "p95_ms": _ms(_percentile(cpu_s, 0.95)),
        "wall_p95_ms": _ms(_percentile(wall_s, 0.95)),
    }
    return figures, added


_PHASES: dict[str, Callable[[Order, peers.Peer], dict[str, Any]]] = {
    "build": build,
    "query": query,
    "open": opening,
    "write": write,
}


class _Given:
    """Documents made on demand; keeps count of the time that making them took and of their text."""

    def __init__(self, documents: Iterator[Document]) -> None:
        self._documents = documents
        self.cpu_s = self.wall_s = 0.0
        self.text_bytes = 0

    def __iter__(self) -> Iterator[Document]:
        return self

    def __next__(self) -> Document:
        cpu, wall = time.thread_time(), time.perf_counter()
        try:
            document = next(self._documents)
            self.text_bytes += len((document.title + peers.text_of(document)).encode())
        finally:
            self.cpu_s += time.thread_time() - cpu
            self.wall_s += time.perf_counter() - wall
        return document


def _marked(documents: Iterable[Document]) -> Iterator[Document]:
    for number, document in enumerate(documents):
        yield replace(document, body=f"{document.body} {_MARK.format(number)}")


def _complain_of(question: peers.Question, answer: peers.Answer) -> None:
    """An engine that leaves out a part of its work would be measured too fast."""
    whole = len(answer.ids) == min(answer.total, peers.BEST)
    whole &= not question.facets or not answer.total or bool(answer.facets)
    whole &= not question.highlights or len(answer.snippets or ()) == len(answer.ids)
    if not whole:
        raise SystemExit(f"not the whole answer to {question}: {answer}")


def _seconds(peer: peers.Peer, question: peers.Question) -> float:
    started = time.process_time()
    peer.search(question)
    return time.process_time() - started


def _cpu_s() -> float:
    return time.process_time() + _children_s()


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory_mb() -> dict[str, float]:
    """MB of this process (Linux). `private_mb` is what only it has and the system cannot drop; `private_mapped_mb` adds
    pages of files that nobody else maps just now (an index, a library), which it can; `peak_mb` the most resident."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    lines += [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    private = kilobytes["Private_Dirty"]
    return {
        "private_mb": round(private / 1e3, 1),
        "private_mapped_mb": round((private + kilobytes["Private_Clean"]) / 1e3, 1),
        "rss_mb": round(kilobytes["Rss"] / 1e3, 1),
        "peak_mb": round(kilobytes["VmHWM"] / 1e3, 1),
    }


@contextmanager
def _watched() -> Iterator[list[float]]:
    """The most memory that was no page of a file, in MB, once it is over."""
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(_WATCHED_S):
            status = Path("/proc/self/status").read_text().splitlines()
            line = next(line for line in status if line.startswith("RssAnon"))
            peak[0] = max(peak[0], int(line.split()[1]) / 1e3)

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        try:
            yield peak
        finally:
            done.set()
            watching.result()
            peak[0] = round(peak[0], 1)


def _percentile(values: list[float], share: float) -> float:
    """With linear interpolation between the two nearest."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _ms(seconds: float) -> float:
    return round(seconds * 1e3, 4)


if __name__ == "__main__":
    json.dump(measure(pickle.load(sys.stdin.buffer)), sys.stdout)
