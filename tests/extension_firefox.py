"""Firefox with the extension in it, installed as a reader does: the real button on the bar, and its panel."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any

from tests.extension_archive import free_port

FIREFOX = Path("/usr/bin/firefox-esr")
ADDON = "dateline@dateline.invalid"
WIDGET = "dateline_dateline_invalid-browser-action"
WAIT_S = 60.0
PREFERENCES = {
    "xpinstall.signatures.required": False,  # ESR heeds it
    "extensions.autoDisableScopes": 0,
    "network.dns.localDomains": "news.test,pictures.test",
    "app.update.disabledForTesting": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.shell.checkDefaultBrowser": False,
}
OPEN = """
CustomizableUI.addWidgetToArea(arguments[0], CustomizableUI.AREA_NAVBAR);
CustomizableUI.getWidget(arguments[0]).forWindow(window).node
    .querySelector('.unified-extensions-item-action-button, toolbarbutton').click()"""
CHOOSE = """
const [words, done] = arguments, menu = document.getElementById("contentAreaContextMenu");
(function look(tries) {
  const item = [...menu.querySelectorAll("menuitem")].find((each) => each.label === words && !each.hidden);
  if (menu.state !== "open" || !item) {
    return tries ? setTimeout(look, 50, tries - 1) : done([...menu.children].map((each) => each.label).join(", "));
  }
  menu.activateItem(item);
  done(words);
})(100)"""
PANEL = "document.querySelector('browser.webextension-popup-browser')"


class Firefox:
    """A browser over the profile in `profile`, with the packed extension; closing it leaves the profile."""

    def __init__(self, packed: Path, profile: Path, *, storage_limit_kb: int | None = None) -> None:
        from marionette_driver.addons import Addons
        from marionette_driver.marionette import Marionette

        self.uuid = str(uuid.uuid5(uuid.NAMESPACE_DNS, ADDON))
        port = free_port()
        uuids = json.dumps({ADDON: self.uuid})
        chosen = {**PREFERENCES, "marionette.port": port, "extensions.webextensions.uuids": uuids}
        if storage_limit_kb is not None:
            chosen["dom.quotaManager.temporaryStorage.fixedLimit"] = storage_limit_kb
        profile.mkdir(exist_ok=True)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in chosen.items()]
        (profile / "user.js").write_text("".join(lines))
        self.process = subprocess.Popen(
            [
                str(FIREFOX),
                "--headless",
                "--marionette",
                "--remote-allow-system-access",
                "--no-remote",
                "--profile",
                str(profile),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for_port(port)
        self.driver = Marionette(host="127.0.0.1", port=port)
        self.driver.raise_for_port = lambda *_, **__: None  # it leaves its sockets open
        self.driver.start_session()
        self.driver.timeout.script = WAIT_S
        Addons(self.driver).install(str(packed), temp=False)
        self.tab = self.driver.current_window_handle
        self._numbers = itertools.count(1)

    def close(self) -> None:
        with self.driver.using_context("chrome"):
            self.driver.execute_script(
                "Services.tm.dispatchToMainThread(() => Services.startup.quit(Ci.nsIAppStartup.eForceQuit))"
            )
        self.process.wait(30)
        self.driver.cleanup()

    def choose(self, **choices: object) -> None:
        self.in_settings(
            "const [choices, done] = arguments; browser.storage.local.set(choices).then(() => done())", choices
        )

    def in_settings(self, script: str, *arguments: object) -> Any:
        """Run `script` in the extension's own settings page, opened for it in a tab; its last argument is `done`."""
        opened = self.driver.open(type="tab", focus=True)["handle"]
        self.driver.switch_to_window(opened)
        self.driver.navigate(f"moz-extension://{self.uuid}/options.html")
        told = self.driver.execute_async_script(script, script_args=list(arguments), sandbox=None)
        self.driver.close()
        self.driver.switch_to_window(self.tab)
        return told

    def allow(self, *origins: str) -> None:
        """Give the extension leave for `origins`, as the reader does when asked; without any, take all of it back."""
        script = """const [id, origins, done] = arguments;
            const {ExtensionPermissions} = ChromeUtils.importESModule(
              "resource://gre/modules/ExtensionPermissions.sys.mjs");
            const {extension} = WebExtensionPolicy.getByID(id);
            const given = {permissions: [], origins: ["http://*/*", "https://*/*"]};
            (origins.length ? ExtensionPermissions.add(id, {...given, origins}, extension)
              : ExtensionPermissions.remove(id, given, extension)).then(() => done(), (error) => done(String(error)))"""
        with self.driver.using_context("chrome"):
            wrong = self.driver.execute_async_script(script, script_args=[ADDON, list(origins)])
        assert wrong is None, wrong

    def open(self, address: str) -> None:
        self.driver.switch_to_window(self.tab)
        self.driver.navigate(address)

    def menu(self, selector: str, item: str) -> None:
        """Right click on the element, and choose `item` (its words) of the menu that opens."""
        from marionette_driver.marionette import ActionSequence

        element = self.driver.find_element("css selector", selector)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", script_args=[element])
        mouse = ActionSequence(self.driver, "pointer", "mouse", {"pointerType": "mouse"})
        mouse.pointer_move(0, 0, origin=element).pointer_down(button=2).pointer_up(button=2).perform()
        with self.driver.using_context("chrome"):
            chosen = self.driver.execute_async_script(CHOOSE, script_args=[item])
        assert chosen == item

    def keys(self, letter: str) -> None:
        """Press Alt+Shift and `letter`, in the address bar: keys that a headless Firefox gets in a page end there."""
        from marionette_driver.keys import Keys
        from marionette_driver.marionette import ActionSequence

        with self.driver.using_context("chrome"):
            self.driver.execute_script("gURLBar.focus()")
            keys = ActionSequence(self.driver, "key", "keyboard")
            keys.key_down(Keys.ALT).key_down(Keys.SHIFT).key_down(letter)
            keys.key_up(letter).key_up(Keys.SHIFT).key_up(Keys.ALT).perform()

    def press(self) -> Panel:
        with self.driver.using_context("chrome"):
            self.driver.execute_script(OPEN, script_args=[WIDGET])
        panel = Panel(self)
        panel.until_true("content.document.readyState === 'complete' && !!content.document.body?.dataset.state")
        return panel


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + WAIT_S
    while True:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline, "Firefox does not start"
        time.sleep(0.1)


