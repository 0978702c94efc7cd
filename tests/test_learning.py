from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from webapp.evidence import Answer, Decision, Story
from webapp.model import TagKind
from webapp.seed import seed_tags
from webapp.suggest import Learned, TopicModel, learn, suggest_topics
from webapp.suggest.learning_names import phrases_of
from webapp.suggest.topics import topic_scores
from webapp.tags import Tag, Vocabulary, fold

AT = datetime(2026, 5, 1, tzinfo=UTC)
EELS = Tag("t-my-eels", TagKind.TOPIC, "eels", "river eels")
VOCABULARY = Vocabulary([*seed_tags(), EELS])
EEL_STORIES = [
    Story(
        title=f"The keeper of weir {number}", body=f"At the weir the keeper counts glass {word} at night with a lamp."
    )
    for number, word in enumerate(("fry", "ones", "elvers", "babies", "young", "swimmers"))
]
OTHER_STORIES = [
    Story(title="Shares slide", body="The stock market lost three percent as investors sold shares."),
    Story(title="Late header saves a point", body="The striker scored and the goalkeeper saved a penalty kick."),
    Story(title="Shells fall", body="Artillery fire hit two villages and soldiers dug trenches."),
    Story(title="A new play", body="The playwright changed the ending for the new stage production."),
    Story(title="Judge retires", body="The court heard the last case of the judge, a lawyer said."),
    Story(title="Rain at last", body="Heavy rain fell on the fields, and the storm moved on."),
]


def decision(number: int, article: int, tag_id: str, answer: Answer = Answer.ACCEPTED, **others: object) -> Decision:
    kind = TagKind.TOPIC if tag_id.startswith("t-") else TagKind.REGION
    made = Decision(
        id=number, article_id=article, tag_id=tag_id, kind=kind, answer=answer, outlet="haaretz.example", at=AT
    )
    return replace(made, **others)  # type: ignore[arg-type]


def no_story(_: int) -> Story | None:
    return None


def learned(*decisions: Decision) -> Learned:
    return learn(decisions, no_story, vocabulary=VOCABULARY)


def about_eels(examples: int) -> Learned:
    stories = [*EEL_STORIES[:examples], *OTHER_STORIES]
    log = [decision(at, at, EELS.id, Answer.ADDED) for at in range(examples)]
    log += [
        decision(at, at, suggest_topics(stories[at], vocabulary=VOCABULARY)[0].tag_id)
        for at in range(examples, len(stories))
    ]
    return learn(log, stories.__getitem__, vocabulary=VOCABULARY)


def test_nothing_is_learned_of_nothing():
    empty = learned()
    assert empty.lessons() == () == empty.alias_offers() == empty.precision()
    assert empty.memory("haaretz.example", VOCABULARY).outlet_regions == {}
    assert not empty.topics.tags


def test_the_first_accepted_region_teaches_the_outlet():
    memory = learned(decision(1, 1, "r-il", rank=1)).memory("haaretz.example", VOCABULARY)
    assert dict(memory.outlet_regions) == {"r-il": 1}
    assert memory.outlet_articles == 1


def test_only_the_first_region_of_an_article_counts_for_its_outlet():
    knows = learned(decision(1, 1, "r-sy", rank=2), decision(2, 1, "r-il", rank=1), decision(3, 2, "r-il", rank=1))
    assert dict(knows.memory("haaretz.example", VOCABULARY).outlet_regions) == {"r-il": 2}
    assert knows.memory("other.example", VOCABULARY).outlet_articles == 0


def test_a_region_that_was_taken_off_again_teaches_nothing():
    knows = learned(decision(1, 1, "r-il", rank=1), decision(2, 1, "r-il", Answer.REMOVED))
    assert knows.memory("haaretz.example", VOCABULARY).outlet_articles == 0
    assert knows.lessons() == ()


def test_a_lesson_says_what_it_rests_on():
    log = [decision(at, at, "r-il" if at < 12 else "r-sy", rank=1) for at in range(14)]
    lesson = next(each for each in learned(*log).lessons() if each.kind == "outlet")
    assert lesson.sentence == "Articles of haaretz.example are mostly about Israel (12 of 14)"
    assert lesson.decisions == tuple(range(12))
    assert lesson.id == "outlet:haaretz.example:r-il"


