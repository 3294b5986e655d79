"""The closure is what the rules' own queries give, and stays so through changes."""

import os

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Triple
from small_worlds import (
    PROPERTIES,
    SETS,
    THINGS,
    VALUES,
    by_queries,
    facts,
    ontologies,
    owl,
    program_of,
    rdfs,
)

from missiongraph.inference import Closure
from missiongraph.names import RDF_TYPE

CASES = int(os.environ.get("MISSIONGRAPH_INFERENCE_CASES", "150"))
RELAXED = settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
A, B, C, D, E = THINGS
P, Q, R, S, _ = PROPERTIES


def noted(*groups: list[Triple]) -> None:
    for group in groups:
        note("\n".join(map(str, group)))


@RELAXED
@given(ontologies(), facts(same=True), st.lists(st.sampled_from(SETS), unique=True))
def test_the_closure_is_what_the_queries_of_the_rules_give(
    ontology: list[Triple], stated: list[Triple], sets: list[str]
) -> None:
    noted(ontology, stated)
    closure = Closure.of(program_of(ontology, sets), [*ontology, *stated])
    expected = by_queries([*ontology, *stated], sets) - {*ontology, *stated}
    assert set(closure.inferred()) == expected


@RELAXED
@given(ontologies(), facts(same=True), st.lists(st.sampled_from(SETS), unique=True), st.data())
def test_after_changes_the_closure_is_a_fresh_one(
    ontology: list[Triple], before: list[Triple], sets: list[str], draws: st.DataObject
) -> None:
    noted(ontology, before)
    program = program_of(ontology, sets)
    closure, stated = Closure.of(program, before), set(before)
    for _ in range(3):
        kept = sorted(stated, key=str)
        removed = draws.draw(st.lists(st.sampled_from(kept), max_size=4)) if kept else []
        added = draws.draw(facts(same=True))[:4]
        changed = closure.changed(added=added, removed=removed)
        stated = (stated - set(removed)) | set(added)
        fresh = set(Closure.of(program, stated).inferred())
        assert set(changed.inferred()) == fresh
        was = set(closure.inferred())
        assert set(changed.inferred_beyond(closure)) == fresh - was
        assert set(closure.inferred_beyond(changed)) == was - fresh
        closure = changed


def test_what_follows_in_two_ways_stays_when_one_of_them_goes() -> None:
    ontology = [Triple(P, rdfs("subPropertyOf"), R), Triple(Q, rdfs("subPropertyOf"), R)]
    both = Closure.of(program_of(ontology), [Triple(A, P, B), Triple(A, Q, B)])
    one = both.changed(removed=[Triple(A, P, B)])
    assert list(one.inferred()) == [Triple(A, R, B)]
    assert list(one.changed(removed=[Triple(A, Q, B)]).inferred()) == []


def test_facts_that_only_support_each_other_go_together() -> None:
    ontology = [Triple(P, rdfs("subPropertyOf"), Q), Triple(Q, rdfs("subPropertyOf"), P)]
    closure = Closure.of(program_of(ontology), [Triple(A, P, B)])
    assert list(closure.inferred()) == [Triple(A, Q, B)]
    assert list(closure.changed(removed=[Triple(A, P, B)]).inferred()) == []


def test_a_circle_of_parts_is_cut_where_it_is_cut() -> None:
    ontology = [Triple(P, RDF_TYPE, owl("TransitiveProperty"))]
    circle = [Triple(A, P, B), Triple(B, P, C), Triple(C, P, A)]
    closure = Closure.of(program_of(ontology), circle)
    assert len(closure.whole) == 9
    assert list(closure.changed(removed=circle[2:]).inferred()) == [Triple(A, P, C)]


def test_a_fact_that_was_inferred_and_is_stated_is_not_inferred_any_more() -> None:
    ontology = [Triple(P, rdfs("subPropertyOf"), Q)]
    closure = Closure.of(program_of(ontology), [Triple(A, P, B)])
    stated = closure.changed(added=[Triple(A, Q, B)])
    assert list(stated.inferred()) == []
    assert list(stated.changed(removed=[Triple(A, Q, B)]).inferred()) == [Triple(A, Q, B)]


def test_a_literal_is_never_a_subject() -> None:
    ontology = [Triple(P, owl("inverseOf"), Q), Triple(P, rdfs("range"), NamedNode("x:C"))]
    closure = Closure.of(program_of(ontology, SETS), [Triple(A, P, VALUES[2]), Triple(B, P, C)])
    assert all(triple.subject != VALUES[2] for triple in closure.inferred())
    assert Triple(C, Q, B) in set(closure.inferred())
