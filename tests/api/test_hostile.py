"""What a hostile or careless client may send, and that the next one is answered as before."""

import gzip
import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from running import publish, running, wait_until

from missiongraph.settings import Settings

TRIPLES = 5_000
TIMEOUT = 3.0
SIMPLE = "SELECT ?s { ?s <https://example.org/p> '7' }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
ALL = "SELECT * { ?s ?p ?o }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    predicate = NamedNode("https://example.org/p")
    graph = NamedNode("https://example.org/g")
    publish(
        home,
        "numbers",
        (
            Quad(NamedNode(f"https://example.org/{n}"), predicate, Literal(str(n)), graph)
            for n in range(TRIPLES)
        ),
    )
    settings = Settings(
        home=home,
        query_timeout=TIMEOUT,
        query_memory=200_000_000,
        max_rows=TRIPLES,
        client_concurrency=16,
    )
    with running(settings) as address:
        yield address


@pytest.fixture
def client(service: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service, timeout=30) as client:
        yield client


def ask(client: httpx.Client, query: str) -> httpx.Response:
    return client.post("/sparql", content=query, headers=QUERY)


@pytest.mark.parametrize("bracket", ["{", "(", "["])
@pytest.mark.parametrize("depth", [101, 10_000, 100_000])
def test_deep_nesting_is_refused(client: httpx.Client, bracket: str, depth: int) -> None:
    assert ask(client, f"SELECT * {bracket * depth}").status_code == 400


def test_an_endless_query_ends_as_504_in_time(client: httpx.Client) -> None:
    began = time.monotonic()
    response = ask(client, ENDLESS)
    assert response.status_code == 504
    assert response.headers["content-type"] == "application/problem+json"
    assert time.monotonic() - began < TIMEOUT + 2


def test_eight_endless_queries_at_once_do_not_starve_a_simple_one(service: str) -> None:
    def endless(_: int) -> int:
        with httpx.Client(base_url=service, timeout=30) as one:
            return ask(one, ENDLESS).status_code

    with ThreadPoolExecutor(8) as clients, httpx.Client(base_url=service, timeout=30) as other:
        pending = clients.map(endless, range(8))
        time.sleep(1.5)
        began = time.monotonic()
        assert ask(other, SIMPLE).status_code == 200
        assert time.monotonic() - began < 1
        assert set(pending) == {504}


def test_sorting_a_product_ends_for_want_of_time_or_memory(client: httpx.Client) -> None:
    assert ask(client, SORTED).status_code in (503, 504)


def test_an_answer_at_the_limit_is_whole_and_one_over_it_is_none(client: httpx.Client) -> None:
    whole = ask(client, ALL)
    assert len(whole.json()["results"]["bindings"]) == TRIPLES
    over = ask(client, "SELECT * { { ?s ?p ?o } UNION { VALUES ?s { 1 } } }")
    assert over.status_code == 413
    assert over.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
        "SELECT * {{ sErViCe#\n<http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICESILENT<http://127.0.0.1:{port}/>{{ ?s ?p ?o }} }}",
        "PREFIX : <http://127.0.0.1:{port}/> SELECT * {{ SERVICE:x{{ ?s ?p ?o }} }}",
        "SELECT * {{ \\u0053ERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
        "LOAD <http://127.0.0.1:{port}/>",
        "INSERT DATA {{ <x:s> <x:p> <x:o> }}",
        "CLEAR ALL",
    ],
)
def test_nothing_makes_the_server_connect_or_write(client: httpx.Client, query: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        text = query.format(port=listener.getsockname()[1])
        for response in (
            ask(client, text),
            client.get("/sparql", params={"query": text}),
            client.post("/sparql", data={"update": text}),
            client.post(
                "/sparql", content=text, headers={"Content-Type": "application/sparql-update"}
            ),
        ):
            assert response.status_code in (400, 403)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize("text", ["SERVICE", "LOAD <x>", "} SERVICE <x> {"])
def test_a_forbidden_word_in_a_string_is_only_text(client: httpx.Client, text: str) -> None:
    response = ask(client, f"SELECT ?x {{ BIND('{text}' AS ?x) }}")
    assert response.json()["results"]["bindings"][0]["x"]["value"] == text


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"query=ASK+%7B%7D&query=ASK+%7B%7D", FORM, 400),
        (b"query=ASK+%7B%7D&update=CLEAR+ALL", FORM, 403),
        (b"query=ASK+%7B%00%7D", FORM, 400),
        (b"query=%ED%A0%80", FORM, 400),
        (b"query=%FF", FORM, 400),
        (b"", QUERY, 400),
        ("ASK {}".encode("utf-16"), QUERY, 400),
        (
            "ASK {}".encode("utf-16"),
            {"Content-Type": "application/sparql-query; charset=utf-16"},
            415,
        ),
        (b"ASK {}", {"Content-Type": "text/plain"}, 415),
        (b"ASK {}", {**QUERY, "Content-Encoding": "br"}, 415),
        (b"ASK {}", {**QUERY, "Accept": "image/png"}, 406),
        (b"ASK {} #" + b"x" * 65_536, QUERY, 413),
        (b"ASK {} #" + b"x" * 2_000_000, QUERY, 413),
        (b"ASK {" + b" ?x" * 10_001 + b"}", QUERY, 400),
    ],
)
def test_a_request_that_is_not_right_gets_its_status(
    client: httpx.Client, body: bytes, headers: dict[str, str], status: int
) -> None:
    response = client.post("/sparql", content=body, headers=headers)
    assert response.status_code == status
    assert response.json()["what"]


