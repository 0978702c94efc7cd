"""Documents become the arrays of a segment: gathered one by one, sorted all at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from index.analysis import stemmer_of
from index.document import Document
from index.query import WORD_FIELDS
from index.scoring import day_number, microseconds, title_key
from index.whoosh_engine.arrays import Array, packed, ranges
from index.whoosh_engine.facts import FactsGathered
from index.whoosh_engine.lexicon import Lexicon
from index.whoosh_engine.schema import AUTHOR_GAP, AUTHORS, FAILED, FIELDS, STARRED, facts_of, kept_of
from index.whoosh_engine.terms import TermsGathered

Numbers = NDArray[np.int64]
MOST_SHORT_COUNT = 0xFF  # counts are one byte; this one means: see `big_counts`


class Batch:
    """Documents on their way into one segment. Their numbers count from 0."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.ids: list[int] = []
        self._lexicon = lexicon
        self._chunks = array("I")
        self._texts: list[tuple[int, int, int, int]] = []  # article, field, its first position, chunks
        self._rows: list[tuple[int, int, int, int, int]] = []
        self._titles: list[bytes] = []
        self._facts = FactsGathered()
        self._kept: list[bytes] = []

    @property
    def words(self) -> int:
        return len(self._chunks)

    def add(self, document: Document) -> None:
        number = len(self.ids)
        self.ids.append(document.id)
        stemmer = stemmer_of(document.language)
        for field, name in enumerate(WORD_FIELDS):
            self._read(getattr(document, name), stemmer, number, field, 0)
        self._read_authors(document.authors, number)
        flags = STARRED * document.starred + FAILED * document.failed
        published, clipped = day_number(document.published), microseconds(document.clipped)
        self._rows.append((document.owner, document.revision, clipped, published, flags))
        self._titles.append(title_key(document.title).encode("utf-8", "surrogatepass"))
        self._facts.add(facts_of(document))
        self._kept.append(kept_of(document))

    def _read(self, text: str, stemmer: str, number: int, field: int, first: int) -> list[int]:
        chunks = self._lexicon.read(text, stemmer) if text else []
        if chunks:
            self._chunks.fromlist(chunks)
            self._texts.append((number, field, first, len(chunks)))
        return chunks

    def _read_authors(self, authors: Iterable[str], number: int) -> None:
        first = 0
        for author in authors:
            chunks = self._read(author, stemmer_of("und"), number, AUTHORS, first)
            first += max(self._lexicon.positions(chunks) - 1, 0) + AUTHOR_GAP

    def arrays(self) -> dict[str, Array]:
        """Every section of the segment's file."""
        kept, kept_starts = packed(self._kept)
        return {
            **self._row_sections(),
            **title_sections(self._titles),
            **self._facts.sections(),
            **self._word_sections(),
            "kept": kept,
            "kept_starts": kept_starts,
        }

    def _row_sections(self) -> dict[str, Array]:
        owners, revisions, clipped, published, flags = zip(*self._rows, strict=True)
        ids = np.array(self.ids, np.int64)
        return {
            "ids": ids,
            "by_id": np.argsort(ids, kind="stable").astype(np.uint16),
            "owners": np.array(owners, np.int64),
            "revisions": np.array(revisions, np.int64),
            "clipped": np.array(clipped, np.int64),
            "published": np.array(published, np.int32),
            "flags": np.array(flags, np.uint8),
        }

    def _word_sections(self) -> dict[str, Array]:
        tables = self._lexicon.tables()
        articles, fields, firsts, sizes = np.array(self._texts, np.int32).reshape(-1, 4).T
        chunks = np.array(self._chunks, np.int32)
        ends = np.zeros(len(chunks) + 1, np.int32)
        np.cumsum(tables.positions[chunks], out=ends[1:])
        stops = np.cumsum(sizes)
        begins = ends[stops - sizes]
        lengths = np.zeros((FIELDS, len(self.ids)), np.uint32)
        lengths[fields, articles] = ends[stops] - begins  # of authors only the last; nobody asks
        moved = ends[:-1] + np.repeat(firsts - begins, sizes)

        entries = tables.starts[chunks + 1] - tables.starts[chunks]
        at = ranges(tables.starts[chunks], entries)
        names, numbers = _sorted_terms(self._lexicon, tables.terms[at])
        terms = TermsGathered()
        terms.add(names)
        places = np.repeat(moved, entries) + tables.offsets[at]
        del at
        texts = np.repeat(np.repeat(np.arange(len(sizes), dtype=np.int32), sizes), entries)
        keys = numbers * np.int32(FIELDS) + fields[texts]
        order = _order(keys)
        return {
            "lengths": lengths[:AUTHORS].reshape(-1),
            **terms.sections(),
            **posting_sections(keys[order], articles[texts[order]], places[order], len(names)),
        }


