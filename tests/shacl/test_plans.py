"""Plans: shapes that cannot be used, what is left to pySHACL, SHACL-SPARQL, and the report."""

import pytest
from comparing import PREFIXES, rows_in, rows_of, rows_of_pyshacl, triples
from pyoxigraph import Literal, RdfFormat, Store, parse

from missiongraph.errors import BadShapes
from missiongraph.shacl import compile_shapes

BAD = {
    "path-of-two-kinds": "sh:path [ sh:inversePath ex:a ; sh:zeroOrMorePath ex:b ]",
    "path-of-one": "sh:path ( ex:a )",
    "path-that-is-text": "sh:path 'a'",
    "path-unknown": "sh:path [ ex:path ex:a ]",
    "two-paths": "sh:path ex:a , ex:b",
    "count-below-zero": "sh:path ex:a ; sh:minCount -1",
    "count-of-a-node-shape": "sh:minCount 1",
    "two-datatypes": "sh:datatype xsd:date , xsd:time",
    "datatype-that-is-text": "sh:datatype 'date'",
    "kind-unknown": "sh:nodeKind ex:Kind",
    "range-without-literal": "sh:minInclusive ex:a",
    "pattern": "sh:pattern '('",
    "pattern-without-literal": "sh:pattern ex:a",
    "list-without-end": "sh:in [ rdf:first 1 ]",
    "languages-that-are-iris": "sh:languageIn ( ex:en )",
    "no-alternatives": "sh:or ()",
    "property-without-path": "sh:property [ sh:minCount 1 ]",
    "node-with-path": "sh:node [ sh:path ex:a ; sh:minCount 1 ]",
    "shape-that-is-not-there": "sh:node ex:nowhere",
    "qualified-without-count": "sh:path ex:a ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ]",
    "equals-text": "sh:equals 'a'",
    "closed-by-iri": "sh:closed ex:yes",
    "sparql-without-select": "sh:sparql [ sh:ask 'ASK {}' ]",
    "sparql-that-constructs": "sh:sparql [ sh:select 'CONSTRUCT {} {}' ]",
    "refers-to-itself": "sh:not ex:s",
}
SPARQL = """
ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/"^^xsd:anyURI ] .
ex:s a sh:NodeShape ; sh:targetClass ex:Mission ; sh:sparql [
    sh:message "It is {?value}." ; sh:prefixes ex:prefixes ;
    sh:select "SELECT $this ?value { $this ex:status ?value FILTER (?value != ex:launched) }" ] .
ex:p a sh:PropertyShape ; sh:targetClass ex:Mission ; sh:path ( ex:target ex:value ) ;
  sh:severity sh:Warning ; sh:sparql [ sh:prefixes ex:prefixes ;
    sh:select "SELECT $this ?value { $this $PATH ?value FILTER (?value > 100) }" ] .
"""
MISSIONS = """
ex:a a ex:Mission ; ex:status ex:stopped ; ex:target [ ex:value 30 ] , [ ex:value 300 ] .
ex:b a ex:Mission ; ex:status ex:launched ; ex:target [ ex:value 3 ] .
"""
COMPONENT = """
ex:Component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:prefix ] ;
  sh:validator [ a sh:SPARQLAskValidator ;
    sh:ask "ASK { FILTER (STRSTARTS(STR($value), $prefix)) }" ] .
ex:s a sh:NodeShape ; sh:targetSubjectsOf ex:status ; ex:prefix "https://example.org/b" .
ex:t a sh:NodeShape ; sh:targetSubjectsOf ex:status ; sh:class ex:Programme .
"""


@pytest.mark.parametrize("name", BAD)
def test_shapes_that_are_not_well_formed_are_refused(name: str) -> None:
    with pytest.raises(BadShapes) as caught:
        compile_shapes(triples(f"ex:s sh:targetNode ex:n ; {BAD[name]} ."))
    assert caught.value.where


def test_sparql_constraints_run_as_they_are() -> None:
    shapes, data = triples(SPARQL), triples(MISSIONS)
    plan = compile_shapes(shapes)
    report = plan.validate(data)
    assert plan.fallbacks == ()
    assert rows_of(report) == rows_of_pyshacl(data, shapes)
    assert [str(m) for r in report.results for m in r.messages][:1] == [
        str(Literal("It is https://example.org/stopped."))
    ]


def test_a_component_that_shapes_bring_along_is_pyshacls_for_that_shape_alone() -> None:
    shapes, data = triples(COMPONENT), triples(MISSIONS)
    plan = compile_shapes(shapes)
    (fallback,) = plan.fallbacks
    assert [str(shape.node) for shape in plan.shapes] == ["<https://example.org/t>"]
    report = plan.validate(data)
    assert rows_of(report) == rows_of_pyshacl(data, shapes)
    assert len(report.results) == 3
    assert f"{fallback.shape} was validated by pySHACL" in report.turtle


def test_the_report_is_the_same_bytes_in_whatever_order_data_are_read() -> None:
    shapes = triples("ex:s sh:targetSubjectsOf ex:a ; sh:nodeKind sh:IRI ; sh:closed true .")
    data = triples("_:x ex:a 1 ; ex:b _:y . _:y ex:a 2 , 3 . ex:n ex:a _:x .")
    other = parse(
        PREFIXES + "ex:n ex:a _:q . _:p ex:a 3 , 2 . _:q ex:b _:p ; ex:a 1 .",
        format=RdfFormat.TURTLE,
    )
    plan = compile_shapes(shapes)
    first, second = plan.validate(data), plan.validate(other)
    assert first.turtle == second.turtle
    assert rows_in(parse(first.turtle, format=RdfFormat.TURTLE)) == rows_of(first)


def test_literals_are_validated_as_they_are_written() -> None:
    shapes = triples("""
        ex:s sh:targetNode ex:n ; sh:property ex:p . ex:p sh:path ex:a ; sh:maxLength 1 ; sh:maxCount 1 .
    """)
    data = triples("ex:n ex:a 1 , '01'^^xsd:integer .")
    found = rows_of(compile_shapes(shapes).validate(data))
    assert found == rows_of_pyshacl(data, shapes)
    assert found.total() == 2


def test_a_store_is_validated_like_its_triples() -> None:
    store = Store()
    store.load(PREFIXES + MISSIONS, format=RdfFormat.TURTLE)
    plan = compile_shapes(triples("ex:s sh:targetClass ex:Mission ; sh:class ex:Programme ."))
    assert rows_of(plan.validate(store)) == rows_of(plan.validate(triples(MISSIONS)))


def test_deactivated_shapes_find_nothing_wherever_they_stand() -> None:
    shapes = triples("""
        ex:s sh:targetNode ex:n ; sh:deactivated true ; sh:nodeKind sh:Literal .
        ex:t sh:targetNode ex:n ; sh:property ex:u ; sh:not ex:u .
        ex:u sh:path ex:a ; sh:minCount 1 ; sh:deactivated true .
    """)
    found = rows_of(compile_shapes(shapes).validate([]))
    assert found == rows_of_pyshacl([], shapes)
    assert found.total() == 1
