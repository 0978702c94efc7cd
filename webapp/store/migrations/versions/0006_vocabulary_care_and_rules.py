"""What was done to the tag trees, and rules that file articles.

Tags that are there were never merged or renamed, and no rule put any on an article: their new columns stay empty.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("tags", sa.Column("merged_into", sa.Text(), nullable=True))
    op.add_column("tags", sa.Column("former_slugs", sa.JSON(), nullable=True))
    op.add_column("article_tags", sa.Column("source", sa.Text(), nullable=True))
    _vocabulary()
    _rules()


def _vocabulary() -> None:
    op.create_table(
        "vocabulary_deeds",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoes", _ID, nullable=True),
        sa.Column("undone_by", _ID, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["accounts.id"], name=op.f("fk_vocabulary_deeds_owner_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vocabulary_deeds")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "vocabulary_deed_tags",
        sa.Column("tag_id", sa.Text(), nullable=False),
        sa.Column("deed_id", _ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["deed_id"],
            ["vocabulary_deeds.id"],
            name=op.f("fk_vocabulary_deed_tags_deed_id_vocabulary_deeds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tag_id", "deed_id", name=op.f("pk_vocabulary_deed_tags")),
    )
    op.create_table(
        "vocabulary_deed_articles",
        sa.Column("deed_id", _ID, autoincrement=False, nullable=False),
        sa.Column("article_id", _ID, autoincrement=False, nullable=False),
        sa.Column("tag_id", sa.Text(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deed_id"],
            ["vocabulary_deeds.id"],
            name=op.f("fk_vocabulary_deed_articles_deed_id_vocabulary_deeds"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_vocabulary_deed_articles_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("deed_id", "article_id", "tag_id", name=op.f("pk_vocabulary_deed_articles")),
    )
    op.create_index(op.f("ix_vocabulary_deed_articles_article_id"), "vocabulary_deed_articles", ["article_id"])
    op.create_table(
        "vocabulary_ignored",
        sa.Column("owner", _ID, autoincrement=False, nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["accounts.id"], name=op.f("fk_vocabulary_ignored_owner_accounts")),
        sa.PrimaryKeyConstraint("owner", "remark", name=op.f("pk_vocabulary_ignored")),
    )
    op.create_table(
        "vocabulary_uploads",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["accounts.id"], name=op.f("fk_vocabulary_uploads_owner_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vocabulary_uploads")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tags_taken_off",
        sa.Column("article_id", _ID, autoincrement=False, nullable=False),
        sa.Column("tag_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_tags_taken_off_article_id_articles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "tag_id", name=op.f("pk_tags_taken_off")),
    )


def _rules() -> None:
    op.create_table(
        "rules",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["accounts.id"], name=op.f("fk_rules_owner_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_rules_owner"), "rules", ["owner"])
    op.create_table(
        "rule_runs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("rule_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("article_ids", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["accounts.id"], name=op.f("fk_rule_runs_owner_accounts")),
        sa.ForeignKeyConstraint(["rule_id"], ["rules.id"], name=op.f("fk_rule_runs_rule_id_rules")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_runs")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_rule_runs_owner_id"), "rule_runs", ["owner", "id"])
    op.create_index(op.f("ix_rule_runs_rule_id"), "rule_runs", ["rule_id"])
    op.create_table(
        "rule_changes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["rule_runs.id"], name=op.f("fk_rule_changes_run_id_rule_runs"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_rule_changes_article_id_articles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_rule_changes_run_id"), "rule_changes", ["run_id"])
    op.create_index(op.f("ix_rule_changes_article_id"), "rule_changes", ["article_id"])
