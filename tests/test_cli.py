"""The command line as people and scripts use it: what it prints, where, and its exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from missiongraph import __version__, cli
from missiongraph.cli.terminal import INTERRUPTED
from missiongraph.errors import UnreadableRdf
from missiongraph.ingest.rdf_files import read_triples
from missiongraph.names import MG
from missiongraph.releases import Home, Release

PROGRAM = str(Path(sys.executable).with_name("missiongraph"))
CONFORMS = re.compile(r"sh:conforms (true|false)")
MISSION = f"""
@prefix mg: <{MG}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/m> a mg:Mission ;
    rdfs:label "A mission"@en ;
    mg:status <https://w3id.org/missiongraph/concept/status/launched> .
"""
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
[] a sh:NodeShape ; sh:targetNode <https://example.org/m> ;
  sh:property [ sh:path <https://example.org/goal> ; sh:minCount 1 ; sh:severity sh:Warning ] .
"""


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command line in this process, by default over an empty home."""

    def run(*arguments: object, home: Path | None = None, stdin: bytes = b"") -> Ran:
        monkeypatch.setenv("MISSIONGRAPH_HOME", str(home or "/nonexistent/home"))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    file = tmp_path / "mission.ttl"
    file.write_text(MISSION)
    return file


@pytest.fixture
def curated(tmp_path: Path) -> Path:
    """A file with three mistakes."""
    file = tmp_path / "report.yaml"
    file.write_text(
        """\
source:
  id: source/report
  title: A report
  page: javascript:alert(1)
claims:
  - id: evidence/report/one
    pageNumber: 3
    states:
      - id: mission/One
        type: Mission
