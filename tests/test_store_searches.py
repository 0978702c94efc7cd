"""Saved searches in the store, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from webapp.errors import NotFound

pytest_plugins = ["databases"]

NOW = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def owner(database) -> int:
    with database.begin() as work:
        return work.accounts.add("reader", NOW).id


def add(database, owner: int, query: str = "region:syria", **extra):
    chosen = {"name": query.title(), "query": query, "sort": "newest", "now": NOW, **extra}
    with database.begin() as work:
        return work.searches.add(owner, **chosen)


def queries(database, owner: int) -> list[str]:
    with database.read() as work:
        return [search.query for search in work.searches.list(owner)]


def test_a_search_is_read_as_it_was_saved(database, owner):
    search, is_new = add(database, owner, "region:syria", name="Syria, mostly")
    assert is_new
    assert (search.name, search.query, search.sort) == ("Syria, mostly", "region:syria", "newest")
    assert (search.made_at, search.looked_at) == (NOW, NOW)
    with database.read() as work:
        assert work.searches.get(owner, search.id) == search
        assert work.searches.by_query(owner, "region:syria") == search
        assert work.searches.list(owner) == [search]
        assert work.searches.count(owner) == 1


def test_the_same_query_is_saved_once_and_keeps_its_name(database, owner):
    first, _ = add(database, owner, name="first")
    assert add(database, owner, name="second", now=NOW + HOUR) == (first, False)


def test_the_same_query_saved_at_once_by_many_is_saved_once(database, owner):
    with ThreadPoolExecutor(6) as pool:
        saved = list(pool.map(lambda number: add(database, owner, name=str(number)), range(6)))
    assert sorted(is_new for _, is_new in saved) == [False] * 5 + [True]
    assert len({search.id for search, _ in saved}) == 1


def test_searches_come_in_the_order_they_were_saved_and_one_put_back_finds_its_place(database, owner):
    for query in "abc":
        add(database, owner, query)
    with database.begin() as work:
        gone = work.searches.remove(owner, work.searches.by_query(owner, "b").id)
    assert queries(database, owner) == ["a", "c"]
    back, _ = add(database, owner, "b", looked_at=gone.looked_at - HOUR, position=gone.position)
    assert queries(database, owner) == ["a", "b", "c"]
    assert back.looked_at == NOW - HOUR
    assert back.id not in (gone.id, 0)


def test_a_number_of_a_removed_search_never_opens_another(database, owner):
    first, _ = add(database, owner)
    with database.begin() as work:
        work.searches.remove(owner, first.id)
    assert add(database, owner)[0].id != first.id


def test_renaming_and_looking_change_that_alone(database, owner):
    search, _ = add(database, owner)
    with database.begin() as work:
        work.searches.rename(owner, search.id, "new name")
        work.searches.looked(owner, search.id, NOW + HOUR)
        changed = work.searches.get(owner, search.id)
    assert (changed.name, changed.looked_at, changed.made_at) == ("new name", NOW + HOUR, NOW)


@pytest.mark.parametrize("deed", ["get", "remove", "rename", "looked"])
def test_what_is_somebody_else_s_or_nobody_s_is_not_there(database, owner, deed):
    search, _ = add(database, owner)
    with database.begin() as work:
        other = work.accounts.add("somebody else", NOW).id
    more = {"rename": ["x"], "looked": [NOW]}.get(deed, [])
    for who, which in ((other, search.id), (owner, search.id + 1), (owner, 2**70)):
        with pytest.raises(NotFound), database.begin() as work:
            getattr(work.searches, deed)(who, which, *more)
    assert queries(database, other) == []
    assert queries(database, owner) == [search.query]
