"""Answers to suggestions: tag, suggestion and log move together, and undoing goes back to exactly what was."""

from __future__ import annotations

import pytest

from tests import builders
from tests.suggestions import AIN_ISSA, CONFLICT, RUSSIA, SYRIA, TURKEY, suggest, suggestion
from webapp import reviewing
from webapp.articles import reading
from webapp.errors import BadTag, NotFound
from webapp.evidence import Answer, Role, Standing
from webapp.filing import answering, tagging
from webapp.model import TagKind, TagOrigin

TEXT = "Latakia"


@pytest.fixture
def article(services, owner):
    """An article with three suggestions to answer, and one place that it only mentions."""
    record = builders.put(services)
    suggest(
        services,
        owner,
        record.article_id,
        suggestion(SYRIA, "Latakia", "harbour"),
        suggestion(TURKEY, "storms", confidence=0.5),
        suggestion(CONFLICT, "broken"),
        suggestion(RUSSIA, "cargo", role=Role.MENTIONED, confidence=0.3),
    )
    return record.article_id


def filed(services, owner, article_id):
    with services.store.read() as work:
        return {tag.tag_id: tag for tag in work.articles.get(owner, article_id).tags}


def standings(services, article_id):
    with services.store.read() as work:
        return {kept.suggestion.tag_id: kept.standing for kept in work.suggestions.of_article(article_id)}


def decisions(services, owner):
    with services.store.read() as work:
        return work.decisions.all(owner)


def answer(services, owner, article, tag_id, given, **extra):
    return answering.answer(services, owner, article, tag_id, given, **extra)


def test_what_is_suggested_is_offered_with_its_evidence_in_words(services, owner, article):
    offers = answering.on_article(services, owner, article)
    assert [offer.tag.name for offer in offers.open] == ["Syria", "Turkey", "armed conflict"]
    assert [offer.tag.name for offer in offers.preselected] == ["Syria", "armed conflict"]
    assert [(offer.tag.name, offer.role) for offer in offers.also] == [("Russia", Role.MENTIONED)]
    assert offers.regions[0].path == "Asia › Western Asia"
    assert offers.regions[0].words == (("Latakia", "name", 1), ("harbour", "name", 1))


def test_accepting_files_the_article_and_is_written_down(services, owner, article):
    answered = answer(services, owner, article, SYRIA, Answer.ACCEPTED)
    assert [tag.name for tag in answered.tags] == ["Syria"]
    assert filed(services, owner, article)[SYRIA].origin is TagOrigin.SUGGESTION
    assert standings(services, article)[SYRIA] is Standing.ACCEPTED
    (logged,) = decisions(services, owner)
    decision = logged.decision
    assert (decision.answer, decision.maker, decision.rank) == (Answer.ACCEPTED, "places/test", 1)
    assert decision.surfaces == ("Latakia", "harbour")
    assert decision.outlet == "quay.example"
    assert answering.on_article(services, owner, article).filed[SYRIA].total == 2


def test_refusing_takes_the_suggestion_away_and_the_tag_off_if_it_was_on(services, owner, article):
    answer(services, owner, article, SYRIA, Answer.ACCEPTED)
    answer(services, owner, article, SYRIA, Answer.REJECTED)
    assert SYRIA not in filed(services, owner, article)
    assert standings(services, article)[SYRIA] is Standing.REJECTED
    assert [each.decision.answer for each in decisions(services, owner)] == [Answer.ACCEPTED, Answer.REJECTED]


def test_saying_the_same_twice_is_one_decision(services, owner, article):
    for _ in range(2):
        answer(services, owner, article, SYRIA, Answer.ACCEPTED)
        answer(services, owner, article, TURKEY, Answer.REJECTED)
    assert len(decisions(services, owner)) == 2


def test_never_blames_a_word_of_the_evidence(services, owner, article):
    answer(services, owner, article, SYRIA, Answer.NEVER, surface="HARBOUR")
    answer(services, owner, article, TURKEY, Answer.NEVER)
    assert [each.decision.surface for each in decisions(services, owner)] == ["harbour", "storms"]
    with pytest.raises(BadTag, match="not among the words"):
        answer(services, owner, article, CONFLICT, Answer.NEVER, surface="peace")


def test_a_tag_that_nobody_suggested_cannot_be_refused(services, owner, article):
    with pytest.raises(NotFound, match="not suggested"):
        answer(services, owner, article, "r-fr", Answer.REJECTED)
    with pytest.raises(NotFound, match="no tag"):
        answer(services, owner, article, "r-xx", Answer.ACCEPTED)
    with pytest.raises(NotFound):
        answer(services, owner + 1, article, SYRIA, Answer.ACCEPTED)
    assert decisions(services, owner) == []


