"""Takes the article out of a page: `extract(page, address, is_html=…) -> Draft`. Pure: no network, no clock.

Cheap to import: the heavy libraries are loaded when an article is first extracted, in the process that does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.model import Draft

if TYPE_CHECKING:
    from webapp.extract.choosing import Block

__all__ = ["CHOICE_LOST", "MAKER", "ExtractLimits", "extract", "page_blocks"]

CHOICE_LOST = "choice-lost"  # a sign: the blocks that the reader chose are not on this page

MAKER = "extract/1"  # raise it when the same page would come out differently: `dateline reprocess` reads it


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractLimits:
    """What one page may cost.

    Source: nothing on the path is safe at 20 MB or 10,000 levels, and the sanitiser is quadratic in table rows
    (measured 2026-11-23 on made-up pages; ordinary articles stay under 2 MB, 60 levels and 500 rows).
    """

    markup_bytes: int = 5_000_000
    depth: int = 200
    table_rows: int = 2_000
    images: int = 300


def extract(
    page: str,
    address: str,
    *,
    is_html: bool,
    title: str = "",
    selection_html: str = "",
    chosen: Sequence[str] = (),
    limits: ExtractLimits | None = None,
) -> Draft:
    """The article in `page`, as a Draft.

    `page` is text: mark-up when `is_html`, else the plain text of a page as somebody copied it. `address` is where
    it was clipped ("" when unknown), `title` what the clip called it. With `selection_html` the body is that
    selection only; the page around it still tells title, authors and date. `chosen` are the digests of the blocks that
    a reader took for the article (choosing.py); where too few of them are on the page, that is said in `signs`.
    Raises ExtractionFailed when there is nothing to read, PageTooLarge when there is too much.
    """
    from webapp.extract.article import article_from_page, article_from_text

    limits = limits or ExtractLimits()
    if is_html:
        return article_from_page(
            page, address, title=title, selection_html=selection_html, chosen=chosen, limits=limits
        )
    return article_from_text(page, title=title, chosen=chosen, limits=limits)


def page_blocks(
    page: str,
    address: str,
    *,
    is_html: bool,
    said: Sequence[str] = (),
    chosen: Sequence[str] = (),
    limits: ExtractLimits | None = None,
) -> tuple[Block, ...]:
    """Every block of words on the page, for a reader who chooses what the article is. See `choosing.blocks_of`."""
    from webapp.extract.choosing import blocks_of

    return blocks_of(page, address, is_html=is_html, said=said, chosen=chosen, limits=limits)
