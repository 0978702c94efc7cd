"""The bookmarklet: `static/bookmarklet.js` as a `javascript:` address with this archive's origin in it.

It carries no token: the page it runs in could read it. It opens our own `/clip/new`, which has the reader's session.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

ORIGIN = '"https://archive.invalid"'  # stands for the archive in the source
_NAMES_LEFT_PLAIN = "!'()*~-._$&+,/:;=?@"  # RFC 3986; the rest (blank, quotes, %, #, <, >, {, }) is escaped


def bookmarklet(source: Path, origin: str) -> str:
    """`source` as one `javascript:` address. `origin` is scheme, host and port, without a slash at the end."""
    return "javascript:" + quote(_one_line(source.read_text(encoding="utf-8"), origin), safe=_NAMES_LEFT_PLAIN)


@lru_cache(maxsize=8)
def _one_line(script: str, origin: str) -> str:
    """Without comment lines and indentation. The source keeps to statements that end in ; { } or , for this."""
    lines = (line.strip() for line in script.splitlines())
    code = "".join(line for line in lines if line and not line.startswith("//"))
    return re.sub(re.escape(ORIGIN), lambda _: json.dumps(origin), code)