def test_a_body_that_unpacks_to_more_than_the_limit_is_refused(client: httpx.Client) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    response = client.post("/sparql", content=bomb, headers={**QUERY, "Content-Encoding": "gzip"})
    assert response.status_code == 413


def test_a_long_query_may_come_by_get(service: str) -> None:
    query = quote(f"ASK {{}} #{'ü' * 30_000}")
    connection = HTTPConnection(service.removeprefix("http://"), timeout=30)
    connection.request("GET", f"/sparql?query={query}")
    assert json.load(connection.getresponse())["boolean"] is True
    connection.close()


def test_a_longer_query_may_be_allowed(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    publish(home, "few", [])
    with running(Settings(home=home, query_length=100_000)) as address:
        for length, status in ((100_000, 200), (100_001, 413)):
            query = "ASK {} #".ljust(length, "x")
            assert httpx.post(f"{address}/sparql", data={"query": query}).status_code == status


def test_the_worker_of_a_client_that_has_gone_is_free_in_five_seconds(service: str) -> None:
    def running_queries() -> int:
        text = httpx.get(f"{service}/metrics").text
        line = next(x for x in text.splitlines() if x.startswith("missiongraph_workers_running "))
        return int(float(line.split()[1]))

    host, port = service.removeprefix("http://").split(":")
    body = ENDLESS.encode()
    head = (
        f"POST /sparql HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/sparql-query\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as gone:
        gone.sendall(head.encode() + body)
        deadline = time.monotonic() + 2
        while not running_queries() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert running_queries() == 1
    began = time.monotonic()
    while running_queries() and time.monotonic() < began + 5:
        time.sleep(0.05)
    assert running_queries() == 0
    assert time.monotonic() - began < TIMEOUT - 1


def test_one_client_has_as_many_queries_as_it_may(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    publish(home, "few", [])
    with running(Settings(home=home, query_timeout=2, client_concurrency=2)) as address:
        values = " ".join(f"VALUES ?{v} {{ {' '.join(map(str, range(100)))} }}" for v in "abcdefgh")
        slow = f"SELECT (COUNT(*) AS ?n) {{ {values} }}"

        def status(_: int) -> int:
            return httpx.post(f"{address}/sparql", data={"query": slow}, timeout=30).status_code

        with ThreadPoolExecutor(3) as clients:
            statuses = sorted(clients.map(status, range(3)))
        assert statuses == [429, 504, 504]
        response = httpx.post(f"{address}/sparql", data={"query": "ASK {}"})
        assert response.status_code == 200


def test_what_was_answered_is_answered_again_from_memory(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("home")
    publish(home, "few", [])
    with (
        running(Settings(home=home, query_timeout=5, client_concurrency=1)) as address,
        ThreadPoolExecutor(1) as clients,
    ):

        def get(query: str, accept: str = "application/json") -> httpx.Response:
            headers = {"Accept": accept}
            return httpx.get(
                f"{address}/sparql", params={"query": query}, headers=headers, timeout=30
            )

        def admitted(query: str) -> httpx.Response:
            while (response := get(query)).status_code == 429:  # another had the client's place
                time.sleep(0.01)
            return response

        first = [get("SELECT (1 AS ?x) {}", accept) for accept in ("text/csv", "application/json")]
        get("SELECT (RAND() AS ?x) {}")
        values = " ".join(f"VALUES ?{v} {{ {' '.join(map(str, range(100)))} }}" for v in "abcdefgh")
        running_query = clients.submit(admitted, f"SELECT (COUNT(*) AS ?n) {{ {values} }}")
        # The client's one query runs: what needs a worker is refused, what is remembered is not.
        wait_until(lambda: get("SELECT (RAND() AS ?x) {}").status_code == 429)
        again = [get("SELECT (1 AS ?x) {}", accept) for accept in ("text/csv", "application/json")]
        refused = get("SELECT (1 AS ?x) {}", "text/tab-separated-values")
        assert (refused.status_code, running_query.result().status_code) == (429, 504)
        assert int(refused.headers["retry-after"]) > 0
    for once, twice in zip(first, again, strict=True):
        assert (twice.status_code, twice.content) == (200, once.content)
        for name in ("content-type", "etag", "vary"):
            assert twice.headers[name] == once.headers[name]


@pytest.mark.slow
def test_after_five_hundred_hostile_requests_the_answer_and_the_memory_are_as_before(
    service: str,
) -> None:
    def memory() -> float:
        text = httpx.get(f"{service}/metrics").text
        lines = dict(x.rsplit(" ", 1) for x in text.splitlines() if not x.startswith("#"))
        return float(lines["process_resident_memory_bytes"]) + float(
            lines["missiongraph_workers_memory_bytes"]
        )

    chance = random.Random(5)
    hostile = [
        ENDLESS,
        SORTED,
        "{" * 20_000,
        "ASK {} ASK {}",
        "SELECT * { SERVICE <http://127.0.0.1:1/> {} }",
        "CLEAR ALL",
        ALL,
        "\ufffd" * 100,
        "",
    ]

    def send(query: str) -> int:
        with httpx.Client(base_url=service, timeout=60) as one:
            return ask(one, query).status_code

    with httpx.Client(base_url=service, timeout=30) as client:
        before, memory_before = ask(client, SIMPLE).content, memory()
        weights = [1, 1, *[30] * (len(hostile) - 2)]
        with ThreadPoolExecutor(8) as clients:
            statuses = list(clients.map(send, chance.choices(hostile, weights, k=500)))
        assert set(statuses) <= {200, 400, 403, 413, 429, 503, 504}
        assert len(statuses) == 500
        assert ask(client, SIMPLE).content == before
        assert memory() < memory_before + 150_000_000


def test_each_request_leaves_one_line_with_its_query_s_hash(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="missiongraph.access"):
        ask(client, SIMPLE)
        ask(client, "SELECT * {")
        # A line is written once its answer is out, so the client may be ahead of it.
        wait_until(lambda: len(caplog.records) >= 2)
    answered, failed = (json.loads(record.message) for record in caplog.records[-2:])
    assert (answered["path"], answered["status"], answered["rows"]) == ("/sparql", 200, 1)
    assert len(answered["query"]) == 16
    assert answered["milliseconds"] >= 0
    assert (failed["status"], failed["outcome"]) == (400, "bad-query")
    assert failed["query"] != answered["query"]
    assert SIMPLE not in caplog.text
    assert threading.active_count() < 200


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_an_answer_is_packed_as_the_client_likes(client: httpx.Client, coding: str) -> None:
    with client.stream(
        "GET", "/sparql", params={"query": ALL}, headers={"Accept-Encoding": coding}
    ) as response:
        packed = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == coding
    assert len(packed) < len(ask(client, ALL).content) / 2
