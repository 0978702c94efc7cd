"""One article, opened to be read, and what a reader does with it: state, star, note, trash, its saved original."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from webapp.errors import BadClip, NotFound
from webapp.evidence import Story
from webapp.filing.offering import Offers, offers
from webapp.filing.stories import story_of
from webapp.filing.tagging import path_of
from webapp.model import (
    Article,
    ArticleTag,
    Asset,
    ClipRecord,
    ClipState,
    ReadingState,
    Step,
    TagKind,
    TagOrigin,
    Version,
)
from webapp.pipeline import ARCHIVE
from webapp.services import Services
from webapp.suggest import genre_of
from webapp.tags import Tag, Vocabulary

WORDS_A_MINUTE = 230  # silent reading of English non-fiction: 238 words a minute (Brysbaert 2019), rounded down


@dataclass(frozen=True, slots=True)
class Dateline:
    """What introduces every article: place, day, outlet, minutes, and the genre of what is no news ("opinion").

    Unknown parts are empty or 0, never "unknown".
    """

    place: str
    country: str
    date: date | None
    outlet: str
    minutes: int
    genre: str = ""


@dataclass(frozen=True, slots=True)
class TagOn:
    """A confirmed tag as the tag panel shows it. `source` names the rule, where one put it there."""

    tag: Tag
    origin: TagOrigin
    added_at: datetime
    path: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    article: Article
    version: Version | None
    dateline: Dateline
    regions: tuple[TagOn, ...]
    topics: tuple[TagOn, ...]
    versions: tuple[Version, ...]
    clip: ClipRecord | None
    log: tuple[Step, ...]
    suggestions: Offers = field(default_factory=Offers)


@dataclass(frozen=True, slots=True)
class Original:
    """A clip as it came, to be shown in a sandbox only."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class AssetFile:
    path: Path
    media_type: str
    sha256: str


def open_article(services: Services, owner: int, article_id: int, *, number: int | None = None) -> Opened:
    """The article with its current version, or version `number`. Raises NotFound."""
    vocabulary = services.vocabulary()
    with services.store.read() as work:
        article = work.articles.get(owner, article_id)
        version = work.versions.of_number(article_id, number) if number else work.versions.current(article_id)
        versions = tuple(work.versions.of_article(article_id))
        clip = work.clips.latest_of_article(article_id)
        log = version.log if version else work.clips.log(clip.id) if clip else ()
        kept = work.suggestions.of_article(article_id)
        choices = work.reviews.choices(owner)
    if number and version is None:
        raise NotFound(f"This article has no version {number}.")
    return Opened(
        article=article,
        version=version,
        dateline=dateline_of(article, vocabulary),
        regions=_tags_on(article, vocabulary, TagKind.REGION),
        topics=_tags_on(article, vocabulary, TagKind.TOPIC),
        versions=versions,
        clip=clip,
        log=log,
        suggestions=offers(
            services,
            vocabulary,
            kept,
            story_of(article, version) if version else Story(title=article.title),
            filed=[tag.tag_id for tag in article.tags],
            choices=choices,
        ),
    )


def dateline_of(article: Article, vocabulary: Vocabulary) -> Dateline:
    """Place, day, outlet and reading time of an article: "AIN ISSA, Syria" when a place of the first region is filed
    too, else the first region alone."""
    regions = [tag.tag_id for tag in article.tags if tag.kind is TagKind.REGION and tag.tag_id in vocabulary]
    place = _closest(regions, vocabulary)
    above = vocabulary.lineage(place)[1:] if place else ()
    country = next((each for each in above if _is_country(each, vocabulary)), "")
    return Dateline(
        place=vocabulary.get(place).name if place else "",
        country=vocabulary.get(country).name if country else "",
        date=article.published_on,
        outlet=article.outlet,
        minutes=reading_minutes(article.word_count) if article.word_count else 0,
        genre=genre_of(article.title, article.address),
    )


def reading_minutes(words: int) -> int:
    """How long an adult needs for so many words, in whole minutes, never below 1."""
    return max(1, round(words / WORDS_A_MINUTE))


def set_reading(services: Services, owner: int, article_id: int, reading: ReadingState) -> None:
    with services.store.begin() as work:
        work.articles.set_reading(owner, article_id, reading, services.clock())
    services.bell.set()


