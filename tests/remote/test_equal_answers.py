"""Every stored question gives equal answers on Oxigraph, Fuseki and Virtuoso."""

from decimal import Decimal
from typing import Final

import pytest
from pyoxigraph import BlankNode, Literal
from remote_servers import Server

from missiongraph.formats import N_TRIPLES
from missiongraph.names import INFERRED_GRAPH, ONTOLOGY, PREFIXES
from missiongraph.questions import all_questions, answer_table
from missiongraph.releases import Release
from missiongraph.remote_store import RemoteStore
from missiongraph.store import Dataset, Store
from missiongraph.tables import Table, Term, ask, select

GIVEN: Final = {
    "thing": ["https://w3id.org/missiongraph/id/actor/csiro"],
    "text": ["mission"],
}
_DECIMAL: Final = PREFIXES["xsd"] + "decimal"
_DIGITS: Final = 12


@pytest.fixture(scope="session")
def embedded(remote_release: Release) -> Store:
    return remote_release.load()


@pytest.fixture
def remote(server: Server, published: object) -> Store:
    assert published
    return RemoteStore(server.query, timeout=300)  # what is compared is answers, not times


@pytest.mark.parametrize("question", sorted(all_questions()))
def test_a_question_has_the_same_answer_in_the_same_order(
    embedded: Store, remote: Store, question: str
) -> None:
    here, there = (_answer(store, question) for store in (embedded, remote))
    assert here.columns == there.columns
    assert here.rows, "an empty answer tells nothing"
    assert _comparable(here) == _comparable(there)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
        f"SELECT ?s WHERE {{ GRAPH <{INFERRED_GRAPH}> {{ ?s ?p ?o }} }} ORDER BY ?s LIMIT 20",
        f"PREFIX o: <{ONTOLOGY}> SELECT * {{ GRAPH o: {{ ?s a ?o }} FILTER (ISIRI(?s)) }} OFFSET 0",
        f"PREFIX o: <{ONTOLOGY}> SELECT * {{ GRAPH o: {{ ?s a ?o }} }} ORDER BY DESC(STR(?s)) ?o LIMIT 9",
        "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) STR(?p)",
        f"SELECT (COUNT(*) AS ?n) FROM <{INFERRED_GRAPH}> WHERE {{ ?s ?p ?o }}",
        f"SELECT DISTINCT ?s {{ ?s a ?o MINUS {{ GRAPH <{INFERRED_GRAPH}> {{ ?s a ?o }} }} }}",
    ],
)
def test_a_stranger_s_query_has_the_same_answer(embedded: Store, remote: Store, query: str) -> None:
    here, there = select(embedded, query), select(remote, query)
    assert set(here.columns) == set(there.columns)
    assert sorted(map(_row, here.records())) == sorted(map(_row, there.records()))


@pytest.mark.parametrize(
    "dataset",
    [
        Dataset(default=(INFERRED_GRAPH,)),
        Dataset(default=(INFERRED_GRAPH,), named=("https://w3id.org/missiongraph/ontology",)),
        Dataset(named=(INFERRED_GRAPH,)),
    ],
)
def test_a_given_dataset_is_the_same_everywhere(
    embedded: Store, remote: Store, dataset: Dataset
) -> None:
    for pattern in ("?s ?p ?o", "GRAPH ?g { ?s ?p ?o }"):
        query = f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"
        assert select(embedded, query, dataset) == select(remote, query, dataset)


def test_a_truth_value_is_one(remote: Store) -> None:
    assert ask(remote, "ASK { ?s ?p ?o }")
    assert not ask(remote, "ASK { ?s <urn:nothing> ?o }")


def test_a_thing_s_triples_are_the_same(embedded: Store, remote: Store) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ <{GIVEN['thing'][0]}> }} ?s ?p ?o }}"
    here, there = (store.answer(query, N_TRIPLES).splitlines() for store in (embedded, remote))
    assert here
    assert sorted(here) == sorted(there)


def _answer(store: Store, question_id: str) -> Table:
    question = all_questions()[question_id]
    required = [name for name, parameter in question.parameters.items() if parameter.required]
    return answer_table(store, question, {name: GIVEN[name] for name in required})


def _comparable(table: Table) -> list[list[str]]:
    return [_row(row) for row in table.records()]


def _row(row: dict[str, Term]) -> list[str]:
    return [f"{name}={_canonical(row[name])}" for name in sorted(row)]


def _canonical(term: Term) -> str:
    """Return a term by its value: engines differ in the last digits of quotients."""
    if isinstance(term, BlankNode):
        return "_:"
    if isinstance(term, Literal) and term.datatype.value == _DECIMAL:
        return str(round(Decimal(term.value), _DIGITS).normalize())
    return str(term)
