"""Turtle, as far as vocabularies are written in it: statements become triples; a mistake ends it, with its line.

Read: prefixes, IRIs, literals with languages and types, numbers, booleans, lists of predicates and objects, blank
nodes and collections (whose insides are passed over). Source: W3C RDF 1.1 Turtle, 2014.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

_TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)
    |(?P<iri><[^\x00-\x20<>"{}|^`\\]*(?:\\[uU][0-9A-Fa-f]+[^\x00-\x20<>"{}|^`\\]*)*>)
    |(?P<long>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*''')
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<directive>@prefix\b|@base\b|PREFIX\b|BASE\b)
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<type>\^\^)
    |(?P<blank>_:[\w.-]*[\w-])
    |(?P<name>[^\W\d_][\w.-]*:(?:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*(?:[\w:-]|%[0-9A-Fa-f]{2}|\\.))?|:[\w-]*)
    |(?P<word>true\b|false\b|a\b)
    |(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<mark>[.;,\[\]()])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class TurtleError(ValueError):
    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True, slots=True)
class Literal:
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Triple:
    """`object` is a Literal, or the IRI (or blank node) as text."""

    line: int
    subject: str
    predicate: str
    object: str | Literal


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def triples(text: str) -> Iterator[Triple]:
    """The statements, in the order they are written. Raises TurtleError at the first mistake."""
    yield from _Reader(text).statements()


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next: _Token | None = next(self._tokens, None)
        self._prefixes: dict[str, str] = {}
        self._base = ""
        self._line, self._text = 1, ""
        self._blanks = 0

    def statements(self) -> Iterator[Triple]:
        while self._next is not None:
            if self._next.kind == "directive":
                self._directive()
                continue
            subject, found = self._subject()
            yield from found
            if not self._is("."):
                yield from self._predicates(subject)
            self._expect(".")

    def _directive(self) -> None:
        word = self._take().text.lstrip("@").lower()
        sparql = not self._text.startswith("@")
        if word == "prefix":
            name = self._take("name").text.rstrip(":")
            self._prefixes[name] = self._iri(self._take("iri"))
        else:
            self._base = self._iri(self._take("iri"))
        if not sparql:
            self._expect(".")

    def _subject(self) -> tuple[str, list[Triple]]:
        if self._is("[") or self._is("("):
            return self._nested()
        token = self._take()
        if token.kind not in ("iri", "name", "blank"):
            raise TurtleError(token.line, f"“{token.text[:30]}” cannot begin a statement")
        return self._resource(token), []

    def _predicates(self, subject: str) -> Iterator[Triple]:
        while True:
            token = self._take()
            if token.kind not in ("iri", "name") and token.text != "a":
                raise TurtleError(token.line, f"“{token.text[:30]}” is not a property")
            predicate = RDF_TYPE if token.text == "a" else self._resource(token)
            while True:
                line = self._line
                value, found = self._object()
                yield Triple(line, subject, predicate, value)
                yield from found
                if not self._is(","):
                    break
                self._take()
            if not self._is(";"):
                return
            while self._is(";"):
                self._take()
            if self._is(".") or self._is("]"):
                return

    def _object(self) -> tuple[str | Literal, list[Triple]]:
        if self._is("[") or self._is("("):
            return self._nested()
        token = self._take()
        if token.kind in ("iri", "name", "blank"):
            return self._resource(token), []
        if token.kind in ("number", "word"):
            return Literal(token.text), []
        if token.kind not in ("text", "long"):
            raise TurtleError(token.line, f"“{token.text[:30]}” is not a value")
        text = _unescaped(token.text[3:-3] if token.kind == "long" else token.text[1:-1])
        if self._next is not None and self._next.kind == "language":
            return Literal(text, self._take().text[1:].lower()), []
        if self._next is not None and self._next.kind == "type":
            self._take()
            self._resource(self._take())
        return Literal(text), []

    def _nested(self) -> tuple[str, list[Triple]]:
        """A blank node or a collection: its own triples, under a name of ours."""
        opening = self._take()
        self._blanks += 1
        name = f"_:b{self._blanks}"
        found: list[Triple] = []
        if opening.text == "[":
            if not self._is("]"):
                found = list(self._predicates(name))
            self._expect("]")
        else:
            while not self._is(")"):
                found += self._object()[1]
            self._expect(")")
        return name, found

    def _resource(self, token: _Token) -> str:
        if token.kind == "blank":
            return token.text
        if token.kind == "iri":
            return self._iri(token)
        prefix, _, rest = token.text.partition(":")
        if prefix not in self._prefixes:
            raise TurtleError(token.line, f"the prefix “{prefix[:30]}:” is not explained")
        return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", rest)

    def _iri(self, token: _Token) -> str:
        iri = _unescaped(token.text[1:-1])
        return urljoin(self._base, iri) if self._base and ":" not in iri.split("/")[0] else iri

    def _is(self, mark: str) -> bool:
        return self._next is not None and self._next.kind == "mark" and self._next.text == mark

    def _expect(self, mark: str) -> None:
        if not self._is(mark):
            found = f"“{self._next.text[:30]}”" if self._next else "the end"
            raise TurtleError(self._next.line if self._next else self._line, f"“{mark}” is missing before {found}")
        self._take()

    def _take(self, kind: str = "") -> _Token:
        token = self._next
        if token is None:
            raise TurtleError(self._line, "the file ends in the middle of a statement")
        if kind and token.kind != kind:
            raise TurtleError(token.line, f"“{token.text[:30]}” is out of place")
        self._line, self._text = token.line, token.text
        self._next = next(self._tokens, None)
        return token


def _tokens(text: str) -> Iterator[_Token]:
    at, line = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise TurtleError(line, f"“{text[at : at + 30].split(chr(10))[0]}” is not Turtle")
        kind = match.lastgroup or ""
        if kind != "skip":
            yield _Token(kind, match.group(), line)
        line += match.group().count("\n")
        at = match.end()


def _unescaped(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        code = match[1]
        if len(code) > 1:
            number = int(code[1:], 16)
            return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "\ufffd"
        return _PLAIN.get(code, code)

    return _ESCAPED.sub(plain, text) if "\\" in text else text
