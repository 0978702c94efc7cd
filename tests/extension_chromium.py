"""Chromium with the extension in it: the real button on the bar, its popup, its worker, its settings page."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright

from tests.browsers import CHROMIUM

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
         "--disable-component-update", "--disable-sync", "--disable-quic", "--enable-unsafe-extension-debugging",
         "--host-resolver-rules=MAP *.test 127.0.0.1"]  # fmt: skip
WAIT_S = 45.0
LOADED = "document.readyState === 'complete' && location.href !== 'about:blank'"
ALT_SHIFT = 1 | 8  # as the protocol counts them


class Chromium:
    """A browser over the profile in `profile`, with the extension of `folder`; closing it leaves the profile."""

    def __init__(self, playwright: Playwright, folder: Path, profile: Path) -> None:
        self.context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=str(CHROMIUM),
            headless=False,
            ignore_default_args=["--disable-extensions"],
            args=FLAGS,
            viewport={"width": 1000, "height": 800},
        )
        self.context.set_default_navigation_timeout(90_000)
        assert self.context.browser is not None
        self.cdp = self.context.browser.new_browser_cdp_session()
        self.id: str = self.cdp.send("Extensions.loadUnpacked", {"path": str(folder)})["id"]
        workers = self.context.service_workers
        self.worker = workers[0] if workers else self.context.wait_for_event("serviceworker", timeout=15_000)
        self.page = self.context.new_page()
        self._numbers = itertools.count(1)

    def close(self) -> None:
        self.context.close()

    def choose(self, **choices: object) -> None:
        self.worker.evaluate("choices => chrome.storage.local.set(choices)", choices)

    def new_tab(self) -> None:
        """An empty tab in place of the one in front."""
        left, self.page = self.page, self.context.new_page()
        left.close()

    def limit(self, quota_bytes: int) -> None:
        """Let the extension's own storage hold no more than so much."""
        settings = self.settings()
        told = {"origin": f"chrome-extension://{self.id}/", "quotaSize": quota_bytes}
        self.context.new_cdp_session(settings).send("Storage.overrideQuotaForOrigin", told)
        self.limited = settings  # it holds as long as the session that asked

    def open(self, address: str) -> None:
        self.page.bring_to_front()
        self.page.goto(address)

    def press(self) -> Popup:
        """Press the button on the bar, in the tab in front; again when the popup stays blank, as a reader would.

        Chromium 156 left one of some hundreds so, on a machine with six times as much to do.
        """
        popup = self._press()
        if not popup.is_true(LOADED, timeout_s=15):
            popup.close()
            popup = self._press()
            popup.until_true(LOADED)
        return popup

    def _press(self) -> Popup:
        before = {target["targetId"] for target in self._popups()}
        self.cdp.send("Extensions.triggerAction", {"id": self.id, "targetId": self._tab()})
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            fresh = [target for target in self._popups() if target["targetId"] not in before]
            if fresh:
                return Popup(self, fresh[0]["targetId"])
            self.page.wait_for_timeout(50)
        raise AssertionError("no popup opened")

    def settings(self):
        page = self.context.new_page()
        page.goto(f"chrome-extension://{self.id}/options.html")
        return page

    def menu(self, item: str, **chosen: str) -> None:
        """Choose an item of the menu that a right click opens, in the tab in front.

        Chromium's menus are no pages and take no keys from its protocol: the event is what they send to the worker.
        """
        self.page.bring_to_front()
        self.worker.evaluate(
            """async told => { const [tab] = await chrome.tabs.query({active: true, lastFocusedWindow: true});
            chrome.contextMenus.onClicked.dispatch(told, tab) }""",
            {"menuItemId": item, **chosen},
        )

    def keys(self, letter: str) -> None:
        """Press Alt+Shift and `letter`, in the tab in front; what the page leaves goes to the browser."""
        self.page.click("h1")  # where a new tab begins is the address bar
        code = ord(letter)  # without a native one the browser itself does not get the key
        pressed = {
            "key": letter,
            "code": f"Key{letter}",
            "windowsVirtualKeyCode": code,
            "nativeVirtualKeyCode": code,
        }
        session = self.context.new_cdp_session(self.page)
        for event in ("rawKeyDown", "keyUp"):
            session.send("Input.dispatchKeyEvent", {"type": event, "modifiers": ALT_SHIFT, **pressed})

    def evaluate_badge(self) -> str:
        return self.worker.evaluate(
            """async () => { const [{id}] = await chrome.tabs.query({active: true, lastFocusedWindow: true});
            return chrome.action.getBadgeText({tabId: id}) }"""
        )

    def until(self, asked: Callable[[], object], expected: object) -> None:
        deadline = time.monotonic() + WAIT_S
        while (found := asked()) != expected:
            assert time.monotonic() < deadline, f"still {found}, not {expected}"
            self.wait(100)

    def _tab(self) -> str:
        """The target of the tab that `page` is in. Playwright's own address leaves `view-source:` out."""
        shown = self.context.new_cdp_session(self.page).send("Target.getTargetInfo")["targetInfo"]
        tabs = self.cdp.send("Target.getTargets", {"filter": [{"type": "tab"}]})["targetInfos"]
        return next(each["targetId"] for each in tabs if shown["url"] == each["url"] or shown["title"] == each["title"])

    def _popups(self) -> list[dict[str, Any]]:
        found = self.cdp.send("Target.getTargets")["targetInfos"]
        return [target for target in found if "/popup.html" in target["url"] and target["type"] != "tab"]

    def wait(self, milliseconds: float) -> None:
        self.page.wait_for_timeout(milliseconds)


