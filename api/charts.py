"""Charts of answers: bars for an answer that gives each thing one number, drawn without script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from missiongraph.api.labelled import ShownTable
from missiongraph.api.values import Shown

MOST_BARS: Final = 60
WIDTH: Final = 1000
ROW: Final = 28
LEFT: Final = 360
_ROOM_FOR_FIGURES: Final = 120


@dataclass(frozen=True)
class Bar:
    """One row of an answer: what it is of, its number as written, and the bar's length."""

    label: Shown
    figure: str
    length: float
    y: int


@dataclass(frozen=True)
class Chart:
    """Bars under the heading of the column that they draw."""

    heading: str
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        """Height of the drawing."""
        return ROW * len(self.bars) + 8


def chart_of(table: ShownTable) -> Chart | None:
    """Return the chart of a table, None where it would not say more than the table.

    Drawn is an answer with one column of numbers, none negative, one row for each thing in
    its first column, and few enough rows to be seen at once.
    """
    numeric = [place for place, column in enumerate(table.columns) if column.numeric and place]
    labels = [row[0].text for row in table.rows]
    if len(numeric) != 1 or not 1 < len(labels) == len(set(labels)) <= MOST_BARS:
        return None
    figures = [_number(row[numeric[0]].text) for row in table.rows]
    known = [figure for figure in figures if figure is not None]
    if len(known) < len(figures) or min(known) < 0 or not max(known):
        return None
    unit = Decimal(WIDTH - LEFT - _ROOM_FOR_FIGURES) / max(known)
    bars = tuple(
        Bar(row[0], row[numeric[0]].text, float(round(figure * unit, 1)), 4 + ROW * place)
        for place, (row, figure) in enumerate(zip(table.rows, known, strict=True))
    )
    return Chart(table.columns[numeric[0]].heading, bars)


def chart_of_figures(heading: str, figures: Sequence[tuple[str, int]]) -> Chart | None:
    """Return bars for counts by label, None when there are none."""
    most = max((figure for _, figure in figures), default=0)
    if not most:
        return None
    unit = (WIDTH - LEFT - _ROOM_FOR_FIGURES) / most
    bars = tuple(
        Bar(Shown(label), f"{figure:,}", round(figure * unit, 1), 4 + ROW * place)
        for place, (label, figure) in enumerate(figures)
    )
    return Chart(heading, bars)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
