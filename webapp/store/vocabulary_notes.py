"""What is known about the two tag trees beside the trees: where tags are used, what the reader does not want to be told
again, and files that wait to be taken in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, or_, select

from webapp.errors import NotFound
from webapp.store.database import insert_new
from webapp.store.tables import article_tags, articles
from webapp.store.vocabulary_tables import vocabulary_ignored, vocabulary_uploads

_UPLOADS_KEPT = timedelta(days=1)  # between looking at what a file would change and taking it in


class Usage:
    """Which tags are on how many of the reader's articles; the trash does not count."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts(self, owner: int) -> dict[str, int]:
        """Tag id → how many articles carry this very tag."""
        rows = self._connection.execute(
            select(article_tags.c.tag_id, func.count())
            .join(articles, articles.c.id == article_tags.c.article_id)
            .where(articles.c.owner == owner, articles.c.trashed_at.is_(None))
            .group_by(article_tags.c.tag_id)
        )
        return {row[0]: row[1] for row in rows}

    def articles_with(self, owner: int, tag_ids: Iterable[str]) -> int:
        """How many articles carry one of these very tags."""
        question = (
            select(func.count(func.distinct(article_tags.c.article_id)))
            .join(articles, articles.c.id == article_tags.c.article_id)
            .where(articles.c.owner == owner, articles.c.trashed_at.is_(None), article_tags.c.tag_id.in_(list(tag_ids)))
        )
        return self._connection.scalar(question) or 0

    def together(self, owner: int, like: Sequence[str], least: int) -> list[tuple[str, str, int]]:
        """(tag whose id begins like one of these, other tag of its kind, articles with both), from `least` on."""
        one, other = article_tags.alias(), article_tags.alias()
        question = (
            select(one.c.tag_id, other.c.tag_id, func.count())
            .join(other, one.c.article_id == other.c.article_id)
            .join(articles, articles.c.id == one.c.article_id)
            .where(
                or_(*(one.c.tag_id.like(f"{each}%") for each in like)),
                one.c.tag_id != other.c.tag_id,
                one.c.kind == other.c.kind,
                articles.c.owner == owner,
                articles.c.trashed_at.is_(None),
            )
            .group_by(one.c.tag_id, other.c.tag_id)
            .having(func.count() >= least)
        )
        return [(row[0], row[1], row[2]) for row in self._connection.execute(question)]


class VocabularyNotes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ignored(self, owner: int) -> set[str]:
        """The remarks that this reader does not want to see again."""
        return set(
            self._connection.scalars(select(vocabulary_ignored.c.remark).where(vocabulary_ignored.c.owner == owner))
        )

    def ignore(self, owner: int, remark: str) -> None:
        self._connection.execute(insert_new(self._connection, vocabulary_ignored).values(owner=owner, remark=remark))

    def heed(self, owner: int, remark: str) -> None:
        """Show a remark again."""
        self._connection.execute(
            delete(vocabulary_ignored).where(vocabulary_ignored.c.owner == owner, vocabulary_ignored.c.remark == remark)
        )

    def keep_upload(self, owner: int, name: str, content: str, now: datetime) -> int:
        """Keep a file for a day, until it is taken in; its number. Older ones go."""
        self._connection.execute(delete(vocabulary_uploads).where(vocabulary_uploads.c.sent_at < now - _UPLOADS_KEPT))
        upload_id: int = self._connection.execute(
            insert(vocabulary_uploads)
            .values(owner=owner, name=name, content=content, sent_at=now)
            .returning(vocabulary_uploads.c.id)
        ).scalar_one()
        return upload_id

    def upload(self, owner: int, upload_id: int) -> tuple[str, str]:
        """Its name and content. Raises NotFound."""
        row = self._connection.execute(
            select(vocabulary_uploads.c.name, vocabulary_uploads.c.content).where(
                vocabulary_uploads.c.owner == owner, vocabulary_uploads.c.id == upload_id
            )
        ).one_or_none()
        if row is None:
            raise NotFound("The file is not here any more: it is kept for a day. Send it again.")
        return row.name, row.content
