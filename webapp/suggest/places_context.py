"""Tells names of places from names of people, firms and things, by the words around them."""

from __future__ import annotations

from collections import Counter

from webapp.suggest.places_facts import cues, words
from webapp.suggest.places_match import Span
from webapp.suggest.places_text import Reading, Word

_INITIAL = 1  # letters of "J." before a surname
_FAMOUS = 1_000_000  # people of a place that stays itself when a person is called like it


class Surroundings:
    """Looks at the words before and after a name."""

    def __init__(self, reading: Reading) -> None:
        self._words = reading.words
        self._reading = reading
        self._ambiguous = words("ambiguous")
        self._first_names = words("first_names")
        self._generic = cues("generic")
        self._titles, self._locatives = cues("titles"), cues("locatives")
        self._not_names = cues("not-names") | cues("institution") | cues("company") | self._locatives
        talk = cues("language-talk")
        self._language_uses: Counter[str] = Counter()
        self._host_blocks = {word.block for word in self._words if word.key in cues("host-cues")}
        self._language_blocks = {word.block for word in self._words if word.key in talk}
        self._alone = Counter(
            word.key
            for at, word in enumerate(self._words)
            if word.is_capital and (at == 0 or not self._words[at - 1].is_capital or word.gap.strip())
        )

    def before(self, span: Span) -> Word | None:
        """The word that touches the name from the left, with nothing but a blank between."""
        if span.first == 0:
            return None
        word, here = self._words[span.first - 1], self._words[span.first]
        return word if word.block == here.block and not here.gap.strip(" \u00a0\n") else None

    def after(self, span: Span) -> Word | None:
        if span.after >= len(self._words):
            return None
        word, last = self._words[span.after], self._words[span.after - 1]
        return word if word.block == last.block and not word.gap.strip(" \u00a0\n") else None

    def is_shouted(self, span: Span) -> bool:
        return self._words[span.first].block in self._reading.shouted_blocks

    def is_ambiguous(self, span: Span) -> bool:
        """Whether a gazetteer's name is a word, a first name, an acronym or made of words for kinds of places."""
        word = self._words[span.first]
        if any(character.isdigit() for character in span.key):
            return True
        if span.after - span.first > 1:
            parts = span.key.split("-")
            return all(part in self._generic or part in self._ambiguous for part in parts) or parts[0] in (
                "st",
                "saint",
            )
        if word.is_shouted and len(word.raw) <= 5 and not word.is_dateline and not self.is_shouted(span):
            return True
        if span.key in self._first_names and span.found[0].population < _FAMOUS:
            return True
        return span.key in self._ambiguous or span.key in self._reading.lower_keys or len(span.key) <= 3

    def is_locative(self, span: Span) -> bool:
        if self._words[span.first].is_dateline:
            return True
        word = self.before(span)
        return word is not None and word.key in self._locatives

    def is_geographic(self, span: Span) -> bool:
        return self._is_followed_by(span, "geographic")

    def is_area_word_after(self, span: Span) -> bool:
        return self._is_followed_by(span, "area-words")

    def is_company(self, span: Span) -> bool:
        """'Bristol Gold Corp', 'the supermarket chain Iceland'."""
        before, word = self.before(span), self.after(span)
        if before is not None and before.key in cues("company-before"):
            return True
        return word is not None and word.is_capital and not word.is_shouted and word.key in cues("company")

    def is_institution(self, span: Span) -> bool:
        word = self.after(span)
        return word is not None and word.is_capital and word.key in cues("institution")

    def is_about_food(self, span: Span) -> bool:
        return self._is_followed_by(span, "foods")

    def is_language(self, span: Span) -> bool:
        """'In French', or 'French' without a noun behind it where the talk is of languages."""
        if span.key not in cues("languages"):
            return False
        before = self.before(span)
        if before is not None and before.key in cues("language-cues"):
            return True
        in_talk = self._words[span.first].block in self._language_blocks
        return self._is_noun_of_language(span) and (in_talk or self._language_uses[span.key] > 1)

    def is_also_language(self, span: Span) -> bool:
        """Whether the story uses the word for a language elsewhere."""
        return self._language_uses[span.key] > 1

    def count_languages(self, spans: list[Span]) -> None:
        self._language_uses.update(span.key for span in spans if self._is_noun_of_language(span))

    def _is_noun_of_language(self, span: Span) -> bool:
        if span.key not in cues("languages"):
            return False
        before, after = self.before(span), self.after(span)
        if before is not None and before.key in ("the", "a", "an", "two", "three"):
            return False
        return self._ends_sentence(span) if after is None else after.key in cues("language-after")

    def _ends_sentence(self, span: Span) -> bool:
        if span.after >= len(self._words) or self._words[span.after].block != self._words[span.after - 1].block:
            return True
        return any(mark in self._words[span.after].gap for mark in ".!?;")

    def is_pronoun(self, span: Span) -> bool:
        """'All of US, to make it better', 'Join US today': us, written large."""
        if span.key != "us":
            return False
        before, after = self.before(span), self.after(span)
        is_object = before is not None and before.key in cues("before-us")
        return is_object and (after is None or after.key in cues("after-us"))

    def is_host(self, span: Span) -> bool:
        """A city where others meet: 'talks in Geneva'."""
        return span.key in cues("host-cities") and self._words[span.first].block in self._host_blocks

    def begins_sentence(self, span: Span) -> bool:
        return self._words[span.first].gap.strip(" \"'“«(") in ("\n", "", ".", "!", "?", "…") and (
            self._words[span.first].gap != " "
        )

    def person(self, span: Span) -> str:
        """ "certain", "maybe" or "": whether the name is part of a person's."""
        sorts = {meaning.sort for meaning in span.meanings}
        if "people" in sorts or self.is_shouted(span):
            return ""
        is_known = bool(sorts & {"name", "area", "institution"})
        verdict = self._by_word_before(span, is_known=is_known)
        return verdict or self._by_word_after(span, is_known=is_known)

    def _by_word_before(self, span: Span, *, is_known: bool) -> str:
        before = self.before(span)
        if before is None or not before.is_capital or (before.is_shouted and len(before.raw) > _INITIAL):
            return ""
        is_word = before.key in self._ambiguous
        if before.key in self._first_names and not (is_known and is_word):
            return "certain"
        if len(before.raw.rstrip(".")) == _INITIAL and before.key not in ("a", "i"):
            return "" if is_known else "certain"
        if is_known:
            return ""
        if before.key in self._titles:
            return "certain"
        is_titled = self._words[span.first].block in self._reading.titled_blocks
        return "" if is_titled or is_word or before.key in self._not_names or before.key in self._titles else "maybe"

    def _by_word_after(self, span: Span, *, is_known: bool) -> str:
        after = self.after(span)
        if after is None or not after.is_capital or after.is_shouted or not after.raw.isalpha():
            return ""
        if after.key in self._not_names or after.key in self._ambiguous or after.key in self._titles:
            return ""
        if span.key in self._first_names:
            return "certain"
        before = self.before(span)
        is_plain = before is None or (before.key not in self._locatives and before.key != "the")
        is_name_later = self._alone[after.key] >= 1 and after.raw[-1] != "s"
        return "certain" if is_plain and is_name_later and not is_known and "-" not in span.key else ""

    def _is_followed_by(self, span: Span, name: str) -> bool:
        word = self.after(span)
        return word is not None and word.key in cues(name)
