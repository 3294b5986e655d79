"""Spreadsheets: the first sheet of an XLSX workbook, read row by row.

What the workbook says of its own dimensions is not believed. Formulas are not run: a cell that
holds one is listed and left out.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from missiongraph.errors import UnreadableDump
from missiongraph.ingest.archives import refuse_traps
from missiongraph.ingest.chunks import LARGEST_CELL, Chunk, frame_of, unique_names
from missiongraph.ingest.quarantine import Quarantine

_BATCH_ROWS: Final = 20_000
_HYPERLINK: Final = re.compile(r'=HYPERLINK\("(?:[^"]|"")*", *"((?:[^"]|"")*)"\)', re.IGNORECASE)
_COPY_BYTES: Final = 1 << 20
FAILURES: Final = (
    *(zipfile.BadZipFile, InvalidFileException, SyntaxError, DefusedXmlException),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, OverflowError),
)
"""What openpyxl raises at files that are not workbooks, besides its own errors."""


def read(stream: IO[bytes], place: str, quarantine: Quarantine) -> Iterator[Chunk]:
    """Yield the rows of a workbook's first sheet; nothing when it is empty.

    Raises:
        UnreadableDump: it is no workbook, breaks off, or is a trap.
    """
    with tempfile.TemporaryFile() as file:
        while block := stream.read(_COPY_BYTES):  # a member of an archive cannot be sought in
            file.write(block)
        with _reading(place):
            with zipfile.ZipFile(file) as archive:
                for member in archive.infolist():
                    refuse_traps(Path(place), member)
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            yield from _chunks(sheet.iter_rows(), place, quarantine, file.tell())


def _chunks(
    rows: Iterator[Sequence[Any]], place: str, quarantine: Quarantine, size: int
) -> Iterator[Chunk]:
    header = unique_names([str(cell.value or "") for cell in next(rows, ())])
    if not header:
        return
    yield Chunk(0, frame_of(header, (), ()), 0)
    numbers: list[int] = []
    taken: list[list[str | None]] = []
    count = 0
    for number, row in enumerate(rows, start=2):
        if all(cell.value is None for cell in row):
            continue
        count += 1
        cells = list(row) + [None] * (len(header) - len(row))
        if any(cell is not None and cell.value is not None for cell in cells[len(header) :]):
            quarantine.row(place, number, "more cells than the header")
            continue
        texts = zip(header, cells, strict=False)
        taken.append([_text(cell, place, number, name, quarantine) for name, cell in texts])
        numbers.append(number)
        if len(taken) == _BATCH_ROWS:
            yield Chunk(count, frame_of(header, numbers, taken), size)
            numbers, taken, count = [], [], 0
    yield Chunk(count, frame_of(header, numbers, taken), size)


def _text(cell: Any, place: str, row: int, column: str, quarantine: Quarantine) -> str | None:
    """Return a cell as text, as CSV would have it."""
    value = None if cell is None else cell.value
    if value is None:
        return None
    if cell.data_type == "f" and (shown := _HYPERLINK.fullmatch(str(value))):
        return shown[1].replace('""', '"')  # a constant: nothing is run to know it
    if cell.data_type in "fe":
        reason = "a formula" if cell.data_type == "f" else "an error of the spreadsheet"
        quarantine.cell(place, row, column, str(value), reason)
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    text = str(value)
    if len(text) > LARGEST_CELL:
        quarantine.cell(place, row, column, text, "a cell of more than 1,048,576 characters")
        return None
    return text


@contextlib.contextmanager
def _reading(place: str) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles, which are not read
            yield
    except FAILURES as cause:
        raise UnreadableDump(
            f"It is not an XLSX workbook, or is damaged: {type(cause).__name__}: {cause}.",
            where=place,
        ) from cause
