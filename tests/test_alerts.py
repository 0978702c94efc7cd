"""Saved searches: one for all ways to type it, named by its parts, and exact about what is new."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from tests import builders
from webapp import alerts, jobs
from webapp.articles import reading
from webapp.errors import BadSearch, NotFound
from webapp.filing.tagging import TagKind, add_tag
from webapp.model import SavedSearch
from webapp.services import Services


def put(services: Services, clock: builders.Clock, place: str) -> int:
    """An article about a place, clipped now."""
    html = builders.page(f"The port of {place}", place=place)
    record = builders.put(services, html, address=f"https://quay.example/{place}")
    assert record.clipped_at == clock.now
    return record.article_id or 0


def standing(services: Services, owner: int, search: SavedSearch) -> tuple[int | None, int | None]:
    [found] = [each for each in alerts.standings(services, owner) if each.search.id == search.id]
    return found.total, found.new


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("region:syria", "Syria"),
        ("ceasefire  region:SY", "ceasefire · Syria"),
        ("region:سوريا -topic:sport", "Syria · -topic:sport"),
        ('"no fly zone" after:2020-06', '"no fly zone" · after:2020-06'),
        ("region:atlantis", "region:atlantis"),
        ("word " + "x" * 200, "word · " + "x" * 72 + "…"),
    ],
)
def test_a_search_without_a_name_is_called_by_its_parts(services, owner, query, name):
    search, is_new = alerts.save(services, owner, query)
    assert is_new
    assert search.name == name


def test_a_name_is_one_line_of_eighty_characters_at_most(services, owner):
    assert alerts.save(services, owner, "a", name=" What\nis \t new ")[0].name == "What is new"
    assert len(alerts.save(services, owner, "b", name="n" * 300)[0].name) == 80


@pytest.mark.parametrize("again", ["region:SY ceasefire", '  region:"Syria"   ceasefire ', "region:سوريا ceasefire"])
def test_what_asks_the_same_is_saved_already(services, owner, again):
    search, _ = alerts.save(services, owner, "region:syria ceasefire", name="mine")
    assert alerts.save(services, owner, again) == (search, False)
    assert alerts.saved_as(services, owner, again) == search
    assert alerts.saved_as(services, owner, "region:syria truce") is None


@pytest.mark.parametrize("query", ["", "   ", "*", "x " * 1_001])
def test_nothing_and_too_much_are_not_saved(services, owner, query):
    with pytest.raises(BadSearch):
        alerts.save(services, owner, query)
    assert alerts.standings(services, owner) == ()
    assert alerts.saved_as(services, owner, query[:10].replace("x", " ")) is None


def test_there_is_an_end_to_how_many_are_saved(services, owner, monkeypatch):
    monkeypatch.setattr(alerts, "SAVED_MAX", 2)
    for query in "ab":
        alerts.save(services, owner, query)
    with pytest.raises(BadSearch, match="Remove one first"):
        alerts.save(services, owner, "c")
    assert alerts.save(services, owner, "b")[1] is False


def test_an_unknown_sort_is_the_usual_one(services, owner):
    assert alerts.save(services, owner, "a", sort="upside")[0].sort == "best"
    assert alerts.save(services, owner, "b", sort="oldest")[0].sort == "oldest"


def test_what_is_clipped_later_the_same_day_is_new_and_what_came_before_is_not(services, owner, clock):
    put(services, clock, "Latakia")
    clock.move(minutes=1)
    search, _ = alerts.save(services, owner, "breakwater")
    assert standing(services, owner, search) == (1, 0)
    clock.move(minutes=1)
    put(services, clock, "Tartus")
    assert standing(services, owner, search) == (2, 1)
    clock.move(days=1)
    put(services, clock, "Mersin")
    assert standing(services, owner, search) == (3, 2)


def test_only_what_answers_the_query_is_new(services, owner, clock):
    search, _ = alerts.save(services, owner, "region:syria")
    clock.move(minutes=1)
    syrian = put(services, clock, "Latakia")
    put(services, clock, "Kobe")
    add_tag(services, owner, syrian, TagKind.REGION, "Syria")
    jobs.run_all(services)
    assert standing(services, owner, search) == (1, 1)


def test_opening_a_search_leaves_nothing_new_in_it_until_something_comes(services, owner, clock):
    search, _ = alerts.save(services, owner, "breakwater")
    other, _ = alerts.save(services, owner, "port")
    clock.move(minutes=1)
    put(services, clock, "Latakia")
    clock.move(minutes=1)
    assert alerts.look(services, owner, search.id) == search
    assert standing(services, owner, search) == (1, 0)
    assert standing(services, owner, other) == (1, 1)
    clock.move(minutes=1)
    put(services, clock, "Tartus")
    assert standing(services, owner, search) == (2, 1)
    assert standing(services, owner, other) == (2, 2)


def test_what_lies_in_the_trash_is_neither_counted_nor_new(services, owner, clock):
    search, _ = alerts.save(services, owner, "breakwater")
    clock.move(minutes=1)
    article_id = put(services, clock, "Latakia")
    reading.trash(services, owner, article_id)
    jobs.run_all(services)
    assert standing(services, owner, search) == (0, 0)


def test_new_articles_are_counted_up_to_a_limit(services, owner, clock, monkeypatch):
    monkeypatch.setattr(alerts, "NEW_COUNTED", 2)
    search, _ = alerts.save(services, owner, "breakwater")
    for place in ("Latakia", "Tartus", "Mersin"):
        clock.move(minutes=1)
        put(services, clock, place)
    assert standing(services, owner, search) == (3, 2)
    assert alerts.standings(services, owner)[0].has_more_new


def test_without_an_index_the_numbers_are_not_known_which_is_not_none(services, owner, clock):
    search, _ = alerts.save(services, owner, "breakwater")
    engine, services.engine = services.engine, None
    try:
        assert standing(services, owner, search) == (None, None)
    finally:
        services.engine = engine


def test_an_index_that_breaks_meanwhile_is_given_up_and_the_list_still_comes(services, owner):
    search, _ = alerts.save(services, owner, "breakwater")
    services.engine.close()
    assert standing(services, owner, search) == (None, None)
    assert services.engine is None


def test_a_list_costs_as_many_statements_for_one_search_as_for_ten(services, owner):
    def statements() -> int:
        sent: list[str] = []
        listen = lambda *args: sent.append(args[2])  # noqa: E731
        event.listen(services.store.engine, "before_cursor_execute", listen)
        alerts.standings(services, owner)
        event.remove(services.store.engine, "before_cursor_execute", listen)
        return len(sent)

    alerts.save(services, owner, "a1")
    one = statements()
    for number in range(2, 11):
        alerts.save(services, owner, f"a{number}")
    assert len(alerts.standings(services, owner)) == 10
    assert statements() == one


def test_a_removed_search_can_be_put_back_as_it_was(services, owner, clock):
    kept, _ = alerts.save(services, owner, "one", name="First", sort="oldest")
    alerts.save(services, owner, "two")
    clock.move(hours=1)
    gone = alerts.remove(services, owner, kept.id)
    assert [each.search.query for each in alerts.standings(services, owner)] == ["two"]
    back, is_new = alerts.save(
        services,
        owner,
        gone.query,
        name=gone.name,
        sort=gone.sort,
        looked_at=gone.looked_at,
        position=gone.position,
    )
    assert is_new
    assert [each.search.query for each in alerts.standings(services, owner)] == ["one", "two"]
    assert (back.name, back.sort, back.looked_at) == ("First", "oldest", kept.looked_at)


def test_nobody_can_have_looked_in_the_future(services, owner, clock):
    search, _ = alerts.save(services, owner, "a", looked_at=clock.now + timedelta(days=1))
    assert search.looked_at == clock.now


def test_a_search_is_renamed_and_an_empty_name_gives_back_the_usual_one(services, owner):
    search, _ = alerts.save(services, owner, "region:syria", name="mine")
    assert alerts.rename(services, owner, search.id, "  ours ").name == "ours"
    assert alerts.rename(services, owner, search.id, " ").name == "Syria"


def test_nobody_reaches_another_s_searches(services, owner, clock):
    search, _ = alerts.save(services, owner, "region:syria")
    with services.store.begin() as work:
        other = work.accounts.add("somebody else", clock.now).id
    assert alerts.standings(services, other) == ()
    assert alerts.saved_as(services, other, "region:syria") is None
    for deed in (alerts.look, alerts.remove):
        with pytest.raises(NotFound):
            deed(services, other, search.id)
    with pytest.raises(NotFound):
        alerts.rename(services, other, search.id, "x")
