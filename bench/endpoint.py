"""How fast is the endpoint? Ours, ``oxigraph serve-read-only`` and rdflib-endpoint, over HTTP.

Run: python bench/endpoint.py [PROJECTS]. The same graph and the same ten queries, in one
run; for each query the three are asked one after the other, so that what else the machine
does strikes all alike. Answers are compared before they are timed. A comment at its end makes
each query another one, so that none is answered from memory; then ours is asked the very same
query again, which it remembers. Then stored questions
of the default release. rdflib-endpoint is installed into a temporary environment. Prints
the tables of bench/RESULTS.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from http.client import HTTPConnection
from importlib.metadata import version
from itertools import count
from pathlib import Path
from urllib.parse import quote

from graph import quads
from pyoxigraph import RdfFormat, serialize
from timing import Timing, timed

from missiongraph.formats import JSON
from missiongraph.questions import all_questions
from missiongraph.releases import CURRENT, MANIFEST, Manifest
from queries import AGGREGATES, QUERIES

sys.path.insert(0, str(Path(__file__).parent / "servers"))
from launching import LOOPBACK, free_port, wait_until_open

PEER = "rdflib-endpoint==0.6.3"
ROUNDS = 200
SECONDS = 6.0
BIN = Path(sys.executable).parent
_PEER_PROGRAM = """
import sys, uvicorn
from rdflib import Graph
from rdflib_endpoint import SparqlEndpoint
graph = Graph()
graph.parse(sys.argv[1], format="nt")
app = SparqlEndpoint(graph=graph, path="/sparql")
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)
"""


class Client:
    """A connection that is kept open, as a browser or a pooled client keeps one."""

    def __init__(self, port: int, path: str) -> None:
        self._connection = HTTPConnection(LOOPBACK, port, timeout=600)
        self._path = path

    def reconnect(self) -> None:
        """Forget the connection, which a server closes when it has waited for some seconds."""
        self._connection.close()

    def ask(self, query: str) -> bytes:
        """Return the JSON answer to a query."""
        return self.get(f"{self._path}?query={quote(query)}", {"Accept": JSON.media_type})[1]

    def get(self, target: str, headers: Mapping[str, str]) -> tuple[str, bytes]:
        """Return the ETag and body of a resource."""
        self._connection.request("GET", target, headers=dict(headers))
        response = self._connection.getresponse()
        body = response.read()
        if response.status not in (200, 304):
            raise RuntimeError(f"{target}: {response.status} {body[:500]!r}")
        return response.headers.get("ETag", ""), body


@contextlib.contextmanager
def started(command: list[str], port: int, path: str, **environment: str) -> Iterator[Client]:
    """Run a server until the block ends; yield a client of it."""
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=sys.stderr
    )
    try:
        wait_until_open(port, lambda: process.poll() is None)
        yield Client(port, path)
    finally:
        process.terminate()
        process.wait()


def ours(home: Path) -> contextlib.AbstractContextManager[Client]:
    """Our service over a home."""
    port = free_port()
    command = [str(BIN / "missiongraph"), "serve", "--port", str(port)]
    return started(command, port, "/sparql", MISSIONGRAPH_HOME=str(home))


def oxigraph(folder: Path, dump: Path) -> contextlib.AbstractContextManager[Client]:
    """``oxigraph serve-read-only`` over the dump, loaded into its store on disk."""
    program, location = str(BIN / "oxigraph"), ["--location", str(folder / "oxigraph")]
    load = [program, "load", *location, "--file", str(dump)]
    subprocess.run(load, check=True, stderr=subprocess.DEVNULL)
    port = free_port()
    command = [program, "serve-read-only", *location, "--bind", f"{LOOPBACK}:{port}"]
    return started(command, port, "/query")


def rdflib_endpoint(folder: Path, dump: Path) -> contextlib.AbstractContextManager[Client]:
    """rdflib-endpoint over an rdflib graph in memory, in an environment of its own."""
    venv.create(folder / "peer", with_pip=True)
    python = str(folder / "peer" / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, PEER, "uvicorn"], check=True)
    port = free_port()
    return started([python, "-c", _PEER_PROGRAM, str(dump), str(port)], port, "/sparql")


def release(home: Path, projects: int) -> tuple[Path, int]:
    """Write the graph as a release; return its dump, which is N-Triples too, and its size."""
    folder = home / "releases" / "bench"
    folder.mkdir(parents=True)
    dump = folder / "bench.nt"
    serialize(dict.fromkeys(quads(projects)), dump, format=RdfFormat.N_QUADS)
    triples = len(dump.read_bytes().splitlines())
    manifest = Manifest(
        *("bench", "2026-01-01T00:00:00Z", triples, 0, triples, {}, {}, dump.name),
        *(sha256(dump.read_bytes()).hexdigest(), "", "", ""),
    )
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    (home / CURRENT).symlink_to(folder)
    return dump, triples


def rows(body: bytes) -> list[str]:
    """Return the rows of a JSON answer, sorted, as text; numbers by value."""
    found = json.loads(body)["results"]["bindings"]
    return sorted(
        str(sorted((name, _value(term["value"])) for name, term in row.items())) for row in found
    )


def _value(text: str) -> str:
    try:
        return f"{float(text):.6g}"
    except ValueError:
        return text


def agree(answers: Mapping[str, bytes], query: str) -> bool:
    """Say whether answers are the same; where LIMIT leaves the choice, as many."""
    read = [rows(answer) for answer in answers.values()]
    if "LIMIT" in query:
        return len({len(found) for found in read}) == 1
    return all(found == read[0] for found in read)


def compare(projects: int) -> None:
    """Print the table of the ten queries."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as servers:
        folder = Path(name)
        dump, triples = release(folder / "home", projects)
        clients = {
            "missiongraph": servers.enter_context(ours(folder / "home")),
            "oxigraph": servers.enter_context(oxigraph(folder, dump)),
            "rdflib-endpoint": servers.enter_context(rdflib_endpoint(folder, dump)),
        }
        print(f"{triples:,} triples, {ROUNDS} rounds or {SECONDS:.0f} s each; p50 / p95 in ms\n")
        print(
            "| query | missiongraph | again | oxigraph | rdflib-endpoint | to oxigraph | to rdflib "
            "| again to oxigraph | again to rdflib |"
        )
        print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
        numbers = count(1)
        for label, query in QUERIES.items():
            answers: dict[str, bytes] = {}
            times: dict[str, Timing] = {}
            for peer, client in clients.items():
                client.reconnect()
                answers[peer] = client.ask(query)
                times[peer] = timed(partial(ask_anew, client, query, numbers), ROUNDS, SECONDS)
                if peer == "missiongraph":
                    times["again"] = timed(partial(client.ask, query), ROUNDS, SECONDS)
            note = "" if agree(answers, query) else " (answers differ)"
            print(_row(label + note + (" *" if label in AGGREGATES else ""), times), flush=True)


