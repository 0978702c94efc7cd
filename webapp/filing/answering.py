"""What a reader answers to suggestions: one by one, all at once, and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from webapp.errors import NotFound
from webapp.evidence import SHOWN_FROM, Answer, Decision, Kept
from webapp.filing import deciding
from webapp.filing.offering import Offers, name_in_text, offers
from webapp.filing.stories import story_of
from webapp.filing.tagging import adopted
from webapp.services import Services
from webapp.store import Work
from webapp.store.reviews import Choices
from webapp.tags import Tag

ANSWERS = (Answer.ACCEPTED, Answer.REJECTED, Answer.NEVER)


@dataclass(frozen=True, slots=True)
class Answered:
    """The tags that were answered, and the decisions to take back if that was a mistake."""

    tags: tuple[Tag, ...]
    decision_ids: tuple[int, ...]


def on_article(services: Services, owner: int, article_id: int) -> Offers:
    """What is suggested for an article's current version. Raises NotFound."""
    vocabulary = services.vocabulary()
    with services.store.read() as work:
        article = work.articles.get(owner, article_id)
        version = work.versions.current(article_id)
        kept = work.suggestions.of_article(article_id)
        choices = work.reviews.choices(owner)
    if version is None:
        return Offers()
    filed = [tag.tag_id for tag in article.tags]
    return offers(services, vocabulary, kept, story_of(article, version), filed=filed, choices=choices)


def answer(
    services: Services, owner: int, article_id: int, tag_id: str, given: Answer, *, surface: str = ""
) -> Answered:
    """Accept a suggested tag, refuse it here, or never take it from this word (`surface`; "": the most frequent one).

    Accepting puts it on the article, refusing takes it off. What stands so already is no new decision.
    Raises NotFound (article, tag, or no such suggestion), BadTag for a word that is not in the evidence.
    """
    return answer_all(services, owner, article_id, [(tag_id, given)], surface=surface)


def answer_all(
    services: Services,
    owner: int,
    article_id: int,
    given: Sequence[tuple[str, Answer]],
    *,
    surface: str = "",
    looked_at: bool = False,
) -> Answered:
    """Several answers about one article, all of them or none; `looked_at` takes it out of the review queue too."""
    now = services.clock()
    tags: list[Tag] = []
    numbers: list[int] = []
    with services.store.begin() as work:
        names = {each.suggestion.tag_id: each for each in work.suggestions.of_article(article_id)}
        for tag_id, each in given:
            tag = _tag(services, work, tag_id, names.get(tag_id))
            number = deciding.decide(work, owner, article_id, tag, each, now=now, surface=surface)
            tags.append(tag)
            numbers += [] if number is None else [number]
        if looked_at:
            work.reviews.set_waits(owner, article_id, False)
    services.bell.set()
    return Answered(tuple(tags), tuple(numbers))


def undo(services: Services, owner: int, article_id: int, decision_ids: Iterable[int]) -> list[Decision]:
    """Take back these decisions about an article; what was taken back. Raises NotFound."""
    with services.store.begin() as work:
        work.articles.get(owner, article_id)
        undone = deciding.undo(work, owner, article_id, decision_ids, services.clock())
    services.bell.set()
    return undone


def undo_answer(services: Services, owner: int, article_id: int, tag_id: str) -> None:
    """Take back the last decision about this tag. Raises NotFound when there is none that holds."""
    with services.store.begin() as work:
        work.articles.get(owner, article_id)
        number = deciding.last_decision(work, owner, article_id, tag_id)
        if number is None:
            raise NotFound("Nothing was decided about this tag on this article.")
        deciding.undo(work, owner, article_id, [number], services.clock())
    services.bell.set()


def choices(services: Services, owner: int) -> Choices:
    """From which confidence suggestions are selected beforehand, and filed without asking."""
    with services.store.read() as work:
        return work.reviews.choices(owner)


def choose(services: Services, owner: int, *, preselects_from: float | None, files_from: float | None) -> None:
    """Keep the reader's choice; None is the usual: selected from PRESELECTS_FROM on, and nothing filed without asking.

    Nothing is filed without asking that is not offered at all.
    """
    usual = Choices()
    preselects = usual.preselects_from if preselects_from is None or isnan(preselects_from) else preselects_from
    files = None if files_from is None or isnan(files_from) else max(files_from, SHOWN_FROM)
    with services.store.begin() as work:
        work.reviews.choose(owner, Choices(preselects, files))


def _tag(services: Services, work: Work, tag_id: str, kept: Kept | None) -> Tag:
    return adopted(services, work, tag_id, called=name_in_text(kept.suggestion) if kept else "")
