"""A sample's source file (a head of `key: value` lines, `---`, the body) becomes a web page as an outlet serves it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import urljoin

_PICTURE = re.compile(r'src="picture:([a-z-]+)"')
_RIGHT_TO_LEFT = ("ar", "fa", "he")


@dataclass(frozen=True, slots=True)
class Source:
    """A sample as it is written: what its head says, and its body's mark-up with `picture:` addresses."""

    name: str
    head: Mapping[str, str]
    body: str

    @property
    def address(self) -> str:
        return self.head["address"]

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(self.head["tags"].split())

    @property
    def authors(self) -> list[str]:
        return [author.strip() for author in self.head["author"].split(",")]

    @property
    def pictures(self) -> dict[str, str]:
        """The pictures the body shows: name of the scene → its web address."""
        return {name: self._picture_address(name) for name in _PICTURE.findall(self.body)}

    def page(self) -> str:
        """The whole page: metadata, navigation, article, newsletter, imprint."""
        head, pictures = self.head, list(self.pictures.values())
        words = {
            key: escape(head[key]) for key in ("address", "language", "title", "outlet", "standfirst", "published")
        }
        return _template().substitute(
            words,
            direction="rtl" if head["language"] in _RIGHT_TO_LEFT else "ltr",
            authors=escape(", ".join(self.authors)),
            modified=escape(head.get("modified", head["published"])),
            day=datetime.fromisoformat(head["published"]).date().isoformat(),
            picture_meta="".join(f'<meta property="og:image" content="{address}">\n' for address in pictures[:1]),
            json_ld=self._json_ld(pictures),
            body=_PICTURE.sub(
                lambda match: f'src="{self._picture_address(match[1])}" width="1200" height="800"', self.body
            ),
        )

    def _json_ld(self, pictures: list[str]) -> str:
        """schema.org's NewsArticle, as most newspapers give it."""
        facts = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": self.head["title"],
            "description": self.head["standfirst"],
            "inLanguage": self.head["language"],
            "datePublished": self.head["published"],
            "dateModified": self.head.get("modified", self.head["published"]),
            "author": [{"@type": "Person", "name": author} for author in self.authors],
            "publisher": {"@type": "Organization", "name": self.head["outlet"]},
            "mainEntityOfPage": self.address,
            "image": pictures,
        }
        return json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")

    def _picture_address(self, scene: str) -> str:
        return urljoin(self.address, f"/pictures/{scene}.jpg")


@cache
def read_sources() -> tuple[Source, ...]:
    """Every sample, by name."""
    folder = files("webapp").joinpath("demo", "articles")
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".html")), key=lambda item: item.name)
    return tuple(_parse(item.name.removesuffix(".html"), item.read_text(encoding="utf-8")) for item in found)


def _parse(name: str, text: str) -> Source:
    head, _, body = text.partition("\n---\n")
    pairs = (line.partition(": ") for line in head.splitlines())
    return Source(name, {key: value for key, _, value in pairs}, body.strip())


@cache
def _template() -> Template:
    return Template(files("webapp").joinpath("demo", "page.html").read_text(encoding="utf-8"))
