"""The packed extension: what is in it, for which browser, that it asks for no more than it needs, and who gets it."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from webapp.pages.extension import BROWSERS, packed
from webapp.version import VERSION

SOURCE = Path(__file__).resolve().parent.parent / "extension"
LINES_MOST = 900  # of JavaScript, comments and blank lines not counted


@pytest.fixture(params=BROWSERS)
def opened(request) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(packed(SOURCE, request.param)))


def manifest_of(browser: str) -> dict:
    return json.loads(zipfile.ZipFile(io.BytesIO(packed(SOURCE, browser))).read("manifest.json"))


def test_everything_that_is_named_is_in_the_package_and_nothing_else(opened):
    files = set(opened.namelist())
    named = {"manifest.json", "capture.js"}
    for name in sorted(files):
        if name.endswith((".html", ".js", ".json")):
            text = opened.read(name).decode()
            named |= {found.removeprefix("./") for found in re.findall(r'"(\.?[\w./-]+\.(?:js|css|html|png))"', text)}
            named |= {found.partition("#")[0] for found in re.findall(r'"(icons/[\w./]+svg)#', text)}
            named |= {"icons/marks.svg"} if "icons/marks.svg#" in text else set()
    assert named == files


def test_the_same_source_gives_the_same_bytes(tmp_path):
    again = shutil.copytree(SOURCE, tmp_path / "extension")
    for path in again.rglob("*"):
        path.touch()
    for browser in BROWSERS:
        assert packed(SOURCE, browser) == packed(again, browser)


def test_it_asks_for_no_host_and_says_its_policy_aloud():
    for browser in BROWSERS:
        manifest = manifest_of(browser)
        assert manifest["version"] == VERSION
        assert "host_permissions" not in manifest
        needed = {"activeTab", "alarms", "contextMenus", "scripting", "storage", "unlimitedStorage"}
        assert set(manifest["permissions"]) == needed | ({"pageCapture"} if browser == "chromium" else set())
        policy = manifest["content_security_policy"]["extension_pages"]  # without one Firefox turns http into https
        assert "script-src 'self'" in policy
        assert "connect-src http: https:" in policy
        assert "unsafe" not in policy


def test_each_browser_gets_its_own_words_only():
    assert manifest_of("chromium")["background"] == {"service_worker": "background.js", "type": "module"}
    assert manifest_of("firefox")["background"] == {"scripts": ["background.js"], "type": "module"}
    assert "browser_specific_settings" not in manifest_of("chromium")
    assert manifest_of("firefox")["browser_specific_settings"]["gecko"]["id"] == "dateline@dateline.invalid"


def test_it_stays_small():
    text = "".join(path.read_text() for path in SOURCE.glob("*.js"))
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("//", "/**", "*"))]
    assert len(lines) <= LINES_MOST


def test_nothing_in_it_makes_code_or_markup_of_text_or_asks_elsewhere():
    for path in SOURCE.rglob("*"):
        if path.suffix in (".js", ".html", ".css"):
            text = path.read_text()
            assert not re.search(
                r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", text
            ), path
            assert not re.search(r"(?:src|href)=\"https?://", text), path


def test_the_reader_gets_it_in_settings_and_nobody_else_does(client, services):
    page = client.get("/settings/devices").text
    for browser in BROWSERS:
        path = f"/settings/devices/dateline-{browser}.zip"
        assert path in page
        answer = client.get(path)
        assert answer.data == packed(SOURCE, browser)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="dateline-{browser}-{VERSION}.zip"'
    assert client.get("/settings/devices/dateline-netscape.zip").status_code == 404


def test_a_stranger_is_sent_to_the_door(stranger):
    assert stranger.get("/settings/devices/dateline-firefox.zip").status_code == 303


def test_the_tool_writes_both(tmp_path):
    from tools import build_extension

    build_extension.main(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"dateline-{browser}-{VERSION}.zip" for browser in BROWSERS}


@pytest.mark.parametrize("name", ["background.js", "capture.js", "mhtml.js", "options.js", "page.js", "popup.js"])
def test_every_script_can_be_read(name):
    if shutil.which("node") is None:
        return  # the browsers' own tests read them; this only finds a slip sooner
    kind = "commonjs" if name == "capture.js" else "module"
    checked = subprocess.run(
        ["node", f"--input-type={kind}", "--check"], input=(SOURCE / name).read_bytes(), capture_output=True
    )
    assert checked.returncode == 0, checked.stderr.decode()
