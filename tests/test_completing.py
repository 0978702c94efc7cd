"""What the end of a query becomes while it is typed."""

from __future__ import annotations

import time
from itertools import takewhile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import parse
from tests import builders
from webapp.completing import LIMIT, NAME_WORDS, complete_query


@pytest.fixture
def archive(services, owner):
    builders.put(services, builders.page("Rain comes late to Mombasa", place="Mombasa"))
    return services


def queries(archive, text: str) -> list[str]:
    return [each.query for each in complete_query(archive, 1, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("syr", "region:syria"),
        ("SYR", "region:syria"),
        ("سوري", "region:syria"),
        ("日本", "region:japan"),
        ("rain syr", "rain region:syria"),
        ("rain -syr", "rain -region:syria"),
        ("(syr", "(region:syria"),
        ("western as", "region:western-asia"),
        ("rain bosnia and her", "rain region:bosnia-and-herzegovina"),
        ("western-as", "region:western-asia"),
        ("electi", "topic:election"),
        ("region:syr", "region:syria"),
        ("region:=syr", "region:=syria"),
        ('region:"western as', "region:western-asia"),
        ("region:western-as", "region:western-asia"),
        ("-topic:footb", "-topic:soccer"),
        ("region:africa topic:armed-c", "region:africa topic:armed-conflict"),
        ('"late rain" region:ken', '"late rain" region:kenya'),
        ("region:", "region:africa"),
    ],
)
def test_a_tag_completes_by_any_name_where_it_stands(archive, text, expected):
    found = queries(archive, text)
    assert expected in found, found
    assert not parse(expected).problems or expected.startswith("(")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("break", "breakwater"),
        ("harbour BREAK", "harbour breakwater"),
        ("-break", "-breakwater"),
        ("title:momb", "title:mombasa"),
        ('"eastern break', '"eastern breakwater'),
        ('"break', '"breakwater'),
    ],
)
def test_a_word_of_the_archive_completes(archive, text, expected):
    assert expected in queries(archive, text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "syr ", "s", "syria OR", "NOT", "site:qua", "by:ad", "lang:e", "is:unr", "before:20", "syr*", "syr~",
        '"late rain"', "region:kenya", "region:atlantiss", "x" * 2_001, "\\", "-", "((",
    ],
)  # fmt: skip
def test_where_nothing_can_be_completed_nothing_is(archive, text):
    assert queries(archive, text) == []


def test_within_quotes_no_tag_is_offered(archive):
    assert all(each.kind == "word" for each in complete_query(archive, 1, '"keny'))
    assert all(each.kind == "region" for each in complete_query(archive, 1, "region:keny"))


def test_tags_come_before_words_and_say_where_they_stand(archive):
    found = complete_query(archive, 1, "mo")
    kinds = [each.kind for each in found]
    assert kinds == sorted(kinds, key=lambda kind: kind == "word")
    assert "word" in kinds
    assert len(found) <= LIMIT
    syria = complete_query(archive, 1, "syri")[0]
    assert (syria.label, syria.kind, syria.path) == ("Syria", "region", "Asia › Western Asia")


def test_both_trees_have_room_in_a_short_list(archive):
    kinds = {each.kind for each in complete_query(archive, 1, "ma")}
    assert {"region", "topic"} <= kinds


def test_words_of_another_owner_are_not_offered(archive):
    assert complete_query(archive, 2, "breakw") == ()


def test_without_an_index_tags_still_complete(archive):
    engine, archive.engine = archive.engine, None
    try:
        assert "region:syria" in queries(archive, "syr")
        assert queries(archive, "breakw") == []
    finally:
        archive.engine = engine


def test_an_index_that_breaks_meanwhile_leaves_the_tags(archive):
    archive.engine.close()
    assert queries(archive, "keny") == ["region:kenya"]
    assert archive.engine is None


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from('reginsy topc:"()=-*~\\日م\n'), max_size=40))
def test_whatever_is_typed_is_kept_up_to_the_word_that_completes(archive, text):
    for each in complete_query(archive, 1, text):
        kept = list(takewhile(lambda pair: pair[0] == pair[1], zip(each.query, text, strict=False)))
        replaced = text[len(kept) :]
        assert len(replaced.split()) <= NAME_WORDS or '"' in text
        assert each.query != text


@pytest.mark.parametrize("text", ['"' * 2_000, "(" * 2_000, "a " * 999 + "a", "region:" * 285, "-" * 2_000, "a:" * 999])
def test_odd_text_is_answered_at_once(archive, text):
    started = time.perf_counter()
    complete_query(archive, 1, text)
    assert time.perf_counter() - started < 0.2
