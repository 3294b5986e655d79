"""Chunks: the rows that a reader of tables has read, as columns of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

ROW: Final = "_row"
LARGEST_CELL: Final = 1 << 20
"""Characters that a cell may have; a longer one is no cell of a table but a trap or an accident."""


@dataclass(frozen=True)
class Chunk:
    """Some rows of a table, with ``_row`` before the header's columns.

    Attributes:
        rows: rows read, those quarantined included.
        frame: the rows taken.
        read_bytes: how much of the file has been read.
    """

    rows: int
    frame: pl.DataFrame
    read_bytes: int


def frame_of(
    header: Sequence[str], numbers: Sequence[int], rows: Sequence[Sequence[str | None]]
) -> pl.DataFrame:
    """Return rows as a frame.

    Args:
        header: the columns' names.
        numbers: the rows' numbers.
        rows: the cells of each.
    """
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    series = [pl.Series(ROW, numbers, pl.UInt32)]
    series += [pl.Series(n, c, pl.String) for n, c in zip(header, columns, strict=True)]
    return pl.DataFrame(series)


def unique_names(names: Sequence[str]) -> list[str]:
    """Return column names, stripped; a second one of a name, or an empty one, gets its number.

    >>> unique_names([" id ", "id", ""])
    ['id', 'id_2', 'column_3']
    """
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        plain = " ".join(name.split()) or f"column_{number}"
        found.append(f"{plain}_{number}" if plain in found else plain)
    return found
