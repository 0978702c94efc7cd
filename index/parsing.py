"""What a reader typed becomes a query tree: `parse`. Never raises; what is not understood is told in problems."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from index.filters import Misunderstood, filter_of
from index.lexing import Lexeme, lex
from index.query import (
    WORD_FIELDS,
    Everything,
    Fuzzy,
    Node,
    Phrase,
    Prefix,
    Problem,
    Query,
    Term,
    all_of,
    any_of,
    negate,
)

MOST_REMEMBERED = 1_000  # characters
_PLAIN = re.compile(r"[a-z0-9]{1,100}(?: [a-z0-9]{1,100})*")  # as nearly all queries are
MOST_PARTS = 100  # taste: a pasted paragraph; each part costs the engine one pass
MOST_SLOP = 99
MOST_PROBLEMS = 20  # told; nobody reads more
FIRST_IDEOGRAPH = "\u2e80"  # the scripts from here on say in a letter what others say in a word
MOST_EDITS = 2  # beyond two, most short words are near one another


def parse(text: str) -> Query:
    """Read a query; see `query` for the grammar. What cannot be understood is left out and becomes a Problem."""
    if len(text) <= MOST_REMEMBERED:
        return _parsed(text)
    return _read(text)


@lru_cache(maxsize=1_000)  # about 2 MB when full: pages, facets and counts ask for the same again
def _parsed(text: str) -> Query:
    return _read(text)


def _read(text: str) -> Query:
    if _PLAIN.fullmatch(text) and text.count(" ") < MOST_PARTS:
        return Query(all_of([Term(word) for word in text.split(" ")]))
    lexemes, problems = lex(text)
    reader = _Reader(lexemes, problems)
    node = reader.all(None) or Everything()
    if isinstance(node, Everything) and not problems and text.strip() and not any(map(_is_star, lexemes)):
        problems.append(Problem("there is nothing to search for", "write a word or a filter", 0, len(text)))
    return Query(node, tuple(sorted(problems, key=lambda problem: problem.start)[:MOST_PROBLEMS]))


def _is_star(lexeme: Lexeme) -> bool:
    return lexeme.kind == "word" and not lexeme.text and lexeme.tail == "*"


@dataclass
class _Reader:
    """Recursive descent over lexemes; parentheses are balanced and not too deep (see `lex`)."""

    lexemes: list[Lexeme]
    problems: list[Problem]
    at: int = 0
    parts: int = 0

    def all(self, field: str | None) -> Node | None:
        """either { [ "AND" ] either }, up to a closing parenthesis or the end."""
        found: list[Node | None] = []
        while self.at < len(self.lexemes) and not self._next_is(")"):
            if self._next_is("and"):
                sign = self._take()
                if not found or not self._something_follows():
                    self._complain(sign, "“AND” has nothing on one side", "leave it out: words are joined anyway")
            elif self._next_is("or"):
                self._complain_of_or(self._take())
            else:
                found.append(self._either(field))
        nodes = [node for node in found if node is not None]
        return all_of(nodes) if nodes else None

    def _either(self, field: str | None) -> Node | None:
        found = [self._part(field)]
        while self._next_is("or"):
            sign = self._take()
            if self._something_follows():
                found.append(self._part(field))
            else:
                self._complain_of_or(sign)
        nodes = [node for node in found if node is not None]
        return any_of(nodes) if nodes else None

    def _part(self, field: str | None) -> Node | None:
        denied = False
        sign = self.lexemes[self.at]
        while self._next_is("not"):
            sign = self._take()
            denied = not denied
        if not self._something_follows():
            self._complain(
                sign, f"nothing follows “{sign.text}”", "write what to leave out right after it, as in -word"
            )
            return None
        node = self._operand(field)
        return negate(node) if denied and node is not None else node

    def _operand(self, field: str | None) -> Node | None:
        lexeme = self._take()
        if lexeme.kind == "field":
            if self._next_is("word", "phrase", "("):
                return self._operand(lexeme.text)
            self._complain(
                lexeme, f"nothing follows “{lexeme.text}:”", f"write a value without a blank, as in {lexeme.text}:word"
            )
            return None
        if lexeme.kind == "(":
            node = self.all(field)
            self._take()
            return node
        self.parts += 1
        if self.parts > MOST_PARTS:
            if self.parts == MOST_PARTS + 1:
                self._complain(lexeme, f"only the first {MOST_PARTS} parts are used", "ask for fewer words")
            return None
        return self._asked(lexeme, field) if field is None or field in WORD_FIELDS else self._filter(lexeme, field)

    def _asked(self, lexeme: Lexeme, field: str | None) -> Node | None:
        if _is_star(lexeme):
            if field is None:
                return Everything()
            self._complain(lexeme, f"“{field}:*” asks for nothing", "write the beginning of a word before the star")
            return None
        if not any(map(str.isalnum, lexeme.text)):
            return None  # a dash or bullet of a pasted headline: nobody asks for it
        if lexeme.kind == "phrase":
            return Phrase(lexeme.text, self._number(lexeme, MOST_SLOP), field)
        if lexeme.tail == "*" and len(lexeme.text) == 1 and lexeme.text < FIRST_IDEOGRAPH:
            self._complain(
                lexeme,
                f"“{lexeme.text}*” begins too many words; it was read as the word “{lexeme.text}”",
                "write at least two letters before the star",
            )
        elif lexeme.tail == "*":
            return Prefix(lexeme.text, field)
        elif lexeme.tail:
            return Fuzzy(lexeme.text, self._number(lexeme, MOST_EDITS), field)
        return Term(lexeme.text, field)

    def _number(self, lexeme: Lexeme, most: int) -> int:
        number = int(lexeme.tail[1:] or 0)
        if number > most:
            self._complain(lexeme, f"“~{number}” is too much", f"{most} is the most, and was used")
        return min(number, most)

    def _filter(self, lexeme: Lexeme, field: str) -> Node | None:
        if lexeme.tail:
            self._complain(
                replace(lexeme, start=lexeme.end - len(lexeme.tail)),
                f"“{lexeme.tail}” has no meaning here",
                f"write the whole value after {field}:",
            )
        try:
            return filter_of(field, lexeme.text, exact=lexeme.exact, quoted=lexeme.kind == "phrase")
        except Misunderstood as error:
            self._complain(lexeme, str(error), error.advice)
            return None

    def _next_is(self, *kinds: str) -> bool:
        return self.at < len(self.lexemes) and self.lexemes[self.at].kind in kinds

    def _something_follows(self) -> bool:
        return self._next_is("word", "phrase", "field", "(", "not")

    def _take(self) -> Lexeme:
        self.at += 1
        return self.lexemes[self.at - 1]

    def _complain_of_or(self, sign: Lexeme) -> None:
        self._complain(sign, "“OR” has nothing on one side", "write a word on both sides, as in a OR b")

    def _complain(self, lexeme: Lexeme, message: str, advice: str) -> None:
        self.problems.append(Problem(message, advice, lexeme.start, lexeme.end))
