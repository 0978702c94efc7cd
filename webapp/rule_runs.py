"""Rules applied: tried on the archive first, run over old articles and on each new one, taken back a run at a time.

On the archive the index answers a rule's query; on a new article the memory engine does, over that one article: it is
the reference that the index is tested against, and waits for no index. See docs/decisions/0020-vocabulary-care.md.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index import Node
from index.memory_engine import MemoryEngine
from webapp import indexing
from webapp.errors import BadRule
from webapp.model import Article
from webapp.rules import asked, get
from webapp.ruling import ADD, RUN, UNDO, Doing, OnArticle, Rule, Run, Step, doings, held_back
from webapp.services import Services
from webapp.store import Work
from webapp.tags import Vocabulary
from webapp.vocabulary_care import matching

log = logging.getLogger(__name__)

BATCH = 200  # articles a transaction: others write in between
BATCHES_A_JOB = 25  # a job ends far within its lease; the next one goes on
SHOWN = 50  # taste: articles of a trial or a run that are listed
ARCHIVE, CLIP = "archive", "clip"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would do now: `matched` articles answer, `changed` of them would change, `held` are left alone
    because the reader decided otherwise by hand. `rows` lists the newest that would change, with what."""

    matched: int
    changed: int
    held: int
    rows: tuple[tuple[Article, tuple[Doing, ...]], ...]
    counts: Mapping[tuple[str, str], int]


def trial(services: Services, owner: int, query: str, steps: Sequence[Step]) -> Trial:
    """What the rule would change on the archive as it is; nothing is changed. Raises BadRule, IndexAway."""
    vocabulary = services.vocabulary()
    ids = matching(services, owner, asked(query, vocabulary))
    changed: dict[int, tuple[Doing, ...]] = {}
    counts: dict[tuple[str, str], int] = {}
    held = 0
    with services.store.read() as work:
        for on in work.rules.standing(owner, ids).values():
            held += held_back(steps, on, vocabulary)
            found = tuple(doings(steps, on, vocabulary))
            if found:
                changed[on.id] = found
                for doing in found:
                    counts[doing.what, doing.value] = counts.get((doing.what, doing.value), 0) + 1
        newest = sorted(changed, reverse=True)[:SHOWN]
        articles = work.articles.by_ids(owner, newest)
    rows = tuple((articles[each], changed[each]) for each in newest if each in articles)
    return Trial(len(ids), len(changed), held, rows, counts)


def start_run(services: Services, owner: int, rule_id: int) -> Run:
    """Apply a rule to what is there, as a job. Raises NotFound, BadRule, IndexAway."""
    rule = get(services, owner, rule_id)
    ids = matching(services, owner, asked(rule.query, services.vocabulary()))
    with services.store.begin() as work:
        run_id = work.rules.begin_run(rule, ARCHIVE, ids, services.clock())
        work.jobs.enqueue(RUN, {"owner": owner, "run": run_id}, services.clock())
    services.bell.set()
    return run_of(services, owner, run_id)


def run_now(services: Services, owner: int, rule_id: int) -> Run:
    """The same, done when it returns: for the command line."""
    run = start_run(services, owner, rule_id)
    while go_on(services, {"owner": owner, "run": run.id}, batches=1):
        pass
    return run_of(services, owner, run.id)


def go_on(services: Services, payload: Mapping[str, Any], *, batches: int = BATCHES_A_JOB) -> bool:
    """The job: the next articles of a run, each batch in a transaction of its own; whether any are left.

    A worker that is killed loses at most the batch at hand; the next one goes on from there.
    """
    owner, run_id = payload["owner"], payload["run"]
    for _ in range(batches):
        with services.store.begin() as work:
            ids = work.rules.rest_of_run(owner, run_id, BATCH)
            if not ids:
                work.rules.end_run(run_id, services.clock())
                return False
            run = work.rules.run(owner, run_id)
            changed = _apply(services, work, run_id, run, work.rules.standing(owner, ids).values(), tags_only=False)
            work.rules.went_on(run_id, done=len(ids), changed=changed)
        services.bell.set()
    return True


def run_job(services: Services, payload: Mapping[str, Any]) -> None:
    if go_on(services, payload):
        with services.store.begin() as work:
            work.jobs.enqueue(RUN, payload, services.clock())


def run_gave_up(services: Services, payload: Mapping[str, Any], reason: str) -> None:
    with services.store.begin() as work:
        work.rules.end_run(payload["run"], services.clock(), reason=reason)


