"""The trees as SKOS in Turtle: a concept a tag, so that other vocabulary tools can read them, and theirs be read here.

Source: W3C SKOS Reference, 2009. Tags of IPTC's Media Topics are linked to IPTC's own concepts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from webapp.model import TagKind
from webapp.tags import Tag
from webapp.vocabulary_files.rows import LINES_MAX, Problem, TagRow
from webapp.vocabulary_files.turtle import RDF_TYPE, Literal, Triple, TurtleError, triples

TAG = "urn:dateline:tag:"
SCHEME = "urn:dateline:tree:"
TERMS = "urn:dateline:terms:"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OWL = "http://www.w3.org/2002/07/owl#"
DCTERMS = "http://purl.org/dc/terms/"
IPTC = "http://cv.iptc.org/newscodes/mediatopic/"
_PREFIXES = {"tag": TAG, "tree": SCHEME, "dl": TERMS, "skos": SKOS, "owl": OWL, "dcterms": DCTERMS}
_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*\Z")


def write_skos(tags: Iterable[Tag]) -> str:
    """Every field of every tag, in the order given; parents in their order, the first first."""
    lines = [f"@prefix {name}: <{iri}> ." for name, iri in _PREFIXES.items()]
    schemes = (f"{kind.value}s" for kind in TagKind)
    lines += [f'\ntree:{name} a skos:ConceptScheme ; skos:prefLabel "{name.title()}"@en .' for name in schemes]
    lines += ["\n" + " ;\n    ".join(_statements(tag)) + " ." for tag in tags]
    return "\n".join(lines) + "\n"


def read_skos(text: str, kind: TagKind) -> list[TagRow | Problem]:
    """The concepts of a file, ours or another's. What `kind` they are is told by our own schemes, else by `kind`."""
    concepts: dict[str, list[Triple]] = {}
    found: list[TagRow | Problem] = []
    try:
        for triple in triples(text.removeprefix("\ufeff")):
            if len(concepts) >= LINES_MAX:
                found.append(Problem(triple.line, f"Only {LINES_MAX:,} concepts are read."))
                break
            concepts.setdefault(triple.subject, []).append(triple)
    except TurtleError as error:
        found.append(Problem(error.line, f"The file cannot be read from here on: {error}."))
    rows = [_row(iri, about, kind) for iri, about in concepts.items() if _is_concept(about)]
    if not rows and not found:
        found.append(Problem(0, "There is no skos:Concept in it."))
    return [*rows, *found]


def _statements(tag: Tag) -> Iterator[str]:
    yield f"{_ref(tag.id)} a skos:Concept"
    yield f"skos:inScheme tree:{tag.kind.value}s"
    has_english = tag.names.get("en") == tag.name
    if not has_english:
        yield f"skos:prefLabel {_literal(tag.name)}"
    for language, name in tag.names.items():
        yield f"skos:prefLabel {_literal(name)}@{language}"
    if tag.aliases:
        yield "skos:altLabel " + ", ".join(_literal(alias) for alias in tag.aliases)
    if tag.parents:
        yield "skos:broader " + ", ".join(_ref(parent) for parent in tag.parents)
    if tag.code:
        yield f"skos:notation {_literal(tag.code)}"
        if tag.kind is TagKind.TOPIC and tag.code.isdigit():
            yield f"skos:exactMatch <{IPTC}{tag.code}>"
    if tag.note:
        yield f"skos:note {_literal(tag.note)}"
    yield f"dl:slug {_literal(tag.slug)}"
    for slug in tag.former_slugs:
        yield f"dl:formerSlug {_literal(slug)}"
    if tag.retired:
        yield "owl:deprecated true"
    if tag.merged_into:
        yield f"dcterms:isReplacedBy {_ref(tag.merged_into)}"


def _row(iri: str, about: list[Triple], kind: TagKind) -> TagRow:
    labels = _literals(about, SKOS + "prefLabel")
    names = {each.language: each.text for each in reversed(labels) if each.language}
    bare = [each.text for each in labels if not each.language]
    name = (bare or [names.get("en", "")])[0] or next(iter(reversed(names.values())), "")
    schemes = _iris(about, SKOS + "inScheme") + _iris(about, SKOS + "topConceptOf")
    kinds = [each for each in TagKind if f"{SCHEME}{each.value}s" in schemes]
    told = {"name", "names", "aliases", "parents"}
    told |= {
        field
        for field, predicate in (("code", "notation"), ("note", "note"), ("note", "scopeNote"))
        if _literals(about, SKOS + predicate)
    }
    ours = iri.startswith(TAG)
    told |= {"slug", "code", "note", "retired", "merged_into", "former_slugs"} if ours else set()
    deprecated = [each.text for each in _literals(about, OWL + "deprecated")]
    notes = _literals(about, SKOS + "note") + _literals(about, SKOS + "scopeNote")
    return TagRow(
        line=about[0].line,
        kind=kinds[0] if kinds else kind,
        key=iri,
        id=_id_of(iri),
        name=name,
        names=dict(reversed(names.items())),
        slug=_first(about, TERMS + "slug"),
        code=_first(about, SKOS + "notation"),
        parents=tuple(_id_of(each) or each for each in _iris(about, SKOS + "broader")),
        aliases=tuple(dict.fromkeys(each.text for each in _literals(about, SKOS + "altLabel"))),
        retired=bool(deprecated) and deprecated[0] in ("true", "1"),
        merged_into="".join(_id_of(each) or each for each in _iris(about, DCTERMS + "isReplacedBy")[:1]),
        former_slugs=tuple(each.text for each in _literals(about, TERMS + "formerSlug")),
        note=notes[0].text if notes else "",
        told=frozenset(told),
    )


def _is_concept(about: list[Triple]) -> bool:
    return any(triple.predicate == RDF_TYPE and triple.object == SKOS + "Concept" for triple in about)


def _literals(about: list[Triple], predicate: str) -> list[Literal]:
    return [each.object for each in about if each.predicate == predicate and isinstance(each.object, Literal)]


def _iris(about: list[Triple], predicate: str) -> list[str]:
    return [each.object for each in about if each.predicate == predicate and isinstance(each.object, str)]


def _first(about: list[Triple], predicate: str) -> str:
    found = _literals(about, predicate)
    return found[0].text if found else ""


def _id_of(iri: str) -> str:
    """Our id, where the concept is ours or IPTC's; "" otherwise."""
    if iri.startswith(TAG):
        return iri.removeprefix(TAG)
    return f"t-{iri.removeprefix(IPTC)}" if iri.startswith(IPTC) else ""


def _ref(tag_id: str) -> str:
    return f"tag:{tag_id}" if _LOCAL.match(tag_id) else f"<{TAG}{tag_id}>"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
