"""Much text cut and looked up at once is what splitting it and looking up word by word gives; and numbers of chunks
come back from their bytes."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import lone_words, read_words
from index.folding import fold
from index.whoosh_engine import chunks
from index.whoosh_engine.chunks import LONG, Known, cut
from index.whoosh_engine.texts import decoded, encoded, sizes_of

TEXTS = st.text(st.sampled_from("ab é中.\n") | st.characters(), max_size=300)


def looked_up(text: str, known: Known, numbers: dict[bytes, int]) -> list[int]:
    found = cut(
        text.encode("utf-8", "surrogatepass"),
        known,
        lambda chunks: [numbers.setdefault(chunk, len(numbers)) for chunk in chunks],
    )
    return [int(number) for number in found]


@given(st.lists(TEXTS, min_size=1, max_size=4))
@settings(deadline=None)
def test_chunks_cut_at_once_are_those_of_a_split(texts: list[str]) -> None:
    known, numbers = Known(), {}
    for text in texts:
        by_number = looked_up(text, known, numbers)
        names = {number: chunk.decode("utf-8", "surrogatepass") for chunk, number in numbers.items()}
        assert [names[number] for number in by_number] == text.split(" ")


def test_many_different_chunks_crowd_the_table_and_are_still_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "AT_ONCE", 1000)
    chance = random.Random(3)
    words = [f"{n}{'x' * (n % 7)}" for n in range(6000)] + ["y" * LONG, "y" * (LONG + 1), "z" * 3000, ""]
    known, numbers = Known(), {}
    for _ in range(3):
        text = " ".join(chance.choices(words, k=20_000))
        names = {}
        found = looked_up(text, known, numbers)
        names = {number: chunk.decode() for chunk, number in numbers.items()}
        assert [names[number] for number in found] == text.split(" ")


@given(st.lists(st.integers(0, 300) | st.integers(0, 2**28 - 1), max_size=60))
def test_numbers_come_back_from_their_bytes(numbers: list[int]) -> None:
    row = np.array(numbers, np.uint32)
    content, ends = encoded(row)
    assert decoded(content).tolist() == numbers
    assert np.diff(np.append(0, ends)).tolist() == sizes_of(row).tolist()


@given(
    st.text(st.characters(categories=["L", "M", "P", "Nd"]) | st.sampled_from("אבגёйАЯÉßıİأؤئةىي.,’\"-'"), max_size=8)
)
@settings(max_examples=500)
def test_a_lone_word_is_what_reading_its_chunk_gives(chunk: str) -> None:
    (word,) = lone_words([chunk])
    if word is not None:
        assert [read.text for read in read_words(chunk)] == [word]
        assert not read_words(chunk)[0].is_run


@given(st.text(st.characters(max_codepoint=0x64A, categories=["L", "Nd"]), min_size=1, max_size=6))
@settings(max_examples=500)
def test_folding_letter_by_letter_is_folding_the_word(word: str) -> None:
    from index.folding import _fold

    assert fold(word) == _fold(word)
