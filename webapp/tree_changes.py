"""What may be done to the two tag trees, as values: each function says what the trees would be afterwards.

Pure: a Vocabulary in, a Change out; nothing is done here. `vocabulary_care.py` previews, does and undoes a Change.
Raises BadTag for what cannot be: a name that is taken, a circle, a tag that is not there or not of this kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.errors import BadTag
from webapp.model import TagKind
from webapp.tags import Tag, Vocabulary, fold
from webapp.tree_words import told_names

NAME_CHARS = 80  # taste: the longest of the seed has 54
NAMES_MAX = 100  # taste: a tag has 18 languages in the seed, and a dozen other names at most
OWN_PREFIX = {TagKind.REGION: "r-u-", TagKind.TOPIC: "t-u-"}  # of the ids of tags that a reader made; decision 0006


@dataclass(frozen=True, slots=True)
class Move:
    """`article_ids` (None: all that have it) get the tag `to_id` in the place of `from_id`."""

    from_id: str
    to_id: str
    article_ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The `tags` as they will be, new ones among them, and the articles that get another tag.

    `about` are the ids of the tags in whose history it belongs, the one it was done to first.
    """

    deed: str
    summary: str
    about: tuple[str, ...]
    tags: tuple[Tag, ...] = ()
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A Change that was carried out. `lines` tell what became of each tag; `moved` counts articles."""

    id: int
    deed: str
    summary: str
    at: datetime
    who: str
    tag_ids: tuple[str, ...]
    moved: int
    lines: tuple[str, ...] = ()
    is_undone: bool = False
    undoes: int | None = None


def create(
    vocabulary: Vocabulary,
    tag_id: str,
    kind: TagKind,
    name: str,
    *,
    parents: Iterable[str] = (),
    names: Mapping[str, str] | None = None,
    aliases: Iterable[str] = (),
) -> Change:
    """A new tag of the reader's own, under its parents or at the top."""
    tag = _made(vocabulary, tag_id, kind, name, parents=parents, names=names or {}, aliases=aliases)
    path = " and ".join(vocabulary.get(parent).name for parent in tag.parents)
    return Change("create", f"Made “{tag.name}”" + (f" under {path}" if path else ""), (tag_id,), (tag,))


def rename(
    vocabulary: Vocabulary,
    tag_id: str,
    *,
    name: str | None = None,
    names: Mapping[str, str] | None = None,
    aliases: Iterable[str] | None = None,
    note: str | None = None,
) -> Change:
    """Other names: the main one, those by language, the aliases; what is None stays.

    The slug follows the main name; the old one still finds the tag.
    """
    old = _known(vocabulary, tag_id)
    new = old
    if name is not None and _line(name) != old.name:
        wanted = _checked_name(vocabulary, old.kind, name, but=tag_id)
        slug = _free_slug(vocabulary, old.kind, wanted, but=tag_id)
        former = tuple(dict.fromkeys((*old.former_slugs, old.slug)))
        new = replace(new, name=wanted, slug=slug, former_slugs=tuple(each for each in former if each != slug))
        if old.names.get("en") == old.name:
            new = replace(new, names={**old.names, "en": wanted})
    if names is not None:
        new = replace(new, names=_checked_names(names))
    if aliases is not None:
        new = replace(new, aliases=_checked_aliases(vocabulary, new, aliases))
    if note is not None:
        new = replace(new, note=_line(note, 500))
    return Change("rename", told_names(old, new), (tag_id,), () if new == old else (new,))


def move(vocabulary: Vocabulary, tag_id: str, parents: Iterable[str]) -> Change:
    """Put a tag below others; the first is where the tree shows it. No parents: at the top of the tree."""
    old = _known(vocabulary, tag_id)
    below = tuple(dict.fromkeys(parents))
    _check_parents(vocabulary, tag_id, old.kind, below)
    where = " and ".join(vocabulary.get(parent).name for parent in below) or "the top of the tree"
    summary = f"Moved {old.name} to {where}"
    return Change("move", summary, (tag_id,), () if below == old.parents else (replace(old, parents=below),))


def merge(vocabulary: Vocabulary, from_id: str, into_id: str) -> Change:
    """One tag for two: its articles, names and children go to the other; its id and slug go on finding that one."""
    gone, kept = _known(vocabulary, from_id), _known(vocabulary, into_id)
    if from_id == into_id:
        raise BadTag(f"{gone.name} cannot be merged into itself.")
    if gone.kind is not kept.kind:
        raise BadTag(f"{gone.name} is a {gone.kind.value} and {kept.name} a {kept.kind.value}: they cannot be merged.")
    if kept.retired:
        raise BadTag(f"{kept.name} is retired: bring it back first.")
    kept = replace(
        kept,
        aliases=_all_aliases(kept, gone),
        names={**gone.names, **kept.names},
        parents=_parents_after(vocabulary, gone, kept),
    )
    gone_after = replace(gone, retired=True, merged_into=into_id)
    others = [
        replace(child, parents=_instead(child.parents, from_id, (into_id,)))
        for child in _children(vocabulary, from_id)
        if child.id != into_id
    ]
    summary = f"Merged {gone.name} into {kept.name}"
    return Change("merge", summary, (from_id, into_id), (kept, gone_after, *others), (Move(from_id, into_id),))


