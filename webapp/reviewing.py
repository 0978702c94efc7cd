"""The review queue: articles with open suggestions or without tags, the last clipped first, one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from index import Everything, parse
from webapp.articles.reading import Opened, open_article
from webapp.evidence import Answer, Decision
from webapp.filing import answering
from webapp.filing.answering import Answered
from webapp.filing.tagged import to_ids
from webapp.services import Services

COUNTED = 1_000  # in the navigation; taste: beyond it says "1,000 and more"
FOUND_MOST = 20_000  # articles that a query may narrow the queue to; more are the same as all for who reviews by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The article at hand, None when nothing waits; `left` counts it too. `place` is its place in the queue, from 1.

    `following` is the article that comes after it, `notice` what to say about the query.
    """

    opened: Opened | None
    left: int
    place: int
    following: int | None
    query: str
    notice: str = ""


def count_waiting(services: Services, owner: int) -> int:
    """How many articles wait, up to COUNTED."""
    with services.store.read() as work:
        return work.reviews.count(owner, at_most=COUNTED)


def desk(services: Services, owner: int, *, query: str = "", at: int | None = None, after: int | None = None) -> Desk:
    """The article `at`, else the first that waits behind the article `after`, else the first that waits.

    `query` narrows the queue. Raises NotFound for an article `at` that is not there.
    """
    queue, notice = _queue(services, owner, query)
    ids = [article_id for article_id, _ in queue]
    here = at if at is not None else _behind(services, owner, queue, after)
    if here is None:
        return Desk(opened=None, left=0, place=0, following=None, query=query, notice=notice)
    place = ids.index(here) + 1 if here in ids else 0
    following = _behind(services, owner, queue, here)
    return Desk(
        opened=open_article(services, owner, here),
        left=len(ids),
        place=place,
        following=following if following != here else None,
        query=query,
        notice=notice,
    )


def file(
    services: Services, owner: int, article_id: int, *, accepted: Sequence[str], refused: Sequence[str]
) -> Answered:
    """Answer all suggestions of an article at once and be done with it. Raises NotFound."""
    given = [(tag_id, Answer.ACCEPTED) for tag_id in accepted] + [(tag_id, Answer.REJECTED) for tag_id in refused]
    return answering.answer_all(services, owner, article_id, given, looked_at=True)


def put_back(services: Services, owner: int, article_id: int, decision_ids: Iterable[int]) -> list[Decision]:
    """Take back what `file` did: the article waits again. Raises NotFound."""
    undone = answering.undo(services, owner, article_id, decision_ids)
    with services.store.begin() as work:
        work.reviews.set_waits(owner, article_id, True)
    return undone


def _queue(services: Services, owner: int, query: str) -> tuple[list[tuple[int, datetime]], str]:
    """What waits, of what answers the query; and what is to be said about the query."""
    with services.store.read() as work:
        queue = work.reviews.queue(owner)
    parsed = parse(query)
    node, unknown = to_ids(parsed.node, services.vocabulary())
    notice = " ".join(f"{problem.message} {problem.advice}" for problem in (*parsed.problems, *unknown))
    if isinstance(node, Everything) or not queue:
        return queue, notice
    found = services.ask(
        lambda engine: engine.search(node, owner=owner, sort="clipped", per_page=FOUND_MOST, snippets=False)
    )
    if found is None:
        return queue, "The search index is being made anew; until then the whole queue is shown."
    matching = {hit.id for hit in found.hits}
    return [waits for waits in queue if waits[0] in matching], notice


def _behind(
    services: Services, owner: int, queue: Sequence[tuple[int, datetime]], article_id: int | None
) -> int | None:
    """The first of the queue behind an article, which may have left it; at the end, the first of all."""
    if not queue:
        return None
    if article_id is not None:
        with services.store.read() as work:
            here = work.articles.by_ids(owner, [article_id]).get(article_id)
        if here is not None:
            behind = ((clipped_at, other) < (here.clipped_at, here.id) for other, clipped_at in queue)
            return next((other for (other, _), is_behind in zip(queue, behind, strict=True) if is_behind), queue[0][0])
    return queue[0][0]
