"""What changed between two versions: paragraphs, words, figures, notices, in every script and in bounded time."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.versions import Difference, Paragraph, ParagraphKind, RunKind, Wording, compare, summary_of
from webapp.versions.align import Budget, align
from webapp.versions.figures import is_figure
from webapp.versions.notices import is_notice
from webapp.versions.words import compared, tokens_of

ONE = "The council voted on Monday to rebuild the eastern breakwater, which two winter storms had broken open."
TWO = "Fishermen who lost their boats in January will be paid from a fund that the ministry set up last spring."
THREE = "Work begins after the summer and should take three years, said the engineer in charge of the harbour."
FOUR = "A levy on cargo will pay for it, and it will be looked at again every second year by a committee."


def changes(old: str, new: str) -> Difference:
    return compare(Wording(body=old), Wording(body=new))


def kinds(difference: Difference) -> list[str]:
    return [paragraph.kind.value for paragraph in difference.paragraphs]


def marked(old: str, new: str) -> str:
    """The words of one paragraph, what went in [-brackets-], what came in {+braces+}."""
    marks = {RunKind.SAME: "{}", RunKind.OLD: "[-{}-]", RunKind.NEW: "{{+{}+}}"}
    return "".join(marks[run.kind].format(run.text) for run in compared(old, new, Budget()))


def test_nothing_is_different_between_a_text_and_itself() -> None:
    difference = compare(Wording(title="A", body=f"{ONE}\n{TWO}"), Wording(title="A", body=f"{ONE}\n\n {TWO} "))
    assert difference.is_empty
    assert kinds(difference) == ["same", "same"]
    assert summary_of(difference) == "Nothing changed: not a word is different."


def test_paragraphs_that_came_and_went_are_told_where_they_stand() -> None:
    difference = changes("\n".join([ONE, TWO, THREE]), "\n".join([ONE, THREE, FOUR]))
    assert kinds(difference) == ["same", "removed", "same", "added"]
    assert summary_of(difference) == "1 paragraph added, 1 removed."


def test_a_changed_paragraph_is_compared_word_by_word() -> None:
    difference = changes(f"{ONE}\n{TWO}", f"{ONE}\n{TWO.replace('last spring', 'in April')}")
    assert kinds(difference) == ["same", "changed"]
    runs = difference.paragraphs[1].runs
    assert [(run.kind.value, run.text) for run in runs[1:]] == [
        ("old", "last spring"),
        ("new", "in April"),
        ("same", "."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("He said no.", "He said yes.", "He said [-no-]{+yes+}."),
        ("It is a well-known don't.", "It is a little-known don't.", "It is a [-well-known -]{+little-known +}don't."),
        ("On the ridge since May, it stands.", "On the ridge, it stands.", "On the ridge[- since May-], it stands."),
        ("One and two.", "One, and two.", "One{+, +}and two."),
        ('ירושלים, אמר צה"ל, שקטה.', 'ירושלים, אמרה צה"ל, שקטה.', 'ירושלים, [-אמר -]{+אמרה +}צה"ל, שקטה.'),
        ("قال الوزير إن المدينة هادئة", "قال الوزير إن القرية هادئة", "قال الوزير إن [-المدينة -]{+القرية +}هادئة"),
        ("政府は月曜日に発表した。", "政府は火曜日に発表した。", "政府は[-月-]{+火+}曜日に発表した。"),
        ("กรุงเทพวันนี้", "กรุงเทพวันนั้น", "กรุงเทพวัน[-นี้-]{+นั้น+}"),
        ("Café au lait", "Cafe\u0301 au lait", "[-Café -]{+Cafe\u0301 +}au lait"),
    ],
)
def test_words_are_told_apart_in_every_script(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


def test_a_paragraph_that_moved_is_known_again_and_says_which_way() -> None:
    down = changes("\n".join([ONE, TWO, THREE, FOUR]), "\n".join([TWO, THREE, FOUR, ONE]))
    assert kinds(down) == ["left", "same", "same", "same", "moved"]
    assert not down.paragraphs[-1].moved_up
    assert down.paragraphs[0].new_number == 4
    up = changes("\n".join([ONE, TWO, THREE, FOUR]), "\n".join([FOUR, ONE, TWO, THREE]))
    assert kinds(up) == ["moved", "same", "same", "same", "left"]
    assert up.paragraphs[0].moved_up
    assert summary_of(up) == "1 paragraph moved."


def test_a_paragraph_that_moved_and_changed_is_known_too() -> None:
    difference = changes(
        "\n".join([ONE, TWO, THREE, FOUR]), "\n".join([TWO, THREE, FOUR, ONE.replace("Monday", "Friday")])
    )
    assert kinds(difference) == ["left", "same", "same", "same", "moved"]
    assert [run.text for run in difference.paragraphs[-1].runs if run.kind is RunKind.NEW] == ["Friday "]


def test_a_short_line_that_comes_up_elsewhere_is_no_paragraph_that_moved() -> None:
    difference = changes(f"More\n{ONE}\n{TWO}", f"{ONE}\n{TWO}\nMore")
    assert sorted(kinds(difference)) == ["added", "removed", "same", "same"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("At least 12 people died.", "At least 17 people died.", [("12", "17")]),
        (
            "Twelve people died and 30 were hurt.",
            "Seventeen people died and 45 were hurt.",
            [("Twelve", "Seventeen"), ("30", "45")],
        ),
        ("It cost $2.4 million in all.", "It cost $3.1 million in all.", [("$2.4", "$3.1")]),
        ("Some 8 % of them.", "Some 9 % of them.", [("8 %", "9 %")]),
        ("Some 1,200 came.", "Some 1 200 came.", []),
        ("قُتل ١٢ شخصا", "قُتل ١٧ شخصا", [("١٢", "١٧")]),
        ("قُتل ١٢ شخصا", "قُتل 12 شخصا", []),
        ("死者は12人。", "死者は17人。", [("12", "17")]),
        ("He came on Monday.", "She came on Friday.", []),
        ("Погибли 12 человек.", "Погибли семнадцать человек.", []),
    ],
)
def test_figures_that_changed_are_pointed_out(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert [(figure.old, figure.new) for figure in changes(old, new).figures] == expected


@pytest.mark.parametrize("word", ["7", "1,200", "١٢", "७", "twenty-five", "Hundreds", "zwölf", "百", "5G"])
def test_what_counts_as_a_figure(word: str) -> None:
    assert is_figure(word)


@pytest.mark.parametrize("word", ["one-sided", "won", "", "-", "monday", "人"])
def test_what_does_not_count_as_a_figure(word: str) -> None:
    assert not is_figure(word)


@pytest.mark.parametrize(
    "text",
    [
        "Correction: an earlier version of this article misstated the height of the wall.",
        "CORRECTION (Dec. 28): The name of the mayor was misspelled.",
        "Correction, Dec. 28, 2020: The name was misspelled.",
        "Clarification — The levy begins next year.",
        "Editor’s note: this story has been updated.",
        "This article was amended on 28 December 2020 to correct a date.",
        "An earlier version of this story said the wall was ten metres high.",
        "Update: The council has since voted.",
        "Korrektur: In einer früheren Version dieses Artikels hieß es …",
        "Dieser Artikel wurde am 3. Mai um 12 Uhr aktualisiert.",
        "Anmerkung der Redaktion: Die Zahl wurde berichtigt.",
        "Une version précédente de cet article indiquait une autre date.",
        "Cet article a été modifié le 3 mai à midi.",
        "Una versión anterior de este artículo decía otra cosa.",
        "Fe de errores: la cifra es 12.",
        "Исправление: в предыдущей версии текста была ошибка.",
        "В более ранней версии статьи говорилось иное.",
        "תיקון: בגרסה קודמת של הכתבה נכתב אחרת.",
        "תצריח: הידיעה תוקנה לאחר הפרסום.",
        "تصحيح: ورد في نسخة سابقة من هذا المقال رقم آخر.",
        "تم تعديل هذا المقال يوم الاثنين.",
        "更正：本文较早版本的数字有误。",
        "訂正：以前の記事では12人としていましたが、17人の誤りでした。",
        "바로잡습니다: 사망자는 17명입니다.",
        "Düzeltme: Haberin önceki sürümünde yanlış bir sayı vardı.",
    ],
)
def test_correction_notices_are_known_in_many_languages(text: str) -> None:
    assert is_notice(text)


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        "The ministry will update its figures next week, an official said.",
        "Corrections officers walked out of the prison on Monday morning.",
        "Actualización de la red eléctrica: el plan costará 12 millones.",
        "He edited an earlier version of the play, and this version is his own.",
        "Die Korrektur der Kurse dauerte drei Tage.",
        "עדכון המחירים ייכנס לתוקף בחודש הבא.",
    ],
)
def test_what_only_speaks_of_corrections_is_no_notice(text: str) -> None:
    assert not is_notice(text)


def test_a_correction_notice_is_pointed_out_when_it_comes_goes_or_changes() -> None:
    notice = "Correction: an earlier version of this article gave a wrong date."
    came = changes(ONE, f"{ONE}\n{notice}")
    assert [(each.kind, each.text) for each in came.notices] == [(ParagraphKind.ADDED, notice)]
    assert summary_of(came) == "1 paragraph added; a correction notice was added."
    assert summary_of(changes(f"{ONE}\n{notice}", ONE)).endswith("a correction notice was taken out.")
    changed = changes(f"{ONE}\n{notice}", f"{ONE}\n{notice.replace('date', 'name')}")
    assert summary_of(changed).endswith("a correction notice was changed.")


def test_headline_standfirst_byline_and_pictures_are_compared_too() -> None:
    old = Wording(title="Twelve die in storm", body=ONE, fields=(("authors", "Ada Quill"),), pictures=("a", "b"))
    new = Wording(
        title="Seventeen die in storm",
        body=ONE,
        fields=(("authors", "Ada Quill"), ("standfirst", "More to come")),
        pictures=("b", "c", "d"),
    )
    difference = compare(old, new)
    assert difference.title is not None
    assert [run.text for run in difference.title.runs] == ["Twelve ", "Seventeen ", "die in storm"]
    assert (difference.pictures_added, difference.pictures_removed) == (2, 1)
    assert summary_of(difference) == "The headline and the standfirst changed; 2 pictures added, 1 removed."


def test_the_summary_says_all_of_it_in_one_sentence() -> None:
    old = "\n".join(
        [ONE, TWO, THREE, "At least 12 people were hurt in the storms of January, doctors at the harbour said."]
    )
    new = "\n".join(
        [
            ONE.replace("Monday", "Friday"),
            THREE,
            "At least 17 people were hurt in the storms of January, doctors at the harbour said.",
            FOUR,
        ]
    )
    assert summary_of(changes(old, new)) == "2 paragraphs changed, 1 added, 1 removed; a figure changed: 12 → 17."


def test_a_text_that_was_written_anew_is_shown_as_replaced_not_as_confetti() -> None:
    assert marked("The council voted on a wall.", "Fishermen lost a boat in January.").startswith("[-The council")
    assert kinds(changes(ONE, TWO)) in (["removed", "added"], ["added", "removed"])


PARAGRAPHS = st.lists(st.text(st.sampled_from("ab 7שع字\u05b0\n."), max_size=30), max_size=8).map("\n".join)


def said(paragraph: Paragraph, side: RunKind) -> str:
    return "".join(run.text for run in paragraph.runs if run.kind in (RunKind.SAME, side))


@given(PARAGRAPHS, PARAGRAPHS)
def test_both_texts_can_be_read_out_of_the_difference(old: str, new: str) -> None:
    def paragraphs(text: str) -> list[str]:
        return [" ".join(line.split()) for line in text.split("\n") if line.split()]

    difference = changes(old, new)
    gone = (ParagraphKind.REMOVED, ParagraphKind.LEFT)
    now = [said(paragraph, RunKind.NEW) for paragraph in difference.paragraphs if paragraph.kind not in gone]
    assert now == paragraphs(new)
    before = {
        paragraph.old_number: said(paragraph, RunKind.OLD).strip()
        for paragraph in difference.paragraphs
        if paragraph.old_number and paragraph.kind is not ParagraphKind.LEFT
    }
    told = ["".join(before[number].split()) for number in sorted(before)]  # what stayed is told as it is now
    assert told == ["".join(line.split()) for line in paragraphs(old)]


@given(st.lists(st.integers(0, 4), max_size=30), st.lists(st.integers(0, 4), max_size=30))
def test_aligned_pairs_are_equal_and_rise(old: list[int], new: list[int]) -> None:
    pairs = align(old, new, Budget())
    assert all(old[place] == new[new_place] for place, new_place in pairs)
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs))


@given(st.text(max_size=60))
def test_tokens_give_the_text_back(text: str) -> None:
    text = " ".join(text.split())
    tokens = tokens_of(text)
    assert tokens.passage(0, len(tokens.keys)) == text
    assert all(text.startswith(key, start) for key, start in zip(tokens.keys, tokens.starts, strict=True))


def _large(seed: int) -> list[str]:
    chance = random.Random(seed)
    words = [f"word{number}" for number in range(5_000)]
    return [" ".join(chance.choice(words) for _ in range(60)) for _ in range(9_500)]  # five megabytes


def _one_word_changed(paragraph: str) -> str:
    return paragraph.replace(" ", " CHANGED ", 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            lambda: "\n".join(_large(1)), lambda: "\n".join(map(_one_word_changed, _large(1))), id="all changed"
        ),
        pytest.param(lambda: "\n".join(_large(1)), lambda: "\n".join(_large(2)), id="another text"),
        pytest.param(lambda: "\n".join(_large(1)), lambda: "\n".join(reversed(_large(1))), id="turned round"),
        pytest.param(
            lambda: " ".join(_large(1)), lambda: " ".join(map(_one_word_changed, _large(1))), id="one paragraph"
        ),
        pytest.param(lambda: "a\n" * 200_000, lambda: "b\na\n" * 100_000, id="single letters"),
        pytest.param(lambda: "a b " * 45_000, lambda: "b a a " * 30_000, id="two words"),
        pytest.param(lambda: "字" * 100_000, lambda: "字" * 100_001, id="one sign"),
    ],
)
def test_five_megabytes_are_compared_in_bounded_time(old, new) -> None:
    texts = old(), new()
    started = time.process_time()
    difference = changes(*texts)
    assert time.process_time() - started < 8  # about two seconds on an idle machine
    assert not difference.is_empty
