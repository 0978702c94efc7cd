"""Write the pages of `tests/cases/extract`: `python -m tests.cases.extract.generator.make` from the project's root."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

from . import more_pages, seed  # noqa: F401  (they add to PAGES)
from .markup import NOISE
from .pages import ADDRESS, PAGES, Case

FOLDER = Path(__file__).parents[1]
ALWAYS_UNWANTED = (NOISE["comment"], NOISE["footer"], *NOISE["teasers"])


def expected_of(case: Case) -> dict[str, Any]:
    """What a right extraction of the page has. A `None` means: not judged."""
    story = case.story
    texts = [line for item in story.blocks for line in _lines(item)]
    figures = [value for kind, value in story.blocks if kind == "figure"] + ([story.lead] if story.lead else [])
    told: dict[str, Any] = {
        "address": ADDRESS,
        "title": story.title,
        "standfirst": story.standfirst,
        "authors": list(story.authors),
        "date": story.date,
        "site": story.site,
        "language": story.language,
        "direction": story.direction,
        "text": texts,
        "must": [],
        "must_not": [],
        "figures": len(figures),
        "captions": [caption for _, _, caption in figures if caption],
        "image_addresses": [],
        "tables": sum(kind == "table" for kind, _ in story.blocks),
        "items": sum(len(value) for kind, value in story.blocks if kind in ("ul", "ol")),
        "ordered": sum(kind == "ol" for kind, _ in story.blocks),
        "code": [value[1] for kind, value in story.blocks if kind == "pre"],
        "quotes": sum(kind == "quote" for kind, _ in story.blocks),
        "signs": [],
    }
    told.update(case.expected)
    told["text"] = [*texts, *told.pop("more_text", [])]
    told["must_not"] = [*told["must_not"], *ALWAYS_UNWANTED]
    return told


def _lines(item: tuple[str, Any]) -> list[str]:
    kind, value = item
    if kind in ("ul", "ol"):
        return list(value)
    if kind == "table":
        return [cell for row in value for cell in row]
    if kind == "pre":
        return [line for line in value[1].split("\n") if line.strip()]
    return [] if kind == "figure" else [unescape(re.sub(r"<[^>]+>", "", value))]


def main() -> None:
    for old in FOLDER.glob("*.*"):
        if old.suffix in (".html", ".json", ".txt") and old.name != "floor.json":
            old.unlink()
    for name, case in PAGES.items():
        (FOLDER / f"{name}.html").write_text(case.html, encoding="utf-8")
        told = json.dumps(expected_of(case), ensure_ascii=False, indent=1)
        (FOLDER / f"{name}.json").write_text(told + "\n", encoding="utf-8")
    seed.write_text(FOLDER)
    print(f"{len(PAGES)} pages")


if __name__ == "__main__":
    main()
