"""What every search engine does (the contract, held by tests/test_engines.py), and the errors it may raise."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from index.document import Document, Hit, Results
from index.explaining import Explanation
from index.query import Node

SORTS = ("best", "newest", "oldest", "clipped", "title")
FACETS = ("region", "topic", "outlet", "year", "month", "language", "reading", "author", "starred")
DEEPEST_HIT = 1_000_000  # page × per_page; a page beyond any archive is a typing error, not a question


class SearchError(Exception):
    """Something went wrong in an index. Its text may be shown to a reader.

    SearchError
    ├── QueryError          the question cannot be asked (an unknown sort or facet, page 0)
    └── EngineUnavailable   there is no usable index here: make it anew
    """


class QueryError(SearchError):
    """The question cannot be asked."""


class EngineUnavailable(SearchError):
    """The index cannot be opened, read or written. `reason` says why; the store can always make it anew."""

    def __init__(self, place: object, reason: str) -> None:
        super().__init__(f"the search index {place} cannot be used: {reason}")
        self.place, self.reason = place, reason


class Engine(Protocol):
    """One index of many owners' articles. Safe to use from many threads.

    Owner: every question names one; nothing of another owner's articles shows, not in hits, counts, facets, scores
    (statistics are the owner's own), suggestions or corrections.

    Meaning of a query: see docs/query-language.md; `Tagged` nodes carry tag ids. `memory_engine` is the reference.

    Order: `best` by score (`index.scoring`, `index.explaining`), `newest` and `oldest` by day published, articles
    without a day last in both; `clipped` newest clip first; `title` by folded title, ascending. Ties: later published,
    then later clipped, then higher id first. Pages are counted from 1 and never overlap while nothing is written.

    All methods may raise EngineUnavailable when the index was damaged or removed underneath.
    """

    def put(self, documents: Iterable[Document]) -> None:
        """Add documents or replace those with the same id, as one step: when it returns, they are durable and found.

        A later document of the same id in one call wins.
        """

    def remove(self, ids: Collection[int]) -> None:
        """Take documents out; ids that are not there are fine. When it returns, they are not found any more."""

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
        """One page of what `owner` has that answers `node`. A page past the end is empty, its total still right.

        Facets `region` and `topic` count lineage ids; `year` is "2020", `month` "2020-12" of the day published;
        `starred` counts "yes" only. `prefer_recent` lets the day published move scores a little, when sorted by them;
        other sorts tell scores without it. Raises QueryError for an unknown sort or facet or a page below 1.
        """

    def explain(
        self, id: int, node: Node, *, owner: int, sort: str = "best", prefer_recent: bool = True
    ) -> Explanation | None:
        """Why article `id` has the score that a search so put gives it; None when it is not found by it."""

    def similar(self, id: int, *, owner: int, limit: int = 10) -> tuple[Hit, ...]:
        """Articles that share telling words with article `id`, best first, without it; empty when there are none."""

    def suggest_terms(self, prefix: str, *, owner: int, limit: int = 10) -> tuple[str, ...]:
        """Words (folded) of the owner's articles that begin with `prefix`, the most widespread first."""

    def did_you_mean(self, node: Node, *, owner: int) -> Node | None:
        """`node` with unknown words replaced by near ones; None unless that finds something and `node` does not."""

    def clear(self) -> None:
        """Take everything out."""

    def count(self) -> int:
        """How many documents there are, of all owners."""

    def check(self) -> list[str]:
        """What is wrong with the index, in sentences; empty when it is whole. Reads everything: slow."""

    def revisions(self) -> Iterable[tuple[int, int]]:
        """(id, revision) of every document, by id."""

    def close(self) -> None:
        """Let go of files. Using the engine afterwards raises EngineUnavailable."""


def check_question(*, page: int, per_page: int, sort: str, facets: tuple[str, ...]) -> None:
    """Raises QueryError for a question no engine can answer."""
    if sort not in SORTS:
        raise QueryError(f"there is no sort “{sort}”; there are {', '.join(SORTS)}")
    unknown = [name for name in facets if name not in FACETS]
    if unknown:
        raise QueryError(f"there is no facet “{unknown[0]}”; there are {', '.join(FACETS)}")
    if page < 1 or per_page < 0 or page * per_page > DEEPEST_HIT:
        raise QueryError("pages are counted from 1 and end at the millionth hit")
