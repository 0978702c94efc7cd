"""Who is wrong too often has to wait: longer each time, never for ever, and not because of a stranger."""

from __future__ import annotations

import pytest

from tests.builders import Clock
from webapp.access import accounts, patience
from webapp.access.patience import Allowance
from webapp.errors import NotSignedIn, TooManyTries
from webapp.services import Services

PASSWORD = "long enough now"


@pytest.fixture
def reader(services: Services, owner: int) -> int:
    accounts.set_password(services, owner, PASSWORD)
    return owner


def try_to_sign_in(services: Services, password: str = "a wrong password", *, came_from: str = "10.0.0.1") -> None:
    accounts.sign_in_with_password(services, "reader", password, came_from=came_from)


def be_wrong(services: Services, times: int, **extra: str) -> None:
    for _ in range(times):
        with pytest.raises(NotSignedIn):
            try_to_sign_in(services, **extra)


def test_five_wrong_passwords_cost_nothing_and_the_sixth_a_wait_even_if_it_is_right(services, reader, clock: Clock):
    be_wrong(services, 5)
    with pytest.raises(TooManyTries) as wait:
        try_to_sign_in(services, PASSWORD)
    assert wait.value.wait_s == 2
    clock.move(seconds=3)
    try_to_sign_in(services, PASSWORD)


def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(services, reader, clock: Clock):
    be_wrong(services, 5)
    waits = []
    for _ in range(12):
        with pytest.raises(TooManyTries) as wait:
            try_to_sign_in(services)
        waits.append(wait.value.wait_s)
        clock.move(seconds=wait.value.wait_s + 1)
        be_wrong(services, 1)
    assert waits[:5] == [2, 4, 8, 16, 32]
    assert max(waits) == 900


def test_a_success_forgets_the_failures(services, reader, clock: Clock):
    be_wrong(services, 4)
    try_to_sign_in(services, PASSWORD)
    be_wrong(services, 5)


def test_a_stranger_elsewhere_cannot_lock_the_reader_out_for_long(services, reader, clock: Clock):
    for number in range(40):
        try:
            try_to_sign_in(services, came_from=f"10.0.1.{number}")
        except (NotSignedIn, TooManyTries):
            clock.move(seconds=1)
    with pytest.raises(TooManyTries) as wait:
        try_to_sign_in(services, PASSWORD, came_from="192.168.0.2")
    assert wait.value.wait_s <= 60
    clock.move(seconds=61)
    try_to_sign_in(services, PASSWORD, came_from="192.168.0.2")


def test_failures_are_forgotten_after_a_day(services, reader, clock: Clock):
    be_wrong(services, 5)
    clock.move(hours=25)
    be_wrong(services, 1)
    with services.store.read() as work:
        assert work.tries.of(patience.PASSWORD_FROM_HERE.kind, patience._hashed(("reader", "10.0.0.1"))).count == 1


def test_allowances_are_kept_apart(services, owner):
    one, other = Allowance("one", 1, 60, "Too often."), Allowance("other", 1, 60, "Too often.")
    patience.failed(services, one, "who")
    with pytest.raises(TooManyTries, match="Wait 2 seconds"):
        patience.hold(services, one, "who")
    patience.hold(services, other, "who")
    patience.hold(services, one, "somebody else")


def test_the_page_says_how_long_to_wait_and_names_another_way(services, reader, stranger):
    for _ in range(5):
        assert stranger.post("/sign-in", data={"name": "reader", "password": "wrong"}).status_code == 422
    answer = stranger.post("/sign-in", data={"name": "reader", "password": PASSWORD})
    assert answer.status_code == 429
    assert "Wait 2 seconds" in answer.text
    assert "A sign-in link works at any time" in answer.text
