"""The query part of the SPARQL 1.1 Protocol, over a real server."""

import gzip
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse
from SPARQLWrapper import CSV, JSON, JSONLD, POST, POSTDIRECTLY, TSV, TURTLE, XML, SPARQLWrapper

from missiongraph.api.description import EXTENSION_FUNCTIONS
from missiongraph.formats import GRAPH_FORMATS, TABLE_FORMATS, Format

SELECT = "SELECT ?m WHERE { ?m a <https://w3id.org/missiongraph/ontology#Mission> } ORDER BY ?m"
CONSTRUCT = "CONSTRUCT WHERE { ?m <https://w3id.org/missiongraph/ontology#hasTarget> ?t }"
QUERY = {"Content-Type": "application/sparql-query"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Ask = Callable[[httpx.Client, str], httpx.Response]


def by_get(client: httpx.Client, query: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query})


def by_form(client: httpx.Client, query: str) -> httpx.Response:
    return client.post("/sparql", data={"query": query})


def directly(client: httpx.Client, query: str) -> httpx.Response:
    return client.post("/sparql", content=query.encode(), headers=QUERY)


WAYS: tuple[Ask, ...] = (by_get, by_form, directly)


def bindings(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["results"]["bindings"]
    return found


@pytest.mark.parametrize("ask", WAYS)
def test_a_query_is_answered_by_each_of_the_three_ways(client: httpx.Client, ask: Ask) -> None:
    assert len(bindings(ask(client, SELECT))) == 2


@pytest.mark.parametrize("format_", TABLE_FORMATS, ids=lambda f: f.name)
def test_solutions_come_in_each_form(client: httpx.Client, format_: Format) -> None:
    response = client.get(
        "/sparql", params={"query": SELECT}, headers={"Accept": format_.media_type}
    )
    assert response.status_code == 200
    assert response.headers["content-type"] == format_.content_type
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda f: f.name)
def test_triples_come_in_each_form(client: httpx.Client, format_: Format) -> None:
    response = client.get(
        "/sparql", params={"query": CONSTRUCT}, headers={"Accept": format_.media_type}
    )
    read = list(parse(response.content, format=RdfFormat.from_media_type(format_.media_type)))
    assert len(read) == 1


