"""How a clip becomes an article, or a visible failure: which article it belongs to, which version it is.

- The same owner and canonical address is the same article; without an address every clip is an article of its own.
- A clip makes one version, however often it is worked on.
- The article shows the version that was clipped last, whichever was worked on last.
- What the reader did (note, star, reading state, tags) is never taken back.

On PostgreSQL the clip's row, then the article's row is locked before anything is decided; on SQLite the whole
database is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from webapp.errors import NotFound
from webapp.model import Clip, ClipRecord, ClipState, Draft, KeptImage, ReadingState, Step
from webapp.store.addresses import address_key, article_seen_at, keep_address
from webapp.store.assets import Assets
from webapp.store.changes import Changes
from webapp.store.clips import rows_of
from webapp.store.corrections import corrections_of, laid_over, move_corrections
from webapp.store.database import insert_new
from webapp.store.tables import article_tags, articles, clips, version_images, version_texts, versions


class Saving:
    def __init__(self, connection: Connection, changes: Changes) -> None:
        self._connection, self._changes = connection, changes

    def version(
        self,
        *,
        record: ClipRecord,
        clip: Clip,
        address: str,
        outlet: str,
        draft: Draft,
        clean_html: str,
        cleaner: str,
        images: tuple[KeptImage, ...],
        log: Iterable[Step],
        now: datetime,
        again: bool,
    ) -> tuple[int, int]:
        """Keep what was made of a clip: (article id, version number).

        A clip that has its version already is left alone, unless `again`: then the version is made anew in place.
        `address` is canonical or ""; `clean_html` is sanitised. Raises NotFound when the clip is gone.
        """
        known = self._lock_clip(record.id)
        made = self._connection.execute(
            select(versions.c.id, versions.c.article_id, versions.c.number).where(
                versions.c.clip_record_id == record.id
            )
        ).one_or_none()
        if made is not None and not again:
            return made.article_id, made.number
        title = draft.title or clip.title or record.title or address
        content = {
            "title": title,
            "word_count": draft.word_count,
            "maker": draft.maker,
            "cleaner": cleaner,
            "details": _details(draft, clip),
            "log": rows_of(log),
            "made_at": now,
        }
        if made is not None:
            article = self._lock_article(made.article_id)
            version_id, number = made.id, made.number
            self._connection.execute(update(versions).where(versions.c.id == version_id).values(**content))
        else:
            article = self._home(record, known, address, now)
            number = self._next_number(article.id)
            arrived = _arrived(record, clip, article.id, number)
            version_id = self._connection.execute(
                insert(versions).values(**arrived, **content).returning(versions.c.id)
            ).scalar_one()
        self._write_texts(version_id, clean_html, draft)
        self._write_images(version_id, images)
        values: dict[str, Any] = {"state": ClipState.KEPT, "failure": ""}
        shown = self._newest(article.id)
        if shown == version_id:
            values |= _shown(draft, images) | {"title": title, "outlet": outlet, "clipped_at": clip.clipped_at}
            values = laid_over(values, corrections_of(self._connection, [article.id]).get(article.id, {}))
        if made is None:
            values |= {"version_count": article.version_count + 1, "trashed_at": None}
        if known is None:
            values["note"] = _with_note(article.note, clip.note)
        self._connection.execute(update(articles).where(articles.c.id == article.id).values(version_id=shown, **values))
        keep_address(self._connection, record.owner, article.id, clip.address, leads_home=False)
        self._changes.note(article.id, now)
        return article.id, number

    def failure(
        self, owner: int, *, address: str, title: str, outlet: str, reason: str, record: ClipRecord, now: datetime
    ) -> int:
        """Make it visible that nothing could be made of a clip: the article's id.

        An article that has a version stays readable and says in `failure` what went wrong; in the trash it would
        not be seen, so it comes back. Raises NotFound when the clip is gone.
        """
        known = self._lock_clip(record.id)
        article = self._home(record, known, address, now)
        values: dict[str, Any] = {"failure": reason, "trashed_at": None, "updated_at": now}
        if not article.version_count:
            values |= {"state": ClipState.FAILED, "title": title, "outlet": outlet, "clipped_at": record.clipped_at}
        if known is None:
            sent = self._connection.scalar(select(clips.c.note).where(clips.c.id == record.id)) or ""
            values["note"] = _with_note(article.note, sent)
        self._connection.execute(update(articles).where(articles.c.id == article.id).values(**values))
        self._changes.note(article.id, now)
        article_id: int = article.id
        return article_id

    def _lock_clip(self, record_id: int) -> int | None:
        """The article that the clip belongs to already, if any."""
        row = self._connection.execute(
            select(clips.c.article_id).where(clips.c.id == record_id).with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound("There is no such clip.")
        article_id: int | None = row.article_id
        return article_id

    def _lock_article(self, article_id: int) -> Row[Any]:
        return self._connection.execute(select(articles).where(articles.c.id == article_id).with_for_update()).one()

    def _home(self, record: ClipRecord, known: int | None, address: str, now: datetime) -> Row[Any]:
        """The article that the clip belongs to, locked: by its address, else the one it failed as, else a new one."""
        own = None if known is None else self._lock_article(known)
        there = self._at(record.owner, address)
        if own is None:
            return there or self._begin(record, address, now)
        if there is None or there.id == own.id:
            if not own.version_count:
                self._connection.execute(
                    update(articles)
                    .where(articles.c.id == own.id)
                    .values(address=address, address_key=address_key(address))
                )
            return own
        if not own.version_count:
            self._move_into(own, there, now)
        return self._lock_article(there.id)

    def _at(self, owner: int, address: str) -> Row[Any] | None:
        """The article kept under this address, or under the one that the reader put in its place; locked."""
        if not address:
            return None
        kept = select(articles).where(articles.c.owner == owner, articles.c.address_key == address_key(address))
        found = self._connection.execute(kept.with_for_update()).one_or_none()
        moved = None if found else article_seen_at(self._connection, owner, address, leads_home=True)
        return self._lock_article(moved) if moved else found

    def _begin(self, record: ClipRecord, address: str, now: datetime) -> Row[Any]:
        """A new, still empty article; or the one that somebody else began at this address in the meantime."""
        article_id = self._connection.execute(
            insert_new(self._connection, articles)
            .values(
                **_EMPTY,
                owner=record.owner,
                address=address,
                address_key=address_key(address),
                clipped_at=record.clipped_at,
                updated_at=now,
            )
            .returning(articles.c.id)
        ).scalar_one_or_none()
        if article_id is not None:
            return self._lock_article(article_id)
        article = self._at(record.owner, address)
        assert article is not None  # it was in the way of ours
        return article

    def _move_into(self, failed: Row[Any], article: Row[Any], now: datetime) -> None:
        """A failed article turned out to be another, good one: what the reader did to it goes there."""
        tags = self._connection.execute(
            select(article_tags).where(article_tags.c.article_id == failed.id).order_by(article_tags.c.position)
        ).all()
        for number, tag in enumerate(tags, start=1):
            moved = {
                **tag._mapping,
                "article_id": article.id,
                "position": next_position(self._connection, article.id) + number,
            }
            self._connection.execute(insert_new(self._connection, article_tags).values(**moved))
        self._connection.execute(
            update(articles)
            .where(articles.c.id == article.id)
            .values(note=_with_note(article.note, failed.note), starred=article.starred or failed.starred)
        )
        move_corrections(self._connection, failed.id, article.id)
        self._connection.execute(update(clips).where(clips.c.article_id == failed.id).values(article_id=article.id))
        self._changes.note_gone([failed.id], now)
        self._connection.execute(delete(articles).where(articles.c.id == failed.id))

    def _next_number(self, article_id: int) -> int:
        highest = self._connection.scalar(
            select(func.max(versions.c.number)).where(versions.c.article_id == article_id)
        )
        return (highest or 0) + 1

    def _newest(self, article_id: int) -> int | None:
        return self._connection.scalar(
            select(versions.c.id)
            .where(versions.c.article_id == article_id)
            .order_by(versions.c.clipped_at.desc(), versions.c.number.desc())
            .limit(1)
        )

    def _write_texts(self, version_id: int, clean_html: str, draft: Draft) -> None:
        self._connection.execute(delete(version_texts).where(version_texts.c.version_id == version_id))
        self._connection.execute(
            insert(version_texts).values(
                version_id=version_id,
                clean_html=clean_html,
                body_text=draft.body_text,
                captions_text=draft.captions_text,
            )
        )

    def _write_images(self, version_id: int, images: Iterable[KeptImage]) -> None:
        self._connection.execute(delete(version_images).where(version_images.c.version_id == version_id))
        known = Assets(self._connection)
        rows = []
        for position, image in enumerate(images):
            if image.asset is not None:
                known.add(image.asset)
            rows.append(
                {
                    "version_id": version_id,
                    "position": position,
                    "address": image.address,
                    "sha256": image.asset.sha256 if image.asset else None,
                    "alt": image.alt,
                    "caption": image.caption,
                    "reason": image.reason,
                }
            )
        if rows:
            self._connection.execute(insert(version_images), rows)


_EMPTY: Mapping[str, Any] = {
    "title": "",
    "standfirst": "",
    "authors": [],
    "site": "",
    "outlet": "",
    "language": "",
    "direction": "ltr",
    "state": ClipState.FAILED,
    "failure": "",
    "reading": ReadingState.UNREAD,
    "starred": False,
    "note": "",
    "excerpt": "",
    "word_count": 0,
    "lead_sha256": "",
    "lead_caption": "",
    "lead_alt": "",
    "version_count": 0,
    "revision": 0,
}


def next_position(connection: Connection, article_id: int) -> int:
    """Where the next tag goes: after the others, from 0."""
    last = connection.scalar(select(func.max(article_tags.c.position)).where(article_tags.c.article_id == article_id))
    return 0 if last is None else last + 1


def _arrived(record: ClipRecord, clip: Clip, article_id: int, number: int) -> dict[str, Any]:
    """What a version says about its clip. The raw bytes are counted by the record: a remade clip may lack them."""
    return {
        "article_id": article_id,
        "number": number,
        "clip_record_id": record.id,
        "clip_id": record.clip_id,
        "clipped_at": clip.clipped_at,
        "came_by": clip.came_by,
        "address": clip.address,
        "raw_sha256": record.raw_sha256,
        "raw_type": record.raw_type,
        "raw_bytes": record.raw_bytes,
    }


def _shown(draft: Draft, images: Iterable[KeptImage]) -> dict[str, Any]:
    """The article's columns that follow its shown version."""
    lead = draft.lead
    kept = next((image for image in images if lead and image.address == lead.address and image.asset), None)
    return {
        "standfirst": draft.standfirst,
        "authors": [*draft.authors],
        "site": draft.site,
        "language": draft.language,
        "direction": draft.direction,
        "published_on": draft.published_on,
        "published_at": draft.published_at,
        "modified_at": draft.modified_at,
        "excerpt": draft.excerpt,
        "word_count": draft.word_count,
        "lead_sha256": kept.asset.sha256 if kept and kept.asset else "",
        "lead_caption": lead.caption if lead and kept else "",
        "lead_alt": lead.alt if lead and kept else "",
    }


def _details(draft: Draft, clip: Clip) -> dict[str, Any]:
    """What is worth knowing of a version beside its words, as JSON; times in ISO 8601."""
    return {
        "standfirst": draft.standfirst,
        "authors": [*draft.authors],
        "published_on": draft.published_on.isoformat() if draft.published_on else None,
        "published_at": draft.published_at.isoformat() if draft.published_at else None,
        "modified_at": draft.modified_at.isoformat() if draft.modified_at else None,
        "site": draft.site,
        "language": draft.language,
        "direction": draft.direction,
        "canonical": draft.canonical,
        "excerpt": draft.excerpt,
        "origins": dict(draft.origins),
        "signs": [*draft.signs],
        "sign_reasons": dict(draft.sign_reasons),
        "lead": draft.lead.address if draft.lead else "",
        "device": clip.device,
    }


def _with_note(note: str, addition: str) -> str:
    """The reader's note, and below it what came with a clip, if it is new."""
    addition = addition.strip()
    return note if addition in note else f"{note}\n\n{addition}".strip()
