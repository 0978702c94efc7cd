"""Suggestions in a real browser: marked words, answers and the review by keyboard, and all of it without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.browsers import open_page, served
from tests.suggestions import CONFLICT, SYRIA, TURKEY, storms
from webapp.articles import reading
from webapp.evidence import Answer
from webapp.services import Services

WORDS = "A <em>Syr</em>ian  ship\nlay in Syria&nbsp;harbour, and Syrian<b>-</b>led crews; Syria said so twice: Syria."

pytest_plugins = ["browsers"]
pytestmark = pytest.mark.browser


@pytest.fixture
def archive(services: Services, owner: int) -> Iterator[str]:
    """Four articles that wait to be filed, on a port, a worker at work."""
    storms(services, owner, 4, WORDS)
    with served(services) as address:
        yield address


def newest(services, owner):
    with services.store.read() as work:
        return work.reviews.queue(owner)[0][0]


def filed(services, owner, article_id):
    opened = reading.open_article(services, owner, article_id)
    return {on.tag.id for on in opened.regions + opened.topics}


MARKED = """() => [...(CSS.highlights.get("dateline-mention") ?? [])].map((range) => range.toString())"""
EXPECTED = ["Syrian", "Syria", "Syrian", "Syria", "Syria"]  # one mark a place, though "Syria" stands in "Syrian" too


def test_the_words_behind_a_suggestion_are_marked_through_all_mark_up(page, archive, services, owner):
    page.goto(f"{archive}/articles/{newest(services, owner)}")
    page.wait_for_load_state("networkidle")
    page.hover(f"#offer-{SYRIA} [data-show]")
    assert page.evaluate(MARKED) == EXPECTED
    page.hover(f"#offer-{TURKEY} [data-show]")
    assert page.evaluate(MARKED) == ["storms"] * 3
    page.mouse.move(500, 700)
    assert page.evaluate(MARKED) == []
    page.focus(f"#offer-{SYRIA} .yes")
    assert len(page.evaluate(MARKED)) == len(EXPECTED)


def test_pressing_the_name_goes_from_one_mention_to_the_next(page, archive, services, owner):
    page.set_viewport_size({"width": 1000, "height": 400})
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{archive}/articles/{newest(services, owner)}")
    page.wait_for_load_state("networkidle")
    here = "() => [...CSS.highlights.get('dateline-mention-here')][0].getBoundingClientRect().top"
    before = page.evaluate("scrollY")
    page.click(f"#offer-{SYRIA} [data-show]")
    first = page.evaluate(here)
    assert 0 < first < 400
    assert page.evaluate("scrollY") > before
    page.click(f"#offer-{SYRIA} [data-show]")
    assert 0 < page.evaluate(here) < 400


def test_without_highlights_the_words_get_marks_and_lose_them_again(chromium, archive, services, owner):
    page = open_page(chromium, archive, services, before="delete CSS.highlights; delete globalThis.Highlight;")
    page.goto(f"{archive}/articles/{newest(services, owner)}")
    page.wait_for_load_state("networkidle")
    before = page.inner_html("#words")
    page.hover(f"#offer-{SYRIA} [data-show]")
    marked = page.evaluate("[...document.querySelectorAll('mark.mention')].map((mark) => mark.textContent).join('|')")
    assert marked.replace("\xa0", " ") == "Syr|ian|Syria|Syrian|Syria|Syria"
    page.mouse.move(500, 700)
    assert page.inner_html("#words") == before
    assert page.complaints == []
    page.context.close()


def test_quotes_find_their_place_among_equal_words(page, archive, services, owner):
    page.goto(f"{archive}/articles/{newest(services, owner)}")
    found = page.evaluate(
        """async () => {
          const { placeOf } = await import("/static/quotes.js");
          const text = "oneSyria,twoSyria,threeSyria";
          const at = (quote) => placeOf(text, { before: "", after: "", share: 0, words: "Syria", ...quote });
          return [at({}), at({ share: 0.95 }), at({ before: "tw o " }), at({ after: ",\\nthree" }),
                  at({ before: "other words three" }), at({ words: "Peru" }), at({ words: " " })];
        }"""
    )
    assert found == [3, 23, 12, 12, 23, -1, -1]


def test_one_key_accepts_one_selects_all_and_one_takes_it_back(page, archive, services, owner):
    article_id = newest(services, owner)
    page.goto(f"{archive}/articles/{article_id}")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("2")
    page.wait_for_selector(".tag.filed:has-text('Turkey')")
    assert filed(services, owner, article_id) == {TURKEY}
    page.keyboard.press("y")
    page.wait_for_selector(".tag.filed:has-text('armed conflict')")
    assert filed(services, owner, article_id) == {TURKEY, SYRIA, CONFLICT}
    page.wait_for_selector("#dateline .place:has-text('Turkey')")
    page.keyboard.press("u")
    page.wait_for_selector(f"#offer-{SYRIA}")
    assert filed(services, owner, article_id) == {TURKEY}


def test_the_focus_stays_among_the_suggestions(page, archive, services, owner):
    page.goto(f"{archive}/articles/{newest(services, owner)}")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.id") == "suggested"
    page.focus(f"#offer-{SYRIA} .no")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#offer-{SYRIA}", state="detached")
    page.wait_for_selector(f"#offer-{TURKEY} .yes:focus")


def test_the_queue_is_worked_off_by_keys_alone(page, archive, services, owner):
    page.goto(f"{archive}/review")
    page.wait_for_load_state("networkidle")
    first = page.get_attribute("#desk", "data-article")
    page.keyboard.press("1")  # not Syria
    page.keyboard.press("2")  # but Turkey
    page.keyboard.press("y")
    page.wait_for_selector(f"#desk:not([data-article='{first}'])")
    assert filed(services, owner, int(first)) == {TURKEY, CONFLICT}
    assert page.inner_text(".review-head .left") == "3 left"
    second = page.get_attribute("#desk", "data-article")
    page.keyboard.press("n")
    page.wait_for_selector(f"#desk:not([data-article='{second}'])")
    assert f"after={second}" in page.url
    assert filed(services, owner, int(second)) == set()
    page.keyboard.press("u")
    page.wait_for_selector(f"#desk[data-article='{first}']")
    assert filed(services, owner, int(first)) == set()
    page.wait_for_load_state("networkidle")
    for left in (3, 2, 1):
        page.keyboard.press("y")
        page.wait_for_selector(f".review-head .left:has-text('{left} left')")
    page.keyboard.press("y")
    page.wait_for_selector("text=Nothing waits.")


def never_from(services, owner):
    with services.store.read() as work:
        decided = [each.decision for each in work.decisions.all(owner) if not each.is_undone]
    return [(each.tag_id, each.surface) for each in decided if each.answer is Answer.NEVER]


def test_a_word_is_never_to_mean_it_again_by_keys_alone(page, archive, services, owner):
    page.goto(f"{archive}/review")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("2")
    page.keyboard.press("v")
    page.keyboard.press("1")
    page.wait_for_selector(".never button[value=Syrian]:focus")
    page.keyboard.press("Escape")
    assert page.locator(".never[open]").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_selector(".never button[value=Syrian]:focus")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "Syria"
    page.keyboard.press("Enter")
    page.wait_for_selector(f".tick[data-lights={SYRIA}]", state="detached")
    assert never_from(services, owner) == [(SYRIA, "Syria")]
    assert [page.is_checked(f"#tick-{number}") for number in (1, 2)] == [True, True]
    page.wait_for_selector("#tick-1:focus")
    page.keyboard.press("u")
    page.wait_for_selector(f".tick[data-lights={SYRIA}]")
    assert never_from(services, owner) == []


def test_a_word_is_never_to_mean_it_again_by_mouse(page, archive, services, owner):
    page.goto(f"{archive}/review")
    page.wait_for_load_state("networkidle")
    page.click(f".tick[data-lights={TURKEY}] .never summary")
    page.click("button[aria-label='Never Turkey from “storms”']")
    page.wait_for_selector("text=Never again Turkey from “storms”.")
    assert never_from(services, owner) == [(TURKEY, "storms")]
    assert page.locator(".tick").count() == 2


def test_a_region_is_added_by_keyboard_without_losing_the_ticks(page, archive, services, owner):
    page.goto(f"{archive}/review")
    page.wait_for_load_state("networkidle")
    article_id = int(page.get_attribute("#desk", "data-article"))
    page.keyboard.press("2")
    page.keyboard.press("r")
    page.keyboard.type("Ain Is", delay=20)
    page.wait_for_selector("#complete-region [role=option]:has-text('Ain Issa')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".stands .tag:has-text('Ain Issa')")
    assert page.is_checked("#tick-2")
    assert filed(services, owner, article_id) == {"r-gn-172134"}


def test_the_words_of_the_suggestion_under_the_pointer_are_lit(page, archive, services, owner):
    page.goto(f"{archive}/review")
    page.wait_for_load_state("networkidle")
    page.hover(f"[data-lights={TURKEY}]")
    lit = page.evaluate("[...document.querySelectorAll('.said.lit')].map((mark) => mark.textContent)")
    assert set(lit) == {"storms"}
    page.mouse.move(5, 5)
    assert page.locator(".said.lit").count() == 0


def test_everything_works_without_scripts(chromium, archive, services, owner):
    page = open_page(chromium, archive, services, java_script_enabled=False)
    article_id = newest(services, owner)
    page.goto(f"{archive}/articles/{article_id}")
    page.click(f"#offer-{TURKEY} .yes")
    page.wait_for_selector(".tag.filed:has-text('Turkey')")
    page.click(f"#offer-{SYRIA} summary")
    page.select_option(f"#never-{SYRIA}", "Syrian")
    page.click(f"#offer-{SYRIA} .never button")
    page.wait_for_selector("text=Never again Syria from “Syrian”.")
    page.click(".notice:has-text('Never again') button:has-text('Undo')")
    page.wait_for_selector(f"#offer-{SYRIA}")
    page.goto(f"{archive}/review?at={article_id}")
    page.uncheck("#tick-2")
    page.click("text=File it")
    page.wait_for_selector("text=3 left")
    assert filed(services, owner, article_id) == {TURKEY, SYRIA}
    page.click("text=Later")
    assert re.search(r"after=\d+", page.url)
    page.context.close()
