"""Slips of the pen between one word and many at once (optimal string alignment, as `index.near`), vectorised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.whoosh_engine.terms import Terms, letters_of


def near_terms(tables: Sequence[Terms], word: str, most: int) -> Iterator[tuple[int, int, int]]:
    """Words at most `most` slips of the pen away, as (table, number of the term, slips)."""
    letters = letters_of(word)
    numbers = [terms.perhaps_near(letters, most) for terms in tables]
    others, lengths = zip(*(terms.letters(its) for terms, its in zip(tables, numbers, strict=True)), strict=True)
    slips = slips_from(letters, np.concatenate(others), np.concatenate(lengths), most)
    which = np.repeat(np.arange(len(tables)), [len(its) for its in numbers])
    near = np.flatnonzero(slips <= most)
    terms_near = np.concatenate(numbers)[near]
    return zip(which[near].tolist(), terms_near.tolist(), slips[near].tolist(), strict=True)


def slips_from(
    word: NDArray[np.uint32], others: NDArray[np.uint32], lengths: NDArray[np.int64], most: int
) -> NDArray[np.uint8]:
    """The slips from `word` to each of the others, exact up to `most`; beyond, some number above it.

    Words are code points; `others` stand in a row, of these `lengths`, which differ from that of `word` by at most
    `most`. Only cells near the diagonal are counted.
    """
    count, width = len(lengths), len(word) + most
    letters = np.zeros((width + 1, count), np.uint32)  # by place, then by word: the columns of the table lie together
    rows = np.repeat(np.arange(count), lengths)
    places = np.arange(len(others)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    letters[places + 1, rows] = others
    far = np.uint8(most + 1)
    before = np.full((width + 1, count), far, np.uint8)
    above = np.full((width + 1, count), far, np.uint8)
    above[: most + 1] = np.arange(most + 1, dtype=np.uint8)[:, None]
    for i, letter in enumerate(word, start=1):
        row = np.full((width + 1, count), far, np.uint8)
        if i <= most:
            row[0] = i
        for j in range(max(1, i - most), min(width, i + most) + 1):
            cell = np.minimum(above[j], row[j - 1]) + np.uint8(1)
            np.minimum(cell, above[j - 1] + (letters[j] != letter), out=cell)
            if i > 1 and j > 1:
                swapped = (letters[j - 1] == letter) & (letters[j] == word[i - 2])
                np.minimum(cell, np.where(swapped, before[j - 2] + np.uint8(1), far), out=cell)
            row[j] = cell
        before, above = above, row
    slips: NDArray[np.uint8] = above[lengths, np.arange(count)]
    return slips
