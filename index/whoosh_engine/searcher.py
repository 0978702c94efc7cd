"""The embedded engine: an `Engine` over a folder, see its contract there."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from index.answering import Read, answers
from index.correcting import corrected
from index.document import Document, Hit, Results
from index.engine import EngineUnavailable, check_question
from index.explaining import Explanation, explain
from index.folding import fold
from index.marking import Marker
from index.query import WORD_FIELDS, Everything, Node, terms_of
from index.telling import enough_shared, telling_words
from index.whoosh_engine.allocator import keep_freed_memory
from index.whoosh_engine.evaluate import Evaluation
from index.whoosh_engine.facets import facet
from index.whoosh_engine.ordering import first_of
from index.whoosh_engine.ranking import ranked, scores_of
from index.whoosh_engine.rereading import document_of
from index.whoosh_engine.showing import hits_of
from index.whoosh_engine.snapshot import DAMAGE, Answer, Snapshots
from index.whoosh_engine.storage import open_storage
from index.whoosh_engine.vocabulary import near_words_of, widespread_words
from index.whoosh_engine.writer import Writer


def open_whoosh_engine(folder: Path) -> WhooshEngine:
    """Raises EngineUnavailable when the folder holds something else, another version's index, or a damaged one."""
    storage = open_storage(folder)
    snapshots = Snapshots(storage)
    snapshots.newest()
    keep_freed_memory()
    return WhooshEngine(snapshots, Writer(storage, snapshots))


class WhooshEngine:
    def __init__(self, snapshots: Snapshots, writer: Writer) -> None:
        self._snapshots = snapshots
        self._writer = writer

    def put(self, documents: Iterable[Document]) -> None:
        self._snapshots.check_open()
        self._writer.put(documents)

    def remove(self, ids: Collection[int]) -> None:
        self._writer.remove(ids)

    def clear(self) -> None:
        self._snapshots.check_open()
        self._writer.clear()

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
        snapshot = self._snapshots.newest()
        with self._reading():
            evaluation = Evaluation(snapshot, owner)
            limit = page * per_page
            if sort == "best":
                found, best = ranked(evaluation, node, limit, prefer_recent=prefer_recent)
                first = first_of(snapshot, best, sort, limit)[limit - per_page :]
                shown = Answer(best.articles.take(first), best.scores.take(first))
            else:
                found, _ = answer = evaluation.answer(node)
                articles = found.take(first_of(snapshot, answer, sort, limit)[limit - per_page :])
                shown = Answer(articles, scores_of(evaluation, articles, node))
            return Results(
                total=len(found),
                hits=_hits(evaluation, shown, node if snippets else None),
                facets={name: facet(snapshot, name, found) for name in facets},
                seconds=time.perf_counter() - started,
            )

    def explain(
        self, id: int, node: Node, *, owner: int, sort: str = "best", prefer_recent: bool = True
    ) -> Explanation | None:
        snapshot = self._snapshots.newest()
        with self._reading():
            evaluation = Evaluation(snapshot, owner)
            numbers = snapshot.numbers_of(np.array([id]))
            numbers = numbers[evaluation.holdings.mask[numbers]]
            if not len(numbers):
                return None
            base, segment = snapshot.place(int(numbers[0]))
            read = Read.of(document_of(segment, int(numbers[0]) - base))
            if not answers(node, read, evaluation.wanted):
                return None
            return explain(node, read, evaluation, prefer_recent=prefer_recent and sort == "best")

    def similar(self, id: int, *, owner: int, limit: int = 10) -> tuple[Hit, ...]:
        snapshot = self._snapshots.newest()
        with self._reading():
            evaluation = Evaluation(snapshot, owner)
            numbers = snapshot.numbers_of(np.array([id]))
            if not len(numbers) or not evaluation.holdings.mask[numbers[0]]:
                return ()
            answer = _similar(evaluation, int(numbers[0]))
            best = first_of(snapshot, answer, "best", limit)
            return _hits(evaluation, Answer(answer.articles[best], answer.scores[best]), Everything())

    def suggest_terms(self, prefix: str, *, owner: int, limit: int = 10) -> tuple[str, ...]:
        beginning = fold(prefix.strip())
        if not beginning:
            return ()
        snapshot = self._snapshots.newest()
        with self._reading():
            return widespread_words(Evaluation(snapshot, owner), beginning, limit)

    def did_you_mean(self, node: Node, *, owner: int) -> Node | None:
        snapshot = self._snapshots.newest()
        with self._reading():
            evaluation = Evaluation(snapshot, owner)
            return corrected(
                node,
                finds=evaluation.answers,
                neighbours=lambda word, edits: near_words_of(evaluation, word, edits),
            )

    def count(self) -> int:
        return int(self._snapshots.newest().live.sum())

    def revisions(self) -> Iterable[tuple[int, int]]:
        snapshot = self._snapshots.newest()
        ids, revisions = (snapshot.column(name)[snapshot.live].tolist() for name in ("ids", "revisions"))
        return sorted(zip(ids, revisions, strict=True))

    def check(self) -> list[str]:
        snapshot = self._snapshots.newest()
        problems = [problem for segment in snapshot.segments for problem in segment.file.damage()]
        ids = snapshot.column("ids")[snapshot.live]
        if len(np.unique(ids)) != len(ids):
            problems.append("an article is there more than once")
        return problems

    def close(self) -> None:
        self._snapshots.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Postings and texts are summed only by `check`: what damage there makes go wrong becomes EngineUnavailable."""
        try:
            yield
        except DAMAGE as error:
            reason = f"it is damaged ({type(error).__name__}: {error})"
            raise EngineUnavailable(self._snapshots.storage.path, reason) from error


def _similar(evaluation: Evaluation, number: int) -> Answer:
    """The articles that share enough telling words with one, without it."""
    snapshot = evaluation.snapshot
    texts = list(zip(WORD_FIELDS, snapshot.texts(number), strict=True))[:3]
    telling = telling_words(texts, snapshot.language(number), evaluation.holdings.articles, evaluation.found)
    scores, shared = np.zeros(snapshot.size), np.zeros(snapshot.size, np.int64)
    for one in telling:
        answer = evaluation.answer_to(one.wanted)
        scores[answer.articles] += answer.scores
        shared[answer.articles] += 1
    shared[number] = 0
    enough = [count for count in range(len(telling) + 1) if enough_shared(count, len(telling))]
    articles = np.flatnonzero(shared >= min(enough)) if enough else np.empty(0, np.int64)
    return Answer(articles, scores[articles])


def _hits(evaluation: Evaluation, answer: Answer, node: Node | None) -> tuple[Hit, ...]:
    """With snippets that show what answers `node`, unless that is None."""
    snapshot = evaluation.snapshot
    if node is None:
        ids = snapshot.column("ids").take(answer.articles).tolist()
        return tuple(map(Hit, ids, answer.scores.tolist()))
    asked = [evaluation.holdings.places_of(term) for term in terms_of(node)]
    return hits_of(snapshot, *answer, asked, Marker([places.wanted for places in asked]))
