"""Articles, days and tags in SQLite: what `like` and `fts5` share. Tags have numbers; nothing joins on text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers import Answer, Question, tags_of, text_of

if TYPE_CHECKING:
    from index import Document

_TABLES = """
    CREATE TABLE article (id INTEGER PRIMARY KEY, title TEXT, text TEXT, tags TEXT, published INTEGER);
    CREATE TABLE day (id INTEGER PRIMARY KEY, published INTEGER);  -- narrow: sorting need not read the articles
    CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
    CREATE TABLE tag_of (article INTEGER, tag INTEGER, PRIMARY KEY (article, tag)) WITHOUT ROWID;
"""


class Sqlite:
    """One file in WAL mode; a connection for reading, one for adding."""

    tables = _TABLES

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reading: sqlite3.Connection
        self.adding: sqlite3.Connection | None = None
        self.tag_names: dict[int, str] = {}

    def build(self, documents: Iterator[Document]) -> None:
        self.folder.mkdir(parents=True)
        connection = self._connect()
        connection.executescript(self.tables)
        numbers: dict[str, int] = {}
        with connection:
            for document in documents:
                self._insert(connection, document, numbers)
        self._finish(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def open(self) -> None:
        self.reading = self._connect()
        self.tag_names = dict(self.reading.execute("SELECT id, name FROM tag"))

    def search(self, question: Question) -> Answer | None:
        raise NotImplementedError

    def add(self, document: Document) -> None:
        if self.adding is None:
            self.adding = self._connect()
        numbers = {name: number for number, name in self.tag_names.items()}
        with self.adding:
            self._insert(self.adding, document, numbers)
            self.tag_names = {number: name for name, number in numbers.items()}  # before anybody sees the new ones

    def close(self) -> None:
        self.reading.close()
        if self.adding:
            self.adding.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.folder / "articles.sqlite", check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # as durable as ours
        return connection

    def _finish(self, connection: sqlite3.Connection) -> None:
        """After all articles."""

    def _insert(self, connection: sqlite3.Connection, document: Document, numbers: dict[str, int]) -> None:
        tags = []
        for name in dict.fromkeys(tags_of(document)):
            if name not in numbers:
                numbers[name] = len(numbers) + 1
                connection.execute("INSERT INTO tag VALUES (?, ?)", (numbers[name], name))
            tags.append(numbers[name])
        published = document.published.toordinal() if document.published else None
        texts = (document.title, text_of(document), " ".join(map(str, tags)))
        connection.execute("INSERT INTO article VALUES (?, ?, ?, ?, ?)", (document.id, *texts, published))
        connection.execute("INSERT INTO day VALUES (?, ?)", (document.id, published))
        connection.executemany("INSERT INTO tag_of VALUES (?, ?)", [(document.id, tag) for tag in tags])
        self._index_words(connection, document.id, *texts)

    def _index_words(self, connection: sqlite3.Connection, article: int, title: str, text: str, tags: str) -> None:
        """Whatever else finds the words."""

    def _number(self, tag: str) -> int:
        found = self.reading.execute("SELECT id FROM tag WHERE name = ?", (tag,)).fetchone()
        return int(found[0]) if found else -1
