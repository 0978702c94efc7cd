"""Which names of a place are taken. GeoNames lists everything anyone ever wrote, romanisations of romanisations too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gazetteer.sources import ROMANISED, Unit, members
from webapp.place_keys import name_key

LATIN = re.compile(r"[A-Z\u00c0-\u00de‘’ʻʼ'][a-zß-ÿA-Z\u0100-\u024f\u1e00-\u1eff ʻʼ‘’'.-]+")
SCRIPTS = {
    "cyrillic": re.compile(r"[\u0400-\u04ff -]+"),
    "hebrew": re.compile(r"[\u05d0-\u05ea '\"׳״-]+"),
    "arabic": re.compile(r"[\u0621-\u064a\u0679\u067e\u0686\u0688\u0691\u0698\u06a9\u06af\u06be\u06c1\u06cc\u06d2 -]+"),
    "cjk": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]+"),
}
AT_HOME = {script: members(script) for script in SCRIPTS}
# Populations from which names are taken: in Latin letters, in another script at home, in another script abroad.
LATIN_FROM, HOME_FROM, ABROAD_FROM = 5_000, 15_000, 100_000
SHORTEST = {"cyrillic": 3, "hebrew": 3, "arabic": 3, "cjk": 2}

GENERIC = re.compile(
    r"\b(?:district|county|region|province|governorate|oblast|state|department|prefecture|municipality|parish|canton"
    r"|republic|autonomous|voivodeship|krai|wilaya|gouvernorat|departamento|provincia|région|region de|of|the|city)\b",
    re.IGNORECASE,
)
GENERIC_NATIVE = re.compile(r"^محافظة |^ولاية |^منطقة |^استان |^مخطط | область$| Область$| край$| Край$|^Республика ")
# What is left of names like 'Central Region', or means something else when it stands alone.
NOT_ALONE = members("not-alone")


def names_of(unit: Unit, main_names: set[str]) -> list[tuple[str, bool]]:
    """(key, whether it is an alternate) of every name taken, the main one first, each key once."""
    main = name_key(unit.name)
    found = {main: False} if len(main) > 1 and main not in NOT_ALONE else {}
    found |= {name_key(name): False for name in unit.firm}
    for name in wanted(unit):
        key = name_key(name)
        if len(key) < 2 or key in found or key in NOT_ALONE or key.startswith("the-"):
            continue
        is_short_for_main = main.startswith(f"{key}-") and unit.population >= LATIN_FROM  # 'Newcastle' upon Tyne
        if unit.sort in ("place", "capital") and key in main_names and not is_short_for_main:
            continue  # another, larger place has it as its own: 'Salem' is not Jerusalem
        found[key] = unit.sort in ("place", "capital") and not is_short_for_main
    return list(found.items())


def wanted(unit: Unit) -> Iterator[str]:
    if unit.sort in ("area", "county"):
        yield from area_names(unit)
        return
    for name in unit.others:
        if LATIN.fullmatch(name):
            is_wanted = unit.population >= LATIN_FROM or unit.country in ROMANISED
            if is_wanted and len(name) >= 4 and not name.isupper():
                yield name
            continue
        for script, pattern in SCRIPTS.items():
            at_least = HOME_FROM if unit.country in AT_HOME[script] else ABROAD_FROM
            if pattern.fullmatch(name) and unit.population >= at_least and len(name) >= SHORTEST[script]:
                yield name
                break


def area_names(unit: Unit) -> Iterator[str]:
    for name in [unit.name, *unit.others]:
        if len(name) < 3:
            continue
        yield name
        short = GENERIC_NATIVE.sub("", GENERIC.sub("", name)).strip()
        if unit.sort == "area" and short != name and len(short) > 3:
            yield short
