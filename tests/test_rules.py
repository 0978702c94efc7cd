"""Rules: understood whole, tried first, applied to old and new, never against the reader's hand, undone by the run."""

from __future__ import annotations

import pytest

from tests import builders
from webapp import indexing, jobs, rule_runs, rules, tree_changes, vocabulary_care
from webapp.articles import reading
from webapp.errors import BadRule, NotFound
from webapp.filing import tagging
from webapp.model import ReadingState, TagKind, TagOrigin
from webapp.ruling import BY_HAND, Doing, OnArticle, Step, doings, held_back
from webapp.seed import seed_tags
from webapp.tags import Vocabulary

SEEDED = Vocabulary(seed_tags())


def clip(services, title: str, place: str = "Latakia", **extra: object) -> int:
    html = builders.page(title, place=place)
    slug = title.lower().replace(" ", "-")
    return builders.put(services, html, address=f"https://quay.example/{slug}", **extra).article_id or 0


def tags(services, owner, article_id) -> dict[str, tuple[TagOrigin, str]]:
    article = reading.open_article(services, owner, article_id).article
    return {tag.tag_id: (tag.origin, tag.source) for tag in article.tags}


def rule(services, owner, query: str = "harbour", name: str = "Ports", **what: object):
    what = what or {"add_regions": ["Syria"]}
    steps = rules.steps_of(services, **what)
    return rules.make(services, owner, name=name, query=query, steps=steps)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([Step("add", "r-sy")], [Doing(1, "add", "r-sy")]),
        ([Step("add", "r-tr")], []),  # it is there
        ([Step("add", "r-iq")], []),  # the reader took it off
        ([Step("remove", "r-tr")], []),  # the reader put it on
        ([Step("remove", "r-ru")], [Doing(1, "remove", "r-ru")]),
        ([Step("remove", "r-sy")], []),
        ([Step("add", "r-nowhere")], []),
        ([Step("star")], [Doing(1, "star")]),
        ([Step("mark", "unread")], []),
        ([Step("mark", "done")], [Doing(1, "mark", "done")]),
        ([Step("add", "r-sy"), Step("add", "r-sy")], [Doing(1, "add", "r-sy")]),
    ],
)
def test_a_rule_does_what_is_not_so_and_what_the_reader_did_stands(steps, expected):
    on = OnArticle(
        1, False, ReadingState.UNREAD, {"r-tr": TagOrigin.READER, "r-ru": TagOrigin.IMPORT}, frozenset({"r-iq"})
    )
    assert doings(steps, on, SEEDED) == expected
    assert held_back(steps, on, SEEDED) == (steps[0].value in ("r-iq",) or steps == [Step("remove", "r-tr")])


def test_a_merged_tag_in_a_rule_is_what_it_was_merged_into():
    merged = tree_changes.after(SEEDED, tree_changes.merge(SEEDED, "r-sy", "r-tr"))
    on = OnArticle(1, False, ReadingState.UNREAD, {}, frozenset())
    assert doings([Step("add", "r-sy")], on, merged) == [Doing(1, "add", "r-tr")]
    refused = OnArticle(1, False, ReadingState.UNREAD, {}, frozenset({"r-sy"}))
    assert doings([Step("add", "r-tr")], refused, merged) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "type a query"),
        ("*", "every article"),
        ("region:atlantis harbour", "no region called"),
        ("date:soon harbour", "soon"),
        ("x" * 501, "500 characters"),
    ],
)
def test_a_query_that_is_not_understood_whole_makes_no_rule(services, owner, query, said):
    with pytest.raises(BadRule, match=said):
        rule(services, owner, query)
    assert rules.list_rules(services, owner) == []


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"add_regions": [" "]}, "Say what to do"),
        ({"add_topics": ["Syria"]}, "no topic called"),
        ({"add_regions": ["Syria"], "remove_regions": ["SY"]}, "at once"),
        ({"mark": "burnt"}, "unread, reading or done"),
    ],
)
def test_steps_that_make_no_sense_are_refused(services, what, said):
    with pytest.raises(BadRule, match=said):
        rules.steps_of(services, **what)


def test_a_trial_tells_what_would_change_and_changes_nothing(services, owner):
    first, second = clip(services, "A harbour rebuilt"), clip(services, "The harbour again")
    clip(services, "Nothing here")
    tagging.add_tag(services, owner, first, TagKind.REGION, "Syria")
    tagging.remove_tag(services, owner, first, "r-sy")
    steps = rules.steps_of(services, add_regions=["Syria"], star=True)
    tried = rule_runs.trial(services, owner, "title:harbour", steps)
    assert (tried.matched, tried.changed, tried.held) == (2, 2, 1)
    assert tried.counts == {("add", "r-sy"): 1, ("star", ""): 2}
    assert [article.id for article, _ in tried.rows] == [second, first]
    assert tried.rows[1][1] == (Doing(first, "star"),)
    assert tags(services, owner, second) == {}


