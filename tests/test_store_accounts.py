"""Accounts, sign-in links and devices: what works once, and what works no more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from webapp.errors import Conflict, NotFound

pytest_plugins = ["databases"]

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def owner(database) -> int:
    with database.begin() as work:
        return work.accounts.add("reader", NOW).id


def use(database, token_hash: str, now: datetime = NOW) -> int | None:
    with database.begin() as work:
        return work.sign_in_links.use(token_hash, now)


def test_an_account_is_found_by_id_and_name(database, owner):
    with database.begin() as work:
        other = work.accounts.add("somebody else", NOW)
        assert work.accounts.first() == work.accounts.get(owner)
        assert work.accounts.by_name("somebody else") == other
        assert work.accounts.by_name("nobody") is None
        assert work.accounts.get(404) is None
    assert (other.created_at, other.has_password) == (NOW, False)


def test_a_name_can_be_taken_once(database, owner):
    with pytest.raises(Conflict), database.begin() as work:
        work.accounts.add("reader", NOW)


def test_first_starts_at_once_make_one_account(database):
    barrier = Barrier(4)

    def start(_number: int) -> int:
        barrier.wait()
        with database.begin() as work:
            return work.accounts.ensure_first("reader", NOW).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1


def test_an_account_has_a_password_once_it_is_set(database, owner):
    with database.begin() as work:
        assert work.accounts.password_hash(owner) == ""
        work.accounts.set_password_hash(owner, "scrypt:…")
        assert work.accounts.password_hash(owner) == "scrypt:…"
        assert work.accounts.get(owner).has_password


def test_the_archive_knows_whether_anybody_ever_signed_in(database, owner):
    with database.begin() as work:
        assert not work.accounts.was_ever_signed_in()
        work.accounts.signed_in(owner, NOW)
        assert work.accounts.was_ever_signed_in()


def test_a_sign_in_link_works_once(database, owner):
    with database.begin() as work:
        work.sign_in_links.add("h1", owner, LATER)
    assert use(database, "unknown") is None
    assert use(database, "h1") == owner
    assert use(database, "h1") is None


def test_a_sign_in_link_works_once_even_for_four_at_once(database, owner):
    with database.begin() as work:
        work.sign_in_links.add("h1", owner, LATER)
    barrier = Barrier(4)

    def sign_in(_number: int) -> int | None:
        barrier.wait()
        return use(database, "h1")

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(sign_in, range(4)), key=str) == [owner, None, None, None]


def test_a_sign_in_link_expires_and_is_forgotten(database, owner):
    with database.begin() as work:
        work.sign_in_links.add("h1", owner, LATER)
    assert use(database, "h1", LATER) is None
    with database.begin() as work:
        work.sign_in_links.forget(LATER + timedelta(seconds=1))
    assert use(database, "h1") is None


def test_a_revoked_device_says_so_and_stays_revoked(database, owner):
    with database.begin() as work:
        phone = work.devices.add(owner, "Phone", "h1", ("clip",), NOW)
        laptop = work.devices.add(owner, "Laptop", "h2", ("clip", "read"), NOW)
        work.devices.touch(phone.id, LATER)
        work.devices.revoke(owner, phone.id, LATER)
        work.devices.revoke(owner, phone.id, LATER + timedelta(days=1))
    with database.read() as work:
        revoked = work.devices.by_token_hash("h1")
        assert work.devices.by_token_hash("h2") == laptop
        assert work.devices.by_token_hash("h3") is None
        assert work.devices.list(owner) == [laptop, revoked]
    assert (revoked.scopes, revoked.last_used_at, revoked.revoked_at) == (("clip",), LATER, LATER)


def test_nobody_revokes_somebody_else_s_device(database, owner):
    with database.begin() as work:
        other = work.accounts.add("somebody else", NOW).id
        device = work.devices.add(owner, "Phone", "h1", ("clip",), NOW)
        for whose, which in ((other, device.id), (owner, 404)):
            with pytest.raises(NotFound):
                work.devices.revoke(whose, which, NOW)
        assert work.devices.list(other) == []
        assert work.devices.by_token_hash("h1").revoked_at is None
