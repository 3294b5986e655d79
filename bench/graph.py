"""A deterministic graph in the form of a release: projects of missions, and who takes part.

Sizes are in projects; a project brings about 28 triples of the default graph.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Iterator
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from missiongraph.names import ID, PREFIXES, RDF_TYPE, RDFS_LABEL, mg

MISSIONS = 20
COUNTRIES = 40
SEED = 20210101
_DECIMAL = NamedNode(PREFIXES["xsd"] + "decimal")
_YEAR = NamedNode(PREFIXES["xsd"] + "integer")


def quads(projects: int) -> Iterator[Quad]:
    """Yield the statements of a graph with so many projects, always the same ones."""
    chance = random.Random(SEED)
    actors = max(10, projects // 2)
    for number in range(COUNTRIES):
        yield from _thing("place", number, "Place")
    for number in range(MISSIONS):
        mission = yield from _thing("mission", number, "Mission")
        yield Quad(mission, mg("place"), _iri("place", number % COUNTRIES))
    for number in range(actors):
        actor = yield from _thing("actor", number, "Actor")
        yield Quad(actor, mg("place"), _iri("place", chance.randrange(COUNTRIES)))
    for number in range(projects):
        yield from _project(number, actors, chance)


def _project(number: int, actors: int, chance: random.Random) -> Iterator[Quad]:
    project = yield from _thing("project", number, "Project")
    yield Quad(project, mg("contributesTo"), _iri("mission", chance.randrange(MISSIONS)))
    yield Quad(project, mg("startYear"), Literal(str(2021 + number % 6), datatype=_YEAR))
    for turn in range(chance.randint(2, 6)):
        participation = yield from _thing("participation", number * 10 + turn, "Participation")
        amount = Literal(str(Decimal(chance.randrange(10**8)) / 100), datatype=_DECIMAL)
        actor = _iri("actor", chance.randrange(actors))
        yield Quad(project, mg("hasParticipation"), participation)
        yield Quad(participation, mg("participant"), actor)
        yield Quad(participation, mg("contribution"), amount)
        yield Quad(project, mg("involves"), actor)


def _thing(segment: str, number: int, class_name: str) -> Generator[Quad, None, NamedNode]:
    iri = _iri(segment, number)
    yield Quad(iri, RDF_TYPE, mg(class_name))
    yield Quad(iri, RDFS_LABEL, Literal(f"{class_name} {number}", language="en"))
    return iri


def _iri(segment: str, number: int) -> NamedNode:
    return NamedNode(f"{ID}{segment}/{segment}-{number}")
