"""What the page of a thing shows first, by its class: key facts, and what is connected with it.

A class that is not named here has the plain layout: all facts in groups, then mentions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from missiongraph.api.facts import Property, ThingPage, Value
from missiongraph.names import ID, MG, PREFIXES

KEY_FACTS: Final = {
    "actor": "actorType governanceLevel place memberOf partOf",
    "challenge": "broaderChallenge relatedGoal reframes",
    "criterion": "dimension typology scale",
    "evidence": "source startSeconds pageNumber section page",
    "implementation-challenge": "dimension kind",
    "instrument": "instrumentType side innovationStage steering policyField startDate endDate",
    "mission": "status place governanceLevel partOf startDate endDate",
    "place": "placeKind partOf exactMatch",
    "practice": "dimension respondsTo",
    "programme": "status governanceLevel place ownedBy partOf startDate endDate",
    "project": "acronym status startDate endDate contributesTo fundedUnder topic totalCost",
    "source": "sourceKind creator issued retrieved page",
    "strength": "dimension about",
    "target": "indicator targetValue unit direction baselineValue deadline",
}
"""Properties that stand at the top of a page, by the segment of the thing's IRI."""
MOST_OF_A_KEY: Final = 6
LEADS: Final = ("aim", "summary", "statement", "problem", "definition", "description")
"""Texts of which the first one that a thing has opens its page."""
_ROLES: Final = {
    "ownedBy": "Owns",
    "ledBy": "Leads",
    "coordinatedBy": "Coordinates",
    "governedBy": "Governs",
    "fundedBy": "Funds",
    "implementedBy": "Implements",
    "regulatedBy": "Regulates",
    "partneredBy": "Is a partner of",
    "advisedBy": "Advises",
    "evaluatedBy": "Evaluates",
    "identifiedBy": "Found",
    "definedBy": "Defined",
    "managedBy": "Manages",
    "participant": "Takes part in projects",
}
CONNECTIONS: Final = {
    **{(name, ""): words for name, words in _ROLES.items()},
    ("addresses", "mission"): "Missions that address it",
    ("addresses", ""): "What addresses it",
    ("alignedWith", ""): "Aligned with it",
    ("assesses", ""): "How it was rated",
    ("broader", ""): "Narrower",
    ("broaderChallenge", ""): "Narrower challenges",
    ("contributesTo", ""): "Projects that contribute to it",
    ("criterion", ""): "Ratings by it",
    ("exampleOf", ""): "Examples",
    ("faces", ""): "Who faces it",
    ("fundedUnder", ""): "Funded under it",
    ("hasFunding", ""): "Funding of",
    ("hasInstrument", "mission"): "Missions that use it",
    ("hasInstrument", ""): "What uses it",
    ("hasItem", ""): "Portfolios with it",
    ("hasSolution", ""): "Answers the problem of",
    ("hasTarget", ""): "Target of",
    ("kind", ""): "Of this kind",
    ("memberOf", ""): "Members",
    ("ofTarget", ""): "What was observed",
    ("partOf", "mission"): "Missions of it",
    ("partOf", "place"): "Places in it",
    ("partOf", ""): "Parts of it",
    ("place", "mission"): "Missions here",
    ("place", "programme"): "Programmes here",
    ("place", "actor"): "Actors here",
    ("place", "instrument"): "Instruments here",
    ("place", ""): "Here",
    ("practises", ""): "Who works so",
    ("reframes", ""): "Reframed by",
    ("respondsTo", ""): "What responds to it",
    ("source", ""): "Taken from it",
}
"""What a fact about the thing is to it: by property, and the segment of who has it, or none."""
CONNECTED_FIRST: Final = frozenset({
    "actor", "challenge", "place", "practice", "implementation-challenge", "programme", "instrument",
    "solution", "criterion", "concept",
})  # fmt: skip
"""Classes of which matters most what they are connected with."""
PASSAGES: Final = ("source", "evidence")
"""The connection of a source that its page shows as a list of passages."""
ROLES: Final = (
    "ownedBy", "ledBy", "coordinatedBy", "governedBy", "fundedBy", "implementedBy",
    "regulatedBy", "partneredBy", "advisedBy", "evaluatedBy",
)  # fmt: skip
"""Properties by which an actor has a role in a mission."""
_NAMESPACES: Final = (MG, *(PREFIXES[prefix] for prefix in ("dcterms", "skos", "foaf", "sssom")))