class Panel:
    """The popup that is open: its document lives in the extension's process, and a frame script speaks to it."""

    def __init__(self, browser: Firefox) -> None:
        self.browser = browser
        self._until(lambda: self._chrome(f"return !!{PANEL}"), "no panel opened")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in which `content` is the panel's window; it must be JSON."""
        name = f"dateline-test-{next(self.browser._numbers)}"
        frame_script = (
            f"let told; try {{ told = JSON.stringify({expression}) ?? null }} catch (error) {{ told = null }};"
            f"sendAsyncMessage({json.dumps(name)}, told)"
        )
        script = f"""const [source, name, done] = arguments; const {{messageManager}} = {PANEL};
            messageManager.addMessageListener(name, function heard(said) {{
              messageManager.removeMessageListener(name, heard); done(said.data) }});
            setTimeout(() => done(null), 5000);  // the panel's process was changed under it
            messageManager.loadFrameScript("data:," + encodeURIComponent(source), false)"""
        with self.browser.driver.using_context("chrome"):
            told = self.browser.driver.execute_async_script(script, script_args=[frame_script, name])
        return None if told is None else json.loads(told)

    @property
    def state(self) -> str:
        return self.evaluate("content.document.body.dataset.state")

    @property
    def said(self) -> str:
        return self.text("#standing")

    def text(self, selector: str) -> str:
        return self.evaluate(f"content.document.querySelector({json.dumps(selector)}).innerText")

    def click(self, selector: str) -> None:
        self.evaluate(f"content.document.querySelector({json.dumps(selector)}).click()")

    def type(self, selector: str, text: str) -> None:
        self.evaluate(
            f"(() => {{ const field = content.document.querySelector({json.dumps(selector)});"
            f" field.value = {json.dumps(text)}; field.dispatchEvent(new content.Event('change')); return true }})()"
        )

    def until(self, *states: str, timeout_s: float = WAIT_S) -> str:
        self._until(lambda: self.state in states, "still {self.state}: {self.said}", timeout_s)
        return self.said

    def until_true(self, expression: str, timeout_s: float = WAIT_S) -> None:
        self._until(lambda: self.evaluate(expression), f"never: {expression}", timeout_s)

    def close(self) -> None:
        self._chrome(f"{PANEL}.closest('panel').hidePopup()")
        self._until(lambda: self._chrome(f"return !{PANEL}"), "the panel stays")

    def _chrome(self, script: str) -> Any:
        with self.browser.driver.using_context("chrome"):
            return self.browser.driver.execute_script(script)

    def _until(self, happened, complaint: str, timeout_s: float = WAIT_S) -> None:
        deadline = time.monotonic() + timeout_s
        while not happened():
            assert time.monotonic() < deadline, complaint.format(self=self)
            time.sleep(0.1)