@settings(max_examples=40, deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
    | st.sampled_from(["a%20b", "a+b", "ü", "'\"", "line\nbreak", "%", "%zz", "&query=x", "\r\n"])
)
def test_a_literal_answers_alike_by_the_three_ways(client: httpx.Client, text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    query = f'SELECT ("{escaped}" AS ?x) {{}}'.replace("\r", "\\r")
    answers = [bindings(ask(client, query)) for ask in WAYS]
    assert [answer[0]["x"]["value"] for answer in answers] == [text] * 3


@pytest.mark.parametrize("local", ["a%20b", "a+b", "ü", "a'b", "a&b=c", "a%2Bb", "%C3%BC"])
def test_an_iri_answers_alike_by_the_three_ways(client: httpx.Client, local: str) -> None:
    query = f"SELECT (<https://example.org/{local}> AS ?x) {{}}"
    found = {bindings(ask(client, query))[0]["x"]["value"] for ask in WAYS}
    assert found == {f"https://example.org/{local}"}


@pytest.mark.parametrize(
    ("method", "url", "content", "headers", "status"),
    [
        ("GET", "/sparql?query=ASK{}&query=ASK{}", b"", {}, 400),
        ("POST", "/sparql", b"query=ASK{}&query=ASK{}", FORM, 400),
        ("POST", "/sparql?query=ASK{}", b"query=ASK{}", FORM, 400),
        ("POST", "/sparql?query=ASK{}", b"ASK{}", QUERY, 400),
        ("POST", "/sparql", b"", FORM, 400),
        ("GET", "/sparql?update=CLEAR+ALL", b"", {}, 403),
        ("POST", "/sparql", b"update=CLEAR+ALL", FORM, 403),
        ("POST", "/sparql", b"query=ASK{}&update=CLEAR+ALL", FORM, 403),
        ("POST", "/sparql", b"CLEAR ALL", {"Content-Type": "application/sparql-update"}, 403),
        ("POST", "/sparql", b"CLEAR ALL", QUERY, 403),
        ("POST", "/sparql", b"ASK{}", {"Content-Type": "text/plain"}, 415),
        ("POST", "/sparql", b"ASK{}", {}, 415),
        ("POST", "/sparql", b"ASK{}", {**QUERY, "Content-Encoding": "gzip"}, 400),
        (
            "POST",
            "/sparql",
            gzip.compress(b"ASK{}", mtime=0) + b"x",
            {**QUERY, "Content-Encoding": "gzip"},
            400,
        ),
        (
            "POST",
            "/sparql",
            gzip.compress(b"ASK{}", mtime=0)[:-1],
            {**QUERY, "Content-Encoding": "gzip"},
            400,
        ),
        (
            "POST",
            "/sparql",
            gzip.compress(b" " * 10**6, mtime=0),
            {**QUERY, "Content-Encoding": "x"},
            415,
        ),
        (
            "POST",
            "/sparql",
            "ASK{}".encode("utf-16"),
            {"Content-Type": "application/sparql-query;charset=utf-16"},
            415,
        ),
        ("POST", "/sparql", b"ASK{} # \xff", QUERY, 400),
        ("POST", "/sparql", b"query=ASK{}%23%FF", FORM, 400),
        ("GET", "/sparql?query=ASK{}%23%ED%A0%80", b"", {}, 400),
        ("GET", "/sparql?query=ASK{}%23%00", b"", {}, 400),
        ("POST", "/sparql", b"ASK{} # \0", QUERY, 400),
        ("GET", "/sparql?query=SELECT", b"", {}, 400),
        ("GET", "/sparql?query=", b"", {}, 400),
        ("GET", "/sparql?query=ASK{}&default-graph-uri=a b", b"", {}, 400),
        ("GET", "/sparql?query=ASK{}&format=png", b"", {}, 406),
        ("GET", "/sparql?query=ASK{}", b"", {"Accept": "image/png"}, 406),
        ("GET", "/sparql?query=ASK{}", b"", {"Accept": "text/csv"}, 406),
        ("POST", "/sparql", b"#" * 70_000 + b"\nASK{}", QUERY, 413),
        ("POST", "/sparql", b"#" * 200_000 + b"\nASK{}", QUERY, 413),
        ("PUT", "/sparql", b"ASK{}", QUERY, 405),
        ("DELETE", "/sparql", b"", {}, 405),
    ],
)
def test_what_is_not_a_query_is_refused_with_its_reason(
    client: httpx.Client,
    method: str,
    url: str,
    content: bytes,
    headers: dict[str, str],
    status: int,
) -> None:
    response = client.request(method, url, content=content, headers=headers)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["what"]


def test_a_body_is_counted_as_it_arrives(client: httpx.Client) -> None:
    sent = (b"#" * 10_000 for _ in range(50))
    response = client.post("/sparql", content=sent, headers=QUERY)
    assert response.status_code == 413


def test_a_charset_that_is_utf8_is_no_obstacle(client: httpx.Client) -> None:
    headers = {"Content-Type": 'application/sparql-query; charset="UTF-8"'}
    assert client.post("/sparql", content=b"ASK{}", headers=headers).json()["boolean"] is True


@pytest.mark.parametrize("ask", ["get", "form"])
def test_the_dataset_of_the_protocol_is_the_one_that_is_asked(
    client: httpx.Client, ask: str
) -> None:
    graph = "https://w3id.org/missiongraph/id/evidence/webinar/owner"
    parameters: list[tuple[str, str | int | float | bool | None]] = [
        ("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("default-graph-uri", graph),
        ("default-graph-uri", "https://w3id.org/missiongraph/id/graph/inferred"),
    ]
    if ask == "get":
        response = client.get("/sparql", params=parameters)
    else:
        response = client.post("/sparql", content=urlencode(parameters), headers=FORM)
    assert bindings(response)[0]["n"]["value"] == "5"


def test_head_has_the_headers_of_get_and_no_body(client: httpx.Client) -> None:
    got = client.get("/sparql", params={"query": SELECT})
    head = client.head("/sparql", params={"query": SELECT})
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "content-length", "etag", "vary"):
        assert head.headers[name] == got.headers[name]


def test_options_and_cors_let_pages_of_others_ask(client: httpx.Client) -> None:
    response = client.options(
        "/sparql", headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    )
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert client.get("/sparql?query=x").headers["access-control-allow-origin"] == "*"


def test_an_etag_saves_the_answer_that_the_client_has(client: httpx.Client) -> None:
    first = client.get("/sparql", params={"query": SELECT})
    again = {"If-None-Match": f'"other", {first.headers["etag"]}'}
    second = client.get("/sparql", params={"query": SELECT}, headers=again)
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]
    as_csv = client.get(
        "/sparql", params={"query": SELECT}, headers={**again, "Accept": "text/csv"}
    )
    assert as_csv.status_code == 200
    assert client.get("/sparql", params={"query": CONSTRUCT}, headers=again).status_code == 200


