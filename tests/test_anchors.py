"""A marked passage is found again: word for word, among several, in changed words; or it is said to be lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.versions.anchors import LOST, Anchor, Fit, find_again

TEXT = (
    "The council voted on Monday to rebuild the breakwater.\n"
    "Two winter storms had broken it open, and the harbour lost eleven boats.\n"
    "The council voted on Friday to pay for it with a levy on cargo."
)


def found(text: str, anchor: Anchor) -> tuple[str, str]:
    place = find_again(text, [anchor])[0]
    return place.fit.value, text[place.start : place.end] if place.start >= 0 else ""


def test_words_that_stand_there_once_are_found_wherever_they_are() -> None:
    assert found(TEXT, Anchor("eleven boats")) == ("exact", "eleven boats")
    assert found("A new first line.\n" + TEXT, Anchor("eleven boats", start=3)) == ("exact", "eleven boats")


def test_of_several_the_one_with_the_same_words_around_it_is_meant() -> None:
    first = find_again(TEXT, [Anchor("The council voted on", suffix=" Monday")])[0]
    second = find_again(TEXT, [Anchor("The council voted on", suffix=" Friday")])[0]
    assert (first.start, second.start) == (0, TEXT.rindex("The council"))


def test_of_several_with_nothing_around_them_the_nearest_is_meant() -> None:
    there = TEXT.rindex("The council")
    assert find_again(TEXT, [Anchor("The council", start=there - 5)])[0].start == there


def test_blanks_count_alike() -> None:
    assert found(TEXT, Anchor("breakwater. Two winter")) == ("exact", "breakwater.\nTwo winter")
    assert found(TEXT.replace(" ", " \u00a0 "), Anchor("eleven boats"))[0] == "exact"


@pytest.mark.parametrize(
    ("text", "exact", "expected"),
    [
        (TEXT.replace("eleven", "twelve"), "the harbour lost eleven boats", "the harbour lost twelve boats"),
        (
            TEXT.replace("winter storms", "storms"),
            "Two winter storms had broken it open",
            "Two storms had broken it open",
        ),
        (
            "הממשלה החליטה ביום שישי להקים את הנמל מחדש.",
            "הממשלה החליטה ביום שני להקים",
            "הממשלה החליטה ביום שישי להקים",
        ),
        ("政府は火曜日に港を再建すると発表した。", "政府は月曜日に港を再建する", "政府は火曜日に港を再建する"),
    ],
)
def test_words_that_changed_a_little_are_found_nearly(text: str, exact: str, expected: str) -> None:
    assert found(text, Anchor(exact)) == ("near", expected)


@pytest.mark.parametrize(
    "exact", ["a passage about something else entirely", "", "  ", "boats eleven lost levy winter"]
)
def test_words_that_are_gone_are_said_to_be_lost(exact: str) -> None:
    assert find_again(TEXT, [Anchor(exact)]) == [LOST]


def test_what_was_replaced_at_the_edge_of_a_passage_is_still_in_it() -> None:
    anchor = Anchor("eleven boats", "and the harbour lost ", ".\nThe council voted on")
    assert found(TEXT.replace("eleven boats", "some boats"), anchor) == ("lost", "")  # hardly a word is left
    anchor = Anchor("eleven boats.\nThe council voted on Friday", "and the harbour lost ", " to pay for it with")
    assert found(TEXT.replace("eleven", "twelve"), anchor) == ("near", "twelve boats.\nThe council voted on Friday")


def test_a_passage_taken_out_is_not_found_in_its_surroundings() -> None:
    text = TEXT.replace("and the harbour lost eleven boats", "")
    anchor = Anchor("and the harbour lost eleven boats", "had broken it open, ", ".\nThe council voted")
    assert find_again(text, [anchor])[0].fit is Fit.LOST


@given(st.text(max_size=80), st.integers(0, 80), st.integers(1, 80))
def test_every_passage_of_a_text_is_found_in_it(text: str, start: int, size: int) -> None:
    exact = text[start : start + size]
    place = find_again(text, [Anchor(exact, text[:start], text[start + size :], start)])[0]
    if exact.strip():
        assert place.fit is Fit.EXACT
        assert " ".join(text[place.start : place.end].split()) == " ".join(exact.split())
    else:
        assert place == LOST


def test_a_hundred_passages_in_five_megabytes_are_answered_in_bounded_time() -> None:
    text = "The harbour council met again and again in the long winter.\n" * 85_000
    anchors = [Anchor(f"harbour council met number {number}", start=9) for number in range(50)]
    anchors += [Anchor("harbour council met again", start=number * 50_000) for number in range(50)]
    started = time.process_time()
    places = find_again(text, anchors)
    assert time.process_time() - started < 15
    assert [place.fit for place in places[50:]] == [Fit.EXACT] * 50
