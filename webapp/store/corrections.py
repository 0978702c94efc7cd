"""What the reader put right by hand. It is kept apart from what was taken out of the page, and laid over it: made
again from its clip or clipped again, an article stays corrected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from webapp.addresses import outlet_of
from webapp.errors import Conflict
from webapp.model import Correction
from webapp.store.addresses import address_key, forget_address, keep_address
from webapp.store.changes import Changes
from webapp.store.reader_tables import corrections
from webapp.store.tables import articles, versions

COLUMNS = ("title", "standfirst", "authors", "site", "outlet", "language", "direction", "published_on")
ADDRESS = "address"


class Corrections:
    def __init__(self, connection: Connection, changes: Changes) -> None:
        self._connection, self._changes = connection, changes

    def of_article(self, article_id: int) -> dict[str, Correction]:
        """By the field's name."""
        return corrections_of(self._connection, [article_id]).get(article_id, {})

    def put(self, article_id: int, field: str, value: Any, now: datetime) -> None:
        """Correct a field, in the place of an earlier correction. Its article follows at once."""
        self._lock(article_id)
        self._write(article_id, field, value, now)
        if field in COLUMNS:
            self._settle(article_id, now)

    def take_back(self, article_id: int, field: str, now: datetime) -> None:
        """What was taken out of the page holds again. Nothing happens when the field was not corrected."""
        self._lock(article_id)
        self._drop(article_id, field)
        if field in COLUMNS:
            self._settle(article_id, now)

    def move(self, owner: int, article_id: int, address: str, now: datetime) -> None:
        """Keep the article under another canonical address ("": none). What is clipped at the one it had before still
        comes to it. Raises Conflict when another article is kept there.
        """
        was = self._set_address(owner, article_id, address)
        known = self.of_article(article_id).get(ADDRESS)
        first = known.value["was"] if known else was
        keep_address(self._connection, owner, article_id, first, leads_home=True)
        self._write(article_id, ADDRESS, {"now": address, "was": first}, now)
        self._settle(article_id, now)

    def move_back(self, owner: int, article_id: int, now: datetime) -> None:
        """Keep the article under the address it came with. Raises Conflict when another one is kept there now."""
        known = self.of_article(article_id).get(ADDRESS)
        if known is None:
            return
        self._set_address(owner, article_id, known.value["was"])
        forget_address(self._connection, owner, known.value["was"])
        self._drop(article_id, ADDRESS)
        self._settle(article_id, now)

    def _set_address(self, owner: int, article_id: int, address: str) -> str:
        """The address it had."""
        self._lock(article_id)
        was: str = self._connection.execute(select(articles.c.address).where(articles.c.id == article_id)).scalar_one()
        key = address_key(address)
        there = select(articles.c.id).where(articles.c.owner == owner, articles.c.address_key == key)
        if key is not None and self._connection.scalar(there) not in (None, article_id):
            raise Conflict("Another article is kept under that address already. Nothing was changed.")
        self._connection.execute(
            update(articles).where(articles.c.id == article_id).values(address=address, address_key=key)
        )
        return was

    def _lock(self, article_id: int) -> None:
        self._connection.execute(select(articles.c.id).where(articles.c.id == article_id).with_for_update())

    def _write(self, article_id: int, field: str, value: Any, now: datetime) -> None:
        self._drop(article_id, field)
        self._connection.execute(insert(corrections).values(article_id=article_id, field=field, value=value, at=now))

    def _drop(self, article_id: int, field: str) -> None:
        self._connection.execute(
            delete(corrections).where(corrections.c.article_id == article_id, corrections.c.field == field)
        )

    def _settle(self, article_id: int, now: datetime) -> None:
        """Let the article's columns say what its shown version does, with the corrections laid over it."""
        row = self._connection.execute(
            select(versions.c.title, versions.c.details, articles.c.address)
            .join(articles, articles.c.version_id == versions.c.id)
            .where(articles.c.id == article_id)
        ).one_or_none()
        made = {} if row is None else _as_made(row.title, row.details, row.address)
        values = laid_over(made, self.of_article(article_id))
        if values:
            self._connection.execute(update(articles).where(articles.c.id == article_id).values(**values))
        self._changes.note(article_id, now)


def corrections_of(connection: Connection, article_ids: Sequence[int]) -> dict[int, dict[str, Correction]]:
    """By article and field."""
    found: dict[int, dict[str, Correction]] = {}
    for row in connection.execute(select(corrections).where(corrections.c.article_id.in_(article_ids))):
        found.setdefault(row.article_id, {})[row.field] = Correction(row.field, row.value, row.at)
    return found


def move_corrections(connection: Connection, article_id: int, to: int) -> None:
    """Those of one article become another's, where that has none of its own. Its address stays its own."""
    taken = corrections_of(connection, [to]).get(to, {}).keys() | {ADDRESS}
    mine = corrections.c.article_id == article_id
    connection.execute(delete(corrections).where(mine, corrections.c.field.in_(taken)))
    connection.execute(update(corrections).where(mine).values(article_id=to))


def laid_over(values: Mapping[str, Any], known: Mapping[str, Correction]) -> dict[str, Any]:
    """An article's columns with what the reader put right. A corrected day takes the moment with it."""
    over = {field: known[field].value for field in COLUMNS if field in known}
    if ADDRESS in known and "outlet" not in over:
        over["outlet"] = outlet_of(known[ADDRESS].value["now"])
    if "published_on" in over:
        over["published_on"] = _day(over["published_on"])
        over["published_at"] = None
    return {**values, **over}


def _as_made(title: str, details: Mapping[str, Any], address: str) -> dict[str, Any]:
    """The columns as the version's maker found them."""
    moment = details.get("published_at")
    return {
        "title": title,
        "standfirst": details.get("standfirst") or "",
        "authors": [*(details.get("authors") or ())],
        "site": details.get("site") or "",
        "outlet": outlet_of(address),
        "language": details.get("language") or "",
        "direction": details.get("direction") or "ltr",
        "published_on": _day(details.get("published_on")),
        "published_at": datetime.fromisoformat(moment) if moment else None,
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
