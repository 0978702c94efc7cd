"""The whole path of a clip, on real shelves."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests import builders
from webapp import clipping, indexing, jobs, pipeline, searching
from webapp.access import accounts
from webapp.articles import reading
from webapp.confine import Confined
from webapp.errors import DiskFull, NotFound
from webapp.filing import tagging
from webapp.model import CameBy, ClipState, Resource, TagKind
from webapp.services import Services

pytest_plugins = ["databases"]

ADDRESS = "https://quay.example/breakwater"
SEED_NOISE = ("PODCAST", "Send by", "follow topics", "Comments", "subscriber", "Carina", "Gaza", "Bosnia", "גוריון")


def clip(services: Services, owner: int, html: str, **extra: object) -> pipeline.Receipt:
    return clipping.clip_upload(services, owner, "page.html", html.encode(), address=ADDRESS, **extra)  # type: ignore[arg-type]


def test_a_clip_becomes_an_article_that_can_be_read_and_found(services: Services, owner: int) -> None:
    record = builders.put(services)
    opened = reading.open_article(services, owner, record.article_id or 0)
    assert record.state is ClipState.KEPT
    assert opened.article.title == "A harbour rebuilds its breakwater"
    assert opened.article.authors == ("Ada Quill",)
    assert opened.article.published_on
    assert opened.article.published_on.isoformat() == "2020-12-27"
    assert opened.article.outlet == "quay.example"
    assert opened.version
    assert "eastern breakwater" in opened.version.clean_html
    assert [step.name for step in opened.log] == ["extract", "keep images", "sanitise", "suggest"]
    assert [row.article.id for row in searching.find(services, owner, "breakwater latakia").rows] == [record.article_id]


def test_when_it_is_acknowledged_it_is_on_the_shelf_and_in_the_queue(services: Services, owner: int) -> None:
    receipt = clip(services, owner, builders.page())
    with services.store.read() as work:
        record = work.clips.get(receipt.record_id)
        assert work.jobs.waiting() == 1
    assert services.shelf.read(record.raw_sha256) == builders.page().encode()


def test_the_same_clip_id_twice_is_one_clip(services: Services, owner: int) -> None:
    first = clip(services, owner, builders.page(), clip_id="one-and-the-same")
    again = clip(services, owner, builders.page(), clip_id="one-and-the-same")
    jobs.run_all(services)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.record_id == again.record_id
    assert searching.find(services, owner, "").total == 1


def test_clipping_the_same_address_again_makes_a_second_version(services: Services, owner: int) -> None:
    first = builders.put(services)
    changed = builders.page(words="A correction: the levy is reviewed every year, the council said on Friday evening.")
    second = builders.put(services, changed, address=ADDRESS + "?utm_source=letter#top")
    assert second.article_id == first.article_id
    assert second.version_number == 2
    opened = reading.open_article(services, owner, first.article_id or 0)
    assert [version.number for version in opened.versions] == [2, 1]
    assert searching.find(services, owner, "correction levy").total == 1


def test_pictures_sent_along_are_kept_and_shown_from_the_archive_alone(services: Services, owner: int) -> None:
    html = builders.page(images='<figure><img src="/pier.png" alt="A pier"><figcaption>The pier.</figcaption></figure>')
    sent = Resource("https://quay.example/pier.png", "image/png", builders.picture(800, 500))
    opened = reading.open_article(services, owner, builders.put(services, html, resources=(sent,)).article_id or 0)
    assert opened.version is not None
    kept = [image.asset for image in opened.version.images if image.asset]
    assert [(asset.width_px, asset.height_px, asset.media_type) for asset in kept] == [(800, 500, "image/png")]
    assert "quay.example/pier.png" not in opened.version.clean_html
    assert kept[0].sha256 in opened.article.lead_sha256 + opened.version.clean_html
    assert reading.asset(services, owner, kept[0].sha256).path.read_bytes() == sent.content


def test_a_picture_that_did_not_come_is_missed_with_its_reason(services: Services, owner: int) -> None:
    html = builders.page(images='<figure><img src="https://far.example/a.jpg" alt="A pier"></figure>')
    opened = reading.open_article(services, owner, builders.put(services, html).article_id or 0)
    assert opened.version is not None
    assert [image.asset for image in opened.version.images] == [None]
    assert "switched off" in opened.version.images[0].reason
    assert "far.example" not in opened.version.clean_html


def test_a_reader_may_have_missing_pictures_fetched(tmp_path: Path, confined: Confined) -> None:
    (tmp_path / "a.png").write_bytes(builders.picture(320, 200))
    archive = builders.open_archive(tmp_path / "archive", confined=confined, fetch_private_hosts="yes")
    try:
        with builders.web_server(tmp_path) as address:
            html = builders.page(images=f'<figure><img src="{address}/a.png" alt="A pier"></figure>')
            reader = accounts.ensure_account(archive).id
            record = builders.put(archive, html, address=f"{address}/article")
            opened = reading.open_article(archive, reader, record.article_id or 0)
            assert opened.version is not None
            assert [image.asset for image in opened.version.images] == [None]
            accounts.choose_to_fetch_pictures(archive, reader, True)
            pipeline.reprocess(archive, reader, record.article_id or 0)
            opened = reading.open_article(archive, reader, record.article_id or 0)
            assert opened.version is not None
            assert [image.asset and image.asset.width_px for image in opened.version.images] == [320]
    finally:
        archive.close()


def test_tags_chosen_while_clipping_are_on_the_article(services: Services, owner: int) -> None:
    record = builders.put(
        services, tags=("region:Syria", "topic:armed conflict", "Türkiye", "region:Lemuria Island", "Atlantis")
    )
    opened = reading.open_article(services, owner, record.article_id or 0)
    assert [on.tag.slug for on in opened.regions] == ["syria", "turkey"]
    assert [on.tag.slug for on in opened.topics] == ["armed-conflict"]
    assert any("Lemuria Island, Atlantis" in step.outcome for step in opened.log)  # a town, but nobody said region


def test_making_it_again_leaves_the_readers_tags_alone(services: Services, owner: int) -> None:
    record = builders.put(services, tags=("region:syria",))
    article_id = record.article_id or 0
    tagging.remove_tag(services, owner, article_id, "r-sy")
    tagging.add_tag(services, owner, article_id, TagKind.REGION, "Turkey")
    pipeline.reprocess(services, owner, article_id)
    opened = reading.open_article(services, owner, article_id)
    assert [on.tag.slug for on in opened.regions] == ["turkey"]
    assert len(opened.versions) == 1


def test_a_page_without_an_article_is_a_visible_failure_that_keeps_the_page(services: Services, owner: int) -> None:
    html = "<html><head><title>Nothing here</title></head><body><script>render()</script><p> </p></body></html>"
    record = builders.put(services, html)
    assert record.state is ClipState.FAILED
    opened = reading.open_article(services, owner, record.article_id or 0)
    assert opened.article.state is ClipState.FAILED
    assert opened.article.failure
    assert reading.original_of_clip(services, owner, record.clip_id).content == html.encode()
    assert searching.find(services, owner, "is:failed").total == 1


def test_a_failed_clip_can_be_tried_again(services: Services, owner: int) -> None:
    record = builders.put(services, "<html><title>Nothing</title><body></body></html>")
    reading.retry(services, owner, record.article_id or 0)
    jobs.run_all(services)
    assert clipping.state_of(services, owner, record.clip_id).state is ClipState.FAILED
    with pytest.raises(NotFound):
        reading.retry(services, owner, builders.put(services).article_id or 0)


def test_a_full_disk_acknowledges_nothing(services: Services, owner: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)  # the system's refusal, not ours
    with pytest.raises(DiskFull):
        clip(services, owner, builders.page())
    monkeypatch.undo()
    assert clipping.recent(services, owner) == []


def test_a_job_that_stops_its_worker_each_time_is_given_up_visibly(
    services: Services, owner: int, clock: builders.Clock
) -> None:
    receipt = clip(services, owner, builders.page())
    for _ in range(jobs.ATTEMPTS):
        with services.store.begin() as work:
            assert work.jobs.take(clock(), jobs.LEASE_S)  # a worker takes it and dies
        clock.move(seconds=jobs.LEASE_S + 1)
    jobs.run_all(services)
    record = clipping.state_of(services, owner, receipt.clip_id)
    assert record.state is ClipState.FAILED
    assert "worker stopped" in record.reason


@pytest.mark.parametrize("name", ["page.txt", "page.html"])
def test_the_seed_article_goes_through_and_is_found_by_place_and_subject(
    services: Services, owner: int, name: str
) -> None:
    content = (Path(__file__).parent / "cases/seed" / name).read_bytes()
    receipt = clipping.clip_upload(services, owner, name, content, came_by=CameBy.FILE)
    jobs.run_all(services)
    article_id = clipping.state_of(services, owner, receipt.clip_id).article_id or 0
    opened = reading.open_article(services, owner, article_id)
    assert opened.article.title == "Moscow reinforces a Syrian highway town as Kurdish and Turkish-backed forces clash"
    assert opened.article.standfirst.startswith("More military police reach Ain Issa")
    assert opened.version is not None
    assert len(opened.version.body_text.split("\n")) == 10
    assert opened.version.body_text.endswith("since October 2019.")
    kept = opened.version.body_text + opened.version.captions_text
    assert not [noise for noise in SEED_NOISE if noise in kept]
    assert kept.count("Geir Pedersen") == 1
    for place in ("Syria", "Turkey", "Russia"):
        tagging.add_tag(services, owner, article_id, TagKind.REGION, place)
    for subject in ("armed conflict", "diplomacy"):
        tagging.add_tag(services, owner, article_id, TagKind.TOPIC, subject)
    jobs.run_all(services)
    found = searching.find(services, owner, "ceasefire OR shelling region:syria")
    assert [row.article.id for row in found.rows] == [article_id]


@pytest.mark.postgresql
def test_the_same_path_leads_through_postgresql(tmp_path: Path, confined: Confined, postgresql_url: str) -> None:
    archive = builders.open_archive(tmp_path, confined=confined, database_url=postgresql_url)
    try:
        first = builders.put(archive, tags=("region:syria",))
        second = builders.put(archive, builders.page(words="A correction followed on Friday evening, he said."))
        assert (second.article_id, second.version_number) == (first.article_id, 2)
        found = searching.find(archive, first.owner, "breakwater region:asia")
        assert [row.article.id for row in found.rows] == [first.article_id]
        assert indexing.check(archive) == []
    finally:
        archive.close()
