"""Words of many languages: what is found by what, and that every token knows where it stands."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Fuzzy, Node, Phrase, Prefix, Term
from index.analysis import STEM, length_of, stemmers_of, tokens
from index.folding import fold
from index.near import near_enough
from index.snippets import marked_snippet, marks_of
from index.wanted import Way, occurrences, wanted_of


def finds(node: Node | str, text: str, language: str = "en", reader: tuple[str, ...] = ("en",)) -> bool:
    """Whether a text of `language` answers, in an archive with `reader` languages."""
    wanted = wanted_of(Term(node) if isinstance(node, str) else node, stemmers_of((language, *reader)))
    return bool(marks_of(text, "body", language, [wanted]))


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        # English
        ("running", "They run every day.", "en"),
        ("run", "The running costs", "en"),
        ("ministers", "the minister's office", "en"),
        ("ministries", "a ministry", "en"),
        ("employer", "EMPLOYERS said", "en"),
        ("CEASEFIRE", "ceasefire", "en"),
        ("U.S.", "the US army", "en"),
        ("US", "in the U.S. today", "en"),
        ("USA", "U.S.A", "en"),
        ("5G", "a 5g network", "en"),
        ("C++", "written in C++.", "en"),
        ("c#", "C# and F#", "en"),
        ("email", "an e-mail", "en"),
        ("e-mail", "an email", "en"),
        ("e-mail", "an e mail", "en"),
        ("Turkish-backed", "Turkish backed rebels", "en"),
        ("backed", "Turkish-backed rebels", "en"),
        ("cooperate", "they co-operate", "en"),
        ("jane@example.com", "Write to jane@example.com, please", "en"),
        ("example.com", "Write to jane@example.com, please", "en"),
        ("O'Brien", "O’Brien said", "en"),
        ("obrien", "O'Brien said", "en"),
        ("don't", "don’t", "en"),
        ("Syria", "Syria’s war", "en"),
        ("1000", "1,000 people", "en"),
        ("1,000", "1000 people", "en"),
        ("AT&T", "AT&T said", "en"),
        ("#Syria", "about syria", "en"),
        # accents and kinds of letters
        ("cafe", "le café", "fr"),
        ("café", "the cafe", "en"),
        ("strasse", "die Straße", "de"),
        ("Erdogan", "Erdoğan", "tr"),
        ("Istanbul", "İSTANBUL", "tr"),
        ("Lodz", "Łódź", "pl"),
        ("fine", "a ﬁne day", "en"),
        ("abc", "ＡＢＣ", "en"),
        ("einfach", "ein\u00adfach", "de"),
        ("naïve", unicodedata.normalize("NFD", "naïve"), "en"),
        ("Αθήνα", "ΑΘΗΝΑ", "el"),
        # French, Italian, German
        ("homme", "l’homme", "fr"),
        ("nations", "la nation", "fr"),
        ("opera", "dell'opera", "it"),
        ("Kinder", "das Kind", "de"),
        # Russian
        ("выборы", "на выборах", "ru"),
        ("правительство", "правительства", "ru"),
        ("елка", "ёлки", "ru"),
        ("Сирия", "в Сирии", "ru"),
        # Hebrew
        ("ממשלה", "הממשלה החליטה", "he"),
        ("הממשלה", "ממשלה חדשה", "he"),
        ("ישראל", "בישראל", "he"),
        ("ירושלים", "ומירושלים", "he"),
        ("בראשית", "בְּרֵאשִׁית", "he"),
        ('צה"ל', "צה״ל", "he"),
        ("צהל", 'חיילי צה"ל', "he"),
        ("ספר", "בית־ספר", "he"),
        ("צ'ק", "צ׳ק", "he"),
        # Arabic
        ("حكومة", "الحكومة", "ar"),
        ("محمد", "مُحَمَّد", "ar"),
        ("احمد", "أحمد", "ar"),
        ("مدرسه", "مدرسة", "ar"),
        ("صورة", "صـــورة", "ar"),
        ("2020", "عام ٢٠٢٠", "ar"),
        # scripts without blanks
        ("经济", "中国经济增长", "zh"),
        ("国", "中国", "zh"),
        ("東京", "東京都知事", "ja"),
        ("ソウル", "韓国ソウル市", "ja"),
        ("2020年", "2020年の", "ja"),
        ("대한", "대한민국", "ko"),
        ("กรุงเทพ", "ในกรุงเทพมหานคร", "th"),
        ("ガス", "ｶﾞｽ", "ja"),
        # Devanagari keeps its vowels
        ("हिन्दी", "हिन्दी भाषा", "hi"),
    ],
)
def test_this_finds_that(query: str, text: str, language: str) -> None:
    assert finds(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("universe", "a university", "fr"),
        ("new", "the news", "en"),
        ("run", "a rune", "en"),
        ("us", "a u s e", "en"),
        ("C", "C++", "en"),
        ("5", "5G", "en"),
        ("mail", "gmail", "en"),
        ("Turkish-backed", "backed by Turkish", "en"),
        ("国中", "中国", "zh"),
        ("京阪", "東京大阪", "ja"),
        ("ילד", "ילדה", "he"),
        ("й", "и", "ru"),
        ("दिन", "दान", "hi"),
        ("10", "1,000", "en"),
    ],
)
def test_this_does_not_find_that(query: str, text: str, language: str) -> None:
    assert not finds(query, text, language)


@pytest.mark.parametrize(
    ("node", "text", "answer"),
    [
        (Phrase("foot and mouth"), "Foot and mouth disease", True),
        (Phrase("mouth and foot"), "foot and mouth disease", False),
        (Phrase("running"), "they run", False),
        (Phrase("Running"), "running", True),
        (Phrase("state owned"), "a state-owned bank", True),
        (Phrase("中国 增长"), "中国增长", True),
        (Phrase("国增"), "中国增长", True),
        (Phrase("minister resigned", 3), "The ministers, it was said, resign", True),
        (Phrase("minister resigned", 2), "The ministers, it was said, resign", False),
        (Phrase("resigned minister", 1), "the minister resigned", True),
        (Prefix("govern"), "the Governor", True),
        (Prefix("govérn"), "GOVERNMENT", True),
        (Prefix("govern"), "misgovern", False),
        (Prefix("state-ow"), "state-owned", True),
        (Fuzzy("goverment"), "the government", True),
        (Fuzzy("Zelenskiy"), "Zelensky", True),
        (Fuzzy("form", 1), "from", True),
        (Fuzzy("us"), "as", False),
        (Fuzzy("Kyiv"), "Kiev", False),
        (Fuzzy("Kyiv", 2), "Kiev", True),
    ],
)
def test_phrases_prefixes_and_misspellings(node: Node, text: str, answer: bool) -> None:
    assert finds(node, text) is answer


def test_a_word_counts_by_the_language_of_its_article() -> None:
    assert finds("chevaux", "les chevaux", "fr", ())
    assert not finds("nationales", "un nation", "en", ())
    assert finds("Häuser", "das Haus", "de", ("en",)) is finds("Hauser", "das Haus", "de", ("en",))


TEXT = st.text(max_size=200) | st.lists(
    st.sampled_from(
        [*"aZéß1,.'’-\"״׳אבגéんタ中国กำ한ع\u064bё\u0301\u00ad\u200f_@#+& \n", "U.S.", "l'homme", "e-mail", "C++"]
    ),
    max_size=60,
).map("".join)


@given(TEXT, st.sampled_from(["en", "fr", "he", "ja", "und"]))
def test_every_token_stands_where_it_says(text: str, language: str) -> None:
    last = 0
    for token in tokens(text, language):
        assert 0 <= token.start < token.end <= len(text)
        assert token.position in (last, last + 1)
        assert all(term and " " not in term for term in token.terms)
        assert text[token.start : token.end].strip()
        last = token.position


@given(TEXT)
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    for token in tokens(text, "en"):
        word = text[token.start : token.end]
        if token.terms[0].startswith(STEM) or unicodedata.combining(word[0]) or not word[0].isalnum():
            continue  # parts joined; a mark of a run
        assert finds(Term(word), text), word


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(st.text(max_size=20))
def test_composed_and_decomposed_letters_are_the_same(word: str) -> None:
    assert fold(unicodedata.normalize("NFD", word)) == fold(unicodedata.normalize("NFC", word))


def slips(a: str, b: str) -> int:
    """Optimal string alignment, as in the textbook."""
    rows = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 3))
def test_slips_are_counted_as_in_the_textbook(a: str, b: str, most: int) -> None:
    right = slips(a, b)
    assert near_enough(a, b, most) == (right if right <= most else -1)


PLACES = st.lists(st.sets(st.integers(0, 12)), min_size=2, max_size=4)


@given(PLACES, st.integers(0, 4))
def test_a_sloppy_phrase_is_a_stretch_that_holds_every_word(places: list[set[int]], slop: int) -> None:
    way = wanted_of(Phrase(" ".join("abcd"[: len(places)]), slop + 1), ("english",)).ways[0]
    stretch = len(places) + slop + 1
    right = [
        start
        for start in range(13)
        if any(start in row for row in places)
        and all(any(start <= place < start + stretch for place in row) for row in places)
    ]
    assert occurrences(way, places) == right


@given(PLACES)
def test_an_exact_phrase_is_one_word_behind_the_other(places: list[set[int]]) -> None:
    way: Way = wanted_of(Phrase(" ".join("abcd"[: len(places)])), ("english",)).ways[0]
    right = [start for start in range(13) if all(start + step in row for step, row in enumerate(places))]
    assert occurrences(way, places) == right


def test_positions_go_on_over_parts_and_runs() -> None:
    found = list(tokens("e-mail 中国 x", "en"))
    assert [(token.terms[0], token.position) for token in found] == [
        ("e", 0), ("~email", 0), ("mail", 1), ("中", 2), ("中国", 2), ("国", 3), ("x", 4),
    ]  # fmt: skip
    assert length_of(found) == 5


def snippet(text: str, *nodes: Node) -> str:
    wanted = [wanted_of(node, ("english",)) for node in nodes]
    pieces = marked_snippet([("body", text)], "en", wanted, otherwise=text)
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


def test_a_snippet_marks_the_words_as_they_stand() -> None:
    assert snippet("The Ministers’ U.S. visit,\n  cancelled.", Term("minister"), Term("us")) == (
        "The [Ministers]’ [U.S.] visit, cancelled."
    )
    assert snippet("中国经济增长", Term("经济")) == "中国[经济]增长"
    assert snippet("a b, b a b", Phrase("a b")) == "[a] [b], b [a] [b]"


def test_a_snippet_shows_where_the_words_are_closest() -> None:
    far = (
        "Alpha stands alone here. "
        + "Nothing of note happens in between. " * 20
        + "Here alpha meets beta. "
        + "End. " * 90
    )
    shown = snippet(far, Term("alpha"), Term("beta"))
    assert "Here [alpha] meets [beta]." in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 300


def test_without_a_mark_the_beginning_is_shown() -> None:
    assert snippet("First words. " * 50, Term("absent")).startswith("First words. First")
    assert snippet("", Term("absent")) == ""


@given(TEXT, st.integers(0, 3))
def test_a_snippet_is_a_stretch_of_the_text(text: str, word: int) -> None:
    found = [token for token in tokens(text, "en") if not token.terms[0].startswith(STEM)]
    nodes = [Term(text[token.start : token.end]) for token in found[word : word + 2]]
    shown = marked_snippet([("body", text)], "en", [wanted_of(node, ("english",)) for node in nodes], otherwise=text)
    plain = "".join(piece.text for piece in shown).strip("…").strip()
    assert plain in " ".join(text.split()) or plain in " ".join(text.replace("…", "").split())
    assert not nodes or any(piece.marked for piece in shown)


@pytest.mark.parametrize("unit", ["a'", "a.", "1,", "a\u0301", "a-", 'א"', "a.b", "1.1a", "中", "ＡＢ'", "\u0301"])
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    started = time.process_time()
    list(tokens(unit * 50_000, "en"))
    assert time.process_time() - started < 2  # about 0.1 on the machine of the evidence
