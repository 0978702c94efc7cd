"""The plan of the house, held: who may import whom, one importer a library, no rooms without a name."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FLOORS = {
    "webapp": 0,
    "webapp.addresses": 0,
    "webapp.errors": 0,
    "webapp.evidence": 0,
    "webapp.model": 0,
    "webapp.place_keys": 0,
    "webapp.places": 0,
    "webapp.ruling": 0,
    "webapp.projection": 0,
    "webapp.settings": 0,
    "webapp.tags": 0,
    "webapp.trackers": 0,
    "webapp.tree_changes": 0,
    "webapp.tree_words": 0,
    "webapp.version": 0,
    "webapp.clips": 1,
    "webapp.extract": 1,
    "webapp.pictures": 1,
    "webapp.sanitise": 1,
    "webapp.versions": 1,
    "webapp.vocabulary_files": 1,
    "webapp.suggest": 1,
    "webapp.assets": 2,
    "webapp.confine": 2,
    "webapp.fetch": 2,
    "webapp.gazetteer": 2,
    "webapp.locks": 2,
    "webapp.seed": 2,
    "webapp.store": 2,
    "webapp.world": 2,
    "webapp.access": 3,
    "webapp.alerts": 3,
    "webapp.articles": 3,
    "webapp.atlas": 3,
    "webapp.clipping": 3,
    "webapp.completing": 3,
    "webapp.filing": 3,
    "webapp.housekeeping": 3,
    "webapp.indexing": 3,
    "webapp.jobs": 3,
    "webapp.lessons": 3,
    "webapp.making": 3,
    "webapp.pipeline": 3,
    "webapp.receipts": 3,
    "webapp.reviewing": 3,
    "webapp.remarks": 3,
    "webapp.rule_runs": 3,
    "webapp.rules": 3,
    "webapp.searching": 3,
    "webapp.services": 3,
    "webapp.trees": 3,
    "webapp.vocabulary_care": 3,
    "webapp.vocabulary_transfer": 3,
    "webapp.api": 4,
    "webapp.compress": 4,
    "webapp.counter": 4,
    "webapp.error_pages": 4,
    "webapp.guard": 4,
    "webapp.htmx": 4,
    "webapp.pages": 4,
    "webapp.__main__": 5,
    "webapp.app": 5,
    "webapp.cli": 5,
    "webapp.cli_vocabulary": 5,
    "webapp.demo": 5,
    "index": 0,
}
ALONE = {1, 2}  # makers and shelves: never one another

ONLY_IMPORTERS = {
    "PIL": {"webapp/pictures.py", "webapp/demo/"},
    "Stemmer": {"index/analysis.py"},
    "alembic": {"webapp/store/"},
    "bleach": {"webapp/sanitise.py"},
    "htmldate": {"webapp/extract/dates.py"},
    "htmx_flask": {"webapp/htmx.py"},
    "py3langid": {"webapp/extract/language.py"},
    "readability": {"webapp/extract/reader.py"},
    "sqlalchemy": {"webapp/store/"},
    "trafilatura": {"webapp/extract/judge.py"},
    "urllib3": {"webapp/fetch.py"},
    "waitress": {"webapp/cli.py"},
    "whoosh": {"index/whoosh_engine/"},
}
FLASK = {
    "webapp/api/",
    "webapp/app.py",
    "webapp/compress.py",
    "webapp/counter.py",
    "webapp/error_pages.py",
    "webapp/guard.py",
    "webapp/htmx.py",
    "webapp/pages/",
}
NAMELESS = {"utils", "helpers", "common", "misc", "util", "helper", "manager", "base"}


@functools.cache
def modules() -> list[Path]:
    found = [path for package in ("webapp", "index") for path in (ROOT / package).rglob("*.py")]
    assert len(found) > 40
    return sorted(found)


@functools.cache
def imports(path: Path) -> tuple[str, ...]:
    """Every module that a file imports, wherever in the file: `from webapp import jobs` is webapp.jobs."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            is_package = (ROOT / node.module.replace(".", "/")).is_dir()
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from names if is_package else [node.module]


def room_of(module: str) -> str:
    """The room that a module stands in: "webapp.store.tables" is in webapp.store; all of `index` is one room."""
    parts = module.split(".")
    return "index" if parts[0] == "index" else ".".join(parts[:2])


def module_of(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")


@pytest.mark.parametrize("path", modules(), ids=module_of)
def test_a_module_imports_from_its_own_floor_or_below(path: Path) -> None:
    room = room_of(module_of(path))
    assert room in FLOORS, f"{room} has no floor yet: give it one here and in DEVELOPING.md"
    for imported in imports(path):
        if imported.split(".")[0] not in ("webapp", "index"):
            continue
        other = room_of(imported)
        if other == room:
            continue
        other = other if other in FLOORS else "webapp"
        assert FLOORS[other] <= FLOORS[room], f"{room} (floor {FLOORS[room]}) imports {other} (floor {FLOORS[other]})"
        assert not (FLOORS[other] == FLOORS[room] and FLOORS[room] in ALONE), f"{room} imports its neighbour {other}"
        assert not (FLOORS[room] == 4 and FLOORS[other] in ALONE), f"{room} reaches past the deeds to {other}"


def test_the_search_library_does_not_know_the_archive() -> None:
    for path in modules():
        if module_of(path).startswith("index"):
            assert not [name for name in imports(path) if name.split(".")[0] == "webapp"], path


@pytest.mark.parametrize("library", sorted(ONLY_IMPORTERS))
def test_a_library_has_one_importer(library: str) -> None:
    importers = {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if any(name.split(".")[0] == library for name in imports(path))
    }
    assert importers, f"nothing imports {library}: take it out of pyproject.toml and of this list"
    allowed = tuple(ONLY_IMPORTERS[library])
    assert not [path for path in importers if not path.startswith(allowed)]


def test_only_counters_know_flask() -> None:
    for path in modules():
        if any(name.split(".")[0] == "flask" for name in imports(path)):
            assert path.relative_to(ROOT).as_posix().startswith(tuple(FLASK)), path


def test_every_room_has_a_name() -> None:
    assert not [path for path in modules() if path.stem in NAMELESS]


def test_files_are_small_enough_to_be_read_at_once() -> None:
    too_long = {
        module_of(path): lines
        for path in modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not too_long


def test_deeds_do_not_import_one_another_in_circles() -> None:
    deeds = {room for room, floor in FLOORS.items() if floor == 3}
    below: dict[str, set[str]] = {room: set() for room in deeds}
    for path in modules():
        room = room_of(module_of(path))
        if room in deeds:
            below[room] |= {room_of(name) for name in imports(path) if room_of(name) in deeds} - {room}
    while free := {room for room, needs in below.items() if not needs}:
        below = {room: needs - free for room, needs in below.items() if room not in free}
    assert not below, f"these import one another: {sorted(below)}"
