"""Under which heading a thing's page shows a property, and in which order.

A property that is not named here is shown too, last, so a new one needs no edit.
"""

from __future__ import annotations

from typing import Final

from missiongraph.names import MG, PREFIXES

HEADINGS: Final = {
    "What it is": """
        type missionType problemType scale status policyField partOf place placeKind
        governanceLevel above actorType memberOf instrumentType side steering innovationStage kind
        dimension about problem definition startDate endDate minDuration
        maxDuration sourceKind title creator issued license retrieved page homepage summary source
        startSeconds endSeconds pageNumber section altLabel notation inScheme broader narrower
    """,
    "Goal and targets": """
        aim addresses broaderChallenge reframes relatedGoal hasTarget statement indicator direction
        targetValue unit baselineValue deadline approximate
    """,
    "Actors": """
        ownedBy ledBy coordinatedBy governedBy implementedBy regulatedBy partneredBy advisedBy
        evaluatedBy identifiedBy definedBy managedBy participant role involves
    """,
    "Instruments and funding": """
        hasInstrument hasPortfolio hasSolution hasItem competesWith hasFunding fundingKind amount
        currency share fundedBy fundedUnder contributesTo restates
    """,
    "Challenges and practices": """
        faces practises respondsTo characteristic hasDimension exampleOf
    """,
    "Elsewhere": """
        alignedWith exactMatch closeMatch broadMatch narrowMatch relatedMatch
    """,
}
"""Where pages show a property and in which order; one that is not here comes last."""
REST: Final = "Further facts"
ALL_HEADINGS: Final = (*HEADINGS, REST)
_PLACES: Final = {
    name: (heading, place)
    for heading, names in HEADINGS.items()
    for place, name in enumerate(names.split())
}
_NAMESPACES: Final = (MG, *(PREFIXES[prefix] for prefix in ("dcterms", "skos", "rdf", "foaf")))


def heading_of(iri: str) -> str:
    """Return the heading under which pages show a property."""
    return _PLACES.get(_local(iri), (REST, 0))[0]


def order_of(iri: str) -> tuple[int, int, str]:
    """Return what properties are sorted by to stand in the order of pages."""
    heading, place = _PLACES.get(_local(iri), (REST, 0))
    return ALL_HEADINGS.index(heading), place, iri


def _local(iri: str) -> str:
    for namespace in _NAMESPACES:
        if iri.startswith(namespace):
            return iri.removeprefix(namespace)
    return iri
