"""A dump of CORDIS: which tables it has, known by the columns that they have.

Names of files differ (``topics.csv``, ``topics-2026-04.xlsx``, a member of an archive), headers do
not. Several files of one table, such as those of two framework programmes, are read as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import polars as pl

from missiongraph.errors import UnreadableDump
from missiongraph.ingest.archives import DumpFile, dump_files
from missiongraph.ingest.cells import Cells
from missiongraph.ingest.chunks import ROW
from missiongraph.ingest.connector import Input
from missiongraph.ingest.quarantine import Quarantine
from missiongraph.ingest.tables import is_table, read_header, read_table

OTHER: Final = "other-files"
TABLES: Final[dict[str, frozenset[str]]] = {
    "project": frozenset({"id", "acronym", "title", "totalCost"}),
    "organization": frozenset({"projectID", "organisationID", "name", "role"}),
    "topics": frozenset({"projectID", "topic", "title"}),
    "legal-basis": frozenset({"projectID", "legalBasis", "title"}),
    "euro-sci-voc": frozenset({"projectID", "euroSciVocCode"}),
    "web-link": frozenset({"projectID", "physUrl"}),
    "deliverables": frozenset({"projectID", "deliverableType", "url"}),
    "report-summaries": frozenset({"projectID", "title", "attachment"}),
}
"""The tables in the order of reading, each with the columns that tell it from the others."""


def discover(path: Path) -> list[Input]:
    """Return the tables of a dump as inputs.

    Raises:
        UnreadableDump: there is none.
    """
    found: dict[str, list[DumpFile]] = {}
    for file in dump_files(path):
        found.setdefault(table_of(file), []).append(file)
    if not found.keys() & TABLES.keys():
        raise UnreadableDump(
            "There is no table of CORDIS.",
            where=str(path),
            remedy="Name a folder or archive with project.csv, organization.csv and so on.",
        )
    return [_input(name, found[name]) for name in (*TABLES, OTHER) if name in found]


def table_of(file: DumpFile) -> str:
    """Return which table a file is, by its header; ``other-files`` when it is none."""
    if not is_table(file) or file.size_bytes == 0:
        return OTHER
    header = frozenset(read_header(file))
    return next((name for name, columns in TABLES.items() if columns <= header), OTHER)


def files_of(given: Input) -> list[DumpFile]:
    """Return the files of an input."""
    return [
        DumpFile(path, member, 0) for path, member in zip(given.files, given.members, strict=True)
    ]


def _input(name: str, files: Sequence[DumpFile]) -> Input:
    return Input(
        name=name,
        files=tuple(file.path for file in files),
        size_bytes=sum(file.size_bytes for file in files),
        members=tuple(file.member for file in files),
    )


@dataclass(frozen=True)
class Dump:
    """What rows of one table need to know of the others.

    Attributes:
        inputs: the tables.
    """

    inputs: tuple[Input, ...]

    @cached_property
    def described(self) -> pl.Series:
        """The ids of the projects that the table of projects describes."""
        ids = _together(self._columns("project", ["id"]), "id")
        cells = Cells(ids.with_row_index(ROW), "", Quarantine()).numbers("id")
        return cells.frame.get_column("id").unique()

    def describes(self, ids: pl.Series) -> None:
        """Take the ids of all projects described, when the table has just been read whole."""
        vars(self)["described"] = ids.unique()

    @cached_property
    def programmes(self) -> dict[str, str]:
        """Titles of parts of the framework programmes, by their codes of a legal basis."""
        frames = self._columns("legal-basis", ["legalBasis", "title"])
        titled = _together((f.drop_nulls().unique() for f in frames), "legalBasis", "title")
        first = titled.sort("legalBasis", "title").unique("legalBasis", keep="first")
        return dict(first.iter_rows())

    def _columns(self, name: str, columns: list[str]) -> Iterator[pl.DataFrame]:
        for given in self.inputs:
            if given.name == name:
                for file in files_of(given):
                    for batch in read_table(file, Quarantine(), columns):
                        yield batch.frame.select(columns)


def _together(frames: Iterator[pl.DataFrame], *columns: str) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=dict.fromkeys(columns, pl.String)), *frames])
