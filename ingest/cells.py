"""Cells: the values that columns of text stand for, and a list of those that stand for none.

Each function gives a frame back with a column in its one written form, null where a cell is empty
or cannot be read; the latter are noted with file, row, column and value.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import ftfy
import polars as pl

from missiongraph.ingest.chunks import ROW
from missiongraph.ingest.countries import countries
from missiongraph.ingest.quarantine import Quarantine
from missiongraph.names import is_iri

_AMOUNT: Final = r"^\d{1,15}(?:[.,]\d+)?$"
_DAY: Final = r"^(\d{4}-\d{2}-\d{2})(?:[ T].*)?$"
_YEARS: Final = (1900, 2100)
_ODD_SPACE: Final = r"\s{2,}|[^\S ]"
_PLAIN_ADDRESS: Final = r"^https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~/-]*)?$"
"""Addresses that are such beyond doubt: most, which need not be looked at one by one."""
_SUSPECT: Final = "Ã|Â|â€|√|\u201aÄ|Ð|Å"
"""What UTF-8 looks like that was read as cp1252, Latin-1 or Mac Roman."""


@dataclass(frozen=True)
class Cells:
    """The cells of one batch of a table.

    Attributes:
        frame: columns of text, with ``_row``.
        file: the file's place.
        quarantine: takes what cannot be read.
    """

    frame: pl.DataFrame
    file: str
    quarantine: Quarantine

    def amounts(self, *columns: str) -> Cells:
        """Return with amounts of money: digits, and cents behind a point; a comma is taken too."""
        cells = self
        for column in columns:
            cell = pl.col(column)
            readable = pl.when(cell.str.contains(_AMOUNT)).then(cell)
            value = readable.str.replace(",", ".", literal=True)
            value = value.str.replace(r"^0+(\d)", "$1")
            value = value.str.replace(r"(\.\d*[1-9])0+$", "$1").str.replace(r"\.0+$", "")
            cells = cells.replaced(column, value, "not an amount of 0 or more")
        return cells

    def dates(self, *columns: str) -> Cells:
        """Return with days, as ``2024-02-01``; a time of day behind one is left out."""
        cells = self
        for column in columns:
            day = pl.col(column).str.extract(_DAY)
            date = day.str.to_date("%Y-%m-%d", strict=False)
            known = date.dt.year().is_between(*_YEARS)
            cells = cells.replaced(column, pl.when(known).then(day), "not a date")
        return cells

    def numbers(self, *columns: str) -> Cells:
        """Return with identifiers that are whole numbers."""
        cells = self
        for column in columns:
            number = pl.col(column).str.extract(r"^(\d{1,15})(?:\.0)?$")
            cells = cells.replaced(column, number, "not a number")
        return cells

    def texts(self, *columns: str) -> Cells:
        """Return with texts: white space is one space, and mojibake is undone and noted."""
        plain = pl.col(columns).str.replace_all(_ODD_SPACE, " ").str.strip_chars()
        frame = self.frame.with_columns(plain.replace("", None))
        cells = Cells(frame, self.file, self.quarantine)
        suspect = frame.select(pl.col(columns).str.contains(_SUSPECT).any()).row(0, named=True)
        for column in (name for name, found in suspect.items() if found):
            cells = cells._repaired(column)
        return cells

    def places(self, column: str) -> Cells:
        """Return with the slugs of the countries whose codes the column has."""
        codes = {code: country.slug for code, country in countries().items()}
        slug = pl.col(column).str.to_uppercase().replace_strict(codes, default=None)
        return self.replaced(column, slug.cast(pl.String), "not the code of a country")

    def addresses(self, column: str) -> Cells:
        """Return with addresses on the web; one that begins with ``www.`` gets its ``http://``."""
        cell = pl.col(column)
        plain = pl.when(cell.str.contains(_PLAIN_ADDRESS)).then(cell)
        others = self.frame.filter(plain.is_null() & cell.is_not_null())
        known = {text: _address(text) for text in others.get_column(column).unique()}
        value: pl.Expr = plain
        if known:
            other = cell.replace_strict(known, default=None, return_dtype=pl.String)
            value = pl.coalesce(plain, other)
        return self.replaced(column, value, "not an address on the web")

    def replaced(self, column: str, value: pl.Expr, reason: str) -> Cells:
        """Return with other values in a column; cells that get none are noted.

        An empty cell has none before and after.
        """
        frame = self.frame.with_columns(value.alias(column))
        if frame.get_column(column).null_count() > self.frame.get_column(column).null_count():
            bad = frame.get_column(column).is_null() & self.frame.get_column(column).is_not_null()
            for row, text in self.frame.filter(bad).select(ROW, column).iter_rows():
                self.quarantine.cell(self.file, row, column, text, reason)
        return Cells(frame, self.file, self.quarantine)

    def without(self, bad: pl.Expr, reason: str, column: str = "") -> Cells:
        """Return without the rows for which an expression is true; they are quarantined."""
        marks = self.frame.select(bad.fill_null(False).alias("_bad")).to_series()
        if not marks.any():
            return self
        rows = self.frame.filter(marks)
        values: Iterable[str | None] = rows.get_column(column) if column else [""] * rows.height
        for row, value in zip(rows.get_column(ROW), values, strict=True):
            self.quarantine.row(self.file, row, reason, column, value or "")
        return Cells(self.frame.filter(~marks), self.file, self.quarantine)

    def noted(self, odd: pl.Expr, column: str, reason: str, *, shown: bool = True) -> Cells:
        """Note the cells for which an expression is true, whose rows and values are kept."""
        rows = self.frame.filter(odd.fill_null(False))
        for row, value in rows.select(ROW, column).iter_rows():
            self.quarantine.cell(self.file, row, column, (value or "") if shown else "", reason)
        return self

    def _repaired(self, column: str) -> Cells:
        suspects = self.frame.filter(pl.col(column).str.contains(_SUSPECT))
        if suspects.is_empty():
            return self
        known = {text: _repair(text) for text in suspects.get_column(column).unique()}
        changed = {text: repair for text, repair in known.items() if text != repair}
        self.noted(pl.col(column).is_in(list(changed)), column, "mojibake, undone")
        frame = self.frame.with_columns(pl.col(column).replace(changed))
        return Cells(frame, self.file, self.quarantine)


@lru_cache(maxsize=100_000)
def _address(text: str) -> str | None:
    whole = f"http://{text}" if re.match(r"www\.", text, re.IGNORECASE) else text
    if not re.match(r"https?://[^/?#]+", whole, re.IGNORECASE):
        return None
    scheme, _, rest = whole.partition(":")
    whole = f"{scheme.lower()}:{rest}"
    return whole if is_iri(whole) else None


def _repair(text: str) -> str:
    fixed = ftfy.fix_encoding(text)
    if fixed == text and "\u221a" in text:  # the square root of Mac Roman, which ftfy lets stand
        with contextlib.suppress(UnicodeError):
            fixed = text.encode("mac_roman").decode()
    return fixed.replace("\xa0", " ").strip()
