"""The tables of what was suggested, what waits to be looked at, and what the reader decided."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, Table

from webapp.store.column_types import Moment, PlainText, RowId
from webapp.store.schema import (
    id_column,
    json_column,
    metadata,
    moment_column,
    number_column,
    owner_column,
    text_column,
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("tag_id", PlainText, primary_key=True),  # no foreign key: a place may not be in the vocabulary yet
    Column("role", PlainText, primary_key=True),
    owner_column(),
    Column("version_id", RowId),  # the version whose words the evidence quotes; no key: it may be gone
    text_column("kind"),
    number_column("rank"),  # 1 for the first of its kind and role
    Column("score", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    json_column("evidence"),
    text_column("state"),  # open, filed (the tag came otherwise), accepted, rejected, never
)

reviews = Table(  # one row an article that suggestions were made for
    "reviews",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    owner_column(),
    text_column("maker"),  # with what its suggestions were made; "" before the first time
    Column("waits", Boolean, nullable=False),  # whether the reader should look at it
    Index(None, "owner", "waits", "article_id"),
)

decisions = Table(  # append-only: nothing here is ever changed or deleted
    "decisions",
    metadata,
    id_column(),
    owner_column(),
    Column("article_id", RowId, nullable=False),  # no foreign key: what was learned outlives the article
    text_column("tag_id"),
    text_column("kind"),
    text_column("answer"),  # of evidence.Answer, or undone / forgotten / remembered, which speak about another row
    Column("about_id", RowId),  # the decision that is undone, forgotten or remembered
    text_column("surface"),
    json_column("surfaces"),
    text_column("outlet"),
    text_column("role"),
    text_column("maker"),
    Column("confidence", Float, nullable=False),
    number_column("rank"),
    json_column("before"),  # how the tag and its suggestion stood until then: what undoing goes back to
    moment_column("at"),
    Index(None, "owner", "id"),
    Index(None, "article_id"),
    sqlite_autoincrement=True,
)

suggestion_choices = Table(  # a reader without a row has chosen nothing
    "suggestion_choices",
    metadata,
    Column("owner", RowId, ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Column("preselects_from", Float, nullable=False),
    Column("files_from", Float),  # NULL: nothing is filed without being asked
)

suggesting_runs = Table(  # the last time a reader asked for suggestions for all articles
    "suggesting_runs",
    metadata,
    Column("owner", RowId, ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    moment_column("started_at"),
    Column("finished_at", Moment),
    Column("last_article_id", RowId, nullable=False),  # how far it came, from the newest article down
    number_column("total"),
    number_column("done"),
    json_column("failures"),  # [article id, reason], the first so many
    Column("failed", Integer, nullable=False),
)
