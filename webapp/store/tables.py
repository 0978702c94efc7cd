"""Every table, as it is today. `migrations/` leads there; a test compares the two.

Ids of articles, changes and jobs are never used twice (AUTOINCREMENT on SQLite): the index and the workers
remember them.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, UniqueConstraint

from webapp.store.column_types import Moment, PlainJson, PlainText, RowId
from webapp.store.schema import (
    id_column,
    json_column,
    metadata,
    moment_column,
    number_column,
    owner_column,
    text_column,
)

accounts = Table(
    "accounts",
    metadata,
    id_column(),
    text_column("name"),
    text_column("password_hash"),  # "" when none was set
    moment_column("created_at"),
    Column("signed_in_at", Moment),  # the last time
    Column("fetches_pictures", Boolean),  # NULL: as the archive's setting says
    UniqueConstraint("name"),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", PlainText, primary_key=True),
    Column("account_id", RowId, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    moment_column("expires_at"),
    Column("used_at", Moment),
)

devices = Table(
    "devices",
    metadata,
    id_column(),
    owner_column(),
    text_column("name"),
    text_column("token_hash"),
    json_column("scopes"),
    moment_column("created_at"),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
    UniqueConstraint("token_hash"),
    Index(None, "owner"),
)

articles = Table(
    "articles",
    metadata,
    id_column(),
    owner_column(),
    text_column("address"),  # canonical; "" when it has none
    Column("address_key", PlainText),  # SHA-256 of the address; NULL when it has none, and NULLs never collide
    text_column("title"),
    text_column("standfirst"),
    json_column("authors"),
    text_column("site"),
    text_column("outlet"),
    text_column("language"),
    text_column("direction"),
    Column("published_on", Date),
    Column("published_at", Moment),
    Column("modified_at", Moment),
    moment_column("clipped_at"),
    moment_column("updated_at"),
    text_column("state"),
    text_column("failure"),
    text_column("reading"),
    Column("starred", Boolean, nullable=False),
    text_column("note"),
    text_column("excerpt"),
    number_column("word_count"),
    text_column("lead_sha256"),
    text_column("lead_caption"),
    text_column("lead_alt"),
    Column("version_id", RowId),  # the version shown; no foreign key: the two tables would need each other first
    number_column("version_count"),
    Column("trashed_at", Moment),
    number_column("revision"),
    UniqueConstraint("owner", "address_key"),  # a key, because PostgreSQL indexes at most 2,704 bytes of a row
    Index(None, "owner", "clipped_at"),
    Index(None, "owner", "trashed_at"),
    sqlite_autoincrement=True,
)

clips = Table(
    "clips",
    metadata,
    id_column(),
    owner_column(),
    text_column("clip_id"),
    text_column("address"),
    text_column("title"),
    text_column("came_by"),
    text_column("state"),
    text_column("reason"),
    text_column("raw_sha256"),
    text_column("raw_type"),
    number_column("raw_bytes"),
    Column("article_id", RowId, ForeignKey("articles.id")),
    Column("version_number", Integer),
    moment_column("clipped_at"),
    Column("finished_at", Moment),
    text_column("device"),
    Column("is_html", Boolean, nullable=False),
    text_column("selection_html"),
    text_column("note"),
    json_column("tags"),
    json_column("log"),
    UniqueConstraint("owner", "clip_id"),
    Index(None, "owner", "id"),
    Index(None, "article_id"),
)

clip_resources = Table(
    "clip_resources",
    metadata,
    Column("clip_record_id", RowId, ForeignKey("clips.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text_column("address"),
    text_column("media_type"),
    text_column("sha256"),
    number_column("size_bytes"),
)

assets = Table(
    "assets",
    metadata,
    Column("sha256", PlainText, primary_key=True),
    text_column("media_type"),
    number_column("size_bytes"),
    Column("width_px", Integer),
    Column("height_px", Integer),
)

versions = Table(
    "versions",
    metadata,
    id_column(),
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    number_column("number"),
    Column("clip_record_id", RowId, ForeignKey("clips.id"), nullable=False),
    text_column("clip_id"),
    moment_column("clipped_at"),
    text_column("came_by"),
    text_column("address"),
    text_column("raw_sha256"),
    text_column("raw_type"),
    number_column("raw_bytes"),
    text_column("title"),
    number_column("word_count"),
    text_column("maker"),
    text_column("cleaner"),
    json_column("details"),
    json_column("log"),
    moment_column("made_at"),
    UniqueConstraint("article_id", "number"),
    Index(None, "clip_record_id", unique=True),
)

version_texts = Table(  # apart, so that no list of versions can load them by accident
    "version_texts",
    metadata,
    Column("version_id", RowId, ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    text_column("clean_html"),
    text_column("body_text"),
    text_column("captions_text"),
)

version_images = Table(
    "version_images",
    metadata,
    Column("version_id", RowId, ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text_column("address"),
    Column("sha256", PlainText, ForeignKey("assets.sha256")),  # NULL: missed, `reason` says why
    text_column("alt"),
    text_column("caption"),
    text_column("reason"),
    Index(None, "sha256"),
)

tags = Table(
    "tags",
    metadata,
    Column("id", PlainText, primary_key=True),
    text_column("kind"),
    text_column("slug"),
    text_column("name"),
    text_column("code"),
    json_column("parents"),
    json_column("names"),
    json_column("aliases"),
    Column("retired", Boolean, nullable=False),
    text_column("note"),
    number_column("position"),  # the order they were seeded in
    Column("by_reader", Boolean, nullable=False),  # made or changed by a reader: the seed leaves it alone
    Column("merged_into", PlainText),  # the tag that stands for it today
    Column("former_slugs", PlainJson),  # those it had before it was renamed
)

vocabulary = Table(  # one row: what `tags` holds, at a glance
    "vocabulary",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    text_column("seed_digest"),
    number_column("revision"),
)

article_tags = Table(
    "article_tags",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", PlainText, ForeignKey("tags.id"), primary_key=True),
    text_column("kind"),
    text_column("origin"),
    number_column("position"),
    moment_column("added_at"),
    Column("source", PlainText),  # the name of the rule that put it there
    Index(None, "tag_id", "article_id"),
)

saved_searches = Table(
    "saved_searches",
    metadata,
    id_column(),
    owner_column(),
    text_column("name"),
    text_column("query"),  # in the spelling that every way to type it comes down to
    text_column("sort"),
    moment_column("made_at"),
    moment_column("looked_at"),  # what was clipped later is new
    number_column("position"),
    Index(None, "owner", "position"),
    sqlite_autoincrement=True,  # an address of a removed search never opens another
)

changes = Table(
    "changes",
    metadata,
    id_column(),
    Column("article_id", RowId, nullable=False),  # no foreign key: that an article is gone is a change too
    moment_column("noted_at"),
    UniqueConstraint("article_id"),
    sqlite_autoincrement=True,
)

jobs = Table(
    "jobs",
    metadata,
    id_column(),
    text_column("kind"),
    json_column("payload"),
    Column("run_after", Moment),  # NULL: given up, kept for the operator with its reason
    number_column("attempts"),
    Column("leased_until", Moment),
    text_column("reason"),
    Index(None, "run_after"),
    sqlite_autoincrement=True,
)
