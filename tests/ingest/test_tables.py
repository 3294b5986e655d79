"""Tables: any row survives the native form, and hostile files are errors or quarantine."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from cordis_dumps import native
from hypothesis import given, settings
from hypothesis import strategies as st

from missiongraph.errors import UnreadableDump
from missiongraph.ingest import delimited_text
from missiongraph.ingest.archives import DumpFile, dump_files
from missiongraph.ingest.quarantine import Quarantine
from missiongraph.ingest.tables import read_header, read_table

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=8)
ROWS = st.lists(st.lists(CELLS | st.sampled_from(['"', ";", '";"', "\n"]), min_size=3, max_size=3))


def rows_of(text: bytes, quarantine: Quarantine) -> list[tuple[str, ...]]:
    """Return the rows of a file, as they were written."""
    chunks = delimited_text.read(io.BytesIO(text), "x.csv", quarantine)
    frames = [chunk.frame for chunk in chunks]
    return [row[1:] for frame in frames for row in frame.iter_rows()]


@settings(deadline=None)
@given(ROWS)
def test_rows_in_the_native_form_come_back_or_are_quarantined(rows: list[list[str]]) -> None:
    quarantine = Quarantine()
    text = "\n".join(native(row) for row in [["a", "b", "c"], *rows]) + "\n"
    read = rows_of(text.encode(), quarantine)
    plain = [row for row in rows if '";"' not in native(row)[1:-1].replace('";"', "", 2)]
    if quarantine.rows == 0 and len(plain) == len(rows):
        assert read == [tuple(row) for row in rows]
    assert len(read) <= len(rows)


@settings(deadline=None)
@given(st.lists(st.lists(st.text("abcé ;,'", max_size=6), min_size=2, max_size=2), max_size=30))
def test_rows_without_quotes_always_come_back(rows: list[list[str]]) -> None:
    quarantine = Quarantine()
    text = "\n".join(native(row) for row in [["a", "b"], *rows]) + "\n"
    assert rows_of(text.encode(), quarantine) == [tuple(row) for row in rows]
    assert quarantine.rows == 0


def test_a_record_across_blocks_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited_text, "CHUNK_BYTES", 7)
    rows = [["1", 'one "two"\nthree;\n\nfour'], ["2", "x"], ["3", 'é\n"']]
    text = "\n".join(native(row) for row in [["a", "b"], *rows])
    quarantine = Quarantine()
    assert rows_of(text.encode(), quarantine) == [tuple(row) for row in rows]
    assert quarantine.rows == 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'"1";"2";"3"', "not as many fields as the header"),
        (b'"1"', "not as many fields as the header"),
        (b'"1";"\xff"', "not UTF-8"),
        (b'"1";"' + b"x" * (10 << 20) + b'"', "a line of more than 10 MB"),
        (b'"1";"' + b"x" * (2 << 20) + b'"', "a cell of more than 1,048,576 characters"),
    ],
    ids=["too many", "too few", "utf-8", "line", "cell"],
)
def test_a_broken_record_costs_no_other(line: bytes, reason: str) -> None:
    quarantine = Quarantine()
    text = b'"a";"b"\n"0";"x"\n' + line + b'\n"9";"y"\n'
    assert rows_of(text, quarantine) == [("0", "x"), ("9", "y")]
    assert quarantine.reasons == {reason: 1}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1,2,3", "not as many fields as the header"),
        (b"1,\xff", "not UTF-8"),
        (b"1," + b"x" * (11 << 20), "a line of more than 10 MB"),
    ],
    ids=["fields", "utf-8", "line"],
)
def test_a_broken_record_of_other_csv_costs_no_other(line: bytes, reason: str) -> None:
    quarantine = Quarantine()
    assert rows_of(b"a,b\r\n0,x\r\n" + line + b'\r\n9,"y"\r\n', quarantine) == [
        ("0", "x"),
        ("9", "y"),
    ]
    assert quarantine.reasons == {reason: 1}


def test_a_byte_order_mark_and_windows_line_ends_are_no_content() -> None:
    text = b'\xef\xbb\xbf"a";"b"\r\n"1";"x"\r\n'
    assert rows_of(text, Quarantine()) == [("1", "x")]


def zipped(folder: Path, name: str, content: bytes) -> Path:
    """Write an archive with one member, whatever its name."""
    archive = folder / "dump.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return archive


@pytest.mark.parametrize(
    "name", ["../project.csv", "/etc/project.csv", "a/../../b.csv", "C:\\x.csv"]
)
def test_a_member_whose_name_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableDump, match="leads out"):
        dump_files(zipped(tmp_path, name, b"a;b\n"))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDump, match="unpacks to"):
        dump_files(zipped(tmp_path, "project.csv", b"\0" * (80 << 20)))


def test_a_truncated_archive_is_an_error(tmp_path: Path) -> None:
    archive = zipped(tmp_path, "project.csv", bytes(range(256)) * 5000)
    archive.write_bytes(archive.read_bytes()[:-30])
    with pytest.raises(UnreadableDump, match="damaged or cut short"):
        dump_files(archive)


def test_a_member_with_damaged_bytes_is_an_error(tmp_path: Path) -> None:
    archive = zipped(tmp_path, "project.csv", b'"a";"b"\n' + b'"1";"x"\n' * 5000)
    (file,) = dump_files(archive)
    damaged = bytearray(archive.read_bytes())
    damaged[60:70] = b"\0" * 10
    archive.write_bytes(damaged)
    with pytest.raises(UnreadableDump):
        list(read_table(file, Quarantine(), ["a"]))


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">&b;&f;</workbook>"""


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize(
    "content", [ENTITIES, b"<broken", b""], ids=["entities", "broken", "empty"]
)
def test_xml_entities_and_broken_xml_in_a_workbook_are_errors(
    tmp_path: Path, member: str, content: bytes
) -> None:
    file = workbook_with(tmp_path, {member: content})
    with pytest.raises(UnreadableDump):
        list(read_table(DumpFile(file, "", 0), Quarantine(), ["id"]))


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    file = workbook_with(tmp_path, {"xl/sharedStrings.xml": b" " * (80 << 20)})
    with pytest.raises(UnreadableDump, match="unpacks to"):
        read_header(DumpFile(file, "", 0))


def workbook_with(folder: Path, members: dict[str, bytes]) -> Path:
    """Write a workbook some of whose members are others."""
    whole = io.BytesIO()
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["id", "name"])
    book.active.append(["1", "x"])
    book.save(whole)
    file = folder / "table.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as to:
        for name in {*source.namelist(), *members}:
            to.writestr(name, members[name] if name in members else source.read(name))
    return file


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xff" * 100, b"{}"])
def test_what_is_no_workbook_is_an_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "table.xlsx"
    file.write_bytes(content)
    with pytest.raises(UnreadableDump):
        read_header(DumpFile(file, "", 0))


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(b"")
    with pytest.raises(UnreadableDump, match="no header"):
        read_header(DumpFile(file, "", 0))


def test_a_column_that_is_not_there_is_empty_and_cells_are_stripped(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("a;b\n 1 ; \n", encoding="utf-8")
    (batch,) = [
        b for b in read_table(DumpFile(file, "", 0), Quarantine(), ["a", "b", "z"]) if b.rows
    ]
    assert batch.frame.rows() == [(2, "1", None, None)]
