"""The extension in a real Firefox, by its real button; and the bookmarklet there. What Chromium's tests say once is
not said again: here is what Firefox does in its own way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import extension_archive, extension_site
from tests.extension_archive import Archive
from tests.extension_firefox import FIREFOX, Firefox
from tests.extension_site import ELSEWHERE, NEWS, TYPED, picture
from webapp.access import accounts
from webapp.model import CameBy
from webapp.pages.bookmarklet import bookmarklet
from webapp.pages.extension import packed

ROOT = Path(__file__).resolve().parent.parent
IN_QUEUE = """const [done] = arguments; import('./queue.js').then(queue => queue.all()).then(all => done(all.length))"""
FORGET = """const [done] = arguments; import('./queue.js').then(async (queue) => {
    for (const { clip_id } of await queue.all()) await queue.remove(clip_id);
    await browser.storage.local.clear(); done() })"""
DRAIN = "const [done] = arguments; browser.runtime.sendMessage({ask: 'drain'}).then(() => done(), () => done())"
SELECT = """const [one, two] = document.querySelectorAll("article p");
    getSelection().setBaseAndExtent(one.firstChild, 4, two.firstChild, 60)"""
LINK = """const link = document.createElement("a");
    Object.assign(link, {id: "there", href: arguments[0], textContent: "there"});
    document.querySelector("h1").append(link)"""
AS_A_BOOKMARK = """openTrustedLinkIn(arguments[0], 'current',
    {allowPopups: true, allowInheritPrincipal: true, inBackground: false})"""

pytestmark = pytest.mark.browser
archive, site = extension_archive.archive, extension_site.site


@pytest.fixture(scope="module", autouse=True)
def driver() -> None:
    if not FIREFOX.exists():
        pytest.skip("there is no Firefox on this machine")
    pytest.importorskip("marionette_driver")


@pytest.fixture(scope="module")
def extension(tmp_path_factory) -> Path:
    """As Settings → Devices offers it."""
    path = tmp_path_factory.mktemp("packed") / "dateline.xpi"
    path.write_bytes(packed(ROOT / "extension", "firefox"))
    return path


@pytest.fixture(scope="module")
def firefox(extension, tmp_path_factory) -> Iterator[Firefox]:
    opened = Firefox(extension, tmp_path_factory.mktemp("profile") / "firefox")
    yield opened
    opened.close()


@pytest.fixture
def browser(firefox: Firefox, archive: Archive) -> Firefox:
    firefox.in_settings(FORGET)
    firefox.choose(server=archive.address, token=archive.token, saveOnOpen=True)
    return firefox


def test_one_click_keeps_the_page_and_the_pictures_that_firefox_lets_it_read(browser, archive, site):
    browser.open(f"{site}/plain#a-place")
    panel = browser.press()
    assert panel.until("kept") == "Kept"
    assert "215 words · 1 picture, 1 missed · by Ada Quill" in panel.text("#receipt")
    assert "Bring pictures of other sites" in panel.text("#receipt")
    panel.close()
    clip, article, version, raw = archive.newest()
    assert (article.address, clip.came_by) == (f"{site}/plain", CameBy.EXTENSION)
    assert archive.parts(clip) == {"plain-own.png": picture("/plain-own.png")}
    assert "written by a script" in version.body_text
    assert "shown in a frame of the same house" in version.body_text
    for left_out in (TYPED, "csrf-of-the-page", "chosen-by-hand", "<canvas", "<form"):
        assert left_out.encode() not in raw


@pytest.mark.parametrize(
    ("path", "words", "pictures"),
    [
        ("strict", "eastern breakwater", {"strict-own.png"}),
        ("shadow", "Even a note within a note, two roots deep", {"shadow-own.png"}),
        ("below", "the levy was paid", {"below-own.png", "late.png"}),
        ("rtl", "מועצת הנמל", set()),
    ],
    ids=["strict policy", "shadow roots", "lazy pictures", "right to left"],
)
def test_a_page_that_is_hard_to_keep_is_kept(browser, archive, site, path, words, pictures):
    browser.open(f"{site}/{path}")
    panel = browser.press()
    panel.until("kept")
    panel.close()
    clip, _, version, _ = archive.newest()
    assert words in " ".join(version.body_text.split())
    assert set(archive.parts(clip)) == pictures
    assert version.details["direction"] == ("rtl" if path == "rtl" else "ltr")


def test_pictures_of_other_sites_come_too_once_that_was_allowed(browser, archive, site):
    browser.allow("http://*/*", "https://*/*")
    browser.open(f"{site}/allowed")
    panel = browser.press()
    panel.until("kept")
    panel.close()
    clip, _, _, _ = archive.newest()
    assert set(archive.parts(clip)) == {"allowed-lead.png", "allowed-own.png"}
    browser.allow()


def test_what_only_members_see_is_kept_as_the_member_sees_it(browser, archive, site):
    browser.open(f"{site}/sign-in")
    browser.open(f"{site}/members")
    panel = browser.press()
    panel.until("kept")
    panel.close()
    assert "eastern breakwater" in archive.newest()[2].body_text


def test_thirty_megabytes_are_kept_and_the_tab_answers_meanwhile(browser, archive, site):
    browser.open(f"{site}/large")
    browser.driver.execute_script(
        """window.wrappedJSObject.longest = 0; let last = performance.now();
        setInterval(() => { const now = performance.now();
          window.wrappedJSObject.longest = Math.max(window.wrappedJSObject.longest, now - last); last = now }, 5)""",
        sandbox="default",
    )
    panel = browser.press()
    panel.until("sending", "working", "kept")
    longest_ms = browser.driver.execute_script("return window.wrappedJSObject.longest", sandbox="default")
    panel.until("kept", timeout_s=60)
    panel.close()
    _, _, version, _ = archive.newest()
    assert 0 < longest_ms < 1_000
    assert sum(image.asset is not None for image in version.images) >= 12


def test_only_the_selection_is_kept_when_there_is_one(browser, archive, site):
    browser.open(f"{site}/plain?selected")
    browser.driver.execute_script(SELECT)
    panel = browser.press()
    panel.until("kept")
    panel.close()
    _, _, version, raw = archive.newest()
    assert version.body_text.startswith("harbour council of Latakia voted on Monday")
    assert version.body_text.endswith("voted on Tuesday to rebuild t")
    assert b"voted on Thursday" in raw


def test_menus_keep_the_page_a_selection_a_picture_and_the_page_behind_a_link(browser, archive, site):
    browser.open(f"{site}/menus")
    before = archive.articles()
    browser.menu("img[src$='menus-own.png']", "Keep this picture in Dateline")
    wait_for(archive.articles, before + 1)
    clip, article, version, _ = archive.newest()
    assert (article.address, version.title) == (f"{site}/menus-own.png", "The pier")
    assert archive.parts(clip) == {"menus-own.png": picture("/menus-own.png")}
    link = site.replace("news.test", "127.0.0.1") + "/linked"  # the archive knows no news.test
    browser.driver.execute_script(LINK, script_args=[link])
    browser.menu("#there", "Keep the page behind this link in Dateline")
    wait_for(archive.articles, before + 2)
    assert archive.newest()[1].address == link
    browser.menu("h1", "Keep this page in Dateline")
    wait_for(archive.articles, before + 3)
    _, article, version, _ = archive.newest()
    assert article.address == f"{site}/menus"
    assert "voted on Thursday" in version.body_text
    browser.driver.execute_script(SELECT)
    browser.menu("article p", "Keep the selection in Dateline")
    wait_for(lambda: archive.newest()[1].version_count, 2)
    _, _, version, raw = archive.newest()
    assert version.body_text.startswith("harbour council of Latakia voted on Monday")
    assert version.body_text.endswith("voted on Tuesday to rebuild t")
    assert b"voted on Thursday" in raw


def test_the_keys_keep_the_page_without_opening_anything(browser, archive, site):
    browser.open(f"{site}/keyed")
    before = archive.articles()
    browser.keys("S")
    wait_for(archive.articles, before + 1)
    assert archive.newest()[1].address == f"{site}/keyed"


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("about:support", "belongs to the browser"),
        ("view-source:", "page's source"),
        ("/report.pdf", "This is a PDF"),
    ],
)
def test_pages_that_cannot_be_read_say_why(browser, site, address, says):
    browser.open(
        {"view-source:": f"view-source:{site}/plain", "/report.pdf": f"{site}/report.pdf"}.get(address, address)
    )
    panel = browser.press()
    said = panel.until("unreadable")
    panel.close()
    assert says in said


def test_a_revoked_browser_says_so_and_sends_the_page_when_connected_again(browser, archive, site):
    lost = accounts.make_device(archive.services, archive.owner, "Lost", accounts.SCOPES)
    browser.choose(token=lost.token)
    accounts.revoke(archive.services, archive.owner, lost.device.id)
    browser.open(f"{site}/revoked")
    panel = browser.press()
    assert "does not know this browser any more" in panel.until("waiting")
    panel.close()
    before = archive.articles()
    browser.choose(token=archive.token)
    wait_for(archive.articles, before + 1)


def test_a_page_kept_while_the_archive_is_down_arrives_once_after_both_have_started_again(
    extension, site, tmp_path, confined
):
    archive = Archive(tmp_path / "archive", confined)
    browser = Firefox(extension, tmp_path / "profile")
    browser.choose(server=archive.address, token=archive.token, saveOnOpen=True)
    browser.open(f"{site}/plain")
    panel = browser.press()
    assert "does not answer" in panel.until("waiting")
    browser.close()
    archive.start()
    browser = Firefox(extension, tmp_path / "profile")
    browser.in_settings(DRAIN)
    wait_for(lambda: browser.in_settings(IN_QUEUE), 0)
    wait_for(archive.articles, 1)
    with archive.services.store.read() as work:
        assert [clip.address for clip in work.clips.recent(archive.owner, 10)] == [f"{site}/plain"]
    browser.close()
    archive.close()


def test_a_note_written_while_the_archive_is_down_arrives_after_both_have_started_again(
    extension, site, tmp_path, confined
):
    archive = Archive(tmp_path / "archive", confined)
    browser = Firefox(extension, tmp_path / "profile")
    browser.choose(server=archive.address, token=archive.token, saveOnOpen=True)
    archive.start()
    browser.open(f"{site}/plain")
    panel = browser.press()
    panel.until("kept")
    archive.kill()
    panel.type("#note", "Written while it was away.")
    panel.until_true("content.document.getElementById('queue').innerText.includes('does not answer')")
    browser.close()
    archive.start()
    browser = Firefox(extension, tmp_path / "profile")
    browser.in_settings(DRAIN)
    wait_for(lambda: archive.newest()[1].note, "Written while it was away.")
    wait_for(lambda: browser.in_settings(IN_QUEUE), 0)
    browser.close()
    archive.close()


def test_when_firefox_has_no_room_it_is_said_and_nothing_that_waits_is_lost(extension, site, tmp_path, confined):
    archive = Archive(tmp_path / "archive", confined)
    browser = Firefox(extension, tmp_path / "profile", storage_limit_kb=3_000)
    browser.choose(server=archive.address, token=archive.token, saveOnOpen=True)
    browser.open(f"{site}/plain")
    panel = browser.press()
    panel.until("waiting")
    panel.close()
    browser.open(f"{site}/large")
    panel = browser.press()
    said = panel.until("ready")
    panel.close()
    assert "no room left" in said
    assert "still open" in said
    assert browser.in_settings(IN_QUEUE) == 1
    archive.start()
    browser.open(f"{site}/large?again")
    panel = browser.press()
    panel.until("kept")  # sent at once
    panel.close()
    wait_for(lambda: browser.in_settings(IN_QUEUE), 0)
    with archive.services.store.read() as work:
        addresses = {clip.address for clip in work.clips.recent(archive.owner, 10)}
    assert addresses == {f"{site}/plain", f"{site}/large?again"}
    browser.close()
    archive.close()


def test_the_bookmarklet_keeps_the_page_here_too(browser, archive, site):
    driver = browser.driver
    browser.open(archive.address + accounts.make_sign_in_link(archive.services))
    driver.find_element("css selector", "main button").click()
    wait_for(lambda: driver.get_url(), archive.address + "/")
    browser.open(f"{site}/strict?bookmark")
    before = set(driver.window_handles)
    with driver.using_context("chrome"):
        script = bookmarklet(ROOT / "static" / "bookmarklet.js", archive.address)
        driver.execute_script(AS_A_BOOKMARK, script_args=[script])
    wait_for(lambda: len(set(driver.window_handles) - before), 1)
    driver.switch_to_window((set(driver.window_handles) - before).pop())
    wait_for(lambda: driver.execute_script("return document.getElementById('save')?.checkVisibility() ?? false"), True)
    driver.find_element("css selector", "#save").click()
    wait_for(lambda: driver.execute_script("return !!document.querySelector('.clip-state.kept')"), True)
    driver.close()
    driver.switch_to_window(browser.tab)
    clip, article, version, _ = archive.newest()
    assert (clip.came_by, article.address) == (CameBy.BOOKMARKLET, f"{site}/strict?bookmark")
    assert "eastern breakwater" in version.body_text


def test_the_names_of_the_test_are_the_browsers(browser):
    """Both hosts must be on this machine, or the tests above would ask the web."""
    driver = browser.driver
    with driver.using_context("chrome"):
        local = driver.execute_script("return Services.prefs.getStringPref('network.dns.localDomains')")
    assert {NEWS, ELSEWHERE} == set(local.split(","))


def wait_for(asked, expected, timeout_s: float = 60.0) -> None:
    deadline = time.monotonic() + timeout_s
    while (found := asked()) != expected:
        assert time.monotonic() < deadline, f"still {found}, not {expected}"
        time.sleep(0.2)
