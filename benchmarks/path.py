"""The path of a clip, measured on a running archive: accepted, findable, memory, clips a second, where time goes.

    python -m benchmarks.path [--clips 1000] [--json FILE]

The page has 300 KB of mark-up and ten pictures sent along, each time another address and other words. `serve` runs as
a process of its own on loopback; times are of wall clock, medians and 95th percentiles, with its CPU time beside them.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

MARKUP_BYTES = 300_000
LINKS = 187
SCRIPT_SHARE = 0.54
PICTURES = 10
WORDS = re.findall(
    r"\w+",
    "harbour council vote breakwater storm winter levy cargo review engineer quay tide crane freight customs pilot "
    "ferry dredge anchor ballast rope warehouse timber grain union wage budget minister province treaty survey delta",
)


@dataclass
class Served:
    """A running `dateline serve`, asked over loopback with a token."""

    process: subprocess.Popen[bytes]
    address: str
    token: str = ""

    def post(self, body: bytes) -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "multipart/form-data; boundary=cut",
        }
        return self._ask(urllib.request.Request(f"{self.address}/api/v1/clips", body, headers))

    def get(self, path: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self._ask(urllib.request.Request(f"{self.address}/api/v1/{path}", headers=headers))

    def _ask(self, request: urllib.request.Request) -> dict[str, Any]:
        with urllib.request.urlopen(request) as answer:
            told: dict[str, Any] = json.load(answer)
        return told


@contextmanager
def serving(data_dir: Path) -> Iterator[Served]:
    """`dateline serve` on a free port and a token for it."""
    environment = {**os.environ, "DATELINE_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "webapp"]
    process = subprocess.Popen([*command, "serve", "--port", "0", "--no-open"], stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    said = b""
    while b"Stop with" not in said:
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"serve ended: {said.decode()}")
        said += line
    address = re.search(rb"http://\S+/(?=\n)", said)
    if address is None:
        raise SystemExit(f"serve did not start: {said.decode()}")
    threading.Thread(target=process.stdout.read, daemon=True).start()
    try:
        token = subprocess.run([*command, "device", "bench"], capture_output=True, env=environment, check=True)
        yield Served(process, address[0].decode().rstrip("/"), token.stdout.decode().strip())
    finally:
        process.terminate()
        process.wait(60)


def news_page(number: int) -> str:
    """A page of an article of about 700 words and ten figures, MARKUP_BYTES long.

    Around it as much as around real ones: of 18 pages of 200 to 400 KB in a public set (2026-11-24), half had more
    than 54 % of scripts and styles, 187 links and 1,317 words.
    """
    chance = random.Random(number)  # the same pages each run

    def words(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count)).capitalize()

    def box(content: str) -> str:
        names = " ".join(f"c-{chance.getrandbits(40):x}" for _ in range(12))
        return f'<div class="{names}" data-track="{chance.getrandbits(256):x}"><div><div>{content}</div></div></div>'

    paragraphs = "".join(f"<p>{words(18)}. {words(18)}. {words(18)}.</p>" for _ in range(13))
    figures = "".join(
        f'<figure><img src="/pictures/{number}-{place}.jpg" alt="A quay"><figcaption>{words(8)}.</figcaption></figure>'
        for place in range(PICTURES)
    )
    article = f"<article><h1>Harbour report {number}</h1>{paragraphs}{figures}</article>"
    links = "".join(box(f'<a href="/s/{chance.getrandbits(32)}">{words(3)}</a>') for _ in range(LINKS))
    state = '"key": "value", ' * (int(MARKUP_BYTES * SCRIPT_SHARE) // 16)
    script = f"<script>window.state = {{{state}}};</script>"
    page = (
        f"<!doctype html><html lang=en><head><title>Harbour report {number}</title>"
        f'<meta property="og:title" content="Harbour report {number}">{script}</head>'
        f"<body><nav>Home</nav>{article}<aside>{links}</aside>"
    )
    filling = "".join(box("") for _ in range(max(0, MARKUP_BYTES - len(page)) // len(box(""))))
    return f"{page}{filling}</body></html>"


def photograph(number: int) -> bytes:
    """About 60 KB of JPEG, different for each number."""
    noise = Image.frombytes("RGB", (96, 60), random.Random(number).randbytes(96 * 60 * 3))
    file = io.BytesIO()
    noise.resize((960, 600), Image.Resampling.BICUBIC).save(file, "JPEG", quality=80)
    return file.getvalue()


def multipart(number: int, pictures: list[bytes]) -> bytes:
    """The clip as the browser's client sends it."""
    meta = json.dumps({"url": f"https://bench.example/{number}", "clip_id": f"bench-{number:06}"})
    parts = [
        ("page", "text/html; charset=utf-8", "", news_page(number).encode()),
        ("meta", "application/json", "", meta.encode()),
    ]
    parts += [
        ("resource", "image/jpeg", f"https://bench.example/pictures/{number}-{place}.jpg", picture)
        for place, picture in enumerate(pictures)
    ]
    body = b""
    for name, media_type, location, content in parts:
        where = f"Content-Location: {location}\r\n" if location else ""
        head = f'--cut\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        head += f"Content-Type: {media_type}\r\n{where}\r\n"
        body += head.encode() + content + b"\r\n"
    return body + b"--cut--\r\n"


