"""A query in, a page of articles with facets and advice out."""

from __future__ import annotations

import pytest

from tests import builders
from webapp import jobs, searching
from webapp.filing import tagging
from webapp.model import TagKind
from webapp.services import Services


@pytest.fixture
def library(services: Services, owner: int) -> Services:
    """Four articles: two of Syria, one of Turkey, one of Japan."""
    for number, (place, tags, published) in enumerate(
        [
            ("Latakia", ("r-sy", "t-20000056"), "2020-12-27"),
            ("Tartus", ("r-sy", "t-16000000"), "2021-03-02"),
            ("Mersin", ("r-tr", "t-16000000"), "2021-05-20"),
            ("Kobe", ("r-jp",), "2024-01-09"),
        ]
    ):
        html = builders.page(f"The port of {place}", place=place, published=f"{published}T08:00:00+00:00")
        address = f"https://{'quay' if number % 2 else 'harbour'}.example/{place.lower()}"
        article_id = builders.put(services, html, address=address).article_id or 0
        for tag_id in tags:
            kind = services.vocabulary().get(tag_id).kind
            tagging.add_tag(services, owner, article_id, kind, tag_id)
    jobs.run_all(services)
    return services


def titles(found: searching.Found) -> list[str]:
    return [row.article.title.removeprefix("The port of ") for row in found.rows]


def test_an_empty_query_finds_everything_the_last_clipped_first(library: Services, owner: int) -> None:
    found = searching.find(library, owner, "", sort="newest")
    assert found.total == 4
    assert titles(found) == ["Kobe", "Mersin", "Tartus", "Latakia"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("region:syria", {"Latakia", "Tartus"}),
        ("region:SY", {"Latakia", "Tartus"}),
        ("region:سوريا", {"Latakia", "Tartus"}),
        ("region:western-asia", {"Latakia", "Tartus", "Mersin"}),
        ('region:"Western Asia" -region:turkey', {"Latakia", "Tartus"}),
        ("region:=asia", set()),
        ("region:none", set()),
        ("topic:none", {"Kobe"}),
        ("kobe OR mersin", {"Kobe", "Mersin"}),
        ("breakwater site:quay.example", {"Tartus", "Kobe"}),
        ('by:"Ada Quill" before:2021', {"Latakia"}),
        ("date:2021", {"Tartus", "Mersin"}),
        ('"port of kobe"', {"Kobe"}),
        ("title:latakia", {"Latakia"}),
        ("is:unread lang:en", {"Latakia", "Tartus", "Mersin", "Kobe"}),
        ("is:starred", set()),
    ],
)
def test_a_query_finds_what_it_names(library: Services, owner: int, query: str, expected: set[str]) -> None:
    found = searching.find(library, owner, query)
    assert set(titles(found)) == expected
    assert found.total == len(expected)
    assert not found.problems


def test_facets_count_ancestors_and_a_click_narrows(library: Services, owner: int) -> None:
    found = searching.find(library, owner, "port")
    asia = found.regions[0]
    assert (asia.label, asia.count) == ("Asia", 4)
    western = next(node for node in asia.children if node.value == "western-asia")
    assert [(node.label, node.count) for node in western.children] == [("Syria", 2), ("Turkey", 1)]
    narrowed = searching.find(library, owner, western.children[0].query)
    assert set(titles(narrowed)) == {"Latakia", "Tartus"}
    assert narrowed.chips[-1].label == "Syria"
    assert searching.find(library, owner, narrowed.chips[-1].without).total == 4


def test_a_chosen_facet_is_marked_and_a_second_click_takes_it_away(library: Services, owner: int) -> None:
    found = searching.find(library, owner, "region:syria")
    chosen = [
        node
        for asia in found.regions
        for western in asia.children
        for node in western.children
        if node.value == "syria"
    ]
    assert chosen[0].chosen
    assert chosen[0].query == ""


@pytest.mark.parametrize("name", ["outlets", "years", "languages", "readings"])
def test_the_count_of_a_facet_is_what_a_click_on_it_finds(library: Services, owner: int, name: str) -> None:
    nodes = getattr(searching.find(library, owner, ""), name)
    assert nodes
    for node in nodes:
        assert searching.find(library, owner, node.query).total == node.count, node


def test_words_are_marked_in_title_and_snippet(library: Services, owner: int) -> None:
    row = searching.find(library, owner, "kobe breakwater").rows[0]
    assert [piece.text for piece in row.title if piece.marked] == ["Kobe"]
    assert "breakwater" in [piece.text for piece in row.snippet if piece.marked]


def test_when_nothing_is_found_it_says_what_to_drop(library: Services, owner: int) -> None:
    found = searching.find(library, owner, "kobe region:syria")
    assert found.total == 0
    assert [(chip.label, chip.without, chip.count) for chip in found.drops] == [
        ("kobe", "region:syria", 2),
        ("Syria", "kobe", 1),
    ]


def test_a_misspelt_word_is_met_with_one_that_finds_something(library: Services, owner: int) -> None:
    found = searching.find(library, owner, "breakwatr")
    assert found.total == 0
    assert searching.find(library, owner, found.did_you_mean).total == 4


def test_a_tag_nobody_knows_is_said_and_the_rest_is_answered(library: Services, owner: int) -> None:
    found = searching.find(library, owner, "kobe region:atlantis")
    assert titles(found) == ["Kobe"]
    assert "atlantis" in found.problems[0].message
    assert searching.find(library, owner, "region:syri").problems[0].advice.startswith("Did you mean Syria")
    assert titles(searching.find(library, owner, "kobe -region:atlantis")) == ["Kobe"]
    assert searching.find(library, owner, "region:atlantis OR region:mu").total == 0


def test_pages_end_where_the_results_end(library: Services, owner: int) -> None:
    pages = [searching.find(library, owner, "", page=number, per_page=3, sort="title") for number in (1, 2, 3)]
    assert [titles(page) for page in pages] == [["Kobe", "Latakia", "Mersin"], ["Tartus"], []]
    assert {page.pages for page in pages} == {2}


def test_another_owner_finds_nothing(library: Services) -> None:
    with library.store.begin() as work:
        other = work.accounts.add("somebody else", library.clock())
    assert searching.find(library, other.id, "").total == 0


def test_a_row_says_why_it_stands_where_it_does_when_asked(library: Services, owner: int) -> None:
    assert {row.why for row in searching.find(library, owner, "port").rows} == {None}
    first, *_ = searching.find(library, owner, "the port of kobe", explain=True).rows
    assert first.why is not None
    assert [term.text for term in first.why.terms] == ["the", "port", "of", "kobe"]
    assert first.why.title > sum(term.score for term in first.why.terms)
    assert {share.field for share in first.why.terms[3].shares} >= {"title"}


def test_a_row_has_its_dateline_and_tags(library: Services, owner: int) -> None:
    row = searching.find(library, owner, "latakia").rows[0]
    assert (row.dateline.place, row.dateline.outlet, row.dateline.minutes) == ("Syria", "harbour.example", 1)
    assert [tag.kind for tag in row.regions + row.topics] == [TagKind.REGION, TagKind.TOPIC]


def test_what_kind_of_piece_it_is_stands_in_its_dateline_and_is_found(services: Services, owner: int) -> None:
    html = builders.page("Opinion: build the bridge")
    piece = builders.put(services, html, address="https://quay.example/1").article_id
    builders.put(services, builders.page("The bridge is built"), address="https://quay.example/2")
    jobs.run_all(services)
    found = searching.find(services, owner, "bridge is:opinion")
    assert [row.article.id for row in found.rows] == [piece]
    assert found.rows[0].dateline.genre == "opinion"