"""
    )
    return file


def test_the_version_is_told(run: Run) -> None:
    assert run("--version") == Ran(0, f"missiongraph {__version__}\n", "")


def test_doctor_says_what_is_missing_and_what_to_do(
    run: Run, checked_release: Release, tmp_path: Path
) -> None:
    ran = run("doctor", "--json", home=tmp_path / "new")
    checks = {check["what"]: check for check in ran.json}  # type: ignore[attr-defined]
    assert ran.code == 1
    assert checks["Release"] == {
        "what": "Release",
        "state": "bad",
        "found": "There is no release yet.",
        "remedy": "Run missiongraph build.",
    }
    assert checks["Home"]["state"] == "good"
    whole = run("doctor", home=checked_release.folder.parents[1])
    assert whole.code == 0
    assert checked_release.id in whole.out
    (tmp_path / "file").write_text("in the way")
    blocked = run("doctor", "--json", home=tmp_path / "file" / "home")
    assert {c["what"] for c in blocked.json if c["state"] == "bad"} >= {"Home", "Release"}  # type: ignore[attr-defined]


def test_every_command_explains_itself(run: Run) -> None:
    commands = re.findall(r"^  ([a-z]+) {2,}\S", run("--help").out, re.MULTILINE)
    assert {"ask", "build", "check", "query", "releases", "serve", "validate"} <= set(commands)
    for command in commands:
        assert run(command, "--help").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["build", "--nothing"],
        ["serve", "--port", "70000"],
        ["check", "/nonexistent.yaml"],
        ["validate"],
        ["validate", "/nonexistent.ttl"],
        ["query", "/nonexistent.rq"],
        ["ask"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_two(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err


def test_a_build_says_what_was_published_and_a_second_one_that_nothing_was(
    run: Run, tmp_path: Path
) -> None:
    first = run("build", home=tmp_path)
    assert first.code == 0
    current = Home(tmp_path).current()
    assert current is not None
    manifest = current.manifest
    assert first.out.startswith(
        f"Release {manifest.release} published: {manifest.triples:,} triples, "
        f"{manifest.claims:,} claims, {len(manifest.sources)} sources."
    )
    assert "checking shapes\n" in first.err
    second = run("build", "--json", home=tmp_path)
    assert (second.code, second.err) == (0, "")
    assert second.json == {
        "release": manifest.release,
        "published": False,
        "triples": manifest.triples,
        "claims": manifest.claims,
        "warnings": [],
        "removed": [],
    }


def test_a_source_that_is_not_there_is_answered_with_those_that_are(
    run: Run, tmp_path: Path
) -> None:
    done = run("build", "--source", "nothing", home=tmp_path)
    assert done.code == 2
    assert "'nothing'" in done.err
    assert "opsi-webinar-2021" in done.err


def test_a_home_that_cannot_be_written_to_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("build", home=tmp_path / "file" / "home")
    assert done.code == 1
    assert done.err.startswith(str(tmp_path / "file"))
    assert len(done.err.splitlines()) == 1


def test_our_own_files_have_no_mistakes(run: Run) -> None:
    done = run("check")
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith("0 mistakes.\n")


def test_check_lists_every_mistake_with_its_place(run: Run, curated: Path) -> None:
    done = run("check", curated)
    assert done.code == 1
    places = re.findall(rf"^{re.escape(str(curated))}:(\d+):\d+: ", done.out, re.MULTILINE)
    assert {"4", "6", "9"} <= set(places)
    assert f"1 file, {len(places)} mistakes.\n" in done.err
    listed = run("check", "--json", curated)
    assert listed.code == 1
    assert isinstance(listed.json, list)
    assert [str(mistake["line"]) for mistake in listed.json] == places


def test_data_conform_to_our_shapes_although_they_have_warnings(run: Run, mission: Path) -> None:
    done = run("validate", mission)
    assert done.code == 0
    assert CONFORMS.findall(done.out) == ["true"]
    assert f"warning: {mission}:4:1: https://example.org/m mg:hasTarget: " in done.err
    assert "violation" not in done.err


def test_what_is_wrong_by_our_shapes_is_reported_once(
    run: Run, mission: Path, tmp_path: Path
) -> None:
    mission.write_text(MISSION.replace("status/launched", "side/demand"))
    report = tmp_path / "report.ttl"
    done = run("validate", mission, "--report", report)
    assert (done.code, done.out) == (1, "")
    assert CONFORMS.findall(report.read_text()) == ["false"]
    violations = [line for line in done.err.splitlines() if line.startswith("violation")]
    assert len(violations) == 1
    assert "mg:status" in violations[0]
    assert list(parse(report.read_bytes(), format=RdfFormat.TURTLE))


def test_with_given_shapes_any_result_counts(run: Run, mission: Path, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(SHAPES)
    done = run("validate", mission, "--shapes", shapes, "--json")
    assert done.code == 1
    assert isinstance(done.json, dict)
    assert done.json["conforms"] is False
    assert [finding["severity"] for finding in done.json["findings"]] == ["warning"]
    mission.write_text(MISSION + '<https://example.org/m> <https://example.org/goal> "x" .')
    assert run("validate", mission, "--shapes", shapes).code == 0


def test_shapes_that_cannot_be_used_are_bad_input(run: Run, mission: Path, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> <e:s> sh:targetNode <e:n> ; sh:not <e:s> ."
    )
    done = run("validate", mission, "--shapes", shapes)
    assert (done.code, done.out) == (2, "")
    assert "refers to itself" in done.err


def test_a_release_conforms_to_our_shapes(run: Run, built_home: Path) -> None:
    current = Home(built_home).current()
    assert current is not None
    assert run("validate", current.dump).code == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.ttl", b"<https://example.org/m> a"),
        ("broken.nq", b"not RDF\n"),
        ("latin.ttl", b'<e:s> <e:p> "\xe9" .'),
        ("what.docx", b""),
    ],
)
def test_a_file_that_is_no_rdf_is_named_with_its_line(
    run: Run, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("validate", tmp_path / name)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(str(tmp_path / name))
    assert "line 1" in done.err or name == "what.docx"


@pytest.mark.parametrize("ending", ["ttl", "nt", "nq", "trig", "rdf", "jsonld", "n3"])
def test_rdf_is_read_in_every_form(tmp_path: Path, ending: str) -> None:
    forms = {
        "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        '<rdf:Description rdf:about="http://e/s"><e:p rdf:resource="http://e/o"/>'
        "</rdf:Description></rdf:RDF>",
        "jsonld": '{"@id": "http://e/s", "http://e/p": {"@id": "http://e/o"}}',
        "nq": "<http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n",
    }
    file = tmp_path / f"data.{ending}"
    file.write_text(forms.get(ending, "<http://e/s> <http://e/p> <http://e/o> .\n"))
    assert [str(triple.predicate) for triple in read_triples([file])] == ["<http://e/p>"]


def test_an_ending_that_tells_no_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRdf, match="tells no form"):
        read_triples([tmp_path / "data"])


def test_releases_are_listed_for_people_and_programs(run: Run, built_home: Path) -> None:
    current = Home(built_home).current()
    assert current is not None
    assert current.id in run("releases", home=built_home).out
    listed = run("releases", "--json", home=built_home).json
    assert isinstance(listed, list)
    assert [(one["release"], one["current"]) for one in listed] == [(current.id, True)]


def test_where_nothing_was_published_the_remedy_is_named(run: Run, tmp_path: Path) -> None:
    assert run("releases", "--json", home=tmp_path).json == []
    done = run("ask", "missions", home=tmp_path)
    assert done.code == 1
    assert "missiongraph build" in done.err


@pytest.mark.parametrize(
    "parameters",
    [
        ["--mission", "csiro-drought-resilience", "--mission=mission"],
        ["--mission=csiro-drought-resilience"],
        ["--mission", "https://w3id.org/missiongraph/id/mission/csiro-drought-resilience"],
    ],
    ids=["unknown", "slug", "IRI"],
)
def test_a_question_takes_its_parameters_as_options(
    run: Run, built_home: Path, parameters: list[str]
) -> None:
    done = run("ask", "missions", *parameters, "--format", "csv", home=built_home)
    if len(parameters) == 3:
        assert (done.code, done.out) == (2, "")
        assert "id/mission/mission is not known" in done.err
    else:
        rows = list(csv.DictReader(io.StringIO(done.out)))
        assert done.code == 0
        assert {row["missionLabel"] for row in rows} == {"Drought Resilience Mission"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "There is no question 'nothing'"),
        (["missions", "--colour", "red"], "mission"),
        (["missions", "--mission"], "no value"),
        (["missions", "red"], "--name value"),
        (["missions", "--format", "docx"], "csv"),
        (["missions", "--format", "ttl"], "csv"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_asked_is_told_with_what_can(
    run: Run, built_home: Path, arguments: list[str], said: str
) -> None:
    done = run("ask", *arguments, home=built_home)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_an_answer_goes_to_a_file_when_one_is_named(
    run: Run, built_home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "missions.csv"
    done = run("ask", "missions", "--format", "csv", "--output", file, home=built_home)
    assert (done.code, done.out) == (0, "")
    assert file.read_text().startswith("mission,")
    for form, magic in (("xlsx", b"PK"), ("parquet", b"PAR1")):
        file = tmp_path / f"missions.{form}"
        assert run("ask", "missions", "--format", form, "--output", file, home=built_home).code == 0
        assert file.read_bytes().startswith(magic)
    missing = run("ask", "missions", "--output", tmp_path / "no" / "file", home=built_home)
    assert missing.code == 2
    assert str(tmp_path / "no" / "file") in missing.err


@pytest.mark.parametrize("wanted", ["table", "csv", "tsv", "json", "xml"])
def test_a_table_is_written_in_each_form(run: Run, built_home: Path, wanted: str) -> None:
    query = b"SELECT ?x WHERE { VALUES ?x { 'v\xc3\xa9rit\xc3\xa9 [red]' } }"
    done = run("query", "--format", wanted, home=built_home, stdin=query)
    assert done.code == 0
    assert "vérité [red]" in done.out


@pytest.mark.parametrize("wanted", ["ttl", "nt", "jsonld", "rdf"])
def test_a_graph_is_written_in_each_form(run: Run, built_home: Path, wanted: str) -> None:
    query = b"CONSTRUCT { <http://e/s> <http://e/p> <http://e/o> } WHERE {}"
    done = run("query", "-", "--format", wanted, home=built_home, stdin=query)
    assert done.code == 0
    format_ = RdfFormat.from_extension(wanted)
    assert format_ is not None
    assert [str(q.subject) for q in parse(done.out, format=format_)] == ["<http://e/s>"]


def test_a_truth_value_is_told(run: Run, built_home: Path) -> None:
    assert run("query", home=built_home, stdin=b"ASK {}").json == {"head": {}, "boolean": True}


@pytest.mark.parametrize(
    "query",
    [b"SELECT * WHERE {", b"CLEAR ALL", b"SELECT * { SERVICE <http://e/> {} }", b"\xff", b""],
    ids=["cut", "update", "service", "no text", "nothing"],
)
def test_what_is_no_query_is_refused(run: Run, built_home: Path, query: bytes) -> None:
    done = run("query", home=built_home, stdin=query)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1


def test_a_remote_store_that_is_down_is_named(run: Run) -> None:
    done = run("query", "--store", "http://127.0.0.1:9/sparql", stdin=b"ASK {}")
    assert done.code == 1
    assert done.err.startswith("http://127.0.0.1:9/sparql: ")


def test_who_stops_reading_hears_no_complaint(built_home: Path) -> None:
    query = "SELECT * WHERE { ?s ?p ?o }"
    command = f"echo '{query}' | {PROGRAM} query --format csv | head -1"
    done = subprocess.run(
        command,
        shell=True,
        env=os.environ | {"MISSIONGRAPH_HOME": str(built_home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


def test_an_interrupted_build_is_130_and_publishes_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [PROGRAM, "build"],
        env=os.environ | {"MISSIONGRAPH_HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("merging"):
            process.send_signal(signal.SIGINT)
            break
    _, rest = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    assert "Traceback" not in rest
    assert Home(tmp_path).releases() == []


def test_missions_are_compared_in_a_table_or_a_file(
    run: Run, built_home: Path, tmp_path: Path
) -> None:
    missions = ("csiro-drought-resilience", "csiro-future-protein")
    shown = run("compare", *missions, "--dimension", "strategic-orientation", home=built_home)
    assert shown.code == 0
    assert "Drought Resilience Mission" in shown.out and "(disagreement)" in shown.out
    file = tmp_path / "comparison.csv"
    done = run("compare", *missions, "--format", "csv", "--output", file, home=built_home)
    assert (done.code, done.out) == (0, "")
    assert len(file.read_text().splitlines()) == 3
    for arguments, said in (
        (["compare"], "Nothing was named"),
        (["compare", "nowhere"], "not known as Mission"),
        (["compare", *missions, "--format", "docx"], "not a form of a comparison"),
    ):
        refused = run(*arguments, home=built_home)
        assert (refused.code, refused.out) == (2, "")
        assert said in refused.err


INVOLVED = ("explain", "mission/csiro-drought-resilience", "mg:involves", "actor/csiro")


def test_a_fact_is_explained_to_people_and_to_programs(run: Run, checked_release: Release) -> None:
    home = checked_release.folder.parent.parent
    told = run(*INVOLVED, home=home)
    assert told.code == 0
    assert "by the rule sub-property" in told.out and "(stated)" in told.out
    document = run(*INVOLVED, "--json", home=home).json
    assert isinstance(document, dict) and document["status"] == "inferred"
    unknown = run(*INVOLVED[:3], "actor/nobody", home=home)
    assert unknown.code == 2 and "does not hold" in unknown.err
    assert run(*INVOLVED[:2], "involves", "actor/csiro", home=home).code == 2


def test_what_follows_from_files_is_written(run: Run, tmp_path: Path) -> None:
    data, axioms, output = tmp_path / "data.ttl", tmp_path / "own.ttl", tmp_path / "out.nt"
    data.write_text(f"PREFIX mg: <{MG}> <x:m> mg:ledBy <x:a> ; <x:p> <x:b> .")
    assert run("infer", data).out == f"<x:m> <{MG}involves> <x:a> .\n"
    asked = run("infer", data, "--with", "domain-range", "--with", "other-vocabularies").out
    assert f"<{MG}Actor>" in asked and "prov#Agent" in asked
    axioms.write_text("<x:p> a <http://www.w3.org/2002/07/owl#SymmetricProperty> .")
    assert run("infer", data, "--ontology", axioms, "--output", output).out == ""
    assert output.read_text() == "<x:b> <x:p> <x:m> .\n"
    refused = run("infer", data, "--with", "magic")
    assert refused.code == 2 and "domain-range" in refused.err