def test_an_answer_that_may_differ_each_time_has_no_etag(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": "SELECT (nOw() AS ?t) {}"})
    assert "etag" not in response.headers


def test_without_a_query_the_service_describes_itself(client: httpx.Client) -> None:
    response = client.get("/sparql", headers={"Accept": "application/n-triples"})
    text = response.text
    assert f"<{str(client.base_url).rstrip('/')}/sparql>" in text
    assert "sparql-service-description#SPARQL11Query" in text
    for format_ in ("SPARQL_Results_CSV", "Turtle", "N-Quads"):
        assert f"<http://www.w3.org/ns/formats/{format_}>" in text
    assert "<https://w3id.org/missiongraph/id/source/webinar>" in text
    assert "/id/evidence/" not in text
    assert "#availableGraphs>" in text
    assert client.get("/sparql").headers["content-type"] == "text/turtle; charset=utf-8"


def test_the_service_names_the_extension_functions_that_it_has(client: httpx.Client) -> None:
    text = client.get("/sparql", headers={"Accept": "application/n-triples"}).text
    area, other = (f'"POLYGON(({n} 0, {n + 2} 0, {n + 2} 2, {n} 0))"' for n in (0, 1))
    wkt = "<http://www.opengis.net/ont/geosparql#wktLiteral>"
    metre = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"
    ways = {
        "one": f"{area}^^{wkt}",
        "two": f"{area}^^{wkt}, {other}^^{wkt}",
        "length": f"{area}^^{wkt}, {metre}",
        "distance": f'"POINT(0 0)"^^{wkt}, "POINT(1 1)"^^{wkt}, {metre}',
    }
    for iri in EXTENSION_FUNCTIONS:
        calls = ", ".join(f"<{iri}>({given})" for given in ways.values())
        query = f"SELECT (COALESCE({calls}) AS ?value) {{}}"
        (row,) = bindings(client.post("/sparql", data={"query": query}))
        assert "value" in row, iri
        assert f"#extensionFunction> <{iri}> ." in text


@pytest.mark.parametrize(
    "query", ["SELECT (<urn:f>(1) AS ?x) {}", "ASK { FILTER (COALESCE(<urn:f>(1), true)) }"]
)
def test_a_function_that_is_unknown_is_named_in_the_refusal(
    client: httpx.Client, query: str
) -> None:
    response = client.post("/sparql", data={"query": query})
    assert response.status_code == 400
    assert "<urn:f>" in response.json()["what"]


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("way", ["urlencoded", POSTDIRECTLY])
@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_reads_tables(small_service: str, method: str, way: str, form: str) -> None:
    wrapper = SPARQLWrapper(f"{small_service}/sparql", returnFormat=form)
    wrapper.setMethod(method)
    wrapper.setRequestMethod(way)
    wrapper.setQuery(SELECT)
    result = wrapper.query()
    body = result.response.read()
    result.response.close()
    assert b"mission/drought" in body


@pytest.mark.parametrize("form", [XML, TURTLE, JSONLD])
def test_sparqlwrapper_reads_graphs(small_service: str, form: str) -> None:
    wrapper = SPARQLWrapper(f"{small_service}/sparql", returnFormat=form)
    wrapper.setQuery(CONSTRUCT)
    with wrapper.query().response as response:
        media_type = response.info()["Content-Type"].partition(";")[0]
        found = list(parse(response.read(), format=RdfFormat.from_media_type(media_type)))
    assert len(found) == 1


def test_an_answer_is_the_same_as_the_engines(client: httpx.Client) -> None:
    response = client.get(f"/sparql?query={quote(SELECT)}&output=json")
    assert json.loads(response.content)["head"] == {"vars": ["m"]}
