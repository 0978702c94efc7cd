"""All tables together, for who needs them all: the migrations, and the test that holds them against one another."""

from __future__ import annotations

from webapp.store import device_tables, reader_tables, rules_tables, suggestion_tables, tables, vocabulary_tables
from webapp.store.schema import metadata

# a new `…_tables.py` is named here, so that its tables are among `metadata.tables`
TABLE_MODULES = (tables, device_tables, suggestion_tables, vocabulary_tables, rules_tables, reader_tables)

__all__ = ["TABLE_MODULES", "metadata"]