def retire(vocabulary: Vocabulary, tag_id: str) -> Change:
    """Offer a tag no longer. Articles keep it; what stands below it alone moves up to where it stood."""
    old = _known(vocabulary, tag_id)
    children = [
        replace(child, parents=_instead(child.parents, tag_id, old.parents if len(child.parents) == 1 else ()))
        for child in _children(vocabulary, tag_id)
    ]
    after = (replace(old, retired=True), *children)
    return Change("retire", f"Retired {old.name}", (tag_id,), () if old.retired else after)


def bring_back(vocabulary: Vocabulary, tag_id: str) -> Change:
    """Offer a retired tag again."""
    if tag_id not in vocabulary:
        raise BadTag(f"There is no tag {tag_id}.")
    old = vocabulary.get(tag_id)
    if old.merged_into:
        raise BadTag(f"{old.name} was merged into another tag: undo that in its history.")
    _checked_name(vocabulary, old.kind, old.name, but=tag_id)
    parents = tuple(each for each in old.parents if each in vocabulary and not vocabulary.get(each).retired)
    tags = (replace(old, retired=False, parents=parents),) if old.retired else ()
    return Change("bring back", f"Brought {old.name} back", (tag_id,), tags)


def split(vocabulary: Vocabulary, tag_id: str, into: str | Tag, article_ids: Iterable[int], query: str) -> Change:
    """These articles get another tag in its place: one that is there (its id), or a new one."""
    old = _known(vocabulary, tag_id)
    if isinstance(into, Tag):
        made = _made(vocabulary, into.id, old.kind, into.name, parents=into.parents, names={}, aliases=())
        target, new = made, [made]
    else:
        target, new = _known(vocabulary, into), []
    if target.id == tag_id:
        raise BadTag("The articles have this tag already: name another one.")
    if target.kind is not old.kind:
        raise BadTag(f"{target.name} is not a {old.kind.value}.")
    if target.retired:
        raise BadTag(f"{target.name} is retired: bring it back first.")
    ids = tuple(article_ids)
    summary = f"Split {old.name}: what answers “{_line(query)}” is {target.name}"
    return Change("split", summary, (tag_id, target.id), tuple(new), (Move(tag_id, target.id, ids),) if ids else ())


def after(vocabulary: Vocabulary, change: Change) -> Vocabulary:
    """The trees as they would be."""
    new = {tag.id: tag for tag in change.tags}
    old = [new.pop(tag.id, tag) for kind in TagKind for tag in vocabulary.all(kind)]
    return Vocabulary([*old, *new.values()])


def moved_tags(vocabulary: Vocabulary, change: Change) -> set[str]:
    """The ids of the tags whose ancestors change: their articles are found under other names afterwards."""
    found: set[str] = set()
    for tag in change.tags:
        if tag.id in vocabulary and vocabulary.get(tag.id).parents != tag.parents:
            found.update(vocabulary.descendants(tag.id))
    return found


def check_tree(vocabulary: Vocabulary, tags: Iterable[Tag]) -> None:
    """Raises BadTag for the first of `tags` that would stand below itself."""
    for tag in tags:
        for parent in tag.parents:
            if parent in vocabulary and tag.id in vocabulary.lineage(parent):
                name = vocabulary.get(parent).name
                raise BadTag(f"{tag.name} cannot stand below {name}: {name} stands below {tag.name}.")


def checked_tag(vocabulary: Vocabulary, tag: Tag) -> Tag:
    """A tag as it may be kept: names on one line, a slug of its own. Raises BadTag for an empty name."""
    name = _line(tag.name)
    if not fold(name):
        raise BadTag("A name needs a letter or a digit.")
    slug = _free_slug(vocabulary, tag.kind, tag.slug or name, but=tag.id)
    aliases = tuple(dict.fromkeys(line for alias in tag.aliases if (line := _line(alias))))[:NAMES_MAX]
    return replace(tag, name=name, slug=slug, names=_checked_names(tag.names), aliases=aliases)


