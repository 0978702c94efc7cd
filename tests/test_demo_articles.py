"""The sample articles: whole pages with metadata, many languages, every continent, pictures that decode."""

import io
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from PIL import Image

from webapp.demo import demo_clips, demo_states, demo_tags
from webapp.demo.page import read_sources
from webapp.demo.scenes import SCENES, draw
from webapp.extract import extract
from webapp.model import CameBy, ReadingState, TagKind
from webapp.seed import seed_tags
from webapp.tags import Vocabulary

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CLIPS = demo_clips(NOW)
LANGUAGES = {"en", "he", "ar", "de", "fr", "es", "ru", "ja"}
# Letters by which a page's language shows without guessing: its script, or letters that few others have.
SIGNS = {"he": "[א-ת]", "ar": "[ء-ي]", "ru": "[а-я]", "ja": "[ぁ-ん]", "de": "[äöüß]", "fr": "[éèàç]", "es": "[ñóíá]"}


class Words(HTMLParser):
    """The text of the element <article>, and the elements in it."""

    def __init__(self, page):
        super().__init__()
        self.inside, self.text, self.elements = False, "", Counter()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.inside = self.inside or tag == "article"
        self.elements[tag] += self.inside

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "article"

    def handle_data(self, data):
        self.text += data if self.inside else ""


def json_ld(clip):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', clip.page, re.DOTALL)[1])


def one_each():
    return pytest.mark.parametrize("clip", CLIPS, ids=[clip.clip_id for clip in CLIPS])


def test_there_are_26_articles_and_one_of_them_was_clipped_twice():
    addresses = Counter(clip.address for clip in CLIPS)
    assert len(addresses) == 26
    assert sorted(addresses.values())[-2:] == [1, 2]


@one_each()
def test_a_sample_is_a_whole_page_with_metadata(clip):
    facts = json_ld(clip)
    assert clip.is_html
    assert clip.came_by is CameBy.DEMO
    assert clip.raw.decode() == clip.page
    assert clip.title == facts["headline"]
    assert f"<h1>{clip.title}</h1>".replace("'", "&#x27;") in clip.page
    assert facts["author"][0]["name"]
    assert facts["publisher"]["name"]
    assert "$" not in clip.page


@one_each()
def test_a_sample_comes_from_a_reserved_host_and_says_that_it_is_invented(clip):
    assert urlsplit(clip.address).hostname.endswith(".example")
    assert "invented" in clip.page.partition("<footer>")[2]


@one_each()
def test_a_sample_was_published_before_it_was_clipped_and_clipped_within_a_month(clip):
    facts = json_ld(clip)
    assert NOW - timedelta(days=30) <= clip.clipped_at < NOW
    assert datetime.fromisoformat(facts["datePublished"]) <= datetime.fromisoformat(facts["dateModified"])
    assert datetime.fromisoformat(facts["dateModified"]) < clip.clipped_at


@one_each()
def test_a_sample_has_at_least_120_words_of_its_language(clip):
    language, text = json_ld(clip)["inLanguage"], Words(clip.page).text
    words = len(text) / 2.5 if language == "ja" else len(text.split())  # Japanese has no blanks between words
    assert 120 <= words <= 450
    found = [name for name, sign in SIGNS.items() if len(re.findall(sign, text)) > 12]
    assert found == ([language] if language != "en" else [])
    assert f'<html lang="{language}" dir="{"rtl" if language in ("he", "ar") else "ltr"}">' in clip.page


@one_each()
def test_the_extractor_finds_what_a_sample_says_of_itself(clip):
    facts, draft = json_ld(clip), extract(clip.page, clip.address, is_html=True, title=clip.title)
    assert draft.title == facts["headline"]
    assert draft.standfirst == facts["description"]
    assert list(draft.authors) == [author["name"] for author in facts["author"]]
    assert draft.published_on.isoformat() == facts["datePublished"][:10]
    assert draft.site == facts["publisher"]["name"]
    assert draft.language == facts["inLanguage"]
    assert [image.address for image in draft.images] == facts["image"]
    assert "invented" not in draft.body_text


