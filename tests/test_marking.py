"""Marks found chunk by chunk are those of the whole text, and tokens of chunks are those of the whole text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Node, parse, terms_of
from index.analysis import (
    chunk_tokens,
    plain_word,
    read_words,
    stem_of,
    stemmer_of,
    stemmers_of,
    terms_of_word,
    tokens,
)
from index.marking import Marker
from index.snippets import marks_of
from index.wanted import wanted_of

PIECES = [
    "ceasefire", "Ceasefires", "cease-fire", "çeasefire", "c’ease", "talks", "talking", "Idlib’s", "U.S.", "us",
    "u.s.a", "e-mail", "E-mails,", "email", "“email”", "mother-in-law", "dying", "die", "dies", "skies", "sky", "tying",
    "1,000", "1000", "C++", "c#", "O'Neil", "oneil", "l'homme", "homme", "—", "…", "_", "a_b", "中国经济", "x中国",
    "ממשלה", "בממשלה", "выборы", "café", "cafe\u0301", "caf\u00ade", "İstanbul", "ﬁsh", "fish", "¼", "a", "b", "y",
    "ye", "iy", "\u00a0", "\n", "\x1c", "\u2028",
]  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join),
    st.lists(st.sampled_from([*PIECES, " ", " ", "-", "'", "."]), max_size=30).map("".join),
    st.text(max_size=40),
)
LANGUAGES = st.sampled_from(["en", "und", "fr", "de", "id", "ru"])
QUERIES = st.one_of(
    st.sampled_from(PIECES),
    st.sampled_from(["ceas*", "e*", "ceasfire~", '"the us"', '"a b"', '"die sky"~4', "title:sky", "中国", '"e mail"']),
    st.lists(st.sampled_from(PIECES), min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"~3'),
    st.lists(st.sampled_from(PIECES), min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
)  # fmt: skip


def nodes_of(queries: list[str]) -> list[Node]:
    return [node for query in queries for node in terms_of(parse(query).node)]


@settings(deadline=None)
@given(TEXTS, LANGUAGES, st.lists(QUERIES, min_size=1, max_size=3))
def test_a_marker_marks_what_the_whole_text_marks(text: str, language: str, queries: list[str]) -> None:
    wanted = [wanted_of(node, stemmers_of(["en", "fr"])) for node in nodes_of(queries)]
    marks = Marker(wanted).of(language)
    assert marks(text, "body") == marks_of(text, "body", language, wanted)
    assert marks(text, "title") == marks_of(text, "title", language, wanted)


@settings(deadline=None)
@given(TEXTS, LANGUAGES)
def test_the_tokens_of_a_text_are_those_of_its_chunks(text: str, language: str) -> None:
    found, position, at = [], 0, 0
    for chunk in text.split():
        at = text.index(chunk, at)
        count, its = chunk_tokens(chunk, stemmer_of(language))
        found += [(token.terms, token.position + position, token.start + at, token.end + at) for token in its]
        position, at = position + count, at + len(chunk)
    assert found == [tuple(token) for token in tokens(text, language)]


@settings(deadline=None)
@given(TEXTS, LANGUAGES)
def test_a_plain_word_is_the_only_word_of_its_chunk(text: str, language: str) -> None:
    for chunk in [*text.split(), *(f"“{piece}’.”" for piece in PIECES)]:
        word = plain_word(chunk)
        if word is not None:
            assert [read.text for read in read_words(chunk)] == [word]
            assert [token.terms for token in tokens(chunk, language)] == [terms_of_word(word, stemmer_of(language))]


ENDINGS = [
    "",
    "s",
    "es",
    "ies",
    "ied",
    "ing",
    "ed",
    "ly",
    "y",
    "ying",
    "eed",
    "ness",
    "e",
    "ation",
    "'s",
    "iveli",
    "ogi",
]


@given(st.text("abcdeghiklmnorstuwxyz", min_size=1, max_size=5), st.sampled_from(ENDINGS))
def test_the_english_stem_keeps_the_first_two_letters_but_for_y_and_i(beginning: str, ending: str) -> None:
    word = (beginning + ending).replace("'", "")
    stem = stem_of(word, "english")
    assert stem[:1] == word[:1]
    assert stem[1:2].replace("y", "i") in ("", word[1:2].replace("y", "i"))


@pytest.mark.parametrize(
    "word", ["skis", "skies", "dying", "lying", "tying", "idly", "gently", "ugly", "early", "only"]
)
def test_words_with_stems_of_their_own_keep_them_too(word: str) -> None:
    assert stem_of(word, "english")[:2].replace("y", "i") == word[:2].replace("y", "i")
