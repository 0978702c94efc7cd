"""Suggestions made by hand for tests: a sentence says how often a word stands for a tag in an article's text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from tests import builders
from webapp.evidence import Evidence, Mention, Role, Suggestion, Where
from webapp.filing import suggesting
from webapp.model import TagKind
from webapp.services import Services

SYRIA, TURKEY, RUSSIA, CONFLICT, DIPLOMACY = "r-sy", "r-tr", "r-ru", "t-20000056", "t-20000638"
AIN_ISSA = "r-gn-172134"


def suggestion(
    tag_id: str, *words: str, text: str = "", confidence: float = 0.9, role: Role = Role.ABOUT
) -> Suggestion:
    """One that rests on these words, wherever they stand in the body `text`."""
    mentions = [
        Mention(Where.BODY, found.start(), found.end(), found.group(), "name")
        for word in words
        for found in re.finditer(re.escape(word), text)
    ]
    counts = {word: max(1, text.count(word)) for word in words}
    return Suggestion(
        tag_id=tag_id,
        kind=TagKind.TOPIC if tag_id.startswith("t-") else TagKind.REGION,
        role=role,
        score=confidence,
        confidence=confidence,
        evidence=Evidence(
            maker="topics/test" if tag_id.startswith("t-") else "places/test",
            total=sum(counts.values()),
            mentions=tuple(sorted(mentions, key=lambda each: each.start)),
            surfaces=tuple((word, "name", count) for word, count in counts.items()),
        ),
    )


def suggest(services: Services, owner: int, article_id: int, *found: Suggestion) -> None:
    """Keep exactly these for an article, as if the makers had said so."""
    with services.store.begin() as work:
        shown = work.versions.shown(article_id)
        suggesting.keep(services, work, owner, article_id, found, version_id=shown[0] if shown else None)


def storms(services: Services, owner: int, count: int, words: str) -> list[int]:
    """The ids of so many articles of `words`, each clipped a minute after the one before, that wait to be filed."""
    ids = []
    for number in range(count):
        services.clock.move(minutes=1)
        html = builders.page(f"Storm {number} over Syria", words=words)
        record = builders.put(services, html, address=f"https://quay.example/{number}")
        with services.store.read() as work:
            text = work.versions.current(record.article_id).body_text
        found = (
            suggestion(SYRIA, "Syrian", "Syria", text=text),
            suggestion(TURKEY, "storms", text=text, confidence=0.5),
            suggestion(CONFLICT, "broken", text=text),
        )
        suggest(services, owner, record.article_id, *found)
        ids.append(record.article_id)
    return ids


@contextmanager
def statements_of(services: Services) -> Iterator[list[str]]:
    """Collects the statements that the block sends to the database."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(services.store.engine, "before_cursor_execute", note)
    yield seen
    event.remove(services.store.engine, "before_cursor_execute", note)
