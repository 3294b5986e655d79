"""Each limit of the service holds at its bound, and bites just over it."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from running import publish, running

from missiongraph.settings import Settings

ROWS = 2_000
ALL = "SELECT * { ?s ?p ?o }"
NUMBERS = " ".join(map(str, range(60)))
LONG = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'VALUES ?{v} {{ {NUMBERS} }}' for v in 'abcd')} }}"
"""Takes about a second: 13 million solutions."""
GREEDY = (
    "SELECT ?c { { SELECT ?c ?f { ?a ?b ?c . ?d ?e ?f } LIMIT 400000 } } ORDER BY ?c ?f LIMIT 1"
)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
}

Start = Callable[..., str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    predicate, graph = NamedNode("https://example.org/p"), NamedNode("https://example.org/g")
    quads = (
        Quad(NamedNode(f"https://example.org/{n}"), predicate, Literal(f"{n:05}"), graph)
        for n in range(ROWS)
    )
    publish(home, "numbers", quads)
    return home


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    with ExitStack() as services:
        yield lambda **limits: services.enter_context(
            running(Settings(home=home, workers=2, **limits))
        )


def status(address: str, query: str) -> int:
    return httpx.post(f"{address}/sparql", data={"query": query}, timeout=60).status_code


def test_rows_of_an_answer(start: Start) -> None:
    assert status(start(max_rows=ROWS), ALL) == 200
    assert status(start(max_rows=ROWS - 1), ALL) == 413


def test_bytes_of_an_answer(start: Start) -> None:
    size = len(httpx.post(f"{start()}/sparql", data={"query": ALL}).content)
    assert status(start(max_bytes=size), ALL) == 200
    assert status(start(max_bytes=size - 1), ALL) == 413


def test_time_of_a_query(start: Start) -> None:
    assert status(start(query_timeout=60.0), LONG) == 200
    assert status(start(query_timeout=0.2), LONG) == 504


def test_memory_of_a_query(start: Start) -> None:
    assert status(start(query_memory=1_000_000_000), GREEDY) == 200
    refused = httpx.post(f"{start(query_memory=20_000_000)}/sparql", data={"query": GREEDY})
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0


@pytest.mark.parametrize("encoding", sorted(PACKED))
def test_bytes_of_a_request_as_it_comes_and_once_unpacked(start: Start, encoding: str) -> None:
    address = start(body_bytes=100_000)
    headers = {**FORM, "Content-Encoding": encoding}
    for size, expected in ((100_000, 200), (100_001, 413)):
        body = PACKED[encoding](b"query=ASK{}&padding=".ljust(size, b"x"))
        response = httpx.post(f"{address}/sparql", content=body, headers=headers)
        assert response.status_code == expected
