"""What lets a browser search the archive from its own bar, and completes queries there and in the library's box.

Source: OpenSearch 1.1, draft 6, with its Suggestions extension 1.1.
"""

from __future__ import annotations

import json

from flask import Blueprint, Response, g, render_template, request

from webapp.completing import complete_query
from webapp.counter import origin, services
from webapp.htmx import fragment, wants_fragment

bp = Blueprint("opensearch", __name__)

DAY_S = 86_400


@bp.get("/opensearch.xml")
def description() -> Response:
    """Where to search; open to anyone, because it holds nothing but the archive's own address."""
    text = render_template("opensearch/description.xml", origin=origin())
    response = Response(text, mimetype="application/opensearchdescription+xml")
    response.headers["Cache-Control"] = f"private, max-age={DAY_S}"
    return response


@bp.get("/search/suggest")
def suggest() -> Response:
    """How the query `q` may go on: a listbox for htmx, [query, completions, descriptions] for browsers."""
    query = request.args.get("q", "")
    found = complete_query(services(), g.owner, query)
    if wants_fragment():
        return fragment("library/_completions.html", completions=found)
    told = [
        query,
        [each.query for each in found],
        [" · ".join(filter(None, (each.label, each.path))) for each in found],
    ]
    return Response(json.dumps(told), mimetype="application/x-suggestions+json")
