"""The map and the timeline in a real browser: clicks, keys, dragging, folding, zooming, and what is remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import builders
from tests.browsers import open_page, served
from webapp.filing.tagging import add_tag
from webapp.model import TagKind
from webapp.services import Services

TOLD = [("2020-01", "Syria"), ("2020-03", "Syria"), ("2020-04", "Syria"), ("2020-06", "Kenya"), ("2020-08", "Malta")]

pytest_plugins = ["browsers"]
pytestmark = pytest.mark.browser


@pytest.fixture
def archive(services: Services, owner: int) -> Iterator[str]:
    """Five articles of 2020: three about Syria, one about Kenya, one about Malta."""
    for month, region in TOLD:
        html = builders.page(f"Rain in {region} in {month}", published=f"{month}-10T10:00:00+00:00")
        record = builders.put(services, html, address=f"https://quay.example/{month}")
        add_tag(services, owner, record.article_id or 0, TagKind.REGION, region)
    builders.jobs.run_all(services)
    with served(services, works=False) as address:
        yield address


@pytest.fixture
def page(chromium, archive, services):
    """A signed-in page; its console must have said nothing when the test ends."""
    yield from signed_in(chromium, archive, services, scripts=True)


@pytest.fixture
def plain_page(chromium, archive, services):
    """The same in a browser without scripts."""
    yield from signed_in(chromium, archive, services, scripts=False)


def signed_in(chromium, archive, services, *, scripts):
    opened = open_page(chromium, archive, services, java_script_enabled=scripts)
    opened.wait_for_selector(".hit >> nth=4")
    opened.wait_for_load_state("networkidle")
    yield opened
    assert opened.complaints == []
    opened.context.close()


def test_a_click_on_a_country_narrows_and_another_widens(page):
    page.evaluate("document.body.dataset.same = 'yes'")
    click(page, "Syria")
    page.wait_for_url("**/?q=region:syria")
    page.wait_for_selector("#count b:text-is('3 articles')")
    assert page.input_value("#q") == "region:syria"
    click(page, "Syria")
    page.wait_for_selector("#count b:text-is('5 articles')")
    assert page.evaluate("document.body.dataset.same") == "yes"


def test_the_map_says_what_the_pointer_is_on(page):
    click(page, "Malta", act="hover")
    page.wait_for_selector("#map-says:text-is('Malta: 1 article')")


def test_the_map_is_one_stop_and_arrows_go_by_number_of_articles(page):
    assert page.evaluate("document.querySelectorAll('.map a[tabindex=\"0\"], .map a:not([tabindex])').length") == 1
    page.focus(".map a[tabindex='0']")
    titles = [focused(page)]
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Home"):
        page.keyboard.press(key)
        titles.append(focused(page))
    assert titles == [
        "Syria: 3 articles", "Kenya: 1 article", "Malta: 1 article", "Malta: 1 article", "Syria: 3 articles",
    ]  # fmt: skip
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=region:syria")


OUTLINED = """
() => [...document.querySelectorAll(".hovered .edge use")].map((use) => use.getAttribute("href").split("#")[1])
"""


def test_a_region_of_the_list_is_outlined_while_it_is_hovered_or_has_the_focus(page):
    page.hover(".facets a:has(bdi:text-is('Asia'))")
    assert {"sy", "tr", "jp"} <= set(page.evaluate(OUTLINED))
    assert "ke" not in page.evaluate(OUTLINED)
    assert page.inner_text("#map-says") == "Asia: 3"
    page.mouse.move(700, 880)
    assert page.evaluate(OUTLINED) == []
    page.evaluate("for (const branch of document.querySelectorAll('.facets details')) branch.open = true")
    page.focus(".facets a:has(bdi:text-is('Malta'))")
    assert page.evaluate(OUTLINED) == ["mt"]
    assert page.locator(".hovered .rings circle").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=region:malta")
    page.wait_for_selector("#count b:text-is('1 article')")
    assert page.evaluate(OUTLINED) == []


def test_a_chosen_group_is_outlined(page):
    page.click(".facets a:has(bdi:text-is('Asia'))")
    page.wait_for_url("**/?q=region:asia")
    page.wait_for_selector(".chosen .edge use", state="attached")
    assert page.evaluate("getComputedStyle(document.querySelector('.chosen .edge use')).stroke") != "none"
    assert page.locator(".legend .outlined").inner_text() == "Asia"


def test_a_part_of_the_world_stays_chosen_while_the_results_change(page):
    page.check("#frame-europe", force=True)
    assert page.evaluate("getComputedStyle(document.querySelector('.world')).getPropertyValue('--k').trim()") == "4.03"
    page.fill("#q", "rain")
    page.wait_for_url("**/?q=rain")
    page.wait_for_selector("#library[data-query='rain']", state="attached")
    assert page.is_checked("#frame-europe")


def test_plus_zooms_to_the_country_at_hand(page):
    page.focus(".map a[tabindex='0']")
    before = page.locator(".map a[tabindex='0'] use").first.bounding_box()["width"]
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.wait_for_timeout(450)
    assert page.locator(".map a[tabindex='0'] use").first.bounding_box()["width"] > before * 2


@pytest.fixture
def phone(chromium, archive, services):
    """A signed-in page on a telephone's screen, with fingers."""
    size = {"width": 390, "height": 844}
    opened = open_page(chromium, archive, services, viewport=size, has_touch=True, is_mobile=True)
    opened.wait_for_selector(".hit >> nth=4")
    opened.wait_for_load_state("networkidle")
    yield opened
    assert opened.complaints == []
    opened.context.close()


