"""Saved searches: a query kept under a name, and what is new in it since it was last opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from index import SORTS, Engine, Everything, Node, Tagged, chips, map_query, parse, to_text
from webapp.errors import BadSearch
from webapp.filing.tagged import to_ids
from webapp.model import SavedSearch, TagKind
from webapp.services import Services
from webapp.tags import Vocabulary

NAME_CHARS = 80  # taste: a line on a phone holds half of it
QUERY_CHARS = 500  # what removing it can be undone with travels in a cookie of 4,096 bytes (RFC 6265 §6.1)
SAVED_MAX = 200  # taste: each is asked anew whenever the list is shown, 1 ms and more
NEW_COUNTED = 1_000  # taste: nobody reads on after a thousand; an import may bring a hundred times as many


@dataclass(frozen=True, slots=True)
class Standing:
    """A saved search as it stands now: how many articles answer it, and how many of them were clipped since.

    Both are None while there is no index that could tell. `new` is counted up to NEW_COUNTED.
    """

    search: SavedSearch
    total: int | None
    new: int | None

    @property
    def has_more_new(self) -> bool:
        """Whether there may be more new ones than were counted."""
        return self.new == NEW_COUNTED


def save(
    services: Services,
    owner: int,
    text: str,
    *,
    name: str = "",
    sort: str = "best",
    looked_at: datetime | None = None,
    position: int | None = None,
) -> tuple[SavedSearch, bool]:
    """Keep the query `text`; the search, and whether it is new. One that is saved already stays as it is.

    Without a `name` it is called by its parts. `looked_at` and `position` are those of a search that was removed and
    is put back. Raises BadSearch when there is nothing to save, or no room.
    """
    vocabulary, now = services.vocabulary(), services.clock()
    if len(text) > QUERY_CHARS:
        raise BadSearch(f"A saved search may have {QUERY_CHARS:,} characters; this one has {len(text):,}.")
    query = usual_spelling(text, vocabulary)
    if not query:
        raise BadSearch("There is nothing to save: type a query first.")
    with services.store.begin() as work:
        if work.searches.count(owner) >= SAVED_MAX and work.searches.by_query(owner, query) is None:
            raise BadSearch(f"There are {SAVED_MAX} saved searches, the most there may be. Remove one first.")
        return work.searches.add(
            owner,
            name=_tidy(name) or _called(query, vocabulary),
            query=query,
            sort=sort if sort in SORTS else SORTS[0],
            now=now,
            looked_at=min(looked_at or now, now),
            position=position,
        )


def saved_as(services: Services, owner: int, text: str) -> SavedSearch | None:
    """The saved search that asks the same as `text`, however it is typed."""
    query = usual_spelling(text[:QUERY_CHARS], services.vocabulary())
    if not query:
        return None
    with services.store.read() as work:
        return work.searches.by_query(owner, query)


def standings(services: Services, owner: int) -> tuple[Standing, ...]:
    """Every saved search, in the reader's order: one statement for what was clipped, one engine call a search."""
    with services.store.read() as work:
        searches = work.searches.list(owner)
        since = min((search.looked_at for search in searches), default=services.clock())
        clipped = work.articles.clipped_after(owner, since) if searches else {}
    vocabulary = services.vocabulary()
    counted = services.ask(lambda engine: [_standing(engine, search, vocabulary, clipped) for search in searches])
    return tuple(counted or [Standing(search, None, None) for search in searches])


def saved(services: Services, owner: int, search_id: int) -> SavedSearch:
    """Raises NotFound."""
    with services.store.read() as work:
        return work.searches.get(owner, search_id)


def look(services: Services, owner: int, search_id: int) -> SavedSearch:
    """The search as it was until now; from now on nothing that is there is new in it. Raises NotFound."""
    with services.store.begin() as work:
        search = work.searches.get(owner, search_id)
        work.searches.looked(owner, search_id, services.clock())
    return search


def rename(services: Services, owner: int, search_id: int, name: str) -> SavedSearch:
    """The search with its new name; an empty one gives it the name it would have without. Raises NotFound."""
    vocabulary = services.vocabulary()
    with services.store.begin() as work:
        query = work.searches.get(owner, search_id).query
        work.searches.rename(owner, search_id, _tidy(name) or _called(query, vocabulary))
        return work.searches.get(owner, search_id)


def remove(services: Services, owner: int, search_id: int) -> SavedSearch:
    """What was removed, to be saved again by whoever wants it back. Raises NotFound."""
    with services.store.begin() as work:
        return work.searches.remove(owner, search_id)


def usual_spelling(text: str, vocabulary: Vocabulary) -> str:
    """One spelling for all ways to type a query: tags by slug, blanks single, what was not understood left out.

    A tag that nobody knows stays: it may come to be known. "" for what asks for everything.
    """

    def named(part: Node) -> Node:
        tag = vocabulary.find(TagKind(part.kind), part.name) if isinstance(part, Tagged) else None
        return Tagged(part.kind, tag.slug, part.exact) if isinstance(part, Tagged) and tag is not None else part

    node = map_query(parse(text).node, named)
    return "" if isinstance(node, Everything) else to_text(node)


def _standing(engine: Engine, search: SavedSearch, vocabulary: Vocabulary, clipped: Mapping[int, datetime]) -> Standing:
    """The query language knows days only, so newness is told by the store's times: in the order of clipping, what is
    new in a search is among the first so many hits as there are new articles at all."""
    node, _ = to_ids(parse(search.query).node, vocabulary)
    fresh = {article_id for article_id, clipped_at in clipped.items() if clipped_at > search.looked_at}
    found = engine.search(
        node, owner=search.owner, sort="clipped", per_page=min(len(fresh), NEW_COUNTED), snippets=False
    )
    return Standing(search, found.total, sum(hit.id in fresh for hit in found.hits))


def _called(query: str, vocabulary: Vocabulary) -> str:
    """A name made of the query's parts: "ceasefire · Syria"."""
    labels = [_label(label, part, vocabulary) for label, part in chips(parse(query).node)]
    return _tidy(" · ".join(labels))


def _label(label: str, part: Node, vocabulary: Vocabulary) -> str:
    if isinstance(part, Tagged) and not part.exact:
        tag = vocabulary.find(TagKind(part.kind), part.name)
        return label if tag is None else tag.name
    return label


def _tidy(name: str) -> str:
    """On one line, and not too long."""
    line = " ".join(name.split())
    return line if len(line) <= NAME_CHARS else line[: NAME_CHARS - 1].rstrip() + "…"
