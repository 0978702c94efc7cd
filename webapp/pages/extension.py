"""The browser extension, packed for either browser out of its one source; equal sources give equal bytes.

Each browser gets the manifest without the words that only the other one knows.
"""

from __future__ import annotations

import io
import json
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from webapp.errors import NotFound

BROWSERS = ("chromium", "firefox")
LEFT_OUT = {"README.md"}
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
_MODE = 0o644 << 16


@lru_cache(maxsize=4)
def packed(folder: Path, browser: str) -> bytes:
    """The extension in `folder` as a zip for one of BROWSERS. Raises NotFound for another browser."""
    if browser not in BROWSERS:
        raise NotFound(f"There is no extension for {browser}; there is one for {' and for '.join(BROWSERS)}.")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in LEFT_OUT):
            content = path.read_bytes()
            if path == folder / "manifest.json":
                content = (json.dumps(manifest(json.loads(content), browser), indent=2) + "\n").encode()
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _MOMENT)
            entry.external_attr, entry.compress_type, entry.create_system = _MODE, zipfile.ZIP_DEFLATED, 3
            archive.writestr(entry, content, compresslevel=9)
    return file.getvalue()


def manifest(whole: dict[str, Any], browser: str) -> dict[str, Any]:
    """`whole` as this browser wants it: each warns of, or refuses, what only the other one has."""
    made = json.loads(json.dumps(whole))
    if browser == "firefox":
        del made["background"]["service_worker"], made["minimum_chrome_version"]
        made["permissions"].remove("pageCapture")
    else:
        del made["background"]["scripts"], made["browser_specific_settings"]
    return dict(made)
