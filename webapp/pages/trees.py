"""Places and topics: the two trees with their counts, a page for each tag, and what a reader does to it.

Both areas are the same pages over another tree: `places.py` and `topics.py` give them their addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import htmx, tree_changes, trees, vocabulary_care
from webapp.counter import services
from webapp.errors import BadTag, NotFound
from webapp.model import TagKind
from webapp.tags import Tag, Vocabulary
from webapp.tree_changes import Deed
from webapp.vocabulary_care import Planner, Preview

AREA_OF = {TagKind.REGION: "places", TagKind.TOPIC: "topics"}
NOUN_OF = {TagKind.REGION: "place", TagKind.TOPIC: "topic"}
DEEDS = ("move", "merge", "split", "retire", "bring-back")


def pages_of(kind: TagKind) -> Blueprint:
    """The pages of one tree, under the name of its area."""
    area = AREA_OF[kind]
    bp = Blueprint(area, __name__)

    def route(path: str, view: Callable[..., ResponseReturnValue], method: str = "GET") -> None:
        name = view.__name__
        bp.add_url_rule(f"/{area}{path}", endpoint=name, view_func=partial(view, kind), methods=[method])

    route("", index)
    route("/new", new)
    route("/new", create, "POST")
    route("/<key>", show)
    route("/<key>/edit", edit)
    route("/<tag_id>/names", rename, "POST")
    for deed in DEEDS:
        bp.add_url_rule(
            f"/{area}/<tag_id>/{deed}", endpoint=deed, view_func=partial(do, kind, deed=deed), methods=["POST"]
        )
    return bp


def tag_url(tag: Tag) -> str:
    """The address of a tag's page."""
    return url_for(f"{AREA_OF[tag.kind]}.show", key=tag.slug)


def index(kind: TagKind) -> ResponseReturnValue:
    asked = request.args.get("find", "").strip()[:200]
    values: dict[str, Any] = {"asked": asked, "listed": None, "tree": None, **_names(kind)}
    if asked:
        values["listed"] = trees.find_tags(services(), g.owner, kind, asked)
    else:
        values["tree"] = trees.tree_of(services(), g.owner, kind, whole=request.args.get("all") == "1")
    return htmx.page_or_fragment("trees/index.html", "trees/_branches.html", **values)


def show(kind: TagKind, key: str) -> ResponseReturnValue:
    tag = trees.tag_called(services().vocabulary(), kind, key)
    if key != tag.slug:
        return redirect(tag_url(tag), code=302)
    values = {"about": trees.about(services(), g.owner, tag), "tag": tag, **_names(kind)}
    deeds = vocabulary_care.history(services(), tag_id=tag.id)
    return render_template("trees/show.html", deeds=deeds, merged=_merged_into(tag), **values)


def new(kind: TagKind) -> ResponseReturnValue:
    typed = {"name": request.args.get("name", ""), "parents": request.args.get("parents", "")}
    return render_template("trees/new.html", typed=typed, wrong="", **_names(kind))


def create(kind: TagKind) -> ResponseReturnValue:
    form = request.form
    try:
        tag = vocabulary_care.create(
            services(),
            g.owner,
            kind,
            form.get("name", ""),
            parents=_parents(kind, form),
            aliases=form.get("aliases", "").split("\n"),
        )
    except BadTag as error:
        typed = {
            "name": form.get("name", ""),
            "parents": form.get(f"{kind.value}s", ""),
            "aliases": form.get("aliases", ""),
        }
        return render_template("trees/new.html", typed=typed, wrong=str(error), **_names(kind)), 422
    [deed, *_] = vocabulary_care.history(services(), tag_id=tag.id)
    _say(deed)
    return redirect(tag_url(tag), code=303)


def edit(kind: TagKind, key: str) -> ResponseReturnValue:
    """The forms; with a `deed` and its fields also what it would change."""
    tag = trees.tag_called(services().vocabulary(), kind, key)
    deed = request.args.get("deed", "")
    fields = {name: value for name, value in request.args.items() if name not in ("deed", "list")}
    if not deed:
        return _edit(tag)
    if deed not in DEEDS:
        raise NotFound("That cannot be done to a tag.")
    would: Preview | None = None
    wrong = ""
    try:
        would = vocabulary_care.preview(services(), g.owner, _planner(tag, deed, fields))
    except BadTag as error:
        wrong = str(error)
    values: dict[str, Any] = {"deed": deed, "would": would, "wrong": wrong, "fields": fields}
    if htmx.wants_fragment():
        return htmx.fragment("trees/_would.html", tag=tag, area=AREA_OF[kind], **values)
    return _edit(tag, status=422 if wrong else 200, **values)


