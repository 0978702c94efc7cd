"""A difference in one sentence: "The headline changed; 3 paragraphs changed, 1 added; a figure changed: 12 → 17."."""

from __future__ import annotations

from webapp.versions.values import Difference, Figure, Notice, ParagraphKind

_FIGURES_SAID = 3
_FIELDS = {
    "title": "the headline",
    "standfirst": "the standfirst",
    "authors": "the byline",
    "published": "the date",
    "site": "the outlet’s name",
    "language": "the language",
}
_NOTICES = {
    ParagraphKind.REMOVED: "was taken out",
    ParagraphKind.CHANGED: "was changed",
    ParagraphKind.MOVED: "was moved",
}


def summary_of(difference: Difference) -> str:
    """What changed, as a sentence; that nothing did, too."""
    if difference.is_empty:
        return "Nothing changed: not a word is different."
    parts = [
        _fields(difference),
        _paragraphs(difference),
        _figures(difference.figures),
        *(_notice(notice) for notice in difference.notices),
        _pictures(difference),
    ]
    said = "; ".join(part for part in parts if part)
    return f"{said[:1].upper()}{said[1:]}."


def _fields(difference: Difference) -> str:
    names = [_FIELDS.get(change.name, f"the {change.name}") for change in difference.fields]
    return f"{_listed(names)} changed" if names else ""


def _paragraphs(difference: Difference) -> str:
    kinds = (ParagraphKind.CHANGED, ParagraphKind.ADDED, ParagraphKind.REMOVED, ParagraphKind.MOVED)
    counts = [(kind.value, difference.count(kind)) for kind in kinds]
    told = [(word, count) for word, count in counts if count]
    if not told:
        return ""
    first_word, first = told[0]
    noun = "paragraph" if first == 1 else "paragraphs"
    return ", ".join([f"{first:,} {noun} {first_word}", *(f"{count:,} {word}" for word, count in told[1:])])


def _figures(figures: tuple[Figure, ...]) -> str:
    if not figures:
        return ""
    shown = ", ".join(f"{figure.old} → {figure.new}" for figure in figures[:_FIGURES_SAID])
    more = f" and {len(figures) - _FIGURES_SAID} more" if len(figures) > _FIGURES_SAID else ""
    return f"{'a figure' if len(figures) == 1 else f'{len(figures)} figures'} changed: {shown}{more}"


def _notice(notice: Notice) -> str:
    return f"a correction notice {_NOTICES.get(notice.kind, 'was added')}"


def _pictures(difference: Difference) -> str:
    came, went = difference.pictures_added, difference.pictures_removed
    told = [f"{came} {'picture' if came == 1 else 'pictures'} added"] if came else []
    if went:
        told.append(f"{went} {'removed' if came else 'picture removed' if went == 1 else 'pictures removed'}")
    return ", ".join(told)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
