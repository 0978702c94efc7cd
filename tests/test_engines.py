"""One contract, every engine. The memory engine says what is right; the others must say the same."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import (
    FACETS,
    SORTS,
    Document,
    Engine,
    EngineUnavailable,
    Hit,
    Node,
    QueryError,
    Term,
    all_of,
    any_of,
    negate,
    open_engine,
    parse,
    to_text,
)
from index.memory_engine import MemoryEngine

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROOT = Path(__file__).parent.parent


def document(id: int, **given: Any) -> Document:
    """A plain article of owner 1; clipped one minute after the article before it."""
    usual = {
        "owner": 1, "revision": 1, "title": f"Title {id}", "lead": "", "body": "", "captions": "", "note": "",
        "authors": (), "outlet": "paper.example", "address": f"https://paper.example/{id}", "language": "en",
        "regions": (), "region_lineage": (), "topics": (), "topic_lineage": (), "reading": "unread",
        "starred": False, "has": (), "published": None, "clipped": NOON + timedelta(minutes=id % 10_000), "words": 0,
    }  # fmt: skip
    return Document(**{**usual, "id": id, **given})


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made: Engine = MemoryEngine() if request.param == "memory" else open_engine(tmp_path / "index")
    yield made
    made.close()


def found(engine: Engine, query: str, *, owner: int = 1, **asked: Any) -> list[int]:
    """The ids of the first 1,000 hits, in order."""
    parsed = parse(query)
    assert not parsed.problems
    return [hit.id for hit in engine.search(parsed.node, owner=owner, per_page=1000, **asked).hits]


def as_text(pieces: Any) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


# --- words


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("ceasefire", [1, 2]),
        ("Ceasefires", [1, 2]),
        ("ceasefire talks", [1]),
        ("ceasefire -talks", [2]),
        ("-ceasefire", [3, 4, 5]),
        ("-ceasefire -election", [4, 5]),
        ("talks OR election", [1, 3]),
        ("(talks OR election) -ceasefire", [3]),
        ("-(ceasefire OR election)", [4, 5]),
        ('"the ceasefire talks"', [1]),
        ('"talks ceasefire"', []),
        ('"ceasefires"', []),
        ('"ceasefire cairo"~3', [1]),
        ('"ceasefire cairo"~1', []),
        ("elect*", [3]),
        ("cesefire~", [1, 2]),
        ("title:ceasefire", [2]),
        ("body:ceasefire", [1]),
        ("title:(ceasefire OR election)", [2, 3]),
        ("lead:cairo", [4]),
        ("captions:cairo", []),
        ("captions:crowd note:dana", [5]),
        ("cairo", [1, 4]),
        ("absent", []),
        ("absent OR election", [3]),
        ("ceasefire absent", []),
        ("", [1, 2, 3, 4, 5]),
        ("-*", []),
    ],
)
def test_words_find_articles(engine: Engine, query: str, ids: list[int]) -> None:
    engine.put(
        [
            document(1, body="After the ceasefire talks, envoys left Cairo."),
            document(2, title="A ceasefire at last"),
            document(3, title="Elections", body="An election was held."),
            document(4, lead="In Cairo"),
            document(5, captions="A crowd", note="ask Dana"),
        ]
    )
    assert sorted(found(engine, query)) == ids


def test_a_word_in_the_title_counts_more_than_in_lead_body_note_or_captions(engine: Engine) -> None:
    rest = "one two three four five six seven eight nine ten"
    engine.put(
        [
            document(1, captions=f"{rest} ceasefire", title=rest, lead=rest, body=rest, note=rest),
            document(2, captions=rest, title=rest, lead=rest, body=rest, note=f"{rest} ceasefire"),
            document(3, captions=rest, title=rest, lead=rest, body=f"{rest} ceasefire", note=rest),
            document(4, captions=rest, title=rest, lead=f"{rest} ceasefire", body=rest, note=rest),
            document(5, captions=rest, title=f"{rest} ceasefire", lead=rest, body=rest, note=rest),
        ]
    )
    assert found(engine, "ceasefire") == [5, 4, 3, 2, 1]


def test_rare_words_and_frequent_mention_count_more(engine: Engine) -> None:
    engine.put(
        [document(n, body="common words here") for n in range(1, 8)]
        + [document(8, body="common rare here"), document(9, body="common rare rare")]
    )
    assert found(engine, "common OR rare")[:2] == [9, 8]


def test_neighbours_that_stand_together_count_more_than_the_same_words_apart(engine: Engine) -> None:
    engine.put(
        [
            document(1, body="the stones of paris and rolling hills"),
            document(2, body="stones rolled and rolling stones of paris"),
            document(3, body="stones of rolling hills in paris"),
        ]
    )
    assert found(engine, "rolling stones")[0] == 2
    assert found(engine, "rolling -absent is:unread stones")[0] == 2
    apart = {hit.id: hit.score for hit in engine.search(parse("rolling OR stones").node, owner=1).hits}
    together = {hit.id: hit.score for hit in engine.search(parse("rolling stones").node, owner=1).hits}
    assert together[3] == pytest.approx(apart[3])
    assert together[2] > apart[2]


@pytest.mark.parametrize(
    "query", ["the river", "River the", "the river is:unread", '"the river"', "the -absent river", "THE “River”"]
)
def test_an_article_whose_title_is_the_query_is_first_whatever_others_say(engine: Engine, query: str) -> None:
    engine.put(
        [
            document(1, title="The river", body="else " * 500, published=date(1990, 1, 1)),
            *(
                document(
                    n, title="The river, the river", lead="the river", body="the river " * 9, published=NOON.date()
                )
                for n in range(2, 9)
            ),
        ]
    )
    assert (found(engine, query)[0] == 1) == (query != "River the")


def test_of_articles_alike_the_later_one_comes_first_and_never_far(engine: Engine) -> None:
    old, new = date(2010, 1, 1), NOON.date()
    engine.put(
        [
            document(1, body="ceasefire", published=new),
            document(2, body="ceasefire", published=old),
            document(3, body="ceasefire ceasefire", published=old),
            document(4, body="ceasefire"),
        ]
    )
    scores = {hit.id: hit.score for hit in engine.search(Term("ceasefire"), owner=1).hits}
    plain = {hit.id: hit.score for hit in engine.search(Term("ceasefire"), owner=1, prefer_recent=False).hits}
    assert found(engine, "ceasefire") == [3, 1, 2, 4]
    assert scores[1] == pytest.approx(plain[1] * 1.05)
    assert plain[1] == pytest.approx(plain[2]) == pytest.approx(plain[4])
    assert scores[4] == plain[4]
    by_day = {hit.id: hit.score for hit in engine.search(Term("ceasefire"), owner=1, sort="newest").hits}
    assert by_day == pytest.approx(plain)


def test_a_score_is_explained_part_by_part(engine: Engine) -> None:
    engine.put(
        [
            document(1, title="Rolling stones", body="stones, rolling stones", published=date(2026, 11, 23)),
            document(2, body="rolling stones"),
        ]
    )
    node = parse("rolling stones -absent is:unread").node
    told = engine.explain(1, node, owner=1)
    assert told is not None
    assert [term.text for term in told.terms] == ["rolling", "stones"]
    assert [(share.field, share.count, share.length) for share in told.terms[1].shares] == [
        ("title", 2.0, 2),
        ("body", 4.0, 3),
    ]
    assert [pair.text for pair in told.pairs] == ["rolling stones"]
    assert told.freshness == pytest.approx(1.05)
    assert told.title > 0
    assert told.score == pytest.approx(engine.search(node, owner=1).hits[0].score, abs=1e-9)
    assert engine.explain(2, parse("absent").node, owner=1) is None
    assert engine.explain(3, node, owner=1) is None
    assert engine.explain(1, node, owner=2) is None


def test_the_language_of_an_article_tells_its_stems(engine: Engine) -> None:
    engine.put(
        [document(1, body="die Häuser", language="de"), document(2, body="les chevaux nationaux", language="fr")]
    )
    assert found(engine, "Haus OR häusern") == [1]
    assert found(engine, "national") == [2]


@pytest.mark.parametrize("query", ["中国", "בממשלה OR ממשלה", "выборами", "الحكومة", "2020"])
def test_any_script_is_found(engine: Engine, query: str) -> None:
    engine.put([document(1, body="中国经济 הממשלה выборы حكومة عام ٢٠٢٠"), document(2, body="else")])
    assert found(engine, query) == [1]


# --- filters


LIBRARY = [
    document(
        1, regions=("r-sy",), region_lineage=("r-sy", "r-145", "r-001"), topics=("t-war",), topic_lineage=("t-war",),
        outlet="haaretz.com", language="he", authors=("Jane Doe", "Moshe Cohen"), published=date(2020, 12, 27),
        reading="done", starred=True, has=("image", "note"), clipped=datetime(2026, 10, 31, 23, 59, 59, 999_999, UTC),
    ),
    document(
        2, regions=("r-145",), region_lineage=("r-145", "r-001"), topics=("t-civil",),
        topic_lineage=("t-civil", "t-war"),
        outlet="eng.haaretz.com", language="en-GB", authors=("Doe Jane",), published=date(2020, 12, 1),
        has=("highlight", "live-blog"), clipped=datetime(2026, 11, 1, tzinfo=UTC),
    ),
    document(
        3, outlet="bbc.co.uk", language="en", authors=("José Ángel",), published=date(2020, 1, 1), reading="reading",
        clipped=datetime(2026, 11, 2, 3, 4, 5, tzinfo=UTC),
    ),
    document(4, outlet="nothaaretz.com", language="und", authors=("Jane", "Doe"), published=date(2021, 1, 1)),
    document(5, outlet="", failed=True, topics=("t-sport",), topic_lineage=("t-sport",)),
    document(6, owner=2, regions=("r-sy",), region_lineage=("r-sy",), outlet="haaretz.com", starred=True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("region:r-sy", [1]),
        ("region:r-145", [1, 2]),
        ("region:=r-145", [2]),
        ("region:r-nowhere", []),
        ("region:none", [3, 4, 5]),
        ("-region:r-145", [3, 4, 5]),
        ("region:r-145 -region:r-sy", [2]),
        ("topic:t-war", [1, 2]),
        ("topic:=t-war", [1]),
        ("topic:none", [3, 4]),
        ("topic:(t-sport OR t-civil)", [2, 5]),
        ("site:haaretz.com", [1, 2]),
        ("site:haaretz", [1, 2]),
        ("site:eng.haaretz.com", [2]),
        ("site:co.uk", [3]),
        ("site:com", [1, 2, 4]),
        ("by:doe", [1, 2, 4]),
        ('by:"Jane Doe"', [1]),
        ('by:"doe moshe"', []),
        ('by:"jose angel"', [3]),
        ("lang:en", [2, 3, 5]),
        ("lang:en-gb", [2]),
        ("lang:he", [1]),
        ("is:done", [1]),
        ("is:reading", [3]),
        ("is:unread", [2, 4, 5]),
        ("is:starred", [1]),
        ("is:tagged", [1, 2, 5]),
        ("is:untagged", [3, 4]),
        ("is:failed", [5]),
        ("is:live-blog", [2]),
        ("-is:live-blog is:tagged", [1, 5]),
        ("is:opinion", []),
        ("has:image", [1]),
        ("has:note has:image", [1]),
        ("has:highlight", [2]),
        ("date:2020", [1, 2, 3]),
        ("date:2020-12", [1, 2]),
        ("date:2020-12-27", [1]),
        ("date:2020-12-02..2020-12-26", []),
        ("date:2020-01..2020-12-01", [2, 3]),
        ("before:2020-12", [3]),
        ("before:2021", [1, 2, 3]),
        ("after:2020-12", [1, 2, 4]),
        ("after:2020-12-02", [1, 4]),
        ("-after:2020-12-02", [2, 3, 5]),
        ("after:2020 before:2020-12-27", [2, 3]),
        ("clipped:2026-10", [1]),
        ("clipped:2026-11-01", [2]),
        ("clipped:..2026-10-31", [1]),
        ("clipped:2026-11-02..", [3, 4, 5]),
        ("lang:en is:unread", [2, 5]),
    ],
)
def test_filters_let_through_what_they_say(engine: Engine, query: str, ids: list[int]) -> None:
    engine.put(LIBRARY)
    assert sorted(found(engine, query)) == ids


def test_filters_do_not_score(engine: Engine) -> None:
    engine.put(LIBRARY)
    assert {hit.score for hit in engine.search(parse("region:r-145 -topic:none").node, owner=1).hits} == {0.0}


def test_facets_count_the_whole_result(engine: Engine) -> None:
    engine.put(LIBRARY)
    results = engine.search(parse("").node, owner=1, per_page=1, facets=FACETS)
    assert results.facets == {
        "region": (("r-001", 2), ("r-145", 2), ("r-sy", 1)),
        "topic": (("t-war", 2), ("t-civil", 1), ("t-sport", 1)),
        "outlet": (("bbc.co.uk", 1), ("eng.haaretz.com", 1), ("haaretz.com", 1), ("nothaaretz.com", 1)),
        "year": (("2020", 3), ("2021", 1)),
        "month": (("2020-12", 2), ("2020-01", 1), ("2021-01", 1)),
        "language": (("en", 2), ("en-GB", 1), ("he", 1), ("und", 1)),
        "reading": (("unread", 3), ("done", 1), ("reading", 1)),
        "author": (
            ("Doe", 1), ("Doe Jane", 1), ("Jane", 1), ("Jane Doe", 1), ("José Ángel", 1), ("Moshe Cohen", 1),
        ),
        "starred": (("yes", 1),),
    }  # fmt: skip
    narrowed = engine.search(parse("topic:t-war").node, owner=1, facets=("region", "starred"))
    assert narrowed.facets == {"region": (("r-001", 2), ("r-145", 2), ("r-sy", 1)), "starred": (("yes", 1),)}
    assert engine.search(parse("absent").node, owner=1, facets=("region",)).facets == {"region": ()}


# --- owners


def test_an_owner_sees_nothing_of_another(engine: Engine) -> None:
    mine = [document(n, body="ceasefire talks", published=date(2020, 1, n)) for n in range(1, 4)]
    engine.put(mine)
    alone = engine.search(Term("ceasefire"), owner=1, facets=FACETS)
    engine.put(
        [document(n, owner=2, body="ceasefire zebra " * n, language="de", authors=("Other",)) for n in range(10, 30)]
    )
    beside = engine.search(Term("ceasefire"), owner=1, facets=FACETS)
    assert (beside.total, beside.hits, beside.facets) == (alone.total, alone.hits, alone.facets)
    assert found(engine, "-ceasefire") == []
    assert found(engine, "zebra") == []
    assert engine.suggest_terms("ze", owner=1) == ()
    assert engine.did_you_mean(Term("zebrra"), owner=1) is None
    assert engine.similar(10, owner=1) == ()
    assert {hit.id for hit in engine.similar(1, owner=1)} <= {1, 2, 3}
    assert engine.search(Term("ceasefire"), owner=3).total == 0
    assert engine.count() == 23


# --- order and pages


def test_each_sort_has_its_order_and_its_ties(engine: Engine) -> None:
    engine.put(
        [
            document(1, title="Élan", published=date(2020, 1, 2), clipped=NOON),
            document(2, title="apple", published=None, clipped=NOON + timedelta(hours=2)),
            document(3, title="“Banana”", published=date(2021, 1, 1), clipped=NOON),
            document(4, title="", published=date(2020, 1, 2), clipped=NOON + timedelta(hours=1)),
            document(5, title="banana", published=date(2020, 1, 2), clipped=NOON + timedelta(hours=1)),
            document(6, title="apple", published=None, clipped=NOON + timedelta(microseconds=1)),
        ]
    )
    assert found(engine, "", sort="newest") == [3, 5, 4, 1, 2, 6]
    assert found(engine, "", sort="oldest") == [5, 4, 1, 3, 2, 6]
    assert found(engine, "", sort="clipped") == [2, 5, 4, 6, 3, 1]
    assert found(engine, "", sort="title") == [2, 6, 3, 5, 1, 4]
    assert found(engine, "", sort="best") == [3, 5, 4, 1, 2, 6]


@pytest.mark.parametrize("sort", SORTS)
def test_pages_hold_every_article_once_and_the_total_is_right(engine: Engine, sort: str) -> None:
    engine.put([document(n, body="word " * (n % 7), published=date(2020, 1, 1 + n % 5)) for n in range(1, 108)])
    whole = found(engine, "word", sort=sort)
    pages = [engine.search(Term("word"), owner=1, page=n, per_page=10, sort=sort) for n in range(1, 13)]
    assert [hit.id for page in pages for hit in page.hits] == whole
    assert {page.total for page in pages} == {len(whole)} == {92}
    assert pages[9].hits[-1].id == whole[-1] or len(pages[9].hits) == 2
    assert pages[10].hits == ()


def test_questions_that_cannot_be_asked_are_refused(engine: Engine) -> None:
    with pytest.raises(QueryError, match="sort"):
        engine.search(Term("a"), owner=1, sort="worst")
    with pytest.raises(QueryError, match="facet"):
        engine.search(Term("a"), owner=1, facets=("shoe size",))
    with pytest.raises(QueryError, match="pages"):
        engine.search(Term("a"), owner=1, page=0)


# --- writing


def test_what_was_put_is_found_when_put_returns(engine: Engine) -> None:
    for n in range(1, 30):
        engine.put([document(n, body=f"word{n} common")])
        assert found(engine, f"word{n}") == [n]
        assert engine.search(Term("common"), owner=1).total == n


def test_a_document_put_again_replaces_the_old_one(engine: Engine) -> None:
    engine.put([document(1, body="old", revision=1), document(2, body="other")])
    engine.put([document(1, body="middle", revision=2), document(1, body="new", revision=3)])
    assert found(engine, "old OR middle") == []
    assert found(engine, "new") == [1]
    assert engine.count() == 2
    assert list(engine.revisions()) == [(1, 3), (2, 1)]


def test_a_document_may_change_its_owner(engine: Engine) -> None:
    engine.put([document(1, body="word")])
    engine.put([document(1, body="word", owner=2)])
    assert (found(engine, "word"), found(engine, "word", owner=2)) == ([], [1])


def test_what_was_removed_is_not_found_and_does_not_come_back(engine: Engine) -> None:
    engine.put([document(n, body="word") for n in range(1, 6)])
    engine.remove([2, 4, 99])
    engine.remove([])
    assert sorted(found(engine, "word")) == [1, 3, 5]
    for n in range(6, 30):
        engine.put([document(n, body="word")])
        assert sorted(found(engine, "word")) == [1, 3, 5, *range(6, n + 1)]
    assert engine.check() == []


def test_clearing_takes_everything_out(engine: Engine) -> None:
    engine.put([document(1, body="word"), document(2, owner=2)])
    engine.clear()
    assert engine.count() == 0
    assert found(engine, "") == []
    engine.put([document(3, body="word")])
    assert found(engine, "word") == [3]


def test_an_empty_engine_answers(engine: Engine) -> None:
    engine.put([])
    engine.remove([1])
    assert engine.search(parse('a -b "c d" e* f~ by:g date:2020').node, owner=1, facets=FACETS).total == 0
    assert engine.similar(1, owner=1) == ()
    assert engine.suggest_terms("a", owner=1) == ()
    assert engine.did_you_mean(Term("a"), owner=1) is None
    assert engine.check() == []


def test_odd_documents_are_kept(engine: Engine) -> None:
    engine.put(
        [
            document(1, title="\ud800 lone", body="a\0b", authors=("",), outlet="", language="", address=""),
            document(2, title="x" * 100_000, body="word " * 20_000, language="zz-ZZ-x-odd"),
            document(
                2**53 + 1, body="far", revision=2**40, published=date(1, 1, 1), clipped=datetime(1960, 1, 1, tzinfo=UTC)
            ),
            document(3, authors=("Jane " * 20_000,), outlet="a." * 1000, regions=("r" * 9_000,), note="\U0010ffff"),
            document(4, body="late", published=date(9999, 12, 31), clipped=datetime(9999, 12, 31, tzinfo=UTC)),
        ]
    )  # fmt: skip
    assert found(engine, "lone") == [1]
    assert found(engine, "word") == [2]
    assert found(engine, 'by:"jane jane"') == [3]
    assert found(engine, "far before:1000") == [2**53 + 1]
    assert found(engine, "clipped:1960") == [2**53 + 1]
    assert found(engine, "after:9999-12-31") == [4]
    assert engine.check() == []


def test_a_closed_engine_says_so(engine: Engine) -> None:
    engine.close()
    asks: list[Callable[[], object]] = [
        lambda: found(engine, "a"), lambda: engine.put([document(1)]), engine.count, engine.clear,
    ]  # fmt: skip
    for ask in asks:
        with pytest.raises(EngineUnavailable, match="closed"):
            ask()


# --- snippets, likeness, suggestions, corrections


def test_snippets_mark_what_answers(engine: Engine) -> None:
    engine.put(
        [
            document(
                1, title="The Ministers’ visit", lead="A lead.",
                body="Filler. " * 100 + "The U.S. minister resigned in Cairo. " + "More. " * 100,
            )
        ]
    )  # fmt: skip
    (hit,) = engine.search(parse('minister us "in cairo" -absent').node, owner=1).hits
    assert as_text(hit.title) == "The [Ministers]’ visit"
    assert "The [U.S.] [minister] resigned [in] [Cairo]." in as_text(hit.snippet)
    (hit,) = engine.search(parse("title:minister").node, owner=1).hits
    assert as_text(hit.snippet) == "A lead."
    (hit,) = engine.search(parse("resig*").node, owner=1).hits
    assert "minister [resigned] in" in as_text(hit.snippet)
    (hit,) = engine.search(parse("is:unread").node, owner=1).hits
    assert (as_text(hit.title), as_text(hit.snippet)) == ("The Ministers’ visit", "A lead.")
    (hit,) = engine.search(parse("minister").node, owner=1, snippets=False).hits
    assert (hit.title, hit.snippet) == ((), ())


def test_snippets_are_plain_text(engine: Engine) -> None:
    engine.put([document(1, title="<b>bold</b> claim", body="a < b & <script>word</script>")])
    (hit,) = engine.search(Term("word"), owner=1).hits
    assert as_text(hit.title) == "<b>bold</b> claim"
    assert as_text(hit.snippet) == "a < b & <script>[word]</script>"


STORIES = [
    document(1, title="Ceasefire in Idlib", body="Turkish envoys and Russian envoys agreed on a ceasefire in Idlib."),
    document(2, title="Idlib truce holds", body="The ceasefire that Turkish and Russian envoys made for Idlib holds."),
    document(3, title="Cup final", body="The striker scored twice in the final and lifted the cup."),
    document(4, title="Striker moves", body="The striker who won the cup final moves to another club."),
    document(5, title="Weather", body="Rain is expected in the north."),
    *(document(n, title=f"Filler {n}", body=f"Unrelated matter number {n} about nothing.") for n in range(6, 30)),
]


def test_similar_articles_share_telling_words(engine: Engine) -> None:
    engine.put([*STORIES, document(99, owner=2, title=STORIES[0].title, body=STORIES[0].body)])
    assert [hit.id for hit in engine.similar(1, owner=1)] == [2]
    assert [hit.id for hit in engine.similar(3, owner=1)] == [4]
    assert engine.similar(5, owner=1) == ()
    assert engine.similar(12345, owner=1) == ()
    assert len(engine.similar(6, owner=1, limit=3)) <= 3


def test_words_are_suggested_the_most_widespread_first(engine: Engine) -> None:
    engine.put(
        [
            document(1, body="running government governor"),
            document(2, body="Government’s runs"),
            document(3, title="GOVERNMENT"),
        ]
    )
    assert engine.suggest_terms("gov", owner=1) == ("government", "governor")
    assert engine.suggest_terms("Góv", owner=1, limit=1) == ("government",)
    assert engine.suggest_terms("run", owner=1) == ("running", "runs")
    assert engine.suggest_terms("", owner=1) == ()
    assert engine.suggest_terms("~", owner=1) == ()


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("goverment", "government"),
        ("goverment talks", "government talks"),
        ("govermnent", "government"),
        ("title:goverment is:unread", None),
        ("body:goverment is:unread", "body:government is:unread"),
        ('"goverment talks"', '"government talks"'),
        ("goverment sport", None),
        ("government sport", None),
        ("government", None),
        ("qqqqqqqq", None),
        ("is:done", None),
        ("", None),
    ],
)
def test_a_slip_of_the_pen_is_corrected_only_by_what_finds_something(
    engine: Engine, query: str, meant: str | None
) -> None:
    engine.put([document(1, body="government talks"), document(2, body="sport")])
    node = engine.did_you_mean(parse(query).node, owner=1)
    assert (to_text(node) if node else None) == meant
    if node:
        assert engine.search(node, owner=1).total > 0


# --- random queries: every engine against the oracle


VOCABULARY = [
    "the", "ceasefire", "ceasefires", "talk", "talks", "talking", "Idlib", "Idlibs", "Turkish-backed", "U.S.", "us",
    "ministre", "nation", "nations", "e-mail", "email", "中国", "国经济", "הממשלה", "ממשלה", "ובממשלה", "выборы",
    "выборов", "café", "cafe", "C++",
]  # fmt: skip
FILTERS = [
    "region:r-sy", "region:r-145", "region:=r-145", "region:none", "topic:none", "site:haaretz.com", "site:haaretz",
    "by:doe", "by:中", "by:jose", "lang:en", "lang:pt", "is:done", "is:starred", "is:tagged", "is:untagged",
    "is:failed", "has:image", "date:2020", "date:2020-12", "date:2020-12-27", "before:2021", "after:2020-12",
    "clipped:2026-11", "clipped:2026-12..", "*",
]  # fmt: skip


def random_document(chance: random.Random, id: int) -> Document:
    def words(most: int) -> str:
        return " ".join(chance.choice(VOCABULARY) for _ in range(chance.randrange(most)))

    lineage = chance.choice([(), ("r-sy", "r-145"), ("r-145",), ("r-fr",), ("r-sy", "r-145", "r-fr")])
    return document(
        id,
        owner=chance.choice([1, 1, 1, 2]),
        title=words(5),
        lead=words(6),
        body=words(40),
        captions=words(4),
        note=words(4),
        authors=tuple(chance.sample(["Jane Doe", "Doe", "José Ángel", "中国"], chance.randrange(3))),
        outlet=chance.choice(["haaretz.com", "eng.haaretz.com", "bbc.co.uk", ""]),
        language=chance.choice(["en", "fr", "he", "und", "pt-BR"]),
        regions=lineage[:1],
        region_lineage=lineage,
        topics=chance.choice([(), ("t-war",)]),
        topic_lineage=(),
        reading=chance.choice(["unread", "reading", "done"]),
        starred=chance.random() < 0.3,
        failed=chance.random() < 0.1,
        has=chance.choice([(), ("image",), ("image", "note")]),
        published=chance.choice([None, date(2020, 1, 1), date(2020, 12, 27), date(2021, 3, 1)]),
        clipped=NOON + timedelta(days=chance.randrange(60), microseconds=chance.randrange(3)),
    )


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine]]:
    """The oracle and the other, after the same history of puts and removals in small batches."""
    chance = random.Random(20261123)
    oracle, other = MemoryEngine(), open_engine(tmp_path_factory.mktemp("pair") / "index")
    for _ in range(40):
        batch = [random_document(chance, chance.randrange(1, 90)) for _ in range(chance.randrange(1, 9))]
        gone = [chance.randrange(1, 90) for _ in range(chance.randrange(3))]
        for each in (oracle, other):
            each.put(batch)
            each.remove(gone)
    yield oracle, other
    other.close()


LEAVES = st.one_of(
    st.sampled_from([*VOCABULARY, "absent", "talk's", "nationale", "中", "经济", "l'us"]),
    st.lists(st.sampled_from(VOCABULARY), min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.builds(
        lambda words, slop: f'"{" ".join(words)}"~{slop}',
        st.lists(st.sampled_from(VOCABULARY), min_size=2, max_size=3),
        st.integers(1, 6),
    ),
    st.sampled_from(["cease*", "t*", "email*", "cesefire~", "talc~1", "idlob~", "natoin~2", "中*", "e-ma*"]),
    st.builds(
        lambda field, word: f"{field}:{word}",
        st.sampled_from(["title", "lead", "body", "captions", "note"]),
        st.sampled_from([*VOCABULARY, '"the us"', "cease*"]),
    ),
    st.sampled_from(FILTERS),
    st.sampled_from(["ceasefire talks", "the us ceasefire", "U.S. Turkish-backed talks", "e-mail us C++"]),
).map(lambda text: parse(text).node)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(all_of),
        st.lists(inner, min_size=2, max_size=4).map(any_of),
        inner.map(negate),
    ),
    max_leaves=6,
)


def exactly(hits: tuple[Hit, ...]) -> list[tuple[int, float]]:
    return [(hit.id, round(hit.score, 6)) for hit in hits]


@given(TREES, st.sampled_from(SORTS), st.sampled_from([1, 2, 3]))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_queries_mean_the_same_to_every_engine(
    pair: tuple[Engine, Engine], node: Node, sort: str, owner: int
) -> None:
    right, other = (
        engine.search(node, owner=owner, sort=sort, per_page=1000, facets=FACETS, snippets=False) for engine in pair
    )
    assert other.total == right.total == len(right.hits)
    assert [hit.id for hit in other.hits] == [hit.id for hit in right.hits]
    assert [hit.score for hit in other.hits] == pytest.approx([hit.score for hit in right.hits], rel=1e-9, abs=1e-9)
    assert other.facets == right.facets


@given(TREES, st.sampled_from(["best", "newest"]), st.booleans())
@settings(deadline=None, max_examples=60)
def test_what_explains_a_score_adds_up_to_it(
    pair: tuple[Engine, Engine], node: Node, sort: str, prefer_recent: bool
) -> None:
    _, engine = pair
    for hit in engine.search(node, owner=1, sort=sort, per_page=5, snippets=False, prefer_recent=prefer_recent).hits:
        told = engine.explain(hit.id, node, owner=1, sort=sort, prefer_recent=prefer_recent)
        assert told is not None
        assert told.score == pytest.approx(hit.score, rel=1e-9, abs=1e-9)


@given(TREES, st.sampled_from([1, 2]))
@settings(deadline=None, max_examples=30)
def test_random_queries_get_the_same_snippets_from_every_engine(
    pair: tuple[Engine, Engine], node: Node, owner: int
) -> None:
    right, other = (engine.search(node, owner=owner, per_page=5) for engine in pair)
    assert [(hit.title, hit.snippet) for hit in other.hits] == [(hit.title, hit.snippet) for hit in right.hits]


def test_likeness_suggestions_and_corrections_are_the_same_to_every_engine(pair: tuple[Engine, Engine]) -> None:
    right, other = pair
    assert other.revisions() == right.revisions()
    for id in range(1, 90, 7):
        assert exactly(other.similar(id, owner=1)) == exactly(right.similar(id, owner=1))
    for prefix in ("t", "ce", "中", "ה", "zz"):
        assert other.suggest_terms(prefix, owner=1) == right.suggest_terms(prefix, owner=1)
    for text in ("ceasefyre", "idlob talk", '"ceasefyre talks"', "nope is:done", "talqing region:r-sy"):
        node = parse(text).node
        assert other.did_you_mean(node, owner=1) == right.did_you_mean(node, owner=1)


MANY_QUERIES = [
    "ceasefire", "talks", "us", "talks us", "the ceasefire talks", "ceasefire OR talk OR us", '"the us"', "t*",
    "talc~1", "ceasefire is:starred", "talk OR (us ceasefire)", "title:us", "us -talk", "nation talks",
]  # fmt: skip


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine]]:
    """The same with so many articles that not all of an answer are scored, sorted or looked into."""
    chance = random.Random(20261124)
    library = [random_document(chance, id) for id in range(1, 701)]
    library += [document(1000 + n, title="Talks", body="else " * n) for n in range(3)]
    library += [document(1010 + n, title="Talks, us!", published=date(1990, 1, 1)) for n in range(3)]
    oracle, other = MemoryEngine(), open_engine(tmp_path_factory.mktemp("many") / "index")
    for each in (oracle, other):
        each.put(library[:300])
        each.put(library[300:])
        each.remove(range(100, 130))
    yield oracle, other
    other.close()


@pytest.mark.parametrize("sort", ["best", "newest"])
@pytest.mark.parametrize("query", MANY_QUERIES)
def test_the_first_of_many_are_the_same_to_every_engine(many: tuple[Engine, Engine], query: str, sort: str) -> None:
    node = parse(query).node
    for page, per_page in ((1, 5), (3, 7), (1, 1)):
        right, other = (
            engine.search(node, owner=1, sort=sort, page=page, per_page=per_page, snippets=False) for engine in many
        )
        assert other.total == right.total
        assert exactly(other.hits) == exactly(right.hits)


# --- many threads, many processes, bad luck


def test_threads_search_while_one_writes(engine: Engine) -> None:
    engine.put([document(n, body="steady") for n in range(1, 21)])
    errors: list[BaseException] = []
    searches = 0
    stop = threading.Event()

    def search() -> None:
        nonlocal searches
        while not stop.is_set():
            try:
                results = engine.search(Term("steady"), owner=1, facets=("outlet",))
                assert results.total == 20
                assert results.facets["outlet"] == (("paper.example", 20),)
                assert len({hit.id for hit in results.hits}) == 20
                searches += 1
            except BaseException as error:  # told below, by the thread that asserts
                errors.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(16)]
    for thread in threads:
        thread.start()
    for n in range(15):
        engine.put([document(100 + n, body="passing"), document(1 + n % 20, body="steady", revision=n)])
        engine.remove([100 + n - 3])
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert searches > 16
    assert engine.check() == []
