"""Shapes and data that hypothesis makes up get the results that pySHACL finds.

``MISSIONGRAPH_SHACL_CASES`` sets how many.
"""

import os

import pytest
from comparing import rows_of, rows_of_pyshacl, triples
from generating import data, shapes, with_one_value
from hypothesis import HealthCheck, assume, given, note, settings
from pyoxigraph import Triple
from pyshacl.errors import ReportableRuntimeError

from missiongraph.shacl import compile_shapes

NO_DATE = '"2021-02-30"'
CASES = int(os.environ.get("MISSIONGRAPH_SHACL_CASES", "120"))


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(shapes(), data())
def test_made_up_shapes_find_in_made_up_data_what_pyshacl_finds(
    written: str, graph: list[Triple]
) -> None:
    text = with_one_value(written)
    note(text)
    note("\n".join(map(str, graph)))
    try:
        theirs = rows_of_pyshacl(graph, triples(text))
    except ReportableRuntimeError as refused:  # it compares no blank nodes; docs/shacl.md
        assume("BlankNode" not in str(refused))
        raise
    except (TypeError, DeprecationWarning):  # nor a date that no calendar has; likewise
        assume(not any(NO_DATE in str(triple) for triple in graph))
        raise
    plan = compile_shapes(triples(text))
    assert plan.fallbacks == ()
    assert rows_of(plan.validate(graph)) == theirs


@pytest.mark.parametrize("dates", [("2020-01-31", "2021-02-30"), ("2021-02-30", "2020-01-31")])
def test_a_date_that_no_calendar_has_is_compared_by_its_spelling(dates: tuple[str, str]) -> None:
    graph = triples('ex:n ex:p "{}"^^xsd:date ; ex:q "{}"^^xsd:date .'.format(*dates))
    for bound in ("lessThan", "lessThanOrEquals"):
        shape = f"ex:S sh:targetNode ex:n ; sh:property [ sh:path ex:p ; sh:{bound} ex:q ] ."
        found = compile_shapes(triples(shape)).validate(graph).results
        assert len(found) == (dates[0] > dates[1]), bound
