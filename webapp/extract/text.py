"""The plain text of an article's mark-up, for search and for counting: one block a line. Pure."""

from __future__ import annotations

import re
import unicodedata

from webapp.extract.tree import BLOCKS, PLAYER, Element, squeeze

_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_TOKEN = re.compile(r"\w+")
_WORD = re.compile(r"\w[\w'’\u0300-\u036f\u0591-\u05c7\u064b-\u0652-]*")


def text_of_blocks(root: Element, *, without: tuple[str, ...] = ("figcaption",)) -> str:
    """The words of `root`, each block on a line of its own, without the elements named in `without`."""
    lines: list[str] = []
    line: list[str] = []

    def close(*, exactly: bool = False) -> None:
        text = "".join(line)
        line.clear()
        if exactly:
            lines.extend(part.rstrip() for part in text.strip("\n").split("\n"))
        elif text := squeeze(text):
            lines.append(text)

    def walk(element: Element) -> None:
        if not isinstance(element.tag, str) or element.tag in without or element.get(PLAYER):
            return
        if element.tag == "br":
            line.append("\n" if any(above.tag == "pre" for above in element.iterancestors()) else " ")
            return
        is_block = element.tag in BLOCKS
        if is_block:
            close()
        line.append(element.text or "")
        for child in element:
            walk(child)
            line.append(child.tail or "")
        if is_block:
            close(exactly=element.tag == "pre")

    walk(root)
    close()
    return "\n".join(lines)


def count_words(text: str) -> int:
    """Words as a reader counts them; in scripts without spaces, two letters are a word.

    Source: mean word length of Chinese and Japanese prose is about 1.5 to 2 letters.
    """
    dense = len(_WITHOUT_SPACES.findall(text))
    spaced = _WORD.findall(_WITHOUT_SPACES.sub(" ", text))
    return len(spaced) + (dense + 1) // 2


def words_of(text: str) -> list[str]:
    """The words that two texts are compared by; in scripts without spaces each letter is one."""
    return _TOKEN.findall(_WITHOUT_SPACES.sub(r" \g<0> ", text))


def opening_of(text: str, limit_chars: int = 280) -> str:
    """The beginning of `text`, ended at a word, with an ellipsis where it goes on."""
    flat = squeeze(text)
    if len(flat) <= limit_chars:
        return flat
    cut = flat[:limit_chars]
    blank = cut.rfind(" ")
    return (cut[:blank] if blank > limit_chars // 2 else cut).rstrip(" ,;:–-") + "…"


def folded(text: str) -> str:
    """Letters and digits only, case-folded: what is compared when two lines should say the same."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())
