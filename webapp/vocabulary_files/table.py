"""The trees as a table: a line a tag, several values in a cell parted by "|", a column a language ("name:de").

Source: RFC 4180; a byte order mark and semicolons, which spreadsheets write, are read too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from webapp.model import TagKind
from webapp.tags import Tag
from webapp.vocabulary_files.rows import LINES_MAX, Problem, TagRow

COLUMNS = ("id", "kind", "slug", "name", "code", "parents", "aliases", "retired", "merged_into", "former_slugs", "note")
_MANY = ("parents", "aliases", "former_slugs")
_YES = {"yes", "true", "1", "x"}
_NO = {"", "no", "false", "0"}


def write_table(tags: Iterable[Tag]) -> str:
    """Every field of every tag, in the order given."""
    listed = list(tags)
    languages = list(dict.fromkeys(language for tag in listed for language in tag.names))
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([*COLUMNS, *(f"name:{language}" for language in languages)])
    for tag in listed:
        cells = {name: getattr(tag, name) for name in COLUMNS}
        cells |= {name: "|".join(_escaped(each) for each in cells[name]) for name in _MANY}
        cells |= {"kind": tag.kind.value, "retired": "yes" if tag.retired else ""}
        writer.writerow([*(cells[name] for name in COLUMNS), *(tag.names.get(language, "") for language in languages)])
    return file.getvalue()


def read_table(text: str, kind: TagKind) -> list[TagRow | Problem]:
    """Columns by their names in the first line, in any order; those of another name are passed over."""
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first))
    found: list[TagRow | Problem] = []
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        if "name" not in header and "id" not in header:
            return [Problem(1, "The first line names the columns: at least “name” or “id” must be among them.")]
        for cells in reader:
            if len(found) >= LINES_MAX:
                found.append(Problem(reader.line_num, f"Only {LINES_MAX:,} lines are read."))
                break
            if any(cell.strip() for cell in cells):
                found.append(_row(dict(zip(header, cells, strict=False)), reader.line_num, kind))
    except csv.Error as error:
        found.append(Problem(reader.line_num, f"The table cannot be read from here on: {error}."))
    return found


def _row(cells: dict[str, str], line: int, kind: TagKind) -> TagRow | Problem:
    cells = {name: cell.strip() for name, cell in cells.items()}
    told = cells.get("kind") or kind.value
    if told not in set(TagKind):
        return Problem(line, f"“{told[:40]}” is no kind: a tag is a region or a topic.")
    if cells.get("retired", "").lower() not in _YES | _NO:
        return Problem(line, f"“{cells['retired'][:40]}” in the column “retired”: say yes, or nothing.")
    if not cells.get("id") and not cells.get("name"):
        return Problem(line, "It has neither an id nor a name.")
    names = {name.removeprefix("name:"): cell for name, cell in cells.items() if name.startswith("name:") and cell}
    return TagRow(
        line=line,
        kind=TagKind(told),
        key=cells.get("id", ""),
        id=cells.get("id", ""),
        slug=cells.get("slug", ""),
        name=cells.get("name", ""),
        code=cells.get("code", ""),
        parents=_values(cells.get("parents", "")),
        names=names,
        aliases=_values(cells.get("aliases", "")),
        retired=cells.get("retired", "").lower() in _YES,
        merged_into=cells.get("merged_into", ""),
        former_slugs=_values(cells.get("former_slugs", "")),
        note=cells.get("note", ""),
        told=frozenset(cells) | ({"names"} if any(name.startswith("name:") for name in cells) else frozenset()),
    )


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|")


def _values(cell: str) -> tuple[str, ...]:
    """The values of a cell; "\\|" is a bar within one."""
    values = [""]
    characters = iter(cell)
    for character in characters:
        if character == "\\":
            values[-1] += next(characters, "")
        elif character == "|":
            values.append("")
        else:
            values[-1] += character
    return tuple(value.strip() for value in values if value.strip())
