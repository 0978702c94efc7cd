"""The house rules of templates: declared inputs, one root with an id, nothing inline, one `| safe`."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta, nodes

from webapp import pages

ROOT = Path(__file__).resolve().parent.parent / "templates"
ALL = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html"))
FRAGMENTS = [name for name in ALL if name.rpartition("/")[2].startswith("_")]
GLOBAL = {"g", "request", "session", "config", "url_for", "get_flashed_messages", "range", "dict", "namespace"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SAFE_ALLOWED = {"article.clean_html", "version.clean_html", "opened.version.clean_html"}

environment = Environment(loader=FileSystemLoader(ROOT), autoescape=True)
pages.teach(environment)
GLOBAL |= {*environment.globals, "waiting_notices"}


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_names_its_inputs_on_the_first_line(name):
    assert declared(name) == used(name)


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_has_one_root_element_with_an_id(name):
    roots = Roots()
    roots.feed(mark_up(environment.parse(text(name))))
    assert len(roots.found) == 1, roots.found
    assert "id" in roots.found[0][1]
    assert roots.depth == 0


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_inline_so_that_the_content_security_policy_holds(name):
    source = text(name)
    assert not re.search(r"<style[\s>]", source)
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert "hx-on" not in source
    assert "js:" not in source
    assert "javascript:" not in source
    for tag in re.findall(r"<script[^>]*>", source):
        assert 'src="/static/' in tag
    assert not re.search(r'hx-trigger="[^"]*\[', source)


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_loaded_from_elsewhere(name):
    assert not re.search(r'(src|srcset|href)="(https?:)?//', text(name))


def test_only_clean_html_is_trusted_and_only_once():
    found = {name: re.findall(r"([\w.]+)\s*\|\s*safe\b", text(name)) for name in ALL}
    trusted = [value for values in found.values() for value in values]
    assert len(trusted) <= 1, found
    assert set(trusted) <= SAFE_ALLOWED
    assert not [name for name in ALL if "autoescape" in text(name)]


def test_pages_and_fragments_were_found():
    assert "layout.html" in ALL
    assert "library/_row.html" in FRAGMENTS


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def declared(name: str) -> set[str]:
    line = text(name).split("\n", 1)[0]
    match = re.fullmatch(r"\{# needs:(.*)#\}", line)
    assert match, f"{name} begins with {line!r}"
    return {each.split(":")[0].strip() for each in match[1].split(",") if each.strip()}


def used(name: str) -> set[str]:
    """What the template and those it includes take from outside, without what it sets or loops over itself."""
    tree = environment.parse(text(name))
    own = meta.find_undeclared_variables(tree) - GLOBAL
    for include in tree.find_all(nodes.Include):
        assert isinstance(include.template, nodes.Const), f"{name} includes a template whose name is computed"
        own |= used(include.template.value) - given(tree)
    return own


def given(tree: nodes.Template) -> set[str]:
    """Names that the template stores itself: set, with, for."""
    return {each.name for each in tree.find_all(nodes.Name) if each.ctx in ("store", "param")}


def mark_up(tree: nodes.Node) -> str:
    """The HTML that a fragment writes itself: of if … else the first branch, of a loop one round, no values."""
    written = ""
    for node in tree.iter_child_nodes(exclude=("elif_", "else_", "test", "iter", "target")):
        if isinstance(node, nodes.TemplateData):
            written += node.data
        elif not isinstance(node, nodes.Macro):
            written += mark_up(node)
    return written


class Roots(HTMLParser):
    """Collects the elements at the top of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 0 if tag in VOID else 1

    def handle_data(self, data: str) -> None:
        if self.depth == 0 and data.strip():
            self.found.append(("text", {"text": data.strip()}))
