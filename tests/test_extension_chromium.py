"""The extension in a real Chromium, by its real button, with a real archive: what a reader does twenty times a day."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import extension_archive, extension_site
from tests.extension_archive import Archive, ill_server
from tests.extension_chromium import Chromium
from tests.extension_site import TYPED, picture
from webapp.access import accounts
from webapp.articles.correcting import facts_of
from webapp.filing import tagging
from webapp.model import CameBy, TagKind

SOURCE = Path(__file__).resolve().parent.parent / "extension"
STOPWATCH = """() => { window.longest = 0; let last = performance.now(); const { port1, port2 } = new MessageChannel();
port1.onmessage = () => { const now = performance.now(); longest = Math.max(longest, now - last); last = now;
setTimeout(() => port2.postMessage(0), 0) }; port2.postMessage(0) }"""
SELECT = """() => { const [one, two] = document.querySelectorAll("article p");
getSelection().setBaseAndExtent(one.firstChild, 4, two.firstChild, 60) }"""
IN_QUEUE = "import('./queue.js').then(queue => queue.all()).then(all => all.length)"
DRAIN = "chrome.runtime.sendMessage({ask: 'drain'})"
WORDS = "import('./queue.js').then(queue => queue.all()).then(all => all.filter(each => each.of).length)"
TRIES = "import('./queue.js').then(queue => queue.all()).then(([first]) => first.tries)"
PATIENT = "() => { const real = AbortSignal.timeout.bind(AbortSignal); AbortSignal.timeout = () => real(700) }"

pytest_plugins = ["browsers"]
pytestmark = pytest.mark.browser
archive, site = extension_archive.archive, extension_site.site


@pytest.fixture(scope="module")
def chromium(playwright, tmp_path_factory) -> Iterator[Chromium]:
    opened = Chromium(playwright, SOURCE, tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture
def browser(chromium: Chromium, archive: Archive) -> Chromium:
    """The browser, connected to the archive, with nothing waiting and nothing remembered."""
    forget(chromium)
    chromium.choose(server=archive.address, token=archive.token, saveOnOpen=True)
    return chromium


def test_one_click_keeps_the_page_as_it_is_shown(browser, archive, site):
    browser.open(f"{site}/plain#a-place")
    popup = browser.press()
    assert popup.until("kept") == "Kept"
    assert popup.text("#receipt") == "215 words · 2 pictures · by Ada Quill"
    popup.close()
    clip, article, version, raw = archive.newest()
    assert article.address == f"{site}/plain"
    assert clip.came_by is CameBy.EXTENSION
    assert archive.parts(clip) == {name: picture(f"/{name}") for name in ("plain-lead.png", "plain-own.png")}
    assert [image.asset is not None for image in version.images] == [True, True]
    assert "written by a script" in version.body_text
    assert "shown in a frame of the same house" in version.body_text
    for left_out in (TYPED, "csrf-of-the-page", "chosen-by-hand", "<canvas", "<form", "<input", "querySelector"):
        assert left_out.encode() not in raw
    assert browser.evaluate_badge() == "✓"


@pytest.mark.parametrize(
    ("path", "words", "pictures"),
    [
        ("strict", "eastern breakwater", {"strict-lead.png", "strict-own.png"}),
        ("shadow", "said Ada Quill, and nobody believes it", {"shadow-lead.png", "shadow-own.png", "shadow.png"}),
        ("below", "the levy was paid", {"below-lead.png", "below-own.png", "late.png", "chosen.png"}),
        ("rtl", "מועצת הנמל", {"rtl-lead.png"}),
    ],
    ids=["strict policy", "shadow roots", "lazy pictures", "right to left"],
)
def test_a_page_that_is_hard_to_keep_is_kept(browser, archive, site, path, words, pictures):
    browser.open(f"{site}/{path}")
    browser.press().until("kept")
    clip, _, version, _ = archive.newest()
    assert words in " ".join(version.body_text.split())
    assert archive.parts(clip) == {name: picture(f"/{name}") for name in pictures}
    assert {image.address.rpartition("/")[2] for image in version.images if image.asset} == pictures
    assert version.details["direction"] == ("rtl" if path == "rtl" else "ltr")
    assert "two roots deep" in version.body_text or path != "shadow"


def test_what_only_members_see_is_kept_as_the_member_sees_it(browser, archive, site):
    browser.open(f"{site}/sign-in")
    browser.open(f"{site}/members")
    browser.press().until("kept")
    assert "eastern breakwater" in archive.newest()[2].body_text


def test_thirty_megabytes_do_not_freeze_the_tab(browser, archive, site):
    browser.open(f"{site}/large")
    assert browser.page.evaluate("document.documentElement.outerHTML.length") > 30_000_000
    browser.page.evaluate(STOPWATCH)
    popup = browser.press()
    popup.until("sending", "working", "kept")
    longest_ms = browser.page.evaluate("longest")
    popup.until("kept", timeout_s=60)
    clip, _, version, _ = archive.newest()
    assert longest_ms < 1_000, "the page did not answer for so long"
    assert clip.raw_bytes < 20_000_000  # the scripts' state stayed behind
    assert sum(image.asset is not None for image in version.images) == 13


def test_only_the_selection_is_kept_when_there_is_one(browser, archive, site):
    browser.open(f"{site}/plain?selected")
    browser.page.evaluate(SELECT)
    popup = browser.press()
    popup.until("kept")
    assert "harbour council of Latakia voted on Monday" in popup.text("#selection")
    _, _, version, raw = archive.newest()
    assert version.body_text.startswith("harbour council of Latakia voted on Monday")
    assert version.body_text.endswith("voted on Tuesday to rebuild t")
    assert b"voted on Thursday" in raw


def test_pressing_again_shows_the_receipt_and_keeps_no_second_version(browser, archive, site):
    browser.open(f"{site}/again")
    browser.press().until("kept")
    browser.page.reload()
    assert browser.press().until("kept") == "Kept"
    assert archive.newest()[1].version_count == 1
    browser.worker.evaluate("() => chrome.storage.local.remove('recent')")  # as if it had been kept long ago
    popup = browser.press()
    assert "Keeping it again adds a version" in popup.until("already")
    popup.click("#again")
    assert popup.until("kept") == "Kept as version 2"
    assert "Not a word differs" in popup.text("#receipt")
    assert archive.newest()[1].version_count == 2


def test_without_keeping_at_once_title_tags_and_note_come_first(browser, archive, site):
    browser.choose(saveOnOpen=False)
    browser.open(f"{site}/asked")
    popup = browser.press()
    popup.until("ready")
    popup.type("#title", "My own headline")
    popup.type("#tag", "syri")
    popup.until_true("document.querySelectorAll('#found li').length > 0 && !document.querySelector('#found').hidden")
    popup.key("#tag", "Enter")
    popup.type("#tag", "nowhereland")
    popup.until_true("document.querySelector('#found').hidden")
    popup.key("#tag", "Enter")
    assert "no region or topic of this name" in popup.said
    popup.type("#note", "Ask about the levy.")
    popup.key("#note", "Enter", ctrl=True)
    popup.until("kept")
    browser.until(lambda: archive.newest()[1].title, "My own headline")
    assert popup.evaluate("document.getElementById('title').value") == "My own headline"
    _, article, _, _ = archive.newest()
    assert article.note == "Ask about the levy."
    assert [tag.tag_id for tag in article.tags] == ["r-sy"]


def test_a_tag_and_a_note_can_come_after_it_and_undo_takes_it_back(browser, archive, site):
    browser.open(f"{site}/after")
    popup = browser.press()
    popup.until("kept")
    popup.type("#tag", "keny")
    popup.until_true("!document.querySelector('#found').hidden")
    popup.key("#tag", "Enter")
    popup.type("#note", "Written afterwards.")
    browser.until(lambda: (archive.newest()[1].note, [tag.tag_id for tag in archive.newest()[1].tags]),
                  ("Written afterwards.", ["r-ke"]))  # fmt: skip
    before = archive.articles()
    popup.click("#undo")
    assert "trash holds it" in popup.until("undone")
    assert archive.articles() == before - 1


@pytest.mark.parametrize("at_once", [True, False], ids=["after it was kept", "before"])
def test_of_places_with_one_name_the_chosen_one_is_taken(browser, archive, site, at_once):
    found = [each.tag for each in tagging.complete(archive.services, TagKind.REGION, "Springfield")]
    assert [tag.name for tag in found[:3]] == ["Springfield"] * 3
    browser.choose(saveOnOpen=at_once)
    browser.open(f"{site}/springfield-{at_once}")
    popup = browser.press()
    popup.until("kept" if at_once else "ready")
    popup.type("#tag", "Springfield")
    popup.until_true("document.querySelectorAll('#found li').length > 3")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        popup.key("#tag", key)
    if not at_once:
        popup.click("#keep")
        popup.until("kept")
    browser.until(lambda: [tag.tag_id for tag in archive.newest()[1].tags], [found[2].id])


def test_a_suggestion_is_accepted_and_the_answer_taken_back(browser, archive, site):
    browser.open(f"{site}/suggested")
    popup = browser.press()
    popup.until("kept")
    popup.until_true("document.querySelectorAll('.suggestions li').length > 0")
    assert popup.text("#suggested-title").lower().endswith("suggested")
    assert popup.evaluate("document.querySelector('.suggestions .why').textContent") != ""
    for pressed, filed in (("true", 1), ("false", 0)):
        popup.click(".suggestions li .tag")
        assert popup.evaluate("document.querySelector('.suggestions li .tag').ariaPressed") == pressed
        browser.until(lambda: len(archive.newest()[1].tags), filed)
    popup.click(".suggestions li .quiet")
    assert popup.evaluate("document.querySelector('.suggestions li').dataset.answer") == "rejected"
    browser.wait(300)
    assert archive.newest()[1].tags == ()


def test_menus_keep_the_page_a_selection_a_picture_and_the_page_behind_a_link(browser, archive, site):
    browser.choose(saveOnOpen=False)
    browser.open(f"{site}/menus")
    browser.press().until("ready")  # gives leave to read this tab, as the click in a menu does
    before = archive.articles()
    address = site.replace("news.test", "pictures.test") + "/menus-lead.png"
    browser.menu("image", srcUrl=address)
    browser.until(archive.articles, before + 1)
    clip, article, version, _ = archive.newest()
    assert (article.address, version.title) == (address, "The harbour")
    assert archive.parts(clip) == {"menus-lead.png": picture("/menus-lead.png")}
    link = site.replace("news.test", "127.0.0.1") + "/linked"  # the archive knows no news.test
    browser.menu("link", linkUrl=link)
    browser.until(archive.articles, before + 2)
    assert archive.newest()[1].address == link
    browser.page.evaluate(SELECT)
    browser.menu("page")
    browser.until(archive.articles, before + 3)
    _, article, version, _ = archive.newest()
    assert article.address == f"{site}/menus"
    assert "voted on Thursday" in version.body_text  # all of it, whatever is selected
    browser.menu("selection")
    browser.until(lambda: archive.newest()[1].version_count, 2)
    _, _, version, raw = archive.newest()
    assert version.body_text.startswith("harbour council of Latakia voted on Monday")
    assert version.body_text.endswith("voted on Tuesday to rebuild t")
    assert b"voted on Thursday" in raw


def test_the_keys_keep_the_page_and_the_button_says_so(browser, archive, site):
    browser.new_tab()
    browser.open(f"{site}/keyed")
    before = archive.articles()
    browser.keys("S")
    browser.until(archive.articles, before + 1)
    assert archive.newest()[1].address == f"{site}/keyed"
    browser.until(browser.evaluate_badge, "✓")


def test_all_tabs_of_the_window_are_kept(playwright, archive, site, tmp_path):
    """With leave to read all sites, which the popup asks for; no test can press the browser's own question."""

    def grant(manifest):
        manifest["host_permissions"] = manifest["optional_host_permissions"]
        manifest["optional_host_permissions"] = []

    browser = Chromium(playwright, altered(tmp_path, grant), tmp_path / "profile")
    browser.choose(server=archive.address, token=archive.token, saveOnOpen=False)
    before = archive.articles()
    for number in range(3):
        browser.context.new_page().goto(f"{site}/tab-{number}")
    browser.open(f"{site}/tab-3")
    popup = browser.press()
    popup.until("ready")
    popup.click("#tabs")
    popup.until_true("document.getElementById('standing').innerText.includes('tabs kept')")
    assert popup.said.startswith("4 tabs kept.")
    assert "belongs to the browser" in popup.said  # the empty tab that is there from the start
    browser.until(archive.articles, before + 4)
    browser.close()


