"""Writes the read-only SQLite file and packs it. Its tables are described in webapp/gazetteer.py, which reads them."""

from __future__ import annotations

import lzma
import math
import sqlite3
import struct
import tempfile
from collections import defaultdict
from pathlib import Path

from gazetteer.sources import ROMANISED, Unit
from webapp.place_keys import sound_key

SORTS = ("area", "capital", "county", "place")
RECORD = struct.Struct("<I2sHBB")  # number, country, row of its area, size class, sort + 8 for an alternate
MOST = 40  # places that share one name; of 'San José' and 'Springfield' the smaller ones are left out


def pack(units: list[tuple[Unit, list[tuple[str, bool]]]], target: Path) -> int:
    """Write `target` (.xz); the size in bytes of what is packed comes back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gazetteer.sqlite"
        write(units, path)
        content = path.read_bytes()
    target.write_bytes(
        lzma.compress(content, format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC64, preset=9 | lzma.PRESET_EXTREME)
    )
    return len(content)


def write(units: list[tuple[Unit, list[tuple[str, bool]]]], path: Path) -> None:
    area_rows = {unit.number: row for row, (unit, _) in enumerate(units, start=1) if unit.sort == "area"}
    bearers: dict[str, list[tuple[Unit, bool]]] = defaultdict(list)
    sounds: dict[tuple[str, str], Unit] = {}
    for unit, names in units:
        for key, is_alternate in names:
            bearers[key].append((unit, is_alternate))
            if unit.country in ROMANISED and unit.sort != "county" and (sound := sound_key(key)):
                best = sounds.setdefault((sound, unit.country), unit)
                if unit.population > best.population:
                    sounds[sound, unit.country] = unit
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA page_size = 4096")
        database.execute("PRAGMA journal_mode = OFF")
        database.executescript(
            "CREATE TABLE names (key TEXT PRIMARY KEY, places BLOB NOT NULL) WITHOUT ROWID;"
            "CREATE TABLE sounds (sound TEXT, country TEXT, number INTEGER, PRIMARY KEY (sound, country))"
            " WITHOUT ROWID;"
            "CREATE TABLE places (number INTEGER PRIMARY KEY, name TEXT NOT NULL, place BLOB NOT NULL);"
            "CREATE TABLE areas (row INTEGER PRIMARY KEY, number INTEGER NOT NULL);"
        )
        database.executemany("INSERT INTO areas VALUES (?, ?)", [(row, number) for number, row in area_rows.items()])
        database.executemany(
            "INSERT INTO names VALUES (?, ?)",
            (
                (key, b"".join(record(unit, area_rows, alt) for unit, alt in ranked(bearers[key])))
                for key in sorted(bearers)
            ),
        )
        database.executemany(
            "INSERT INTO sounds VALUES (?, ?, ?)",
            ((*key, unit.number) for key, unit in sorted(sounds.items(), key=lambda item: item[0])),
        )
        database.executemany(
            "INSERT INTO places VALUES (?, ?, ?)",
            (
                (unit.number, unit.name, record(unit, area_rows, False)[4:] + struct.pack("<hh", *degrees(unit)))
                for unit, _ in sorted(units, key=lambda item: item[0].number)
            ),
        )
        database.commit()
        database.execute("VACUUM")
    database.close()


def ranked(bearers: list[tuple[Unit, bool]]) -> list[tuple[Unit, bool]]:
    """The largest of each first-level area, main names before alternates; then by population."""
    best: dict[tuple[str, int, str], tuple[Unit, bool]] = {}
    for unit, is_alternate in sorted(bearers, key=lambda item: (item[1], -item[0].population, item[0].number)):
        best.setdefault((unit.country, unit.area, unit.sort), (unit, is_alternate))
    return sorted(best.values(), key=lambda item: (-item[0].population, item[0].number))[:MOST]


def record(unit: Unit, area_rows: dict[int, int], is_alternate: bool) -> bytes:
    size = round(14 * math.log(unit.population + 1))  # steps of 7 %
    sort = SORTS.index(unit.sort) + 8 * is_alternate
    return RECORD.pack(unit.number, unit.country.encode(), area_rows.get(unit.area, 0), min(size, 255), sort)


def degrees(unit: Unit) -> tuple[int, int]:
    """North and east in hundredths of a degree, about 1 km: enough for a map of the world."""
    return round(unit.latitude * 100), round(unit.longitude * 100)
