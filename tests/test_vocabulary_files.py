"""The trees as files: what is written is read back the same; what cannot be is told by its line and ends nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.model import TagKind
from webapp.seed import seed_tags
from webapp.tags import Tag, Vocabulary
from webapp.tree_changes import after
from webapp.vocabulary_files import FORMATS, Problem, TagRow, format_of
from webapp.vocabulary_files.turtle import Literal, TurtleError, triples
from webapp.vocabulary_transfer import planned

REGION, TOPIC = TagKind.REGION, TagKind.TOPIC
SEEDED = Vocabulary(seed_tags())
OWN = Tag(
    id="r-u-1a2b", kind=REGION, slug="jazira", name='Jaz|ira "the island"', parents=("r-sy", "r-iq"),
    names={"ar": "الجزيرة", "de": "Dschasira, obere"}, aliases=("Gozarto; old", "a\\b", "c|d"),
    former_slugs=("old-one",),
    note="a note, with “quotes”",
)  # fmt: skip
GONE = Tag(id="r-u-gone", kind=REGION, slug="gone", name="Gone", retired=True, merged_into="r-u-1a2b")
TREES = Vocabulary([*seed_tags(), OWN, GONE])


def everything(vocabulary: Vocabulary) -> dict[str, Tag]:
    return {tag.id: replace(tag, names=dict(tag.names)) for kind in TagKind for tag in vocabulary.all(kind)}


def written(name: str, vocabulary: Vocabulary = TREES) -> str:
    return FORMATS[name].write(everything(vocabulary).values())


def taken(name: str, text: str, into: Vocabulary, kind: TagKind = REGION):
    change, problems = planned(into, FORMATS[name].read(text, kind), "a file")
    return after(into, change), problems, change


@pytest.mark.parametrize("name", FORMATS)
def test_the_trees_come_back_as_they_went_out(name):
    trees, problems, _ = taken(name, written(name), Vocabulary([]))
    assert problems == ()
    assert everything(trees) == everything(TREES)


@pytest.mark.parametrize("name", FORMATS)
def test_taking_in_what_is_there_changes_nothing(name):
    _, problems, change = taken(name, written(name), TREES)
    assert (problems, change.tags) == ((), ())


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_changes_what_it_names_and_leaves_the_rest(name):
    changed = replace(OWN, name="Jazira", aliases=("Gozarto",), parents=("r-iq",))
    trees, problems, change = taken(name, FORMATS[name].write([changed]), TREES)
    assert problems == ()
    assert [tag.id for tag in change.tags] == ["r-u-1a2b"]
    assert trees.get("r-u-1a2b") == changed
    assert len(trees) == len(TREES)


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf", "Cn", "Co")),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=80)
@given(st.lists(NAMES, min_size=1, max_size=4), NAMES, st.booleans())
@pytest.mark.parametrize("name", FORMATS)
def test_any_names_come_back(name, aliases, note, retired):
    own, names = "x1" + aliases[0], tuple(dict.fromkeys(aliases))
    tag = Tag(id="t-u-1", kind=TOPIC, slug="x1", name=own, aliases=names, note=note, retired=retired)
    tag = replace(tag, names={"en": own, "zh": aliases[-1]})
    trees, problems, _ = taken(name, FORMATS[name].write([tag]), Vocabulary([]))
    assert problems == ()
    assert trees.get("t-u-1") == tag


def test_a_spreadsheet_s_table_is_read_with_its_mark_and_semicolons():
    text = "\ufeffName;Parents;name:de;colour\r\nJazira;Syria|IRQ;Dschasira;red\r\n\r\n"
    trees, problems, change = taken("csv", text, SEEDED)
    assert problems == ()
    [tag] = change.tags
    assert (tag.name, tag.parents, dict(tag.names), tag.slug) == (
        "Jazira",
        ("r-sy", "r-iq"),
        {"de": "Dschasira"},
        "jazira",
    )
    assert tag.id.startswith("r-u-")
    assert trees.find(REGION, "Dschasira") == tag


def test_a_row_without_an_id_is_the_tag_of_its_name_and_the_same_new_one_every_time():
    _, _, change = taken("csv", "name,aliases\nSyrien,Sham\nJazira,\n", SEEDED)
    syria, new = change.tags
    assert (syria.id, syria.aliases, syria.name) == ("r-sy", ("Sham",), "Syrien")
    assert taken("csv", "name,aliases\nSyrien,Sham\nJazira,\n", SEEDED)[2].tags[1].id == new.id


def test_rows_may_name_parents_that_come_later():
    _, problems, change = taken("csv", "name,parents\nKobani,Jazira\nJazira,Syria\n", SEEDED)
    assert problems == ()
    assert change.tags[0].parents == (change.tags[1].id,)


@pytest.mark.parametrize(
    ("table", "line", "said"),
    [
        ("colour\nred", 1, "The first line names the columns"),
        ("name,kind\nX,planet", 2, "no kind"),
        ("name,retired\nX,perhaps", 2, "say yes"),
        ("name,note\n,lost", 2, "neither an id nor a name"),
        ("id,name\nr-../x,X", 2, "is no id"),
        ("id,name\nt-u-9,X", 2, "is no id for a region"),
        ("id,name,kind\nr-sy,X,topic", 2, "not a topic"),
        ("name\n!!!", 2, "a letter or a digit"),
        ("name,parents\nX,Zzyzxia", 2, "which is not there"),
        ("id,parents\nr-sy,r-sy", 2, "itself"),
        ("id,parents\nr-142,r-sy", 2, "below itself"),
        ("name\nX\nX", 3, "stands in line 2 already"),
    ],
)
def test_a_bad_row_is_told_by_its_line_and_the_others_are_taken(table, line, said):
    header = table.split("\n")[0].split(",")
    good = ",".join("Jazira" if name == "name" else "" for name in header)
    if "name" not in header:
        table, good = (
            table.replace("id,", "id,name,").replace("r-sy,r-sy", "r-sy,,r-sy").replace("r-142,r-sy", "r-142,,r-sy"),
            ",Jazira,",
        )
    trees, problems, _ = taken("csv", f"{table}\n{good}\n" if "colour" not in table else table, SEEDED)
    assert [problem.line for problem in problems] == [line]
    assert said in problems[0].text
    if "colour" not in table:
        assert trees.find(REGION, "Jazira") is not None
    for tag in trees.all(REGION):
        assert all(tag.id not in trees.lineage(parent) for parent in tag.parents if parent in trees)


FOREIGN = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <http://example.org/v/> .
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
# a vocabulary of somebody else's
ex:water a skos:Concept ; skos:prefLabel "Wasser"@de , "Water rights"@en ; skos:altLabel "riparian rights"@en ;
  skos:broader <http://cv.iptc.org/newscodes/mediatopic/20000639> ; skos:note "long\\nnote", 'second' ;
  skos:narrower ex:dams ; ex:odd [ a ex:Thing ; ex:of ( 1 2.5 true "x"^^ex:y ) ] .
ex:dams a skos:Concept ; skos:prefLabel \"\"\"Dams and "locks\"\"\"@en ; skos:broader ex:water .
ex:other a rdfs:Class .
"""


