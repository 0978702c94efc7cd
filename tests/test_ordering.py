"""The first of many are those that sorting all of them puts first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.whoosh_engine.ordering import _best, _first
from index.whoosh_engine.values import lowest


@given(st.integers(1, 9000), st.integers(1, 50), st.integers(1, 400), st.integers(0, 10_000))
@settings(deadline=None, max_examples=60)
def test_the_value_of_a_place_is_that_of_the_sorted_row(size: int, count: int, different: int, seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, different, size)
    count = min(count, size)
    assert lowest(values, count) == np.sort(values)[count - 1]


@given(st.integers(1, 9000), st.integers(1, 60), st.integers(1, 400), st.integers(0, 10_000))
@settings(deadline=None, max_examples=60)
def test_the_first_by_several_keys_are_those_of_all_sorted(size: int, limit: int, different: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows = [chance.integers(0, different, size), chance.integers(0, 3, size), chance.permutation(size)]
    keys = [row.__getitem__ for row in rows]
    right = np.lexsort(list(reversed(rows)))[:limit]
    assert _first(np.arange(size), keys, limit).tolist() == right.tolist()


@pytest.mark.parametrize("size", [10, 1000, 50_000])
def test_scores_that_tie_once_rounded_are_all_looked_at(size: int) -> None:
    scores = np.full(size, 1.25) + np.linspace(0, 4e-7, size)
    scores[::7] = 0.5
    assert set(_best(scores, 10).tolist()) >= set(np.flatnonzero(scores > 1).tolist())