class Popup:
    """The popup that is open: no page of Playwright's, so it is spoken to through the browser."""

    def __init__(self, browser: Chromium, target: str) -> None:
        self.browser, self.target, self.answers = browser, target, {}
        self.session = browser.cdp.send("Target.attachToTarget", {"targetId": target, "flatten": False})["sessionId"]
        browser.cdp.on("Target.receivedMessageFromTarget", self._take)

    def evaluate(self, expression: str) -> Any:
        answer = self.send(
            "Runtime.evaluate",
            {"expression": expression, "awaitPromise": True, "returnByValue": True, "userGesture": True},
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def send(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        number = next(self.browser._numbers)
        message = json.dumps({"id": number, "method": method, "params": parameters or {}})
        self.browser.cdp.send("Target.sendMessageToTarget", {"sessionId": self.session, "message": message})
        deadline = time.monotonic() + WAIT_S
        while number not in self.answers:
            assert time.monotonic() < deadline, f"the popup did not answer {method}"
            self.browser.wait(10)
        answer = self.answers.pop(number)
        assert "result" in answer, answer
        return answer["result"]

    @property
    def state(self) -> str:
        return self.evaluate("document.body.dataset.state")

    def until(self, *states: str, timeout_s: float = WAIT_S) -> str:
        """Wait until the popup is in one of `states`; what it says then."""
        deadline = time.monotonic() + timeout_s
        while self.state not in states:
            assert time.monotonic() < deadline, f"still {self.state}: {self.said}"
            self.browser.wait(50)
        return self.said

    def until_true(self, expression: str, timeout_s: float = WAIT_S) -> None:
        assert self.is_true(expression, timeout_s), f"never: {expression}"

    def is_true(self, expression: str, timeout_s: float) -> bool:
        """Whether it comes true in time."""
        deadline = time.monotonic() + timeout_s
        while not self.evaluate(expression):
            if time.monotonic() > deadline:
                return False
            self.browser.wait(50)
        return True

    @property
    def said(self) -> str:
        return self.evaluate("document.getElementById('standing').innerText")

    def text(self, selector: str) -> str:
        return self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText")

    def click(self, selector: str) -> None:
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def type(self, selector: str, text: str) -> None:
        self.evaluate(
            f"(() => {{ const field = document.querySelector({json.dumps(selector)}); field.focus();"
            f" field.value = {json.dumps(text)};"
            " field.dispatchEvent(new Event('input', {bubbles: true}));"
            " field.dispatchEvent(new Event('change', {bubbles: true})) })()"
        )

    def key(self, selector: str, key: str, *, ctrl: bool = False) -> None:
        self.evaluate(
            f"document.querySelector({json.dumps(selector)}).dispatchEvent(new KeyboardEvent('keydown',"
            f" {{key: {json.dumps(key)}, ctrlKey: {json.dumps(ctrl)}, bubbles: true, cancelable: true}}))"
        )

    def close(self) -> None:
        self.browser.cdp.send("Target.closeTarget", {"targetId": self.target})

    def _take(self, event: dict[str, Any]) -> None:
        if event["sessionId"] == self.session:
            message = json.loads(event["message"])
            if "id" in message:
                self.answers[message["id"]] = message
