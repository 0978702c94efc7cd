"""Connecting a device with a short code that the reader confirms: RFC 8628, the device authorization grant.

The device asks for two codes, shows the short one and polls with the long one; the reader, signed in, sees who asks
and says yes or no; the next poll brings the token. The token is made at that moment, so it is stored only as a hash.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from webapp.access import patience
from webapp.access.accounts import SCOPES, TOKEN_PREFIX, NewDevice, hashed
from webapp.errors import Conflict, NotAllowed, NotFound
from webapp.model import ConnectRequest
from webapp.services import Services
from webapp.store import Work

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"  # RFC 8628 §6.1: no vowels, so no words; no digits, so nothing to mistake
USER_CODE_LETTERS = 8  # 20^8 = 2.6e10 codes; §5.1 asks that guessing within the lifetime stays hopeless
LIFETIME = timedelta(minutes=10)  # taste: long enough to find the browser that is signed in
INTERVAL_S = 5  # §3.2: the default when a server names none
SLOWER_BY_S = 5  # §3.5: "the interval MUST be increased by 5 seconds"
WAITING_LIMIT, WAITING_LIMIT_FROM_ONE_ADDRESS = 500, 20  # rows that anybody may cause; taste
NAMELESS = "A device without a name"


class GrantError(Exception):
    """What the device is told: `code` is one of RFC 6749 §5.2 or RFC 8628 §3.5."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code, self.description = code, description


@dataclass(frozen=True, slots=True)
class Codes:
    """What a device that asks to be connected is given. Both codes leave here once."""

    device_code: str
    user_code: str
    lifetime_s: int
    interval_s: int


def ask(services: Services, client_name: str, scopes: Sequence[str], *, came_from: str) -> Codes:
    """Begin: the codes of a new request. Raises GrantError: invalid_scope, slow_down."""
    wanted = tuple(scope for scope in SCOPES if scope in scopes)
    if len(wanted) != len(set(scopes)) or not wanted:
        raise GrantError("invalid_scope", f"A device may {', '.join(SCOPES)}, and nothing else.")
    now = services.clock()
    for _ in range(3):  # that a code is taken happens once in 5e7 times, when as many wait as may
        device_code, user_code = secrets.token_urlsafe(32), _new_user_code()
        try:
            with services.store.begin() as work:
                work.device_codes.forget(now)
                _refuse_crowd(work, services, came_from)
                work.device_codes.add(
                    device_code_hash=hashed(device_code),
                    user_code_hash=hashed(_plain(user_code)),
                    client_name=_name_of(client_name) or NAMELESS,
                    scopes=wanted,
                    came_from=came_from,
                    now=now,
                    expires_at=now + LIFETIME,
                    interval_s=INTERVAL_S,
                )
        except Conflict:
            continue
        return Codes(device_code, user_code, int(LIFETIME.total_seconds()), INTERVAL_S)
    raise GrantError("slow_down", "No free code was found. Ask again.")


def request_of(services: Services, owner: int, user_code: str) -> ConnectRequest:
    """The request that the reader is asked to decide. Raises NotFound, and TooManyTries after too many wrong codes."""
    patience.hold(services, patience.USER_CODE, str(owner))
    with services.store.read() as work:
        found = work.device_codes.waiting_for(hashed(_plain(user_code)), services.clock())
    if found is None:
        patience.failed(services, patience.USER_CODE, str(owner))
        raise NotFound(
            "No device waits with this code. Codes hold for ten minutes and work once: "
            "look at it again, or press Connect on the device for a new one."
        )
    patience.succeeded(services, patience.USER_CODE, str(owner))
    return found


def allow(services: Services, owner: int, user_code: str, *, name: str, scopes: Sequence[str]) -> ConnectRequest:
    """Say yes, to all that the device asks for or to less. Raises NotFound, TooManyTries, NotAllowed."""
    request = request_of(services, owner, user_code)
    granted = [scope for scope in request.scopes if scope in scopes]
    if not granted:
        raise NotAllowed("Tick at least one thing that the device may do, or refuse it.")
    _decide(services, owner, user_code, allowed=True, name=_name_of(name) or request.client_name, scopes=granted)
    return request


