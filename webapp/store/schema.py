"""What every table is made of: the metadata with its naming rules, and the kinds of columns that come up again.

Tables stand in `tables.py` and, by subject, in the other `…_tables.py`; `every_table.py` brings them together.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, MetaData

from webapp.store.column_types import Moment, PlainJson, PlainText, RowId

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> Column[int]:
    return Column("id", RowId, primary_key=True)


def text_column(name: str) -> Column[str]:
    return Column(name, PlainText, nullable=False)


def moment_column(name: str) -> Column[Any]:
    return Column(name, Moment, nullable=False)


def number_column(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def json_column(name: str) -> Column[Any]:
    return Column(name, PlainJson, nullable=False)


def owner_column() -> Column[int]:
    return Column("owner", RowId, ForeignKey("accounts.id"), nullable=False)