def test_a_foreign_vocabulary_is_taken_in():
    trees, problems, change = taken("skos", FOREIGN, SEEDED, TOPIC)
    assert problems == ()
    water, dams = change.tags
    assert (water.name, water.parents, water.aliases) == ("Water rights", ("t-20000639",), ("riparian rights",))
    assert dict(water.names) == {"de": "Wasser", "en": "Water rights"}
    assert (dams.name, dams.parents) == ('Dams and "locks', (water.id,))
    assert trees.lineage(dams.id)[1:3] == (water.id, "t-20000639")


def test_a_file_that_breaks_off_gives_what_stands_before():
    rows = FORMATS["skos"].read(FOREIGN.replace("ex:other a", "ex:other ???"), TOPIC)
    assert [row.name for row in rows if isinstance(row, TagRow)] == ["Water rights", 'Dams and "locks']
    [problem] = [row for row in rows if isinstance(row, Problem)]
    assert problem.line == 10
    assert FORMATS["skos"].read("", TOPIC) == [Problem(0, "There is no skos:Concept in it.")]


@pytest.mark.parametrize(
    ("text", "line"),
    [("a:b a a:c .", 1), ("<x> <y> .", 1), ("<x> <y> <z>", 1), ("\n<x> <y> 'a\n' .", 2), ("<x> 'y' <z> .", 1),
     ("<x> <y> [ .", 1), ("@prefix a <b> .", 1), ("<x> <y> ( <z> .", 1)],
)  # fmt: skip
def test_what_is_not_turtle_is_told_by_its_line(text, line):
    with pytest.raises(TurtleError) as error:
        list(triples(text))
    assert error.value.line == line


def test_escapes_of_turtle_are_read():
    [triple] = triples('<a> <b> "\\u0041\\t\\"\\U0001F600\\uD800" .')
    assert triple.object == Literal('A\t"\U0001f600\ufffd')


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_is_an_exception(text):
    for each in FORMATS.values():
        for row in each.read(text, REGION):
            assert isinstance(row, TagRow | Problem)


@pytest.mark.parametrize(
    ("name", "content", "ending"),
    [("a.csv", "", "csv"), ("a.TTL", "", "ttl"), ("a", "@prefix x: <y> .", "ttl"), ("a.txt", "id,name", "csv")],
)
def test_a_file_is_known_by_its_ending_or_its_beginning(name, content, ending):
    assert format_of(name, content).ending == ending