def _made(
    vocabulary: Vocabulary,
    tag_id: str,
    kind: TagKind,
    name: str,
    *,
    parents: Iterable[str],
    names: Mapping[str, str],
    aliases: Iterable[str],
) -> Tag:
    if tag_id in vocabulary:
        raise BadTag(f"There is a tag {tag_id} already.")
    wanted = _checked_name(vocabulary, kind, name, but=tag_id)
    below = tuple(dict.fromkeys(parents))
    _check_parents(vocabulary, tag_id, kind, below)
    slug = _free_slug(vocabulary, kind, wanted, but=tag_id)
    tag = Tag(id=tag_id, kind=kind, slug=slug, name=wanted, parents=below, names=_checked_names(names))
    return replace(tag, aliases=_checked_aliases(vocabulary, tag, aliases))


def _known(vocabulary: Vocabulary, tag_id: str) -> Tag:
    if tag_id not in vocabulary:
        raise BadTag(f"There is no tag {tag_id[:80]}.")
    tag = vocabulary.get(tag_id)
    if tag.merged_into:
        raise BadTag(f"{tag.name} was merged into another tag, which stands for it now.")
    return tag


def _check_parents(vocabulary: Vocabulary, tag_id: str, kind: TagKind, parents: tuple[str, ...]) -> None:
    for parent in parents:
        above = _known(vocabulary, parent)
        if above.kind is not kind:
            raise BadTag(f"{above.name} is a {above.kind.value}: a {kind.value} cannot stand below it.")
        if above.retired:
            raise BadTag(f"{above.name} is retired: bring it back first.")
        if tag_id in vocabulary.lineage(parent):
            here = vocabulary.get(tag_id).name
            raise BadTag(f"{here} cannot stand below {above.name}: {above.name} is {here} or stands below it.")


def _checked_name(vocabulary: Vocabulary, kind: TagKind, name: str, *, but: str) -> str:
    wanted = _line(name)
    if not fold(wanted):
        raise BadTag("A name needs a letter or a digit.")
    for tag in vocabulary.all(kind):
        if tag.id != but and not tag.retired and fold(tag.name) == fold(wanted):
            raise BadTag(f"There is a {kind.value} called {tag.name} already. Choose another name, or merge the two.")
    return wanted


def _checked_names(names: Mapping[str, str]) -> dict[str, str]:
    kept = {language.strip().lower()[:35]: line for language, name in names.items() if (line := _line(name))}
    return {language: name for language, name in list(kept.items())[:NAMES_MAX] if language}


def _checked_aliases(vocabulary: Vocabulary, tag: Tag, aliases: Iterable[str]) -> tuple[str, ...]:
    """Each once, without what the tag is called anyway. Raises BadTag for what is another tag's own name."""
    kept: dict[str, str] = {}
    for alias in aliases:
        line = _line(alias)
        key = fold(line)
        if not key or key == fold(tag.name) or key in kept:
            continue
        for other in vocabulary.all(tag.kind):
            if other.id != tag.id and not other.retired and fold(other.name) == key:
                raise BadTag(f"{line} is the name of another {tag.kind.value}. To make them one, merge them.")
        kept[key] = line
    return tuple(kept.values())[:NAMES_MAX]


def _free_slug(vocabulary: Vocabulary, kind: TagKind, name: str, *, but: str) -> str:
    """The name folded, with a number when another tag of the kind has or had that slug."""
    slug = fold(name)[:NAME_CHARS].strip("-")
    others = [tag for tag in vocabulary.all(kind) if tag.id != but]
    taken = {tag.slug for tag in others} | {old for tag in others for old in tag.former_slugs} | {"new", "none"}
    number = 2
    while (found := slug if number == 2 else f"{slug}-{number - 1}") in taken:
        number += 1
    return found


def _all_aliases(kept: Tag, gone: Tag) -> tuple[str, ...]:
    own = {fold(kept.name): kept.name} | {fold(alias): alias for alias in kept.aliases}
    for alias in (gone.name, *gone.aliases):
        own.setdefault(fold(alias), alias)
    return tuple(alias for key, alias in own.items() if key != fold(kept.name))[:NAMES_MAX]


def _parents_after(vocabulary: Vocabulary, gone: Tag, kept: Tag) -> tuple[str, ...]:
    """Where the survivor stands when it stood below the other: in that one's place, so that no circle closes."""
    below_gone = set(vocabulary.descendants(gone.id))
    if kept.id not in below_gone:
        return kept.parents
    return tuple(dict.fromkeys((*(each for each in kept.parents if each not in below_gone), *gone.parents)))


def _children(vocabulary: Vocabulary, tag_id: str) -> list[Tag]:
    kind = vocabulary.get(tag_id).kind
    return [tag for tag in vocabulary.all(kind) if tag_id in tag.parents and not tag.merged_into]


def _instead(parents: tuple[str, ...], old: str, new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for parent in parents for each in (new if parent == old else (parent,))))


def _line(text: str, limit: int = NAME_CHARS) -> str:
    return " ".join(text.split())[:limit].strip()
