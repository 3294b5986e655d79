"""Mistakes: what an editor wrote that cannot be taken, where, and what to write instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from missiongraph.diagnostics import Diagnostic

_WRITTEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\d+')
"""What messages quote of a file, and numbers."""
_LONGEST_SHOWN: Final = 60
_LONGEST_COMPARED: Final = 60
_MOST_SUGGESTIONS: Final = 200  # comparing words is slow; a file with more is no curated file


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file; both numbers count from 1, columns in characters.

    In a workbook it is a cell: its row, its column, and the sheet that it is on.
    """

    line: int
    column: int
    sheet: str = ""

    @property
    def cell(self) -> str:
        """The cell as spreadsheets write it, such as ``Mission!C7``; nothing elsewhere.

        >>> Position(7, 3, "Implementation challenge").cell
        "'Implementation challenge'!C7"
        """
        if not self.sheet:
            return ""
        from openpyxl.utils import get_column_letter  # slow to load, and seldom needed

        quoted = self.sheet.replace("'", "''")
        name = self.sheet if self.sheet.isalnum() else f"'{quoted}'"
        return f"{name}!{get_column_letter(self.column)}{self.line}"

    def __str__(self) -> str:
        return self.cell or f"{self.line}:{self.column}"


@dataclass(frozen=True)
class Mistake:
    """One mistake of a curated file.

    Attributes:
        file: the file as it was named.
        line: counts from 1.
        column: counts from 1, in characters.
        what: one sentence that names the problem and what was written.
        remedy: what to write instead.
        prop: the IRI of the property whose value it is; empty when it is no value.
        cell: of a workbook, the cell: ``Mission!C7``; line and column are its row and column.
    """

    file: str
    line: int
    column: int
    what: str
    remedy: str
    prop: str = ""
    cell: str = ""

    @property
    def where(self) -> str:
        """The place as compilers write it: ``file:line:column``, or ``file:Mission!C7``."""
        return f"{self.file}:{self.cell or f'{self.line}:{self.column}'}"

    @property
    def diagnostic(self) -> Diagnostic:
        """The mistake as a report has it; its rule is the property, or all but what was written."""
        return Diagnostic(
            "violation",
            self.what,
            self.remedy,
            rule=self.prop or _WRITTEN.sub("…", self.what).rstrip("."),
            file=self.file,
            line=self.line,
            column=self.column,
            cell=self.cell,
        )

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n{self.remedy}"


class IllWritten(Exception):
    """A value is not in the form it should have.

    Args:
        what: the end of a sentence that begins with the key and the value.
        remedy: what to write instead.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


@dataclass
class Mistakes:
    """The mistakes found so far in one file."""

    file: str
    found: list[Mistake] = field(default_factory=list)

    def add(self, position: Position, what: str, remedy: str, prop: str = "") -> None:
        """Note a mistake, of a property's value if ``prop`` names one."""
        line, column, cell = position.line, position.column, position.cell
        self.found.append(Mistake(self.file, line, column, what, remedy, prop, cell))

    def in_order(self) -> tuple[Mistake, ...]:
        """Return the mistakes in the order of the file, each once."""

        def place(m: Mistake) -> tuple[str, int, int, str, str]:
            return m.cell.rpartition("!")[0], m.line, m.column, m.what, m.remedy

        return tuple(sorted(dict.fromkeys(self.found), key=place))

    def nearest(self, word: str, options: Iterable[str]) -> str | None:
        """Return the option an editor most probably meant, if any comes near."""
        if len(self.found) > _MOST_SUGGESTIONS or len(word) > _LONGEST_COMPARED:
            return None
        by_lower = {option.lower(): option for option in sorted(options)}
        close = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.7)
        return by_lower[close[0]] if close else None


def shown(text: str) -> str:
    """Return a text as messages quote it: on one line, short, and safe in a terminal.

    >>> shown("a\\nb"), shown("x" * 100)[-4:]
    ('"a\\\\nb"', 'xxx…')
    """
    cut = text[:_LONGEST_SHOWN]
    visible = (c if c.isprintable() and c not in '"\\' else json.dumps(c)[1:-1] for c in cut)
    return f'"{"".join(visible)}' + ('"' if cut == text else "…")
