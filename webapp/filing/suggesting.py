"""Suggesting regions and topics: while a clip becomes an article, for one article on demand, and for all of them.

The makers (`webapp.suggest`) are pure; here they get the words, the vocabulary, the gazetteer and what was learned of
this reader's decisions. Nothing is put on an article unless the reader chose a confidence from which that is wanted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from webapp.evidence import Role, Story, Suggestion
from webapp.filing import learned
from webapp.filing.stories import story_of
from webapp.filing.tagging import adopted
from webapp.model import TagOrigin
from webapp.services import Services
from webapp.store import Work
from webapp.suggest import PLACES_MAKER, TOPICS_MAKER, suggest_regions, suggest_topics

log = logging.getLogger(__name__)

NOBODY = 0  # no account has this number: a reader of whom nothing is known

MAKERS = f"{PLACES_MAKER} {TOPICS_MAKER}"


def make(services: Services, owner: int, story: Story) -> tuple[Suggestion, ...]:
    """What the makers suggest for a story today, regions first. Nothing is kept. Deterministic."""
    return tuple(found for maker in _MAKERS for found in maker(services, owner, story))


def attempt(services: Services, owner: int, story: Story) -> tuple[Suggestion, ...] | None:
    """As `make`, but what goes wrong is logged, and the other maker goes on: suggestions are never worth an article.
    None when nothing could be made at all."""
    made = [_attempt(maker, services, owner, story) for maker in _MAKERS]
    return None if all(each is None for each in made) else tuple(found for each in made for found in each or ())


def prepare(services: Services) -> None:
    """Read the names and words that the makers need (most of a second), before the first clip has to wait for them."""
    attempt(services, NOBODY, Story(title="Ferries from Istanbul", body="The talks in Istanbul ended without a word."))


def keep(
    services: Services,
    work: Work,
    owner: int,
    article_id: int,
    found: Sequence[Suggestion] | None,
    *,
    version_id: int | None,
) -> None:
    """Keep suggestions (None: they could not be made) in the transaction that keeps what they are about."""
    if found is None:
        work.suggestions.could_not_be_made(owner, article_id)
        return
    refused = work.decisions.refused(owner, article_id)
    files_from = work.reviews.choices(owner).files_from
    if files_from is not None:
        for each in found:
            if each.role is Role.ABOUT and each.confidence >= files_from and each.tag_id not in refused:
                tag = adopted(services, work, each.tag_id)
                origin, now = TagOrigin.SUGGESTION, services.clock()
                work.tags.add_to_article(owner, article_id, tag.id, tag.kind, origin, now)
    work.suggestions.replace(owner, article_id, found, version_id=version_id, maker=MAKERS, refused=refused)


def suggest_for(services: Services, owner: int, article_id: int) -> tuple[Suggestion, ...]:
    """Make an article's suggestions anew from its current version; none for one that has no words. Raises NotFound."""
    with services.store.read() as work:
        article = work.articles.get(owner, article_id)
        version = work.versions.current(article_id)
    if version is None:
        return ()
    found = make(services, owner, story_of(article, version))
    with services.store.begin() as work:
        work.articles.get(owner, article_id)  # it may be gone by now
        keep(services, work, owner, article_id, found, version_id=version.id)
    services.bell.set()
    return found


def _regions(services: Services, owner: int, story: Story) -> tuple[Suggestion, ...]:
    vocabulary = services.vocabulary()
    memory = learned.of(services, owner).memory(story.outlet, vocabulary)
    return suggest_regions(story, gazetteer=services.gazetteer(), vocabulary=vocabulary, memory=memory)


def _topics(services: Services, owner: int, story: Story) -> tuple[Suggestion, ...]:
    return suggest_topics(story, vocabulary=services.vocabulary(), model=learned.of(services, owner).topics)


_Maker = Callable[[Services, int, Story], tuple[Suggestion, ...]]
_MAKERS: tuple[_Maker, ...] = (_regions, _topics)


def _attempt(maker: _Maker, services: Services, owner: int, story: Story) -> tuple[Suggestion, ...] | None:
    try:
        return maker(services, owner, story)
    except Exception:
        log.exception("no suggestions could be made for “%s”", story.title[:80])
        return None