def test_without_its_decisions_a_lesson_is_gone():
    log = [
        decision(1, 1, "r-il", rank=1),
        decision(2, 2, "t-20000056"),
        decision(3, 3, "r-ge", Answer.NEVER, surface="Georgia"),
    ]
    knows = learn(log, lambda _: OTHER_STORIES[2], vocabulary=VOCABULARY)
    assert {each.kind for each in knows.lessons()} == {"outlet", "topic", "word"}
    for lesson in knows.lessons():
        rest = [each for each in log if each.id not in lesson.decisions]
        left = learn(rest, lambda _: OTHER_STORIES[2], vocabulary=VOCABULARY)
        assert lesson.id not in {each.id for each in left.lessons()}


def test_a_word_that_never_means_a_region_is_no_place():
    memory = learned(decision(1, 1, "r-td", Answer.NEVER, surface="Chad")).memory("any.example", VOCABULARY)
    assert dict(memory.meanings) == {"chad": ""}


def test_a_word_that_was_taken_for_something_else_means_that():
    knows = learned(
        decision(1, 1, "r-ge", Answer.NEVER, surface="Georgia"),
        decision(2, 2, "r-gn-4197000", surfaces=("Georgia",)),
    )
    assert knows.memory("", VOCABULARY).meanings["georgia"] == "r-gn-4197000"


def test_never_is_taken_back_by_accepting_later():
    knows = learned(
        decision(1, 1, "r-td", Answer.NEVER, surface="Chad"), decision(2, 2, "r-td", surfaces=("Chad", "Chadian"))
    )
    assert knows.memory("", VOCABULARY).meanings == {}


@pytest.mark.parametrize(
    ("outlets", "here", "elsewhere"),
    [
        (["a.example"], False, False),
        (["a.example", "a.example"], True, False),
        (["a.example", "b.example"], False, False),
        (["a.example", "b.example", "c.example"], True, True),
    ],
)
def test_a_word_is_given_up_after_two_refusals_in_an_outlet_or_three_outlets(outlets, here, elsewhere):
    log = [
        decision(at, at, "r-jo", Answer.REJECTED, surfaces=("Jordan",), outlet=outlet)
        for at, outlet in enumerate(outlets)
    ]
    knows = learned(*log)
    assert ("jordan" in knows.memory("a.example", VOCABULARY).meanings) is here
    assert ("jordan" in knows.memory("z.example", VOCABULARY).meanings) is elsewhere


def test_a_refusal_that_several_words_stand_behind_blames_none():
    log = [decision(at, at, "r-jo", Answer.REJECTED, surfaces=("Jordan", "Amman")) for at in range(4)]
    assert learned(*log).memory("haaretz.example", VOCABULARY).meanings == {}


def test_a_retired_region_is_not_remembered_and_a_merged_one_follows():
    tags = [replace(tag, retired=tag.id == "r-il") for tag in seed_tags()]
    knows = learned(decision(1, 1, "r-il", rank=1))
    assert knows.memory("haaretz.example", Vocabulary(tags)).outlet_regions == {}
    merged = [replace(tag, retired=True, merged_into="r-145") if tag.id == "r-il" else tag for tag in seed_tags()]
    assert dict(knows.memory("haaretz.example", Vocabulary(merged)).outlet_regions) == {"r-145": 1}


def test_a_word_that_never_speaks_for_a_topic_is_hushed():
    story = OTHER_STORIES[2]
    knows = learn(
        [decision(1, 1, "t-20000056", Answer.NEVER, surface="soldiers")], lambda _: story, vocabulary=VOCABULARY
    )
    quotes = [
        mention.quote.casefold()
        for each in suggest_topics(story, vocabulary=VOCABULARY, model=knows.topics)
        for mention in each.evidence.mentions
    ]
    assert "soldiers" not in quotes


