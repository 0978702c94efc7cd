"""Did you mean: a query that finds nothing, with unknown words replaced by near ones. Pure; shared by all engines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice, product

from index.analysis import read_words
from index.near import fuzziness
from index.query import Node, Phrase, Term, map_query, terms_of

PER_WORD = 3  # near words tried for each unknown one
MOST_TRIED = 12  # corrected queries tried
MOST_UNKNOWN = 4  # unknown words in a query; beyond, it is not a slip of the pen


Neighbours = Callable[[str, int], Sequence[str]]
"""Words of the owner's articles at most so many slips away, nearest and most widespread first."""


def corrected(node: Node, *, finds: Callable[[Node], bool], neighbours: Neighbours) -> Node | None:
    """`node` with near words in place of those that find nothing; None unless that finds something and `node` not."""
    if finds(node):
        return None
    unknown = [term for term in terms_of(node) if isinstance(term, Term | Phrase) and not finds(term)]
    if not unknown or len(unknown) > MOST_UNKNOWN:
        return None
    choices = [_choices(term, finds, neighbours) for term in unknown]
    for chosen in islice(product(*choices), MOST_TRIED):
        swaps = dict(zip(unknown, chosen, strict=True))
        better = map_query(node, lambda part, swaps=swaps: swaps.get(part, part))  # type: ignore[misc]
        if finds(better):
            return better
    return None


def _choices(term: Node, finds: Callable[[Node], bool], neighbours: Neighbours) -> list[Node]:
    """What `term` may have meant."""
    if isinstance(term, Term):
        words = read_words(term.text)
        if len(words) != 1 or words[0].is_run:
            return []
        return [Term(near, term.field) for near in _near(words[0].text, neighbours)]
    if not isinstance(term, Phrase):
        return []
    rows = [
        [word.text] if word.is_run or finds(Term(word.text, term.field)) else _near(word.text, neighbours)
        for word in read_words(term.text)
    ]
    return [Phrase(" ".join(row), term.slop, term.field) for row in islice(product(*rows), PER_WORD)]


def _near(word: str, neighbours: Neighbours) -> list[str]:
    return list(neighbours(word, fuzziness(word)))[:PER_WORD]
