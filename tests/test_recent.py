"""What was asked for lately is remembered up to a size, and words asked again get the same answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_whoosh_engine import document

from index import FACETS, open_engine, parse
from index.whoosh_engine.recent import Recent


def test_what_is_remembered_stays_within_its_size() -> None:
    recent: Recent[int, str] = Recent(100, len)
    for number in range(50):
        recent.put(number, "x" * 20)
        assert sum(len(recent.find(key) or "") for key in range(50)) <= 100
    assert recent.find(49) == "x" * 20
    assert recent.find(0) is None


def test_what_is_larger_than_half_of_it_is_not_remembered() -> None:
    recent: Recent[int, str] = Recent(100, len)
    recent.put(1, "small")
    assert recent.get(2, lambda: "x" * 60) == "x" * 60
    assert (recent.find(1), recent.find(2)) == ("small", None)


@pytest.mark.parametrize("sort", ["best", "newest"])
@pytest.mark.parametrize(
    "query",
    [
        "war",
        "war peace",
        "war OR peace",
        '"peace talks"',
        "pe*",
        "paece~",
        "peace region:war",
        "war -peace",
        "talks war",
    ],
)
def test_a_question_asked_again_gets_the_same_answer(tmp_path: Path, query: str, sort: str) -> None:
    """The first time words are looked up where the others were found, the second time whole, then remembered."""
    texts = ["war", "peace talks", "war and peace", "talks of war", "peace talks about peace", "nothing"]
    engine = open_engine(tmp_path / "index")
    engine.put(
        document(n, body=texts[n % 6] * (1 + n % 4), title=texts[n % 5], region_lineage=(("war", "r-2", "r-3")[n % 3],))
        for n in range(90)
    )
    answers = [
        engine.search(parse(query).node, owner=1, per_page=7, page=page, sort=sort, facets=FACETS)
        for page in (1, 1, 1, 2, 1)
    ]
    assert answers[0].total > 0
    assert answers[3].hits != answers[0].hits or answers[0].total <= 7
    for again in (answers[1], answers[2], answers[4]):
        assert (again.total, again.hits, again.facets) == (answers[0].total, answers[0].hits, answers[0].facets)
    engine.close()
