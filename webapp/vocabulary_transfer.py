"""The tag trees as files: written whole; taken in as one change, looked at first and undone as a whole.

A file adds tags and changes those it names; what it does not name stays. A row that cannot be is told of and passed
over, never the end of the rest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from webapp import tree_changes, vocabulary_care
from webapp.errors import BadTag
from webapp.model import TagKind
from webapp.services import Services
from webapp.tags import Tag, Vocabulary, fold
from webapp.tree_changes import OWN_PREFIX, Change, Deed
from webapp.vocabulary_care import Preview
from webapp.vocabulary_files import FORMATS, Format, Problem, TagRow, format_of

FILE_CHARS = 20_000_000  # taste: forty times the seed with all its names
_ID = re.compile(r"[rt]-[a-z0-9][a-z0-9-]{0,60}\Z")  # decision 0006


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file would change, and the rows that are not taken as they stand."""

    file_name: str
    preview: Preview
    problems: tuple[Problem, ...]
    added: int
    changed: int
    same: int


@dataclass(slots=True)
class _Reading:
    """The tags that the rows make, while they are read one after another."""

    vocabulary: Vocabulary
    ids: dict[str, str] = field(default_factory=dict)  # key of a row, or folded name → tag id
    slugs: dict[tuple[TagKind, str], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def write(services: Services, format_name: str, kinds: Iterable[TagKind] = tuple(TagKind)) -> tuple[str, str, Format]:
    """File name, content and format of the trees as they are. Raises KeyError for an unknown format."""
    chosen = FORMATS[format_name]
    vocabulary = services.vocabulary()
    wanted = list(kinds)
    name = f"{wanted[0].value}s" if len(wanted) == 1 else "vocabulary"
    tags = [tag for kind in wanted for tag in vocabulary.all(kind)]
    return f"dateline-{name}.{chosen.ending}", chosen.write(tags), chosen


def keep(services: Services, owner: int, file_name: str, content: bytes) -> int:
    """Keep a file until it is looked at and taken in; its number. Raises BadTag when it is not text."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadTag("The file is not UTF-8 text. Save it as CSV (UTF-8) or Turtle.") from error
    if len(text) > FILE_CHARS:
        raise BadTag(f"The file has {len(text):,} characters; {FILE_CHARS:,} are read.")
    if not text.strip():
        raise BadTag("The file is empty.")
    with services.store.begin() as work:
        return work.vocabulary_notes.keep_upload(owner, file_name[:200], text, services.clock())


def look(services: Services, owner: int, upload_id: int, kind: TagKind) -> Taken:
    """What the file would change, were it taken in now. Raises NotFound."""
    with services.store.read() as work:
        name, text = work.vocabulary_notes.upload(owner, upload_id)
    return look_at(services, owner, name, text, kind)


def look_at(services: Services, owner: int, name: str, text: str, kind: TagKind) -> Taken:
    rows = format_of(name, text).read(text, kind)
    vocabulary = services.vocabulary()
    change, problems = planned(vocabulary, rows, name)
    added = sum(tag.id not in vocabulary for tag in change.tags)
    told = len({row.line for row in rows if isinstance(row, TagRow)})
    preview = vocabulary_care.preview(services, owner, lambda _: change)
    return Taken(
        name, preview, problems, added, len(change.tags) - added, max(0, told - len(change.tags) - len(problems))
    )


def take_in(services: Services, owner: int, name: str, text: str, kind: TagKind) -> Deed | None:
    """Take a file in, as one change; None when it says nothing new."""
    rows = format_of(name, text).read(text, kind)
    return vocabulary_care.carry_out(services, owner, lambda vocabulary: planned(vocabulary, rows, name)[0])


def take_in_kept(services: Services, owner: int, upload_id: int, kind: TagKind) -> Deed | None:
    """Raises NotFound when the file is kept no longer."""
    with services.store.read() as work:
        name, text = work.vocabulary_notes.upload(owner, upload_id)
    return take_in(services, owner, name, text, kind)


def planned(vocabulary: Vocabulary, rows: Iterable[TagRow | Problem], name: str) -> tuple[Change, tuple[Problem, ...]]:
    """The change that the rows ask for, and the rows that are not taken as they stand."""
    listed = list(rows)
    reading = _Reading(vocabulary, problems=[row for row in listed if isinstance(row, Problem)])
    for kind in TagKind:
        for tag in vocabulary.all(kind):
            reading.slugs[kind, tag.slug] = tag.id
    known = [(row, tag_id) for row in listed if isinstance(row, TagRow) and (tag_id := _identified(reading, row))]
    among = {tag_id for _, tag_id in known}
    made: dict[str, Tag] = {}
    lines: dict[str, int] = {}
    for row, tag_id in known:
        if tag_id in made:
            reading.problems.append(Problem(row.line, f"{row.name or tag_id} stands in line {lines[tag_id]} already."))
            continue
        read = _tag(reading, row, tag_id, among)
        if read is not None:
            made[tag_id], lines[tag_id] = read, row.line
    _break_circles(reading, made, lines)
    tags = tuple(tag for tag_id, tag in made.items() if tag_id not in vocabulary or vocabulary.get(tag_id) != tag)
    added = sum(tag.id not in vocabulary for tag in tags)
    summary = f"Took in {name or 'a file'}: {added} new, {len(tags) - added} changed"
    problems = tuple(sorted(reading.problems, key=lambda each: each.line))
    return Change("import", summary, tuple(tag.id for tag in tags), tags), problems


def _identified(reading: _Reading, row: TagRow) -> str:
    """The id of the tag that a row is about: told, or found by its slug or name, or a new one; "" when it cannot be.

    A new id is made from the row itself, so that looking and taking in agree.
    """
    vocabulary = reading.vocabulary
    tag_id = row.id
    if tag_id and tag_id not in vocabulary and not (_ID.match(tag_id) and tag_id[0] == row.kind.value[0]):
        reading.problems.append(Problem(row.line, f"“{tag_id[:60]}” is no id for a {row.kind.value}."))
        return ""
    if tag_id in vocabulary and vocabulary.get(tag_id).kind is not row.kind:
        reading.problems.append(Problem(row.line, f"{tag_id} is not a {row.kind.value}."))
        return ""
    if not tag_id:
        found = vocabulary.find(row.kind, row.slug or row.name) or vocabulary.find(row.kind, row.name)
        digest = hashlib.sha256(f"{row.kind}|{fold(row.name)}|{row.key}".encode()).hexdigest()
        tag_id = found.id if found is not None else OWN_PREFIX[row.kind] + digest[:10]
    for name in (row.key, row.slug, fold(row.name)):
        if name:
            reading.ids.setdefault(f"{row.kind}:{name}", tag_id)
    return tag_id


def _tag(reading: _Reading, row: TagRow, tag_id: str, among: set[str]) -> Tag | None:
    vocabulary = reading.vocabulary
    old = vocabulary.get(tag_id) if tag_id in vocabulary else None
    base = old or Tag(id=tag_id, kind=row.kind, slug="", name=row.name)
    values: dict[str, object] = {name: getattr(row, name) for name in _PLAIN & row.told}
    if row.name:
        values["name"] = row.name
    if "names" in row.told:
        values["names"] = dict(row.names)
    if "parents" in row.told:
        values["parents"] = _resolved(reading, row, row.parents, among, tag_id)
    if "merged_into" in row.told:
        into = (row.merged_into,) if row.merged_into else ()
        values["merged_into"] = "".join(_resolved(reading, row, into, among, tag_id))
    wanted = replace(base, **values)  # type: ignore[arg-type]
    if not fold(wanted.name):
        reading.problems.append(Problem(row.line, "A name needs a letter or a digit."))
        return None
    slug = _slug(reading, wanted, old)
    tidy = tree_changes.checked_tag(Vocabulary([]), replace(wanted, slug=slug))
    reading.slugs[row.kind, tidy.slug] = tag_id
    return tidy if old is None or not _same(old, tidy) else old


def _resolved(reading: _Reading, row: TagRow, texts: tuple[str, ...], among: set[str], tag_id: str) -> tuple[str, ...]:
    found = []
    for text in texts:
        named = reading.ids.get(f"{row.kind}:{text}") or reading.ids.get(f"{row.kind}:{fold(text)}") or text
        tag = reading.vocabulary.find(row.kind, text)
        target = named if named in reading.vocabulary or named in among else tag.id if tag is not None else ""
        if target and target != tag_id:
            found.append(target)
        elif text:
            where = "itself" if target else f"“{text[:80]}”, which is not there"
            reading.problems.append(Problem(row.line, f"{row.name or tag_id} cannot stand below {where}: left out."))
    return tuple(dict.fromkeys(found))


def _slug(reading: _Reading, wanted: Tag, old: Tag | None) -> str:
    base = fold(wanted.slug) or fold(wanted.name)
    if old is not None and base == old.slug:
        return base
    slug, number = base[:80], 2
    while reading.slugs.get((wanted.kind, slug), wanted.id) != wanted.id or slug in ("new", "none"):
        slug, number = f"{base[:76]}-{number}", number + 1
    return slug


def _break_circles(reading: _Reading, made: dict[str, Tag], lines: Mapping[str, int]) -> None:
    """A tag that would stand below itself stays where it was."""
    parents = {tag.id: tag.parents for kind in TagKind for tag in reading.vocabulary.all(kind)}
    parents |= {tag.id: tag.parents for tag in made.values()}
    for tag_id in list(made):
        if _is_above_itself(tag_id, parents):
            before = reading.vocabulary.get(tag_id).parents if tag_id in reading.vocabulary else ()
            text = f"{made[tag_id].name} would stand below itself: it stays where it was."
            reading.problems.append(Problem(lines[tag_id], text))
            made[tag_id] = replace(made[tag_id], parents=before)
            parents[tag_id] = before


def _is_above_itself(tag_id: str, parents: Mapping[str, tuple[str, ...]]) -> bool:
    seen: set[str] = set()
    waiting = [*parents.get(tag_id, ())]
    while waiting:
        here = waiting.pop()
        if here == tag_id:
            return True
        if here not in seen:
            seen.add(here)
            waiting.extend(parents.get(here, ()))
    return False


def _same(old: Tag, new: Tag) -> bool:
    return replace(old, names=dict(old.names)) == replace(new, names=dict(new.names))


_PLAIN = frozenset({"slug", "code", "aliases", "retired", "former_slugs", "note"})