def test_a_page_kept_while_the_archive_is_down_arrives_once_after_both_have_started_again(
    playwright, site, tmp_path, confined
):
    archive = Archive(tmp_path / "archive", confined)
    browser = Chromium(playwright, SOURCE, tmp_path / "profile")
    browser.choose(server=archive.address, token=archive.token, saveOnOpen=True)
    browser.open(f"{site}/plain")
    popup = browser.press()
    said = popup.until("waiting")
    assert "does not answer" in said
    assert "safe here" in said
    browser.close()
    browser = Chromium(playwright, SOURCE, tmp_path / "profile")
    browser.open(f"{site}/other")
    assert browser.press().evaluate(IN_QUEUE) >= 1
    archive.start()
    popup = browser.press()
    popup.evaluate(DRAIN)
    browser.until(lambda: popup.evaluate(IN_QUEUE), 0)
    with archive.services.store.read() as work:
        addresses = [clip.address for clip in work.clips.recent(archive.owner, 10)]
    assert sorted(addresses) == [f"{site}/other", f"{site}/plain"]
    browser.until(archive.articles, 2)
    browser.close()
    archive.close()


def test_what_is_written_while_the_archive_is_down_arrives_after_both_have_started_again(
    playwright, site, tmp_path, confined
):
    archive = Archive(tmp_path / "archive", confined)
    browser = Chromium(playwright, SOURCE, tmp_path / "profile")
    browser.choose(server=archive.address, token=archive.token, saveOnOpen=True)
    archive.start()
    browser.open(f"{site}/kept")
    popup = browser.press()
    popup.until("kept")
    archive.kill()
    write(popup, "Kenya", "Written while it was away.")
    browser.until(lambda: popup.evaluate(WORDS), 2)
    browser.until(lambda: "does not answer" in popup.text("#queue"), True)
    browser.open(f"{site}/waits")
    popup = browser.press()
    popup.until("waiting")
    write(popup, "Syria", "Written for a page that waits.")
    browser.until(lambda: popup.evaluate(WORDS), 4)
    browser.close()
    browser = Chromium(playwright, SOURCE, tmp_path / "profile")
    browser.open(f"{site}/waits")
    popup = browser.press()
    popup.until("waiting", "sending")
    assert popup.evaluate("document.getElementById('note').value") == "Written for a page that waits."
    assert popup.text("#mine") == "Syria"
    archive.start()
    popup.evaluate(DRAIN)
    browser.until(lambda: popup.evaluate(IN_QUEUE), 0)
    with archive.services.store.read() as work:
        clips = work.clips.recent(archive.owner, 10)
        found = [work.articles.get(archive.owner, clip.article_id) for clip in clips]
    assert [(each.address, each.note, [tag.tag_id for tag in each.tags]) for each in found] == [
        (f"{site}/waits", "Written for a page that waits.", ["r-sy"]),
        (f"{site}/kept", "Written while it was away.", ["r-ke"]),
    ]
    browser.close()
    archive.close()


