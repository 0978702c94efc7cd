"""The log of what the reader decided about tags. Rows are only ever added: undoing a decision, forgetting it and
remembering it again are rows of their own that speak about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from webapp.errors import NotFound
from webapp.evidence import Answer, Decision, Role
from webapp.model import TagKind
from webapp.store.suggestion_tables import decisions

_UNDONE, _FORGOTTEN, _REMEMBERED = "undone", "forgotten", "remembered"
_REMARKS = (_UNDONE, _FORGOTTEN, _REMEMBERED)
_REFUSALS = frozenset({Answer.REJECTED, Answer.NEVER, Answer.REMOVED})


@dataclass(frozen=True, slots=True)
class Logged:
    """A decision and what became of it. `before`: how tag and suggestion stood until then, as the deed wrote it."""

    decision: Decision
    before: Mapping[str, Any] = field(default_factory=dict)
    is_undone: bool = False
    is_forgotten: bool = False


class Decisions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, owner: int, decision: Decision, *, before: Mapping[str, Any]) -> int:
        """Write it down; its number. `decision.id` is not looked at."""
        row = {
            "owner": owner,
            "article_id": decision.article_id,
            "tag_id": decision.tag_id,
            "kind": decision.kind,
            "answer": decision.answer,
            "about_id": None,
            "surface": decision.surface,
            "surfaces": [*decision.surfaces],
            "outlet": decision.outlet,
            "role": decision.role,
            "maker": decision.maker,
            "confidence": decision.confidence,
            "rank": decision.rank,
            "before": dict(before),
            "at": decision.at,
        }
        decision_id: int = self._connection.execute(
            insert(decisions).values(**row).returning(decisions.c.id)
        ).scalar_one()
        return decision_id

    def undo(self, owner: int, decision_ids: Iterable[int], now: datetime) -> None:
        self._remark(owner, decision_ids, _UNDONE, now)

    def forget(self, owner: int, decision_ids: Iterable[int], now: datetime) -> None:
        """Nothing is learned from them any more; what they did to their articles stays."""
        self._remark(owner, decision_ids, _FORGOTTEN, now)

    def remember(self, owner: int, decision_ids: Iterable[int], now: datetime) -> None:
        self._remark(owner, decision_ids, _REMEMBERED, now)

    def all(self, owner: int) -> list[Logged]:
        """Every decision, in order, the undone and the forgotten too."""
        return self._logged(decisions.c.owner == owner)

    def of_article(self, owner: int, article_id: int) -> list[Logged]:
        return self._logged(decisions.c.owner == owner, decisions.c.article_id == article_id)

    def to_learn_from(self, owner: int) -> list[Decision]:
        return [each.decision for each in self.all(owner) if not (each.is_undone or each.is_forgotten)]

    def refused(self, owner: int, article_id: int) -> set[str]:
        """The tags that the reader did not want on this article when last asked."""
        last = {
            each.decision.tag_id: each.decision for each in self.of_article(owner, article_id) if not each.is_undone
        }
        return {tag_id for tag_id, decision in last.items() if decision.answer in _REFUSALS}

    def last_id(self, owner: int) -> int:
        """The number of the last row; 0 when nothing was ever decided. It tells whether there is news."""
        return self._connection.scalar(select(func.max(decisions.c.id)).where(decisions.c.owner == owner)) or 0

    def _remark(self, owner: int, decision_ids: Iterable[int], remark: str, now: datetime) -> None:
        """Raises NotFound for a number that is no decision of the owner's; then nothing is written."""
        wanted = sorted(set(decision_ids))
        rows = self._connection.execute(
            select(decisions).where(
                decisions.c.owner == owner, decisions.c.id.in_(wanted), decisions.c.about_id.is_(None)
            )
        ).all()
        if len(rows) != len(wanted):
            raise NotFound("There is no such decision.")
        remarks = [
            {**row._mapping, "answer": remark, "about_id": row.id, "surfaces": [], "before": {}, "at": now}
            for row in rows
        ]
        for each in remarks:
            del each["id"]
        if remarks:
            self._connection.execute(insert(decisions), remarks)

    def _logged(self, *conditions: Any) -> list[Logged]:
        rows = self._connection.execute(select(decisions).where(*conditions).order_by(decisions.c.id))
        logged: dict[int, Logged] = {}
        for row in rows:
            if row.about_id is None:
                logged[row.id] = Logged(_decision_of(row), row.before)
            elif row.about_id in logged:
                logged[row.about_id] = _remarked(logged[row.about_id], row.answer)
        return list(logged.values())


def _remarked(logged: Logged, remark: str) -> Logged:
    if remark == _UNDONE:
        return replace(logged, is_undone=True)
    return replace(logged, is_forgotten=remark == _FORGOTTEN)


def _decision_of(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        article_id=row.article_id,
        tag_id=row.tag_id,
        kind=TagKind(row.kind),
        answer=Answer(row.answer),
        outlet=row.outlet,
        at=row.at,
        surface=row.surface,
        surfaces=tuple(row.surfaces),
        role=Role(row.role),
        maker=row.maker,
        confidence=row.confidence,
        rank=row.rank,
    )
