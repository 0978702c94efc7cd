"""What decisions about regions teach: which region an outlet writes about, and what words mean to this reader."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from webapp.evidence import Answer, Decision
from webapp.model import TagKind
from webapp.suggest.learning_lessons import ON, Lesson, name_of
from webapp.tags import Vocabulary, fold

TWICE = 2  # refusals of one word in one outlet after which it is not heard there
OUTLETS = 3  # outlets that agree, after which it is not heard anywhere

Answers = Mapping[tuple[str, str], list[Decision]]  # (folded word, tag id) → decisions


def outlets_of(held: Iterable[Decision], vocabulary: Vocabulary) -> tuple[dict[str, Counter[str]], list[Lesson]]:
    """By outlet, which region is the first of how many articles; from the first decision on."""
    first: dict[int, Decision] = {}
    for each in held:
        if each.kind is TagKind.REGION and each.answer in ON and each.outlet:
            known = first.get(each.article_id)
            if known is None or _firstness(each) < _firstness(known):
                first[each.article_id] = each
    by_outlet: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for each in first.values():
        by_outlet[each.outlet][each.tag_id].append(each.id)
    outlets = {outlet: Counter({tag: len(ids) for tag, ids in tags.items()}) for outlet, tags in by_outlet.items()}
    lessons = [_outlet_lesson(outlet, tags, vocabulary) for outlet, tags in by_outlet.items()]
    return outlets, sorted(lessons, key=lambda lesson: (-len(lesson.decisions), lesson.id))


def meanings_of(held: Iterable[Decision], vocabulary: Vocabulary) -> tuple[dict[str, dict[str, str]], list[Lesson]]:
    """By outlet ("" for all), folded words → what the reader means by them, "" for no place at all.

    A word is given up where the reader said never, or refused it twice in one outlet or in three outlets, as the only
    word behind a suggestion; unless it was taken for the same tag since, or more often.
    """
    never, refused, taken = _by_word(held)
    meanings: dict[str, dict[str, str]] = defaultdict(dict)
    lessons: list[Lesson] = []
    for (word, tag_id), decisions in never.items():
        last = decisions[-1]
        if any(each.id > last.id for each in taken.get((word, tag_id), ())):
            continue
        meanings[""][word] = _other_sense(word, tag_id, taken)
        sentence = f"“{last.surface}” never means {name_of(vocabulary, tag_id)}"
        ids = tuple(each.id for each in decisions)
        lessons.append(Lesson(f"word:{word}:{tag_id}", "word", sentence, ids, tag_id))
    for (word, tag_id), decisions in sorted(refused.items()):
        if word in meanings[""] or len(taken.get((word, tag_id), ())) >= len(decisions):
            continue
        for outlet in _where(decisions):
            meanings[outlet][word] = _other_sense(word, tag_id, taken)
            lessons.append(_refusal_lesson(word, tag_id, outlet, decisions, vocabulary))
    return {outlet: dict(words) for outlet, words in meanings.items() if words}, lessons


def _firstness(decision: Decision) -> tuple[int, int]:
    """Regions that were suggested first come first, then those added by hand, in their order."""
    return (decision.rank or 1_000, decision.id)


def _outlet_lesson(outlet: str, tags: Mapping[str, list[int]], vocabulary: Vocabulary) -> Lesson:
    whole = sum(map(len, tags.values()))
    tag_id, ids = min(tags.items(), key=lambda item: (-len(item[1]), item[0]))
    often = "" if len(ids) == whole else "mostly " if len(ids) > whole / 2 else "often "
    share = f"{len(ids)} of {whole}" if len(ids) < whole else f"all {whole}" if whole > 1 else "the only one so far"
    sentence = f"Articles of {outlet} are {often}about {name_of(vocabulary, tag_id)} ({share})"
    return Lesson(f"outlet:{outlet}:{tag_id}", "outlet", sentence, tuple(sorted(ids)), tag_id)


def _by_word(held: Iterable[Decision]) -> tuple[Answers, Answers, Answers]:
    """Words of regions that are never to be heard, that were refused as the only word, and that were taken."""
    never: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    refused: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    taken: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    for each in held:
        words = list(dict.fromkeys(fold(word) for word in each.surfaces))
        if each.kind is not TagKind.REGION:
            continue
        if each.answer is Answer.NEVER and each.surface:
            never[fold(each.surface), each.tag_id].append(each)
        elif each.answer is Answer.REJECTED and len(words) == 1:
            refused[words[0], each.tag_id].append(each)
        elif each.answer in ON:
            for word in words:
                taken[word, each.tag_id].append(each)
    return never, refused, taken


def _where(decisions: list[Decision]) -> list[str]:
    """The outlets in which a refused word is given up; "" for all of them."""
    by_outlet = Counter(each.outlet for each in decisions)
    if len(by_outlet) >= OUTLETS:
        return [""]
    return sorted(outlet for outlet, times in by_outlet.items() if times >= TWICE and outlet)


def _refusal_lesson(word: str, tag_id: str, outlet: str, decisions: list[Decision], vocabulary: Vocabulary) -> Lesson:
    ids = tuple(each.id for each in decisions if not outlet or each.outlet == outlet)
    where = f" in articles of {outlet}" if outlet else ""
    name = name_of(vocabulary, tag_id)
    sentence = f"“{decisions[0].surfaces[0]}” does not mean {name}{where} (refused {len(ids)} times)"
    return Lesson(f"word:{word}:{tag_id}:{outlet}", "word", sentence, ids, tag_id)


def _other_sense(word: str, tag_id: str, taken: Answers) -> str:
    """What the reader took the word for elsewhere; "" for nothing."""
    others = [(len(found), other) for (said, other), found in taken.items() if said == word and other != tag_id]
    return min(others, key=lambda item: (-item[0], item[1]))[1] if others else ""
