"""What is done to the two tag trees: each deed is one transaction, written down whole, and taken back whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from webapp.errors import Conflict, NotFound
from webapp.store.changes import Changes
from webapp.store.database import insert_new
from webapp.store.tables import accounts, article_tags, tags
from webapp.store.tags import Tags, row_of, tag_of
from webapp.store.vocabulary_tables import vocabulary_deed_articles, vocabulary_deed_tags, vocabulary_deeds
from webapp.tags import Tag, Vocabulary
from webapp.tree_changes import Change, Deed, Move
from webapp.tree_words import told

_AT_ONCE = 500  # rows a statement: with nine columns each, under SQLite's 32,766 bound values
_ON = ("kind", "origin", "source", "position", "added_at")  # what a tag on an article is beside the two ids
_Rows = Mapping[str, dict[str, Any] | None]


class VocabularyDeeds:
    def __init__(self, connection: Connection, changes: Changes, tags_of_store: Tags) -> None:
        self._connection, self._changes, self._tags = connection, changes, tags_of_store

    def lock(self) -> Vocabulary:
        """Both trees as they are now, and nobody else changes them until this transaction ends."""
        self._tags.lock()
        return Vocabulary(self._tags.all())

    def carry_out(self, owner: int, change: Change, now: datetime) -> int:
        """Do it and write it down; the deed's id. The index hears of every article that it touches."""
        ids = [tag.id for tag in change.tags]
        before = self._rows(ids)
        last = self._connection.scalar(select(func.max(tags.c.position))) or 0
        after: dict[str, dict[str, Any] | None] = {}
        for tag in change.tags:
            old = before[tag.id]
            last += old is None
            after[tag.id] = {**row_of(tag, last if old is None else old["position"]), "by_reader": True}
        self._note_moved(before, after, now)
        self._write(after)
        self._note_moved(before, after, now)
        switched = [row for step in change.moves for row in self._switch(step)]
        return self._keep(owner, change.deed, change.summary, change.about, before, after, switched, now)

    def undo(self, owner: int, deed_id: int, now: datetime) -> int:
        """Take a deed back as a whole, as a deed of its own; its id. Tags it made stay, retired, where they are used.

        Raises NotFound; Conflict when it is undone already, or when something was done to its tags since.
        """
        deed = self._row(deed_id)
        if deed.undone_by is not None:
            raise Conflict("This is undone already.")
        self._check_nothing_came_after(deed)
        switched = self._switch_back(deed_id, deed.before)
        before, after = dict(deed.after), dict(deed.before)
        self._note_moved(before, after, now)
        self._write({key: row for key, row in after.items() if row is not None})
        made = [key for key, row in after.items() if row is None]
        used = self._used(made)
        after.update({key: {**before[key], "retired": True} for key in used})
        self._write({key: after[key] for key in used})
        self._connection.execute(delete(tags).where(tags.c.id.in_(set(made) - used)))
        self._note_moved(before, after, now)
        about = self._about(deed_id)
        summary = f"Undid: {deed.summary}" if deed.undoes is None else f"Did again: {self._row(deed.undoes).summary}"
        undoing = self._keep(owner, "undo", summary, about, before, after, switched, now, undoes=deed_id)
        self._connection.execute(
            update(vocabulary_deeds).where(vocabulary_deeds.c.id == deed_id).values(undone_by=undoing)
        )
        if deed.undoes is not None:  # what was undone stands again
            self._connection.execute(
                update(vocabulary_deeds).where(vocabulary_deeds.c.id == deed.undoes).values(undone_by=None)
            )
        return undoing

    def get(self, deed_id: int) -> Deed:
        """Raises NotFound."""
        return self._deeds([self._row(deed_id)])[0]

    def history(self, *, tag_id: str = "", limit: int, before_id: int | None = None) -> list[Deed]:
        """The latest first: all of them, or those about one tag."""
        question = select(vocabulary_deeds).order_by(vocabulary_deeds.c.id.desc()).limit(limit)
        if tag_id:
            mine = select(vocabulary_deed_tags.c.deed_id).where(vocabulary_deed_tags.c.tag_id == tag_id)
            question = question.where(vocabulary_deeds.c.id.in_(mine))
        if before_id is not None:
            question = question.where(vocabulary_deeds.c.id < before_id)
        return self._deeds(self._connection.execute(question).all())

    def _rows(self, ids: Sequence[str]) -> dict[str, dict[str, Any] | None]:
        found = {row.id: dict(row._mapping) for row in self._connection.execute(select(tags).where(tags.c.id.in_(ids)))}
        return {key: found.get(key) for key in ids}

    def _write(self, rows: _Rows) -> None:
        there = {key for key, row in self._rows(list(rows)).items() if row is not None}
        fresh = [row for key, row in rows.items() if key not in there and row is not None]
        if fresh:
            self._connection.execute(insert(tags), fresh)
        for key in there:
            self._connection.execute(update(tags).where(tags.c.id == key).values(**(rows[key] or {})))

    def _switch(self, step: Move) -> list[dict[str, Any]]:
        """Exchange one tag for another on articles. What was taken off and put on, as rows to be kept."""
        question = select(article_tags).where(article_tags.c.tag_id == step.from_id)
        wanted = None if step.article_ids is None else set(step.article_ids)
        rows = [
            dict(row._mapping)
            for row in self._connection.execute(question.order_by(article_tags.c.article_id))
            if wanted is None or row.article_id in wanted
        ]
        has_it = set(
            self._connection.scalars(select(article_tags.c.article_id).where(article_tags.c.tag_id == step.to_id))
        )
        put_on = [{**row, "tag_id": step.to_id} for row in rows if row["article_id"] not in has_it]
        self._off(rows)
        self._on(put_on)
        return [{**row, "added": False} for row in rows] + [{**row, "added": True} for row in put_on]

    def _switch_back(self, deed_id: int, before: _Rows) -> list[dict[str, Any]]:
        """Reverse what a deed did to articles: where the reader took off since what it put on, nothing comes back."""
        kept = [
            {key: value for key, value in row._mapping.items() if key != "deed_id"}
            for row in self._connection.execute(
                select(vocabulary_deed_articles).where(vocabulary_deed_articles.c.deed_id == deed_id)
            )
        ]
        if not kept:
            return []
        put_on = [row for row in kept if row["added"]]
        there = self._there([row["article_id"] for row in kept])
        refused = {row["article_id"] for row in put_on if (row["article_id"], row["tag_id"]) not in there}
        off = [row for row in put_on if row["article_id"] not in refused]
        on = [
            row
            for row in kept
            if not row["added"] and row["article_id"] not in refused and (row["article_id"], row["tag_id"]) not in there
        ]
        self._write({row["tag_id"]: before[row["tag_id"]] for row in on if before.get(row["tag_id"])})
        self._off(off)
        self._on([{key: value for key, value in row.items() if key != "added"} for row in on])
        return [{**row, "added": False} for row in off] + [{**row, "added": True} for row in on]

    def _there(self, article_ids: Sequence[int]) -> set[tuple[int, str]]:
        found: set[tuple[int, str]] = set()
        for some in _slices(sorted(set(article_ids))):
            rows = self._connection.execute(
                select(article_tags.c.article_id, article_tags.c.tag_id).where(article_tags.c.article_id.in_(some))
            )
            found.update((row.article_id, row.tag_id) for row in rows)
        return found

    def _off(self, rows: Sequence[Mapping[str, Any]]) -> None:
        by_tag: dict[str, list[int]] = {}
        for row in rows:
            by_tag.setdefault(row["tag_id"], []).append(row["article_id"])
        for tag_id, ids in by_tag.items():
            for some in _slices(ids):
                self._connection.execute(
                    delete(article_tags).where(article_tags.c.tag_id == tag_id, article_tags.c.article_id.in_(some))
                )

    def _on(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for some in _slices(rows):
            self._connection.execute(insert_new(self._connection, article_tags), [dict(row) for row in some])

    def _note_moved(self, before: _Rows, after: _Rows, now: datetime) -> None:
        """Articles below a tag that stands elsewhere: called before and after the rows change, for both places."""
        moved = [key for key, row in after.items() if (before[key] or {}).get("parents") != (row or {}).get("parents")]
        if moved:
            self._tags.note_articles_below(moved, now)

    def _keep(
        self,
        owner: int,
        deed: str,
        summary: str,
        about: Iterable[str],
        before: _Rows,
        after: _Rows,
        switched: Sequence[Mapping[str, Any]],
        now: datetime,
        undoes: int | None = None,
    ) -> int:
        articles_moved = {row["article_id"] for row in switched}
        self._changes.note_many(sorted(articles_moved), now)
        deed_id: int = self._connection.execute(
            insert(vocabulary_deeds)
            .values(
                owner=owner,
                deed=deed,
                summary=summary,
                before=dict(before),
                after=dict(after),
                moved=len(articles_moved),
                done_at=now,
                undoes=undoes,
                undone_by=None,
            )
            .returning(vocabulary_deeds.c.id)
        ).scalar_one()
        concerned = dict.fromkeys((*about, *after))
        rows = [{"deed_id": deed_id, "tag_id": tag_id} for tag_id in concerned]
        if rows:
            self._connection.execute(insert(vocabulary_deed_tags), rows)
        for some in _slices(switched):
            self._connection.execute(insert(vocabulary_deed_articles), [{**row, "deed_id": deed_id} for row in some])
        self._tags.changed()
        return deed_id

    def _check_nothing_came_after(self, deed: Row[Any]) -> None:
        now = self._rows(list(deed.after))
        for key, row in deed.after.items():
            if now[key] != row:
                name = (now[key] or row or {}).get("name", key)
                raise Conflict(f"{name} was changed since. Undo in its history what came later, then this.")

    def _used(self, ids: Sequence[str]) -> set[str]:
        """Those that an article carries, or that something stands below or was merged into."""
        if not ids:
            return set()
        used = set(self._connection.scalars(select(article_tags.c.tag_id).where(article_tags.c.tag_id.in_(ids))))
        rest = self._connection.execute(
            select(tags.c.id, tags.c.parents, tags.c.merged_into).where(tags.c.id.not_in(ids))
        )
        for row in rest:
            used.update(each for each in (*row.parents, row.merged_into) if each in ids)
        return used

    def _row(self, deed_id: int) -> Row[Any]:
        row = self._connection.execute(select(vocabulary_deeds).where(vocabulary_deeds.c.id == deed_id)).one_or_none()
        if row is None:
            raise NotFound("There is no such deed in the history.")
        return row

    def _about(self, deed_id: int) -> list[str]:
        return list(
            self._connection.scalars(
                select(vocabulary_deed_tags.c.tag_id).where(vocabulary_deed_tags.c.deed_id == deed_id)
            )
        )

    def _deeds(self, rows: Sequence[Row[Any]]) -> list[Deed]:
        vocabulary = Vocabulary(self._tags.all()) if rows else Vocabulary(())
        names = {row.id: row.name for row in self._connection.execute(select(accounts.c.id, accounts.c.name))}
        return [
            Deed(
                id=row.id,
                deed=row.deed,
                summary=row.summary,
                at=row.done_at,
                who=names.get(row.owner, ""),
                tag_ids=tuple(row.after),
                moved=row.moved,
                lines=tuple(_line(key, row, vocabulary) for key in row.after),
                is_undone=row.undone_by is not None,
                undoes=row.undoes,
            )
            for row in rows
        ]


def _line(key: str, row: Row[Any], vocabulary: Vocabulary) -> str:
    return told(_tag(row.before.get(key)), _tag(row.after.get(key)), vocabulary)


def _tag(row: Mapping[str, Any] | None) -> Tag | None:
    return None if row is None else tag_of(_Record(row))


class _Record:
    """A row kept as JSON, read as a row."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)


def _slices(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))
