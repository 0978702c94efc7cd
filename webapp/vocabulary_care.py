"""The care of the two tag trees: every change is previewed, done as a whole, told in the history, undone as a whole.

What may be done is worked out by `tree_changes.py`; here it meets the archive: the articles, searches and rules that
a change touches, the search index that must hear of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from index import Node, Tagged, all_of, map_query, parse
from webapp import indexing, tree_changes
from webapp.errors import BadTag, IndexAway, NotFound
from webapp.filing.tagged import to_ids
from webapp.filing.tagging import adopt, meant
from webapp.model import SavedSearch, TagKind
from webapp.ruling import Rule
from webapp.services import Services
from webapp.store import Work
from webapp.tags import Tag, Vocabulary
from webapp.tree_changes import OWN_PREFIX, Change, Deed
from webapp.tree_words import told

HISTORY_SHOWN = 30  # taste: a page of it
_PAGE = 10_000  # hits asked for at a time, where all of them are wanted; the engine counts to a million
Planner = Callable[[Vocabulary], Change]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would touch: articles (those that get another tag or another place in the tree), tags, searches and
    rules that name one of the tags. Searches and rules go on working; nobody has to mend them."""

    change: Change
    articles: int
    lines: tuple[str, ...]
    searches: tuple[SavedSearch, ...]
    rules: tuple[Rule, ...]

    @property
    def changes_nothing(self) -> bool:
        return not self.change.tags and not self.change.moves


def new_id(kind: TagKind) -> str:
    """An id for a tag of the reader's own, never given before: 40 random bits."""
    return OWN_PREFIX[kind] + secrets.token_hex(5)


def preview(services: Services, owner: int, planner: Planner) -> Preview:
    """What the change would touch. Raises BadTag when it cannot be."""
    vocabulary = services.vocabulary()
    change = planner(vocabulary)
    later = tree_changes.after(vocabulary, change)
    touched = {tag.id for tag in change.tags if tag.id in vocabulary} | set(change.about)
    with services.store.read() as work:
        articles = _articles(work, owner, vocabulary, change)
        searches = tuple(each for each in work.searches.list(owner) if _names(each.query, vocabulary) & touched)
        rules = tuple(each for each in work.rules.list(owner) if _names_of_rule(each, vocabulary) & touched)
    lines = tuple(told(vocabulary.get(tag.id) if tag.id in vocabulary else None, tag, later) for tag in change.tags)
    return Preview(change, articles, lines, searches, rules)


def carry_out(services: Services, owner: int, planner: Planner) -> Deed | None:
    """Do it, in one transaction; None when it would change nothing. Raises BadTag when it cannot be.

    The change is worked out from the trees as they are once nobody else can change them.
    """
    with services.store.begin() as work:
        vocabulary = work.vocabulary.lock()
        change = planner(vocabulary)
        if not change.tags and not change.moves:
            return None
        deed = work.vocabulary.get(work.vocabulary.carry_out(owner, change, services.clock()))
    services.bell.set()
    return deed


def undo(services: Services, owner: int, deed_id: int) -> Deed:
    """Take a deed back as a whole. Raises NotFound; Conflict when its tags were changed since."""
    with services.store.begin() as work:
        work.vocabulary.lock()
        deed = work.vocabulary.get(work.vocabulary.undo(owner, deed_id, services.clock()))
    services.bell.set()
    return deed


def history(services: Services, *, tag_id: str = "", before_id: int | None = None) -> list[Deed]:
    """The latest first, HISTORY_SHOWN at most."""
    with services.store.read() as work:
        return work.vocabulary.history(tag_id=tag_id, limit=HISTORY_SHOWN, before_id=before_id)


def create(
    services: Services,
    owner: int,
    kind: TagKind,
    name: str,
    *,
    parents: Iterable[str] = (),
    names: dict[str, str] | None = None,
    aliases: Iterable[str] = (),
) -> Tag:
    """A new tag of the reader's own. Raises BadTag."""
    tag_id = new_id(kind)
    below, others = tuple(parents), tuple(aliases)

    def planner(vocabulary: Vocabulary) -> Change:
        return tree_changes.create(vocabulary, tag_id, kind, name, parents=below, names=names, aliases=others)

    carry_out(services, owner, planner)
    return services.vocabulary().get(tag_id)


