"""Tells names of places from names of people, firms and things, by the words around them."""

from __future__ import annotations

from collections import Counter

from webapp.suggest.places_facts import words as listed
from webapp.suggest.places_match import Span
from webapp.suggest.places_text import Reading, Word

TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir lady lord dame rev reverend sen senator gov governor rep representative judge "
    "justice captain capt col colonel gen general lt lieutenant sgt sergeant officer detective coach manager actor actress "
    "singer president chancellor minister premier secretary ambassador mayor king queen prince princess pope bishop "
    "archbishop cardinal rabbi imam sheikh ayatollah chairman ceo director spokesman spokeswoman spokesperson sheriff "
    "deputy inspector constable pvt private cpl corporal major commander admiral congressman congresswoman councilman "
    "councillor attorney lawyer striker midfielder defender goalkeeper quarterback pitcher author singer-songwriter "
    "m-r mme monsieur madame mlle herr frau señor señora don doña господин г-н miss-universe".split()
)
# A title of office is a title before a name ("Minister Jordan") and none before a country ("the Minister, Jordan's").
LOCATIVES = frozenset(
    "in at near from to of around outside into across toward towards through inside downtown between town city village "
    "suburb northern southern eastern western central north south east west northeast northwest southeast southwest "
    "north-eastern via visiting visited throughout within capital-of province region "
    # fr es de it pt tr ru
    "à au aux en dans vers depuis près sur entre desde hacia cerca por nach aus bei nahe von über nel nella "
    "в во на из около близ под через от до у к "
    "ב ל מ".split()
)
DIRECTIONS = frozenset(
    "northern southern eastern western central north south east west northeast northwest southeast southwest "
    "northeastern northwestern southeastern southwestern north-eastern downtown rural".split()
)
COMPANY = frozenset(
    "inc corp corporation co ltd plc ag spa sa nv gmbh llc lp industries holdings holding systems bancorp bancshares airlines "
    "airways motors oil gas steel foods energy resources technologies technology financial savings insurance pictures "
    "entertainment partners capital brands stores pharmaceuticals electronics chemical chemicals petroleum mines mining "
    "gold exploration securities bank banks banking national trust group properties realty industries' laboratories "
    "telecom telephone communications power electric utilities life mutual federal".split()
)
INSTITUTION = frozenset(
    "university college hospital street road avenue boulevard lane drive bridge airport times post herald tribune journal "
    "gazette exchange united club stadium museum institute church council park square school hotel arena cathedral "
    "rangers city fc albion rovers wanderers athletic town open marathon derby festival prize award awards observer "
    "conference summit agreement accord treaty declaration convention protocol process talks forum".split()
)
GEOGRAPHIC = frozenset(
    "territory territories soil border borders region province city town village capital coast coastline port island airport "
    "countryside desert mountains side frontier hospital streets suburb suburbs outskirts district".split()
)
LANGUAGE_CUES = frozenset(
    "speak speaks spoke speaking spoken learn learning learned language fluent translated in into".split()
)
LANGUAGES = frozenset(
    "english french spanish german italian portuguese russian chinese japanese turkish greek arabic hebrew polish dutch "
    "swedish latin hindi welsh irish korean danish finnish norwegian hungarian czech romanian persian".split()
)
FOODS = frozenset(
    "food foods restaurant restaurants cuisine dish dishes recipe recipes cooking chef sausage sausages wine wines cheese "
    "beer tea coffee bread cake pastry soup salad dressing language lessons literature dictionary grammar class breakfast "
    "chocolate whisky whiskey rug rugs carpet cat dog shepherd terrier music film films novel cinema style-clothing".split()
)
NOT_NAME = frozenset(
    "the a an in on at of for to from by with and or but as is was were are be been has have had he she it they we i you his "
    "her its their our this that these those after before when while if then than since until during between under over into "
    "about against near north south east west northern southern eastern western central upper lower new greater downtown "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
    "october november december said says told also not no yes all some many most more what why how who where which "
    "der die das ein eine und von zu im le la les un une et du de des el los las y en il lo gli i della di mr mrs".split()
)


