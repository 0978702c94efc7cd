"""The two trees: folding, finding by any name, near misses, completing, ancestors."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.model import TagKind
from webapp.seed import seed_tags
from webapp.tags import Tag, Vocabulary, fold

REGION, TOPIC = TagKind.REGION, TagKind.TOPIC


@pytest.fixture(scope="module")
def seeded():
    return Vocabulary(seed_tags())


def region(tag_id, *parents, **more):
    name = more.pop("name", tag_id.removeprefix("r-").capitalize())
    return Tag(id=tag_id, kind=REGION, slug=fold(name), name=name, parents=parents, **more)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Côte d’Ivoire", "cote d'ivoire"),
        ("TÜRKİYE", "türkiye"),
        ("Åland", "aland"),
        ("Western   Asia", "western-asia"),
        ("Guinea_Bissau", "Guinea-Bissau"),
        ("Færøerne", "faeroerne"),
        ("سُورِيَا", "سوريا"),
        ("إيران", "ايران"),
        ("ایران", "ايران"),
        ("סוּרְיָה", "סוריה"),
        ("צ׳כיה", "צ'כיה"),
        ("Орёл", "орел"),
        ("SÃO TOMÉ", "sao tome"),
        ("（日本）", "日本"),
        ("\u2067Syria\u2069", "syria"),
    ],
)
def test_names_that_readers_take_for_the_same_fold_alike(one, other):
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(("one", "other"), [("ガーナ", "カーナ"), ("नेपाल", "नपल"), ("Mali", "Malawi")])
def test_names_that_differ_stay_different(one, other):
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing_and_leaves_no_blank(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert not any(character.isspace() for character in folded)
    assert not folded.startswith("-")
    assert not folded.endswith("-")


@pytest.mark.parametrize(
    "text",
    [
        *("Syria", "syria", " SYRIA ", "SY", "sy", "SYR", "760", "r-sy", "Syrien", "Syrie", "Siria", "Suriye"),
        *("سوريا", "Сирия", "סוריה", "シリア", "叙利亚", "सीरिया", "시리아", "Syrian Arab Republic"),
    ],
)
def test_syria_is_found_by_every_name(seeded, text):
    assert seeded.find(REGION, text).id == "r-sy"


@pytest.mark.parametrize(
    ("text", "tag_id"),
    [
        ("Western Asia", "r-145"),
        ("western-asia", "r-145"),
        ("145", "r-145"),
        ("U.S.", "r-us"),
        ("usa", "r-us"),
        ("America", "r-us"),
        ("the Netherlands", "r-nl"),
        ("Holland", "r-nl"),
        ("UK", "r-gb"),
        ("Britain", "r-gb"),
        ("Burma", "r-mm"),
        ("Swaziland", "r-sz"),
        ("Ivory Coast", "r-ci"),
        ("Côte d’Ivoire", "r-ci"),
        ("Czechia", "r-cz"),
        ("Macedonia", "r-mk"),
        ("DRC", "r-cd"),
        ("Congo-Brazzaville", "r-cg"),
        ("Turkey", "r-tr"),
        ("Türkiye", "r-tr"),
        ("middleeast", "r-middle-east"),
        ("EU", "r-european-union"),
        ("Latin America", "r-419"),
        ("Georgia", "r-ge"),
        ("Gaza", "r-gaza-strip"),
    ],
)
def test_a_region_is_found_by_codes_aliases_and_former_names(seeded, text, tag_id):
    assert seeded.find(REGION, text).id == tag_id


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("diplomacy", "diplomacy"),
        ("foreign affairs", "international relations"),
        ("armed conflict", "armed conflict"),
        ("armed-conflict", "armed conflict"),
        ("20000056", "armed conflict"),
        ("war", "war"),
        ("elections", "election"),
        ("climate", "climate change"),
        ("AI", "information technology and computer science"),
        ("technology", "technology and engineering"),
        ("economy", "economy"),
        ("health", "health"),
        ("Politik", "politics"),
        ("בריאות", "health"),
        ("labor", "labour"),
        ("sports", "sport"),
    ],
)
def test_a_topic_is_found_by_everyday_words(seeded, text, name):
    assert seeded.find(TOPIC, text).name == name


def test_regions_and_topics_do_not_answer_for_each_other(seeded):
    assert seeded.find(TOPIC, "Syria") is None
    assert seeded.find(REGION, "armed conflict") is None


def test_a_shared_name_finds_nothing_and_both_are_near(seeded):
    assert seeded.find(REGION, "Congo") is None
    assert [tag.id for tag in seeded.near(REGION, "Congo", 2)] == ["r-cd", "r-cg"]


@pytest.mark.parametrize("text", ["", " ", "-", "?!", "\u200b", "Atlantis"])
def test_what_names_nothing_finds_nothing(seeded, text):
    assert seeded.find(REGION, text) is None


def test_the_trees_own_name_wins_over_a_name_in_another_language():
    vocabulary = Vocabulary([region("r-1", name="Niger"), region("r-2", names={"xx": "Niger"}), region("r-3")])
    assert vocabulary.find(REGION, "niger").id == "r-1"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Germny", "Germany"),
        ("Untied States", "United States"),
        ("Afghanstan", "Afghanistan"),
        ("Kirgizstan", "Kyrgyzstan"),
        ("Phillipines", "Philippines"),
        ("Isreal", "Israel"),
        ("Tukrey", "Turkey"),
        ("Columbia", "Colombia"),
        ("Phillipine", "Philippines"),
        ("Kazahkstan", "Kazakhstan"),
        ("Azerbajan", "Azerbaijan"),
        ("Venezula", "Venezuela"),
        ("Ecaudor", "Ecuador"),
        ("Morroco", "Morocco"),
        ("Ukrain", "Ukraine"),
        ("Shri Lanka", "Sri Lanka"),
        ("Argentinia", "Argentina"),
        ("Portugual", "Portugal"),
        ("Hungery", "Hungary"),
        ("Midle East", "Middle East"),
    ],
)
def test_a_misspelt_region_has_the_right_one_nearest(seeded, text, name):
    assert seeded.find(REGION, text) is None
    assert seeded.near(REGION, text, 3)[0].name == name


def test_nonsense_is_near_nothing(seeded):
    assert seeded.near(REGION, "xyzzy plugh", 3) == ()


@pytest.mark.parametrize(
    ("prefix", "first"),
    [
        ("syr", "Syria"),
        ("uk", "Ukraine"),
        ("us", "United States"),
        ("west", "West Bank"),
        ("germ", "Germany"),
        ("Сир", "Syria"),
        ("סור", "Syria"),
        ("シリ", "Syria"),
        ("الصوم", "Somalia"),
        ("niger", "Niger"),
        ("united k", "United Kingdom"),
    ],
)
def test_completing_offers_the_best_first(seeded, prefix, first):
    assert seeded.complete(REGION, prefix, 8)[0].name == first


def test_completing_goes_from_main_names_to_codes_to_words_inside(seeded):
    names = [tag.name for tag in seeded.complete(REGION, "uk", 8)]
    assert names == ["Ukraine", "United Kingdom"]
    asia = [tag.name for tag in seeded.complete(REGION, "asia", 8)]
    assert asia[0] == "Asia"
    assert "Western Asia" in asia


def test_completing_keeps_to_its_limit_and_to_what_begins_so(seeded):
    assert len(seeded.complete(REGION, "s", 5)) == 5
    assert seeded.complete(REGION, "", 5) == ()
    assert seeded.complete(REGION, "zzz", 5) == ()


def test_completing_takes_less_than_two_milliseconds(seeded):
    seeded.complete(REGION, "warm up", 8)
    best_s = min(_seconds(lambda: seeded.complete(REGION, "s", 8)) for _ in range(5))
    assert best_s < 0.002


def test_a_lineage_holds_every_ancestor_once_and_near_ones_first():
    vocabulary = Vocabulary(
        [region("r-w"), region("r-a", "r-w"), region("r-b", "r-w"), region("r-c", "r-a", "r-b"), region("r-d", "r-c")]
    )
    assert vocabulary.lineage("r-d") == ("r-d", "r-c", "r-a", "r-b", "r-w")
    assert vocabulary.descendants("r-w") == ("r-w", "r-a", "r-b", "r-c", "r-d")
    assert [tag.id for tag in vocabulary.children("r-b")] == ["r-c"]
    assert [tag.id for tag in vocabulary.roots(REGION)] == ["r-w"]


def test_a_circle_of_parents_and_a_missing_parent_do_no_harm():
    vocabulary = Vocabulary([region("r-a", "r-b"), region("r-b", "r-a", "r-gone")])
    assert vocabulary.lineage("r-a") == ("r-a", "r-b")
    assert vocabulary.descendants("r-b") == ("r-b", "r-a")


def test_a_retired_tag_is_readable_and_no_longer_offered():
    vocabulary = Vocabulary(
        [region("r-w"), region("r-old", "r-w", name="Yugoslavia", retired=True), region("r-new", name="Yugoland")]
    )
    assert vocabulary.get("r-old").name == "Yugoslavia"
    assert vocabulary.lineage("r-old") == ("r-old", "r-w")
    assert vocabulary.find(REGION, "yugoslavia").id == "r-old"
    assert [tag.id for tag in vocabulary.complete(REGION, "yugo", 8)] == ["r-new"]
    assert vocabulary.children("r-w") == ()


def test_a_living_tag_wins_its_name_over_a_retired_one():
    old = region("r-old", name="Macedonia", retired=True)
    vocabulary = Vocabulary([old, region("r-mk", name="North Macedonia", aliases=("Macedonia",))])
    assert vocabulary.find(REGION, "macedonia").id == "r-mk"


def test_one_id_belongs_to_one_tag():
    with pytest.raises(ValueError, match="r-a"):
        Vocabulary([region("r-a"), region("r-a")])


def test_an_unknown_id_is_not_in_the_vocabulary(seeded):
    assert "r-sy" in seeded
    assert "r-zz" not in seeded
    with pytest.raises(KeyError):
        seeded.get("r-zz")


def _seconds(deed):
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started
