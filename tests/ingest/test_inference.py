"""What follows from what, on a few facts each; the rules are our own."""

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from missiongraph import resources
from missiongraph.inference import read_rules
from missiongraph.ingest.assembly import assemble
from missiongraph.ingest.inference import infer
from missiongraph.names import ID, INFERRED_GRAPH, MG

ONTOLOGY = resources.root() / "ontology"
PREFIXES = f"PREFIX mg: <{MG}> PREFIX id: <{ID}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"
EVIDENCE = NamedNode(ID + "evidence/test/facts")

FOLLOWS = {
    "a role implies involvement": (
        "id:m mg:fundedBy id:a",
        "id:m mg:involves id:a",
    ),
    "a governance body is an actor": (
        "id:b a mg:GovernanceBody",
        "id:b a mg:Actor",
    ),
    "a part of a part is a part": (
        "id:city mg:partOf id:region . id:region mg:partOf id:country",
        "id:city mg:partOf id:country",
    ),
    "what is broader than a broader challenge is broader": (
        "id:x mg:broaderChallenge id:y . id:y mg:broaderChallenge id:z",
        "id:x mg:broaderChallenge id:z",
    ),
    "alignment holds both ways": (
        "id:m mg:alignedWith id:n",
        "id:n mg:alignedWith id:m",
    ),
    "competition holds both ways": (
        "id:s mg:competesWith id:t",
        "id:t mg:competesWith id:s",
    ),
    "a participation implies involvement": (
        "id:p mg:hasParticipation id:q . id:q mg:participant id:a",
        "id:p mg:involves id:a",
    ),
    "a year has its year": (
        'id:t mg:deadline "2030"^^xsd:gYear',
        "id:t mg:deadlineYear 2030",
    ),
    "a month has its year": (
        'id:t mg:deadline "2030-06"^^xsd:gYearMonth',
        "id:t mg:deadlineYear 2030",
    ),
    "a day has its year": (
        'id:m mg:startDate "2021-03-05"^^xsd:date',
        "id:m mg:startYear 2021",
    ),
}


def stated(facts: str) -> list[Quad]:
    triples = parse(f"{PREFIXES} {facts} .", format=RdfFormat.TURTLE)
    return [Quad(t.subject, t.predicate, t.object, EVIDENCE) for t in triples]


@pytest.mark.parametrize("name", FOLLOWS)
def test_what_follows_stands_in_both_graphs(name: str) -> None:
    given, follows = FOLLOWS[name]
    engine = assemble(stated(given), ONTOLOGY)
    for quad in stated(follows):
        for graph in (DefaultGraph(), NamedNode(INFERRED_GRAPH)):
            assert Quad(quad.subject, quad.predicate, quad.object, graph) in engine


def test_a_stated_fact_is_never_marked_as_inferred() -> None:
    facts = "id:m mg:fundedBy id:a ; mg:involves id:a"
    engine = assemble(stated(facts), ONTOLOGY)
    inferred = NamedNode(INFERRED_GRAPH)
    assert not [
        q for q in stated(facts) if Quad(q.subject, q.predicate, q.object, inferred) in engine
    ]


def test_the_default_graph_holds_each_claim_once_and_every_one() -> None:
    engine = assemble(stated("id:m mg:fundedBy id:a"), ONTOLOGY)
    named = {quad.triple for quad in engine if not isinstance(quad.graph_name, DefaultGraph)}
    merged = [quad.triple for quad in engine.quads_for_pattern(None, None, None, DefaultGraph())]
    assert len(merged) == len(set(merged))
    assert set(merged) == named


def test_of_other_vocabularies_only_the_inverses_of_skos_are_inferred() -> None:
    engine = assemble(stated("id:m a mg:Mission ; mg:partOf id:p"), ONTOLOGY)
    inferred = engine.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH))
    outside = [
        quad
        for quad in inferred
        if not quad.predicate.value.startswith((MG, "http://www.w3.org/2004/02/skos/core#"))
        and not (isinstance(quad.object, NamedNode) and quad.object.value.startswith(MG))
    ]
    assert outside == []


def test_a_second_run_adds_nothing() -> None:
    engine = assemble(stated("id:a mg:partOf id:b . id:b mg:partOf id:c"), ONTOLOGY)
    before = len(engine)
    assert infer(engine, read_rules(ONTOLOGY / "rules")) == 0
    assert len(engine) == before


def test_without_rules_nothing_follows() -> None:
    engine = Store()
    engine.bulk_extend(stated("id:m mg:fundedBy id:a"))
    assert infer(engine, ()) == 0
