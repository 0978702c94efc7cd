"""How well the article is taken out of real pages, next to trafilatura in the same run.

    python -m benchmarks.extraction --pages DIR [--truth FILE] [--worst N]

DIR holds `<id>.html.gz` or `<id>.html`; FILE (default: ground-truth.json beside or in DIR) maps an id to
{"articleBody": …, "url": …}. Measure: multiset overlap of 4-word shingles a page; precision and recall averaged over
pages, F1 of the two averages (as the article-extraction benchmark defines it); CPU is user time of this process.
Exit 1 if our F1 is below the better of the two trafilaturas.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

_WORD = re.compile(r"\w+")
_SHINGLE = 4


class Score(NamedTuple):
    precision: float | None  # None: the extractor said nothing, or there was nothing to say
    recall: float | None


class Total(NamedTuple):
    f1: float
    precision: float
    recall: float


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)) if words)


def score(truth: str, guess: str) -> Score:
    """Precision and recall of one page's text, 0 to 1."""
    wanted, got = shingles(truth), shingles(guess)
    hits = sum((wanted & got).values())
    return Score(
        hits / got.total() if got else None,
        hits / wanted.total() if wanted else None,
    )


def total(scores: list[Score]) -> Total:
    precisions = [each.precision for each in scores if each.precision is not None]
    recalls = [each.recall for each in scores if each.recall is not None]
    precision = sum(precisions) / max(1, len(precisions))
    recall = sum(recalls) / max(1, len(recalls))
    return Total(2 * precision * recall / (precision + recall) if precision + recall else 0.0, precision, recall)


def ours(page: str, url: str) -> str:
    from benchmarks.adapters import extract

    return str(extract(page, url)["body_text"])


def trafilatura_default(page: str, url: str) -> str:
    import trafilatura

    return trafilatura.extract(page, url=url, include_comments=False) or ""


def trafilatura_precision(page: str, url: str) -> str:
    import trafilatura

    return trafilatura.extract(page, url=url, include_comments=False, favor_precision=True) or ""


RUNNERS: dict[str, Callable[[str, str], str]] = {
    "trafilatura": trafilatura_default,
    "trafilatura precision": trafilatura_precision,
    "ours": ours,
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--worst", type=int, default=5, help="print that many pages where we do worst")
    chosen = parser.parse_args(arguments)
    pages = _read_pages(chosen.pages, chosen.truth)
    totals: dict[str, Total] = {}
    per_page: dict[str, list[Score]] = {}
    print(f"{len(pages)} pages\n{'':24}{'F1':>8}{'precision':>11}{'recall':>8}{'CPU ms/page':>13}{'raised':>8}")
    for name, run in RUNNERS.items():
        per_page[name], cpu_s, raised = _measure(run, pages)
        totals[name] = total(per_page[name])
        f1, precision, recall = totals[name]
        print(f"{name:24}{f1:8.4f}{precision:11.4f}{recall:8.4f}{1000 * cpu_s / max(1, len(pages)):13.1f}{raised:8d}")
    _print_worst(pages, per_page["ours"], chosen.worst)
    best = max(each.f1 for name, each in totals.items() if name != "ours")
    print(f"ours minus the better trafilatura: {totals['ours'].f1 - best:+.4f}")
    return 0 if totals["ours"].f1 >= best else 1


def _read_pages(folder: Path, truth_file: Path | None) -> list[tuple[str, str, str, str]]:
    """(id, address, page, truth) of every page that has both."""
    files = [truth_file] if truth_file else [folder / "ground-truth.json", folder.parent / "ground-truth.json"]
    found = next((file for file in files if file.exists()), None)
    if found is None:
        raise SystemExit(f"no ground-truth.json in {folder} or above it; name it with --truth")
    truth = json.loads(found.read_text(encoding="utf-8"))
    pages = []
    for identity in sorted(truth):
        packed, plain = folder / f"{identity}.html.gz", folder / f"{identity}.html"
        if packed.exists():
            page = gzip.decompress(packed.read_bytes()).decode("utf-8", "replace")
        elif plain.exists():
            page = plain.read_text(encoding="utf-8", errors="replace")
        else:
            continue
        address = truth[identity].get("url") or f"https://example.org/{identity}"
        pages.append((identity, address, page, truth[identity]["articleBody"]))
    return pages


def _measure(run: Callable[[str, str], str], pages: list[tuple[str, str, str, str]]) -> tuple[list[Score], float, int]:
    if pages:
        run(pages[0][2], pages[0][1])  # imports and caches are not the page's cost
    scores, raised = [], 0
    started = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    for _, address, page, truth in pages:
        try:
            text = run(page, address)
        except Exception as error:  # a peer's crash is a result here, not the end of the run
            print(f"  raised: {address} {error!r}", file=sys.stderr)
            text, raised = "", raised + 1
        scores.append(score(truth, text))
    return scores, resource.getrusage(resource.RUSAGE_SELF).ru_utime - started, raised


def _print_worst(pages: list[tuple[str, str, str, str]], scores: list[Score], number: int) -> None:
    def harmonic(at: int) -> float:
        precision, recall = scores[at].precision or 0.0, scores[at].recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    for at in sorted(range(len(pages)), key=harmonic)[:number]:
        print(f"  {harmonic(at):.2f}  {pages[at][1][:100]}")


if __name__ == "__main__":
    raise SystemExit(main())
