"""SQLite's FTS5: external content, Porter stems, BM25 with the title twice the weight.

Tried, at 4,000 articles (CPU ms):
- tags as words of a third column beat `+rowid IN (SELECT …)` and `EXISTS` (0.48, 0.77, 0.83 with dates);
- facets by joining a narrow table to the matches beat `IN` (2.1, 5.3);
- ORDER BY bm25() beats ORDER BY rank (0.9, 1.2), except with snippets, where all matches get one (2.2, 0.9);
- a count(*) of its own costs 0.06; without CROSS JOIN the planner may probe FTS5 once for every row of `day`;
- a prefix index halves prefixes, but makes the file larger by a quarter and the build slower by 40 %: `fts5-prefix`.
Row ids that begin with the day would make newest-first free, but FTS5 flushes its memory whenever they do not rise.
"""

from __future__ import annotations

import sqlite3

from benchmarks.peers import BEST, Answer, Question
from benchmarks.peers.sqlite import Sqlite

_WORDS = """
    CREATE VIRTUAL TABLE words USING fts5(
        title, text, tags, content = 'article', content_rowid = 'id',
        tokenize = 'porter unicode61 remove_diacritics 2' {prefix}
    );
    INSERT INTO words (words, rank) VALUES ('rank', 'bm25(2.0, 1.0, 0.0)');
"""
_BEST_FIRST = "bm25(words, 2.0, 1.0, 0.0)"
_SNIPPET = "snippet(words, 1, '<b>', '</b>', '…', 30)"


class Fts5(Sqlite):
    tables = Sqlite.tables + _WORDS.format(prefix="")

    def search(self, question: Question) -> Answer | None:
        if question.join == "fuzzy":
            return None
        source, condition = "words", "words MATCH ?"
        values: list[object] = [self._match(question)]
        if question.days or question.newest:
            source += " CROSS JOIN day ON day.id = words.rowid"
        if question.days:
            condition += " AND published >= ? AND published < ?"
            values += [day.toordinal() for day in question.days]
        order = "published DESC" if question.newest else "rank" if question.highlights else _BEST_FIRST
        columns = f"words.rowid, {_SNIPPET}" if question.highlights else "words.rowid"
        ask = self.reading.execute
        rows = ask(f"SELECT {columns} FROM {source} WHERE {condition} ORDER BY {order} LIMIT {BEST}", values).fetchall()
        total = ask(f"SELECT count(*) FROM {source} WHERE {condition}", values).fetchone()[0]
        return Answer(
            total,
            [row[0] for row in rows],
            self._facets(values) if question.facets else None,
            [row[1] for row in rows] if question.highlights else None,
        )

    def _match(self, question: Question) -> str:
        words = [f'"{word}"' for word in question.words]
        match = {
            "and": " AND ".join(words),
            "or": " OR ".join(words),
            "phrase": f'"{" ".join(question.words)}"',
            "prefix": f"{words[0]} *",
        }[question.join]
        return f'({match}) AND tags : "{self._number(question.region)}"' if question.region else match

    def _facets(self, values: list[object]) -> dict[str, int]:
        rows = self.reading.execute(
            "SELECT tag, count(*) FROM words CROSS JOIN tag_of ON tag_of.article = words.rowid"
            " WHERE words MATCH ? GROUP BY tag",
            values,
        )
        return {self.tag_names[tag]: count for tag, count in rows}

    def _index_words(self, connection: sqlite3.Connection, article: int, title: str, text: str, tags: str) -> None:
        connection.execute(
            "INSERT INTO words (rowid, title, text, tags) VALUES (?, ?, ?, ?)", (article, title, text, tags)
        )


class Fts5WithPrefixes(Fts5):
    tables = Sqlite.tables + _WORDS.format(prefix=", prefix = '4'")
