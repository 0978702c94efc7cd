"""Making a version again from its clip: with today's extractor, or out of the blocks that the reader chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.errors import NotFound
from webapp.extract import ExtractLimits, page_blocks
from webapp.extract.choosing import Block
from webapp.making import BODY, bring_back
from webapp.model import Article, Version
from webapp.pipeline import reprocess
from webapp.services import Services
from webapp.versions import Wording, compare, summary_of

BLOCKS_SHOWN = 2_000  # of a page; articles have 20 to 200, and a form of more is no help (taste)


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
    """A version's page laid out in blocks. `was_chosen` tells that the reader chose among them before."""

    article: Article
    version: Version
    boxes: tuple[Box, ...]
    left_out: int
    was_chosen: bool


def make_again(services: Services, owner: int, article_id: int, number: int) -> str:
    """Make version `number` again with today's makers; what came of it, in a sentence.

    Raises NotFound; ExtractionFailed and its like when nothing can be made: the version stays as it is.
    """
    before = _version(services, owner, article_id, number)
    reprocess(services, owner, article_id, number=number)
    after = _version(services, owner, article_id, number)
    changed = compare(
        Wording(title=before.title, body=before.body_text), Wording(title=after.title, body=after.body_text)
    )
    made = f"Made again by {after.maker}."
    return f"{made} It came out the same." if changed.is_empty else f"{made} {summary_of(changed)}"


def lay_out(services: Services, owner: int, article_id: int, number: int) -> Laid:
    """The page behind a version in blocks, those of the article marked. Raises NotFound, ExtractionFailed."""
    version = _version(services, owner, article_id, number)
    with services.store.read() as work:
        article = work.articles.get(owner, article_id)
        chosen = work.corrections.of_article(article_id).get(BODY)
        record = work.clips.by_clip_id(owner, version.clip_id)
        if record is None:
            raise NotFound("The clip of this version is gone, so there is nothing to choose from.")
        clip = bring_back(services, work, record)
    found: tuple[Block, ...] = services.confined.run(
        page_blocks,
        clip.page,
        clip.address,
        is_html=clip.is_html,
        said=(version.details.get("standfirst") or "", *version.body_text.split("\n")),
        chosen=tuple(chosen.value["blocks"]) if chosen else (),
        limits=ExtractLimits(markup_bytes=services.settings.markup_limit_bytes),
    )
    shown = found[:BLOCKS_SHOWN]
    boxes: dict[int, list[Block]] = {}
    for block in shown:
        boxes.setdefault(block.box, []).append(block)
    return Laid(
        article=article,
        version=version,
        boxes=tuple(Box(box, inside[0].box_name, tuple(inside)) for box, inside in boxes.items()),
        left_out=len(found) - len(shown),
        was_chosen=chosen is not None,
    )


def choose_blocks(services: Services, owner: int, article_id: int, number: int, digests: Sequence[str]) -> None:
    """Take these blocks for the article's text, of this version and as far as they fit of later ones too.

    With no digest the choice is taken back. Raises NotFound; ExtractionFailed when nothing can be made of them: the
    choice and the version stay as they were.
    """
    _version(services, owner, article_id, number)
    with services.store.read() as work:
        before = work.corrections.of_article(article_id).get(BODY)
    _put(services, article_id, list(dict.fromkeys(digests))[:BLOCKS_SHOWN])
    try:
        reprocess(services, owner, article_id, number=number)
    except BaseException:
        _put(services, article_id, list(before.value["blocks"]) if before else [])
        raise


def _put(services: Services, article_id: int, digests: Sequence[str]) -> None:
    with services.store.begin() as work:
        if digests:
            work.corrections.put(article_id, BODY, {"blocks": [*digests]}, services.clock())
        else:
            work.corrections.take_back(article_id, BODY, services.clock())


def _version(services: Services, owner: int, article_id: int, number: int) -> Version:
    with services.store.read() as work:
        work.articles.get(owner, article_id)
        version = work.versions.of_number(article_id, number)
    if version is None:
        raise NotFound(f"This article has no version {number}.")
    return version
