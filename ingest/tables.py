"""Tables in bulk: delimited text and spreadsheets, read in batches as columns of text.

A table is read as it was written: every cell is text, and nothing is guessed. What cannot be
read goes to quarantine with its row; the rows around it are read all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from missiongraph.errors import UnreadableDump
from missiongraph.ingest import delimited_text, spreadsheets
from missiongraph.ingest.archives import DumpFile
from missiongraph.ingest.chunks import ROW
from missiongraph.ingest.quarantine import Quarantine


@dataclass(frozen=True)
class TableBatch:
    """Some rows of a table.

    Attributes:
        file: the file's place, by which problems are told.
        rows: how many rows were read for it, those quarantined on the way included.
        frame: the columns, all text, null where a cell is empty; ``_row`` is the row's number.
        read_bytes: how much of the file has been read so far.
    """

    file: str
    rows: int
    frame: pl.DataFrame
    read_bytes: int


def is_table(file: DumpFile) -> bool:
    """Say whether a file's name is that of a table that can be read."""
    return file.name.lower().endswith((".csv", ".tsv", ".txt", ".xlsx"))


def read_header(file: DumpFile) -> list[str]:
    """Return the names of a table's columns.

    Raises:
        UnreadableDump: the file has none.
    """
    for batch in _rows(file, Quarantine(), ()):
        return batch.frame.columns[1:]
    return []


def read_table(
    file: DumpFile, quarantine: Quarantine, columns: Sequence[str]
) -> Iterator[TableBatch]:
    """Yield a table's rows in batches.

    Args:
        file: what to read.
        quarantine: takes the rows and cells that cannot be read.
        columns: those to read; one that is not there is null throughout.

    Raises:
        UnreadableDump: the file breaks off, has no header, or is a trap.
    """
    for batch in _rows(file, quarantine, columns):
        missing = [pl.lit(None, pl.String).alias(c) for c in columns if c not in batch.frame]
        frame = batch.frame.with_columns(missing).select(ROW, *columns)
        frame = frame.with_columns(pl.col(columns).str.strip_chars().replace("", None))
        yield TableBatch(file.place, batch.rows, frame, batch.read_bytes)


def _rows(file: DumpFile, quarantine: Quarantine, columns: Sequence[str]) -> Iterator[TableBatch]:
    """Yield batches whose first columns are ``_row``; the first has the header, at least."""
    with file.open() as stream:
        some = False
        if file.name.lower().endswith(".xlsx"):
            chunks = spreadsheets.read(stream, file.place, quarantine)
        else:
            chunks = delimited_text.read(stream, file.place, quarantine, columns)
        for chunk in chunks:
            some = True
            yield TableBatch(file.place, chunk.rows, chunk.frame, chunk.read_bytes)
        if not some:
            raise UnreadableDump("It has no header.", where=file.place)