def test_two_fingers_zoom_the_map_and_one_moves_it_then(phone):
    page_scale = "visualViewport.scale"
    fingers = Fingers(phone)
    before = zoom_of(phone)
    assert before["k"] == 1
    fingers.down((-30, 0), (30, 0))
    for step in range(1, 7):
        fingers.move((-30 - 10 * step, 0), (30 + 10 * step, 0))
    fingers.up()
    spread = zoom_of(phone)
    assert 2.5 < spread["k"] < 3.5  # 60 px became 180
    assert phone.evaluate(page_scale) == 1
    fingers.down((0, 0))
    for step in range(1, 7):
        fingers.move((10 * step, 0))
    fingers.up()
    moved = zoom_of(phone)
    assert (moved["k"], moved["x"] > spread["x"]) == (spread["k"], True)
    assert phone.evaluate("scrollY") == 0
    assert "?" not in phone.url  # no country was taken for pressed
    fingers.down((-90, 0), (90, 0))
    for step in range(1, 9):
        fingers.move((-90 + 10 * step, 0), (90 - 10 * step, 0))
    fingers.up()
    assert zoom_of(phone)["k"] == 1


def test_one_finger_over_the_whole_map_scrolls_the_page_and_a_tap_asks(phone):
    fingers = Fingers(phone)
    fingers.down((0, 20))
    for step in range(1, 11):
        fingers.move((0, 20 - 12 * step))
    fingers.up()
    phone.wait_for_function("() => scrollY > 40")
    assert zoom_of(phone)["k"] == 1
    phone.evaluate("scrollTo(0, 0)")
    phone.check("#frame-africa", force=True)
    phone.wait_for_timeout(400)  # it glides there
    mark = phone.locator(".map a:has(title:text('Kenya:')) use").first.bounding_box()
    phone.touchscreen.tap(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    phone.wait_for_url("**/?q=region:kenya")


class Fingers:
    """Touches at offsets from the middle of the map, as the screen sends them."""

    def __init__(self, page) -> None:
        box = page.locator("svg.map").bounding_box()
        self._middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self._wire = page.context.new_cdp_session(page)

    def down(self, *offsets) -> None:
        self._send("touchStart", offsets)

    def move(self, *offsets) -> None:
        self._send("touchMove", offsets)

    def up(self) -> None:
        self._send("touchEnd", ())

    def _send(self, kind, offsets) -> None:
        x, y = self._middle
        points = [{"x": x + right, "y": y + down, "id": number} for number, (right, down) in enumerate(offsets)]
        self._wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def zoom_of(page):
    return page.evaluate(
        """() => {
          const style = getComputedStyle(document.querySelector(".world"));
          return Object.fromEntries(["k", "x", "y"].map((name) => [name, Number(style.getPropertyValue(`--${name}`))]));
        }"""
    )


def test_a_drag_over_the_bars_asks_for_the_span(page):
    drag(page, 2, 5)
    page.wait_for_selector("#count b:text-is('3 articles')")
    assert page.input_value("#q") == "date:2020-03..2020-06"
    assert "date%3A2020-03..2020-06" in page.url
    page.click(".timeline .whole")
    page.wait_for_selector("#count b:text-is('5 articles')")
    page.go_back()
    page.wait_for_selector("#count b:text-is('3 articles')")


def test_a_click_on_a_bar_asks_for_its_month(page):
    page.locator(".bars a[data-first='2020-03'] .reach").click()
    page.wait_for_selector("#count b:text-is('1 article')")
    assert page.input_value("#q") == "date:2020-03"


def test_shift_and_arrows_take_months_into_the_span(page):
    page.focus(".bars a[data-first='2020-03']")
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_selector("#timeline-says:text-is('Mar 2020 to Apr 2020: 2 articles')")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector("#count b:text-is('3 articles')")
    assert page.input_value("#q") == "date:2020-03..2020-06"


def test_a_folded_map_is_remembered(page):
    page.click("#map-fold > summary")
    page.wait_for_selector(".map", state="hidden")
    page.wait_for_function("() => document.cookie.includes('dateline-map=folded')")  # said a moment after it folds
    page.reload()
    page.wait_for_selector("#map-fold:not([open])")
    page.click("#map-fold > summary")
    page.wait_for_function("() => document.cookie.includes('dateline-map=open')")
    page.reload()
    page.wait_for_selector("#map-fold[open]")


def test_the_tables_come_when_they_are_opened(page):
    page.click("#as-tables > summary")
    page.wait_for_selector("#map-table a:has-text('Syria')")
    assert page.locator("#timeline-table tbody tr").count() == 8
    page.click("#map-table a:has-text('Kenya')")
    page.wait_for_url("**/?q=region:kenya")
    page.wait_for_selector("#map-table a[aria-current]:has-text('Kenya')")


def test_without_scripts_map_timeline_zoom_and_tables_are_links_and_buttons(plain_page):
    click(plain_page, "Syria")
    plain_page.wait_for_url("**/?q=region:syria")
    plain_page.locator(".bars a[data-first='2020-03'] .reach").click()
    plain_page.wait_for_selector("#count b:text-is('1 article')")
    plain_page.click(".timeline .whole")
    plain_page.wait_for_selector("#count b:text-is('3 articles')")
    plain_page.check("#frame-africa", force=True)
    plain_page.click("#as-tables > summary")
    plain_page.click("#tables-body a")
    plain_page.wait_for_selector("#crossing")
    assert plain_page.locator("#map-table").count() == 1


def click(page, name, act="click"):
    """Press in the middle of a country: its circle, or else the middle of its frame (Syria and Kenya are compact)."""
    area = page.locator(f".map a:has(title:text('{name}:'))").first
    mark = area.locator("circle") if area.locator("circle").count() else area.locator("use").first
    box = mark.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    if act == "click":
        page.mouse.click(x, y)


def focused(page):
    return page.evaluate("document.activeElement.querySelector('title').textContent")


def drag(page, first, last):
    """Drag over the bars from the middle of one to the middle of another, counted from 0."""
    box = page.locator(".bars").bounding_box()
    step = box["width"] / page.locator(".bars > [data-first]").count()
    page.mouse.move(box["x"] + step * (first + 0.5), box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + step * (last + 0.2), box["y"] + 24, steps=6)
    page.mouse.move(box["x"] + step * (last + 0.5), box["y"] + 24)
    page.mouse.up()