def test_the_last_words_hold_and_words_typed_while_the_page_is_read_are_not_lost(browser, archive, site):
    browser.open(f"{site}/long?typed")
    popup = browser.press()
    popup.until("reading")
    popup.evaluate(
        "document.getElementById('note').value = 'Typed while it was read.'"
    )  # and no event: the popup closes
    popup.until("kept")
    browser.until(lambda: archive.newest()[1].note, "Typed while it was read.")
    archive.kill()
    popup.type("#note", "One.")
    popup.type("#note", "Another.")
    browser.until(lambda: popup.evaluate(WORDS), 1)
    archive.start()
    popup.evaluate(DRAIN)
    browser.until(lambda: archive.newest()[1].note, "Another.")
    browser.until(lambda: popup.evaluate(WORDS), 0)
    popup.evaluate("document.getElementById('note').value = 'The popup closed over it.'")
    popup.close()
    browser.until(lambda: archive.newest()[1].note, "The popup closed over it.")


def test_a_page_that_was_refused_is_sent_again_or_thrown_away_where_it_says_so(browser, archive, site):
    with ill_server(413, b"{}") as address:
        browser.choose(server=address)
        browser.open(f"{site}/too-large")
        popup = browser.press()
        popup.until("failed")
        popup.click("#resend")  # in vain
        browser.until(lambda: popup.evaluate(TRIES), 2)
    browser.choose(server=archive.address)
    popup.until("failed")
    popup.click("#resend")
    assert popup.until("kept") == "Kept"
    with ill_server(413, b"{}") as address:
        browser.choose(server=address)
        browser.open(f"{site}/too-large?still")
        popup = browser.press()
        popup.until("failed")
        popup.click("#undo")
        assert "Thrown away" in popup.until("undone")
        assert popup.evaluate(IN_QUEUE) == 0


