"""Slows down who is wrong too often: after some failures each try costs a wait that doubles.

A wait is told at once, without looking at what was tried: guessing costs time, and the archive no work.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from webapp.errors import TooManyTries
from webapp.services import Services

FORGOTTEN_AFTER = timedelta(days=1)  # of the last failure; taste


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many failures are free; then 2, 4, 8 … seconds, at most `longest_s`. `what` is said when the wait begins."""

    kind: str
    free: int
    longest_s: int
    what: str


# OWASP Authentication Cheat Sheet, "account lockout": by account and address together strictly; by account alone
# mildly, so that a stranger cannot lock the reader out. NIST SP 800-63B §5.2.2 asks for fewer than 100 in a row.
PASSWORD_FROM_HERE = Allowance("password-here", 5, 900, "The password was wrong too often.")
PASSWORD_FROM_ANYWHERE = Allowance("password", 20, 60, "Somebody tried too many wrong passwords for this name.")
USER_CODE = Allowance("user-code", 5, 600, "Too many codes were wrong.")


def hold(services: Services, allowance: Allowance, *who: str) -> None:
    """Raises TooManyTries while `who` has to wait."""
    now = services.clock()
    with services.store.read() as work:
        failures = work.tries.of(allowance.kind, _hashed(who))
    if failures is None or failures.count < allowance.free or now - failures.last_at > FORGOTTEN_AFTER:
        return
    wait_s = min(2 ** min(failures.count - allowance.free + 1, 30), allowance.longest_s)
    left_s = wait_s - (now - failures.last_at).total_seconds()
    if left_s > 0:
        raise TooManyTries(allowance.what, max(1, round(left_s)))


def failed(services: Services, allowance: Allowance, *who: str) -> None:
    with services.store.begin() as work:
        work.tries.forget(services.clock() - FORGOTTEN_AFTER)
        work.tries.failed(allowance.kind, _hashed(who), services.clock())


def succeeded(services: Services, allowance: Allowance, *who: str) -> None:
    """Forget the failures, if there were any."""
    with services.store.read() as work:
        if work.tries.of(allowance.kind, _hashed(who)) is None:
            return
    with services.store.begin() as work:
        work.tries.succeeded(allowance.kind, _hashed(who))


def _hashed(who: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(who).encode("utf-8", "replace")).hexdigest()