def test_a_rule_runs_over_the_archive_and_a_run_is_undone_as_a_whole(services, owner):
    ids = [clip(services, f"A harbour rebuilt {number}") for number in range(3)]
    tagging.add_tag(services, owner, ids[0], TagKind.REGION, "Syria")
    made = rule(services, owner, add_regions=["Syria"], star=True, mark="reading")
    run = rule_runs.start_run(services, owner, made.id)
    assert (run.total, run.done, run.finished_at) == (3, 0, None)
    jobs.run_all(services)
    run = rule_runs.run_of(services, owner, run.id)
    assert (run.done, run.changed, run.finished_at) == (3, 3, services.clock())
    assert tags(services, owner, ids[1]) == {"r-sy": (TagOrigin.RULE, "Ports")}
    assert tags(services, owner, ids[0])["r-sy"][0] in BY_HAND
    assert len(vocabulary_care.matching(services, owner, rules.asked("region:syria is:starred", SEEDED))) == 3
    reading.set_reading(services, owner, ids[2], ReadingState.DONE)
    assert rule_runs.undo_run(services, owner, run.id).undo_changed == 3
    jobs.run_all(services)
    assert tags(services, owner, ids[1]) == {}
    assert tags(services, owner, ids[0])["r-sy"][0] in BY_HAND
    states = [reading.open_article(services, owner, each).article.reading for each in ids]
    assert states == [ReadingState.UNREAD, ReadingState.UNREAD, ReadingState.DONE]
    assert vocabulary_care.matching(services, owner, rules.asked("is:starred", SEEDED)) == []
    assert rule_runs.run_of(services, owner, run.id).undone_at == services.clock()


def test_a_new_clip_gets_what_its_rules_say_and_a_second_clip_only_tags(services, owner):
    made = rule(services, owner, add_regions=["Syria"], star=True)
    article_id = clip(services, "A harbour rebuilt")
    assert tags(services, owner, article_id) == {"r-sy": (TagOrigin.RULE, "Ports")}
    [run] = rule_runs.runs(services, owner)
    assert (run.sort, run.rule_id, run.changed) == ("clip", made.id, 1)
    reading.set_starred(services, owner, article_id, False)
    assert clip(services, "A harbour rebuilt", clip_id="second-clip") == article_id
    assert not reading.open_article(services, owner, article_id).article.starred


def test_a_rule_never_puts_back_what_the_reader_took_off_and_does_after_it_was_put_on_again(services, owner):
    rule(services, owner)
    article_id = clip(services, "A harbour rebuilt")
    tagging.remove_tag(services, owner, article_id, "r-sy")
    clip(services, "A harbour rebuilt", clip_id="second-clip")
    assert tags(services, owner, article_id) == {}
    tagging.add_tag(services, owner, article_id, TagKind.REGION, "Syria")
    assert tags(services, owner, article_id)["r-sy"][0] in BY_HAND


def test_rules_apply_in_their_order_and_see_what_those_before_did(services, owner):
    rule(services, owner, "region:syria", "Second thoughts", mark="done")
    rule(services, owner, "harbour", "Ports", add_regions=["Syria"])
    rule(services, owner, "region:asia", "Asia", star=True)
    article = reading.open_article(services, owner, clip(services, "A harbour rebuilt")).article
    assert (article.reading, article.starred) == (ReadingState.UNREAD, True)


def test_a_rule_that_is_off_removed_or_broken_does_nothing_and_hurts_no_clip(services, owner):
    off, gone = rule(services, owner, name="off"), rule(services, owner, name="gone")
    broken = rule(services, owner, "harbour -region:kenya", "broken")
    rules.set_enabled(services, owner, off.id, False)
    rules.remove(services, owner, gone.id)
    vocabulary_care.carry_out(services, owner, lambda trees: tree_changes.retire(trees, "r-ke"))
    assert "Kenya is retired" in rules.problem_of(broken, services.vocabulary())
    assert tags(services, owner, clip(services, "A harbour rebuilt")) == {}
    with pytest.raises(BadRule):
        rule_runs.start_run(services, owner, broken.id)
    assert [each.name for each in rules.list_rules(services, owner)] == ["off", "broken"]
    assert rules.bring_back(services, owner, gone.id).name == "gone"


def test_a_run_goes_on_where_a_killed_worker_left_it(services, owner, monkeypatch):
    ids = [clip(services, f"A harbour rebuilt {number}") for number in range(3)]
    made = rule(services, owner)
    monkeypatch.setattr(rule_runs, "BATCH", 1)
    run = rule_runs.start_run(services, owner, made.id)
    assert rule_runs.go_on(services, {"owner": owner, "run": run.id}, batches=2)
    assert rule_runs.run_of(services, owner, run.id).done == 2
    jobs.run_all(services)
    assert all(tags(services, owner, each) for each in ids)
    assert len(rule_runs.changes_of(services, owner, run.id)) == 3


