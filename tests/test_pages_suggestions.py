"""The tag panel, the review, what was learned, and the same through the API: as pages, forms and fragments."""

from __future__ import annotations

import json
import re

import pytest

from tests import builders
from tests.suggestions import AIN_ISSA, CONFLICT, RUSSIA, SYRIA, TURKEY, statements_of, suggest, suggestion
from webapp import reviewing
from webapp.access import accounts
from webapp.app import create_app
from webapp.articles import reading
from webapp.evidence import Answer, Role, Standing, Where
from webapp.filing import answering, suggesting_runs
from webapp.filing.offering import Offer, Offers, Quote
from webapp.model import TagKind
from webapp.pages.evidence_words import marked, paragraphs
from webapp.tags import Tag

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def article(services, owner):
    record = builders.put(services)
    with services.store.read() as work:
        text = work.versions.current(record.article_id).body_text
    suggest(
        services,
        owner,
        record.article_id,
        suggestion(SYRIA, "Latakia", "harbour", text=text),
        suggestion(TURKEY, "storms", text=text, confidence=0.5),
        suggestion(CONFLICT, "broken", text=text),
        suggestion(RUSSIA, "cargo", text=text, role=Role.MENTIONED, confidence=0.3),
    )
    return record.article_id


def filed(services, owner, article_id):
    opened = reading.open_article(services, owner, article_id)
    return [on.tag.id for on in opened.regions + opened.topics]


def undo_of(page):
    """The address and fields of the notice's undoing."""
    form = re.search(
        r'<form method="post" action="([^"]+)" hx-post="[^"]+" hx-target="body".*?</form>', page, re.DOTALL
    )
    assert form, page
    return form[1].replace("&amp;", "&"), dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))


# ---- the tag panel


def test_the_panel_shows_each_suggestion_with_its_evidence_and_three_answers(client, article):
    page = client.get(f"/articles/{article}").text
    panel = page[page.index('id="suggested"') :]
    assert [*re.findall(r'class="offer[^"]*" id="offer-([^"]+)"', panel)] == [SYRIA, TURKEY, CONFLICT]
    assert "Accept 2 <kbd" in panel
    assert 'data-key="1" aria-label="Accept Syria"' in panel
    assert 'aria-label="Not Syria"' in panel
    assert re.search(r"\d mentions, in first paragraph<", panel)
    assert "<option>Latakia</option><option>harbour</option>" in panel
    assert "Never from “storms”" in panel
    assert 'aria-label="File under Russia"' in panel


def test_the_panel_tells_where_the_words_stand(client, article):
    page = client.get(f"/articles/{article}").text
    quotes = json.loads(re.search(rf'id="offer-{TURKEY}" data-quotes="([^"]*)"', page)[1].replace("&#34;", '"'))
    assert quotes[0][:4] == [
        "body",
        "breakwater, which two winter "[-24:],
        "storms",
        " had broken open, and to pay"[:24],
    ]


