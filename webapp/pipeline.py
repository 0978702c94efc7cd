"""The whole path of a clip, in one place: receive → extract → keep images → sanitise → suggest → store → (index).

`receive` answers the client: when it returns, a power cut loses nothing. `archive` does the rest, as a job, within
a second. Whatever happens, a clip that held something of worth ends as an article: kept, or visibly failed with
its reason, the clip as it came, and a way to try again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.addresses import outlet_of
from webapp.errors import ArchiveError, NotFound, StoreUnavailable
from webapp.evidence import Role, Suggestion
from webapp.filing import suggesting
from webapp.filing.chosen import chosen_tags, file_under
from webapp.filing.stories import story_of_draft
from webapp.making import Log, address_of, bring_back, canonical_or_nothing, make
from webapp.model import Clip, ClipRecord, ClipState, Draft, KeptImage
from webapp.ruling import ON_CLIP
from webapp.sanitise import CLEANER
from webapp.services import Services
from webapp.tags import Tag

ARCHIVE = "archive"  # the job's kind
UNTITLED = "A clip without a title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the client is told once its clip is safe. `is_new` is False when this clip id was sent before."""

    clip_id: str
    record_id: int
    state: ClipState
    is_new: bool
    article_id: int | None = None


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
        draft, images, clean_html = make(services, record.owner, clip, log)
    except StoreUnavailable:
        raise  # no fault of the clip's: the job is tried again
    except ArchiveError as error:
        return _fail(services, record, clip.tags, str(error), log)
    return _keep(services, record, clip, draft, images, clean_html, log)


def reprocess(services: Services, owner: int, article_id: int, *, number: int | None = None) -> None:
    """Make the article's current version, or version `number`, again from its clip, with today's makers.

    An article that has no version yet, because nothing could be taken out of its page, gets its first one.
    """
    with services.store.read() as work:
        article = work.articles.get(owner, article_id)
        versions = work.versions
        version = versions.current(article_id) if number is None else versions.of_number(article_id, number)
        record = None if version is None else work.clips.by_clip_id(owner, version.clip_id)
        if number is None and not article.version_count:
            record = work.clips.latest_of_article(article_id)
        if record is None:
            raise NotFound("No clip of this article could be kept, so there is nothing to make again.")
        clip = bring_back(services, work, record)
    log = Log()
    draft, images, clean_html = make(services, record.owner, clip, log, article_id=article_id)
    _keep(services, record, clip, draft, images, clean_html, log, again=article.version_count > 0)


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
    address = canonical_or_nothing(record.address)
    title = record.title or address or UNTITLED
    tags, _ = chosen_tags(services, chosen)
    with services.store.begin() as work:
        article_id = work.articles.save_failed(
            record.owner, address=address, title=title, outlet=outlet_of(address), reason=reason, clip=record, now=now
        )
        file_under(services, work, record.owner, article_id, tags)
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
    address = address_of(clip, draft.canonical)
    tags: list[Tag] = []
    if clip.tags and not again:
        with log.step("tags") as note:
            tags, unknown = chosen_tags(services, clip.tags)
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
        file_under(services, work, record.owner, article_id, tags)
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


def _suggest(
    services: Services, owner: int, draft: Draft, title: str, outlet: str, log: Log
) -> tuple[Suggestion, ...] | None:
    """Regions and topics for what was taken out; None when that went wrong, which is written down and costs nothing."""
    with log.step("suggest") as note:
        found = suggesting.attempt(services, owner, story_of_draft(draft, title=title, outlet=outlet))
        about = [each for each in found or () if each.role is Role.ABOUT]
        note("failed; the archive’s log says why" if found is None else f"{len(about)} tags suggested", None)
    return found