def test_undoing_a_run_that_still_goes_stops_it(services, owner, monkeypatch):
    for number in range(3):
        clip(services, f"A harbour rebuilt {number}")
    monkeypatch.setattr(rule_runs, "BATCH", 1)
    run = rule_runs.start_run(services, owner, rule(services, owner).id)
    rule_runs.go_on(services, {"owner": owner, "run": run.id}, batches=1)
    assert rule_runs.undo_run(services, owner, run.id).undo_changed == 1
    jobs.run_all(services)
    assert vocabulary_care.matching(services, owner, rules.asked("region:syria", SEEDED)) == []
    assert rule_runs.run_of(services, owner, run.id).reason == "stopped"


@pytest.fixture
def long_run(services, owner, monkeypatch):
    """A run that changed three articles, each of them a batch of its own."""
    for number in range(3):
        clip(services, f"A harbour rebuilt {number}")
    monkeypatch.setattr(rule_runs, "BATCH", 1)
    monkeypatch.setattr(rule_runs, "BATCHES_A_JOB", 1)
    run = rule_runs.run_now(services, owner, rule(services, owner).id)
    jobs.run_all(services)
    return run


def in_syria(services, owner):
    return len(vocabulary_care.matching(services, owner, rules.asked("region:syria", SEEDED)))


def test_undoing_a_long_run_goes_on_as_a_job(services, owner, long_run):
    run = rule_runs.undo_run(services, owner, long_run.id)
    assert (run.undo_done, run.undo_total, run.undone_at, run.is_under_way) == (1, 3, None, True)
    assert rule_runs.undo_run(services, owner, long_run.id).undo_done == 2  # asking again does no harm
    jobs.run_all(services)
    run = rule_runs.run_of(services, owner, long_run.id)
    assert (run.undo_done, run.undo_changed, run.undone_at) == (3, 3, services.clock())
    assert not run.is_under_way
    assert in_syria(services, owner) == 0
    assert rule_runs.undo_run(services, owner, long_run.id) == run


def test_undoing_goes_on_where_a_killed_worker_left_it(services, owner, long_run):
    rule_runs.undo_run(services, owner, long_run.id)
    with services.store.begin() as work:
        job = work.jobs.take(services.clock(), 1)  # by a worker that is killed
    assert job.kind == "undo-rule-run"
    jobs.run_all(services)
    assert rule_runs.run_of(services, owner, long_run.id).undone_at is None
    services.clock.move(minutes=1)
    jobs.run_all(services)
    assert rule_runs.run_of(services, owner, long_run.id).undo_changed == 3


def test_undoing_that_is_given_up_says_how_far_it_came_and_can_go_on(client, services, owner, long_run):
    rule_runs.undo_run(services, owner, long_run.id)
    page = client.get(f"/rules/runs/{long_run.id}").text
    assert '<progress value="1" max="3"' in page
    assert "<button>Undo" not in page
    jobs.GIVE_UP["undo-rule-run"](services, {"owner": owner, "run": long_run.id}, "the disk is full")
    jobs.run_all(services)  # the job that still waits does nothing
    page = client.get(f"/rules/runs/{long_run.id}").text
    assert "stopped early, after 1 of 3 articles: the disk is full" in page
    assert in_syria(services, owner) == 2
    assert client.post(f"/rules/runs/{long_run.id}/undo").status_code == 303
    jobs.run_all(services)
    assert "3 articles are as before" in client.get(f"/rules/runs/{long_run.id}").text
    assert in_syria(services, owner) == 0


def test_rules_are_their_owner_s(services, owner):
    made = rule(services, owner)
    for call in (rules.get, rules.remove, rule_runs.start_run, rule_runs.undo_run):
        with pytest.raises(NotFound):
            call(services, owner + 1, made.id)
    assert rules.list_rules(services, owner + 1) == []


@pytest.mark.parametrize(
    "query",
    ["harbour", "harbours levy", '"eastern breakwater"', "break*", "harbuor~", "site:quay", "title:harbour -levy",
     "region:none", "is:untagged", "after:2020-12 before:2021", "lang:en by:quill", "has:image", "has:note"],
)  # fmt: skip
def test_one_article_is_asked_as_the_archive_is(services, owner, query):
    article_id = clip(services, "A harbour rebuilt")
    clip(services, "Nothing of the kind", place="Tartus")
    indexing.drain(services)
    node = rules.asked(query, SEEDED)
    with services.store.read() as work:
        assert rule_runs.answers(services, work, owner, article_id, node) == (
            article_id in vocabulary_care.matching(services, owner, node)
        )