def test_a_name_is_offered_for_a_tag_that_was_put_on_by_hand():
    stories = [
        Story(title="Elections in Qandil", body="The council of Qandil met. Nobody else was there."),
        Story(
            title="A school year begins",
            body="In Qandil, teachers print their own books.",
        ),
        *OTHER_STORIES,
    ]
    log = [decision(at, at, "r-kurdistan", Answer.ADDED) for at in range(2)]
    log += [decision(at, at, "r-gb", rank=1) for at in range(2, len(stories))]
    (offer,) = learn(log, stories.__getitem__, vocabulary=VOCABULARY).alias_offers()
    assert (offer.tag_id, offer.name, offer.decisions, offer.articles) == ("r-kurdistan", "Qandil", (0, 1), 2)


def test_a_word_that_begins_sentences_is_no_name():
    stories = [
        Story(title="A vote", body="Ferries came. Harvests were small, and harvests had been small before."),
        Story(title="Books", body="Harvests again. The harvests were late. Then ferries came."),
        *OTHER_STORIES,
    ]
    log = [decision(at, at, "r-kurdistan", Answer.ADDED) for at in range(2)]
    log += [decision(at, at, "r-gb", rank=1) for at in range(2, len(stories))]
    assert learn(log, stories.__getitem__, vocabulary=VOCABULARY).alias_offers() == ()


def test_a_word_counts_as_a_name_within_sentences_only():
    story = Story(
        title="Qandil votes", body="People came. In Qandil they met. People left, said the Free Assembly.\nMost"
    )
    assert phrases_of(story) == {"Qandil": 1, "People": 0, "Free Assembly": 1}


def test_of_a_name_that_is_not_wanted_the_next_best_is_offered():
    stories = [
        Story(title="Qandil votes", body="In Qandil, the Free Assembly met."),
        Story(title="Books in Qandil", body="The Free Assembly prints its own in Qandil."),
        *OTHER_STORIES,
    ]
    log = [decision(at, at, "r-kurdistan", Answer.ADDED) for at in range(2)]
    log += [decision(at, at, "r-gb", rank=1) for at in range(2, len(stories))]
    knows = learn(log, stories.__getitem__, vocabulary=VOCABULARY)
    names = {"qandil", "free-assembly"}
    (first,) = knows.alias_offers()
    (second,) = knows.alias_offers({("r-kurdistan", fold(first.name))})
    assert {fold(first.name), fold(second.name)} == names
    assert knows.alias_offers({("r-kurdistan", name) for name in names}) == ()
    assert knows.alias_offers({("r-gb", fold(first.name))}) == (first,)


def test_no_name_is_offered_where_the_text_has_one_already():
    stories = [
        Story(title="Kurdistan votes", body="In Sulaymaniyah, people queued."),
        Story(title="Kurdistan", body="In Sulaymaniyah."),
    ]
    log = [decision(at, at, "r-kurdistan", Answer.ADDED) for at in range(2)]
    assert learn(log, stories.__getitem__, vocabulary=VOCABULARY).alias_offers() == ()


def test_precision_counts_what_was_answered_by_maker():
    knows = learned(
        decision(1, 1, "r-il", maker="places/1"),
        decision(2, 2, "r-il", maker="places/1"),
        decision(3, 3, "r-jo", Answer.REJECTED, maker="places/1"),
        decision(4, 4, "t-20000056", Answer.NEVER, maker="topics/1", surface="army"),
        decision(5, 5, "r-sy", Answer.ADDED),
        decision(6, 2, "r-il", Answer.REMOVED, maker="places/1"),
    )
    by_maker = {each.maker: each for each in knows.precision()}
    assert (by_maker["places/1"].accepted, by_maker["places/1"].refused) == (1, 1)
    assert by_maker["places/1"].share == pytest.approx(0.5)
    assert by_maker["topics/1"].share == 0


@pytest.mark.parametrize(("examples", "is_suggested"), [(2, False), (3, True), (5, True)])
def test_a_topic_of_the_readers_own_is_suggested_from_three_examples_on(examples, is_suggested):
    knows = about_eels(examples)
    found = {each.tag_id: each for each in suggest_topics(EEL_STORIES[5], vocabulary=VOCABULARY, model=knows.topics)}
    assert (EELS.id in found) is is_suggested
    if is_suggested:
        made = found[EELS.id]
        assert made.confidence < 0.8  # offered, and not taken at once, before there are ten
        assert made.evidence.prior == f"like {examples} articles that you gave it"
        for mention in made.evidence.mentions:
            assert EEL_STORIES[5].part(mention.where)[mention.start : mention.end] == mention.quote
        assert "weir" in {words.casefold() for words, _, _ in made.evidence.surfaces}


