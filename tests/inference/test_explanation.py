"""Every inferred fact has an explanation that ends at stated facts, and holds water."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, note, settings
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse
from small_worlds import CLASSES, PROPERTIES, THINGS, facts, ontologies, owl, program_of, rdfs

from missiongraph.errors import BadParameter, UnknownFact
from missiongraph.inference import Closure, Program
from missiongraph.inference.explanation import Axiom, Explainer, Explanation, explain
from missiongraph.inference.explanation_forms import json_of, lines_of, read_fact, written_axiom
from missiongraph.ingest.statements import in_graph, merged
from missiongraph.names import ID, INFERRED_GRAPH, PREFIXES, RDF_TYPE, mg
from missiongraph.ontology import read_turtle
from missiongraph.releases import Release
from missiongraph.resources import root
from missiongraph.store import EmbeddedStore

A, B, C, D, E = THINGS
P, Q, R, S, _ = PROPERTIES
EVIDENCE = NamedNode(ID + "evidence/test/facts")
INFERRED = NamedNode(INFERRED_GRAPH)


def released(ontology: list[Triple], stated: list[Triple]) -> tuple[EmbeddedStore, set[Triple]]:
    """Return a store as a release has it, and what is inferred in it."""
    inferred = set(Closure.of(program_of(ontology), [*ontology, *stated]).inferred())
    inferred -= {*ontology, *stated}
    summary = Quad(EVIDENCE, mg("summary"), NamedNode("x:says"))
    quads = [summary, *(in_graph(t, EVIDENCE) for t in stated), *map(merged, ontology)]
    quads += [in_graph(t, graph) for t in inferred for graph in (INFERRED, DefaultGraph())]
    return EmbeddedStore.of([*quads, *map(merged, stated)]), inferred


def check(explanation: Explanation, program: Program) -> None:
    """Check each step: its premises alone give its fact, and what it ends at is stated."""
    for step in explanation.steps:
        premises = [premise.fact for premise in step.premises]
        assert explanation.fact in set(Closure.of(program, premises).inferred())
        assert explanation.fact not in premises
        for premise in step.premises:
            check(premise, program)
    assert bool(explanation.steps) == explanation.inferred


def test_every_inferred_fact_of_the_sample_follows_from_what_is_stated(
    sample_release: Release,
) -> None:
    dump = str(sample_release.dump)
    quads = list(parse(path=dump, format=RdfFormat.N_QUADS))
    inferred = [quad.triple for quad in quads if quad.graph_name == INFERRED]
    stated = {q.triple for q in quads if q.graph_name == DefaultGraph()} - {*inferred}
    program = program_of(read_turtle(root() / "ontology" / "missiongraph.ttl"))
    explainer = Explainer(EmbeddedStore.load(sample_release.dump))
    assert len(inferred) > 500
    for found in explainer.explain_all(inferred):
        check(found, program)
        assert found.steps
        assert {leaf.fact for leaf in found.leaves()} <= stated


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(ontologies(), facts())
def test_whatever_follows_is_explained_and_circles_end(
    ontology: list[Triple], stated: list[Triple]
) -> None:
    note("\n".join(map(str, [*ontology, *stated])))
    store, inferred = released(ontology, stated)
    program = program_of(ontology)
    explainer = Explainer(store)
    for fact in inferred:
        found = explainer.explain(fact)
        assert found.steps
        check(found, program)
        assert {leaf.fact for leaf in found.leaves()} <= {*stated}


def test_the_shortest_way_comes_first_and_one_that_needs_more_is_left_out() -> None:
    ontology = [
        Triple(P, RDF_TYPE, owl("TransitiveProperty")),
        Triple(Q, rdfs("subPropertyOf"), P),
    ]
    chain = [Triple(A, P, B), Triple(B, P, C), Triple(C, P, D)]
    store, _ = released(ontology, [*chain, Triple(A, Q, D)])
    found = explain(store, Triple(A, P, D))
    assert [step.rule for step in found.steps] == ["sub-property", "transitive"]
    assert {leaf.fact for leaf in found.steps[1].premises[0].leaves()} <= {*chain}
    assert len(found.steps) == 2  # A, B, D and A, C, D take the same three stated facts


def test_facts_that_support_each_other_are_explained_by_what_is_stated() -> None:
    ontology = [
        Triple(P, rdfs("subPropertyOf"), Q),
        Triple(Q, rdfs("subPropertyOf"), R),
        Triple(R, rdfs("subPropertyOf"), Q),
    ]
    store, _ = released(ontology, [Triple(A, P, B)])
    (step,) = explain(store, Triple(A, R, B)).steps
    (premise,) = step.premises
    assert premise.fact == Triple(A, Q, B)
    assert [leaf.fact for leaf in premise.leaves()] == [Triple(A, P, B)]
    (only,) = explain(store, Triple(A, Q, B)).steps
    assert [one.fact for one in only.premises] == [Triple(A, P, B)]


def test_the_steps_of_a_chain_are_told_in_their_order(sample_release: Release) -> None:
    store = EmbeddedStore.load(sample_release.dump)
    quads = parse(path=str(sample_release.dump), format=RdfFormat.N_QUADS)
    project = next(
        quad.triple
        for quad in quads
        if quad.graph_name == INFERRED and f"{ID}project/" in str(quad.subject)
        if quad.predicate == mg("involves")
    )
    chains = [s for s in explain(store, project).steps if s.rule == "chain"]
    assert chains
    (axiom,) = chains[0].axioms
    assert written_axiom(axiom) == (
        "mg:involves owl:propertyChainAxiom ( mg:hasParticipation mg:participant )"
    )
    assert all(premise.records for premise in chains[0].premises if not premise.passages)


def test_a_stated_fact_is_explained_by_its_passages(checked_release: Release) -> None:
    store = EmbeddedStore.load(checked_release.dump)
    fact = read_fact(
        "mission/csiro-drought-resilience", "mg:hasTarget", "target/csiro-drought-2030"
    )
    found = explain(store, fact)
    assert not found.inferred and not found.steps
    assert any(p.source_title and p.place == "0:39:49" for p in found.passages)
    said = list(lines_of(found))
    assert said[0].endswith("(stated)") and "0:39:49" in " ".join(said)


def test_a_fact_of_a_vocabulary_is_in_its_graph(checked_release: Release) -> None:
    store = EmbeddedStore.load(checked_release.dump)
    levels = PREFIXES["concept"] + "governance-level"
    fact = Triple(NamedNode(f"{levels}/global"), mg("above"), NamedNode(f"{levels}/supranational"))
    assert explain(store, fact).graphs == (levels,)
    inferred = Triple(fact.subject, mg("above"), NamedNode(f"{levels}/local"))
    leaves = list(explain(store, inferred).leaves())
    assert leaves and all(leaf.graphs == (levels,) for leaf in leaves)


def test_what_the_graph_does_not_hold_is_not_explained() -> None:
    store, _ = released([], [Triple(A, P, B)])
    for unknown in (Triple(B, P, A), Triple(D, P, E), Triple(A, RDF_TYPE, CLASSES[0])):
        with pytest.raises(UnknownFact):
            explain(store, unknown)


def test_an_inferred_fact_of_other_rules_has_no_steps() -> None:
    fact = Triple(A, P, B)
    store = EmbeddedStore.of([merged(fact), in_graph(fact, INFERRED)])
    found = explain(store, fact)
    assert found.inferred and found.steps == ()


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("mission/x", f"<{ID}mission/x>"),
        ("mg:Mission", f"<{mg('Mission').value}>"),
        ("https://example.org/ü", "<https://example.org/ü>"),
        ('"2030"^^<http://www.w3.org/2001/XMLSchema#gYear>', None),
        ('"a \\"b\\" c"@en', None),
    ],
)
def test_an_object_is_read_as_it_is_written(written: str, term: str | None) -> None:
    assert str(read_fact("mission/x", "mg:p", written).object) == (term or written)


@pytest.mark.parametrize(
    ("fact", "where"),
    [
        (("a b", "mg:p", "mission/x"), "subject"),
        (("mission/x", "involves", "mission/x"), "predicate"),
        (("mission/x", "mg:p", "nothing of the kind"), "object"),
        (("mission/x", "mg:p", '"open'), "object"),
        (("mission/x", "mg:p", '"a" . <x:s> <x:p> "b"'), "object"),
    ],
)
def test_what_is_no_triple_is_refused_with_its_place(
    fact: tuple[str, str, str], where: str
) -> None:
    with pytest.raises(BadParameter) as caught:
        read_fact(*fact)
    assert caught.value.where == where and caught.value.remedy


def test_json_has_the_rule_the_axioms_and_the_passages() -> None:
    store, _ = released([Triple(P, rdfs("subPropertyOf"), Q)], [Triple(A, P, B)])
    document = json.loads(json.dumps(json_of(explain(store, Triple(A, Q, B)))))
    assert document["status"] == "inferred"
    (step,) = document["explanations"]
    assert step["rule"] == "sub-property"
    (premise,) = step["premises"]
    assert premise["status"] == "stated"
    assert premise["evidence"][0]["evidence"] == EVIDENCE.value
    assert step["axioms"][0]["text"] == written_axiom(Axiom(P, rdfs("subPropertyOf"), (Q,)))