def test_a_page_is_told_to_be_kept_when_its_receipt_cannot_be_shown(browser, archive, site):
    browser.open(f"{site}/unseen")
    browser.press().until("kept")
    archive.kill()
    browser.page.reload()
    popup = browser.press()
    assert "The page is kept; what was kept of it cannot be shown yet" in popup.until("unseen")
    popup.type("#note", "Written all the same.")
    archive.start()
    popup.evaluate(DRAIN)
    browser.until(lambda: archive.newest()[1].note, "Written all the same.")


def test_words_that_the_archive_refuses_stay_with_the_reason(browser, archive, site):
    clips_only = accounts.make_device(archive.services, archive.owner, "Clips only", ("clip",))
    browser.choose(token=clips_only.token)
    browser.open(f"{site}/refused")
    popup = browser.press()
    popup.until("kept")
    popup.type("#note", "It may not write this.")
    browser.until(lambda: "but not write" in popup.text("#queue"), True)
    assert "Note: A harbour rebuilds its breakwater: refused" in popup.text("#queue")
    assert archive.newest()[1].note == ""
    browser.choose(token=archive.token)
    popup.click("#queue button[title='Send it now']")
    browser.until(lambda: archive.newest()[1].note, "It may not write this.")
    popup.until_true("document.getElementById('queue').hidden")