@dataclass(frozen=True)
class Connection:
    """What a thing is connected with in one way: its heading, and the others with footnotes."""

    heading: str
    property: str
    segment: str
    values: tuple[Value, ...]


def key_facts(page: ThingPage) -> tuple[Property, ...]:
    """Return the properties that stand at the top of a thing's page."""
    wanted = KEY_FACTS.get(segment_of_thing(page.iri), "").split()
    found = {local(prop.iri): prop for group in page.groups for prop in group.properties}
    return tuple(found[name] for name in wanted if name in found)


def property_of(page: ThingPage, name: str) -> Property | None:
    """Return a thing's property of a local name; None when it has none."""
    every = (prop for group in page.groups for prop in group.properties)
    return next((prop for prop in every if local(prop.iri) == name), None)


def shown_above(page: ThingPage, keys: Iterable[Property], grids: bool) -> frozenset[str]:
    """Return the properties that a page shows before its groups, by IRI.

    Args:
        page: the thing's page.
        keys: its key facts; those with many values are shown in full below.
        grids: whether actors and instruments stand in grids.
    """
    shown = {prop.iri for prop in keys if len(prop.values) <= MOST_OF_A_KEY}
    names = {"hasParticipation", *((*ROLES, "hasInstrument") if grids else ())}
    every = (prop for group in page.groups for prop in group.properties)
    return frozenset(shown | {prop.iri for prop in every if local(prop.iri) in names})


def lead_of(page: ThingPage) -> Value | None:
    """Return the text that opens a thing's page; None when it has none."""
    found = {local(prop.iri): prop for group in page.groups for prop in group.properties}
    return next((found[name].values[0] for name in LEADS if name in found), None)


def connections(mentions: Iterable[Property]) -> tuple[Connection, ...]:
    """Return what points to a thing, by what that makes of it.

    What a passage states comes first, then by name.
    """
    found: dict[tuple[str, str, str], list[Value]] = {}
    for prop in mentions:
        name = local(prop.iri)
        for value in prop.values:
            segment = value.shown.href.removeprefix("/id/").partition("/")[0]
            if segment != "mission" and (name, segment) not in CONNECTIONS:
                segment = ""
            heading = CONNECTIONS.get((name, segment)) or CONNECTIONS.get((name, ""))
            key = heading or f"“{prop.label}” of", name, segment if heading else ""
            found.setdefault(key, []).append(value)
    order = [words for words in dict.fromkeys(CONNECTIONS.values())]
    ordered = sorted(found.items(), key=lambda item: (*_rank(order, item[0][0]), item[0]))
    shared = Counter(heading for heading, _, _ in found)
    return tuple(
        Connection(
            f"{heading}: missions" if shared[heading] > 1 and segment == "mission" else heading,
            name,
            segment,
            tuple(sorted(values, key=lambda v: (not v.notes, v.shown.text.casefold()))),
        )
        for (heading, name, segment), values in ordered
    )


_FACETS: Final = {"place": "place", "challenge": "addresses", "programme": "partOf"}


def browse_address(iri: str) -> str:
    """Return the query that narrows missions to those of a thing; empty where there is none."""
    facet = _FACETS.get(segment_of_thing(iri))
    return f"{facet}={iri.rpartition('/')[2]}" if facet else ""


def segment_of_thing(iri: str) -> str:
    """Return the part of an IRI that names a thing's class; ``concept`` for concepts.

    >>> segment_of_thing("https://w3id.org/missiongraph/id/place/denmark")
    'place'
    """
    return iri.removeprefix(ID).partition("/")[0] if iri.startswith(ID) else "concept"


def local(iri: str) -> str:
    """Return a property's name without its namespace, the whole IRI for one that is not ours."""
    for namespace in _NAMESPACES:
        if iri.startswith(namespace):
            return iri.removeprefix(namespace)
    return iri


def _rank(order: Sequence[str], heading: str) -> tuple[int, str]:
    return (order.index(heading) if heading in order else len(order), heading)
