"""Everything that lives long, opened in one place and handed to the deeds as one value.

Opening makes the data directory, migrates the database, seeds the two tag trees and opens the index. An index
that cannot be opened does not stop the archive: titles are served from the database while it is rebuilt.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from index import Engine, EngineUnavailable, open_engine
from webapp.assets import Shelf
from webapp.confine import Confined
from webapp.errors import BadSetting
from webapp.fetch import Fetcher
from webapp.gazetteer import FileGazetteer, open_gazetteer
from webapp.seed import seed_tags
from webapp.settings import Settings
from webapp.store import Store, open_store
from webapp.tags import Vocabulary

Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Services:
    """The shelves, the clock, and the bell that wakes the worker. Closed as a whole."""

    settings: Settings
    store: Store
    shelf: Shelf
    fetcher: Fetcher
    confined: Confined
    engine: Engine | None
    clock: Callable[[], datetime] = utc_now
    bell: threading.Event = field(default_factory=threading.Event)
    engine_reason: str = ""
    owns_confined: bool = True
    learned: dict[int, Any] = field(default_factory=dict)  # by owner, what was learned of the log; see learned.py
    owns_gazetteer: bool = True
    _gazetteer: FileGazetteer | None = None
    _gazetteer_lock: threading.Lock = field(default_factory=threading.Lock)
    _vocabulary: Vocabulary | None = None
    _vocabulary_revision: int = -1
    _index_inode: int = 0
    _index_lock: threading.Lock = field(default_factory=threading.Lock)

    def vocabulary(self) -> Vocabulary:
        """The two trees as they are now; read again only when somebody changed them."""
        with self.store.read() as work:
            revision = work.tags.revision()
            if self._vocabulary is None or revision != self._vocabulary_revision:
                self._vocabulary, self._vocabulary_revision = Vocabulary(work.tags.all()), revision
        return self._vocabulary

    def gazetteer(self) -> FileGazetteer:
        """The names of the world's places; unpacked and opened when first asked for. Raises StoreUnavailable."""
        with self._gazetteer_lock:
            if self._gazetteer is None:
                self._gazetteer = open_gazetteer(self.settings.data_dir / "gazetteer")
            return self._gazetteer

    def index(self) -> Engine | None:
        """The search index; None while it cannot be opened. Opened again when another process swapped in a new one."""
        if _inode(index_folder(self.settings)) != self._index_inode:
            with self._index_lock:
                if _inode(index_folder(self.settings)) != self._index_inode:
                    open_index(self)
        return self.engine

    def ask(self, question: Callable[[Engine], Answer]) -> Answer | None:
        """The index's answer; None while there is none to ask. One that turns out to be damaged is let go of, and the
        worker makes it anew."""
        engine = self.index()
        if engine is None:
            return None
        try:
            return question(engine)
        except EngineUnavailable as error:
            self.lose_index(engine, error)
            return None

    def lose_index(self, engine: Engine, error: EngineUnavailable) -> None:
        """Let go of an index that turned out to be damaged."""
        with self._index_lock:
            if self.engine is engine:
                log.warning("the search index cannot be used any more: %s", error)
                self.engine, self.engine_reason = None, str(error)

    def close(self) -> None:
        if self.owns_confined:
            self.confined.close()
        if self.owns_gazetteer and self._gazetteer is not None:
            self._gazetteer.close()
        if self.engine is not None:
            self.engine.close()
        self.store.close()


def open_services(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    confined: Confined | None = None,
    gazetteer: FileGazetteer | None = None,
    expects_clips: bool = False,
) -> Services:
    """Open every shelf of the archive in `settings.data_dir`, making what is missing.

    A `confined` child and a `gazetteer` that are given are used and left open: several archives may share them.
    Whoever `expects_clips` has the child started at once, before the first clip comes.

    Raises BadSetting when the data directory cannot be written, StoreUnavailable when the database cannot be opened.
    """
    _make_private_folder(settings.data_dir)
    store = open_store(settings.database, busy_timeout_s=settings.busy_timeout_s)
    with store.begin() as work:
        work.tags.seed(seed_tags())
    services = Services(
        settings=settings,
        store=store,
        shelf=Shelf(settings.data_dir / "assets"),
        fetcher=Fetcher(settings),
        confined=confined
        or Confined(
            timeout_s=settings.extraction_timeout_s,
            memory_bytes=settings.extraction_memory_bytes,
            prewarm=expects_clips,
        ),
        owns_confined=confined is None,
        owns_gazetteer=gazetteer is None,
        _gazetteer=gazetteer,
        engine=None,
        clock=clock,
    )
    open_index(services)
    return services


def index_folder(settings: Settings) -> Path:
    return settings.data_dir / "index"


def open_index(services: Services) -> None:
    """Open the index, or note why it cannot be: then search serves titles and `indexing` makes it anew."""
    folder = index_folder(services.settings)
    try:
        engine = open_engine(folder)
        if engine.count() == 0 and _has_lost_its_index(services.store):
            engine.close()
            raise EngineUnavailable(folder, "it is empty, and the archive is not")
        services.engine, services.engine_reason = engine, ""
    except EngineUnavailable as error:
        log.warning("the search index cannot be opened: %s", error)
        services.engine, services.engine_reason = None, str(error)
    services._index_inode = _inode(folder)


def _has_lost_its_index(store: Store) -> bool:
    """Whether an empty index is a lost one: there are articles, and none of them waits to be put into it."""
    with store.read() as work:
        return work.articles.count_all() > work.changes.count()


def _inode(folder: Path) -> int:
    try:
        return folder.stat().st_ino
    except FileNotFoundError:
        return 0


def _make_private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"the data directory {folder} cannot be made: {error.strerror}") from error
