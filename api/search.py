"""``/search`` and ``/suggest``: things by name, as people type it."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer_with
from missiongraph.api.name_index import Named
from missiongraph.api.negotiation import PLAIN_JSON
from missiongraph.api.serving import publication_of
from missiongraph.api.values import href_of

LONGEST: Final = 200
_SHOWN: Final = 100
_SUGGESTED: Final = 8
_PAGE: Final = problems.responses("A page.", templates.HTML)
_SUGGESTIONS: Final = problems.responses("Suggestions.", PLAIN_JSON)
router = APIRouter(tags=["Search"])
_TEXT: Any = Query("", description="Words of a name, or beginnings of words.", max_length=LONGEST)


@router.get("/search", summary="Search by name", responses=_PAGE, response_class=Response)
def search(request: Request, q: str = _TEXT) -> Response:
    """Show the things whose names or descriptions have the words, or words like them."""
    found = _find(request, q, _SHOWN)
    body = templates.render(request, "search.html", text=q, found=found, most=_SHOWN)
    return answer_with(request, templates.HTML, body)


@router.get(
    "/suggest",
    summary="Suggest names while somebody types",
    responses=_SUGGESTIONS,
    response_class=Response,
)
def suggest(request: Request, q: str = _TEXT) -> Response:
    """Give the best few things for what was typed so far, as JSON."""
    suggestions = [
        {
            "iri": found.iri,
            "name": found.name,
            "class": found.class_name,
            "classLabel": found.class_label,
            "page": href_of(found.iri),
        }
        for found in _find(request, q, _SUGGESTED)
    ]
    body = json.dumps({"suggestions": suggestions}, ensure_ascii=False).encode()
    return answer_with(request, PLAIN_JSON, body)


def _find(request: Request, text: str, limit: int) -> tuple[Named, ...]:
    if not text.strip():
        return ()
    return publication_of(request).served().names.find(text, limit)
