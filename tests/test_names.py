"""Names as arrays are put in order, written in a row and told apart as the same names one by one would be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.whoosh_engine import names as module
from index.whoosh_engine.arrays import packed
from index.whoosh_engine.names import Names, different

WORDS = st.lists(
    st.binary(max_size=3) | st.sampled_from([b"", b"a" * 16, b"a" * 17, b"a" * 16 + b"b", b"a\0", b"a", b"b" * 40]),
    max_size=40,
)


@given(st.lists(WORDS, min_size=1, max_size=4), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_names_of_several_files_are_put_in_the_order_of_their_bytes(parts, chance) -> None:
    whole = [name for part in parts for name in part]
    keys = np.array([chance.randrange(4) for _ in whole], np.uint64)
    files = [(blob, starts.astype(np.uint32)) for blob, starts in map(packed, parts)]
    names = Names(files, np.arange(len(whole), dtype=np.int32))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "AT_ONCE", 7)
        order = names.in_order(keys).tolist()
        assert order == sorted(range(len(whole)), key=lambda at: (whole[at], int(keys[at])))
        ordered = names.take(np.array(order, np.int64))
        assert b"".join(blob.tobytes() for blob, _ in ordered.pieces()) == b"".join(sorted(whole))
        assert ordered.sizes().tolist() == list(map(len, sorted(whole)))


@given(st.lists(st.lists(st.integers(0, 9) | st.integers(0, 2**64 - 1), max_size=30), min_size=1, max_size=4))
@settings(deadline=None, max_examples=60)
def test_keys_are_told_apart(parts: list[list[int]]) -> None:
    whole = [key for part in parts for key in part]
    firsts, which = different((np.array(part, np.uint64) for part in parts), len(whole))
    assert [whole[at] for at in firsts[which].tolist()] == whole
    assert len(firsts) == len(set(whole))
    assert sorted(firsts.tolist()) == sorted(whole.index(key) for key in set(whole))
