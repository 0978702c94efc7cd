"""Packs the browser extension for both browsers: `python tools/build_extension.py [folder]` (default: dist/).

The archive serves the same bytes under Settings → Devices, made when they are asked for; nothing needs to be built
for that. These files are for a browser's shop, and for `make extension`, which lets `web-ext lint` read them.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from webapp.pages.extension import BROWSERS, packed  # noqa: E402 - the root must be on the path first
from webapp.version import VERSION  # noqa: E402


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for browser in BROWSERS:
        path = folder / f"dateline-{browser}-{VERSION}.zip"
        path.write_bytes(packed(ROOT / "extension", browser))
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist")
