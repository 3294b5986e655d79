"""Releases over HTTP: files at stable addresses, changes, reading as of a date, and citations."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import httpx
import pytest
from running import running

from missiongraph import resources
from missiongraph.exports.forms import FORMS
from missiongraph.ingest.pipeline import Rooms, build
from missiongraph.ingest.publication import prune
from missiongraph.names import ID
from missiongraph.releases import MANIFEST, Home, Release
from missiongraph.settings import Settings

SOURCE = """
source:
  id: source/report
  title: A report
  page: https://example.org/report
  issued: "2024-05"
  sourceKind: report
claims:
  - id: evidence/report/one
    pageNumber: 3
    summary: The mission wants less harm by drought.
    states:
      - id: mission/drought
        type: Mission
        label: Drought
        status: STATUS
        place: {id: place/here, type: Place, label: Here}
"""
QUERY = "SELECT ?status WHERE { ?mission <https://w3id.org/missiongraph/ontology#status> ?status }"
DAYS = ("2024-03-01T12:00:00Z", "2025-06-01T12:00:00Z")


class World(NamedTuple):
    """A service, and the two releases that it keeps, the earlier first."""

    client: httpx.Client
    first: Release
    second: Release
    home: Home


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("history")
    ours, data, settings = resources.root(), folder / "data", Settings(home=folder / "home")
    data.mkdir()
    rooms = Rooms(ours / "ontology", ours / "shapes", data)
    kept = []
    for status, day in zip(("launched", "completed"), DAYS, strict=True):
        (data / "report.yaml").write_text(SOURCE.replace("STATUS", status))
        kept.append(build(settings, rooms=rooms).release)
        # Two releases of one morning would be hard to tell by date.
        manifest = json.loads((kept[-1].folder / MANIFEST).read_text())
        (kept[-1].folder / MANIFEST).write_text(json.dumps(manifest | {"built": day}))
    with running(settings) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield World(client, kept[0], kept[1], Home(settings.home))


def status_in(answer: httpx.Response) -> str:
    answer.raise_for_status()
    return answer.text.rstrip().rpartition("/")[2]


def sparql(world: World, **more: str) -> httpx.Response:
    return world.client.get("/sparql", params={"query": QUERY, "format": "csv", **more})


def test_releases_are_listed_with_their_files(world: World) -> None:
    listed = world.client.get("/releases", headers={"Accept": "application/json"}).json()
    assert [r["release"] for r in listed["releases"]] == [world.second.id, world.first.id]
    assert set(listed["releases"][0]["files"]) == {"dump", "manifest", *FORMS}
    page = world.client.get("/releases", headers={"Accept": "text/html"})
    assert f"/releases/{world.second.id}/changes/{world.first.id}" in page.text


def test_each_file_of_a_release_is_at_its_address(world: World) -> None:
    described = world.client.get(
        f"/releases/{world.first.id}", headers={"Accept": "application/json"}
    ).json()
    answers = {name: world.client.get(path) for name, path in described["files"].items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        answers, 200
    )
    assert answers["dump"].content == answers["nq"].content == world.first.dump.read_bytes()
    assert json.loads(answers["manifest"].content)["release"] == world.first.id
    with zipfile.ZipFile(io.BytesIO(answers["csv"].content)) as tables:
        assert b"Drought" in tables.read("mission.csv")
    assert answers["ttl"].headers["Content-Type"].startswith("text/turtle")


def test_an_export_is_written_once(world: World, tmp_path: Path) -> None:
    address = f"/releases/{world.second.id}/missiongraph.sqlite"
    first = world.client.get(address)
    file = world.second.exports / "missiongraph.sqlite"
    written = file.stat().st_mtime_ns
    assert world.client.get(address).content == first.content
    assert file.stat().st_mtime_ns == written
    assert [f.name for f in file.parent.iterdir() if f.name.startswith(".")] == []
    (tmp_path / "db").write_bytes(first.content)
    assert sqlite3.connect(tmp_path / "db").execute("SELECT label FROM mission").fetchall() == [
        ("Drought",)
    ]


@pytest.mark.parametrize("name", ["missing.ttl", "..%2f..%2fmanifest.json", ".manifest.json"])
def test_no_other_file_is_given(world: World, name: str) -> None:
    answer = world.client.get(f"/releases/{world.first.id}/{name}")
    assert answer.status_code == 404
    assert world.client.get("/releases/nothing").status_code == 404


def test_what_changed_is_told_mission_by_mission(world: World) -> None:
    address = f"/releases/{world.second.id}/changes/{world.first.id}"
    told = world.client.get(f"{address}.json").json()
    (mission,) = told["missions"]
    assert mission["mission"] == f"{ID}mission/drought"
    (change,) = (f for f in mission["facts"] if f["property"].endswith("#status"))
    assert (change["change"], change["evidence"]) == ("changed", [f"{ID}evidence/report/one"])
    page = world.client.get(address, headers={"Accept": "text/html"}).text
    assert "Launched" in page and "Completed" in page
    patch = world.client.get(f"{address}.rdfp")
    assert patch.headers["Content-Type"].startswith("application/rdf-patch")
    assert patch.text.startswith("H id <") and "\nD " in patch.text and "\nA " in patch.text


def test_an_address_with_a_release_is_answered_from_it(world: World) -> None:
    assert status_in(sparql(world)) == "completed"
    assert status_in(sparql(world, release=world.first.id)) == "launched"
    assert status_in(sparql(world, release=world.second.id)) == "completed"
    rows = world.client.get("/questions/missions.csv", params={"release": world.first.id}).text
    assert "launched" in rows and "completed" not in rows
    page = world.client.get(
        "/id/mission/drought", params={"release": world.first.id}, headers={"Accept": "text/html"}
    ).text
    assert f'This is release <a class="mono" href="/releases/{world.first.id}">' in page
    assert "Launched" in page
    assert world.client.get("/id/mission/drought.ttl").text.count("status/completed") == 1


def test_a_release_in_a_form_goes_the_same_way(world: World) -> None:
    form = {"query": QUERY, "release": world.first.id}
    answer = world.client.post("/sparql", data=form, headers={"Accept": "text/csv"})
    assert status_in(answer) == "launched"


def test_an_unknown_release_is_not_found(world: World) -> None:
    assert sparql(world, release="2020-01-01-aaaaaaaaaaaa").status_code == 404


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Fri, 01 Mar 2024 12:00:00 GMT", "launched"),
        ("Sun, 01 Jun 2025 11:59:59 GMT", "launched"),
        ("Sun, 01 Jun 2025 12:00:00 GMT", "completed"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "launched"),  # the oldest there is
    ],
)
def test_accept_datetime_leads_to_the_release_of_that_time(
    world: World, date: str, expected: str
) -> None:
    asked = world.client.get(
        "/sparql", params={"query": QUERY, "format": "csv"}, headers={"Accept-Datetime": date}
    )
    assert asked.status_code == 302
    assert asked.headers["Vary"] == "Accept-Datetime"
    assert 'rel="original timegate"' in asked.headers["Link"]
    memento = world.client.get(asked.headers["Location"])
    assert status_in(memento) == expected
    day = {
        "launched": "Fri, 01 Mar 2024 12:00:00 GMT",
        "completed": "Sun, 01 Jun 2025 12:00:00 GMT",
    }
    assert memento.headers["Memento-Datetime"] == day[expected]
    assert 'rel="timemap"' in memento.headers["Link"]


def test_what_is_no_date_is_told(world: World) -> None:
    answer = world.client.get("/questions/missions.csv", headers={"Accept-Datetime": "yesterday"})
    assert answer.status_code == 400
    assert answer.json()["where"] == "Accept-Datetime"


def test_only_mementos_are_marked_as_such(world: World) -> None:
    answer = world.client.get("/questions/missions.csv")
    assert "Memento-Datetime" not in answer.headers
    assert 'rel="original timegate"' in answer.headers["Link"]
    assert "Link" not in world.client.get("/health").headers


def test_a_time_map_lists_every_memento(world: World) -> None:
    answer = world.client.get("/timemap/questions/missions.csv", params={"place": "here"})
    assert answer.headers["Content-Type"] == "application/link-format"
    links = answer.text.split(",\n")
    mementos = [link for link in links if 'rel="memento"' in link]
    assert [link.partition(">")[0].rpartition("=")[2] for link in mementos] == [
        world.second.id,
        world.first.id,
    ]
    for link in mementos:
        assert world.client.get(link[1 : link.index(">")]).status_code == 200
    assert world.client.get("/timemap/health").status_code == 404


def test_a_cited_answer_stays_the_same(world: World) -> None:
    page = world.client.get(
        "/questions/missions", params={"release": world.first.id}, headers={"Accept": "text/html"}
    ).text
    address = page.partition('<a href="/sparql?')[2].partition('"')[0].replace("&amp;", "&")
    assert f"release={world.first.id}" in address and "sha256=" in address
    answer = world.client.get(f"/sparql?{address}", headers={"Accept": "text/csv"})
    assert "launched" in answer.text
    other = address.replace("sha256=", "sha256=0")
    refused = world.client.get(f"/sparql?{other}")
    assert (refused.status_code, refused.json()["where"]) == (400, "sha256")


def test_what_is_kept_of_a_release_goes_with_it(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "home"
    home = Home(folder)
    for release in (world.first, world.second):
        (home.releases_folder / release.id).mkdir(parents=True)
        for file in (MANIFEST, f"{release.id}.nq"):
            (home.releases_folder / release.id / file).write_bytes(
                (release.folder / file).read_bytes()
            )
        exports = home.release(release.id).exports
        exports.mkdir(parents=True)
        (exports / "missiongraph.ttl").write_text("kept")
    assert prune(home, 1) == [world.first.id]
    assert [path.name for path in (folder / "exports").iterdir()] == [world.second.id]


def test_a_question_s_address_with_odd_letters_is_kept_whole(world: World) -> None:
    date = {"Accept-Datetime": "Sun, 01 Jun 2025 12:00:00 GMT"}
    odd = quote("a b&c=d/ü")
    asked = world.client.get(f"/questions/missions.csv?place={odd}", headers=date)
    assert f"place={odd}&release=" in asked.headers["Location"]
