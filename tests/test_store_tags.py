"""The tag trees in the store: the seed may come again and again, and never undoes what a reader changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import event

from webapp.model import CameBy, Clip, Draft, TagKind, TagOrigin
from webapp.tags import Tag

pytest_plugins = ["databases"]

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
WORLD = Tag(id="r-001", kind=TagKind.REGION, slug="world", name="World", code="001")
ASIA = Tag(id="r-142", kind=TagKind.REGION, slug="asia", name="Asia", code="142", parents=("r-001",))
SYRIA = Tag(
    id="r-sy",
    kind=TagKind.REGION,
    slug="syria",
    name="Syria",
    code="SY",
    parents=("r-142",),
    names={"ar": "سوريا", "de": "Syrien"},
    aliases=("Syrian Arab Republic",),
    note="a note",
)
SEED = (WORLD, ASIA, SYRIA)


def seed(database, tags=SEED) -> None:
    with database.begin() as work:
        work.tags.seed(tags)


def look(database) -> tuple[list[Tag], int]:
    with database.read() as work:
        return work.tags.all(), work.tags.revision()


def test_seeded_tags_are_read_as_they_were_given_and_in_order(database):
    with database.read() as work:
        assert (work.tags.all(), work.tags.revision()) == ([], 0)
    seed(database)
    assert look(database) == ([*SEED], 1)


def test_seeding_the_same_again_costs_one_statement_and_changes_nothing(database):
    seed(database)
    before, sent = look(database), []
    event.listen(database.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    seed(database)
    assert len([statement for statement in sent if "vocabulary" in statement or "tags" in statement]) == 1
    assert look(database) == before


def test_a_new_seed_adds_and_changes_and_never_takes_away(database):
    seed(database)
    corrected = replace(SYRIA, name="Syrian Arab Republic", names={**SYRIA.names, "fr": "Syrie"}, retired=True)
    fresh = Tag(id="r-lb", kind=TagKind.REGION, slug="lebanon", name="Lebanon", parents=("r-142",))
    seed(database, (WORLD, corrected, fresh))
    tags, revision = look(database)
    assert {tag.id: tag for tag in tags} == {"r-001": WORLD, "r-142": ASIA, "r-sy": corrected, "r-lb": fresh}
    assert revision == 2


def test_a_reader_s_rename_outlives_every_seed(database):
    seed(database)
    mine = replace(SYRIA, name="Bilad al-Sham")
    with database.begin() as work:
        work.tags.put(mine, NOW)
    seed(database, (WORLD, ASIA, replace(SYRIA, name="Syria (new seed)")))
    tags, revision = look(database)
    assert mine in tags
    assert revision == 3


def test_a_reader_s_own_tag_comes_after_the_seeded_ones(database):
    seed(database)
    rojava = Tag(id="r-rojava", kind=TagKind.REGION, slug="rojava", name="Rojava", parents=("r-sy",))
    with database.begin() as work:
        work.tags.put(rojava, NOW)
    assert look(database)[0] == [*SEED, rojava]


def test_first_starts_at_once_seed_once(database):
    barrier = Barrier(4)

    def start(_number: int) -> None:
        barrier.wait()
        seed(database)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    assert look(database) == ([*SEED], 1)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (replace(ASIA, name="Asia, renamed"), 0),
        (replace(ASIA, parents=()), 1),
        (replace(SYRIA, parents=("r-001",)), 1),
        (replace(WORLD, parents=("r-sy",)), 1),
    ],
    ids=["renamed", "moved above", "moved itself", "moved into a circle"],
)
def test_an_article_below_a_tag_that_moved_is_indexed_anew(database, changed, expected):
    seed(database)
    clip = Clip(
        clip_id="clip-0001",
        address="",
        raw=b"x",
        raw_type="text/plain",
        page="x",
        is_html=False,
        came_by=CameBy.FORM,
        clipped_at=NOW,
    )
    with database.begin() as work:
        owner = work.accounts.add("reader", NOW).id
        record, _ = work.clips.add(owner, clip, "0" * 64, [])
        article_id, _ = work.articles.save_version(
            record=record, clip=clip, address="", outlet="", draft=Draft(title="x"), clean_html="", cleaner="",
            images=(), log=(), now=NOW,
        )  # fmt: skip
        work.tags.add_to_article(owner, article_id, "r-sy", TagKind.REGION, TagOrigin.READER, NOW)
        work.changes.done(work.changes.waiting(10))
    with database.begin() as work:
        work.tags.put(changed, NOW)
        assert work.changes.count() == expected
