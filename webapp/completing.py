"""What the end of a query may become while it is typed: a region, a topic, or a word of the archive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index import Tagged, Term, to_text
from webapp.filing.tagging import path_of
from webapp.model import TagKind
from webapp.services import Services
from webapp.tags import Tag, Vocabulary, fold

LIMIT = 8  # taste: what fits under a search box without scrolling
TAGS_LIMIT = 5  # taste: of these, so that words have room
NAME_WORDS = 3  # "Bosnia and Herzegovina"; longer names are told apart by their first three words
LETTERS_LEAST = 2  # one Latin letter begins too much; in other scripts one may be a word
QUERY_CHARS = 2_000  # taste: nobody types more and wants it completed

_TAGGED = re.compile(r'(?<![^\s(\-])(?P<kind>region|topic):(?P<exact>=?)(?:"(?P<quoted>[^"]*)|(?P<plain>[^\s"()]*))\Z')
_WORD = r'[^\s"():*~\\-][^\s"():*~\\]*'
_BARE_WORD = re.compile(rf"(?<![^\s(\-]){_WORD}(?!\S)")
_LAST_WORD = re.compile(rf'(?:(?<![^\s(\-"])|(?<=\b(?:body|lead|note):)|(?<=\btitle:)|(?<=\bcaptions:)){_WORD}\Z')
_OPERATORS = {"AND", "OR", "NOT"}
_ROOTS_SKIPPED = "r-001"  # UN M49: the world; what lies below it is more use


@dataclass(frozen=True, slots=True)
class Completed:
    """A query typed to its end: `query` is all of it, `label` what came into it, of `kind` region, topic or word.

    `path` tells where a tag stands in its tree ("Asia › Western Asia").
    """

    query: str
    label: str
    kind: str
    path: str = ""


def complete_query(services: Services, owner: int, text: str, *, limit: int = LIMIT) -> tuple[Completed, ...]:
    """What `text` may become, best first: tags by any of their names, then words of the owner's articles.

    After `region:` and `topic:` these only; within quotes words only. Nothing after a blank, where a new word begins.
    """
    if not text or len(text) > QUERY_CHARS:
        return ()
    vocabulary = services.vocabulary()
    tagged = _TAGGED.search(text)
    if tagged is not None:
        return tuple(_values(tagged, vocabulary, limit))
    last = _LAST_WORD.search(text)
    if last is None or last.group() in _OPERATORS:
        return ()
    in_quotes = text.count('"') % 2 == 1
    is_value = text[: last.start()].endswith(":")
    tags = [] if in_quotes or is_value else list(_named(text, vocabulary))[:TAGS_LIMIT]
    words = _words(services, owner, text[: last.start()], last.group(), limit - len(tags))
    return (*tags, *words)


def _values(tagged: re.Match[str], vocabulary: Vocabulary, limit: int) -> list[Completed]:
    """The tags that a value begun after `region:` or `topic:` may mean; those at the top when nothing is begun.

    Nothing when the value is a tag's own already: a list would only cover what was asked for.
    """
    kind = TagKind(tagged["kind"])
    begun = tagged["quoted"] or tagged["plain"] or ""
    found = vocabulary.complete(kind, begun, limit) if begun.strip() else _tops(vocabulary, kind)[:limit]
    typed = tagged.string
    before, exact = typed[: tagged.start()], bool(tagged["exact"])
    completed = [_with_tag(before, tag, vocabulary, exact=exact) for tag in found]
    return [] if any(each.query == typed for each in completed) else completed


def _tops(vocabulary: Vocabulary, kind: TagKind) -> tuple[Tag, ...]:
    roots = vocabulary.roots(kind)
    return tuple(
        tag for root in roots for tag in (vocabulary.children(root.id) if root.id == _ROOTS_SKIPPED else (root,))
    )


def _named(text: str, vocabulary: Vocabulary) -> Iterator[Completed]:
    """The tags that the last words begin to name; as many words as name one."""
    for start in _beginnings(text):
        begun = text[start:]
        if len(begun) < LETTERS_LEAST and begun.isascii():
            return
        regions = vocabulary.complete(TagKind.REGION, begun, TAGS_LIMIT)
        topics = vocabulary.complete(TagKind.TOPIC, begun, TAGS_LIMIT)
        room = max(TAGS_LIMIT - len(topics), (TAGS_LIMIT + 1) // 2)
        found = [*regions[:room], *topics]
        if found:
            yield from (_with_tag(text[:start], tag, vocabulary) for tag in found)
            return


def _beginnings(text: str) -> list[int]:
    """Where the last three, two and one bare words begin, as far as nothing but blanks stands between them."""
    starts: list[int] = []
    end = len(text)
    for word in reversed(list(_BARE_WORD.finditer(text))):
        if text[word.end() : end].strip() or word.group() in _OPERATORS or len(starts) == NAME_WORDS:
            break
        starts.append(word.start())
        end = word.start()
    return starts[::-1]


def _with_tag(before: str, tag: Tag, vocabulary: Vocabulary, *, exact: bool = False) -> Completed:
    query = before + to_text(Tagged(tag.kind.value, tag.slug, exact))
    return Completed(query, tag.name, tag.kind.value, path_of(vocabulary, tag.id))


def _words(services: Services, owner: int, before: str, begun: str, limit: int) -> Iterator[Completed]:
    if len(begun) < LETTERS_LEAST and begun.isascii():
        return
    found = services.ask(lambda engine: engine.suggest_terms(begun, owner=owner, limit=limit + 1))
    for word in found or ():
        if limit and fold(word) != fold(begun):
            yield Completed(before + to_text(Term(word)), word, "word")
            limit -= 1
