"""Highlights in a real browser: select, press a key, see the mark, find it after a reload, undo; no script errors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import builders
from tests.browsers import open_page, served
from webapp.articles import highlighting
from webapp.services import Services

SELECT = """([from, to]) => {
  const paragraph = document.querySelector("#words p");
  const range = document.createRange();
  range.setStart(paragraph.firstChild, from);
  range.setEnd(paragraph.firstChild, to);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""
SHOWN = "() => [...(CSS.highlights.get('reader') ?? [])].map((range) => range.toString())"

pytest_plugins = ["browsers"]
pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium, services: Services, owner: int) -> Iterator[object]:
    """A signed-in reader's page of an article."""
    article = builders.put(services).article_id
    with served(services, works=False) as archive:
        opened = open_page(chromium, archive, services)
        opened.goto(f"{archive}/articles/{article}")
        yield opened
        assert opened.complaints == []
        opened.context.close()


def test_what_is_selected_is_marked_by_a_key_and_found_after_a_reload(page, services, owner) -> None:
    page.evaluate(SELECT, [4, 30])
    page.wait_for_selector(".highlight-button:visible")
    page.keyboard.press("h")
    page.wait_for_selector("[data-highlight]")
    page.wait_for_function(f"({SHOWN})().length === 1")
    assert page.evaluate(SHOWN) == ["harbour council of Latakia"]
    kept = highlighting.of_article(services, owner, 1)[0].highlight
    assert (kept.exact, kept.prefix, kept.start) == ("harbour council of Latakia", "The ", 4)
    page.reload()
    page.wait_for_function(f"({SHOWN})().length === 1")
    assert page.evaluate(SHOWN) == ["harbour council of Latakia"]


def test_the_button_marks_too_and_the_notice_takes_it_back(page) -> None:
    page.evaluate(SELECT, [31, 46])
    page.click(".highlight-button")
    page.wait_for_selector("[data-highlight]")
    page.click(".notice [data-key=u]")
    page.wait_for_function("() => !document.querySelector('[data-highlight]')")
    page.wait_for_function(f"({SHOWN})().length === 0")


def test_of_the_same_words_the_selected_ones_are_marked(page, services, owner) -> None:
    page.evaluate(SELECT.replace('"#words p"', '"#words p:nth-of-type(2)"'), [4, 19])
    page.wait_for_selector(".highlight-button:visible")
    page.keyboard.press("h")
    page.wait_for_selector("[data-highlight]")
    page.wait_for_function(f"({SHOWN})().length === 1")
    inside = "() => [...CSS.highlights.get('reader')][0].startContainer.parentElement.matches('p:nth-of-type(2)')"
    assert page.evaluate(inside)


def test_a_key_typed_into_a_field_marks_nothing(page, services, owner) -> None:
    page.evaluate(SELECT, [4, 30])
    page.focus("#note-text")
    page.keyboard.press("h")
    page.wait_for_timeout(300)
    assert highlighting.of_article(services, owner, 1) == ()
