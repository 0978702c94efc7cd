"""Alembic's door to the tables. Runs on the connection it is given, inside that one's transaction."""

from __future__ import annotations

from alembic import context

from webapp.store.every_table import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
