"""Real workers of a real release: what kills them, and what must not be hurt by it."""

import errno
import os
import random
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from missiongraph.api.admission import Admission
from missiongraph.api.workers import Ticket, WorkerPool
from missiongraph.errors import (
    AnswerTooLarge,
    BadQuery,
    ClientBusy,
    EngineFailed,
    MissiongraphError,
    QueryMemoryExceeded,
    QueryTimeout,
    ReleaseDamaged,
    StoreBusy,
)
from missiongraph.formats import CSV, JSON
from missiongraph.releases import Manifest, Release
from missiongraph.settings import Settings

TRIPLES = 20_000
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
SIMPLE = "SELECT ?s { ?s <https://example.org/p> '7' }"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("home") / "numbers"
    folder.mkdir()
    line = '<https://example.org/{0}> <https://example.org/p> "{0}" .\n'
    dump = "".join(line.format(number) for number in range(TRIPLES)).encode()
    (folder / "numbers.nq").write_bytes(dump)
    manifest = Manifest(
        release="numbers",
        built="2026-01-01T00:00:00Z",
        triples=TRIPLES,
        claims=0,
        quads=TRIPLES,
        graphs={},
        classes={},
        dump="numbers.nq",
        sha256=sha256(dump).hexdigest(),
        inputs="",
        ontology_version="",
        software_version="",
    )
    (folder / "manifest.json").write_text(manifest.to_json())
    return Release(folder)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, query_timeout=2.0, workers=4, waiting=2)


PoolMaker = Callable[[Settings], WorkerPool]


@pytest.fixture
def start(release: Release) -> Iterator[PoolMaker]:
    pools: list[WorkerPool] = []

    def start_pool(settings: Settings) -> WorkerPool:
        pools.append(WorkerPool(release, settings))
        return pools[-1]

    yield start_pool
    for pool in pools:
        pool.close()


def outcome(pool: WorkerPool, query: str) -> str:
    try:
        pool.answer(query, JSON)
    except MissiongraphError as error:
        return type(error).__name__
    return "answered"


def test_a_worker_answers_as_the_store_does(start: PoolMaker, settings: Settings) -> None:
    assert start(settings).answer(SIMPLE, CSV) == b"s\r\nhttps://example.org/7\r\n"


def test_errors_cross_from_the_worker_with_all_their_words(
    start: PoolMaker, settings: Settings
) -> None:
    with pytest.raises(BadQuery) as caught:
        start(settings).answer("SELECT * { ?s", JSON)
    assert caught.value.where == "query"
    assert "1:14" in caught.value.what


def test_an_endless_query_ends_in_time_and_the_next_is_answered(
    start: PoolMaker, settings: Settings
) -> None:
    pool = start(settings)
    began = time.monotonic()
    with pytest.raises(QueryTimeout, match="2 s"):
        pool.answer(ENDLESS, JSON)
    assert time.monotonic() - began < settings.query_timeout + 2
    assert outcome(pool, SIMPLE) == "answered"


def test_a_greedy_query_ends_for_want_of_memory(start: PoolMaker, settings: Settings) -> None:
    pool = start(replace(settings, query_memory=50_000_000, query_timeout=60.0))
    with pytest.raises(QueryMemoryExceeded):
        pool.answer(GREEDY, JSON)
    assert outcome(pool, SIMPLE) == "answered"


def test_a_query_at_which_the_engine_breaks_down_is_told_as_such(
    start: PoolMaker, settings: Settings
) -> None:
    """Oxigraph 0.5 aborts at most sorts of texts among numbers, as its order is not total."""
    chance = random.Random(1)
    pool = start(settings)
    failures = []
    for _ in range(8):
        numbers = [chance.randrange(10, 999) for _ in range(400)]
        values = " ".join(chance.choice([str(n), f'"{n}"']) for n in numbers)
        try:
            pool.answer(f"SELECT ?v {{ VALUES ?v {{ {values} }} }} ORDER BY ?v", JSON)
        except EngineFailed as error:
            failures.append(error.what)
    assert failures
    assert all("total order" in what for what in failures)
    assert outcome(pool, SIMPLE) == "answered"


def test_an_answer_just_over_the_limit_of_rows_is_refused(
    start: PoolMaker, settings: Settings
) -> None:
    query = "SELECT * { ?s ?p ?o }"
    assert outcome(start(replace(settings, max_rows=TRIPLES)), query) == "answered"
    assert outcome(start(replace(settings, max_rows=TRIPLES - 1)), query) == AnswerTooLarge.__name__


