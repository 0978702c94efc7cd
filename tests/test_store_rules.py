"""Runs of rules in the store, on both databases: what they changed is taken back by articles, counted, and gone on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.databases import keep_article
from webapp.errors import NotFound
from webapp.model import Draft, ReadingState, TagKind
from webapp.ruling import ADD, MARK, STAR, Doing, Run, Step
from webapp.tags import Tag

pytest_plugins = ["databases"]

NOW = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
SYRIA, TURKEY = "r-sy", "r-tr"
KINDS = {SYRIA: TagKind.REGION, TURKEY: TagKind.REGION}


@pytest.fixture
def owner(database) -> int:
    with database.begin() as work:
        work.tags.seed([Tag(SYRIA, TagKind.REGION, "syria", "Syria"), Tag(TURKEY, TagKind.REGION, "turkey", "Turkey")])
        return work.accounts.add("reader", NOW).id


@pytest.fixture
def run_id(database, owner) -> int:
    """A run that put two tags on each of five articles, starred them and marked them read, in mixed order."""
    ids = [keep(database, owner, name) for name in "abcde"]
    steps = [Step(ADD, SYRIA), Step(ADD, TURKEY), Step(STAR), Step(MARK, "done")]
    with database.begin() as work:
        rule = work.rules.add(owner, name="Ports", query="harbour", steps=steps, now=NOW)
        begun = work.rules.begin_run(rule, "archive", ids, NOW)
        for step in steps:
            doings = [Doing(article_id, step.what, step.value) for article_id in ids]
            work.rules.carry_out(begun, rule.name, doings, KINDS, NOW)
        work.rules.went_on(begun, done=5, changed=5)
        work.rules.end_run(begun, NOW)
    return begun


def keep(database, owner: int, name: str) -> int:
    return keep_article(database, owner, name, Draft(title=name, body_text="A harbour"), NOW)


def undo_some(database, owner: int, run_id: int, limit: int) -> tuple[bool, Run]:
    with database.begin() as work:
        are_left = work.rules.undo_some(owner, run_id, limit, NOW + timedelta(hours=1))
        return are_left, work.rules.run(owner, run_id)


def changed(database, owner: int) -> int:
    """Articles that the run's steps can be seen on."""
    with database.begin() as work:
        every = work.articles.by_ids(owner, [*work.articles.all_ids()])
    return sum(bool(each.tags) or each.starred or each.reading is ReadingState.DONE for each in every.values())


def test_a_run_is_taken_back_by_articles_the_last_first(database, owner, run_id):
    assert changed(database, owner) == 5
    assert undo_some(database, owner, run_id, 2)[0] is False  # nobody asked for it
    with database.begin() as work:
        work.rules.ask_to_undo(owner, run_id, NOW)
    are_left, run = undo_some(database, owner, run_id, 2)
    assert (are_left, run.undo_done, run.undo_total, run.undo_changed, run.undone_at) == (True, 2, 5, 2, None)
    assert changed(database, owner) == 3
    are_left, run = undo_some(database, owner, run_id, 3)
    assert (are_left, run.undo_done, run.undo_changed, run.undo_asked_at) == (False, 5, 5, None)
    assert run.undone_at == NOW + timedelta(hours=1)
    assert changed(database, owner) == 0


def test_what_was_given_up_goes_on_with_its_count(database, owner, run_id):
    with database.begin() as work:
        work.rules.ask_to_undo(owner, run_id, NOW)
    undo_some(database, owner, run_id, 2)
    with database.begin() as work:
        work.rules.stop_undoing(run_id, "the disk is full")
        run = work.rules.run(owner, run_id)
    assert (run.undo_reason, run.undo_done, run.is_under_way) == ("the disk is full", 2, False)
    assert undo_some(database, owner, run_id, 9)[1].undo_done == 2
    with database.begin() as work:
        work.rules.ask_to_undo(owner, run_id, NOW)
        run = work.rules.run(owner, run_id)
    assert (run.undo_reason, run.undo_done, run.undo_total) == ("", 2, 5)
    assert undo_some(database, owner, run_id, 9)[1].undo_changed == 5


def test_what_the_reader_changed_since_is_looked_at_and_left(database, owner, run_id):
    with database.begin() as work:
        first = min(work.articles.all_ids())
        for tag_id in KINDS:
            work.tags.remove_from_article(owner, first, tag_id, NOW)
        work.articles.set_starred(owner, first, False, NOW)
        work.articles.set_reading(owner, first, ReadingState.UNREAD, NOW)
        work.rules.ask_to_undo(owner, run_id, NOW)
    run = undo_some(database, owner, run_id, 9)[1]
    assert (run.undo_done, run.undo_changed) == (5, 4)


def test_nobody_takes_back_what_is_not_theirs(database, owner, run_id):
    with database.begin() as work:
        for deed in (
            lambda: work.rules.ask_to_undo(owner + 1, run_id, NOW),
            lambda: work.rules.undo_some(owner + 1, run_id, 9, NOW),
        ):
            with pytest.raises(NotFound):
                deed()
