"""The connector of tables: CSV, XLSX and Parquet in, triples and a list of bad cells out."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from missiongraph.errors import BadDocument, UnreadableDump
from missiongraph.ingest.connectors import find_connector
from missiongraph.ingest.connectors.table import CONNECTOR
from missiongraph.ingest.pipeline import build
from missiongraph.ingest.staging import UNREADABLE, StagedSource, stage, staged_sources
from missiongraph.names import ID
from missiongraph.releases import Home
from missiongraph.settings import Settings

MAPPING = """\
table: {{file: {file}}}
source: {{id: source/example, title: An example, page: "https://example.org/", sourceKind: data-set}}
things:
  - id: project/table-{{Number}}
    type: Project
    label: "{{Title}}"
    startDate: "{{Start}}"
    topic: "{{Topic}}"
    hasFunding:
      when: "{{Budget}}"
      id: funding/table-{{Number}}
      type: Funding
      label: Budget of {{Title}}
      amount: "{{Budget|number}}"
      currency: EUR
"""
HEADER = ["Number", "Title", "Start", "Topic", "Budget"]
ROWS: Sequence[Sequence[Any]] = [
    [1, "Clean rivers", date(2023, 1, 3), "Rivers", 1250000.5],
    [2, "Soils", None, None, 3.0],
]


def written(folder: Path, ending: str, rows: Sequence[Sequence[Any]] = ROWS) -> Path:
    """Write a table and its mapping, and return the mapping."""
    table = folder / f"portfolio.{ending}"
    if ending == "csv":
        with table.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([HEADER, *rows])
    elif ending == "xlsx":
        book = openpyxl.Workbook()
        for row in (HEADER, *rows):
            book["Sheet"].append(list(row))
        book.save(table)
    else:
        pl.DataFrame(rows, schema=HEADER, orient="row").write_parquet(table)
    mapping = folder / "portfolio.table.yaml"
    mapping.write_text(MAPPING.format(file=table.name), encoding="utf-8")
    return mapping


def staged(folder: Path, path: Path) -> tuple[StagedSource, str, list[list[str]]]:
    """Stage a table; return what became of it, the triples, and the list of what is unreadable."""
    home = Home(folder / "home")
    done = stage(home, CONNECTOR, path)
    (found,) = staged_sources(home)
    with (found.folder / UNREADABLE).open(encoding="utf-8", newline="") as stream:
        listed = list(csv.reader(stream))[1:]
    return done, "".join(file.read_text(encoding="utf-8") for file in found.stated()), listed


def test_it_is_found_by_its_name() -> None:
    assert find_connector("table") is CONNECTOR


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_a_table_of_any_form_gives_the_same_triples(tmp_path: Path, ending: str) -> None:
    done, triples, listed = staged(tmp_path, written(tmp_path, ending))
    assert (done.inputs[0].rows, done.inputs[0].taken, listed) == (2, 2, [])
    assert sorted(triples.replace(ID, "").splitlines()) == sorted(EXPECTED)


XSD = "http://www.w3.org/2001/XMLSchema#"
MG = "https://w3id.org/missiongraph/ontology#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
EUR = "<http://publications.europa.eu/resource/authority/currency/EUR>"
EXPECTED = [
    line
    for number, title, amount in (("1", "Clean rivers", "1250000.5"), ("2", "Soils", "3"))
    for line in (
        f"<project/table-{number}> {TYPE} <{MG}Project> .",
        f'<project/table-{number}> {LABEL} "{title}"@en .',
        f"<project/table-{number}> <http://purl.org/dc/terms/source> <source/example> .",
        f"<project/table-{number}> <{MG}hasFunding> <funding/table-{number}> .",
        f"<funding/table-{number}> {TYPE} <{MG}Funding> .",
        f'<funding/table-{number}> {LABEL} "Budget of {title}"@en .',
        f'<funding/table-{number}> <{MG}amount> "{amount}"^^<{XSD}decimal> .',
        f"<funding/table-{number}> <{MG}currency> {EUR} .",
    )
] + [
    f'<project/table-1> <{MG}startDate> "2023-01-03"^^<{XSD}date> .',
    f'<project/table-1> <{MG}topic> "Rivers" .',
]


def test_a_bad_cell_is_listed_and_its_row_kept(tmp_path: Path) -> None:
    rows = [[1, "Clean rivers", "soon", "", ""], [2, "Soils", "", "", "a lot"]]
    done, triples, listed = staged(tmp_path, written(tmp_path, "csv", rows))
    assert done.inputs[0].taken == 2
    assert [line[1:4] + line[5:] for line in listed] == [
        ["2", "Start", "soon", "True"],
        ["3", "Budget", "a lot", "True"],
    ]
    assert "project/table-2>" in triples
    assert "startDate" not in triples


def test_a_row_that_gives_nothing_is_quarantined_and_none_is_lost(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["", "No number", "", "", ""],
        ["x y", "Bad id", "", "", ""],
        [3, "Good", "", "", ""],
    ]
    done, triples, listed = staged(tmp_path, written(tmp_path, "csv", rows))
    found = done.inputs[0]
    assert (found.rows, found.taken, found.quarantined) == (3, 1, 2)
    assert [line[1] for line in listed] == ["2", "3"]
    assert "No number" not in triples


def test_what_is_staged_takes_part_in_the_next_build(tmp_path: Path) -> None:
    staged(tmp_path, written(tmp_path, "csv"))
    release = build(Settings(home=tmp_path / "home"), ["eu-country-authority"]).release
    assert f"<{ID}project/table-1>" in release.dump.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.xlsx", b"PK\x03\x04broken"), ("x.xlsx", b""), ("x.parquet", b"PAR1"), ("x.csv", b"\xff")],
)
def test_a_table_that_is_none_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    mapping = tmp_path / "x.table.yaml"
    mapping.write_text(MAPPING.format(file=name), encoding="utf-8")
    with pytest.raises(BadDocument, match="cannot be read"):
        CONNECTOR.discover(mapping)


def test_a_folder_without_mappings_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDump, match="no mapping"):
        CONNECTOR.discover(tmp_path)
