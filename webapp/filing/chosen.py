"""The tags that came with a clip: chosen in the browser, by any of their names."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.errors import BadTag
from webapp.evidence import Answer
from webapp.filing.deciding import decide
from webapp.filing.tagging import adopt, meant, resolve
from webapp.model import TagKind, TagOrigin
from webapp.services import Services
from webapp.store import Work
from webapp.tags import Tag


def chosen_tags(services: Services, chosen_texts: Sequence[str]) -> tuple[list[Tag], list[str]]:
    """The tags chosen while clipping: "region:syria", "topic:…", or a bare name of either kind; and those unknown.

    A bare word may be anything, so no place is looked for behind it that is not in the vocabulary.
    """
    vocabulary = services.vocabulary()
    chosen: dict[str, Tag] = {}
    unknown: list[str] = []
    for text in chosen_texts:
        kind_name, _, name = text.partition(":")
        kinds = [TagKind(kind_name)] if kind_name in set(TagKind) and name else list(TagKind)
        for kind in kinds:
            try:
                tag = meant(services, kind, name) if len(kinds) == 1 else resolve(vocabulary, kind, text)
            except BadTag:
                continue
            chosen[tag.id] = tag
            break
        else:
            unknown.append(text[:80])
    return list(chosen.values()), unknown


def file_under(services: Services, work: Work, owner: int, article_id: int, tags: Sequence[Tag]) -> None:
    """Put on what was chosen while clipping: a decision of the reader's, to be learned from."""
    vocabulary, now = services.vocabulary(), services.clock()
    for tag in tags:
        adopt(services, work, tag, vocabulary)
        decide(work, owner, article_id, tag, Answer.ADDED, now=now, origin=TagOrigin.CLIP)
