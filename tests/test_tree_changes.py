"""What may be done to the tag trees, worked out as values: names, places, merges, and what cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp import tree_changes
from webapp.errors import BadTag
from webapp.model import TagKind
from webapp.seed import seed_tags
from webapp.tags import Tag, Vocabulary

REGION, TOPIC = TagKind.REGION, TagKind.TOPIC


def region(key: str, name: str, *parents: str, **more: object) -> Tag:
    return Tag(id=key, kind=REGION, slug=name.lower().replace(" ", "-"), name=name, parents=parents, **more)


WORLD, ASIA, SYRIA = region("r-001", "World"), region("r-142", "Asia", "r-001"), region("r-sy", "Syria", "r-142")
NORTH = region("r-u-1", "North Syria", "r-sy", aliases=("Rojava",), names={"de": "Nordsyrien"})
KOBANI = region("r-u-2", "Kobani", "r-u-1")
WATER = Tag(id="t-1", kind=TOPIC, slug="water", name="water")
TREES = Vocabulary([WORLD, ASIA, SYRIA, NORTH, KOBANI, WATER])


def after(change: tree_changes.Change, trees: Vocabulary = TREES) -> Vocabulary:
    return tree_changes.after(trees, change)


def test_a_new_tag_stands_below_its_parents_and_is_found_by_its_names():
    change = tree_changes.create(
        TREES, "r-u-9", REGION, "  Ain   Issa ", parents=["r-u-1"], names={"ar": "عين عيسى"}, aliases=["Ayn Issa"]
    )
    trees = after(change)
    assert trees.get("r-u-9").name == "Ain Issa"
    assert trees.lineage("r-u-9") == ("r-u-9", "r-u-1", "r-sy", "r-142", "r-001")
    for text in ("ain-issa", "Ayn Issa", "عين عيسى"):
        assert trees.find(REGION, text).id == "r-u-9"


@pytest.mark.parametrize("name", ["", "  ", "…!", "SYRIA", "north-syria"])
def test_a_name_must_be_one_and_nobody_else_s(name):
    with pytest.raises(BadTag):
        tree_changes.create(TREES, "r-u-9", REGION, name)


def test_a_slug_that_is_taken_gets_a_number():
    trees = Vocabulary([WORLD, region("r-u-7", "Other", former_slugs=("north",)), region("r-u-8", "Third")])
    change = tree_changes.create(trees, "r-u-9", REGION, "North")
    assert change.tags[0].slug == "north-2"


def test_a_renamed_tag_keeps_its_id_and_its_old_slug_still_finds_it():
    trees = after(tree_changes.rename(TREES, "r-u-1", name="Autonomous Administration"))
    tag = trees.get("r-u-1")
    assert (tag.name, tag.slug, tag.former_slugs) == (
        "Autonomous Administration",
        "autonomous-administration",
        ("north-syria",),
    )
    assert trees.find(REGION, "north-syria") == tag
    back = after(tree_changes.rename(trees, "r-u-1", name="North Syria"), trees).get("r-u-1")
    assert (back.slug, back.former_slugs) == ("north-syria", ("autonomous-administration",))


def test_names_and_aliases_change_and_what_is_not_told_stays():
    change = tree_changes.rename(
        TREES, "r-u-1", names={"fr": "Nord de la Syrie"}, aliases=["AANES", "aanes", " ", "North Syria"]
    )
    tag = change.tags[0]
    assert (tag.name, dict(tag.names), tag.aliases) == ("North Syria", {"fr": "Nord de la Syrie"}, ("AANES",))
    assert "also name AANES" in change.summary
    assert "no longer name Rojava" in change.summary
    assert tree_changes.rename(TREES, "r-u-1", name="North Syria").tags == ()


def test_an_alias_that_is_another_tag_s_name_asks_for_a_merge():
    with pytest.raises(BadTag, match="merge"):
        tree_changes.rename(TREES, "r-u-1", aliases=["Kobani"])


def test_a_tag_may_stand_below_several_and_never_below_itself():
    trees = after(tree_changes.move(TREES, "r-u-2", ["r-u-1", "r-142"]))
    assert set(trees.lineage("r-u-2")) == {"r-u-2", "r-u-1", "r-sy", "r-142", "r-001"}
    for parents in (["r-u-2"], ["r-sy", "r-u-2"], ["r-u-1"], ["t-1"], ["r-nowhere"]):
        with pytest.raises(BadTag):
            tree_changes.move(TREES, "r-u-1", parents)


def test_a_merged_tag_leaves_its_names_its_children_and_its_addresses():
    trees = after(tree_changes.merge(TREES, "r-u-1", "r-sy"))
    kept, gone = trees.get("r-sy"), trees.get("r-u-1")
    assert (gone.retired, gone.merged_into) == (True, "r-sy")
    assert kept.aliases == ("North Syria", "Rojava")
    assert kept.names["de"] == "Nordsyrien"
    assert trees.get("r-u-2").parents == ("r-sy",)
    for text in ("r-u-1", "north-syria", "Rojava", "Nordsyrien"):
        assert trees.find(REGION, text) == kept
    assert trees.survivor("r-u-1") == kept
    assert [tag.id for tag in trees.complete(REGION, "roja", 5)] == ["r-sy"]


def test_a_tag_may_be_merged_into_one_below_it_without_closing_a_circle():
    trees = after(tree_changes.merge(TREES, "r-sy", "r-u-2"))
    assert trees.lineage("r-u-2") == ("r-u-2", "r-142", "r-001")
    assert trees.lineage("r-u-1") == ("r-u-1", "r-u-2", "r-142", "r-001")


def test_merging_twice_leads_to_the_last():
    once = after(tree_changes.merge(TREES, "r-u-2", "r-u-1"))
    twice = after(tree_changes.merge(once, "r-u-1", "r-sy"), once)
    assert twice.survivor("r-u-2").id == "r-sy"
    assert twice.find(REGION, "Kobani").id == "r-sy"
    with pytest.raises(BadTag):
        tree_changes.merge(twice, "r-u-2", "r-sy")


@pytest.mark.parametrize(("gone", "kept"), [("r-sy", "r-sy"), ("r-sy", "t-1"), ("r-sy", "r-nowhere"), ("r-no", "r-sy")])
def test_what_cannot_be_merged_is_said(gone, kept):
    with pytest.raises(BadTag):
        tree_changes.merge(TREES, gone, kept)


def test_a_retired_tag_lets_its_children_up_and_comes_back():
    trees = after(tree_changes.retire(TREES, "r-u-1"))
    assert trees.survivor("r-u-1") is None
    assert trees.get("r-u-2").parents == ("r-sy",)
    again = after(tree_changes.bring_back(trees, "r-u-1"), trees)
    assert again.survivor("r-u-1").name == "North Syria"


def test_a_child_with_other_parents_only_loses_the_retired_one():
    trees = after(tree_changes.move(TREES, "r-u-2", ["r-142", "r-u-1"]))
    assert after(tree_changes.retire(trees, "r-u-1"), trees).get("r-u-2").parents == ("r-142",)


def test_splitting_makes_the_other_tag_or_takes_one_that_is_there():
    made = Tag(id="r-u-9", kind=REGION, slug="", name="Afrin", parents=("r-u-1",))
    change = tree_changes.split(TREES, "r-u-1", made, [3, 5], "afrin")
    assert (change.tags[0].slug, change.moves) == ("afrin", (tree_changes.Move("r-u-1", "r-u-9", (3, 5)),))
    there = tree_changes.split(TREES, "r-u-1", "r-u-2", [3], "kobani")
    assert (there.tags, there.moves) == ((), (tree_changes.Move("r-u-1", "r-u-2", (3,)),))
    for into in ("r-u-1", "t-1", "r-nowhere"):
        with pytest.raises(BadTag):
            tree_changes.split(TREES, "r-u-1", into, [3], "x")


_SOME = {tag.id: tag for tag in [tag for tag in seed_tags() if tag.kind is REGION][:90]}
SEEDED = Vocabulary(
    [replace(tag, parents=tuple(each for each in tag.parents if each in _SOME)) for tag in _SOME.values()]
)
IDS = [tag.id for tag in SEEDED.all(REGION)]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(["move", "merge", "retire"]), st.sampled_from(IDS), st.sampled_from(IDS)), max_size=8
    )
)
def test_no_row_of_changes_ever_makes_a_circle_or_loses_a_tag(deeds):
    trees = SEEDED
    for deed, one, other in deeds:
        try:
            match deed:
                case "move":
                    change = tree_changes.move(trees, one, [other])
                case "merge":
                    change = tree_changes.merge(trees, one, other)
                case _:
                    change = tree_changes.retire(trees, one)
        except BadTag:
            continue
        trees = tree_changes.after(trees, change)
    assert len(trees) == len(SEEDED)
    for tag_id in IDS:
        for parent in trees.get(tag_id).parents:
            assert tag_id not in trees.lineage(parent)
        tag = trees.get(tag_id)
        if not tag.retired:
            assert all(not trees.get(parent).merged_into for parent in tag.parents)
