"""A story as the matcher reads it: words with their offsets, and how much each block counts.

Pages bring other stories' headlines and captions along. Blocks of running text count; short ones and those without
an end of sentence count little, and least where there is no running text around them. Where a story has hardly any
running text, nothing can be told from anything and all blocks count alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from webapp.evidence import Story, Where
from webapp.place_keys import word_key

# What is read of each part, in characters: more does not change what a story is about, and time stays bounded.
READ = {Where.TITLE: 600, Where.STANDFIRST: 3_000, Where.BODY: 16_000, Where.CAPTIONS: 4_000}

_MARK = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
_WORD = re.compile(
    rf"(?:[^\W\d_]\.){{2,}}(?:[^\W\d_]+\.?)?"  # U.S., W.Va.
    rf"|[^\W_](?:[^\W_]|[{_MARK}])*(?:(?:['’ʼ׳״]|(?<=[\u05d0-\u05ea])\"(?=[\u05d0-\u05ea]))[^\W_](?:[^\W_]|[{_MARK}])*)*['’]?"
)
_POSSESSIVE = re.compile(r"(?<=..)(?:['’]s|(?<=s)['’]|['’])$", re.IGNORECASE)
_TURKISH_CASE = re.compile(r"(?<=..)['’]\w*$")  # Türkiye'nin
_ELISION = re.compile(r"^(?:[ldnmsjc]|qu|dell|all|nell|sull|dall)['’](?=\w\w)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*\s*$")
_LONG_WORDS = 25  # words of a block that is running text (studies of news pages: boilerplate blocks are shorter)
_SENTENCE_WORDS = 6  # of a block that may be a paragraph
_LABEL_WORDS = 3  # of a block that parts nothing
_MAIN = 0.4  # of the longest run's words, from which another run is the story too; taste, held by tests/cases/suggest
# How much blocks count: a run away from the story that shares words with the title, one that shares none, no sentence.
_TOLD, _ASIDE, _STRAY = 0.5, 0.12, 0.08
_WIDEST = 150  # characters of a line that was broken to a width
_FEW_LINES, _BROKEN_SHARE = 4, 0.2  # lines below which nothing is told; share that ends within a sentence
_LONG_LINE = 40  # characters of an unfinished line that one in lower case continues
_FULL_LINE = 0.75  # of the width: a shorter line that ends a sentence ends a paragraph
_BRIEF_WORDS = 120  # of a story that is a brief; a paragraph of news has 40 to 60
_STEM = 6  # letters by which a word of the title is known again: "Mozambique", "Mozambicans"
_LEAD_CHARACTERS = 300
_TITLE_WEIGHT, _LEAD_WEIGHT, _TAIL_WEIGHT, _CAPTION_WEIGHT = 3.0, 2.0, 0.6, 0.3  # fitted, see docs/suggesting.md
_DATELINE = re.compile(
    r"\s*(?P<place>[A-Z][^\n]{1,70}?)\s*(?P<agency>\([A-Z][^)\n]{1,30}\)\s*)?(?:[-–—]{1,2}|:)\s", re.UNICODE
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(slots=True)
class Word:
    """A word of the story.

    `share` says how much its block counts as story, `weight` also where it stands. `gap` is what stands between it
    and the word before in the same block ("\n" at a start).
    """

    where: Where
    start: int
    end: int
    raw: str
    key: str
    gap: str
    weight: float
    share: float
    block: int
    is_capital: bool
    is_cased: bool
    is_shouted: bool  # in capitals throughout, two letters at least
    is_dateline: bool = False


@dataclass(frozen=True, slots=True)
class Manner:
    """How the story is told, which changes what a mention in it is worth."""

    is_wire_copy: bool  # "SYRIA SENDS TROOPS / LONDON, Jan 3 - …": agencies once filed a story under its dateline too
    is_brief: bool  # a paragraph or two, in which every country is one that it is about


@dataclass(frozen=True, slots=True)
class Reading:
    words: tuple[Word, ...]
    shouted_blocks: frozenset[int]  # blocks written in capitals throughout
    titled_blocks: frozenset[int]  # blocks that write Most Words Like This
    lower_keys: frozenset[str]  # words that stand in lower case somewhere
    has_capitals: bool
    manner: Manner


@dataclass(frozen=True, slots=True)
class _Block:
    where: Where
    start: int
    end: int
    words: int
    is_sentence: bool
    is_title_case: bool
    keys: frozenset[str]  # its longer words, to be compared with the title's


def read(story: Story) -> Reading:
    words: list[Word] = []
    shouted: set[int] = set()
    titled: set[int] = set()
    number, is_wire_copy = 0, False
    title = _telling(f"{story.title} {story.standfirst}"[: READ[Where.STANDFIRST]])
    for where in Where:
        text = story.part(where)[: READ[where]]
        blocks = list(_blocks(where, text))
        is_wire = where is Where.BODY and 0 in shouted and bool(blocks) and _dateline_end(text, blocks[0].start) > 0
        is_wire_copy = is_wire_copy or is_wire
        shares = [1.0] * len(blocks) if is_wire else _shares(where, blocks, title)
        for block, share in zip(blocks, shares, strict=True):
            some = _words(text, block, number, share, is_turkish=story.language.lower().startswith("tr"))
            _weigh(where, some, blocks, shares)
            words += some
            if block.is_title_case:
                titled.add(number)
            if _is_shouted(some):
                shouted.add(number)
            number += 1
        if where is Where.BODY:
            _mark_dateline(text, [word for word in words if word.where is where and word.share >= _TOLD])
    lower = frozenset(word.key for word in words if word.is_cased and not word.is_capital)
    cased = [word for word in words if word.is_cased]
    has_capitals = any(word.is_capital for word in cased) or not cased
    is_brief = sum(word.share >= _TOLD for word in words) < _BRIEF_WORDS
    manner = Manner(is_wire_copy=is_wire_copy, is_brief=is_brief and not is_wire_copy)
    return Reading(tuple(words), frozenset(shouted), frozenset(titled), lower, has_capitals, manner)


def is_cjk(text: str) -> bool:
    return _CJK.search(text) is not None


def _blocks(where: Where, text: str) -> list[_Block]:
    """Paragraphs; lines that were broken to a width are put together again."""
    lines = [match.span() for match in re.finditer(r"[^\n]*\S[^\n]*", text)]
    width = _wrapped_at(text)
    indented = sum(text[start].isspace() for start, _ in lines) > 0.7 * len(lines)
    found: list[tuple[int, int]] = []
    for start, end in lines:
        if found and _goes_on(text, found[-1], start, width, is_indent_a_sign=not indented):
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    blocks = []
    for start, end in found:
        piece = text[start:end].strip()
        at = start + text[start:end].index(piece[0])
        blocks.append(_block(where, at, piece))
    return blocks


def _goes_on(text: str, before: tuple[int, int], start: int, width: int, *, is_indent_a_sign: bool) -> bool:
    """Whether the line at `start` continues the one before it."""
    if text.count("\n", before[1], start) > 1 or (is_indent_a_sign and text[start : start + 2].isspace()):
        return False
    last = text[max(before[0], text.rfind("\n", before[0], before[1]) + 1) : before[1]].rstrip()
    if not width:
        is_unfinished = len(last) >= _LONG_LINE and not _SENTENCE_END.search(last)
        return is_unfinished and text[start : start + 40].lstrip()[:1].islower()
    return not _SENTENCE_END.search(last) or len(last) >= _FULL_LINE * width


def _block(where: Where, start: int, piece: str) -> _Block:
    parts = piece.split()
    count = len(parts) + sum(len(_CJK.findall(part)) // 2 for part in parts if is_cjk(part))
    long_words = [part for part in parts if len(part) > 3 and part[0].isalpha()]
    capitals = sum(part[0].isupper() for part in long_words)
    is_title_case = len(long_words) >= 3 and capitals >= 0.75 * len(long_words)
    is_sentence = bool(_SENTENCE_END.search(piece))
    return _Block(where, start, start + len(piece), count, is_sentence, is_title_case, _telling(piece))


def _telling(text: str) -> frozenset[str]:
    """The words that a title and its story share, roughly: long ones, by their first letters."""
    return frozenset(word[:_STEM] for word in re.findall(r"[^\W\d_]{4,}", text.casefold()))


def _wrapped_at(text: str) -> int:
    """The width to which the lines of the text were broken, or 0 when each line is a paragraph."""
    lines = [line.rstrip() for line in text[:8_000].split("\n") if line.strip()]
    longest = max(map(len, lines), default=0)
    if len(lines) < _FEW_LINES or longest > _WIDEST:
        return 0
    broken = sum(
        len(one) >= 0.4 * longest and not _SENTENCE_END.search(one) and two.lstrip()[:1].islower()
        for one, two in pairwise(lines)
    )
    return longest if broken >= _BROKEN_SHARE * len(lines) else 0


def _shares(where: Where, blocks: list[_Block], title: frozenset[str]) -> list[float]:
    """How much each block counts as part of the story, 0 to 1."""
    everything = [1.0] * len(blocks)
    runs = _runs(blocks)
    told = [run for run in runs if any(blocks[at].keys & title for at in run)] or runs
    if where is not Where.BODY or not any(blocks[at].words >= _SENTENCE_WORDS for run in told for at in run):
        return everything
    size = {run: sum(blocks[at].words for at in run) for run in runs}
    most = max(size[run] for run in told)
    main = [run for run in told if size[run] >= _MAIN * most]
    begin, end = main[0].start, main[-1].stop
    shares = [_STRAY] * len(blocks)
    for run in runs:
        if run in main or begin <= run.start < end or (len(run) > 1 and size[run] >= _MAIN * most):
            share = 1.0
        else:
            share = _TOLD if run in told else _ASIDE
        for at in run:
            shares[at] = share
    return shares


def _runs(blocks: list[_Block]) -> list[range]:
    """Blocks of sentences that follow one another; labels of a few words ("Advertisement") do not part them."""
    runs: list[range] = []
    begin = None
    for at, block in enumerate(blocks):
        if block.is_sentence and block.words >= _SENTENCE_WORDS:
            begin = at if begin is None else begin
        elif begin is not None and block.words > _LABEL_WORDS:
            runs.append(range(begin, at))
            begin = None
    if begin is not None:
        runs.append(range(begin, len(blocks)))
    return runs


def _words(text: str, block: _Block, number: int, share: float, *, is_turkish: bool) -> list[Word]:
    found: list[Word] = []
    last = block.start
    for match in _WORD.finditer(text, block.start, block.end):
        start, end = match.span()
        raw = match.group()
        if "'" in raw or "’" in raw:
            if elided := _ELISION.match(raw):
                start += elided.end()
                raw = raw[elided.end() :]
            shorter = (_TURKISH_CASE if is_turkish else _POSSESSIVE).sub("", raw)
            end -= len(raw) - len(shorter)
            raw = shorter
        first = raw[0]
        is_capital = first.isupper()
        is_cased = is_capital or first.islower()
        gap = text[last:start] if found else "\n"
        found.append(
            Word(
                block.where, start, end, raw, word_key(raw), gap, share, share, number, is_capital, is_cased,
                is_capital and len(raw) > 1 and raw.isupper(),
            )
        )  # fmt: skip
        last = end
    return found


def _weigh(where: Where, words: list[Word], blocks: list[_Block], shares: list[float]) -> None:
    """Title, lead, rest and tail: what stands in front counts more."""
    fixed = {Where.TITLE: _TITLE_WEIGHT, Where.STANDFIRST: _LEAD_WEIGHT, Where.CAPTIONS: _CAPTION_WEIGHT}.get(where)
    if fixed is not None:
        for word in words:
            word.weight *= fixed
        return
    told = [block for block, share in zip(blocks, shares, strict=True) if share >= _TOLD]
    long_blocks = [block for block in told if block.is_sentence and block.words >= _LONG_WORDS] or told or blocks
    begin, end = long_blocks[0].start, long_blocks[-1].end
    length = max(1, end - begin)
    lead_end = begin + max(_LEAD_CHARACTERS, 0.15 * length)
    tail_start = begin + 0.8 * length if length > 1_500 else end + 1
    for word in words:
        if word.start < lead_end:
            word.weight *= _LEAD_WEIGHT
        elif word.start >= tail_start:
            word.weight *= _TAIL_WEIGHT


def _is_shouted(words: list[Word]) -> bool:
    letters = [word for word in words if word.is_cased and len(word.raw) > 1]
    return len(letters) >= 2 and sum(word.is_shouted for word in letters) >= 0.8 * len(letters)


def _mark_dateline(text: str, words: list[Word]) -> None:
    """'LONDON, Jan 3 (Reuters) -' where the story begins, which says where the reporter sat."""
    end = _dateline_end(text, words[0].start) if words else 0
    for word in words:
        if word.start >= end:
            break
        word.is_dateline = True


def _dateline_end(text: str, start: int) -> int:
    """Where the dateline that begins at `start` ends, or 0."""
    match = _DATELINE.match(text, start)
    if match is None:
        return 0
    first = match["place"].split(",")[0].split("(")[0].split()
    is_shouted = bool(first) and len(first[0]) > 1 and all(part.isupper() or not part.isalpha() for part in first)
    return match.end() if match["agency"] or is_shouted else 0