def apply_to_clip(services: Services, payload: Mapping[str, Any]) -> None:
    """The job after a clip was kept: every rule that is switched on, in their order, each seeing what the last one did.

    On an article that was clipped before, rules only file: its star and reading state are the reader's by now.
    """
    owner, article_id, is_new = payload["owner"], payload["article"], payload["new"]
    vocabulary, now = services.vocabulary(), services.clock()
    with services.store.begin() as work:
        alone: MemoryEngine | None = None
        for rule in work.rules.list(owner):
            node = _asked_or_none(rule, vocabulary)
            if node is None:
                continue
            alone = alone or _alone(services, work, owner, article_id)
            if alone.search(node, owner=owner, per_page=0, snippets=False).total == 0:
                continue
            standing = work.rules.standing(owner, [article_id])
            if any(doings(rule.steps, on, vocabulary, tags_only=not is_new) for on in standing.values()):
                run_id = work.rules.begin_run(rule, CLIP, [article_id], now)
                changed = _apply(services, work, run_id, rule, standing.values(), tags_only=not is_new)
                work.rules.went_on(run_id, done=1, changed=changed)
                work.rules.end_run(run_id, now)
                alone = None
    services.bell.set()


def clip_gave_up(services: Services, payload: Mapping[str, Any], reason: str) -> None:
    """The article is kept and readable; only its rules were not applied."""
    log.warning("rules were not applied to article %s: %s", payload["article"], reason)


def undo_run(services: Services, owner: int, run_id: int) -> Run:
    """Take back what a run changed, as a whole; what the reader changed since stays. Raises NotFound.

    The last BATCH articles at once, the others as a job: `undone_at` is set when all are done.
    """
    payload = {"owner": owner, "run": run_id}
    with services.store.begin() as work:
        now = services.clock()
        work.rules.ask_to_undo(owner, run_id, now)
        if work.rules.undo_some(owner, run_id, BATCH, now) and not work.jobs.waits(UNDO, payload):
            work.jobs.enqueue(UNDO, payload, now)
    services.bell.set()
    return run_of(services, owner, run_id)


def undo_job(services: Services, payload: Mapping[str, Any]) -> None:
    """The job: the next articles, each batch in a transaction of its own, so that a killed worker costs none."""
    for _ in range(BATCHES_A_JOB):
        with services.store.begin() as work:
            are_left = work.rules.undo_some(payload["owner"], payload["run"], BATCH, services.clock())
        services.bell.set()
        if not are_left:
            return
    with services.store.begin() as work:
        work.jobs.enqueue(UNDO, payload, services.clock())


def undo_gave_up(services: Services, payload: Mapping[str, Any], reason: str) -> None:
    with services.store.begin() as work:
        work.rules.stop_undoing(payload["run"], reason)


def run_of(services: Services, owner: int, run_id: int) -> Run:
    """Raises NotFound."""
    with services.store.read() as work:
        return work.rules.run(owner, run_id)


def runs(services: Services, owner: int, *, rule_id: int | None = None, limit: int = 20) -> list[Run]:
    with services.store.read() as work:
        return work.rules.runs(owner, limit, rule_id=rule_id)


def changes_of(services: Services, owner: int, run_id: int) -> list[tuple[Article, tuple[Doing, ...]]]:
    """The articles that a run changed, with what: SHOWN at most."""
    with services.store.read() as work:
        steps = work.rules.changed_articles(owner, run_id, SHOWN * 4)
        articles = work.articles.by_ids(owner, sorted({article_id for article_id, _ in steps}))
    found: dict[int, list[Doing]] = {}
    for article_id, doing in steps:
        found.setdefault(article_id, []).append(doing)
    return [(articles[each], tuple(did)) for each, did in list(found.items())[:SHOWN] if each in articles]


def _asked_or_none(rule: Rule, vocabulary: Vocabulary) -> Node | None:
    """None for a rule that is off, or cannot be asked: it says so on its page, and the clip is none the worse."""
    try:
        return asked(rule.query, vocabulary) if rule.enabled else None
    except BadRule:
        return None


def answers(services: Services, work: Work, owner: int, article_id: int, node: Node) -> bool:
    """Whether one article answers a query (with ids), as it stands in this transaction."""
    return _alone(services, work, owner, article_id).search(node, owner=owner, per_page=0).total == 1


def _alone(services: Services, work: Work, owner: int, article_id: int) -> MemoryEngine:
    """One article in a memory engine, or nothing, if it is gone."""
    alone = MemoryEngine()
    article = work.articles.by_ids(owner, [article_id]).get(article_id)
    if article is not None:
        versions = work.versions.current_of([article_id])
        alone.put([indexing.document_of(article, versions.get(article_id), services.vocabulary())])
    return alone


def _apply(
    services: Services, work: Work, run_id: int, rule: Rule | Run, standing: Iterable[OnArticle], *, tags_only: bool
) -> int:
    vocabulary = services.vocabulary()
    found = [doing for on in standing for doing in doings(rule.steps, on, vocabulary, tags_only=tags_only)]
    kinds = {doing.value: vocabulary.get(doing.value).kind for doing in found if doing.what == ADD}
    work.rules.carry_out(run_id, rule.name, found, kinds, services.clock())
    return len({doing.article_id for doing in found})
