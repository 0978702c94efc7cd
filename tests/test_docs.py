"""The documents tell the truth: every setting, command and route is in them, and every link leads somewhere."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from webapp.app import create_app
from webapp.cli import cli
from webapp.services import Services
from webapp.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
OPERATING = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
PAGES = list(ROOT.glob("*.md")) + list((ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("setting", [item.name for item in fields(Settings)])
def test_every_setting_is_explained(setting: str) -> None:
    name = f"DATELINE_{setting.upper()}"
    shortened = [f"…{name[at:]}`" for at, letter in enumerate(name) if letter == "_"]
    assert f"`{name}`" in OPERATING or any(end in OPERATING for end in shortened)


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_is_explained(command: str) -> None:
    assert f"`dateline {command}" in OPERATING


def test_every_route_of_the_api_is_explained(services: Services) -> None:
    told = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    for rule in create_app(services).url_map.iter_rules():
        if str(rule).startswith("/api/"):
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: f"<{found[1].replace('article_id', 'id')}>", str(rule))
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert re.search(rf"`{method} {re.escape(path)}[?`]", told), f"{method} {path}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"


def test_decisions_fit_on_a_page() -> None:
    for page in (ROOT / "docs/decisions").glob("0*.md"):
        assert len(page.read_text(encoding="utf-8").splitlines()) <= 40, page.name