class Surroundings:
    """Looks at the words before and after a name."""

    def __init__(self, reading: Reading) -> None:
        self._words = reading.words
        self._reading = reading
        self._ambiguous = listed("ambiguous")
        self._first_names = listed("first_names")

    def before(self, span: Span, *, touching: bool = True) -> Word | None:
        if span.first == 0:
            return None
        word, here = self._words[span.first - 1], self._words[span.first]
        if word.block != here.block or (touching and here.gap.strip(" \u00a0")):
            return None
        return word

    def after(self, span: Span, *, gap: str = " ") -> Word | None:
        if span.after >= len(self._words):
            return None
        word = self._words[span.after]
        last = self._words[span.after - 1]
        return word if word.block == last.block and word.gap.replace("\u00a0", " ") == gap else None

    def is_ambiguous(self, span: Span) -> bool:
        """A word of the language, or one this text writes small elsewhere, so a capital says nothing."""
        if " " in span.key or "-" in span.key:
            return False
        return span.key in self._ambiguous or span.key in self._reading.lower_keys or len(span.key) <= 3

    def is_locative(self, span: Span) -> bool:
        word = self.before(span)
        here = self._words[span.first]
        return here.is_dateline or (word is not None and word.key in LOCATIVES)

    def direction(self, span: Span) -> bool:
        word = self.before(span)
        return word is not None and word.key in DIRECTIONS

    def is_geographic(self, span: Span) -> bool:
        word = self.after(span)
        return word is not None and word.key in GEOGRAPHIC

    def is_company(self, span: Span) -> bool:
        word = self.after(span)
        return word is not None and word.is_capital and word.key.rstrip("-") in COMPANY and not word.is_shouted

    def is_institution(self, span: Span) -> bool:
        word = self.after(span)
        return word is not None and word.is_capital and word.key in INSTITUTION

    def is_about_food(self, span: Span) -> bool:
        word = self.after(span)
        return word is not None and word.key in FOODS

    def is_language(self, span: Span) -> bool:
        word = self.before(span)
        return span.key in LANGUAGES and word is not None and word.key in LANGUAGE_CUES

    def person(self, span: Span) -> str:
        """ "certain", "maybe" or "": whether the name is part of a person's."""
        sorts = {meaning.sort for meaning in span.meanings}
        is_known = bool(sorts & {"name", "people", "area"})
        before, after = self.before(span), self.after(span)
        if span.first in () or self._words[span.first].block in self._reading.shouted_blocks:
            return ""
        is_titled = self._words[span.first].block in self._reading.titled_blocks
        if before is not None and before.is_capital and not before.is_shouted and "people" not in sorts:
            if before.key in self._first_names and not self._is_place_before(span):
                return "certain"
            if before.key.rstrip("-") in TITLES and not is_known:
                return "certain"
            is_plain_name = before.key not in NOT_NAME and before.key not in INSTITUTION and before.key not in LOCATIVES
            if is_plain_name and not is_known and before.key not in self._ambiguous and not is_titled:
                return "maybe"
        if (
            before is not None
            and len(before.raw.rstrip(".")) == 1
            and before.is_capital
            and before.key not in ("a", "i")
        ):
            return "certain" if not is_known else ""
        if (
            after is not None
            and after.is_capital
            and not after.is_shouted
            and after.raw.isalpha()
            and "people" not in sorts
        ):
            is_surname = after.key not in NOT_NAME and after.key not in INSTITUTION and after.key not in COMPANY
            if span.key in self._first_names and is_surname and not is_titled and after.key not in self._ambiguous:
                return "certain"
        return ""

    def _is_place_before(self, span: Span) -> bool:
        return False

    def surname_marks(self, spans: list[Span]) -> Counter[str]:
        """How often each key is certainly part of a person's name."""
        return Counter(span.key for span in spans if "person" in span.marks)
