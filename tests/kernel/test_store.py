"""The two backends pass the same tests: embedded, and real Oxigraph, Fuseki and Virtuoso servers."""

import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
    serialize,
)
from remote_servers import KINDS, running_server

from missiongraph.answers import Limits
from missiongraph.errors import (
    AnswerTooLarge,
    BadQuery,
    FormatNotOffered,
    QueryForbidden,
    StoreUnreachable,
)
from missiongraph.formats import CSV, GRAPH_FORMATS, JSON, TABLE_FORMATS, TURTLE, TableFormat
from missiongraph.ingest.graph_store import GraphStore
from missiongraph.names import MERGED_GRAPH
from missiongraph.remote_store import RemoteStore
from missiongraph.store import Dataset, EmbeddedStore, Store
from missiongraph.tables import ask, select, text_of

EX = "https://example.org/"
MISSION, TARGET, LABEL = (NamedNode(EX + name) for name in ("mission", "target", "label"))
GRAPH = NamedNode(EX + "evidence")
QUADS = [
    Quad(MISSION, TARGET, Literal("30", datatype=NamedNode(EX + "percent")), DefaultGraph()),
    Quad(MISSION, LABEL, Literal('Dürre, 50 % "less"\n', language="de"), DefaultGraph()),
    Quad(MISSION, LABEL, Literal("Drought"), GRAPH),
]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def oxigraph_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("oxigraph")
    dump = folder / "quads.nq"
    serialize(QUADS, dump, format=RdfFormat.N_QUADS)
    program = str(Path(sys.executable).with_name("oxigraph"))
    location = ["--location", str(folder / "store")]
    subprocess.run([program, "load", *location, "--file", str(dump)], check=True, timeout=60)
    bind = f"127.0.0.1:{free_port()}"
    server = subprocess.Popen([program, "serve-read-only", *location, "--bind", bind])
    try:
        _wait_for(f"http://{bind}/query?query=ASK%7B%7D")
        yield f"http://{bind}/query"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(address)


def _loaded(kind: str) -> Iterator[str]:
    """Run a server that holds the quads; yield its query address."""
    with running_server(kind) as server:
        graph_store = GraphStore(server.graph_store, server.credentials)
        if graph_store.greet(MERGED_GRAPH):
            merged = [quad.triple for quad in QUADS if isinstance(quad.graph_name, DefaultGraph)]
            named = [quad.triple for quad in QUADS if quad.graph_name == GRAPH]
            for graph, triples in ((MERGED_GRAPH, merged), (GRAPH.value, named)):
                graph_store.add_triples(
                    graph, serialize(triples, format=RdfFormat.N_TRIPLES) or b""
                )
        else:
            graph_store.add_quads(serialize(QUADS, format=RdfFormat.N_QUADS) or b"")
        yield server.query


@pytest.fixture(scope="session")
def fuseki_server() -> Iterator[str]:
    yield from _loaded("fuseki")


@pytest.fixture(scope="session")
def virtuoso_server() -> Iterator[str]:
    yield from _loaded("virtuoso")


@pytest.fixture(params=["embedded", "oxigraph", *KINDS])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "embedded":
        return EmbeddedStore.of(QUADS)
    return RemoteStore(request.getfixturevalue(f"{request.param}_server"))


def test_solutions_keep_datatypes_languages_and_line_ends(store: Store) -> None:
    table = select(store, f"SELECT ?p ?o WHERE {{ <{EX}mission> ?p ?o }} ORDER BY ?p")
    assert table.columns == ("p", "o")
    assert table.rows == ((LABEL, QUADS[1].object), (TARGET, QUADS[0].object))


def test_the_default_graph_does_not_show_the_named_ones(store: Store) -> None:
    assert not ask(store, "ASK { ?s ?p 'Drought' }")
    assert ask(store, f"ASK {{ GRAPH <{EX}evidence> {{ ?s ?p 'Drought' }} }}")


def test_a_given_dataset_replaces_the_store_s_own(store: Store) -> None:
    query = "SELECT ?o WHERE { ?s ?p ?o } ORDER BY ?o"
    table = select(store, query, Dataset(default=(EX + "evidence",)))
    assert [text_of(row[0]) for row in table.rows] == ["Drought"]
    named = Dataset(default=(EX + "evidence",), named=(EX + "none",))
    assert select(store, "SELECT ?o WHERE { GRAPH ?g { ?s ?p ?o } }", named).rows == ()