def test_filing_under_what_is_only_mentioned_is_done_by_hand(services, owner, article):
    answer(services, owner, article, RUSSIA, Answer.ACCEPTED)
    assert RUSSIA in filed(services, owner, article)
    (logged,) = decisions(services, owner)
    assert (logged.decision.answer, logged.decision.maker, logged.decision.role) == (Answer.ADDED, "", Role.MENTIONED)


def test_typing_what_is_suggested_is_accepting_it(services, owner, article):
    tagging.add_tag(services, owner, article, TagKind.REGION, "Türkiye")
    (logged,) = decisions(services, owner)
    assert (logged.decision.answer, logged.decision.confidence) == (Answer.ACCEPTED, 0.5)


@pytest.mark.parametrize("given", [Answer.ACCEPTED, Answer.REJECTED, Answer.NEVER])
def test_an_answer_is_undone_to_what_was_before(services, owner, article, given):
    before = filed(services, owner, article), standings(services, article)
    answered = answer(services, owner, article, SYRIA, given)
    answering.undo(services, owner, article, answered.decision_ids)
    assert (filed(services, owner, article), standings(services, article)) == before
    assert [each.is_undone for each in decisions(services, owner)] == [True]
    answering.undo(services, owner, article, answered.decision_ids)  # a second click changes nothing
    assert (filed(services, owner, article), standings(services, article)) == before


def test_a_tag_taken_off_comes_back_where_it_stood(services, owner, article):
    for name in ("France", "Italy", "Spain"):
        tagging.add_tag(services, owner, article, TagKind.REGION, name)
    before = reading.open_article(services, owner, article).article.tags
    removed = tagging.remove_tag(services, owner, article, "r-fr")
    assert [on.tag.name for on in reading.open_article(services, owner, article).regions] == ["Italy", "Spain"]
    answering.undo(services, owner, article, [removed.decision_id])
    assert reading.open_article(services, owner, article).article.tags == before


def test_the_last_decision_about_a_tag_is_undone_by_its_name(services, owner, article):
    answer(services, owner, article, SYRIA, Answer.ACCEPTED)
    answer(services, owner, article, SYRIA, Answer.REJECTED)
    answering.undo_answer(services, owner, article, SYRIA)
    assert SYRIA in filed(services, owner, article)
    answering.undo_answer(services, owner, article, SYRIA)
    assert standings(services, article)[SYRIA] is Standing.OPEN
    with pytest.raises(NotFound):
        answering.undo_answer(services, owner, article, SYRIA)


def test_nobody_undoes_what_was_decided_about_another_article(services, owner, article):
    answered = answer(services, owner, article, SYRIA, Answer.ACCEPTED)
    other = builders.put(services, address="https://quay.example/other").article_id
    with pytest.raises(NotFound):
        answering.undo(services, owner, other, answered.decision_ids)


def test_several_answers_are_given_together_or_not_at_all(services, owner, article):
    given = [(SYRIA, Answer.ACCEPTED), ("r-xx", Answer.ACCEPTED)]
    with pytest.raises(NotFound):
        answering.answer_all(services, owner, article, given)
    assert filed(services, owner, article) == {}
    assert decisions(services, owner) == []


def test_what_was_refused_or_taken_off_is_not_suggested_again(services, owner, article):
    answer(services, owner, article, SYRIA, Answer.REJECTED)
    tagging.add_tag(services, owner, article, TagKind.REGION, "France")
    tagging.remove_tag(services, owner, article, "r-fr")
    suggest(
        services, owner, article, suggestion(SYRIA, "Latakia"), suggestion("r-fr", "vote"), suggestion(TURKEY, "levy")
    )
    assert [offer.tag.id for offer in answering.on_article(services, owner, article).open] == [TURKEY]


def test_a_place_of_the_gazetteer_joins_the_vocabulary_when_it_is_accepted(services, owner, article):
    suggest(services, owner, article, suggestion(SYRIA, "Latakia"), suggestion(AIN_ISSA, "Ain Issa"))
    assert AIN_ISSA not in services.vocabulary()
    offers = answering.on_article(services, owner, article)
    assert [(offer.tag.name, offer.path.split(" › ")[0]) for offer in offers.regions] == [
        ("Syria", "Asia"),
        ("Ain Issa", "Syria"),
    ]
    answering.answer_all(services, owner, article, [(SYRIA, Answer.ACCEPTED), (AIN_ISSA, Answer.ACCEPTED)])
    vocabulary = services.vocabulary()
    assert vocabulary.get(AIN_ISSA).slug == "ain-issa"
    assert SYRIA in vocabulary.lineage(AIN_ISSA)
    assert tagging.path_of(vocabulary, AIN_ISSA).startswith("Asia › Western Asia › Syria")
    dateline = reading.open_article(services, owner, article).dateline
    assert (dateline.place, dateline.country) == ("Ain Issa", "Syria")


