"""The gazetteer: 160,000 places and 7,000 areas with 360,000 names, in a read-only SQLite file.

The file comes packed with the program (`data/gazetteer.sqlite.xz`, written by tools/build_gazetteer.py) and is
unpacked into the archive's folder on first use, named by its content, so a new program brings a new file. Source:
GeoNames, CC BY 4.0; see data/LICENCES.md. What it holds and why stands in docs/decisions/0011-gazetteer.md.
"""

from __future__ import annotations

import errno
import hashlib
import lzma
import os
import sqlite3
import struct
import tempfile
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import TracebackType

from webapp.errors import DiskFull, StoreUnavailable
from webapp.place_keys import name_key, sound_key
from webapp.places import Found, Place, tag_of

PACKED = "gazetteer.sqlite.xz"
_SORTS = ("area", "capital", "county", "place")
_TOWNS = frozenset({"capital", "place"})
_RECORD = struct.Struct("<I2sHBB")  # number, country, row of its area, size class, sort + 8 for an alternate name
_PLACE = struct.Struct("<2sHBBhh")  # the same without the number, then hundredths of a degree north and east
_AT_ONCE = 500  # SQLite allows 999 variables in builds before 3.32
_LONGEST = 100  # characters of a key that are looked up; the longest in the file has fewer
_MOST_KEYS = 20_000  # of one question: a bound for texts made to be slow
_COMMONEST = 400  # names that begin alike and are weighed by find_places; then "s" takes 2 ms
_FULL = {errno.ENOSPC, errno.EDQUOT}


def open_gazetteer(folder: Path) -> FileGazetteer:
    """The gazetteer, unpacked into `folder` if it is not there (0.6 s once, 15 MB).

    Several processes may do this at once. Raises DiskFull, StoreUnavailable.
    """
    packed = files("webapp").joinpath("data", PACKED).read_bytes()
    path = folder / f"gazetteer-{hashlib.sha256(packed).hexdigest()[:16]}.sqlite"
    try:
        if not path.exists():
            _unpack(packed, path)
        try:
            return FileGazetteer(path)
        except sqlite3.DatabaseError:  # cut short by a disk that broke: it is only a copy
            _unpack(packed, path)
            return FileGazetteer(path)
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(
                "The disk is full: the gazetteer needs 15 MB there. Free some room, then try again."
            ) from error
        raise StoreUnavailable(f"the gazetteer cannot be unpacked into {folder}: {error.strerror or error}") from error
    except sqlite3.DatabaseError as error:
        raise StoreUnavailable(f"the gazetteer {path} cannot be read: {error}") from error


