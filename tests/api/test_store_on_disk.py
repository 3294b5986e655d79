"""A release that is served from disk: the same answers, and a worker's limits as in memory."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat
from pyoxigraph import Store as Oxigraph
from running import publish, running, small_graph

from missiongraph.api.workers import WorkerPool
from missiongraph.errors import QueryMemoryExceeded, QueryTimeout, ReleaseDamaged
from missiongraph.formats import CSV
from missiongraph.releases import MANIFEST, STORE, Home, Release
from missiongraph.settings import Settings
from missiongraph.store import EmbeddedStore

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
NAMED = "GRAPH ?g { ?s a ?c } FILTER(isIRI(?s) && isIRI(?c))"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """The small release, with a store on disk."""
    dump = publish(tmp_path, "small", small_graph())
    release = Release(dump.parent)
    engine = Oxigraph(str(release.folder / STORE))
    engine.bulk_load(path=str(dump), format=RdfFormat.N_QUADS)
    engine.flush()
    manifest = replace(release.manifest, on_disk=True)
    (release.folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return release


@pytest.fixture
def pool(release: Release, tmp_path: Path) -> Iterator[WorkerPool]:
    """Two workers over it."""
    settings = Settings(home=tmp_path, workers=2, query_timeout=2.0, query_memory=200_000_000)
    pool = WorkerPool(release, settings)
    yield pool
    pool.close()


def test_workers_answer_from_disk_as_from_memory(pool: WorkerPool, release: Release) -> None:
    memory = EmbeddedStore.load(release.dump)
    for query in (COUNT, f"SELECT * {{ {NAMED} }} ORDER BY ?g ?s ?c"):
        assert pool.answer(query, CSV) == memory.answer(query, CSV)


def test_a_query_on_disk_ends_at_its_limits_and_others_go_on(pool: WorkerPool) -> None:
    with pytest.raises(QueryTimeout):
        pool.answer(ENDLESS, CSV)
    with pytest.raises((QueryMemoryExceeded, QueryTimeout)):
        pool.answer(GREEDY, CSV)
    assert pool.answer(COUNT, CSV).startswith(b"n")
    assert pool.load()["killed"] == 2


def test_a_store_that_is_not_there_is_told_to_whoever_asks(
    release: Release, tmp_path: Path
) -> None:
    manifest = replace(release.manifest, on_disk=True)
    assert manifest.on_disk
    (release.folder / STORE).rename(tmp_path / "gone")
    (release.folder / STORE).mkdir()
    pool = WorkerPool(release, Settings(home=tmp_path, workers=1))
    try:
        with pytest.raises(ReleaseDamaged, match="cannot be opened"):
            pool.answer(COUNT, CSV)
    finally:
        pool.close()


def test_the_service_serves_a_release_from_disk(release: Release, tmp_path: Path) -> None:
    assert Home(tmp_path).current() == release
    with running(Settings(home=tmp_path, workers=2)) as address:
        ready = httpx.get(f"{address}/ready", timeout=30)
        assert (ready.status_code, ready.json()["triples"]) == (200, release.manifest.triples)
        query = {"query": COUNT}
        answer = httpx.get(f"{address}/sparql", params=query, headers={"Accept": "text/csv"})
        assert int(answer.text.split()[1]) == release.manifest.triples


CONFINED = """
    import json, os, socket, subprocess, threading
    from missiongraph.api.confinement import confine

    confine(500_000_000, {files})
    found = {{}}

    def attempt(name, act):
        try:
            act()
            found[name] = "done"
        except OSError as error:
            found[name] = type(error).__name__

    def attempts():
        attempt("socket", lambda: socket.socket())
        attempt("file", lambda: open("/dev/null").close())
        attempt("program", lambda: os.execv("/bin/true", ["true"]))
        attempt("thread", lambda: None)

    thread = threading.Thread(target=attempts)
    thread.start()
    thread.join()
    print(json.dumps(found))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux is asked")
@pytest.mark.parametrize(
    ("files", "socket_error", "file"), [(0, "OSError", "OSError"), (20, "PermissionError", "done")]
)
def test_a_confined_worker_makes_no_connection(files: int, socket_error: str, file: str) -> None:
    code = textwrap.dedent(CONFINED.format(files=files))
    if not files:
        code = code.replace('attempt("program"', 'attempt("none"').replace("os.execv", "os.stat")
        code = code.replace('"/bin/true", ["true"]', '"/"')
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert (found["socket"], found["file"]) == (socket_error, file)
    assert found.get("program", "PermissionError") == "PermissionError"
