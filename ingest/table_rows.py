"""Rows of a table: cells as texts, by column, each row with its number."""

from __future__ import annotations

import contextlib
import csv
import datetime
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import openpyxl
import polars as pl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from missiongraph.errors import BadDocument, MissiongraphError
from missiongraph.ingest.archives import refuse_traps

LONGEST_CELL: Final = 1_000_000
_FAILURES: Final = (
    *(
        zipfile.BadZipFile,
        InvalidFileException,
        SyntaxError,
        DefusedXmlException,
        pl.exceptions.PolarsError,
    ),
    *(
        OSError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        EOFError,
        OverflowError,
    ),
)
"""What the readers raise at files that are not in their form, besides our own errors."""


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes:
        number: the line it begins at in a text, or the row of a sheet; the first is 1.
        cells: texts by column; a missing cell is empty.
        surplus: how many cells it has more (or, below zero, fewer) than there are columns.
    """

    number: int
    cells: Mapping[str, str]
    surplus: int = 0


@dataclass(frozen=True)
class Layout:
    """How a table lies in its file.

    Attributes:
        delimiter: between the cells of a text.
        encoding: of a text.
        header: the number of the row that names the columns; those above are left out.
        skip: how many rows below the header are left out.
        sheet: of a workbook; the first when empty.
    """

    delimiter: str = ","
    encoding: str = "utf-8"
    header: int = 1
    skip: int = 0
    sheet: str = ""


@dataclass(frozen=True)
class Table:
    """A table that can be read, once or again.

    Attributes:
        file: where it lies.
        layout: how.
    """

    file: Path
    layout: Layout = Layout()

    def columns(self) -> list[str]:
        """Return the names of the columns.

        Raises:
            BadDocument: there is no header, or it names a column twice.
        """
        return self._header(self._lists())

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not empty.

        Raises:
            BadDocument: the file is not in its form.
        """
        lists = self._lists()
        columns = self._header(lists)
        for count, (number, cells) in enumerate(lists):
            if count >= self.layout.skip and any(cell.strip() for cell in cells):
                filled = (*cells, *[""] * (len(columns) - len(cells)))
                yield Row(
                    number,
                    dict(zip(columns, filled, strict=False)),
                    len(cells) - len(columns),
                )

    def _header(self, lists: Iterator[tuple[int, Sequence[str]]]) -> list[str]:
        for count, (number, cells) in enumerate(lists, 1):
            if count == self.layout.header:
                columns = [cell.strip() for cell in cells]
                while columns and not columns[-1]:
                    columns.pop()
                self._check(columns, number)
                return columns
        raise BadDocument("The table has no header.", where=str(self.file))

    def _check(self, columns: Sequence[str], number: int) -> None:
        twice = sorted({name for name in columns if name and columns.count(name) > 1})
        if twice or not columns:
            raise BadDocument(
                f"The header names {twice[0]!r} twice." if twice else "The header is empty.",
                where=f"{self.file}:{number}",
                remedy="Name each column once; header: in the mapping says which row names them.",
            )

    def _lists(self) -> Iterator[tuple[int, Sequence[str]]]:
        match self.file.suffix.lower():
            case ".xlsx":
                return _lists_of_workbook(self.file, self.layout)
            case ".parquet":
                return _lists_of_parquet(self.file)
            case _:
                return _lists_of_text(self.file, self.layout)


def _lists_of_workbook(file: Path, layout: Layout) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows of a sheet; what a formula gave when it was saved, or nothing."""
    with _reading(file), file.open("rb") as stream, zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            refuse_traps(file, member)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        if layout.sheet and layout.sheet not in book.sheetnames:
            raise BadDocument(
                f"The workbook has no sheet {layout.sheet!r}.",
                where=str(file),
                remedy=f"It has: {', '.join(book.sheetnames)}.",
            )
        sheet = book[layout.sheet] if layout.sheet else book.worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            texts = [_text(cell) for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            yield number, texts


def _lists_of_parquet(file: Path) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the columns' names, then the rows."""
    with _reading(file):
        frame = pl.scan_parquet(file)
        yield 1, frame.collect_schema().names()
        for number, cells in enumerate(frame.collect().iter_rows(), 2):
            yield number, [_text(cell) for cell in cells]


def sheets_of(file: Path) -> list[str]:
    """Return the names of a workbook's sheets; one without a name for any other table.

    Raises:
        BadDocument: it is no workbook, or a trap.
    """
    if file.suffix.lower() != ".xlsx":
        return [""]
    with _reading(file), file.open("rb") as stream, zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            refuse_traps(file, member)
        return list(openpyxl.load_workbook(stream, read_only=True).sheetnames)


@contextlib.contextmanager
def _reading(file: Path) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles, which are not read
            yield
    except MissiongraphError:
        raise
    except _FAILURES as cause:
        raise BadDocument(
            f"The table cannot be read: {type(cause).__name__}: {cause}.",
            where=str(file),
            remedy="Save it anew, as CSV for example.",
        ) from cause


def _text(value: object) -> str:
    """Return a cell as text, as CSV would have it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case _:
            return str(value)


def _lists_of_text(file: Path, layout: Layout) -> Iterator[tuple[int, Sequence[str]]]:
    encoding = "utf-8-sig" if layout.encoding.lower() in ("utf-8", "utf8") else layout.encoding
    csv.field_size_limit(LONGEST_CELL)
    number = 0
    try:
        with file.open(encoding=encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=layout.delimiter)
            for cells in reader:
                yield number + 1, cells
                number = reader.line_num
    except (csv.Error, UnicodeError, LookupError) as cause:
        raise BadDocument(
            f"The table cannot be read: {cause}.",
            where=f"{file}:{number + 1}",
            remedy="Say delimiter: and encoding: in the mapping, or save the table anew.",
        ) from cause
