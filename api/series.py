"""Lines over years: what of an answer changes with time, drawn without script.

Two kinds of answer are series. One gives a thing a number in several years (observations of a
target): a line for each thing. One gives things a year (deadlines, dates of sources): a line for
each column of dates, of how many things have each year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Final

from pyoxigraph import Literal, NamedNode

from missiongraph.names import PREFIXES
from missiongraph.tables import Table, Term, text_of, text_of_iri

WIDTH: Final = 1000
HEIGHT: Final = 320
LEFT: Final = 90
_RIGHT: Final = 30
_TOP: Final = 16
_BOTTOM: Final = 34
MOST_LINES: Final = 6
_FEWEST_YEARS: Final = 3
_LONGEST_SPAN: Final = 150
_MOST_YEAR_TICKS: Final = 12
_YEAR_STEPS: Final = (1, 2, 5, 10, 20)
_XSD: Final = PREFIXES["xsd"]
_DATES: Final = frozenset(_XSD + name for name in ("gYear", "gYearMonth", "date", "dateTime"))
_NUMBERS: Final = frozenset(_XSD + name for name in ("integer", "decimal", "double", "float"))
_NOT_DRAWN: Final = frozenset(("startSeconds", "endSeconds", "pageNumber"))
_LABEL: Final = "Label"
_LIKE_A_YEAR: Final = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Point:
    """A number in a year, and where it is drawn."""

    year: int
    number: Decimal
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """What one thing, or one column, has from year to year."""

    label: str
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """The points as an SVG polyline has them."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


@dataclass(frozen=True)
class Series:
    """Lines over one axis of years.

    Attributes:
        heading: what the numbers are.
        lines: at most ``MOST_LINES``.
        years: years that are named below, each with its place.
        numbers: numbers that are named at the left, each with its place.
        more: how many lines there are beyond.
    """

    heading: str
    lines: tuple[Line, ...]
    years: tuple[tuple[int, float], ...]
    numbers: tuple[tuple[str, float], ...]
    more: int = 0

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield each year with the number of each line in it, empty where it has none."""
        by_year = [{p.year: f"{p.number:,}" for p in line.points} for line in self.lines]
        for year in sorted({year for numbers in by_year for year in numbers}):
            yield year, tuple(numbers.get(year, "") for numbers in by_year)


_Numbers = dict[int, Decimal]


def series_of(table: Table, headings: Mapping[str, str]) -> Series | None:
    """Return the series of an answer; None where it has none.

    Args:
        table: the whole answer.
        headings: of its columns, for people.
    """
    dates = [name for name in table.columns if _is_dates(table, name)]
    if not dates:
        return None
    measured = _measured(table, dates)
    if measured:
        column, lines = measured
        return _drawn(headings.get(column, column), lines)
    counted = {headings.get(name, name): _counted(table, name) for name in dates}
    lines = {
        n: line for n, line in counted.items() if sum(map(bool, line.values())) >= _FEWEST_YEARS
    }
    thing = table.columns[0]
    return _drawn(f"{headings.get(thing, thing)}, how many by year", lines) if lines else None


def _measured(table: Table, dates: Sequence[str]) -> tuple[str, dict[str, _Numbers]] | None:
    """Return the first column of numbers that some thing has of several years, with its lines."""
    for number in table.columns:
        if number in dates or number in _NOT_DRAWN or not _is_numbers(table, number):
            continue
        before = table.columns[: table.columns.index(number)]
        for thing in reversed([name for name in before if _is_things(table, name)]):
            for date in dates:
                lines = _lines(table, thing, date, number)
                if any(len(set(line.values())) > 1 for line in lines.values()):
                    return number, lines
    return None


def _lines(table: Table, thing: str, date: str, number: str) -> dict[str, _Numbers]:
    """Return the numbers by year of each thing with two years or more, and one number in each."""
    found: dict[str, dict[int, set[Decimal]]] = {}
    labels: dict[str, str] = {}
    for row in table.records():
        if thing in row and date in row and (value := _number(row.get(number))) is not None:
            iri = text_of_iri(row[thing])
            labels[iri] = text_of(row.get(thing + _LABEL)) or iri.rpartition("/")[2]
            found.setdefault(iri, {}).setdefault(_year(row[date]), set()).add(value)
    return {
        labels[iri]: {year: min(numbers) for year, numbers in years.items()}
        for iri, years in found.items()
        if len(years) > 1 and all(len(numbers) == 1 for numbers in years.values())
    }


def _counted(table: Table, date: str) -> _Numbers:
    """Return how many things of the answer's first column have each year, none between too."""
    things: dict[int, set[Term | None]] = {}
    for row in table.records():
        if date in row:
            things.setdefault(_year(row[date]), set()).add(row.get(table.columns[0]))
    return {
        year: Decimal(len(things.get(year, ()))) for year in range(min(things), max(things) + 1)
    }


