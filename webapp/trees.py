"""The two tag trees as pages show them: branches with counts, and all about one tag, each from one engine call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from index import Everything, Tagged, to_text
from webapp import alerts, searching
from webapp.atlas.whereabouts import Window, where_is
from webapp.errors import NotFound
from webapp.filing.tagging import PLACE_PREFIX, path_of
from webapp.model import SavedSearch, TagKind
from webapp.searching import FacetNode, Found
from webapp.services import Services
from webapp.tags import Tag, Vocabulary

OWN = ("r-u-", "t-u-", "r-gn-")  # ids of tags that came to the vocabulary by the reader's doing
FOUND_MAX = 60  # taste: what the filter box lists
LATEST = 8  # articles on a tag's page; taste
TOGETHER = 10  # tags that come up with it; taste
DEEPEST = 12  # levels that are drawn; the seed has five


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A tag of the tree; `count` articles carry it or one below it (None while there is no index)."""

    tag: Tag
    count: int | None
    children: tuple[Branch, ...] = ()

    @property
    def is_used(self) -> bool:
        return bool(self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """`used` of the `size` tags that there are have articles; `is_whole` when the others stand here too."""

    kind: TagKind
    branches: tuple[Branch, ...]
    size: int
    used: int
    is_whole: bool
    has_counts: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A tag found by what was typed, with where it stands and how many articles it has."""

    tag: Tag
    path: str
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One tag: where it stands, its articles through time, and what comes up with it.

    `found` is the answer to `query`; where its index is away (`found.notice`) nothing of it is to be shown.
    """

    tag: Tag
    query: str
    found: Found
    paths: tuple[tuple[Tag, ...], ...]
    children: tuple[Listed, ...]
    regions: tuple[Listed, ...]
    topics: tuple[Listed, ...]
    followed: SavedSearch | None
    is_own: bool
    window: Window | None


def tree_of(services: Services, owner: int, kind: TagKind, *, whole: bool) -> Tree:
    """The tree with its counts, used branches first. Unless `whole`, only what is used, and the reader's own tags."""
    vocabulary = services.vocabulary()
    counts = _counts(services, owner, kind)
    living = [tag for tag in vocabulary.all(kind) if not tag.retired]
    shown = None
    if not whole:
        kept = [tag for tag in living if (counts or {}).get(tag.id) or tag.id.startswith(OWN)]
        shown = {above for tag in kept for above in vocabulary.lineage(tag.id)}
    tops = [tag for root in vocabulary.roots(kind) for tag in _below_the_world(vocabulary, root)]
    branches = _sorted(_branch(vocabulary, tag, counts, shown, 0) for tag in tops if shown is None or tag.id in shown)
    used = sum(1 for tag in living if (counts or {}).get(tag.id))
    return Tree(
        kind=kind, branches=branches, size=len(living), used=used, is_whole=whole, has_counts=counts is not None
    )


def find_tags(services: Services, owner: int, kind: TagKind, text: str) -> tuple[Listed, ...]:
    """The tags that one of their names begins like `text`, or is spelt like it; best first."""
    vocabulary = services.vocabulary()
    found = vocabulary.complete(kind, text, FOUND_MAX) or vocabulary.near(kind, text, 8)
    exact = vocabulary.find(kind, text)
    first = [exact] if exact is not None and not exact.retired else []
    ordered = dict.fromkeys(tag.id for tag in (*first, *found))
    counts = _counts(services, owner, kind)
    return tuple(_listed(vocabulary, vocabulary.get(tag_id), counts) for tag_id in ordered)


def tag_called(vocabulary: Vocabulary, kind: TagKind, key: str) -> Tag:
    """The tag of an address: by id or slug, also a former one or one of a tag that was merged. Raises NotFound."""
    if key in vocabulary and vocabulary.get(key).kind is kind:
        tag = vocabulary.get(key)
        return tag if not tag.merged_into else vocabulary.survivor(key) or tag
    found = vocabulary.find(kind, key)
    if found is None:
        raise NotFound(f"There is no {kind.value} called “{key[:80]}”.")
    return found


def about(services: Services, owner: int, tag: Tag) -> About:
    """Everything about a tag. One call of the engine answers for its articles, their months, and what they share."""
    vocabulary = services.vocabulary()
    query = to_text(Tagged(tag.kind.value, tag.slug))
    found = searching.find(services, owner, query, sort="newest", per_page=LATEST)
    regions, topics = dict(_flat(found.regions)), dict(_flat(found.topics))
    mine = regions if tag.kind is TagKind.REGION else topics
    counts = {each.id: number for each, number in _by_tag(vocabulary, mine, tag.kind)}
    known = None if found.notice else counts
    children = [_listed(vocabulary, child, known) for child in vocabulary.children(tag.id)]
    family = {*vocabulary.lineage(tag.id), *vocabulary.descendants(tag.id)}
    return About(
        tag=tag,
        query=query,
        found=found,
        paths=tuple(_paths(vocabulary, tag)),
        children=tuple(sorted(children, key=lambda each: (-(each.count or 0), each.tag.name.casefold()))),
        regions=_together(vocabulary, TagKind.REGION, regions, family),
        topics=_together(vocabulary, TagKind.TOPIC, topics, family),
        followed=alerts.saved_as(services, owner, query),
        is_own=tag.id.startswith(OWN),
        window=_window(services, vocabulary, tag),
    )


def _window(services: Services, vocabulary: Vocabulary, tag: Tag) -> Window | None:
    """The part of the map around a region; None for a topic, and for what stands nowhere on it."""
    if tag.kind is not TagKind.REGION:
        return None
    place = services.gazetteer().place(tag.id) if tag.id.startswith(PLACE_PREFIX) else None
    return where_is(tag.id, vocabulary=vocabulary, place=place)


def _together(vocabulary: Vocabulary, kind: TagKind, counts: Mapping[str, int], family: set[str]) -> tuple[Listed, ...]:
    """The tags that most articles share with the one asked about; of those above one another, the nearest."""
    numbers = {tag.id: number for tag, number in _by_tag(vocabulary, counts, kind) if tag.id not in family}
    specific = [
        tag_id
        for tag_id, number in numbers.items()
        if not any(numbers.get(below, 0) == number for below in vocabulary.descendants(tag_id) if below != tag_id)
    ]
    best = sorted(specific, key=lambda tag_id: (-numbers[tag_id], vocabulary.get(tag_id).name))[:TOGETHER]
    return tuple(_listed(vocabulary, vocabulary.get(tag_id), numbers) for tag_id in best)


def _by_tag(vocabulary: Vocabulary, counts: Mapping[str, int], kind: TagKind) -> Iterator[tuple[Tag, int]]:
    slugs = {tag.slug: tag for tag in vocabulary.all(kind)}
    return ((slugs[slug], number) for slug, number in counts.items() if slug in slugs)


def _flat(nodes: Iterable[FacetNode]) -> Iterator[tuple[str, int]]:
    for node in nodes:
        yield node.value, node.count
        yield from _flat(node.children)


def _counts(services: Services, owner: int, kind: TagKind) -> dict[str, int] | None:
    """Tag id → articles with it or one below it; None while there is no index that could tell."""
    found = services.ask(
        lambda engine: engine.search(Everything(), owner=owner, per_page=0, facets=(kind.value,), snippets=False)
    )
    return None if found is None else dict(found.facets[kind.value])


def _branch(
    vocabulary: Vocabulary, tag: Tag, counts: Mapping[str, int] | None, shown: set[str] | None, depth: int
) -> Branch:
    below = () if depth >= DEEPEST else vocabulary.children(tag.id)
    children = _sorted(
        _branch(vocabulary, child, counts, shown, depth + 1) for child in below if shown is None or child.id in shown
    )
    return Branch(tag=tag, count=None if counts is None else counts.get(tag.id, 0), children=children)


def _sorted(branches: Iterable[Branch]) -> tuple[Branch, ...]:
    return tuple(sorted(branches, key=lambda each: (-(each.count or 0), each.tag.name.casefold())))


def _below_the_world(vocabulary: Vocabulary, root: Tag) -> tuple[Tag, ...]:
    return vocabulary.children(root.id) if root.id == searching.WORLD else (root,)


def _listed(vocabulary: Vocabulary, tag: Tag, counts: Mapping[str, int] | None) -> Listed:
    return Listed(tag, path_of(vocabulary, tag.id), None if counts is None else counts.get(tag.id, 0))


def _paths(vocabulary: Vocabulary, tag: Tag) -> Iterator[tuple[Tag, ...]]:
    """A way from the top for each parent, without the world and without the tag itself."""
    for parent in tag.parents:
        path: list[Tag] = []
        here = parent
        while here in vocabulary and here not in {each.id for each in path}:
            path.append(vocabulary.get(here))
            above = path[-1].parents
            here = above[0] if above else ""
        shown = [each for each in reversed(path) if each.id != searching.WORLD]
        if shown:
            yield tuple(shown)
