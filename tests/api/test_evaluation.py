"""What the engine answers goes out unchanged: byte for byte, one query for each part of SPARQL 1.1 Query.

The groups are those of the W3C's tests of query evaluation; every order is total, so that two
evaluations write the same bytes.
"""

from __future__ import annotations

from typing import Final

import httpx
import pytest
from pyoxigraph import Quad, QueryBoolean, QuerySolutions, Store, serialize
from running import small_graph

from missiongraph.formats import GRAPH_FORMATS, TABLE_FORMATS, GraphFormat, TableFormat

PREFIXES: Final = """\
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX mg: <https://w3id.org/missiongraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
SOLUTIONS: Final = {
    "basic": "SELECT ?m ?t { ?m a mg:Mission ; mg:hasTarget ?t } ORDER BY ?m ?t",
    "triple-match": "SELECT * { ?s rdfs:label 'CSIRO'@en } ORDER BY ?s",
    "open-world": "SELECT ?s ?v { ?s ?p ?v FILTER (?v = 2389) } ORDER BY ?s ?v",
    "algebra": "SELECT * { { ?m a mg:Mission } { ?m rdfs:label ?l } } ORDER BY ?m STR(?l) LANG(?l)",
    "bnode-coreference": "SELECT (COUNT(*) AS ?n) { [] a mg:Mission ; rdfs:label [] }",
    "optional": "SELECT * { ?m a mg:Mission OPTIONAL { ?m mg:ownedBy ?o } } ORDER BY ?m ?o",
    "optional-filter": "SELECT * { ?m a mg:Mission OPTIONAL { ?m rdfs:label ?l FILTER (LANG(?l) = 'de') } } ORDER BY ?m",
    "union": "SELECT * { { ?s a mg:Mission } UNION { ?s a mg:Target } } ORDER BY ?s",
    "graph": "SELECT ?g ?m { GRAPH ?g { ?m a mg:Mission } } ORDER BY ?g ?m",
    "regex": "SELECT ?s { ?s rdfs:label ?l FILTER REGEX(?l, '^dr.*ion$', 'i') } ORDER BY ?s",
    "boolean-effective-value": "SELECT ?s { ?s mg:summary ?x FILTER (STRLEN(?x) && !(?x = '')) } ORDER BY ?s",
    "bound": "SELECT ?m { ?m a mg:Mission OPTIONAL { ?m mg:ownedBy ?o } FILTER (!BOUND(?o)) } ORDER BY ?m",
    "expr-ops": "SELECT ?s (?n * 2 - 1 AS ?x) { ?s mg:startSeconds ?n FILTER (?n >= 2313) } ORDER BY ?s",
    "expr-builtin": "SELECT ?s (DATATYPE(?n) AS ?d) (ISURI(?s) AS ?u) { ?s mg:startSeconds ?n } ORDER BY ?s",
    "expr-equals": "SELECT ?s { ?s mg:startSeconds ?n FILTER (?n = 2389.00) } ORDER BY ?s",
    "cast": "SELECT (xsd:integer('7') AS ?i) (xsd:decimal('1.50') AS ?d) (xsd:boolean('1') AS ?b) (xsd:integer('x') AS ?e) {}",
    "type-promotion": "SELECT (DATATYPE(1 + 1.5) AS ?a) (DATATYPE(1.5 + 1e0) AS ?b) {}",
    "distinct": "SELECT DISTINCT ?c { ?s a ?c . ?s mg:summary ?x } ORDER BY ?c",
    "reduced": "SELECT REDUCED ?c { ?s a ?c FILTER (?c = mg:Target) } ORDER BY ?c",
    "sort": "SELECT ?l { ?m a mg:Mission ; rdfs:label ?l } ORDER BY DESC(STR(?l)) LANG(?l)",
    "solution-sequence": "SELECT ?s { ?s a mg:Evidence } ORDER BY ?s LIMIT 2 OFFSET 1",
    "i18n": "SELECT ?s { ?s rdfs:label 'Mission Dürre'@de } ORDER BY ?s",
    "aggregates": "SELECT ?c (COUNT(?s) AS ?n) (MIN(?x) AS ?least) (SUM(?x) AS ?sum) { ?s a ?c ; mg:startSeconds ?x } GROUP BY ?c HAVING (COUNT(?s) > 0) ORDER BY ?c",
    "grouping": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
    "bind": "SELECT ?m ?x { ?m a mg:Mission BIND (STRAFTER(STR(?m), '/id/') AS ?x) } ORDER BY ?m",
    "bindings": "SELECT * { VALUES (?a ?b) { (1 UNDEF) ('ü' <urn:x>) } } ORDER BY ?b",
    "construct-and-subquery": "SELECT ?m ?n { ?m a mg:Mission { SELECT ?m (COUNT(?l) AS ?n) { ?m rdfs:label ?l } GROUP BY ?m } } ORDER BY ?m",
    "exists": "SELECT ?m { ?m a mg:Mission FILTER EXISTS { ?m mg:ownedBy ?o } } ORDER BY ?m",
    "negation": "SELECT ?m { ?m a mg:Mission MINUS { ?m mg:ownedBy ?o } FILTER NOT EXISTS { ?m foaf:nick ?x } } ORDER BY ?m",
    "property-path": "SELECT ?m ?x { ?m a mg:Mission ; (mg:hasTarget/mg:unit|^mg:contributesTo|mg:ownedBy?) ?x } ORDER BY ?m ?x",
    "transitive-path": "SELECT ?x { mg:Mission rdfs:subClassOf* ?x FILTER (ISIRI(?x)) } ORDER BY ?x",
    "functions": "SELECT (UCASE('ü') AS ?u) (SUBSTR('abc', 2) AS ?s) (REPLACE('aab', 'a+', 'x') AS ?r) (ENCODE_FOR_URI('ü +') AS ?e) (MD5('a') AS ?m) (CONCAT('a'@en, 'b'@en) AS ?c) (IF(1/0, 1, 2) AS ?i) (COALESCE(?none, 3) AS ?z) (YEAR('2030-06-30T00:00:00Z'^^xsd:dateTime) AS ?y) {}",
    "project-expression": "SELECT ?m (STRLEN(STR(?m)) AS ?n) { ?m a mg:Mission } ORDER BY ?n ?m",
    "hostile-text": "SELECT ?m ?l ?a { ?m rdfs:label ?l ; mg:aim ?a } ORDER BY ?m STR(?l) STR(?a)",
    "empty": "SELECT ?s { ?s <urn:nothing> ?o }",
}  # fmt: skip
TRUTHS: Final = {
    "ask-yes": "ASK { ?m a mg:Mission }",
    "ask-no": "ASK { ?m a <urn:nothing> }",
}
GRAPHS: Final = {
    "construct": "CONSTRUCT { ?m rdfs:seeAlso ?t } { ?m mg:hasTarget ?t } ORDER BY ?m ?t",
    "construct-where": "CONSTRUCT WHERE { ?m mg:ownedBy ?o }",
    "describe": "DESCRIBE <https://w3id.org/missiongraph/id/target/drought-2030>",
}


@pytest.fixture(scope="module")
def engine() -> Store:
    """The engine alone, with what the service serves."""
    engine, stated = Store(), small_graph()
    engine.extend([*stated, *(Quad(*quad.triple) for quad in stated)])
    return engine


def body(client: httpx.Client, query: str, media_type: str) -> bytes:
    response = client.get("/sparql", params={"query": query}, headers={"Accept": media_type})
    assert response.status_code == 200, response.text
    return response.content


@pytest.mark.parametrize("form", TABLE_FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("group", SOLUTIONS)
def test_solutions_are_the_engines_byte_for_byte(
    client: httpx.Client, engine: Store, group: str, form: TableFormat
) -> None:
    query = PREFIXES + SOLUTIONS[group]
    solutions = engine.query(query)
    assert isinstance(solutions, QuerySolutions)
    assert body(client, query, form.media_type) == solutions.serialize(format=form.engine)


@pytest.mark.parametrize(
    "form", [f for f in TABLE_FORMATS if f.tells_boolean], ids=lambda f: f.name
)
@pytest.mark.parametrize("group", TRUTHS)
def test_a_truth_value_is_the_engines_byte_for_byte(
    client: httpx.Client, engine: Store, group: str, form: TableFormat
) -> None:
    query = PREFIXES + TRUTHS[group]
    truth = engine.query(query)
    assert isinstance(truth, QueryBoolean)
    assert body(client, query, form.media_type) == truth.serialize(format=form.engine)


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("group", GRAPHS)
def test_triples_are_the_engines(
    client: httpx.Client, engine: Store, group: str, form: GraphFormat
) -> None:
    query = PREFIXES + GRAPHS[group]
    distinct = dict.fromkeys(engine.query(query))  # type: ignore[arg-type]
    expected = serialize(distinct, format=form.engine) or b""
    found = body(client, query, form.media_type)
    assert sorted(found.splitlines()) == sorted(expected.splitlines())
