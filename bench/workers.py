"""Which worker? A fork of a loaded store, a fork over the disk, or a server process.

Run: python bench/workers.py [PROJECTS]. Prints, in one run and for each way, the
quantiles of ten queries, and how long it takes until a query is answered again after
an endless one has been killed.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path

from graph import quads
from pyoxigraph import RdfFormat, Store, serialize
from timing import timed

from missiongraph.api.workers import WorkerPool
from missiongraph.formats import JSON
from missiongraph.releases import Manifest, Release
from missiongraph.settings import Settings
from missiongraph.store import EmbeddedStore
from queries import QUERIES

ROUNDS = 200
Ask = Callable[[str], object]


@contextlib.contextmanager
def forked_memory(folder: Path, dump: Path) -> Iterator[tuple[Ask, Callable[[], None]]]:
    """Our way: workers forked from a process that has loaded the release."""
    triples = sum(1 for _ in dump.open("rb"))
    manifest = Manifest(
        *("bench", "", triples, 0, triples, {}, {}, dump.name),
        *(sha256(dump.read_bytes()).hexdigest(), "", "", ""),
    )
    (folder / "manifest.json").write_text(manifest.to_json())
    pool = WorkerPool(Release(folder), Settings(home=folder, workers=1))

    def kill() -> None:
        worker = pool._idle[0]
        worker.kill()
        pool._idle.remove(worker)
        pool._give_back(worker)

    yield lambda query: pool.answer(query, JSON), kill
    pool.close()


@contextlib.contextmanager
def forked_disk(folder: Path, dump: Path) -> Iterator[tuple[Ask, Callable[[], None]]]:
    """A process that opens the store on disk, read-only, and answers over a pipe."""
    location = str(folder / "disk")
    Store(location).bulk_load(path=str(dump), format=RdfFormat.N_QUADS)
    state: dict[str, tuple[int | None, Connection]] = {}

    def start() -> None:
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=_answer_from_disk, args=(location, theirs), daemon=True
        )
        process.start()
        theirs.close()
        state["worker"] = process.pid, ours

    def ask(query: str) -> object:
        state["worker"][1].send(query)
        return state["worker"][1].recv()

    def kill() -> None:
        os.kill(state["worker"][0] or 0, signal.SIGKILL)
        start()

    start()
    yield ask, kill
    os.kill(state["worker"][0] or 0, signal.SIGKILL)


def _answer_from_disk(location: str, channel: Connection) -> None:
    store = EmbeddedStore(Store.read_only(location))
    with contextlib.suppress(EOFError):
        while True:
            channel.send(store.answer(channel.recv(), JSON))


@contextlib.contextmanager
def server(folder: Path, dump: Path) -> Iterator[tuple[Ask, Callable[[], None]]]:
    """``oxigraph serve-read-only``, started again when it is killed."""
    program = str(Path(sys.executable).with_name("oxigraph"))
    location = ["--location", str(folder / "served")]
    subprocess.run([program, "load", *location, "--file", str(dump)], check=True)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [program, "serve-read-only", *location, "--bind", bind]
    state = {"process": subprocess.Popen(command)}

    def ask(query: str) -> object:
        address = f"http://{bind}/query?query={urllib.parse.quote(query)}"
        request = urllib.request.Request(address, headers={"Accept": JSON.media_type})
        for _ in range(500):
            try:
                with urllib.request.urlopen(request) as response:
                    return response.read()
            except OSError:  # it is not up again yet
                time.sleep(0.005)
        raise TimeoutError(address)

    def kill() -> None:
        state["process"].kill()
        state["process"].wait()
        state["process"] = subprocess.Popen(command)

    yield ask, kill
    state["process"].kill()
    state["process"].wait()


WAYS = {
    "fork of the loaded store": forked_memory,
    "process over the disk": forked_disk,
    "server process": server,
}


def main(projects: int) -> None:
    """Measure every way on the same graph and print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "bench"
        folder.mkdir()
        dump = folder / "bench.nq"
        serialize(dict.fromkeys(quads(projects)), dump, format=RdfFormat.N_QUADS)
        results: dict[str, dict[str, float]] = {}
        for way, start in WAYS.items():
            with start(folder, dump) as (ask, kill):
                times = {q: timed(lambda q=q: ask(QUERIES[q]), ROUNDS, 5).p50 for q in QUERIES}  # type: ignore[misc]
                results[way] = times | {"after a kill": timed(_killed(ask, kill), 10).p50}
    print(f"{projects:,} projects; median milliseconds")
    print(json.dumps(results, indent=2))


def _killed(ask: Ask, kill: Callable[[], None]) -> Callable[[], object]:
    def call() -> object:
        kill()
        return ask("ASK {}")

    return call


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
