"""`dateline vocabulary` and `dateline rules` from a terminal."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tests import builders
from webapp import rules
from webapp.cli import cli
from webapp.model import TagKind


@pytest.fixture
def run(services, tmp_path):
    def call(*words: str):
        return CliRunner().invoke(cli, ["--data-dir", str(services.settings.data_dir), *words])

    return call


@pytest.mark.parametrize("ending", ["csv", "ttl"])
def test_the_trees_go_out_and_come_back_saying_nothing_new(run, tmp_path, ending):
    file = tmp_path / f"trees.{ending}"
    assert run("vocabulary", "export", str(file)).exit_code == 0
    answer = run("vocabulary", "import", str(file))
    assert "says nothing new" in answer.output
    assert answer.exit_code == 0


def test_a_dry_run_tells_and_changes_nothing(run, tmp_path, services):
    file = tmp_path / "mine.csv"
    file.write_text("name,parents\nJazira,Syria\nX,Zzyzxia\n")
    answer = run("vocabulary", "import", str(file), "--dry-run")
    assert "line 3" in answer.output
    assert "2 would be new" in answer.output
    assert services.vocabulary().find(TagKind.REGION, "Jazira") is None
    run("vocabulary", "import", str(file))
    assert services.vocabulary().find(TagKind.REGION, "Jazira").parents == ("r-sy",)


def test_a_tree_is_written_to_standard_output(run):
    assert run("vocabulary", "export", "-", "--kind", "topic", "--skos").output.startswith("@prefix")


def test_rules_are_listed_tried_and_run(run, services, owner):
    article_id = builders.put(services).article_id
    steps = rules.steps_of(services, add_regions=["Syria"])
    rules.make(services, owner, name="Ports", query="harbour", steps=steps)
    assert "on   Ports  [harbour]" in run("rules", "list").output
    assert "Ports: 1 of 1 articles would change" in run("rules", "run", "--dry-run").output
    assert "Ports: 1 of 1 articles changed" in run("rules", "run", "Ports").output
    assert "There is no rule called Nothing" in run("rules", "run", "Nothing").output
    with services.store.read() as work:
        assert [tag.tag_id for tag in work.articles.get(owner, article_id).tags] == ["r-sy"]
