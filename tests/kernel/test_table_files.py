"""Answers as Excel workbooks and Parquet: types, exact values, no formulas."""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from pyoxigraph import Literal, NamedNode

from missiongraph.errors import AnswerTooLarge
from missiongraph.formats import PARQUET, XLSX
from missiongraph.names import PREFIXES
from missiongraph.table_files import write_file
from missiongraph.tables import Table, Term

XSD = PREFIXES["xsd"]
WRITTEN = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


def one_row(*terms: Term | None) -> Table:
    return Table(tuple(f"c{i}" for i in range(len(terms))), (terms,))


def cells(table: Table) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(write_file(table, XLSX)))
    return list(next(iter(book.active.iter_rows(min_row=2))))  # type: ignore[union-attr]


def parquet(table: Table) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(write_file(table, PARQUET)))


TYPED = one_row(
    typed("3", "integer"),
    typed("12.50", "decimal"),
    typed("true", "boolean"),
    typed("2024-05-31", "date"),
    typed("2030", "gYear"),
    typed("2030-06", "gYearMonth"),
    NamedNode("https://example.org/a%20b"),
    Literal("Vandmangel", language="da"),
    None,
)


def test_a_workbook_keeps_numbers_days_and_truth_values() -> None:
    assert [cell.value for cell in cells(TYPED)] == [
        3,
        12.5,
        True,
        datetime(2024, 5, 31),
        2030,
        "2030-06",
        "https://example.org/a%20b",
        "Vandmangel",
        None,
    ]


def test_parquet_keeps_numbers_days_and_truth_values() -> None:
    table = parquet(TYPED)
    assert table.dtypes == [
        pl.Int64,
        pl.Decimal(38, 2),
        pl.Boolean,
        pl.Date,
        pl.Int64,
        *(pl.String,) * 4,
    ]
    assert table.to_dicts()[0]["c1"] == Decimal("12.50")
    assert table.to_dicts()[0]["c3"] == date(2024, 5, 31)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("x")'])
def test_what_looks_like_a_formula_is_text_in_a_workbook(text: str) -> None:
    (cell,) = cells(one_row(Literal(text)))
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)


def test_a_number_with_too_many_digits_for_a_cell_stays_as_text() -> None:
    exact, long = cells(one_row(typed("123456789012.345", "decimal"), typed("9" * 16, "integer")))
    assert (exact.value, long.value) == (123456789012.345, "9" * 16)


def test_a_column_of_several_types_is_text_in_parquet() -> None:
    table = Table(("x",), ((typed("2030", "gYear"),), (typed("2030-06", "gYearMonth"),), (None,)))
    assert parquet(table).to_dicts() == [{"x": "2030"}, {"x": "2030-06"}, {"x": None}]


def test_a_value_longer_than_a_cell_is_refused_and_not_cut() -> None:
    with pytest.raises(AnswerTooLarge, match="a cell holds"):
        write_file(one_row(Literal("x" * 32_768)), XLSX)
    assert len(parquet(one_row(Literal("x" * 32_768))).to_dicts()[0]["c0"]) == 32_768


@settings(max_examples=100, deadline=None)
@given(WRITTEN)
def test_any_text_survives_both_forms(text: str) -> None:
    (cell,) = cells(one_row(Literal(text)))
    assert unescape(cell.value or "") == text
    assert cell.data_type in ("s", "n", "inlineStr")
    assert parquet(one_row(Literal(text))).to_dicts() == [{"c0": text}]


@settings(max_examples=100, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_any_number_survives_parquet(number: Decimal) -> None:
    (row,) = parquet(one_row(typed(f"{number:f}", "decimal"))).to_dicts()
    assert Decimal(row["c0"]) == number


def test_an_answer_without_rows_still_has_its_columns() -> None:
    empty = Table(("mission", "missionLabel"), ())
    assert parquet(empty).columns == ["mission", "missionLabel"]
    book = openpyxl.load_workbook(io.BytesIO(write_file(empty, XLSX)))
    assert [cell.value for cell in next(book.active.iter_rows())] == list(empty.columns)  # type: ignore[union-attr]
