"""Builds that read bulk data in parts: the same bytes as from memory, and served from disk."""

from __future__ import annotations

import json
import re
import runpy
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from cordis_dumps import ORGANISATION, PROJECT, StagedDump, write_table
from pyoxigraph import RdfFormat, parse
from rooms import rooms_with

from missiongraph import changed_statements, line_files
from missiongraph.errors import GateClosed, ReleaseDamaged
from missiongraph.formats import CSV
from missiongraph.ingest import bulk_build, bulk_dump, bulk_gate
from missiongraph.ingest.pipeline import Build, build
from missiongraph.ingest.sorted_lines import LineSorter
from missiongraph.line_files import LineFile
from missiongraph.names import ID
from missiongraph.releases import DIFF, Home, sha256_of
from missiongraph.settings import Settings

BENCH = Path(__file__).parents[2] / "bench" / "cordis_dump.py"
write_dump = runpy.run_path(str(BENCH))["write_dump"]

DERIVED = re.compile(rb"/id/similarity/|#(degree|betweenness|collaborat|tie)|/graph/(?!inferred)")

CURATED = """\
source:
  id: source/rivers
  title: A report on rivers
  page: https://example.org/rivers
  sourceKind: report
  issued: "2024"
claims:
  - id: evidence/rivers/institute
    pageNumber: 1
    summary: The institute of rivers is part of the ministry and takes part in a project of its own.
    states:
      - id: actor/cordis-999000001
        type: Actor
        label: Institute of Rivers
        partOf: {id: actor/ministry, type: Actor, label: Ministry of Rivers}
      - id: project/cordis-101000001
        type: Project
        label: Rivers for all
        ledBy: actor/cordis-999000001
"""


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is large, and every part is small."""
    monkeypatch.setattr(bulk_build, "LARGE", 0)
    monkeypatch.setattr(bulk_gate, "BATCH_BYTES", 30_000)
    monkeypatch.setattr(bulk_dump, "PART_BYTES", 20_000)


def staged_home(folder: Path, projects: int = 60) -> Path:
    """Return a home with a dump staged, and write curated data that speak of it beside it."""
    dump = folder / "dump"
    write_dump(projects, dump)
    write_table(dump, "project", PROJECT, PROJECT | {"id": "1010"}, PROJECT | {"id": "10100"})
    write_table(dump, "organization", ORGANISATION, ORGANISATION | {"projectID": "1010"})
    (folder / "data").mkdir()
    (folder / "data" / "rivers.yaml").write_text(CURATED, encoding="utf-8")
    return StagedDump(folder, dump).home.folder


def built(home: Path, data: Path, memory_triples: int = 2_000_000) -> Build:
    settings = Settings(home=home, memory_triples=memory_triples)
    return build(settings, rooms=rooms_with(data))


def test_reading_in_parts_gives_the_bytes_of_a_build_in_memory(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """All but what is derived of the graph as a whole, which large builds do not do for bulk."""
    home = staged_home(tmp_path)
    in_memory = built(home, tmp_path / "data").release
    (home / "current").rename(home / "first")
    request.getfixturevalue("parts")
    in_parts = built(home, tmp_path / "data").release
    expected, lines = (
        [line for line in release.dump.read_bytes().splitlines() if not DERIVED.search(line)]
        for release in (in_memory, in_parts)
    )
    assert lines == expected
    assert len(lines) > 5_000
    assert in_memory.manifest.claims == in_parts.manifest.claims
    assert in_memory.manifest.sources == in_parts.manifest.sources
    inferred = f"{ID}graph/inferred"
    assert in_memory.manifest.graphs[inferred] == in_parts.manifest.graphs[inferred]
    involves = b"cordis-101000001> <https://w3id.org/missiongraph/ontology#involves>"
    assert any(involves in line for line in lines)


@pytest.mark.usefixtures("parts")
def test_the_same_staged_data_again_change_nothing_and_newer_are_in_the_diff(
    tmp_path: Path,
) -> None:
    home = staged_home(tmp_path)
    first = built(home, tmp_path / "data")
    assert not built(home, tmp_path / "data").published
    write_table(tmp_path / "dump", "project", PROJECT | {"title": "Rivers again"})
    StagedDump(tmp_path, tmp_path / "dump")
    second = built(home, tmp_path / "data").release
    diff = json.loads((second.folder / DIFF).read_text())
    assert diff["previous"] == first.release.id
    assert any("Rivers again" in line for line in diff["added"])


@pytest.mark.usefixtures("parts")
def test_a_bulk_record_that_the_shapes_refuse_keeps_a_build_back(tmp_path: Path) -> None:
    home = staged_home(tmp_path)
    stated = home / "staging" / "cordis" / "organization.stated.nt"
    lines = stated.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if b"#participant>" not in line or b"999000001>" not in line]
    assert len(kept) < len(lines)
    stated.write_bytes(b"".join(kept))
    manifest = home / "staging" / "cordis" / "manifest.json"
    values = json.loads(manifest.read_text())
    values["sha256"][stated.name] = sha256_of(stated)
    manifest.write_text(json.dumps(values))
    with pytest.raises(GateClosed, match="exactly one actor"):
        built(home, tmp_path / "data")
    assert Home(home).current() is None


@pytest.mark.usefixtures("parts")
def test_a_large_release_is_opened_from_disk_and_answers_alike(tmp_path: Path) -> None:
    home = staged_home(tmp_path)
    release = built(home, tmp_path / "data", memory_triples=100).release
    assert release.manifest.on_disk
    assert release.store.is_dir()
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    counted = release.load().answer(query, CSV).decode().split()[1]
    assert int(counted) == release.manifest.triples
    shutil.rmtree(release.store)
    with pytest.raises(ReleaseDamaged):
        release.load()


def line_file(folder: Path, text: bytes) -> LineFile:
    sorter = LineSorter(folder)
    sorter.add(text)
    sorter.write(folder / "lines.nt")
    return LineFile(folder / "lines.nt")


def test_records_are_never_torn_even_when_one_key_begins_another(tmp_path: Path) -> None:
    base = b"<https://w3id.org/missiongraph/id/"
    keys = [b"1", b"10", b"100", b"1000", b"101", b"11", b"2", b"20", b"200", b"3"]
    text = b"".join(
        base + b"project/x-" + key + b"> <p> <q> .\n" + base + b"part/x-" + key + b"-9> <p> <q> .\n"
        for key in keys
    )
    file = line_file(tmp_path, text)
    for target in (60, 120, 200, 400):
        bounds = [b"", *line_files.record_bounds([file], target), b""]
        seen = []
        for start, end in pairwise(bounds):
            lines = line_files.records_between([file], start, end).splitlines()
            found = [
                sorted(
                    {
                        line.split(b"/")[-1].split(b"> ")[0].split(b"-")[1]
                        for line in lines
                        if kind in line
                    }
                )
                for kind in (b"/project/", b"/part/")
            ]
            assert found[0] == found[1]
            seen += lines
        assert sorted(seen) == sorted(text.splitlines())


def test_lines_are_found_by_halving_as_by_reading(tmp_path: Path) -> None:
    lines = sorted({f'<s{n * n % 97}> <p> "{"x" * (n % 7)}" .\n'.encode() for n in range(200)})
    file = line_file(tmp_path, b"".join(lines))
    for prefix in (b"", b"<s1", b"<s50> ", b'<s9> <p> "xxx', b"\xff", b"<s96>"):
        expected = sum(len(line) for line in lines if line < prefix)
        assert file.find(prefix) == expected
    empty = tmp_path / "empty.nt"
    empty.write_bytes(b"")
    assert LineFile(empty).between(b"", b"\xff") == b""


@pytest.mark.parametrize(
    ("line", "graph"),
    [
        (b"<s> <p> <o> .\n", ""),
        (b"<s> <p> <o> <g> .\n", "g"),
        (b'<s> <p> "x> <y" .\n', ""),
        (b'<s> <p> "x \\" <y>"@en <g> .\n', "g"),
        (b'<s> <p> "1"^^<d> .\n', ""),
        (b'<s> <p> "1"^^<d> <g> .\n', "g"),
        (b"_:a <p> _:b <g> .\n", "g"),
    ],
)
def test_the_graph_of_a_line_is_told(line: bytes, graph: str) -> None:
    assert changed_statements.graph_of(line) == graph
    (quad,) = parse(line.replace(b"<", b"<x:"), format=RdfFormat.N_QUADS)
    assert getattr(quad.graph_name, "value", "").removeprefix("x:") == graph
