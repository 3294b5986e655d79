"""Incremental validation finds what a whole validation of the changed graph finds."""

import os

import pytest
from comparing import rows_of, triples
from generating import data, shapes, with_one_value
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from pyoxigraph import Triple

from missiongraph.shacl import Graph, Validation, compile_shapes
from missiongraph.shacl.changes import Change, reads_of

CASES = int(os.environ.get("MISSIONGRAPH_SHACL_CASES", "120"))


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(shapes(), data(), st.data())
def test_after_changes_the_report_is_that_of_the_whole_graph(
    written: str, before: list[Triple], draws: st.DataObject
) -> None:
    plan = compile_shapes(triples(with_one_value(written)))
    note(with_one_value(written))
    note("\n".join(map(str, before)))
    validation = Validation.of(plan, before)
    graph = set(before)
    for _ in range(2):
        removed = draws.draw(st.lists(st.sampled_from(before), max_size=3)) if before else []
        added = draws.draw(data())[:3]
        validation = validation.changed(added=added, removed=removed)
        graph = (graph - set(removed)) | set(added)
        assert rows_of(validation.report) == rows_of(plan.validate(graph))
        assert set(validation.graph) == graph


SHAPES = """
ex:ProjectShape a sh:NodeShape ; sh:targetClass ex:Project ;
  sh:property [ sh:path ( ex:part [ sh:zeroOrMorePath ex:under ] ) ; sh:class ex:Part ] .
"""
DATA = """
ex:one a ex:Project ; ex:part ex:a . ex:a ex:under ex:b . ex:b a ex:Part .
ex:two a ex:Project ; ex:part ex:c . ex:c a ex:Part .
"""


@pytest.mark.parametrize(
    ("change", "affected"),
    [
        ("ex:a a ex:Part .", {"one"}),
        ("ex:b ex:under ex:d .", {"one"}),
        ("ex:c ex:under ex:d .", {"two"}),
        ("ex:three a ex:Project .", {"three"}),
        ("ex:a ex:name 'a' . ex:one ex:name 'one' .", set()),
        ("ex:Special rdfs:subClassOf ex:Part .", None),
    ],
)
def test_only_what_a_change_can_affect_is_asked_again(
    change: str, affected: set[str] | None
) -> None:
    (shape,) = compile_shapes(triples(SHAPES)).shapes
    added = triples(change)
    union = Graph.of([*triples(DATA), *added])
    found = Change(Graph.of(added), union).affects(reads_of(shape))
    foci = {"one", "two", "three"}
    if affected is None:
        assert found is None
    else:
        assert found is not None
        names = {str(term).rpartition("/")[2].rstrip(">") for term in union.terms(found)}
        assert names & foci == affected
