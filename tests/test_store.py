"""The store's articles, versions and clips: what is one, what is two, and what a failure leaves behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from threading import Barrier

import pytest
from sqlalchemy import event

from webapp.errors import NotFound
from webapp.model import (
    Asset,
    CameBy,
    Clip,
    ClipRecord,
    ClipState,
    Draft,
    Image,
    KeptImage,
    ReadingState,
    Step,
    TagKind,
    TagOrigin,
)
from webapp.store import Store, open_store
from webapp.tags import Tag

pytest_plugins = ["databases"]

NOW = datetime(2026, 3, 4, 5, 6, 7, 891011, tzinfo=UTC)
ADDRESS = "https://paper.example/dam"
SYRIA = Tag(id="r-sy", kind=TagKind.REGION, slug="syria", name="Syria")
WATER = Tag(id="t-1", kind=TagKind.TOPIC, slug="water", name="Water")


def sha(letter: str) -> str:
    return letter * 64


def a_clip(clip_id: str = "clip-0001", **changes) -> Clip:
    clip = Clip(
        clip_id=clip_id,
        address=ADDRESS,
        raw=b"<p>The dam</p>",
        raw_type="text/html",
        page="<p>The dam</p>",
        is_html=True,
        came_by=CameBy.EXTENSION,
        clipped_at=NOW,
    )
    return replace(clip, **changes)


def a_draft(**changes) -> Draft:
    return replace(Draft(title="The dam", body_text="The dam broke.", word_count=3, maker="extract/1"), **changes)


def a_picture(letter: str = "b", address: str = "https://paper.example/dam.jpg") -> KeptImage:
    asset = Asset(sha256=sha(letter), media_type="image/jpeg", size_bytes=1000, width_px=40, height_px=30)
    return KeptImage(address=address, asset=asset, alt="a dam", caption="The dam in May")


def receive(store: Store, owner: int, clip: Clip, parts=()) -> ClipRecord:
    with store.begin() as work:
        record, _ = work.clips.add(owner, clip, sha("a"), parts)
    return record


def save(store: Store, record: ClipRecord, clip: Clip, *, address=ADDRESS, again=False, **changes) -> tuple[int, int]:
    """Archive a received clip the way the pipeline does."""
    draft, images = changes.pop("draft", a_draft()), changes.pop("images", ())
    with store.begin() as work:
        article_id, number = work.articles.save_version(
            record=record,
            clip=clip,
            address=address,
            outlet="paper.example",
            draft=draft,
            clean_html=changes.pop("clean_html", "<p>The dam broke.</p>"),
            cleaner="clean/1",
            images=images,
            log=(Step(name="extract", seconds=0.25, outcome="3 words", size_bytes=14),),
            now=changes.pop("now", NOW),
            again=again,
        )
        work.clips.finish(
            record.id, state=ClipState.KEPT, article_id=article_id, version_number=number, reason="", now=NOW, log=()
        )
    assert not changes
    return article_id, number


def keep(store: Store, owner: int, clip: Clip, **changes) -> tuple[int, int]:
    return save(store, receive(store, owner, clip), clip, **changes)


def fail(store: Store, record: ClipRecord, reason: str = "nothing to read", *, address=ADDRESS, title="Dam") -> int:
    """Let a received clip fail the way the pipeline does."""
    with store.begin() as work:
        article_id = work.articles.save_failed(
            record.owner, address=address, title=title, outlet="paper.example", reason=reason, clip=record, now=NOW
        )
        work.clips.finish(
            record.id,
            state=ClipState.FAILED,
            article_id=article_id,
            version_number=None,
            reason=reason,
            now=NOW,
            log=(Step(name="extract", seconds=0.5, outcome="failed: nothing to read"),),
        )
    return article_id


def article(store: Store, owner: int, article_id: int):
    with store.read() as work:
        return work.articles.get(owner, article_id)


def revision_after(store: Store, owner: int, article_id: int, deed) -> tuple[int, int]:
    """How much a write adds to the revision, and how many notes for the article are waiting after it."""
    drain(store)
    before = article(store, owner, article_id).revision
    with store.begin() as work:
        deed(work)
    with store.read() as work:
        waiting = [change for change in work.changes.waiting(100) if change.article_id == article_id]
        return work.articles.get(owner, article_id).revision - before, len(waiting)


def drain(store: Store) -> list[int]:
    with store.begin() as work:
        changes = work.changes.waiting(1000)
        work.changes.done(changes)
    return [change.article_id for change in changes]


def at_once(deed, count: int) -> list:
    """What `deed(number)` returns when so many threads begin it at the same moment."""
    barrier = Barrier(count)

    def run(number: int):
        barrier.wait()
        return deed(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@contextmanager
def statements(store: Store):
    """The statements that the store sends while the block runs."""
    sent: list[str] = []

    def note(connection, cursor, statement, *_) -> None:
        sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


@pytest.fixture
def owner(database: Store) -> int:
    with database.begin() as work:
        work.tags.seed([SYRIA, WATER])
        return work.accounts.add("reader", NOW).id


# --- clips ---


def test_the_same_clip_id_twice_is_one_clip(database, owner):
    first = receive(database, owner, a_clip(), [("https://paper.example/a.png", "image/png", sha("c"), 9)])
    with database.begin() as work:
        second, is_new = work.clips.add(owner, a_clip(title="sent again"), sha("d"), [("x", "image/png", sha("e"), 1)])
    assert not is_new
    assert second == first
    with database.read() as work:
        assert work.clips.resources(first.id) == [("https://paper.example/a.png", "image/png", sha("c"))]
        assert work.clips.recent(owner, 10) == [first]


def test_the_same_clip_id_from_eight_threads_at_once_is_one_clip(database, owner):
    def add(_number):
        with database.begin() as work:
            return work.clips.add(owner, a_clip(), sha("a"), [("cid:1", "image/png", sha("c"), 9)])

    answers = at_once(add, 8)
    assert sorted(is_new for _, is_new in answers) == [False] * 7 + [True]
    assert len({record.id for record, _ in answers}) == 1


def test_two_owners_may_use_the_same_clip_id(database, owner):
    with database.begin() as work:
        other = work.accounts.add("somebody else", NOW).id
    assert receive(database, owner, a_clip()).id != receive(database, other, a_clip()).id


def test_a_clip_keeps_what_the_client_said(database, owner):
    clip = a_clip(
        title="As the tab said", selection_html="<b>dam</b>", note="read this", tags=("region:syria",), device="Firefox"
    )
    record = receive(database, owner, clip)
    with database.read() as work:
        details = work.clips.details(record.id)
        assert work.clips.by_clip_id(owner, clip.clip_id) == record
        assert work.clips.by_clip_id(owner + 1, clip.clip_id) is None
    assert details == {
        "title": "As the tab said",
        "selection_html": "<b>dam</b>",
        "note": "read this",
        "tags": ("region:syria",),
        "device": "Firefox",
        "is_html": True,
    }
    assert (record.state, record.raw_bytes, record.article_id) == (ClipState.RECEIVED, 14, None)


def test_a_finished_clip_tells_its_log_and_a_retry_receives_it_again(database, owner):
    record = receive(database, owner, a_clip())
    article_id = fail(database, record)
    with database.begin() as work:
        failed = work.clips.latest_of_article(article_id)
        assert (failed.state, failed.reason, failed.finished_at) == (ClipState.FAILED, "nothing to read", NOW)
        assert work.clips.log(record.id) == (Step(name="extract", seconds=0.5, outcome="failed: nothing to read"),)
        again = work.clips.receive_again(record.id)
    assert (again.state, again.reason, again.finished_at, again.article_id) == (
        ClipState.RECEIVED,
        "",
        None,
        article_id,
    )


def test_a_clip_that_does_not_exist_is_not_found(database, owner):
    with database.begin() as work:
        for ask in (work.clips.get, work.clips.details, work.clips.receive_again):
            with pytest.raises(NotFound):
                ask(404)


# --- from clip to article ---


def test_what_was_kept_is_read_as_it_was_given(database, owner):
    picture, missed = a_picture(), KeptImage(address="https://paper.example/gone.png", asset=None, reason="not sent")
    lead = Image(picture.address, picture.alt, picture.caption)
    draft = a_draft(
        standfirst="A dam broke in the north.",
        authors=("Jane Doe", "يوسف"),
        published_on=date(2026, 3, 3),
        published_at=datetime(2026, 3, 3, 23, 30, tzinfo=timezone(timedelta(hours=-5))),
        site="The Paper",
        language="ar",
        direction="rtl",
        lead=lead,
        images=(lead,),
        captions_text="The dam in May",
        origins={"title": "h1"},
        signs=("paywall",),
    )
    article_id, number = keep(database, owner, a_clip(device="Firefox"), draft=draft, images=(picture, missed))
    with database.read() as work:
        kept, version = work.articles.get(owner, article_id), work.versions.current(article_id)
        assert work.assets.get(sha("b")) == picture.asset
    assert (kept.title, kept.standfirst, kept.authors) == ("The dam", "A dam broke in the north.", ("Jane Doe", "يوسف"))
    assert (kept.address, kept.outlet, kept.site, kept.language, kept.direction) == (
        ADDRESS, "paper.example", "The Paper", "ar", "rtl",
    )  # fmt: skip
    assert (kept.published_on, kept.published_at) == (date(2026, 3, 3), datetime(2026, 3, 4, 4, 30, tzinfo=UTC))
    assert kept.published_at.utcoffset() == timedelta(0)
    assert (kept.clipped_at, kept.modified_at) == (NOW, None)
    assert (kept.lead_sha256, kept.lead_alt, kept.lead_caption) == (sha("b"), "a dam", "The dam in May")
    assert (kept.state, kept.reading, kept.starred, kept.version_count) == (
        ClipState.KEPT, ReadingState.UNREAD, False, 1,
    )  # fmt: skip
    assert version.id == kept.version_id
    assert number == version.number == 1
    assert (version.clean_html, version.body_text, version.captions_text) == (
        "<p>The dam broke.</p>", "The dam broke.", "The dam in May",
    )  # fmt: skip
    assert version.images == (picture, missed)
    assert version.log == (Step(name="extract", seconds=0.25, outcome="3 words", size_bytes=14),)
    assert (version.maker, version.cleaner, version.raw_sha256) == ("extract/1", "clean/1", sha("a"))
    assert version.details["origins"] == {"title": "h1"}
    assert (version.details["signs"], version.details["device"]) == (["paywall"], "Firefox")


def test_clipping_an_address_again_makes_version_two_and_the_article_shows_it(database, owner):
    first = keep(database, owner, a_clip("clip-0001"))
    later = a_clip("clip-0002", clipped_at=NOW + timedelta(days=1))
    second = keep(database, owner, later, draft=a_draft(title="The dam, corrected"))
    assert (first, second) == ((first[0], 1), (first[0], 2))
    shown = article(database, owner, first[0])
    assert (shown.title, shown.version_count, shown.clipped_at) == ("The dam, corrected", 2, later.clipped_at)
    with database.read() as work:
        assert work.versions.current(first[0]).number == 2
        assert work.versions.of_number(first[0], 1).title == "The dam"
        assert work.versions.of_number(first[0], 3) is None


def test_an_older_clip_that_is_worked_on_later_does_not_take_the_place_of_a_newer_one(database, owner):
    article_id, _ = keep(database, owner, a_clip("clip-0002"), draft=a_draft(title="Today"))
    old = a_clip("clip-0001", clipped_at=NOW - timedelta(days=9))
    assert keep(database, owner, old, draft=a_draft(title="Last week")) == (article_id, 2)
    assert article(database, owner, article_id).title == "Today"
    with database.read() as work:
        assert work.versions.current(article_id).number == 1


def test_the_list_of_versions_is_newest_first_and_without_texts(database, owner):
    article_id, _ = keep(database, owner, a_clip("clip-0001"))
    keep(database, owner, a_clip("clip-0002"))
    with database.read() as work, statements(database) as sent:
        versions = work.versions.of_article(article_id)
    assert [(version.number, version.body_text, version.clean_html) for version in versions] == [
        (2, "", ""),
        (1, "", ""),
    ]
    assert not any("version_texts" in statement for statement in sent)


def test_an_article_without_an_address_never_merges_with_another(database, owner):
    first = keep(database, owner, a_clip("clip-0001", address=""), address="")
    second = keep(database, owner, a_clip("clip-0002", address=""), address="")
    assert first[0] != second[0]
    with database.read() as work:
        assert work.articles.by_address(owner, "") is None


def test_two_owners_have_an_article_each_at_the_same_address(database, owner):
    with database.begin() as work:
        other = work.accounts.add("somebody else", NOW).id
    mine, theirs = keep(database, owner, a_clip())[0], keep(database, other, a_clip())[0]
    assert mine != theirs
    with database.begin() as work:
        for ask in (
            lambda: work.articles.get(owner, theirs),
            lambda: work.articles.set_starred(owner, theirs, True, NOW),
            lambda: work.articles.trash(owner, theirs, NOW),
            lambda: work.tags.add_to_article(owner, theirs, "r-sy", TagKind.REGION, TagOrigin.READER, NOW),
            lambda: work.tags.remove_from_article(owner, theirs, "r-sy", NOW),
        ):
            with pytest.raises(NotFound):
                ask()
        assert work.articles.by_ids(owner, [mine, theirs]).keys() == {mine}
        assert work.articles.by_ids(None, [mine, theirs]).keys() == {mine, theirs}


def test_an_address_longer_than_an_index_row_is_kept(database, owner):
    address = ADDRESS + "?" + "".join(f"{number:x}" for number in range(9_000))  # does not compress to 2,704 bytes
    article_id, _ = keep(database, owner, a_clip("clip-0001"), address=address)
    assert keep(database, owner, a_clip("clip-0002"), address=address) == (article_id, 2)


def test_clips_of_a_new_address_archived_at_once_make_one_article_with_a_version_each(database, owner):
    clips = [a_clip(f"clip-000{number}") for number in range(4)]
    records = [receive(database, owner, clip) for clip in clips]
    saved = at_once(lambda number: save(database, records[number], clips[number]), 4)
    assert len({article_id for article_id, _ in saved}) == 1
    assert sorted(number for _, number in saved) == [1, 2, 3, 4]
    assert article(database, owner, saved[0][0]).version_count == 4


def test_archiving_a_clip_twice_at_once_makes_one_version(database, owner):
    clip = a_clip(address="")
    record = receive(database, owner, clip)
    saved = at_once(lambda _number: save(database, record, clip, address=""), 4)
    assert len(set(saved)) == 1
    assert article(database, owner, saved[0][0]).version_count == 1


def test_remaking_a_version_replaces_its_content_in_place(database, owner):
    clip = a_clip()
    record = receive(database, owner, clip)
    article_id, _ = save(database, record, clip, images=(a_picture("b"),))
    with database.read() as work:
        before = work.versions.current(article_id)
    better = a_draft(title="A better title", body_text="More.", maker="extract/2")
    assert save(
        database, record, clip, draft=better, images=(a_picture("c"),), clean_html="<p>More.</p>", again=True
    ) == (
        article_id,
        1,
    )
    with database.read() as work:
        after = work.versions.current(article_id)
    assert (after.id, after.number) == (before.id, 1)
    assert (after.title, after.body_text, after.clean_html, after.maker) == (
        "A better title",
        "More.",
        "<p>More.</p>",
        "extract/2",
    )
    assert [image.asset.sha256 for image in after.images] == [sha("c")]
    assert article(database, owner, article_id).title == "A better title"


def test_remaking_an_older_version_leaves_what_the_article_shows(database, owner):
    old = a_clip("clip-0001", clipped_at=NOW - timedelta(days=1))
    record = receive(database, owner, old)
    article_id, _ = save(database, record, old)
    keep(database, owner, a_clip("clip-0002"), draft=a_draft(title="Today"))
    save(database, record, old, draft=a_draft(title="Yesterday, remade"), again=True)
    assert article(database, owner, article_id).title == "Today"
    with database.read() as work:
        assert work.versions.of_number(article_id, 1).title == "Yesterday, remade"


def test_a_remake_leaves_the_reader_s_note_state_and_trash_alone(database, owner):
    clip = a_clip(note="from the clip")
    record = receive(database, owner, clip)
    article_id, _ = save(database, record, clip)
    with database.begin() as work:
        work.articles.set_note(owner, article_id, "", NOW)
        work.articles.set_reading(owner, article_id, ReadingState.DONE, NOW)
        work.articles.trash(owner, article_id, NOW)
    save(database, record, clip, again=True)
    kept = article(database, owner, article_id)
    assert (kept.note, kept.reading, kept.trashed_at) == ("", ReadingState.DONE, NOW)


def test_a_clip_s_note_is_added_below_the_reader_s_and_never_twice(database, owner):
    article_id, _ = keep(database, owner, a_clip("clip-0001", note="first"))
    with database.begin() as work:
        work.articles.set_note(owner, article_id, "my own words, and first", NOW)
        work.articles.set_starred(owner, article_id, True, NOW)
    keep(database, owner, a_clip("clip-0002", note="first"))
    keep(database, owner, a_clip("clip-0003", note="second"))
    kept = article(database, owner, article_id)
    assert kept.note == "my own words, and first\n\nsecond"
    assert kept.starred


def test_clipping_an_article_again_brings_it_back_from_the_trash(database, owner):
    article_id, _ = keep(database, owner, a_clip("clip-0001"))
    with database.begin() as work:
        work.articles.trash(owner, article_id, NOW)
    assert keep(database, owner, a_clip("clip-0002")) == (article_id, 2)
    assert article(database, owner, article_id).trashed_at is None


# --- failures ---


def test_a_failed_clip_leaves_a_visible_failed_article(database, owner):
    record = receive(database, owner, a_clip(note="why I wanted it"))
    article_id = fail(database, record)
    failed = article(database, owner, article_id)
    assert (failed.state, failed.failure, failed.title, failed.note) == (
        ClipState.FAILED, "nothing to read", "Dam", "why I wanted it",
    )  # fmt: skip
    with database.read() as work:
        assert work.articles.count(owner) == 1
        assert work.versions.current(article_id) is None
        assert [change.article_id for change in work.changes.waiting(9)] == [article_id]


def test_a_retry_turns_the_failed_article_into_a_kept_one(database, owner):
    clip = a_clip(note="why I wanted it")
    record = receive(database, owner, clip)
    article_id = fail(database, record)
    assert save(database, record, clip) == (article_id, 1)
    kept = article(database, owner, article_id)
    assert (kept.state, kept.failure, kept.title, kept.note) == (ClipState.KEPT, "", "The dam", "why I wanted it")


def test_a_retry_of_a_clip_without_an_address_turns_its_failed_article_into_a_kept_one(database, owner):
    clip = a_clip(address="")
    record = receive(database, owner, clip)
    article_id = fail(database, record, address="")
    assert fail(database, record, "still nothing", address="") == article_id
    assert save(database, record, clip, address="") == (article_id, 1)
    with database.read() as work:
        assert work.articles.count(owner) == 1


def test_a_new_clip_of_a_failed_article_s_address_keeps_it(database, owner):
    article_id = fail(database, receive(database, owner, a_clip("clip-0001")))
    assert keep(database, owner, a_clip("clip-0002")) == (article_id, 1)
    assert article(database, owner, article_id).state is ClipState.KEPT


def test_a_retry_that_finds_the_canonical_address_moves_the_article_there(database, owner):
    clip = a_clip()
    record = receive(database, owner, clip)
    article_id = fail(database, record, address="https://paper.example/dam?page=1")
    assert save(database, record, clip)[0] == article_id
    with database.read() as work:
        assert work.articles.by_address(owner, ADDRESS).id == article_id
        assert work.articles.by_address(owner, "https://paper.example/dam?page=1") is None


def test_a_failed_article_that_turns_out_to_be_another_one_becomes_its_next_version(database, owner):
    good, _ = keep(database, owner, a_clip("clip-0001", note="good"))
    clip = a_clip("clip-0002", note="failed")
    record = receive(database, owner, clip)
    failed = fail(database, record, address="https://paper.example/dam?page=1")
    assert failed != good
    with database.begin() as work:
        work.tags.add_to_article(owner, good, "t-1", TagKind.TOPIC, TagOrigin.READER, NOW)
        for tag in (WATER, SYRIA):
            work.tags.add_to_article(owner, failed, tag.id, tag.kind, TagOrigin.READER, NOW)
        work.articles.set_starred(owner, failed, True, NOW)
    assert save(database, record, clip) == (good, 2)
    kept = article(database, owner, good)
    assert (kept.note, kept.starred, kept.version_count) == ("good\n\nfailed", True, 2)
    assert [tag.tag_id for tag in kept.tags] == ["t-1", "r-sy"]
    with database.read() as work:
        assert work.articles.by_ids(owner, [failed]) == {}
        assert work.clips.get(record.id).article_id == good
    assert failed in drain(database)


def test_a_failed_re_clip_does_not_hide_a_good_article(database, owner):
    article_id, _ = keep(database, owner, a_clip("clip-0001"))
    assert fail(database, receive(database, owner, a_clip("clip-0002")), title="Sign in to read") == article_id
    kept = article(database, owner, article_id)
    assert (kept.state, kept.failure, kept.title) == (ClipState.KEPT, "nothing to read", "The dam")
    with database.read() as work:
        assert work.versions.current(article_id).number == 1
        assert work.clips.latest_of_article(article_id).state is ClipState.FAILED
    keep(database, owner, a_clip("clip-0003"))
    assert article(database, owner, article_id).failure == ""


def test_a_failed_re_clip_of_an_article_in_the_trash_can_be_seen(database, owner):
    article_id, _ = keep(database, owner, a_clip("clip-0001"))
    with database.begin() as work:
        work.articles.trash(owner, article_id, NOW)
    fail(database, receive(database, owner, a_clip("clip-0002")))
    assert article(database, owner, article_id).trashed_at is None


# --- the trash ---


def test_the_trash_hides_and_restoring_brings_back(database, owner):
    article_id, _ = keep(database, owner, a_clip())
    with database.begin() as work:
        work.articles.trash(owner, article_id, NOW)
        work.articles.trash(owner, article_id, NOW + timedelta(days=1))
    with database.read() as work:
        assert [(one.id, one.trashed_at) for one in work.articles.in_trash(owner)] == [(article_id, NOW)]
        assert (work.articles.count(owner), work.articles.count_all()) == (0, 0)
        assert (list(work.articles.all_ids()), list(work.articles.revisions())) == ([], [])
        assert work.articles.newest(owner, 10) == []
    with database.begin() as work:
        work.articles.restore(owner, article_id, NOW)
    with database.read() as work:
        assert work.articles.in_trash(owner) == []
        assert (work.articles.count(owner), list(work.articles.all_ids())) == (1, [article_id])


def test_purging_removes_what_was_trashed_before_a_time_with_all_that_hangs_on_it(database, owner):
    picture = a_picture("b")
    lead = Image(picture.address)
    old = a_clip("clip-0001")
    record = receive(database, owner, old, [("cid:1", "image/png", sha("c"), 9)])
    gone, _ = save(database, record, old, draft=a_draft(lead=lead), images=(picture,))
    spared, _ = keep(database, owner, a_clip("clip-0002"), address=ADDRESS + "2", images=(a_picture("d"),))
    with database.begin() as work:
        work.tags.add_to_article(owner, gone, "r-sy", TagKind.REGION, TagOrigin.READER, NOW)
        work.articles.trash(owner, gone, NOW)
        work.articles.trash(owner, spared, NOW + timedelta(hours=2))
        assert sorted(work.assets.referenced()) == [sha("a"), sha("b"), sha("c"), sha("d")]
    drain(database)
    with database.begin() as work:
        assert work.articles.purge(NOW + timedelta(hours=1)) == 1
    with database.begin() as work:
        assert [one.id for one in work.articles.in_trash(owner)] == [spared]
        assert sorted(work.assets.referenced()) == [sha("a"), sha("d")]
        assert work.assets.drop_unreferenced() == 1
        assert work.assets.get(sha("b")) is None
        assert work.clips.by_clip_id(owner, "clip-0001") is None
        assert work.versions.of_article(gone) == []
        assert [change.article_id for change in work.changes.waiting(9)] == [gone]


def test_the_trash_is_read_in_parts_and_counted(database, owner):
    ids = [keep(database, owner, a_clip(f"clip-000{n}"), address=f"{ADDRESS}{n}")[0] for n in range(4)]
    with database.begin() as work:
        other = work.accounts.add("other", NOW).id
        for hours, article_id in enumerate(ids[:3]):
            work.articles.trash(owner, article_id, NOW + timedelta(hours=hours))
    with database.read() as work:
        assert (work.articles.count_in_trash(owner), work.articles.count_in_trash(other)) == (3, 0)
        assert [one.id for one in work.articles.in_trash(owner, limit=2)] == [ids[2], ids[1]]
        assert [one.id for one in work.articles.in_trash(owner, limit=2, offset=2)] == [ids[0]]


def test_purging_one_owner_s_trash_leaves_that_of_the_others(database, owner):
    with database.begin() as work:
        other = work.accounts.add("other", NOW).id
    for who in (owner, other):
        article_id, _ = keep(database, who, a_clip())
        with database.begin() as work:
            work.articles.trash(who, article_id, NOW)
    with database.begin() as work:
        assert work.articles.purge(NOW + timedelta(seconds=1), owner=owner) == 1
    with database.read() as work:
        assert (work.articles.count_in_trash(owner), work.articles.count_in_trash(other)) == (0, 1)


def test_what_was_clipped_after_a_moment_is_told_to_the_microsecond(database, owner):
    tick = timedelta(microseconds=1)
    moments = [NOW - tick, NOW, NOW + tick, NOW + timedelta(days=2), NOW + timedelta(days=3)]
    clips = [a_clip(f"clip-000{n}", clipped_at=moment) for n, moment in enumerate(moments)]
    ids = [keep(database, owner, clip, address=f"{ADDRESS}{n}")[0] for n, clip in enumerate(clips)]
    with database.begin() as work:
        other = work.accounts.add("other", NOW).id
        work.articles.trash(owner, ids[4], NOW)
    with database.read() as work:
        assert work.articles.clipped_after(owner, NOW) == {ids[2]: NOW + tick, ids[3]: NOW + timedelta(days=2)}
        assert work.articles.clipped_after(other, NOW) == {}


def test_the_id_of_a_purged_article_is_never_used_again(database, owner):
    first, _ = keep(database, owner, a_clip("clip-0001"))
    with database.begin() as work:
        work.articles.trash(owner, first, NOW)
        work.articles.purge(NOW + timedelta(seconds=1))
    second, _ = keep(database, owner, a_clip("clip-0001"))
    assert second > first


# --- what the reader does, and what the index hears of it ---


@pytest.mark.parametrize(
    "deed",
    [
        lambda work, owner, id: work.articles.set_reading(owner, id, ReadingState.READING, NOW),
        lambda work, owner, id: work.articles.set_starred(owner, id, True, NOW),
        lambda work, owner, id: work.articles.set_note(owner, id, "worth it", NOW),
        lambda work, owner, id: work.articles.trash(owner, id, NOW),
        lambda work, owner, id: work.tags.add_to_article(owner, id, "r-sy", TagKind.REGION, TagOrigin.READER, NOW),
        lambda work, owner, id: work.tags.remove_from_article(owner, id, "t-1", NOW),
    ],
    ids=["reading", "starred", "note", "trash", "tag", "untag"],
)
def test_every_searchable_write_raises_the_revision_and_leaves_one_note(database, owner, deed):
    article_id, _ = keep(database, owner, a_clip())
    with database.begin() as work:
        work.tags.add_to_article(owner, article_id, "t-1", TagKind.TOPIC, TagOrigin.CLIP, NOW)
    assert revision_after(database, owner, article_id, lambda work: deed(work, owner, article_id)) == (1, 1)
    assert revision_after(database, owner, article_id, lambda work: deed(work, owner, article_id)) == (0, 0)


def test_keeping_and_failing_raise_the_revision_and_leave_one_note(database, owner):
    article_id, _ = keep(database, owner, a_clip("clip-0001"))
    revisions = [article(database, owner, article_id).revision]
    keep(database, owner, a_clip("clip-0002"))
    revisions.append(article(database, owner, article_id).revision)
    fail(database, receive(database, owner, a_clip("clip-0003")))
    revisions.append(article(database, owner, article_id).revision)
    assert revisions == sorted(set(revisions))
    assert drain(database) == [article_id]


def test_a_change_noted_while_an_older_one_is_drained_is_not_lost(database, owner):
    article_id, _ = keep(database, owner, a_clip())
    with database.read() as work:
        drained = work.changes.waiting(10)
    with database.begin() as work:
        work.articles.set_starred(owner, article_id, True, NOW)
    with database.begin() as work:
        work.changes.done(drained)
        assert [change.article_id for change in work.changes.waiting(10)] == [article_id]


def test_noting_all_while_one_is_drained_loses_nothing_and_notes_once(database, owner):
    ids = [keep(database, owner, a_clip(f"clip-000{number}"), address=f"{ADDRESS}{number}")[0] for number in range(3)]
    with database.begin() as work:
        work.articles.trash(owner, ids[2], NOW)
    with database.read() as work:
        drained = work.changes.waiting(10)
    with database.begin() as work:
        work.changes.note_all(NOW)
    with database.begin() as work:
        work.changes.done(drained)
        assert sorted(change.article_id for change in work.changes.waiting(10)) == ids
        assert work.changes.count() == 3


def test_writes_to_one_article_from_many_threads_leave_one_note_and_count_each(database, owner):
    article_id, _ = keep(database, owner, a_clip())

    def write(number: int) -> None:
        with database.begin() as work:
            work.articles.set_note(owner, article_id, f"note {number}", NOW)

    before = article(database, owner, article_id).revision
    at_once(write, 8)
    assert article(database, owner, article_id).revision == before + 8
    assert drain(database) == [article_id]


def test_noting_all_and_writing_at_once_get_along(database, owner):
    ids = [keep(database, owner, a_clip(f"clip-000{number}"), address=f"{ADDRESS}{number}")[0] for number in range(4)]

    def write_or_note_all(number: int) -> None:
        for turn in range(10):
            with database.begin() as work:
                if number % 2:
                    work.changes.note_all(NOW)
                else:
                    work.articles.set_note(owner, ids[turn % 4], f"note {number} {turn}", NOW)

    at_once(write_or_note_all, 6)
    assert sorted(drain(database)) == ids


def test_nothing_of_a_transaction_that_raises_is_kept(database, owner):
    article_id, _ = keep(database, owner, a_clip())
    drain(database)

    def star_and_break() -> None:
        with database.begin() as work:
            work.articles.set_starred(owner, article_id, True, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        star_and_break()
    assert not article(database, owner, article_id).starred
    assert drain(database) == []


def test_a_reader_s_snapshot_does_not_move_while_it_is_read(database, owner):
    article_id, _ = keep(database, owner, a_clip("clip-0001"))
    with database.read() as work:
        before = work.articles.get(owner, article_id)
        keep(database, owner, a_clip("clip-0002"), draft=a_draft(title="Changed"))
        assert work.articles.get(owner, article_id) == before
        assert work.versions.current(article_id).id == before.version_id


def test_tags_stand_in_the_order_they_were_put_on(database, owner):
    article_id, _ = keep(database, owner, a_clip())
    with database.begin() as work:
        for tag in (WATER, SYRIA, WATER):
            work.tags.add_to_article(owner, article_id, tag.id, tag.kind, TagOrigin.READER, NOW)
    on_it = article(database, owner, article_id).tags
    assert [(tag.tag_id, tag.kind, tag.origin, tag.added_at) for tag in on_it] == [
        ("t-1", TagKind.TOPIC, TagOrigin.READER, NOW),
        ("r-sy", TagKind.REGION, TagOrigin.READER, NOW),
    ]


# --- lists ---


def test_ten_rows_cost_as_many_statements_as_twenty(database, owner):
    ids = []
    for number in range(20):
        article_id, _ = keep(
            database, owner, a_clip(f"clip-{number:04}"), address=f"{ADDRESS}{number}", images=(a_picture(),)
        )
        ids.append(article_id)
        with database.begin() as work:
            work.tags.add_to_article(owner, article_id, "r-sy", TagKind.REGION, TagOrigin.READER, NOW)

    def count(few: list[int]) -> int:
        with database.read() as work, statements(database) as sent:
            assert len(work.articles.by_ids(owner, few)) == len(few)
            assert all(version.images for version in work.versions.current_of(few).values())
            assert len(work.articles.newest(owner, len(few))) == len(few)
        return len(sent)

    assert count(ids[:10]) == count(ids) == 6
    with database.begin() as work:
        for article_id in ids[:10]:
            work.articles.trash(owner, article_id, NOW)
    with database.read() as work, statements(database) as sent:
        assert len(work.articles.in_trash(owner)) == 10
    assert len(sent) == 2


def test_no_list_walks_through_all_articles(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/dateline.sqlite", busy_timeout_s=1)
    ways: list[str] = []

    def explain(connection, cursor, statement, parameters, *_) -> None:
        if statement.startswith("SELECT"):
            cursor.execute("EXPLAIN QUERY PLAN " + statement, parameters)
            ways.extend(row[3] for row in cursor.fetchall() if "articles" in row[3] or "versions" in row[3])

    event.listen(store.engine, "before_cursor_execute", explain)
    with store.read() as work:
        work.articles.by_ids(1, [1, 2])
        work.versions.current_of([1, 2])
        work.versions.of_article(1)
        work.articles.by_address(1, ADDRESS)
        work.articles.newest(1, 10)
        work.articles.in_trash(1)
        work.articles.count(1)
    store.close()
    assert [way for way in ways if way.startswith("SCAN")] == []
    assert ways[0] == "SEARCH articles USING INTEGER PRIMARY KEY (rowid=?)"
    assert len(ways) >= 7


def test_the_newest_articles_are_found_by_words_of_their_titles(database, owner):
    for number, title in enumerate(["The Dam", "100% of the dam", "A bridge"]):
        clip = a_clip(f"clip-000{number}", clipped_at=NOW + timedelta(hours=number))
        keep(database, owner, clip, address=f"{ADDRESS}{number}", draft=a_draft(title=title))
    with database.read() as work:
        assert [one.title for one in work.articles.newest(owner, 2)] == ["A bridge", "100% of the dam"]
        assert [one.title for one in work.articles.newest(owner, 9, words=["DAM", "the"])] == [
            "100% of the dam",
            "The Dam",
        ]
        assert [one.title for one in work.articles.newest(owner, 9, words=["0% o"])] == ["100% of the dam"]
        assert [one.title for one in work.articles.newest(owner, 1, offset=2)] == ["The Dam"]
        assert work.articles.count(owner, words=["dam"]) == 2


# --- odd values ---


def test_an_id_beyond_64_bits_names_nothing(database, owner):
    with database.begin() as work:
        for wrong in (2**63, 10**40, -(10**40)):
            with pytest.raises(NotFound):
                work.articles.get(owner, wrong)
            with pytest.raises(NotFound):
                work.articles.set_starred(owner, wrong, True, NOW)
            with pytest.raises(NotFound):
                work.versions.get(wrong)
            assert work.articles.by_ids(owner, [wrong]) == {}


def test_odd_characters_never_cost_an_article(database, owner):
    draft = a_draft(
        title="A\x00 title \ud800with 🌊", authors=("\x00\udfff",), body_text="\x00body", origins={"a\x00": "\ud800"}
    )
    article_id, _ = keep(database, owner, a_clip(note="\ud83c"), draft=draft)
    kept = article(database, owner, article_id)
    assert (kept.title, kept.note, kept.authors) == ("A title with 🌊", "", ("",))
    with database.read() as work:
        version = work.versions.current(article_id)
        assert (version.body_text, version.details["origins"]) == ("body", {"a": ""})
        assert work.articles.by_address(owner, "https://\x00\ud800") is None
        assert work.accounts.by_name("reader\x00") == work.accounts.by_name("reader")


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-12))),
    ],
)
def test_the_ends_of_the_calendar_can_be_kept(database, owner, moment):
    article_id, _ = keep(database, owner, a_clip(), draft=a_draft(published_at=moment, published_on=moment.date()))
    kept = article(database, owner, article_id)
    assert kept.published_at == moment.replace(tzinfo=UTC)
    assert kept.published_on == moment.date()


def test_a_time_without_a_zone_is_refused(database, owner):
    with pytest.raises(Exception, match="without a zone"):
        receive(database, owner, a_clip(clipped_at=NOW.replace(tzinfo=None)))
