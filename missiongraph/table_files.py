"""Tables as files for programs of tables: Excel workbooks and Parquet.

Values keep their types where the form has one for them: numbers, days and truth values. A
decimal with more digits than the form holds exactly, a month and whatever else has no type
there stay as text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from missiongraph.errors import AnswerTooLarge
from missiongraph.formats import XLSX, FileFormat
from missiongraph.names import PREFIXES
from missiongraph.tables import Table, Term

if TYPE_CHECKING:
    import polars as pl

Plain: TypeAlias = str | int | bool | Decimal | date | None
"""A value without its RDF."""

_XSD: Final = PREFIXES["xsd"]
_EXACT_DIGITS: Final = 15
"""Digits that a cell holds exactly: ECMA-376 stores numbers as IEEE 754 doubles."""
_LONGEST_CELL: Final = 32_767
_ESCAPED: Final = re.compile(r"_x[0-9A-Fa-f]{4}_|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\r")
_INT64: Final = range(-(2**63), 2**63)
_DECIMAL_PRECISION: Final = 38


def write_file(table: Table, wanted: FileFormat) -> bytes:
    """Return a table as the bytes of a file.

    Raises:
        AnswerTooLarge: a value is longer than a cell may be.
    """
    if wanted is XLSX:
        return write_workbook({"answer": (table.columns, plain_rows(table))})
    return _write_parquet(table)


def plain_rows(table: Table) -> list[list[Plain]]:
    """Return the rows of a table as plain values."""
    return [[plain(term) for term in row] for row in table.rows]


def plain(term: Term | None) -> Plain:
    """Return a term's value: IRIs and what has no type of its own as text.

    >>> plain(Literal("1.50", datatype=NamedNode(_XSD + "decimal")))
    Decimal('1.50')
    >>> plain(Literal("2030", datatype=NamedNode(_XSD + "gYear")))
    2030
    """
    match term:
        case None:
            return None
        case NamedNode():
            return term.value
        case Literal():
            reader = _READERS.get(term.datatype.value)
            return reader(term.value) if reader else term.value
        case _:
            return str(term)


def write_workbook(sheets: dict[str, tuple[Sequence[str], Sequence[Sequence[Plain]]]]) -> bytes:
    """Return an Excel workbook.

    No text is ever a formula: a cell that looks like one is marked as text (quotePrefix).

    Args:
        sheets: by name, the heads of the columns and the rows.

    Raises:
        AnswerTooLarge: a text is longer than a cell may be.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, (columns, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        # All cells before the first is written: a sheet begun and left ends in an error of its own.
        cells = [[_cell(sheet, value) for value in row] for row in (columns, *rows)]
        for row_cells in cells:
            sheet.append(row_cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: object, value: Plain) -> object:
    match value:
        case None | bool() | date():
            return value
        case int() | Decimal():
            return value if is_exact(value) else _text_cell(sheet, str(value))
        case str():
            return _text_cell(sheet, value)


def cell_text(text: str) -> str:
    """Return a text as a workbook stores it.

    Raises:
        AnswerTooLarge: it is longer than a cell may be.
    """
    written = _ESCAPED.sub(lambda m: f"_x{ord(m[0][0]):04X}_{m[0][1:]}", text)
    if len(written) > _LONGEST_CELL:
        raise AnswerTooLarge(
            f"A value has {len(written):,} characters, a cell holds {_LONGEST_CELL:,}.",
            where="xlsx",
            remedy="Ask for csv, json or parquet.",
        )
    return written


def is_like_a_formula(text: str) -> bool:
    """Say whether a spreadsheet could take a text for a formula."""
    return text.startswith(("=", "+", "-", "@", "\t"))


def _text_cell(sheet: object, text: str) -> object:
    from openpyxl.cell import WriteOnlyCell

    written = cell_text(text)
    cell = WriteOnlyCell(sheet, written)  # type: ignore[arg-type]
    cell.data_type = "s"
    if is_like_a_formula(written):
        cell.quotePrefix = True
    return cell


def is_exact(number: int | Decimal) -> bool:
    """Say whether a cell holds a number without rounding it.

    >>> is_exact(Decimal("0.1")), is_exact(12345678901234567)
    (True, False)
    """
    return len(Decimal(number).as_tuple().digits) <= _EXACT_DIGITS


def _write_parquet(table: Table) -> bytes:
    import polars as pl

    columns = [
        column_of(name, [row[place] for row in table.rows])
        for place, name in enumerate(table.columns)
    ]
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_parquet(buffer)
    return buffer.getvalue()


def column_of(name: str, terms: Sequence[Term | None]) -> pl.Series:
    """Return a column of one type: text where values are of several, or too large for theirs."""
    import polars as pl

    values = [plain(term) for term in terms]
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pl.Series(name, values, pl.Boolean)
    if kinds == {date}:
        return pl.Series(name, values, pl.Date)
    if kinds == {int} and all(value is None or value in _INT64 for value in values):
        return pl.Series(name, values, pl.Int64)
    if kinds and kinds <= {int, Decimal} and (scale := _common_scale(values)) is not None:
        numbers = [None if value is None else Decimal(str(value)) for value in values]
        return pl.Series(name, numbers, pl.Decimal(_DECIMAL_PRECISION, scale))
    return pl.Series(name, [None if v is None else _as_text(v) for v in values], pl.String)


def _common_scale(values: Sequence[Plain]) -> int | None:
    """Return the decimal places that all the numbers need, or None if a column cannot hold them."""
    numbers = [Decimal(str(value)).as_tuple() for value in values if value is not None]
    exponents = [number.exponent for number in numbers if isinstance(number.exponent, int)]
    scale = max(0, *(-exponent for exponent in exponents))
    whole = max(
        len(number.digits) + exponent for number, exponent in zip(numbers, exponents, strict=True)
    )
    return scale if max(whole, 1) + scale <= _DECIMAL_PRECISION else None


def _as_text(value: Plain) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_integer(text: str) -> Plain:
    try:
        return int(text)
    except ValueError:
        return text


def _read_decimal(text: str) -> Plain:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return number if number.is_finite() else text


def _read_boolean(text: str) -> Plain:
    return {"true": True, "1": True, "false": False, "0": False}.get(text, text)


def _read_date(text: str) -> Plain:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day.year >= _FIRST_YEAR else text


_FIRST_YEAR: Final = 1900
"""Before it a workbook has no days (ECMA-376, part 1, section 18.17.4.1)."""
_READERS: Final[dict[str, Callable[[str], Plain]]] = {
    _XSD + "integer": _read_integer,
    _XSD + "decimal": _read_decimal,
    _XSD + "double": _read_decimal,
    _XSD + "float": _read_decimal,
    _XSD + "boolean": _read_boolean,
    _XSD + "gYear": _read_integer,
    _XSD + "date": _read_date,
}
