"""The files of workbooks: what may be opened at all, and what is a trap or another format."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from missiongraph.errors import UnreadableDump
from missiongraph.ingest.archives import refuse_traps
from missiongraph.ingest.mistakes import Mistakes, Position
from missiongraph.ingest.yaml_tree import MAX_BYTES

if TYPE_CHECKING:
    from openpyxl import Workbook

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_MOST_UNPACKED_BYTES: Final = 64 << 20
_MOST_CELLS: Final = 500_000
_FAILURES_OF_ZIP: Final = (zlib.error, NotImplementedError, RuntimeError)
_SAVE: Final = "Save it as an Excel workbook (.xlsx)."
_START: Final = Position(1, 1)


def is_workbook(raw: bytes) -> bool:
    """Say whether the bytes of a file are those of a spreadsheet, of whatever program."""
    return raw.startswith((_ZIP, _OLE))


def opened(raw: bytes, mistakes: Mistakes) -> Workbook | None:
    """Return a workbook, or None and a mistake when it cannot or must not be read."""
    if len(raw) > MAX_BYTES:
        what = f"The file has {len(raw):,} bytes; the limit is {MAX_BYTES:,}."
        mistakes.add(_START, what, "Write as many workbooks as there are sources.")
        return None
    if raw.startswith(_OLE):
        what = "This is a workbook of an old Excel (.xls), or one with a password."
        mistakes.add(_START, what, f"Take the password off. {_SAVE}")
        return None
    from missiongraph.ingest.spreadsheets import FAILURES  # loads openpyxl, which is slow

    try:
        return _unpacked(raw, mistakes)
    except UnreadableDump as cause:
        mistakes.add(_START, cause.what, cause.remedy or _SAVE)
    except (*FAILURES, *_FAILURES_OF_ZIP) as cause:
        what = f"This is no XLSX workbook, or it is damaged: {type(cause).__name__}."
        mistakes.add(_START, what, f"Open it in a spreadsheet program. {_SAVE}")
    return None


def _unpacked(raw: bytes, mistakes: Mistakes) -> Workbook | None:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        members = archive.infolist()
        for member in members:
            refuse_traps(Path("workbook"), member)
        names = {member.filename.lower() for member in members}
        size = sum(member.file_size for member in members)
        if size > _MOST_UNPACKED_BYTES:
            what = f"The workbook unpacks to {size:,} bytes; the limit is {_MOST_UNPACKED_BYTES:,}."
            mistakes.add(_START, what, "Leave pictures out, and write one workbook a source.")
            return None
        if "content.xml" in names or any(name.endswith("vbaproject.bin") for name in names):
            kind = "carries macros" if "content.xml" not in names else "is an OpenDocument"
            mistakes.add(_START, f"The spreadsheet {kind}, which is not read here.", _SAVE)
            return None
        if not _has_few_cells(archive, mistakes):
            return None
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions, which are not read
        return load_workbook(BytesIO(raw), keep_links=False)


def _has_few_cells(archive: zipfile.ZipFile, mistakes: Mistakes) -> bool:
    """Say whether the cells can be held, those that are merged into others among them."""
    from defusedxml.ElementTree import iterparse
    from openpyxl.worksheet.cell_range import CellRange

    count = 0
    for name in archive.namelist():
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        with archive.open(name) as stream:
            for _, element in iterparse(stream):
                kind = element.tag.rpartition("}")[2]
                if kind == "c":
                    count += 1
                elif kind == "mergeCell":
                    merged = CellRange(element.get("ref"))
                    count += merged.size["columns"] * merged.size["rows"]
                element.clear()
                if count > _MOST_CELLS:
                    what = f"The workbook has more than {_MOST_CELLS:,} cells."
                    mistakes.add(_START, what, "Write as many workbooks as there are sources.")
                    return False
    return True
