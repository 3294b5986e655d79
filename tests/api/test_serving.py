"""What is served, and when it changes: no release, a damaged one, a new one, a remote store."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from running import publish, running, small_graph, wait_until

from missiongraph.api.server import address_of, listen
from missiongraph.errors import BadSetting
from missiongraph.names import ID, RDFS_LABEL
from missiongraph.settings import Settings

GRAPH = NamedNode(ID + "evidence/webinar/owner")
CSIRO = NamedNode(ID + "actor/csiro")
DATA = [
    "/sparql?query=ASK{}",
    "/sparql",
    "/questions/sources.csv",
    "/id/actor/csiro.ttl",
    "/id/actor/csiro",
]


def ready(address: str) -> object:
    return httpx.get(f"{address}/ready").json().get("release")


def other_graph(label: str) -> list[Quad]:
    return [*small_graph(), Quad(CSIRO, RDFS_LABEL, Literal(label, language="en"), GRAPH)]


def test_ready_names_the_release_and_its_triples(client: httpx.Client) -> None:
    state = client.get("/ready").json()
    assert state["release"] == "small"
    query = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
    (row,) = client.get("/sparql", params=query).json()["results"]["bindings"]
    assert int(row["n"]["value"]) == state["triples"]


def test_without_a_release_the_service_lives_and_says_what_to_do(tmp_path: Path) -> None:
    with running(Settings(home=tmp_path)) as address:
        assert httpx.get(f"{address}/health").status_code == 200
        for path in ("/ready", "/", *DATA):
            response = httpx.get(address + path)
            assert response.status_code == 503, path
            assert "missiongraph build" in response.json()["remedy"]
            assert response.headers["retry-after"]
        for path in ("/openapi.json", "/docs", "/ontology.ttl", "/questions", "/static/style.css"):
            assert httpx.get(address + path).status_code == 200, path
        publish(tmp_path, "first", small_graph())
        wait_until(lambda: ready(address) == "first")
        assert httpx.get(address + DATA[0]).status_code == 200


def test_a_new_release_is_picked_up_and_answers_change_with_it(tmp_path: Path) -> None:
    publish(tmp_path, "first", small_graph())
    with running(Settings(home=tmp_path)) as address:
        before = httpx.get(f"{address}/id/actor/csiro.ttl")
        publish(tmp_path, "second", other_graph("CSIRO anew"), "2026-01-02")
        wait_until(lambda: ready(address) == "second")
        known = {"If-None-Match": before.headers["etag"]}
        after = httpx.get(f"{address}/id/actor/csiro.ttl", headers=known)
        assert after.status_code == 200
        assert "CSIRO anew" in after.text


def test_a_new_release_that_is_damaged_leaves_the_old_one_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish(tmp_path, "first", small_graph())
    with running(Settings(home=tmp_path)) as address:
        dump = publish(tmp_path / "aside", "second", other_graph("CSIRO anew"), "2026-01-02")
        dump.write_bytes(dump.read_bytes()[:-100])
        dump.parent.rename(tmp_path / "releases" / "second")
        fresh = tmp_path / "fresh"
        fresh.symlink_to(tmp_path / "releases" / "second")
        fresh.replace(tmp_path / "current")
        wait_until(lambda: "Release first stays served" in caplog.text)
        assert ready(address) == "first"
        assert httpx.get(address + DATA[0]).status_code == 200
        publish(tmp_path, "third", small_graph(), "2026-01-03")
        wait_until(lambda: ready(address) == "third")


def test_at_start_a_damaged_release_gives_way_to_the_one_before(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish(tmp_path, "first", small_graph())
    dump = publish(tmp_path, "second", other_graph("CSIRO anew"), "2026-01-02")
    dump.write_bytes(dump.read_bytes() + b"\n")
    with running(Settings(home=tmp_path)) as address:
        assert ready(address) == "first"
    assert "second is damaged" in caplog.text


def test_when_no_release_is_whole_it_says_so(tmp_path: Path) -> None:
    dump = publish(tmp_path, "only", small_graph())
    dump.write_bytes(b"")
    with running(Settings(home=tmp_path)) as address:
        response = httpx.get(f"{address}/ready")
        assert response.status_code == 503
        assert "damaged" in response.json()["what"]


def test_a_remote_store_answers_as_an_embedded_one_does(
    small_service: str, client: httpx.Client, tmp_path: Path
) -> None:
    with running(Settings(home=tmp_path, store=f"{small_service}/sparql")) as address:
        assert httpx.get(f"{address}/ready").json()["store"] == "remote"
        for path in ("/questions/sources.csv", "/id/mission/drought.nt"):
            theirs = httpx.get(address + path)
            assert sorted(theirs.text.splitlines()) == sorted(client.get(path).text.splitlines())
            assert "etag" not in theirs.headers
        for path in ("/", "/id/mission/drought", "/sources", "/search?q=drought"):
            assert httpx.get(address + path).status_code == 200


def test_a_remote_store_that_is_down_is_not_ready(tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        nowhere = address_of(taken)
    with running(Settings(home=tmp_path, store=f"{nowhere}sparql")) as address:
        assert httpx.get(f"{address}/health").status_code == 200
        assert httpx.get(f"{address}/ready").status_code == 503
        assert httpx.get(f"{address}/sparql?query=ASK{{}}").status_code == 502


def test_a_taken_port_is_refused_with_what_to_do() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadSetting) as caught:
            listen("127.0.0.1", port)
    assert "--port" in caught.value.remedy


def test_the_address_that_is_announced_can_be_opened() -> None:
    with listen("0.0.0.0", 0) as everywhere:
        assert address_of(everywhere).startswith("http://127.0.0.1:")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path, how: signal.Signals) -> None:
    publish(tmp_path, "first", small_graph())
    command = [sys.executable, "-c", "from missiongraph.cli import main; main()", "serve", "--port"]
    environment = {**os.environ, "MISSIONGRAPH_HOME": str(tmp_path)}
    with subprocess.Popen(
        [*command, "0"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        announced = process.stdout.readline()
        address = announced.split()[-1]
        assert ready(address.removesuffix("/")) == "first"
        process.send_signal(how)
        assert process.wait(30) in (130, -how)
        log = process.stderr.read()
    assert '"path": "/ready", "status": 200' in log
    assert "Serving release first" in log
    assert "Traceback" not in log
