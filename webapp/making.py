"""Making an article of a clip: what is taken out, its pictures kept, the mark-up made safe. Nothing is stored yet.

The makers run confined, so that a hostile page costs a bounded time.
"""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from webapp.access.accounts import fetches_pictures
from webapp.addresses import canonical_address
from webapp.clips import clip_again
from webapp.errors import ArchiveError, BadAddress, BadPicture, ExtractionFailed, FetchFailed
from webapp.extract import ExtractLimits, extract
from webapp.model import Asset, Clip, ClipRecord, Draft, Image, KeptImage, Step
from webapp.pictures import inspect_picture
from webapp.sanitise import LocalImage, sanitise
from webapp.services import Services
from webapp.store import Work

# The correction that says what the article's text is: {"blocks": digests of the page's blocks, for this and later
# clips}, or {"text": what the reader wrote, "clip": the one it was written for}.
BODY = "body"


@dataclass(slots=True)
class Log:
    """The steps of one clip, with their seconds, as they happen."""

    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str, int | None], None]]:
        """Time a step; the yielded function notes its outcome. A raised ArchiveError is the outcome otherwise."""
        started, outcome, size_bytes = time.perf_counter(), "", None

        def note(words: str, size: int | None = None) -> None:
            nonlocal outcome, size_bytes
            outcome, size_bytes = words, size

        try:
            yield note
        except ArchiveError as error:
            outcome = f"failed: {error}"
            raise
        finally:
            seconds = round(time.perf_counter() - started, 4)
            self.steps.append(Step(name=name, seconds=seconds, outcome=outcome, size_bytes=size_bytes))


def bring_back(services: Services, work: Work, record: ClipRecord) -> Clip:
    """The clip as it came, from the shelf."""
    parts = [
        (address, media_type, services.shelf.read(sha256))
        for address, media_type, sha256 in work.clips.resources(record.id)
    ]
    details = work.clips.details(record.id)
    return clip_again(record, services.shelf.read(record.raw_sha256), parts, details, limits=services.settings)


def make(
    services: Services, owner: int, clip: Clip, log: Log, *, article_id: int | None = None
) -> tuple[Draft, tuple[KeptImage, ...], str]:
    """Extract, keep the images, sanitise. Raises ArchiveError for what no article can be made of."""
    with log.step("extract") as note:
        draft = _extracted(services, owner, clip, article_id)
        note(f"{draft.word_count} words, {len(draft.images)} images", len(clip.page))
    with log.step("keep images") as note:
        fetches = fetches_pictures(services, owner)
        images = tuple(_keep_image(services, clip, image, fetches) for image in draft.images)
        kept = [image.asset for image in images if image.asset is not None]
        note(f"{len(kept)} kept, {len(images) - len(kept)} missed", sum(asset.size_bytes for asset in kept))
    local = {
        image.address: LocalImage(image.asset.sha256, image.asset.width_px, image.asset.height_px)
        for image in images
        if image.asset is not None
    }
    with log.step("sanitise") as note:
        clean_html = services.confined.run(sanitise, draft.body_html, images=local)
        note("clean", len(clean_html))
    return draft, images, clean_html


def _extracted(services: Services, owner: int, clip: Clip, article_id: int | None) -> Draft:
    """The article in the clip; out of the blocks that the reader chose, where that was done for this article.

    A new clip is known to be of the article only by what was taken out of it, and is then read a second time.
    """
    if article_id is not None:
        written = text_written(services, article_id, clip.clip_id)
        if written:
            return _written(services, clip, written)
        return _taken_out(services, clip, _chosen(services, article_id))
    draft = _taken_out(services, clip, ())
    with services.store.read() as work:
        known = work.articles.by_address(owner, address_of(clip, draft.canonical))
    chosen = _chosen(services, known.id) if known and not clip.selection_html else ()
    return _taken_out(services, clip, chosen) if chosen else draft


def _taken_out(services: Services, clip: Clip, chosen: Sequence[str]) -> Draft:
    draft: Draft = services.confined.run(
        extract,
        clip.page,
        clip.address,
        is_html=clip.is_html,
        title=clip.title,
        selection_html=clip.selection_html,
        chosen=chosen,
        limits=ExtractLimits(markup_bytes=services.settings.markup_limit_bytes),
    )
    return draft


def _written(services: Services, clip: Clip, text: str) -> Draft:
    """The reader's own words, with what the page tells of title, authors and date, where it can be read."""
    lines = [line.strip() for line in text.split("\n\n" if "\n\n" in text else "\n")]
    selection = "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)
    try:
        return _taken_out(services, replace(clip, selection_html=selection), ())
    except ExtractionFailed:
        return _taken_out(services, replace(clip, page=text, is_html=False, selection_html=""), ())


def text_written(services: Services, article_id: int, clip_id: str) -> str:
    """What the reader wrote for the text of this clip of the article; "" when nothing."""
    with services.store.read() as work:
        choice = work.corrections.of_article(article_id).get(BODY)
    return str(choice.value.get("text", "")) if choice and choice.value.get("clip") == clip_id else ""


def _chosen(services: Services, article_id: int) -> tuple[str, ...]:
    with services.store.read() as work:
        choice = work.corrections.of_article(article_id).get(BODY)
    return tuple(choice.value.get("blocks", ())) if choice else ()


def _keep_image(services: Services, clip: Clip, image: Image, fetches: bool) -> KeptImage:
    """Find an image's bytes in the clip (or fetch them, if the reader allows), check them, put them on the shelf."""
    missed = KeptImage(address=image.address, asset=None, alt=image.alt, caption=image.caption)
    try:
        content = _image_bytes(services, clip, image.address, fetches)
        facts = services.confined.run(
            inspect_picture,
            content,
            limit_bytes=services.settings.picture_limit_bytes,
            limit_pixels=services.settings.picture_limit_pixels,
        )
    except (BadPicture, FetchFailed, BadAddress, ExtractionFailed) as error:
        return replace(missed, reason=str(error))
    asset = Asset(
        sha256=services.shelf.keep(content),
        media_type=facts.media_type,
        size_bytes=len(content),
        width_px=facts.width_px,
        height_px=facts.height_px,
    )
    return replace(missed, asset=asset)


def _image_bytes(services: Services, clip: Clip, address: str, fetches: bool) -> bytes:
    plain = address.split("#")[0]
    for part in clip.resources:
        if part.address in (address, plain):
            return part.content
    if not fetches:
        raise BadPicture("the browser did not send it, and fetching pictures is switched off")
    fetched: bytes = services.fetcher.picture(address, referrer=clip.address).content
    return fetched


def address_of(clip: Clip, canonical: str) -> str:
    """The address the article is kept under: the page's own canonical one, else where it was clipped; "" if none."""
    return canonical_or_nothing(canonical) or canonical_or_nothing(clip.address)


def canonical_or_nothing(address: str) -> str:
    """`address` as articles are known by it; "" when it is none."""
    try:
        return canonical_address(address)
    except BadAddress:
        return ""
