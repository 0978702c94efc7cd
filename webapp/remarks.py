"""What in the trees asks for care: tags that may be one, tags that nothing uses, tags on a single article.

Only tags that the reader made are looked at (decision 0006: their ids tell), beside a shared code. The trees that come
with Dateline have no such doubles, and places of the gazetteer are told apart by their numbers, however alike their
names: a town and the area called after it, Lagos and Laos. One of them on a single article is no slip either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from webapp.model import TagKind
from webapp.services import Services
from webapp.suggest import Meanings, overlap
from webapp.tags import Tag, Vocabulary, fold
from webapp.tree_changes import OWN_PREFIX

OWN = tuple(OWN_PREFIX.values())
ALIKE = 0.78  # difflib's ratio of two words from which they look like one; taste, held by a table in the tests
SHORTEST = 4  # letters: shorter names differ by one and mean another ("Iran", "Iraq" have a ratio of 0.75)
# Of a name's words, how much must speak for one topic, or say what another name says. Of the 220 shipped names one
# speaks so for another topic that is not above or below it (law: judiciary), from 0.6 on as from 0.9 (2026-11-24).
MEANS = 0.75
TOGETHER_LEAST = 3  # articles with both, below which being together says nothing; taste
TOGETHER_SHARE = 0.8  # of the articles with either that have both; taste


@dataclass(frozen=True, slots=True)
class Remark:
    """`key` names it for ever, so that it can be ignored. `other` is the tag to merge `tag` into, where that helps; one
    that `may_be_below` it may as well be moved there."""

    key: str
    tag: Tag
    why: str
    other: Tag | None = None
    articles: int = 0
    may_be_below: bool = False


@dataclass(frozen=True, slots=True)
class Remarks:
    twins: tuple[Remark, ...]
    unused: tuple[Remark, ...]
    single: tuple[Remark, ...]
    ignored: tuple[Remark, ...]


def remarks(services: Services, owner: int) -> Remarks:
    """Everything worth a look, without what the reader ignored."""
    vocabulary = services.vocabulary()
    with services.store.read() as work:
        counts = work.usage.counts(owner)
        together = work.usage.together(owner, OWN, TOGETHER_LEAST)
        ignored = work.vocabulary_notes.ignored(owner)
    own = [tag for kind in TagKind for tag in vocabulary.all(kind) if tag.id.startswith(OWN) and not tag.retired]
    twins = list(_twins(vocabulary, own, counts, together))
    unused = [
        Remark(f"unused:{tag.id}", tag, "on no article")
        for tag in own
        if not counts.get(tag.id) and not any(vocabulary.children(tag.id))
    ]
    single = [Remark(f"single:{tag.id}", tag, "on one article", articles=1) for tag in own if counts.get(tag.id) == 1]
    every = (twins, unused, single)
    heeded = [tuple(each for each in kind if each.key not in ignored) for kind in every]
    hidden = tuple(each for kind in every for each in kind if each.key in ignored)
    return Remarks(heeded[0], heeded[1], heeded[2], hidden)


def set_ignored(services: Services, owner: int, key: str, *, ignored: bool) -> None:
    with services.store.begin() as work:
        if ignored:
            work.vocabulary_notes.ignore(owner, key[:200])
        else:
            work.vocabulary_notes.heed(owner, key[:200])


def _twins(
    vocabulary: Vocabulary, own: list[Tag], counts: Mapping[str, int], together: list[tuple[str, str, int]]
) -> Iterator[Remark]:
    """Pairs that may be one, each once, the surest first: same code, shared name, names spelt alike, names that mean
    the same, same articles."""
    told: set[frozenset[str]] = set()
    for one, other, why in (*_same_code(vocabulary), *_same_name(vocabulary, own), *_spelt_alike(vocabulary, own)):
        pair = frozenset((one.id, other.id))
        if pair not in told:
            told.add(pair)
            yield _pair(one, other, why, counts)
    for one, other, why in _same_meaning(vocabulary, own):
        pair = frozenset((one.id, other.id))
        if pair not in told:
            told.add(pair)
            yield replace(_pair(one, other, why, counts), may_be_below=not other.id.startswith(OWN))
    for one_id, other_id, both in together:
        pair = frozenset((one_id, other_id))
        if pair in told or one_id not in vocabulary or other_id not in vocabulary:
            continue
        either = counts.get(one_id, 0) + counts.get(other_id, 0) - both
        if either and both / either >= TOGETHER_SHARE and not _are_family(vocabulary, one_id, other_id):
            told.add(pair)
            why = f"on the same articles: {both} of {either}"
            yield _pair(vocabulary.get(one_id), vocabulary.get(other_id), why, counts)


def _pair(one: Tag, other: Tag, why: str, counts: Mapping[str, int]) -> Remark:
    """The reader's own tag goes into the one that came with Dateline; of two own ones, the less used."""
    gone, kept = one, other
    if not one.id.startswith(OWN) or (other.id.startswith(OWN) and counts.get(one.id, 0) > counts.get(other.id, 0)):
        gone, kept = other, one
    key = "twins:" + ":".join(sorted((one.id, other.id)))
    return Remark(key, gone, why, kept, counts.get(gone.id, 0))


