"""The connector of EURIO against a real SPARQL server that holds EURIO-shaped data."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from running import publish, running

from missiongraph.errors import DownloadFailed, UnreadableDump
from missiongraph.ingest.connectors.eurio import ADDRESS_VARIABLE, Eurio
from missiongraph.ingest.pipeline import build
from missiongraph.ingest.staging import stage, staged_sources
from missiongraph.names import ID, MG
from missiongraph.releases import Home
from missiongraph.resources import root
from missiongraph.settings import Settings

PROJECTS = 7
DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
HEAD = """
@prefix eurio: <http://data.europa.eu/s66#> .
@prefix r: <http://data.europa.eu/s66/resource/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
r:topic eurio:code "HORIZON-MISS-2023-OCEAN-SOIL-01-01" .
r:other eurio:code "HORIZON-CL5-2023-D1-01-01" .
r:utrecht a eurio:Organisation ; eurio:identifier "999985805" ; eurio:legalName "UNIVERSITEIT UTRECHT" ;
    eurio:hasSite [ eurio:hasAddress [ eurio:addressCountry "NL" ] ] .
r:trader a eurio:Organisation ; eurio:identifier "888888888" ; eurio:legalName "ANNA MARIA BERG" ;
    eurio:hasSite [ eurio:hasAddress [ eurio:addressCountry "Atlantis" ] ] .
r:elsewhere a eurio:Project ; eurio:identifier "900" ; eurio:title "Not of a mission" ;
    eurio:isFundedBy [ eurio:hasFundingSchemeTopic r:other ] .
"""
PROJECT = """
r:p{n} a eurio:Project ; eurio:identifier "10000{n}" ; eurio:title "Project {n} of the river" ;
    eurio:hasAcronym [ eurio:shortForm "RIVER{n}" ] ; eurio:abstract "On river {n}." ;
    eurio:startDate "2023-01-0{n}"^^xsd:date ; eurio:endDate "2027-01-01T00:00:00"^^xsd:dateTime ;
    eurio:isFundedBy [ eurio:hasFundingSchemeTopic r:topic ; eurio:hasFundingAmount [ eurio:value 1000.5 ] ] ;
    eurio:hasInvolvedParty r:p{n}a, r:p{n}b .
r:p{n}a eurio:isRoleOf r:utrecht ; eurio:roleLabel "coordinator" ;
    eurio:isRecipientOf [ eurio:hasPaymentAmount [ eurio:value 250.25 ] ] .
