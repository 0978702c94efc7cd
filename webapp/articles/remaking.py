"""Making a version again from its clip: with today's extractor, out of the blocks that the reader chose, or of what
the reader wrote. The same makes the first version of an article that failed: `number` is None for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.errors import BadClip, NotFound
from webapp.extract import ExtractLimits, page_blocks
from webapp.extract.choosing import Block
from webapp.making import BODY, bring_back, text_written
from webapp.model import Article, ClipRecord, Version
from webapp.pipeline import UNTITLED, reprocess
from webapp.services import Services
from webapp.versions import Wording, compare, summary_of

BLOCKS_SHOWN = 2_000  # of a page; articles have 20 to 200, and a form of more is no help (taste)


@dataclass(frozen=True, slots=True)
class Page:
    """Where an article's text comes from: a version and its clip, or the clip alone that no version could be made of.

    `written` is what the reader wrote in its place, "" when nothing.
    """

    article: Article
    version: Version | None
    clip: ClipRecord
    written: str

    @property
    def headline(self) -> str:
        """Empty while the article is called by its address, for want of one."""
        return "" if self.article.title in (UNTITLED, self.article.address) else self.article.title


@dataclass(frozen=True, slots=True)
class Box:
    """Blocks that stand together on the page, under what its author called their box."""

    number: int
    name: str
    blocks: tuple[Block, ...]

    @property
    def words(self) -> int:
        return sum(block.words for block in self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A version's page laid out in blocks; the page of a failed article when `version` is None.

    `was_chosen` tells that the reader chose among them before, `was_written` that they wrote the text themselves.
    """

    article: Article
    version: Version | None
    clip: ClipRecord
    boxes: tuple[Box, ...]
    left_out: int
    was_chosen: bool
    was_written: bool


def make_again(services: Services, owner: int, article_id: int, number: int) -> str:
    """Make version `number` again with today's makers; what came of it, in a sentence.

    Raises NotFound; ExtractionFailed and its like when nothing can be made: the version stays as it is.
    """
    before = _version_of(services, owner, article_id, number)
    reprocess(services, owner, article_id, number=number)
    after = _version_of(services, owner, article_id, number)
    changed = compare(
        Wording(title=before.title, body=before.body_text), Wording(title=after.title, body=after.body_text)
    )
    made = f"Made again by {after.maker}."
    return f"{made} It came out the same." if changed.is_empty else f"{made} {summary_of(changed)}"


def lay_out(services: Services, owner: int, article_id: int, number: int | None) -> Laid:
    """The page behind a version in blocks, those of the article marked. Raises NotFound, ExtractionFailed."""
    page = page_of(services, owner, article_id, number)
    version = page.version
    with services.store.read() as work:
        chosen = work.corrections.of_article(article_id).get(BODY)
        clip = bring_back(services, work, page.clip)
    found: tuple[Block, ...] = services.confined.run(
        page_blocks,
        clip.page,
        clip.address,
        is_html=clip.is_html,
        said=(version.details.get("standfirst") or "", *version.body_text.split("\n")) if version else (),
        chosen=tuple(chosen.value.get("blocks", ())) if chosen else (),
        limits=ExtractLimits(markup_bytes=services.settings.markup_limit_bytes),
    )
    shown = found[:BLOCKS_SHOWN]
    boxes: dict[int, list[Block]] = {}
    for block in shown:
        boxes.setdefault(block.box, []).append(block)
    return Laid(
        article=page.article,
        version=version,
        clip=page.clip,
        boxes=tuple(Box(box, inside[0].box_name, tuple(inside)) for box, inside in boxes.items()),
        left_out=len(found) - len(shown),
        was_chosen=chosen is not None and not page.written,
        was_written=bool(page.written),
    )


def choose_blocks(services: Services, owner: int, article_id: int, number: int | None, digests: Sequence[str]) -> None:
    """Take these blocks for the article's text, of this version and as far as they fit of later ones too.

    With no digest the choice is taken back. Raises NotFound; ExtractionFailed when nothing can be made of them: the
    choice and the version stay as they were.
    """
    page_of(services, owner, article_id, number)
    wanted = list(dict.fromkeys(digests))[:BLOCKS_SHOWN]
    _make_with(services, owner, article_id, number, {"blocks": wanted} if wanted else None)


def write_text(services: Services, owner: int, article_id: int, number: int | None, text: str) -> None:
    """Take the reader's own words for the text of this version, and of no other; its page stays as it came.

    Raises NotFound; BadClip when there are no words, or too many; ExtractionFailed.
    """
    text = text.replace("\r\n", "\n").strip()
    limit = services.settings.text_limit_bytes
    if not any(letter.isalnum() for letter in text):
        raise BadClip("Write the article’s text first.")
    if len(text.encode()) > limit:
        raise BadClip(f"The text is longer than the {limit:,} bytes that are kept.")
    page = page_of(services, owner, article_id, number)
    _make_with(services, owner, article_id, number, {"text": text, "clip": page.clip.clip_id})


def page_of(services: Services, owner: int, article_id: int, number: int | None) -> Page:
    """Raises NotFound, also when an article that has versions is asked for the page it failed with."""
    version = None if number is None else _version_of(services, owner, article_id, number)
    with services.store.read() as work:
        article = work.articles.get(owner, article_id)
        clips = work.clips
        record = clips.by_clip_id(owner, version.clip_id) if version else clips.latest_of_article(article_id)
    if record is None or (version is None and article.version_count):
        raise NotFound("The clip of this version is gone, so there is nothing to choose from.")
    return Page(article, version, record, text_written(services, article_id, record.clip_id))


def _make_with(
    services: Services, owner: int, article_id: int, number: int | None, choice: Mapping[str, Any] | None
) -> None:
    """Make it again with this choice of the text, or let the choice before hold when nothing comes of it."""
    with services.store.read() as work:
        before = work.corrections.of_article(article_id).get(BODY)
    _put(services, article_id, choice)
    try:
        reprocess(services, owner, article_id, number=number)
    except BaseException:
        _put(services, article_id, before.value if before else None)
        raise


def _put(services: Services, article_id: int, choice: Mapping[str, Any] | None) -> None:
    with services.store.begin() as work:
        if choice:
            work.corrections.put(article_id, BODY, choice, services.clock())
        else:
            work.corrections.take_back(article_id, BODY, services.clock())


def _version_of(services: Services, owner: int, article_id: int, number: int) -> Version:
    with services.store.read() as work:
        work.articles.get(owner, article_id)
        version = work.versions.of_number(article_id, number)
    if version is None:
        raise NotFound(f"This article has no version {number}.")
    return version
