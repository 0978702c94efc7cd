"""A reader's choice whether pictures that the browser did not send are fetched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("fetches_pictures", sa.Boolean(), nullable=True))
