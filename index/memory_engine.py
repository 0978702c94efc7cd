"""Each query's meaning in plain Python: simple, slow, and right. The oracle that other engines are tested against.

Keeps documents in a dict and reads every one of them for every question. Nothing is kept on disk.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from index.analysis import STEM, stemmers_of
from index.answering import Read, answers
from index.correcting import corrected
from index.document import Document, Facet, Hit, Results
from index.engine import EngineUnavailable, check_question
from index.explaining import Explanation, explain
from index.folding import fold
from index.near import near_enough
from index.query import WORD_FIELDS, Node, terms_of
from index.scoring import SCORE_DIGITS, UNDATED_LAST, day_number, idf, microseconds, term_score, title_key
from index.snippets import marked_snippet, marked_title
from index.telling import enough_shared, telling_words
from index.wanted import Wanted, wanted_of


class _Shelf:
    """What one owner has at one moment: answers every question about it."""

    def __init__(self, reads: Iterable[Read]) -> None:
        self.reads = list(reads)
        self.stemmers = stemmers_of(read.document.language for read in self.reads)
        totals = {field: sum(read.lengths[field] for read in self.reads) for field in WORD_FIELDS}
        self.average_lengths = {field: total / len(self.reads) if total else 1.0 for field, total in totals.items()}
        days = [day_number(read.document.clipped.date()) for read in self.reads]
        self.latest_day = max(days, default=0)
        self._idf: dict[Node, float] = {}

    def wanted(self, node: Node) -> Wanted:
        return wanted_of(node, self.stemmers)

    def answers(self, node: Node, read: Read) -> bool:
        return answers(node, read, self.wanted)

    def explain(self, node: Node, read: Read, *, prefer_recent: bool) -> Explanation:
        return explain(node, read, self, prefer_recent=prefer_recent)

    def idf_of(self, node: Node) -> float:
        if node not in self._idf:
            self._idf[node] = idf(len(self.reads), self.found(self.wanted(node)))
        return self._idf[node]

    def found(self, wanted: Wanted) -> int:
        return sum(1 for read in self.reads if read.counts(wanted))

    def words(self) -> Counter[str]:
        """Every folded word -> in how many articles."""
        return Counter(word for read in self.reads for word in _words(read))


def _words(read: Read) -> set[str]:
    terms = {term for field in WORD_FIELDS for token in read.tokens[field] for term in token.terms}
    return {term for term in terms if not term.startswith(STEM)}


def _facet_values(name: str, document: Document) -> Iterator[str]:
    match name:
        case "region":
            yield from document.region_lineage
        case "topic":
            yield from document.topic_lineage
        case "outlet" if document.outlet:
            yield document.outlet
        case "year" if document.published:
            yield f"{document.published.year:04}"
        case "month" if document.published:
            yield f"{document.published.year:04}-{document.published.month:02}"
        case "language":
            yield document.language
        case "reading":
            yield document.reading
        case "author":
            yield from dict.fromkeys(document.authors)
        case "starred" if document.starred:
            yield "yes"
        case _:
            return


def _facet(name: str, documents: Iterable[Document]) -> Facet:
    counts = Counter(value for document in documents for value in _facet_values(name, document))
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _place(sort: str, document: Document, score: float) -> tuple[object, ...]:
    """Where a document comes in the order: lower is earlier."""
    day, clipped = day_number(document.published), microseconds(document.clipped)
    tie = (-day, -clipped, -document.id)
    match sort:
        case "best":
            return (-round(score, SCORE_DIGITS), *tie)
        case "newest":
            return tie
        case "oldest":
            return (day or UNDATED_LAST, *tie)
        case "clipped":
            return (-clipped, *tie)
        case _:
            return (title_key(document.title), *tie)


class MemoryEngine:
    """An `Engine` that forgets everything when the process ends."""

    def __init__(self) -> None:
        self._reads: dict[int, Read] = {}
        self._writing = threading.Lock()
        self._closed = False

    def put(self, documents: Iterable[Document]) -> None:
        reads = {document.id: Read.of(document) for document in documents}
        with self._writing:
            self._reads = {**self._open(), **reads}

    def remove(self, ids: Collection[int]) -> None:
        with self._writing:
            self._reads = {id: read for id, read in self._open().items() if id not in ids}

    def search(
        self,
        node: Node,
        *,
        owner: int,
        page: int = 1,
        per_page: int = 25,
        sort: str = "best",
        facets: tuple[str, ...] = (),
        snippets: bool = True,
        prefer_recent: bool = True,
    ) -> Results:
        check_question(page=page, per_page=per_page, sort=sort, facets=facets)
        started = time.perf_counter()
        shelf = self._shelf(owner)
        recent = prefer_recent and sort == "best"
        found = [
            (read, shelf.explain(node, read, prefer_recent=recent).score)
            for read in shelf.reads
            if shelf.answers(node, read)
        ]
        found.sort(key=lambda pair: _place(sort, pair[0].document, pair[1]))
        wanted = [wanted_of(term, shelf.stemmers) for term in terms_of(node)]
        shown = found[(page - 1) * per_page : page * per_page]
        return Results(
            total=len(found),
            hits=tuple(_hit(read, score, wanted if snippets else None) for read, score in shown),
            facets={name: _facet(name, [read.document for read, _ in found]) for name in facets},
            seconds=time.perf_counter() - started,
        )

    def explain(
        self, id: int, node: Node, *, owner: int, sort: str = "best", prefer_recent: bool = True
    ) -> Explanation | None:
        shelf = self._shelf(owner)
        read = next((read for read in shelf.reads if read.document.id == id and shelf.answers(node, read)), None)
        return shelf.explain(node, read, prefer_recent=prefer_recent and sort == "best") if read else None

    def similar(self, id: int, *, owner: int, limit: int = 10) -> tuple[Hit, ...]:
        shelf = self._shelf(owner)
        this = next((read.document for read in shelf.reads if read.document.id == id), None)
        if this is None:
            return ()
        texts = [("title", this.title), ("lead", this.lead), ("body", this.body)]
        telling = telling_words(texts, this.language, len(shelf.reads), shelf.found)
        found: list[tuple[Read, float]] = []
        for read in shelf.reads:
            counts = [(one, read.counts(one.wanted)) for one in telling]
            shared = [(one, count) for one, count in counts if count]
            if read.document.id != id and enough_shared(len(shared), len(telling)):
                weights = [idf(len(shelf.reads), shelf.found(one.wanted)) for one, _ in shared]
                pairs = zip(shared, weights, strict=True)
                found.append((read, sum(term_score(c, shelf.average_lengths, weight) for (_, c), weight in pairs)))
        found.sort(key=lambda pair: _place("best", pair[0].document, pair[1]))
        return tuple(_hit(read, score, []) for read, score in found[:limit])

    def suggest_terms(self, prefix: str, *, owner: int, limit: int = 10) -> tuple[str, ...]:
        beginning = fold(prefix.strip())
        counts = {word: n for word, n in self._shelf(owner).words().items() if beginning and word.startswith(beginning)}
        return tuple(sorted(counts, key=lambda word: (-counts[word], word))[:limit])

    def did_you_mean(self, node: Node, *, owner: int) -> Node | None:
        shelf = self._shelf(owner)

        def neighbours(word: str, edits: int) -> list[str]:
            slips = {other: (near_enough(word, other, edits), -n) for other, n in shelf.words().items()}
            near = [other for other, (distance, _) in slips.items() if distance > 0]
            return sorted(near, key=lambda other: (slips[other], other))

        return corrected(
            node, finds=lambda part: any(shelf.answers(part, read) for read in shelf.reads), neighbours=neighbours
        )

    def clear(self) -> None:
        with self._writing:
            self._open()
            self._reads = {}

    def count(self) -> int:
        return len(self._open())

    def check(self) -> list[str]:
        self._open()
        return []

    def revisions(self) -> Iterable[tuple[int, int]]:
        return [(id, read.document.revision) for id, read in sorted(self._open().items())]

    def close(self) -> None:
        self._closed = True

    def _open(self) -> dict[int, Read]:
        if self._closed:
            raise EngineUnavailable("in memory", "it was closed")
        return self._reads

    def _shelf(self, owner: int) -> _Shelf:
        return _Shelf(read for read in self._open().values() if read.document.owner == owner)


def _hit(read: Read, score: float, wanted: list[Wanted] | None) -> Hit:
    document = read.document
    if wanted is None:
        return Hit(document.id, score)
    texts = [(field, getattr(document, field)) for field in ("body", "lead", "note", "captions")]
    return Hit(
        document.id,
        score,
        marked_title(document.title, document.language, wanted),
        marked_snippet(texts, document.language, wanted, otherwise=document.lead or document.body),
    )
