"""One step of a rule on one article: carried out, and taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from webapp.model import TagKind, TagOrigin
from webapp.ruling import Doing
from webapp.store.database import insert_new
from webapp.store.saving import next_position
from webapp.store.suggestions import note_filed, note_taken_off
from webapp.store.tables import article_tags, articles


def do(connection: Connection, doing: Doing, source: str, kinds: Mapping[str, TagKind], now: datetime) -> str | None:
    article_id = doing.article_id
    match doing.what:
        case "add":
            connection.execute(
                insert_new(connection, article_tags).values(
                    article_id=article_id,
                    tag_id=doing.value,
                    kind=kinds[doing.value],
                    origin=TagOrigin.RULE,
                    source=source,
                    position=next_position(connection, article_id),
                    added_at=now,
                )
            )
            note_filed(connection, article_id, doing.value)
            return None
        case "remove":
            same = (article_tags.c.article_id == article_id, article_tags.c.tag_id == doing.value)
            row = connection.execute(select(article_tags).where(*same)).one()
            connection.execute(delete(article_tags).where(*same))
            note_taken_off(connection, article_id, doing.value)
            kept = {**row._mapping, "added_at": row.added_at.isoformat()}
            return json.dumps(kept)
        case "star":
            connection.execute(update(articles).where(articles.c.id == article_id).values(starred=True))
            return None
        case _:
            before = connection.scalar(select(articles.c.reading).where(articles.c.id == article_id))
            connection.execute(update(articles).where(articles.c.id == article_id).values(reading=doing.value))
            return str(before)


def undo(connection: Connection, row: Row[Any]) -> bool:
    """Whether something changed: what the reader changed since stays as they left it."""
    here = articles.c.id == row.article_id
    match row.what:
        case "add":
            mine = delete(article_tags).where(
                article_tags.c.article_id == row.article_id,
                article_tags.c.tag_id == row.value,
                article_tags.c.origin == TagOrigin.RULE.value,
            )
            return bool(connection.execute(mine).rowcount)
        case "remove":
            kept = json.loads(row.before)
            kept["added_at"] = datetime.fromisoformat(kept["added_at"])
            back = insert_new(connection, article_tags).values(**kept).returning(article_tags.c.tag_id)
            return connection.execute(back).one_or_none() is not None
        case "star":
            unstar = update(articles).where(here, articles.c.starred.is_(True)).values(starred=False)
            return bool(connection.execute(unstar).rowcount)
        case _:
            unmark = update(articles).where(here, articles.c.reading == row.value).values(reading=row.before)
            return bool(connection.execute(unmark).rowcount)
