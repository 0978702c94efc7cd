"""Versions of articles: one clip each, extracted and cleaned. The big texts are in a table of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, select

from webapp.errors import NotFound
from webapp.model import Asset, CameBy, KeptImage, Version
from webapp.store.clips import steps_of
from webapp.store.tables import articles, assets, version_images, version_texts, versions

_PLAIN: tuple[Column[Any], ...] = (
    versions.c.id,
    versions.c.article_id,
    versions.c.number,
    versions.c.clip_id,
    versions.c.clipped_at,
    versions.c.came_by,
    versions.c.address,
    versions.c.raw_sha256,
    versions.c.raw_type,
    versions.c.raw_bytes,
    versions.c.title,
    versions.c.word_count,
    versions.c.maker,
    versions.c.cleaner,
    versions.c.details,
    versions.c.log,
)
_TEXTS = (version_texts.c.clean_html, version_texts.c.body_text, version_texts.c.captions_text)


class Versions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, version_id: int) -> Version:
        """Raises NotFound."""
        found = self._all(_whole().where(versions.c.id == version_id))
        if not found:
            raise NotFound("There is no such version.")
        return found[0]

    def current(self, article_id: int) -> Version | None:
        """The version that the article shows; None when none was kept."""
        return self.current_of([article_id]).get(article_id)

    def shown(self, article_id: int) -> tuple[int, int] | None:
        """(id, number) of the version that the article shows, without its texts."""
        row = self._connection.execute(
            select(versions.c.id, versions.c.number)
            .join(articles, articles.c.version_id == versions.c.id)
            .where(articles.c.id == article_id)
        ).one_or_none()
        return None if row is None else (row.id, row.number)

    def current_of(self, article_ids: Sequence[int]) -> dict[int, Version]:
        """The shown version of each of these articles, with its texts, by article."""
        shown = _whole().join(articles, articles.c.version_id == versions.c.id)
        return {version.article_id: version for version in self._all(shown.where(articles.c.id.in_(article_ids)))}

    def of_number(self, article_id: int, number: int) -> Version | None:
        found = self._all(_whole().where(versions.c.article_id == article_id, versions.c.number == number))
        return found[0] if found else None

    def of_article(self, article_id: int) -> list[Version]:
        """All of them, the newest number first, without their texts: `clean_html` and the others are empty here."""
        return self._all(select(*_PLAIN).where(versions.c.article_id == article_id).order_by(versions.c.number.desc()))

    def _all(self, question: Select[Any]) -> list[Version]:
        rows = self._connection.execute(question).all()
        images = self._images_of([row.id for row in rows])
        return [_version_of(row, images.get(row.id, [])) for row in rows]

    def _images_of(self, version_ids: Sequence[int]) -> dict[int, list[KeptImage]]:
        rows = self._connection.execute(
            select(version_images, assets.c.media_type, assets.c.size_bytes, assets.c.width_px, assets.c.height_px)
            .outerjoin(assets, assets.c.sha256 == version_images.c.sha256)
            .where(version_images.c.version_id.in_(version_ids))
            .order_by(version_images.c.version_id, version_images.c.position)
        )
        images: dict[int, list[KeptImage]] = {}
        for row in rows:
            images.setdefault(row.version_id, []).append(_image_of(row))
        return images


def _whole() -> Select[Any]:
    return select(*_PLAIN, *_TEXTS).join(version_texts, version_texts.c.version_id == versions.c.id)


def _version_of(row: Row[Any], images: Iterable[KeptImage]) -> Version:
    columns = {**row._mapping, "came_by": CameBy(row.came_by), "log": steps_of(row.log)}
    return Version(**columns, images=tuple(images))


def _image_of(row: Row[Any]) -> KeptImage:
    asset = None
    if row.sha256 is not None:
        asset = Asset(
            sha256=row.sha256,
            media_type=row.media_type,
            size_bytes=row.size_bytes,
            width_px=row.width_px,
            height_px=row.height_px,
        )
    return KeptImage(address=row.address, asset=asset, alt=row.alt, caption=row.caption, reason=row.reason)
