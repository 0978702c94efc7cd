"""How far taking back a run of a rule came. Runs that are there were taken back at once, or not at all: NULL."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rule_runs", sa.Column("undo_asked_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("undo_total", "undo_done", "undo_changed"):
        op.add_column("rule_runs", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("rule_runs", sa.Column("undo_reason", sa.Text(), nullable=True))
