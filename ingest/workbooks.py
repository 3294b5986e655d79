"""Workbooks of curated claims: an XLSX spreadsheet read as the tree that YAML is read as.

Whatever is checked of curated files is checked of it afterwards, and every value keeps its cell.
Nothing is run and nothing guessed: formulas, dates that a spreadsheet made of something else,
merged cells and what stands outside of the sheets' columns are mistakes, never left out in silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from missiongraph.ingest.cells_of_sheets import Written, written
from missiongraph.ingest.mistakes import Mistakes, Position, shown
from missiongraph.ingest.sheets import (
    EVIDENCE,
    SEVERAL,
    SOURCE,
    Sheet,
    Sheets,
    language_of,
    listed_in_cell,
    simple,
)
from missiongraph.ingest.workbook_files import opened
from missiongraph.ingest.yaml_tree import Fields, Items, Refused, Scalar, Tree
from missiongraph.ontology import Kind, Ontology

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

UNREAD: Final = frozenset(("howto", "lists"))
"""Sheets of the template that hold no claims, by their simple names."""
_MOST_PLACES: Final = 5_000_000
_DEFAULT_LANGUAGE: Final = "en"
_START: Final = Position(1, 1)
Values: TypeAlias = list[tuple[Scalar, Tree]]
"""The values of a key, each with the language that its heading names, which may be empty."""


@dataclass
class Row:
    """What one row says, or several of one thing.

    Attributes:
        position: the first cell.
        names: each key, with the cell of its heading.
        values: by key.
    """

    position: Position
    names: dict[str, Scalar] = field(default_factory=dict)
    values: dict[str, Values] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: Scalar, language: Scalar, value: Tree) -> None:
        """Add a value of a key."""
        self.names.setdefault(name.text, name)
        self.values[name.text].append((language, value))

    def extend(self, other: Row) -> None:
        """Add what another row says of the same thing."""
        for key, values in other.values.items():
            if key != "id":
                self.names.setdefault(key, other.names[key])
                self.values[key] += values

    def id(self) -> str:
        """Return the id; nothing when none is written."""
        first = next((value for _, value in self.values.get("id", ())), None)
        return first.text if isinstance(first, Scalar) else ""

    def fields(self) -> Fields:
        """Return it as curated files have it."""
        joined = ((name, _joined(self.values[key])) for key, name in self.names.items())
        return Fields(tuple(joined), self.position)


def read_tree(raw: bytes, ontology: Ontology, mistakes: Mistakes) -> Tree | None:
    """Return the tree of a workbook's bytes, or None when it cannot be read.

    Whatever is wrong is added to ``mistakes``; a tree may come back nevertheless.
    """
    book = opened(raw, mistakes)
    return _Reader(Sheets(ontology), ontology, mistakes).tree(book) if book else None


class _Reader:
    """Builds the tree of one workbook."""

    def __init__(self, sheets: Sheets, ontology: Ontology, mistakes: Mistakes) -> None:
        self._sheets = sheets
        self._ontology = ontology
        self._mistakes = mistakes

    def tree(self, book: Workbook) -> Tree:
        rows: dict[str, list[Row]] = defaultdict(list)
        for worksheet in book.worksheets:
            sheet = self._sheet(worksheet)
            if sheet is not None:
                place = sheet.segment if sheet.segment in (SOURCE, EVIDENCE) else ""
                rows[place] += self._rows(worksheet)
        passages = [row.fields() for row in _merged(rows[EVIDENCE])]
        states: dict[str, list[Tree]] = defaultdict(list)
        for row in rows[""]:
            passage, stated = self._stated(row.fields())
            self._check_passage(passage, passages)
            states[passage.text].append(stated)
        claims = [self._claim(fields, states) for fields in passages]
        source = self._source([row.fields() for row in _merged(rows[SOURCE])])
        entries = [("source", source), ("claims", self._claims(claims))]
        return Fields(tuple((Scalar(key, _START), tree) for key, tree in entries), _START)

    def _sheet(self, worksheet: Worksheet) -> Sheet | None:
        """Return which sheet it is; None when it has no claims, which is a mistake if it has cells."""
        if simple(worksheet.title) in UNREAD:
            return None
        if worksheet.max_row * worksheet.max_column > _MOST_PLACES:
            self._mistakes.add(
                Position(worksheet.max_row, worksheet.max_column, worksheet.title),
                f"The sheet {shown(worksheet.title)} reaches as far as this cell.",
                "Delete the rows and columns beyond what you wrote.",
            )
            return None
        sheet = self._sheets.named(worksheet.title)
        if sheet is None and any(_filled(row) for row in worksheet.iter_rows()):
            names = [sheet.name for sheet in self._sheets.all]
            near = self._mistakes.nearest(worksheet.title, names)
            self._mistakes.add(
                Position(1, 1, worksheet.title),
                f"The sheet {shown(worksheet.title)} is none of those that are read.",
                f"Rename it to {near}." if near else f"Delete it, or name it: {', '.join(names)}.",
            )
        return sheet

    def _rows(self, worksheet: Worksheet) -> Iterator[Row]:
        """Yield the rows that hold something, each value with its cell."""
        for merged in worksheet.merged_cells.ranges:
            self._mistakes.add(
                Position(merged.min_row, merged.min_col, worksheet.title),
                f"The cells {merged.coord} are merged.",
                "Take the merging back, and write the value into each of the rows that it is of.",
            )
        rows = worksheet.iter_rows()
        head = [Written.of(cell, worksheet.title) for cell in next(rows, ())]
        headings = self._headings([one for one in head if one])
        for row in rows:
            cells = [one for cell in row if (one := Written.of(cell, worksheet.title))]
            if cells:
                yield self._row(cells, headings)

    def _headings(self, cells: list[Written]) -> dict[int, Scalar]:
        """Return the headings by column."""
        headings: dict[int, Scalar] = {}
        first: dict[str, Written] = {}
        for cell in cells:
            text = str(cell.value)
            before = first.setdefault(simple(text), cell)
            if before is not cell:
                self._mistakes.add(
                    cell.position,
                    f"The heading {shown(text)} stands here twice, first in {before.position}.",
                    "Delete one of the columns; give several values in rows of their own.",
                )
            headings[cell.position.column] = Scalar(text, cell.position)
        return headings

    def _row(self, cells: list[Written], headings: dict[int, Scalar]) -> Row:
        row = Row(cells[0].position)
        for cell in cells:
            heading = headings.get(cell.position.column)
            if heading is None:
                self._mistakes.add(
                    cell.position,
                    f"{shown(str(cell.value))} stands below no heading.",
                    "Write a heading into the first row, or move the value.",
                )
                continue
            name, language = language_of(heading.text)
            key = self._sheets.key(name)
            for value in self._values(key, cell):
                tag = Scalar(language, heading.position)
                row.add(Scalar(key, heading.position), tag, value)
        return row

    def _values(self, key: str, cell: Written) -> Iterator[Tree]:
        prop = self._ontology.properties.get(key)
        kind = prop.kind if prop else Kind.NODE if key in ("id", "type", EVIDENCE) else Kind.TEXT
        text = written(cell, kind, self._mistakes)
        if text is None:
            yield Refused(cell.position)
        elif kind in SEVERAL and key not in ("id", EVIDENCE):
            yield from (Scalar(part, cell.position) for part in listed_in_cell(text))
        else:
            yield Scalar(text, cell.position)

    def _stated(self, fields: Fields) -> tuple[Scalar, Fields]:
        """Return which passage a row is of, and what it states."""
        passage = fields.get(EVIDENCE)
        rest = tuple(entry for entry in fields.entries if entry[0].text != EVIDENCE)
        stated = Fields(rest, fields.position)
        if isinstance(passage, Scalar):
            return passage, stated
        if passage is None:
            self._mistakes.add(
                fields.position,
                "The row does not say which passage states it.",
                f"Write into the column Evidence the id of a row of the sheet {_EVIDENCE_SHEET}.",
            )
        return Scalar("", fields.position, empty=True), stated

    def _check_passage(self, passage: Scalar, passages: list[Fields]) -> None:
        known = {tree.text for fields in passages if isinstance(tree := fields.get("id"), Scalar)}
        if passage.text and passage.text not in known:
            near = self._mistakes.nearest(passage.text, known)
            self._mistakes.add(
                passage.position,
                f"{shown(passage.text)} is no id of the sheet {_EVIDENCE_SHEET}.",
                f"Write {near}." if near else "Describe the passage there first.",
            )

    def _claim(self, fields: Fields, states: dict[str, list[Tree]]) -> Fields:
        thing_id = fields.get("id")
        stated = states.get(thing_id.text, []) if isinstance(thing_id, Scalar) else []
        if not stated and thing_id is not None:
            self._mistakes.add(
                thing_id.position,
                "No row states what this passage says.",
                "Name it in the column Evidence of a row of another sheet, or delete the row.",
            )
        items: Tree = Items(tuple(stated), fields.position) if stated else Refused(fields.position)
        return Fields(
            (*fields.entries, (Scalar("states", fields.position), items)), fields.position
        )

    def _source(self, rows: list[Fields]) -> Tree:
        for extra in rows[1:]:
            self._mistakes.add(
                extra.position,
                "This is a second source.",
                "Write one workbook for each source.",
            )
        if rows:
            return rows[0]
        self._mistakes.add(
            Position(2, 1, _SOURCE_SHEET),
            "The workbook does not say what its source is.",
            f"Fill the second row of the sheet {_SOURCE_SHEET}: id, title and page.",
        )
        return Refused(_START)

    def _claims(self, claims: list[Fields]) -> Tree:
        if claims:
            return Items(tuple(claims), claims[0].position)
        self._mistakes.add(
            Position(2, 1, _EVIDENCE_SHEET),
            "The workbook has no passage.",
            f"Write a row for each passage into the sheet {_EVIDENCE_SHEET}: id, summary, place.",
        )
        return Refused(_START)


def _merged(rows: Iterable[Row]) -> list[Row]:
    """Return rows, those of one id as one: what has several texts is written in several rows."""
    found: dict[str, Row] = {}
    for number, row in enumerate(rows):
        first = found.setdefault(row.id() or str(number), row)
        if first is not row:
            first.extend(row)
    return list(found.values())


def _joined(values: Values) -> Tree:
    position = values[0][1].position
    if not any(tag.text for tag, _ in values):
        return _listed([value for _, value in values])
    by_language: dict[str, list[Tree]] = defaultdict(list)
    tags: dict[str, Scalar] = {}
    for tag, value in values:
        language = tag.text or _DEFAULT_LANGUAGE
        tags.setdefault(language, Scalar(language, tag.position))
        by_language[language].append(value)
    return Fields(
        tuple((tags[tag], _listed(texts)) for tag, texts in by_language.items()), position
    )


def _listed(values: list[Tree]) -> Tree:
    return values[0] if len(values) == 1 else Items(tuple(values), values[0].position)


_EVIDENCE_SHEET: Final = EVIDENCE.capitalize()
_SOURCE_SHEET: Final = SOURCE.capitalize()


def _filled(row: tuple[object, ...]) -> bool:
    return any(getattr(cell, "value", None) is not None for cell in row)
