"""From decisions about topics to a model: which topics each article was given, and which words were hushed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from webapp.evidence import Answer, Decision
from webapp.model import TagKind
from webapp.suggest.learning_lessons import ON, Lesson, name_of
from webapp.suggest.learning_topics import FEWEST_EXAMPLES, Example, Features, TopicModel, train
from webapp.suggest.topics_words import is_seed
from webapp.tags import Vocabulary, fold

# How far a topic that an article was not given is believed to be refused; where it was given none, hardly.
UNSAID, UNSAID_AT_ALL = 0.5, 0.1

Answers = dict[str, tuple[float, float]]  # topic → (1 or 0, how far to believe it)


def answers_of(held: Iterable[Decision], vocabulary: Vocabulary) -> dict[int, Answers]:
    """By article: a topic that it was given speaks for those above it too; one that was refused for itself only."""
    found: dict[int, Answers] = defaultdict(dict)
    for each in held:
        tag = vocabulary.survivor(each.tag_id) if each.kind is TagKind.TOPIC else None
        if tag is None:
            continue
        answers = found[each.article_id]
        if each.answer in ON:
            answers.update(dict.fromkeys(vocabulary.lineage(tag.id), (1.0, 1.0)))
        else:
            answers.setdefault(tag.id, (0.0, 1.0))
    return dict(found)


def model_of(answers: Mapping[int, Answers], read: Mapping[int, Features], held: Iterable[Decision]) -> TopicModel:
    """Trained on the articles in their order. `read`: article → what the model sees of it."""
    counts = Counter(tag_id for each in answers.values() for tag_id, (given, _) in each.items() if given)
    tags = sorted(counts)
    examples = []
    for article_id, told in answers.items():
        unsaid = UNSAID if any(given for given, _ in told.values()) else UNSAID_AT_ALL
        examples.append(Example(read[article_id], dict.fromkeys(tags, (0.0, unsaid)) | told))
    return train(examples, tags, counts, _silenced(held))


def topic_lessons(held: list[Decision], vocabulary: Vocabulary) -> list[Lesson]:
    """Words that were hushed, then topics that were given, those given most often first."""
    lessons = []
    for each in held:
        if _hushes(each):
            sentence = f"“{each.surface}” never speaks for {name_of(vocabulary, each.tag_id)}"
            lessons.append(
                Lesson(f"word:{fold(each.surface)}:{each.tag_id}", "word", sentence, (each.id,), each.tag_id)
            )
    given: dict[str, list[int]] = defaultdict(list)
    for each in held:
        tag = vocabulary.survivor(each.tag_id) if each.kind is TagKind.TOPIC else None
        if tag is not None and each.answer in ON:
            given[tag.id].append(each.id)
    for tag_id, ids in sorted(given.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(ids) >= (1 if is_seed(tag_id) else FEWEST_EXAMPLES):
            those = "the one" if len(ids) == 1 else f"the {len(ids)}"
            sentence = f"Articles like {those} you filed under {name_of(vocabulary, tag_id)} get it suggested"
            lessons.append(Lesson(f"topic:{tag_id}", "topic", sentence, tuple(ids), tag_id))
    return _merged(lessons)


def _merged(lessons: list[Lesson]) -> list[Lesson]:
    """One lesson an id: a word may have been hushed on several articles."""
    found: dict[str, Lesson] = {}
    for each in lessons:
        before = found.get(each.id)
        ids = (*before.decisions, *each.decisions) if before else each.decisions
        found[each.id] = Lesson(each.id, each.kind, each.sentence, ids, each.tag_id)
    return list(found.values())


def _silenced(held: Iterable[Decision]) -> dict[str, frozenset[str]]:
    words: dict[str, set[str]] = defaultdict(set)
    for each in held:
        if _hushes(each):
            words[each.tag_id].add(fold(each.surface))
    return {tag_id: frozenset(some) for tag_id, some in words.items()}


def _hushes(decision: Decision) -> bool:
    return decision.kind is TagKind.TOPIC and decision.answer is Answer.NEVER and bool(decision.surface)