def test_a_page_without_an_article_leads_to_where_it_is_put_right(browser, archive, site):
    browser.open(f"{site}/menu")
    popup = browser.press()
    said = popup.until("unmade")
    assert "no text was found" in said
    assert "in the page. There you can choose its text by hand." in said
    number = popup.evaluate("document.getElementById('open').pathname").rpartition("/")[2]
    popup.type("#note", "What was it?")
    browser.until(lambda: facts_of(archive.services, archive.owner, int(number)).article.note, "What was it?")


def test_an_archive_killed_at_work_gets_the_page_once(browser, archive, site):
    browser.open(f"{site}/killed")
    popup = browser.press()
    popup.until("sending", "working", "kept", "waiting")
    archive.kill()
    archive.start()
    popup.evaluate(DRAIN)
    browser.until(lambda: popup.evaluate(IN_QUEUE), 0)
    with archive.services.store.read() as work:
        clips = [clip for clip in work.clips.recent(archive.owner, 20) if clip.address == f"{site}/killed"]
    assert len(clips) == 1
    assert archive.newest()[1].address == f"{site}/killed"


def test_a_revoked_browser_says_so_keeps_the_page_and_sends_it_when_connected_again(browser, archive, site):
    lost = accounts.make_device(archive.services, archive.owner, "Lost", accounts.SCOPES)
    browser.choose(token=lost.token)
    accounts.revoke(archive.services, archive.owner, lost.device.id)
    browser.open(f"{site}/revoked")
    popup = browser.press()
    assert "does not know this browser any more" in popup.until("waiting")
    assert popup.evaluate("!document.getElementById('reconnect').hidden")
    before = archive.articles()
    browser.choose(token=archive.token)  # as the settings page does when the code was confirmed
    browser.until(archive.articles, before + 1)


