"""``missiongraph doctor``."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

import typer
from rich.table import Table as RichTable
from rich.text import Text

from missiongraph import __version__
from missiongraph.cli.terminal import PROBLEMS, AsJson, echo_json, print_rich
from missiongraph.errors import MissiongraphError
from missiongraph.releases import Home, Release
from missiongraph.resources import root
from missiongraph.settings import Settings

_PORT = 8000
_ROOM_BYTES = 1 << 30
_PARTS = {
    "duckdb": "export duckdb",
    "rocrate": "export rocrate",
    "pandas": "answers as pandas frames",
}
"""Packages that are not always there, and what needs them."""


class State(StrEnum):
    """What a check found."""

    GOOD = "good"
    ABSENT = "absent"
    BAD = "bad"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        what: what was looked at.
        state: whether it is good; absent is no problem.
        found: what was found.
        remedy: what to do, if there is something to do.
    """

    what: str
    state: State
    found: str
    remedy: str = ""


def doctor(as_json: AsJson = False) -> None:
    """Look whether all that missiongraph needs is here; says what to do where it is not."""
    checks = list(_checks(Settings.load()))
    if as_json:
        echo_json([asdict(check) for check in checks])
    else:
        table = RichTable("What", "", "Found", "To do", header_style="bold")
        for check in checks:
            table.add_row(*map(Text, (check.what, check.state, check.found, check.remedy)))
        print_rich(table)
    if any(check.state is State.BAD for check in checks):
        raise typer.Exit(PROBLEMS)


def _checks(settings: Settings) -> Iterator[Check]:
    python = platform.python_version()
    yield Check(
        "Python", State.GOOD, f"{python} on {platform.system()}, missiongraph {__version__}"
    )
    yield _resources()
    yield _home(settings)
    yield _room(settings)
    yield _store(settings) if settings.store else _release(settings)
    yield _workers()
    yield _port()
    for package, needed in _PARTS.items():
        if importlib.util.find_spec(package):
            yield Check(package, State.GOOD, "installed")
        else:
            yield Check(package, State.ABSENT, f"only {needed} needs it", f"pip install {package}")
    if java := shutil.which("java"):
        yield Check("Java", State.GOOD, java)
    else:
        yield Check("Java", State.ABSENT, "only the ontology's reasoner and Fuseki need it")


def _resources() -> Check:
    try:
        return Check("Ontology, shapes, queries, data", State.GOOD, str(root()))
    except MissiongraphError as error:
        return Check("Ontology, shapes, queries, data", State.BAD, error.what, error.remedy)


def _home(settings: Settings) -> Check:
    what = "Home"
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            return Check(what, State.GOOD, str(settings.home))
    except OSError as cause:
        remedy = "Name another folder: MISSIONGRAPH_HOME=FOLDER."
        return Check(what, State.BAD, f"{settings.home}: {cause.strerror}", remedy)


def _room(settings: Settings) -> Check:
    folder = next(path for path in (settings.home, *settings.home.parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    found = f"{free / (1 << 30):.1f} GiB free"
    if free < _ROOM_BYTES:
        return Check(
            "Disk", State.BAD, found, "Make room: a release with its exports takes 200 MB."
        )
    return Check("Disk", State.GOOD, found)


def _release(settings: Settings) -> Check:
    try:
        release, manifest = Home(settings.home).newest(Release.verify)
    except MissiongraphError as error:
        return Check("Release", State.BAD, error.what, error.remedy or "Run missiongraph build.")
    return Check("Release", State.GOOD, f"{release.id}, {manifest.triples:,} triples, whole")


def _store(settings: Settings) -> Check:
    from missiongraph.remote_store import RemoteStore
    from missiongraph.tables import ask

    store = RemoteStore(str(settings.store), timeout=settings.query_timeout, limits=settings.limits)
    try:
        ask(store, "ASK { ?s ?p ?o }")
    except MissiongraphError as error:
        return Check("Remote store", State.BAD, error.what, error.remedy)
    return Check("Remote store", State.GOOD, str(settings.store))


def _workers() -> Check:
    if hasattr(os, "fork"):
        return Check(
            "Workers", State.GOOD, "queries run in processes of their own, with a deadline"
        )
    found = f"{sys.platform} has no fork: queries run in the server, and none can be ended"
    return Check("Workers", State.ABSENT, found, "Serve on Linux or macOS, or in a container.")


def _port() -> Check:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", _PORT))
        except OSError:
            remedy = "It may be missiongraph itself; or serve with --port."
            return Check(f"Port {_PORT}", State.ABSENT, "taken", remedy)
    return Check(f"Port {_PORT}", State.GOOD, "free")
