"""Who may come in: one-time sign-in links, passwords, the sessions they begin, and devices with bearer tokens.

Secrets leave this file once, to the person they are made for; the store holds only their hashes.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkzeug.security import check_password_hash, generate_password_hash

from webapp.access import patience
from webapp.errors import NotAllowed, NotSignedIn
from webapp.model import Account, Device
from webapp.services import Services

SCOPES = ("clip", "read", "write")
TOKEN_PREFIX = "dl_"  # noqa: S105 - not a secret: lets secret scanners recognise a leaked token
PASSWORD_MIN_CHARS = 10  # NIST SP 800-63B asks for at least 8; taste adds two


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device and its token, which is shown once and cannot be read again."""

    device: Device
    token: str


def ensure_account(services: Services) -> Account:
    """The archive's first account, made on first start."""
    with services.store.begin() as work:
        return work.accounts.ensure_first("reader", services.clock())


def was_ever_signed_in(services: Services) -> bool:
    with services.store.read() as work:
        return work.accounts.was_ever_signed_in()


def make_sign_in_link(services: Services, account: Account | None = None) -> str:
    """The path of a link that signs in once and expires after `sign_in_link_lifetime_s`."""
    account = account or ensure_account(services)
    token = secrets.token_urlsafe(24)
    expires = services.clock() + timedelta(seconds=services.settings.sign_in_link_lifetime_s)
    with services.store.begin() as work:
        work.sign_in_links.add(hashed(token), account.id, expires)
    return f"/sign-in/{token}"


def sign_in(services: Services, token: str) -> Account:
    """The account whose one-time link holds `token`; the link is used up. Raises NotSignedIn."""
    with services.store.begin() as work:
        account_id = work.sign_in_links.use(hashed(token), services.clock())
        account = None if account_id is None else work.accounts.get(account_id)
        if account is not None:
            work.accounts.signed_in(account.id, services.clock())
    if account is None:
        raise NotSignedIn(
            "This sign-in link was used already or has expired. Run `dateline sign-in-link` for a new one."
        )
    return account


def sign_in_with_password(services: Services, name: str, password: str, *, came_from: str = "") -> Account:
    """The account called `name`, if `password` is right. Raises NotSignedIn, the same whichever was wrong.

    Who was wrong too often, from this network address or from anywhere, has to wait: TooManyTries.
    """
    patience.hold(services, patience.PASSWORD_FROM_HERE, name, came_from)
    patience.hold(services, patience.PASSWORD_FROM_ANYWHERE, name)
    with services.store.read() as work:
        account = work.accounts.by_name(name)
        kept = "" if account is None else work.accounts.password_hash(account.id)
    if not check_password_hash(kept or _NO_PASSWORD, password) or account is None:
        patience.failed(services, patience.PASSWORD_FROM_HERE, name, came_from)
        patience.failed(services, patience.PASSWORD_FROM_ANYWHERE, name)
        raise NotSignedIn("The name or the password is not right.")
    patience.succeeded(services, patience.PASSWORD_FROM_HERE, name, came_from)
    patience.succeeded(services, patience.PASSWORD_FROM_ANYWHERE, name)
    return account


def set_password(services: Services, owner: int, password: str) -> None:
    """Let `owner` sign in by password too; every session ends. Raises NotAllowed when it is too short."""
    if len(password) < PASSWORD_MIN_CHARS:
        raise NotAllowed(f"A password needs at least {PASSWORD_MIN_CHARS} characters.")
    with services.store.begin() as work:
        work.accounts.set_password_hash(owner, generate_password_hash(password))
        work.sessions.end_all(owner)


def begin_session(services: Services, account_id: int) -> str:
    """A browser is signed in: the token it shows from now on, good for `session_lifetime_s` unless it is ended."""
    token = secrets.token_urlsafe(24)
    with services.store.begin() as work:
        work.sessions.forget(_sessions_since(services))
        work.sessions.begin(hashed(token), account_id, services.clock())
    return token


def signed_in(services: Services, token: str) -> Account | None:
    """Whose session it is; None when it ended."""
    with services.store.read() as work:
        account_id = work.sessions.account_of(hashed(token), _sessions_since(services))
        return None if account_id is None else work.accounts.get(account_id)


def count_sessions(services: Services, owner: int) -> int:
    with services.store.read() as work:
        return work.sessions.count(owner, _sessions_since(services))


def end_session(services: Services, token: str) -> None:
    with services.store.begin() as work:
        work.sessions.end(hashed(token))


def end_every_session(services: Services, owner: int) -> None:
    """In all browsers; tokens of devices stay good."""
    with services.store.begin() as work:
        work.sessions.end_all(owner)


def fetches_pictures(services: Services, owner: int) -> bool:
    """Whether pictures that the browser did not send may be fetched: the reader's choice, else the archive's."""
    reader = account(services, owner)
    if reader is None or reader.fetches_pictures is None:
        return services.settings.fetch_pictures
    return reader.fetches_pictures


def choose_to_fetch_pictures(services: Services, owner: int, fetches: bool) -> None:
    with services.store.begin() as work:
        work.accounts.set_fetches_pictures(owner, fetches)


def account(services: Services, account_id: int) -> Account | None:
    with services.store.read() as work:
        return work.accounts.get(account_id)


def make_device(services: Services, owner: int, name: str, scopes: tuple[str, ...] = SCOPES) -> NewDevice:
    """A device with a token of its own. Raises NotAllowed for a scope that does not exist or an empty name."""
    name = " ".join(name.split())[:80]
    if not name:
        raise NotAllowed("Give the device a name, such as “Firefox on the laptop”.")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise NotAllowed(f"A device may {', '.join(SCOPES)}, and nothing else.")
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with services.store.begin() as work:
        device = work.devices.add(owner, name, hashed(token), scopes, services.clock())
    return NewDevice(device, token)


def device_of(services: Services, token: str, *scopes: str) -> Device:
    """The device that holds `token`. Raises NotSignedIn when unknown or revoked, NotAllowed without any of `scopes`."""
    now = services.clock()
    with services.store.read() as work:
        device = work.devices.by_token_hash(hashed(token))
    if device is None or device.revoked_at is not None:
        raise NotSignedIn("This token is unknown or was revoked. Make a new one under Settings → Devices.")
    if scopes and not set(scopes) & set(device.scopes):
        raise NotAllowed(f"The device “{device.name}” may {', '.join(device.scopes)}, but not {' or '.join(scopes)}.")
    if device.last_used_at is None or now - device.last_used_at > timedelta(minutes=1):
        with services.store.begin() as work:
            work.devices.touch(device.id, now)
    return device


def devices(services: Services, owner: int) -> list[Device]:
    with services.store.read() as work:
        return work.devices.list(owner)


def revoke(services: Services, owner: int, device_id: int) -> None:
    """The device's token stops working at once. Raises NotFound."""
    with services.store.begin() as work:
        work.devices.revoke(owner, device_id, services.clock())


def _sessions_since(services: Services) -> datetime:
    return services.clock() - timedelta(seconds=services.settings.session_lifetime_s)


def hashed(token: str) -> str:
    """SHA-256 is enough: the tokens hold 192 bits of randomness or more and cannot be guessed by trying."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


_NO_PASSWORD = generate_password_hash(secrets.token_hex(16))
