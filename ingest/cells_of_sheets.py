"""The cells of a workbook as texts: exactly what an editor sees, or why that cannot be told."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from missiongraph.ingest.mistakes import Mistakes, Position, shown
from missiongraph.ontology import Kind

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell

_TEXTS: Final = frozenset((Kind.TEXT, Kind.STRING))
_NUMBERS: Final = frozenset((Kind.DECIMAL, Kind.INTEGER))
_AS_TEXT: Final = "Set the format of the column to text, and write the value again."
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
"""What a number format writes as it is, and its conditions."""
_TRUTHS: Final = {"=TRUE()": "true", "=FALSE()": "false"}
"""How LibreOffice writes truth values: constants, which nothing is run to know."""
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Written:
    """What a cell holds.

    Attributes:
        value: text, number, truth value or date, as openpyxl reads it.
        kind: openpyxl's letter for its type: ``f`` is a formula, ``e`` an error.
        number_format: how it is shown.
        position: the cell.
    """

    value: object
    kind: str
    number_format: str
    position: Position

    @classmethod
    def of(cls, cell: Cell | MergedCell, sheet: str) -> Written | None:
        """Return what a cell holds; None when nothing can be seen in it."""
        value = cell.value
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, str):
            value = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), value)  # ECMA-376, 1, 22.9.2.19
        place = Position(cell.row or 1, cell.column or 1, sheet)
        return cls(value, str(cell.data_type), str(cell.number_format or ""), place)


def written(cell: Written, kind: Kind, mistakes: Mistakes) -> str | None:
    """Return the text of a cell, as curated files would have it; None and a mistake otherwise.

    Args:
        cell: what it holds.
        kind: what the values of its column are.
        mistakes: gets what is wrong.
    """
    value = cell.value
    if cell.kind == "f" and str(value) in _TRUTHS:
        return _TRUTHS[str(value)]
    if cell.kind in "fe":
        told = "an error of the spreadsheet" if cell.kind == "e" else "a formula"
        _wrong(cell, mistakes, f"holds {told}", "Write its value instead.")
        return None
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return _number(cell, value, kind, mistakes)
        case datetime.datetime() | datetime.date() | datetime.time() | datetime.timedelta():
            return _date(cell, kind, mistakes)
    return str(value) if kind in _TEXTS else str(value).strip()


def _number(cell: Written, number: float, kind: Kind, mistakes: Mistakes) -> str | None:
    if "%" in _LITERAL.sub("", cell.number_format) and kind in _NUMBERS:
        share = f"{Decimal(str(number)) * 100:f}"
        remedy = f"Set its format to a number, write {_plain(share)}, and unit: percent."
        if kind is not Kind.DECIMAL:
            remedy = _AS_TEXT
        _wrong(cell, mistakes, f"shows per cent and holds {number}", remedy)
        return None
    return _plain(f"{Decimal(str(number)):f}")


def _plain(digits: str) -> str:
    """Return digits without zeros after the point that nobody wrote."""
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _date(cell: Written, kind: Kind, mistakes: Mistakes) -> str | None:
    value = cell.value
    if kind is not Kind.DATE or not isinstance(value, datetime.date):
        _wrong(cell, mistakes, f"holds a date or time, {value}", _AS_TEXT)
        return None
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            remedy = f"Write {value.date().isoformat()}."
            _wrong(cell, mistakes, f"holds a time of day, {value}", remedy)
            return None
        value = value.date()
    if "d" not in _LITERAL.sub("", cell.number_format).lower():
        what = f"shows no day and holds {value.isoformat()}"
        options = f"{value:%Y-%m} for a month, {value:%Y} for a year"
        _wrong(cell, mistakes, what, f"{_AS_TEXT} Write {options}.")
        return None
    return value.isoformat()


def _wrong(cell: Written, mistakes: Mistakes, what: str, remedy: str) -> None:
    told = f" {shown(str(getattr(cell.value, 'text', cell.value)))}" if cell.kind in "fe" else ""
    mistakes.add(cell.position, f"The cell{told} {what}.", remedy)
