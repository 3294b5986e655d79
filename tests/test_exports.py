"""Exports: each form, written by the command, is read back by a program of its readers."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import networkx
import pandas as pd
import pytest
import rdflib
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Quad,
    RdfFormat,
    parse,
)
from rocrate.rocrate import ROCrate

from missiongraph import cli, resources
from missiongraph.exports.bibliography import escaped
from missiongraph.exports.forms import FORMS, Form, write_file
from missiongraph.exports.tables import SEPARATOR
from missiongraph.ingest.mapping_sets import read_mapping_set
from missiongraph.ingest.pipeline import Rooms, build
from missiongraph.names import ID, MG
from missiongraph.ontology import our_ontology
from missiongraph.releases import Home, Release
from missiongraph.settings import Settings

MISSION = f"{ID}mission/drought"
TITLE = "Costs & benefits: 50 % of {Ær_ø} #1, $2, a~b^c\\d"
SOURCE = r"""
source:
  id: source/report
  title: "Costs & benefits: 50 % of {Ær_ø} #1, $2, a~b^c\\d"
  creator: Institute of Rivers
  page: https://example.org/a_b?x=1%20&y=~z
  sourceKind: report
  issued: "2024-05"
  retrieved: "2026-11-01"
claims:
  - id: evidence/report/one
    pageNumber: 3
    summary: The mission wants less harm by drought.
    states:
      - id: mission/drought
        type: Mission
        label: {en: "Drought, \"half\"\nof it", da: Tørke}
        place: [{id: place/a, type: Place, label: A}, {id: place/b, type: Place, label: B}]
        ownedBy: {id: actor/institute, type: Actor, label: "=Institute"}
        hasTarget:
          id: target/drought
          type: Target
          label: Less harm
          targetValue: 0.123456789012345678
          unit: percent
          deadline: "2030"
