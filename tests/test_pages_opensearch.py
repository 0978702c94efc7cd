"""What a browser needs to search the archive from its own bar, and how queries complete there."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests import builders
from webapp.app import create_app

SPACE = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def told(client) -> ElementTree.Element:
    return ElementTree.fromstring(client.get("/opensearch.xml").data)  # our own document


def urls(description: ElementTree.Element) -> dict[str, str]:
    return {each.attrib["type"]: each.attrib["template"] for each in description.findall("o:Url", SPACE)}


def test_anybody_may_learn_where_to_search_and_nothing_else(stranger, services):
    builders.put(services)
    answer = stranger.get("/opensearch.xml")
    assert answer.status_code == 200
    assert answer.mimetype == "application/opensearchdescription+xml"
    description = told(stranger)
    assert description.findtext("o:ShortName", "", SPACE) == "Dateline"
    assert len(description.findtext("o:ShortName", "", SPACE)) <= 16  # OpenSearch 1.1
    assert urls(description) == {
        "text/html": "http://localhost/?q={searchTerms}",
        "application/x-suggestions+json": "http://localhost/search/suggest?q={searchTerms}",
        "application/opensearchdescription+xml": "http://localhost/opensearch.xml",
    }
    assert "breakwater" not in answer.text


def test_behind_a_proxy_it_tells_the_public_address(services, tmp_path, confined):
    opened = builders.open_archive(tmp_path / "public", confined=confined, public_url="https://archive.example/")
    try:
        client = create_app(opened).test_client()
        answer = client.get("/opensearch.xml", headers={"Host": "archive.example"})
        found = urls(ElementTree.fromstring(answer.data))
        assert found["text/html"] == "https://archive.example/?q={searchTerms}"
    finally:
        opened.close()


@pytest.mark.parametrize("path", ["/", "/help", "/searches"])
def test_every_page_names_the_description(client, path):
    page = client.get(path).text
    assert '<link rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml"' in page


def test_a_browser_gets_suggestions_as_json(client, services):
    builders.put(services)
    answer = client.get("/search/suggest", query_string={"q": "harbour syr"})
    assert answer.mimetype == "application/x-suggestions+json"
    query, completions, descriptions = answer.get_json(force=True)
    assert query == "harbour syr"
    assert completions[0] == "harbour region:syria"
    assert descriptions[0] == "Syria · Asia › Western Asia"
    assert len(completions) == len(descriptions)
    assert client.get("/search/suggest?q=breakw").get_json(force=True)[1] == ["breakwater"]
    assert client.get("/search/suggest").get_json(force=True) == ["", [], []]


def test_what_is_suggested_is_for_its_owner_alone(stranger, services):
    builders.put(services)
    answer = stranger.get("/search/suggest?q=breakw")
    assert answer.status_code == 303
    assert "breakwater" not in answer.text


def test_htmx_gets_a_listbox(client, services):
    text = client.get("/search/suggest?q=syr", headers=PARTIAL).text
    assert text.lstrip().startswith('<ul class="completions" id="complete-q" role="listbox"')
    assert 'data-name="region:syria"' in text
    assert " hidden" not in text.split(">", 1)[0]
    assert " hidden" in client.get("/search/suggest?q=syr+", headers=PARTIAL).text.split(">", 1)[0]


def test_mark_up_in_a_query_stays_text(client, services):
    builders.put(services, builders.page(words="A scripture of scripts."))
    answer = client.get("/search/suggest", query_string={"q": "<b>x</b> scrip"}, headers=PARTIAL)
    assert "<b>x" not in answer.text
    assert "scripture" in answer.text
