"""Rules: the list, one rule with what it would do, its runs, and taking a run back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import htmx, rule_runs, rules
from webapp.counter import services
from webapp.errors import BadRule
from webapp.model import TagKind
from webapp.pages.words import counted
from webapp.rule_runs import Trial
from webapp.ruling import ADD, MARK, REMOVE, STAR, Doing, Rule, Run, Step
from webapp.tags import Tag

bp = Blueprint("rules", __name__)

FIELDS = ("name", "query", "add_regions", "add_topics", "remove_regions", "remove_topics", "star", "mark")
RUNS_SHOWN = 10


@bp.get("/rules")
def index() -> ResponseReturnValue:
    vocabulary = services().vocabulary()
    listed = [(rule, rules.problem_of(rule, vocabulary)) for rule in rules.list_rules(services(), g.owner)]
    runs = rule_runs.runs(services(), g.owner, limit=RUNS_SHOWN)
    return render_template("rules/index.html", listed=listed, runs=runs, words=words_of)


@bp.get("/rules/new")
def new() -> ResponseReturnValue:
    """The empty form, or one that was filled in, with what the rule would do (`try`)."""
    return _form(None, request.args)


@bp.post("/rules")
def make() -> ResponseReturnValue:
    form = request.form
    try:
        rule = rules.make(
            services(), g.owner, name=form.get("name", ""), query=form.get("query", ""), steps=_steps(form)
        )
    except BadRule as error:
        return _form(None, form, wrong=str(error), status=422)
    undo = url_for(".remove", rule_id=rule.id)
    htmx.notice(f"“{rule.name}” applies to what is clipped from now on.", undo=undo, fields={"quietly": "yes"})
    return redirect(url_for(".show", rule_id=rule.id), code=303)


@bp.get("/rules/<int:rule_id>")
def show(rule_id: int) -> ResponseReturnValue:
    rule = rules.get(services(), g.owner, rule_id)
    return _form(rule, request.args if "query" in request.args else _as_typed(rule))


@bp.post("/rules/<int:rule_id>")
def change(rule_id: int) -> ResponseReturnValue:
    form, before = request.form, rules.get(services(), g.owner, rule_id)
    values = {"name": form.get("name", ""), "query": form.get("query", "")}
    try:
        rule = rules.change(services(), g.owner, rule_id, steps=_steps(form), **values)
    except BadRule as error:
        return _form(before, form, wrong=str(error), status=422)
    htmx.notice(f"“{rule.name}” is changed.", undo=url_for(".change", rule_id=rule_id), fields=_as_typed(before))
    return redirect(url_for(".show", rule_id=rule_id), code=303)


@bp.post("/rules/<int:rule_id>/enabled")
def set_enabled(rule_id: int) -> ResponseReturnValue:
    rule = rules.set_enabled(services(), g.owner, rule_id, request.form.get("enabled") == "yes")
    said = f"“{rule.name}” is {'on' if rule.enabled else 'off'}."
    fields = {"enabled": "" if rule.enabled else "yes", "back": htmx.back_to(url_for(".index"))}
    htmx.notice(said, undo=url_for(".set_enabled", rule_id=rule_id), fields=fields)
    return redirect(htmx.back_to(url_for(".index")), code=303)


@bp.post("/rules/<int:rule_id>/remove")
def remove(rule_id: int) -> ResponseReturnValue:
    rule = rules.remove(services(), g.owner, rule_id)
    htmx.notice(f"“{rule.name}” is removed. What it did stays.", undo=url_for(".restore", rule_id=rule_id))
    return redirect(url_for(".index"), code=303)


@bp.post("/rules/<int:rule_id>/restore")
def restore(rule_id: int) -> ResponseReturnValue:
    rule = rules.bring_back(services(), g.owner, rule_id)
    htmx.notice(f"“{rule.name}” is back.")
    return redirect(url_for(".show", rule_id=rule_id), code=303)


@bp.post("/rules/<int:rule_id>/run")
def start(rule_id: int) -> ResponseReturnValue:
    try:
        run = rule_runs.start_run(services(), g.owner, rule_id)
    except BadRule as error:
        rule = rules.get(services(), g.owner, rule_id)
        return _form(rule, _as_typed(rule), wrong=str(error), status=422)
    return redirect(url_for(".run", run_id=run.id), code=303)


@bp.get("/rules/runs/<int:run_id>")
def run(run_id: int) -> ResponseReturnValue:
    found = rule_runs.run_of(services(), g.owner, run_id)
    changes = rule_runs.changes_of(services(), g.owner, run_id) if not found.is_under_way else []
    return htmx.page_or_fragment("rules/run.html", "rules/_run.html", run=found, changes=changes, words=words_of)


@bp.post("/rules/runs/<int:run_id>/undo")
def undo(run_id: int) -> ResponseReturnValue:
    run = rule_runs.undo_run(services(), g.owner, run_id)
    if run.undone_at:
        htmx.notice(f"Taken back on {counted(run.undo_changed, 'article')}.")
    return redirect(url_for(".run", run_id=run_id), code=303)


def words_of(steps: tuple[Step | Doing, ...]) -> list[tuple[str, Tag | None]]:
    """Each step as words and, where one is meant, the tag: ("add", Syria)."""
    vocabulary = services().vocabulary()
    said: list[tuple[str, Tag | None]] = []
    for step in steps:
        tag = vocabulary.get(step.value) if step.value in vocabulary else None
        word = {ADD: "add", REMOVE: "take off", STAR: "star it", MARK: f"mark it {step.value}"}[step.what]
        said.append((word, tag if step.what in (ADD, REMOVE) else None))
    return said


def _form(rule: Rule | None, typed: Mapping[str, str], *, wrong: str = "", status: int = 200) -> ResponseReturnValue:
    fields = {name: typed.get(name, "") for name in FIELDS}
    trial: Trial | None = None
    if "try" in typed and not wrong:
        try:
            trial = rule_runs.trial(services(), g.owner, fields["query"], _steps(fields))
        except BadRule as error:
            wrong, status = str(error), 422
    runs: list[Run] = [] if rule is None else rule_runs.runs(services(), g.owner, rule_id=rule.id, limit=RUNS_SHOWN)
    values: dict[str, Any] = {"rule": rule, "typed": fields, "wrong": wrong, "trial": trial, "runs": runs}
    if htmx.wants_fragment():
        return htmx.fragment("rules/_trial.html", wrong=wrong, trial=trial, words=words_of)
    return render_template("rules/rule.html", words=words_of, **values), status


def _steps(form: Mapping[str, str]) -> tuple[Step, ...]:
    def names(field: str) -> list[str]:
        return form.get(field, "").split(",")

    return rules.steps_of(
        services(),
        add_regions=names("add_regions"),
        add_topics=names("add_topics"),
        remove_regions=names("remove_regions"),
        remove_topics=names("remove_topics"),
        star=bool(form.get("star")),
        mark=form.get("mark", ""),
    )


def _as_typed(rule: Rule) -> dict[str, str]:
    """The fields of a rule as its form has them."""
    vocabulary = services().vocabulary()

    def names(what: str, kind: TagKind) -> str:
        ids = [step.value for step in rule.steps if step.what == what and step.value in vocabulary]
        tags = [vocabulary.survivor(each) or vocabulary.get(each) for each in ids]
        return ", ".join(tag.name.replace(",", " ") for tag in tags if tag.kind is kind)

    return {
        "name": rule.name,
        "query": rule.query,
        "add_regions": names(ADD, TagKind.REGION),
        "add_topics": names(ADD, TagKind.TOPIC),
        "remove_regions": names(REMOVE, TagKind.REGION),
        "remove_topics": names(REMOVE, TagKind.TOPIC),
        "star": "yes" if any(step.what == STAR for step in rule.steps) else "",
        "mark": next((step.value for step in rule.steps if step.what == MARK), ""),
    }
