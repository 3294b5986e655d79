"""Python's SPARQL clients give the same answers as the store itself."""

from __future__ import annotations

from urllib.parse import urlencode

import pandas
import pytest
import rdflib
from asking import ASKS, GRAPHS, SELECTS, cells, solutions, triples, truth, written
from pyoxigraph import QueryResultsFormat, RdfFormat
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper import RDFXML as RDF_XML

from missiongraph import formats
from missiongraph.names import PREFIXES
from missiongraph.store import EmbeddedStore

WAYS = [(GET, None), (POST, None), (POST, POSTDIRECTLY)]
MISSION = rdflib.URIRef("https://w3id.org/missiongraph/id/mission/drought")


def wrapped(
    address: str, query: str, form: str, way: tuple[str, str | None] = (GET, None)
) -> bytes:
    """Ask with SPARQLWrapper and return the body of its answer."""
    client = SPARQLWrapper(f"{address}/sparql")
    client.setQuery(query)
    client.setReturnFormat(form)
    client.setMethod(way[0])
    if way[1]:
        client.setRequestMethod(way[1])
    with client.query().response as response:
        return bytes(response.read())


def graph_of(address: str, method: str = "GET") -> rdflib.Graph:
    """Return rdflib's graph over the service's default graph."""
    return rdflib.Graph(store=SPARQLStore(f"{address}/sparql", method=method))


@pytest.mark.parametrize("way", WAYS, ids=["get", "form", "direct"])
@pytest.mark.parametrize("query", SELECTS.values(), ids=SELECTS)
def test_sparqlwrapper_gets_solutions(
    small_service: str, embedded: EmbeddedStore, query: str, way: tuple[str, str | None]
) -> None:
    expected = embedded.answer(query, formats.JSON)
    as_xml = wrapped(small_service, query, XML, way)
    assert solutions(wrapped(small_service, query, JSON, way)) == solutions(expected)
    assert solutions(as_xml, QueryResultsFormat.XML) == solutions(expected)
    assert wrapped(small_service, query, CSV, way) == embedded.answer(query, formats.CSV)


@pytest.mark.parametrize("way", WAYS, ids=["get", "form", "direct"])
@pytest.mark.parametrize(("query", "holds"), ASKS.items(), ids=["true", "false"])
def test_sparqlwrapper_gets_a_truth_value(
    small_service: str, query: str, holds: bool, way: tuple[str, str | None]
) -> None:
    assert truth(wrapped(small_service, query, JSON, way)) is holds
    assert truth(wrapped(small_service, query, XML, way), QueryResultsFormat.XML) is holds


@pytest.mark.parametrize("way", WAYS, ids=["get", "form", "direct"])
@pytest.mark.parametrize(
    ("form", "syntax"),
    [(TURTLE, RdfFormat.TURTLE), (RDF_XML, RdfFormat.RDF_XML), (JSONLD, RdfFormat.JSON_LD)],
    ids=["turtle", "rdfxml", "jsonld"],
)
@pytest.mark.parametrize("query", GRAPHS.values(), ids=GRAPHS)
def test_sparqlwrapper_gets_triples(
    small_service: str,
    embedded: EmbeddedStore,
    query: str,
    form: str,
    syntax: RdfFormat,
    way: tuple[str, str | None],
) -> None:
    expected = triples(embedded.answer(query, formats.TURTLE))
    assert triples(wrapped(small_service, query, form, way), syntax) == expected


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("query", SELECTS.values(), ids=SELECTS)
def test_rdflib_gets_solutions(
    small_service: str, embedded: EmbeddedStore, query: str, method: str
) -> None:
    found = frozenset(
        frozenset((str(name), written(term)) for name, term in row.asdict().items())
        for row in graph_of(small_service, method=method).query(query)
        if isinstance(row, rdflib.query.ResultRow)
    )
    assert found == solutions(embedded.answer(query, formats.JSON))


@pytest.mark.parametrize(("query", "holds"), ASKS.items(), ids=["true", "false"])
def test_rdflib_gets_a_truth_value(small_service: str, query: str, holds: bool) -> None:
    assert graph_of(small_service).query(query).askAnswer is holds


@pytest.mark.parametrize("query", GRAPHS.values(), ids=GRAPHS)
def test_rdflib_gets_triples(small_service: str, embedded: EmbeddedStore, query: str) -> None:
    found = graph_of(small_service).query(query).graph or ()
    lines = frozenset(" ".join(map(written, triple)) for triple in found)
    assert lines == triples(embedded.answer(query, formats.TURTLE))


def test_rdflib_looks_triples_up_as_in_a_graph_of_its_own(
    small_service: str, embedded: EmbeddedStore
) -> None:
    graph = graph_of(small_service)
    held = rdflib.Graph().parse(
        data=embedded.answer("CONSTRUCT WHERE { ?s ?p ?o }", formats.N_TRIPLES), format="nt"
    )
    label = rdflib.RDFS.label
    assert len(graph) == len(held)
    assert set(graph.triples((MISSION, None, None))) == set(held.triples((MISSION, None, None)))
    assert set(graph.subject_objects(label)) == set(held.subject_objects(label))
    assert (MISSION, label, rdflib.Literal("Mission Dürre", lang="de")) in graph
    assert (MISSION, label, rdflib.Literal("Mission Dürre", lang="en")) not in graph


def test_rdflib_reads_the_graphs_by_their_names(
    small_service: str, embedded: EmbeddedStore
) -> None:
    evidence = rdflib.URIRef("https://w3id.org/missiongraph/id/evidence/webinar/owner")
    passage = rdflib.Graph(store=SPARQLStore(f"{small_service}/sparql"), identifier=evidence)
    query = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{evidence}> {{ ?s ?p ?o }} }}"
    found = frozenset(" ".join(map(written, triple)) for triple in passage)
    assert found == triples(embedded.answer(query, formats.TURTLE))


@pytest.mark.parametrize("query", SELECTS.values(), ids=SELECTS)
def test_pandas_reads_a_query_s_address(
    small_service: str, embedded: EmbeddedStore, query: str
) -> None:
    address = f"{small_service}/sparql?{urlencode({'query': query, 'format': 'csv'})}"
    table = pandas.read_csv(address, dtype=str, keep_default_na=False)
    assert sorted(table.values.tolist()) == cells(embedded.answer(query, formats.JSON))


def test_pandas_finds_the_types_of_numbers(small_service: str) -> None:
    query = f"SELECT ?t ?value {{ ?t <{PREFIXES['mg']}targetValue> ?value }}"
    address = f"{small_service}/sparql?{urlencode({'query': query, 'format': 'csv'})}"
    assert pandas.read_csv(address)["value"].sum() == 30.0


def test_pandas_reads_a_question_s_address(small_service: str) -> None:
    table = pandas.read_csv(f"{small_service}/questions/missions.csv")
    assert set(table["missionLabel"]) >= {"Drought Resilience Mission"}
    narrowed = pandas.read_csv(f"{small_service}/questions/mission-targets.csv?mission=drought")
    assert narrowed["targetValue"].tolist() == [30.0]