def test_long_queries_leave_workers_to_short_ones(start: PoolMaker, settings: Settings) -> None:
    pool = start(replace(settings, query_timeout=4.0))
    with ThreadPoolExecutor(4) as clients:
        long = [clients.submit(outcome, pool, ENDLESS) for _ in range(4)]
        time.sleep(2)
        assert outcome(pool, SIMPLE) == "answered"
        assert not all(query.done() for query in long)
    outcomes = sorted(query.result() for query in long)
    assert outcomes == ["QueryTimeout"] * 2 + ["StoreBusy"] * 2


def test_a_worker_that_ran_long_leaves_its_low_priority_to_nobody(
    start: PoolMaker, settings: Settings
) -> None:
    values = " ".join(f"VALUES ?{name} {{ {' '.join(map(str, range(90)))} }}" for name in "abcd")
    pool = start(replace(settings, query_timeout=60.0))
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    before = {worker.pid for worker in pool._idle}
    pool.answer(f"SELECT (COUNT(*) AS ?n) {{ {values} }}", JSON)
    after = {worker.pid for worker in pool._idle}
    assert len(after) == len(before) == settings.workers
    assert len(after - before) == 1
    assert {os.getpriority(os.PRIO_PROCESS, pid) for pid in after} == {ours}
    assert pool.load()["killed"] == 0


def test_more_than_may_wait_are_sent_away(start: PoolMaker, settings: Settings) -> None:
    pool = start(replace(settings, workers=1, waiting=1))
    with ThreadPoolExecutor(2) as clients:
        first = clients.submit(outcome, pool, ENDLESS)
        time.sleep(0.3)
        second = clients.submit(outcome, pool, SIMPLE)
        time.sleep(0.3)
        with pytest.raises(StoreBusy, match="waiting"):
            pool.answer(SIMPLE, JSON)
        assert (first.result(), second.result()) == ("QueryTimeout", "answered")


def test_the_query_of_a_client_that_has_gone_is_ended(start: PoolMaker, settings: Settings) -> None:
    pool = start(replace(settings, query_timeout=60.0))
    ticket = Ticket("client")
    with ThreadPoolExecutor(1) as clients:
        query = clients.submit(pool.answer_for, ticket, ENDLESS, JSON)
        time.sleep(0.3)
        ticket.cancel()
        assert isinstance(query.exception(timeout=5), StoreBusy)
    with pytest.raises(StoreBusy):
        pool.answer_for(ticket, SIMPLE, JSON)


def test_no_connection_can_be_made_from_a_worker() -> None:
    """Even past the guard over queries: a worker has no descriptor to connect with."""
    program = """
        import socket, sys
        from missiongraph.api.confinement import confine
        confine(10**9)
        try:
            socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        except OSError as error:
            sys.exit(error.errno)
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        command = [sys.executable, "-c", textwrap.dedent(program), port]
        assert subprocess.run(command, check=False, timeout=30).returncode == errno.EMFILE


def test_killed_workers_and_a_killed_zygote_are_replaced(
    start: PoolMaker, settings: Settings
) -> None:
    pool = start(settings)
    for worker in list(pool._idle):
        os.kill(worker.pid, 9)
    outcomes = [outcome(pool, SIMPLE) for _ in range(settings.workers + 1)]
    assert outcomes[-1] == "answered"
    pool._zygote._process.kill()
    pool._zygote._process.wait()
    outcome(pool, SIMPLE)
    assert outcome(pool, SIMPLE) == "answered"


def test_a_worker_ends_with_its_service(start: PoolMaker, settings: Settings) -> None:
    pool = start(replace(settings, query_timeout=60.0))
    pids = [worker.pid for worker in pool._idle]
    thread = threading.Thread(target=outcome, args=(pool, ENDLESS))
    thread.start()
    time.sleep(0.3)
    pool.close()
    thread.join(timeout=5)
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def test_a_damaged_release_starts_no_workers(release: Release, tmp_path: Path) -> None:
    folder = tmp_path / "numbers"
    folder.mkdir()
    (folder / "manifest.json").write_text((release.folder / "manifest.json").read_text())
    (folder / "numbers.nq").write_bytes(b"")
    with pytest.raises(ReleaseDamaged, match="SHA-256"):
        WorkerPool(Release(folder), Settings(home=tmp_path))


def test_a_client_has_as_many_queries_as_it_may_and_no_more() -> None:
    admission = Admission(2)
    with admission.of("a"), admission.of("a"), admission.of("b"), pytest.raises(ClientBusy):
        admission.of("a").__enter__()
    with admission.of("a"):
        pass
