"""The tables of what was done to the two tag trees, so that it can be told and undone."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table

from webapp.store.column_types import PlainText, RowId
from webapp.store.schema import (
    id_column,
    json_column,
    metadata,
    moment_column,
    number_column,
    owner_column,
    text_column,
)

vocabulary_deeds = Table(  # append-only, but for `undone_by`
    "vocabulary_deeds",
    metadata,
    id_column(),
    owner_column(),  # who did it; the trees belong to the whole archive
    text_column("deed"),
    text_column("summary"),
    json_column("before"),  # tag id → its row; null where there was none
    json_column("after"),
    number_column("moved"),  # how many articles had a tag exchanged
    moment_column("done_at"),
    Column("undoes", RowId),  # the deed that this one took back
    Column("undone_by", RowId),  # the deed that took this one back; NULL while it stands
    sqlite_autoincrement=True,
)

vocabulary_deed_tags = Table(  # whose history a deed belongs to
    "vocabulary_deed_tags",
    metadata,
    Column("tag_id", PlainText, primary_key=True),
    Column(
        "deed_id",
        RowId,
        ForeignKey("vocabulary_deeds.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
)

vocabulary_deed_articles = Table(  # the tags that a deed put on articles (`added`) or took off, as they were
    "vocabulary_deed_articles",
    metadata,
    Column(
        "deed_id",
        RowId,
        ForeignKey("vocabulary_deeds.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("tag_id", PlainText, primary_key=True),
    Column("added", Boolean, nullable=False),
    text_column("kind"),
    text_column("origin"),
    Column("source", PlainText),
    number_column("position"),
    moment_column("added_at"),
    Index(None, "article_id"),
)

vocabulary_ignored = Table(  # remarks about the trees that the reader does not want to see again
    "vocabulary_ignored",
    metadata,
    Column("owner", RowId, ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Column("remark", PlainText, primary_key=True),
)

vocabulary_uploads = Table(  # files that wait for the reader to have seen what they would change
    "vocabulary_uploads",
    metadata,
    id_column(),
    owner_column(),
    text_column("name"),
    text_column("content"),
    moment_column("sent_at"),
    sqlite_autoincrement=True,
)

tags_taken_off = Table(  # by hand: no rule puts them back
    "tags_taken_off",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("tag_id", PlainText, primary_key=True),
)
