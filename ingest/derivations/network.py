"""The network of who is involved where: brokers, structural holes and communities.

Its nodes are actors on one side and missions, programmes, instruments and governance bodies on
the other; an edge says that an actor is involved in a mission, programme or instrument, or is
a member of a body. Projects are left out: to take part in one does not govern a mission.

- Betweenness: the share of the shortest paths between others that lead over an actor, in this
  two-mode network (S. P. Borgatti and M. G. Everett, Network analysis of 2-mode data, Social
  Networks 19 (1997), https://doi.org/10.1016/S0378-8733(96)00301-2).
- Constraint: how far an actor's contacts are each other's contacts, among actors who share a
  mission, programme, instrument or body; low means that an actor spans structural holes
  (R. S. Burt, Structural holes and good ideas, American Journal of Sociology 110 (2004),
  https://doi.org/10.1086/421787).
- Communities: by modularity, Louvain's method with a fixed seed (V. D. Blondel et al., Fast
  unfolding of communities in large networks, Journal of Statistical Mechanics (2008),
  https://doi.org/10.1088/1742-5468/2008/10/P10008); numbered from the largest on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple

from missiongraph.names import ID, PREFIXES, mg

GRAPH: Final = ID + "graph/network"
_SEED: Final = 20210601
_DECIMAL: Final = NamedNode(PREFIXES["xsd"] + "decimal")
_INTEGER: Final = NamedNode(PREFIXES["xsd"] + "integer")
_EDGES: Final = f"""
    SELECT DISTINCT ?actor ?host WHERE {{
      {{
        VALUES ?class {{ {mg("Mission")} {mg("Programme")} {mg("Instrument")} }}
        ?host a ?class ; {mg("involves")} ?actor .
      }} UNION {{
        ?actor {mg("memberOf")} ?host .
      }}
    }}
    ORDER BY ?actor ?host
"""


def derive(engine: Store) -> Iterator[Triple]:
    """Yield betweenness, constraint and community of each actor, communities of hosts too."""
    rows = engine.query(_EDGES)
    assert isinstance(rows, QuerySolutions)
    edges = [(row["actor"].value, row["host"].value) for row in rows]
    if not edges:
        return
    import networkx as nx

    network = nx.Graph()
    network.add_edges_from(edges)
    actors = sorted({actor for actor, _ in edges})
    between = nx.betweenness_centrality(network)
    for actor in actors:
        yield _decimal(actor, "betweenness", between[actor])
    for actor, constraint in _constraints(network, actors).items():
        yield _decimal(actor, "constraint", constraint)
    groups = nx.community.louvain_communities(network, seed=_SEED)
    ranked = sorted(groups, key=lambda group: (-len(group), min(group)))
    for number, group in enumerate(ranked, start=1):
        for node in sorted(group):
            value = Literal(str(number), datatype=_INTEGER)
            yield Triple(NamedNode(node), mg("community"), value)


def _constraints(network: object, actors: list[str]) -> dict[str, float]:
    """Return Burt's constraint of the actors who have a contact at all."""
    import networkx as nx

    # A body may be an actor too: whoever only holds others is taken out again.
    contacts = nx.bipartite.weighted_projected_graph(network, actors).subgraph(actors)
    shares = {
        actor: shares_of({other: edge["weight"] for other, edge in contacts[actor].items()})
        for actor in actors
    }
    return {actor: constraint_of(actor, shares) for actor in actors if shares[actor]}


def shares_of(weights: Mapping[str, int]) -> dict[str, float]:
    """Return which share of an actor's contacts each other actor has."""
    total = sum(weights.values())
    return {other: weight / total for other, weight in sorted(weights.items())}


def constraint_of(actor: str, shares: Mapping[str, Mapping[str, float]]) -> float:
    """Return the constraint of an actor: what is shared with each contact, and by way of others.

    The networkx library has it too, but asks the graph for each share anew, which takes a
    hundred times as long; a test compares the two.
    """
    own = shares[actor]
    invested = dict(own)
    for between, share in own.items():
        for other, further in shares[between].items():
            if other in invested:
                invested[other] += share * further
    return sum(value**2 for value in invested.values())


def _decimal(node: str, name: str, value: float) -> Triple:
    return Triple(NamedNode(node), mg(name), Literal(f"{value:.6f}", datatype=_DECIMAL))