"""
Export = Callable[..., Path]
VALIDATORS = resources.root() / ".clients" / "validators"


def needs_validators(test: Any) -> Any:
    """Mark what asks the validators of .ci/install-validators."""
    absent = not VALIDATORS.exists() and os.environ.get("CI") != "true"
    skip = pytest.mark.skipif(absent, reason="needs .ci/install-validators")
    return pytest.mark.validators(skip(test))


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Release]:
    """Two releases of one source, of which the second says more."""
    folder = tmp_path_factory.mktemp("releases")
    ours, data, settings = resources.root(), folder / "data", Settings(home=folder / "home")
    data.mkdir()
    rooms = Rooms(ours / "ontology", ours / "shapes", data)
    (data / "report.yaml").write_text(SOURCE.replace("deadline:", "baselineValue: 1 #"))
    first = build(settings, rooms=rooms).release
    (data / "report.yaml").write_text(SOURCE)
    return first, build(settings, rooms=rooms).release


@pytest.fixture
def export(
    releases: tuple[Release, Release], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Export:
    """Runs the command and returns what it wrote."""
    monkeypatch.setenv("MISSIONGRAPH_HOME", str(releases[1].folder.parents[1]))

    def run(form: str, name: str = "out", *more: str, code: int = 0) -> Path:
        with pytest.raises(SystemExit) as ended:
            cli.main(["export", form, "--output", str(tmp_path / name), *more])
        assert ended.value.code == code
        return tmp_path / name

    return run


def canonical(quads: Dataset) -> Dataset:
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return quads


def read(file: Path, form: RdfFormat) -> Dataset:
    return canonical(Dataset(parse(path=str(file), format=form)))


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def whole(releases: tuple[Release, Release]) -> Dataset:
    return read(releases[1].dump, RdfFormat.N_QUADS)


def test_n_quads_are_the_dump_itself(export: Export, releases: tuple[Release, Release]) -> None:
    assert export("nq").read_bytes() == releases[1].dump.read_bytes()


@pytest.mark.parametrize("form", [RdfFormat.TRIG, RdfFormat.JSON_LD], ids=["trig", "jsonld"])
def test_a_data_set_holds_every_statement_in_its_graph(
    export: Export, whole: Dataset, form: RdfFormat
) -> None:
    name = {RdfFormat.TRIG: "trig", RdfFormat.JSON_LD: "jsonld"}[form]
    assert read(export(name), form) == whole


def test_trig_names_each_graph_once(export: Export) -> None:
    graphs = [line for line in export("trig").read_text().splitlines() if line.endswith("{")]
    assert graphs
    assert len(set(graphs)) == len(graphs)


@pytest.mark.parametrize("form", ["trig", "json-ld"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib warns of its own parsers
def test_rdflib_reads_a_data_set(export: Export, form: str) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(export(form.replace("-", "")), format=form)
    evidence = dataset.graph(rdflib.URIRef(f"{ID}evidence/report/one"))
    owner = evidence.value(rdflib.URIRef(MISSION), rdflib.URIRef(f"{MG}ownedBy"))
    assert owner == rdflib.URIRef(f"{ID}actor/institute")


def test_turtle_holds_the_merged_graph(export: Export, whole: Dataset) -> None:
    file = export("ttl")
    merged = canonical(Dataset(whole.quads_for_graph_name(DefaultGraph())))
    assert read(file, RdfFormat.TURTLE) == merged
    triples = parse(rdflib.Graph().parse(file).serialize(format="nt"), format=RdfFormat.N_TRIPLES)
    assert canonical(Dataset(Quad(*quad.triple) for quad in triples)) == merged


def test_an_older_release_is_exported_by_its_id(
    export: Export, releases: tuple[Release, Release]
) -> None:
    file = export("nq", "old.nq", "--release", releases[0].id)
    assert file.read_bytes() == releases[0].dump.read_bytes() != releases[1].dump.read_bytes()


def test_pandas_reads_a_table_for_each_class(export: Export) -> None:
    missions = pd.read_csv(export("csv") / "mission.csv")
    (mission,) = missions.to_dict("records")
    assert mission["id"] == MISSION
    assert mission["label"] == 'Drought, "half"\nof it'
    assert mission["place"].split(SEPARATOR) == [f"{ID}place/a", f"{ID}place/b"]
    assert mission["hasTarget"] == f"{ID}target/drought"


def test_a_table_of_claims_keeps_what_the_others_leave_out(export: Export) -> None:
    claims = rows(export("csv") / "claims.csv")
    labels = {
        (row["value"], row["language"], row["evidence"])
        for row in claims
        if (row["thing"], row["property"]) == (MISSION, "label")
    }
    evidence = f"{ID}evidence/report/one"
    assert labels == {('Drought, "half"\nof it', "en", evidence), ("Tørke", "da", evidence)}
    (deadline,) = (row for row in claims if row["property"] == "deadline")
    assert (deadline["value"], deadline["datatype"]) == ("2030", "xsd:gYear")


def test_the_dictionary_tells_of_every_column_of_every_table(export: Export) -> None:
    folder = export("csv")
    told = {(row["table"], row["column"]): row for row in rows(folder / "data-dictionary.csv")}
    for file in folder.glob("*.csv"):
        if file.stem != "data-dictionary":
            with file.open(encoding="utf-8", newline="") as stream:
                columns = next(csv.reader(stream))
            assert [told[file.stem, column]["definition"] for column in columns]
    assert len(told) == sum(1 for _ in rows(folder / "data-dictionary.csv"))
    place = told["mission", "place"]
    assert (place["several"], place["iri"]) == ("yes", f"{MG}place")
    assert place["definition"] == our_ontology().properties["place"].definition
    assert all(row["definition"] for row in told.values())


def test_a_zip_file_holds_the_same_tables(export: Export) -> None:
    folder = export("csv", "folder")
    with zipfile.ZipFile(export("csv", "tables.zip")) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == {file.name: file.read_bytes() for file in folder.iterdir()}


def test_parquet_keeps_numbers_exactly(export: Export) -> None:
    folder = export("parquet")
    assert {file.suffix for file in folder.iterdir()} == {".parquet"}
    targets = pd.read_parquet(folder / "target.parquet")
    assert list(targets["targetValue"]) == [Decimal("0.123456789012345678")]
    evidence = pd.read_parquet(folder / "evidence.parquet")
    assert evidence["pageNumber"].to_list() == [3]
    assert list(pd.read_parquet(folder / "actor.parquet")["label"]) == ["=Institute"]


def test_networkx_reads_the_network(export: Export) -> None:
    network = networkx.read_graphml(export("graphml"))
    assert network.nodes[MISSION]["kind"] == "Mission"
    relations = networkx.get_edge_attributes(network, "relation")
    owned = [e for e, relation in relations.items() if relation == "ownedBy"]
    assert [edge[:2] for edge in owned] == [(MISSION, f"{ID}actor/institute")]


def test_networkx_reads_gexf_too(export: Export) -> None:
    network = networkx.read_gexf(export("gexf"))
    assert network.nodes[MISSION]["label"] == 'Drought, "half"\nof it'
    assert network.has_edge(MISSION, f"{ID}actor/institute")


def test_sqlite_answers_from_the_tables(export: Export) -> None:
    with contextlib.closing(sqlite3.connect(export("sqlite"))) as database:
        rows = database.execute(
            "SELECT m.id, t.targetValue, typeof(t.targetValue), e.pageNumber"
            " FROM mission m JOIN target t ON t.id = m.hasTarget, evidence e"
        ).fetchall()
    assert rows == [(MISSION, 0.123456789012345678, "real", 3)]


def test_duckdb_answers_from_the_tables_with_exact_numbers(export: Export) -> None:
    with duckdb.connect(str(export("duckdb")), read_only=True) as database:
        rows = database.execute(
            "SELECT m.label, t.targetValue FROM mission m JOIN target t ON t.id = m.hasTarget"
        ).fetchall()
    assert rows == [('Drought, "half"\nof it', Decimal("0.123456789012345678"))]


@needs_validators
@pytest.mark.parametrize(
    ("validator", "file"),
    [("frictionless validate", "datapackage.json"), ("csvwvalidate", "csv-metadata.json")],
    ids=["frictionless", "csvw"],
)
class TestAValidatorOfTables:
    def check(self, folder: Path, validator: str, file: str) -> subprocess.CompletedProcess[str]:
        command = [str(VALIDATORS / "bin" / validator.partition(" ")[0]), *validator.split()[1:]]
        return subprocess.run(
            [*command, file], check=False, cwd=folder, capture_output=True, text=True
        )

    def test_finds_the_tables_as_they_are_described(
        self, export: Export, validator: str, file: str
    ) -> None:
        done = self.check(export("csv"), validator, file)
        assert done.returncode == 0, done.stdout + done.stderr

    def test_finds_a_cell_that_is_not(self, export: Export, validator: str, file: str) -> None:
        folder = export("csv")
        targets = (folder / "target.csv").read_text()
        (folder / "target.csv").write_text(targets.replace("0.123456789012345678", "a little"))
        done = self.check(folder, validator, file)
        assert done.returncode != 0, done.stdout + done.stderr


def test_descriptions_name_the_property_of_each_column(export: Export) -> None:
    folder = export("csv")
    package = json.loads((folder / "datapackage.json").read_text())
    (missions,) = (r for r in package["resources"] if r["name"] == "mission")
    fields = {field["name"]: field for field in missions["schema"]["fields"]}
    assert fields["hasTarget"]["rdfType"] == f"{MG}hasTarget"
    assert missions["bytes"] == (folder / "mission.csv").stat().st_size
    csvw = json.loads((folder / "csv-metadata.json").read_text())
    (missions,) = (t for t in csvw["tables"] if t["url"] == "mission.csv")
    columns = {c["name"]: c for c in missions["tableSchema"]["columns"]}
    assert columns["place"]["separator"] == SEPARATOR
    assert "separator" not in columns["hasTarget"]


def test_a_zip_file_has_the_crate_that_its_own_library_reads(
    export: Export, releases: tuple[Release, Release], tmp_path: Path
) -> None:
    with zipfile.ZipFile(export("rocrate", "crate.zip")) as archive:
        archive.extractall(tmp_path / "crate")
    crate = ROCrate(tmp_path / "crate")
    parts = {part.id for part in crate.root_dataset["hasPart"]}
    on_disk = {
        str(file.relative_to(tmp_path / "crate"))
        for file in (tmp_path / "crate").rglob("*")
        if file.is_file()
    }
    assert parts == on_disk - {"ro-crate-metadata.json"}
    assert crate.root_dataset["license"].id == "https://creativecommons.org/licenses/by/4.0/"
    assert crate.root_dataset["version"] == releases[1].id
    dump = (tmp_path / "crate" / f"{releases[1].id}.nq").read_bytes()
    assert dump == releases[1].dump.read_bytes()


def test_mapping_sets_come_out_as_they_went_in(sample_release: Release, tmp_path: Path) -> None:
    FORMS["sssom"].write(sample_release, tmp_path)
    original, dump = resources.root() / "data" / "mappings", sample_release.dump.read_text()
    written = sorted(file.name for file in tmp_path.iterdir())
    assert {"missions.sssom.tsv", "organisations-ror.sssom.tsv"} <= set(written)
    for name in written:
        ours, theirs = read_mapping_set(original / name), read_mapping_set(tmp_path / name)
        bare = [{replace(m, labels=("", ""), date="") for m in s.matches} for s in (ours, theirs)]
        assert bare[1] <= bare[0]  # the sample leaves some out
        assert len(bare[1]) == dump.count(f"<{ours.iri}> <https://w3id.org/sssom/mappings>") / 2
        assert (ours.iri, ours.title, ours.version, ours.license) == (
            theirs.iri, theirs.title, theirs.version, theirs.license,
        )  # fmt: skip


def test_zotero_s_form_has_each_source_with_its_dates(export: Export) -> None:
    (item,) = json.loads(export("csl").read_text(encoding="utf-8"))
    assert (item["id"], item["type"], item["title"]) == ("report", "report", TITLE)
    assert item["author"] == [{"literal": "Institute of Rivers"}]
    assert item["issued"] == {"date-parts": [[2024, 5]]}
    assert item["accessed"] == {"date-parts": [[2026, 11, 1]]}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_is_written_to_one_file(
    releases: tuple[Release, Release], tmp_path: Path, form: Form
) -> None:
    file = tmp_path / f"release{form.ending}"
    write_file(form, releases[1], file)
    assert file.stat().st_size > 0
    assert list(tmp_path.iterdir()) == [file]


def test_a_bibtex_reader_finds_each_source_with_its_title_as_it_is(export: Export) -> None:
    text = export("bibtex").read_text(encoding="utf-8")
    library = parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert library.failed_blocks == []
    (entry,) = library.entries
    fields = {key: found.value for key, found in entry.fields_dict.items()}
    assert entry.key == "report"
    circumflex = "\u02c6"  # as this reader decodes \textasciicircum
    assert fields["title"].replace(circumflex, "^") == TITLE
    assert fields["author"] == "Institute of Rivers"
    assert (fields["date"], fields["year"], fields["month"]) == ("2024-05", "2024", "may")
    assert fields["urldate"] == "2026-11-01"
    assert "url = {https://example.org/a_b?x=1%20&y=~z}," in text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), max_size=40))
def test_no_text_ends_its_field_in_bibtex(text: str) -> None:
    entry = f"@misc{{a,\n  title = {{{{{escaped(text)}}}}},\n}}\n"
    library = parse_string(entry)
    assert library.failed_blocks == []
    (found,) = library.entries
    assert found.fields_dict["title"].value == f"{{{escaped(text)}}}"


def test_a_folder_with_files_is_left_alone(export: Export, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "mine.csv").write_text("mine")
    export("csv", "kept", code=2)
    assert [file.name for file in (tmp_path / "kept").iterdir()] == ["mine.csv"]


def test_what_cannot_be_written_leaves_no_file(
    export: Export, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export("xml", code=2)
    assert f"Write one of: {', '.join(FORMS)}." in (capsys.readouterr().err)
    export("nq", "out.nq", "--release", "nothing", code=2)
    assert list(tmp_path.iterdir()) == []


def test_tables_need_a_place(
    releases: tuple[Release, Release],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MISSIONGRAPH_HOME", str(Home(releases[1].folder.parents[1]).folder))
    with pytest.raises(SystemExit) as ended:
        cli.main(["export", "csv"])
    assert ended.value.code == 2
    assert "Name a folder or a .zip file." in capsys.readouterr().err