@pytest.mark.parametrize(
    ("status", "content", "pause_s", "says", "state"),
    [
        (200, b"<h1>Welcome to the hotel's network</h1>", 0, "not a Dateline archive", "waiting"),
        (202, b'{"clip_id": "somebody-elses"}', 0, "does not name this clip", "waiting"),
        (413, b'{"error": {"kind": "ClipTooLarge", "message": "It accepts 1 MB."}}', 0, "It accepts 1 MB", "failed"),
        (413, b"<html>nginx</html>", 0, "larger than the archive accepts", "failed"),
        (500, b"Internal Server Error", 0, "The archive has trouble (500)", "waiting"),
        (507, b'{"error": {"kind": "DiskFull", "message": "The disk is full."}}', 0, "The disk is full", "waiting"),
        (422, b'{"error": {"kind": "BadClip", "message": "No words in it."}}', 0, "No words in it", "failed"),
        (202, b"{}", 30, "took longer than", "waiting"),
    ],
    ids=["garbage", "another clip", "413", "413 of a proxy", "500", "507", "422", "hangs"],
)
def test_whatever_answers_the_reason_is_said_and_the_page_waits(browser, site, status, content, pause_s, says, state):
    with ill_server(status, content, pause_s=pause_s) as address:
        browser.choose(server=address)
        if pause_s:
            browser.worker.evaluate(PATIENT)
        browser.open(f"{site}/ill")
        popup = browser.press()
        popup.until_true(f"document.getElementById('standing').innerText.includes({json.dumps(says)})")
        assert popup.state == state
        assert popup.evaluate(IN_QUEUE) == 1
        popup.close()
        forget(browser)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("chrome://version/", "belongs to the browser"),
        ("{site}/report.pdf", "This is a PDF"),
        ("view-source:{site}/plain", "a page's source"),  # Chromium tells extensions no more of it
        ("about:blank", "belongs to the browser"),
    ],
)
def test_pages_that_cannot_be_read_say_why(browser, archive, site, address, says):
    before = archive.articles()
    browser.new_tab()
    browser.open(address.format(site=site))
    popup = browser.press()
    assert says in popup.until("unreadable", timeout_s=5)
    assert popup.evaluate(IN_QUEUE) == 0
    assert archive.articles() == before


def test_a_source_is_told_from_its_page_which_is_kept_in_a_new_tab_as_the_popup_advises(browser, archive, site):
    """Chromium gives no leave for a source, nor then for its page in the same tab; asked, it may be silent."""
    browser.new_tab()
    browser.open(f"{site}/report.pdf")
    assert "This is a PDF" in browser.press().until("unreadable")
    browser.open(f"view-source:{site}/sourced")
    assert "open it in a new tab" in browser.press().until("unreadable", timeout_s=5)
    browser.new_tab()
    browser.open(f"{site}/sourced")
    browser.press().until("kept")
    assert archive.newest()[1].address == f"{site}/sourced"


def test_a_page_that_goes_on_while_it_is_read_is_not_kept_and_that_is_said(browser, archive, site):
    browser.open(f"{site}/long")
    before = archive.articles()
    browser.page.evaluate("() => { setInterval(() => history.pushState({}, '', `/went-on-${Date.now()}`), 40) }")
    popup = browser.press()
    assert "went on to another address" in popup.until("unreadable")
    assert popup.evaluate(IN_QUEUE) == 0
    assert archive.articles() == before


