"""The only way into the search index: drain the change log, rebuild from the store, check one against the other."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from index import Document, EngineUnavailable, open_engine
from webapp.locks import only_one
from webapp.model import Article, ClipState, TagKind, Version
from webapp.services import Services, index_folder, open_index
from webapp.store import Work
from webapp.suggest import genre_of
from webapp.tags import Vocabulary

log = logging.getLogger(__name__)

BATCH = 200  # articles a commit; taste: a commit's fsyncs are shared, a batch stays under 10 MB of text
UNKNOWN = "und"  # BCP 47: undetermined language


def drain(services: Services) -> int:
    """Bring the index up to date with the change log; the number of articles that were looked at.

    Notes are taken off the log only after the engine has them, so a crash in between repeats work and loses none.
    One process drains at a time: an older reading of an article must never overwrite a newer one.
    """
    total = 0
    with only_one(services.settings.data_dir / "index.lock"):
        while (engine := services.index()) is not None:
            with services.store.read() as work:
                changes = work.changes.waiting(BATCH)
                documents, gone = _documents(services, work, [change.article_id for change in changes])
            if not changes:
                break
            try:
                engine.remove(gone)
                engine.put(documents)
            except EngineUnavailable as error:
                services.lose_index(engine, error)  # the notes stay; `mend` makes it anew
                break
            with services.store.begin() as work:
                work.changes.done(changes)
            total += len(changes)
    return total


def rebuild(services: Services, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Make the index anew beside the old one, which serves meanwhile, then take its place. The number of documents.

    Nobody drains meanwhile, so whatever changes is still in the log afterwards.
    """
    folder = index_folder(services.settings)
    fresh_folder = folder.with_name("index.new")
    done = 0
    with only_one(services.settings.data_dir / "index.lock"):
        shutil.rmtree(fresh_folder, ignore_errors=True)
        fresh = open_engine(fresh_folder)
        with services.store.read() as work:
            total = work.articles.count_all()

        def documents() -> Iterator[Document]:
            nonlocal done
            for batch in _batches(_all_article_ids(services), BATCH):
                with services.store.read() as work:
                    found, _ = _documents(services, work, batch)
                yield from found
                done += len(found)
                progress(min(done, total), total)

        fresh.put(documents())
        fresh.close()
        _take_the_place(services)
    drain(services)
    return done


def mend(services: Services) -> bool:
    """Make the index anew if it cannot be opened; True when that was needed."""
    if services.index() is not None:
        return False
    log.warning("making the search index anew: %s", services.engine_reason)
    rebuild(services)
    return True


def check(services: Services) -> list[str]:
    """What is wrong with the index, in sentences; empty when it holds what the store holds."""
    engine = services.index()
    if engine is None:
        return [f"The index cannot be opened: {services.engine_reason}"]
    problems = list(engine.check())
    with services.store.read() as work:
        kept = dict(work.articles.revisions())
    indexed = dict(engine.revisions())
    missing = kept.keys() - indexed.keys()
    extra = indexed.keys() - kept.keys()
    stale = [key for key in kept.keys() & indexed.keys() if kept[key] != indexed[key]]
    for found, words in ((missing, "are not in the index"), (extra, "are in the index only"), (stale, "are stale")):
        if found:
            problems.append(f"{len(found)} articles {words}: {', '.join(map(str, sorted(found)[:10]))}")
    return problems


def document_of(
    article: Article, version: Version | None, vocabulary: Vocabulary, *, is_marked: bool = False
) -> Document:
    """Everything the engine needs to answer about one article: words, filters and the ancestors of its tags."""
    regions = [tag.tag_id for tag in article.tags if tag.kind is TagKind.REGION and tag.tag_id in vocabulary]
    topics = [tag.tag_id for tag in article.tags if tag.kind is TagKind.TOPIC and tag.tag_id in vocabulary]
    has_image = bool(article.lead_sha256) or (version is not None and any(image.asset for image in version.images))
    held = (("image", has_image), ("note", article.note), ("highlight", is_marked))
    genre = genre_of(article.title, article.address)
    has = [*(name for name, there in held if there), *([genre] if genre else [])]
    return Document(
        id=article.id,
        owner=article.owner,
        revision=article.revision,
        title=article.title,
        lead=article.standfirst or article.excerpt,
        body=version.body_text if version else "",
        captions=version.captions_text if version else "",
        note=article.note,
        authors=article.authors,
        outlet=article.outlet,
        address=article.address,
        language=article.language or UNKNOWN,
        regions=tuple(regions),
        region_lineage=_lineages(vocabulary, regions),
        topics=tuple(topics),
        topic_lineage=_lineages(vocabulary, topics),
        reading=article.reading.value,
        starred=article.starred,
        has=tuple(has),
        published=article.published_on,
        clipped=article.clipped_at,
        words=article.word_count,
        failed=article.state is ClipState.FAILED,
    )


def _documents(services: Services, work: Work, article_ids: Sequence[int]) -> tuple[list[Document], list[int]]:
    """Documents for the articles that should be found, and the ids of those that should not."""
    vocabulary = services.vocabulary()
    articles = work.articles.by_ids(None, article_ids)
    versions = work.versions.current_of(article_ids)
    marked = work.highlights.marked(article_ids)
    found = [article for article in articles.values() if article.trashed_at is None]
    gone = [key for key in article_ids if key not in articles or articles[key].trashed_at is not None]
    return [
        document_of(article, versions.get(article.id), vocabulary, is_marked=article.id in marked) for article in found
    ], gone


def _take_the_place(services: Services) -> None:
    """Swap index.new in by rename. Searches under way finish on the files they hold open."""
    folder = index_folder(services.settings)
    old = folder.with_name("index.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    folder.with_name("index.new").rename(folder)
    open_index(services)
    shutil.rmtree(old, ignore_errors=True)
    if services.engine is None:
        raise EngineUnavailable(folder, f"made anew, it still cannot be opened ({services.engine_reason})")


def _lineages(vocabulary: Vocabulary, tag_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(above for tag_id in tag_ids for above in vocabulary.lineage(tag_id)))


def _all_article_ids(services: Services) -> Iterator[int]:
    with services.store.read() as work:
        yield from work.articles.all_ids()


def _batches(ids: Iterator[int], size: int) -> Iterator[list[int]]:
    while batch := list(islice(ids, size)):
        yield batch