def rename(kind: TagKind, tag_id: str) -> ResponseReturnValue:
    """The names: done at once, as it touches no article; the notice undoes it."""
    tag = vocabulary_care.known(services().vocabulary(), tag_id)
    form = request.form

    def planner(vocabulary: Vocabulary) -> tree_changes.Change:
        return tree_changes.rename(
            vocabulary,
            tag_id,
            name=form.get("name"),
            names=_by_language(form["names"], tag) if "names" in form else None,
            aliases=form["aliases"].split("\n") if "aliases" in form else None,
            note=form.get("note"),
        )

    try:
        deed = vocabulary_care.carry_out(services(), g.owner, planner)
    except BadTag as error:
        return _edit(tag, status=422, wrong_names=str(error), typed=dict(form))
    _say(deed)
    return redirect(tag_url(services().vocabulary().get(tag_id)), code=303)


def do(kind: TagKind, tag_id: str, *, deed: str) -> ResponseReturnValue:
    tag = vocabulary_care.known(services().vocabulary(), tag_id)
    fields = {name: value for name, value in request.form.items() if name != "back"}
    try:
        done = vocabulary_care.carry_out(services(), g.owner, _planner(tag, deed, fields))
    except BadTag as error:
        return _edit(tag, status=422, deed=deed, wrong=str(error), fields=fields)
    _say(done)
    now = services().vocabulary().survivor(tag_id) or tag
    return htmx.go_to(htmx.local_path(request.form.get("back", ""), tag_url(now)))


def say_undone(deed: Deed) -> None:
    """The notice about a deed that was taken back; undoing that does it again."""
    htmx.notice(f"{deed.summary}.", undo=url_for("vocabulary.undo", deed_id=deed.id), fields={"back": "yes"})


def _say(deed: Deed | None) -> None:
    if deed is None:
        htmx.notice("Nothing changed: it was so already.")
        return
    moved = f" {deed.moved:,} article{'s' if deed.moved != 1 else ''} changed." if deed.moved else ""
    undo = url_for("vocabulary.undo", deed_id=deed.id)
    link = (url_for("vocabulary.history"), "History")
    htmx.notice(f"{_short(deed.summary)}.{moved}", undo=undo, link=link)


def _planner(tag: Tag, deed: str, fields: Mapping[str, str]) -> Planner:
    """What is to be done with the trees as they are when it is done. Raises BadTag."""
    match deed:
        case "move":
            parents = _parents(tag.kind, fields)
            return lambda vocabulary: tree_changes.move(vocabulary, tag.id, parents)
        case "merge":
            into = _one(tag.kind, fields.get("name", ""))
            return lambda vocabulary: tree_changes.merge(vocabulary, tag.id, into)
        case "split":
            return vocabulary_care.planned_split(
                services(),
                g.owner,
                tag.id,
                fields.get("q", ""),
                into=fields.get("name", "").strip(),
                below=fields.get("where", "below") == "below",
            )
        case "retire":
            return lambda vocabulary: tree_changes.retire(vocabulary, tag.id)
        case _:
            return lambda vocabulary: tree_changes.bring_back(vocabulary, tag.id)


def _parents(kind: TagKind, fields: Mapping[str, str]) -> tuple[str, ...]:
    return vocabulary_care.named(services(), kind, fields.get(f"{kind.value}s", "").split(","))


def _one(kind: TagKind, name: str) -> str:
    found = vocabulary_care.named(services(), kind, [name])
    if not found:
        raise BadTag(f"Name the {NOUN_OF[kind]} to merge it into.")
    return found[0]


def _edit(tag: Tag, *, status: int = 200, **more: Any) -> ResponseReturnValue:
    vocabulary = services().vocabulary()
    values: dict[str, Any] = {"deed": "", "would": None, "wrong": "", "fields": {}, "wrong_names": "", "typed": {}}
    values |= more
    parents = [vocabulary.get(parent).name.replace(",", " ") for parent in tag.parents if parent in vocabulary]
    page = render_template("trees/edit.html", tag=tag, parents=", ".join(parents), **values, **_names(tag.kind))
    return page, status


def _merged_into(tag: Tag) -> list[Tag]:
    """The tags that were merged into this one."""
    return [each for each in services().vocabulary().all(tag.kind) if each.merged_into == tag.id]


def _by_language(text: str, tag: Tag) -> dict[str, str]:
    """Names as they are typed, "de: Syrien" a line; the English one is the tag's own and stays."""
    pairs = (line.partition(":") for line in text.split("\n"))
    names = {language.strip(): name.strip() for language, colon, name in pairs if colon}
    return ({"en": tag.names["en"]} if "en" in tag.names else {}) | names


def _names(kind: TagKind) -> dict[str, str]:
    return {"area": AREA_OF[kind], "noun": NOUN_OF[kind], "kind": kind.value}


def _short(text: str) -> str:
    return text if len(text) <= 160 else text[:157].rstrip() + "…"
