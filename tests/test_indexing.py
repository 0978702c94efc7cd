"""The index follows the store, and can always be made anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import builders
from webapp import clipping, indexing, jobs, pipeline, searching
from webapp.articles import reading
from webapp.confine import Confined
from webapp.filing import tagging
from webapp.model import TagKind
from webapp.services import Services, index_folder


def test_what_changed_is_found_after_a_drain(services: Services, owner: int) -> None:
    record = builders.put(services)
    tagging.add_tag(services, owner, record.article_id or 0, TagKind.REGION, "Syria")
    assert searching.find(services, owner, "region:western-asia").total == 0
    assert indexing.drain(services) == 1
    assert searching.find(services, owner, "region:western-asia").total == 1
    assert indexing.drain(services) == 0


def test_what_is_in_the_trash_is_not_found(services: Services, owner: int) -> None:
    record = builders.put(services)
    reading.trash(services, owner, record.article_id or 0)
    indexing.drain(services)
    assert searching.find(services, owner, "").total == 0
    reading.restore(services, owner, record.article_id or 0)
    indexing.drain(services)
    assert searching.find(services, owner, "").total == 1


def test_the_index_is_whole_and_check_says_so(services: Services) -> None:
    builders.put(services)
    assert indexing.check(services) == []


def test_check_names_what_is_missing_and_what_is_stale(services: Services, owner: int) -> None:
    first = builders.put(services).article_id or 0
    second = builders.put(services, address="https://quay.example/other").article_id or 0
    engine = services.index()
    assert engine is not None
    engine.remove([second])
    reading.set_starred(services, owner, first, True)  # not drained
    problems = indexing.check(services)
    assert any("not in the index" in problem and str(second) in problem for problem in problems)
    assert any("stale" in problem and str(first) in problem for problem in problems)


def test_made_anew_it_answers_the_same(services: Services, owner: int) -> None:
    for number in range(7):
        builders.put(services, address=f"https://quay.example/{number}", title=f"Harbour {number}")
    before = searching.find(services, owner, "harbour", sort="title")
    seen: list[tuple[int, int]] = []
    assert indexing.rebuild(services, lambda done, total: seen.append((done, total))) == 7
    after = searching.find(services, owner, "harbour", sort="title")
    assert [row.article.id for row in after.rows] == [row.article.id for row in before.rows]
    assert seen[-1] == (7, 7)


def test_another_process_that_rebuilt_it_is_noticed(
    services: Services, owner: int, tmp_path: Path, confined: Confined
) -> None:
    builders.put(services)
    other = builders.open_archive(tmp_path / "archive", confined=confined)
    indexing.rebuild(other)
    builders.put(other, address="https://quay.example/second")
    other.close()
    assert searching.find(services, owner, "").total == 2


def test_a_foreign_index_is_explained_and_titles_are_served_until_it_is_anew(
    tmp_path: Path, confined: Confined
) -> None:
    first = builders.open_archive(tmp_path / "archive", confined=confined)
    builders.put(first)
    folder = index_folder(first.settings)
    first.close()
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "_MAIN_1.toc").write_bytes(b"from elsewhere")
    archive = builders.open_archive(tmp_path / "archive", confined=confined)
    try:
        owner = 1
        found = searching.find(archive, owner, "breakwater")
        assert [row.article.title for row in found.rows] == ["A harbour rebuilds its breakwater"]
        assert found.notice
        assert indexing.check(archive)
        assert indexing.mend(archive)
        jobs.run_all(archive)
        found = searching.find(archive, owner, "cargo")  # a word of the body
        assert (found.total, found.notice) == (1, "")
        assert indexing.check(archive) == []
    finally:
        archive.close()


@pytest.mark.parametrize("loss", ["while it serves", "between two starts", "its files only"])
def test_an_index_that_was_thrown_away_is_made_anew(
    services: Services, owner: int, confined: Confined, loss: str
) -> None:
    builders.put(services)
    folder = index_folder(services.settings)
    if loss == "its files only":
        for path in folder.iterdir():
            path.unlink()
    else:
        shutil.rmtree(folder)
    if loss == "while it serves":
        assert searching.find(services, owner, "harbour").notice, "an empty answer would look like an empty archive"
        assert indexing.mend(services)
        assert searching.find(services, owner, "harbour").total == 1
        return
    again = builders.open_archive(services.settings.data_dir, confined=confined)
    try:
        assert again.index() is None
        assert indexing.mend(again)
        assert searching.find(again, owner, "harbour").total == 1
        assert indexing.check(again) == []
    finally:
        again.close()


def test_an_article_that_waits_to_be_indexed_is_no_sign_of_a_lost_index(
    services: Services, owner: int, confined: Confined
) -> None:
    receipt = clipping.clip_upload(services, owner, "a.html", builders.page().encode())
    pipeline.archive(services, receipt.record_id)
    again = builders.open_archive(services.settings.data_dir, confined=confined)
    assert again.index() is not None
    again.close()


def test_an_index_that_breaks_while_it_serves_gives_titles_and_is_made_anew(services: Services, owner: int) -> None:
    builders.put(services)
    for path in index_folder(services.settings).iterdir():
        path.write_bytes(b"a disk that lies" * 40)
    found = searching.find(services, owner, "harbour")
    assert (found.total, bool(found.notice)) == (1, True)
    assert indexing.mend(services)
    found = searching.find(services, owner, "breakwater")
    assert (found.total, found.notice) == (1, "")


def test_what_a_broken_index_could_not_take_is_in_the_one_made_anew(services: Services, owner: int) -> None:
    builders.put(services)
    for path in index_folder(services.settings).iterdir():
        path.write_bytes(b"a disk that lies" * 40)
    builders.put(services, address="https://quay.example/second")
    indexing.mend(services)
    assert searching.find(services, owner, "breakwater").total == 2
    assert indexing.check(services) == []
