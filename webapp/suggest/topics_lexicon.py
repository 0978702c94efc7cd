"""Which words speak for which topics: the seed lexicons of data/topics/, tied to the reader's tree of topics.

A term is a word or a phrase; the longest wins. "=hearing" means this form only; a capital letter in a term asks for
one in the text ("Apple"); "fußball*" is a beginning of words. The rows of topic "-" are phrases that speak for none.
A lexicon is made once for a vocabulary and a language (50 ms) and kept while that vocabulary is in use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from webapp.model import TagKind
from webapp.suggest.topics_words import Token, forms, is_joined, is_seed, stem, tokens
from webapp.tags import Tag, Vocabulary

WITH_LEXICON = ("en", "fr", "de", "es", "ru", "ar", "he", "tr")
_LONGEST = 6  # words of a phrase
_OWN_WEIGHT = 2.0  # of the name of a topic that the reader made


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase: the keys of its words, and what it speaks for, with every topic above (the strongest once)."""

    keys: tuple[str, ...]
    capitals: tuple[str, ...]  # for each word: "" (any), "A" (a capital first), or the word as it must be written
    weights: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A term in a text: which (its keys), what it speaks for, where, and how much words count there."""

    keys: tuple[str, ...]
    weights: tuple[tuple[str, float], ...]
    start: int
    end: int
    weight: float
    is_near: bool = False  # not of the lexicon, but like its words


class TopicLexicon:
    def __init__(self, vocabulary: Vocabulary, language: str) -> None:
        self.language = language
        topics = vocabulary.all(TagKind.TOPIC)
        # The tree that topics compete in: IPTC's, whatever the reader put above it.
        self.parents = {
            tag.id: next((p for p in tag.parents if p in vocabulary and is_seed(p) >= is_seed(tag.id)), "")
            for tag in topics
        }
        self.tops = tuple(tag.id for tag in topics if is_seed(tag.id) and not self.parents[tag.id])
        self._vocabulary = vocabulary
        self._terms: dict[str, list[Term]] = {}
        self._beginnings: dict[str, str] = {}
        self._begin_lengths: tuple[int, ...] = ()
        self._keys: dict[str, tuple[str, ...]] = {}
        for keys, capitals, weights in _terms_of(language):
            self._add(keys, capitals, weights)
        self._weak = _weak_words(self.tops) if language == "en" else {}
        self._add_own()
        for terms in self._terms.values():
            terms.sort(key=lambda term: (-len(term.keys), term.keys))
        self._begin_lengths = tuple(sorted({len(each) for each in self._beginnings}, reverse=True))

    def __len__(self) -> int:
        return sum(map(len, self._terms.values()))

    def find(self, text: str, words: list[Token], *, is_shouted: bool = False) -> Iterator[Found]:
        """The terms among the words of one block, from left to right, none within another."""
        at = 0
        while at < len(words):
            term = self._longest(text, words, at, is_shouted)
            if term is None:
                weak = self._weak.get(words[at].raw.lower())
                if weak is not None:
                    yield Found(
                        (words[at].raw.lower(),), weak, words[at].start, words[at].end, words[at].weight, is_near=True
                    )
                at += 1
                continue
            last = at + len(term.keys) - 1
            if term.weights:
                yield Found(term.keys, term.weights, words[at].start, words[last].end, words[at].weight)
            at = last + 1

    def is_offered(self, tag_id: str) -> bool:
        tag = self._vocabulary.survivor(tag_id)
        return tag is not None and tag.id == tag_id

    def root(self, tag_id: str) -> str:
        """The topic at the top above it, by first parents; itself when it is there."""
        for _ in range(20):  # a circle ends somewhere
            above = self.parents.get(tag_id, "")
            if not above:
                break
            tag_id = above
        return tag_id

    def _longest(self, text: str, words: list[Token], at: int, is_shouted: bool) -> Term | None:
        for key in self._keys_of(words[at].raw):
            for term in self._terms.get(key, ()):
                if self._fits(term, text, words, at, is_shouted):
                    return term
        return None

    def _fits(self, term: Term, text: str, words: list[Token], at: int, is_shouted: bool) -> bool:
        if at + len(term.keys) > len(words):
            return False
        for step, (key, capital) in enumerate(zip(term.keys, term.capitals, strict=True)):
            word = words[at + step]
            if step and (not is_joined(text, words[at + step - 1], word) or key not in self._keys_of(word.raw)):
                return False
            if capital == "A" and not word.raw[0].isupper():
                return False
            if len(capital) > 1 and (word.raw.rstrip(".") != capital or is_shouted):
                return False
        return True

    def _keys_of(self, raw: str) -> tuple[str, ...]:
        known = self._keys.get(raw)
        if known is None:
            known = forms(raw, self.language)
            if known and self._begin_lengths:
                whole = known[0][1:]
                begun = [whole[:size] for size in self._begin_lengths if len(whole) >= size]
                known = (*known, *(f"{each}*" for each in begun if each in self._beginnings))
            if len(self._keys) < 50_000:
                self._keys[raw] = known
        return known

    def _add(self, keys: tuple[str, ...], capitals: tuple[str, ...], topics: Mapping[str, float]) -> None:
        weights: dict[str, float] = {}
        for tag_id, weight in topics.items():
            survivor = self._vocabulary.survivor(tag_id) if tag_id in self._vocabulary else None
            start = survivor.id if survivor else tag_id
            if start not in self._vocabulary:
                continue
            for above in self._vocabulary.lineage(start):
                weights[above] = max(weights.get(above, 0.0), weight)
        if topics and not weights:
            return
        term = Term(keys, capitals, tuple(weights.items()))
        self._terms.setdefault(keys[0], []).append(term)
        for key in keys:
            if key.endswith("*"):
                self._beginnings[key[:-1]] = key

    def _add_own(self) -> None:
        for tag in self._vocabulary.all(TagKind.TOPIC):
            if is_seed(tag.id) or tag.retired:
                continue
            for name in dict.fromkeys((tag.name, *tag.names.values(), *tag.aliases)):
                words = [token.raw for token in tokens(name, 0, len(name), 1.0)]
                if words and len(words) <= _LONGEST and len(name) > 2:
                    keys = tuple(stem(word, self.language) for word in words)
                    if all(keys):
                        self._add(keys, ("",) * len(keys), {tag.id: _OWN_WEIGHT})


@lru_cache(maxsize=16)
def topic_lexicon_of(vocabulary: Vocabulary, language: str) -> TopicLexicon:
    """The lexicon for the topics of a vocabulary; the same one where only regions differ."""
    return _lexicon(vocabulary.all(TagKind.TOPIC), language if language in WITH_LEXICON else "en")


@lru_cache(maxsize=8)
def _lexicon(topics: tuple[Tag, ...], language: str) -> TopicLexicon:
    return TopicLexicon(Vocabulary(topics), language)


@cache
def _terms_of(language: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...], dict[str, float]], ...]:
    """(keys, capitals, topic → weight) of every term in the language's file, and the names in the English one."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[str, float]] = {}
    for source in dict.fromkeys((language, "en")):
        for topic, weight, written in _rows(source):
            if source != language and not written[:1].isupper():
                continue
            keys, capitals = _key(written, language)
            if not keys:
                continue
            topics = found.setdefault((keys, capitals), {})
            if topic != "-":
                tag_id = f"t-{topic}"
                topics[tag_id] = max(topics.get(tag_id, 0.0), weight)
    return tuple((keys, capitals, topics) for (keys, capitals), topics in found.items())


