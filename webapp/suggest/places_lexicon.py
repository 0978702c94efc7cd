"""What names mean beside the gazetteer: countries and areas of the vocabulary, people, institutions, set phrases.

A lexicon is made once for a vocabulary and a language (30 ms) and kept while that vocabulary is in use.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from webapp.model import TagKind
from webapp.place_keys import name_key
from webapp.suggest.places_facts import rows, split
from webapp.tags import Tag, Vocabulary

# Languages whose script tells them from English at sight: their names are known to every lexicon.
OWN_SCRIPT = ("ru", "uk", "ar", "fa", "he", "zh", "ja", "ko", "hi")
DEMONYM_LANGUAGES = ("en", "de", "fr", "es", "ru", "ar", "he", "tr")
# Names of tags that mean too much else when they stand in a text (taste, from errors on news of 1987 and 2019).
_NOT_IN_TEXT = {"gulf", "amazon", "global", "international", "worldwide", "earth", "world", "arctic-circle", "artico"}
_PLACE = "r-gn-"
_CODE = 3  # letters of a country's code; those in texts are in aliases.tsv


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name can stand for. `tag_id` is "" for an area that is no tag; `countries` are the ISO codes it speaks
    for. `sort`: "name", "people", "institution", "area"; "none" for a phrase that is no place at all.
    """

    tag_id: str
    countries: tuple[str, ...]
    sort: str
    is_code: bool = False  # an abbreviation, which counts in capitals only
    is_weak: bool = False  # says little about the country: "African American"
    is_phrase: bool = False  # set words, of which the last may stand in lower case: "French fries"


class Lexicon:
    """Keys → meanings, and which tag a country has in this vocabulary."""

    def __init__(self, vocabulary: Vocabulary, language: str) -> None:
        self.language = language
        self._vocabulary = vocabulary
        self._meanings: dict[str, tuple[Meaning, ...]] = {}
        self.country_tags: dict[str, str] = {}
        self._tag_countries: dict[str, tuple[str, ...]] = {}
        for row in rows("areas"):
            if row["tag"]:
                self._tag_countries[row["tag"]] = tuple(row["countries"].split())
        for tag in vocabulary.all(TagKind.REGION):
            if len(tag.code) == 2 and tag.code.isalpha() and (today := self.today(tag.id)):
                self.country_tags[tag.code] = today
        self._add_vocabulary()
        self._add_facts()

    def __len__(self) -> int:
        return len(self._meanings)

    def meanings(self, key: str) -> tuple[Meaning, ...]:
        return self._meanings.get(key, ())

    def countries_of(self, tag_id: str) -> tuple[str, ...]:
        """The countries that a region speaks for: itself, its own fact, or the country above it."""
        if tag_id in self._tag_countries:
            return self._tag_countries[tag_id]
        if tag_id not in self._vocabulary:
            code = tag_id.removeprefix("r-").upper()
            return (code,) if len(code) == 2 and code.isalpha() else ()
        above = (self._vocabulary.get(each).code for each in self._vocabulary.lineage(tag_id))
        return tuple(code for code in above if len(code) == 2 and code.isalpha())[:1]

    def today(self, tag_id: str) -> str:
        """The tag that may be suggested for `tag_id`: itself, what it was merged into, or "" when there is none.

        A place of the gazetteer may be suggested before the vocabulary has it.
        """
        if tag_id in self._vocabulary:
            survivor = self._vocabulary.survivor(tag_id)
            return survivor.id if survivor else ""
        return tag_id if tag_id.startswith(_PLACE) else ""

    def _add_vocabulary(self) -> None:
        countries = {tag for tag in self.country_tags.values() if not tag.startswith(_PLACE)}
        for tag in self._vocabulary.all(TagKind.REGION):
            today = self.today(tag.id)
            if not today or tag.code == "001":
                continue
            sort = (
                "place"
                if tag.id.startswith(_PLACE)
                else "name"
                if tag.id in countries or tag.code.isalpha()
                else "area"
            )
            meaning = Meaning(today, self.countries_of(tag.id), sort)
            for name in self._names(tag):
                self._put(name, meaning)

    def _names(self, tag: Tag) -> list[str]:
        languages = dict.fromkeys(("en", self.language, *OWN_SCRIPT))
        names = [tag.name, *(tag.names[language] for language in languages if language in tag.names)]
        if tag.id.startswith(_PLACE):
            names = []  # the gazetteer knows it, and the other places of that name
        aliases = [name for name in tag.aliases if len(name) > _CODE and not name.isupper()]
        return [name for name in (*names, *aliases) if name_key(name) not in _NOT_IN_TEXT]

    def _add_facts(self) -> None:
        languages = {"en", self.language, *OWN_SCRIPT}
        for row in rows("aliases"):
            if row["language"] in languages:
                self._put_all(row["names"], row["tag"], "")
        for row in rows("demonyms"):
            for language in DEMONYM_LANGUAGES:
                if language in languages:
                    self._put_all(row[language], row["tag"], "people")
        for row in rows("metonyms"):
            tag_id, _, weak = row["tag"].partition(" ")
            for name in split(row["names"]):
                self._put(name, Meaning(tag_id, self.countries_of(tag_id), "institution", is_weak=bool(weak)))
        for row in rows("areas"):
            meaning = Meaning(row["tag"], tuple(row["countries"].split()), "area")
            for name in split(row["names"]):
                self._put(name, meaning)
        for row in rows("phrases"):
            tag_id, _, weak = row["means"].partition(" ")
            sort = "people" if tag_id else "none"
            countries = self.countries_of(tag_id) if tag_id else ()
            self._meanings[name_key(row["phrase"])] = (
                Meaning(tag_id, countries, sort, is_weak=bool(weak), is_phrase=True),
            )

    def _put_all(self, names: str, tag_id: str, sort: str) -> None:
        countries = self.countries_of(tag_id)
        known = sort or (
            "name" if tag_id in self.country_tags.values() or countries == (tag_id[2:].upper(),) else "area"
        )
        for name in split(names):
            self._put(name, Meaning(tag_id, countries, known))
            if sort == "people" and name[0].isascii() and name[-1] not in "sehzu":
                self._put(f"{name}s", Meaning(tag_id, countries, known))

    def _put(self, name: str, meaning: Meaning) -> None:
        key = name_key(name)
        if name.isupper() and name.isalpha() and name.isascii() and len(name) <= 5:
            meaning = replace(meaning, is_code=True)
        known = self._meanings.get(key, ())
        if key and all(other.tag_id != meaning.tag_id or other.countries != meaning.countries for other in known):
            self._meanings[key] = (*known, meaning)


@lru_cache(maxsize=12)
def lexicon_of(vocabulary: Vocabulary, language: str) -> Lexicon:
    return Lexicon(vocabulary, language)
