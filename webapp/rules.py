"""Rules: `when <query> then add, take off, star, mark`: making, changing, removing them. `rule_runs.py` applies them.

A query is understood whole, or the rule does nothing: left-out parts would ask for too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index import Everything, Node
from webapp.alerts import QUERY_CHARS, usual_spelling
from webapp.errors import BadRule, BadTag
from webapp.model import ReadingState, TagKind
from webapp.ruling import ADD, MARK, REMOVE, STAR, Rule, Step
from webapp.services import Services
from webapp.tags import Vocabulary
from webapp.vocabulary_care import named, names_a_tag, understood

RULES_MAX = 200  # taste: each is asked of every clip
NAME_CHARS = 80


def list_rules(services: Services, owner: int) -> list[Rule]:
    with services.store.read() as work:
        return work.rules.list(owner)


def get(services: Services, owner: int, rule_id: int) -> Rule:
    """Raises NotFound."""
    with services.store.read() as work:
        return work.rules.get(owner, rule_id)


def problem_of(rule: Rule, vocabulary: Vocabulary) -> str:
    """Why the rule cannot be applied as the trees are now; "" when it can."""
    try:
        asked(rule.query, vocabulary)
    except BadRule as error:
        return str(error)
    gone = [step for step in rule.steps if step.what in (ADD, REMOVE) and vocabulary.survivor(step.value) is None]
    if gone and len(gone) == len(rule.steps):
        return "Its tags are retired: it has nothing to do."
    return ""


def steps_of(
    services: Services,
    *,
    add_regions: Iterable[str] = (),
    add_topics: Iterable[str] = (),
    remove_regions: Iterable[str] = (),
    remove_topics: Iterable[str] = (),
    star: bool = False,
    mark: str = "",
) -> tuple[Step, ...]:
    """The steps that these names mean. Raises BadRule for a name that is no tag, and when nothing is to be done."""
    try:
        added = (*named(services, TagKind.REGION, add_regions), *named(services, TagKind.TOPIC, add_topics))
        removed = (*named(services, TagKind.REGION, remove_regions), *named(services, TagKind.TOPIC, remove_topics))
    except BadTag as error:
        raise BadRule(str(error)) from error
    vocabulary = services.vocabulary()
    both = [vocabulary.get(tag_id).name for tag_id in added if tag_id in removed]
    if both:
        raise BadRule(f"{both[0]} cannot be added and taken off at once.")
    if mark and mark not in set(ReadingState):
        raise BadRule("An article is unread, reading or done.")
    steps = [Step(ADD, tag_id) for tag_id in added] + [Step(REMOVE, tag_id) for tag_id in removed]
    steps += [Step(STAR)] if star else []
    steps += [Step(MARK, mark)] if mark else []
    if not steps:
        raise BadRule("Say what to do: add or take off a region or topic, star, or mark.")
    return tuple(steps)


def make(services: Services, owner: int, *, name: str, query: str, steps: Sequence[Step]) -> Rule:
    """A new rule, switched on. It applies to what is clipped from now on. Raises BadRule."""
    spelling = _checked(query, services.vocabulary())
    with services.store.begin() as work:
        if len(work.rules.list(owner)) >= RULES_MAX:
            raise BadRule(f"There are {RULES_MAX} rules, the most there may be. Remove one first.")
        called = _called(name, spelling)
        return work.rules.add(owner, name=called, query=spelling, steps=steps, now=services.clock())


def change(services: Services, owner: int, rule_id: int, *, name: str, query: str, steps: Sequence[Step]) -> Rule:
    """What it did so far stays. Raises BadRule, NotFound."""
    spelling = _checked(query, services.vocabulary())
    values = {"name": _called(name, spelling), "query": spelling, "steps": steps}
    with services.store.begin() as work:
        return work.rules.change(owner, rule_id, services.clock(), **values)


def set_enabled(services: Services, owner: int, rule_id: int, enabled: bool) -> Rule:
    with services.store.begin() as work:
        return work.rules.change(owner, rule_id, services.clock(), enabled=enabled)


def remove(services: Services, owner: int, rule_id: int) -> Rule:
    """It applies no longer. What it did stays, and can still be undone. Raises NotFound."""
    with services.store.begin() as work:
        now = services.clock()
        return work.rules.change(owner, rule_id, now, removed_at=now)


def bring_back(services: Services, owner: int, rule_id: int) -> Rule:
    with services.store.begin() as work:
        return work.rules.change(owner, rule_id, services.clock(), removed_at=None)


def asked(query: str, vocabulary: Vocabulary) -> Node:
    """A rule's query with ids. Raises BadRule when it is not understood whole, or asks for everything."""
    try:
        node = understood(query, vocabulary)
    except BadTag as error:
        raise BadRule(str(error)) from error
    if isinstance(node, Everything):
        raise BadRule("Say when: a rule without a query would do it to every article.")
    lost = [each for each in names_a_tag(node) if vocabulary.survivor(each) is None]
    if lost:
        raise BadRule(f"{vocabulary.get(lost[0]).name} is retired: name another tag.")
    return node


def _checked(query: str, vocabulary: Vocabulary) -> str:
    if len(query) > QUERY_CHARS:
        raise BadRule(f"A rule's query may have {QUERY_CHARS:,} characters; this one has {len(query):,}.")
    asked(query, vocabulary)
    return usual_spelling(query, vocabulary)


def _called(name: str, query: str) -> str:
    line = " ".join((name or query).split())
    return line if len(line) <= NAME_CHARS else line[: NAME_CHARS - 1].rstrip() + "…"
