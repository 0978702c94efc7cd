"""A run of a rule in a real browser: how far it is, without taking the keyboard away; stopped, done, asked no more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import builders
from tests.browsers import served
from webapp import rule_runs, rules
from webapp.services import Services

pytest_plugins = ["browsers"]
pytestmark = pytest.mark.browser


@pytest.fixture
def archive(services: Services, owner: int, monkeypatch) -> Iterator[str]:
    """Three articles and a rule for them; a batch is one article, and nobody works but the test."""
    monkeypatch.setattr(rule_runs, "BATCH", 1)
    for number in range(3):
        html = builders.page(f"A harbour rebuilt {number}")
        builders.put(services, html, address=f"https://quay.example/{number}")
    steps = rules.steps_of(services, add_regions=["Syria"])
    rules.make(services, owner, name="Ports", query="harbour", steps=steps)
    builders.jobs.run_all(services)
    with served(services, works=False) as address:
        yield address


def test_progress_is_shown_without_taking_the_focus_and_ends(page, archive, services, owner):
    page.goto(f"{archive}/rules/1")
    page.click("text=Apply it to the archive")
    page.wait_for_selector("text=0 of 3 articles looked at")
    page.focus("#run button")
    rule_runs.go_on(services, {"owner": owner, "run": 1}, batches=1)
    page.wait_for_selector("text=1 of 3 articles looked at")
    assert page.evaluate("document.activeElement.innerText") == "Stop, and undo what it did"
    while rule_runs.go_on(services, {"owner": owner, "run": 1}, batches=1):
        pass
    page.wait_for_selector("text=3 of 3 articles changed")
    assert page.evaluate("document.activeElement.innerText") == "Undo it as a whole"
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2_300)
    assert asked == []


def test_taking_back_goes_on_with_progress(page, archive, services, owner):
    run = rule_runs.run_now(services, owner, 1)
    page.goto(f"{archive}/rules/runs/{run.id}")
    page.keyboard.press("Tab")  # past the link to the page's words
    page.focus("#run button")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=It is being taken back: 1 of 3 articles.")
    assert page.locator("#run button").count() == 0
    builders.jobs.run_all(services)
    page.wait_for_selector("text=3 articles are as before")
