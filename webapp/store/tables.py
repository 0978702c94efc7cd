"""Every table, as it is today. `migrations/` leads there; a test compares the two.

Ids of articles, changes and jobs are never used twice (AUTOINCREMENT on SQLite): the index and the workers
remember them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, MetaData, Table, UniqueConstraint

from webapp.store.column_types import Moment, PlainJson, PlainText, RowId

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", RowId, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, PlainText, nullable=False)


def _moment(name: str) -> Column[Any]:
    return Column(name, Moment, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _json(name: str) -> Column[Any]:
    return Column(name, PlainJson, nullable=False)


def _owner() -> Column[int]:
    return Column("owner", RowId, ForeignKey("accounts.id"), nullable=False)


accounts = Table(
    "accounts",
    metadata,
    _id(),
    _text("name"),
    _text("password_hash"),  # "" when none was set
    _moment("created_at"),
    Column("signed_in_at", Moment),  # the last time
    Column("fetches_pictures", Boolean),  # NULL: as the archive's setting says
    UniqueConstraint("name"),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", PlainText, primary_key=True),
    Column("account_id", RowId, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    _moment("expires_at"),
    Column("used_at", Moment),
)

devices = Table(
    "devices",
    metadata,
    _id(),
    _owner(),
    _text("name"),
    _text("token_hash"),
    _json("scopes"),
    _moment("created_at"),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
    UniqueConstraint("token_hash"),
    Index(None, "owner"),
)

articles = Table(
    "articles",
    metadata,
    _id(),
    _owner(),
    _text("address"),  # canonical; "" when it has none
    Column("address_key", PlainText),  # SHA-256 of the address; NULL when it has none, and NULLs never collide
    _text("title"),
    _text("standfirst"),
    _json("authors"),
    _text("site"),
    _text("outlet"),
    _text("language"),
    _text("direction"),
    Column("published_on", Date),
    Column("published_at", Moment),
    Column("modified_at", Moment),
    _moment("clipped_at"),
    _moment("updated_at"),
    _text("state"),
    _text("failure"),
    _text("reading"),
    Column("starred", Boolean, nullable=False),
    _text("note"),
    _text("excerpt"),
    _number("word_count"),
    _text("lead_sha256"),
    _text("lead_caption"),
    _text("lead_alt"),
    Column("version_id", RowId),  # the version shown; no foreign key: the two tables would need each other first
    _number("version_count"),
    Column("trashed_at", Moment),
    _number("revision"),
    UniqueConstraint("owner", "address_key"),  # a key, because PostgreSQL indexes at most 2,704 bytes of a row
    Index(None, "owner", "clipped_at"),
    Index(None, "owner", "trashed_at"),
    sqlite_autoincrement=True,
)

clips = Table(
    "clips",
    metadata,
    _id(),
    _owner(),
    _text("clip_id"),
    _text("address"),
    _text("title"),
    _text("came_by"),
    _text("state"),
    _text("reason"),
    _text("raw_sha256"),
    _text("raw_type"),
    _number("raw_bytes"),
    Column("article_id", RowId, ForeignKey("articles.id")),
    Column("version_number", Integer),
    _moment("clipped_at"),
    Column("finished_at", Moment),
    _text("device"),
    Column("is_html", Boolean, nullable=False),
    _text("selection_html"),
    _text("note"),
    _json("tags"),
    _json("log"),
    UniqueConstraint("owner", "clip_id"),
    Index(None, "owner", "id"),
    Index(None, "article_id"),
)

clip_resources = Table(
    "clip_resources",
    metadata,
    Column("clip_record_id", RowId, ForeignKey("clips.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _text("address"),
    _text("media_type"),
    _text("sha256"),
    _number("size_bytes"),
)

assets = Table(
    "assets",
    metadata,
    Column("sha256", PlainText, primary_key=True),
    _text("media_type"),
    _number("size_bytes"),
    Column("width_px", Integer),
    Column("height_px", Integer),
)

versions = Table(
    "versions",
    metadata,
    _id(),
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    _number("number"),
    Column("clip_record_id", RowId, ForeignKey("clips.id"), nullable=False),
    _text("clip_id"),
    _moment("clipped_at"),
    _text("came_by"),
    _text("address"),
    _text("raw_sha256"),
    _text("raw_type"),
    _number("raw_bytes"),
    _text("title"),
    _number("word_count"),
    _text("maker"),
    _text("cleaner"),
    _json("details"),
    _json("log"),
    _moment("made_at"),
    UniqueConstraint("article_id", "number"),
    Index(None, "clip_record_id", unique=True),
)

version_texts = Table(  # apart, so that no list of versions can load them by accident
    "version_texts",
    metadata,
    Column("version_id", RowId, ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    _text("clean_html"),
    _text("body_text"),
    _text("captions_text"),
)

version_images = Table(
    "version_images",
    metadata,
    Column("version_id", RowId, ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _text("address"),
    Column("sha256", PlainText, ForeignKey("assets.sha256")),  # NULL: missed, `reason` says why
    _text("alt"),
    _text("caption"),
    _text("reason"),
    Index(None, "sha256"),
)

tags = Table(
    "tags",
    metadata,
    Column("id", PlainText, primary_key=True),
    _text("kind"),
    _text("slug"),
    _text("name"),
    _text("code"),
    _json("parents"),
    _json("names"),
    _json("aliases"),
    Column("retired", Boolean, nullable=False),
    _text("note"),
    _number("position"),  # the order they were seeded in
    Column("by_reader", Boolean, nullable=False),  # made or changed by a reader: the seed leaves it alone
)

vocabulary = Table(  # one row: what `tags` holds, at a glance
    "vocabulary",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    _text("seed_digest"),
    _number("revision"),
)

article_tags = Table(
    "article_tags",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", PlainText, ForeignKey("tags.id"), primary_key=True),
    _text("kind"),
    _text("origin"),
    _number("position"),
    _moment("added_at"),
    Index(None, "tag_id", "article_id"),
)

saved_searches = Table(
    "saved_searches",
    metadata,
    _id(),
    _owner(),
    _text("name"),
    _text("query"),  # in the spelling that every way to type it comes down to
    _text("sort"),
    _moment("made_at"),
    _moment("looked_at"),  # what was clipped later is new
    _number("position"),
    Index(None, "owner", "position"),
    sqlite_autoincrement=True,  # an address of a removed search never opens another
)

changes = Table(
    "changes",
    metadata,
    _id(),
    Column("article_id", RowId, nullable=False),  # no foreign key: that an article is gone is a change too
    _moment("noted_at"),
    UniqueConstraint("article_id"),
    sqlite_autoincrement=True,
)

jobs = Table(
    "jobs",
    metadata,
    _id(),
    _text("kind"),
    _json("payload"),
    Column("run_after", Moment),  # NULL: given up, kept for the operator with its reason
    _number("attempts"),
    Column("leased_until", Moment),
    _text("reason"),
    Index(None, "run_after"),
    sqlite_autoincrement=True,
)
