"""Documents become the arrays of a segment: gathered one by one, sorted all at once."""

from __future__ import annotations

import zlib
from array import array
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import stemmer_of
from index.document import Document
from index.query import WORD_FIELDS
from index.scoring import day_number, microseconds, title_key
from index.whoosh_engine.arrays import Array, packed, ranges
from index.whoosh_engine.facts import FactsGathered
from index.whoosh_engine.lexicon import OF_AUTHORS, Lexicon, Tables, lined
from index.whoosh_engine.names import Names
from index.whoosh_engine.schema import AUTHOR_GAP, COUNT_BITS, FAILED, FIELDS, MANY, STARRED, facts_of
from index.whoosh_engine.terms import entry_sections, term_sections
from index.whoosh_engine.texts import frequent_first, text_sections

Numbers = NDArray[np.int64]


class Batch:
    """Documents on their way into one segment. Their numbers count from 0."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.ids: list[int] = []
        self.characters = 0  # of all texts
        self._lexicon = lexicon
        self._texts: dict[str, list[str]] = {}  # by stemmer
        self._places: dict[str, array[int]] = {}  # of these: article × FIELDS + field
        self._authors: list[tuple[int, str]] = []  # article, name
        self._rows: list[tuple[int, int, int, int, int]] = []
        self._titles: list[bytes] = []
        self._facts = FactsGathered()

    def add(self, document: Document) -> None:
        number = len(self.ids)
        self.ids.append(document.id)
        stemmer = stemmer_of(document.language)
        texts = self._texts.setdefault(stemmer, [])
        places = self._places.get(stemmer) or self._places.setdefault(stemmer, array("I"))
        for field, name in enumerate(WORD_FIELDS):
            if text := getattr(document, name):
                texts.append(lined(text))
                places.append(number * FIELDS + field)
                self.characters += len(text)
        self._authors += ((number, lined(author)) for author in document.authors)
        flags = STARRED * document.starred + FAILED * document.failed
        published, clipped = day_number(document.published), microseconds(document.clipped)
        self._rows.append((document.owner, document.revision, clipped, published, flags))
        self._titles.append(title_key(document.title).encode("utf-8", "surrogatepass"))
        self._facts.add(facts_of(document))

    def arrays(self) -> dict[str, Array]:
        """Every section of the segment's file."""
        texts = self._read_texts()
        names = self._lexicon.read([name for _, name in self._authors], OF_AUTHORS) if self._authors else _NONE
        tables = self._lexicon.tables()
        authors = self._authors_of(names, tables)
        return {
            **self._row_sections(),
            **title_sections(self._titles),
            **self._facts.sections(),
            **self._text_sections(texts, tables),
            **self._word_sections(_read(texts, tables), _read(authors, tables)),
        }

    def _read_texts(self) -> Chunks:
        """All texts, by article, then by field."""
        numbers, sizes, places = [_NONE], [_NONE], [_NONE]
        for stemmer, texts in self._texts.items():
            numbers.append(self._lexicon.read(texts, stemmer) if texts else _NONE)
            sizes.append(np.array([text.count(" ") + 1 for text in texts], np.int32))
            places.append(np.array(self._places[stemmer], np.int32))
        self._texts.clear()
        chunks, counts, which = map(np.concatenate, (numbers, sizes, places))
        if len(numbers) > 2:  # texts of several stemmers stand one after the other
            order = np.argsort(which)
            firsts = np.cumsum(counts, dtype=np.int64) - counts
            chunks = chunks[ranges(firsts[order], counts[order].astype(np.int64))]
            counts, which = counts[order], which[order]
        return Chunks(chunks, which // FIELDS, which % FIELDS, np.zeros_like(counts), counts)

    def _authors_of(self, chunks: NDArray[np.int32], tables: Tables) -> Chunks:
        """The names of authors; those of an article follow one another with a gap."""
        articles = np.array([article for article, _ in self._authors], np.int32)
        sizes = np.array([name.count(" ") + 1 for _, name in self._authors], np.int32)
        ends = np.append(0, np.cumsum(tables.positions[tables.readings[chunks]]))[np.append(0, np.cumsum(sizes))]
        steps = np.maximum(np.diff(ends) - 1, 0) + AUTHOR_GAP
        befores = np.cumsum(steps) - steps
        firsts = befores - befores[np.searchsorted(articles, articles)]
        return Chunks(chunks, articles, np.zeros_like(sizes), firsts.astype(np.int32), sizes)

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

    def _text_sections(self, texts: Chunks, tables: Tables) -> dict[str, Array]:
        counts = np.bincount(texts.chunks, minlength=1)
        used = np.flatnonzero(counts)
        order = used[frequent_first(counts[used])]
        codes = np.zeros(len(counts), np.uint32)
        codes[order] = np.arange(len(order))
        sizes = np.zeros((len(self.ids), FIELDS), np.int64)
        sizes[texts.articles, texts.fields] = texts.sizes
        names = [self._lexicon.written[number] for number in order.tolist()]
        return text_sections(codes[texts.chunks], sizes, names, tables.positions[tables.readings[order]])

    def _word_sections(self, texts: _Read, authors: _Read) -> dict[str, Array]:
        lengths = np.zeros((FIELDS, len(self.ids)), np.uint32)
        lengths[texts.of_texts.fields, texts.of_texts.articles] = texts.lengths
        there = np.zeros(len(self._lexicon.terms), np.bool_)
        there[texts.terms] = True
        there[authors.terms] = True
        used = np.flatnonzero(there).tolist()
        names = Names.of(self._lexicon.terms[number] for number in used)
        keys = np.array(self._lexicon.group_keys, np.uint64)[there]
        rows = names.in_order(keys)
        entries = np.lexsort((inverse(rows), keys))  # in the order of stems, then of words
        entry_of = np.zeros(len(there), np.int32)
        entry_of[np.array(used, np.int64)[entries]] = np.arange(len(entries))
        found = entry_of[np.concatenate([texts.terms, authors.terms])]
        order = _order(found)
        return {
            "lengths": lengths.reshape(-1),
            **term_sections(names.take(rows)),
            **entry_sections(keys[entries], inverse(entries)[rows]),
            **posting_sections(
                found[order],
                np.concatenate([texts.articles, authors.articles])[order],
                np.concatenate([texts.fields, authors.fields])[order],
                np.concatenate([texts.places, authors.places])[order],
                len(entries),
            ),
        }


def inverse(order: Array | list[int]) -> Numbers:
    """Of each number, at which place of `order` it stands."""
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    return places


class Chunks(NamedTuple):
    """Texts as chunks in a row. Of each text: article, field, the position of its first word, how many chunks."""

    chunks: NDArray[np.int32]
    articles: Array
    fields: Array
    firsts: Array
    sizes: Array


class _Read(NamedTuple):
    """Occurrences of terms, text by text; and of each text its length in positions."""

    terms: Array
    articles: Array
    fields: Array
    places: Array
    of_texts: Chunks
    lengths: Array


def _read(texts: Chunks, tables: Tables) -> _Read:
    readings = tables.readings[texts.chunks]
    ends = np.zeros(len(readings) + 1, np.int32)
    np.cumsum(tables.positions[readings], out=ends[1:])
    stops = np.cumsum(texts.sizes)
    begins = ends[stops - texts.sizes]
    moved = ends[:-1] + np.repeat(texts.firsts - begins, texts.sizes)
    entries = tables.starts[readings + 1] - tables.starts[readings]
    at = ranges(tables.starts[readings], entries)
    which = np.repeat(np.repeat(np.arange(len(texts.sizes), dtype=np.int32), texts.sizes), entries)
    return _Read(
        terms=tables.terms[at],
        articles=texts.articles.astype(np.uint16)[which],
        fields=texts.fields.astype(np.uint8)[which],
        places=np.repeat(moved, entries) + tables.offsets[at],
        of_texts=texts,
        lengths=ends[stops] - begins,
    )


_NONE = np.empty(0, np.int32)


def _order(keys: NDArray[np.int32]) -> Numbers:
    """A stable sort of keys below 2^32, as two of 16 bits each: numpy counts those, and only compares longer ones."""
    low = np.argsort((keys & 0xFFFF).astype(np.uint16), kind="stable")
    order: Numbers = low[np.argsort((keys >> 16).astype(np.uint16)[low], kind="stable")]
    return order


def posting_sections(entries: Array, articles: Array, fields: Array, places: Array, count: int) -> dict[str, Array]:
    """The postings of occurrences that are sorted by entry, article, field and place; `count`: of entries."""
    changes = np.ones(len(entries), np.bool_)
    changes[1:] = (entries[1:] != entries[:-1]) | (articles[1:] != articles[:-1]) | (fields[1:] != fields[:-1])
    firsts = np.flatnonzero(changes)
    counts = np.diff(firsts, append=len(entries))
    postings = np.searchsorted(entries[firsts], np.arange(count + 1))
    return {
        "docs": articles[firsts].astype(np.uint16),
        "hows": hows_of(fields[firsts], counts),
        "places": places.astype(np.uint16 if places.max(initial=0) <= 0xFFFF else np.uint32),
        **start_sections(postings, np.append(firsts, len(entries))[postings]),
        **big_sections(counts),
    }


def hows_of(fields: Array, counts: Numbers) -> NDArray[np.uint8]:
    """In which field and how often, in a byte."""
    hows: NDArray[np.uint8] = np.left_shift(fields, COUNT_BITS, dtype=np.uint8)
    hows |= np.minimum(counts, MANY).astype(np.uint8)
    return hows


def big_sections(counts: Numbers) -> dict[str, Array]:
    big = np.flatnonzero(counts >= MANY)
    return {"big_postings": big.astype(np.int64), "big_counts": counts[big].astype(np.int64)}


def start_sections(postings: Numbers, places: Numbers) -> dict[str, Array]:
    """Where the postings and the places of each entry begin; one more: where the last ends."""
    return {
        "entry_postings": postings.astype(np.uint32),
        "entry_places": places.astype(np.uint32 if places[-1] < 1 << 32 else np.int64),
    }


def title_sections(titles: list[bytes]) -> dict[str, Array]:
    blob, starts = packed(titles)
    rank = {title: at for at, title in enumerate(sorted(set(titles)))}
    hashes = np.fromiter(map(zlib.crc32, titles), np.uint32, len(titles))
    by_hash = np.argsort(hashes, kind="stable")
    return {
        "titles": blob,
        "title_starts": starts.astype(np.uint32),
        "title_ranks": np.array([rank[title] for title in titles], np.uint16),
        "title_hashes": hashes[by_hash],
        "by_title_hash": by_hash.astype(np.uint16),
    }
