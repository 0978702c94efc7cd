"""What a word node asks of the tokens of a text: Term, Phrase, Prefix and Fuzzy become ways to be found. Pure.

A text answers a `Wanted` when it answers one of its ways. A way is a row of slots, each a set of acceptable terms at
a distance from the first; with slop, the slots may stand in any order within a stretch of `width + slop` positions.
Engines find the positions; `occurrences` counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from index.analysis import STEM, Word, is_latin, read_words, stem_of, stem_term
from index.near import fuzziness, near_enough
from index.query import Fuzzy, Node, Phrase, Prefix, Term

PREFIXED_WEIGHT = 0.7  # a Hebrew word behind ה, ב, ל …; taste: below the word itself, above another word
WITHOUT_ARTICLE_WEIGHT = 0.5  # the word without the ה that was typed
SLIP_WEIGHT = 0.5  # per slip of the pen, multiplied


@dataclass(frozen=True, slots=True)
class Slot:
    """Terms that may stand at one place, with their weights; or all words beginning so; or all words near one."""

    offset: int
    terms: Mapping[str, float] = field(default_factory=dict)
    beginning: str = ""
    near: str = ""
    edits: int = 0

    def accepts(self, terms: Collection[str]) -> bool:
        """Whether any of a token's terms is acceptable."""
        if self.terms:
            return not self.terms.keys().isdisjoint(terms)
        return any(self.weight(term) > 0 for term in terms)

    def weight(self, term: str) -> float:
        """How much `term` counts here; 0 when it is not acceptable."""
        if self.beginning:
            return 1.0 if term.startswith(self.beginning) else 0.0
        if self.near:
            slips = -1 if term.startswith(STEM) else near_enough(self.near, term, self.edits)
            return 0.0 if slips < 0 else SLIP_WEIGHT**slips
        return self.terms.get(term, 0.0)


@dataclass(frozen=True, slots=True)
class Way:
    slots: tuple[Slot, ...]
    width: int = 1
    slop: int | None = None
    """None: the slots stand exactly at their offsets."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`ways` is empty when no word was in what was asked: it finds nothing. `field` None: every word field."""

    ways: tuple[Way, ...]
    field: str | None = None


def wanted_of(node: Node, stemmers: Sequence[str]) -> Wanted:
    """What `node` (Term, Phrase, Prefix or Fuzzy) asks of texts stemmed with one of `stemmers`."""
    match node:
        case Term(text, field):
            return Wanted(_ways_of_term(read_words(text), stemmers), field)
        case Phrase(text, 0, field):
            return Wanted(_row([_exact(word) for word in read_words(text)]), field)
        case Phrase(text, slop, field):
            return Wanted(_row([_any_form(word, stemmers) for word in read_words(text)], slop), field)
        case Prefix(text, field):
            return Wanted(_ways_of_prefix(read_words(text), stemmers), field)
        case Fuzzy(text, edits, field):
            return Wanted(_row([_misspelt(word, edits) for word in read_words(text)]), field)
        case _:
            raise TypeError(f"no words in {node!r}")


def _ways_of_term(words: list[Word], stemmers: Sequence[str]) -> tuple[Way, ...]:
    ways = _row([_any_form(word, stemmers) for word in words])
    if len(words) > 1 and all(word.text.isalpha() and not word.is_run for word in words):
        joined = Word("".join(word.text for word in words), 0, 1, 0, 0, False)
        ways += _row([_any_form(joined, stemmers)])
    return ways


def _ways_of_prefix(words: list[Word], stemmers: Sequence[str]) -> tuple[Way, ...]:
    rows = [_any_form(word, stemmers) for word in words]
    if words and not words[-1].is_run:
        last = words[-1]
        rows[-1] = ([Slot(last.position, beginning=last.text)], last)
    return _row(rows)


Placed = tuple[list[Slot], Word]


def _row(placed: list[Placed], slop: int | None = None) -> tuple[Way, ...]:
    slots = tuple(slot for group, _ in placed for slot in group)
    if not slots:
        return ()
    last = placed[-1][1]
    return (Way(slots, last.position + last.length, slop if len(slots) > 1 else None),)


def _exact(word: Word) -> Placed:
    return (_of_run(word) if word.is_run else [Slot(word.position, {word.text: 1.0})]), word


def _any_form(word: Word, stemmers: Sequence[str]) -> Placed:
    return (_of_run(word) if word.is_run else [Slot(word.position, forms_of(word.text, stemmers))]), word


def _misspelt(word: Word, edits: int) -> Placed:
    if word.is_run:
        return _of_run(word), word
    return [Slot(word.position, near=word.text, edits=edits or fuzziness(word.text))], word


def _of_run(word: Word) -> list[Slot]:
    if len(word.text) == 1:
        return [Slot(word.position, {word.text: 1.0})]
    return [Slot(word.position + at, {word.text[at : at + 2]: 1.0}) for at in range(len(word.text) - 1)]


def forms_of(word: str, stemmers: Sequence[str]) -> Mapping[str, float]:
    """The terms under which a folded word may be found, with weights: itself, and its stem in each language's articles.

    English articles keep a word that is its own stem under the word alone, so the English stem is asked for bare too.
    """
    if "א" <= word[0] <= "ת":
        return _hebrew_forms(word)
    stem = stem_of(word, "english")
    others = [stem_term(word, stemmer) for stemmer in stemmers] if is_latin(word) else []
    return dict.fromkeys([word, stem, STEM + stem, *others], 1.0)


def _prefixes() -> tuple[str, ...]:
    """What is written in front of a Hebrew word, in the order grammar allows: ו, then ש, then ב כ ל מ, then ה."""
    order = product(("", "ו"), ("", "ש", "כש", "מש", "לכש"), ("", "ב", "כ", "ל", "מ"), ("", "ה"))
    swallowed = {"ב", "כ", "ל"}  # these take the article's place
    return tuple("".join(parts) for parts in order if any(parts) and not (parts[2] in swallowed and parts[3]))


_PREFIXES = _prefixes()


def _hebrew_forms(word: str) -> Mapping[str, float]:
    forms: dict[str, float] = {}
    if len(word) > 3 and word.startswith("ה"):
        bare = word[1:]
        forms.update(dict.fromkeys([bare, *(prefix + bare for prefix in _PREFIXES)], WITHOUT_ARTICLE_WEIGHT))
    if len(word) > 1:
        forms.update(dict.fromkeys((prefix + word for prefix in _PREFIXES), PREFIXED_WEIGHT))
    forms[word] = forms[STEM + word] = 1.0
    return forms


def occurrences(way: Way, places: Sequence[Collection[int]]) -> list[int]:
    """Where `way` is found, given the positions of each of its slots' terms: the first position of each occurrence.

    Exact: positions where every slot stands at its offset. With slop: positions of any slot's term that begin a
    stretch of `width + slop` positions with every slot in it.
    """
    if way.slop is None:
        first, *others = sorted(zip(places, way.slots, strict=True), key=lambda pair: len(pair[0]))
        sets = [(frozenset(found), slot.offset) for found, slot in others]
        starts = (position - first[1].offset for position in first[0])
        return sorted(start for start in starts if all(start + offset in found for found, offset in sets))
    stretch = way.width + way.slop
    rows = [sorted(found) for found in places]
    at = [0] * len(rows)
    found_at = []
    for start in sorted({position for row in rows for position in row}):
        for index, row in enumerate(rows):
            while at[index] < len(row) and row[at[index]] < start:
                at[index] += 1
        if all(at[index] < len(row) and row[at[index]] < start + stretch for index, row in enumerate(rows)):
            found_at.append(start)
    return found_at
