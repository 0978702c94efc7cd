"""The command `dateline`, run as a person runs it: a process of its own on a data directory of its own."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import builders


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    return {**kept, "DATELINE_DATA_DIR": str(data_dir), "BROWSER": "true", **more}


def dateline(data_dir: Path, *arguments: str, stdin: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "webapp", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, env=environment(data_dir, **more), timeout=120)


@contextmanager
def serving(data_dir: Path, *arguments: str) -> Iterator[tuple[str, str]]:
    """A running `dateline serve` (or another serving command): its address and sign-in link."""
    command = [sys.executable, "-u", "-m", "webapp", *(arguments or ("serve", "--port", "0", "--no-open"))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(data_dir))
    assert process.stdout is not None
    said = b""
    reader = threading.Thread(target=process.stdout.read, daemon=True)  # so that the pipe never fills
    try:
        while b"Stop with" not in said:
            line = process.stdout.readline()
            assert line, said.decode()
            said += line
        reader.start()
        link = re.search(rb"http://\S+/sign-in/\S+", said)
        assert link
        yield link[0].decode().split("/sign-in/")[0], link[0].decode()
    finally:
        process.terminate()
        process.wait(30)
        if reader.ident:
            reader.join(30)
        process.stdout.close()


def test_a_page_from_standard_input_is_clipped_and_found(tmp_path: Path) -> None:
    done = dateline(
        tmp_path,
        "clip",
        "-",
        "--address",
        "https://quay.example/a",
        "--tag",
        "region:syria",
        stdin=builders.page().encode(),
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"A harbour rebuilds its breakwater" in done.stdout
    found = dateline(tmp_path, "search", "breakwater", "region:asia", "--json")
    assert json.loads(found.stdout)["title"] == "A harbour rebuilds its breakwater"
    assert b"all is well" in dateline(tmp_path, "check").stdout


def test_a_file_is_clipped_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "harbour.txt"
    file.write_text("A harbour rebuilds\n\nThe council of Latakia voted to rebuild the eastern breakwater this year.\n")
    done = dateline(tmp_path / "archive", "clip", str(file))
    assert b"A harbour rebuilds" in done.stdout, done.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("clip", "/nowhere/at/all.html"), "No such file"),
        (("clip", "http://127.0.0.1/"), "private"),
        (("clip", "http://public.example:9/"), "port 9"),
        (("clip", "-"), "nothing in this clip"),
        (("reprocess",), "--all"),
        (("reprocess", "99"), "no such article"),
        (("search", "region:atlantis"), "no region called"),
    ],
)
def test_a_mistake_is_one_clear_line(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    done = dateline(tmp_path, *arguments)
    told = (done.stderr + done.stdout).decode()
    assert says.lower() in told.lower()
    assert "Traceback" not in told


def test_a_setting_that_does_not_exist_stops_the_start(tmp_path: Path) -> None:
    done = dateline(tmp_path, "check", DATELINE_CLIP_LIMIT="5")
    assert done.returncode == 1
    assert b"DATELINE_CLIP_LIMIT is not a setting" in done.stderr


def test_serve_answers_clips_and_finds_within_moments(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, _):
        token = dateline(tmp_path, "device", "a test").stdout.decode().strip()
        body = json.dumps({"url": "https://quay.example/a", "html": builders.page()}).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(f"{address}/api/v1/clips", body, headers)) as answer:
            assert answer.status == 202
        deadline = time.monotonic() + 60
        total = 0
        while not total and time.monotonic() < deadline:
            time.sleep(0.1)
            query = urllib.request.Request(f"{address}/api/v1/articles?q=breakwater", headers=headers)
            with urllib.request.urlopen(query) as answer:
                total = json.load(answer)["total"]
        assert total == 1
        done = dateline(tmp_path, "search", "breakwater")  # a second process beside the serving one
        assert b"A harbour rebuilds" in done.stdout


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = dateline(tmp_path, "serve", "--no-open", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert b"Is Dateline running already?" in done.stderr
    assert b"Traceback" not in done.stderr


def test_killed_in_the_middle_it_finishes_when_started_again(tmp_path: Path) -> None:
    archive = builders.open_archive(tmp_path)
    from webapp import clipping
    from webapp.access import accounts

    owner = accounts.ensure_account(archive).id
    clipping.clip_upload(archive, owner, "a.html", builders.page().encode(), address="https://quay.example/a")
    archive.close()  # acknowledged, and nothing else happened
    with serving(tmp_path):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and b"breakwater" not in dateline(tmp_path, "search", "breakwater").stdout:
            time.sleep(0.3)
    assert b"breakwater" in dateline(tmp_path, "search", "breakwater").stdout


def test_the_demo_opens_full(tmp_path: Path) -> None:
    with serving(tmp_path, "demo", "--no-open") as (address, link):
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with opener.open(urllib.request.Request(link, data=b"", method="POST")) as answer:
            page = answer.read().decode()
        assert answer.url.startswith(address)
        assert page.count('class="hit') > 20
        assert "Asia" in page
    assert not (tmp_path / "dateline.sqlite").exists()