_Told = tuple[tuple[str, float], ...]


@cache
def _weak() -> tuple[dict[str, _Told], frozenset[_Told]]:
    """Word → ((first two digits of a top-level topic, weight), …) of the table, equal values being one object."""
    text = files("webapp").joinpath("data", "topics", "words_en.tsv").read_text(encoding="utf-8")
    known: dict[str, _Told] = {}
    found = {}
    for line in text.rstrip("\n").split("\n")[1:]:
        word, told = line.split("\t")
        if told not in known:
            known[told] = tuple((each[:2], float(each[3:])) for each in told.split())
        found[word] = known[told]
    return found, frozenset(known.values())


@lru_cache(maxsize=2)
def _weak_words(tops: tuple[str, ...]) -> dict[str, _Told]:
    """The words that are not in the lexicon and are near it, by these topics; see tools/build_topic_vectors.py."""
    top = {tag_id[2:4]: tag_id for tag_id in tops}
    told = {each: tuple((top[number], weight) for number, weight in each if number in top) for each in _weak()[1]}
    return {word: told[each] for word, each in _weak()[0].items() if told[each]}


def _rows(language: str) -> Iterator[tuple[str, float, str]]:
    """(topic's number or "-", weight, term) of a file; the terms of a row are parted by ", "."""
    text = files("webapp").joinpath("data", "topics", f"{language}.tsv").read_text(encoding="utf-8")
    for line in text.rstrip("\n").split("\n")[1:]:
        topic, weight, terms = line.split("\t")
        for term in terms.split(", "):
            yield topic, float(weight), term.strip()


def _key(written: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    is_exact, written = written.startswith("="), written.removeprefix("=")
    is_beginning, written = written.endswith("*"), written.removesuffix("*")
    words = [token.raw for token in tokens(written, 0, len(written), 1.0)]
    keys = [forms(word, language)[0] if is_exact else stem(word, language) for word in words]
    if is_beginning and keys:
        keys[-1] = f"{forms(words[-1], language)[0][1:]}*"
    is_cased = language not in ("ar", "he")
    capitals = [_capital(word) if is_cased and not is_exact else "" for word in words]
    return (tuple(keys), tuple(capitals)) if all(keys) else ((), ())


def _capital(word: str) -> str:
    word = word.rstrip(".")
    if len(word) > 1 and word.isupper() and word.isalpha():
        return word
    return "A" if word[0].isupper() else ""