def test_a_topic_of_the_readers_own_is_not_suggested_for_anything_else():
    knows = about_eels(5)
    for story in OTHER_STORIES:
        assert EELS.id not in {each.tag_id for each in suggest_topics(story, vocabulary=VOCABULARY, model=knows.topics)}


def test_a_topic_that_was_never_given_keeps_what_the_words_say():
    knows = about_eels(5)
    story = Story(title="Pope names bishop", body="The Vatican said the priest will be ordained in the cathedral.")
    before = [each.tag_id for each in suggest_topics(story, vocabulary=VOCABULARY)]
    assert [each.tag_id for each in suggest_topics(story, vocabulary=VOCABULARY, model=knows.topics)] == before


def test_decisions_move_topics_toward_what_the_reader_means():
    stories = [
        Story(
            title=f"Ferry {name} sold",
            body=f"The company that owns the ferry {name} sold her to a shipyard at the pier.",
        )
        for name in (
            "Alma",
            "Berta",
            "Clara",
            "Doris",
            "Erna",
            "Frida",
            "Greta",
            "Hilda",
            "Ida",
            "Jutta",
            "Karla",
            "Lina",
        )
    ]
    log = [decision(at, at, "t-20000337") for at in range(10)]
    knows = learn(log, stories.__getitem__, vocabulary=VOCABULARY)

    def share(model: TopicModel | None) -> float:
        return dict(topic_scores(stories[11], vocabulary=VOCABULARY, model=model)).get("t-20000337", 0.0)

    assert share(knows.topics) > share(None)


def test_the_same_log_teaches_the_same():
    one, two = about_eels(5), about_eels(5)
    assert (one.topics.weights == two.topics.weights).all()
    assert (one.topics.rows == two.topics.rows).all()
    assert one.lessons() == two.lessons()


def test_what_is_gone_is_passed_over():
    log = [decision(1, 1, "t-no-such"), decision(2, 2, "r-no-such", rank=1), decision(3, 3, "t-20000056")]
    knows = learn(log, no_story, vocabulary=VOCABULARY)
    assert knows.topics.tags == ()
    assert suggest_topics(OTHER_STORIES[2], vocabulary=VOCABULARY, model=knows.topics)


def test_each_article_is_read_once():
    asked: list[int] = []

    def story_of(article_id: int) -> Story:
        asked.append(article_id)
        return OTHER_STORIES[article_id % 6]

    learn(
        [decision(at, at % 6, tag, Answer.ADDED) for at, tag in enumerate(["t-20000056", "r-il"] * 6)],
        story_of,
        vocabulary=VOCABULARY,
    )
    assert sorted(asked) == sorted(set(asked))


def test_a_thousand_decisions_are_learned_again_quickly_and_stay_small():
    words = [tag.name for tag in seed_tags()[:45]]
    stories = [
        Story(title=f"Number {at}", body=" ".join(f"{words[(at * 7 + n * n) % 45]} w{n % 9}" for n in range(200)))
        for at in range(300)
    ]
    topics = ["t-20000056", "t-20000574", "t-20001065", "t-20000344", "t-20000446"]
    log = [decision(at, at % 300, topics[at % 5] if at % 3 else "r-il") for at in range(1_000)]
    learn(log, stories.__getitem__, vocabulary=VOCABULARY)
    started = time.process_time()
    knows = learn(log, stories.__getitem__, vocabulary=VOCABULARY)
    assert time.process_time() - started < 3.0  # 0.5 s measured; a shared machine may be slow
    assert knows.topics.size_bytes < 8_000_000


def test_articles_without_words_teach_nothing_and_break_nothing():
    log = [decision(at, at, EELS.id, Answer.ADDED) for at in range(4)]
    knows = learn(log, lambda _: Story(title=""), vocabulary=VOCABULARY)
    assert suggest_topics(Story(title=""), vocabulary=VOCABULARY, model=knows.topics) == ()
    assert suggest_topics(OTHER_STORIES[2], vocabulary=VOCABULARY, model=knows.topics)
