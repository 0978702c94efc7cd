"""Suggestions, what waits for review, and the log of the reader's decisions.

Articles that are there already wait if nothing files them; suggestions for them are made on demand.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("tag_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("about_id", _ID, nullable=True),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("surfaces", sa.JSON(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["accounts.id"], name=op.f("fk_decisions_owner_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_decisions_article_id"), "decisions", ["article_id"])
    op.create_index(op.f("ix_decisions_owner_id"), "decisions", ["owner", "id"])
    op.create_table(
        "suggesting_runs",
        sa.Column("owner", _ID, autoincrement=False, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_article_id", _ID, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failures", sa.JSON(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["accounts.id"], name=op.f("fk_suggesting_runs_owner_accounts")),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_suggesting_runs")),
    )
    op.create_table(
        "suggestion_choices",
        sa.Column("owner", _ID, autoincrement=False, nullable=False),
        sa.Column("preselects_from", sa.Float(), nullable=False),
        sa.Column("files_from", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["accounts.id"], name=op.f("fk_suggestion_choices_owner_accounts")),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_suggestion_choices")),
    )
    op.create_table(
        "reviews",
        sa.Column("article_id", _ID, autoincrement=False, nullable=False),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_reviews_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner"], ["accounts.id"], name=op.f("fk_reviews_owner_accounts")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_owner_waits_article_id"), "reviews", ["owner", "waits", "article_id"])
    op.create_table(
        "suggestions",
        sa.Column("article_id", _ID, autoincrement=False, nullable=False),
        sa.Column("tag_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("version_id", _ID, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_suggestions_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner"], ["accounts.id"], name=op.f("fk_suggestions_owner_accounts")),
        sa.PrimaryKeyConstraint("article_id", "tag_id", "role", name=op.f("pk_suggestions")),
    )
    op.execute(
        "INSERT INTO reviews (article_id, owner, maker, waits) SELECT id, owner, '', NOT EXISTS "
        "(SELECT 1 FROM article_tags WHERE article_tags.article_id = articles.id) "
        "FROM articles WHERE version_id IS NOT NULL"
    )
