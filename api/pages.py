"""The pages for people. What they show comes from questions and from the manifest alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from missiongraph.api import linked_data, problems, templates
from missiongraph.api.answers import answer, answer_with, etag_of
from missiongraph.api.facts import facts_of, thing_page
from missiongraph.api.history import served_to
from missiongraph.api.layouts import (
    CONNECTED_FIRST,
    PASSAGES,
    browse_address,
    connections,
    key_facts,
    lead_of,
    property_of,
    segment_of_thing,
    shown_above,
)
from missiongraph.api.mission_page import disagreements_of, glance_of
from missiongraph.api.negotiation import Choice
from missiongraph.api.serving import Served
from missiongraph.api.sources import claims_of
from missiongraph.api.thing_tables import participants, tables_of
from missiongraph.api.timeline import KINDS
from missiongraph.errors import BadParameter
from missiongraph.formats import Format
from missiongraph.names import ID
from missiongraph.questions import answer_table, find_question

router = APIRouter(tags=["Pages"])
_RESPONSES: Final = problems.responses("A page.", templates.HTML)


def respond(request: Request, page: Callable[[Request], bytes]) -> Response:
    """Answer with a page."""
    body = page(request)
    return answer_with(request, templates.HTML, body)


@router.get("/docs", summary="All addresses", responses=_RESPONSES, response_class=Response)
def docs(request: Request) -> Response:
    """List the addresses of the service with what they take and give."""
    return respond(request, _docs)


def thing(request: Request, iri: str, choice: Choice[Format]) -> Response:
    """Answer with the page of a thing.

    Raises:
        UnknownThing: nothing is known of it.
    """
    body = _thing(request, iri)
    return answer(request, choice, etag_of(body), lambda: body)


def _thing(request: Request, iri: str) -> bytes:
    served = _served(request)
    try:
        facts = facts_of(served.store, [iri])
    except BadParameter as cause:
        raise linked_data.unknown_thing(iri) from cause
    page = thing_page(served.store, iri, facts)
    connected = [
        each for each in connections(page.mentions) if (each.property, each.segment) != PASSAGES
    ]
    glance = glance_of(served, page)
    keys, taking_part = key_facts(page), property_of(page, "hasParticipation")
    return templates.render(
        request,
        "thing.html",
        page=page,
        lead=lead_of(page),
        keys=keys,
        kinds=KINDS,
        first=segment_of_thing(iri) in CONNECTED_FIRST,
        participants=participants(taking_part),
        disagreements=disagreements_of(served, page),
        shown_above=shown_above(page, keys, bool(glance and glance.grids)),
        connected=connected,
        tables=tables_of(served, connected),
        shown_as=browse_address(iri),
        glance=glance,
        passages=_passages(served, iri),
        claims=_claims(served, iri),
        claims_of_passages=claims_of(served, iri),
        formats=_formats(),
    )


def _passages(served: Served, iri: str) -> list[dict[str, Any]]:
    """Return the passages of a source; none for anything else."""
    if not iri.startswith(ID + "source/"):
        return []
    table = answer_table(served.store, find_question("passages"), {"source": [iri]})
    return [dict.fromkeys(table.columns) | row for row in table.records()]


def _claims(served: Served, iri: str) -> list[dict[str, Any]]:
    """Return the claims of a passage; none for anything else."""
    if not iri.startswith(ID + "evidence/"):
        return []
    table = answer_table(served.store, find_question("claims"), {"evidence": [iri]})
    return [dict.fromkeys(table.columns) | row for row in table.records()]


def _docs(request: Request) -> bytes:
    paths: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    operations = [
        {"method": method.upper(), "path": path, **operation}
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]
    return templates.render(request, "docs.html", operations=operations, problems=problems.kinds())


def _formats() -> list[tuple[str, str]]:
    return [
        ("ttl", "Turtle"),
        ("jsonld", "JSON-LD"),
        ("nt", "N-Triples"),
        ("rdf", "RDF/XML"),
        ("trig", "TriG"),
        ("nq", "N-Quads"),
    ]


def _served(request: Request) -> Served:
    return served_to(request)
