"""How long the pages of an archive take when it is large.

    python -m benchmarks.pages [--articles 10000] [--folder DIR] [--json FILE]

Invented articles (`corpus.py`) are put into the store with tags by the reader, the first as the path of a clip puts it,
the others as rows like its own, and the index is made from it. Then each page is asked for through the application,
without a server between. Times are CPU of the whole process: the median of 9 after one to warm up; and of 3 askings
right after an article changed, when the index has a new commit. DIR keeps the archive, and is used again when it has
one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Connection, Table, insert, select

from benchmarks.corpus import Corpus
from index import Document
from webapp import indexing
from webapp.access import accounts
from webapp.app import create_app
from webapp.model import CameBy, Clip, ClipState, Draft, TagKind, TagOrigin
from webapp.services import Services, open_services
from webapp.settings import Settings
from webapp.store import Work
from webapp.store.addresses import address_key
from webapp.store.database import writing
from webapp.store.tables import article_tags, articles, clips, version_texts, versions

ASKED = 9
BATCH = 500  # articles a transaction
PAGES = {
    "library": "/",
    "a common word": "/?q={common}",
    "two words": "/?q={common}+{other}",
    "a region": "/?q=region:syria",
    "a word and a region": "/?q={common}+region:asia",
    "page 100": "/?page=100",
    "by title": "/?q={common}&sort=title",
    "table": "/map/tables",
    "places": "/places",
    "topics": "/topics",
    "review": "/review",
    "an article": "/articles/1",
    "searches": "/searches",
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="where the archive is made and kept")
    parser.add_argument("--json", type=Path, help="write the figures there")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="dateline-pages-") as folder:
        services = open_services(Settings(data_dir=chosen.folder or Path(folder)))
        try:
            fill(services, chosen.articles)
            figures = measure(services)
        finally:
            services.close()
    print(f"### {chosen.articles:,} articles\n\n| CPU ms | p50 | after a clip |\n|---|---|---|")
    for name, (usual, changed) in figures.items():
        print(f"| {name} | {usual:.1f} | {changed:.1f} |")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2))
    return 0


def fill(services: Services, count: int) -> None:
    """As many articles as are missing, and the index of all."""
    owner = accounts.ensure_account(services).id
    documents = Corpus().articles(count)
    with services.store.begin() as work:
        there = work.articles.count(owner)
        if not there:
            _keep(work, owner, next(documents))
            work.changes.done(work.changes.waiting(BATCH))
            there = 1
    rest = islice(Corpus().articles(count), there, None)
    while batch := list(islice(rest, BATCH)):
        with writing(services.store.engine) as connection:
            for table, rows in _copies(connection, owner, batch).items():
                connection.execute(insert(table), rows)
        there += len(batch)
        print(f"\r{there:,} articles", end="", file=sys.stderr, flush=True)
    if services.engine is None or services.engine.count() != count:
        indexing.rebuild(services)
    print(file=sys.stderr)


def _copies(connection: Connection, owner: int, documents: Sequence[Document]) -> dict[Table, list[dict[str, Any]]]:
    """Rows like those of the first article, for others."""

    def like(table: Table, column: str) -> dict[str, Any]:
        return dict(connection.execute(select(table).where(table.c[column] == 1)).one()._mapping)

    first = {table: like(table, "id") for table in (clips, articles, versions)}
    text = like(version_texts, "version_id")
    found: dict[Table, list[dict[str, Any]]] = {
        table: [] for table in (articles, clips, versions, version_texts, article_tags)
    }
    for document in documents:
        number, moment = document.id, document.clipped
        ours = {"id": number, "clip_id": f"bench-{number:08}", "address": document.address, "clipped_at": moment}
        words = {"title": document.title, "word_count": document.words}
        found[clips].append({**first[clips], **ours, "article_id": number, "title": document.title})
        found[versions].append({**first[versions], **ours, **words, "article_id": number, "clip_record_id": number})
        found[version_texts].append(
            {**text, "version_id": number, "clean_html": _markup(document), "body_text": document.body}
        )
        article = {
            **first[articles],
            **words,
            "id": number,
            "address": document.address,
            "address_key": address_key(document.address),
            "standfirst": document.lead,
            "excerpt": document.lead,
            "authors": list(document.authors),
            "outlet": document.outlet,
            "language": document.language,
            "published_on": document.published,
            "clipped_at": moment,
            "version_id": number,
        }
        found[articles].append(article)
        for position, tag in enumerate((*document.regions, *document.topics)):
            kind = TagKind.REGION if tag in document.regions else TagKind.TOPIC
            row = {"article_id": number, "tag_id": tag, "kind": kind, "position": position, "added_at": moment}
            found[article_tags].append({**row, "origin": TagOrigin.READER, "source": None})
    return found


def _markup(document: Document) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in document.body.split("\n"))


def _keep(work: Work, owner: int, document: Document) -> None:
    """As the path of a clip does it."""
    clip = Clip(
        clip_id=f"bench-{document.id:08}",
        address=document.address,
        raw=b"",
        raw_type="text/html",
        page="",
        is_html=True,
        came_by=CameBy.EXTENSION,
        clipped_at=document.clipped,
    )
    record, _ = work.clips.add(owner, clip, "0" * 64, [])
    article_id, number = work.articles.save_version(
        record=record,
        clip=clip,
        address=document.address,
        outlet=document.outlet,
        draft=Draft(
            title=document.title,
            standfirst=document.lead,
            authors=document.authors,
            published_on=document.published,
            language=document.language,
            excerpt=document.lead,
            body_text=document.body,
            captions_text=document.captions,
            word_count=document.words,
        ),
        clean_html=_markup(document),
        cleaner="bench",
        images=(),
        log=(),
        now=document.clipped,
    )
    work.clips.finish(
        record.id,
        state=ClipState.KEPT,
        article_id=article_id,
        version_number=number,
        reason="",
        now=document.clipped,
        log=(),
    )
    for kind, tag_ids in ((TagKind.REGION, document.regions), (TagKind.TOPIC, document.topics)):
        for tag_id in tag_ids:
            work.tags.add_to_article(owner, article_id, tag_id, kind, TagOrigin.READER, document.clipped)


def measure(services: Services) -> dict[str, tuple[float, float]]:
    """Name -> CPU ms when asked again, and after a change."""
    app = create_app(services)
    with app.test_client() as client:
        client.post(accounts.make_sign_in_link(services))
        common, other = Corpus().words["en"][[150, 400]]  # of a thousand articles, about a third and a tenth have them
        return {name: _times(services, client, path.format(common=common, other=other)) for name, path in PAGES.items()}


def _times(services: Services, client: FlaskClient, path: str) -> tuple[float, float]:
    client.get(path)
    usual = statistics.median(_cpu_ms(client, path) for _ in range(ASKED))
    changed = [_after_a_change(services, client, path) for _ in range(3)]
    return round(usual, 2), round(statistics.median(changed), 2)


def _after_a_change(services: Services, client: FlaskClient, path: str) -> float:
    owner = accounts.ensure_account(services).id
    with services.store.begin() as work:
        starred = work.articles.get(owner, 2).starred
        work.articles.set_starred(owner, 2, not starred, datetime.now(UTC))
    indexing.drain(services)
    return _cpu_ms(client, path)


def _cpu_ms(client: FlaskClient, path: str) -> float:
    started = time.process_time()
    answer = client.get(path)
    seconds = time.process_time() - started
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status}: {answer.text[:200]}")
    return seconds * 1e3


if __name__ == "__main__":
    raise SystemExit(main())
