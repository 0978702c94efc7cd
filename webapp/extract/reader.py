"""Which leaves readability-lxml keeps in its reading view. The only importer of readability."""

from __future__ import annotations

import logging
import re

from readability import Document
from readability.readability import Unparseable

from webapp.extract.blocks import MARK
from webapp.extract.tree import Element, copy_of

logging.getLogger("readability").setLevel(logging.CRITICAL + 1)  # it logs a traceback for each page it cannot read

_MARKED = re.compile(rf'{MARK}="(\d+)"')


def leaves_in_reading_view(root: Element) -> set[int]:
    """The numbers of the marked leaves of `root` that are in readability's article; empty when it finds none."""
    try:
        html = Document(copy_of(root)).summary(html_partial=True, keep_all_images=True)
    except Unparseable:
        return set()
    return {int(number) for number in _MARKED.findall(html)}
