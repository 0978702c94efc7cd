"""Codes of devices and failed tries in the store, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from webapp.errors import Conflict, NotFound

pytest_plugins = ["databases"]

NOW = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def owner(database) -> int:
    with database.begin() as work:
        return work.accounts.add("reader", NOW).id


def add(database, device_code_hash: str = "long", user_code_hash: str = "short", **extra) -> None:
    chosen = {
        "client_name": "Firefox",
        "scopes": ("clip", "read"),
        "came_from": "127.0.0.1",
        "now": NOW,
        "expires_at": NOW + 10 * MINUTE,
        "interval_s": 5,
        **extra,
    }
    with database.begin() as work:
        work.device_codes.add(device_code_hash=device_code_hash, user_code_hash=user_code_hash, **chosen)


def decide(database, owner: int, *, allowed: bool = True, now: datetime = NOW) -> None:
    with database.begin() as work:
        work.device_codes.decide("short", owner, allowed=allowed, client_name="Fox", scopes=("clip",), now=now)


def test_a_request_is_read_as_it_was_made_and_as_it_was_decided(database, owner):
    add(database)
    with database.read() as work:
        request = work.device_codes.waiting_for("short", NOW)
    assert (request.client_name, request.scopes, request.came_from) == ("Firefox", ("clip", "read"), "127.0.0.1")
    assert (request.made_at, request.expires_at, request.interval_s) == (NOW, NOW + 10 * MINUTE, 5)
    assert (request.owner, request.allowed, request.polled_at, request.used_at) == (None, None, None, None)
    decide(database, owner)
    with database.begin() as work:
        decided = work.device_codes.locked("long")
        assert (decided.owner, decided.allowed, decided.client_name, decided.scopes) == (owner, True, "Fox", ("clip",))
        assert work.device_codes.waiting_for("short", NOW) is None
        work.device_codes.polled("long", NOW + MINUTE, 10)
        work.device_codes.use("long", NOW + MINUTE)
        used = work.device_codes.locked("long")
    assert (used.polled_at, used.interval_s, used.used_at) == (NOW + MINUTE, 10, NOW + MINUTE)


def test_a_code_that_waits_is_not_given_twice(database):
    add(database)
    with pytest.raises(Conflict):
        add(database, "another")
    with pytest.raises(Conflict):
        add(database, "long", "another")


def test_many_who_decide_at_once_decide_once(database, owner):
    add(database)

    def try_it(number: int) -> bool:
        try:
            decide(database, owner, allowed=number % 2 == 0)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(try_it, range(6))) == [False] * 5 + [True]


def test_an_expired_code_cannot_be_decided_and_is_forgotten(database, owner):
    add(database)
    late = NOW + 10 * MINUTE
    with pytest.raises(NotFound):
        decide(database, owner, now=late)
    with database.begin() as work:
        assert work.device_codes.waiting_for("short", late) is None
        work.device_codes.forget(late)
        assert work.device_codes.locked("long") is not None
        work.device_codes.forget(late + MINUTE)
        assert work.device_codes.locked("long") is None


def test_those_that_wait_are_counted_by_where_they_came_from(database, owner):
    add(database)
    add(database, "other", "another", came_from="10.0.0.7")
    add(database, "old", "older", expires_at=NOW)
    with database.read() as work:
        assert work.device_codes.count(NOW) == 2
        assert work.device_codes.count(NOW, came_from="10.0.0.7") == 1
    decide(database, owner)
    with database.read() as work:
        assert work.device_codes.count(NOW) == 1


def test_failures_are_counted_until_one_succeeds_or_they_are_old(database):
    with database.begin() as work:
        assert work.tries.of("password", "who") is None
        for number in range(3):
            work.tries.failed("password", "who", NOW + number * MINUTE)
        work.tries.failed("password", "another", NOW)
        failures = work.tries.of("password", "who")
        assert (failures.count, failures.last_at) == (3, NOW + 2 * MINUTE)
        assert work.tries.of("user-code", "who") is None
        work.tries.forget(NOW + MINUTE)
        assert work.tries.of("password", "another") is None
        work.tries.succeeded("password", "who")
        assert work.tries.of("password", "who") is None


def test_failures_at_once_are_all_counted(database):
    def fail(_: int) -> None:
        with database.begin() as work:
            work.tries.failed("password", "who", NOW)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(fail, range(12)))
    with database.read() as work:
        assert work.tries.of("password", "who").count == 12


# ---- browsers that are signed in


def test_a_session_is_its_accounts_until_it_ends_or_is_too_old(database, owner):
    with database.begin() as work:
        other = work.accounts.add("somebody else", NOW).id
        for token, account_id, minutes in (("one", owner, 0), ("two", owner, 5), ("theirs", other, 0)):
            work.sessions.begin(token, account_id, NOW + minutes * MINUTE)
        assert work.sessions.account_of("one", NOW) == owner
        assert work.sessions.account_of("one", NOW + MINUTE) is None
        assert work.sessions.account_of("nobody's", NOW) is None
        assert work.sessions.count(owner, NOW) == 2
        work.sessions.end("one")
        assert work.sessions.account_of("one", NOW) is None
        work.sessions.forget(NOW + 5 * MINUTE)
        assert work.sessions.account_of("theirs", NOW) is None
        work.sessions.end_all(owner)
        assert work.sessions.count(owner, NOW) == 0
