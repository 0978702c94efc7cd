"""What the clip forms send, read: addresses, tags by name (refused when unknown), a note, a page with its pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from webapp.errors import BadAddress, BadClip, BadTag
from webapp.filing import tagging
from webapp.model import Resource, TagKind
from webapp.services import Services

FIELDS = {TagKind.REGION: "regions", TagKind.TOPIC: "topics"}


class BadTags(BadTag):
    """Names that no tag has; `fields` says it at the form's fields."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


def filed(services: Services, form: MultiDict[str, str]) -> dict[str, Any]:
    """The tags and the note of a form, as the deeds take them. Raises BadTags, naming each field that is wrong."""
    tags: list[str] = []
    wrong: dict[str, str] = {}
    for kind, name in FIELDS.items():
        found, problems = _tags(services, kind, form.get(name, ""))
        tags += found
        if problems:
            wrong[name] = " ".join(problems)
    if wrong:
        raise BadTags(wrong)
    return {"tags": tuple(dict.fromkeys(tags)), "note": form.get("note", "").replace("\r\n", "\n").strip()}


def address(text: str, *, optional: bool = False) -> str:
    """What was typed into an address field; `example.org/a` gets its https. Raises BadAddress when it is needed."""
    typed = text.strip()
    if not typed:
        if optional:
            return ""
        raise BadAddress("", "type or paste the address of the article first")
    return typed if "://" in typed or typed.startswith(("javascript:", "data:", "mailto:")) else f"https://{typed}"


def page_meta(services: Services, form: MultiDict[str, str]) -> dict[str, Any]:
    """What the bookmarklet's window says about the page. Raises BadTags."""
    told = filed(services, form)
    return {
        "url": _web_address(form.get("url", "")),
        "title": form.get("title", ""),
        "selection": form.get("selection", ""),
        "clip_id": form.get("clip_id", ""),
        "tags": list(told["tags"]),
        "note": told["note"],
    }


def resources(parts: Sequence[FileStorage], addresses: Sequence[str]) -> list[Resource]:
    """The pictures that came along; the n-th address belongs to the n-th part. Raises BadClip."""
    given = [part for part in parts if part.filename]
    if len(given) != len(addresses):
        raise BadClip("The pictures do not fit their addresses. Press the bookmarklet again.")
    return [
        Resource(address, part.mimetype or "application/octet-stream", part.read())
        for part, address in zip(given, addresses, strict=True)
        if address.startswith(("http://", "https://"))
    ]


def _web_address(text: str) -> str:
    """A page opened from the disk has no address that anybody else could use."""
    return text if text.startswith(("http://", "https://")) else ""


def _tags(services: Services, kind: TagKind, text: str) -> tuple[list[str], list[str]]:
    """The tags named in `text`, parted by commas, as "region:syria"; and what is wrong with the others.

    Names may hold commas themselves ("economy, business and finance"): the whole is tried before its parts.
    """
    names = [" ".join(name.split()) for name in text.split(",")]
    names = [name for name in names if name]
    tags: list[str] = []
    problems: list[str] = []
    vocabulary = services.vocabulary()
    at = 0
    while at < len(names):
        end, tag = len(names), None
        while tag is None and end > at:
            tag = vocabulary.find(kind, ", ".join(names[at:end]))
            end -= tag is None
        if tag is None:
            problems.append(_why_not(services, kind, names[at]))
            end = at + 1
        else:
            tags.append(f"{kind.value}:{tag.slug}")
        at = end
    return tags, problems


def _why_not(services: Services, kind: TagKind, name: str) -> str:
    try:
        tagging.resolve(services.vocabulary(), kind, name)
    except BadTag as error:
        return error.text
    return ""