@pytest.mark.parametrize("wanted", TABLE_FORMATS, ids=lambda wanted: wanted.name)
def test_every_form_of_solutions_reads_back(store: Store, wanted: TableFormat) -> None:
    answer = store.answer("SELECT ?o WHERE { ?s ?p ?o } ORDER BY ?p", wanted)
    if wanted is CSV:
        assert answer.decode() == 'o\r\n"Dürre, 50 % ""less""\n"\r\n30\r\n'
    else:
        solutions = parse_query_results(answer, format=wanted.engine)
        assert not isinstance(solutions, bool)
        assert [row[0] for row in solutions] == [QUADS[1].object, QUADS[0].object]  # type: ignore[union-attr]


@pytest.mark.parametrize("wanted", GRAPH_FORMATS, ids=lambda wanted: wanted.name)
def test_every_form_of_triples_reads_back_each_triple_once(
    store: Store, wanted: TableFormat
) -> None:
    answer = store.answer("CONSTRUCT { ?s a ?s } WHERE { ?s ?p ?o }", wanted)
    triples = [quad.triple for quad in parse(answer, format=wanted.engine)]  # type: ignore[arg-type]
    assert [str(triple.subject) for triple in triples] == [f"<{EX}mission>"]


@pytest.mark.parametrize(
    ("query", "wanted"), [("ASK {}", CSV), ("ASK {}", TURTLE), ("DESCRIBE <x:y>", JSON)]
)
def test_a_form_that_an_answer_does_not_have_is_refused(
    store: Store, query: str, wanted: TableFormat
) -> None:
    with pytest.raises(FormatNotOffered):
        store.answer(query, wanted)


@pytest.mark.parametrize("query", ["SELECT", "SELECT ?x WHERE { ?x ?y }", "ASK {} ASK {}"])
def test_what_is_not_sparql_is_a_bad_query(store: Store, query: str) -> None:
    with pytest.raises(BadQuery):
        store.answer(query, JSON)


def test_updates_are_refused_before_the_engine_sees_them(store: Store) -> None:
    with pytest.raises(QueryForbidden):
        store.answer("DELETE WHERE { ?s ?p ?o }", JSON)
    assert ask(store, "ASK { ?s ?p ?o }")


def test_an_answer_over_the_limit_is_none_at_all(oxigraph_server: str) -> None:
    query = "SELECT ?o WHERE { ?s ?p ?o }"
    size = len(EmbeddedStore.of(QUADS).answer(query, JSON))
    assert EmbeddedStore.of(QUADS, Limits(max_bytes=size)).answer(query, JSON)
    for small in (
        EmbeddedStore.of(QUADS, Limits(max_bytes=size - 1)),
        RemoteStore(oxigraph_server, limits=Limits(max_bytes=size - 1)),
    ):
        with pytest.raises(AnswerTooLarge):
            small.answer(query, JSON)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_any_literal_survives_the_way_to_a_server_and_back(oxigraph_server: str, text: str) -> None:
    literal = Literal(text)
    query = f"SELECT ?o WHERE {{ BIND({literal} AS ?o) }}"
    table = select(RemoteStore(oxigraph_server), query)
    assert table == select(EmbeddedStore.of(()), query)


def test_a_server_that_is_not_there_is_said_to_be_so() -> None:
    with pytest.raises(StoreUnreachable, match=r"127\.0\.0\.1"):
        RemoteStore(f"http://127.0.0.1:{free_port()}/query").answer("ASK {}", JSON)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"head":{"vars":["o"]},"results":{"bindings":[{"o"']
)
def test_an_answer_that_is_cut_short_is_no_answer(body: bytes) -> None:
    class Cut(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Cut) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with pytest.raises(StoreUnreachable, match="not whole"):
            RemoteStore(f"http://127.0.0.1:{server.server_port}/").answer("SELECT ?o {}", JSON)
        server.shutdown()
        thread.join()


def test_json_answers_are_the_engine_s_own_bytes() -> None:
    answer = EmbeddedStore.of(QUADS).answer("ASK {}", JSON)
    assert json.loads(answer)["boolean"] is True
    assert bool(parse_query_results(answer, format=QueryResultsFormat.JSON))
