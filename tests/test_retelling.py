"""The same story elsewhere is told seldom rather than wrongly; what is merely like it stands apart."""

from __future__ import annotations

import pytest

from tests import builders
from webapp import jobs
from webapp.access import accounts
from webapp.articles import reading
from webapp.articles.retelling import SAME_FROM, elsewhere, likeness
from webapp.filing.tagging import file_under, meant
from webapp.model import TagKind

QUAKE = (
    "A magnitude 6.1 earthquake struck off the coast near Izmir on Friday morning, killing at least nine people and "
    "damaging hundreds of homes, the governor Selin Aksoy said. Rescue teams searched for survivors in Bornova, where "
    "two apartment blocks collapsed. Schools will remain closed until Wednesday."
)
QUAKE_TOO = (
    "At least nine people died when a 6.1 magnitude earthquake hit Izmir on Friday morning. Two apartment blocks "
    "collapsed in the Bornova district and rescue workers were searching for survivors, according to governor Selin "
    "Aksoy, who ordered schools closed until Wednesday. Hundreds of homes were damaged."
)
QUAKE_LATER = (
    "Residents of Izmir returned to their homes a year after the earthquake that destroyed two apartment blocks in "
    "Bornova. Many still live in containers, and the rebuilding programme promised by the ministry has been slow, "
    "families say; engineers blame the price of steel."
)
OTHER_QUAKE = (
    "An earthquake shook the south of Peru on Friday, and people ran into the streets of Arequipa. Nobody was hurt, "
    "the civil defence said, though a church tower lost its bell and power was cut for two hours in the old town."
)
BUDGET = (
    "The city council of Izmir passed its budget on Friday after a debate of eleven hours. It raises the price of bus "
    "tickets and sets money aside for parks, a tram line to Bornova and the repair of the old market hall."
)


@pytest.mark.parametrize(("one", "other"), [(QUAKE, QUAKE_TOO), (QUAKE_TOO, QUAKE), (QUAKE, QUAKE)])
def test_two_reports_of_one_event_open_alike(one: str, other: str) -> None:
    assert likeness(one, other) >= SAME_FROM + 0.1


@pytest.mark.parametrize("other", [QUAKE_LATER, OTHER_QUAKE, BUDGET, "Izmir earthquake", ""])
def test_reports_of_other_events_do_not(other: str) -> None:
    assert likeness(QUAKE, other) <= SAME_FROM - 0.1


def test_reports_without_blanks_between_words_are_compared_too() -> None:
    one = "金曜日の朝、イズミル沖でマグニチュード6.1の地震があり、少なくとも9人が死亡した。"
    one += "知事は学校を水曜日まで休校にすると述べた。"
    two = "イズミルで金曜日の朝に起きたマグニチュード6.1の地震で、少なくとも9人が死亡した。学校は水曜日まで休校となる。"
    assert likeness(one, two) >= SAME_FROM + 0.1


def put(services, text: str, address: str, *, place: str = "Turkey", published: str = "2020-10-30T10:00:00Z") -> int:
    body = "".join(f"<p>{sentence}.</p>" for sentence in text.split(". "))
    html = f"""<html lang="en"><head><title>{text[:40]}</title>
<meta property="article:published_time" content="{published}"></head>
<body><article><h1>{text[:40]}</h1>{body}</article></body></html>"""
    owner = accounts.ensure_account(services).id
    article = builders.put(services, html, address=address).article_id or 0
    if place:
        file_under(services, owner, article, meant(services, TagKind.REGION, place))
    jobs.run_all(services)
    return article


@pytest.fixture
def quake(services, owner) -> int:
    return put(services, QUAKE, "https://one.example/quake")


def test_another_outlets_report_is_the_same_story_and_a_later_one_is_related(services, owner, client, quake):
    too = put(services, QUAKE_TOO, "https://two.example/quake", published="2020-10-31T10:00:00Z")
    later = put(services, QUAKE_LATER, "https://one.example/year", published="2021-10-30T10:00:00Z")
    put(services, BUDGET, "https://one.example/budget")
    found = elsewhere(services, owner, quake)
    assert [article.id for article in found.same] == [too]
    assert later in [article.id for article in found.related]
    page = client.get(f"/articles/{quake}").text
    assert "Same story in" in page
    assert f'href="/articles/{too}"' in page


def test_the_same_words_weeks_later_or_about_another_place_are_not_the_same_story(services, owner, quake):
    put(services, QUAKE_TOO, "https://two.example/quake", published="2020-11-20T10:00:00Z")
    put(services, QUAKE_TOO, "https://three.example/quake", place="Peru")
    assert elsewhere(services, owner, quake).same == ()


def test_what_is_in_the_trash_is_not_told_of(services, owner, quake):
    too = put(services, QUAKE_TOO, "https://two.example/quake")
    reading.trash(services, owner, too)
    assert elsewhere(services, owner, quake).same == ()


def test_without_an_index_nothing_is_told_and_nothing_breaks(services, owner, client, quake):
    services.engine, services._index_inode = None, services._index_inode
    assert elsewhere(services, owner, quake).same == ()
    assert client.get(f"/articles/{quake}").status_code == 200
