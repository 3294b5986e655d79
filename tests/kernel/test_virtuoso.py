"""What Virtuoso is told and what it answers, without a server; tests/remote has a real one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from missiongraph.formats import JSON
from missiongraph.sparql import tokens
from missiongraph.store import EmbeddedStore
from missiongraph.virtuoso import (
    Sorted,
    ask_by_variable,
    names_its_dataset,
    read_solutions,
    sorted_here,
)

XSD = "http://www.w3.org/2001/XMLSchema#"


def solutions(*rows: dict[str, dict[str, str]], columns: tuple[str, ...] = ("v",)) -> bytes:
    answer = {"head": {"link": [], "vars": columns}, "results": {"bindings": rows}}
    return json.dumps(answer).encode()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"type": "typed-literal", "value": "1", "datatype": XSD + "boolean"}, "true"),
        ({"type": "typed-literal", "value": "60", "datatype": XSD + "duration"}, "P5Y"),
        ({"type": "bnode", "value": "nodeID://b10000"}, "b10000"),
        ({"type": "literal", "value": "1"}, "1"),
    ],
)
def test_values_are_read_as_they_were_meant(written: dict[str, str], meant: str) -> None:
    read = parse_query_results(read_solutions(solutions({"v": written})), QueryResultsFormat.JSON)
    assert isinstance(read, QuerySolutions)
    assert next(iter(read))[0].value == meant


def test_a_truth_value_in_a_table_is_read_as_one() -> None:
    one = {"__ASK_RETVAL": {"type": "typed-literal", "value": "1", "datatype": XSD + "integer"}}
    assert json.loads(read_solutions(solutions(one, columns=("__ASK_RETVAL",))))["boolean"] is True
    none = solutions(columns=("__ASK_RETVAL",))
    assert json.loads(read_solutions(none))["boolean"] is False


@pytest.mark.parametrize("answer", [b"", b"{", b"[]", b'{"head": {}}', b'"text"', b'{"head": 1}'])
def test_what_is_no_answer_is_not_read(answer: bytes) -> None:
    with pytest.raises(ValueError):
        read_solutions(answer)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        'SELECT * { ?s ?p "GRAPH <urn:g> {" } # GRAPH <urn:g> {',
        "PREFIX graph: <urn:> SELECT * { ?s graph:x ?o }",
    ],
)
def test_what_names_no_constant_graph_is_sent_as_it_is(query: str) -> None:
    assert ask_by_variable(query) == query


def test_constant_graphs_are_asked_for_by_variables_that_nobody_sees() -> None:
    query = (
        "PREFIX g: <urn:> SELECT * { graph <urn:a> { ?s ?p ?o } MINUS { GRAPH g:b{ ?s ?p ?o } } }"
    )
    asked = ask_by_variable(query)
    variables = [token.text for token in tokens(asked) if token.text.startswith("?constantGraph")]
    assert len(variables) == 4
    assert len(set(variables)) == 2
    column = variables[0].removeprefix("?")
    row = {column: {"type": "uri", "value": "urn:a"}, "v": {"type": "uri", "value": "urn:s"}}
    read = json.loads(read_solutions(solutions(row, columns=(column, "v"))))
    assert read["head"]["vars"] == ["v"]
    assert read["results"]["bindings"] == [{"v": {"type": "uri", "value": "urn:s"}}]


def test_a_query_with_from_names_its_dataset() -> None:
    assert names_its_dataset("SELECT * from <urn:g> { ?s ?p ?o }")
    assert not names_its_dataset("PREFIX from: <urn:> SELECT ?from { ?s from:x 'FROM' }")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?s ?p ?o }",
        "SELECT ?s { ?s ?p ?o } ORDER BY ?o",
        "SELECT (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s ORDER BY ?o",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ORDER BY ?s",
        "SELECT ?s { ?s ?p ?o } ORDER BY ?s VALUES ?s { <urn:a> }",
        "SELECT ?s { { SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 1 } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s",
    ],
)
def test_what_cannot_be_sorted_here_is_sent_as_it_is(query: str) -> None:
    assert sorted_here(query) == Sorted(query)


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
TERMS = st.one_of(
    st.none(),
    WORDS.map(lambda text: {"type": "literal", "value": text}),
    WORDS.map(lambda text: {"type": "literal", "value": text, "xml:lang": "en"}),
    st.integers(-50, 50).map(
        lambda n: {"type": "literal", "value": str(n), "datatype": XSD + "integer"}
    ),
    st.integers(0, 50).map(lambda n: {"type": "uri", "value": f"urn:{n}"}),
    st.integers(0, 5).map(lambda n: {"type": "bnode", "value": f"b{n}"}),
)


@given(st.lists(st.tuples(TERMS, TERMS), max_size=12), st.integers(0, 5))
def test_sorting_here_keeps_every_row_and_follows_the_modifiers(
    rows: list[tuple[dict[str, str] | None, dict[str, str] | None]], skipped: int
) -> None:
    bindings = [{n: t for n, t in zip("ab", row, strict=True) if t} for row in rows]
    answer = solutions(*bindings, columns=("a", "b"))
    asked = sorted_here(f"SELECT ?a ?b {{}} ORDER BY DESC(?a) ?b OFFSET {skipped}")
    parsed = parse_query_results(answer, QueryResultsFormat.JSON)
    assert isinstance(parsed, QuerySolutions)
    read = [tuple(map(str, row)) for row in asked.sort(parsed)]
    assert len(read) == max(0, len(rows) - skipped)
    again = parse_query_results(answer, QueryResultsFormat.JSON)
    assert isinstance(again, QuerySolutions)
    assert not set(read) - {tuple(map(str, row)) for row in again}


def test_the_order_is_the_embedded_engine_s() -> None:
    values = '"b"@en "a"@en <urn:z> 5 "B" "é" "z" UNDEF 2.5 true "2030"^^<urn:year>'
    query = f"SELECT ?v {{ VALUES ?v {{ {values} }} }} ORDER BY ?v"
    ordered = EmbeddedStore.of(()).answer(query, JSON)
    shuffled = EmbeddedStore.of(()).answer(query.partition(" ORDER")[0], JSON)
    parsed = parse_query_results(shuffled, QueryResultsFormat.JSON)
    expected = parse_query_results(ordered, QueryResultsFormat.JSON)
    assert isinstance(parsed, QuerySolutions)
    assert isinstance(expected, QuerySolutions)
    assert list(map(tuple, sorted_here(query).sort(parsed))) == list(map(tuple, expected))
