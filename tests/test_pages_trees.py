"""Places and topics in the browser: the trees, a tag's page, its editing with preview and undo; the care; rules."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest

from tests import builders
from webapp import alerts, jobs, remarks, rules, tree_changes, vocabulary_care
from webapp.articles import reading
from webapp.filing import tagging
from webapp.model import TagKind
from webapp.seed import seed_tags
from webapp.suggest import Meanings
from webapp.tags import Vocabulary

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
REGION, TOPIC = TagKind.REGION, TagKind.TOPIC


def clip(services, title: str, *regions: str) -> int:
    slug = title.lower().replace(" ", "-")
    article_id = builders.put(services, builders.page(title), address=f"https://quay.example/{slug}").article_id or 0
    for name in regions:
        tagging.add_tag(services, 1, article_id, REGION, name)
    jobs.run_all(services)
    return article_id


def make(services, owner, name: str, *parents: str) -> str:
    return vocabulary_care.create(services, owner, REGION, name, parents=parents).id


def on(services, owner, article_id) -> set[str]:
    return {tag.tag_id for tag in reading.open_article(services, owner, article_id).article.tags}


def undo_of(client, page: str = "/help"):
    """Press the undo of the notice that waits."""
    text = client.get(page).text
    form = re.search(r'<form method="post" action="([^"]+)" hx-post.*?</form>', text, re.S)
    fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form[0])}
    return client.post(unescape(form[1]), data=fields)


def test_an_empty_tree_says_how_to_begin_and_shows_all_when_asked(client):
    text = client.get("/places").text
    assert "No article is filed under a place yet" in text
    assert "Show all" in text
    assert ">Antarctica<" not in text
    assert ">Antarctica<" in client.get("/places?all=1").text


def test_the_tree_counts_an_article_for_everything_above_its_place(client, services, owner):
    clip(services, "A harbour", "Syria")
    clip(services, "A bridge", "Turkey")
    text = client.get("/places").text
    assert re.search(r'/places/western-asia"><bdi>Western Asia</bdi><span class="number">2', text)
    assert re.search(r'/places/syria"><bdi>Syria</bdi><span class="number">1', text)
    assert "Kenya" not in text


def test_the_filter_finds_by_any_name_and_offers_to_make_what_is_not_there(client):
    assert "<bdi>Syria</bdi>" in client.get("/places?find=سوريا").text
    answer = client.get("/places?find=zzyzx", headers=PARTIAL).text
    assert answer.lstrip().startswith("<section")
    assert "/places/new?name=zzyzx" in answer


def test_a_tag_s_page_tells_where_it_stands_its_articles_and_its_company(client, services, owner):
    clip(services, "A harbour", "Syria", "Turkey")
    text = client.get("/places/syria").text
    assert "Asia</bdi></a>" in text
    assert "Syrian Arab Republic" in text
    assert 'id="where"' in text
    assert 'id="where"' not in client.get("/topics/diplomacy").text
    assert "A harbour" in text
    assert '/places/turkey"><span><bdi>Turkey</bdi></span><span class="number">1' in text
    assert "Edit" in text
    assert client.get("/places/nowhere").status_code == 404


@pytest.mark.parametrize("key", ["r-sy", "SYR", "Syrien", "Syrian Arab Republic"])
def test_every_name_of_a_tag_leads_to_its_page(client, key):
    answer = client.get(f"/places/{key}")
    assert (answer.status_code, answer.location) == (302, "/places/syria")


def test_a_tag_is_followed_as_a_saved_search(client, services, owner):
    client.post("/searches", data={"query": "region:syria", "name": "Syria", "back": "/places/syria"})
    assert alerts.saved_as(services, owner, "region:syria").name == "Syria"
    assert "Followed" in client.get("/places/syria").text


def test_a_place_is_made_renamed_and_both_are_undone(client, services):
    answer = client.post("/places/new", data={"name": "Jazira", "regions": "Syria, Iraq", "aliases": "Gozarto\n"})
    assert answer.location == "/places/jazira"
    tag = services.vocabulary().find(REGION, "Gozarto")
    assert (tag.parents, tag.id[:4]) == (("r-sy", "r-iq"), "r-u-")
    form = {"name": "Upper Jazira", "aliases": "Gozarto", "names": "de: Dschasira\nnonsense"}
    assert client.post(f"/places/{tag.id}/names", data=form).location == "/places/upper-jazira"
    assert client.get("/places/jazira").location == "/places/upper-jazira"
    assert services.vocabulary().get(tag.id).names == {"de": "Dschasira"}
    undo_of(client)
    assert services.vocabulary().get(tag.id).name == "Upper Jazira"  # that was the first notice: the making
    history = client.get("/vocabulary/history").text
    assert "Made “Jazira” under Syria and Iraq" in history


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "Syria"}, "There is a region called Syria already"),
        ({"name": ""}, "A name needs a letter"),
        ({"name": "X", "regions": "Zzyzxia"}, "no region called “Zzyzxia”"),
    ],
)
def test_what_cannot_be_made_is_said_and_the_form_keeps_what_was_typed(client, form, said):
    answer = client.post("/places/new", data=form)
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert f'value="{form["name"]}"' in answer.text


def test_a_merge_is_previewed_done_and_undone(client, services, owner):
    tag_id = make(services, owner, "Jazira", "r-sy")
    article_id = clip(services, "A harbour", "Jazira")
    alerts.save(services, owner, "region:jazira", name="My corner")
    rules.make(services, owner, name="R", query="x", steps=rules.steps_of(services, add_regions=["Jazira"]))
    text = unescape(client.get(f"/places/{tag_id}/edit?deed=merge&name=Iraq").text)
    assert "Merged Jazira into Iraq" in text
    assert "1 article, 1 saved search and 1 rule are touched" in text
    assert "My corner" in text
    assert on(services, owner, article_id) == {tag_id}
    answer = client.post(f"/places/{tag_id}/merge", data={"name": "Iraq"})
    assert answer.location == "/places/iraq"
    jobs.run_all(services)
    assert on(services, owner, article_id) == {"r-iq"}
    assert client.get("/places/jazira").location == "/places/iraq"
    assert client.get(f"/places/{tag_id}").location == "/places/iraq"
    assert [each.total for each in alerts.standings(services, owner)] == [1]
    undo_of(client)
    jobs.run_all(services)
    assert on(services, owner, article_id) == {tag_id}
    assert client.get("/places/jazira").status_code == 200
    assert [each.total for each in alerts.standings(services, owner)] == [1]


def test_a_move_changes_what_a_search_above_finds(client, services, owner):
    tag_id = make(services, owner, "Jazira", "r-sy")
    clip(services, "A harbour", "Jazira")
    assert "1 article" in client.get("/places/syria").text
    text = client.get(f"/places/{tag_id}/edit?deed=move&regions=Iraq", headers=PARTIAL).text
    assert "1 article, 0 saved searches and 0 rules are touched" in text
    assert "<html" not in text
    client.post(f"/places/{tag_id}/move", data={"regions": "Iraq"})
    jobs.run_all(services)
    assert "0 articles" in client.get("/places/syria").text
    assert "1 article" in client.get("/places/iraq").text


def test_a_circle_is_refused_with_its_reason(client):
    answer = client.get("/places/r-142/edit?deed=move&regions=Syria")
    assert answer.status_code == 422
    assert "cannot stand below" in answer.text


def test_a_split_by_query_makes_the_new_tag_and_moves_what_answers(client, services, owner):
    one, two = clip(services, "A harbour", "Syria"), clip(services, "A bridge", "Syria")
    would = client.get("/places/r-sy/edit?deed=split&q=bridge&name=Deir+ez-Zor+corner&where=below").text
    assert "1 article, " in would
    client.post("/places/r-sy/split", data={"q": "bridge", "name": "Deir ez-Zor corner", "where": "below"})
    jobs.run_all(services)
    made = services.vocabulary().find(REGION, "Deir ez-Zor corner")
    assert made.parents == ("r-sy",)
    assert (on(services, owner, one), on(services, owner, two)) == ({"r-sy"}, {made.id})
    undo_of(client)
    jobs.run_all(services)
    assert on(services, owner, two) == {"r-sy"}
    assert services.vocabulary().find(REGION, "Deir ez-Zor corner") is None


@pytest.mark.parametrize("query", ["", "region:atlantis bridge"])
def test_a_split_by_a_query_not_understood_whole_is_refused(client, services, owner, query):
    assert client.get("/places/r-sy/edit", query_string={"deed": "split", "q": query, "name": "X"}).status_code == 422


def test_a_retired_tag_says_so_and_comes_back(client, services):
    client.post("/topics/t-20000639/retire")
    assert "It is not offered any more" in client.get("/topics/diplomacy").text
    assert services.vocabulary().survivor("t-20000639") is None
    client.post("/topics/t-20000639/bring-back")
    assert services.vocabulary().survivor("t-20000639").name == "diplomacy"


def test_what_was_changed_since_is_not_undone_and_the_answer_says_why(client, services, owner):
    make(services, owner, "Jazira", "r-sy")
    tag = services.vocabulary().find(REGION, "Jazira")
    [made] = vocabulary_care.history(services, tag_id=tag.id)
    client.post(f"/places/{tag.id}/names", data={"name": "Jazeera"})
    answer = client.post(f"/vocabulary/history/{made.id}/undo")
    assert answer.status_code == 409
    assert "Jazeera was changed since" in answer.text


def test_doubles_and_unused_tags_are_pointed_out_merged_ignored(client, services, owner):
    one, two = make(services, owner, "Jazira plain", "r-sy"), make(services, owner, "Jazirah plain", "r-sy")
    clip(services, "A harbour", "Jazira plain")
    found = remarks.remarks(services, owner)
    assert [(each.tag.id, each.other.id, each.why) for each in found.twins] == [(two, one, "spelt alike")]
    assert [each.tag.id for each in found.unused] == [two]
    assert [each.tag.id for each in found.single] == [one]
    assert "spelt alike" in client.get("/vocabulary").text
    client.post("/vocabulary/ignore", data={"key": found.twins[0].key})
    assert remarks.remarks(services, owner).twins == ()
    assert len(remarks.remarks(services, owner).ignored) == 1
    undo_of(client)
    assert len(remarks.remarks(services, owner).twins) == 1
    client.post("/vocabulary/ignore", data={"key": found.twins[0].key})
    assert "1 remark ignored" in client.get("/vocabulary").text
    client.post("/vocabulary/ignore", data={"key": found.twins[0].key, "heed": "yes"})
    assert len(remarks.remarks(services, owner).twins) == 1
    client.post(f"/places/{two}/merge", data={"name": one, "back": "/vocabulary"})
    assert services.vocabulary().survivor(two).id == one
    assert remarks.remarks(services, owner).unused == ()


def test_places_of_the_gazetteer_are_never_doubles_of_their_area_nor_slips(services, owner):
    article = clip(services, "A harbour", "Dhaka", "Lagos")
    assert len(on(services, owner, article)) == 2
    found = remarks.remarks(services, owner)
    assert (found.twins, found.unused, found.single) == ((), (), ())
    made = make(services, owner, "Dhakka", "r-bd")
    assert [each.tag.id for each in remarks.remarks(services, owner).twins] == [made] * 2  # the town, and its area


def test_tags_of_one_meaning_are_pointed_out_by_names_and_by_their_articles(services, owner):
    vocabulary_care.create(services, owner, REGION, "Bilad ash-Sham", aliases=["Syrien"])
    company = make(services, owner, "The breadbasket", "r-iq")
    for number in range(3):
        clip(services, f"A harbour {number}", "The breadbasket", "Turkey")
    clip(services, "A harbour alone", "Turkey", "Syria")
    whys = {(each.tag.name, each.other.name): each.why for each in remarks.remarks(services, owner).twins}
    assert whys == {("Bilad ash-Sham", "Syria"): "both are called Syrien"}
    clip(services, "A harbour more", "The breadbasket", "Turkey")
    whys = {each.tag.id: each.why for each in remarks.remarks(services, owner).twins}
    assert whys[company] == "on the same articles: 4 of 5"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Truces", "peace process"),
        ("Ceasefire deals", "peace process"),
        ("Bushfires", "fire"),
        ("Footballers", "soccer"),
        ("Bombardement Waffenruhe", ""),
        ("Землетрясения", "disaster"),
        ("Wildfires in Greece", ""),
        ("My stories", ""),
        ("Peace corps", ""),
        ("Trade war", ""),
    ],
)
def test_an_own_topic_that_speaks_for_a_shipped_one_is_pointed_out(services, owner, name, other):
    made = vocabulary_care.create(services, owner, TOPIC, name)
    whys = {each.other.name: each.why for each in remarks.remarks(services, owner).twins if each.tag.id == made.id}
    assert list(whys) == ([other] if other else [])
    assert all(why.startswith("by meaning: “") and why.endswith(f"speaks for {other}") for why in whys.values())


def test_what_means_the_same_is_put_below_instead_of_merged(client, services, owner):
    made = vocabulary_care.create(services, owner, TOPIC, "Truces")
    page = client.get("/vocabulary").text
    assert "by meaning: “Truces” speaks for peace process" in page
    form = re.search(r'<form method="post" action="(/topics/[^"]+/move)">(.*?)</form>', page)
    client.post(form[1], data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2])))
    assert services.vocabulary().get(made.id).parents == ("t-20000073",)
    assert remarks.remarks(services, owner).twins == ()


def test_own_topics_of_one_meaning_are_pointed_out_and_those_of_one_field_are_not(services, owner):
    arts = "t-20000002"
    for name, parents in {"Harbour bridges": [], "Bridges of the harbours": [], "Ballet": [arts], "Opera": []}.items():
        vocabulary_care.create(services, owner, TOPIC, name, parents=parents)
    twins = {frozenset((each.tag.name, each.other.name)) for each in remarks.remarks(services, owner).twins}
    assert twins == {
        frozenset(("Bridges of the harbours", "Harbour bridges")),
        frozenset(("Opera", "arts and entertainment")),
    }


def test_hardly_any_shipped_topic_seems_to_mean_another():
    """The measurement that MEANS rests on."""
    vocabulary = Vocabulary(seed_tags())
    meanings, false = Meanings(vocabulary), []
    for tag in vocabulary.all(TOPIC):
        family = {*vocabulary.lineage(tag.id), *vocabulary.descendants(tag.id)}
        shares = meanings.of(tag.name).shares
        false += [(tag.name, each) for each, share in shares.items() if share >= remarks.MEANS and each not in family]
    assert len(false) <= 2


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Jazira", "Jazirah", True),
        ("Aleppo countryside", "Aleppo country side", True),
        ("North Darfur", "South Darfur", False),
        ("Upper Nile", "Upper Niger", False),
        ("Deir Hafer plain", "Deir Hafir plain", True),
        ("Lviv", "Kyiv", False),
    ],
)
def test_names_that_look_like_one_are_told_from_names_that_do_not(services, owner, one, other, alike):
    make(services, owner, one), make(services, owner, other)
    assert bool([each for each in remarks.remarks(services, owner).twins if each.why == "spelt alike"]) is alike


def test_a_file_is_looked_at_first_then_taken_in_and_undone(client, services):
    table = "name,parents,aliases,retired\nJazira,Syria,Gozarto|Upper Mesopotamia,\n,Syria,,\nKasra,Atlantis,,perhaps\n"
    sent = client.post(
        "/vocabulary/import",
        data={"file": (io.BytesIO(table.encode()), "mine.csv"), "kind": "region"},
        content_type="multipart/form-data",
    )
    look = client.get(sent.location).text
    assert "1 tag would be new" in look
    assert "Line 3" in look
    assert "Line 4" in look
    assert services.vocabulary().find(REGION, "Jazira") is None
    client.post(sent.location.partition("?")[0], data={"kind": "region"})
    assert services.vocabulary().find(REGION, "Gozarto").parents == ("r-sy",)
    undo_of(client)
    assert services.vocabulary().find(REGION, "Jazira") is None


@pytest.mark.parametrize(("name", "content"), [("", b"x"), ("a.csv", b""), ("a.csv", b"\xff\xfe\x00")])
def test_a_file_that_is_none_is_refused_in_words(client, name, content):
    answer = client.post(
        "/vocabulary/import", data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_the_trees_go_out_as_files(client):
    answer = client.get("/vocabulary/export/csv?kind=topic")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dateline-topics.csv"'
    assert "diplomacy" in answer.text
    assert "Syria" not in answer.text
    assert "skos:Concept" in client.get("/vocabulary/export/skos").text
    assert client.get("/vocabulary/export/xml").status_code == 404


def test_a_rule_is_tried_kept_switched_applied_and_undone(client, services, owner):
    article_id = clip(services, "A harbour rebuilt")
    typed = {"query": "harbour", "add_regions": "Syria, ", "name": "Ports", "star": "yes"}
    text = client.get("/rules/new", query_string={**typed, "try": "1"}).text
    assert "1 article would change" in text
    assert on(services, owner, article_id) == set()
    answer = client.post("/rules", data=typed)
    [rule] = rules.list_rules(services, owner)
    assert answer.location == f"/rules/{rule.id}"
    assert 'value="Syria"' in client.get(answer.location).text
    run = client.post(f"/rules/{rule.id}/run").location
    assert "0 of 1 article looked at" in client.get(run).text
    jobs.run_all(services)
    assert "1 of 1 article changed" in client.get(run).text
    assert on(services, owner, article_id) == {"r-sy"}
    assert "Ports" in client.get(f"/articles/{article_id}").text
    client.post(f"{run}/undo")
    assert on(services, owner, article_id) == set()
    client.post(f"/rules/{rule.id}/enabled", data={"enabled": ""})
    assert "<small>off</small>" in client.get("/rules").text
    client.post(f"/rules/{rule.id}/remove")
    assert "No rules yet" in client.get("/rules").text
    client.post(f"/rules/{rule.id}/restore")
    assert "Ports" in client.get("/rules").text


def test_a_rule_that_cannot_be_is_said_and_keeps_the_form(client, services, owner):
    answer = client.post("/rules", data={"query": "region:atlantis", "add_topics": "diplomacy"})
    assert answer.status_code == 422
    assert "no region called" in answer.text
    assert 'value="diplomacy"' in answer.text
    assert client.get("/rules/new?query=harbour&try=1", headers=PARTIAL).status_code == 200


def test_a_rule_whose_tag_was_retired_says_why_it_rests(client, services, owner):
    steps = rules.steps_of(services, add_regions=["Syria"])
    rules.make(services, owner, name="Kenya", query="region:kenya", steps=steps)
    vocabulary_care.carry_out(services, owner, lambda trees: tree_changes.retire(trees, "r-ke"))
    assert "Kenya is retired" in client.get("/rules").text


@pytest.mark.parametrize(
    "path",
    ["/places", "/places?all=1", "/topics", "/places/syria", "/places/syria/edit", "/places/new", "/topics/new",
     "/vocabulary", "/vocabulary/history", "/rules", "/rules/new"],
)  # fmt: skip
def test_nobody_sees_these_pages_without_signing_in(stranger, path):
    assert stranger.get(path).status_code in (302, 303, 401)


def test_pages_do_without_an_index(client, services, owner):
    clip(services, "A harbour", "Syria")
    services.engine, services.engine_reason = None, "gone"
    assert "being made anew" in client.get("/places").text
    assert "being made anew" in client.get("/places/syria").text
    assert client.get("/rules/new?query=x&star=yes&try=1").status_code == 503
