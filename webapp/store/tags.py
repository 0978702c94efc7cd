"""The two tag trees as rows, seeded and then grown by the reader; and the tags on articles."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select, update

from webapp.errors import NotFound
from webapp.model import ArticleTag, TagKind, TagOrigin
from webapp.store.changes import Changes
from webapp.store.database import insert_new
from webapp.store.saving import next_position
from webapp.store.suggestions import note_filed, note_taken_off
from webapp.store.tables import article_tags, articles, tags, vocabulary
from webapp.store.vocabulary_tables import tags_taken_off
from webapp.tags import Tag

_ONLY = 1  # the id of the vocabulary's one row


class Tags:
    def __init__(self, connection: Connection, changes: Changes) -> None:
        self._connection, self._changes = connection, changes

    def seed(self, seeds: Iterable[Tag]) -> None:
        """Bring the trees up to date with the seed: new tags are added, changed ones follow.

        A tag that a reader made or changed is left alone, and one that left the seed stays. When the seed is the
        same as last time, this is one statement.
        """
        rows = [row_of(tag, position) for position, tag in enumerate(seeds)]
        digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
        if self._connection.scalar(select(vocabulary.c.seed_digest)) == digest or self.lock() == digest:
            return
        there = {row.id: row for row in self._connection.execute(select(tags))}
        fresh = [{**row, "by_reader": False} for row in rows if row["id"] not in there]
        if fresh:
            self._connection.execute(insert(tags), fresh)
        for row in rows:
            old = there.get(row["id"])
            if old is not None and not old.by_reader and any(old._mapping[name] != row[name] for name in row):
                self._connection.execute(update(tags).where(tags.c.id == row["id"]).values(**row))
        self._connection.execute(update(vocabulary).values(seed_digest=digest))
        self.changed()

    def put(self, tag: Tag, now: datetime) -> None:
        """Keep a tag as the reader made or changed it. Articles below it are indexed anew when it moved."""
        self.lock()
        old = self._connection.execute(select(tags).where(tags.c.id == tag.id)).one_or_none()
        if old is None:
            last = self._connection.scalar(select(func.max(tags.c.position)))
            row = row_of(tag, 0 if last is None else last + 1)
            self._connection.execute(insert(tags).values(**row, by_reader=True))
        else:
            row = row_of(tag, old.position)
            self._connection.execute(update(tags).where(tags.c.id == tag.id).values(**row, by_reader=True))
            if old.parents != row["parents"]:
                self.note_articles_below([tag.id], now)
        self.changed()

    def all(self) -> list[Tag]:
        """Both trees, in the seed's order, what readers made after it."""
        rows = self._connection.execute(select(tags).order_by(tags.c.position, tags.c.id))
        return [tag_of(row) for row in rows]

    def revision(self) -> int:
        """Grows whenever a tag is made or changed; 0 before the first."""
        return self._connection.scalar(select(vocabulary.c.revision)) or 0

    def add_to_article(
        self, owner: int, article_id: int, tag_id: str, kind: TagKind, origin: TagOrigin, now: datetime
    ) -> None:
        """Put a tag on an article, after those that are there. One that is there stays as it is. Raises NotFound.

        What the reader took off before may be put on by rules again from now on.
        """
        self._lock_article(owner, article_id)
        added = self._connection.execute(
            insert_new(self._connection, article_tags)
            .values(
                article_id=article_id,
                tag_id=tag_id,
                kind=kind,
                origin=origin,
                position=next_position(self._connection, article_id),
                added_at=now,
            )
            .returning(article_tags.c.tag_id)
        ).one_or_none()
        if added is not None:
            note_filed(self._connection, article_id, tag_id)
            self._connection.execute(delete(tags_taken_off).where(*_same(tags_taken_off, article_id, tag_id)))
            self._changes.note(article_id, now)

    def put_back(self, owner: int, article_id: int, tag: ArticleTag, now: datetime) -> None:
        """Put a tag that was taken off where it was, as if it had never been away. Raises NotFound."""
        self.add_to_article(owner, article_id, tag.tag_id, tag.kind, tag.origin, now)
        self._connection.execute(
            update(article_tags)
            .where(article_tags.c.article_id == article_id, article_tags.c.tag_id == tag.tag_id)
            .values(position=tag.position, origin=tag.origin, added_at=tag.added_at)
        )

    def remove_from_article(self, owner: int, article_id: int, tag_id: str, now: datetime) -> None:
        """Take a tag off by the reader's own hand, if it is on the article: no rule puts it back. Raises NotFound."""
        self._lock_article(owner, article_id)
        removed = self._connection.execute(
            delete(article_tags).where(article_tags.c.article_id == article_id, article_tags.c.tag_id == tag_id)
        )
        if removed.rowcount:
            note_taken_off(self._connection, article_id, tag_id)
            off = insert_new(self._connection, tags_taken_off).values(article_id=article_id, tag_id=tag_id)
            self._connection.execute(off)
            self._changes.note(article_id, now)

    def _lock_article(self, owner: int, article_id: int) -> None:
        row = self._connection.execute(
            select(articles.c.id).where(articles.c.id == article_id, articles.c.owner == owner).with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound("There is no such article.")

    def lock(self) -> str:
        """One at a time, on PostgreSQL too, so that two first starts seed once. The seed's digest as it is then."""
        self._connection.execute(insert_new(self._connection, vocabulary).values(id=_ONLY, seed_digest="", revision=0))
        return self._connection.scalar(select(vocabulary.c.seed_digest).with_for_update()) or ""

    def changed(self) -> None:
        """Whoever holds a vocabulary should read it again."""
        self._connection.execute(update(vocabulary).values(revision=vocabulary.c.revision + 1))

    def note_articles_below(self, tag_ids: Iterable[str], now: datetime) -> None:
        """The index should hear of every article with one of these tags, or with one below them."""
        parents = {row.id: row.parents for row in self._connection.execute(select(tags.c.id, tags.c.parents))}
        below = [other for other in parents if any(_is_below(other, tag_id, parents) for tag_id in tag_ids)]
        marked = select(article_tags.c.article_id).where(article_tags.c.tag_id.in_(below)).distinct()
        self._changes.note_many(self._connection.scalars(marked.order_by(article_tags.c.article_id)).all(), now)


def _same(table: Table, article_id: int, tag_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.article_id == article_id, table.c.tag_id == tag_id


def _is_below(tag_id: str, ancestor: str, parents: Mapping[str, list[str]]) -> bool:
    """Whether `ancestor` is the tag itself or above it, by any way; circles end."""
    seen: set[str] = set()
    waiting = [tag_id]
    while waiting:
        here = waiting.pop()
        if here == ancestor:
            return True
        if here not in seen:
            seen.add(here)
            waiting.extend(parents.get(here, []))
    return False


def row_of(tag: Tag, position: int) -> dict[str, Any]:
    return {
        "id": tag.id,
        "kind": tag.kind.value,
        "slug": tag.slug,
        "name": tag.name,
        "code": tag.code,
        "parents": [*tag.parents],
        "names": dict(tag.names),
        "aliases": [*tag.aliases],
        "retired": tag.retired,
        "note": tag.note,
        "position": position,
        "merged_into": tag.merged_into or None,
        "former_slugs": [*tag.former_slugs] or None,
    }


def tag_of(row: Any) -> Tag:
    return Tag(
        id=row.id,
        kind=TagKind(row.kind),
        slug=row.slug,
        name=row.name,
        code=row.code,
        parents=tuple(row.parents),
        names=row.names,
        aliases=tuple(row.aliases),
        retired=row.retired,
        note=row.note,
        merged_into=row.merged_into or "",
        former_slugs=tuple(row.former_slugs or ()),
    )
