"""The comparison as a whole: facts beside the text, paragraphs, figures, notices, pictures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from webapp.versions.align import Budget
from webapp.versions.figures import figures_of
from webapp.versions.notices import is_notice
from webapp.versions.pairing import Pairs, pair
from webapp.versions.values import Difference, FieldChange, Figure, Notice, Paragraph, ParagraphKind, Wording
from webapp.versions.words import Run, RunKind, compared, runs_of, stretches_of, tokens_of

_BLANKS = re.compile(r"\s+")
_PARAGRAPHS = 30_000  # of a longer text several are taken for one: 2 s for 30,000 (measured 2026-11-24)
_FIGURES = 50  # told at most; taste
_AT_ENDS = 30  # paragraphs from the start and from the end among which a notice is looked for (taste)


def compare(old: Wording, new: Wording, *, budget: Budget | None = None) -> Difference:
    """What is different between two versions. Answers within seconds, whatever the texts: what is beyond the budget
    is shown as replaced whole.
    """
    budget = budget or Budget()
    fields = tuple(_fields(old, new, budget))
    telling = _Telling(_paragraphs(old.body), _paragraphs(new.body), budget)
    paragraphs = tuple(telling.all())
    came = Counter(new.pictures) - Counter(old.pictures)
    went = Counter(old.pictures) - Counter(new.pictures)
    return Difference(
        fields=fields,
        paragraphs=paragraphs,
        figures=tuple(dict.fromkeys(telling.figures))[:_FIGURES],
        notices=tuple(_notices(paragraphs)),
        pictures_added=came.total(),
        pictures_removed=went.total(),
    )


def _paragraphs(body: str) -> list[str]:
    lines = (_BLANKS.sub(" ", line).strip() for line in body.split("\n"))
    paragraphs = [line for line in lines if line]
    at_once = -(-len(paragraphs) // _PARAGRAPHS)  # 1 for every article that somebody wrote
    if at_once <= 1:
        return paragraphs
    return [" ".join(paragraphs[at : at + at_once]) for at in range(0, len(paragraphs), at_once)]


def _fields(old: Wording, new: Wording, budget: Budget) -> Iterator[FieldChange]:
    was, now = {"title": old.title, **dict(old.fields)}, {"title": new.title, **dict(new.fields)}
    for name in {**was, **now}:
        before, after = _BLANKS.sub(" ", was.get(name, "")).strip(), _BLANKS.sub(" ", now.get(name, "")).strip()
        if before != after:
            yield FieldChange(name, before, after, compared(before, after, budget))


class _Telling:
    """Tells what became of every paragraph, in the new order; what is gone stands behind what it stood behind."""

    def __init__(self, before: Sequence[str], after: Sequence[str], budget: Budget) -> None:
        self.before, self.after, self.budget = before, after, budget
        self.pairs: Pairs = pair(before, after, budget)
        self.staying = self.pairs.same | self.pairs.changed
        self.figures: list[Figure] = []

    def all(self) -> Iterator[Paragraph]:
        pairs = self.pairs
        came_from = {new_at: at for known in (pairs.same, pairs.changed, pairs.moved) for at, new_at in known.items()}
        gone_after = self._gone_after()
        yield from (self._gone(at) for at in gone_after.get(-1, []))
        for new_at in range(len(self.after)):
            at = came_from.get(new_at)
            if at is None:
                yield self._added(new_at)
                continue
            yield self._paired(at, new_at)
            if at in self.staying:
                yield from (self._gone(gone) for gone in gone_after.get(at, []))

    def _gone_after(self) -> dict[int, list[int]]:
        """By the old place of the paragraph that stays in order (-1: the beginning), those behind it that do not."""
        gone: dict[int, list[int]] = {}
        last = -1
        for at in range(len(self.before)):
            if at in self.staying:
                last = at
            else:
                gone.setdefault(last, []).append(at)
        return gone

    def _added(self, new_at: int) -> Paragraph:
        text = self.after[new_at]
        notice = _may_be_notice(new_at, self.after)
        runs = (Run(RunKind.NEW, text),)
        return Paragraph(kind=ParagraphKind.ADDED, runs=runs, new_number=new_at + 1, is_notice=notice)

    def _gone(self, at: int) -> Paragraph:
        runs = (Run(RunKind.OLD, self.before[at]),)
        if at in self.pairs.moved:
            new_number = self.pairs.moved[at] + 1
            return Paragraph(kind=ParagraphKind.LEFT, runs=runs, old_number=at + 1, new_number=new_number)
        notice = _may_be_notice(at, self.before)
        return Paragraph(kind=ParagraphKind.REMOVED, runs=runs, old_number=at + 1, is_notice=notice)

    def _paired(self, at: int, new_at: int) -> Paragraph:
        old, new, moved = self.before[at], self.after[new_at], at in self.pairs.moved
        plain = Paragraph(
            kind=ParagraphKind.MOVED if moved else ParagraphKind.SAME,
            runs=(Run(RunKind.SAME, new),),
            old_number=at + 1,
            new_number=new_at + 1,
            moved_up=moved and at - len(self.before) > new_at - len(self.after),
        )
        if old == new:
            return plain
        runs = self._word_by_word(old, new)
        return replace(
            plain,
            kind=ParagraphKind.MOVED if moved else ParagraphKind.CHANGED,
            runs=runs or (Run(RunKind.OLD, old), Run(RunKind.NEW, new)),
            is_notice=_may_be_notice(new_at, self.after) or _may_be_notice(at, self.before),
            is_coarse=not runs,
        )

    def _word_by_word(self, old: str, new: str) -> tuple[Run, ...]:
        """Empty when so much has been compared already that these two are not cut up any more."""
        if not self.budget.cuts(len(old) + len(new)):
            return ()
        before, after = tokens_of(old), tokens_of(new)
        stretches = stretches_of(before, after, self.budget)
        self.figures.extend(figures_of(stretches, before, after))
        return runs_of(stretches, before, after)


def _may_be_notice(at: int, paragraphs: Sequence[str]) -> bool:
    return (at < _AT_ENDS or at >= len(paragraphs) - _AT_ENDS) and is_notice(paragraphs[at])


def _notices(paragraphs: Sequence[Paragraph]) -> Iterator[Notice]:
    for paragraph in paragraphs:
        if paragraph.is_notice and paragraph.kind is not ParagraphKind.SAME:
            side = RunKind.OLD if paragraph.kind is ParagraphKind.REMOVED else RunKind.NEW
            text = "".join(run.text for run in paragraph.runs if run.kind in (RunKind.SAME, side))
            yield Notice(paragraph.kind, text)
