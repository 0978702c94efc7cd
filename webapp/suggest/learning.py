"""What a reader's decisions teach, made anew from the log: outlets, words, names, topics, and how often we are right.

Pure and deterministic: the same decisions and stories give the same. The last answer about a tag on an article counts.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from webapp.evidence import Answer, Decision, Memory, Story
from webapp.model import TagKind
from webapp.suggest.learning_names import NameOffer, name_offers
from webapp.suggest.learning_topics import Example, Features, TopicModel, features_of, train
from webapp.suggest.topics import topic_scores
from webapp.suggest.topics_words import is_seed
from webapp.tags import Vocabulary, fold

ON = frozenset({Answer.ACCEPTED, Answer.ADDED})
TWICE = 2  # refusals of one word in one outlet after which it is not heard there
OUTLETS = 3  # outlets that agree, after which it is not heard anywhere
_MOST_SEEN = 1_500  # stories whose features are kept: 4 kB each
_TOLD_APART_BY = 8_000  # characters of the body: as many as the suggester reads
UNSAID = 0.5  # how far a topic that was not given is believed to be refused


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing that was learned. `kind`: "outlet", "word" or "topic". `decisions`: the ids it rests on; forgetting
    it means not handing them to `learn` any more. `id` stays the same while the lesson does."""

    id: str
    kind: str
    sentence: str
    decisions: tuple[int, ...]
    tag_id: str = ""


@dataclass(frozen=True, slots=True)
class Precision:
    """How often what a maker suggested was taken, of what was answered."""

    maker: str
    accepted: int
    refused: int

    @property
    def share(self) -> float:
        return self.accepted / (self.accepted + self.refused) if self.accepted + self.refused else 0.0


@dataclass(frozen=True, slots=True)
class Learned:
    """All that was learned. Small: some dozens of bytes a decision, and the topic model's megabytes."""

    topics: TopicModel = field(default_factory=TopicModel)
    _outlets: Mapping[str, Counter[str]] = field(default_factory=dict)
    _meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # outlet ("" for all) → word → tag or ""
    _lessons: tuple[Lesson, ...] = ()
    _offers: tuple[NameOffer, ...] = ()
    _precision: tuple[Precision, ...] = ()

    def memory(self, outlet: str, vocabulary: Vocabulary) -> Memory:
        """What the suggester of places is to know for a story from `outlet`; tags that are gone or retired left out."""
        regions: Counter[str] = Counter()
        for tag_id, times in self._outlets.get(outlet, {}).items():
            survivor = vocabulary.survivor(tag_id) if tag_id in vocabulary else None
            if survivor is not None or tag_id not in vocabulary:
                regions[survivor.id if survivor else tag_id] += times
        meanings = {**self._meanings.get("", {}), **(self._meanings.get(outlet, {}) if outlet else {})}
        return Memory(
            outlet_regions=dict(regions),
            outlet_articles=sum(regions.values()),
            meanings=meanings,
            names=_own_names(vocabulary),
        )

    def lessons(self) -> tuple[Lesson, ...]:
        """Everything that was learned, in sentences, those that rest on most decisions first."""
        return self._lessons

    def alias_offers(self) -> tuple[NameOffer, ...]:
        """Names that the reader's own tagging shows a tag to lack, best first."""
        return self._offers

    def precision(self) -> tuple[Precision, ...]:
        """By maker, of what was answered."""
        return self._precision


def learn(decisions: Iterable[Decision], story_of: Callable[[int], Story | None], *, vocabulary: Vocabulary) -> Learned:
    """What `decisions` teach. `story_of` gives an article's words, or None when it is gone."""
    log = sorted(decisions, key=lambda each: each.id)
    standing: dict[tuple[int, str], Decision] = {(each.article_id, each.tag_id): each for each in log}
    held = sorted(standing.values(), key=lambda each: each.id)
    outlets, outlet_lessons = _outlets(held, vocabulary)
    meanings, word_lessons = _meanings(log, held, vocabulary)
    topics, topic_lessons = _topics(log, held, story_of, vocabulary)
    return Learned(
        topics=topics,
        _outlets=outlets,
        _meanings=meanings,
        _lessons=(*outlet_lessons, *word_lessons, *topic_lessons),
        _offers=name_offers(held, story_of, vocabulary),
        _precision=_precision(log),
    )


