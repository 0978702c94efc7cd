"""The tables of rules, of their runs, and of what each run changed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table

from webapp.store.column_types import Moment, PlainText, RowId
from webapp.store.schema import (
    id_column,
    json_column,
    metadata,
    moment_column,
    number_column,
    owner_column,
    text_column,
)

rules = Table(
    "rules",
    metadata,
    id_column(),
    owner_column(),
    text_column("name"),
    text_column("query"),  # in the spelling that every way to type it comes down to
    json_column("steps"),  # what is done: [[what, value], …]
    Column("enabled", Boolean, nullable=False),
    moment_column("made_at"),
    moment_column("changed_at"),
    Column("removed_at", Moment),  # a removed rule is still told of by its runs
    Index(None, "owner"),
    sqlite_autoincrement=True,
)

rule_runs = Table(
    "rule_runs",
    metadata,
    id_column(),
    owner_column(),
    Column("rule_id", RowId, ForeignKey("rules.id"), nullable=False),
    text_column("name"),  # of the rule, as it was then; so are query and steps
    text_column("query"),
    json_column("steps"),
    text_column("sort"),  # "archive": over what is there; "clip": one article as it came in
    json_column("article_ids"),  # what it goes through, in this order
    number_column("done"),  # so many of them
    number_column("changed"),  # articles changed so far
    moment_column("started_at"),
    Column("finished_at", Moment),
    Column("undone_at", Moment),
    text_column("reason"),  # why it stopped early, if it did
    Column("undo_asked_at", Moment),  # while it is being taken back; the rest of these are NULL until the first time
    Column("undo_total", Integer),  # articles to take it back on
    Column("undo_done", Integer),  # so many of them
    Column("undo_changed", Integer),  # articles that are as before
    Column("undo_reason", PlainText),  # why taking it back stopped early, if it did
    Index(None, "owner", "id"),
    Index(None, "rule_id"),
    sqlite_autoincrement=True,
)

rule_changes = Table(  # one step on one article that changed something
    "rule_changes",
    metadata,
    id_column(),
    Column("run_id", RowId, ForeignKey("rule_runs.id", ondelete="CASCADE"), nullable=False),
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    text_column("what"),  # add, remove, star, mark
    text_column("value"),  # the tag's id, or the reading state
    Column("before", PlainText),  # the reading state that was; of a tag taken off its row, as JSON
    Index(None, "run_id"),
    Index(None, "article_id"),
    sqlite_autoincrement=True,
)
