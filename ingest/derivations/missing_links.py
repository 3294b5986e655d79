"""Who would have to be joined: for missions that share a challenge and nobody, the actors to bring together.

Two missions are apart when they address the same challenge, or one a broader challenge than the
other's, and no actor and no governance body is in both (the rule of ``uncoordinated-missions``).
A pair of actors, one of each, that sat in a joint body would connect them; the same two may
connect many. The pairs are chosen one after the other, each time the one that connects most of
the missions that are still apart: greedy maximum coverage, which for any number of steps covers
at least 63 % (1 - 1/e) of what the best choice of as many would (G. L. Nemhauser, L. A. Wolsey
and M. L. Fisher, An analysis of approximations for maximizing submodular set functions - I,
Mathematical Programming 14 (1978), https://doi.org/10.1007/BF01588971).

Actors come into question who own, lead, coordinate or govern a mission or its programme; of a
mission that has none of these known, whoever is involved.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple

from missiongraph.names import ID, PREFIXES, RDF_TYPE, RDFS_LABEL, mg

GRAPH: Final = ID + "graph/missing-links"
MOST_SHARING: Final = 200
"""A challenge that more missions address than these brings no two of them together."""
_INTEGER: Final = NamedNode(PREFIXES["xsd"] + "integer")
_IN: Final = f"{mg('involves')}|({mg('partOf')}/{mg('involves')})"
_STEERING: Final = "|".join(
    f"{mg(role)}|({mg('partOf')}/{mg(role)})"
    for role in ("ownedBy", "ledBy", "coordinatedBy", "governedBy")
)
Pair: TypeAlias = tuple[str, str]
Sets: TypeAlias = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Join:
    """Two actors to bring together.

    Attributes:
        actors: the two, in order.
        missions: the pairs of missions that they connect and that no earlier join does.
    """

    actors: Pair
    missions: tuple[Pair, ...]


def derive(engine: Store) -> Iterator[Triple]:
    """Yield a missing link for each pair of missions that is apart and has known actors."""
    mission = f"?one a {mg('Mission')}"
    involved = _sets(engine, f"{mission} ; {_IN} ?other")
    steering = _sets(engine, f"{mission} ; {_STEERING} ?other")
    bodies = _sets(engine, f"?one {mg('memberOf')} ?other")
    candidates = {one: steering.get(one) or actors for one, actors in involved.items()}
    for rank, join in enumerate(joins(apart(_sharing(engine), involved, bodies), candidates), 1):
        for pair in join.missions:
            yield from _facts(rank, join, pair)


def apart(sharing: set[Pair], involved: Sets, bodies: Sets) -> set[Pair]:
    """Return the pairs of missions that no actor and no body of an actor is in both of."""

    def reach(mission: str) -> frozenset[str]:
        actors = involved.get(mission, frozenset())
        return actors.union(*(bodies.get(actor, ()) for actor in actors))

    reached = {mission: reach(mission) for pair in sharing for mission in pair}
    return {pair for pair in sharing if reached[pair[0]].isdisjoint(reached[pair[1]])}


def joins(pairs: set[Pair], candidates: Sets) -> Iterator[Join]:
    """Yield joins, the one that connects most first, until no pair of missions can be connected."""
    connects: dict[Pair, set[Pair]] = defaultdict(set)
    for one, other in pairs:
        for first in candidates.get(one, ()):
            for second in candidates.get(other, ()):
                connects[min(first, second), max(first, second)].add((one, other))
    left = set(pairs)
    queue = [(-len(connected), actors) for actors, connected in connects.items()]
    heapq.heapify(queue)
    while queue:
        promised, actors = heapq.heappop(queue)
        connected = connects[actors] & left
        # What a join still connects never grows, so an outdated promise goes back into the queue.
        if connected and len(connected) == -promised:
            left -= connected
            yield Join(actors, tuple(sorted(connected)))
        elif connected:
            heapq.heappush(queue, (-len(connected), actors))


def _sets(engine: Store, pattern: str) -> dict[str, frozenset[str]]:
    rows = engine.query(f"SELECT DISTINCT ?one ?other WHERE {{ {pattern} }}")
    assert isinstance(rows, QuerySolutions)
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row["one"].value].add(row["other"].value)
    return {one: frozenset(others) for one, others in found.items()}


def _sharing(engine: Store) -> set[Pair]:
    """Return the pairs of missions of which one addresses the other's challenge or a broader one."""
    own = _sets(
        engine, f"?mission a {mg('Mission')} ; {mg('addresses')} ?one . BIND (?mission AS ?other)"
    )
    narrower = _sets(
        engine,
        f"?mission a {mg('Mission')} ; {mg('addresses')}/{mg('broaderChallenge')} ?one . "
        "BIND (?mission AS ?other)",
    )
    return {
        (min(one, other), max(one, other))
        for challenge, missions in own.items()
        if len(missions) <= MOST_SHARING
        for one in missions
        for other in missions | narrower.get(challenge, frozenset())
        if one != other
    }


def _facts(rank: int, join: Join, missions: Pair) -> Iterator[Triple]:
    digest = hashlib.sha256(" ".join(missions).encode()).hexdigest()
    link = NamedNode(f"{ID}missing-link/{digest[:16]}")
    label = f"Missing link {rank}: " + " and ".join(iri.rpartition("/")[2] for iri in missions)
    yield Triple(link, RDF_TYPE, mg("MissingLink"))
    yield Triple(link, RDFS_LABEL, Literal(label, language="en"))
    yield Triple(link, mg("rank"), Literal(str(rank), datatype=_INTEGER))
    yield Triple(link, mg("connectedPairs"), Literal(str(len(join.missions)), datatype=_INTEGER))
    for actor in join.actors:
        yield Triple(link, mg("joins"), NamedNode(actor))
    for mission in missions:
        yield Triple(link, mg("connects"), NamedNode(mission))
