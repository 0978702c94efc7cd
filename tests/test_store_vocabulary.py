"""Deeds on the tag trees in the store: one transaction each, told in the history, taken back whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from webapp import tree_changes
from webapp.errors import Conflict, NotFound
from webapp.model import CameBy, Clip, Draft, TagKind, TagOrigin
from webapp.store import Work
from webapp.tags import Tag

pytest_plugins = ["databases"]

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
REGION, TOPIC = TagKind.REGION, TagKind.TOPIC
ASIA = Tag(id="r-142", kind=REGION, slug="asia", name="Asia")
SYRIA = Tag(id="r-sy", kind=REGION, slug="syria", name="Syria", parents=("r-142",))
NORTH = Tag(id="r-u-1", kind=REGION, slug="north", name="North", parents=("r-sy",), aliases=("Rojava",))
WATER = Tag(id="t-1", kind=TOPIC, slug="water", name="water")
SEED = (ASIA, SYRIA, WATER)


@pytest.fixture
def owner(database) -> int:
    with database.begin() as work:
        work.tags.seed(SEED)
        return work.accounts.add("reader", NOW).id


def put(work: Work, owner: int, number: int, *tag_ids: str, origin: TagOrigin = TagOrigin.READER) -> int:
    clip = Clip(
        clip_id=f"clip-{number:04}", address="", raw=b"x", raw_type="text/plain", page="x", is_html=False,
        came_by=CameBy.FORM, clipped_at=NOW,
    )  # fmt: skip
    record, _ = work.clips.add(owner, clip, "0" * 64, [])
    article_id, _ = work.articles.save_version(
        record=record, clip=clip, address=f"https://a.example/{number}", outlet="", draft=Draft(title=str(number)),
        clean_html="", cleaner="", images=(), log=(), now=NOW,
    )  # fmt: skip
    for tag_id in tag_ids:
        kind = TOPIC if tag_id.startswith("t-") else REGION
        work.tags.add_to_article(owner, article_id, tag_id, kind, origin, NOW)
    return article_id


def do(database, owner, plan, *args, **kwargs) -> int:
    with database.begin() as work:
        return work.vocabulary.carry_out(owner, plan(work.vocabulary.lock(), *args, **kwargs), NOW)


def undo(database, owner, deed_id) -> int:
    with database.begin() as work:
        work.vocabulary.lock()
        return work.vocabulary.undo(owner, deed_id, NOW + timedelta(hours=1))


def tags_on(database, owner, *ids) -> list[list[str]]:
    with database.read() as work:
        return [[tag.tag_id for tag in work.articles.get(owner, each).tags] for each in ids]


def trees(database) -> dict[str, Tag]:
    with database.read() as work:
        return {tag.id: tag for tag in work.tags.all()}


def noted(database) -> set[int]:
    """What the index is to hear of; heard now."""
    with database.begin() as work:
        waiting = work.changes.waiting(1000)
        work.changes.done(waiting)
    return {change.article_id for change in waiting}


@pytest.fixture
def north(database, owner) -> None:
    do(database, owner, tree_changes.create, "r-u-1", REGION, "North", parents=["r-sy"], aliases=["Rojava"])


def test_a_tag_is_made_and_unmade(database, owner):
    deed = do(database, owner, tree_changes.create, "r-u-1", REGION, "North", parents=["r-sy"], aliases=["Rojava"])
    assert trees(database)["r-u-1"] == NORTH
    undone = undo(database, owner, deed)
    assert "r-u-1" not in trees(database)
    undo(database, owner, undone)
    assert trees(database)["r-u-1"] == NORTH
    with database.read() as work:
        told = work.vocabulary.history(limit=10)
    assert [each.summary for each in told] == [
        "Did again: Made “North” under Syria", "Undid: Made “North” under Syria", "Made “North” under Syria",
    ]  # fmt: skip
    assert [each.is_undone for each in told] == [False, True, False]
    assert told[0].who == "reader"


def test_a_tag_that_articles_carry_is_retired_and_never_lost_when_its_making_is_undone(database, owner):
    deed = do(database, owner, tree_changes.create, "r-u-1", REGION, "North", parents=["r-sy"])
    with database.begin() as work:
        article_id = put(work, owner, 1, "r-u-1")
    undo(database, owner, deed)
    assert trees(database)["r-u-1"].retired
    assert tags_on(database, owner, article_id) == [["r-u-1"]]


def test_a_merge_moves_articles_and_its_undoing_brings_each_back_as_it_was(database, owner, north):
    with database.begin() as work:
        only = put(work, owner, 1, "t-1", "r-u-1", origin=TagOrigin.IMPORT)
        both = put(work, owner, 2, "r-u-1", "r-sy")
        other = put(work, owner, 3, "r-sy")
        before = [work.articles.get(owner, each).tags for each in (only, both, other)]
    noted(database)
    deed = do(database, owner, tree_changes.merge, "r-u-1", "r-sy")
    assert tags_on(database, owner, only, both, other) == [["t-1", "r-sy"], ["r-sy"], ["r-sy"]]
    assert noted(database) == {only, both}
    assert trees(database)["r-u-1"].merged_into == "r-sy"
    with database.read() as work:
        assert work.vocabulary.get(deed).moved == 2
        assert work.articles.get(owner, only).tags[1].origin is TagOrigin.IMPORT
    undo(database, owner, deed)
    with database.read() as work:
        assert [work.articles.get(owner, each).tags for each in (only, both, other)] == before
    assert noted(database) == {only, both}
    assert trees(database)["r-u-1"] == NORTH
    assert trees(database)["r-sy"] == SYRIA


def test_what_the_reader_took_off_since_the_merge_does_not_come_back(database, owner, north):
    with database.begin() as work:
        article_id = put(work, owner, 1, "r-u-1")
    deed = do(database, owner, tree_changes.merge, "r-u-1", "r-sy")
    with database.begin() as work:
        work.tags.remove_from_article(owner, article_id, "r-sy", NOW)
    undo(database, owner, deed)
    assert tags_on(database, owner, article_id) == [[]]


def test_articles_below_a_tag_that_moves_are_indexed_anew_both_ways(database, owner, north):
    with database.begin() as work:
        below, beside = put(work, owner, 1, "r-u-1"), put(work, owner, 2, "t-1")
    noted(database)
    deed = do(database, owner, tree_changes.move, "r-sy", [])
    assert noted(database) == {below}
    undo(database, owner, deed)
    assert noted(database) == {below} != {beside}


def test_a_rename_touches_no_article(database, owner):
    with database.begin() as work:
        put(work, owner, 1, "r-sy")
    noted(database)
    do(database, owner, tree_changes.rename, "r-sy", name="Syrian Arab Republic")
    assert noted(database) == set()
    with database.read() as work:
        [told] = work.vocabulary.history(tag_id="r-sy", limit=5)
        assert told.lines == ("Syria: called Syrian Arab Republic, was Syria",)
        assert work.vocabulary.history(tag_id="r-142", limit=5) == []


def test_splitting_moves_the_articles_named_and_no_others(database, owner, north):
    with database.begin() as work:
        one, two = put(work, owner, 1, "r-sy"), put(work, owner, 2, "r-sy")
    deed = do(database, owner, tree_changes.split, "r-sy", "r-u-1", [two], "north")
    assert tags_on(database, owner, one, two) == [["r-sy"], ["r-u-1"]]
    undo(database, owner, deed)
    assert tags_on(database, owner, one, two) == [["r-sy"], ["r-sy"]]


def test_what_came_later_is_undone_first(database, owner, north):
    first = do(database, owner, tree_changes.rename, "r-u-1", name="North-East")
    second = do(database, owner, tree_changes.retire, "r-u-1")
    with pytest.raises(Conflict, match="North-East was changed since"):
        undo(database, owner, first)
    undo(database, owner, second)
    undo(database, owner, first)
    assert trees(database)["r-u-1"].name == "North"
    with pytest.raises(Conflict, match="undone already"):
        undo(database, owner, first)
    with pytest.raises(NotFound):
        undo(database, owner, 999)


def test_a_new_seed_follows_what_was_undone_and_never_what_stands(database, owner):
    renamed = do(database, owner, tree_changes.rename, "r-sy", name="Bilad al-Sham")
    seeded = replace(SYRIA, aliases=("Syrian Arab Republic",))
    with database.begin() as work:
        work.tags.seed((ASIA, seeded, WATER))
    assert trees(database)["r-sy"].name == "Bilad al-Sham"
    undo(database, owner, renamed)
    with database.begin() as work:
        work.tags.seed((ASIA, replace(seeded, note="newer"), WATER))
    assert trees(database)["r-sy"] == replace(seeded, note="newer")


def test_a_thousand_articles_change_their_tag_at_once(database, owner, north):
    with database.begin() as work:
        ids = [put(work, owner, number, "r-u-1") for number in range(1100)]
    noted(database)
    deed = do(database, owner, tree_changes.merge, "r-u-1", "r-sy")
    assert tags_on(database, owner, ids[0], ids[-1]) == [["r-sy"], ["r-sy"]]
    undo(database, owner, deed)
    with database.read() as work:
        assert work.usage.counts(owner) == {"r-u-1": 1100}
        assert work.usage.articles_with(owner, ["r-u-1", "r-sy"]) == 1100


def test_tags_that_come_together_are_counted_by_pairs(database, owner, north):
    with database.begin() as work:
        for number in range(3):
            put(work, owner, number, "r-u-1", "r-sy", "t-1")
        put(work, owner, 9, "r-u-1")
        assert work.usage.together(owner, ["r-u-"], 3) == [("r-u-1", "r-sy", 3)]
        assert work.usage.together(owner, ["r-u-"], 4) == []


def test_remarks_are_ignored_by_who_said_so_and_heeded_again(database, owner):
    with database.begin() as work:
        other = work.accounts.add("other", NOW).id
        work.vocabulary_notes.ignore(owner, "unused:r-u-1")
        work.vocabulary_notes.ignore(owner, "unused:r-u-1")
        assert work.vocabulary_notes.ignored(owner) == {"unused:r-u-1"}
        assert work.vocabulary_notes.ignored(other) == set()
        work.vocabulary_notes.heed(owner, "unused:r-u-1")
        assert work.vocabulary_notes.ignored(owner) == set()


def test_a_file_waits_for_a_day_for_who_sent_it(database, owner):
    with database.begin() as work:
        other = work.accounts.add("other", NOW).id
        upload = work.vocabulary_notes.keep_upload(owner, "trees.csv", "id,name", NOW)
        assert work.vocabulary_notes.upload(owner, upload) == ("trees.csv", "id,name")
        with pytest.raises(NotFound):
            work.vocabulary_notes.upload(other, upload)
        work.vocabulary_notes.keep_upload(owner, "b", "", NOW + timedelta(days=2))
        with pytest.raises(NotFound, match="Send it again"):
            work.vocabulary_notes.upload(owner, upload)
