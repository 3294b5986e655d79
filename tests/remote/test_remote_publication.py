"""Publication to real servers: all of a release or none of it, however it is cut off."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from remote_servers import KINDS, SECRET, Server, running_server
from running import publish as publish_here

from missiongraph.errors import (
    BadSetting,
    MissiongraphError,
    PublishingFailed,
    ReleaseDamaged,
    StoreUnreachable,
)
from missiongraph.ingest.remote_publication import PASSWORD, STAGING, USER, Published, publish
from missiongraph.names import ID
from missiongraph.releases import Home, Release
from missiongraph.remote_store import RemoteStore
from missiongraph.tables import select

SAYS = NamedNode("https://example.org/says")
SIZE = 3_000


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=KINDS)
def scratch(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server to which every test publishes what it likes."""
    with running_server(request.param) as running:
        yield running


@pytest.fixture
def releases(tmp_path: Path) -> tuple[Release, Release]:
    """Two releases of which every triple differs, and one evidence graph of each."""
    for name in ("old", "new"):
        graph = NamedNode(f"{ID}evidence/s/{name}")
        shared = NamedNode(f"{ID}evidence/s/shared")
        quads = [
            Quad(
                NamedNode(f"{ID}mission/m{i}"), SAYS, Literal(f"{name} {i}"), graph if i else shared
            )
            for i in range(SIZE)
        ]
        publish_here(tmp_path, name, quads)
    home = Home(tmp_path)
    return home.release("old"), home.release("new")


def held(query_address: str) -> tuple[tuple[str, int], ...]:
    """What the default graph and the named graphs hold: the first words, counted."""
    store = RemoteStore(query_address)
    seen = []
    for name, pattern in (("default", "?s ?p ?o"), ("graphs", "GRAPH ?g { ?s ?p ?o }")):
        query = (
            f"SELECT ?word (COUNT(DISTINCT ?o) AS ?n) WHERE {{ {pattern} FILTER (?p = <{SAYS.value}>)"
            " BIND (SUBSTR(STR(?o), 1, 3) AS ?word) } GROUP BY ?word"
        )
        for row in select(store, query).records():
            seen.append((f"{name} {row['word'].value}", int(row["n"].value)))  # type: ignore[union-attr]
    return tuple(sorted(seen))


def whole(name: str) -> tuple[tuple[str, int], ...]:
    return (f"default {name}", SIZE), (f"graphs {name}", SIZE)


def test_the_server_counts_what_the_release_holds(
    published: Published, remote_release: Release
) -> None:
    manifest = remote_release.manifest
    assert published.release == manifest.release
    assert published.triples == manifest.triples
    assert dict(published.graphs) == manifest.graphs


def test_a_release_replaces_the_one_before_and_leaves_nothing_behind(
    scratch: Server, releases: tuple[Release, Release]
) -> None:
    for release in (*releases, releases[0], releases[0]):
        publish(release, scratch.graph_store, scratch.environment)
        assert held(scratch.query) == whole(release.id)
    graphs = select(RemoteStore(scratch.query), "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    names = {str(row[0].value) for row in graphs.rows}  # type: ignore[union-attr]
    assert not [name for name in names if name.startswith(STAGING)]
    assert f"{ID}evidence/s/new" not in names
    assert f"{ID}evidence/s/old" in names


def test_readers_see_the_old_release_or_the_new_one(
    scratch: Server, releases: tuple[Release, Release]
) -> None:
    publish(releases[0], scratch.graph_store, scratch.environment)
    seen, done = set(), threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(default_words(scratch.query))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        publish(releases[1], scratch.graph_store, scratch.environment)
    finally:
        done.set()
        reader.join()
    assert seen <= {("old",), ("new",)}
    assert held(scratch.query) == whole("new")


def default_words(query_address: str) -> tuple[str, ...]:
    """Which releases one query sees."""
    query = f"SELECT DISTINCT ?w {{ ?s <{SAYS.value}> ?o BIND (SUBSTR(STR(?o), 1, 3) AS ?w) }}"
    return tuple(str(row[0].value) for row in select(RemoteStore(query_address), query).rows)  # type: ignore[union-attr]


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5])
def test_a_connection_cut_while_uploading_leaves_the_old_release(
    scratch: Server, releases: tuple[Release, Release], share: float
) -> None:
    publish(releases[0], scratch.graph_store, scratch.environment)
    size = releases[1].dump.stat().st_size
    with (
        cutting_proxy(scratch, after=int(size * share)) as address,
        pytest.raises((StoreUnreachable, PublishingFailed)),
    ):
        publish(releases[1], address, scratch.environment)
    time.sleep(0.3)  # a server may take up late what it had received
    assert without_staging(scratch) == whole("old")
    publish(releases[1], scratch.graph_store, scratch.environment)
    assert held(scratch.query) == whole("new")


