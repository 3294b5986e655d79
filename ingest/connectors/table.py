"""Table: any table with a mapping beside it, such as a ministry's own portfolio list.

Reads ``*.table.yaml`` (``missiongraph.ingest.table_mapping``), one file or all of a folder, and the
table that each names. A cell that cannot be read is listed and its property left out; a row that
gives nothing, or whose source cannot be made out, is quarantined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import Triple

from missiongraph.errors import BadDocument, UnreadableDump
from missiongraph.ingest.batch_inference import mapped
from missiongraph.ingest.connector import Batch, Input, Mapped
from missiongraph.ingest.mistakes import Mistake
from missiongraph.ingest.quarantine import Quarantine
from missiongraph.ingest.table_mapping import (
    ENDING,
    MappedRow,
    TableMapping,
    source_triples,
    thing_triples,
)
from missiongraph.ingest.values import slugified
from missiongraph.ontology import our_ontology

BATCH_ROWS: Final = 2_000
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*["…]')


class Table:
    """The connector of tables with mappings."""

    name = "table"
    title = "Tables with mappings of their own"

    def discover(self, path: Path) -> Sequence[Input]:
        """Return an input for each mapping: the file, or those in a folder.

        Raises:
            UnreadableDump: there is none.
        """
        files = sorted(path.glob(f"*{ENDING}")) if path.is_dir() else [path]
        if not files or not all(file.name.endswith(ENDING) for file in files):
            raise UnreadableDump(
                "There is no mapping of a table.",
                where=str(path),
                remedy=f"Name a file that ends in {ENDING}; docs/connectors/table.md says what is in it.",
            )
        return [_input(file, TableMapping(file, our_ontology())) for file in files]

    def sources(self, inputs: Sequence[Input]) -> Iterable[Triple]:
        """Return the description of every source that a row names."""
        for given in inputs:
            for row in _mapping(given).rows():
                if row.source is not None:
                    yield from source_triples(row.source, our_ontology())

    def read(
        self, given: Input, inputs: Sequence[Input], quarantine: Quarantine
    ) -> Iterator[Batch[list[MappedRow]]]:
        """Yield the rows in batches, filled into the mapping's templates.

        Raises:
            BadDocument: the table is not in its form, or the mapping has mistakes.
        """
        del inputs, quarantine
        rows = iter(_mapping(given).rows())
        read = 0
        while batch := list(islice(rows, BATCH_ROWS)):
            read += len(batch)
            yield Batch(len(batch), batch, min(read * 100, given.size_bytes))

    def map(self, batch: Batch[list[MappedRow]], quarantine: Quarantine) -> Mapped:
        """Return what the rows say; what is wrong with them goes to quarantine."""
        triples: list[Triple] = []
        taken = 0
        for row in batch.records:
            place = row.table
            if row.source is None or not row.things:
                first = row.mistakes[0] if row.mistakes else None
                reason = _reason(first) if first else "the row describes nothing"
                quarantine.row(place, row.row.number, reason, *_cell(row, first))
                continue
            for mistake in row.mistakes:
                column, value = _cell(row, mistake)
                quarantine.cell(place, row.row.number, column, value, _reason(mistake))
            triples += thing_triples(row, our_ontology())
            taken += 1
        return mapped(taken, triples)


def _input(file: Path, mapping: TableMapping) -> Input:
    name = slugified(file.name.removesuffix(ENDING))
    if not name:
        raise BadDocument("The mapping's name has no letters.", where=str(file))
    table = mapping.table.file
    return Input(name, (file, table), table.stat().st_size)


def _mapping(given: Input) -> TableMapping:
    return TableMapping(given.files[0], our_ontology())


def _reason(mistake: Mistake) -> str:
    """Return what is wrong, without the value, so that equal problems are counted together."""
    return _QUOTED.sub("…", mistake.what).rstrip(".")


def _cell(row: MappedRow, mistake: Mistake | None) -> tuple[str, str]:
    """Return the column and the cell that a mistake is about."""
    columns = list(row.row.cells)
    if mistake is None or mistake.column > len(columns):
        return "", ""
    column = columns[mistake.column - 1]
    return column, row.row.cells[column]


CONNECTOR: Final = Table()
