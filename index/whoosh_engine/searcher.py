"""The embedded engine: an `Engine` over a folder, see its contract there."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.correcting import Neighbours, corrected
from index.document import Document, Hit, Results
from index.engine import check_question
from index.folding import fold
from index.near import near_words
from index.query import Node, terms_of
from index.scoring import SCORE_DIGITS, UNDATED_LAST
from index.snippets import marked_snippet, marked_title
from index.telling import enough_shared, telling_words
from index.wanted import Slot, Wanted, Way
from index.whoosh_engine.evaluate import Evaluation, Scores
from index.whoosh_engine.facets import facet
from index.whoosh_engine.segment import Numbers
from index.whoosh_engine.snapshot import Snapshot, Snapshots
from index.whoosh_engine.storage import damage_of, open_storage
from index.whoosh_engine.writer import Writer

SNIPPET_FIELDS = ("body", "lead", "note", "captions")  # the first that answers is shown
MOST_SUGGESTED = 200  # words counted exactly before the best are chosen; the rest are rarer


def open_whoosh_engine(folder: Path) -> WhooshEngine:
    """Raises EngineUnavailable when the folder holds something else, another version's index, or a damaged one."""
    storage = open_storage(folder)
    snapshots = Snapshots(storage)
    snapshots.newest()
    return WhooshEngine(snapshots, Writer(storage, snapshots))


class WhooshEngine:
    def __init__(self, snapshots: Snapshots, writer: Writer) -> None:
        self._snapshots = snapshots
        self._writer = writer

    def put(self, documents: Iterable[Document]) -> None:
        self._snapshots.newest()
        self._writer.put(documents)

    def remove(self, ids: Collection[int]) -> None:
        self._writer.remove(ids)

    def clear(self) -> None:
        self._snapshots.newest()
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
    ) -> Results:
        check_question(page=page, per_page=per_page, sort=sort, facets=facets)
        started = time.perf_counter()
        snapshot = self._snapshots.newest()
        evaluation = Evaluation(snapshot, owner)
        mask, scores = evaluation.scored(node)
        numbers = _ordered(snapshot, np.flatnonzero(mask), scores, sort)
        shown = numbers[(page - 1) * per_page : page * per_page]
        wanted = [evaluation.wanted(term) for term in terms_of(node)] if snippets else None
        return Results(
            total=len(numbers),
            hits=_hits(snapshot, shown, scores, wanted),
            facets={name: facet(snapshot, name, mask) for name in facets},
            seconds=time.perf_counter() - started,
        )

    def similar(self, id: int, *, owner: int, limit: int = 10) -> tuple[Hit, ...]:
        snapshot = self._snapshots.newest()
        evaluation = Evaluation(snapshot, owner)
        number = snapshot.number_of.get(id)
        if number is None or not evaluation.mine[number]:
            return ()
        this = snapshot.document(number)
        texts = [("title", this.title), ("lead", this.lead), ("body", this.body)]
        telling = telling_words(texts, this.language, evaluation.holdings.articles, evaluation.found)
        scores, shared = np.zeros(snapshot.size), np.zeros(snapshot.size, np.int64)
        for one in telling:
            mask, its_scores = evaluation.scored_wanted(one.wanted)
            scores += its_scores
            shared += mask
        shared[number] = 0
        numbers = [found for found in np.flatnonzero(shared) if enough_shared(int(shared[found]), len(telling))]
        best = _ordered(snapshot, np.array(numbers, np.int64), scores, "best")[:limit]
        return _hits(snapshot, best, scores, [])

    def suggest_terms(self, prefix: str, *, owner: int, limit: int = 10) -> tuple[str, ...]:
        beginning = fold(prefix.strip())
        if not beginning:
            return ()
        snapshot = self._snapshots.newest()
        words = [word for word in snapshot.words if word.startswith(beginning)]
        return tuple(word for word, _ in _widespread(snapshot, owner, words)[:limit])

    def did_you_mean(self, node: Node, *, owner: int) -> Node | None:
        snapshot = self._snapshots.newest()
        evaluation = Evaluation(snapshot, owner)
        return corrected(
            node,
            finds=lambda part: bool(evaluation.answers(part).any()),
            neighbours=_neighbours(snapshot, owner),
        )

    def count(self) -> int:
        snapshot = self._snapshots.newest()
        return int(snapshot.live.sum())

    def revisions(self) -> Iterable[tuple[int, int]]:
        snapshot = self._snapshots.newest()
        rows = snapshot.rows[snapshot.live]
        return sorted(zip(rows["id"].tolist(), rows["revision"].tolist(), strict=True))

    def check(self) -> list[str]:
        snapshot = self._snapshots.newest()
        problems = [
            problem
            for segment in snapshot.segments
            for problem in damage_of(self._snapshots.storage.path, segment.name, thorough=True)
        ]
        if len(snapshot.number_of) != int(snapshot.live.sum()):
            problems.append("an article is there more than once")
        return problems

    def close(self) -> None:
        self._snapshots.close()


