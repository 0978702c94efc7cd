"""What was learned, shown to the reader with what it rests on; forgotten, and remembered again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp import tree_changes, vocabulary_care
from webapp.errors import BadTag, NotFound
from webapp.evidence import Decision
from webapp.filing import learned
from webapp.services import Services
from webapp.suggest import Lesson, NameOffer, Precision
from webapp.tags import Tag, Vocabulary, fold
from webapp.tree_changes import Deed

NAME_REMARK = "name:"
DECISIONS_SHOWN = 20  # of a lesson; taste: beyond that their number says enough


@dataclass(frozen=True, slots=True)
class Grounds:
    """One decision that a lesson rests on: the answer, about which tag, and what its article is called ("" if gone)."""

    decision: Decision
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A lesson with the last of the decisions that it rests on, the newest first."""

    lesson: Lesson
    grounds: tuple[Grounds, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """A name that a tag seems to lack."""

    tag: Tag
    offer: NameOffer


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A name that the reader does not want to be offered for a tag."""

    tag: Tag
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything on one page. `is_all` is False while newer decisions are being learned from."""

    outlets: tuple[Shown, ...]
    words: tuple[Shown, ...]
    topics: tuple[Shown, ...]
    names: tuple[Offered, ...]
    dismissed: tuple[Dismissed, ...]
    precision: tuple[Precision, ...]
    decisions: int
    forgotten: int
    is_all: bool


def told(services: Services, owner: int) -> Told:
    """What was learned, by kind. The number of statements does not grow with it."""
    knows, is_all = learned.at_once(services, owner)
    vocabulary = services.vocabulary()
    with services.store.read() as work:
        logged = [each for each in work.decisions.all(owner) if not each.is_undone]
        decisions = {each.decision.id: each.decision for each in logged}
        wanted = {
            decisions[number].article_id
            for lesson in knows.lessons()
            for number in lesson.decisions[-DECISIONS_SHOWN:]
            if number in decisions
        }
        ignored = work.vocabulary_notes.ignored(owner)
        titles = {key: article.title for key, article in work.articles.by_ids(owner, sorted(wanted)).items()}

    dismissed = _dismissed(ignored)

    def shown(kind: str) -> tuple[Shown, ...]:
        return tuple(
            Shown(lesson, _grounds(lesson, decisions, titles, vocabulary))
            for lesson in knows.lessons()
            if lesson.kind == kind
        )

    return Told(
        outlets=shown("outlet"),
        words=shown("word"),
        topics=shown("topic"),
        names=tuple(
            Offered(tag, offer)
            for offer in knows.alias_offers({(tag_id, fold(name)) for tag_id, name in dismissed})
            if (tag := vocabulary.survivor(offer.tag_id)) is not None
        ),
        dismissed=tuple(
            Dismissed(tag, name)
            for tag_id, name in dismissed
            if tag_id in vocabulary and (tag := vocabulary.survivor(tag_id)) is not None
        ),
        precision=knows.precision(),
        decisions=sum(not each.is_forgotten for each in logged),
        forgotten=sum(each.is_forgotten for each in logged),
        is_all=is_all,
    )


def forget(services: Services, owner: int, lesson_id: str) -> tuple[Lesson, tuple[int, ...]]:
    """Teach nothing more by the decisions that a lesson rests on; the lesson, and their numbers, to `remember` them by.

    What they did to their articles stays. Raises NotFound.
    """
    knows, _ = learned.at_once(services, owner)
    lesson = next((each for each in knows.lessons() if each.id == lesson_id), None)
    if lesson is None:
        raise NotFound("That is not among what was learned any more.")
    with services.store.begin() as work:
        work.decisions.forget(owner, lesson.decisions, services.clock())
    return lesson, lesson.decisions


def forgotten(services: Services, owner: int) -> tuple[int, ...]:
    """The numbers of all decisions that nothing is learned from any more."""
    with services.store.read() as work:
        return tuple(each.decision.id for each in work.decisions.all(owner) if each.is_forgotten)


def remember(services: Services, owner: int, decision_ids: Sequence[int]) -> None:
    """Take forgetting back. Raises NotFound."""
    with services.store.begin() as work:
        work.decisions.remember(owner, decision_ids, services.clock())


def add_name(services: Services, owner: int, tag_id: str, name: str) -> Deed | None:
    """Make `name` another name of the tag; the deed, which can be undone, or None when it has that name already.

    Raises BadTag, NotFound.
    """
    vocabulary = services.vocabulary()
    if tag_id not in vocabulary:
        raise NotFound(f"There is no tag {tag_id[:60]}.")

    def planner(now: Vocabulary) -> tree_changes.Change:
        tag = now.get(tag_id)
        return tree_changes.rename(now, tag_id, aliases=(*tag.aliases, name))

    return vocabulary_care.carry_out(services, owner, planner)


def take_name_back(services: Services, owner: int, deed_id: int) -> Deed:
    """Undo `add_name`. Raises NotFound; Conflict when the tag was changed since."""
    return vocabulary_care.undo(services, owner, deed_id)


def dismiss_name(services: Services, owner: int, tag_id: str, name: str) -> None:
    """Never offer `name` for the tag again. Raises NotFound, BadTag for no name."""
    if tag_id not in services.vocabulary():
        raise NotFound(f"There is no tag {tag_id[:60]}.")
    if not fold(name):
        raise BadTag("There is no name to leave out.")
    with services.store.begin() as work:
        work.vocabulary_notes.ignore(owner, _remark(tag_id, name))


def offer_name_again(services: Services, owner: int, tag_id: str, name: str) -> None:
    """Take `dismiss_name` back, where it was done."""
    with services.store.begin() as work:
        work.vocabulary_notes.heed(owner, _remark(tag_id, name))


def _remark(tag_id: str, name: str) -> str:
    """What a dismissed name is kept as, beside the remarks about the trees that are ignored."""
    return f"{NAME_REMARK}{tag_id}:{name}"


def _dismissed(ignored: Iterable[str]) -> list[tuple[str, str]]:
    """(tag id, name) of each dismissed name, in the order of the alphabet."""
    kept = sorted(each.removeprefix(NAME_REMARK) for each in ignored if each.startswith(NAME_REMARK))
    return [(tag_id, name) for tag_id, _, name in (each.partition(":") for each in kept)]


def _grounds(
    lesson: Lesson, decisions: dict[int, Decision], titles: dict[int, str], vocabulary: Vocabulary
) -> tuple[Grounds, ...]:
    known = [decisions[number] for number in lesson.decisions[-DECISIONS_SHOWN:] if number in decisions]
    return tuple(
        Grounds(
            each,
            vocabulary.get(each.tag_id).name if each.tag_id in vocabulary else each.tag_id,
            titles.get(each.article_id, ""),
        )
        for each in reversed(known)
    )