def _drawn(heading: str, lines: Mapping[str, _Numbers]) -> Series | None:
    kept = sorted(lines.items(), key=lambda line: -len(line[1]))[:MOST_LINES]
    years = [year for _, line in kept for year in line]
    first, last = min(years), max(years)
    if first == last or last - first > _LONGEST_SPAN:
        return None
    numbers = [number for _, line in kept for number in line.values()]
    ticks = _ticks(numbers)
    low, high = ticks[0], ticks[-1]

    def x(year: int) -> float:
        return round(LEFT + (WIDTH - LEFT - _RIGHT) * (year - first) / (last - first), 1)

    def y(number: Decimal) -> float:
        share = float((number - low) / (high - low))
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * share, 1)

    step = next(step for step in _YEAR_STEPS if (last - first) // step <= _MOST_YEAR_TICKS)
    return Series(
        heading,
        tuple(
            Line(label, tuple(Point(yr, n, x(yr), y(n)) for yr, n in sorted(line.items())))
            for label, line in kept
        ),
        tuple((year, x(year)) for year in range(-(-first // step) * step, last + 1, step)),
        tuple((f"{tick:,f}", y(tick)) for tick in ticks),
        len(lines) - len(kept),
    )


def _ticks(numbers: Sequence[Decimal]) -> list[Decimal]:
    """Return two to seven round numbers, from below the lowest and 0 to above the highest."""
    low, high = min(Decimal(0), *numbers), max(Decimal(0), *numbers)
    span = high - low or Decimal(1)
    unit = Decimal(10) ** (span / 5).adjusted()
    step = next(unit * by for by in (1, 2, 5, 10) if span / (unit * by) <= 5)
    if all(number == number.to_integral_value() for number in numbers):
        step = max(step, Decimal(1))
    begin = (low / step).to_integral_value(ROUND_FLOOR)
    end = max((high / step).to_integral_value(ROUND_CEILING), begin + 1)
    return [(begin + place) * step for place in range(int(end - begin) + 1)]


def _is_dates(table: Table, name: str) -> bool:
    """Say whether a column has dates, or whole numbers that can only be years."""
    terms = _terms(table, name)
    return bool(terms) and all(isinstance(term, Literal) and _is_date(term) for term in terms)


def _is_date(term: Literal) -> bool:
    if term.datatype.value in _DATES:
        return term.value[:4].isdecimal()
    return (
        term.datatype.value == _XSD + "integer" and _LIKE_A_YEAR.fullmatch(term.value) is not None
    )


def _is_numbers(table: Table, name: str) -> bool:
    """Say whether each row has a number: some rows' alone are not what the answer is about."""
    terms = _terms(table, name)
    return len(terms) == len(table.rows) and all(_number(term) is not None for term in terms)


def _is_things(table: Table, name: str) -> bool:
    terms = _terms(table, name)
    return bool(terms) and all(isinstance(term, NamedNode) for term in terms)


def _terms(table: Table, name: str) -> list[Term]:
    place = table.columns.index(name)
    return [term for row in table.rows if (term := row[place]) is not None]


def _year(term: Term) -> int:
    return int(text_of(term)[:4])


def _number(term: Term | None) -> Decimal | None:
    if not isinstance(term, Literal) or term.datatype.value not in _NUMBERS:
        return None
    try:
        number = Decimal(term.value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
