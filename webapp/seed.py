"""The vocabulary a new archive begins with, read from data/regions.tsv and data/topics.tsv inside the package.

The files are written by tools/build_vocabulary.py; their columns are described in data/README.md.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from webapp.model import TagKind
from webapp.tags import Tag

_FIXED = ("id", "slug", "name", "code", "parents", "aliases", "retired", "note")  # what follows are languages
_FILES = {TagKind.REGION: "regions.tsv", TagKind.TOPIC: "topics.tsv"}


@cache
def seed_tags() -> tuple[Tag, ...]:
    """Every region and topic that comes with Dateline, parents before children within the trees of UN M49 and IPTC.

    Source: UN M49, Unicode CLDR, IPTC Media Topics (CC BY 4.0); see data/LICENCES.md.
    """
    return tuple(tag for kind, name in _FILES.items() for tag in _read(kind, name))


def _read(kind: TagKind, file_name: str) -> list[Tag]:
    text = files("webapp").joinpath("data", file_name).read_text(encoding="utf-8")
    header, *lines = text.rstrip("\n").split("\n")
    columns = tuple(header.split("\t"))
    if columns[: len(_FIXED)] != _FIXED:
        raise ValueError(f"{file_name}: its columns are not those this version reads")
    return [_tag(kind, line.split("\t"), columns[len(_FIXED) :]) for line in lines]


def _tag(kind: TagKind, cells: list[str], languages: tuple[str, ...]) -> Tag:
    tag_id, slug, name, code, parents, aliases, retired, note, *names = cells
    return Tag(
        id=tag_id,
        kind=kind,
        slug=slug,
        name=name,
        code=code,
        parents=tuple(parents.split()),
        names={"en": name} | {language: text for language, text in zip(languages, names, strict=True) if text},
        aliases=tuple(alias for alias in aliases.split("|") if alias),
        retired=bool(retired),
        note=note,
    )
