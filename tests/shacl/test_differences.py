"""Where results differ from pySHACL's: docs/shacl.md, each difference with its case."""

import pyshacl.errors
import pytest
from comparing import rows_of, rows_of_pyshacl, triples

from missiongraph.errors import BadShapes
from missiongraph.shacl import compile_shapes

DEEP = "ex:s a sh:NodeShape ; sh:targetNode ex:n ; sh:node ex:s0 . " + "".join(
    f"ex:s{number} a sh:NodeShape ; sh:node ex:s{number + 1} . " for number in range(20)
)


@pytest.mark.parametrize(
    ("shape", "data", "ours", "theirs"),
    [
        (
            "sh:path [ sh:inversePath ( ex:a ex:b ) ] ; sh:minCount 1",
            "ex:m ex:a ex:x . ex:x ex:b ex:n .",
            0,
            1,
        ),
        ("sh:path ex:a ; sh:languageIn ( 'en-gb' )", "ex:n ex:a 'x'@en-gb-oxford .", 0, 1),
        ("sh:path ex:a ; sh:pattern 'a.b' ; sh:flags 's'", 'ex:n ex:a "a\\nb" .', 0, 1),
        ("sh:path ex:a ; sh:pattern 'a.b' ; sh:flags 'q'", "ex:n ex:a 'axb' .", 1, 0),
        ("sh:path ex:a ; sh:datatype rdfs:Datatype", "ex:n ex:a 1 .", 1, 0),
    ],
    ids=["inverse-of-sequence", "language-of-three-parts", "flag-s", "flag-q", "datatype"],
)
def test_pyshacl_finds_something_else(shape: str, data: str, ours: int, theirs: int) -> None:
    shapes = triples(f"ex:s a sh:PropertyShape ; sh:targetNode ex:n ; {shape} .")
    found = rows_of(compile_shapes(shapes).validate(triples(data)))
    assert found.total() == ours
    assert rows_of_pyshacl(triples(data), shapes).total() == theirs


def test_what_cannot_be_compared_is_not_less_where_pyshacl_fails() -> None:
    shapes = triples("ex:s sh:targetNode ex:n ; sh:path ex:a ; sh:lessThan ex:b .")
    data = triples("ex:n ex:a _:x ; ex:b 1 .")
    assert rows_of(compile_shapes(shapes).validate(data)).total() == 1
    with pytest.raises(pyshacl.errors.ReportableRuntimeError, match="BlankNode"):
        rows_of_pyshacl(data, shapes)


def test_shapes_may_be_nested_deeper_than_pyshacl_goes() -> None:
    shapes = triples(DEEP + "ex:s20 a sh:NodeShape ; sh:nodeKind sh:Literal .")
    assert rows_of(compile_shapes(shapes).validate([])).total() == 1
    with pytest.raises(pyshacl.errors.ReportableRuntimeError, match="too deep"):
        rows_of_pyshacl([], shapes)


def test_a_shape_that_refers_to_itself_is_refused_with_its_way() -> None:
    shapes = triples(
        "ex:s sh:targetNode ex:n ; sh:property ex:t . ex:t sh:path ex:a ; sh:node ex:s ."
    )
    with pytest.raises(BadShapes, match=r"<.*s> → <.*t> → <.*s>"):
        compile_shapes(shapes)


def test_severity_within_a_shape_does_not_decide_whether_a_value_meets_it() -> None:
    shapes = triples("""
        ex:s sh:targetNode ex:n ; sh:or ( ex:t ) .
        ex:t a sh:NodeShape ; sh:nodeKind sh:Literal ; sh:severity sh:Warning .
    """)
    report = compile_shapes(shapes).validate([]).with_warnings_passing()
    assert not report.conforms
    assert len(report.results) == 1
