"""``/explain``: why a fact is in the graph, as passages that state it or rules that gave it."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer, answer_with, etag_of
from missiongraph.api.negotiation import PLAIN_JSON, choose
from missiongraph.api.serving import publication_of
from missiongraph.inference.explanation import Explanation, explain
from missiongraph.inference.explanation_forms import json_of, read_fact

OFFERED: Final = (templates.HTML, PLAIN_JSON)
LONGEST: Final = 10_000
_PAGE: Final = problems.responses("Why the fact holds.", *OFFERED)
_JSON: Final = problems.responses("Why the fact holds.", PLAIN_JSON)
_SUBJECT: Any = Query(
    description="An IRI, a CURIE or an id such as mission/some-slug.", max_length=LONGEST
)
_PREDICATE: Any = Query(description="An IRI or a CURIE such as mg:involves.", max_length=LONGEST)
_OBJECT: Any = Query(
    description='As a subject, or a literal of N-Triples such as "text"@en.', max_length=LONGEST
)
router = APIRouter(tags=["Explanations"])


@router.get("/explain", summary="Why a fact holds", responses=_PAGE, response_class=Response)
def explanation(
    request: Request,
    subject: str = _SUBJECT,
    predicate: str = _PREDICATE,
    object: str = _OBJECT,
) -> Response:
    """Tell why a fact is in the graph, as a page or as JSON."""
    choice = choose(request.headers.get("Accept"), OFFERED)
    found = _explain(request, subject, predicate, object)
    if choice.format is PLAIN_JSON:
        body = _json(found)
    else:
        body = templates.render(request, "explain.html", whole=found, query=request.url.query)
    return answer(request, choice, etag_of(body), lambda: body)


@router.get(
    "/explain.json", summary="Why a fact holds, as JSON", responses=_JSON, response_class=Response
)
def explanation_as_json(
    request: Request,
    subject: str = _SUBJECT,
    predicate: str = _PREDICATE,
    object: str = _OBJECT,
) -> Response:
    """Tell why a fact is in the graph: the rule, what it takes, and the passages behind it."""
    return answer_with(request, PLAIN_JSON, _json(_explain(request, subject, predicate, object)))


def _explain(request: Request, subject: str, predicate: str, value: str) -> Explanation:
    store = publication_of(request).served().store
    return explain(store, read_fact(subject, predicate, value))


def _json(found: Explanation) -> bytes:
    return json.dumps(json_of(found), ensure_ascii=False).encode() + b"\n"
