"""A Firefox that a reader sits at: pages, keys, the mouse. What Chromium shows is in browsers.py."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.extension_archive import free_port
from tests.extension_firefox import FIREFOX, wait_for_port

WAIT_S = 20.0
PREFERENCES = {
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "ui.prefersReducedMotion": 1,
}
NAMED = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "Home": "\ue011"}
NAMED |= {"ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015"}
MIDDLE = """const box = arguments[0].getBoundingClientRect();
return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]"""


class Firefox:
    def __init__(self, profile: Path) -> None:
        from marionette_driver.marionette import Marionette

        port = free_port()
        profile.mkdir(exist_ok=True)
        chosen = {**PREFERENCES, "marionette.port": port}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in chosen.items()]
        (profile / "user.js").write_text("".join(lines))
        arguments = ["--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile"]
        size = ["--width", "1440", "--height", "1000"]
        self.process = subprocess.Popen(
            [str(FIREFOX), *arguments, str(profile), *size], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for_port(port)
        self.driver = Marionette(host="127.0.0.1", port=port)
        self.driver.raise_for_port = lambda *_, **__: None  # it leaves its sockets open
        self.driver.start_session()

    def close(self) -> None:
        with self.driver.using_context("chrome"):
            self.driver.execute_script(
                "Services.tm.dispatchToMainThread(() => Services.startup.quit(Ci.nsIAppStartup.eForceQuit))"
            )
        self.process.wait(30)
        self.driver.cleanup()

    def open(self, address: str) -> None:
        """Go there, and wait until the scripts have run."""
        self.driver.navigate(address)
        self.until("return document.readyState === 'complete'")

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, script_args=list(arguments), sandbox=None)

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector))

    def until(self, script: str, *arguments: object) -> Any:
        """Run `script` until it returns something that is true."""
        deadline = time.monotonic() + WAIT_S
        while not (told := self.run(script, *arguments)):
            assert time.monotonic() < deadline, f"never: {script} {arguments}"
            time.sleep(0.05)
        return told

    def see(self, selector: str) -> None:
        """Wait until there is such an element."""
        self.until("return document.querySelector(arguments[0]) !== null", selector)

    def press(self, *keys: str) -> None:
        from marionette_driver.marionette import ActionSequence

        typed = ActionSequence(self.driver, "key", "keyboard")
        for key in keys:
            typed.key_down(NAMED.get(key, key)).key_up(NAMED.get(key, key))
        typed.perform()

    def point(self, selector: str, *, press: bool = False) -> None:
        """Move the mouse to the middle of an element, and press there."""
        from marionette_driver.marionette import ActionSequence

        x, y = self.run(f"arguments[0] = document.querySelector(arguments[0]); {MIDDLE}", selector)
        mouse = ActionSequence(self.driver, "pointer", "mouse", {"pointerType": "mouse"}).pointer_move(x, y)
        (mouse.pointer_down(button=0).pointer_up(button=0) if press else mouse).perform()
