"""Passages that the reader marked, with notes: kept by their words, found again in every version of the article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.errors import BadClip, NotFound
from webapp.model import Highlight, Version
from webapp.services import Services
from webapp.versions.anchors import Anchor, Fit, Place, find_again

EXACT_CHARS = 5_000  # of a passage; longer ones are an article of their own (taste)
AROUND_CHARS = 64  # kept before and after it (taste)
MOST = 500  # of one article


@dataclass(frozen=True, slots=True)
class Marked:
    """A highlight as it stands in one version: `words` are what is marked there, "" when it was lost."""

    highlight: Highlight
    place: Place
    words: str
    before: str
    after: str

    @property
    def is_lost(self) -> bool:
        return self.place.fit is Fit.LOST

    @property
    def has_changed(self) -> bool:
        return self.place.fit is Fit.NEAR


def on_version(services: Services, article_id: int, version: Version | None) -> tuple[Marked, ...]:
    """The article's highlights in the order of this version's text; those that are not in it last."""
    with services.store.read() as work:
        kept = work.highlights.list(article_id)
    if not kept or version is None:
        return tuple(Marked(each, Place(Fit.LOST), "", "", "") for each in kept)
    return _placed(kept, text_of(version))


def of_article(services: Services, owner: int, article_id: int) -> tuple[Marked, ...]:
    """As they stand in the article's current version. Raises NotFound."""
    with services.store.read() as work:
        work.articles.get(owner, article_id)
        version = work.versions.current(article_id)
    return on_version(services, article_id, version)


def mark(
    services: Services,
    owner: int,
    article_id: int,
    *,
    exact: str,
    prefix: str = "",
    suffix: str = "",
    start: int = -1,
    note: str = "",
    number: int | None = None,
) -> Highlight:
    """Mark a passage of the current version, or of version `number`.

    `start` is where it begins in the version's text, as far as the client knows; it is looked up by its words.
    Raises NotFound, BadClip when it is empty, too long or not in the text.
    """
    exact, note = exact.strip(), note.strip()
    if not exact or len(exact) > EXACT_CHARS:
        raise BadClip(f"Select a passage of at most {EXACT_CHARS:,} characters to highlight.")
    if len(note) > services.settings.note_limit_chars:
        raise BadClip(f"The note is longer than {services.settings.note_limit_chars:,} characters.")
    with services.store.read() as work:
        work.articles.get(owner, article_id)
        versions = work.versions
        version = versions.current(article_id) if number is None else versions.of_number(article_id, number)
        if len(work.highlights.list(article_id)) >= MOST:
            raise BadClip(f"This article has {MOST} highlights already.")
    if version is None:
        raise NotFound("This article has no text to highlight.")
    text = text_of(version)
    place = find_again(text, [Anchor(exact, prefix, suffix, start)])[0]
    if place.fit is Fit.LOST:
        raise BadClip("These words are not in the article. Copy them from its text.")
    highlight = Highlight(
        id=0,
        owner=owner,
        article_id=article_id,
        version_number=version.number,
        exact=text[place.start : place.end],
        prefix=text[max(0, place.start - AROUND_CHARS) : place.start],
        suffix=text[place.end : place.end + AROUND_CHARS],
        start=place.start if place.end <= len(version.body_text) else -1,
        note=note,
        made_at=services.clock(),
    )
    with services.store.begin() as work:
        made = work.highlights.add(highlight, services.clock())
    services.bell.set()
    return made


def set_note(services: Services, owner: int, article_id: int, highlight_id: int, note: str) -> Highlight:
    """Raises NotFound, BadClip for a note that is too long."""
    if len(note) > services.settings.note_limit_chars:
        raise BadClip(f"The note is longer than {services.settings.note_limit_chars:,} characters.")
    with services.store.begin() as work:
        _of_article(work.highlights.get(owner, highlight_id), article_id)
        kept = work.highlights.set_note(owner, highlight_id, note.strip(), services.clock())
    services.bell.set()
    return kept


def unmark(services: Services, owner: int, article_id: int, highlight_id: int) -> Highlight:
    """Take a highlight away; what it was, so that it can be made again. Raises NotFound."""
    with services.store.begin() as work:
        _of_article(work.highlights.get(owner, highlight_id), article_id)
        gone = work.highlights.remove(owner, highlight_id, services.clock())
    services.bell.set()
    return gone


def text_of(version: Version) -> str:
    """The text in which passages are found: the article's, and behind it the captions."""
    return f"{version.body_text}\n{version.captions_text}" if version.captions_text else version.body_text


def _placed(kept: Sequence[Highlight], text: str) -> tuple[Marked, ...]:
    anchors = [Anchor(each.exact, each.prefix, each.suffix, each.start) for each in kept]
    marked = [
        Marked(
            each,
            place,
            text[place.start : place.end] if place.start >= 0 else "",
            text[max(0, place.start - AROUND_CHARS) : place.start] if place.start >= 0 else "",
            text[place.end : place.end + AROUND_CHARS] if place.start >= 0 else "",
        )
        for each, place in zip(kept, find_again(text, anchors), strict=True)
    ]
    return tuple(sorted(marked, key=lambda each: (each.is_lost, each.place.start, each.highlight.id)))


def _of_article(highlight: Highlight, article_id: int) -> None:
    if highlight.article_id != article_id:
        raise NotFound("There is no such highlight.")
