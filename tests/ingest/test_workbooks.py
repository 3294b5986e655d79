"""Spreadsheets of curated claims: what the template offers, and what is read back, cell by cell."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from libreoffice import XLSX, convert, needs_libreoffice
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from rooms import rooms_with, write_source

from missiongraph import resources
from missiongraph.cli.terminal import plain
from missiongraph.diagnostics import WRITERS
from missiongraph.ingest.documents import check_document, check_documents, read_document
from missiongraph.ingest.mistakes import Mistake
from missiongraph.ingest.pipeline import build
from missiongraph.ingest.shapes_facts import ShapesFacts
from missiongraph.ingest.sheets import in_words
from missiongraph.ingest.workbook_start import Start
from missiongraph.ingest.workbook_template import write_workbook
from missiongraph.ontology import Kind, Ontology, our_ontology
from missiongraph.settings import Settings
from missiongraph.table_files import cell_text

ONTOLOGY = our_ontology()
ROOT = resources.root()
SHAPES = ShapesFacts.read(ROOT / "shapes")
PASSAGE = "evidence/report/one"
SOURCE = {"Id": "source/report", "Title": "A report", "Page": "https://example.org/report"}
MISSION = {"Evidence": PASSAGE, "Id": "mission/x", "Type": "Mission", "Label": "X"}
Cells = Mapping[str, Any]


def lines(*rows: Cells) -> list[list[Any]]:
    """Return rows below their headings."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return [headings, *([row.get(heading) for heading in headings] for row in rows)]


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def report(**sheets: Sequence[Sequence[Any]]) -> openpyxl.Workbook:
    """Return a workbook of one passage that says something of one mission."""
    evidence = {"Id": PASSAGE, "Summary": "X is a mission.", "Page number": 3}
    usual = {"Source": lines(SOURCE), "Evidence": lines(evidence), "Mission": lines(MISSION)}
    return workbook(usual | {name.replace("_", " "): rows for name, rows in sheets.items()})


def saved(folder: Path, book: openpyxl.Workbook, name: str = "report.xlsx") -> Path:
    book.save(folder / name)
    return folder / name


def told(folder: Path, book: openpyxl.Workbook) -> list[tuple[str, str]]:
    """Return the cells that are wrong, and what is."""
    document, mistakes = check_document(saved(folder, book), ONTOLOGY)
    assert (document is None) == bool(mistakes)
    return [(mistake.cell, mistake.what) for mistake in mistakes]


def quads_of(file: Path) -> list[str]:
    return sorted(map(str, read_document(file, ONTOLOGY).quads()))


def template(start: Start, ontology: Ontology = ONTOLOGY) -> openpyxl.Workbook:
    return openpyxl.load_workbook(
        io.BytesIO(write_workbook(ontology, SHAPES, start, "report.xlsx"))
    )


@pytest.fixture(scope="module")
def blank() -> openpyxl.Workbook:
    """The template, to be looked at only."""
    return template(Start.of_slug("report", date(2026, 11, 25)))


def headings(sheet: Worksheet) -> dict[str, str]:
    """Return the letters of columns by heading."""
    return {str(cell.value): get_column_letter(cell.column or 1) for cell in sheet[1]}


def rule_of(sheet: Worksheet, heading: str) -> DataValidation:
    letter = headings(sheet)[heading]
    rules: list[DataValidation] = sheet.data_validations.dataValidation
    (rule,) = (rule for rule in rules if str(rule.sqref).startswith(f"{letter}2:"))
    return rule


def choices(sheet: Worksheet, heading: str) -> list[str]:
    """Return what a drop-down offers."""
    name, _, cells = str(rule_of(sheet, heading).formula1).rpartition("!")
    assert sheet.parent is not None
    return [str(cell.value) for (cell,) in sheet.parent[name.strip("'")][cells]]