def _sorted_terms(lexicon: Lexicon, terms: NDArray[np.int32]) -> tuple[list[bytes], NDArray[np.int32]]:
    """The names that occur, sorted; and for each occurrence its number among them."""
    there = np.zeros(len(lexicon.terms), np.bool_)
    there[terms] = True
    used = lexicon.sorted_terms(there)
    rank = np.zeros(len(there), np.int32)
    rank[used] = np.arange(len(used))
    return [lexicon.terms[number] for number in used.tolist()], rank[terms]


def _order(keys: NDArray[np.int32]) -> Numbers:
    """A stable sort of keys below 2^32, as two of 16 bits each: numpy counts those, and only compares longer ones."""
    low = np.argsort((keys & 0xFFFF).astype(np.uint16), kind="stable")
    order: Numbers = low[np.argsort((keys >> 16).astype(np.uint16)[low], kind="stable")]
    return order


def posting_sections(keys: Array, articles: Array, places: Array, terms: int) -> dict[str, Array]:
    """The postings of occurrences that are sorted by key (term × FIELDS + field), article and place."""
    changes = np.ones(len(keys), np.bool_)
    changes[1:] = (keys[1:] != keys[:-1]) | (articles[1:] != articles[:-1])
    firsts = np.flatnonzero(changes)
    counts = np.diff(firsts, append=len(keys))
    posting_keys = keys[firsts]
    list_firsts = np.flatnonzero(np.diff(posting_keys, prepend=-1))
    list_keys = posting_keys[list_firsts]
    return {
        "docs": articles[firsts].astype(np.uint16),
        "counts": short_counts(counts),
        "places": places.astype(np.uint16 if places.max(initial=0) <= 0xFFFF else np.uint32),
        **list_sections(list_keys, list_firsts, len(firsts), firsts[list_firsts], len(places), terms),
        **big_sections(counts),
    }


def short_counts(counts: Numbers) -> NDArray[np.uint8]:
    return np.minimum(counts, MOST_SHORT_COUNT).astype(np.uint8)


def big_sections(counts: Numbers) -> dict[str, Array]:
    big = np.flatnonzero(counts >= MOST_SHORT_COUNT)
    return {"big_postings": big.astype(np.int64), "big_counts": counts[big].astype(np.int64)}


def list_sections(
    keys: Numbers, postings: Numbers, postings_end: int, places: Numbers, places_end: int, terms: int
) -> dict[str, Array]:
    """Where each list of postings begins, and which lists are a term's."""
    return {
        "term_lists": np.searchsorted(keys // FIELDS, np.arange(terms + 1)).astype(np.uint32),
        "list_fields": (keys % FIELDS).astype(np.uint8),
        "list_postings": np.append(postings, postings_end).astype(np.uint32),
        "list_places": np.append(places, places_end).astype(np.uint32 if places_end < 1 << 32 else np.int64),
    }


def title_sections(titles: list[bytes]) -> dict[str, Array]:
    blob, starts = packed(titles)
    rank = {title: at for at, title in enumerate(sorted(set(titles)))}
    return {"titles": blob, "title_starts": starts, "title_ranks": np.array([rank[t] for t in titles], np.uint16)}