def _outlets(held: list[Decision], vocabulary: Vocabulary) -> tuple[dict[str, Counter[str]], list[Lesson]]:
    """By outlet, which region was the first of how many articles; from the first decision on."""
    first: dict[int, Decision] = {}
    for each in held:
        if each.kind is TagKind.REGION and each.answer in ON and each.outlet:
            known = first.get(each.article_id)
            if known is None or _firstness(each) < _firstness(known):
                first[each.article_id] = each
    outlets: dict[str, Counter[str]] = defaultdict(Counter)
    rests_on: dict[tuple[str, str], list[int]] = defaultdict(list)
    for each in first.values():
        outlets[each.outlet][each.tag_id] += 1
        rests_on[each.outlet, each.tag_id].append(each.id)
    lessons = []
    for outlet, regions in sorted(outlets.items()):
        whole = regions.total()
        tag_id, times = min(regions.items(), key=lambda item: (-item[1], item[0]))
        name = _name(vocabulary, tag_id)
        how = "all" if times == whole else f"{times} of {whole}"
        mostly = "" if times == whole else "mostly " if times > whole / 2 else "often "
        many = "article" if whole == 1 else "articles"
        sentence = f"Articles of {outlet} are {mostly}about {name} ({how if times != whole else whole} {many})"
        lessons.append(
            Lesson(f"outlet:{outlet}:{tag_id}", "outlet", sentence, tuple(sorted(rests_on[outlet, tag_id])), tag_id)
        )
    lessons.sort(key=lambda lesson: (-len(lesson.decisions), lesson.id))
    return dict(outlets), lessons


def _firstness(decision: Decision) -> tuple[int, int]:
    return (decision.rank or 1_000, decision.id)


def _meanings(
    log: list[Decision], held: list[Decision], vocabulary: Vocabulary
) -> tuple[dict[str, dict[str, str]], list[Lesson]]:
    """By outlet, words that are no place, or that the reader means a certain tag by."""
    meanings: dict[str, dict[str, str]] = defaultdict(dict)
    lessons: list[Lesson] = []
    never = [each for each in held if each.answer is Answer.NEVER and each.surface and each.kind is TagKind.REGION]
    refusals: dict[tuple[str, str], list[Decision]] = defaultdict(list)  # (word, tag) → decisions
    taken: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    for each in held:
        if each.kind is not TagKind.REGION:
            continue
        words = {fold(word) for word in each.surfaces}
        if each.answer is Answer.REJECTED and len(words) == 1:
            refusals[words.pop(), each.tag_id].append(each)
        elif each.answer in ON:
            for word in words:
                taken[word, each.tag_id].append(each)
    for each in never:
        word = fold(each.surface)
        meanings[""][word] = _other_sense(word, each.tag_id, taken)
        name = _name(vocabulary, each.tag_id)
        lessons.append(
            Lesson(
                f"word:{word}:{each.tag_id}", "word", f"“{each.surface}” never means {name}", (each.id,), each.tag_id
            )
        )
    for (word, tag_id), refused in sorted(refusals.items()):
        if any(word in words for words in (meanings.get(""),) if words) or len(taken[word, tag_id]) >= len(refused):
            continue
        by_outlet = Counter(each.outlet for each in refused)
        stopped = sorted(outlet for outlet, times in by_outlet.items() if times >= TWICE)
        everywhere = len(by_outlet) >= OUTLETS
        for outlet in [""] if everywhere else [each for each in stopped if each]:
            meanings[outlet][word] = _other_sense(word, tag_id, taken)
            ids = tuple(each.id for each in refused if everywhere or each.outlet == outlet)
            where = "" if everywhere else f" in articles of {outlet}"
            sentence = (
                f"“{refused[0].surfaces[0]}” is not {_name(vocabulary, tag_id)}{where} (refused {len(ids)} times)"
            )
            lessons.append(Lesson(f"word:{word}:{tag_id}:{outlet}", "word", sentence, ids, tag_id))
    return {outlet: dict(words) for outlet, words in meanings.items()}, lessons


def _other_sense(word: str, tag_id: str, taken: Mapping[tuple[str, str], list[Decision]]) -> str:
    """What the reader took the word for elsewhere; "" for nothing."""
    others = [
        (len(found), other) for (said, other), found in taken.items() if said == word and other != tag_id and found
    ]
    return min(others, key=lambda item: (-item[0], item[1]))[1] if others else ""