def test_every_class_has_a_sheet_and_every_property_a_column_with_its_meaning(
    blank: openpyxl.Workbook,
) -> None:
    for name, class_ in ONTOLOGY.classes.items():
        own = {p.key: p for p in ONTOLOGY.properties.values() if name in p.domain and not p.derived}
        if class_.is_concept or not own:
            continue
        by_segment = {other.segment: other.name for other in reversed([*ONTOLOGY.classes.values()])}
        sheet = blank[in_words("Actor" if name == "GovernanceBody" else by_segment[class_.segment])]
        for key, prop in own.items():
            note = sheet[f"{headings(sheet)[in_words(key)]}1"].comment
            assert note is not None
            assert note.text.startswith(prop.definition)
            assert str(rule_of(sheet, in_words(key)).prompt)[:100] == note.text[:100]


def test_concepts_classes_and_truth_values_are_drop_downs(blank: openpyxl.Workbook) -> None:
    seen = 0
    for sheet in blank.worksheets:
        for prop in ONTOLOGY.properties.values():
            if prop.kind is Kind.CONCEPT and in_words(prop.key) in headings(sheet):
                slugs = {s for scheme in prop.schemes for s in ONTOLOGY.schemes[scheme]}
                offered = choices(sheet, in_words(prop.key))
                assert {each.rpartition("/")[2] for each in offered} == slugs
                seen += 1
    assert seen > 40
    assert choices(blank["Mission"], "Mission type")[0].startswith("accelerator-transformer/")
    assert choices(blank["Actor"], "Type") == ["Actor", "GovernanceBody"]
    assert choices(blank["Target"], "Approximate") == ["true", "false"]
    assert choices(blank["Mission"], "Evidence")[0] == "evidence/report/first-passage"
    assert blank["Lists"].sheet_state == "hidden"


def test_numbers_have_the_bounds_of_the_shapes_and_dates_stay_as_they_are_typed(
    blank: openpyxl.Workbook,
) -> None:
    share = rule_of(blank["Funding"], "Share")
    assert (share.type, share.formula1, share.formula2) == ("decimal", "0", "1")
    target = blank["Target"]
    assert rule_of(target, "Target value").type == "decimal"
    assert target.column_dimensions[headings(target)["Deadline"]].number_format == "@"


def test_what_must_be_filled_is_darker_than_what_should_and_that_than_the_rest(
    blank: openpyxl.Workbook,
) -> None:
    def colour(sheet: str, heading: str) -> str:
        return str(blank[sheet][f"{headings(blank[sheet])[heading]}1"].fill.fgColor.rgb)

    dark = {colour("Source", name) for name in ("Id", "Title", "Page")}
    dark |= {colour("Evidence", "Summary"), colour("Mission", "Evidence")}
    dark |= {colour("Mission", "Label")}
    middle = {colour("Mission", name) for name in ("Status", "Place", "Has target")}
    light = {colour("Mission", name) for name in ("Aim", "Homepage")}
    light |= {colour("Source", "Label"), colour("Evidence", "Page")}  # made by the build
    assert len(dark) == len(middle) == len(light) == 1
    assert len(dark | middle | light) == 3
    note = blank["Mission"][f"{headings(blank['Mission'])['Status']}1"].comment
    assert note is not None
    assert (
        SHAPES.advice[ONTOLOGY.classes["Mission"].iri][ONTOLOGY.properties["status"].iri]
        in note.text
    )


