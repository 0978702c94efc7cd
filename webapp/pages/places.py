"""Places: the pages of the tree of regions."""

from __future__ import annotations

from webapp.model import TagKind
from webapp.pages.trees import pages_of

bp = pages_of(TagKind.REGION)
