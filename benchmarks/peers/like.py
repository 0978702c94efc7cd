"""No index of words at all: `LIKE '%word%'` over title and text, as many archives search. Newest first, nothing ranked.

One pass over the articles gives total, hits and (through a temporary table) facets; filters go first.
"""

from __future__ import annotations

import re
import sqlite3

from benchmarks.peers import BEST, Answer, Question
from benchmarks.peers.sqlite import Sqlite

_AROUND = 80  # characters before and after the first word found, in a snippet


class Like(Sqlite):
    def search(self, question: Question) -> Answer | None:
        if question.join == "fuzzy":
            return None
        phrase = question.join == "phrase"
        patterns = [f"%{word}%" for word in ((" ".join(question.words),) if phrase else question.words)]
        either = " OR " if question.join == "or" else " AND "
        condition = "(" + either.join("(text LIKE ? OR title LIKE ?)" for _ in patterns) + ")"
        values: list[object] = [pattern for pattern in patterns for _ in range(2)]
        source = "article"
        if question.days:
            condition = "published >= ? AND published < ? AND " + condition
            values = [day.toordinal() for day in question.days] + values
        if question.region:
            source = "tag_of CROSS JOIN article ON article.id = tag_of.article"
            condition = "tag = ? AND " + condition
            values = [self._number(question.region), *values]
        found = self.reading.execute(f"SELECT id FROM {source} WHERE {condition} ORDER BY published DESC", values)
        ids = [row[0] for row in found]
        return Answer(
            len(ids),
            ids[:BEST],
            self._facets(ids) if question.facets else None,
            [self._snippet(id, question.words) for id in ids[:BEST]] if question.highlights else None,
        )

    def _facets(self, ids: list[int]) -> dict[str, int]:
        ask = self.reading.execute
        ask("CREATE TEMP TABLE IF NOT EXISTS found (id INTEGER PRIMARY KEY)")
        ask("DELETE FROM found")
        self.reading.executemany("INSERT INTO found VALUES (?)", ((id,) for id in ids))
        rows = ask("SELECT tag, count(*) FROM found CROSS JOIN tag_of ON article = found.id GROUP BY tag").fetchall()
        self.reading.rollback()  # what is only for this answer need not be written
        return {self.tag_names[tag]: count for tag, count in rows}

    def _snippet(self, id: int, words: tuple[str, ...]) -> str:
        text = self.reading.execute("SELECT text FROM article WHERE id = ?", (id,)).fetchone()[0]
        word = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
        first = word.search(text)
        start = max(0, first.start() - _AROUND) if first else 0
        return word.sub(r"<b>\g<0></b>", text[start : start + 2 * _AROUND])

    def _finish(self, connection: sqlite3.Connection) -> None:
        connection.execute("CREATE INDEX article_by_tag ON tag_of (tag, article)")
