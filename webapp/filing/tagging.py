"""Region and topic tags on an article: add by any of their names, remove, complete while typing.

A place that only the gazetteer knows becomes a tag of the vocabulary when it is first put on an article.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.errors import BadTag, NotFound
from webapp.evidence import Answer
from webapp.filing.deciding import decide
from webapp.model import TagKind, TagOrigin
from webapp.places import Place
from webapp.services import Services
from webapp.store import Work
from webapp.tags import Tag, Vocabulary, fold

PLACE_PREFIX = "r-gn-"  # ids of what the gazetteer knows: followed by the GeoNames number
_NAMED_IN = re.compile(r"(?P<name>.+?)\s*\((?P<above>[^()]+)\)\s*\Z")  # "Springfield (Missouri)"
_NAMESAKES = 8  # places of one name that are looked at when one of them is named with where it is


@dataclass(frozen=True, slots=True)
class Completion:
    """A tag that begins like what was typed, and where it stands in its tree ("Asia › Western Asia").

    `typed` is what to type for it: its name, and for places that share it also where they are.
    """

    tag: Tag
    path: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """A tag that was put on or taken off, and the decision that says so; None when nothing was to be done."""

    tag: Tag
    decision_id: int | None


def add_tag(
    services: Services, owner: int, article_id: int, kind: TagKind, text: str, *, origin: TagOrigin = TagOrigin.READER
) -> Tag:
    """Put the tag called `text` on the article. Raises BadTag (with near misses) or NotFound (the article)."""
    return file_under(services, owner, article_id, meant(services, kind, text), origin=origin).tag


def file_under(
    services: Services, owner: int, article_id: int, tag: Tag, *, origin: TagOrigin = TagOrigin.READER
) -> Filed:
    """Put this tag on the article, into the vocabulary first if need be. Raises NotFound.

    What a reader does is a decision, and is learned from; what comes from elsewhere is not.
    """
    vocabulary, now, number = services.vocabulary(), services.clock(), None
    with services.store.begin() as work:
        adopt(services, work, tag, vocabulary)
        if origin is TagOrigin.READER:
            number = decide(work, owner, article_id, tag, Answer.ADDED, now=now)
        else:
            work.articles.get(owner, article_id)
            work.tags.add_to_article(owner, article_id, tag.id, tag.kind, origin, now)
    services.bell.set()
    return Filed(tag, number)


def remove_tag(services: Services, owner: int, article_id: int, tag_id: str) -> Filed:
    """Take a tag off the article. Raises NotFound when the tag or the article does not exist."""
    vocabulary = services.vocabulary()
    if tag_id not in vocabulary:
        raise NotFound(f"There is no tag {tag_id}.")
    tag = vocabulary.get(tag_id)
    with services.store.begin() as work:
        number = decide(work, owner, article_id, tag, Answer.REMOVED, now=services.clock())
    services.bell.set()
    return Filed(tag, number)


def complete(services: Services, kind: TagKind, prefix: str, limit: int = 8) -> list[Completion]:
    """Tags of the vocabulary first, then, while there is room, places of the gazetteer."""
    vocabulary = services.vocabulary()
    found = complete_known(services, kind, prefix, limit)
    if kind is TagKind.REGION and len(found) < limit:
        known = {each.tag.id for each in found}
        places = [place for place in services.gazetteer().find_places(prefix, limit) if place.tag_id not in known]
        found += [_offered(services, vocabulary, place, prefix) for place in places[: limit - len(found)]]
    return found


def complete_known(services: Services, kind: TagKind, prefix: str, limit: int = 8) -> list[Completion]:
    """Tags of the vocabulary alone: for whoever changes it."""
    vocabulary = services.vocabulary()
    return [Completion(tag, path_of(vocabulary, tag.id), tag.name) for tag in vocabulary.complete(kind, prefix, limit)]


def meant(services: Services, kind: TagKind, text: str) -> Tag:
    """The tag that `text` names: one of the vocabulary, else a place of the gazetteer ("Ain Issa",
    "Springfield (Missouri)", "r-gn-172533"), which is not in the vocabulary yet. Raises BadTag."""
    vocabulary = services.vocabulary()
    tag = vocabulary.find(kind, text)
    if tag is None and kind is TagKind.REGION:
        place = services.gazetteer().place(text.strip()) or _place_called(services, vocabulary, text)
        called = _NAMED_IN.sub(r"\g<name>", text.strip())
        tag = None if place is None else known_tag(services, vocabulary, place.tag_id, called=called)
    return tag or resolve(vocabulary, kind, text)


def resolve(vocabulary: Vocabulary, kind: TagKind, text: str) -> Tag:
    """The tag of the vocabulary that `text` names in any of its languages. Raises BadTag with near misses."""
    tag = vocabulary.find(kind, text)
    if tag is not None:
        return tag
    near = [near.name for near in vocabulary.near(kind, text, 3)]
    advice = f" Did you mean {' or '.join(near)}?" if near else ""
    raise BadTag(f"There is no {kind.value} called “{text.strip()[:80]}”.{advice}")


def known_tag(services: Services, vocabulary: Vocabulary, tag_id: str, *, called: str = "") -> Tag | None:
    """The tag behind an id that was suggested: as the vocabulary has it today (merged ones followed, retired ones
    None), or a place of the gazetteer, by the name that the text calls it by."""
    if tag_id in vocabulary:
        return vocabulary.survivor(tag_id)
    place = services.gazetteer().place(tag_id) if tag_id.startswith(PLACE_PREFIX) else None
    return None if place is None else as_tag(vocabulary, place, called=called)


def adopted(services: Services, work: Work, tag_id: str, *, called: str = "") -> Tag:
    """The tag with this id, put into the vocabulary, with those above it, if it is not there yet. Raises NotFound."""
    vocabulary = services.vocabulary()
    tag = known_tag(services, vocabulary, tag_id, called=called)
    if tag is None:
        raise NotFound(f"There is no tag {tag_id[:60]}.")
    adopt(services, work, tag, vocabulary)
    return tag


def adopt(services: Services, work: Work, tag: Tag, vocabulary: Vocabulary) -> None:
    """Put a tag made of a place into the vocabulary; nothing is done for one that is there."""
    if tag.id in vocabulary:
        return
    for parent in tag.parents:
        above = None if parent in vocabulary else services.gazetteer().place(parent)
        if above is not None:
            work.tags.put(as_tag(vocabulary, above), services.clock())
    work.tags.put(tag, services.clock())


def as_tag(vocabulary: Vocabulary, place: Place, *, called: str = "") -> Tag:
    """What a place of the gazetteer is as a tag, under its nearest parent. It takes the name it is `called` by when
    that is another spelling in Latin letters ("Ain Issa" for ‘Ayn ‘Īsá): that is what a reader will look for. A name
    in other letters ("Дамаск") becomes another name of it."""
    differs = bool(called) and fold(called) not in {fold(place.name), fold(place.tag_id)}
    name, other = (called, place.name) if differs and _is_latin(called) else (place.name, called)
    return Tag(
        id=place.tag_id,
        kind=TagKind.REGION,
        slug=_free_slug(vocabulary, name, place),
        name=name,
        parents=place.parents[:1],
        aliases=(other,) if differs else (),
    )


def path_of(vocabulary: Vocabulary, tag_id: str) -> str:
    """The names above a tag, from the top, without the world: "Asia › Western Asia"."""
    names: list[str] = []
    here = vocabulary.get(tag_id)
    while here.parents:
        here = vocabulary.get(here.parents[0])
        if here.parents or here.slug != "world":
            names.append(here.name)
    return " › ".join(reversed(names))


def path_above(services: Services, vocabulary: Vocabulary, tag: Tag) -> str:
    """As `path_of`, also for a place that is not in the vocabulary: "Syria › Raqqa"."""
    if tag.id in vocabulary:
        return path_of(vocabulary, tag.id)
    place = services.gazetteer().place(tag.id)
    return "" if place is None else " › ".join(reversed(list(_names_above(services, vocabulary, place))))


def _names_above(services: Services, vocabulary: Vocabulary, place: Place) -> Iterable[str]:
    for parent in place.parents:
        above = vocabulary.get(parent) if parent in vocabulary else services.gazetteer().place(parent)
        if above is not None:
            yield above.name


def _offered(services: Services, vocabulary: Vocabulary, place: Place, prefix: str) -> Completion:
    called = "" if fold(place.name).startswith(fold(prefix)) else prefix.strip()
    tag = vocabulary.survivor(place.tag_id) or as_tag(vocabulary, place, called=called)
    above = list(_names_above(services, vocabulary, place))
    typed = f"{tag.name} ({above[0]})" if above else tag.name
    return Completion(tag, " › ".join(reversed(above)), typed)


def _place_called(services: Services, vocabulary: Vocabulary, text: str) -> Place | None:
    """The place that bears exactly this name; with "(…)" behind it, the one below what is named there."""
    named = _NAMED_IN.match(text.strip())
    name, above = (named["name"], fold(named["above"])) if named else (text.strip(), "")
    for place in services.gazetteer().places_called(name, _NAMESAKES):
        if not above or above in {fold(other) for other in _names_above(services, vocabulary, place)}:
            return place
    return None


def _free_slug(vocabulary: Vocabulary, name: str, place: Place) -> str:
    """The name as a slug; with its area's or country's name, or its number, when another tag has that one."""
    plain = fold(unicodedata.normalize("NFKD", name)) or place.tag_id
    taken = {tag.slug for tag in vocabulary.all(TagKind.REGION) if tag.id != place.tag_id}
    above = [vocabulary.get(parent).slug for parent in place.parents if parent in vocabulary]
    number = place.tag_id.removeprefix(PLACE_PREFIX)
    return next(slug for slug in [plain, *(f"{plain}-{each}" for each in [*above, number])] if slug not in taken)


def _is_latin(text: str) -> bool:
    return all("LATIN" in unicodedata.name(letter, "") for letter in text if letter.isalpha())
