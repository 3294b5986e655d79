"""``/report``: the printable brief of a mission or place, as the command ``report`` writes it."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer, etag_of
from missiongraph.api.headers import CONTENT_SECURITY_POLICY
from missiongraph.api.history import served_to
from missiongraph.api.likeness import all_compared
from missiongraph.api.negotiation import Choice
from missiongraph.api.serving import Served
from missiongraph.errors import BadParameter
from missiongraph.formats import Format
from missiongraph.reports import report_of, write_html

router = APIRouter(tags=["Comparison"])
_PAGE: Final = problems.responses("A page to print.", templates.HTML)
_STYLE: Final = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_RELEASE: Final = {
    "parameters": [
        {
            "name": "release",
            "in": "query",
            "description": "Id of a kept release; the current one when left out.",
            "schema": {"type": "string"},
        }
    ]
}


@router.get(
    "/report",
    summary="A brief to print",
    responses=_PAGE,
    response_class=Response,
    openapi_extra=_RELEASE,
)
def report(
    request: Request,
    mission: str = Query("", description="A mission's slug or IRI."),
    place: str = Query("", description="A place's slug or IRI, for all its missions."),
) -> Response:
    """Give facts with footnotes, gaps, whom to talk to, nearest missions and passages."""
    if bool(mission) == bool(place):
        raise BadParameter(
            "A report is of one mission or of one place.",
            where="mission",
            remedy="Add mission=… or place=….",
        )
    served = served_to(request)
    etag = etag_of(served.release, "report", mission, place) if served.release else None
    choice = Choice[Format](templates.HTML, templates.HTML.media_type)
    made: list[bytes] = []

    def page() -> bytes:
        made.append(_page(served, mission or place))
        return made[0]

    response = answer(request, choice, etag, page)
    if made:
        response.headers["Content-Security-Policy"] = _policy(made[0])
    return response


def _page(served: Served, name: str) -> bytes:
    everything = all_compared(served) if served.release else None
    return write_html(report_of(served.store, name, everything))


def _policy(page: bytes) -> str:
    """Return the policy of pages, with the page's own style sheet let in by its hash."""
    found = _STYLE.search(page)
    digest = hashlib.sha256(found[1] if found else b"").digest()
    allowed = f"style-src 'sha256-{base64.b64encode(digest).decode()}'"
    return CONTENT_SECURITY_POLICY.replace("style-src 'self'", allowed)
