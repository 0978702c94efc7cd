"""Corrections, highlights and further addresses in the store, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.test_store import ADDRESS, NOW, a_clip, a_draft, receive, save
from webapp.errors import Conflict, NotFound
from webapp.model import Highlight

pytest_plugins = ["databases"]

HOUR = timedelta(hours=1)
ELSEWHERE = "https://paper.example/the-dam"
MOMENT = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def owner(database) -> int:
    with database.begin() as work:
        return work.accounts.add("reader", NOW).id


@pytest.fixture
def article(database, owner) -> int:
    return clip(database, owner)


def clip(
    database, owner: int, clip_id: str = "clip-0001", *, address: str = ADDRESS, at: datetime = NOW, **draft
) -> int:
    made = a_clip(clip_id, clipped_at=at, address=address)
    drafted = a_draft(
        authors=("A. Reporter",), published_on=date(2026, 3, 1), published_at=MOMENT, site="The Paper", **draft
    )
    return save(database, receive(database, owner, made), made, address=address, draft=drafted)[0]


def correct(database, article_id: int, **fields) -> None:
    with database.begin() as work:
        for field, value in fields.items():
            work.corrections.put(article_id, field, value, NOW + HOUR)


def kept(database, owner: int, article_id: int):
    with database.read() as work:
        return work.articles.get(owner, article_id)


def test_a_correction_holds_at_once_and_is_told_to_the_index(database, owner, article):
    before = kept(database, owner, article)
    correct(database, article, title="The dam broke", authors=["B. Writer"], published_on="2026-02-27", language="en")
    after = kept(database, owner, article)
    assert (after.title, after.authors, after.language) == ("The dam broke", ("B. Writer",), "en")
    assert (after.published_on, after.published_at) == (date(2026, 2, 27), None)
    assert after.site == "The Paper"
    assert after.revision > before.revision
    with database.read() as work:
        assert work.corrections.of_article(article)["title"].value == "The dam broke"
        assert work.corrections.of_article(article)["title"].at == NOW + HOUR
        assert work.versions.current(article).title == "The dam"  # what was taken out of the page stays known


def test_a_correction_outlives_a_new_version_and_making_it_again(database, owner, article):
    correct(database, article, title="The dam broke", published_on="")
    clip(database, owner, "clip-0002", at=NOW + HOUR, standfirst="By night")
    after = kept(database, owner, article)
    assert (after.title, after.standfirst, after.version_count) == ("The dam broke", "By night", 2)
    assert (after.published_on, after.published_at) == (None, None)
    made = a_clip("clip-0002", clipped_at=NOW + HOUR)
    with database.read() as work:
        record = work.clips.by_clip_id(owner, "clip-0002")
    save(database, record, made, draft=a_draft(title="Another headline"), again=True)
    assert kept(database, owner, article).title == "The dam broke"


def test_a_correction_taken_back_shows_what_the_newest_version_says(database, owner, article):
    correct(database, article, title="The dam broke", published_on="2026-02-27", outlet="elsewhere.example")
    clip(database, owner, "clip-0002", at=NOW + HOUR, title="The dam, again")
    with database.begin() as work:
        for field in ("title", "published_on", "outlet", "standfirst"):
            work.corrections.take_back(article, field, NOW)
        assert work.corrections.of_article(article) == {}
    after = kept(database, owner, article)
    assert (after.title, after.outlet) == ("The dam, again", "paper.example")
    assert (after.published_on, after.published_at) == (date(2026, 3, 1), MOMENT)


def test_the_last_correction_of_a_field_holds(database, owner, article):
    correct(database, article, title="One")
    correct(database, article, title="Two")
    assert kept(database, owner, article).title == "Two"


def test_a_choice_of_blocks_is_kept_and_changes_no_column(database, owner, article):
    correct(database, article, body={"blocks": ["ab12", "cd34"]})
    with database.read() as work:
        assert work.corrections.of_article(article)["body"].value == {"blocks": ["ab12", "cd34"]}
    assert kept(database, owner, article).title == "The dam"


def test_an_article_moved_to_another_address_is_found_there_and_still_takes_in_what_is_clipped_at_the_old_one(
    database, owner, article
):
    with database.begin() as work:
        work.corrections.move(owner, article, ELSEWHERE, NOW)
    after = kept(database, owner, article)
    assert (after.address, after.outlet) == (ELSEWHERE, "paper.example")
    assert clip(database, owner, "clip-0002", at=NOW + HOUR) == article
    assert clip(database, owner, "clip-0003", at=NOW + 2 * HOUR, address=ELSEWHERE) == article
    assert kept(database, owner, article).address == ELSEWHERE
    with database.begin() as work:
        assert work.articles.seen_at(owner, ADDRESS).id == article
        work.corrections.move(owner, article, "https://third.example/dam", NOW)
        assert work.articles.get(owner, article).outlet == "third.example"
        work.corrections.move_back(owner, article, NOW)
        assert work.corrections.of_article(article) == {}
    assert (kept(database, owner, article).address, kept(database, owner, article).outlet) == (ADDRESS, "paper.example")


def test_an_article_cannot_move_to_where_another_is_kept(database, owner, article):
    other = clip(database, owner, "clip-0002", address=ELSEWHERE)
    with pytest.raises(Conflict, match="Another article"), database.begin() as work:
        work.corrections.move(owner, article, ELSEWHERE, NOW)
    assert kept(database, owner, article).address == ADDRESS
    assert kept(database, owner, other).address == ELSEWHERE


def test_an_article_is_found_where_it_was_clipped_too(database, owner, article):
    made = a_clip("clip-0002", address=f"{ADDRESS}?page=2&utm_source=feed", clipped_at=NOW + HOUR)
    save(database, receive(database, owner, made), made)
    with database.read() as work:
        assert work.articles.seen_at(owner, f"{ADDRESS}?page=2").id == article
        assert work.articles.seen_at(owner, ADDRESS).id == article
        assert work.articles.seen_at(owner, f"{ADDRESS}?page=3") is None
        assert work.articles.seen_at(owner, "") is None
        assert work.articles.seen_at(owner + 1, f"{ADDRESS}?page=2") is None


def a_highlight(owner: int, article_id: int, **changes) -> Highlight:
    values = {"exact": "dam broke", "prefix": "The ", "suffix": ".", "start": 4, "note": "why?", **changes}
    return Highlight(id=0, owner=owner, article_id=article_id, version_number=1, made_at=NOW, **values)


def test_a_highlight_is_read_as_it_was_made(database, owner, article):
    before = kept(database, owner, article)
    with database.begin() as work:
        made = work.highlights.add(a_highlight(owner, article), NOW)
    assert (made.exact, made.prefix, made.suffix, made.start) == ("dam broke", "The ", ".", 4)
    assert (made.note, made.version_number, made.made_at) == ("why?", 1, NOW)
    assert kept(database, owner, article).revision > before.revision
    with database.begin() as work:
        assert work.highlights.list(article) == [made]
        assert work.highlights.marked([article, article + 1]) == {article}
        assert work.highlights.set_note(owner, made.id, "because", NOW).note == "because"
        work.highlights.remove(owner, made.id, NOW)
        assert work.highlights.list(article) == []
        assert work.highlights.marked([article]) == set()
        again = work.highlights.add(made, NOW)
    assert again.id != made.id


def test_somebody_elses_highlight_is_not_there(database, owner, article):
    with database.begin() as work:
        other = work.accounts.add("another", NOW).id
        made = work.highlights.add(a_highlight(owner, article), NOW)
        for act in (
            lambda: work.highlights.get(other, made.id),
            lambda: work.highlights.set_note(other, made.id, "mine", NOW),
            lambda: work.highlights.remove(other, made.id, NOW),
        ):
            with pytest.raises(NotFound):
                act()


def test_all_of_it_goes_with_its_article(database, owner, article):
    correct(database, article, title="Gone soon")
    with database.begin() as work:
        work.highlights.add(a_highlight(owner, article), NOW)
        work.corrections.move(owner, article, ELSEWHERE, NOW)
        work.articles.trash(owner, article, NOW)
        work.articles.purge(NOW + HOUR)
    with database.read() as work:
        assert work.highlights.list(article) == []
        assert work.corrections.of_article(article) == {}
        assert work.articles.seen_at(owner, ADDRESS) is None