def refuse(services: Services, owner: int, user_code: str) -> ConnectRequest:
    """Say no: the device is told so. Raises NotFound, TooManyTries."""
    request = request_of(services, owner, user_code)
    _decide(services, owner, user_code, allowed=False, name=request.client_name, scopes=request.scopes)
    return request


def token_for(services: Services, device_code: str) -> NewDevice:
    """The device's answer to a poll: its token, once. Raises GrantError with the code that the device should act on."""
    now = services.clock()
    error: GrantError | None = None
    made: NewDevice | None = None
    with services.store.begin() as work:  # ends well even when there is no token: that it polled is kept
        request = work.device_codes.locked(hashed(device_code))
        error = _why_not(work, request, device_code, services)
        if error is None and request is not None and request.owner is not None:
            token = TOKEN_PREFIX + secrets.token_urlsafe(32)
            device = work.devices.add(request.owner, request.client_name, hashed(token), request.scopes, now)
            work.device_codes.use(hashed(device_code), now)
            made = NewDevice(device, token)
    if made is None:
        raise error or GrantError("invalid_grant", "This code is not known.")
    return made


def _why_not(work: Work, request: ConnectRequest | None, device_code: str, services: Services) -> GrantError | None:
    """What stands between the device and its token. One that asks sooner than it was told to has to wait longer."""
    now = services.clock()
    if request is None or request.used_at is not None:
        return GrantError("invalid_grant", "This device code is not known, or was used already.")
    if request.expires_at <= now:
        return GrantError("expired_token", "Nobody confirmed the code in time. Ask for a new one.")
    if request.allowed is False:
        return GrantError("access_denied", "The reader refused to connect this device.")
    if request.allowed is True:
        return None
    interval_s = request.interval_s
    too_soon = request.polled_at is not None and (now - request.polled_at).total_seconds() < interval_s
    if too_soon:
        interval_s = min(interval_s + SLOWER_BY_S, int(LIFETIME.total_seconds()))
    work.device_codes.polled(hashed(device_code), now, interval_s)
    if too_soon:
        return GrantError("slow_down", f"Ask every {interval_s} seconds.")
    return GrantError("authorization_pending", "The reader has not confirmed the code yet.")


def shown(user_code: str) -> str:
    """A code as people read it, "WDJB-MJHT", however it was typed; as it is when it cannot be one."""
    plain = _plain(user_code)
    half = USER_CODE_LETTERS // 2
    return f"{plain[:half]}-{plain[half:]}" if len(plain) == USER_CODE_LETTERS else user_code.strip()[:20]


def _decide(services: Services, owner: int, user_code: str, *, allowed: bool, name: str, scopes: Sequence[str]) -> None:
    with services.store.begin() as work:
        work.device_codes.decide(
            hashed(_plain(user_code)), owner, allowed=allowed, client_name=name, scopes=scopes, now=services.clock()
        )


def _refuse_crowd(work: Work, services: Services, came_from: str) -> None:
    now = services.clock()
    crowd = work.device_codes.count(now) >= WAITING_LIMIT
    if crowd or work.device_codes.count(now, came_from=came_from) >= WAITING_LIMIT_FROM_ONE_ADDRESS:
        raise GrantError("slow_down", "Too many devices wait to be connected. Confirm or refuse one, or wait.")


def _new_user_code() -> str:
    return shown("".join(secrets.choice(ALPHABET) for _ in range(USER_CODE_LETTERS)))


def _plain(user_code: str) -> str:
    """A code as it is compared: §6.1 tells to ignore what is not of the alphabet, and whether letters are small."""
    return "".join(letter for letter in user_code.upper()[:40] if letter in ALPHABET)


def _name_of(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:80]