class FileGazetteer:
    """Answers a `webapp.places.Gazetteer` gives. One connection, one question at a time: each takes milliseconds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self._areas = dict(self._database.execute("SELECT row, number FROM areas"))

    def named(self, keys: Collection[str]) -> Mapping[str, tuple[Found, ...]]:
        asked = [key for key in dict.fromkeys(keys) if 1 < len(key) < _LONGEST][:_MOST_KEYS]
        rows = self._rows("SELECT key, places FROM names WHERE key IN ({})", asked)
        return {key: tuple(self._found(record) for record in _RECORD.iter_unpack(places)) for key, places in rows}

    def sounding(self, sounds: Collection[str], countries: Collection[str]) -> Mapping[str, Found]:
        wanted = set(countries)
        asked = [sound for sound in dict.fromkeys(sounds) if sound][:_MOST_KEYS] if wanted else []
        rows = self._rows("SELECT sound, country, number FROM sounds WHERE sound IN ({})", asked)
        best: dict[str, Found] = {}
        for sound, country, number in rows:
            found = self._by_number(number) if country in wanted else None
            if found and (sound not in best or found.population > best[sound].population):
                best[sound] = found
        return best

    def place(self, tag_id: str) -> Place | None:
        digits = tag_id.removeprefix("r-gn-")
        if digits == tag_id or not (digits.isascii() and digits.isdigit()) or len(digits) > 10:
            return None
        rows = self._rows("SELECT number, name, place FROM places WHERE number IN ({})", [int(digits)])
        return next((self._place(*row) for row in rows), None)

    def find_places(self, prefix: str, limit: int) -> tuple[Place, ...]:
        key = name_key(prefix)[:_LONGEST]
        if not key or limit < 1:
            return ()
        begun = [
            (name == key, self._found(record))
            for name, places in self._beginning_with(key)
            for record in _RECORD.iter_unpack(places)
        ]
        return self._best(begun or self._sounding_anywhere(prefix), limit)

    def places_called(self, name: str, limit: int) -> tuple[Place, ...]:
        key = name_key(name)
        if not key or limit < 1:
            return ()
        called = [(True, found) for found in self.named([key]).get(key, ())]
        return self._best(called or self._sounding_anywhere(name), limit)

    def _best(self, weighed: Iterable[tuple[bool, Found]], limit: int) -> tuple[Place, ...]:
        """Places with a whole name first, then the more populous; but a town before the area that is called after it:
        whoever types "Raqqa" means the town."""
        worth: dict[int, tuple[bool, int]] = {}
        found_by: dict[int, Found] = {}
        for is_whole, found in weighed:
            worth[found.number] = max((is_whole, found.population), worth.get(found.number, (False, -1)))
            found_by[found.number] = found
        towns = [each for each in found_by.values() if each.sort in _TOWNS and worth[each.number][0]]
        for town in towns:
            for area in found_by.values():
                if area.sort not in _TOWNS and worth[area.number][0] and town.area in (area.number, area.area):
                    worth[area.number] = min(worth[area.number], (True, worth[town.number][1] - 1))
        best = sorted(worth, key=lambda number: (worth[number], -number), reverse=True)[:limit]
        return tuple(place for number in best if (place := self.place(f"r-gn-{number}")))

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def __enter__(self) -> FileGazetteer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _rows(self, question: str, values: list[str] | list[int]) -> list[tuple]:  # type: ignore[type-arg]
        rows: list[tuple] = []  # type: ignore[type-arg]
        with self._lock:
            for at in range(0, len(values), _AT_ONCE):
                some = values[at : at + _AT_ONCE]
                rows += self._database.execute(question.format(",".join("?" * len(some))), some)
        return rows

    def _beginning_with(self, key: str) -> list[tuple[str, bytes]]:
        """Names that begin with `key`: the exact one first, then those with the largest places among many."""
        with self._lock:
            return self._database.execute(
                "SELECT key, places FROM names WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
                (key, key + "\U0010ffff", _COMMONEST),
            ).fetchall()

    def _sounding_anywhere(self, name: str) -> Iterator[tuple[bool, Found]]:
        sound = sound_key(name)
        rows = self._rows("SELECT sound, country, number FROM sounds WHERE sound IN ({})", [sound] if sound else [])
        for _, _, number in rows:
            if found := self._by_number(number):
                yield True, found

    def _by_number(self, number: int) -> Found | None:
        rows = self._rows("SELECT place FROM places WHERE number IN ({})", [number])
        if not rows:
            return None
        country, area, size, sort, _, _ = _PLACE.unpack(rows[0][0])
        return self._found((number, country, area, size, sort | 8))

    def _found(self, record: tuple[int, bytes, int, int, int]) -> Found:
        number, country, area, size, sort = record
        return Found(
            number=number,
            country=country.decode(),
            area=self._areas.get(area, 0),
            population=_population(size),
            sort=_SORTS[sort & 7],
            is_alternate=sort >= 8,
        )

    def _place(self, number: int, name: str, place: bytes) -> Place:
        country, area, size, sort, north, east = _PLACE.unpack(place)
        above = self._areas.get(area, 0)
        parents = [tag_of(above)] if above and above != number else []
        return Place(
            tag_id=tag_of(number),
            name=name,
            parents=(*parents, f"r-{country.decode().lower()}"),
            latitude=north / 100,
            longitude=east / 100,
            population=_population(size),
            sort=_SORTS[sort],
        )


@cache
def _population(size: int) -> int:
    """The middle of a size class (steps of 7 %), to two figures that mean something."""
    people = round(2.718281828459045 ** (size / 14)) - 1
    digits = max(0, len(str(people)) - 2)
    return int(round(people, -digits))


def _unpack(packed: bytes, path: Path) -> None:
    """Write the file whole under another name, then rename; older ones, whose program is gone, are removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".gazetteer-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(lzma.decompress(packed))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for other in path.parent.glob("gazetteer-*.sqlite"):
        if other != path:
            with suppress(OSError):
                other.unlink()
