"""The map and the timeline: what is shaded was counted, every link asks the right query, nothing is left out."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from index import Dates, Tagged, parse, top_level, with_filter
from tests import builders
from webapp import searching
from webapp.atlas import crossing
from webapp.atlas.charting import Timeline, shade_of, shade_steps, timeline, world_map
from webapp.atlas.reaching import Reaches
from webapp.atlas.whereabouts import where_is
from webapp.filing.tagging import add_tag
from webapp.model import TagKind
from webapp.places import Place
from webapp.projection import HEIGHT, WIDTH, project
from webapp.seed import seed_tags
from webapp.tags import Tag, Vocabulary
from webapp.world import ground, grounds

ROOT = Path(__file__).resolve().parent.parent
SHAPES = (ROOT / "static" / "world.svg").read_text()
STYLE = (ROOT / "static" / "map.css").read_text()
VOCABULARY = Vocabulary(seed_tags())
SMALL = ["r-sg", "r-mt", "r-bh", "r-ps", "r-va", "r-mc", "r-nr", "r-tv", "r-mv", "r-lu", "r-gi", "r-ws"]
FRAMES = {  # west, south, east, north of each button
    "europe": (-12, 34.5, 42, 70),
    "middle-east": (24, 11, 64, 43),
    "africa": (-20, -36, 54, 38),
    "asia": (44, -12, 150, 56),
    "north-america": (-135, 14, -55, 62),
    "caribbean": (-93, 6, -58, 28),
    "south-america": (-84, -56.5, -33, 13),
    "oceania": (110, -49, 191, 20),
}


@pytest.fixture
def five(services, owner):
    """Five articles: three about Syria, one of them also about Turkey, one about Singapore, one about nothing."""
    told = [
        ("one", "2020-11-02", ["Syria"], ["armed conflict"]),
        ("two", "2020-12-27", ["Syria", "Turkey"], ["armed conflict"]),
        ("three", "2021-03-01", ["Syria"], ["education"]),
        ("four", "2021-03-09", ["Singapore"], ["education"]),
        ("five", "2021-03-11", [], []),
    ]
    for name, day, regions, topics in told:
        html = builders.page(f"Article {name}", published=f"{day}T10:00:00+00:00")
        kept = builders.put(services, html, address=f"https://quay.example/{name}")
        for region in regions:
            add_tag(services, owner, kept.article_id or 0, TagKind.REGION, region)
        for topic in topics:
            add_tag(services, owner, kept.article_id or 0, TagKind.TOPIC, topic)
    builders.jobs.run_all(services)
    return services


# ---- the shapes


def test_every_region_with_an_iso_code_is_on_the_map():
    coded = {tag.id for tag in VOCABULARY.all(TagKind.REGION) if len(tag.code) == 2}
    assert len(coded) > 240
    assert {region for region in coded if ground(region) is None} == set()


def test_every_ground_is_a_region_of_the_vocabulary_or_falls_to_one():
    assert [each.id for each in grounds() if not each.region(VOCABULARY)] == []
    assert ground("r-somaliland").region(VOCABULARY) == "r-so"
    assert ground("r-northern-cyprus").region(VOCABULARY) == "r-cy"
    assert ground("r-siachen").region(VOCABULARY) == "r-kashmir"


def test_every_ground_that_is_not_a_mark_has_its_shape_in_the_file():
    drawn = set(re.findall(r'<path id="([^"]+)"', SHAPES))
    assert drawn == {each.shape for each in grounds() if each.shape}


@pytest.mark.parametrize("region", SMALL)
def test_a_small_state_has_a_circle(region):
    assert ground(region).is_small


def test_every_ground_stands_on_the_map():
    for each in grounds():
        assert 0 <= each.x <= WIDTH, each
        assert 0 <= each.y <= HEIGHT, each


def test_crimea_is_drawn_by_itself_and_not_with_russia():
    crimea, russia = ground("r-crimea"), ground("r-ru")
    assert crimea.drawn == "claimed"
    simferopol = project(34.1, 44.95)
    assert crimea.left < simferopol[0] < crimea.right
    assert crimea.top < simferopol[1] < crimea.bottom
    assert not any(path("crimea")[0][:12] == ring[:12] for ring in path("ru"))
    assert not russia.left < ground("r-ua").left


def test_no_shape_reaches_across_the_edge_of_the_map():
    for name in re.findall(r'<path id="([^"]+)"', SHAPES):
        for ring in path(name):
            steps = [abs(int(x)) for x in re.findall(r"(-?\d+)[ -]", ring.partition("l")[2])]
            assert max(steps, default=0) < WIDTH / 4, name


def test_the_shapes_are_small_on_the_wire(client):
    answer = client.get("/static/world.svg", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert 20_000 < len(answer.data) < 60_000
    assert "max-age" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [(11.6, 0, (WIDTH / 2, 2483)), (190, 0, project(-170, 0)), (11.6, 89, (WIDTH / 2, 0))],
)
def test_the_projection_keeps_the_middle_the_turns_and_the_edge(longitude, latitude, expected):
    assert project(longitude, latitude) == pytest.approx(expected, abs=1)


def test_the_map_is_cut_in_the_bering_strait():
    assert project(-169.0, 66)[0] > WIDTH * 0.75  # Chukotka's end is in the east
    assert project(-168.0, 66)[0] < WIDTH * 0.25  # Alaska's is in the west


@pytest.mark.parametrize("frame", FRAMES)
def test_a_button_shows_its_part_of_the_world(frame):
    k, x, y = (
        float(re.search(rf"#frame-{frame}:checked\) {{.*?--{name}: (-?[\d.]+)", STYLE)[1]) for name in ("k", "x", "y")
    )
    west, south, east, north = FRAMES[frame]
    for longitude in (west, (west + east) / 2, east):
        for latitude in (south, north):
            left, top = project(longitude, latitude)
            assert -60 <= left * k + x <= WIDTH + 60
            assert -60 <= top * k + y <= HEIGHT + 60


# ---- shades and bars


@pytest.mark.parametrize(
    ("counts", "steps"),
    [
        ((), ()),
        ((0, 0), ()),
        ((1, 1, 1), (1,)),
        ((1, 1, 1, 50), (1, 50)),
        ((1, 2, 3, 9), (1, 2, 3, 9)),
        ((3, 41), (3, 40)),
        ((*range(300, 1_000, 10), 13_485), (300, 400, 500, 700, 3_000)),
    ],
)
def test_each_quarter_of_the_countries_has_a_shade_and_the_far_end_one(counts, steps):
    assert shade_steps(counts) == steps


def test_a_count_has_the_shade_of_the_step_it_reached():
    steps = shade_steps((1, 2, 3, 9, 0))
    assert [shade_of(count, steps) for count in (0, 1, 2, 3, 41)] == [0, 1, 2, 4, 5]


def test_few_articles_are_light_in_the_table_of_countries_and_topics(five, client):
    table = part(client.get("/map").text, '<section class="crossing"', "</section>")
    cells = re.findall(r'<td class="s(\d)"><a[^>]*>(\d+)</a>', table)
    assert {(int(shade), int(count)) for shade, count in cells} == {(1, 1), (2, 2)}


def test_the_legend_says_which_counts_a_shade_stands_for():
    world = world_map({"r-sy": 41, "r-tr": 3}, vocabulary=VOCABULARY, shown=parse("").node)
    assert world.legend == ((1, "3–39"), (5, "40+"))


def test_places_without_articles_come_first_and_the_rest_by_count():
    world = world_map({"r-sy": 3, "r-tr": 9, "r-kashmir": 1}, vocabulary=VOCABULARY, shown=parse("").node)
    assert [area.label for area in world.areas[-4:]] == ["Turkey", "Syria", "Kashmir", "Kashmir"]
    assert [area.is_stop for area in world.areas[-4:]] == [True, True, True, False]
    assert [area.label for area in world.listed] == ["Turkey", "Syria", "Kashmir"]
    assert world.areas[0].count == 0


def test_a_mark_without_articles_is_not_drawn():
    world = world_map({}, vocabulary=VOCABULARY, shown=parse("").node)
    assert "r-kurdistan" not in {area.region for area in world.areas}


# ---- groups


@pytest.mark.parametrize(
    ("region", "inside", "outside"),
    [
        ("r-middle-east", {"r-sy", "r-eg", "r-ir", "r-ae"}, {"r-gr", "r-af", "r-in"}),
        ("r-european-union", {"r-fr", "r-cy", "r-mt"}, {"r-gb", "r-ch", "r-xk"}),
        ("r-145", {"r-sy", "r-tr", "r-gaza-strip"}, {"r-eg", "r-ir"}),
    ],
)
def test_a_group_covers_its_members(region, inside, outside):
    reach = Reaches(VOCABULARY).of(region)
    assert inside <= set(reach.inside)
    assert not outside & set(reach.inside)
    assert reach.partly == ()


@pytest.mark.parametrize(
    ("region", "partly"),
    [
        ("r-kurdistan", {"r-tr", "r-sy", "r-iq", "r-ir"}),
        ("r-rojava", {"r-sy"}),
        ("r-scotland", {"r-gb"}),
        ("r-amazonia", {"r-br", "r-bo", "r-pe", "r-ec", "r-co", "r-ve", "r-gy", "r-sr", "r-gf"}),
        ("r-sy", set()),
        ("r-001", set()),
        ("r-nowhere", set()),
    ],
)
def test_what_covers_parts_of_countries_says_of_which(region, partly):
    assert set(Reaches(VOCABULARY).of(region).partly) == partly


def test_whatever_lies_across_countries_and_these_are_in_the_vocabulary():
    lines = (ROOT / "webapp" / "data" / "across.tsv").read_text().splitlines()[1:]
    named = {name for line in lines for name in line.replace("\t", " ").split()}
    assert {name for name in named if name not in VOCABULARY} == set()
    drawn = {each.id for each in grounds() if each.shape}
    assert {name for line in lines for name in line.split("\t")[1].split()} <= drawn


def test_a_chosen_group_is_outlined_and_a_chosen_country_only_darkens_its_own():
    world = world_map({"r-sy": 3, "r-middle-east": 4}, vocabulary=VOCABULARY, shown=parse("region:middle-east").node)
    assert {"r-sy", "r-eg"} <= {area.region for area in world.inside}
    assert (world.partly, world.outlined) == ((), ("Middle East",))
    assert set(world.reach["syria"].inside) == {"r-sy"}
    assert "r-tr" in world.reach["middle-east"].inside
    syria = world_map({"r-sy": 3}, vocabulary=VOCABULARY, shown=parse("region:syria").node)
    assert (syria.inside, syria.outlined) == ((), ())
    kurds = world_map({}, vocabulary=VOCABULARY, shown=parse("region:kurdistan").node)
    assert {area.region for area in kurds.partly} == {"r-tr", "r-sy", "r-iq", "r-ir"}


def test_the_page_outlines_the_members_of_a_chosen_group(five, client):
    page = client.get("/?q=region:middle-east").text
    chosen = part(page, '<g class="reach chosen">', '<g class="reach hovered">')
    assert '<use href="/static/world.svg#sy"/>' in chosen
    assert '<use href="/static/world.svg#fr"/>' not in chosen
    assert "</svg>Middle East</li>" in page
    assert re.search(r'data-inside="[^"]*\bsy\b[^"]*"[^>]*><bdi>Asia<', page)
    assert "world.svg" not in part(client.get("/").text, '<g class="reach chosen">', '<g class="reach hovered">')


@pytest.mark.parametrize(
    "query", ["", "ceasefire OR truce", "region:syria date:2020", '"a b"~3 -topic:sport', "(a b) OR c"]
)
def test_every_link_of_the_map_asks_the_query_and_its_region(query):
    shown = parse(query).node
    world = world_map({"r-sy": 2, "r-tr": 1}, vocabulary=VOCABULARY, shown=shown)
    for area in world.areas:
        slug = VOCABULARY.get(area.region).slug
        asked = parse(area.query)
        assert not asked.problems
        if area.chosen:
            assert Tagged("region", slug) not in top_level(asked.node)
        else:
            assert asked.node == with_filter(shown, Tagged("region", slug)), area


def test_a_merged_region_is_shown_as_what_it_was_merged_into():
    tags = [tag for tag in seed_tags() if tag.id != "r-xk"]
    gone = Tag("r-xk", TagKind.REGION, "kosovo", "Kosovo", code="XK", retired=True, merged_into="r-rs")
    world = world_map({"r-rs": 4}, vocabulary=Vocabulary([*tags, gone]), shown=parse("").node)
    kosovo = next(area for area in world.areas if area.ground.id == "r-xk")
    assert (kosovo.region, kosovo.count) == ("r-rs", 4)


def test_months_are_drawn_with_the_empty_ones_between():
    line = timeline((("2021-02", 3), ("2020-11", 1), ("", 2)), shown=parse("").node)
    assert [(period.label, period.count) for period in line.periods] == [
        ("Nov 2020", 1),
        ("Dec 2020", 0),
        ("Jan 2021", 0),
        ("Feb 2021", 3),
    ]
    assert (line.unit, line.undated, line.most) == ("month", 2, 3)


@pytest.mark.parametrize(
    ("first", "unit", "bars"),
    [("2012-01", "month", 108), ("1990-05", "year", 31), ("1700-01", "decade", 33), ("0104-02", "century", 20)],
)
def test_a_long_span_is_drawn_in_longer_periods(first, unit, bars):
    line = timeline(((first, 1), ("2020-12", 1)), shown=parse("").node)
    assert (line.unit, len(line.periods)) == (unit, bars)
    assert sum(period.count for period in line.periods) == 2
    assert 1 <= len(line.labels) <= 8


def test_a_bar_writes_its_dates_into_the_query_and_out_again():
    line = timeline((("2020-12", 1), ("2021-02", 1)), shown=parse("truce date:2019").node)
    assert line.rest == "truce"
    assert line.span == "2019"
    line = timeline((("2020-12", 1),), shown=parse("truce date:2020-12").node)
    assert line.periods[0].chosen
    assert line.periods[0].query == "truce"
    line = timeline((("2020-12", 1), ("2021-02", 1)), shown=parse("truce").node)
    december = line.periods[0]
    assert top_level(parse(december.query).node)[-1] == Dates("published", date(2020, 12, 1), date(2021, 1, 1))


def test_the_span_that_was_asked_for_is_drawn_whole():
    line = timeline((("2020-06", 1),), shown=parse("date:2020").node)
    assert [line.periods[0].first, line.periods[-1].first] == ["2020-01", "2020-12"]


@pytest.mark.parametrize(
    "query", ["before:2021", "after:2020-06", "date:0001", "date:9999", "date:2020-12-27", "before:0001"]
)
def test_no_dates_break_the_timeline(query):
    for months in ((), (("2020-12", 1),), (("0001-01", 1), ("9999-12", 1))):
        assert isinstance(timeline(months, shown=parse(query).node), Timeline)


# ---- in the app


def test_list_facets_map_and_timeline_come_from_one_call(five, owner, monkeypatch):
    calls = []
    engine = five.index()
    real = engine.search
    monkeypatch.setattr(engine, "search", lambda *args, **more: calls.append(more) or real(*args, **more))
    found = searching.find(five, owner, "is:unread")
    assert len(calls) == 1
    assert found.total == 5
    listed = {area.region: area.count for area in found.world.listed}
    assert listed == {"r-sy": 3, "r-tr": 1, "r-sg": 1}
    assert {period.first: period.count for period in found.timeline.periods} == {
        "2020-11": 1, "2020-12": 1, "2021-01": 0, "2021-02": 0, "2021-03": 3,
    }  # fmt: skip
    assert {year.label: year.count for year in found.years} == {"2020": 2, "2021": 3}


def test_the_map_and_its_table_hold_the_same_links(five, client):
    svg = part(client.get("/?q=article").text, '<svg class="map"', "</svg>")
    table = part(client.get("/map/tables?q=article").text, 'id="map-table"', "</table>")
    shaded = re.findall(r'<a class="s[1-5]" href="([^"]+)"[^>]*><title>([^:<]+): (\d+) article', svg)
    rows = re.findall(r'<a href="([^"]+)"[^>]*><bdi>([^<]+)</bdi></a></th><td>(\d+)</td>', table)
    assert sorted(shaded) == sorted(rows)
    assert ("/?q=article+region:syria", "Syria", "3") in rows
    assert svg.count("<a ") > 240


def test_the_timeline_and_its_table_hold_the_same_links(five, client):
    svg = part(client.get("/").text, '<svg class="bars"', "</svg>")
    table = part(client.get("/map/tables").text, 'id="timeline-table"', "</table>")
    assert table in client.get("/map").text
    bars = re.findall(r'<a href="([^"]+)" data-first="[^"]+" data-last="[^"]+" data-count="(\d+)"', svg)
    rows = re.findall(r'<a href="([^"]+)">[^<]+</a></th><td>(\d+)</td>', table)
    assert bars == rows
    assert len(rows) == 3
    assert "style=" not in svg


def test_a_country_of_the_map_narrows_and_is_taken_out_again(five, client):
    link = next(unescape(each) for each in re.findall(r'<a class="s5" href="([^"]+)"', client.get("/").text))
    assert link == "/?q=region:syria"
    narrowed = client.get(link).text
    assert "<b>3 articles</b>" in narrowed
    chosen = re.search(r'<a class="s\d" href="([^"]+)" aria-current="true"><title>Syria', narrowed)
    assert chosen[1] == "/"


def test_an_empty_country_is_a_link_too_but_no_stop_for_the_keyboard(five, client):
    assert re.search(
        r'<a class="s0" href="/\?q=region:chad" tabindex="-1"><title>Chad: 0 articles', client.get("/").text
    )


def test_a_folded_map_stays_folded(five, client):
    assert '<details class="fold" id="map-fold" open>' in client.get("/").text
    client.set_cookie("dateline-map", "folded")
    assert '<details class="fold" id="map-fold">' in client.get("/").text


def test_without_an_index_there_is_no_map_to_be_wrong(five, client, monkeypatch):
    monkeypatch.setattr(type(five), "index", lambda self: None)
    assert 'class="map"' not in client.get("/").text


def test_countries_and_topics_cross_in_cells_that_lead_to_their_articles(five, owner, client):
    table = crossing.cross(five, owner, "article", rows="countries")
    cells = {
        (row.tag.name, column.tag.name): (cell.count, cell.query)
        for row, line in table.lines
        for column, cell in zip(table.columns, line, strict=True)
    }
    count, query = cells["Syria", "conflict, war and peace"]
    assert count == 2
    assert query == "article region:syria topic:conflict-war-and-peace"
    for count, query in cells.values():
        assert searching.find(five, owner, query).total == count
    text = client.get("/map?q=article").text
    assert "/?q=article+region:syria+topic:conflict-war-and-peace" in text
    assert "Western Asia" in client.get("/map?rows=regions").text


def test_the_table_of_one_topic_has_what_is_below_it_for_columns(five, owner):
    table = crossing.cross(five, owner, "topic:conflict-war-and-peace", rows="countries")
    assert [column.tag.slug for column in table.columns] == ["armed-conflict"]


@pytest.mark.parametrize("address", ["/map", "/map?q=nothingatall", "/map?rows=x", "/map?q=%22((", "/map?q=date:2020"])
def test_the_map_page_answers_whatever_is_asked(five, client, address):
    assert client.get(address).status_code == 200


# ---- where one place is


def test_a_window_shows_a_country_among_its_neighbours():
    window = where_is("r-sy", vocabulary=VOCABULARY)
    assert [each.id for each in window.here] == ["r-sy"]
    assert {"r-tr", "r-iq", "r-jo", "r-lb"} <= {each.id for each in window.around}
    left, top, width, height = map(int, window.box.split())
    syria = ground("r-sy")
    assert left < syria.left < syria.right < left + width
    assert top < syria.top < syria.bottom < top + height


def test_a_group_is_shown_by_what_is_in_it_and_a_part_by_what_it_lies_in():
    assert {"r-be", "r-nl", "r-lu"} == {each.id for each in where_is("r-benelux", vocabulary=VOCABULARY).here}
    scotland = where_is("r-scotland", vocabulary=VOCABULARY)
    assert ([each.id for each in scotland.here], scotland.is_within) == (["r-gb"], True)


def test_a_place_of_the_gazetteer_is_a_dot_inside_its_country():
    ain_issa = Place(tag_id="r-gn-1", name="Ain Issa", parents=("r-sy",), latitude=36.39, longitude=38.86)
    window = where_is("r-gn-1", vocabulary=VOCABULARY, place=ain_issa)
    syria = ground("r-sy")
    assert syria.left < window.dot[0] < syria.right
    assert syria.top < window.dot[1] < syria.bottom
    assert [each.id for each in window.here] == ["r-sy"]


def test_every_region_has_a_window_and_an_unknown_one_has_none():
    without = [tag.id for tag in VOCABULARY.all(TagKind.REGION) if where_is(tag.id, vocabulary=VOCABULARY) is None]
    assert without == ["r-arctic"]  # it has no members, and lies in nothing but the world
    assert where_is("r-nowhere", vocabulary=VOCABULARY) is None


def part(text: str, start: str, end: str) -> str:
    return text[(begin := text.index(start)) : text.index(end, begin)]


def path(name: str) -> list[str]:
    """The rings of a shape."""
    return re.findall(r"M[^z]+z", re.search(rf'<path id="{name}"[^>]* d="([^"]+)"', SHAPES)[1])
