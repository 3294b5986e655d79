"""Shapes and data that hypothesis makes up get the results that pySHACL finds.

``MISSIONGRAPH_SHACL_CASES`` sets how many.
"""

import os

from comparing import rows_of, rows_of_pyshacl, triples
from generating import data, shapes, with_one_value
from hypothesis import HealthCheck, assume, given, note, settings
from pyoxigraph import Triple
from pyshacl.errors import ReportableRuntimeError

from missiongraph.shacl import compile_shapes

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
    plan = compile_shapes(triples(text))
    assert plan.fallbacks == ()
    assert rows_of(plan.validate(graph)) == theirs
