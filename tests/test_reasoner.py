"""HermiT on the real ontology: consistent, satisfiable, and able to find what is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Triple, parse

from missiongraph.errors import GateClosed, PartMissing
from missiongraph.ingest import reasoner
from missiongraph.names import ID, PREFIXES, RDF_TYPE, mg
from missiongraph.releases import Release

ONTOLOGY = Path(__file__).parent.parent / "ontology"
IN_CI = os.environ.get("CI") == "true"

pytestmark = [
    pytest.mark.reasoner,
    pytest.mark.skipif(
        not reasoner.java_is_installed() and not IN_CI, reason="HermiT needs a Java runtime"
    ),
]

MISSION = """
ex:drought a mg:Mission ; mg:addresses ex:dryness ; mg:hasTarget ex:thirty ; mg:partOf ex:missions ;
    mg:ownedBy ex:csiro ; mg:hasFunding ex:pool ; mg:minDuration "P5Y"^^xsd:duration .
ex:dryness a mg:Challenge ; mg:relatedGoal ex:goal .
ex:thirty a mg:Target ; mg:targetValue 30.0 ; mg:statement "30 % less harm"@en ;
    mg:deadline "2030"^^xsd:gYear ; mg:deadlineYear 2030 ; mg:approximate true .
ex:missions a mg:Programme . ex:csiro a mg:Actor ; mg:memberOf ex:board ; mg:place ex:australia .
ex:board a mg:GovernanceBody . ex:australia a mg:Place ; mg:partOf ex:world . ex:world a mg:Place .
ex:pool a mg:Funding ; mg:amount 100.0 ; mg:fundedBy ex:csiro . ex:goal a skos:Concept .
"""
"""A mission with a thing of every form of value, dates and durations among them."""


def triples(text: str = "") -> list[Triple]:
    """Return the ontology with all its parts and what a Turtle text says."""
    names = PREFIXES | {"ex": "https://example.org/"}
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in names.items())
    found = [quad.triple for quad in parse(input=head + text, format=RdfFormat.TURTLE)]
    for file in sorted(ONTOLOGY.rglob("*.ttl")):
        quads = parse(path=str(file), format=RdfFormat.TURTLE, rename_blank_nodes=True)
        found += [quad.triple for quad in quads]
    return found


def test_ontology_alignments_and_vocabularies_are_consistent_and_satisfiable() -> None:
    assert reasoner.classify(triples()) == reasoner.Classification(consistent=True)


def test_the_ontology_is_consistent_with_data() -> None:
    assert reasoner.classify(triples(MISSION)) == reasoner.Classification(consistent=True)


def merged(release: Release) -> list[Triple]:
    """Return the default graph of a release: ontology, vocabularies, data and what follows."""
    quads = parse(path=str(release.dump), format=RdfFormat.N_QUADS)
    return [quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)]


def test_the_release_of_our_data_is_consistent_and_satisfiable(built_release: Release) -> None:
    assert reasoner.classify(merged(built_release)) == reasoner.Classification(consistent=True)


def test_a_contradiction_put_into_our_data_is_found(built_release: Release) -> None:
    mission = NamedNode(ID + "mission/csiro-drought-resilience")
    contradiction = Triple(mission, RDF_TYPE, mg("Place"))
    assert not reasoner.classify([*merged(built_release), contradiction]).consistent


@pytest.mark.parametrize(
    "contradiction",
    [
        "ex:csiro a mg:Place .",
        "ex:drought mg:ownedBy ex:thirty .",
        "ex:drought mg:partOf ex:australia .",
        'ex:thirty mg:targetValue "about 30"@en .',
        "ex:thirty mg:statement 30 .",
    ],
    ids=["two-classes", "wrong-range", "part-of-a-place", "text-for-a-number", "number-for-text"],
)
def test_a_contradiction_in_data_is_found(contradiction: str) -> None:
    assert not reasoner.classify(triples(MISSION + contradiction)).consistent


def test_an_unsatisfiable_class_is_found_and_named() -> None:
    text = "ex:Both a owl:Class ; rdfs:subClassOf mg:Actor, mg:Place ."
    found = reasoner.classify(triples(text))
    assert found == reasoner.Classification(True, ("https://example.org/Both",))


def test_a_range_outside_the_datatype_map_is_an_error_with_a_remedy() -> None:
    with pytest.raises(GateClosed, match="gYear"):
        reasoner.classify(triples("mg:deadline rdfs:range xsd:gYear ."))


def test_a_missing_java_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PartMissing, match="Install one"):
        reasoner.classify([])
