"""What changed between versions, making one again, choosing the text, corrections and highlights, on their pages."""

from __future__ import annotations

import html as markup
import re
from dataclasses import replace
from typing import Any

import pytest

from tests import builders
from webapp import jobs, searching
from webapp.access import accounts
from webapp.articles import correcting, highlighting, reading, remaking
from webapp.errors import NotFound
from webapp.model import ClipState

ADDRESS = "https://quay.example/breakwater"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
FIRST = "At least 12 boats were lost in January, the harbour master of the town said on the quay."
SECOND = FIRST.replace("12", "17")
NOTICE = "Correction: an earlier version of this article gave a wrong number of boats."


@pytest.fixture
def article(services, owner, clock) -> int:
    """Two versions: a figure changed, and a correction notice came."""
    builders.put(services, builders.page(words=FIRST))
    clock.move(days=1)
    page = builders.page("A harbour rebuilds its wall", words=SECOND).replace(
        "</article>", f"<p>{NOTICE}</p></article>"
    )
    return builders.put(services, page).article_id or 0


def text_of(page: str) -> str:
    return " ".join(markup.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_difference_is_told_in_a_sentence_and_shown_in_the_text(client, article):
    answer = client.get(f"/articles/{article}/versions/1..2")
    assert answer.status_code == 200
    assert "a figure changed: 12 → 17; a correction notice was added." in text_of(answer.text)
    assert "<del>12</del> <ins>17</ins> boats" in answer.text
    assert "<del>breakwater</del><ins>wall</ins>" in answer.text
    assert not re.search(r"<(del|ins)>\s|\s</(del|ins)>", answer.text)  # blanks are not marked
    assert "3 paragraphs unchanged" in text_of(answer.text)
    assert "Correction notices" in answer.text


def test_whichever_is_named_first_the_older_version_is_the_old_one(client, article):
    assert "<del>12</del>" in client.get(f"/articles/{article}/versions/2..1").text


def test_two_versions_are_picked_with_a_plain_form(client, article):
    answer = client.get(f"/articles/{article}/versions?from=1&to=2")
    assert answer.headers["Location"] == f"/articles/{article}/versions/1..2"
    for query in ("from=1&to=1", "from=x", ""):
        assert client.get(f"/articles/{article}/versions?{query}").status_code == 404


@pytest.mark.parametrize("pair", ["1..1", "1..3", "0..2", "99999999999999999999..2"])
def test_versions_that_are_not_there_cannot_be_compared(client, article, pair):
    assert client.get(f"/articles/{article}/versions/{pair}").status_code == 404


def test_the_article_says_what_changed_last_and_links_to_it(client, article):
    page = client.get(f"/articles/{article}").text
    assert "a figure changed: 12 → 17" in text_of(page)
    assert f'href="/articles/{article}/versions/1..2"' in page
    assert "last-change" not in client.get(f"/articles/{article}?version=1").text


def test_a_clip_in_which_nothing_changed_says_so(client, services, article, clock):
    clock.move(days=1)
    page = builders.page("A harbour rebuilds its wall", words=SECOND).replace(
        "</article>", f"<p>{NOTICE}</p></article>"
    )
    builders.put(services, page)
    assert "Nothing changed since version 2: not a word is different." in client.get(f"/articles/{article}").text
    assert "Nothing changed" in client.get(f"/articles/{article}/versions/2..3").text


def test_a_stranger_compares_nothing(stranger, article):
    assert stranger.get(f"/articles/{article}/versions/1..2").status_code == 303


def test_hostile_words_are_shown_as_words(client, services, owner, clock):
    clip = builders.put(
        services, builders.page(words="It said &lt;script&gt;alert(1)&lt;/script&gt; on the wall of the harbour.")
    )
    clock.move(days=1)
    builders.put(
        services,
        builders.page("<b>A wall</b>", words="It said &lt;img src=x onerror=alert(1)&gt; on the wall of the harbour."),
    )
    page = client.get(f"/articles/{clip.article_id}/versions/1..2").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_any_version_is_made_again_with_todays_extractor(client, services, owner, article):
    with services.store.begin() as work:
        version = work.versions.of_number(article, 1)
        from sqlalchemy import update

        from webapp.store.tables import version_texts, versions

        work.connection.execute(
            update(versions).where(versions.c.id == version.id).values(maker="extract/0", title="Old")
        )
        work.connection.execute(
            update(version_texts).where(version_texts.c.version_id == version.id).values(body_text="Wrong words.")
        )
    answer = client.post(f"/articles/{article}/versions/1/again", follow_redirects=True)
    assert "Made again by extract/" in answer.text
    old = reading.open_article(services, owner, article, number=1).version
    assert FIRST in old.body_text
    assert reading.open_article(services, owner, article).article.title == "A harbour rebuilds its wall"
    assert client.post(f"/articles/{article}/versions/9/again").status_code == 404


def test_making_again_says_when_it_came_out_the_same(services, owner, article):
    assert remaking.make_again(services, owner, article, 2).endswith("It came out the same.")


# ---- choosing the text

SIDEBAR = "The sidebar tells another story, which is what the reader wanted to keep all along, word for word. " * 3
ASIDE = (
    f'<aside class="box"><h2>Beside it</h2><p>{SIDEBAR}</p>{{added}}'
    "<p>It has a second paragraph, too, with a few more words.</p></aside>"
)


@pytest.fixture
def two_texts(services, owner) -> int:
    aside = ASIDE.format(added="")
    return builders.put(services, builders.page().replace("</main>", f"</main>{aside}")).article_id or 0


def boxes(page: str) -> dict[str, list[str]]:
    """Digests of the blocks by the start of their text."""
    found: dict[str, list[str]] = {}
    for digest, text in re.findall(r'name="block" value="([^"]+)"[^>]*><span dir="auto">(.{10})', page):
        found.setdefault(text, []).append(digest)
    return found


def test_the_blocks_of_the_page_are_listed_and_those_of_the_article_ticked(client, two_texts):
    page = client.get(f"/articles/{two_texts}/versions/1/blocks").text
    ticked = re.findall(r'name="block" value="[^"]+" checked><span dir="auto">([^<]{20})', page)
    assert len(ticked) == 3
    assert all(text.startswith("The harbour council") for text in ticked)
    assert "The sidebar tells another story" in page
    assert "aside box" in page


def test_another_box_can_be_taken_alone_and_the_choice_outlives_making_it_again(
    client, services, owner, two_texts, clock
):
    page = client.get(f"/articles/{two_texts}/versions/1/blocks").text
    number = re.search(
        r'name="only" value="(\d+)">Take this box alone<span class="sr"> \(box \1\)', page[page.index("aside box") :]
    )[1]
    sent: dict[str, Any] = {"only": number}
    for name, digest in re.findall(r'name="(box-\d+)" value="([^"]+)"', page):
        sent.setdefault(name, []).append(digest)
    assert client.post(f"/articles/{two_texts}/versions/1/blocks", data=sent).status_code == 303
    kept = reading.open_article(services, owner, two_texts)
    assert kept.version.body_text.startswith("Beside it\nThe sidebar tells")
    assert "harbour council" not in kept.version.body_text
    assert kept.version.details["origins"]["body"] == "choice"
    remaking.make_again(services, owner, two_texts, 1)
    assert reading.open_article(services, owner, two_texts).version.body_text.startswith("Beside it")
    assert "corrected by you" in client.get(f"/articles/{two_texts}").text


def test_a_choice_holds_for_a_later_clip_and_takes_in_what_was_added_between(client, services, owner, two_texts, clock):
    page = client.get(f"/articles/{two_texts}/versions/1/blocks").text
    digests = [
        digest for text, found in boxes(page).items() if text.startswith(("The sideb", "It has")) for digest in found
    ]
    client.post(f"/articles/{two_texts}/versions/1/blocks", data={"block": digests})
    clock.move(days=1)
    added = "<p>A paragraph that was put in between on the next day.</p>"
    aside = ASIDE.format(added=added)
    builders.put(services, builders.page().replace("</main>", f"</main>{aside}"))
    later = reading.open_article(services, owner, two_texts)
    assert later.version.number == 2
    assert later.version.body_text.startswith("The sidebar")
    assert "harbour council" not in later.version.body_text


def test_a_choice_that_does_not_fit_a_later_page_is_said_and_nothing_is_lost(client, services, owner, two_texts, clock):
    page = client.get(f"/articles/{two_texts}/versions/1/blocks").text
    client.post(f"/articles/{two_texts}/versions/1/blocks", data={"block": boxes(page)["The sideba"]})
    clock.move(days=1)
    builders.put(services, builders.page())
    later = client.get(f"/articles/{two_texts}").text
    assert "The blocks you chose are not on this page" in later
    assert "eastern breakwater" in later


def test_the_choice_is_taken_back(client, services, owner, two_texts):
    page = client.get(f"/articles/{two_texts}/versions/1/blocks").text
    client.post(f"/articles/{two_texts}/versions/1/blocks", data={"block": boxes(page)["The sideba"]})
    client.post(f"/articles/{two_texts}/versions/1/blocks", data={"answer": "take-back"})
    assert "harbour council" in reading.open_article(services, owner, two_texts).version.body_text
    assert correcting.corrections_of(services, two_texts) == {}


def test_an_empty_choice_is_refused_and_changes_nothing(client, services, owner, two_texts):
    answer = client.post(f"/articles/{two_texts}/versions/1/blocks", data={"answer": "take"})
    assert answer.status_code == 422
    assert "Tick at least one block" in answer.text
    answer = client.post(f"/articles/{two_texts}/versions/1/blocks", data={"block": "made-up"})
    assert "harbour council" in reading.open_article(services, owner, two_texts).version.body_text


def test_a_pasted_text_has_blocks_too(client, services, owner):
    from webapp.clipping import clip_text

    words = "\n\n".join(["A pasted headline", FIRST, "Share this", SECOND, "Subscribe to our newsletter"])
    clip_id = clip_text(services, owner, words).clip_id
    jobs.run_all(services)
    with services.store.read() as work:
        article = work.clips.by_clip_id(owner, clip_id).article_id
    page = client.get(f"/articles/{article}/versions/1/blocks").text
    digest = boxes(page)["Subscribe "]
    client.post(f"/articles/{article}/versions/1/blocks", data={"block": digest})
    assert reading.open_article(services, owner, article).version.body_text == "Subscribe to our newsletter"


# ---- a page that no article was taken out of


MENU = "<nav><ul>{items}</ul></nav>".format(
    items="".join(f'<li><a href="/{n}">Section number {n} of the paper</a></li>' for n in range(8))
)
LIST_ONLY = f"<html><head><title>A list of sections</title></head><body>{MENU}</body></html>"
SCRIPTED = (
    '<html><head><title>Shown by a script</title><meta property="article:published_time" content="2020-12-27">'
    f"</head><body><script>{'draw();' * 60}</script></body></html>"
)
BY_HAND = "The council met <b>late</b>.\n\nNobody voted & nobody left, which is a shame.\r\n\r\nRead more"


@pytest.fixture(params=[LIST_ONLY, SCRIPTED], ids=["only a menu", "only scripts"])
def unread(request, services) -> Any:
    clip = builders.put(services, request.param, address="https://app.example/x", note="Ask.")
    assert clip.state is ClipState.FAILED, request.param
    return clip


def test_a_page_that_failed_offers_to_choose_to_write_and_to_see_it_as_it_came(client, unread):
    page = client.get(f"/articles/{unread.article_id}").text
    for path in (
        f"/articles/{unread.article_id}/blocks",
        f"/articles/{unread.article_id}/write",
        f"/clips/{unread.clip_id}/original",
    ):
        assert f'href="{path}"' in page
        assert client.get(path, follow_redirects=True).status_code == 200


def test_blocks_of_a_page_that_failed_become_its_article(client, services, owner):
    clip = builders.put(services, LIST_ONLY, address="https://app.example/x", note="Ask.")
    path = f"/articles/{clip.article_id}/blocks"
    page = client.get(path).text
    assert "checked" not in page
    digests = boxes(page)["Section nu"][2:5]
    assert client.post(path, data={}).status_code == 422
    assert reading.open_article(services, owner, clip.article_id).version is None
    assert client.post(path, data={"block": digests}).headers["Location"] == f"/articles/{clip.article_id}"
    made = reading.open_article(services, owner, clip.article_id)
    assert (made.article.state, made.article.failure, made.article.note) == (ClipState.KEPT, "", "Ask.")
    assert made.version.body_text.split("\n") == [f"Section number {n} of the paper" for n in (2, 3, 4)]
    assert made.clip.state is ClipState.KEPT
    assert client.get(path).status_code == 404  # it has a version now, whose page is laid out under its number


def test_where_there_are_no_blocks_the_text_is_written_beside_the_page(client, services):
    clip = builders.put(services, SCRIPTED, address="https://app.example/x")
    answer = client.get(f"/articles/{clip.article_id}/blocks", follow_redirects=True)
    assert 'id="write-text"' in answer.text
    assert "There are no words on the page" in text_of(answer.text)
    assert f'src="/clips/{clip.clip_id}/original/raw" sandbox' in answer.text


def test_what_the_reader_writes_is_the_article_and_outlives_making_it_again(client, services, owner, unread):
    path = f"/articles/{unread.article_id}/write"
    assert client.post(path, data={"title": "By hand", "text": " \n"}).status_code == 422
    sent = {"title": "By hand", "text": BY_HAND}
    assert client.post(path, data=sent).headers["Location"] == f"/articles/{unread.article_id}"
    written = ["The council met <b>late</b>.", "Nobody voted & nobody left, which is a shame.", "Read more"]
    for _ in range(2):
        made = reading.open_article(services, owner, unread.article_id)
        assert made.version.body_text.split("\n") == written
        assert made.article.title == "By hand"
        assert made.article.state is ClipState.KEPT
        remaking.make_again(services, owner, unread.article_id, 1)
    if unread.title == "Shown by a script":
        assert made.article.published_on.isoformat() == "2020-12-27"  # the page tells it
    page = client.get(f"/articles/{unread.article_id}").text
    assert "&lt;b&gt;late&lt;/b&gt;" in page
    assert "corrected by you" in page
    assert reading.original(services, owner, made.version.id).content.startswith(b"<html>")  # as it came
    again = f"/articles/{unread.article_id}/versions/1/write"
    assert "Nobody voted &amp; nobody left" in client.get(again).text
    client.post(again, data={"title": "By hand", "text": "Another text of mine."})
    assert reading.open_article(services, owner, unread.article_id).version.body_text == "Another text of mine."


def test_a_written_text_is_for_its_own_clip_only(client, services, owner, clock):
    clip = builders.put(services, SCRIPTED, address="https://app.example/x")
    client.post(f"/articles/{clip.article_id}/write", data={"text": "Written by hand."})
    clock.move(days=1)
    builders.put(services, builders.page(), address="https://app.example/x")
    remaking.make_again(services, owner, clip.article_id, 2)
    later = reading.open_article(services, owner, clip.article_id)
    assert later.version.number == 2
    assert "eastern breakwater" in later.version.body_text
    assert client.get(f"/articles/{clip.article_id}/versions/2/write").status_code == 404


def test_a_page_too_large_to_be_read_can_be_written(client, services, owner):
    usual = services.settings
    services.settings = replace(usual, markup_limit_bytes=100)
    clip = builders.put(services, address="https://app.example/x")
    client.post(f"/articles/{clip.article_id}/write", data={"title": "By hand", "text": "Written by hand."})
    services.settings = usual
    assert reading.open_article(services, owner, clip.article_id).version.body_text == "Written by hand."


# ---- corrections


def test_facts_are_corrected_by_hand_and_marked_so(client, services, owner, article):
    page = client.get(f"/articles/{article}/correct").text
    assert "A harbour rebuilds its wall</textarea>" in page
    sent = {
        "title": "The wall of Latakia",
        "authors": "Ada Quill,  Bo Ink",
        "published_on": "2020-12-28",
        "language": "en",
    }
    answer = client.post(f"/articles/{article}/correct", data=sent, follow_redirects=True)
    assert "Corrected: headline, authors, published on." in text_of(answer.text)
    assert "The wall of Latakia</h1>" in answer.text
    assert "Bo Ink" in answer.text
    assert text_of(answer.text).count("corrected by you on 25 Nov 2026") == 3
    page = client.get(f"/articles/{article}/correct").text
    assert page.count("Corrected by you") == 3
    assert searching.find(services, owner, "title:latakia").total == 0  # until the index has heard of it
    jobs.run_all(services)
    assert searching.find(services, owner, "title:latakia").total == 1


def test_a_correction_is_taken_back_and_that_is_undone(client, services, owner, article):
    client.post(f"/articles/{article}/correct", data={"title": "The wall of Latakia"})
    answer = client.post(f"/articles/{article}/correct/title/take-back", follow_redirects=True)
    assert "A harbour rebuilds its wall</textarea>" in answer.text
    assert f'action="/articles/{article}/correct"' in answer.text
    assert 'name="title" value="The wall of Latakia"' in answer.text


def test_corrections_outlive_another_clip_and_older_versions_keep_their_own_words(
    client, services, owner, article, clock
):
    correcting.correct(services, owner, article, {"title": "The wall of Latakia"})
    clock.move(days=1)
    builders.put(services, builders.page("A third headline"))
    assert "The wall of Latakia</h1>" in client.get(f"/articles/{article}").text
    assert "A harbour rebuilds its breakwater</h1>" in client.get(f"/articles/{article}?version=1").text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", " "),
        ("title", "x" * 501),
        ("published_on", "yesterday"),
        ("published_on", "2020-02-31"),
        ("language", "English"),
        ("outlet", "two words"),
        ("address", "javascript:alert(1)"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_changed(
    client, services, owner, article, field, text
):
    answer = client.post(f"/articles/{article}/correct", data={"standfirst": "A new one", field: text})
    assert answer.status_code == 422
    assert re.search(rf'name="{field}" aria-invalid="true"', answer.text)
    assert 'role="alert"' in answer.text
    assert "A new one" in answer.text  # what was typed stays typed
    assert correcting.corrections_of(services, article) == {}


def test_a_language_from_right_to_left_turns_the_page(client, services, owner, article):
    client.post(f"/articles/{article}/correct", data={"language": "he"})
    assert re.search(r'<h1 dir="rtl" lang="he">', client.get(f"/articles/{article}").text)
    correcting.take_back(services, owner, article, "language")
    assert re.search(r'<h1 dir="ltr" lang="en">', client.get(f"/articles/{article}").text)


def test_an_address_that_another_article_has_is_refused(client, services, owner, article):
    builders.put(services, builders.page("Another story"), address="https://quay.example/other")
    answer = client.post(f"/articles/{article}/correct", data={"address": "https://quay.example/other"})
    assert answer.status_code == 409
    assert "Another article is kept under that address" in answer.text


def test_only_facts_that_exist_can_be_taken_back(client, article):
    assert client.post(f"/articles/{article}/correct/owner/take-back").status_code == 422
    assert client.get("/articles/999/correct").status_code == 404


# ---- highlights


def highlight(client, article: int, exact: str = "17 boats were lost", **extra: Any):
    return client.post(f"/articles/{article}/highlights", data={"exact": exact, **extra}, headers=HTMX)


def test_a_passage_is_marked_listed_and_found_by_search(client, services, owner, article):
    answer = highlight(client, article, note="Check this")
    assert answer.status_code == 200
    assert "17 boats were lost" in answer.text
    assert "Check this" in answer.text
    assert 'data-exact="17 boats were lost"' in client.get(f"/articles/{article}").text
    jobs.run_all(services)
    assert searching.find(services, owner, "has:highlight").total == 1


def test_without_scripts_a_pasted_passage_is_marked_by_a_plain_form(client, article):
    answer = client.post(f"/articles/{article}/highlights", data={"exact": "boats   were\r\n lost"})
    assert answer.status_code == 303
    assert '<blockquote dir="auto">boats were lost</blockquote>' in client.get(f"/articles/{article}").text


@pytest.mark.parametrize("exact", ["", "   ", "words that nobody wrote here at all", "x" * 5_001])
def test_what_is_not_in_the_text_cannot_be_marked(client, article, exact):
    assert highlight(client, article, exact).status_code == 422


def test_a_highlight_is_taken_away_and_given_back(client, services, owner, article):
    highlight(client, article, note="Check this")
    made = highlighting.of_article(services, owner, article)[0].highlight
    answer = client.post(f"/articles/{article}/highlights/{made.id}/remove", headers=HTMX)
    assert "The highlight is gone." in answer.text
    assert highlighting.of_article(services, owner, article) == ()
    fields = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text.split('class="notice')[1])
    )
    client.post(f"/articles/{article}/highlights", data={name: markup.unescape(text) for name, text in fields.items()})
    again = highlighting.of_article(services, owner, article)[0].highlight
    assert (again.exact, again.note, again.start) == (made.exact, made.note, made.start)


