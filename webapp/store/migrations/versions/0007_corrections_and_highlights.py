"""Corrections and highlights; further addresses of articles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of_article(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_article_id_articles")
    return sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of_article("corrections"),
        sa.PrimaryKeyConstraint("article_id", "field", name=op.f("pk_corrections")),
    )
    op.create_table(
        "highlights",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["accounts.id"], name=op.f("fk_highlights_owner_accounts")),
        _of_article("highlights"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_highlights")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_highlights_article_id"), "highlights", ["article_id"])
    op.create_table(
        "article_addresses",
        sa.Column("owner", _ID, nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("leads_home", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["accounts.id"], name=op.f("fk_article_addresses_owner_accounts")),
        _of_article("article_addresses"),
        sa.PrimaryKeyConstraint("owner", "address_key", name=op.f("pk_article_addresses")),
    )
    op.create_index(op.f("ix_article_addresses_article_id"), "article_addresses", ["article_id"])
