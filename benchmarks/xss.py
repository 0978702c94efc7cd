"""How many of a file's attacks act in Chromium after `sanitise`? It must be none.

    python -m benchmarks.xss --payloads FILE [--limit N] [--raw]

FILE is JSON: a list of strings, or of objects with `payload` (and `origin`, shown with what acts). `--raw` leaves
`sanitise` out, which shows that the oracle sees what acts. Status 0 when nothing acts, 1 otherwise.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import time
from pathlib import Path

from tests.xss_oracle import CHROMIUM, MODES, Finding, opened
from webapp.sanitise import sanitise


def main() -> int:
    options = _options()
    entries = json.loads(options.payloads.read_text(encoding="utf-8"))
    if options.limit:
        entries = entries[:: max(1, len(entries) // options.limit)]
    payloads = [entry if isinstance(entry, str) else entry["payload"] for entry in entries]
    outputs = _outputs(payloads, raw=options.raw)
    cases = [html for html in outputs if html.strip()]
    acting: dict[str, set[Finding]] = collections.defaultdict(set)
    with opened(options.chromium) as oracle:
        for mode in MODES:
            started = time.perf_counter()
            for place, findings in oracle.findings(cases, mode).items():
                acting[cases[place]] |= findings
            print(f"{mode:<9} {len(cases)} outputs in {time.perf_counter() - started:.0f} s")
    count = sum(len(outputs[html]) for html in acting)
    kinds = collections.Counter(kind for findings in acting.values() for kind in {each.kind for each in findings})
    print(f"{count} of {len(payloads)} payloads act {dict(kinds) if kinds else ''}".rstrip())
    for html in list(acting)[: options.show]:
        print(f"  in   {payloads[outputs[html][0]][:160]!r}\n  out  {html[:160]!r}\n  does {sorted(acting[html])[:4]}")
    return 1 if count else 0


def _outputs(payloads: list[str], *, raw: bool) -> dict[str, list[int]]:
    """Each different output with the places of the payloads that gave it; counts those that change the second time."""
    outputs: dict[str, list[int]] = collections.defaultdict(list)
    started, slowest, changed = time.process_time(), 0.0, 0
    for place, payload in enumerate(payloads):
        before = time.process_time()
        html = payload if raw else sanitise(payload, images={})
        slowest = max(slowest, time.process_time() - before)
        changed += not raw and sanitise(html, images={}) != html
        outputs[html].append(place)
    seconds = time.process_time() - started
    print(f"{len(payloads)} payloads, {len(outputs)} outputs; {changed} change when sanitised twice")
    print(f"{seconds:.1f} CPU s (twice each), slowest {slowest:.2f} s")
    return outputs


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--payloads", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=0, help="take every k-th, so that about this many are tried")
    parser.add_argument("--raw", action="store_true", help="leave sanitise out: a test of the test")
    parser.add_argument("--chromium", default=CHROMIUM)
    parser.add_argument("--show", type=int, default=10)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
