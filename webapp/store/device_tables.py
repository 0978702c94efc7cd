"""Tables of coming in: codes of devices that wait to be connected, the tries that failed, browsers signed in."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, UniqueConstraint

from webapp.store.column_types import Moment, PlainText, RowId
from webapp.store.schema import json_column, metadata, moment_column, number_column, text_column

device_codes = Table(  # RFC 8628; both codes as hashes only
    "device_codes",
    metadata,
    Column("device_code_hash", PlainText, primary_key=True),
    text_column("user_code_hash"),
    text_column("client_name"),
    json_column("scopes"),
    text_column("came_from"),  # the network address that asked, shown to who confirms
    moment_column("made_at"),
    moment_column("expires_at"),
    number_column("interval_s"),
    Column("polled_at", Moment),
    Column("owner", RowId, ForeignKey("accounts.id", ondelete="CASCADE")),  # who decided; NULL: nobody yet
    Column("allowed", Boolean),
    Column("used_at", Moment),  # its token was made
    UniqueConstraint("user_code_hash"),
    Index(None, "expires_at"),
)

tries = Table(
    "tries",
    metadata,
    Column("kind", PlainText, primary_key=True),
    Column("who_hash", PlainText, primary_key=True),
    number_column("count"),
    moment_column("last_at"),
)

sessions = Table(  # a browser that is signed in; its cookie holds the token
    "sessions",
    metadata,
    Column("token_hash", PlainText, primary_key=True),
    Column("account_id", RowId, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    moment_column("began_at"),
    Index(None, "account_id"),
)