def memory_mb(pid: int) -> dict[str, float]:
    """Proportional and private memory of a process and of its children, in MB (Linux)."""

    def of(one: int) -> float:
        lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) / 1_000 for line in lines if line.startswith("Pss:"))

    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {"serve": round(of(pid), 1), "confined child": round(sum(of(int(child)) for child in children), 1)}


def cpu_s(pid: int) -> float:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = sum(
        sum(map(int, Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
        for one in [pid, *children]
    )
    return ticks / os.sysconf("SC_CLK_TCK")


def one_by_one(served: Served, numbers: range) -> tuple[list[float], list[float]]:
    """Seconds until accepted, and until found by search, for clips sent one at a time to an idle archive."""
    accepted, findable = [], []
    for number in numbers:
        body = multipart(number, [photograph(number * PICTURES + place) for place in range(PICTURES)])
        started = time.perf_counter()
        served.post(body)
        accepted.append(time.perf_counter() - started)
        while not served.get(f"articles?q=title:{number}&per_page=1")["total"]:
            time.sleep(0.005)
        findable.append(time.perf_counter() - started)
        time.sleep(0.05)
    return accepted, findable


def in_a_row(served: Served, numbers: range) -> dict[str, Any]:
    """Clips sent as fast as they are accepted: clips a second until the last is findable, and where the time went."""
    pictures = [photograph(place) for place in range(PICTURES)]
    bodies = [multipart(number, pictures) for number in numbers]
    cpu, started = cpu_s(served.process.pid), time.perf_counter()
    for body in bodies:
        served.post(body)
    last = f"bench-{numbers[-1]:06}"
    while (
        served.get(f"clips/{last}")["state"] == "received" or served.get("articles?per_page=1")["total"] < numbers[-1]
    ):
        time.sleep(0.05)
    seconds = time.perf_counter() - started
    return {
        "clips_a_second": round(len(numbers) / seconds, 1),
        "cpu_ms_a_clip": round((cpu_s(served.process.pid) - cpu) / len(numbers) * 1e3, 1),
    }


def where_the_time_goes(data_dir: Path) -> dict[str, float]:
    """Median milliseconds of each step of the clips' logs."""
    from webapp.store import open_store

    store = open_store(f"sqlite:///{data_dir / 'dateline.sqlite'}")
    steps: dict[str, list[float]] = {}
    with store.read() as work:
        for article_id in work.articles.all_ids():
            version = work.versions.current(article_id)
            for step in version.log if version else ():
                steps.setdefault(step.name, []).append(step.seconds)
    store.close()
    return {name: round(statistics.median(seconds) * 1e3, 1) for name, seconds in steps.items()}


def percentiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50_ms": round(statistics.median(ordered) * 1e3, 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1e3, 1),
    }


def measure(clips: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        with serving(Path(folder)) as served:
            one_by_one(served, range(1, 4))  # the child has started, the caches are warm
            accepted, findable = one_by_one(served, range(4, 44))
            row = in_a_row(served, range(44, clips + 1))
            memory = memory_mb(served.process.pid)
        return {
            "accepted": percentiles(accepted),
            "findable": percentiles(findable),
            **row,
            "memory_mb": memory,
            "step_ms": where_the_time_goes(Path(folder)),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=1_000)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    measured = measure(chosen.clips)
    print(json.dumps(measured, indent=2))
    if chosen.json:
        chosen.json.write_text(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main()
