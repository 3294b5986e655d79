"""What is made once for all tests: a release of our data, and a service over a small one."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browsers import chromium, page, sample_service, visit
from pyoxigraph import Quad
from remote_servers import KINDS, Server, running_server
from running import publish, running, small_graph
from sample import CHECKED, sample_rooms

from missiongraph.ingest import remote_publication
from missiongraph.ingest.pipeline import build
from missiongraph.ingest.remote_publication import Published
from missiongraph.releases import Home, Release
from missiongraph.settings import Settings
from missiongraph.store import EmbeddedStore

__all__ = ["chromium", "page", "sample_service", "visit"]  # fixtures


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one release: our own curated data. It is not to be changed."""
    home = tmp_path_factory.mktemp("built")
    build(Settings(home=home))
    return home


@pytest.fixture(scope="session")
def sample_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of a sample of our own data, for what is tried many times over."""
    folder = tmp_path_factory.mktemp("sample")
    return build(Settings(home=folder / "home"), rooms=sample_rooms(folder)).release


@pytest.fixture(scope="session")
def checked_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the sources in which golden answers were checked."""
    home = tmp_path_factory.mktemp("checked")
    return build(Settings(home=home), CHECKED).release


@pytest.fixture(scope="session")
def small_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service that serves the small release ``small``."""
    home = tmp_path_factory.mktemp("home")
    publish(home, "small", small_graph())
    with running(Settings(home=home, body_bytes=100_000)) as address:
        yield address


@pytest.fixture(scope="session")
def client(small_service: str) -> Iterator[httpx.Client]:
    """A client of that service."""
    with httpx.Client(base_url=small_service, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def built_release(built_home: Path) -> Release:
    """The release of our own curated data."""
    release = Home(built_home).current()
    assert release is not None
    return release


@pytest.fixture(scope="session", params=KINDS)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A Fuseki (TDB2) and a Virtuoso, which are empty at first."""
    with running_server(request.param, "--folder", str(tmp_path_factory.mktemp("data"))) as running:
        yield running


@pytest.fixture(scope="session")
def remote_release(request: pytest.FixtureRequest) -> Release:
    """What is published to the servers: the sample, or all of it if ``MISSIONGRAPH_REMOTE=whole``."""
    is_whole = os.environ.get("MISSIONGRAPH_REMOTE") == "whole"
    release = request.getfixturevalue("built_release" if is_whole else "sample_release")
    assert isinstance(release, Release)
    return release


@pytest.fixture(scope="session")
def published(server: Server, remote_release: Release) -> Published:
    """What publishing that release to the server told."""
    return remote_publication.publish(remote_release, server.graph_store, server.environment)


@pytest.fixture(scope="session")
def embedded() -> EmbeddedStore:
    """A store in this process that holds what ``small_service`` serves."""
    stated = small_graph()
    return EmbeddedStore.of([*stated, *(Quad(*quad.triple) for quad in stated)])