@one_each()
def test_every_picture_of_a_sample_comes_with_it_and_decodes(clip):
    addresses = re.findall(r'<img src="([^"]+)"', clip.page)
    assert [part.address for part in clip.resources] == addresses
    assert Words(clip.page).elements["figcaption"] == len(addresses)
    for part in clip.resources:
        with Image.open(io.BytesIO(part.content)) as picture:
            picture.load()
            assert (picture.format, picture.size) == ("JPEG", (1200, 800))
            assert part.media_type == "image/jpeg"


def test_the_samples_are_in_eight_languages_and_from_eight_years():
    facts = [json_ld(clip) for clip in CLIPS]
    assert {fact["inLanguage"] for fact in facts} == LANGUAGES
    assert {fact["datePublished"][:4] for fact in facts} == {str(year) for year in range(2019, 2027)}


def test_the_samples_hold_what_articles_hold():
    elements = sum((Words(clip.page).elements for clip in CLIPS), Counter())
    for name in ("figure", "figcaption", "table", "caption", "ul", "ol", "blockquote", "pre", "h2", "strong", "em"):
        assert elements[name], name


def test_most_samples_have_a_picture_and_no_two_articles_share_one():
    shown = {clip.address: [part.content for part in clip.resources] for clip in CLIPS}
    pictures = [content for contents in shown.values() for content in contents]
    assert len(pictures) >= 20
    assert len(set(pictures)) == len(pictures)


def test_the_same_scene_is_drawn_the_same_twice():
    name = min(SCENES)
    assert draw(name) == draw(name)


def test_every_scene_is_shown_and_every_shown_scene_exists():
    assert {name for source in read_sources() for name in source.pictures} == set(SCENES)


def test_the_tags_of_every_article_are_in_the_vocabulary_with_a_region_first():
    vocabulary = Vocabulary(seed_tags())
    first_clips = {clip.address: clip.clip_id for clip in reversed(CLIPS)}
    assert set(demo_tags()) == set(first_clips.values())
    for tag_ids in demo_tags().values():
        kinds = [vocabulary.get(tag_id).kind for tag_id in tag_ids]
        assert kinds[0] is TagKind.REGION
        assert TagKind.TOPIC in kinds
        assert len(set(tag_ids)) == len(tag_ids)


def test_the_samples_reach_every_continent_and_most_top_level_topics():
    vocabulary = Vocabulary(seed_tags())
    above = {
        further for tag_ids in demo_tags().values() for tag_id in tag_ids for further in vocabulary.lineage(tag_id)
    }
    assert above >= {"r-002", "r-019", "r-142", "r-150", "r-009", "r-aq", "r-middle-east"}
    topics = [tag for tag in vocabulary.roots(TagKind.TOPIC) if tag.id in above]
    assert len(topics) >= 14


def test_clip_ids_are_the_same_on_every_call_and_fit_the_rules():
    again = demo_clips(NOW + timedelta(days=400))
    assert [clip.clip_id for clip in again] == [clip.clip_id for clip in CLIPS]
    assert all(re.fullmatch(r"demo-[a-z0-9-]{3,59}", clip.clip_id) for clip in CLIPS)


def test_states_are_of_the_same_clips_and_of_every_kind():
    states = demo_states()
    assert set(states) == set(demo_tags())
    assert {state.reading for state in states.values()} == set(ReadingState)
    assert {state.starred for state in states.values()} == {True, False}


def test_the_second_version_says_something_else():
    twice = [clip for clip in CLIPS if [other.address for other in CLIPS].count(clip.address) == 2]
    earlier, later = (Words(clip.page).text for clip in twice)
    assert earlier != later
    assert "Twelve are still below" in earlier
    assert "Twelve are still below" not in later
