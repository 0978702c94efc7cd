"""The whole path of a clip, in one place: receive → extract → keep images → sanitise → suggest → store → (index).

`receive` answers the client: when it returns, a power cut loses nothing. `archive` does the rest, as a job, within
a second. Whatever happens, a clip that held something of worth ends as an article: kept, or visibly failed with
its reason, the clip as it came, and a way to try again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from webapp.access.accounts import fetches_pictures
from webapp.addresses import canonical_address, outlet_of
from webapp.clips import clip_again
from webapp.errors import (
    ArchiveError,
    BadAddress,
    BadPicture,
    BadTag,
    ExtractionFailed,
    FetchFailed,
    NotFound,
    StoreUnavailable,
)
from webapp.evidence import Answer, Role, Suggestion
from webapp.extract import ExtractLimits, extract
from webapp.filing import suggesting
from webapp.filing.deciding import decide
from webapp.filing.stories import story_of_draft
from webapp.filing.tagging import adopt, meant, resolve
from webapp.model import (
    Asset,
    Clip,
    ClipRecord,
    ClipState,
    Draft,
    Image,
    KeptImage,
    Step,
    TagKind,
    TagOrigin,
)
from webapp.pictures import inspect_picture
from webapp.ruling import ON_CLIP
from webapp.sanitise import CLEANER, LocalImage, sanitise
from webapp.services import Services
from webapp.store import Work
from webapp.tags import Tag

ARCHIVE = "archive"  # the job's kind
BODY = "body"  # the correction that says which blocks of the page are the article's text


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the client is told once its clip is safe. `is_new` is False when this clip id was sent before."""

    clip_id: str
    record_id: int
    state: ClipState
    is_new: bool
    article_id: int | None = None


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


def receive(services: Services, owner: int, clip: Clip) -> Receipt:
    """Keep a clip as it came and queue its job, in one transaction. The same clip id twice is one clip.

    Raises DiskFull or StoreUnavailable when it cannot be made durable: then nothing was acknowledged.
    """
    raw_sha256 = services.shelf.keep(clip.raw, compress=True)
    apart = [part for part in clip.resources if not part.inside]
    kept = [(part.address, part.media_type, services.shelf.keep(part.content), len(part.content)) for part in apart]
    with services.store.begin() as work:
        record, is_new = work.clips.add(owner, clip, raw_sha256, kept)
        if is_new:
            work.jobs.enqueue(ARCHIVE, {"clip": record.id}, services.clock())
    services.bell.set()
    return Receipt(
        clip_id=record.clip_id, record_id=record.id, state=record.state, is_new=is_new, article_id=record.article_id
    )


def archive(services: Services, record_id: int) -> ClipRecord:
    """Turn a received clip into an article. Doing it twice does it once."""
    with services.store.read() as work:
        record = work.clips.get(record_id)
        clip = bring_back(services, work, record)
    if record.state is ClipState.KEPT:
        return record
    log = Log()
    try:
        draft, images, clean_html = _make(services, record.owner, clip, log)
    except StoreUnavailable:
        raise  # no fault of the clip's: the job is tried again
    except ArchiveError as error:
        return _fail(services, record, clip.tags, str(error), log)
    return _keep(services, record, clip, draft, images, clean_html, log)


def reprocess(services: Services, owner: int, article_id: int, *, number: int | None = None) -> None:
    """Make the article's current version, or version `number`, again from its clip, with today's makers."""
    with services.store.read() as work:
        work.articles.get(owner, article_id)
        versions = work.versions
        version = versions.current(article_id) if number is None else versions.of_number(article_id, number)
        record = None if version is None else work.clips.by_clip_id(owner, version.clip_id)
        if record is None:
            raise NotFound("No clip of this article could be kept, so there is nothing to make again.")
        clip = bring_back(services, work, record)
    log = Log()
    draft, images, clean_html = _make(services, record.owner, clip, log, article_id=article_id)
    _keep(services, record, clip, draft, images, clean_html, log, again=True)


def give_up(services: Services, record_id: int, reason: str) -> ClipRecord:
    """End a clip whose job failed too often: visibly, with the reason. One that was kept meanwhile stays kept."""
    with services.store.read() as work:
        record = work.clips.get(record_id)
        details = work.clips.details(record_id)
    if record.state is ClipState.KEPT:
        return record
    return _fail(services, record, details["tags"], reason, Log())


def _fail(services: Services, record: ClipRecord, chosen: Sequence[str], reason: str, log: Log) -> ClipRecord:
    """Leave a visible article in state `failed`: the clip is kept as it came, with its tags, and the reason is said."""
    now = services.clock()
    address = _canonical_or_nothing(record.address)
    title = record.title or address or "A clip without a title"
    tags, _ = _chosen_tags(services, chosen)
    with services.store.begin() as work:
        article_id = work.articles.save_failed(
            record.owner, address=address, title=title, outlet=outlet_of(address), reason=reason, clip=record, now=now
        )
        _file_under(services, work, record.owner, article_id, tags)
        finished = work.clips.finish(
            record.id,
            state=ClipState.FAILED,
            article_id=article_id,
            version_number=None,
            reason=reason,
            now=now,
            log=tuple(log.steps),
        )
    services.bell.set()
    return finished


