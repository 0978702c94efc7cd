"""Sign-in links, passwords and devices."""

from __future__ import annotations

import pytest

from tests.builders import Clock
from webapp.access import accounts
from webapp.errors import NotAllowed, NotFound, NotSignedIn
from webapp.services import Services


def test_a_sign_in_link_works_once(services: Services) -> None:
    token = accounts.make_sign_in_link(services).rsplit("/", 1)[1]
    assert not accounts.was_ever_signed_in(services)
    assert accounts.sign_in(services, token).name == "reader"
    assert accounts.was_ever_signed_in(services)
    with pytest.raises(NotSignedIn, match="used already"):
        accounts.sign_in(services, token)


def test_a_sign_in_link_expires(services: Services, clock: Clock) -> None:
    token = accounts.make_sign_in_link(services).rsplit("/", 1)[1]
    clock.move(seconds=services.settings.sign_in_link_lifetime_s + 1)
    with pytest.raises(NotSignedIn):
        accounts.sign_in(services, token)


def test_a_password_signs_in_and_a_wrong_one_does_not_tell_why(services: Services, owner: int) -> None:
    with pytest.raises(NotSignedIn) as no_password:
        accounts.sign_in_with_password(services, "reader", "long enough now")
    with pytest.raises(NotAllowed, match="10 characters"):
        accounts.set_password(services, owner, "short")
    accounts.set_password(services, owner, "long enough now")
    assert accounts.sign_in_with_password(services, "reader", "long enough now").id == owner
    for name, password in (("reader", "another one here"), ("nobody", "long enough now")):
        with pytest.raises(NotSignedIn) as wrong:
            accounts.sign_in_with_password(services, name, password)
        assert str(wrong.value) == str(no_password.value)


def test_a_devices_token_is_stored_only_as_a_hash(services: Services, owner: int) -> None:
    made = accounts.make_device(services, owner, "  Firefox   on the laptop ")
    assert made.device.name == "Firefox on the laptop"
    kept = b"".join(path.read_bytes() for path in services.settings.data_dir.glob("dateline.sqlite*"))
    assert made.device.name.encode() in kept
    assert made.token.encode() not in kept


def test_a_device_is_known_by_its_token_until_revoked(services: Services, owner: int, clock: Clock) -> None:
    made = accounts.make_device(services, owner, "phone", ("clip",))
    clock.move(minutes=5)
    assert accounts.device_of(services, made.token, "clip").name == "phone"
    assert accounts.devices(services, owner)[0].last_used_at == clock()
    with pytest.raises(NotAllowed, match="may clip, but not read"):
        accounts.device_of(services, made.token, "read")
    accounts.revoke(services, owner, made.device.id)
    with pytest.raises(NotSignedIn, match="revoked"):
        accounts.device_of(services, made.token, "clip")


def test_somebody_elses_device_cannot_be_revoked(services: Services, owner: int) -> None:
    made = accounts.make_device(services, owner, "phone")
    with services.store.begin() as work:
        other = work.accounts.add("somebody else", services.clock())
    with pytest.raises(NotFound):
        accounts.revoke(services, other.id, made.device.id)


@pytest.mark.parametrize(("name", "scopes"), [("", ("clip",)), ("x", ()), ("x", ("clip", "rule"))])
def test_a_device_without_name_or_with_unknown_scopes_is_refused(
    services: Services, owner: int, name: str, scopes: tuple[str, ...]
) -> None:
    with pytest.raises(NotAllowed):
        accounts.make_device(services, owner, name, scopes)