def ask_anew(client: Client, query: str, numbers: Iterator[int]) -> None:
    """Ask a query that no server has seen, though it means the same."""
    client.ask(f"{query}\n# {next(numbers)}")


def _row(label: str, times: Mapping[str, Timing]) -> str:
    first, again, *peers = times.values()
    cells = [f"{time.p50:.2f} / {time.p95:.2f}" for time in times.values()]
    ratios = [f"{peer.p50 / own.p50:.1f}" for own in (first, again) for peer in peers]
    return "| " + " | ".join((label, *cells, *ratios)) + " |"


def stored_questions() -> None:
    """Print how long the default release takes for each stored question in three forms."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environment = {**os.environ, "MISSIONGRAPH_HOME": folder}
        build = [str(BIN / "missiongraph"), "build"]
        subprocess.run(build, env=environment, check=True, capture_output=True)
        with ours(home) as client:
            client.ask("ASK {}")
            asked = [
                f"/questions/{name}.{form}"
                for name, question in all_questions().items()
                if not any(parameter.required for parameter in question.parameters.values())
                for form in ("json", "csv", "tsv")
            ]
            first = {target: _milliseconds(client, target) for target in asked}
            again = {target: _milliseconds(client, target) for target in asked}
            tags = {target: client.get(target, {})[0] for target in asked}
            known = {target: _milliseconds(client, target, tags[target]) for target in asked}
    print("\n| stored question, default release | p50 ms | p95 ms | slowest |")
    print("|---|--:|--:|---|")
    for way, times in (
        ("asked for the first time", first),
        ("asked again (remembered)", again),
        ("asked again with If-None-Match (304)", known),
    ):
        taken = sorted(times.values())
        slowest = max(times, key=lambda target: times[target])
        print(
            f"| {way} | {statistics.median(taken):.2f} | {taken[int(0.95 * (len(taken) - 1))]:.2f} "
            f"| {slowest} {times[slowest]:.1f} |"
        )


def _milliseconds(client: Client, target: str, tag: str = "") -> float:
    headers = {"If-None-Match": tag} if tag else {}
    start = time.perf_counter()
    client.get(target, headers)
    return (time.perf_counter() - start) * 1000


def main(projects: int) -> None:
    """Measure and print."""
    load = os.getloadavg()[0]
    print(
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load {load:.1f} before; "
        f"Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')}, "
        f"oxigraph {version('oxigraph')}, {PEER}\n"
    )
    compare(projects)
    stored_questions()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
