"""The library: asking, narrowing, previewing, and what is done with a result at once, with scripts and without."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests import builders
from webapp.filing.tagging import add_tag
from webapp.model import TagKind
from webapp.pages.library import ask_url, opening, page_numbers
from webapp.services import Services

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def three(services: Services) -> list[int]:
    """Three articles: about Syria and its ceasefire, about a harbour in Kenya, and one in Hebrew."""
    kept = [
        builders.put(
            services,
            builders.page("A quiet morning after the ceasefire", place="Idlib", words="The ceasefire held."),
            address="https://times.example/quiet",
        ),
        builders.put(
            services,
            builders.page("Rain comes late to Mombasa", place="Mombasa", published="2022-05-11T08:00:00+00:00"),
            address="https://savanna.example/rain",
        ),
        builders.put(
            services,
            HEBREW,
            address="https://iton.example/road",
        ),
    ]
    ids = [record.article_id for record in kept]
    assert None not in ids, [record.reason for record in kept]
    add_tag(services, 1, ids[0], TagKind.REGION, "Syria")
    add_tag(services, 1, ids[1], TagKind.REGION, "Kenya")
    builders.jobs.run_all(services)
    return [each for each in ids if each is not None]


def test_an_empty_archive_says_how_to_begin(client):
    text = client.get("/").text
    assert "Keep the first article" in text
    assert "dateline demo" in text


def test_the_library_lists_what_is_kept_with_its_dateline(client, three):
    text = client.get("/").text
    assert "<b>3 articles</b>" in text
    assert "A quiet morning after the" in text
    row = part(text, f'id="article-{three[0]}"', "</li>\n")
    assert '<b class="place"><bdi>Syria</bdi></b>' in row
    assert '<time datetime="2020-12-27" title="2020-12-27">27 Dec 2020</time>' in row
    assert "times.example" in row


def test_a_query_marks_its_words_and_leaves_the_others_out(client, three):
    text = client.get("/?q=ceasefire").text
    assert "<b>1 article</b>" in text
    assert "<mark>ceasefire</mark>" in text
    assert "Mombasa" not in part(text, 'id="results"', "</section>")


def test_htmx_gets_results_and_facets_together_and_no_page_around_them(client, three):
    text = client.get("/?q=ceasefire", headers=PARTIAL).text
    assert text.lstrip().startswith('<div id="library"')
    assert 'id="facets"' in text
    assert 'id="results"' in text
    assert "<html" not in text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HX-History-Restore-Request": "true", "HX-Request-Type": "full"},
        {"HX-Request": "true", "HX-Boosted": "true"},
    ],
)
def test_the_back_button_and_boosted_links_get_the_whole_page(client, three, headers):
    assert "<html" in client.get("/?q=ceasefire", headers=headers).text


def test_a_facet_writes_itself_into_the_query_and_out_again(client, three):
    chosen = link(client.get("/").text, "Syria")
    assert chosen == "/?q=region:syria"
    narrowed = client.get(chosen).text
    assert "<b>1 article</b>" in narrowed
    assert 'aria-current="true"' in narrowed
    assert 'class="tag chip region" href="/"' in narrowed


def test_a_title_from_right_to_left_keeps_its_direction(client, three):
    assert '<h3 dir="rtl" lang="he">' in client.get("/?q=lang:he").text


def test_nothing_found_says_what_to_leave_out(client, three):
    text = client.get("/?q=ceasefire+region:kenya").text
    assert "Nothing here answers" in text
    assert "/?q=region:kenya" in text
    assert "/?q=ceasefire" in text


def test_a_part_not_understood_is_pointed_out_and_the_rest_answered(client, three):
    text = client.get("/?q=ceasefire+region:nowhereland").text
    assert 'class="heads-up"' in text


def test_mark_up_in_a_query_and_in_a_title_stays_text(client, services):
    builders.put(services, builders.page("Beware &lt;img src=x onerror=alert(1)&gt; of this"))
    text = client.get("/?q=%3Cscript%3Ealert(1)%3C/script%3E").text + client.get("/").text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


@pytest.mark.parametrize(
    "query", ['"', "((", "a:b:c", "-", "OR OR", "*", "~", "before:x", "\x00", "😀" * 300, "(" * 400]
)
def test_no_query_is_an_error(client, three, query):
    assert client.get("/", query_string={"q": query}).status_code == 200


@pytest.mark.parametrize("extra", ["page=0", "page=-3", "page=x", "page=99999", "sort=upside", "open=999999", "open=x"])
def test_odd_addresses_are_answered_too(client, three, extra):
    assert client.get(f"/?{extra}").status_code == 200


def test_a_page_past_the_end_leads_to_the_last_one(client, three):
    text = client.get("/?q=is:unread&page=7").text
    assert "past the end" in text
    assert 'href="/?q=is:unread"' in text


def test_the_first_result_is_previewed_and_the_address_may_name_another(client, three):
    assert f'id="preview-{three[0]}"' in client.get(f"/?open={three[0]}").text
    assert f'id="preview-{three[1]}"' in client.get(f"/?open={three[1]}").text


def test_a_preview_alone_is_a_fragment_for_htmx_and_a_page_for_others(client, three):
    address = f"/articles/{three[0]}/preview"
    assert client.get(address, headers=PARTIAL).text.lstrip().startswith('<article class="previewed"')
    assert "<html" in client.get(address).text


def test_a_star_without_scripts_leads_back_to_the_list(client, three):
    answer = client.post(
        f"/library/{three[0]}/star", data={"starred": "yes"}, headers={"Referer": "http://localhost/?q=ceasefire"}
    )
    assert (answer.status_code, answer.location) == (303, "/?q=ceasefire")
    assert "data-starred" in client.get(f"/articles/{three[0]}/preview").text


def test_a_star_with_htmx_answers_only_the_buttons_that_were_pressed(client, three):
    headers = {**PARTIAL, "HX-Target": f"div#state-row-{three[0]}"}
    text = client.post(f"/library/{three[0]}/star", data={"starred": "yes"}, headers=headers).text
    assert text.lstrip().startswith(f'<div class="state in-row" id="state-row-{three[0]}"')
    assert "data-starred" in text


def test_done_can_be_undone_from_its_notice(client, three):
    headers = {**PARTIAL, "HX-Target": f"div#state-preview-{three[0]}"}
    text = client.post(f"/library/{three[0]}/reading", data={"reading": "done"}, headers=headers).text
    assert 'data-reading="done"' in text
    undo = form(text, "Undo")
    client.post(undo["action"], data=undo["fields"])
    assert 'data-reading="unread"' in client.get(f"/articles/{three[0]}/preview").text


def test_trash_takes_the_row_away_and_undo_brings_it_back(client, services, three):
    headers = {**PARTIAL, "HX-Target": f"li#article-{three[0]}"}
    answer = client.post(f"/library/{three[0]}/trash", headers=headers)
    assert answer.text.startswith("<hx-partial")
    assert "dateline:trashed" in answer.headers["HX-Trigger"]
    builders.jobs.run_all(services)
    assert "A quiet morning" not in client.get("/").text
    undo = form(answer.text, "Undo")
    assert client.post(undo["action"], data=undo["fields"]).status_code == 303
    builders.jobs.run_all(services)
    assert "A quiet morning" in client.get("/").text


def test_a_state_that_does_not_exist_is_refused(client, three):
    assert client.post(f"/library/{three[0]}/reading", data={"reading": "eaten"}).status_code == 404


def test_another_readers_article_is_not_there(client, services, three):
    from webapp.access import accounts

    with services.store.begin() as work:
        other = work.accounts.add("other", services.clock())
    assert other.id != 1
    with client.session_transaction() as session:
        session["token"] = accounts.begin_session(services, other.id)
    assert client.get(f"/articles/{three[0]}/preview").status_code == 404
    assert client.post(f"/library/{three[0]}/trash").status_code == 404
    assert "Keep the first article" in client.get("/").text


def test_a_failed_clip_is_a_row_that_says_why(client, services):
    record = builders.put(
        services, "<title>Wall</title><body><script>enter()</script></body>", address="https://wall.example/x"
    )
    text = client.get("/").text
    assert 'class="failure"' in text
    assert "Not readable yet" in text
    assert f'href="/articles/{record.article_id}"' in text


def test_a_stranger_is_shown_the_door_and_comes_back_to_what_was_asked(stranger):
    answer = stranger.get("/?q=region:syria")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=%2F%3Fq%3Dregion%3Asyria"
    assert '<input type="hidden" name="next" value="/?q=region:syria">' in stranger.get(answer.location).text


def test_looking_at_a_sign_in_link_does_not_use_it_up(stranger, services):
    from webapp.access import accounts

    link = accounts.make_sign_in_link(services)
    for _ in range(3):
        assert "Sign in on this browser" in stranger.get(link).text
    assert stranger.post(link, data={"next": "/help"}).location == "/help"
    assert stranger.get("/help").status_code == 200
    stranger.post("/sign-out")
    assert stranger.post(link).status_code == 422


def test_sign_in_never_leads_to_another_server(stranger, services):
    from webapp.access import accounts

    link = accounts.make_sign_in_link(services)
    assert stranger.post(link, data={"next": "//evil.example/"}).location == "/"


def test_a_password_opens_the_door_and_a_wrong_one_says_so(stranger, services, owner):
    from webapp.access import accounts

    accounts.set_password(services, owner, "correct horse battery")
    wrong = stranger.post("/sign-in", data={"name": "reader", "password": "incorrect"})
    assert wrong.status_code == 422
    assert "The name or the password is not right." in wrong.text
    right = stranger.post("/sign-in", data={"name": "reader", "password": "correct horse battery", "next": "/?q=a"})
    assert right.location == "/?q=a"


def test_every_example_of_the_help_page_is_a_query_without_problems(client, three):
    text = client.get("/help").text
    examples = [unescape(each) for each in re.findall(r'<td><a href="(/\?q=[^"]+)"', text)]
    assert len(examples) > 15
    for example in examples:
        answer = client.get(example)
        assert answer.status_code == 200
        assert 'class="heads-up"' not in answer.text, example


def test_the_keys_are_a_part_of_the_help_page(client):
    text = client.get("/help/keys", headers=PARTIAL).text
    assert text.lstrip().startswith('<section class="keys"')


def test_the_first_page_is_under_100_kb_on_the_wire(client, services):
    for number in range(26):
        builders.put(services, builders.page(f"Harbour {number}"), address=f"https://quay.example/{number}")
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    sent = len(page.data)
    for address in set(re.findall(r'(?:src|href)="(/static/[^"#]+)', client.get("/").text)):
        sent += wire_bytes(client, address)
    for module in ("theme-switch", "library", "keys", "timeline"):
        sent += wire_bytes(client, f"/static/{module}.js")
    assert sent < 100_000
    assert sent > 20_000  # or the measurement found nothing


# Pure parts


@pytest.mark.parametrize(
    ("page", "pages", "expected"),
    [(1, 1, [1]), (1, 17, [1, 2, 3, 0, 17]), (9, 17, [1, 0, 7, 8, 9, 10, 11, 0, 17]), (17, 17, [1, 0, 15, 16, 17])],
)
def test_the_pager_names_first_last_and_near_pages(page, pages, expected):
    assert page_numbers(page, pages) == expected


def test_a_preview_opens_with_whole_paragraphs():
    assert opening("one\n\ntwo\nthree", limit=6) == ["one", "two"]
    assert opening("a paragraph longer than the limit", limit=3) == ["a paragraph longer than the limit"]
    assert opening("") == []


def test_an_address_says_only_what_is_not_usual(client):
    with client.application.test_request_context():
        assert ask_url("") == "/"
        assert ask_url("a b", "newest", 2) == "/?q=a+b&sort=newest&page=2"


HEBREW = """<!doctype html><html lang="he" dir="rtl"><head><meta charset="utf-8">
<title>חיילי שמירה הוצבו לאורך הכביש</title><meta property="article:published_time" content="2020-12-28"></head>
<body><article><h1>חיילי שמירה הוצבו לאורך הכביש</h1>
<p>הפסקת האש החזיקה בלילה הראשון לאורך הכביש, אמרו תושבים, אם כי מזל״טים נשמעו מעל הרכס עד עלות השחר והמאפייה נפתחה
באיחור של שעתיים. ראש המועצה אמר כי הכביש ייפתח מחדש רק לאחר שיוסרו המחסומים.</p>
<p>בשוק המרכזי חזרו הסוחרים לדוכנים לקראת הצהריים, ורבים מהם סיפרו כי הסחורה שהזמינו לפני שבועיים עדיין ממתינה מעבר
לגשר. המורים הודיעו כי בתי הספר ייפתחו ביום ראשון, אם לא יחודש הירי.</p>
<p>נציגי שני הצדדים ייפגשו השבוע כדי לסכם את מיקומן של עמדות המשמר ואת שעות המעבר לכלי רכב אזרחיים.</p>
</article></body></html>
"""


def part(text: str, start: str, end: str) -> str:
    """What stands between `start` and the next `end`."""
    assert start in text, text[:2000]
    return text.split(start, 1)[1].split(end, 1)[0]


def link(text: str, label: str) -> str:
    """The address of the facet link called `label`."""
    match = re.search(rf'<a href="([^"]+)"[^>]*><bdi>{label}</bdi><span>', text)
    assert match, text[:3000]
    return unescape(match[1])


def form(text: str, button: str) -> dict[str, object]:
    """Where the form with `button` goes, and its hidden fields."""
    found = next(each for each in re.findall(r"<form.*?</form>", text, re.S) if button in each)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found)
    return {"action": re.search(r'action="([^"]+)"', found)[1], "fields": {n: unescape(v) for n, v in fields}}


def wire_bytes(client: FlaskClient, address: str) -> int:
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, address
    size = len(answer.data)
    answer.close()
    return size
