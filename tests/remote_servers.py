"""Real Fuseki and Virtuoso servers for tests, started by the scripts that operators use."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from missiongraph.ingest.graph_store import Credentials
from missiongraph.ingest.remote_publication import PASSWORD, USER

SCRIPTS = Path(__file__).parents[1] / "bench" / "servers"
SECRET = "se:cret %40"
KINDS = [
    pytest.param(kind, marks=[getattr(pytest.mark, kind), pytest.mark.xdist_group(kind)])
    for kind in ("fuseki", "virtuoso")
]
_USERS = {"fuseki": "admin", "virtuoso": "publisher"}


@dataclass(frozen=True)
class Server:
    """A server that runs: its addresses, its own process and who may write to it."""

    kind: str
    query: str
    graph_store: str
    pid: int
    process: subprocess.Popen[str]

    @property
    def credentials(self) -> Credentials:
        """Who may write."""
        return Credentials(_USERS[self.kind], SECRET)

    @property
    def environment(self) -> dict[str, str]:
        """What ``missiongraph publish`` finds in the environment."""
        return {USER: _USERS[self.kind], PASSWORD: SECRET}


@contextlib.contextmanager
def running_server(kind: str, *arguments: str) -> Iterator[Server]:
    """Run a server; skip the test where it is not installed, except in CI.

    Fuseki asks nobody who they are unless ``--password`` is among the arguments.
    """
    require(kind)
    if kind == "virtuoso":
        arguments = ("--password", SECRET, *arguments)
    command = [sys.executable, str(SCRIPTS / f"{kind}.py"), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _announced(kind, process)
        finally:
            process.terminate()
            process.wait(timeout=60)


def require(kind: str) -> None:
    """Skip the test by name when a server is not installed; in CI let it fail."""
    jars = SCRIPTS.parents[1].joinpath(".servers").glob("jena-fuseki-server-*.jar")
    there = {
        "fuseki": bool(shutil.which("java") and ("FUSEKI_JAR" in os.environ or any(jars))),
        "virtuoso": bool(shutil.which("virtuoso-t") and shutil.which("isql-vt")),
    }
    if not there[kind] and os.environ.get("CI") != "true":
        pytest.skip(f"{kind} is not installed")


def _announced(kind: str, process: subprocess.Popen[str]) -> Server:
    told: dict[str, str] = {}
    for line in process.stdout or ():
        if line.strip() == "ready":
            pid = int(told["pid"])
            return Server(kind, told["query"], told["graph store"], pid, process)
        name, _, value = line.strip().partition(": ")
        told[name] = value
    raise AssertionError(f"{kind} does not start")
