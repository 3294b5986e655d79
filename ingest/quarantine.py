"""Quarantine: what of a bulk source could not be read, each with its place and the reason.

A cell that cannot be read is listed and its row kept where the row makes sense without it; a row
that makes none is quarantined. Rows in are rows taken and rows quarantined, always.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from typing import Final

LONGEST_VALUE: Final = 200


@dataclass(frozen=True)
class Unreadable:
    """One cell or row that could not be read.

    Attributes:
        file: the file's name, with that of the archive before it.
        row: the row's number in it, the header being 1; the line where that is what is known.
        column: the cell's column; empty when the whole row is meant.
        value: the cell as it stands there, cut to 200 characters.
        reason: what is wrong with it, in a few words that are the same for the same problem.
        row_is_kept: whether the row was taken without the cell.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str
    row_is_kept: bool


COLUMNS: Final = tuple(field.name for field in fields(Unreadable))


class Quarantine:
    """What was found unreadable in an input.

    Args:
        write: called with each finding, as it is found.
    """

    def __init__(self, write: Callable[[Unreadable], None] = lambda _: None) -> None:
        self._write = write
        self.rows = 0
        self.cells = 0
        self.reasons: Counter[str] = Counter()

    def cell(self, file: str, row: int, column: str, value: str, reason: str) -> None:
        """Note a cell that cannot be read, of a row that is kept."""
        self.cells += 1
        self._add(Unreadable(file, row, column, value[:LONGEST_VALUE], reason, True))

    def row(self, file: str, row: int, reason: str, column: str = "", value: str = "") -> None:
        """Note a row that is not taken, and the cell because of which."""
        self.rows += 1
        self._add(Unreadable(file, row, column, value[:LONGEST_VALUE], reason, False))

    def _add(self, found: Unreadable) -> None:
        self.reasons[found.reason] += 1
        self._write(found)


def as_cells(found: Unreadable) -> tuple[object, ...]:
    """Return a finding's values in the order of ``COLUMNS``."""
    return astuple(found)