def test_a_place_is_found_by_typing_its_name_and_told_from_its_namesakes(services, owner, article):
    assert tagging.meant(services, TagKind.REGION, "Ain Issa").id == AIN_ISSA
    completed = tagging.complete(services, TagKind.REGION, "Springfie")
    assert len({each.typed for each in completed}) == len(completed) > 1
    missouri = next(each for each in completed if "Missouri" in each.path)
    assert missouri.typed == "Springfield (Missouri)"
    assert tagging.meant(services, TagKind.REGION, missouri.typed).id == missouri.tag.id
    with pytest.raises(BadTag):
        tagging.meant(services, TagKind.REGION, "Nowhere-on-Sea")
    with pytest.raises(BadTag):
        tagging.meant(services, TagKind.TOPIC, "Ain Issa")


def test_two_places_of_one_name_have_slugs_of_their_own(services, owner, article):
    first, second = (each.tag for each in tagging.complete(services, TagKind.REGION, "Springfield")[:2])
    for tag in (first, second):
        tagging.file_under(services, owner, article, tagging.meant(services, TagKind.REGION, tag.id))
    slugs = [services.vocabulary().get(tag.id).slug for tag in (first, second)]
    assert slugs[0] == "springfield"
    assert slugs[1].startswith("springfield-")


def test_the_vocabularys_own_tags_come_before_places(services):
    completed = tagging.complete(services, TagKind.REGION, "Syr")
    assert completed[0].tag.id == SYRIA
    known = [each.tag.id in services.vocabulary() for each in completed]
    assert known == sorted(known, reverse=True)


def test_the_readers_confidence_decides_what_is_selected_beforehand(services, owner, article):
    answering.choose(services, owner, preselects_from=0.4, files_from=None)
    assert len(answering.on_article(services, owner, article).preselected) == 3
    answering.choose(services, owner, preselects_from=2.0, files_from=None)
    assert answering.on_article(services, owner, article).preselected == ()
    answering.choose(services, owner, preselects_from=float("nan"), files_from=0.1)
    assert answering.choices(services, owner).preselects_from == 0.8
    assert answering.choices(services, owner).files_from == 0.4


def test_nothing_is_filed_unasked_unless_the_reader_wants_it(services, owner, article):
    assert filed(services, owner, article) == {}
    answering.choose(services, owner, preselects_from=0.8, files_from=0.9)
    suggest(
        services,
        owner,
        article,
        suggestion(SYRIA, "x"),
        suggestion(TURKEY, "y", confidence=0.8),
        suggestion(RUSSIA, "z", role=Role.MENTIONED),
    )
    assert list(filed(services, owner, article)) == [SYRIA]
    assert standings(services, article)[SYRIA] is Standing.FILED
    assert decisions(services, owner) == []
    tagging.remove_tag(services, owner, article, SYRIA)
    suggest(services, owner, article, suggestion(SYRIA, "x"))
    assert filed(services, owner, article) == {}


def test_the_queue_is_gone_through_one_by_one(services, owner):
    ids = []
    for number in range(3):
        services.clock.move(hours=1)
        ids.append(builders.put(services, address=f"https://quay.example/{number}").article_id)
        suggest(services, owner, ids[-1], suggestion(SYRIA, "Latakia"))
    first, second, third = reversed(ids)
    desk = reviewing.desk(services, owner)
    assert (desk.opened.article.id, desk.left, desk.place, desk.following) == (first, 3, 1, second)
    answered = reviewing.file(services, owner, first, accepted=[SYRIA], refused=[])
    desk = reviewing.desk(services, owner, after=first)
    assert (desk.opened.article.id, desk.left) == (second, 2)
    assert reviewing.desk(services, owner, after=third).opened.article.id == second  # round again
    reviewing.put_back(services, owner, first, answered.decision_ids)
    desk = reviewing.desk(services, owner, at=first)
    assert (desk.left, desk.place) == (3, 1)
    assert filed(services, owner, first) == {}
    with pytest.raises(NotFound):
        reviewing.desk(services, owner, at=ids[-1] + 99)


def test_the_queue_is_narrowed_by_a_query(services, owner):
    for place in ("Latakia", "Mombasa"):
        html = builders.page(f"Rain comes late to {place}", place=place)
        record = builders.put(services, html, address=f"https://quay.example/{place}")
        suggest(services, owner, record.article_id, suggestion(SYRIA, place))
    desk = reviewing.desk(services, owner, query="title:Mombasa")
    assert (desk.opened.article.title, desk.left) == ("Rain comes late to Mombasa", 1)
    desk = reviewing.desk(services, owner, query="title:Oslo")
    assert (desk.opened, desk.left) == (None, 0)
    assert "no region called" in reviewing.desk(services, owner, query="region:atlantis2").notice