def test_accepting_by_form_goes_back_to_the_page_and_can_be_undone(client, services, owner, article):
    answer = client.post(f"/articles/{article}/suggestions/{SYRIA}", data={"answer": "accepted"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/articles/{article}")
    page = client.get(f"/articles/{article}").text
    assert "Filed under Syria." in page
    assert filed(services, owner, article) == [SYRIA]
    address, fields = undo_of(page)
    assert client.post(address, data=fields).status_code == 303
    assert filed(services, owner, article) == []


def test_accepting_by_htmx_changes_the_panel_and_the_dateline(client, services, owner, article):
    answer = client.post(f"/articles/{article}/suggestions/{SYRIA}", data={"answer": "accepted"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section class="filed"')
    assert 'hx-target="#dateline"' in answer.text
    assert 'class="place"><bdi>Syria' in answer.text
    assert f'id="offer-{SYRIA}"' not in answer.text


def test_one_button_accepts_all_that_is_selected(client, services, owner, article):
    page = client.get(f"/articles/{article}").text
    form = re.search(r'<form method="post" action="[^"]+/suggestions" .*?</form>', page, re.DOTALL)[0]
    tags = re.findall(r'name="tag" value="([^"]+)"', form)
    client.post(f"/articles/{article}/suggestions", data={"tag": tags})
    assert filed(services, owner, article) == [SYRIA, CONFLICT]
    page = client.get(f"/articles/{article}").text
    assert "Filed under Syria and armed conflict." in page
    address, fields = undo_of(page)
    client.post(address, data=fields)
    assert filed(services, owner, article) == []


def test_never_says_which_word_and_refuses_one_that_is_not_there(client, services, owner, article):
    client.post(f"/articles/{article}/suggestions/{SYRIA}", data={"answer": "never", "surface": "harbour"})
    assert "Never again Syria from “harbour”." in client.get(f"/articles/{article}").text
    client.post(f"/articles/{article}/suggestions/{TURKEY}", data={"answer": "never", "surface": "peace"})
    assert "not among the words" in client.get(f"/articles/{article}").text
    assert client.post(f"/articles/{article}/suggestions/{TURKEY}", data={"answer": "maybe"}).status_code == 404
    assert client.post(f"/articles/{article}/undo", data={"decisions": "1 OR 1"}).status_code == 404
    assert client.post(f"/articles/{article}/undo", data={"decisions": ""}).status_code == 404


def test_adding_and_taking_off_by_hand_can_be_undone_too(client, services, owner, article):
    client.post(f"/articles/{article}/tags", data={"kind": "region", "name": "Ain Issa"})
    address, fields = undo_of(client.get(f"/articles/{article}").text)
    assert filed(services, owner, article) == [AIN_ISSA]
    client.post(f"/articles/{article}/tags/{AIN_ISSA}/remove")
    again, back = undo_of(client.get(f"/articles/{article}").text)
    assert filed(services, owner, article) == []
    client.post(again, data=back)
    assert filed(services, owner, article) == [AIN_ISSA]
    client.post(address, data=fields)
    assert filed(services, owner, article) == []


def test_names_and_words_that_are_mark_up_stay_text(client, services, owner, article):
    nasty = '<img src=x onerror=alert(1)>"'
    suggest(services, owner, article, suggestion(SYRIA, nasty), suggestion(TURKEY, nasty, "x"))
    for path in (f"/articles/{article}", f"/review?at={article}"):
        page = client.get(path).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_typing_offers_places_after_the_vocabulary(client):
    listed = client.get("/tags/complete?kind=region&name=springfield", headers=HTMX).text
    names = re.findall(r'data-name="([^"]+)"', listed)
    assert len(set(names)) == len(names) > 1
    assert "Springfield (Missouri)" in names


@pytest.mark.parametrize("typed", ["Damas", "Дамаск", "دمشق", "Damaskus", "Damascus (Syria)"])
def test_a_place_is_added_by_its_name_in_any_language(client, services, owner, article, typed):
    asked = {"kind": "region", "name": typed.partition(" (")[0]}
    listed = client.get("/tags/complete", query_string=asked, headers=HTMX).text
    assert "Damas" in listed
    client.post(f"/articles/{article}/tags", data={"kind": "region", "name": typed})
    assert filed(services, owner, article) == ["r-gn-170654"]
    tag = services.vocabulary().get("r-gn-170654")
    assert {tag.name, *tag.aliases} <= {"Damascus", typed.partition(" ")[0]}
    assert services.vocabulary().find(TagKind.REGION, typed.partition(" ")[0]) == tag
    client.post(f"/articles/{article}/tags/{tag.id}/remove")
    client.post(f"/articles/{article}/tags", data={"kind": "region", "name": "Damasco"})
    assert filed(services, owner, article) == ["r-gn-170654"]  # the same, by yet another name
    assert services.vocabulary().get("r-gn-170654") == tag


# ---- the review


def test_the_review_shows_the_article_with_its_words_marked(client, services, owner, article):
    page = client.get("/review").text
    assert "<b>1</b> left" in page
    assert f'<mark class="said" data-tags="{SYRIA}">Latakia</mark>' in page
    ticks = re.findall(r'name="accept" value="([^"]+)" form="answers"( checked)?', page)
    assert ticks == [(SYRIA, " checked"), (TURKEY, ""), (CONFLICT, " checked")]
    assert 'data-key="y"' in page
    assert 'data-key="n"' in page
    assert 'aria-label="1 article waiting">1</span>' in page


def test_filing_answers_what_was_selected_and_leaves_the_rest_open(client, services, owner, article):
    sent = {"accept": [CONFLICT, TURKEY], "pre": [SYRIA, CONFLICT]}
    answer = client.post(f"/review/{article}", data=sent)
    assert answer.headers["Location"] == f"/review?after={article}"
    assert filed(services, owner, article) == [TURKEY, CONFLICT]
    with services.store.read() as work:
        answers = {each.decision.tag_id: each.decision.answer for each in work.decisions.all(owner)}
    assert answers == {CONFLICT: Answer.ACCEPTED, TURKEY: Answer.ACCEPTED, SYRIA: Answer.REJECTED}
    page = client.get("/review").text
    assert "Filed under armed conflict and Turkey." in page
    assert "Nothing waits." in page
    address, fields = undo_of(page)
    answer = client.post(address, data=fields)
    assert answer.headers["Location"] == f"/review?at={article}"
    assert filed(services, owner, article) == []
    assert "<b>1</b> left" in client.get("/review").text


def test_by_htmx_the_next_article_comes_in_the_same_answer(client, services, owner, article):
    services.clock.move(hours=1)
    newer = builders.put(services, builders.page("A newer one"), address="https://quay.example/newer").article_id
    suggest(services, owner, newer, suggestion(SYRIA, "Latakia"))
    answer = client.post(f"/review/{newer}", data={"accept": [SYRIA], "pre": [SYRIA]}, headers=HTMX)
    assert answer.text.startswith(f'<div class="desk-review" id="desk" data-article="{article}">')
    assert "Filed under Syria." in answer.text
    later = client.get(f"/review?after={article}", headers=HTMX)
    assert f'data-article="{article}"' in later.text  # nothing else waits


def test_an_article_for_which_nothing_fits_can_be_done_with(client, services, owner, article):
    suggest(services, owner, article)
    page = client.get(f"/review?at={article}").text
    assert "Nothing is suggested." in page
    client.post(f"/review/{article}")
    page = client.get("/review").text
    assert "Looked at, and nothing filed." in page
    address, fields = undo_of(page)
    client.post(address, data=fields)
    assert "<b>1</b> left" in client.get("/review").text


def test_a_tag_is_added_in_the_review_and_what_was_chosen_stays_chosen(client, services, owner, article):
    sent = {"kind": "region", "name": "France", "accept": [TURKEY]}
    answer = client.post(f"/review/{article}/tags", data=sent, headers=HTMX)
    assert "<bdi>France</bdi>" in answer.text
    assert re.findall(r'value="([^"]+)" form="answers" checked', answer.text) == [TURKEY]
    wrong = client.post(f"/review/{article}/tags", data={**sent, "name": "Nowhere-on-Sea"}, headers=HTMX)
    assert wrong.status_code == 422
    assert "There is no region called “Nowhere-on-Sea”." in wrong.text
    assert client.post(f"/review/{article}/tags", data={"kind": "planet", "name": "x"}).status_code == 404


def test_the_review_takes_never_from_this_word_and_keeps_the_article_at_hand(client, services, owner, article):
    page = client.get("/review").text
    assert 'aria-label="Never Syria from “harbour”"' in page
    assert 'data-key="v 1"' in page
    sent = {"tag": SYRIA, "surface": "harbour", "accept": [TURKEY, SYRIA]}
    answer = client.post(f"/review/{article}/never", data=sent, headers=HTMX)
    assert "Never again Syria from “harbour”." in answer.text
    assert re.findall(r'value="([^"]+)" form="answers"( checked)?', answer.text)[:1] == [(TURKEY, " checked")]
    assert f'data-lights="{SYRIA}"' not in answer.text
    answer = client.post(f"/review/{article}/never", data={"tag": TURKEY, "surface": "peace"})
    assert answer.headers["Location"] == f"/review?at={article}"
    assert "not among the words" in client.get("/review").text
    client.post(f"/review/{article}/never", data={"tag": TURKEY, "surface": "storms"})
    address, fields = undo_of(client.get("/review").text)
    assert client.post(address, data=fields).headers["Location"] == f"/review?at={article}"
    assert f'data-lights="{TURKEY}"' in client.get("/review").text
    assert client.post(f"/review/{article}/never", data={"tag": "r-zz"}).status_code == 404


def test_a_word_that_is_also_shouted_is_offered_once_for_never(client, services, owner, article):
    suggest(services, owner, article, suggestion(SYRIA, "Latakia", "LATAKIA"))
    assert re.findall(r'name="surface" value="([^"]+)"', client.get("/review").text) == ["Latakia"]


def test_the_review_can_be_narrowed_and_says_when_nothing_is_left(client, services, owner, article):
    assert "<b>1</b> left" in client.get("/review?q=breakwater").text
    page = client.get("/review?q=giraffe").text
    assert 'Nothing that waits answers <span class="asked">giraffe</span>.' in page
    answer = client.post(f"/review/{article}?q=breakwater", data={"accept": [SYRIA]})
    assert answer.headers["Location"] == f"/review?q=breakwater&after={article}"
    for odd in ("/review?at=x", "/review?after=99999999999999999999", f"/review?q={'(' * 3000}"):
        assert client.get(odd).status_code == 200


def test_nobody_reviews_what_is_not_theirs(client, stranger, services, article):
    assert client.post(f"/review/{article + 99}").status_code == 404
    assert client.get(f"/review?at={article + 99}").status_code == 404
    assert create_app(services).test_client().get("/review").headers["Location"].startswith("/sign-in")


def test_suggesting_for_all_shows_how_far_it_is(client, services, owner, article):
    client.post("/review/suggest")
    page = client.get("/review").text
    assert 'hx-get="/review/progress" hx-trigger="every 1s"' in page
    assert 'max="1" value="0"' in page
    while suggesting_runs.next_batch(services, owner):
        pass
    fragment = client.get("/review/progress", headers=HTMX).text
    assert fragment.startswith('<section class="run" id="run"')
    assert "1 article" in fragment
    assert "hx-get" not in fragment
    assert client.get("/review/progress").status_code == 200


def test_the_review_takes_as_many_statements_for_many_as_for_few(client, services, owner, article):
    def asked():
        with statements_of(services) as seen:
            client.get("/review")
        return len(seen)

    few = asked()
    for number in range(8):
        record = builders.put(services, address=f"https://quay.example/{number}")
        suggest(services, owner, record.article_id, suggestion(SYRIA, "Latakia"), suggestion(TURKEY, "storms"))
    assert asked() == few


def test_paragraphs_begin_the_text_and_add_what_speaks_for_the_rest():
    text = "First about Syria.\n" + "Nothing here. " * 10 + "\nStill nothing.\nAt last Turkey.\nAnd more of Turkey."
    offers = Offers(regions=(offer(SYRIA, "Syria", text), offer(TURKEY, "Turkey", text)))
    shown = paragraphs(text, offers, limit_chars=20)
    assert ["".join(run.text for run in runs) for runs in shown] == [
        "First about Syria.",
        "Nothing here. " * 10,
        "At last Turkey.",
    ]
    assert [(run.text, run.tags) for run in shown[0]] == [("First about ", ()), ("Syria", (SYRIA,)), (".", ())]
    assert marked("Syria", Where.TITLE, offers.open)[0].tags == ()


def offer(tag_id, word, text):
    start = text.index(word)
    quotes = tuple(Quote(Where.BODY, at.start(), at.end(), "", word, "", 0.0) for at in re.finditer(word, text))
    assert quotes[0].start == start
    return Offer(
        tag=Tag(tag_id, TagKind.REGION, word, word), path="", role=Role.ABOUT, standing=Standing.OPEN, confidence=1.0,
        maker="m", preselected=True, total=1, summary="", prior="", words=(), quotes=quotes,
    )  # fmt: skip


# ---- what was learned, and the choices


def test_what_was_learned_is_told_forgotten_and_remembered(client, services, owner, article):
    assert "Nothing yet." in client.get("/learned").text
    answering.answer(services, owner, article, SYRIA, Answer.ACCEPTED)
    answering.answer(services, owner, article, TURKEY, Answer.NEVER)
    page = client.get("/learned").text
    assert "From 2 decisions of yours" in page
    assert "Articles of quay.example are about Syria" in page
    assert "“storms” never means Turkey" in page
    assert "A harbour rebuilds its breakwater" in page
    assert "<code>places/test</code>" in page
    assert "50 %" in page
    lesson = re.search(r'name="lesson" value="(outlet:[^"]+)"', page)[1]
    client.post("/learned/forget", data={"lesson": lesson})
    page = client.get("/learned").text
    assert "Forgotten: Articles of quay.example are about Syria" in page
    assert "Nothing is learned from 1 decision" in page
    address, fields = undo_of(page)
    client.post(address, data=fields)
    assert "are about Syria" in client.get("/learned").text
    assert client.post("/learned/forget", data={"lesson": "no such"}).status_code == 404


def test_a_name_that_is_offered_can_be_left_out_and_offered_again(client, services, owner):
    for number, words in enumerate(("Elections in Qandil", "A school year in Qandil", "Ferries", "Bread")):
        html = builders.page(words, words="Nobody else was there.")
        article_id = builders.put(services, html, address=f"https://quay.example/{number}").article_id
        if number < 2:
            client.post(f"/articles/{article_id}/tags", data={"kind": "region", "name": "Kurdistan"})
        else:
            client.post(f"/articles/{article_id}/tags", data={"kind": "region", "name": "France"})
    page = client.get("/learned").text
    assert "Is “<bdi>Qandil</bdi>” another name of" in page
    form = re.search(r'<form method="post" action="(/learned/names/dismiss)">(.*?)</form>', page, re.DOTALL)
    client.post(form[1], data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2])))
    page = client.get("/learned").text
    assert "“Qandil” is not offered for it any more." in page
    assert "another name of" not in page
    assert "1 name that you did not want" in page
    address, fields = undo_of(page)
    client.post(address, data=fields)
    page = client.get("/learned").text
    assert "Is “<bdi>Qandil</bdi>” another name of" in page
    assert "that you did not want" not in page
    assert client.post("/learned/names/dismiss", data={"tag": "r-zz", "name": "Qandil"}).status_code == 404


def test_choices_about_suggestions_are_kept(client, services, owner, article):
    page = client.get("/settings").text
    assert '<option value="0.8" selected>' in page
    client.post("/settings/suggestions", data={"preselects": "0.6", "files": "0.95"})
    choices = answering.choices(services, owner)
    assert (choices.preselects_from, choices.files_from) == (0.6, 0.95)
    page = client.get("/settings").text
    assert page.count(" selected>") == 2
    client.post("/settings/suggestions", data={"preselects": "much", "files": ""})
    assert answering.choices(services, owner).files_from is None


# ---- the API


@pytest.fixture
def api(services, owner):
    def call(method, path, scopes=("read", "write"), **extra):
        token = accounts.make_device(services, owner, "test", scopes).token
        client = create_app(services).test_client()
        return client.open(f"/api/v1{path}", method=method, headers={"Authorization": f"Bearer {token}"}, **extra)

    return call


def test_the_api_tells_suggestions_takes_answers_and_takes_them_back(api, services, owner, article):
    told = api("GET", f"/articles/{article}/suggestions").json
    assert [each["tag_id"] for each in told["regions"]] == [SYRIA, TURKEY]
    syria = told["regions"][0]
    assert (syria["name"], syria["preselected"], syria["state"]) == ("Syria", True, "open")
    assert syria["evidence"]["surfaces"][0][0] == "Latakia"
    mention = syria["evidence"]["mentions"][0]
    text = api("GET", f"/articles/{article}").json["text"]
    assert text[mention["start"] : mention["end"]] == mention["quote"]
    path = f"/articles/{article}/suggestions/{SYRIA}"
    told = api("POST", path, json={"answer": "accepted"}).json
    assert [each["tag_id"] for each in told["regions"]] == [TURKEY]
    assert filed(services, owner, article) == [SYRIA]
    told = api("DELETE", path).json
    assert [each["tag_id"] for each in told["regions"]] == [SYRIA, TURKEY]
    assert filed(services, owner, article) == []
    assert api("DELETE", path).status_code == 404


def test_the_api_refuses_what_makes_no_sense(api, article):
    path = f"/articles/{article}/suggestions/{SYRIA}"
    assert api("POST", path, json={"answer": "perhaps"}).status_code == 422
    assert api("POST", path, json={"answer": "never", "surface": "peace"}).status_code == 422
    assert api("POST", path, json={"answer": "never", "surface": 3}).status_code == 422
    assert api("POST", f"/articles/{article}/suggestions/r-zz", json={"answer": "accepted"}).status_code == 404
    assert api("POST", path, scopes=("read",), json={"answer": "accepted"}).status_code == 403
    assert api("GET", f"/articles/{article + 99}/suggestions").status_code == 404
    assert api("GET", f"/articles/{article}/suggestions", scopes=("clip",)).status_code == 403


def test_a_quiet_archive_has_no_number_in_its_navigation(client, services, owner):
    assert reviewing.count_waiting(services, owner) == 0
    assert 'class="waiting"' not in client.get("/help").text