def test_when_the_browser_has_no_room_it_is_said_and_nothing_that_waits_is_lost(playwright, site, tmp_path, confined):
    """The browser's own limit; the permission `unlimitedStorage` lifts it, and leaves the disk's, told alike."""
    archive = Archive(tmp_path / "archive", confined)
    folder = altered(tmp_path, lambda manifest: manifest["permissions"].remove("unlimitedStorage"))
    browser = Chromium(playwright, folder, tmp_path / "profile")
    browser.choose(server=archive.address, token=archive.token, saveOnOpen=True)
    browser.open(f"{site}/plain")
    browser.press().until("waiting")
    browser.close()
    browser = Chromium(playwright, folder, tmp_path / "profile")  # a browser looks at its limit now and then only
    browser.limit(20_000)
    browser.open(f"{site}/fuller")
    popup = browser.press()
    said = popup.until("ready")
    assert "no room left" in said
    assert "QuotaExceededError" in said
    assert "still open" in said
    assert popup.evaluate(IN_QUEUE) == 1
    archive.start()
    popup.evaluate(DRAIN)
    browser.until(lambda: popup.evaluate(IN_QUEUE), 0)
    browser.until(archive.articles, 1)
    assert archive.newest()[1].address == f"{site}/plain"
    browser.open(f"{site}/full")
    browser.press().until("kept")  # sent at once
    assert archive.newest()[1].address == f"{site}/full"
    browser.close()
    archive.close()


def test_a_browser_is_connected_by_a_code_that_the_reader_confirms(browser, archive, site):
    browser.choose(server="", token="")
    link = accounts.make_sign_in_link(archive.services)
    reader = browser.context.new_page()
    reader.goto(archive.address + link)
    reader.click("main button")
    reader.wait_for_url(archive.address + "/")
    settings = browser.settings()
    settings.fill("#server", f"127.0.0.1:{archive.port}")
    with browser.context.expect_page() as opened:
        settings.click("#connecting .go")
    confirming = opened.value
    confirming.wait_for_load_state()
    code = settings.inner_text("#code")
    assert code in confirming.inner_text("main") or code in confirming.content()
    confirming.click("main form button.go")
    settings.wait_for_selector("#leave:visible", timeout=20_000)
    assert str(archive.port) in settings.inner_text("#where")
    for page in (reader, settings, confirming):
        page.close()
    browser.open(f"{site}/connected")
    assert browser.press().until("kept") == "Kept"
    (device, *_) = sorted(accounts.devices(archive.services, archive.owner), key=lambda each: -each.id)
    assert device.name == "Chromium on Linux"
    assert device.last_used_at is not None


def test_the_settings_page_finds_nothing_where_nothing_is_and_says_so(browser):
    browser.choose(server="", token="")
    settings = browser.settings()
    settings.fill("#server", "127.0.0.1:9")
    settings.click("#connecting .go")
    settings.wait_for_selector("#standing:has-text('does not answer')")
    settings.fill("#server", "no address at all")
    settings.click("#connecting .go")
    settings.wait_for_selector("#standing:has-text('is no web address')")
    settings.close()


def forget(browser: Chromium) -> None:
    """Nothing waits, nothing is remembered: as just installed."""
    settings = browser.settings()
    settings.evaluate(
        """async () => { const queue = await import("./queue.js");
        for (const { clip_id } of await queue.all()) await queue.remove(clip_id);
        await chrome.storage.local.clear() }"""
    )
    settings.close()


def write(popup, region: str, note: str) -> None:
    """A region and a note, typed into a popup whose archive does not answer."""
    popup.type("#tag", region)
    popup.until_true("!document.querySelector('#found').hidden")
    popup.key("#tag", "Enter")
    popup.type("#note", note)


def altered(folder: Path, change: Callable[[dict], None]) -> Path:
    """A copy of the extension with another manifest."""
    copy = shutil.copytree(SOURCE, folder / "altered")
    manifest = json.loads((copy / "manifest.json").read_text())
    change(manifest)
    (copy / "manifest.json").write_text(json.dumps(manifest))
    return copy