def _ordered(snapshot: Snapshot, numbers: Numbers, scores: Scores, sort: str) -> Numbers:
    """The articles in the order of `engine.Engine`."""
    rows = snapshot.rows[numbers]
    published, clipped = rows["published"].astype(np.int64), rows["clipped"]
    tie = (-rows["id"], -clipped, -published)  # lexsort: the last key counts most
    keys: tuple[NDArray[Any], ...] = tie
    match sort:
        case "best":
            keys = (*tie, -np.round(scores[numbers], SCORE_DIGITS))
        case "newest":
            pass
        case "oldest":
            keys = (*tie, np.where(published > 0, published, UNDATED_LAST))
        case "clipped":
            keys = (*tie, -clipped)
        case _:
            keys = (*tie, _ranks([snapshot.title_key(number) for number in numbers.tolist()]))
    return numbers[np.lexsort(keys)]


def _ranks(titles: Sequence[bytes]) -> Numbers:
    rank = {title: at for at, title in enumerate(sorted(set(titles)))}
    return np.array([rank[title] for title in titles], np.int64)


def _hits(snapshot: Snapshot, numbers: Numbers, scores: Scores, wanted: Sequence[Wanted] | None) -> tuple[Hit, ...]:
    """With snippets unless `wanted` is None."""
    return tuple(_hit(snapshot, number, float(scores[number]), wanted) for number in numbers.tolist())


def _hit(snapshot: Snapshot, number: int, score: float, wanted: Sequence[Wanted] | None) -> Hit:
    if wanted is None:
        return Hit(int(snapshot.rows["id"][number]), score)
    document = snapshot.document(number)
    texts = ((field, getattr(document, field)) for field in SNIPPET_FIELDS)
    return Hit(
        document.id,
        score,
        marked_title(document.title, document.language, wanted),
        marked_snippet(texts, document.language, wanted, otherwise=document.lead or document.body),
    )


def _widespread(snapshot: Snapshot, owner: int, words: Collection[str]) -> list[tuple[str, int]]:
    """(word, in how many of the owner's articles), for words that are in any, the most widespread first.

    Of very many words, only the most widespread over all owners are counted.
    """
    if len(words) > MOST_SUGGESTED:
        words = sorted(words, key=lambda word: (-_everywhere(snapshot, word), word))[:MOST_SUGGESTED]
    evaluation = Evaluation(snapshot, owner)
    counted = [(word, evaluation.found(Wanted((Way((Slot(0, {word: 1.0}),)),)))) for word in words]
    return sorted(((word, n) for word, n in counted if n), key=lambda pair: (-pair[1], pair[0]))


def _everywhere(snapshot: Snapshot, word: str) -> int:
    return sum(len(postings.docs) for _, postings in snapshot.postings(word))


def _neighbours(snapshot: Snapshot, owner: int) -> Neighbours:
    def neighbours(word: str, edits: int) -> list[str]:
        slips = near_words(word, snapshot.words, edits)
        near = _widespread(snapshot, owner, [other for other, distance in slips.items() if distance])
        return [other for other, _ in sorted(near, key=lambda pair: (slips[pair[0]], -pair[1], pair[0]))]

    return neighbours