def planned_split(services: Services, owner: int, tag_id: str, query: str, *, into: str, below: bool = True) -> Planner:
    """The change by which those articles with this very tag that answer `query` get the tag called `into` instead.

    Where there is none called so, it is made: below the tag, or beside it. Raises BadTag, IndexAway.
    """
    vocabulary = services.vocabulary()
    tag = known(vocabulary, tag_id)
    node = understood(query, vocabulary)
    ids = matching(services, owner, all_of([node, Tagged(tag.kind.value, tag.id, True)]))
    target = vocabulary.find(tag.kind, into)
    made = Tag(id=new_id(tag.kind), kind=tag.kind, slug="", name=into, parents=(tag.id,) if below else tag.parents)
    chosen: str | Tag = made if target is None or target.retired else target.id
    return lambda current: tree_changes.split(current, tag_id, chosen, ids, query)


def known(vocabulary: Vocabulary, tag_id: str) -> Tag:
    """Raises NotFound."""
    if tag_id not in vocabulary:
        raise NotFound(f"There is no tag {tag_id[:80]}.")
    return vocabulary.get(tag_id)


def named(services: Services, kind: TagKind, names: Iterable[str]) -> tuple[str, ...]:
    """The ids of the tags called so; a place that only the gazetteer knows is taken into the trees. Raises BadTag."""
    found = []
    for name in (each.strip() for each in names):
        if not name:
            continue
        tag = meant(services, kind, name)
        if tag.id not in services.vocabulary():
            with services.store.begin() as work:
                adopt(services, work, tag, services.vocabulary())
        found.append(tag.id)
    return tuple(dict.fromkeys(found))


def understood(query: str, vocabulary: Vocabulary) -> Node:
    """The query with ids. Raises BadTag when a part of it is not understood: half a question asks for too much."""
    parsed = parse(query)
    node, unknown = to_ids(parsed.node, vocabulary)
    problems = (*parsed.problems, *unknown)
    if problems:
        raise BadTag(f"{problems[0].message} {problems[0].advice}")
    if not query.strip():
        raise BadTag("Say which articles: type a query.")
    return node


def matching(services: Services, owner: int, node: Node) -> list[int]:
    """The ids of all articles that answer, ascending; the index is brought up to date first. Raises IndexAway."""
    indexing.drain(services)

    def all_ids(engine: object) -> list[int]:
        found: list[int] = []
        page = 1
        while True:
            results = engine.search(  # type: ignore[attr-defined]
                node, owner=owner, page=page, per_page=_PAGE, sort="clipped", snippets=False
            )
            found.extend(hit.id for hit in results.hits)
            if len(found) >= results.total or not results.hits:
                return sorted(found)
            page += 1

    ids = services.ask(all_ids)
    if ids is None:
        raise IndexAway()
    return ids


def names_a_tag(node: Node) -> set[str]:
    """The ids of the tags that a query (with ids) names."""
    found: set[str] = set()

    def note(part: Node) -> Node:
        if isinstance(part, Tagged):
            found.add(part.name)
        return part

    map_query(node, note)
    return found


def _names(query: str, vocabulary: Vocabulary) -> set[str]:
    return names_a_tag(to_ids(parse(query).node, vocabulary)[0])


def _names_of_rule(rule: Rule, vocabulary: Vocabulary) -> set[str]:
    return _names(rule.query, vocabulary) | {step.value for step in rule.steps if step.what in ("add", "remove")}


def _articles(work: Work, owner: int, vocabulary: Vocabulary, change: Change) -> int:
    """Those that get another tag, and those whose tags stand elsewhere in the tree afterwards."""
    listed: set[int] = set()
    tags = tree_changes.moved_tags(vocabulary, change)
    for step in change.moves:
        if step.article_ids is None:
            tags.add(step.from_id)
        else:
            listed.update(step.article_ids)
    return len(listed) if listed and not tags else work.usage.articles_with(owner, tags) if tags else 0
