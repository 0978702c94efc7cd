"""Names that a reader's tagging shows a tag to lack: put on by hand where the text never calls it by a name it has."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from webapp.evidence import Answer, Decision, Story
from webapp.suggest.topics_words import SMALL_WORDS
from webapp.tags import Tag, Vocabulary, fold

_PHRASE = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w'’]+(?:[ -][^\W\d_a-zß-öø-ÿ][\w'’]+){0,3}")
_SMALL_WORD = re.compile(r"\b[a-zß-öø-ÿ][\w'’]+")
_SENTENCE_BEGINS = re.compile(r"(?:\n|[.!?…:][\"'”’)\]]*\s|[“„«\"(–—])\s*\Z")
_FEWEST = 2  # articles that have the phrase
_COMMON = 0.1  # of the other articles: a phrase that more of them have says nothing about the tag
_CANDIDATES = 4  # names a tag that may be offered one after the other as they are dismissed; taste
_READ = 6_000  # characters of the body
_POSSESSIVE = re.compile("['’]s\\b")
# Words with a capital for another reason than being a name.
_CAPITALISED = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september "
    "october november december this these those they their there when where while what who why how after before during "
    "since until although because however but she its our your all some many most then now here yet still not only even"
)
_NO_NAMES = frozenset(_CAPITALISED.split()).union(*SMALL_WORDS.values())

Phrases = Counter[str]


@dataclass(frozen=True, slots=True)
class NameOffer:
    """ "Add “Rojava” as a name of Kurdish areas?", with the decisions that show it and how many articles have it."""

    tag_id: str
    name: str
    decisions: tuple[int, ...]
    articles: int


def name_offers(held: list[Decision], phrases: Mapping[int, Phrases], vocabulary: Vocabulary) -> tuple[NameOffer, ...]:
    """At most `_CANDIDATES` names a tag, its best first; the tags whose best is in most articles first. `phrases`:
    article → its names, how often."""
    by_hand = [each for each in held if each.answer is Answer.ADDED and vocabulary.survivor(each.tag_id)]
    by_tag: dict[str, list[Decision]] = defaultdict(list)
    for each in by_hand:
        if each.article_id in phrases and not _is_named(vocabulary.get(each.tag_id), phrases[each.article_id]):
            by_tag[each.tag_id].append(each)
    tagged = defaultdict(set)
    for each in held:
        if each.answer in (Answer.ADDED, Answer.ACCEPTED):
            tagged[each.tag_id].add(each.article_id)
    offers = [
        found
        for tag_id, decisions in by_tag.items()
        if (found := _offers(tag_id, decisions, phrases, tagged[tag_id], vocabulary))
    ]
    offers.sort(key=lambda found: (-found[0].articles, found[0].tag_id))
    return tuple(offer for found in offers for offer in found)


def best_offers(offers: Iterable[NameOffer], without: Collection[tuple[str, str]]) -> tuple[NameOffer, ...]:
    """The first of each tag that is not among `without` (tag id, folded name)."""
    best: dict[str, NameOffer] = {}
    for offer in offers:
        if (offer.tag_id, fold(offer.name)) not in without:
            best.setdefault(offer.tag_id, offer)
    return tuple(best.values())


def _offers(
    tag_id: str,
    decisions: list[Decision],
    phrases: Mapping[int, Phrases],
    tagged: set[int],
    vocabulary: Vocabulary,
) -> list[NameOffer]:
    has = Counter(phrase for each in decisions for phrase, said in phrases[each.article_id].items() if said)
    others = [found for article_id, found in phrases.items() if article_id not in tagged]
    kind = vocabulary.get(tag_id).kind
    worth: dict[str, float] = {}
    for phrase, articles in has.items():
        if articles < _FEWEST or articles < 0.6 * len(decisions) or vocabulary.find(kind, phrase) is not None:
            continue
        elsewhere = sum(phrase in found for found in others)
        if elsewhere > _COMMON * len(others):
            continue
        said = sum(phrases[each.article_id][phrase] for each in decisions)
        worth[phrase] = articles / (1 + elsewhere) * (1 + 0.1 * min(said, 20)) * (1 + 0.1 * phrase.count(" "))
    best = sorted(worth, key=lambda phrase: (worth[phrase], phrase), reverse=True)[:_CANDIDATES]
    return [
        NameOffer(tag_id, phrase, tuple(each.id for each in decisions if phrases[each.article_id][phrase]), has[phrase])
        for phrase in best
    ]


def phrases_of(story: Story) -> Phrases:
    """The runs of capitalised words in a story, how often each; none in scripts without capitals.

    A word by itself counts within sentences only (0 for one that only begins them), and where the story never writes
    it small: at the beginning of a sentence every word has a capital.
    """
    found: Phrases = Counter()
    texts = (story.title, story.standfirst, story.body[:_READ])
    small = {word for text in texts for word in _SMALL_WORD.findall(text)}
    for text in texts:
        for match in _PHRASE.finditer(text):
            words = _POSSESSIVE.sub("", match.group()).split(" ")
            before = text[max(0, match.start() - 4) : match.start()]
            begins = not before.strip() or _SENTENCE_BEGINS.search(before) is not None
            while words and (words[0].casefold() in _NO_NAMES or words[0].casefold() in small):
                del words[0]
                begins = False
            phrase = " ".join(words)
            if len(phrase) > 3 and phrase[0].isupper():
                found[phrase] += not (begins and len(words) == 1)
    return found


def _is_named(tag: Tag, phrases: Counter[str]) -> bool:
    names = {fold(name) for name in (tag.name, *tag.names.values(), *tag.aliases)}
    return any(fold(phrase) in names for phrase in phrases)