def set_starred(services: Services, owner: int, article_id: int, starred: bool) -> None:
    with services.store.begin() as work:
        work.articles.set_starred(owner, article_id, starred, services.clock())
    services.bell.set()


def set_note(services: Services, owner: int, article_id: int, note: str) -> None:
    """Keep the reader's note, whole. Raises BadClip for one that is too long: their own words are never cut."""
    check_note(services, note)
    with services.store.begin() as work:
        work.articles.set_note(owner, article_id, note, services.clock())
    services.bell.set()


def check_note(services: Services, note: str) -> None:
    """Raises BadClip for a note that is too long to be kept."""
    limit = services.settings.note_limit_chars
    if len(note) > limit:
        raise BadClip(f"The note has {len(note):,} characters; {limit:,} are kept. Shorten it; the one before stays.")


def trash(services: Services, owner: int, article_id: int) -> None:
    with services.store.begin() as work:
        work.articles.trash(owner, article_id, services.clock())
    services.bell.set()


def restore(services: Services, owner: int, article_id: int) -> None:
    with services.store.begin() as work:
        work.articles.restore(owner, article_id, services.clock())
    services.bell.set()


def all_ids(services: Services) -> list[int]:
    """Every article of the archive that is not in the trash."""
    with services.store.read() as work:
        return list(work.articles.all_ids())


def in_trash(services: Services, owner: int, *, limit: int | None = None, offset: int = 0) -> list[Article]:
    """The last trashed first."""
    with services.store.read() as work:
        return work.articles.in_trash(owner, limit=limit, offset=offset)


def count_in_trash(services: Services, owner: int) -> int:
    with services.store.read() as work:
        return work.articles.count_in_trash(owner)


def retry(services: Services, owner: int, article_id: int) -> ClipRecord:
    """Try a failed article's clip again. Raises NotFound when it has no clip that failed."""
    with services.store.begin() as work:
        work.articles.get(owner, article_id)
        record = work.clips.latest_of_article(article_id)
        if record is None or record.state is not ClipState.FAILED:
            raise NotFound("There is no failed clip to try again.")
        record = work.clips.receive_again(record.id)
        work.jobs.enqueue(ARCHIVE, {"clip": record.id}, services.clock())
    services.bell.set()
    return record


def original(services: Services, owner: int, version_id: int) -> Original:
    """The clip behind a version, as it came. Raises NotFound."""
    with services.store.read() as work:
        version = work.versions.get(version_id)
        work.articles.get(owner, version.article_id)
    return Original(services.shelf.read(version.raw_sha256), version.raw_type)


def original_of_clip(services: Services, owner: int, clip_id: str) -> Original:
    """A clip as it came, whether or not an article could be made of it. Raises NotFound."""
    with services.store.read() as work:
        record = work.clips.by_clip_id(owner, clip_id)
    if record is None:
        raise NotFound("There is no such clip.")
    return Original(services.shelf.read(record.raw_sha256), record.raw_type)


def asset(services: Services, owner: int, sha256: str) -> AssetFile:
    """A kept picture. Raises NotFound. Pictures are shared between owners: their name is a secret of 256 bits."""
    with services.store.read() as work:
        kept: Asset | None = work.assets.get(sha256)
    if kept is None or not services.shelf.has(sha256):
        raise NotFound("There is no such picture.")
    return AssetFile(services.shelf.path(sha256), kept.media_type, sha256)


def _tags_on(article: Article, vocabulary: Vocabulary, kind: TagKind) -> tuple[TagOn, ...]:
    return tuple(_tag_on(tag, vocabulary) for tag in article.tags if tag.kind is kind and tag.tag_id in vocabulary)


def _tag_on(tag: ArticleTag, vocabulary: Vocabulary) -> TagOn:
    return TagOn(vocabulary.get(tag.tag_id), tag.origin, tag.added_at, path_of(vocabulary, tag.tag_id), tag.source)


def _closest(regions: list[str], vocabulary: Vocabulary) -> str:
    """The first region, or the first of the others that lies in it and has the longest way up; "" for none."""
    if not regions:
        return ""
    inside = [each for each in regions if regions[0] in vocabulary.lineage(each)]
    return max(inside, key=lambda each: len(vocabulary.lineage(each)))


def _is_country(tag_id: str, vocabulary: Vocabulary) -> bool:
    return len(vocabulary.get(tag_id).code) == 2  # ISO 3166 alpha-2; everything else has M49's three figures or none
