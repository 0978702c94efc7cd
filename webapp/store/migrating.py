"""Brings a database to the tables of today, without an alembic.ini; several processes may start at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from webapp.errors import StoreUnavailable
from webapp.store.database import writing

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x646174656C696E65  # "dateline" in ASCII: PostgreSQL's advisory locks are numbers everybody shares


def migrate(engine: Engine) -> None:
    """Run what is missing, in one transaction: a start that is killed leaves the database as it was.

    Raises StoreUnavailable when the database was made by a newer Dateline.
    """
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        try:
            command.upgrade(configuration(connection), "head")
        except CommandError as error:
            raise StoreUnavailable(
                f"The database was made by another version of Dateline ({error}). Start the newest one."
            ) from error


def configuration(connection: Connection) -> Config:
    """Alembic's settings for work on this connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
