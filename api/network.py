"""``/network``: who is connected with which mission and how, to look at and to take along."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer_with
from missiongraph.api.headers import STYLED_BY_SCRIPT
from missiongraph.api.history import served_to
from missiongraph.api.negotiation import PLAIN_JSON
from missiongraph.api.values import href_of
from missiongraph.errors import UnknownThing
from missiongraph.exports.network import Network, as_gexf, as_graphml, network_of
from missiongraph.formats import Format
from missiongraph.questions import choices, find_question
from missiongraph.tables import text_of, text_of_iri

GRAPHML: Final = Format("graphml", "application/graphml+xml")
GEXF: Final = Format("gexf", "application/gexf+xml")
_PAGE: Final = problems.responses("A page.", templates.HTML)
_NETWORK: Final = problems.responses("The network.", PLAIN_JSON, GRAPHML, GEXF)
router = APIRouter(tags=["Network"])


_PLACES: list[str] = Query([], alias="place", description="Only missions of these places.")
_MISSIONS: list[str] = Query([], alias="mission", description="Only these missions.")


@router.get("/network", summary="The network", responses=_PAGE, response_class=Response)
def network(
    request: Request, place: list[str] = _PLACES, mission: list[str] = _MISSIONS
) -> Response:
    """Show the network; what it draws comes from ``/network.json``."""
    store = served_to(request).store
    question = find_question("network")
    given = _given(place, mission)
    found = network_of(store, given)
    offered = choices(store, question.parameters["place"]).records()
    body = templates.render(
        request,
        "network.html",
        question=question,
        network=found,
        labels={node.iri: node.label for node in found.nodes},
        places=[(text_of_iri(r["value"]), text_of(r.get("label"))) for r in offered],
        chosen=[str(question.parameters["place"].read(name).value) for name in given["place"]],
        address=f"?{request.url.query}" if request.url.query else "",
    )
    response = answer_with(request, templates.HTML, body)
    response.headers["Content-Security-Policy"] = STYLED_BY_SCRIPT
    return response


@router.get(
    "/network.{ending}",
    summary="The network as JSON (of Cytoscape), GraphML or GEXF",
    responses=_NETWORK,
    response_class=Response,
)
def network_in_format(
    request: Request,
    ending: str,
    place: list[str] = _PLACES,
    mission: list[str] = _MISSIONS,
) -> Response:
    """Give nodes and edges in a form that other programs read."""
    forms = ((PLAIN_JSON, as_json), (GRAPHML, as_graphml), (GEXF, as_gexf))
    writers = {form.name: (form, write) for form, write in forms}
    if ending not in writers:
        raise UnknownThing(
            f"The network has no form {ending!r}.",
            where=request.url.path,
            remedy=f"Ask for one of: {', '.join(f'/network.{name}' for name in writers)}.",
        )
    format_, write = writers[ending]
    body = write(network_of(served_to(request).store, _given(place, mission)))
    return answer_with(request, format_, body)


def as_json(network: Network) -> bytes:
    """Return a network as Cytoscape's elements."""
    nodes = [
        {
            "data": {
                "id": n.iri,
                "label": n.label,
                "kind": n.kind,
                "level": n.level,
                "page": href_of(n.iri),
            }
        }
        for n in network.nodes
    ]
    edges = [
        {"data": {"id": f"{e.relation} {e.source} {e.target}", "source": e.source, "target": e.target,
                  "relation": e.relation, "label": e.label}}
        for e in network.edges
    ]  # fmt: skip
    return json.dumps({"elements": {"nodes": nodes, "edges": edges}}, ensure_ascii=False).encode()


def _given(place: Sequence[str], mission: Sequence[str]) -> dict[str, Sequence[str]]:
    return {"place": [p for p in place if p], "mission": [m for m in mission if m]}