def test_a_new_concept_and_a_new_property_are_in_the_next_template(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    with (tmp_path / "ontology/vocabularies/status.ttl").open("a") as stream:
        stream.write(
            "\n<https://w3id.org/missiongraph/concept/status/dreamt-of> a skos:Concept ; "
            "skos:inScheme <https://w3id.org/missiongraph/concept/status> .\n"
        )
    with (tmp_path / "ontology/missiongraph.ttl").open("a") as stream:
        stream.write(
            '\nmg:nickname a owl:DatatypeProperty ; mg:valueKind "text" ; rdfs:domain mg:Mission ; '
            'skos:definition "What people call it."@en .\n'
        )
    book = template(Start.of_slug("report", date(2026, 11, 25)), Ontology(tmp_path / "ontology"))
    assert "dreamt-of" in choices(book["Mission"], "Status")
    note = book["Mission"][f"{headings(book['Mission'])['Nickname']}1"].comment
    assert note is not None
    assert note.text.startswith("What people call it.")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A curated file with dates, numbers, languages and lists, and the workbook made of it."""
    folder = tmp_path_factory.mktemp("filled")
    yaml = folder / "report.yaml"
    yaml.write_text(
        """\
source:
  id: source/report
  title: {en: "=A report", da: En rapport}
  creator: [Office of A, Office of B]
  page: https://example.org/report
  issued: "2021-09-17"
  retrieved: "2026-11"
claims:
  - id: evidence/report/one
    pageNumber: 3
    summary: X wants a tenth less by 2030.
    states:
      - id: mission/x
        type: Mission
        label: {en: "-X", da: Ææ}
        altLabel: [One, "Two; and three"]
        missionType: [oecd-mission-type/thematic, accelerator-transformer/accelerator]
        place: [{id: place/a, type: Place, label: A}, {id: place/b, type: Place, label: B}]
        startDate: "1850-01-02"
        hasTarget:
          id: target/x
          targetValue: 0.123456789012345678
          baselineValue: 12.5
          approximate: true
          unit: percent
          deadline: "2030"
      - id: concept:dimension/policy-coordination
        definedBy: {id: actor/a, type: GovernanceBody, label: A}
  - id: evidence/report/two
    section: |-
      Lines
      of a heading
    summary: X ends on a day.
    states:
      - {id: mission/x, endDate: "2030-06-30", minDuration: P5Y}
""",
        encoding="utf-8",
    )
    document = read_document(yaml, ONTOLOGY)
    start = Start.of_claims(document.source, document.passages, ONTOLOGY)
    book = folder / "report.xlsx"
    book.write_bytes(write_workbook(ONTOLOGY, SHAPES, start, book.name))
    return yaml, book


def test_a_curated_file_written_as_a_workbook_says_the_same(filled: tuple[Path, Path]) -> None:
    yaml, book = filled
    assert quads_of(book) == quads_of(yaml)
    sheets = openpyxl.load_workbook(book)
    end = sheets["Mission"][f"{headings(sheets['Mission'])['End date']}4"]
    assert (end.value, end.number_format) == (datetime(2030, 6, 30), "yyyy-mm-dd")
    target = sheets["Target"]
    assert [
        target[f"{headings(target)[name]}2"].data_type for name in ("Baseline value", "Id")
    ] == [*("n", "s")]
    assert target[f"{headings(target)['Target value']}2"].value == "0.123456789012345678"
    assert sheets["Source"]["C2"].quotePrefix or sheets["Source"]["B2"].quotePrefix


def test_a_source_of_ours_comes_back_from_a_workbook_as_it_is(tmp_path: Path) -> None:
    name = "opsi-webinar-2021"
    yaml = ROOT / "data" / f"{name}.yaml"
    document = read_document(yaml, ONTOLOGY)
    start = Start.of_claims(document.source, document.passages, ONTOLOGY)
    book = tmp_path / f"{name}.xlsx"
    book.write_bytes(write_workbook(ONTOLOGY, SHAPES, start, book.name))
    assert quads_of(book) == quads_of(yaml)


@pytest.mark.slow
@needs_libreoffice
def test_libreoffice_opens_it_keeps_drop_downs_and_notes_and_saves_the_same_claims(
    filled: tuple[Path, Path], tmp_path: Path
) -> None:
    yaml, book = filled
    again = convert(book, XLSX, tmp_path)
    assert quads_of(again) == quads_of(yaml)
    before, after = openpyxl.load_workbook(book), openpyxl.load_workbook(again)
    assert after.sheetnames == before.sheetnames
    assert after["Lists"].sheet_state == "hidden"
    for heading in ("Status", "Governance level", "Mission type", "Evidence"):
        assert choices(after["Mission"], heading) == choices(before["Mission"], heading)
    noted = [cell for cell in before["Mission"][1] if cell.comment]
    assert len(noted) > 50
    for cell in noted:
        note = after["Mission"][cell.coordinate].comment
        assert note is not None and cell.comment is not None
        assert note.text.split() == cell.comment.text.split()


TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1
).filter(str.strip)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(TEXTS)
@example("_x0041_ =1+1 <&> \U0001f600  two")
@example("a\nb")
def test_any_text_of_a_cell_is_taken_as_it_is(tmp_path: Path, text: str) -> None:
    book = report(Mission=lines(MISSION | {"Aim": "…"}))
    sheet = book["Mission"]
    cell = sheet["E2"]
    cell.value, cell.data_type = cell_text(text), "s"
    document = read_document(saved(tmp_path, book), ONTOLOGY)
    (mission,) = document.passages[0].states
    assert mission.texts("aim") == (("en", text),)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    )
)
def test_a_number_of_a_cell_is_the_number_that_is_seen(tmp_path: Path, number: Decimal) -> None:
    target = {"Evidence": PASSAGE, "Id": "target/x", "Type": "Target", "Target value": number}
    document = read_document(saved(tmp_path, report(Target=lines(target))), ONTOLOGY)
    (found,) = (node for node in document.passages[0].states if node.id == "target/x")
    assert Decimal(found.text("targetValue")) == number


def merged(book: openpyxl.Workbook) -> openpyxl.Workbook:
    book["Mission"].merge_cells("D2:D3")
    return book


def shown_as(book: openpyxl.Workbook, sheet: str, cell: str, form: str) -> openpyxl.Workbook:
    book[sheet][cell].number_format = form
    return book


def mission(**facts: Any) -> openpyxl.Workbook:
    named = {in_words(key): value for key, value in facts.items()}
    return report(Mission=lines(MISSION | named))


def target(**facts: Any) -> openpyxl.Workbook:
    row = {"Evidence": PASSAGE, "Id": "target/x", "Type": "Target"}
    return report(Target=lines(row | {in_words(key): value for key, value in facts.items()}))


WRONG: dict[str, tuple[openpyxl.Workbook, str, str]] = {
    "a-formula": (target(targetValue="=1+1"), "Target!D2", 'The cell "=1+1" holds a formula.'),
    "an-error": (target(targetValue="#DIV/0!"), "Target!D2", "holds an error of the spreadsheet."),
    "a-decimal-comma": (
        target(targetValue="1,5"),
        "Target!D2",
        'targetValue "1,5" is not a number.',
    ),
    "per-cent": (
        shown_as(target(targetValue=0.3), "Target", "D2", "0%"),
        "Target!D2",
        "The cell shows per cent and holds 0.3.",
    ),
    "a-date-as-text": (mission(endDate="30.6.2030"), "Mission!E2", "is not a date."),
    "a-month-made-a-day": (
        shown_as(mission(endDate=date(2030, 6, 1)), "Mission", "E2", "mmm-yy"),
        "Mission!E2",
        "The cell shows no day and holds 2030-06-01.",
    ),
    "a-time-of-day": (mission(endDate=datetime(2030, 6, 1, 9)), "Mission!E2", "a time of day"),
    "a-text-made-a-date": (mission(aim=date(2030, 1, 2)), "Mission!E2", "holds a date or time"),
    "a-text-made-a-time": (mission(aim=time(9, 30)), "Mission!E2", "holds a date or time"),
    "a-concept-unknown": (mission(governanceLevel="federal"), "Mission!E2", "is not a concept"),
    "one-of-several": (
        mission(policyField="culture; clmate"),
        "Mission!E2",
        'policyField "clmate" is not a concept',
    ),
    "an-id": (mission(place="Denmark"), "Mission!E2", 'place "Denmark" is not an id.'),
    "a-heading-renamed": (
        mission(Govrenance_level="national"),
        "Mission!E1",
        'The key "Govrenance_level" is not a term of the ontology.',
    ),
    "a-heading-of-another-sheet": (mission(targetValue=3), "Mission!E1", "is not a key of Mission"),
    "a-heading-twice": (
        report(Mission=[["Evidence", "Id", "Type", "Label", "label"], [*MISSION.values(), "Y"]]),
        "Mission!E1",
        'The heading "label" stands here twice, first in Mission!D1.',
    ),
    "below-no-heading": (
        report(Mission=[[*MISSION], [*MISSION.values(), None, "lost?"]]),
        "Mission!F2",
        '"lost?" stands below no heading.',
    ),
    "a-sheet-renamed": (
        report(Missions=lines(MISSION)),
        "Missions!A1",
        'The sheet "Missions" is none of those that are read.',
    ),
    "a-sheet-of-notes": (report(My_notes=[["See page 3"]]), "'My notes'!A1", "is none of those"),
    "cells-merged": (merged(report()), "Mission!D2", "The cells D2:D3 are merged."),
    "a-passage-unknown": (
        report(Mission=lines(MISSION, MISSION | {"Evidence": "evidence/report/on"})),
        "Mission!A3",
        '"evidence/report/on" is no id of the sheet Evidence.',
    ),
    "no-passage-named": (
        report(Mission=lines(MISSION, MISSION | {"Evidence": None})),
        "Mission!B3",
        "The row does not say which passage states it.",
    ),
    "no-id": (report(Mission=lines(MISSION | {"Id": None})), "Mission!A2", "has no id."),
    "a-passage-without-rows": (
        report(Mission=[["Evidence"]]),
        "Evidence!A2",
        "No row states what this passage says.",
    ),
    "a-second-source": (
        report(Source=lines(SOURCE, SOURCE | {"Id": "source/other"})),
        "Source!A3",
        "This is a second source.",
    ),
    "no-source": (report(Source=[["Id"]]), "Source!A2", "does not say what its source is."),
    "no-passages": (report(Evidence=[["Id"]]), "Evidence!A2", "The workbook has no passage."),
    "a-language-unknown": (
        report(Mission=lines(MISSION | {"Label (da)": "X", "Aim (xx-1)": "X"})),
        "Mission!F1",
        "is not a language tag.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_cell(name: str, tmp_path: Path) -> None:
    book, cell, what = WRONG[name]
    found = told(tmp_path, book)
    assert [place for place, words in found if what in words] == [cell], found


def test_what_is_right_is_not_told_of(tmp_path: Path) -> None:
    right = {
        "endDate": date(2030, 6, 30),
        "startDate": 2021,
        "governanceLevel": " national ",
        "policyField": "climate;\nculture",
        "aim": True,
        "label (da)": "Æ",
    }
    assert told(tmp_path, mission(**right)) == []
    assert told(tmp_path, target(targetValue=30, deadline="2030-06", approximate=False)) == []


def test_empty_rows_moved_columns_and_empty_sheets_do_no_harm(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Label", "ID", " evidence", "TYPE"],
        [],
        [None, "  "],
        ["X", "mission/x", PASSAGE, "Mission"],
    ]
    book = report(Mission=rows, Sheet1=[], Lists=[["anything"]], How_to=[["anything"]])
    assert told(tmp_path, book) == []
    (mission_x,) = read_document(tmp_path / "report.xlsx", ONTOLOGY).passages[0].states
    assert mission_x.texts("label") == (("en", "X"),)


def far_off(book: openpyxl.Workbook) -> openpyxl.Workbook:
    book["Mission"]["XFD1048576"] = "far"
    return book


def test_a_cell_at_the_end_of_the_world_is_named_and_not_walked_to(tmp_path: Path) -> None:
    (found,) = {cell for cell, _ in told(tmp_path, far_off(report()))} - {"Evidence!A2"}
    assert found == "Mission!XFD1048576"


def raw(folder: Path, members: Mapping[str, bytes]) -> Path:
    """Return a workbook to which members were added, or changed."""
    file = saved(folder, report())
    with zipfile.ZipFile(file) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**kept, **members}.items():
            archive.writestr(name, content)
    return file


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
MERGED = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/>'
    b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
)
TRAPS: dict[str, tuple[dict[str, bytes], str]] = {
    "macros": ({"xl/vbaProject.bin": b"x"}, "carries macros"),
    "a-member-that-explodes": ({"xl/media/a.png": bytes(70 << 20)}, "unpacks to"),
    "a-way-out": ({"../out.xml": b"x"}, "leads out of it"),
    "an-entity": ({"xl/worksheets/sheet1.xml": BOMB}, "it is damaged: EntitiesForbidden."),
    "a-merge-of-everything": ({"xl/worksheets/sheet1.xml": MERGED}, "has more than 500,000 cells."),
    "no-styles": ({"xl/styles.xml": b"<"}, "it is damaged"),
    "an-open-document": ({"content.xml": b"x"}, "is an OpenDocument"),
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_not_opened(name: str, tmp_path: Path) -> None:
    members, what = TRAPS[name]
    document, (mistake,) = check_document(raw(tmp_path, members), ONTOLOGY)
    assert document is None
    assert what in mistake.what
    assert mistake.where.endswith("report.xlsx:1:1")


def test_an_old_workbook_or_one_with_a_password_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "old.xls"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    _, (mistake,) = check_document(file, ONTOLOGY)
    assert "old Excel (.xls), or one with a password" in mistake.what


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(place=st.floats(0, 1), changed=st.binary(min_size=1, max_size=8), cut=st.booleans())
def test_a_damaged_workbook_is_a_mistake_and_never_a_failure(
    tmp_path: Path, place: float, changed: bytes, cut: bool
) -> None:
    content = saved(tmp_path, report()).read_bytes()
    at = 4 + int(place * (len(content) - 4))
    damaged = content[:at] + (b"" if cut else changed + content[at + len(changed) :])
    (tmp_path / "report.xlsx").write_bytes(damaged)
    document, mistakes = check_document(tmp_path / "report.xlsx", ONTOLOGY)
    assert (document is None) == bool(mistakes)


def test_a_build_takes_a_workbook_as_it_takes_yaml(tmp_path: Path) -> None:
    data, settings_ = tmp_path / "data", Settings(home=tmp_path / "home")
    yaml = write_source(data)
    first = build(settings_, rooms=rooms_with(data))
    document = read_document(yaml, ONTOLOGY)
    start = Start.of_claims(document.source, document.passages, ONTOLOGY)
    yaml.with_suffix(".xlsx").write_bytes(write_workbook(ONTOLOGY, SHAPES, start, "report.xlsx"))
    yaml.unlink()
    (data / "~$report.xlsx").write_bytes(b"a lock of Excel")
    again = build(settings_, ["report.xlsx"], rooms=rooms_with(data))
    assert (again.release.id, again.published) == (first.release.id, False)
    places = {warning.where.rpartition("/")[2] for warning in again.warnings}
    assert "report.xlsx:Mission!A2" in places


def test_a_source_that_is_written_in_both_forms_is_told_of(tmp_path: Path) -> None:
    yaml = write_source(tmp_path)
    document = read_document(yaml, ONTOLOGY)
    saved(tmp_path, report())
    assert document.source_iri.endswith("source/report")
    files = rooms_with(tmp_path).sources()
    assert set(files) == {"report", "report.xlsx"}
    _, mistakes = check_documents(list(files.values()), ONTOLOGY)
    assert any("is the source of" in m.what and m.cell == "Source!A2" for m in mistakes)


def test_mistakes_name_cells_in_words_in_json_and_in_reports(tmp_path: Path) -> None:
    file = saved(tmp_path, mission(governanceLevel="federal"))
    _, (mistake,) = check_document(file, ONTOLOGY)
    assert str(mistake).startswith(f'{file}:Mission!E2: governanceLevel "federal" is not a concept')
    found = plain(mistake)
    assert (found["cell"], found["line"], found["column"]) == ("Mission!E2", 2, 5)
    assert f"{file}:Mission!E2: violation: " in WRITERS[".txt"]([mistake.diagnostic])
    (result,) = json.loads(WRITERS[".sarif"]([mistake.diagnostic]))["runs"][0]["results"]
    assert result["message"]["text"].startswith("Mission!E2: ")
    assert "region" not in result["locations"][0]["physicalLocation"]


def test_mistakes_stand_sheet_by_sheet_in_the_order_of_rows(tmp_path: Path) -> None:
    rows = lines(*(MISSION | {"Id": f"mission/x{n}", "Status": "?"} for n in range(3)))
    _, mistakes = check_document(
        saved(tmp_path, report(Source=lines(SOURCE | {"Page": "x"}), Mission=rows)), ONTOLOGY
    )
    assert [m.cell for m in mistakes] == ["Mission!E2", "Mission!E3", "Mission!E4", "Source!C2"]
    assert isinstance(mistakes[0], Mistake)
