"""Review, tag panel and map in a real Firefox. What Chromium's tests say of them is not said again: here are the parts
that browsers do in their own ways: keys, focus, marks in the text, shapes that are links."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import builders
from tests.browsers import served
from tests.extension_firefox import FIREFOX
from tests.reader_firefox import Firefox
from tests.suggestions import CONFLICT, SYRIA, TURKEY, storms
from webapp.access import accounts
from webapp.articles import reading
from webapp.evidence import Answer
from webapp.filing.tagging import add_tag
from webapp.model import TagKind

pytestmark = pytest.mark.browser

WORDS = "A <em>Syr</em>ian  ship\nlay in Syria&nbsp;harbour; Syria said so twice."
MARKED = """const words = [...(CSS.highlights?.get("dateline-mention") ?? [])].map((range) => range.toString());
return words.length ? words : [...document.querySelectorAll("mark.mention")].map((mark) => mark.textContent)"""
FOCUSED = "return document.activeElement.querySelector('title')?.textContent ?? ''"


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Firefox]:
    if not FIREFOX.exists():
        pytest.skip("there is no Firefox on this machine")
    pytest.importorskip("marionette_driver")
    opened = Firefox(tmp_path_factory.mktemp("profile") / "firefox")
    yield opened
    opened.close()


@pytest.fixture
def signed_in(browser, services):
    """(the browser, the address of the archive)"""
    with served(services) as address:
        browser.open(address + accounts.make_sign_in_link(services))
        browser.run("document.querySelector('main button').click()")
        browser.until("return location.pathname === '/' && document.readyState === 'complete'")
        yield browser, address
        browser.open("about:blank")


@pytest.fixture
def waiting(services, owner) -> list[int]:
    """Three articles that wait to be filed, the first to come up first."""
    return storms(services, owner, 3, WORDS)[::-1]


@pytest.fixture
def mapped(services, owner) -> None:
    """Three articles about Syria, one about Kenya, one about Malta."""
    for number, region in enumerate(("Syria", "Syria", "Syria", "Kenya", "Malta")):
        record = builders.put(services, builders.page(f"Rain {number}"), address=f"https://quay.example/{number}")
        add_tag(services, owner, record.article_id or 0, TagKind.REGION, region)
    builders.jobs.run_all(services)


def filed(services, owner, article_id) -> set[str]:
    opened = reading.open_article(services, owner, article_id)
    return {on.tag.id for on in opened.regions + opened.topics}


def test_the_review_is_worked_by_keys(waiting, services, owner, signed_in):
    browser, archive = signed_in
    first, second, _ = waiting
    browser.open(f"{archive}/review")
    browser.press("1", "2")  # not Syria, but Turkey
    browser.press("y")
    browser.see(f"#desk[data-article='{second}']")
    assert filed(services, owner, first) == {TURKEY, CONFLICT}
    assert browser.text(".review-head .left") == "2 left"
    browser.press("n")
    browser.until("return location.search.startsWith('?after=')")
    browser.press("u")
    browser.see(f"#desk[data-article='{first}']")
    assert filed(services, owner, first) == set()


def test_a_word_is_never_to_mean_it_again_by_keys(waiting, services, owner, signed_in):
    browser, archive = signed_in
    browser.open(f"{archive}/review")
    browser.press("v", "1")
    browser.see(".never button[value=Syrian]:focus")
    browser.press("Tab", "Enter")
    browser.until("return !document.querySelector(arguments[0])", f".tick[data-lights={SYRIA}]")
    with services.store.read() as work:
        decided = [each.decision for each in work.decisions.all(owner)]
    assert [(each.tag_id, each.answer, each.surface) for each in decided] == [(SYRIA, Answer.NEVER, "Syria")]


def test_the_panel_marks_the_words_in_the_text(waiting, services, owner, signed_in):
    browser, archive = signed_in
    browser.open(f"{archive}/articles/{waiting[0]}")
    browser.point(f"#offer-{SYRIA} [data-show]")
    marked = browser.run(MARKED)
    assert "".join(marked).replace("\xa0", " ") == "SyrianSyriaSyria"
    browser.run("document.querySelector(arguments[0]).focus()", f"#offer-{TURKEY} .yes")
    assert set(browser.run(MARKED)) == {"storms"}
    browser.press("2")
    browser.until("return !document.querySelector(arguments[0])", f"#offer-{TURKEY}")
    assert filed(services, owner, waiting[0]) == {TURKEY}


def test_a_click_on_a_country_asks_for_its_articles(mapped, signed_in):
    browser, archive = signed_in
    browser.open(archive)
    browser.point(".map a[href='/?q=region:syria'] use", press=True)
    browser.until("return document.querySelector('#count b')?.textContent === '3 articles'")
    assert browser.run("return document.getElementById('q').value") == "region:syria"
    browser.see(".map a[aria-current='true']")


def test_the_map_is_walked_by_keys(mapped, signed_in):
    browser, archive = signed_in
    browser.open(archive)
    browser.run("document.querySelector(\".map a[tabindex='0']\").focus()")
    told = [browser.run(FOCUSED)]
    for key in ("ArrowRight", "ArrowRight", "Home"):
        browser.press(key)
        told.append(browser.run(FOCUSED))
    assert told == ["Syria: 3 articles", "Kenya: 1 article", "Malta: 1 article", "Syria: 3 articles"]
    assert browser.text("#map-says") == "Syria: 3 articles"
    browser.press("+")
    browser.until("return document.querySelector('.world').classList.contains('zoomed')")
    browser.press("Enter")
    browser.until("return document.querySelector('#count b')?.textContent === '3 articles'")


def test_a_group_is_outlined_while_it_is_pointed_at(mapped, signed_in):
    browser, archive = signed_in
    browser.open(archive)
    browser.point(".facets a[data-inside~='sy']")
    shapes = browser.run("return [...document.querySelectorAll('.hovered .edge use')].map((use) => use.href.baseVal)")
    assert "/static/world.svg#sy" in shapes
    painted = "return getComputedStyle(document.querySelector('.hovered .edge use')).stroke"
    assert browser.run(painted).startswith(("rgb", "color", "oklch", "light-dark"))
