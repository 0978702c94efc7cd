"""The library in a real browser: typing, narrowing, keys, undo, back; no word against the content security policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import builders
from tests.browsers import expect, launch, open_page, served, sign_in
from webapp import alerts
from webapp.articles import reading
from webapp.filing.tagging import add_tag
from webapp.model import TagKind
from webapp.services import Services

PLACES = {"Idlib": "Syria", "Mombasa": "Kenya", "Osaka": "Japan", "Lima": "Peru", "Oslo": "Norway"}

pytest_plugins = ["browsers"]
pytestmark = pytest.mark.browser


@pytest.fixture
def archive(services: Services, owner: int) -> Iterator[str]:
    """An archive with five articles, on a port, its worker at work."""
    for place, name in [
        ("Idlib", "Syria"),
        ("Mombasa", "Kenya"),
        ("Osaka", "Japan"),
        ("Lima", "Peru"),
        ("Oslo", "Norway"),
    ]:
        html = builders.page(f"Rain comes late to {place}", place=place)
        record = builders.put(services, html, address=f"https://quay.example/{place}")
        add_tag(services, owner, record.article_id or 0, TagKind.REGION, name)
    with served(services) as address:
        yield address


@pytest.fixture
def page(chromium, archive, services):
    """A signed-in page with the five articles; the console says nothing until the test ends."""
    opened = open_page(chromium, archive, services)
    opened.wait_for_selector(".hit >> nth=4")
    opened.wait_for_load_state()  # the keys are there
    yield opened
    assert opened.complaints == []
    opened.context.close()


def test_typing_searches_and_leaves_one_step_of_history(page):
    steps = page.evaluate("history.length")
    page.keyboard.press("/")
    page.keyboard.type("Mombasa", delay=30)
    expect(page, ".hit", 1)
    page.keyboard.type(" rain", delay=200)
    page.wait_for_url("**/?q=Mombasa+rain")
    assert page.evaluate("history.length") == steps + 1
    assert page.evaluate("document.activeElement.id") == "q"
    page.go_back()
    expect(page, ".hit", 5)
    assert page.input_value("#q") == ""


def test_a_facet_narrows_writes_the_query_and_keeps_the_page(page):
    page.evaluate("document.body.dataset.same = 'yes'")
    page.click(".tree summary >> nth=0")
    page.click(".tree a:visible:has-text('Africa')")
    page.wait_for_url("**/?q=region:africa")
    expect(page, ".hit", 1)
    assert page.input_value("#q") == "region:africa"
    assert page.evaluate("document.body.dataset.same") == "yes"
    page.click(".chip")
    expect(page, ".hit", 5)


def test_keys_move_star_finish_and_undo(page):
    first, second = (page.locator(".hit").nth(place).get_attribute("id") for place in (0, 1))
    page.wait_for_selector(f"#{first}.chosen")
    page.keyboard.press("j")
    page.wait_for_selector(f"#{second}.chosen")
    page.wait_for_selector(f"#{second.replace('article', 'preview')}")
    assert f"open={second.removeprefix('article-')}" in page.url
    page.keyboard.press("s")
    page.wait_for_selector(f"#{second} [data-key=s][aria-pressed=true]")
    page.wait_for_selector(".previewed [data-key=s][aria-pressed=true]")
    page.keyboard.press("e")
    page.wait_for_selector(f"#{second} .state[data-reading=done]")
    page.keyboard.press("u")
    page.wait_for_selector(f"#{second} .state[data-reading=unread]")


def test_trash_takes_a_row_away_and_undo_brings_it_back(page):
    row = page.locator(".hit").first.get_attribute("id")
    page.keyboard.press("Delete")
    page.wait_for_selector(f"#{row}", state="detached")
    page.wait_for_selector("#count b:text-is('4 articles')")
    page.keyboard.press("u")
    page.wait_for_selector(f"#{row}")
    page.wait_for_selector("#count b:text-is('5 articles')")


def test_question_mark_opens_the_keys_and_nothing_acts_behind_them(page):
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open] .keys")
    before = page.evaluate("document.querySelector('.hit.chosen')?.id")
    page.keyboard.press("j")
    assert page.evaluate("document.querySelector('.hit.chosen')?.id") == before
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")


def test_the_last_word_completes_by_keys_and_the_library_follows(page):
    page.keyboard.press("/")
    page.keyboard.type("rain keny", delay=30)
    page.wait_for_selector("#complete-q:visible [role=option]")
    assert page.get_attribute("#q", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = page.wait_for_selector("#complete-q [aria-selected=true]")
    assert page.get_attribute("#q", "aria-activedescendant") == chosen.get_attribute("id")
    assert "Kenya" in chosen.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=rain+region%3Akenya")
    expect(page, ".hit", 1)
    assert page.input_value("#q") == "rain region:kenya"
    assert not page.locator("#complete-q").is_visible()
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type(" late", delay=30)
    page.wait_for_url("**/?q=rain+region%3Akenya+late")
    page.wait_for_selector("#library[data-query='rain region:kenya late']", state="attached")
    page.go_back()
    page.wait_for_selector("#library[data-query='rain region:kenya']", state="attached")
    assert page.url.endswith("/?q=rain+region%3Akenya")


def test_arrows_go_round_and_a_click_takes_a_completion(page):
    page.click("#q")
    page.keyboard.type("region:", delay=30)
    page.wait_for_selector("#complete-q:visible [role=option] >> nth=2")
    options = page.locator("#complete-q [role=option]")
    page.keyboard.press("ArrowUp")
    assert options.last.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")
    assert options.first.get_attribute("aria-selected") == "true"
    page.keyboard.type("nor", delay=30)
    page.click("#complete-q [data-name='region:norway']")
    page.wait_for_url("**/?q=region%3Anorway")
    expect(page, ".hit", 1)


def test_enter_asks_what_is_typed_and_no_list_comes_after_it(page):
    page.click("#q")
    page.keyboard.type("osak")
    with page.expect_response(lambda answer: "/search/suggest" in answer.url):
        page.keyboard.press("Enter")
    page.wait_for_url("**/?q=osak")
    assert page.input_value("#q") == "osak"
    page.wait_for_timeout(300)
    assert not page.locator("#complete-q").is_visible()


def test_escape_closes_the_list_first_and_leaves_the_box_second(page):
    page.click("#q")
    page.keyboard.type("osl", delay=30)
    page.wait_for_selector("#complete-q:visible [role=option]")
    page.keyboard.press("Escape")
    assert not page.locator("#complete-q").is_visible()
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.input_value("#q") == "osl"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") != "q"


def test_a_search_is_saved_found_by_key_renamed_removed_and_put_back(page):
    page.goto(page.url.split("?")[0] + "?q=region:kenya")
    page.click(".save button")
    page.wait_for_selector(".saved-as:has-text('Saved as “Kenya”')")
    assert page.evaluate("document.activeElement.id") == "save-it"
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_selector("#searches h2:has-text('Kenya')")
    page.click(".rename summary")
    page.fill(".rename input", "Nairobi desk")
    page.press(".rename input", "Enter")
    page.wait_for_selector("#searches h2:has-text('Nairobi desk')")
    page.click("#searches [aria-label^=Remove]")
    expect(page, ".listed > li", 0)
    page.keyboard.press("u")
    page.wait_for_selector("#searches h2:has-text('Nairobi desk')")
    page.click("#searches h2 a")
    page.wait_for_url("**/?q=region:kenya")
    expect(page, ".hit", 1)


def test_the_trash_gives_back_and_is_emptied_for_good(page, archive):
    for left in (4, 3):
        page.keyboard.press("Delete")
        page.wait_for_selector(f"#count b:text-is('{left} articles')")
    page.click(".notice a:has-text('The trash') >> nth=-1")
    expect(page, ".listed > li", 2)
    page.click(".listed button >> nth=0")
    expect(page, ".listed > li", 1)
    page.click(".sure summary")
    page.click(".sure button")
    page.wait_for_selector("#trash:has-text('The trash is empty.')")
    page.goto(archive)
    expect(page, ".hit", 4)


def test_the_theme_is_kept_and_there_before_the_page_is_painted(page):
    page.click("[data-theme-switch]")
    page.click("[data-theme-switch]")
    page.reload(wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("text", [16, 32])
def test_nothing_scrolls_sideways_not_even_with_text_twice_as_large(playwright, archive, services, text):
    alerts.save(services, 1, "rain region:kenya site:a-rather-long-name.example", name="A name without end " * 4)
    reading.trash(services, 1, reading.all_ids(services)[0])
    browser = launch(playwright, f"--blink-settings=defaultFontSize={text}")
    opened = browser.new_page()
    sign_in(opened, archive, services)
    for width in (390, 768, 1100, 1440, 1920):
        opened.set_viewport_size({"width": width, "height": 800})
        for path in ("/", "/?q=nothinglikethis+rain", "/help", "/clip", "/searches", "/trash"):
            opened.goto(archive + path)
            assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
    browser.close()


def test_on_a_phone_the_facets_are_a_sheet(page, archive):
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.locator(".facets").is_visible()
    page.click(".facets-open")
    page.click(".facets .tree a:visible >> nth=0")
    page.wait_for_selector(".chip")
    page.click(".facets-done button")
    assert not page.locator(".facets").is_visible()


def test_without_scripts_everything_works_by_links_and_forms(chromium, archive, services):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    sign_in(page, archive, services)
    page.fill("#q", "Mombasa")
    page.press("#q", "Enter")
    assert page.locator(".hit").count() == 1
    page.click("[data-key=e]")
    assert page.url.endswith("/?q=Mombasa")
    assert page.locator(".state[data-reading=done]").count() > 0
    page.click(".notice form button")
    assert page.locator(".hit .state[data-reading=unread]").count() == 1
    page.click(".facets-open")
    assert page.locator(".facets").is_visible()
    context.close()