def _make(
    services: Services, owner: int, clip: Clip, log: Log, *, article_id: int | None = None
) -> tuple[Draft, tuple[KeptImage, ...], str]:
    """Extract, keep the images, sanitise. The makers run confined: a hostile page costs a bounded time."""
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
        return _taken_out(services, clip, _blocks_chosen(services, article_id))
    draft = _taken_out(services, clip, ())
    with services.store.read() as work:
        known = work.articles.by_address(owner, _address_of(clip, draft.canonical))
    chosen = _blocks_chosen(services, known.id) if known and not clip.selection_html else ()
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


def _blocks_chosen(services: Services, article_id: int) -> tuple[str, ...]:
    with services.store.read() as work:
        choice = work.corrections.of_article(article_id).get(BODY)
    return tuple(choice.value["blocks"]) if choice else ()


def _keep(
    services: Services,
    record: ClipRecord,
    clip: Clip,
    draft: Draft,
    images: tuple[KeptImage, ...],
    clean_html: str,
    log: Log,
    *,
    again: bool = False,
) -> ClipRecord:
    """One transaction: article, version, images, tags, change note, and the clip's end.

    Made `again`, an article keeps the tags it has: the reader may have taken off what the clip came with.
    """
    now = services.clock()
    address = _address_of(clip, draft.canonical)
    tags: list[Tag] = []
    if clip.tags and not again:
        with log.step("tags") as note:
            tags, unknown = _chosen_tags(services, clip.tags)
            note(f"{len(tags)} chosen" + (f"; not in the vocabulary: {', '.join(unknown)}" if unknown else ""), None)
    found = _suggest(services, record.owner, draft, clip.title, outlet_of(address), log)
    with services.store.begin() as work:
        article_id, number = work.articles.save_version(
            record=record,
            clip=clip,
            address=address,
            outlet=outlet_of(address),
            draft=draft,
            clean_html=clean_html,
            cleaner=CLEANER,
            images=images,
            log=tuple(log.steps),
            now=now,
            again=again,
        )
        shown = work.versions.shown(article_id)
        if shown is not None and shown[1] == number:  # an older clip that was made later changes nothing that is seen
            suggesting.keep(services, work, record.owner, article_id, found, version_id=shown[0])
        _file_under(services, work, record.owner, article_id, tags)
        if not again and work.rules.any_enabled(record.owner):
            asked = {"owner": record.owner, "article": article_id, "new": number == 1}
            work.jobs.enqueue(ON_CLIP, asked, now)
        finished = work.clips.finish(
            record.id,
            state=ClipState.KEPT,
            article_id=article_id,
            version_number=number,
            reason="",
            now=now,
            log=tuple(log.steps),
            title=draft.title,
        )
    services.bell.set()
    return finished


def bring_back(services: Services, work: Work, record: ClipRecord) -> Clip:
    """The clip as it came, from the shelf."""
    parts = [
        (address, media_type, services.shelf.read(sha256))
        for address, media_type, sha256 in work.clips.resources(record.id)
    ]
    details = work.clips.details(record.id)
    return clip_again(record, services.shelf.read(record.raw_sha256), parts, details, limits=services.settings)


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


def _address_of(clip: Clip, canonical: str) -> str:
    """The address the article is kept under: the page's own canonical one, else where it was clipped; "" if none."""
    return _canonical_or_nothing(canonical) or _canonical_or_nothing(clip.address)


def _canonical_or_nothing(address: str) -> str:
    try:
        return canonical_address(address)
    except BadAddress:
        return ""


def _suggest(
    services: Services, owner: int, draft: Draft, title: str, outlet: str, log: Log
) -> tuple[Suggestion, ...] | None:
    """Regions and topics for what was taken out; None when that went wrong, which is written down and costs nothing."""
    with log.step("suggest") as note:
        found = suggesting.attempt(services, owner, story_of_draft(draft, title=title, outlet=outlet))
        about = [each for each in found or () if each.role is Role.ABOUT]
        note("failed; the archive’s log says why" if found is None else f"{len(about)} tags suggested", None)
    return found


def _file_under(services: Services, work: Work, owner: int, article_id: int, tags: Sequence[Tag]) -> None:
    """Put on what was chosen while clipping: a decision of the reader's, to be learned from."""
    vocabulary, now = services.vocabulary(), services.clock()
    for tag in tags:
        adopt(services, work, tag, vocabulary)
        decide(work, owner, article_id, tag, Answer.ADDED, now=now, origin=TagOrigin.CLIP)


def _chosen_tags(services: Services, chosen_texts: Sequence[str]) -> tuple[list[Tag], list[str]]:
    """The tags chosen while clipping: "region:syria", "topic:…", or a bare name of either kind; and those unknown.

    A bare word may be anything, so no place is looked for behind it that is not in the vocabulary.
    """
    vocabulary = services.vocabulary()
    chosen: dict[str, Tag] = {}
    unknown: list[str] = []
    for text in chosen_texts:
        kind_name, _, name = text.partition(":")
        kinds = [TagKind(kind_name)] if kind_name in set(TagKind) and name else list(TagKind)
        for kind in kinds:
            try:
                tag = meant(services, kind, name) if len(kinds) == 1 else resolve(vocabulary, kind, text)
            except BadTag:
                continue
            chosen[tag.id] = tag
            break
        else:
            unknown.append(text[:80])
    return list(chosen.values()), unknown
