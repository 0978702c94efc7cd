"""Reading aloud: what is spoken, in which voice, from where; and that nothing is offered where there is no voice.

Chromium without a sound system has no voices, so a test gives it some; the script under test is the real one.
"""

from __future__ import annotations

import pytest

from tests import builders

pytest_plugins = ["browsers"]
pytestmark = pytest.mark.browser

VOICES = """
(() => {
  const said = (window.said = []);
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => [
      { lang: "en-GB", name: "far", localService: false, default: true },
      { lang: "en-GB", name: "near", localService: true, default: false },
      { lang: "fr-FR", name: "autre", localService: true, default: false },
    ],
    addEventListener() {},
    speak(utterance) { said.push(utterance); },
    pause() { said.paused = true; },
    resume() { said.paused = false; },
    cancel() { said.cancelled = true; },
  }});
})();
"""


@pytest.fixture
def article(services, owner) -> str:
    """The article's path; asked for before `archive`, whose worker would take the clip's job away."""
    record = builders.put(services, builders.page("Rain comes late", language="en"), address="https://quay.example/a")
    return f"/articles/{record.article_id}"


def test_without_a_voice_there_is_no_button(article, archive, page):
    page.goto(archive + article)
    assert not page.is_visible("#listen")


def test_it_reads_from_the_headline_on_in_a_voice_of_this_machine(article, archive, page):
    page.add_init_script(VOICES)
    page.goto(archive + article)
    page.click("#listen")
    assert page.evaluate("said[0].text") == "Rain comes late"
    assert page.evaluate("said[0].voice.name") == "near"
    assert page.text_content(".spoken") == "Rain comes late"
    page.evaluate("said[0].onend()")
    assert page.evaluate("said[1].text") in page.text_content("#words")
    assert page.locator(".spoken").count() == 1


def test_it_pauses_goes_on_and_ends(article, archive, page):
    page.add_init_script(VOICES)
    page.goto(archive + article)
    for label, pressed in (("Pause", "true"), ("Go on", "false"), ("Pause", "true")):
        page.click("#listen")
        assert page.text_content("#listen [data-label]") == label
        assert page.get_attribute("#listen", "aria-pressed") == pressed
    page.keyboard.press("Escape")
    assert page.text_content("#listen [data-label]") == "Listen"
    assert page.evaluate("said.cancelled")
    assert page.locator(".spoken").count() == 0
    assert page.complaints == []
