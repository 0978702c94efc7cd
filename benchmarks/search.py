"""Our search engine beside those a reader might have instead, in one run over the same invented articles.

    python benchmarks/search.py --docs N --engines dateline,fts5,like,tantivy,whoosh --json FILE

120 questions in twelve classes (`questions.py`); the answer is always the exact total and the ten best, and in two
classes facets or snippets. Each phase of each engine (build, query, open, write) runs in a process of its own. FILE
gets {engine: {class: {"p50_ms", "p95_ms", "first_ms", "found"}, "build", "size", "memory", "open", "add_one",
"during_writes"}}; times are CPU, user and system, of all threads, unless called wall. A class that an engine cannot
answer is not there. Prints the same as Markdown, with ratios to FTS5 and tantivy, and how far we are from the limit.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__" and not __package__:  # run as a file: its folder is on the path, where the package is not
    sys.path[0] = str(ROOT)

from benchmarks import peers  # noqa: E402
from benchmarks.corpus import Corpus  # noqa: E402
from benchmarks.measuring import Order  # noqa: E402
from benchmarks.questions import questions  # noqa: E402

Figures = dict[str, Any]
OPENINGS = 3  # times the index is opened, each in a new process; the median counts
RIVALS = {"FTS5": ("fts5", "fts5-prefix"), "tantivy": ("tantivy",)}  # the better of several is taken, class by class
_LIBRARIES = {"tantivy": "tantivy", "whoosh": "whoosh"}


def main(arguments: list[str] | None = None) -> int:
    chosen = _options(arguments)
    engines = [name for name in chosen.engines.split(",") if name]
    if unknown := set(engines) - set(peers.NAMES):
        raise SystemExit(f"there is no engine {', '.join(sorted(unknown))}; there are {', '.join(peers.NAMES)}")
    asked = tuple(questions(Corpus(), chosen.docs))
    measured: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory(prefix="dateline-search-", dir=chosen.folder) as folder:
        for name in engines:
            if name in _LIBRARIES and find_spec(_LIBRARIES[name]) is None:
                print(f"{name}: not installed, left out", file=sys.stderr)
                continue
            print(f"{name} …", file=sys.stderr)
            measured[name] = measure(name, Path(folder) / name, chosen.docs, asked, chosen.budget)
            if chosen.json:  # after each, since a run of a million takes hours
                chosen.json.write_text(json.dumps(measured, indent=2))
    print(tables(measured, chosen.docs))
    return 0


def measure(name: str, folder: Path, articles: int, asked: tuple[peers.Question, ...], budget_s: float) -> Figures:
    """All phases of one engine, one process after the other; the index stays in `folder` as it was built."""

    def run(phase: str, folder: Path, imports: tuple[str, ...] = ()) -> Figures:
        return _in_a_process(
            Order(
                engine=name,
                phase=phase,
                folder=folder,
                articles=articles,
                questions=asked,
                budget_s=budget_s,
                imports=imports,
            )
        )

    built = run("build", folder)
    asked_often = run("query", folder)
    needed = tuple(run("open", folder)["imports"])
    openings = [run("open", folder, needed)["open"] for _ in range(OPENINGS)]
    copy = folder.with_name(f"{name}-written")
    shutil.copytree(folder, copy)
    written = run("write", copy)
    shutil.rmtree(copy)
    middle = sorted(openings, key=lambda opened: opened["cpu_ms"])[OPENINGS // 2]
    figures = {**asked_often, **built, "open": middle, **written}
    if name == "dateline":
        from benchmarks.limits import limits

        figures["limits"] = limits(folder, asked, built["size"]["text_mb"] * 1e6 / articles)
    return figures


def _in_a_process(order: Order) -> Figures:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measuring"], input=pickle.dumps(order), stdout=subprocess.PIPE, cwd=ROOT
    )
    if done.returncode:
        raise SystemExit(f"{order.engine} could not be measured: {order.phase} failed")
    figures: Figures = json.loads(done.stdout)
    return figures


def tables(measured: dict[str, Figures], articles: int) -> str:
    """Markdown: classes, everything else, and the distance from the limit."""
    parts = [f"### {articles:,} articles\n", _classes(measured), _others(measured)]
    if "limits" in measured.get("dateline", {}):
        parts.append(_distances(measured["dateline"]))
    return "\n".join(parts)


def _classes(measured: dict[str, Figures]) -> str:
    rivals = {title: names for title, names in RIVALS.items() if any(name in measured for name in names)}
    compared = rivals if "dateline" in measured else {}
    rows = [["CPU ms, p50 / p95 / first", *measured, *(f"{title} ÷ ours" for title in compared)]]
    for kind in peers.CLASSES:
        row = [kind, *(_times(figures.get(kind)) for figures in measured.values())]
        ratios = [_ratio(measured, names, kind, "p50_ms") for names in compared.values()]
        rows.append(row + [f"{ratio:.2f}" if ratio else "–" for ratio in ratios])
    for title, figure in (("geometric mean", "p50_ms"), ("the same, asked for the first time", "first_ms")):
        means = [
            _mean([_ratio(measured, names, kind, figure) for kind in peers.CLASSES]) for names in compared.values()
        ]
        rows += [[title, *[""] * len(measured), *(f"{mean:.2f}" for mean in means)]] if means else []
    return _markdown(rows)


def _mean(ratios: list[float | None]) -> float:
    """The geometric mean of those that there are."""
    known = [ratio for ratio in ratios if ratio]
    return math.exp(sum(map(math.log, known)) / len(known))


def _times(figures: Figures | None) -> str:
    return " / ".join(_short(figures[name]) for name in ("p50_ms", "p95_ms", "first_ms")) if figures else "–"


def _ratio(measured: dict[str, Figures], names: tuple[str, ...], kind: str, figure: str) -> float | None:
    """How many times our time the best of `names` takes; above 1 we are faster. None: one of us cannot do it."""
    theirs = [measured[name][kind][figure] for name in names if kind in measured.get(name, {})]
    ours = measured["dateline"].get(kind)
    return min(theirs) / ours[figure] if theirs and ours else None


_OTHERS = (
    ("build, articles a CPU second", "build", "articles_per_cpu_s"),
    ("build, wall s", "build", "wall_s"),
    ("build, peak MB without pages of files", "build", "peak_private_mb"),
    ("and with them", "build", "peak_mb"),
    ("index MB", "size", "mb"),
    ("private MB after the questions", "memory", "private_mb"),
    ("with mapped files, MB", "memory", "private_mapped_mb"),
    ("open and first question, CPU ms", "open", "cpu_ms"),
    ("add one, CPU ms", "add_one", "p50_ms"),
    ("add one, wall ms", "add_one", "wall_p50_ms"),
    ("questions during writes, p95 CPU ms", "during_writes", "p95_ms"),
    ("questions during writes, p95 wall ms", "during_writes", "wall_p95_ms"),
)


def _others(measured: dict[str, Figures]) -> str:
    rows = [["", *measured]]
    rows += [[title, *(_short(each[group][name]) for each in measured.values())] for title, group, name in _OTHERS]
    return _markdown(rows)


def _distances(ours: Figures) -> str:
    rows = [["what an exact answer must read", "postings", "KB", "at memory speed, µs", "ours, µs", "ns a posting"]]
    for kind, limit in ours["limits"].items():
        micros = ours[kind]["p50_ms"] * 1e3
        rows.append(
            [
                kind,
                f"{limit['postings']:,.0f}",
                f"{limit['bytes'] / 1e3:,.1f}",
                f"{limit['limit_ms'] * 1e3:.2f}",
                f"{micros:,.0f}",
                f"{micros * 1e3 / max(1, limit['postings']):,.1f}",
            ]
        )
    return _markdown(rows)


def _markdown(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:], ""])


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", type=int, default=1_000, help="how many articles (default: 1000)")
    names = ",".join(peers.NAMES)
    parser.add_argument("--engines", default=names, help=f"some of {names} (default: all)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--budget", type=float, default=30.0, help="about how many seconds for a phase's questions")
    parser.add_argument("--folder", type=Path, help="where indexes are made (default: the system's temporary folder)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
