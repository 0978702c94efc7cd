"""The blocks of a story's text, and how much each counts: running text fully, stray headlines and teasers hardly.

Pages bring other stories' headlines along, and six of them cost ten points of F1 (2026-11-23, 169 stories). A block
of at least 25 words that ends as a sentence is running text; a shorter sentence counts fully beside running text and
half elsewhere. Where hardly any text runs, nothing can be told from anything and all blocks count alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।](?:[\"'”’»)\]]*)\s*$|[:;]$")
_RUNNING_WORDS = 25
_SENTENCE_WORDS = 6
_LONE_SHARE, _STRAY_SHARE = 0.5, 0.1  # taste
_ENOUGH_WORDS = 60  # of running text; below, no block is called stray
_WIDEST = 110  # characters of lines that were broken to a width
_FEW_LINES = 5
_CJK = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Block:
    start: int
    end: int
    words: int
    is_sentence: bool


def blocks(text: str) -> list[tuple[Block, float]]:
    """Each paragraph of `text` with its share, 0 to 1."""
    found = []
    for match in _LINE.finditer(text):
        line = match.group()
        count = line.count(" ") + 1 + len(_CJK.findall(line)) // 2
        found.append(Block(match.start(), match.end(), count, bool(_SENTENCE_END.search(line.rstrip()))))
    if _is_wrapped(found):
        return [(block, 1.0) for block in found]
    running = [block.is_sentence and block.words >= _RUNNING_WORDS for block in found]
    if sum(block.words for block, runs in zip(found, running, strict=True) if runs) < _ENOUGH_WORDS:
        return [(block, 1.0) for block in found]
    return [(block, _share(found, running, at)) for at, block in enumerate(found)]


def _share(found: list[Block], running: list[bool], at: int) -> float:
    if running[at]:
        return 1.0
    if found[at].is_sentence and found[at].words >= _SENTENCE_WORDS:
        return 1.0 if any(running[max(0, at - 1) : at + 2]) else _LONE_SHARE
    return _STRAY_SHARE


def _is_wrapped(found: list[Block]) -> bool:
    """Whether the lines are pieces of paragraphs, broken to a width."""
    if len(found) < _FEW_LINES:
        return False
    unfinished = sum(not block.is_sentence for block in found)
    return max(block.end - block.start for block in found) <= _WIDEST and unfinished > len(found) / 2
