"""Suggestions, the queue of articles that wait, and the log of decisions in the store, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import inspect, text

from tests.databases import keep_article
from webapp.errors import NotFound
from webapp.evidence import Answer, Decision, Evidence, Mention, Role, Standing, Suggestion, Where
from webapp.model import Draft, TagKind, TagOrigin
from webapp.store import open_store
from webapp.store.database import open_database, writing
from webapp.store.migrating import configuration
from webapp.store.reviews import Choices
from webapp.tags import Tag

pytest_plugins = ["databases"]

NOW = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
HOUR = timedelta(hours=1)
SYRIA, TURKEY, WAR = "r-sy", "r-tr", "t-1"
MENTION = Mention(Where.BODY, 4, 9, "Syria", "name")
EVIDENCE = Evidence(maker="places/1", total=9, mentions=(MENTION,), surfaces=(("Syria", "name", 9),), prior="so far")


@pytest.fixture
def owner(database) -> int:
    with database.begin() as work:
        work.tags.seed(
            [
                Tag(SYRIA, TagKind.REGION, "syria", "Syria"),
                Tag(TURKEY, TagKind.REGION, "turkey", "Turkey"),
                Tag(WAR, TagKind.TOPIC, "war", "war"),
            ]
        )
        return work.accounts.add("reader", NOW).id


def suggestion(tag_id: str = SYRIA, confidence: float = 0.9, role: Role = Role.ABOUT) -> Suggestion:
    kind = TagKind.TOPIC if tag_id.startswith("t-") else TagKind.REGION
    return Suggestion(tag_id=tag_id, kind=kind, role=role, score=1.5, confidence=confidence, evidence=EVIDENCE)


def keep(database, owner: int, name: str = "a", *, at: datetime = NOW) -> int:
    """An article with one version."""
    draft = Draft(title=name, published_on=date(2020, 12, 27), body_text="The Syria talks")
    return keep_article(database, owner, name, draft, at)


def suggest(database, owner: int, article_id: int, *found: Suggestion, refused=(), maker: str = "m") -> None:
    with database.begin() as work:
        work.suggestions.replace(owner, article_id, found, version_id=7, maker=maker, refused=refused)


def standings(database, article_id: int) -> dict[str, Standing]:
    with database.read() as work:
        return {kept.suggestion.tag_id: kept.standing for kept in work.suggestions.of_article(article_id)}


def waiting(database, owner: int) -> list[int]:
    with database.read() as work:
        ids = [article_id for article_id, _ in work.reviews.queue(owner)]
        assert work.reviews.count(owner, at_most=1000) == len(ids)
    return ids


def decide(database, owner: int, article_id: int, answer: Answer, tag_id: str = SYRIA, **extra) -> int:
    decision = Decision(
        id=0, article_id=article_id, tag_id=tag_id, kind=TagKind.REGION, answer=answer, outlet="a.example", at=NOW
    )
    with database.begin() as work:
        return work.decisions.add(owner, replace(decision, **extra), before={"standing": "open"})


def test_suggestions_are_read_as_they_were_made_in_their_order(database, owner):
    article_id = keep(database, owner)
    found = (suggestion(TURKEY), suggestion(SYRIA, 0.5), suggestion(WAR), suggestion(TURKEY, role=Role.DATELINE))
    suggest(database, owner, article_id, *found)
    with database.read() as work:
        kept = work.suggestions.of_article(article_id)
    assert [(each.suggestion.tag_id, each.suggestion.role, each.rank) for each in kept] == [
        (TURKEY, Role.ABOUT, 1),
        (SYRIA, Role.ABOUT, 2),
        (TURKEY, Role.DATELINE, 1),
        (WAR, Role.ABOUT, 1),
    ]
    assert kept[0].suggestion == found[0]
    assert {(each.standing, each.version_id) for each in kept} == {(Standing.OPEN, 7)}


def test_a_new_round_takes_the_place_of_what_was_open_and_of_nothing_else(database, owner):
    article_id = keep(database, owner)
    suggest(database, owner, article_id, suggestion(SYRIA), suggestion(TURKEY), suggestion(WAR))
    with database.begin() as work:
        work.suggestions.set_standing(article_id, SYRIA, Standing.REJECTED)
        work.suggestions.set_standing(article_id, TURKEY, Standing.NEVER)
    suggest(database, owner, article_id, suggestion(SYRIA, 0.99))
    assert standings(database, article_id) == {SYRIA: Standing.REJECTED, TURKEY: Standing.NEVER}
    with database.read() as work:
        assert work.suggestions.of_article(article_id)[0].suggestion.confidence == 0.99


def test_what_was_refused_or_is_on_the_article_is_not_open(database, owner):
    article_id = keep(database, owner)
    with database.begin() as work:
        work.tags.add_to_article(owner, article_id, TURKEY, TagKind.REGION, TagOrigin.READER, NOW)
    suggest(database, owner, article_id, suggestion(SYRIA), suggestion(TURKEY), suggestion(WAR), refused={SYRIA})
    assert standings(database, article_id) == {
        SYRIA: Standing.REJECTED,
        TURKEY: Standing.FILED,
        WAR: Standing.OPEN,
    }


def test_a_tag_that_comes_another_way_is_filed_and_open_again_when_it_goes(database, owner):
    article_id = keep(database, owner)
    suggest(database, owner, article_id, suggestion(SYRIA))
    with database.begin() as work:
        work.tags.add_to_article(owner, article_id, SYRIA, TagKind.REGION, TagOrigin.RULE, NOW)
    assert standings(database, article_id) == {SYRIA: Standing.FILED}
    assert waiting(database, owner) == []
    with database.begin() as work:
        work.tags.remove_from_article(owner, article_id, SYRIA, NOW)
    assert standings(database, article_id) == {SYRIA: Standing.OPEN}


def test_a_tag_put_back_stands_where_it_stood(database, owner):
    article_id = keep(database, owner)
    with database.begin() as work:
        for tag_id in (SYRIA, TURKEY):
            work.tags.add_to_article(owner, article_id, tag_id, TagKind.REGION, TagOrigin.CLIP, NOW)
        before = work.articles.get(owner, article_id).tags
        work.tags.remove_from_article(owner, article_id, SYRIA, NOW + HOUR)
        work.tags.put_back(owner, article_id, before[0], NOW + HOUR)
        assert work.articles.get(owner, article_id).tags == before


def test_an_article_waits_while_something_is_open_or_nothing_files_it(database, owner):
    article_id = keep(database, owner)
    suggest(database, owner, article_id, suggestion(SYRIA), suggestion(WAR, 0.3))
    assert waiting(database, owner) == [article_id]
    with database.begin() as work:
        work.suggestions.set_standing(article_id, SYRIA, Standing.REJECTED)
    assert waiting(database, owner) == [article_id]  # nothing is open, and nothing files it
    with database.begin() as work:
        work.tags.add_to_article(owner, article_id, TURKEY, TagKind.REGION, TagOrigin.READER, NOW)
    assert waiting(database, owner) == []  # what is left has too little confidence to be shown


def test_an_article_that_was_looked_at_waits_again_only_for_something_new(database, owner):
    article_id = keep(database, owner)
    suggest(database, owner, article_id, suggestion(SYRIA))
    with database.begin() as work:
        work.reviews.set_waits(owner, article_id, False)
    suggest(database, owner, article_id, suggestion(SYRIA, 0.95))
    assert waiting(database, owner) == []
    suggest(database, owner, article_id, suggestion(SYRIA), suggestion(TURKEY))
    assert waiting(database, owner) == [article_id]


def test_an_article_for_which_nothing_could_be_made_waits_if_it_has_no_tags(database, owner):
    bare, tagged = keep(database, owner, "bare"), keep(database, owner, "tagged")
    with database.begin() as work:
        work.tags.add_to_article(owner, tagged, SYRIA, TagKind.REGION, TagOrigin.READER, NOW)
        for article_id in (bare, tagged):
            work.suggestions.could_not_be_made(owner, article_id)
    assert waiting(database, owner) == [bare]
    suggest(database, owner, tagged, suggestion(TURKEY))
    assert waiting(database, owner) == [tagged, bare]


def test_the_queue_goes_from_the_last_clipped_down_and_leaves_the_trash_out(database, owner):
    ids = [keep(database, owner, name, at=NOW + hours * HOUR) for hours, name in enumerate("abcd")]
    for article_id in ids:
        suggest(database, owner, article_id, suggestion())
    with database.begin() as work:
        work.articles.trash(owner, ids[2], NOW)
    assert waiting(database, owner) == [ids[3], ids[1], ids[0]]
    with database.read() as work:
        assert work.reviews.queue(owner)[1] == (ids[1], NOW + HOUR)
        assert work.reviews.count(owner, at_most=2) == 2
        assert work.reviews.queue(owner + 1) == []
    with pytest.raises(NotFound), database.begin() as work:
        work.reviews.set_waits(owner + 1, ids[0], False)


def test_a_decision_is_read_as_it_was_written_and_nothing_is_changed_by_undoing_it(database, owner):
    number = decide(
        database, owner, 3, Answer.NEVER, surface="Mosul", surfaces=("Mosul", "north"), confidence=0.5, rank=2
    )
    with database.begin() as work:
        assert work.decisions.last_id(owner) == number
        work.decisions.undo(owner, [number], NOW)
    with database.read() as work:
        (logged,) = work.decisions.all(owner)
        assert work.decisions.to_learn_from(owner) == []
        assert work.decisions.last_id(owner) > number
    assert logged.is_undone
    assert logged.before == {"standing": "open"}
    decision = logged.decision
    assert (decision.surface, decision.surfaces, decision.answer) == ("Mosul", ("Mosul", "north"), Answer.NEVER)
    assert (decision.at, decision.rank, decision.confidence) == (NOW, 2, 0.5)


def test_forgotten_decisions_teach_nothing_until_they_are_remembered(database, owner):
    first, second = decide(database, owner, 3, Answer.ACCEPTED), decide(database, owner, 4, Answer.REJECTED)
    with database.begin() as work:
        work.decisions.forget(owner, [first], NOW)
    with database.read() as work:
        assert [each.id for each in work.decisions.to_learn_from(owner)] == [second]
        assert work.decisions.refused(owner, 4) == {SYRIA}
    with database.begin() as work:
        work.decisions.remember(owner, [first], NOW)
        assert [each.id for each in work.decisions.to_learn_from(owner)] == [first, second]
    with pytest.raises(NotFound), database.begin() as work:
        work.decisions.forget(owner + 1, [first], NOW)


def test_refused_is_what_the_last_decision_that_stands_says(database, owner):
    decide(database, owner, 3, Answer.REJECTED)
    decide(database, owner, 3, Answer.REMOVED, TURKEY)
    accepted = decide(database, owner, 3, Answer.ADDED, TURKEY)
    with database.begin() as work:
        assert work.decisions.refused(owner, 3) == {SYRIA}
        work.decisions.undo(owner, [accepted], NOW)
        assert work.decisions.refused(owner, 3) == {SYRIA, TURKEY}


def test_choices_are_kept_and_have_defaults(database, owner):
    with database.begin() as work:
        assert work.reviews.choices(owner) == Choices(0.8, None)
        work.reviews.choose(owner, Choices(0.7, 0.95))
        work.reviews.choose(owner, Choices(0.6, 0.9))
    with database.read() as work:
        assert work.reviews.choices(owner) == Choices(0.6, 0.9)


def test_a_run_goes_down_the_articles_and_ends(database, owner):
    ids = [keep(database, owner, name) for name in "abc"]
    with database.begin() as work:
        run = work.reviews.begin_run(owner, NOW)
        batch = work.reviews.batch_of_run(owner, run, 2)
        work.reviews.advance_run(owner, run, batch, [(ids[2], "no words")], NOW)
        work.reviews.advance_run(owner, run, batch, [], NOW)  # by somebody who did the same
    assert batch == [ids[2], ids[1]]
    with database.begin() as work:
        run = work.reviews.run(owner)
        assert (run.done, run.total, run.failed, run.failures) == (2, 3, 1, ((ids[2], "no words"),))
        batch = work.reviews.batch_of_run(owner, run, 2)
        assert batch == [ids[0]]
        work.reviews.advance_run(owner, run, batch, [], NOW)
        run = work.reviews.run(owner)
        assert work.reviews.batch_of_run(owner, run, 2) == []
        work.reviews.advance_run(owner, run, [], [], NOW + HOUR)
        assert work.reviews.run(owner).finished_at == NOW + HOUR


def test_a_run_over_nothing_is_finished_at_once(database, owner):
    with database.begin() as work:
        assert work.reviews.begin_run(owner, NOW).finished_at == NOW


def test_articles_from_before_there_were_suggestions_wait_if_nothing_files_them(tmp_path):
    url = f"sqlite:///{tmp_path}/old.sqlite"
    engine = open_database(url, busy_timeout_s=1)
    with writing(engine) as connection:
        command.upgrade(configuration(connection), "0004")
        insert_row(connection, "accounts", id=1)
        for number in (1, 2):
            insert_row(connection, "articles", id=number, owner=1, version_id=9)
        insert_row(connection, "tags", id=SYRIA)
        insert_row(connection, "article_tags", article_id=2, tag_id=SYRIA)
    engine.dispose()
    store = open_store(url, busy_timeout_s=1)
    assert waiting(store, 1) == [1]
    store.close()


def insert_row(connection, table: str, **known) -> None:
    """A row with something in each column that must have something."""
    columns = inspect(connection).get_columns(table)
    usual = {"INTEGER": 0, "BOOLEAN": 0, "DATETIME": "2026-01-01 00:00:00.000000", "JSON": "[]"}
    row = {each["name"]: usual.get(str(each["type"]), "") for each in columns if not each["nullable"]} | known
    names = ", ".join(row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES (:{names.replace(', ', ', :')})"), row)
