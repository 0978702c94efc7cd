"""Every setting, with its unit in its name, read from an environment mapping. Pure: no I/O.

`DATELINE_<NAME IN CAPITALS>` sets it: DATELINE_CLIP_LIMIT_BYTES=100000000.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

from webapp.errors import BadSetting

PREFIX = "DATELINE_"
YES = {"1", "yes", "true", "on"}
NO = {"", "0", "no", "false", "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that can be chosen without changing code. Defaults suit one reader on one machine."""

    data_dir: Path
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8765
    public_url: str = ""
    trusted_proxy_count: int = 0
    threads: int = 16

    clip_limit_bytes: int = 50_000_000
    resource_limit_bytes: int = 25_000_000
    resource_limit_count: int = 500
    markup_limit_bytes: int = 5_000_000
    text_limit_bytes: int = 5_000_000
    title_limit_chars: int = 500
    note_limit_chars: int = 20_000
    tags_limit_count: int = 50

    picture_limit_bytes: int = 25_000_000
    picture_limit_pixels: int = 60_000_000

    extraction_timeout_s: float = 30.0
    extraction_memory_bytes: int = 2_000_000_000

    fetch_pictures: bool = False
    fetch_timeout_s: float = 20.0
    fetch_limit_bytes: int = 30_000_000
    fetch_redirect_limit: int = 5
    fetch_private_hosts: bool = False

    sign_in_link_lifetime_s: int = 3_600
    session_lifetime_s: int = 60 * 60 * 24 * 90
    results_per_page: int = 25
    prefer_recent: bool = True
    busy_timeout_s: float = 10.0

    @property
    def database(self) -> str:
        """The database's address; SQLite in the data directory unless one is set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'dateline.sqlite'}"


def read_settings(environ: Mapping[str, str], *, data_dir: Path) -> Settings:
    """Settings from `environ`, over the defaults; `data_dir` serves unless DATELINE_DATA_DIR is set.

    Raises BadSetting for a value that does not fit, or a DATELINE_ name that does not exist.
    """
    hints = get_type_hints(Settings)
    known = {PREFIX + item.name.upper(): item.name for item in fields(Settings)}
    chosen: dict[str, Any] = {"data_dir": data_dir}
    for name, value in environ.items():
        if not name.startswith(PREFIX):
            continue
        if name not in known:
            raise BadSetting(f"{name} is not a setting; see `dateline settings` for the list")
        field_name = known[name]
        chosen[field_name] = _read(name, value, hints[field_name])
    return Settings(**chosen)


def _read(name: str, value: str, kind: type) -> Any:
    try:
        if kind is bool:
            return _yes_or_no(value)
        if kind is int:
            return int(value.replace("_", ""))
        return kind(value)
    except ValueError as error:
        raise BadSetting(f"{name}={value!r} is not a {kind.__name__}") from error


def _yes_or_no(value: str) -> bool:
    if value.strip().lower() in YES:
        return True
    if value.strip().lower() in NO:
        return False
    raise ValueError(value)
