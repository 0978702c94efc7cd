"""The tag trees and rules through the API: what a token may read and change."""

from __future__ import annotations

import pytest

from tests import builders
from webapp import jobs, rules, vocabulary_care
from webapp.access import accounts
from webapp.model import TagKind


@pytest.fixture
def token(services, owner):
    made = accounts.make_device(services, owner, "script", ("read", "write"))
    return {"Authorization": f"Bearer {made.token}"}


def test_a_tag_is_made_changed_merged_and_read(stranger, token, services, owner):
    body = {
        "kind": "region",
        "name": "Jazira",
        "parents": ["Syria"],
        "aliases": ["Gozarto"],
        "names": {"de": "Dschasira"},
    }
    answer = stranger.post("/api/v1/vocabulary", json=body, headers=token)
    assert answer.status_code == 201
    tag_id = answer.json["id"]
    assert (answer.json["slug"], answer.json["parents"]) == ("jazira", ["r-sy"])
    changed = stranger.patch(
        f"/api/v1/vocabulary/{tag_id}",
        json={"name": "Upper Jazira", "parents": ["Iraq"], "retired": True},
        headers=token,
    ).json
    assert (changed["name"], changed["parents"], changed["retired"]) == ("Upper Jazira", ["r-iq"], True)
    assert changed["former_slugs"] == ["jazira"]
    stranger.patch(f"/api/v1/vocabulary/{tag_id}", json={"retired": False}, headers=token)
    merged = stranger.post(f"/api/v1/vocabulary/{tag_id}/merge", json={"into": "Iraq"}, headers=token)
    assert (merged.status_code, merged.json["id"]) == (200, "r-iq")
    assert stranger.get(f"/api/v1/vocabulary/{tag_id}", headers=token).json["merged_into"] == "r-iq"
    assert len(vocabulary_care.history(services, tag_id=tag_id)) == 6


def test_one_tree_or_both_are_listed(stranger, token):
    both = stranger.get("/api/v1/vocabulary", headers=token).json["tags"]
    topics = stranger.get("/api/v1/vocabulary?kind=topic", headers=token).json["tags"]
    assert {tag["kind"] for tag in topics} == {"topic"}
    assert len(both) > len(topics) > 100


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "", {"kind": "planet", "name": "X"}, 422),
        ("POST", "", {"kind": "region", "name": "Syria"}, 422),
        ("POST", "", {"kind": "region", "name": "X", "parents": [3]}, 422),
        ("POST", "", {"kind": "region", "name": "X", "names": {"de": 1}}, 422),
        ("PATCH", "/r-nowhere", {"name": "X"}, 404),
        ("PATCH", "/r-sy", {"parents": ["r-sy"]}, 422),
        ("POST", "/r-sy/merge", {}, 422),
        ("GET", "/r-nowhere", None, 404),
    ],
)
def test_what_cannot_be_is_answered_in_words(stranger, token, method, path, body, status):
    answer = stranger.open(f"/api/v1/vocabulary{path}", method=method, json=body, headers=token)
    assert answer.status_code == status
    assert answer.json["error"]["message"]


def test_a_rule_runs_and_its_run_is_taken_back(stranger, token, services, owner):
    builders.put(services)
    steps = rules.steps_of(services, add_regions=["Syria"])
    rule = rules.make(services, owner, name="Ports", query="harbour", steps=steps)
    [listed] = stranger.get("/api/v1/rules", headers=token).json["rules"]
    assert (listed["name"], listed["steps"]) == ("Ports", [{"what": "add", "value": "r-sy"}])
    run = stranger.post(f"/api/v1/rules/{rule.id}/run", headers=token)
    assert run.status_code == 202
    jobs.run_all(services)
    path = f"/api/v1/rules/runs/{run.json['id']}"
    assert stranger.get(path, headers=token).json["changed"] == 1
    assert stranger.delete(path, headers=token).json["undone_at"]
    assert services.vocabulary().find(TagKind.REGION, "Syria")


def test_a_token_that_may_only_clip_reads_and_changes_nothing(stranger, services, owner):
    made = accounts.make_device(services, owner, "clipper", ("clip",))
    headers = {"Authorization": f"Bearer {made.token}"}
    assert stranger.get("/api/v1/vocabulary", headers=headers).status_code == 403
    assert stranger.post("/api/v1/vocabulary", json={"kind": "region", "name": "X"}, headers=headers).status_code == 403
    assert stranger.get("/api/v1/rules", headers=headers).status_code == 403
