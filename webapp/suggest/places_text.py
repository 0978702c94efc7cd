"""A story as the matcher reads it: words with their offsets, and how much each block counts.

Pages bring other stories' headlines and captions along. Blocks of running text count; short ones and those without
an end of sentence count little, and least where there is no running text around them. Where a story has hardly any
running text, nothing can be told from anything and all blocks count alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from webapp.evidence import Story, Where
from webapp.place_keys import word_key

# What is read of each part, in characters: more does not change what a story is about, and time stays bounded.
READ = {Where.TITLE: 600, Where.STANDFIRST: 3_000, Where.BODY: 40_000, Where.CAPTIONS: 4_000}

_MARK = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
_LETTERS = rf"[^\W_][^\W_{_MARK}]*[{_MARK}]*"
_WORD = re.compile(
    rf"(?:[^\W\d_]\.){{2,}}(?:[^\W\d_]+\.?)?"  # U.S., W.Va.
    rf"|[^\W_](?:[^\W_]|[{_MARK}])*(?:(?:['’ʼ׳״]|(?<=[\u05d0-\u05ea])\"(?=[\u05d0-\u05ea]))[^\W_](?:[^\W_]|[{_MARK}])*)*['’]?"
)
_POSSESSIVE = re.compile(r"(?<=..)(?:['’]s|(?<=s)['’]|['’])$", re.IGNORECASE)
_ELISION = re.compile(r"^(?:[ldnmsjc]|qu|dell|all|nell|sull|dall)['’](?=\w\w)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…。！？؟।](?:[\"'”’»)\]]*)\s*$|[:;]$")
_LONG_WORDS = 25  # words of a block that is running text (studies of news pages: boilerplate blocks are shorter)
_SHORT_SHARE = 0.5  # of a block that is a sentence but short, with running text on both sides; taste
_STRAY = 0.08  # of a block that is no sentence
_NEIGHBOURS = 2  # blocks on each side that are looked at
_ENOUGH_WORDS = 60  # of running text; below it, no block is called stray
_LEAD_CHARACTERS = 300
_TITLE_WEIGHT, _LEAD_WEIGHT, _TAIL_WEIGHT, _CAPTION_WEIGHT = 3.0, 2.0, 0.6, 0.3  # fitted, see docs/suggesting.md
_DATELINE = re.compile(
    r"\s*(?P<place>[A-Z][^\n]{1,70}?)\s*(?P<agency>\([A-Z][^)\n]{1,30}\)\s*)?(?:[-–—]{1,2}|:)\s", re.UNICODE
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(slots=True)
class Word:
    """A word of the story. `gap` is what stands between it and the word before in the same block ("\n" at a start)."""

    where: Where
    start: int
    end: int
    raw: str
    key: str
    gap: str
    weight: float
    block: int
    is_capital: bool
    is_cased: bool
    is_shouted: bool  # in capitals throughout, two letters at least
    is_dateline: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    words: tuple[Word, ...]
    shouted_blocks: frozenset[int]  # blocks written in capitals throughout
    titled_blocks: frozenset[int]  # blocks that write Most Words Like This
    lower_keys: frozenset[str]  # words that stand in lower case somewhere
    has_capitals: bool


@dataclass(frozen=True, slots=True)
class _Block:
    where: Where
    start: int
    end: int
    words: int
    is_sentence: bool
    is_title_case: bool


def read(story: Story) -> Reading:
    words: list[Word] = []
    shouted: set[int] = set()
    titled: set[int] = set()
    number = 0
    for where in Where:
        text = story.part(where)[: READ[where]]
        blocks = list(_blocks(where, text))
        for block, share in zip(blocks, _shares(where, blocks), strict=True):
            some = list(_words(text, block, number, share))
            _weigh(where, some, blocks)
            words += some
            if block.is_title_case:
                titled.add(number)
            if _is_shouted(some):
                shouted.add(number)
            number += 1
        if where is Where.BODY and blocks:
            _mark_dateline(text, [word for word in words if word.where is where])
    lower = frozenset(word.key for word in words if word.is_cased and not word.is_capital)
    cased = [word for word in words if word.is_cased]
    has_capitals = any(word.is_capital for word in cased) or not cased
    return Reading(tuple(words), frozenset(shouted), frozenset(titled), lower, has_capitals)


def is_cjk(text: str) -> bool:
    return _CJK.search(text) is not None


def _blocks(where: Where, text: str) -> list[_Block]:
    """Paragraphs; lines that were broken to a width are put together again."""
    is_wrapped = _is_wrapped(text)
    pattern = re.compile(r"(?:(?!\n[ \t]*\n|\n {2,}|\n\t)[\s\S])+" if is_wrapped else r"[^\n]+")
    found = []
    for match in pattern.finditer(text):
        piece = match.group().strip()
        if piece:
            at = match.start() + match.group().index(piece[0])
            found.append(_block(where, at, piece))
    return found


def _block(where: Where, start: int, piece: str) -> _Block:
    parts = piece.split()
    count = len(parts) + sum(len(_CJK.findall(part)) // 2 for part in parts if is_cjk(part))
    long_words = [part for part in parts if len(part) > 3 and part[0].isalpha()]
    capitals = sum(part[0].isupper() for part in long_words)
    is_title_case = len(long_words) >= 3 and capitals >= 0.75 * len(long_words)
    return _Block(where, start, start + len(piece), count, bool(_SENTENCE_END.search(piece)), is_title_case)


def _is_wrapped(text: str) -> bool:
    lines = [line for line in text[:8_000].split("\n") if line.strip()]
    if len(lines) < 4:
        return False
    continued = sum(
        1
        for one, two in zip(lines, lines[1:], strict=False)
        if 35 <= len(one) <= 100 and not _SENTENCE_END.search(one) and two[:1].islower()
    )
    return continued >= 0.25 * len(lines) and max(map(len, lines)) <= 110


def _shares(where: Where, blocks: list[_Block]) -> list[float]:
    """How much each block counts as part of the story, 0 to 1."""
    if where is not Where.BODY:
        return [1.0] * len(blocks)
    running = [block.is_sentence and block.words >= _LONG_WORDS for block in blocks]
    if sum(block.words for block, runs in zip(blocks, running, strict=True) if runs) < _ENOUGH_WORDS:
        return [1.0] * len(blocks)
    solid = [runs or block.is_sentence and block.words >= 6 for block, runs in zip(blocks, running, strict=True)]
    shares = []
    for at, block in enumerate(blocks):
        before = running[max(0, at - _NEIGHBOURS) : at]
        after = running[at + 1 : at + 1 + _NEIGHBOURS]
        near = blocks[max(0, at - 3) : at + 4]
        flow = [solid[place] for place in range(max(0, at - 3), min(len(blocks), at + 4)) if place != at]
        company = sum(flow) / len(flow) if flow else 1.0
        if running[at]:
            shares.append(1.0 if company >= 0.5 or any(before) or any(after) or len(near) < 3 else 0.35)
        elif solid[at]:
            is_inside = (any(before) or at == 0) and any(after) or company >= 0.8
            shares.append(1.0 if is_inside and company >= 0.6 else _SHORT_SHARE if is_inside else 0.15)
        else:
            shares.append(_STRAY)
    return shares


def _words(text: str, block: _Block, number: int, share: float) -> list[Word]:
    found: list[Word] = []
    last = block.start
    for match in _WORD.finditer(text, block.start, block.end):
        start, end = match.span()
        raw = match.group()
        if elided := _ELISION.match(raw):
            start += elided.end()
            raw = raw[elided.end() :]
        shorter = _POSSESSIVE.sub("", raw)
        end -= len(raw) - len(shorter)
        raw = shorter
        first = raw[0]
        is_capital = first.isupper()
        is_cased = is_capital or first.islower()
        gap = text[last:start] if found else "\n"
        found.append(
            Word(
                block.where, start, end, raw, word_key(raw), gap, share, number, is_capital, is_cased,
                is_capital and len(raw) > 1 and raw.isupper(),
            )
        )  # fmt: skip
        last = end
    return found


def _weigh(where: Where, words: list[Word], blocks: list[_Block]) -> None:
    """Title, lead, rest and tail: what stands in front counts more."""
    fixed = {Where.TITLE: _TITLE_WEIGHT, Where.STANDFIRST: _LEAD_WEIGHT, Where.CAPTIONS: _CAPTION_WEIGHT}.get(where)
    if fixed is not None:
        for word in words:
            word.weight *= fixed
        return
    long_blocks = [block for block in blocks if block.is_sentence and block.words >= _LONG_WORDS] or blocks
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
    if not words:
        return
    match = _DATELINE.match(text, max(0, words[0].start - 1))
    if match is None:
        return
    place = match["place"]
    first = place.split(",")[0].split("(")[0].split()
    if match["agency"] or (first and all(part.isupper() or not part.isalpha() for part in first) and len(first[0]) > 1):
        for word in words:
            if word.start >= match.end():
                break
            word.is_dateline = True
