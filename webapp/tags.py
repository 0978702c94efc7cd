"""The two tag trees, regions and topics: stable ids, many names, several parents, and finding a tag by any of them.

Pure values: what is in a tree comes from `seed.py` and the store. Names are compared folded (`fold`), so that case,
accents, vowel points and the choice between blank and hyphen never matter.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from webapp.model import TagKind

# Letters that Unicode does not decompose and readers take for the same; ya and kaf of Persian as those of Arabic.
_SAME = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
    | {"ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": "", "ʼ": "'", "׳": "'"}
)
# Combining marks of Latin, Greek and Cyrillic; Hebrew points; Arabic vowel signs and hamza. Not those of Indic scripts
# or kana, which are letters' bodies there.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]"
)
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")  # soft hyphen, joiners, directions
_CODE_LENGTH = 3  # ISO 3166 codes and M49 numbers have at most three characters; so do "UK" and "UAE"
_CLOSE = 0.7  # difflib's ratio from which a name is worth a "did you mean"; taste, held by a table in the tests


@dataclass(frozen=True, slots=True)
class Tag:
    """A node of one of the trees. `parents` are ids, the first is where the tree shows it; `names` go by language.

    `code` is what the outer world calls it: ISO 3166 alpha-2, a UN M49 number, an IPTC Media Topics number, or "".
    A retired tag stays readable where it was put, and is no longer offered. One that was merged is retired, and
    `merged_into` names the tag that took its place. `former_slugs` are those it had before it was renamed.
    """

    id: str
    kind: TagKind
    slug: str
    name: str
    code: str = ""
    parents: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    aliases: tuple[str, ...] = ()
    retired: bool = False
    note: str = ""
    merged_into: str = ""
    former_slugs: tuple[str, ...] = ()


def fold(text: str) -> str:
    """`text` as names are compared: lower case, no accents or points, everything between words one hyphen."""
    plain = _HIDDEN.sub("", text)
    if not plain.isascii():
        plain = _MARKS.sub("", unicodedata.normalize("NFKD", plain.casefold()))
        plain = unicodedata.normalize("NFC", plain).translate(_SAME)
    plain = plain.casefold()
    return "-".join("".join(c if _in_word(c) else " " for c in plain).split())


class Vocabulary:
    """Both trees, ready to be asked. Built once a change; about 20 ms for 300 regions in 18 languages.

    Answers are tags or ids in an order that does not depend on the order of `tags`, except `children` and `roots`,
    which keep it. A parent that is not there is left out; a circle of parents ends where it began.
    Raises ValueError when two tags have one id.
    """

    def __init__(self, tags: Iterable[Tag]) -> None:
        self._tags: dict[str, Tag] = {}
        for tag in tags:
            if tag.id in self._tags:
                raise ValueError(f"two tags have the id {tag.id}")
            self._tags[tag.id] = tag
        self._children: dict[str, list[str]] = {}
        for tag in self._tags.values():
            for parent in tag.parents:
                self._children.setdefault(parent, []).append(tag.id)
        claims = [(tag, self._last_of(tag)) for tag in self._tags.values()]
        self._names = {kind: _Names(each for each in claims if each[1].kind is kind) for kind in TagKind}

    def __contains__(self, tag_id: object) -> bool:
        return tag_id in self._tags

    def __len__(self) -> int:
        return len(self._tags)

    def get(self, tag_id: str) -> Tag:
        """Raises KeyError for an id that is not there: ask `in` first when it came from outside."""
        return self._tags[tag_id]

    def survivor(self, tag_id: str) -> Tag | None:
        """The tag that stands for `tag_id` today: itself, or what it was merged into, by any number of steps.

        None for an id that is not there, and when the tag it comes to is retired: neither is to be offered.
        """
        tag = self._tags.get(tag_id)
        last = None if tag is None else self._last_of(tag)
        return None if last is None or last.retired else last

    def all(self, kind: TagKind) -> tuple[Tag, ...]:
        return tuple(tag for tag in self._tags.values() if tag.kind is kind)

    def roots(self, kind: TagKind) -> tuple[Tag, ...]:
        """The tags without a parent, retired ones left out."""
        known = (tag for tag in self.all(kind) if not any(parent in self._tags for parent in tag.parents))
        return tuple(tag for tag in known if not tag.retired)

    def children(self, tag_id: str) -> tuple[Tag, ...]:
        """The tags right below, retired ones left out."""
        below = (self._tags[child] for child in self._children.get(tag_id, ()))
        return tuple(tag for tag in below if not tag.retired)

    def lineage(self, tag_id: str) -> tuple[str, ...]:
        """The ids of the tag itself and of every tag above it, each once, near ones first. Raises KeyError."""
        found = {self._tags[tag_id].id: None}
        level = [tag_id]
        while level:
            level = [above for here in level for above in self._tags[here].parents if above in self._tags]
            level = [above for above in dict.fromkeys(level) if above not in found]
            found.update(dict.fromkeys(level))
        return tuple(found)

    def descendants(self, tag_id: str) -> tuple[str, ...]:
        """The ids of the tag itself and of every tag below it, each once, near ones first. Raises KeyError."""
        found = {self._tags[tag_id].id: None}
        level = [tag_id]
        while level:
            level = [below for here in level for below in self._children.get(here, ())]
            level = [below for below in dict.fromkeys(level) if below not in found]
            found.update(dict.fromkeys(level))
        return tuple(found)

    def find(self, kind: TagKind, text: str) -> Tag | None:
        """The one tag that `text` names: its slug, id, code, alias or name in any language.

        None when there is no such name, and also when several tags share it equally ("Congo"): see `near`.
        Where they share it unequally, the tree's own name wins over a code, a code over an alias, an alias over a
        name in another language, and anything over a retired tag. Every name of a merged tag, its id and its code
        name the tag it was merged into, as an alias would; so does a slug that a tag had before.
        """
        best = self._names[kind].best(text)
        return best[0] if len(best) == 1 else None

    def near(self, kind: TagKind, text: str, limit: int) -> tuple[Tag, ...]:
        """What may have been meant by a `text` that `find` does not know: sharers of the name, then beginnings and
        words of names, then names spelt alike. Empty when nothing resembles it."""
        names = self._names[kind]
        found = {tag.id: tag for tag in (*names.best(text), *self.complete(kind, text, limit))}
        if len(found) < limit:
            found.update({tag.id: tag for tag in names.alike(text, limit) if tag.id not in found})
        return tuple(found.values())[:limit]

    def complete(self, kind: TagKind, prefix: str, limit: int) -> tuple[Tag, ...]:
        """The tags of which a name begins with `prefix`, best first: whole name, main name, code, other names, then
        words inside names; among equals the shortest. Nothing typed completes to nothing."""
        return self._names[kind].beginning_with(prefix, limit)

    def _last_of(self, tag: Tag) -> Tag:
        """Where the merges of a tag end; a circle of them ends where it began."""
        seen = {tag.id}
        while (after := self._tags.get(tag.merged_into)) is not None and after.id not in seen:
            seen.add(after.id)
            tag = after
        return tag


# How well a name found by its beginning fits; see Vocabulary.complete.
_WHOLE, _MAIN, _CODE, _OTHER, _INSIDE_MAIN, _INSIDE_OTHER = range(6)


class _Names:
    """The folded names of one kind's tags, by how much each is the tag's own: 0 main, 1 code, 2 alias, 3 foreign."""

    def __init__(self, claims: Iterable[tuple[Tag, Tag]]) -> None:
        """`claims` are (tag, the tag that its names name): another one, where it was merged."""
        self._owners: dict[str, dict[str, tuple[int, Tag]]] = {}
        self._ids: set[str] = set()  # an id names its tag, and is not what a reader means to type
        for named, tag in claims:
            self._ids.add(named.id)
            own = [(0, named.slug), (0, named.id), (0, named.name), (1, named.code)]
            own += [(2, alias) for alias in (*named.aliases, *named.former_slugs)]
            own += [(3, name) for name in named.names.values()]
            for strength, name in own:
                strength = (strength if named is tag else max(strength, 2)) + 10 * tag.retired
                owners = self._owners.setdefault(fold(name), {})
                if tag.id not in owners or strength < owners[tag.id][0]:
                    owners[tag.id] = (strength, tag)
        self._owners.pop("", None)

    def best(self, text: str) -> list[Tag]:
        """The tags with the strongest claim to the name: none, one, or several with an equal claim."""
        key = fold(text)
        owners = self._owners.get(key) or self._owners.get(key.removeprefix("the-"))
        if owners is None:
            owners = self._joined.get(key.replace("-", ""), {})
        strongest = min((strength for strength, _ in owners.values()), default=0)
        found = [tag for strength, tag in owners.values() if strength == strongest]
        return sorted(found, key=lambda tag: tag.slug)

    def beginning_with(self, prefix: str, limit: int) -> tuple[Tag, ...]:
        key = fold(prefix)
        if not key:
            return ()
        fits: dict[str, tuple[int, int, str, Tag]] = {}
        for at in range(bisect_left(self._sorted_keys, key), len(self._sorted)):
            begun, name, whole, is_main, tag = self._sorted[at]
            if not begun.startswith(key):
                break
            fit = _fit(key, name, whole=whole, is_main=is_main)
            if tag.id not in fits or fit < fits[tag.id][0]:
                fits[tag.id] = (fit, len(tag.slug), tag.slug, tag)
        ordered = sorted(fits.values(), key=lambda item: item[:3])
        return tuple(tag for *_, tag in ordered[:limit])

    def alike(self, text: str, limit: int) -> list[Tag]:
        """Tags with a name spelt like `text`, best first."""
        key = fold(text)
        slack = max(1, len(key) // 4)
        candidates = [name for name in self._owners if abs(len(name) - len(key)) <= slack and len(name) > _CODE_LENGTH]
        close = get_close_matches(key, candidates, n=limit * 2, cutoff=_CLOSE)
        found = {tag.id: tag for name in close for _, tag in self._owners[name].values() if not tag.retired}
        return list(found.values())[:limit]

    @cached_property
    def _joined(self) -> dict[str, dict[str, tuple[int, Tag]]]:
        """Names written together, for "U.S.", "Guinea Bissau" and "middleeast"."""
        joined: dict[str, dict[str, tuple[int, Tag]]] = {}
        for key, owners in self._owners.items():
            joined.setdefault(key.replace("-", ""), {}).update(owners)
        return joined

    @cached_property
    def _sorted(self) -> list[tuple[str, str, bool, bool, Tag]]:
        """(beginning of a word and what follows, whole name, word is the first, name is the main one, tag), sorted."""
        entries = []
        for name, owners in self._owners.items():
            for strength, tag in owners.values():
                if tag.retired or name in self._ids:
                    continue
                is_main = strength == 0
                entries.append((name, name, True, is_main, tag))
                rest = name
                while "-" in rest:
                    rest = rest.partition("-")[2]
                    entries.append((rest, name, False, is_main, tag))
        return sorted(entries, key=lambda entry: entry[0])

    @cached_property
    def _sorted_keys(self) -> list[str]:
        return [entry[0] for entry in self._sorted]


def _fit(key: str, name: str, *, whole: bool, is_main: bool) -> int:
    if key == name:
        return _CODE if len(name) <= _CODE_LENGTH and name.isascii() else _WHOLE
    if whole:
        return _MAIN if is_main else _OTHER
    return _INSIDE_MAIN if is_main else _INSIDE_OTHER


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) in ("Mn", "Mc")