def _same_code(vocabulary: Vocabulary) -> Iterator[tuple[Tag, Tag, str]]:
    for kind in TagKind:
        by_code: dict[str, list[Tag]] = defaultdict(list)
        for tag in vocabulary.all(kind):
            if tag.code and not tag.retired:
                by_code[tag.code].append(tag)
        for code, tags in by_code.items():
            yield from ((tags[0], other, f"the same code, {code}") for other in tags[1:])


def _same_name(vocabulary: Vocabulary, own: list[Tag]) -> Iterator[tuple[Tag, Tag, str]]:
    for kind in TagKind:
        by_name: dict[str, list[Tag]] = defaultdict(list)
        for tag in vocabulary.all(kind):
            if not tag.retired:
                for name in {fold(each) for each in _names(tag)} - {""}:
                    by_name[name].append(tag)
        for tag in own:
            for name in _names(tag) if tag.kind is kind else ():
                yield from ((tag, other, f"both are called {name}") for other in by_name[fold(name)] if other != tag)


def _same_meaning(vocabulary: Vocabulary, own: list[Tag]) -> Iterator[tuple[Tag, Tag, str]]:
    """Own topics whose name speaks for one of the shipped topics, and own topics that say the same in other words."""
    meanings = Meanings(vocabulary)
    topics = [tag for tag in own if tag.kind is TagKind.TOPIC]
    read = {tag.id: [meanings.of(name, language) for language, name in _by_language(tag).items()] for tag in topics}
    for tag in topics:
        for meaning in read[tag.id]:
            for other_id, share in meaning.shares.items():
                if share >= MEANS and not _are_family(vocabulary, tag.id, other_id):
                    other = vocabulary.get(other_id)
                    yield tag, other, f"by meaning: “{'”, “'.join(meaning.words[other_id])}” speaks for {other.name}"
    for at, tag in enumerate(topics):
        for other in topics[at + 1 :]:
            if overlap(read[tag.id][0], read[other.id][0]) >= MEANS and not _are_family(vocabulary, tag.id, other.id):
                yield tag, other, "by meaning: their names say the same in other words"


def _by_language(tag: Tag) -> dict[str, str]:
    """Its name, as English, then its names in other languages."""
    return {"en": tag.name, **{language: name for language, name in tag.names.items() if language != "en"}}


def _are_family(vocabulary: Vocabulary, one: str, other: str) -> bool:
    return other in vocabulary.lineage(one) or one in vocabulary.lineage(other)


def _spelt_alike(vocabulary: Vocabulary, own: list[Tag]) -> Iterator[tuple[Tag, Tag, str]]:
    for kind in TagKind:
        others = [(fold(tag.name), tag) for tag in vocabulary.all(kind) if not tag.retired]
        for tag in own:
            key = fold(tag.name)
            if tag.kind is not kind or len(key) < SHORTEST:
                continue
            for name, other in others:
                if other.id != tag.id and len(name) >= SHORTEST and alike(key, name):
                    yield tag, other, "spelt alike"


def alike(one: str, other: str) -> bool:
    """Whether two folded names look like one. Of as many words, those that differ are compared: "upper-nile" is not
    "upper-niger", though most of their letters are the same."""
    pairs = [(one, other)]
    if abs(len(one) - len(other)) > max(2, len(one) // 4):
        return False
    if one.count("-") == other.count("-"):
        words = zip(one.split("-"), other.split("-"), strict=True)
        pairs = [(left, right) for left, right in words if left != right]
    return all(min(len(left), len(right)) >= SHORTEST and _ratio(left, right) >= ALIKE for left, right in pairs)


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(a=one, b=other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE else 0.0


def _names(tag: Tag) -> tuple[str, ...]:
    return (tag.name, *tag.aliases, *tag.names.values())
