"""``/editor``: YASGUI over this server's endpoint, with our prefixes, terms and questions."""

from __future__ import annotations

import json
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer_with
from missiongraph.api.headers import STYLED_BY_SCRIPT
from missiongraph.api.negotiation import PLAIN_JSON
from missiongraph.names import PREFIXES
from missiongraph.ontology import our_ontology
from missiongraph.questions import all_questions

_PAGE: Final = problems.responses("A page.", templates.HTML)
_WORDS: Final = problems.responses("What the editor completes.", PLAIN_JSON)
router = APIRouter(tags=["SPARQL"])


@router.get("/editor", summary="The SPARQL editor", responses=_PAGE, response_class=Response)
def editor(request: Request) -> Response:
    """Show the editor; ``#query=`` in the address fills it, as its share button writes it."""
    listed = [q for q in all_questions().values() if not q.hidden]
    body = templates.render(request, "editor.html", questions=listed)
    response = answer_with(request, templates.HTML, body)
    response.headers["Content-Security-Policy"] = STYLED_BY_SCRIPT
    return response


@router.get(
    "/editor.json",
    summary="What the editor completes",
    responses=_WORDS,
    response_class=Response,
)
def words_of_the_editor(request: Request) -> Response:
    """Give prefixes, the IRIs of classes and properties, and the stored questions' SPARQL."""
    ontology = our_ontology()
    words = {
        "prefixes": dict(PREFIXES),
        "classes": sorted(found.iri for found in ontology.classes.values()),
        "properties": sorted(found.iri for found in ontology.properties.values()),
        "questions": {
            q.id: {"title": q.title, "sparql": q.bind({})}
            for q in all_questions().values()
            if not q.hidden and not any(p.required for p in q.parameters.values())
        },
    }
    body = json.dumps(words, ensure_ascii=False).encode()
    return answer_with(request, PLAIN_JSON, body)
