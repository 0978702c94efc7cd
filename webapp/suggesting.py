"""Suggesting regions and topics: while a clip becomes an article, for one article on demand, and for all of them.

The makers (`webapp.suggest`) are pure; here they get the words, the vocabulary, the gazetteer and what was learned of
this reader's decisions. Nothing is put on an article unless the reader chose a confidence from which that is wanted.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from webapp import learned
from webapp.evidence import Role, Story, Suggestion
from webapp.model import TagOrigin
from webapp.services import Services
from webapp.store import Work
from webapp.stories import story_of
from webapp.suggest import PLACES_MAKER, TOPICS_MAKER, suggest_regions, suggest_topics
from webapp.tagging import adopted

log = logging.getLogger(__name__)

MAKERS = f"{PLACES_MAKER} {TOPICS_MAKER}"


def make(services: Services, owner: int, story: Story) -> tuple[Suggestion, ...]:
    """What the makers suggest for a story today, regions first. Nothing is kept. Deterministic."""
    vocabulary = services.vocabulary()
    knows = learned.of(services, owner)
    regions = suggest_regions(
        story,
        gazetteer=services.gazetteer(),
        vocabulary=vocabulary,
        memory=knows.memory(story.outlet, vocabulary),
    )
    return (*regions, *suggest_topics(story, vocabulary=vocabulary, model=knows.topics))


def attempt(services: Services, owner: int, story: Story) -> tuple[Suggestion, ...] | None:
    """As `make`, but whatever goes wrong is logged and answers None: suggestions are never worth an article."""
    try:
        return make(services, owner, story)
    except Exception:
        log.exception("no suggestions could be made for “%s”", story.title[:80])
        return None


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
