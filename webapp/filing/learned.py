"""What was learned of a reader's decisions: made anew from the log whenever there is news.

The log is all there is to it: the same decisions teach the same, on every machine.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from webapp.filing.stories import Stories
from webapp.services import Services
from webapp.suggest import Learned, learn

PATIENCE = 10  # after a second of learning, news wait ten: a reader who decides on and on is not slowed down
SLOW_S = 0.3  # taste: what takes longer to learn is not learned while somebody waits for a page
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Made:
    """What was learned up to the log's row `last_id`, when (monotonic), and how long it took."""

    learned: Learned
    last_id: int
    made_at: float
    seconds: float


def of(services: Services, owner: int) -> Learned:
    """What is known of the owner. For the worker and the commands: may take as long as there are decisions."""
    return _fresh(services, owner).learned


def at_once(services: Services, owner: int) -> tuple[Learned, bool]:
    """For a page: what is known, and whether that is all. What takes long is learned meanwhile, beside the page."""
    made: Made | None = services.learned.get(owner)
    with services.store.read() as work:
        last_id = work.decisions.last_id(owner)
    if made is not None and made.last_id == last_id:
        return made.learned, True
    if made is None or made.seconds < SLOW_S:
        return _fresh(services, owner).learned, True
    threading.Thread(target=_fresh, args=(services, owner), name="dateline-learning", daemon=True).start()
    return made.learned, False


def _fresh(services: Services, owner: int) -> Made:
    with _LOCK:  # one learns, the others take what it learned
        made: Made | None = services.learned.get(owner)
        with services.store.read() as work:
            last_id = work.decisions.last_id(owner)
            if made is not None and (made.last_id == last_id or _is_young(made)):
                return made
            decisions = work.decisions.to_learn_from(owner)
        started = time.monotonic()
        stories = Stories(services, owner, (each.article_id for each in decisions))
        knows = learn(decisions, stories, vocabulary=services.vocabulary())
        ended = time.monotonic()
        made = Made(knows, last_id, ended, ended - started)
        services.learned[owner] = made
    return made


def _is_young(made: Made) -> bool:
    return made.seconds > SLOW_S and time.monotonic() - made.made_at < PATIENCE * made.seconds
