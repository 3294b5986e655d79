"""What tests of the service share: publishing small releases, and a real server on a free port."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from missiongraph.api.app import create_app
from missiongraph.api.server import address_of, configuration, listen
from missiongraph.names import CONCEPT, ID, ONTOLOGY
from missiongraph.ontology import read_turtle
from missiongraph.releases import CURRENT, MANIFEST, Manifest, SourceRecord
from missiongraph.resources import root
from missiongraph.settings import Settings

SMALL = Path(__file__).parent / "api" / "graph.trig"
POLL_SECONDS = 0.05
_START_SECONDS = 30.0


def small_graph() -> list[Quad]:
    """Return the quads of the small release: ontology, vocabularies and ``graph.trig``."""
    files = [(root() / "ontology" / "missiongraph.ttl", ONTOLOGY)]
    for file in sorted((root() / "ontology" / "vocabularies").glob("*.ttl")):
        files.append((file, CONCEPT + file.stem))
    quads = [
        Quad(t.subject, t.predicate, t.object, NamedNode(graph))
        for file, graph in files
        for t in read_turtle(file)
    ]
    quads += parse(path=str(SMALL), format=RdfFormat.TRIG)
    return quads


def publish(home: Path, release_id: str, quads: Iterable[Quad], built: str = "2026-01-01") -> Path:
    """Publish quads of named graphs, merged into the default graph too; return the dump."""
    stated = list(quads)
    merged = {quad.triple: None for quad in stated}
    graphs = Counter(
        quad.graph_name.value for quad in stated if isinstance(quad.graph_name, NamedNode)
    )
    whole = [*stated, *(Quad(*triple) for triple in merged)]
    dump = serialize(whole, format=RdfFormat.N_QUADS) or b""
    folder = home / "releases" / release_id
    folder.mkdir(parents=True)
    (folder / f"{release_id}.nq").write_bytes(dump)
    manifest = Manifest(
        release=release_id,
        built=f"{built}T00:00:00Z",
        triples=len(merged),
        claims=sum(n for graph, n in graphs.items() if graph.startswith(ID + "evidence/")),
        quads=len(whole),
        graphs=dict(graphs),
        classes={},
        dump=f"{release_id}.nq",
        sha256=sha256(dump).hexdigest(),
        inputs="",
        ontology_version="0.1.0",
        software_version="0.1.0",
        sources=[SourceRecord(ID + "source/webinar", "A webinar")],
    )
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    fresh = home / "fresh"
    fresh.symlink_to(folder)
    fresh.replace(home / CURRENT)
    return folder / f"{release_id}.nq"


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[str]:
    """Run the service; yield its address without the last slash."""
    with listening(create_app(settings, poll_seconds=POLL_SECONDS)) as address:
        yield address


@contextlib.contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """Run an app in a real server on a free port of 127.0.0.1; yield its address."""
    server = uvicorn.Server(configuration(app))
    with listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            wait_until(lambda: server.started or not thread.is_alive())
            yield address_of(listener).removesuffix("/")
        finally:
            server.should_exit = True
            thread.join()


def wait_until(holds: Callable[[], bool], seconds: float = _START_SECONDS) -> None:
    """Wait until a condition holds.

    Raises:
        TimeoutError: it does not in time.
    """
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("it does not hold in time")
        time.sleep(0.02)
