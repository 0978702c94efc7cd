"""The words of an article as the makers of suggestions read them: of a draft, of a kept version, of many."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.evidence import Story
from webapp.model import Article, Draft, Version
from webapp.services import Services

AT_ONCE = 100  # articles whose words are read together, and are in memory at a time: about 1 MB


def story_of_draft(draft: Draft, *, title: str, outlet: str) -> Story:
    """The words of what was just taken out of a page; `title` serves when the page had none."""
    return Story(
        title=draft.title or title,
        standfirst=draft.standfirst,
        body=draft.body_text,
        captions=draft.captions_text,
        language=draft.language,
        outlet=outlet,
    )


def story_of(article: Article, version: Version) -> Story:
    """The words of a kept article, as this version of it has them."""
    return Story(
        title=version.title,
        standfirst=version.details.get("standfirst", ""),
        body=version.body_text,
        captions=version.captions_text,
        language=version.details.get("language", ""),
        outlet=article.outlet,
    )


class Stories:
    """The stories of articles, asked for one by one and read many at a time; best asked in the order of `article_ids`.

    What is gone has no story, nor has what never had words: None.
    """

    def __init__(self, services: Services, owner: int, article_ids: Iterable[int]) -> None:
        self._services, self._owner = services, owner
        self._order = list(dict.fromkeys(article_ids))
        self._places = {article_id: place for place, article_id in enumerate(self._order)}
        self._here: dict[int, Story | None] = {}

    def __call__(self, article_id: int) -> Story | None:
        if article_id not in self._here:
            place = self._places.get(article_id)
            self._read([article_id] if place is None else self._order[place : place + AT_ONCE])
        return self._here[article_id]

    def _read(self, article_ids: list[int]) -> None:
        with self._services.store.read() as work:
            articles = work.articles.by_ids(self._owner, article_ids)
            versions = work.versions.current_of(article_ids)
        found = articles.keys() & versions.keys()
        self._here = {each: story_of(articles[each], versions[each]) if each in found else None for each in article_ids}
