"""Filters as masks of a snapshot's articles, of all owners; asked for again, they are remembered."""

from __future__ import annotations

from datetime import date

import numpy as np

from index.query import GENRES, By, Dates, Everything, Has, Is, Lang, Node, Phrase, Site, Tagged, Untagged
from index.scoring import DAY_US, EPOCH, day_number
from index.wanted import wanted_of
from index.whoosh_engine.occurrences import Occurrences
from index.whoosh_engine.places import Places
from index.whoosh_engine.schema import FAILED, STARRED
from index.whoosh_engine.snapshot import Mask, Snapshot

_FILTERS = (By, Dates, Everything, Has, Is, Lang, Site, Tagged, Untagged)


def is_filter(node: Node) -> bool:
    return isinstance(node, _FILTERS)


def mask_of(snapshot: Snapshot, node: Node) -> Mask:
    """The articles that the filter `node` lets through. Not to be changed."""
    return snapshot.masks.get(node, lambda: _made(snapshot, node))


def _made(snapshot: Snapshot, node: Node) -> Mask:
    match node:
        case Everything():
            return np.ones(snapshot.size, np.bool_)
        case Tagged(kind, name, exact):
            return snapshot.facts(f"{kind}=" if exact else kind).having(name)
        case Untagged(kind):
            return snapshot.facts(f"{kind}=").having_none()
        case Site(host):
            return snapshot.facts("outlet").having_any(lambda outlet: _is_at(outlet.lower(), host))
        case By(name):
            return _written_by(snapshot, name)
        case Lang(code):
            return snapshot.facts("language").having_any(lambda tag: f"{tag.lower()}-".startswith(f"{code}-"))
        case Is(state):
            return _is(snapshot, state)
        case Has(part):
            return snapshot.facts("has").having(part)
        case Dates(field, first, end):
            return _dated(snapshot, field, first, end)
        case _:
            raise TypeError(f"not a query: {node!r}")


def _is_at(outlet: str, host: str) -> bool:
    return outlet == host or outlet.endswith(f".{host}") or host in outlet.split(".")


def _written_by(snapshot: Snapshot, name: str) -> Mask:
    mask = np.zeros(snapshot.size, np.bool_)
    places = Places(snapshot.bases, snapshot.segments, wanted_of(Phrase(name), ()), of_authors=True)
    mask[Occurrences(snapshot.size, places).articles] = True
    return mask


def _is(snapshot: Snapshot, state: str) -> Mask:
    match state:
        case "starred" | "failed":
            mask: Mask = (snapshot.column("flags") & (STARRED if state == "starred" else FAILED)) != 0
            return mask
        case "tagged" | "untagged":
            bare = snapshot.facts("region=").having_none() & snapshot.facts("topic=").having_none()
            return bare if state == "untagged" else ~bare
        case _ if state in GENRES:
            return snapshot.facts("has").having(state)
        case _:
            return snapshot.facts("reading").having(state)


def _dated(snapshot: Snapshot, field: str, first: date | None, end: date | None) -> Mask:
    days = snapshot.column("published")
    if field == "clipped":
        days = snapshot.column("clipped") // DAY_US + EPOCH
    mask: Mask = days > 0
    if first is not None:
        mask &= days >= day_number(first)
    if end is not None:
        mask &= days < day_number(end)
    return mask