def _topics(
    log: list[Decision], held: list[Decision], story_of: Callable[[int], Story | None], vocabulary: Vocabulary
) -> tuple[TopicModel, list[Lesson]]:
    by_article: dict[int, list[Decision]] = defaultdict(list)
    silenced: dict[str, set[str]] = defaultdict(set)
    lessons: list[Lesson] = []
    for each in held:
        if each.kind is not TagKind.TOPIC or vocabulary.survivor(each.tag_id) is None:
            continue
        by_article[each.article_id].append(each)
        if each.answer is Answer.NEVER and each.surface:
            word = fold(each.surface)
            silenced[each.tag_id].add(word)
            sentence = f"“{each.surface}” never speaks for {_name(vocabulary, each.tag_id)}"
            lessons.append(Lesson(f"word:{word}:{each.tag_id}", "word", sentence, (each.id,), each.tag_id))
    quiet = {tag_id: frozenset(words) for tag_id, words in silenced.items()}
    given: dict[str, list[int]] = defaultdict(list)
    kept: list[tuple[Story, dict[str, tuple[float, float]]]] = []
    for article_id, decided in by_article.items():
        story = story_of(article_id)
        if story is None:
            continue
        answers: dict[str, tuple[float, float]] = {}
        for each in decided:
            tag = vocabulary.survivor(each.tag_id)
            assert tag is not None
            if each.answer in ON:
                given[tag.id].append(each.id)
                for above in vocabulary.lineage(tag.id):
                    answers[above] = (1.0, 1.0)
            elif answers.get(tag.id, (0.0, 0.0))[0] < 1:
                answers[tag.id] = (0.0, 1.0)
        kept.append((story, answers))
    counts = Counter(tag for _, answers in kept for tag, (wanted, _) in answers.items() if wanted)
    tags = sorted(counts)
    examples = []
    for story, answers in kept:
        has_any = any(wanted for wanted, _ in answers.values())
        full = dict.fromkeys(tags, (0.0, UNSAID if has_any else 0.1)) | answers
        examples.append(Example(_features(story, vocabulary), full))
    model = train(examples, tags, counts, quiet)
    for tag_id, ids in sorted(given.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(ids) >= (1 if is_seed(tag_id) else 3):
            articles = f"{len(ids)} article{'' if len(ids) == 1 else 's'}"
            sentence = f"{_name(vocabulary, tag_id)} is for articles like the {articles} you gave it"
            lessons.append(Lesson(f"topic:{tag_id}", "topic", sentence, tuple(ids), tag_id))
    return model, lessons


def _features(story: Story, vocabulary: Vocabulary) -> Features:
    """What the model sees of a story; kept, because the log is read again after each decision."""
    text = "\0".join(
        (story.title, story.standfirst, story.body[:_TOLD_APART_BY], story.captions[:2_000], story.language)
    )
    key = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    known = _seen(vocabulary)
    if key not in known:
        if len(known) >= _MOST_SEEN:
            known.pop(next(iter(known)))
        known[key] = features_of(story, dict(topic_scores(story, vocabulary=vocabulary)))
    return known[key]


@lru_cache(maxsize=2)
def _seen(vocabulary: Vocabulary) -> dict[bytes, Features]:
    return {}


def _precision(log: list[Decision]) -> tuple[Precision, ...]:
    accepted: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    last: dict[tuple[int, str], Decision] = {}
    for each in log:
        before = last.get((each.article_id, each.tag_id))
        last[each.article_id, each.tag_id] = each
        if before is not None and before.answer is Answer.ACCEPTED:
            accepted[before.maker] -= 1
        elif before is not None and before.answer in (Answer.REJECTED, Answer.NEVER):
            refused[before.maker] -= 1
        maker = each.maker or (before.maker if before is not None else "")
        if not maker:
            continue
        if each.answer is Answer.ACCEPTED:
            accepted[maker] += 1
        elif each.answer in (Answer.REJECTED, Answer.NEVER):
            refused[maker] += 1
    makers = sorted(maker for maker in accepted | refused if maker and accepted[maker] + refused[maker] > 0)
    return tuple(Precision(maker, accepted[maker], refused[maker]) for maker in makers)


def _name(vocabulary: Vocabulary, tag_id: str) -> str:
    return vocabulary.get(tag_id).name if tag_id in vocabulary else tag_id


def _own_names(vocabulary: Vocabulary) -> dict[str, str]:
    """The names of regions that the reader made. Those of seeded ones the suggester of places knows by itself."""
    return {}
