"""A query typed by a reader is cut into lexemes. Pure; linear in what it reads, and it reads a bounded part."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace

from index.filters import FILTER_FIELDS
from index.query import WORD_FIELDS, Problem

MOST_CHARACTERS = 100_000  # more than any tree of MOST_PARTS parts of MOST_VALUE characters needs
MOST_LEXEMES = 1_000  # 100 parts with their fields, signs and parentheses are fewer
MOST_VALUE = 400  # characters in one word or phrase; taste: longer than any sentence worth quoting
DEEPEST = 30  # parentheses; each costs a few frames of recursion

FIELDS = {
    **{name: name for name in (*WORD_FIELDS, *FILTER_FIELDS)},
    "caption": "captions",
    "author": "by",
    "outlet": "site",
    "language": "lang",
    "published": "date",
}

_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), " ")
_INVISIBLE = frozenset("\u200b\u200e\u200f\u061c\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_Q = '"“”„‟«»＂'
_IN_HEBREW = r'(?<=[א-ת])"(?=[א-ת])'  # gershayim typed as a quotation mark: צה"ל
_LEXEME = re.compile(
    rf"""\s*(?:
      (?P<paren>[()])
    | [{_Q}](?P<phrase>(?:\\.|{_IN_HEBREW}|[^{_Q}\\])*)(?P<close>[{_Q}]|\\?\Z)(?P<slop>~\d{{1,4}}(?!\w))?
    | (?P<operator>AND|OR|NOT)(?![^\s()])
    | (?P<minus>-)(?=[^\s)])
    | (?P<field>[A-Za-z]+):(?=[^\s)])
    | (?P<word>(?:\\.|{_IN_HEBREW}|[^\s()\\{_Q}])+\\?|\\)
    )""",
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(rf"""(?P<word>(?:\\.|{_IN_HEBREW}|[^\s()\\{_Q}])+\\?)""", re.DOTALL)
_TAIL = re.compile(r"((?:\\.|[^\\])*?)(\*+|~\d?)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_LIKE_A_FIELD = re.compile(r"([A-Za-z]{2,}):(?!//)\S")
_FIELD_ALONE = re.compile(r"([A-Za-z]+):")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """`kind`: word, phrase, field, not, and, or, "(", ")". `tail` of a word: "*", "~", "~1"; of a phrase: "~5".

    `exact`: an equals sign stood before the value. `start`, `end`: offsets into the text typed.
    """

    kind: str
    text: str
    start: int
    end: int
    tail: str = ""
    exact: bool = False


def lex(text: str) -> tuple[list[Lexeme], list[Problem]]:
    """The lexemes of `text` with balanced parentheses, and what was odd."""
    problems: list[Problem] = []
    if len(text) > MOST_CHARACTERS:
        problems.append(_too_long(MOST_CHARACTERS, len(text)))
    visible, places = _visible(text[:MOST_CHARACTERS])
    lexemes = _cut(visible, problems)
    lexemes = _balanced(lexemes, problems, len(visible))
    if places is None:
        return lexemes, problems
    return (
        [replace(lexeme, start=places[lexeme.start], end=places[lexeme.end]) for lexeme in lexemes],
        [replace(p, start=places[p.start], end=places[p.end]) if p.end < len(places) else p for p in problems],
    )


def _too_long(start: int, end: int) -> Problem:
    return Problem("the query is too long; the rest was left out", "ask for fewer words", start, end)


def _visible(text: str) -> tuple[str, list[int] | None]:
    """`text` without marks of writing direction, controls as blanks; and where each character stood, if any moved."""
    text = text.translate(_CONTROLS)
    if _INVISIBLE.isdisjoint(text):
        return text, None
    places = [place for place, character in enumerate(text) if character not in _INVISIBLE]
    return "".join(text[place] for place in places), [*places, len(text)]


def _cut(text: str, problems: list[Problem]) -> list[Lexeme]:
    lexemes: list[Lexeme] = []
    at, exact, run = 0, False, 0
    while found := _LEXEME.match(text, at):
        if len(lexemes) == MOST_LEXEMES:
            problems.append(_too_long(at, len(text)))
            break
        kind = found.lastgroup or ""
        if kind in ("close", "slop"):
            kind = "phrase"
        start, at = found.start(kind), found.end()
        if kind == "field" and found["field"].lower() not in FIELDS:
            found = _word_at(text, start)
            kind, at = "word", found.end()
        run = run + 1 if kind == "paren" and lexemes and lexemes[-1].kind == found["paren"] else 1
        if run <= DEEPEST + 1:  # that one more tells that there were too many
            lexemes += [replace(lexeme, exact=exact) for lexeme in _lexemes(kind, found, problems)]
        exact = kind == "field" and text.startswith("=", at)
        at += exact
    return lexemes


def _word_at(text: str, start: int) -> re.Match[str]:
    found = _WORD.match(text, start)
    if found is None:
        raise AssertionError("a field name is a word")
    return found


def _lexemes(kind: str, found: re.Match[str], problems: list[Problem]) -> list[Lexeme]:
    start, end = found.start(kind), found.end()
    match kind:
        case "paren":
            return [Lexeme(found["paren"], found["paren"], start, end)]
        case "operator":
            return [Lexeme(found["operator"].lower(), found["operator"], start, end)]
        case "minus":
            return [Lexeme("not", "-", start, end)]
        case "field":
            return [Lexeme("field", FIELDS[found["field"].lower()], start, end)]
        case "phrase":
            if found["close"] in ("", "\\"):
                problems.append(
                    Problem("the closing quotation mark is missing", 'write "…" around the words', start - 1, end)
                )
            words = " ".join(_plain(found["phrase"], start, end, problems).split())
            return [Lexeme("phrase", words, start - 1, end, found["slop"] or "")]
        case _:
            return _word(found["word"], start, end, problems)


def _word(raw: str, start: int, end: int, problems: list[Problem]) -> list[Lexeme]:
    if raw == "-":
        problems.append(Problem("nothing follows “-”", "write the minus right before the word: -word", start, end))
        return []
    if alone := _FIELD_ALONE.fullmatch(raw):
        name = alone.group(1).lower()
        return [Lexeme("field", FIELDS[name], start, end)] if name in FIELDS else [Lexeme("word", raw, start, end)]
    _notice_mistyped_field(raw, start, problems)
    body, tail = raw.removeprefix("+"), ""
    if with_tail := _TAIL.fullmatch(body):
        body, tail = with_tail.group(1), with_tail.group(2)[:2] if with_tail.group(2)[0] == "~" else "*"
    if "*" in _ESCAPE.sub("", body):
        problems.append(
            Problem("a star is understood at the end of a word only", "write the beginning: govern*", start, end)
        )
    return [Lexeme("word", _plain(body, start, end, problems), start, end, tail)]


def _notice_mistyped_field(raw: str, start: int, problems: list[Problem]) -> None:
    like = _LIKE_A_FIELD.match(raw)
    near = difflib.get_close_matches(like.group(1).lower(), FIELDS, n=1, cutoff=0.7) if like else []
    if like and near:
        end = start + len(like.group(1))
        problems.append(Problem(f"there is no field “{like.group(1)}”", f"did you mean {near[0]}:?", start, end))


def _plain(raw: str, start: int, end: int, problems: list[Problem]) -> str:
    value = _ESCAPE.sub(r"\1", raw)
    if len(value) > MOST_VALUE:
        problems.append(Problem(f"only the first {MOST_VALUE} characters of this are used", "quote less", start, end))
        value = value[:MOST_VALUE].rstrip()
    return value


def _balanced(lexemes: list[Lexeme], problems: list[Problem], end: int) -> list[Lexeme]:
    """Parentheses without a partner, and those too deep, are told once a kind and left out."""
    kept: list[Lexeme] = []
    open_at: list[Lexeme] = []
    too_deep, stray, deep = 0, False, False
    for lexeme in lexemes:
        if lexeme.kind == "(" and len(open_at) == DEEPEST:
            if not deep:
                problems.append(
                    Problem(
                        f"more than {DEEPEST} parentheses inside one another", "use fewer", lexeme.start, lexeme.end
                    )
                )
            deep, too_deep = True, too_deep + 1
        elif lexeme.kind == ")" and too_deep:
            too_deep -= 1
        elif lexeme.kind == ")" and not open_at:
            if not stray:
                problems.append(
                    Problem("“)” closes nothing", "leave it out or write “(” before", lexeme.start, lexeme.end)
                )
            stray = True
        else:
            if lexeme.kind == "(":
                open_at.append(lexeme)
            elif lexeme.kind == ")":
                open_at.pop()
            kept.append(lexeme)
    if open_at:
        problems.append(Problem("“)” is missing", "close what you opened", open_at[-1].start, end))
    return kept + [Lexeme(")", ")", end, end)] * len(open_at)
