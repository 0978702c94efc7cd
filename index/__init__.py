"""Our search library: a query language, an analyser for many languages, engines. Never imports webapp.

`open_engine(folder)` gives the embedded engine; its contract is `engine.Engine`.
"""

from __future__ import annotations

from pathlib import Path

from index.document import Document, Facet, Hit, Piece, Results
from index.engine import FACETS, SORTS, Engine, EngineUnavailable, QueryError, SearchError
from index.explaining import Explanation, PairPart, Share, TermPart
from index.parsing import parse
from index.query import (
    And,
    By,
    Dates,
    Everything,
    Fuzzy,
    Has,
    Is,
    Lang,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Problem,
    Query,
    Site,
    Tagged,
    Term,
    Untagged,
    all_of,
    any_of,
    map_query,
    negate,
    terms_of,
    top_level,
    with_filter,
    without_filter,
)
from index.wording import chips, to_text

__all__ = [
    "FACETS",
    "SORTS",
    "And",
    "By",
    "Dates",
    "Document",
    "Engine",
    "EngineUnavailable",
    "Everything",
    "Explanation",
    "Facet",
    "Fuzzy",
    "Has",
    "Hit",
    "Is",
    "Lang",
    "Node",
    "Not",
    "Or",
    "PairPart",
    "Phrase",
    "Piece",
    "Prefix",
    "Problem",
    "Query",
    "QueryError",
    "Results",
    "SearchError",
    "Share",
    "Site",
    "Tagged",
    "Term",
    "TermPart",
    "Untagged",
    "all_of",
    "any_of",
    "chips",
    "map_query",
    "negate",
    "open_engine",
    "parse",
    "terms_of",
    "to_text",
    "top_level",
    "with_filter",
    "without_filter",
]


def open_engine(folder: Path) -> Engine:
    """The index in `folder`, made when the folder is empty or not there.

    Raises EngineUnavailable when the folder holds something else, another version's index, or a damaged one.
    """
    from index.whoosh_engine import open_whoosh_engine  # here: whoosh takes a while to import

    return open_whoosh_engine(folder)
