"""Lines over years: which answers have them, and where their points are drawn."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from missiongraph.api.series import HEIGHT, LEFT, WIDTH, series_of
from missiongraph.names import ID, PREFIXES
from missiongraph.tables import Table, Term

XSD = PREFIXES["xsd"]


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


def observed(*rows: tuple[str, str, str]) -> Table:
    """A table of observations: target, year, number."""
    return Table(
        ("target", "targetLabel", "value", "observedYear", "startSeconds"),
        tuple(
            (
                NamedNode(f"{ID}target/{target}"),
                Literal(target.upper(), language="en"),
                typed(number, "decimal"),
                typed(year, "gYear"),
                typed("17", "decimal"),
            )
            for target, year, number in rows
        ),
    )


def test_numbers_of_a_thing_over_years_are_a_line() -> None:
    series = series_of(
        observed(("a", "2025", "40"), ("a", "2021", "10"), ("b", "2024", "7")),
        {"value": "Observed value"},
    )
    assert series is not None
    assert series.heading == "Observed value"
    (line,) = series.lines
    assert line.label == "A"
    assert [(p.year, int(p.number)) for p in line.points] == [(2021, 10), (2025, 40)]
    first, last = line.points
    assert first.x < last.x and first.y > last.y
    assert list(series.rows()) == [(2021, ("10",)), (2025, ("40",))]


def test_years_of_things_are_counted_by_year() -> None:
    mission = [NamedNode(f"{ID}mission/{slug}") for slug in "abcd"]
    years = ["2030", "2030-06", "2035-01-31", "2040"]
    kinds = ["gYear", "gYearMonth", "date", "gYear"]
    rows: list[tuple[Term | None, ...]] = [
        (thing, typed(year, kind)) for thing, year, kind in zip(mission, years, kinds, strict=True)
    ]
    series = series_of(Table(("mission", "deadline"), (*rows, rows[0])), {"deadline": "Deadline"})
    assert series is not None
    (line,) = series.lines
    assert line.label == "Deadline"
    assert [(p.year, int(p.number)) for p in line.points] == [
        *((2030, 2), *((y, 0) for y in range(2031, 2035)), (2035, 1)),
        *(*((y, 0) for y in range(2036, 2040)), (2040, 1)),
    ]


@pytest.mark.parametrize(
    "table",
    [
        Table(("mission", "missions"), ((NamedNode(ID + "mission/a"), typed("3", "integer")),)),
        Table(("mission", "deadline"), ((NamedNode(ID + "mission/a"), typed("2030", "gYear")),)),
        Table(("mission", "deadline"), ((NamedNode(ID + "mission/a"), Literal("2030")),)),
        Table(
            ("mission", "works"),
            tuple(
                (NamedNode(f"{ID}mission/{n}"), typed(str(n), "integer"))
                for n in (1999, 2010, 2121)
            ),
        ),
        Table(("mission",), ()),
        observed(("a", "2021", "1"), ("a", "2021", "2")),
        observed(("a", "2021", "1"), ("a", "2022", "1")),
    ],
    ids=["no-years", "one-year", "text", "numbers", "empty", "two-numbers-in-a-year", "constant"],
)
def test_other_answers_are_no_series(table: Table) -> None:
    assert series_of(table, {}) is None


NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
)


@settings(max_examples=100)
@given(st.dictionaries(st.integers(1950, 2090), NUMBERS, min_size=2))
def test_every_point_lies_within_the_drawing(numbers: dict[int, Decimal]) -> None:
    rows = [("a", str(year), format(number, "f")) for year, number in numbers.items()]
    series = series_of(observed(*rows), {})
    for point in series.lines[0].points if series else ():
        assert LEFT <= point.x <= WIDTH
        assert 0 < point.y < HEIGHT
    assert series is None or 2 <= len(series.numbers) <= 7
