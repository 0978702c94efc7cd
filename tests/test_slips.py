"""Slips of the pen counted for many words at once are those counted one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.near import near_enough
from index.whoosh_engine.slips import slips_from
from index.whoosh_engine.terms import letters_of, signatures_of

WORDS = st.text("abcé中", min_size=1, max_size=8)


@given(WORDS, st.lists(WORDS, max_size=12), st.integers(0, 2))
def test_many_words_at_once_are_as_far_away_as_one_by_one(word: str, others: list[str], most: int) -> None:
    others = [other for other in others if abs(len(other) - len(word)) <= most]
    lengths = np.array([len(other) for other in others], np.int64)
    slips = slips_from(letters_of(word), letters_of("".join(others)), lengths, most)
    right = [near_enough(word, other, most) for other in others]
    assert [count if count <= most else -1 for count in slips.tolist()] == right


@given(WORDS, WORDS)
def test_one_slip_changes_at_most_two_bits_of_a_signature(word: str, other: str) -> None:
    slips = near_enough(word, other, 2)
    bits = [signatures_of(letters_of(each), np.array([0, len(each)]))[0] for each in (word, other)]
    assert slips < 0 or int(bits[0] ^ bits[1]).bit_count() <= 2 * slips
