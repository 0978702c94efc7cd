"""Tables of what the reader did to an article's words: corrections, highlights; and where else an article was seen."""

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

corrections = Table(
    "corrections",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("field", PlainText, primary_key=True),
    json_column("value"),  # text, a list of names, or the blocks that were chosen
    moment_column("at"),
)

highlights = Table(
    "highlights",
    metadata,
    id_column(),
    owner_column(),
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    number_column("version_number"),  # the version it was made in
    text_column("exact"),
    text_column("prefix"),
    text_column("suffix"),
    number_column("start"),  # in characters of that version's text; -1: not in it (a caption, say)
    text_column("note"),
    moment_column("made_at"),
    Index(None, "article_id"),
    sqlite_autoincrement=True,  # an undo names the number of one that is gone
)

article_addresses = Table(  # where an article was clipped, when that is not the address it is kept under
    "article_addresses",
    metadata,
    Column("owner", RowId, ForeignKey("accounts.id"), primary_key=True),
    Column("address_key", PlainText, primary_key=True),  # SHA-256 of the canonical address
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("leads_home", Boolean, nullable=False),  # what is clipped there is a version of this article
    Index(None, "article_id"),
)
