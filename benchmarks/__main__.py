"""Every benchmark in turn: `python -m benchmarks [--docs N] [--pages DIR] [--payloads FILE]`.

`extraction` needs pages and `xss` needs attacks, which are others' work and not in this repository: without them they
are left out, and that is said. Status 1 when one of them failed or missed what it must reach.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", type=int, default=1_000, help="articles for search and pages (default: 1000)")
    parser.add_argument("--pages", type=Path, help="pages for extraction")
    parser.add_argument("--payloads", type=Path, help="attacks for xss")
    chosen = parser.parse_args(arguments)
    failed, left_out = [], []
    for name, options in (
        ("path", []),
        ("capture", []),
        ("search", ["--docs", str(chosen.docs)]),
        ("pages", ["--articles", str(chosen.docs)]),
        ("extraction", ["--pages", str(chosen.pages.resolve())] if chosen.pages else None),
        ("xss", ["--payloads", str(chosen.payloads.resolve())] if chosen.payloads else None),
    ):
        if options is None:
            left_out.append(name)
            continue
        print(f"\n## {name}\n", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *options], cwd=ROOT).returncode:
            failed.append(name)
    for name, needed in (("extraction", "--pages DIR"), ("xss", "--payloads FILE")):
        if name in left_out:
            print(f"\n{name} was left out: it needs {needed}")
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
