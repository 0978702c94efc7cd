"""Suggesting on the way of a clip, on demand, and for the whole archive; learning from the log; the seed article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests import builders
from tests.suggestions import AIN_ISSA, CONFLICT, RUSSIA, SYRIA, TURKEY, statements_of, suggest, suggestion
from webapp import jobs, lessons, pipeline, searching
from webapp.articles import reading
from webapp.cli import cli
from webapp.clipping import clip_upload, state_of
from webapp.errors import NotFound
from webapp.evidence import Answer, Role
from webapp.filing import answering, learned, suggesting, suggesting_runs
from webapp.filing.stories import Stories
from webapp.model import TagOrigin

SEED = Path(__file__).parent / "cases/seed/page.html"


def offered(services, owner, article_id):
    return [offer.tag.id for offer in answering.on_article(services, owner, article_id).open]


def steps(services, owner, article_id):
    return {step.name: step.outcome for step in reading.open_article(services, owner, article_id).log}


@pytest.fixture
def broken(services):
    """An archive whose gazetteer is away, so that the maker of regions fails."""
    usual = services._gazetteer
    services._gazetteer = Broken()
    yield services
    services._gazetteer = usual


class Broken:
    def __getattr__(self, name):
        raise RuntimeError("the gazetteer is away")


def test_the_seed_article_gets_its_regions_its_place_and_its_topic(services, owner):
    article_id = builders.put(
        services, SEED.read_text(encoding="utf-8"), address="https://news.example/seed"
    ).article_id
    offers = answering.on_article(services, owner, article_id)
    regions = [offer.tag.id for offer in offers.regions]
    assert regions[0] == SYRIA
    assert {TURKEY, RUSSIA, AIN_ISSA} <= set(regions)
    assert {"r-kurdistan", "r-rojava"} & {offer.tag.id for offer in (*offers.regions, *offers.also)}
    assert CONFLICT in [offer.tag.id for offer in offers.topics]
    noise = {"r-ps", "r-ba", "r-il"}
    assert not noise & {offer.tag.id for offer in (*offers.regions, *offers.also)}
    syria = offers.regions[0]
    assert syria.summary.endswith("mentions, in headline, introduction and first paragraph")
    assert "Syrian" in [words for words, _, _ in syria.words]

    given = [(tag_id, Answer.ACCEPTED) for tag_id in [SYRIA, TURKEY, RUSSIA, AIN_ISSA, CONFLICT]]
    answering.answer_all(services, owner, article_id, given)
    jobs.run_all(services)
    opened = reading.open_article(services, owner, article_id)
    assert [on.tag.id for on in opened.regions] == [SYRIA, TURKEY, RUSSIA, AIN_ISSA]
    assert (opened.dateline.place, opened.dateline.country) == ("Ain Issa", "Syria")
    for query in ("region:syria", "region:ain-issa", 'region:"Ain Issa"', "topic:armed-conflict region:turkey"):
        assert [row.article.id for row in searching.find(services, owner, query).rows] == [article_id], query


def test_suggestions_come_with_the_version_they_are_about(services, owner):
    record = builders.put(services, builders.page("Storm in Latakia, Syria", place="Latakia in Syria"))
    assert SYRIA in offered(services, owner, record.article_id)
    assert steps(services, owner, record.article_id)["suggest"].endswith("tags suggested")
    again = builders.page("Storm in Mombasa, Kenya", place="Mombasa in Kenya")
    builders.put(services, again)
    assert offered(services, owner, record.article_id)[0] == "r-ke"
    assert SYRIA not in offered(services, owner, record.article_id)


def test_a_maker_that_fails_costs_its_suggestions_and_nothing_else(broken, owner, caplog):
    war = "The army shelled the rebels; soldiers and fighters died in the war, and a truce was broken. " * 3
    record = builders.put(broken, builders.page("War in Latakia", words=war))
    opened = reading.open_article(broken, owner, record.article_id)
    assert opened.version is not None
    assert "eastern breakwater" in opened.version.clean_html
    assert opened.suggestions.regions == ()
    assert CONFLICT in [offer.tag.id for offer in opened.suggestions.topics]
    assert "the gazetteer is away" in caplog.text


def test_an_article_without_suggestions_still_waits_to_be_filed(services, owner):
    record = builders.put(services)
    with services.store.begin() as work:
        suggesting.keep(services, work, owner, record.article_id, None, version_id=None)
        assert record.article_id in [article_id for article_id, _ in work.reviews.queue(owner)]


def test_tags_chosen_while_clipping_are_decisions_and_keep_their_origin(services, owner):
    record = builders.put(
        services, builders.page("Storm in Syria", place="Latakia in Syria"), tags=("region:syria", "region:Ain Issa")
    )
    opened = reading.open_article(services, owner, record.article_id)
    assert {(on.tag.slug, on.origin) for on in opened.regions} == {
        ("syria", TagOrigin.CLIP),
        ("ain-issa", TagOrigin.CLIP),
    }
    with services.store.read() as work:
        assert {each.decision.tag_id for each in work.decisions.all(owner)} == {SYRIA, AIN_ISSA}


def test_making_an_article_again_keeps_its_answers(services, owner):
    html = builders.page("Storm in Syria", place="Latakia in Syria")
    article_id = builders.put(services, html).article_id
    answering.answer(services, owner, article_id, SYRIA, Answer.REJECTED)
    pipeline.reprocess(services, owner, article_id)
    suggesting.suggest_for(services, owner, article_id)
    assert SYRIA not in offered(services, owner, article_id)


def test_suggesting_twice_says_the_same(services, owner):
    article_id = builders.put(services, SEED.read_text(encoding="utf-8")).article_id
    assert suggesting.suggest_for(services, owner, article_id) == suggesting.suggest_for(services, owner, article_id)
    with pytest.raises(NotFound):
        suggesting.suggest_for(services, owner, article_id + 99)


@pytest.fixture
def archive(services, owner):
    """Twelve articles whose suggestions are gone, as those of an archive from before there were any."""
    for number in range(12):
        html = builders.page(f"Storm {number} in Syria", place="Latakia in Syria")
        builders.put(services, html, address=f"https://quay.example/{number}")
    with services.store.begin() as work:
        for article_id in list(work.articles.all_ids()):
            work.suggestions.replace(owner, article_id, (), version_id=None, maker="")
            work.reviews.set_waits(owner, article_id, False)
    return services


def with_suggestions(services, owner):
    with services.store.read() as work:
        return len(work.suggestions.of_articles(list(work.articles.all_ids())))


def test_all_articles_are_gone_through_by_jobs_and_join_the_queue(archive, owner):
    run = suggesting_runs.begin(archive, owner)
    assert (run.total, run.done, run.finished_at) == (12, 0, None)
    jobs.run_all(archive)
    run = suggesting_runs.progress(archive, owner)
    assert (run.done, run.failed) == (12, 0)
    assert run.finished_at is not None
    assert with_suggestions(archive, owner) == 12
    with archive.store.read() as work:
        assert work.reviews.count(owner, at_most=100) == 12
        assert work.jobs.waiting() == 0


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(archive, owner):
    suggesting_runs.begin(archive, owner)
    suggesting_runs.next_batch(archive, owner, limit=5)
    assert with_suggestions(archive, owner) == 5
    run = suggesting_runs.begin(archive, owner)  # after a restart
    assert run.done == 5
    with archive.store.read() as work:
        assert work.jobs.waiting() == 1  # asked for twice, and one is enough
    jobs.run_all(archive)
    assert suggesting_runs.progress(archive, owner).done == 12
    assert suggesting_runs.next_batch(archive, owner) is None


def test_a_clip_that_comes_meanwhile_is_not_kept_waiting(archive, owner):
    suggesting_runs.begin(archive, owner)
    archive.clock.move(seconds=1)
    jobs.run_next(archive)
    archive.clock.move(seconds=-0.5)
    page = builders.page("A newer storm", place="Oslo").encode()
    receipt = clip_upload(archive, owner, "page.html", page, address="https://quay.example/new")
    archive.clock.move(seconds=2)
    jobs.run_next(archive)
    assert state_of(archive, owner, receipt.clip_id).article_id is not None


def test_a_run_that_fails_again_and_again_ends_and_says_why(archive, owner):
    suggesting_runs.begin(archive, owner)
    suggesting_runs.give_up(archive, owner, "the disk is full")
    run = suggesting_runs.progress(archive, owner)
    assert run.finished_at is not None
    assert run.failures == ((0, "the disk is full"),)


def test_an_article_that_cannot_be_read_is_named_and_the_rest_go_on(archive, owner):
    usual, archive._gazetteer = archive._gazetteer, Broken()
    try:
        suggesting_runs.begin(archive, owner)
        jobs.run_all(archive)
    finally:
        archive._gazetteer = usual
    run = suggesting_runs.progress(archive, owner)
    assert (run.done, run.failed, len(run.failures)) == (12, 12, 12)
    assert "the gazetteer is away" in run.failures[0][1]


def test_the_command_suggests_for_all_and_for_one(tmp_path, confined):
    folder = tmp_path / "archive"
    services = builders.open_archive(folder, confined=confined)
    record = builders.put(services, builders.page("Storm in Syria", place="Latakia in Syria"))
    services.close()
    said = CliRunner().invoke(cli, ["--data-dir", str(folder), "suggest", "--all"])
    assert said.exit_code == 0, said.output
    assert "1 articles looked at, 0 could not be read" in said.output
    said = CliRunner().invoke(cli, ["--data-dir", str(folder), "suggest", str(record.article_id)])
    assert "region:syria" in said.output
    assert CliRunner().invoke(cli, ["--data-dir", str(folder), "suggest"]).exit_code == 2


def test_one_decision_teaches_an_outlet_and_it_can_be_forgotten(services, owner):
    article_id = builders.put(services, builders.page("Storm in Syria", place="Latakia in Syria")).article_id
    answering.answer(services, owner, article_id, SYRIA, Answer.ACCEPTED)
    memory = learned.of(services, owner).memory("quay.example", services.vocabulary())
    assert dict(memory.outlet_regions) == {SYRIA: 1}
    told = lessons.told(services, owner)
    assert ["Syria" in shown.lesson.sentence for shown in told.outlets] == [True]
    assert told.outlets[0].grounds[0].title == "Storm in Syria"
    lesson, decisions = lessons.forget(services, owner, told.outlets[0].lesson.id)
    assert "quay.example" in lesson.sentence
    assert lessons.told(services, owner).outlets == ()
    assert lessons.told(services, owner).forgotten == 1
    assert SYRIA in [on.tag.id for on in reading.open_article(services, owner, article_id).regions]
    with pytest.raises(NotFound):
        lessons.forget(services, owner, lesson.id)
    lessons.remember(services, owner, decisions)
    assert len(lessons.told(services, owner).outlets) == 1


def test_what_is_undone_teaches_nothing(services, owner):
    article_id = builders.put(services, builders.page("Storm in Syria", place="Latakia in Syria")).article_id
    answered = answering.answer(services, owner, article_id, SYRIA, Answer.ACCEPTED)
    answering.undo(services, owner, article_id, answered.decision_ids)
    assert lessons.told(services, owner).outlets == ()
    assert lessons.told(services, owner).decisions == 0


def test_the_same_log_teaches_the_same_after_a_restart(services, owner):
    for number in range(3):
        html = builders.page(f"Storm {number} in Syria", place="Latakia in Syria")
        article_id = builders.put(services, html, address=f"https://quay.example/{number}").article_id
        answering.answer(services, owner, article_id, SYRIA, Answer.ACCEPTED if number else Answer.NEVER)
    before = lessons.told(services, owner)
    services.learned.clear()
    assert lessons.told(services, owner) == before
    assert before.precision[0].accepted + before.precision[0].refused == 3


def test_a_name_that_is_missing_can_be_added_and_taken_back(services, owner):
    deed = lessons.add_name(services, owner, SYRIA, "The Jazira")
    assert deed is not None
    assert services.vocabulary().find(services.vocabulary().get(SYRIA).kind, "the jazira").id == SYRIA
    lessons.take_name_back(services, owner, deed.id)
    assert services.vocabulary().find(services.vocabulary().get(SYRIA).kind, "the jazira") is None


def test_stories_are_read_many_at_a_time(services, owner):
    ids = [builders.put(services, address=f"https://quay.example/{number}").article_id for number in range(4)]
    stories = Stories(services, owner, [*ids, ids[0] + 99])
    with statements_of(services) as seen:
        assert [stories(article_id).title for article_id in ids] == ["A harbour rebuilds its breakwater"] * 4
        assert stories(ids[0] + 99) is None
    assert len(seen) <= 8


def test_learned_is_shown_in_as_many_statements_for_many_articles_as_for_few(services, owner):
    def told_after(first, last):
        for number in range(first, last):
            html = builders.page(f"Storm {number} in Syria", place="Latakia in Syria")
            article_id = builders.put(services, html, address=f"https://quay.example/{number}").article_id
            suggest(services, owner, article_id, suggestion(SYRIA, "Latakia"), suggestion(CONFLICT, "broken"))
            answering.answer(services, owner, article_id, SYRIA, Answer.ACCEPTED)
        with statements_of(services) as seen:
            lessons.told(services, owner)
        return len(seen)

    assert told_after(0, 2) == told_after(2, 8)


def test_mentioned_places_are_kept_apart_from_what_it_is_about(services, owner):
    article_id = builders.put(services, SEED.read_text(encoding="utf-8")).article_id
    offers = answering.on_article(services, owner, article_id)
    assert all(offer.role is Role.ABOUT for offer in offers.open)
    assert any(offer.role is not Role.ABOUT for offer in offers.also)


def test_evidence_is_stored_as_plain_json(services, owner):
    builders.put(services, SEED.read_text(encoding="utf-8"))
    with services.store.read() as work:
        rows = work.connection.exec_driver_sql("SELECT evidence FROM suggestions").fetchall()
    assert rows
    assert all(json.loads(row[0])["maker"] for row in rows)
