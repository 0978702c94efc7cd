"""The article in the plain text of a page, as somebody copied it.

Headline, standfirst, captions and paragraphs are told apart from share lines, promotions, pitches and the stories
listed below. Rules of form only; none knows a site. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from webapp.extract.daywords import day_in
from webapp.extract.noise import is_closing_line, is_noise_line, is_promo_label
from webapp.extract.text import folded, opening_of
from webapp.extract.tree import inner_html, new_element, squeeze

_SENTENCE_END = re.compile(r"[.!?…。！？؟۔:;][\"'”’»）)\]]*$|[\"”»」』]$")
_CREDIT = re.compile(
    r"\b(?:credit|photo(?:graph)?(?: by)?|picture|image|foto|crédit|צילום|تصوير)\s*[:：]"
    r"|\((?:AP|AFP|Reuters|EPA|Getty)\b[^)]{0,40}\)$"
    r"|(?:/|\bvia )(?:AP|AFP|Reuters|EPA|Getty(?: Images)?)\W*$",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"^(?:by|von|par|por|מאת|بقلم)\s*:?\s+(\S+(?:\s+\S+){0,8})$", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[•‣◦▪●·*–-]\s+|(\d{1,3})[.)]\s+)(?=\S)")
_PROSE_WORDS = 12  # fewer words make a headline, caption or remark likelier than a paragraph (taste)
_PROSE_LETTERS = 30  # the same for scripts without spaces
_CAPTION_WORDS = 50  # longer lines said twice are paragraphs copied twice (taste)
_WRAP_WIDTHS = range(50, 101)  # columns at which mail programs and text files break their lines


@dataclass(frozen=True, slots=True)
class Plain:
    title: str
    title_origin: str
    standfirst: str
    authors: tuple[str, ...]
    published_on: date | None
    html: str
    text: str
    captions: str


@dataclass(slots=True)
class _Heading:
    """What stands above the first paragraph, as it is taken off the top."""

    title: str = ""
    origin: str = ""
    standfirst: str = ""
    authors: tuple[str, ...] = ()
    published_on: date | None = None
    captions: list[str] = field(default_factory=list)


def read_plain(page: str, *, title: str, chosen: str | None = None) -> Plain:
    """The article in `page`. `title` is what the clip called it, used when given. `text` is "" without words.

    `chosen` are the paragraphs that a reader chose, in the place of those that look like the article's.
    """
    lines = [line for line in paragraphs_of(page) if any(letter.isalnum() for letter in line)]
    script = _main_script(lines)
    heading = _Heading(title=title, origin="clip" if title else "")
    rest = _take_heading(lines, heading)
    captions, rest = _take_captions(rest)
    rest = [line for line in rest if not _is_foreign(line, script)]
    body = _without_tail(rest)
    body = [line for line in body if not is_noise_line(line) and not is_promo_label(line)]
    while body and is_closing_line(body[-1]):
        body.pop()
    if chosen is not None:
        body, heading.standfirst, captions = paragraphs_of(chosen), "", []
    if not body:  # nothing looked like running text: everything is, but the title
        body = [line for line in lines if line != heading.title] or lines
        heading.standfirst, captions = "", []
    if not heading.title:
        heading.title, heading.origin = opening_of(" ".join(body), 80), "text"
    return Plain(
        title=heading.title,
        title_origin=heading.origin,
        standfirst=heading.standfirst,
        authors=heading.authors,
        published_on=heading.published_on,
        html=_as_html(body),
        text="\n".join(_BULLET.sub("", line) for line in body),
        captions="\n".join(dict.fromkeys([*heading.captions, *captions])),
    )


def paragraphs_of(page: str) -> list[str]:
    """The paragraphs of a text: its lines, or its groups of lines where they were broken at a fixed width."""
    page = page.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    lines = [line.strip() for line in page.split("\n")]
    if not _is_wrapped(lines):
        return [squeeze(line) for line in lines if line]
    groups: list[list[str]] = [[]]
    for line in lines:
        if not line:
            groups.append([])
        elif _BULLET.match(line) and groups[-1]:
            groups.append([line])
        else:
            groups[-1].append(line)
    return [squeeze(" ".join(group)) for group in groups if group]


def is_prose(line: str) -> bool:
    """Whether a line is a paragraph by its length and by ending as a sentence does."""
    return _is_long(line) and bool(_SENTENCE_END.search(line))


def _take_heading(lines: list[str], heading: _Heading) -> list[str]:
    """Title, standfirst, byline, date and the first captions, off the top; the other lines are returned."""
    rest = list(lines)
    while rest and not heading.title and (is_noise_line(rest[0]) or is_promo_label(rest[0])):
        rest.pop(0)
    if not heading.title and rest and _may_be_title(rest):
        heading.title, heading.origin = rest.pop(0), "first line"
    elif heading.title:
        wanted = folded(heading.title)
        for at, line in enumerate(rest[:12]):
            said = folded(line)
            if said and (said == wanted or (len(said) >= 16 and wanted.startswith(said))):
                rest = rest[at + 1 :]
                heading.title = line
                break
    taken: list[int] = []
    first_prose = next((at for at, line in enumerate(rest) if is_prose(line) and not _is_caption(rest, at)), len(rest))
    for at, line in enumerate(rest[: min(first_prose, 15)]):
        if _read_heading_line(rest, at, heading):
            taken.append(at)
        elif _may_be_standfirst(rest, at, heading):
            heading.standfirst = line
            taken.append(at)
    if not heading.standfirst and first_prose == 0 and _ends_heading(rest):
        heading.standfirst = rest[0]
        taken.append(0)
    return [line for at, line in enumerate(rest) if at not in taken]


def _read_heading_line(rest: list[str], at: int, heading: _Heading) -> bool:
    line = rest[at]
    byline = _BYLINE.match(line)
    if byline and len(line.split()) <= 9:
        heading.authors = heading.authors or tuple(
            name.strip() for name in re.split(r",|\band\b|&", byline[1]) if name.strip()
        )
        return True
    told = day_in(line) if len(line.split()) <= 10 else None
    if told is not None:
        heading.published_on = heading.published_on or told
        return True
    return is_noise_line(line)


def _may_be_title(rest: list[str]) -> bool:
    line = rest[0]
    if len(rest) == 1 or len(line) > 220 or (is_prose(line) and len(line.split()) > 25):
        return False
    return not line.endswith((".", "。", ",")) or len(line.split()) <= 8


def _may_be_standfirst(rest: list[str], at: int, heading: _Heading) -> bool:
    line = rest[at]
    if heading.standfirst or _is_caption(rest, at) or _BULLET.match(line):
        return False
    return 6 <= _length_in_words(line) <= 60 and at <= 3 and len(rest) > at + 1


def _ends_heading(rest: list[str]) -> bool:
    """A first sentence that is followed by a byline, a date, a share line or a caption stands above the body."""
    if len(rest) < 4:
        return False
    following = rest[1]
    is_byline = bool(_BYLINE.match(following)) and len(following.split()) <= 9
    return (
        is_byline
        or is_noise_line(following)
        or _is_caption(rest, 1)
        or (day_in(following) is not None and len(following.split()) <= 10)
    )


def _take_captions(rest: list[str]) -> tuple[list[str], list[str]]:
    captions: list[str] = []
    others: list[str] = []
    skip = -1
    for at, line in enumerate(rest):
        if at <= skip:
            continue
        if _is_caption(rest, at):
            if _is_doubled_by_next(rest, at):
                skip = at + 1
            captions.append(line)
        else:
            others.append(line)
    return captions, others


def _is_caption(rest: Sequence[str], at: int) -> bool:
    line = rest[at]
    return _is_doubled_by_next(rest, at) or (bool(_CREDIT.search(line)) and len(line.split()) <= 60)


def _is_doubled_by_next(rest: Sequence[str], at: int) -> bool:
    """A caption is often copied twice, the second time with its credit."""
    if at + 1 >= len(rest) or len(rest[at]) < 20 or len(rest[at].split()) > _CAPTION_WORDS:
        return False
    following = rest[at + 1]
    return following.startswith(rest[at]) and (len(following) - len(rest[at]) <= 80)


def _without_tail(lines: list[str]) -> list[str]:
    """The lines up to where the article ends: before the pitch or label below which no running text follows."""
    written = 0
    for at, line in enumerate(lines):
        ends_here = is_noise_line(line) or is_promo_label(line)
        if ends_here and written >= 2 and not _is_running_text(lines[at + 1 :]):
            return _trimmed(lines[:at])
        written += is_prose(line)
    return _trimmed(lines) if written >= 2 else lines


def _is_running_text(lines: list[str]) -> bool:
    """Whether paragraph follows paragraph somewhere: lists of other stories alternate captions and headlines."""
    kinds = [is_prose(line) for line in lines if not is_noise_line(line)]
    return any(one and other for one, other in pairwise(kinds)) or kinds == [True]


def _trimmed(lines: list[str]) -> list[str]:
    """Without the headlines and remarks behind the last paragraph."""
    last = max(
        (at for at, line in enumerate(lines) if is_prose(line) or _is_short_sentence(line)), default=len(lines) - 1
    )
    while last + 1 < len(lines) and _BULLET.match(lines[last + 1]):
        last += 1
    return lines[: last + 1]


def _is_short_sentence(line: str) -> bool:
    return len(line.split()) >= 4 and bool(re.search(r"[.!?。؟][\"'”’»)]*$", line))


def _is_long(line: str) -> bool:
    return len(line.split()) >= _PROSE_WORDS or _dense_letters(line) >= _PROSE_LETTERS


def _length_in_words(line: str) -> int:
    return max(len(line.split()), _dense_letters(line) // 2)


def _dense_letters(line: str) -> int:
    return sum("\u3040" <= letter <= "\u9fff" for letter in line)


def _is_wrapped(lines: list[str]) -> bool:
    """Whether most lines that go on in the next one end at the same width."""
    going_on = [len(line) for line, following in pairwise(lines) if line and following]
    if len(going_on) < 6 or len(going_on) < 0.5 * sum(bool(line) for line in lines):
        return False
    longest = max(going_on)
    return longest in _WRAP_WIDTHS and sum(size >= 0.75 * longest for size in going_on) >= 0.7 * len(going_on)


def _main_script(lines: list[str]) -> str:
    counts = Counter(script for line in lines for letter in line if (script := _script_of(letter)))
    return counts.most_common(1)[0][0] if counts else ""


def _is_foreign(line: str, script: str) -> bool:
    """A short line wholly in another script than the text: a picture's text, a strip of the site's other edition."""
    scripts = {found for letter in line if (found := _script_of(letter))}
    return bool(script) and bool(scripts) and script not in scripts and len(line.split()) <= 12


def _script_of(letter: str) -> str:
    if not letter.isalpha():
        return ""
    name = unicodedata.name(letter, "").split(" ", 1)[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA", "CJK", "FULLWIDTH") else name


def _as_html(body: list[str]) -> str:
    """Paragraphs; short lines between paragraphs as headings; lines with bullets or numbers as lists."""
    root = new_element("div")
    prose = sum(is_prose(line) for line in body)
    for at, line in enumerate(body):
        bullet = _BULLET.match(line)
        if bullet:
            tag = "ol" if bullet[1] else "ul"
            if not len(root) or root[-1].tag != tag:
                root.append(new_element(tag, **({"start": bullet[1]} if bullet[1] and bullet[1] != "1" else {})))
            root[-1].append(new_element("li", line[bullet.end() :]))
            continue
        heads = prose >= 3 and at + 1 < len(body) and is_prose(body[at + 1]) and len(line.split()) <= 10
        is_heading = heads and not re.search(r"[.!?,;:…。\"”’']$", line) and _length_in_words(line) <= 12
        root.append(new_element("h2" if is_heading else "p", line))
    return inner_html(root)
