"""Countries × topics: how many articles of a query are about each topic in each country, as a table.

The engine counts one dimension at a time; each column is one call that fetches nothing but counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from index import Engine, Facet, Node, Tagged, all_of, parse, to_text, top_level, with_filter
from webapp.atlas.charting import SHADES
from webapp.filing.tagged import to_ids, to_slugs
from webapp.model import TagKind
from webapp.services import Services
from webapp.tags import Tag, Vocabulary

ROWS = ("countries", "regions")  # what the rows may be
ROWS_SHOWN = 40  # taste: two screens
COLUMNS_SHOWN = 10  # taste: what fits a laptop; each costs one call of the engine
M49_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A row's or a column's tag, how many articles it has, and the query for them."""

    tag: Tag
    count: int
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    count: int
    shade: int
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """The table: `lines` are (row, its cells in the order of `columns`). Empty while there is no index to ask.

    `more` is how many rows were left out, the smallest.
    """

    rows: str
    columns: tuple[Head, ...] = ()
    lines: tuple[tuple[Head, tuple[Cell, ...]], ...] = ()
    more: int = 0


def cross(services: Services, owner: int, text: str, *, rows: str) -> Crossing:
    """Count the articles that answer `text`. `rows` is one of ROWS."""
    vocabulary = services.vocabulary()
    asked, _ = to_ids(parse(text).node, vocabulary)
    return services.ask(lambda engine: _counted(engine, owner, asked, vocabulary, rows)) or Crossing(rows=rows)


def _counted(engine: Engine, owner: int, asked: Node, vocabulary: Vocabulary, rows: str) -> Crossing:
    def facets(node: Node, *names: str) -> dict[str, Facet]:
        return dict(engine.search(node, owner=owner, per_page=0, facets=names, snippets=False).facets)

    shown = to_slugs(asked, vocabulary)
    whole = facets(asked, "region", "topic")
    regions = [(tag, count) for tag, count in _tags(whole["region"], vocabulary) if _is_row(tag, rows)]
    topics = _columns(_tags(whole["topic"], vocabulary), asked, vocabulary)
    counts = [dict(facets(all_of([asked, Tagged("topic", tag.id)]), "region")["region"]) for tag, _ in topics]
    found = (column.get(tag.id, 0) for column in counts for tag, _ in regions)
    most = max([SHADES, *found])  # where there are few, one article is not as dark as many are elsewhere

    def line(region: Tag) -> tuple[Cell, ...]:
        narrowed = with_filter(shown, Tagged("region", region.slug))
        return tuple(
            Cell(
                count=column.get(region.id, 0),
                shade=-(-SHADES * column.get(region.id, 0) // most),
                query=to_text(with_filter(narrowed, Tagged("topic", topic.slug))),
            )
            for (topic, _), column in zip(topics, counts, strict=True)
        )

    return Crossing(
        rows=rows,
        columns=tuple(_head(tag, count, shown) for tag, count in topics),
        lines=tuple((_head(tag, count, shown), line(tag)) for tag, count in regions[:ROWS_SHOWN]),
        more=max(0, len(regions) - ROWS_SHOWN),
    )


def _columns(counted: list[tuple[Tag, int]], asked: Node, vocabulary: Vocabulary) -> list[tuple[Tag, int]]:
    """The topics side by side: those below a topic that the query asks for, else the tops of the tree."""
    wanted = {part.name for part in top_level(asked) if isinstance(part, Tagged) and part.kind == "topic"}
    below = {child.id for topic in wanted for child in vocabulary.children(topic)}
    tops = {tag.id for tag in vocabulary.roots(TagKind.TOPIC)}
    chosen = [(tag, count) for tag, count in counted if tag.id in below]
    return (chosen or [(tag, count) for tag, count in counted if tag.id in tops])[:COLUMNS_SHOWN]


def _tags(counts: Facet, vocabulary: Vocabulary) -> list[tuple[Tag, int]]:
    """The counted tags, most articles first."""
    known = [(vocabulary.get(tag_id), count) for tag_id, count in counts if tag_id in vocabulary]
    return sorted(known, key=lambda each: (-each[1], each[0].name))


def _is_row(tag: Tag, rows: str) -> bool:
    """Countries and areas have an ISO code; the regions of the world an M49 number, the world itself left out."""
    if rows == "countries":
        return len(tag.code) == M49_DIGITS - 1
    return len(tag.code) == M49_DIGITS and bool(tag.parents)


def _head(tag: Tag, count: int, shown: Node) -> Head:
    return Head(tag=tag, count=count, query=to_text(with_filter(shown, Tagged(tag.kind.value, tag.slug))))
