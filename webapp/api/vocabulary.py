"""The tag trees and the rules through the API: reading them, making, changing and merging tags, applying rules."""

from __future__ import annotations

from typing import Any

from flask import g, jsonify, request
from flask.typing import ResponseReturnValue

from webapp import rule_runs, rules, tree_changes, vocabulary_care
from webapp.api.blueprint import bp
from webapp.api.bodies import json_body, typed
from webapp.api.shapes import tag_as_json
from webapp.counter import services
from webapp.errors import BadClip, BadTag
from webapp.guard import require_scope
from webapp.model import TagKind
from webapp.ruling import Rule, Run
from webapp.tags import Tag, Vocabulary


@bp.get("/api/v1/vocabulary")
def list_vocabulary() -> ResponseReturnValue:
    """Both trees, or the one asked for by `kind`; retired tags too."""
    require_scope("read")
    asked = request.args.get("kind", "")
    kinds = [TagKind(asked)] if asked in set(TagKind) else list(TagKind)
    vocabulary = services().vocabulary()
    return jsonify(tags=[_tag_as_json(tag) for kind in kinds for tag in vocabulary.all(kind)])


@bp.get("/api/v1/vocabulary/<tag_id>")
def show_tag(tag_id: str) -> ResponseReturnValue:
    """One tag. One that was merged is answered as it stands: `merged_into` says what stands for it."""
    require_scope("read")
    return jsonify(_tag_as_json(vocabulary_care.known(services().vocabulary(), tag_id)))


@bp.post("/api/v1/vocabulary")
def create_tag() -> ResponseReturnValue:
    require_scope("write")
    body = json_body()
    if body.get("kind") not in set(TagKind):
        raise BadClip("`kind` must be region or topic.")
    kind = TagKind(body["kind"])
    parents = vocabulary_care.named(services(), kind, _texts(body, "parents") or ())
    tag = vocabulary_care.create(
        services(),
        g.owner,
        kind,
        typed(body, "name", str) or "",
        parents=parents,
        names=_names(body),
        aliases=_texts(body, "aliases") or (),
    )
    return jsonify(_tag_as_json(tag)), 201


@bp.patch("/api/v1/vocabulary/<tag_id>")
def change_tag(tag_id: str) -> ResponseReturnValue:
    """`name`, `names`, `aliases`, `note`, or `parents`, or `retired`; what is not named stays. One deed each."""
    require_scope("write")
    body = json_body()
    tag = vocabulary_care.known(services().vocabulary(), tag_id)
    retired, parents = typed(body, "retired", bool), _texts(body, "parents")
    above = None if parents is None else vocabulary_care.named(services(), tag.kind, parents)
    if {"name", "names", "aliases", "note"} & body.keys():
        name, note = typed(body, "name", str), typed(body, "note", str)
        names, aliases = _names(body), _texts(body, "aliases")

        def renaming(vocabulary: Vocabulary) -> tree_changes.Change:
            return tree_changes.rename(vocabulary, tag_id, name=name, names=names, aliases=aliases, note=note)

        vocabulary_care.carry_out(services(), g.owner, renaming)
    if above is not None:
        vocabulary_care.carry_out(services(), g.owner, lambda trees: tree_changes.move(trees, tag_id, above))
    if retired is not None:
        deed = tree_changes.retire if retired else tree_changes.bring_back
        vocabulary_care.carry_out(services(), g.owner, lambda trees: deed(trees, tag_id))
    return jsonify(_tag_as_json(services().vocabulary().get(tag_id)))


@bp.post("/api/v1/vocabulary/<tag_id>/merge")
def merge_tag(tag_id: str) -> ResponseReturnValue:
    """Merge it into the tag called `into`; the answer is that one."""
    require_scope("write")
    tag = vocabulary_care.known(services().vocabulary(), tag_id)
    into = vocabulary_care.named(services(), tag.kind, [typed(json_body(), "into", str) or ""])
    if not into:
        raise BadTag("`into` names the tag to merge it into.")
    vocabulary_care.carry_out(services(), g.owner, lambda trees: tree_changes.merge(trees, tag_id, into[0]))
    return jsonify(_tag_as_json(services().vocabulary().get(into[0])))


@bp.get("/api/v1/rules")
def list_rules() -> ResponseReturnValue:
    require_scope("read")
    return jsonify(rules=[_rule_as_json(rule) for rule in rules.list_rules(services(), g.owner)])


@bp.post("/api/v1/rules/<int:rule_id>/run")
def run_rule(rule_id: int) -> ResponseReturnValue:
    """Apply a rule to what is there, as a job; 202 with the run, whose progress `GET` of it tells."""
    require_scope("write")
    return jsonify(_run_as_json(rule_runs.start_run(services(), g.owner, rule_id))), 202


@bp.get("/api/v1/rules/runs/<int:run_id>")
def show_run(run_id: int) -> ResponseReturnValue:
    require_scope("read")
    return jsonify(_run_as_json(rule_runs.run_of(services(), g.owner, run_id)))


@bp.delete("/api/v1/rules/runs/<int:run_id>")
def undo_rule_run(run_id: int) -> ResponseReturnValue:
    """Take back what the run changed, as a whole; 202 where that goes on as a job, whose progress `GET` tells."""
    require_scope("write")
    run = rule_runs.undo_run(services(), g.owner, run_id)
    return jsonify(_run_as_json(run)), 200 if run.undone_at else 202


def _tag_as_json(tag: Tag) -> dict[str, Any]:
    return {
        **tag_as_json(tag),
        "parents": list(tag.parents),
        "names": dict(tag.names),
        "aliases": list(tag.aliases),
        "retired": tag.retired,
        "merged_into": tag.merged_into or None,
        "former_slugs": list(tag.former_slugs),
        "note": tag.note,
    }


def _rule_as_json(rule: Rule) -> dict[str, Any]:
    steps = [{"what": step.what, "value": step.value} for step in rule.steps]
    return {"id": rule.id, "name": rule.name, "query": rule.query, "enabled": rule.enabled, "steps": steps}


def _run_as_json(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "rule_id": run.rule_id,
        "total": run.total,
        "done": run.done,
        "changed": run.changed,
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "undone_at": run.undone_at.isoformat() if run.undone_at else None,
        "reason": run.reason,
        "undo": {
            "total": run.undo_total,
            "done": run.undo_done,
            "changed": run.undo_changed,
            "is_under_way": run.undo_asked_at is not None,
            "reason": run.undo_reason,
        },
    }


def _texts(body: dict[str, Any], name: str) -> list[str] | None:
    value = typed(body, name, list)
    if value is not None and not all(isinstance(each, str) for each in value):
        raise BadClip(f"`{name}` must be a list of texts.")
    return value


def _names(body: dict[str, Any]) -> dict[str, str] | None:
    value = typed(body, "names", dict)
    if value is not None and not all(isinstance(each, str) for each in value.values()):
        raise BadClip("`names` must be an object of texts by language.")
    return value