def test_a_note_to_a_highlight_is_changed(client, services, owner, article):
    highlight(client, article)
    made = highlighting.of_article(services, owner, article)[0].highlight
    answer = client.post(f"/articles/{article}/highlights/{made.id}/note", data={"note": "Ask again"}, headers=HTMX)
    assert "Ask again</textarea>" in answer.text


def test_highlights_find_their_place_in_a_new_version_or_say_that_they_could_not(
    client, services, owner, article, clock
):
    highlight(client, article, "the harbour master of the town said")
    highlight(client, article, "At least 17 boats were lost in January")
    highlight(client, article, "gave a wrong number of boats")
    clock.move(days=1)
    builders.put(services, builders.page("A harbour rebuilds its wall", words=SECOND.replace("17", "19")))
    fits = [each.place.fit.value for each in highlighting.of_article(services, owner, article)]
    assert fits == ["near", "exact", "lost"]
    page = text_of(client.get(f"/articles/{article}").text)
    assert "Not in this version any more. You marked it in version 2." in page
    assert "The words have changed since you marked them. They were: At least 17 boats" in page


def test_somebody_elses_highlight_cannot_be_touched(services, owner, client, article):
    highlight(client, article)
    made = highlighting.of_article(services, owner, article)[0].highlight
    with services.store.begin() as work:
        other = work.accounts.add("another", services.clock()).id
    for act in (
        lambda: highlighting.of_article(services, other, article),
        lambda: highlighting.mark(services, other, article, exact="boats were lost"),
        lambda: highlighting.unmark(services, other, article, made.id),
        lambda: highlighting.unmark(services, owner, article + 1, made.id),
    ):
        with pytest.raises(NotFound):
            act()


def test_clients_mark_list_and_unmark_through_the_api(services, owner, stranger, article):
    token = {"Authorization": f"Bearer {accounts.make_device(services, owner, 'a test').token}"}
    path = f"/api/v1/articles/{article}/highlights"
    made = stranger.post(path, json={"exact": "17 boats", "note": "many"}, headers=token)
    assert made.status_code == 201
    assert (made.json["fit"], made.json["note"], made.json["words"]) == ("exact", "many", "17 boats")
    text = stranger.get(f"/api/v1/articles/{article}", headers=token).json["text"]
    listed = stranger.get(path, headers=token).json["highlights"]
    assert [text[each["start"] : each["end"]] for each in listed] == ["17 boats"]
    for body in ({"exact": 7}, {"exact": "17 boats", "start": "x"}, {"exact": "17 boats", "start": True}, {}):
        assert stranger.post(path, json=body, headers=token).status_code == 422
    assert stranger.delete(f"{path}/{made.json['id']}", headers=token).status_code == 204
    assert stranger.delete(f"{path}/{made.json['id']}", headers=token).status_code == 404
