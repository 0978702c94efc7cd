"""Region and topic tags on an article: add by any of its names, remove, complete while typing."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.errors import BadTag, NotFound
from webapp.model import TagKind, TagOrigin
from webapp.services import Services
from webapp.tags import Tag, Vocabulary


@dataclass(frozen=True, slots=True)
class Completion:
    """A tag that begins like what was typed, and where it stands in its tree ("Asia › Western Asia")."""

    tag: Tag
    path: str


def add_tag(
    services: Services, owner: int, article_id: int, kind: TagKind, text: str, *, origin: TagOrigin = TagOrigin.READER
) -> Tag:
    """Put the tag called `text` on the article. Raises BadTag (with near misses) or NotFound (the article)."""
    tag = resolve(services.vocabulary(), kind, text)
    with services.store.begin() as work:
        work.articles.get(owner, article_id)
        work.tags.add_to_article(owner, article_id, tag.id, tag.kind, origin, services.clock())
    services.bell.set()
    return tag


def remove_tag(services: Services, owner: int, article_id: int, tag_id: str) -> Tag:
    """Take a tag off the article. Raises NotFound when the tag or the article does not exist."""
    vocabulary = services.vocabulary()
    if tag_id not in vocabulary:
        raise NotFound(f"There is no tag {tag_id}.")
    tag = vocabulary.get(tag_id)
    with services.store.begin() as work:
        work.articles.get(owner, article_id)
        work.tags.remove_from_article(owner, article_id, tag_id, services.clock())
    services.bell.set()
    return tag


def complete(services: Services, kind: TagKind, prefix: str, limit: int = 8) -> list[Completion]:
    vocabulary = services.vocabulary()
    return [Completion(tag, path_of(vocabulary, tag.id)) for tag in vocabulary.complete(kind, prefix, limit)]


def resolve(vocabulary: Vocabulary, kind: TagKind, text: str) -> Tag:
    """The tag that `text` names in any of its languages. Raises BadTag with what may have been meant."""
    tag = vocabulary.find(kind, text)
    if tag is not None:
        return tag
    near = [near.name for near in vocabulary.near(kind, text, 3)]
    advice = f" Did you mean {' or '.join(near)}?" if near else ""
    raise BadTag(f"There is no {kind.value} called “{text.strip()[:80]}”.{advice}")


def path_of(vocabulary: Vocabulary, tag_id: str) -> str:
    """The names above a tag, from the top, without the world: "Asia › Western Asia"."""
    names: list[str] = []
    here = vocabulary.get(tag_id)
    while here.parents:
        here = vocabulary.get(here.parents[0])
        if here.parents or here.slug != "world":
            names.append(here.name)
    return " › ".join(reversed(names))