def without_staging(server: Server) -> tuple[tuple[str, int], ...]:
    """What is held, of which nobody is told: staging graphs are not evidence."""
    store = RemoteStore(server.query)
    assert default_words(server.query) == ("old",)
    query = (
        "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } "
        f"FILTER (STRSTARTS(STR(?g), '{ID}evidence/') && STRSTARTS(STR(?o), 'old')) }}"
    )
    named = int(select(store, query).rows[0][0].value)  # type: ignore[union-attr]
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    default = int(select(store, count).rows[0][0].value)  # type: ignore[union-attr]
    return ("default old", default), ("graphs old", named)


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.3])
def test_a_server_killed_while_switching_holds_one_whole_release(
    kind: str, releases: tuple[Release, Release], tmp_path: Path, delay: float
) -> None:
    folder = ("--folder", str(tmp_path / "data"))
    with running_server(kind, *folder) as server:
        publish(releases[0], server.graph_store, server.environment)

        def kill(step: str) -> None:
            if step == "switching":
                threading.Timer(delay, os.kill, (server.pid, signal.SIGKILL)).start()

        with contextlib.suppress(StoreUnreachable):
            publish(releases[1], server.graph_store, server.environment, kill)
        server.process.wait(timeout=60)
    with running_server(kind, *folder) as server:
        words = default_words(server.query)
        assert words in {("old",), ("new",)}
        publish(releases[1], server.graph_store, server.environment)
        assert held(server.query) == whole("new")


@contextlib.contextmanager
def cutting_proxy(server: Server, after: int) -> Iterator[str]:
    """Hand bytes on to a server; cut every connection once so many have gone to it."""
    host, _, rest = server.graph_store.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    left, open_sockets = [after], list[socket.socket]()

    def hand_on(source: socket.socket, sink: socket.socket, is_upload: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(512):
                left[0] -= len(piece) if is_upload else 0
                if left[0] < 0:
                    break
                sink.sendall(piece)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                upstream = socket.create_connection((name, int(port)))
                open_sockets.extend((client, upstream))
                for ends in ((client, upstream, True), (upstream, client, False)):
                    threading.Thread(target=hand_on, args=ends, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/{rest}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for end in open_sockets:
                end.close()


@pytest.mark.fuseki
@pytest.mark.xdist_group("fuseki")
@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_user_and_password_are_taken_from_the_address_too(
    releases: tuple[Release, Release], scheme: str
) -> None:
    with running_server("fuseki", "--password", SECRET, "--auth", scheme) as server:
        address = server.graph_store.replace("//", "//admin:se%3Acret%20%2540@")
        assert publish(releases[0], address, {}).triples == SIZE
        store = server.query.replace("//", "//admin:se%3Acret%20%2540@")
        if scheme == "basic":
            assert held(store) == whole("old")


def test_who_may_not_write_is_told_so_in_one_sentence_without_the_password(
    server: Server, releases: tuple[Release, Release]
) -> None:
    if server.kind == "fuseki":
        pytest.skip("this Fuseki asks nobody who they are")
    wrong = {USER: "publisher", PASSWORD: "not-it"}
    refusals: list[Callable[[], object]] = [
        lambda: publish(releases[0], server.graph_store, wrong),
        lambda: publish(releases[0], server.graph_store.replace("//", "//publisher:not-it@"), {}),
        lambda: publish(releases[0], server.graph_store, {}),
    ]
    for refused in refusals:
        with pytest.raises(PublishingFailed, match="MISSIONGRAPH_PUBLISH_USER") as error:
            refused()
        assert "not-it" not in str(error.value)


def test_an_address_that_is_no_graph_store_is_told_so(
    server: Server, releases: tuple[Release, Release]
) -> None:
    elsewhere = server.graph_store.rpartition("/")[0] + "/nowhere"
    with pytest.raises((PublishingFailed, StoreUnreachable)):
        publish(releases[0], elsewhere, server.environment)


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("127.0.0.1:3030/ds/data", BadSetting),
        ("file:///etc/passwd", BadSetting),
        ("http://127.0.0.1:9/ds/data", StoreUnreachable),
    ],
)
def test_an_address_where_nobody_answers_is_told_so(
    releases: tuple[Release, Release], address: str, error: type[MissiongraphError]
) -> None:
    with pytest.raises(error):
        publish(releases[0], address, {})


def test_a_damaged_release_is_not_sent(releases: tuple[Release, Release]) -> None:
    releases[0].dump.write_bytes(releases[1].dump.read_bytes())
    with pytest.raises(ReleaseDamaged):
        publish(releases[0], "http://127.0.0.1:9/ds/data", {})


def test_the_command_tells_what_the_server_counts_and_never_the_password(
    scratch: Server, releases: tuple[Release, Release]
) -> None:
    home = releases[0].folder.parents[1]
    done = command(home, scratch, "--to", scratch.graph_store, "--release", "old")
    assert done.returncode == 0
    assert f"Release old is published: the server counts {SIZE:,} triples" in done.stdout
    assert SECRET not in done.stdout + done.stderr
    told = json.loads(command(home, scratch, "--to", scratch.graph_store, "--json").stdout)
    assert told["release"] == "new"
    assert told["triples"] == SIZE
    assert held(scratch.query) == whole("new")


def test_the_command_fails_with_one_sentence(
    scratch: Server, releases: tuple[Release, Release]
) -> None:
    home = releases[0].folder.parents[1]
    for arguments, exit_code in (
        (("--to", "http://ada:hidden@127.0.0.1:9/ds/data"), 1),
        (("--to", "nowhere"), 2),
        (("--to", scratch.graph_store, "--release", "none"), 2),
    ):
        failed = command(home, scratch, *arguments)
        assert failed.returncode == exit_code
        assert "Traceback" not in failed.stderr
        assert "hidden" not in failed.stderr
        assert failed.stdout == ""


def command(home: Path, server: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | server.environment | {"MISSIONGRAPH_HOME": str(home)}
    program = [sys.executable, "-c", "from missiongraph.cli import main; main()", "publish"]
    return subprocess.run(
        [*program, *arguments],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
