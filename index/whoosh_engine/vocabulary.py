"""Words of an owner's articles: what a beginning may become, and what a misspelt word may have meant."""

from __future__ import annotations

from index.wanted import Slot, Wanted, Way
from index.whoosh_engine.evaluate import Evaluation
from index.whoosh_engine.slips import near_terms
from index.whoosh_engine.snapshot import Snapshot


def widespread_words(evaluation: Evaluation, beginning: str, limit: int) -> tuple[str, ...]:
    """The words that begin so, the most widespread first, each in at least one article of the owner.

    Words are counted from the one with the most postings on, until none that is left can be among the first.
    """
    if limit <= 0:
        return ()
    bounds = _postings_of_words(evaluation.snapshot, beginning)
    best: list[tuple[int, str]] = []
    for word, most in sorted(bounds.items(), key=lambda pair: (-pair[1], pair[0])):
        if len(best) >= limit and most < -best[limit - 1][0]:
            break
        if count := _articles_with(evaluation, word):
            best = sorted([*best, (-count, word)])[:limit]
    return tuple(word for _, word in best)


def _postings_of_words(snapshot: Snapshot, beginning: str) -> dict[str, int]:
    """At most in so many articles, of all owners."""
    bounds: dict[str, int] = {}
    for segment in snapshot.segments:
        low, high = segment.terms.beginning(beginning.encode("utf-8", "surrogatepass"))
        for number, count in enumerate(segment.postings_of(low, high), start=low):
            word = segment.terms.text(number)
            bounds[word] = bounds.get(word, 0) + count
    return bounds


def near_words_of(evaluation: Evaluation, word: str, edits: int) -> list[str]:
    """Other words of the owner's articles at most `edits` slips away, nearest and most widespread first."""
    tables = [segment.terms for segment in evaluation.snapshot.segments]
    found = near_terms(tables, word, edits) if tables else ()
    slips = {tables[which].text(term): count for which, term, count in found}
    counts = {other: _articles_with(evaluation, other) for other, distance in slips.items() if distance > 0}
    return sorted((other for other, n in counts.items() if n), key=lambda other: (slips[other], -counts[other], other))


def _articles_with(evaluation: Evaluation, word: str) -> int:
    return evaluation.found(Wanted((Way((Slot(0, {word: 1.0}),)),)))
