"""Articles: found by id and owner, and what a reader does with them. How they come about is in `saving.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, or_, select, update

from webapp.errors import NotFound
from webapp.model import (
    Article,
    ArticleTag,
    Clip,
    ClipRecord,
    ClipState,
    Draft,
    KeptImage,
    ReadingState,
    Step,
    TagKind,
    TagOrigin,
)
from webapp.store.addresses import address_key, article_seen_at
from webapp.store.changes import Changes
from webapp.store.saving import Saving
from webapp.store.tables import article_tags, articles, clips, versions

_COLUMNS = tuple(column for column in articles.c if column.name != "address_key")
_PAGE = 1_000  # rows fetched at a time by the iterators; taste


class Articles:
    """Whoever asks for somebody else's article is told that there is none."""

    def __init__(self, connection: Connection, changes: Changes) -> None:
        self._connection, self._changes = connection, changes

    def get(self, owner: int, article_id: int) -> Article:
        """The article with its tags, also from the trash. Raises NotFound."""
        found = self._all(select(*_COLUMNS).where(articles.c.id == article_id, articles.c.owner == owner))
        if not found:
            raise NotFound("There is no such article.")
        return found[0]

    def by_ids(self, owner: int | None, ids: Sequence[int]) -> dict[int, Article]:
        """Those of the articles that exist (and are `owner`'s, unless None), by id, with their tags: two statements."""
        question = select(*_COLUMNS).where(articles.c.id.in_(ids))
        if owner is not None:
            # "+ 0" keeps SQLite from walking all of the owner's rows by that index: 10 ms of 100,000, not 0.5
            question = question.where(articles.c.owner + 0 == owner)
        return {article.id: article for article in self._all(question)}

    def by_address(self, owner: int, address: str) -> Article | None:
        """The article kept under this canonical address, also from the trash; none is kept under ""."""
        if not address:
            return None
        found = self._all(
            select(*_COLUMNS).where(articles.c.owner == owner, articles.c.address_key == address_key(address))
        )
        return found[0] if found else None

    def seen_at(self, owner: int, address: str) -> Article | None:
        """The article kept under this canonical address, or else the last one that was clipped there."""
        there = self.by_address(owner, address)
        seen = article_seen_at(self._connection, owner, address) if there is None and address else None
        return self.get(owner, seen) if seen else there

    def newest(self, owner: int, limit: int, *, offset: int = 0, words: Sequence[str] = ()) -> list[Article]:
        """Articles not in the trash, the last clipped first, whose title or standfirst has each of `words`.

        For the time when there is no index: no stemming, and SQLite tells É from é.
        """
        question = self._with_words(select(*_COLUMNS), owner, words)
        newest_first = question.order_by(articles.c.clipped_at.desc(), articles.c.id.desc())
        return self._all(newest_first.limit(limit).offset(offset))

    def clipped_after(self, owner: int, moment: datetime) -> dict[int, datetime]:
        """The ids of what was clipped later than `moment`, with the time of the clip; the trash left out."""
        rows = self._connection.execute(
            select(articles.c.id, articles.c.clipped_at).where(
                articles.c.owner == owner, articles.c.clipped_at > moment, articles.c.trashed_at.is_(None)
            )
        )
        return {row.id: row.clipped_at for row in rows}

    def in_trash(self, owner: int, *, limit: int | None = None, offset: int = 0) -> list[Article]:
        """The last trashed first."""
        return self._all(
            select(*_COLUMNS)
            .where(articles.c.owner == owner, articles.c.trashed_at.is_not(None))
            .order_by(articles.c.trashed_at.desc(), articles.c.id.desc())
            .limit(limit)
            .offset(offset)
        )

    def count_in_trash(self, owner: int) -> int:
        trashed = select(func.count()).where(articles.c.owner == owner, articles.c.trashed_at.is_not(None))
        return self._connection.scalar(trashed) or 0

    def count(self, owner: int, *, words: Sequence[str] = ()) -> int:
        """How many `owner` has, the trash not counted."""
        return self._connection.scalar(self._with_words(select(func.count(articles.c.id)), owner, words)) or 0

    def count_all(self) -> int:
        """How many there are of all owners, the trash not counted: what a whole index holds."""
        return self._connection.scalar(select(func.count()).where(articles.c.trashed_at.is_(None))) or 0

    def all_ids(self) -> Iterator[int]:
        """Of all owners, the trash left out, in ascending order."""
        for article_id, _ in self.revisions():
            yield article_id

    def revisions(self) -> Iterator[tuple[int, int]]:
        """(id, revision) of every article that should be in the index, in ascending order."""
        question = select(articles.c.id, articles.c.revision).where(articles.c.trashed_at.is_(None))
        last = 0
        while rows := self._connection.execute(
            question.where(articles.c.id > last).order_by(articles.c.id).limit(_PAGE)
        ).all():
            yield from ((row.id, row.revision) for row in rows)
            last = rows[-1].id

    def set_reading(self, owner: int, article_id: int, reading: ReadingState, now: datetime) -> None:
        """Raises NotFound, as the others do."""
        self._set(owner, article_id, now, reading=reading.value)

    def set_starred(self, owner: int, article_id: int, starred: bool, now: datetime) -> None:
        self._set(owner, article_id, now, starred=starred)

    def set_note(self, owner: int, article_id: int, note: str, now: datetime) -> None:
        self._set(owner, article_id, now, note=note)

    def trash(self, owner: int, article_id: int, now: datetime) -> None:
        """Out of sight. What lies in the trash already keeps the time it was put there."""
        if self.get(owner, article_id).trashed_at is None:
            self._set(owner, article_id, now, trashed_at=now)

    def restore(self, owner: int, article_id: int, now: datetime) -> None:
        self._set(owner, article_id, now, trashed_at=None)

    def purge(self, before: datetime, *, now: datetime | None = None, owner: int | None = None) -> int:
        """Delete for ever what was put into the trash before then, with its versions, tags, images and clips.

        How many articles; of every owner unless one is named. The pictures' files stay until the shelf is swept.
        `now` is the change notes' time.
        """
        old = select(articles.c.id).where(articles.c.trashed_at < before).order_by(articles.c.id).with_for_update()
        if owner is not None:
            old = old.where(articles.c.owner == owner)
        ids = self._connection.scalars(old).all()
        for start in range(0, len(ids), _PAGE):
            batch = ids[start : start + _PAGE]
            self._changes.note_gone(batch, now or before)
            self._connection.execute(delete(versions).where(versions.c.article_id.in_(batch)))
            self._connection.execute(delete(clips).where(clips.c.article_id.in_(batch)))
            self._connection.execute(delete(articles).where(articles.c.id.in_(batch)))
        return len(ids)

    def save_version(
        self,
        *,
        record: ClipRecord,
        clip: Clip,
        address: str,
        outlet: str,
        draft: Draft,
        clean_html: str,
        cleaner: str,
        images: tuple[KeptImage, ...],
        log: tuple[Step, ...],
        now: datetime,
        again: bool = False,
    ) -> tuple[int, int]:
        """Keep what was made of a clip: (article id, version number). See `Saving.version`."""
        return Saving(self._connection, self._changes).version(
            record=record,
            clip=clip,
            address=address,
            outlet=outlet,
            draft=draft,
            clean_html=clean_html,
            cleaner=cleaner,
            images=images,
            log=log,
            now=now,
            again=again,
        )

    def save_failed(
        self, owner: int, *, address: str, title: str, outlet: str, reason: str, clip: ClipRecord, now: datetime
    ) -> int:
        """Make the failure visible: the article's id. See `Saving.failure`."""
        return Saving(self._connection, self._changes).failure(
            owner, address=address, title=title, outlet=outlet, reason=reason, record=clip, now=now
        )

    def _set(self, owner: int, article_id: int, now: datetime, **values: Any) -> None:
        """Change these columns, unless they are so already."""
        columns = [articles.c[name] for name in values]
        row = self._connection.execute(
            select(*columns).where(articles.c.id == article_id, articles.c.owner == owner).with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound("There is no such article.")
        if tuple(row) == tuple(values.values()):
            return
        self._connection.execute(update(articles).where(articles.c.id == article_id).values(**values))
        self._changes.note(article_id, now)

    def _with_words(self, question: Select[Any], owner: int, words: Sequence[str]) -> Select[Any]:
        question = question.where(articles.c.owner == owner, articles.c.trashed_at.is_(None))
        for word in words:
            question = question.where(
                or_(
                    articles.c.title.icontains(word, autoescape=True),
                    articles.c.standfirst.icontains(word, autoescape=True),
                )
            )
        return question

    def _all(self, question: Select[Any]) -> list[Article]:
        rows = self._connection.execute(question).all()
        tags = self._tags_of([row.id for row in rows])
        return [_article_of(row, tags.get(row.id, [])) for row in rows]

    def _tags_of(self, article_ids: Sequence[int]) -> dict[int, list[ArticleTag]]:
        rows = self._connection.execute(
            select(article_tags)
            .where(article_tags.c.article_id.in_(article_ids))
            .order_by(article_tags.c.article_id, article_tags.c.position)
        )
        tags: dict[int, list[ArticleTag]] = {}
        for row in rows:
            tags.setdefault(row.article_id, []).append(
                ArticleTag(
                    tag_id=row.tag_id,
                    kind=TagKind(row.kind),
                    origin=TagOrigin(row.origin),
                    position=row.position,
                    added_at=row.added_at,
                    source=row.source or "",
                )
            )
        return tags


def _article_of(row: Row[Any], tags: Sequence[ArticleTag]) -> Article:
    columns = {
        **row._mapping,
        "authors": tuple(row.authors),
        "state": ClipState(row.state),
        "reading": ReadingState(row.reading),
        "tags": tuple(tags),
    }
    return Article(**columns)
