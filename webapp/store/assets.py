"""Pictures as rows: what each is, and which files of the shelf are still needed. The files are the shelf's."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, delete, select, union

from webapp.model import Asset
from webapp.store.database import insert_new
from webapp.store.tables import articles, assets, clip_resources, clips, version_images, versions


class Assets:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, asset: Asset) -> None:
        """Know the picture; known twice is known once."""
        self._connection.execute(
            insert_new(self._connection, assets).values(
                sha256=asset.sha256,
                media_type=asset.media_type,
                size_bytes=asset.size_bytes,
                width_px=asset.width_px,
                height_px=asset.height_px,
            )
        )

    def get(self, sha256: str) -> Asset | None:
        row = self._connection.execute(select(assets).where(assets.c.sha256 == sha256)).one_or_none()
        return None if row is None else Asset(**row._mapping)

    def referenced(self) -> Iterator[str]:
        """The name of every file that something still needs, once each: pictures, parts of clips, clips themselves."""
        needed = union(
            select(version_images.c.sha256).where(version_images.c.sha256.is_not(None)),
            select(articles.c.lead_sha256).where(articles.c.lead_sha256 != ""),
            select(clip_resources.c.sha256),
            select(clips.c.raw_sha256),
            select(versions.c.raw_sha256),
        )
        yield from self._connection.execute(needed).scalars()

    def drop_unreferenced(self) -> int:
        """Forget the pictures that no version shows; how many."""
        shown = select(version_images.c.sha256).where(version_images.c.sha256 == assets.c.sha256)
        return self._connection.execute(delete(assets).where(~shown.exists())).rowcount
