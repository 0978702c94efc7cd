"""Topics: the pages of the tree of topics."""

from __future__ import annotations

from webapp.model import TagKind
from webapp.pages.trees import pages_of

bp = pages_of(TagKind.TOPIC)
