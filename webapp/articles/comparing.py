"""Two versions of an article, held against one another for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

from webapp.errors import NotFound
from webapp.model import Article, Version
from webapp.services import Services
from webapp.versions import Difference, Paragraph, ParagraphKind, Wording, compare, summary_of

SHOWN_LIMIT = 400  # paragraphs that differ on one page; a browser lays out 1,000 of them in a second (taste)
QUIET_CHARS = 60_000  # of unchanged text in all that is sent along, folded; beyond, only its length is told (taste)
AT_ONCE_CHARS = 300_000  # of two texts that are compared while the article's own page is made: 50 ms


@dataclass(frozen=True, slots=True)
class Passage:
    """Paragraphs that stayed (`is_quiet`, folded on the page), or that differ. `paragraphs` is empty, and `count` is
    not, where there was too much to show.
    """

    is_quiet: bool
    count: int
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """`old` was clipped before `new`. `left_out` says how many paragraphs that differ are not shown."""

    article: Article
    old: Version
    new: Version
    versions: tuple[Version, ...]
    difference: Difference
    summary: str
    passages: tuple[Passage, ...]
    left_out: int


def compare_versions(services: Services, owner: int, article_id: int, old_number: int, new_number: int) -> Compared:
    """What changed from one version to another; whichever is named first, the one clipped first is the old one.

    Raises NotFound, also when both are the same.
    """
    with services.store.read() as work:
        article = work.articles.get(owner, article_id)
        versions = tuple(work.versions.of_article(article_id))
        found = [work.versions.of_number(article_id, number) for number in (old_number, new_number)]
    old, new = sorted((each for each in found if each is not None), key=_when) if all(found) else (None, None)
    if old is None or new is None or old.id == new.id:
        raise NotFound(f"This article has no two versions {old_number} and {new_number}.")
    difference = _compared(_wording(old), _wording(new))
    passages, left_out = _passages(difference)
    return Compared(
        article=article,
        old=old,
        new=new,
        versions=versions,
        difference=difference,
        summary=summary_of(difference),
        passages=passages,
        left_out=left_out,
    )


def last_change(services: Services, version: Version | None, versions: tuple[Version, ...]) -> str:
    """What changed from the version before to this one, in a sentence; "" for the first, and for very long ones."""
    if version is None:
        return ""
    before = [each for each in versions if _when(each) < _when(version)]
    if not before:
        return ""
    with services.store.read() as work:
        old = work.versions.get(max(before, key=_when).id)
    if len(old.body_text) + len(version.body_text) > AT_ONCE_CHARS:
        return ""
    difference = _compared(_wording(old), _wording(version))
    if difference.is_empty:
        return f"Nothing changed since version {old.number}: not a word is different."
    return summary_of(difference)


def previous_of(versions: tuple[Version, ...]) -> dict[int, int]:
    """Number of a version → number of the one clipped before it."""
    in_order = sorted(versions, key=_when)
    return {after.number: before.number for before, after in pairwise(in_order)}


def _when(version: Version) -> tuple[object, int]:
    return version.clipped_at, version.number


@lru_cache(maxsize=32)
def _compared(old: Wording, new: Wording) -> Difference:
    return compare(old, new)


def _wording(version: Version) -> Wording:
    details = version.details
    facts = {
        "standfirst": details.get("standfirst") or "",
        "authors": ", ".join(details.get("authors") or ()),
        "published": details.get("published_on") or "",
        "site": details.get("site") or "",
        "language": details.get("language") or "",
    }
    fields = tuple((name, value) for name, value in facts.items() if value)
    pictures = tuple(image.asset.sha256 if image.asset else image.address for image in version.images)
    return Wording(title=version.title, body=version.body_text, fields=fields, pictures=pictures)


def _passages(difference: Difference) -> tuple[tuple[Passage, ...], int]:
    """The paragraphs in groups that stayed and that differ, within what a page can bear."""
    passages: list[Passage] = []
    shown, quiet_chars, left_out = 0, 0, 0
    for is_quiet, group in groupby(difference.paragraphs, lambda each: each.kind is ParagraphKind.SAME):
        paragraphs = tuple(group)
        if is_quiet:
            quiet_chars += sum(len(run.text) for each in paragraphs for run in each.runs)
            told = paragraphs if quiet_chars <= QUIET_CHARS else ()
            passages.append(Passage(True, len(paragraphs), told))
            continue
        told = paragraphs[: max(0, SHOWN_LIMIT - shown)]
        shown += len(told)
        left_out += len(paragraphs) - len(told)
        if told:
            passages.append(Passage(False, len(told), told))
    while left_out and passages and passages[-1].is_quiet:
        passages.pop()
    return tuple(passages), left_out