r:p{n}b eurio:isRoleOf r:trader ; eurio:roleLabel "participant" .
"""


def eurio_data() -> list[Quad]:
    text = HEAD + "".join(PROJECT.format(n=n) for n in range(1, PROJECTS + 1))
    graph = NamedNode("https://example.org/eurio")
    triples = (quad.triple for quad in parse(text, format=RdfFormat.TURTLE))
    return [Quad(t.subject, t.predicate, t.object, graph) for t in triples]


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("eurio")
    publish(home, "eurio", eurio_data())
    with running(Settings(home=home, client_concurrency=2)) as address:
        yield f"{address}/sparql"


@pytest.fixture
def connector(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Eurio:
    monkeypatch.setenv(ADDRESS_VARIABLE, endpoint)
    return Eurio(pause=0.0, page_projects=3)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory, endpoint: str) -> Iterator[str]:
    """Our own service, which may ask the endpoint: it knows two of the projects there."""
    home = tmp_path_factory.mktemp("ours")
    graph = NamedNode(f"{ID}source/cordis")
    facts = []
    for number, mission in (("100002", "eu-soil"), ("100003", "eu-soil"), ("100004", "eu-ocean")):
        project = NamedNode(f"{ID}project/cordis-{number}")
        identifier = NamedNode("http://purl.org/dc/terms/identifier")
        contributes, to = NamedNode(f"{MG}contributesTo"), NamedNode(f"{ID}mission/{mission}")
        facts.append(Quad(project, contributes, to, graph))
        facts.append(Quad(project, identifier, Literal(number), graph))
    publish(home, "ours", facts)
    with running(Settings(home=home, service_allow=(endpoint,))) as address:
        yield f"{address}/sparql"


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory, ours: str) -> Iterator[str]:
    """The endpoint once more, as one that may ask our service."""
    home = tmp_path_factory.mktemp("theirs")
    publish(home, "theirs", eurio_data())
    with running(Settings(home=home, service_allow=(ours,))) as address:
        yield f"{address}/sparql"


def documented_query(number: int, address: str, instead: str) -> str:
    """Return a query of the connector's page, with another server's address."""
    page = (root() / "docs" / "connectors" / "eurio.md").read_text(encoding="utf-8")
    query = re.split(r"```sparql[^\n]*\n", page)[number].partition("```")[0]
    assert f"SERVICE <{address}>" in query
    return query.replace(address, instead)


def asked(address: str, query: str) -> list[list[str]]:
    answer = httpx.post(address, data={"query": query}, headers={"Accept": "text/csv"}, timeout=60)
    assert answer.status_code == 200, answer.text
    return list(csv.reader(answer.text.splitlines()))[1:]


def test_our_service_asks_the_endpoint_as_the_page_says(ours: str, endpoint: str) -> None:
    query = documented_query(1, "https://cordis.europa.eu/datalab/sparql", endpoint)
    assert asked(ours, query) == [
        [f"{ID}project/cordis-100002", "On river 2."],
        [f"{ID}project/cordis-100003", "On river 3."],
    ]


def test_the_endpoint_asks_our_service_as_the_page_says(ours: str, theirs: str) -> None:
    query = documented_query(2, "https://example.org/sparql", ours)
    resource = "http://data.europa.eu/s66/resource/"
    assert asked(theirs, query) == [
        [f"{resource}p2", "Project 2 of the river", f"{ID}mission/eu-soil"],
        [f"{resource}p3", "Project 3 of the river", f"{ID}mission/eu-soil"],
        [f"{resource}p4", "Project 4 of the river", f"{ID}mission/eu-ocean"],
    ]


def test_requests_are_spaced_and_failing_ones_more_and_more(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    clock = SimpleNamespace(sleep=waits.append)
    monkeypatch.setattr("missiongraph.ingest.connectors.eurio.time", clock)
    monkeypatch.setenv(ADDRESS_VARIABLE, endpoint)
    Eurio(pause=0.5, page_projects=3).download(tmp_path / "pages", quiet)
    assert waits == [0.5, 0.5, 0.5]
    waits.clear()
    monkeypatch.setenv(ADDRESS_VARIABLE, "http://127.0.0.1:9/sparql")
    with pytest.raises(DownloadFailed):
        Eurio(pause=0.5).download(tmp_path / "none", quiet)
    assert waits == [0.5, 1.0, 2.0]


def quiet(*_: object) -> None:
    pass


def test_mission_projects_come_page_by_page_in_our_terms(connector: Eurio, tmp_path: Path) -> None:
    folder = connector.download(tmp_path / "pages", quiet)
    assert [file.name for file in sorted(folder.glob("*.nt"))] == [
        "page-00001.nt",
        "page-00002.nt",
        "page-00003.nt",
    ]
    done = stage(Home(tmp_path / "home"), connector, folder)
    (found,) = staged_sources(Home(tmp_path / "home"))
    triples = "".join(file.read_text(encoding="utf-8") for file in found.stated())
    assert (done.inputs[0].rows, done.inputs[0].taken) == (PROJECTS, PROJECTS)
    project = f"<{ID}project/cordis-100001>"
    for line in (
        f'{project} <http://www.w3.org/2000/01/rdf-schema#label> "Project 1 of the river"@en .',
        f'{project} <{MG}acronym> "RIVER1" .',
        f'{project} <{MG}endDate> "2027-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .',
        f"{project} <{MG}contributesTo> <{ID}mission/eu-ocean> .",
        f"{project} <{MG}contributesTo> <{ID}mission/eu-soil> .",
        f"{project} <{MG}assignedBy> <{ID}evidence/eu-mission-topics/ocean> .",
        f"{project} <{MG}assignedBy> <{ID}evidence/eu-mission-topics/soil> .",
        f"{project} <{MG}hasParticipation> <{ID}participation/cordis-100001-999985805> .",
        f'<{ID}participation/cordis-100001-999985805> <{MG}contribution> "250.25"^^<{DECIMAL}> .',
        f'<{ID}funding/cordis-100001> <{MG}amount> "1000.5"^^<{DECIMAL}> .',
        f"<{ID}actor/cordis-999985805> <{MG}place> <{ID}place/netherlands> .",
    ):
        assert line in triples.splitlines(), line
    assert "cordis-900>" not in triples
    assert "ANNA" not in triples
    assert done.inputs[0].reasons == {"unknown country": 3}


def test_a_download_goes_on_where_it_broke_off(connector: Eurio, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def stop(*_: object) -> None:
        raise Enough

    folder = tmp_path / "pages"
    with pytest.raises(Enough):
        connector.download(folder, stop)
    first = folder / "page-00001.nt"
    before = first.stat().st_mtime_ns
    connector.download(folder, quiet)
    assert first.stat().st_mtime_ns == before
    assert len(list(folder.glob("*.nt"))) == 3
    (folder / "page-00009.nt").write_text("<old", encoding="utf-8")
    connector.download(folder, quiet)  # one that was whole begins anew
    assert len(list(folder.glob("*.nt"))) == 3
    assert first.stat().st_mtime_ns != before


def test_what_is_staged_passes_the_gate(connector: Eurio, tmp_path: Path) -> None:
    stage(Home(tmp_path / "home"), connector, connector.download(tmp_path / "pages", quiet))
    release = build(Settings(home=tmp_path / "home"), ["eu-country-authority"]).release
    assert "project/cordis-100007>" in release.dump.read_text(encoding="utf-8")


def test_an_endpoint_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, "http://127.0.0.1:9/sparql")
    with pytest.raises(DownloadFailed, match="does not give its data"):
        Eurio(pause=0.0).download(tmp_path, quiet)


def test_a_broken_page_is_told(tmp_path: Path) -> None:
    (tmp_path / "page-00001.nt").write_text("<broken", encoding="utf-8")
    with pytest.raises(UnreadableDump, match="not N-Triples"):
        stage(Home(tmp_path / "home"), Eurio(), tmp_path)


def test_a_folder_without_pages_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDump, match="no pages"):
        Eurio().discover(tmp_path)
