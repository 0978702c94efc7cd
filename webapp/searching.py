"""A question in words becomes a page of articles with snippets, facets, chips, and what to do when nothing is found.

One call of the engine answers everything; the store only fills in the rows. A query names tags by slug, alias or
code; the engine knows ids: `tagged.py` goes between.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from index import (
    SORTS,
    Dates,
    Engine,
    Explanation,
    Facet,
    Hit,
    Is,
    Lang,
    Node,
    Not,
    Piece,
    Problem,
    Site,
    Tagged,
    chips,
    parse,
    terms_of,
    to_text,
    top_level,
    with_filter,
    without_filter,
)
from webapp.articles.reading import Dateline, dateline_of
from webapp.atlas.charting import NO_MAP, NO_TIMELINE, Timeline, WorldMap, timeline, world_map
from webapp.filing.tagged import to_ids, to_slugs
from webapp.model import Article, TagKind
from webapp.services import Services
from webapp.tags import Tag, Vocabulary

FACETS = ("region", "topic", "outlet", "month", "language", "reading", "starred")
OUTLETS_SHOWN = 12  # taste: what fits beside the results without scrolling on a laptop
WORLD = "r-001"  # UN M49: the root of the region tree
READINGS = ("unread", "reading", "done")
NO_INDEX = "The search index is being made anew. Until it is ready, only titles are searched, and nothing is counted."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article of a result page."""

    article: Article
    dateline: Dateline
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    regions: tuple[Tag, ...]
    topics: tuple[Tag, ...]
    why: Explanation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetNode:
    """One value of a facet: how many of the articles found have it, and the query that a click on it asks."""

    kind: str
    value: str
    label: str
    count: int
    chosen: bool
    query: str
    children: tuple[FacetNode, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A part of the query that can be taken away with one click; `without` is the query that is left.

    `count` is how many articles are found without it; only counted when the whole query finds nothing.
    """

    label: str
    kind: str
    without: str
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    query: str
    sort: str
    page: int
    pages: int
    per_page: int
    total: int
    seconds: float
    rows: tuple[Row, ...]
    regions: tuple[FacetNode, ...] = ()
    topics: tuple[FacetNode, ...] = ()
    outlets: tuple[FacetNode, ...] = ()
    years: tuple[FacetNode, ...] = ()
    languages: tuple[FacetNode, ...] = ()
    readings: tuple[FacetNode, ...] = ()
    world: WorldMap = NO_MAP
    timeline: Timeline = NO_TIMELINE
    chips: tuple[Chip, ...] = ()
    problems: tuple[Problem, ...] = ()
    notice: str = ""
    did_you_mean: str = ""
    drops: tuple[Chip, ...] = ()


def find(
    services: Services,
    owner: int,
    text: str,
    *,
    page: int = 1,
    sort: str = "best",
    per_page: int | None = None,
    explain: bool = False,
) -> Found:
    """Answer the query `text` for `owner`. Never raises for what somebody typed: problems are said in the answer.

    With `explain` each row says why it stands where it does.
    """
    started = time.perf_counter()
    question = _Question(services, owner, text)
    per_page = per_page or services.settings.results_per_page
    sort = sort if sort in SORTS else SORTS[0]
    found = services.ask(lambda engine: _by_index(question, engine, page=page, per_page=per_page, sort=sort))
    found = found or _by_titles(question, page=page, per_page=per_page)
    if explain:
        found = replace(found, rows=tuple(replace(row, why=question.why(row.article.id, sort)) for row in found.rows))
    return replace(found, seconds=time.perf_counter() - started)


def health(services: Services) -> dict[str, object]:
    """Whether the archive can answer, and whether its index is ready; tells nothing of what is in it."""
    with services.store.read() as work:
        waiting = work.changes.count()
    ready = services.index() is not None
    return {"ok": True, "index": "ready" if ready else "being made anew", "waiting_changes": waiting}


class _Question:
    """A query in both spellings: with the ids the engine knows (`asked`), with the slugs a reader sees (`shown`)."""

    def __init__(self, services: Services, owner: int, text: str) -> None:
        self.services, self.owner, self.text = services, owner, text
        self.vocabulary = services.vocabulary()
        parsed = parse(text)
        self.asked, unknown = to_ids(parsed.node, self.vocabulary)
        self.shown = to_slugs(self.asked, self.vocabulary)
        self.problems = (*parsed.problems, *unknown)

    def rows(self, hits: Iterable[Hit]) -> tuple[Row, ...]:
        """The articles behind hits, in their order; one that went since the index was read is passed over."""
        hits = list(hits)
        with self.services.store.read() as work:
            articles = work.articles.by_ids(self.owner, [hit.id for hit in hits])
        return tuple(
            row_of(articles[hit.id], self.vocabulary, title=hit.title, snippet=hit.snippet)
            for hit in hits
            if hit.id in articles
        )

    def why(self, article_id: int, sort: str) -> Explanation | None:
        recent = self.services.settings.prefer_recent
        return self.services.ask(
            lambda engine: engine.explain(article_id, self.asked, owner=self.owner, sort=sort, prefer_recent=recent)
        )

    def chips(self) -> tuple[Chip, ...]:
        return tuple(self._chip(part, label) for label, part in chips(self.shown))

    def drops(self, engine: Engine) -> tuple[Chip, ...]:
        """What may be left out so that something is found, most found first."""
        parts = list(zip(top_level(self.asked), chips(self.shown), strict=True))
        if len(parts) < 2:
            return ()
        found = []
        for asked, (label, shown) in parts:
            rest = without_filter(self.asked, asked)
            count = engine.search(rest, owner=self.owner, per_page=0, snippets=False).total
            found.append(self._chip(shown, label, count))
        return tuple(sorted((chip for chip in found if chip.count), key=lambda chip: -chip.count))

    def tree(self, kind: TagKind, counts: Facet) -> tuple[FacetNode, ...]:
        """The counted part of a tag tree, largest first; a tag stands below each of its counted parents."""
        count_of = dict(counts)

        def node(tag: Tag) -> FacetNode:
            children = [node(child) for child in self.vocabulary.children(tag.id) if count_of.get(child.id)]
            return self._node(
                Tagged(kind.value, tag.slug),
                kind=kind.value,
                value=tag.slug,
                label=tag.name,
                count=count_of[tag.id],
                children=tuple(sorted(children, key=lambda child: (-child.count, child.label))),
            )

        tops = [tag for root in self.vocabulary.roots(kind) for tag in self._below_the_world(root)]
        nodes = [node(tag) for tag in tops if count_of.get(tag.id)]
        return tuple(sorted(nodes, key=lambda top: (-top.count, top.label)))

    def flat(self, kind: str, counts: Facet) -> tuple[FacetNode, ...]:
        """One level of values in the order given; what cannot be asked for (no outlet, no date) is left out."""
        filters = {value: _filter(kind, value) for value, _ in counts}
        return tuple(
            self._node(wanted, kind=kind, value=value, label=value, count=count)
            for value, count in counts
            if (wanted := filters[value]) is not None
        )

    def _below_the_world(self, root: Tag) -> Iterable[Tag]:
        """The world as a whole says nothing: its parts are the top of the tree, unless it is tagged itself."""
        return self.vocabulary.children(root.id) if root.id == WORLD else (root,)

    def _node(
        self, wanted: Node, *, kind: str, value: str, label: str, count: int, children: tuple[FacetNode, ...] = ()
    ) -> FacetNode:
        chosen = wanted in top_level(self.shown)
        query = without_filter(self.shown, wanted) if chosen else with_filter(self.shown, wanted)
        return FacetNode(
            kind=kind, value=value, label=label, count=count, chosen=chosen, query=to_text(query), children=children
        )

    def _chip(self, part: Node, label: str, count: int = 0) -> Chip:
        kind = part.part.kind if isinstance(part, Not) and isinstance(part.part, Tagged) else ""
        if isinstance(part, Tagged):
            kind = part.kind
            tag = self.vocabulary.find(TagKind(part.kind), part.name)
            label = label if tag is None or part.exact else tag.name
        return Chip(label=label, kind=kind or "query", without=to_text(without_filter(self.shown, part)), count=count)


def row_of(
    article: Article, vocabulary: Vocabulary, *, title: tuple[Piece, ...] = (), snippet: tuple[Piece, ...] = ()
) -> Row:
    """An article as a line of a list; without pieces of the engine's its title and excerpt serve."""
    tags = [tag for tag in article.tags if tag.tag_id in vocabulary]
    return Row(
        article=article,
        dateline=dateline_of(article, vocabulary),
        title=title or (Piece(article.title),),
        snippet=snippet or (Piece(article.standfirst or article.excerpt),),
        regions=tuple(vocabulary.get(tag.tag_id) for tag in tags if tag.kind is TagKind.REGION),
        topics=tuple(vocabulary.get(tag.tag_id) for tag in tags if tag.kind is TagKind.TOPIC),
    )


def _by_index(question: _Question, engine: Engine, *, page: int, per_page: int, sort: str) -> Found:
    results = engine.search(
        question.asked,
        owner=question.owner,
        page=page,
        per_page=per_page,
        sort=sort,
        facets=FACETS,
        prefer_recent=question.services.settings.prefer_recent,
    )
    meant = None if results.total else engine.did_you_mean(question.asked, owner=question.owner)
    facets: Mapping[str, Facet] = results.facets
    return Found(
        query=question.text,
        sort=sort,
        page=page,
        pages=max(1, -(-results.total // per_page)),
        per_page=per_page,
        total=results.total,
        seconds=0.0,
        rows=question.rows(results.hits),
        regions=question.tree(TagKind.REGION, facets["region"]),
        topics=question.tree(TagKind.TOPIC, facets["topic"]),
        outlets=question.flat("outlet", facets["outlet"])[:OUTLETS_SHOWN],
        years=question.flat("year", _years(facets["month"])),
        languages=question.flat("language", facets["language"]),
        readings=question.flat("reading", _in_reading_order(facets)),
        world=world_map(dict(facets["region"]), vocabulary=question.vocabulary, shown=question.shown),
        timeline=timeline(facets["month"], shown=question.shown),
        chips=question.chips(),
        problems=question.problems,
        did_you_mean="" if meant is None else to_text(to_slugs(meant, question.vocabulary)),
        drops=() if results.total else question.drops(engine),
    )


def _by_titles(question: _Question, *, page: int, per_page: int) -> Found:
    """Without an index: titles from the store, so that nothing kept is ever out of reach."""
    words = [word for term in terms_of(question.asked) for word in str(getattr(term, "text", "")).split()]
    with question.services.store.read() as work:
        total = work.articles.count(question.owner, words=words)
        articles = work.articles.newest(question.owner, per_page, offset=(page - 1) * per_page, words=words)
    return Found(
        query=question.text,
        sort="clipped",
        page=page,
        pages=max(1, -(-total // per_page)),
        per_page=per_page,
        total=total,
        seconds=0.0,
        rows=tuple(row_of(article, question.vocabulary) for article in articles),
        chips=question.chips(),
        problems=question.problems,
        notice=NO_INDEX,
    )


def _filter(kind: str, value: str) -> Node | None:
    """The query that a facet's value stands for; None for a value that cannot be asked for."""
    if not value:
        return None
    match kind:
        case "outlet":
            return Site(value)
        case "year":
            return Dates("published", date(int(value), 1, 1), date(int(value) + 1, 1, 1)) if int(value) < 9999 else None
        case "language":
            return Lang(value)
        case _:
            return Is(value)


def _years(months: Facet) -> Facet:
    """The month facet summed to years, oldest first."""
    counted: dict[str, int] = {}
    for month, count in months:
        counted[month[:4]] = counted.get(month[:4], 0) + count
    return tuple(sorted(counted.items()))


def _in_reading_order(facets: Mapping[str, Facet]) -> Facet:
    counted = dict(facets["reading"])
    starred = tuple(("starred", count) for value, count in facets["starred"] if value == "yes")
    return tuple((state, counted[state]) for state in READINGS if counted.get(state)) + starred
