"""Tables as people paste them: CSV with commas or semicolons, or cells copied from a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from missiongraph.errors import BadDocument

DELIMITERS: Final = (",", ";", "\t")
LONGEST_CELL: Final = 100_000


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    r"""Yield the rows that are not empty, each with its number as a spreadsheet counts it from 1.

    The delimiter is the one of ``DELIMITERS`` that parts the first row into most cells.

    Raises:
        BadDocument: a quote is not closed, or a cell has more than ``LONGEST_CELL`` characters.

    >>> list(rows_of('id;label\n\nmission/x;"Rivers; lakes"\n'))
    [(1, ['id', 'label']), (3, ['mission/x', 'Rivers; lakes'])]
    """
    csv.field_size_limit(LONGEST_CELL)
    lines = list(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    number = 0
    try:
        reader = csv.reader(lines, delimiter=_delimiter(lines), strict=True)
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                yield number, [cell.strip() for cell in cells]
    except csv.Error as cause:
        raise BadDocument(
            f"The table cannot be read beyond row {number}: {cause}.",
            where=f"row {number + 1}",
            remedy='Put a cell that holds a quote into quotes, and double it: "a ""good"" one".',
        ) from cause


def _delimiter(lines: list[str]) -> str:
    first = next((line for line in lines if line.strip()), "")
    return max(DELIMITERS, key=lambda sign: _count(first, sign))


def _count(line: str, sign: str) -> int:
    return len(next(csv.reader([line], delimiter=sign), ()))
