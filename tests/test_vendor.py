"""What is served from others is byte for byte what VENDOR.toml says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static/vendor"


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, folder / "vendor.py", "--check"], capture_output=True, text=True)


def test_vendored_files_have_their_hashes() -> None:
    done = check(VENDOR)
    assert done.returncode == 0, done.stdout


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    for path in VENDOR.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            copy = tmp_path / path.relative_to(VENDOR)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes() + (b" " if path.suffix == ".js" else b""))
    done = check(tmp_path)
    assert done.returncode == 1
    assert "htmx.min.js" in done.stdout
