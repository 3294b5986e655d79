"""``/network``: who is connected with which mission and how, to look at and to take along."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer_with
from missiongraph.api.headers import STYLED_BY_SCRIPT
from missiongraph.api.negotiation import PLAIN_JSON
from missiongraph.api.serving import publication_of
from missiongraph.api.values import href_of
from missiongraph.errors import UnknownThing
from missiongraph.formats import Format
from missiongraph.names import MG
from missiongraph.questions import answer_table, choices, find_question
from missiongraph.store import Store
from missiongraph.tables import Term, text_of, text_of_iri

GRAPHML: Final = Format("graphml", "application/graphml+xml")
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character of XML 1.0 (section 2.2)."""
_PAGE: Final = problems.responses("A page.", templates.HTML)
_NETWORK: Final = problems.responses("The network.", PLAIN_JSON, GRAPHML)
router = APIRouter(tags=["Network"])


@dataclass(frozen=True)
class Node:
    """Something connected: a mission, an actor, a programme or a challenge."""

    iri: str
    label: str
    kind: str
    level: str = ""


@dataclass(frozen=True)
class Edge:
    """A connection: from whom, to whom, and as what."""

    source: str
    target: str
    relation: str
    label: str


@dataclass(frozen=True)
class Network:
    """Nodes by IRI, and the edges between them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


_PLACES: list[str] = Query([], alias="place", description="Only missions of these places.")
_MISSIONS: list[str] = Query([], alias="mission", description="Only these missions.")


@router.get("/network", summary="The network", responses=_PAGE, response_class=Response)
def network(
    request: Request, place: list[str] = _PLACES, mission: list[str] = _MISSIONS
) -> Response:
    """Show the network; what it draws comes from ``/network.json``."""
    store = publication_of(request).served().store
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
    summary="The network as JSON (of Cytoscape) or GraphML",
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
    writers = {PLAIN_JSON.name: (PLAIN_JSON, as_json), GRAPHML.name: (GRAPHML, as_graphml)}
    if ending not in writers:
        raise UnknownThing(
            f"The network has no form {ending!r}.",
            where=request.url.path,
            remedy=f"Ask for one of: {', '.join(f'/network.{name}' for name in writers)}.",
        )
    format_, write = writers[ending]
    body = write(network_of(publication_of(request).served().store, _given(place, mission)))
    return answer_with(request, format_, body)


def network_of(store: Store, given: dict[str, Sequence[str]]) -> Network:
    """Return the nodes and edges of the question ``network``; raises as ``answer`` does."""
    nodes: dict[str, Node] = {}
    edges: dict[Edge, None] = {}
    for row in answer_table(store, find_question("network"), given).records():
        ends = [_node(row, "from"), _node(row, "to", text_of_iri(row.get("level")))]
        for node in ends:
            if node.iri not in nodes or node.level:
                nodes[node.iri] = node
        relation = text_of_iri(row["relation"]).removeprefix(MG)
        edge = Edge(ends[0].iri, ends[1].iri, relation, text_of(row.get("relationLabel")))
        edges[edge] = None
    return Network(tuple(sorted(nodes.values(), key=lambda n: n.iri)), tuple(edges))


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


def as_graphml(network: Network) -> bytes:
    """Return a network as GraphML (http://graphml.graphdrawing.org/specification.html)."""
    root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for key, of in _GRAPHML_KEYS:
        SubElement(root, "key", {"id": key, "for": of, "attr.name": key, "attr.type": "string"})
    graph = SubElement(root, "graph", edgedefault="directed")
    for node in network.nodes:
        described = SubElement(graph, "node", id=node.iri)
        _describe(described, label=node.label, kind=node.kind, level=node.level)
    for edge in network.edges:
        drawn = SubElement(graph, "edge", source=edge.source, target=edge.target)
        _describe(drawn, relation=edge.relation)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


_GRAPHML_KEYS: Final = (
    ("label", "node"),
    ("kind", "node"),
    ("level", "node"),
    ("relation", "edge"),
)


def _describe(element: Element, **values: str) -> None:
    for key, value in values.items():
        if value:
            SubElement(element, "data", key=key).text = _NOT_IN_XML.sub("\ufffd", value)


def _node(row: dict[str, Term], end: str, level: str = "") -> Node:
    iri = text_of_iri(row[end])
    kind = text_of_iri(row[f"{end}Class"]).removeprefix(MG)
    return Node(iri, text_of(row.get(f"{end}Label")) or iri, kind, level.rpartition("/")[2])


def _given(place: Sequence[str], mission: Sequence[str]) -> dict[str, Sequence[str]]:
    return {"place": [p for p in place if p], "mission": [m for m in mission if m]}
