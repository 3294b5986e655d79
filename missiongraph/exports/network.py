"""The network of missions, actors, programmes and challenges, and the forms that programs read."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from missiongraph.names import MG
from missiongraph.questions import answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import Term, text_of, text_of_iri

if TYPE_CHECKING:
    import networkx

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character of XML 1.0 (section 2.2)."""


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


def network_of(store: Store, given: Mapping[str, Sequence[str]]) -> Network:
    """Return the nodes and edges of the question ``network``; raises as ``answer`` does.

    That question tells the level of what is connected to; missions, from whom connections go, have
    theirs from the question ``missions``.
    """
    levels = _levels(store)
    nodes: dict[str, Node] = {}
    edges: dict[Edge, None] = {}
    for row in answer_table(store, find_question("network"), given).records():
        ends = [
            _node(row, "from", levels.get(text_of_iri(row["from"]), "")),
            _node(row, "to", text_of_iri(row.get("level"))),
        ]
        for node in ends:
            if node.iri not in nodes or node.level:
                nodes[node.iri] = node
        relation = text_of_iri(row["relation"]).removeprefix(MG)
        edge = Edge(ends[0].iri, ends[1].iri, relation, text_of(row.get("relationLabel")))
        edges[edge] = None
    return Network(tuple(sorted(nodes.values(), key=lambda n: n.iri)), tuple(edges))


def _levels(store: Store) -> dict[str, str]:
    """Return the IRI of each mission's governance level, by the mission's; the first of several."""
    found: dict[str, str] = {}
    for row in answer_table(store, find_question("missions")).records():
        if "governanceLevel" in row:
            found.setdefault(text_of_iri(row["mission"]), text_of_iri(row["governanceLevel"]))
    return found


def as_graphml(network: Network) -> bytes:
    """Return a network as GraphML (http://graphml.graphdrawing.org/specification.html)."""
    from networkx import write_graphml

    written = io.BytesIO()
    write_graphml(_graph(network), written)
    return written.getvalue()


def as_gexf(network: Network) -> bytes:
    """Return a network as GEXF 1.2 (https://gexf.net/), with the label that Gephi shows."""
    from networkx import write_gexf

    written = io.BytesIO()
    write_gexf(_graph(network), written)
    return written.getvalue()


def _graph(network: Network) -> networkx.MultiDiGraph:
    from networkx import MultiDiGraph

    graph = MultiDiGraph()
    for node in network.nodes:
        graph.add_node(node.iri, **_told(label=node.label, kind=node.kind, level=node.level))
    for edge in network.edges:
        graph.add_edge(edge.source, edge.target, **_told(relation=edge.relation))
    return graph


def _told(**values: str) -> dict[str, str]:
    return {key: _NOT_IN_XML.sub("\ufffd", value) for key, value in values.items() if value}


def _node(row: dict[str, Term], end: str, level: str = "") -> Node:
    iri = text_of_iri(row[end])
    kind = text_of_iri(row[f"{end}Class"]).removeprefix(MG)
    return Node(iri, text_of(row.get(f"{end}Label")) or iri, kind, level.rpartition("/")[2])
