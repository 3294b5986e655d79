"""Claims as a table: what it says is what YAML says, and a mistake is found in its cell."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal

from missiongraph.api.validation import EXAMPLE
from missiongraph.ingest.documents import check_document, check_documents, read_document
from missiongraph.ingest.mistakes import Mistake
from missiongraph.ingest.pipeline import Rooms
from missiongraph.ontology import our_ontology

ONTOLOGY = our_ontology()
YAML = """\
source:
  id: source/example-plan
  title: An example plan
  page: https://example.org/plan.pdf
  sourceKind: report
claims:
  - id: evidence/example-plan/rivers-are-to-be-clean
    pageNumber: 12
    summary: Rivers are to be clean.
    states:
      - id: mission/clean-rivers
        type: Mission
        label: {en: Clean Rivers, da: Rene floder}
        place: [place/denmark, place/norway]
        hasTarget: {id: target/example-rivers, type: Target, targetValue: 50, deadline: "2035"}
      - id: mission/example-lakes
        type: Mission
        label: Clean Lakes
  - id: evidence/example-plan/begun
    section: Chronicle
    summary: The rivers' mission began in 2024.
    states:
      - id: mission/clean-rivers
        startDate: "2024"
"""
ROWS = """\
source.id,source.title,source.page,source.sourceKind,evidence,summary,pageNumber,section,id,type,\
label,label.da,place,startDate,hasTarget.id,hasTarget.type,hasTarget.targetValue,hasTarget.deadline
source/example-plan,An example plan,https://example.org/plan.pdf,report,,Rivers are to be clean.,12,,,Mission,\
Clean Rivers,Rene floder,place/denmark|place/norway,,target/example-rivers,Target,50,2035
,,,,,,,,mission/example-lakes,Mission,Clean Lakes,,,,,,,
,,,,evidence/example-plan/begun,The rivers' mission began in 2024.,,Chronicle,mission/clean-rivers,,,,,2024,,,,
""".splitlines()
TABLE = "\n".join(ROWS) + "\n"


def checked(folder: Path, text: str) -> tuple[Mistake, ...]:
    file = folder / "plan.csv"
    file.write_text(text, encoding="utf-8")
    return check_document(file, ONTOLOGY)[1]


def test_a_table_says_what_the_same_claims_in_yaml_say(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(YAML)
    (tmp_path / "plan.csv").write_text(TABLE)
    table, yaml = (read_document(tmp_path / f"plan.{kind}", ONTOLOGY) for kind in ("csv", "yaml"))
    assert set(map(str, table.quads())) == set(map(str, yaml.quads()))


@pytest.mark.parametrize("delimiter", [";", "\t"], ids=["semicolon", "spreadsheet"])
def test_other_delimiters_are_read_alike(tmp_path: Path, delimiter: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(csv.reader(ROWS))
    (tmp_path / "plan.csv").write_text("\ufeff" + stream.getvalue(), newline="")
    (tmp_path / "plan.yaml").write_text(YAML)
    table, yaml = (read_document(tmp_path / f"plan.{kind}", ONTOLOGY) for kind in ("csv", "yaml"))
    assert set(map(str, table.quads())) == set(map(str, yaml.quads()))


@pytest.mark.parametrize(
    ("right", "wrong", "row", "column", "phrase"),
    [
        (",2024,", ",2o24,", 4, 14, "2o24"),
        (",50,", ",fifty,", 2, 17, "not a number"),
        (",12,", ",p. 12,", 2, 7, "whole number"),
        (",Mission,Clean Lakes", ",Mision,Clean Lakes", 3, 10, "not a class"),
        ("place/norway", "Norway", 2, 13, "Norway"),
        ("source.title", "source.titel", 2, 2, "titel"),
        (",label,", ",lable,", 1, 11, "not a term"),
        (",label,", ",id,", 1, 11, "twice"),
        (",label.da,", ",label.,", 1, 12, "no key"),
        (",label.da,", ",,", 1, 12, "no name"),
        ("source.id", "sourceless", 1, 1, "what its source is"),
        (",,,,,,,,mission/example-lakes", ",Another,,,,,,,mission/example-lakes", 3, 2, "Another"),
        (",,,,,,,,mission/example-lakes", ",,,,,,13,,mission/example-lakes", 3, 7, "12"),
        ("Clean Lakes,,,,,,,", "Clean Lakes,,,,,,,,more", 3, 19, "no column"),
        (",Clean Lakes", ',"Clean Lakes', 3, 1, "cannot be read"),
        ("Rivers are to be clean.", "", 2, 1, "no summary"),
        (TABLE, ROWS[0], 1, 1, "no claims"),
        (TABLE, "", 1, 1, "no rows"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_in_its_cell(
    tmp_path: Path, right: str, wrong: str, row: int, column: int, phrase: str
) -> None:
    assert right in TABLE
    assert checked(tmp_path, TABLE) == ()
    text = TABLE.replace(right, wrong, 1)
    if wrong == "sourceless":  # a table that names no source at all
        text = text.replace("source.", "").replace("sourceless", "identifier", 1)
    found = [m for m in checked(tmp_path, text) if (m.line, m.column) == (row, column)]
    assert any(phrase in mistake.what for mistake in found), checked(tmp_path, text)


def test_ids_are_looked_up_in_the_other_files(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    known = [
        Rooms.ours().data / f"{name}.yaml" for name in ("eu-country-authority", "opsi-webinar-2021")
    ]
    for right in (TABLE, EXAMPLE):
        file.write_text(right)
        assert check_documents([file], ONTOLOGY, known)[1] == []
    file.write_text(TABLE.replace("place/denmark", "place/denmrk"))
    (mistake,) = check_documents([file], ONTOLOGY, known)[1]
    assert (mistake.line, mistake.column) == (2, 13)
    assert "place/denmark" in mistake.remedy


def test_a_table_in_the_data_is_built_with_the_others(tmp_path: Path) -> None:
    for name in ("plan.csv", "plan.yaml"):
        (tmp_path / name).touch()
    rooms = Rooms(tmp_path, tmp_path, tmp_path)
    assert rooms.sources() == {"plan": tmp_path / "plan.yaml", "plan.csv": tmp_path / "plan.csv"}


@settings(max_examples=60)
@given(label=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1))
def test_any_text_comes_out_of_its_cell_as_it_was_written(
    label: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = list(csv.reader(ROWS))
    rows[2][10] = f"a{label}z"
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    file = tmp_path_factory.getbasetemp() / "label.csv"
    file.write_text(stream.getvalue(), encoding="utf-8", newline="")
    document, mistakes = check_document(file, ONTOLOGY)
    if document is None:  # what no text may hold is told, in its cell
        assert {(m.line, m.column) for m in mistakes} == {(3, 11)}
    else:
        assert Literal(f"a{label}z", language="en") in {quad.object for quad in document.quads()}


@settings(max_examples=60)
@given(text=st.text(alphabet=',;\t\n\r"\\ aé.|source.id\0\u2028', max_size=80))
def test_whatever_is_pasted_is_told_and_never_fails(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "pasted.csv"
    file.write_text(text, encoding="utf-8", newline="")
    assert check_document(file, ONTOLOGY)[1]
