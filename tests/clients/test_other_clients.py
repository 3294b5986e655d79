"""Comunica (JavaScript) and Jena's rsparql (Java) give the same answers as the store itself."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable

import pytest
from asking import ASKS, GRAPHS, SELECTS, solutions, triples, truth
from installed import COMUNICA, jena_jar, require

from missiongraph import formats
from missiongraph.store import EmbeddedStore

Client = Callable[[str, str, str], bytes]


def comunica(address: str, query: str, form: str) -> bytes:
    """Ask with Comunica, which finds out by itself what the address is."""
    require("Comunica", shutil.which("node") and COMUNICA.exists())
    media_type = {
        "table": "application/sparql-results+json",
        "truth": "application/sparql-results+json",
        "graph": "application/n-triples",
    }[form]
    body = run([str(COMUNICA), f"{address}/sparql", "-q", query, "-t", media_type])
    if form != "table":
        return body
    whole = json.loads(body)
    del whole["metadata"]  # its own notes, which the format does not know
    return json.dumps(whole).encode()


def rsparql(address: str, query: str, form: str) -> bytes:
    """Ask with Jena's command for remote endpoints."""
    jar = jena_jar()
    require("rsparql", shutil.which("java") and jar)
    results = {"table": "json", "truth": "json", "graph": "ntriples"}[form]
    service = ["--service", f"{address}/sparql", "--results", results]
    return run(["java", "-cp", str(jar), "arq.rsparql", *service, query])


def run(command: list[str]) -> bytes:
    """Return what a command writes."""
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


clients = pytest.mark.parametrize("client", [comunica, rsparql], ids=lambda c: c.__name__)


@pytest.mark.client
@clients
@pytest.mark.parametrize("query", SELECTS.values(), ids=SELECTS)
def test_a_client_gets_solutions(
    small_service: str, embedded: EmbeddedStore, client: Client, query: str
) -> None:
    expected = solutions(embedded.answer(query, formats.JSON))
    assert solutions(client(small_service, query, "table")) == expected


@pytest.mark.client
@clients
@pytest.mark.parametrize(("query", "holds"), ASKS.items(), ids=["true", "false"])
def test_a_client_gets_a_truth_value(
    small_service: str, client: Client, query: str, holds: bool
) -> None:
    assert truth(client(small_service, query, "truth")) is holds


@pytest.mark.client
@clients
@pytest.mark.parametrize("query", GRAPHS.values(), ids=GRAPHS)
def test_a_client_gets_triples(
    small_service: str, embedded: EmbeddedStore, client: Client, query: str
) -> None:
    expected = triples(embedded.answer(query, formats.TURTLE))
    assert triples(client(small_service, query, "graph")) == expected
