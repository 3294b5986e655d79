"""Answers written down in CSV: what a person has checked, and what a question says now."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from missiongraph.tables import Table, text_of

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class WrittenAnswer:
    """An answer as somebody wrote it down.

    Attributes:
        question: id of the question; the file's name up to its first dot.
        given: the parameters, from lines ``# name=value`` at the file's top.
        columns: those of the question's columns that are written down.
        rows: cells as people read them: CURIEs, texts, nothing for an unbound variable.
        note: how it was checked, from lines ``#: …`` after the parameters.
    """

    question: str
    given: dict[str, list[str]]
    columns: list[str]
    rows: list[list[str]]
    note: str = ""

    def same_columns_of(self, table: Table) -> list[list[str]]:
        """Return the rows of a table, in its order, in the columns that are written down."""
        places = [table.columns.index(name) for name in self.columns]
        return [[text_of(row[place]) for place in places] for row in table.rows]


def read_answer(file: Path) -> WrittenAnswer:
    """Read an answer that was written down."""
    lines = file.read_text(encoding="utf-8").splitlines()
    given = defaultdict(list)
    while lines[0].startswith("# "):
        name, _, value = lines.pop(0).removeprefix("# ").partition("=")
        given[name].append(value)
    note: list[str] = []
    while lines[0].startswith("#: "):
        note.append(lines.pop(0).removeprefix("#: "))
    columns, *rows = csv.reader(lines)
    return WrittenAnswer(file.name.partition(".")[0], dict(given), columns, rows, " ".join(note))
