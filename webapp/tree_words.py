"""What became of a tag, in words: for previews and for the history. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.tags import Tag, Vocabulary


def told(old: Tag | None, new: Tag | None, vocabulary: Vocabulary) -> str:
    """What became of one tag, in a line."""
    if old is None:
        return f"{new.name}: made" if new else ""
    if new is None:
        return f"{old.name}: gone"
    parts = [words for words in (told_names(old, new, bare=True),) if words]
    if old.parents != new.parents:
        parts.append(f"below {_places(vocabulary, new.parents)}, was below {_places(vocabulary, old.parents)}")
    if old.merged_into != new.merged_into:
        target = new.merged_into or old.merged_into
        name = vocabulary.get(target).name if target in vocabulary else target
        parts.append(f"merged into {name}" if new.merged_into else f"no longer merged into {name}")
    elif old.retired != new.retired:
        parts.append("retired" if new.retired else "offered again")
    if old.note != new.note:
        parts.append("another note")
    if old.code != new.code:
        parts.append(f"code {new.code or 'none'}, was {old.code or 'none'}")
    return f"{old.name}: {'; '.join(parts)}" if parts else f"{old.name}: as before"


def told_names(old: Tag, new: Tag, *, bare: bool = False) -> str:
    """Which names changed, as a sentence; `bare` without the tag's own."""
    parts = []
    if old.name != new.name:
        parts.append(f"called {new.name}, was {old.name}" if bare else f"Renamed {old.name} to {new.name}")
    more = [alias for alias in new.aliases if alias not in old.aliases]
    less = [alias for alias in old.aliases if alias not in new.aliases]
    told_now = [f"{word} name {', '.join(found[:6])}" for word, found in (("also", more), ("no longer", less)) if found]
    changed = sorted(
        key for key in {*old.names, *new.names} if key != "en" and old.names.get(key) != new.names.get(key)
    )
    if changed:
        told_now.append(f"names in {', '.join(changed[:8])}")
    if told_now:
        words = "; ".join(told_now)
        parts.append(words if bare or parts else f"{new.name}: {words}")
    if not bare and not parts:
        return f"{new.name}: another note" if old.note != new.note else f"{new.name}: nothing changed"
    return "; ".join(parts)


def _places(vocabulary: Vocabulary, ids: Iterable[str]) -> str:
    return " and ".join(vocabulary.get(each).name for each in ids if each in vocabulary) or "nothing"
