"""The tables of a release in one file: SQLite, or DuckDB."""

from __future__ import annotations

import csv
import sqlite3
import tempfile
from pathlib import Path
from typing import Final

from missiongraph.errors import PartMissing
from missiongraph.exports.tables import number_columns, write_parquet_tables, write_tables
from missiongraph.ontology import Kind
from missiongraph.releases import Release

_AFFINITY: Final = {Kind.INTEGER: "INTEGER", Kind.DECIMAL: "NUMERIC"}


def write_sqlite(release: Release, file: Path) -> None:
    """Write the tables as an SQLite database; an empty cell is NULL.

    Whole numbers are INTEGER. Decimals are NUMERIC, which SQLite keeps as floating-point
    numbers; ``claims`` has their exact text.

    Raises:
        ReleaseDamaged: the release's files are not those that its manifest describes.
        OSError: the file cannot be written.
    """
    with tempfile.TemporaryDirectory(dir=file.parent) as name:
        folder = Path(name)
        write_tables(release, folder)
        numbers = number_columns(folder)
        database = sqlite3.connect(file)
        try:
            with database:
                for table in sorted(folder.glob("*.csv")):
                    _fill(database, table, numbers.get(table.stem, {}))
        finally:
            database.close()


def write_duckdb(release: Release, file: Path) -> None:
    """Write the tables as a DuckDB database, decimals exact; an empty cell is NULL.

    Raises:
        PartMissing: DuckDB is not installed.
        ReleaseDamaged: the release's files are not those that its manifest describes.
        OSError: the file cannot be written.
    """
    try:
        import duckdb
    except ImportError as cause:
        raise PartMissing(
            "DuckDB is not installed.",
            where="duckdb",
            remedy="Install it: pip install 'missiongraph[exports]'.",
        ) from cause
    with tempfile.TemporaryDirectory(dir=file.parent) as name:
        folder = Path(name)
        write_parquet_tables(release, folder)
        with duckdb.connect(str(file)) as database:
            for table in sorted(folder.glob("*.parquet")):
                database.execute(
                    f"CREATE TABLE {_quoted(table.stem)} AS SELECT * FROM read_parquet(?)",
                    [str(table)],
                )


def _fill(database: sqlite3.Connection, table: Path, numbers: dict[str, Kind]) -> None:
    with table.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        columns = next(rows)
        name = _quoted(table.stem)
        described = ", ".join(
            f"{_quoted(column)} {_AFFINITY[numbers[column]] if column in numbers else 'TEXT'}"
            for column in columns
        )
        database.execute(f"CREATE TABLE {name} ({described})")
        places = ", ".join("?" * len(columns))
        filled = ([cell or None for cell in row] for row in rows)
        database.executemany(f"INSERT INTO {name} VALUES ({places})", filled)
        if columns[0] == "id":
            database.execute(f"CREATE UNIQUE INDEX {_quoted(f'{table.stem}-id')} ON {name} (id)")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
