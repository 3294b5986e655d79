"""SERVICE to servers that the operator has named: a second service of ours is the other server."""

import socket
from collections.abc import Iterator

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from running import publish, running

from missiongraph.settings import Settings

EX = "https://example.org/"
GRAPH = NamedNode(EX + "g")


def quads(predicate: str, values: dict[str, str]) -> list[Quad]:
    return [
        Quad(NamedNode(EX + name), NamedNode(EX + predicate), Literal(value), GRAPH)
        for name, value in values.items()
    ]


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("other")
    many = {f"n{number}": "many" for number in range(2_000)}
    facts = quads("budget", {"a": "1 \"million\"\n'DKK'", "b": "2"})
    publish(home, "other", [*facts, *quads("is", many)])
    with running(Settings(home=home)) as address:
        yield f"{address}/sparql"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory, other: str) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("ours")
    publish(home, "ours", quads("name", {"a": "A", "c": "C"}))
    dead = f"http://127.0.0.1:{free_port()}/sparql"
    settings = Settings(home=home, service_allow=(other, dead))
    with (
        running(settings) as address,
        httpx.Client(base_url=address, timeout=60, headers={"X-Dead": dead}) as client,
    ):
        yield client


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def rows(client: httpx.Client, query: str) -> list[list[str]]:
    response = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert response.status_code == 200, response.text
    table = client.post("/sparql", data={"query": query}).json()
    names = table["head"]["vars"]
    return [
        [row.get(n, {}).get("value", "") for n in names] for row in table["results"]["bindings"]
    ]


def test_solutions_of_an_allowed_server_are_joined(ours: httpx.Client, other: str) -> None:
    query = f"""
        PREFIX ex: <{EX}>
        SELECT ?name ?budget {{ ?x ex:name ?name SERVICE <{other}> {{ ?x ex:budget ?budget }} }}
    """
    assert rows(ours, query) == [["A", "1 \"million\"\n'DKK'"]]


def test_a_server_may_be_named_by_prefix_and_asked_optionally(
    ours: httpx.Client, other: str
) -> None:
    query = f"""
        PREFIX ex: <{EX}> PREFIX o: <{other.removesuffix("sparql")}>
        SELECT ?name ?budget {{
          ?x ex:name ?name
          OPTIONAL {{ SERVICE SILENT o:sparql {{ ?x ex:budget ?budget }} }}
        }} ORDER BY ?name
    """
    assert rows(ours, query) == [["A", "1 \"million\"\n'DKK'"], ["C", ""]]


def test_a_server_without_solutions_joins_to_none(ours: httpx.Client, other: str) -> None:
    query = f"SELECT ?x {{ ?x ?p 'A' SERVICE <{other}> {{ ?x <{EX}nothing> ?y }} }}"
    assert rows(ours, query) == []
    assert rows(ours, f"SELECT ?x {{ ?x ?p 'A' SERVICE <{other}> {{ }} }}") == [[EX + "a"]]


def test_a_silent_failure_is_one_empty_solution_and_another_is_an_error(ours: httpx.Client) -> None:
    dead = ours.headers["X-Dead"]
    silent = f"SELECT ?x {{ ?x ?p 'A' SERVICE SILENT <{dead}> {{ ?x ?q ?y }} }}"
    assert rows(ours, silent) == [[EX + "a"]]
    loud = ours.post("/sparql", data={"query": silent.replace("SILENT", "")})
    assert loud.status_code == 502


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("ASK {{ SERVICE <http://127.0.0.1:1/> {{ ?s ?p ?o }} }}", 403),
        ("ASK {{ SERVICE ?where {{ ?s ?p ?o }} }}", 403),
        ("ASK {{ SERVICE SILENT ?where {{ ?s ?p ?o }} }}", 403),
        ("ASK {{ SERVICE <{other}> {{ SERVICE <{other}> {{ ?s ?p ?o }} }} }}", 400),
        ("ASK {{ SERVICE <{other}> {{ ?s <https://example.org/budget> ?o }}", 400),
        ("ASK {{ SERVICE <{other}>", 400),
        ("ASK {{ SERVICE", 400),
        ("ASK {{ SERVICESILENT<http://127.0.0.1:1/>{{ ?s ?p ?o }} }}", 403),
        ("ASK {{ SERVICE <{other}> {{ ?s <https://example.org/is> ?o }} }}", 413),
        ("ASK {{ SERVICE <{other}> {{ ?s ?p }} }}", 400),
    ],
)
def test_what_is_not_allowed_or_not_right_gets_its_status(
    ours: httpx.Client, other: str, query: str, status: int
) -> None:
    response = ours.post("/sparql", data={"query": query.format(other=other)})
    assert response.status_code == status
    assert response.json()["what"]


def test_a_federated_answer_is_not_kept(ours: httpx.Client, other: str) -> None:
    query = f"ASK {{ SERVICE <{other}> {{ ?s <{EX}budget> ?o }} }}"
    assert "etag" not in ours.post("/sparql", data={"query": query}).headers
