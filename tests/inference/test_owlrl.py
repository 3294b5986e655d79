"""The closure is owlrl's, in the vocabulary that is used; docs/reasoning.md has what differs."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable

import owlrl
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Triple, parse, serialize
from small_worlds import CLASSES, OWL, PROPERTIES, SAME_AS, THINGS, facts, ontologies, program_of

from missiongraph.inference import Closure
from missiongraph.names import INFERRED_GRAPH, MG, PREFIXES, RDF_TYPE
from missiongraph.releases import Release

CASES = int(os.environ.get("MISSIONGRAPH_INFERENCE_CASES", "40"))
SETS = ("domain-range", "other-vocabularies", "same-as")
RDF, RDFS = PREFIXES["rdf"], PREFIXES["rdfs"]
AXIOMS = {
    *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(OWL + name for name in ("inverseOf", "propertyChainAxiom")),
    *(RDF + name for name in ("first", "rest")),
    MG + "yearOf",
}
CHARACTERISTICS = [NamedNode(OWL + f"{name}Property") for name in ("Symmetric", "Transitive")]


def by_owlrl(triples: Iterable[Triple]) -> set[Triple]:
    """Return the closure of triples by owlrl, what it derives of its own terms left out."""
    text = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    graph = rdflib.Graph().parse(data=text.decode(), format="nt")
    owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics,
        improved_datatypes=False,  # or rdflib reads literals otherwise from then on
        axiomatic_triples=False,
        datatype_axioms=False,
    ).expand(graph)
    for triple in list(graph):  # what is no RDF: literals as subjects
        if isinstance(triple[0], rdflib.Literal):
            graph.remove(triple)
    lines = graph.serialize(format="nt")
    return {quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)}


def told(
    triples: Iterable[Triple], subjects: Collection[object], terms: Collection[object]
) -> set[Triple]:
    """Return what is said of things in some terms; that each is the same as itself is left out."""
    return {
        t
        for t in triples
        if t.subject in subjects
        and (t.object if t.predicate == RDF_TYPE else t.predicate) in terms
        and not (t.predicate == SAME_AS and t.subject == t.object)
    }


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(ontologies(), facts(same=False), st.lists(st.sampled_from(THINGS), max_size=2))
def test_made_up_graphs_have_the_closure_that_owlrl_finds(
    ontology: list[Triple], stated: list[Triple], same: list[NamedNode]
) -> None:
    stated = [*stated, *(Triple(same[0], SAME_AS, other) for other in same[1:])]
    closure = Closure.of(program_of(ontology, SETS), stated)
    terms: set[object] = {*PROPERTIES, *CLASSES, SAME_AS}
    ours = told({*stated, *closure.inferred()}, {*THINGS}, terms)
    assert ours == told(by_owlrl([*ontology, *stated]), {*THINGS}, terms)


@pytest.mark.slow
def test_the_sample_has_the_closure_that_owlrl_finds(sample_release: Release) -> None:
    quads = list(parse(path=str(sample_release.dump), format=RdfFormat.N_QUADS))
    inferred = {q.triple for q in quads if q.graph_name == NamedNode(INFERRED_GRAPH)}
    stated = {q.triple for q in quads if q.graph_name == DefaultGraph()} - inferred
    ontology = [t for t in stated if t.predicate.value in AXIOMS or t.object in CHARACTERISTICS]
    program = program_of(ontology, ("domain-range", "other-vocabularies"))
    facts = {t for t in stated if t in program.wanted}
    ours = {*facts, *Closure.of(program, facts).inferred()}
    heads = [c.head for c in program.clauses if not c.rule.computations]  # OWL computes no years
    terms = {h.object if h.predicate == RDF_TYPE else h.predicate for h in heads}
    subjects = {t.subject for t in ours}
    expected = told(by_owlrl([*ontology, *facts]), subjects, terms)
    assert told(ours, subjects, terms) == expected
    assert inferred - {*facts} <= ours
    assert len(expected - facts) > 1000
